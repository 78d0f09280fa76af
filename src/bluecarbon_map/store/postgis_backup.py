"""What `store.backup` asks of PostgreSQL's own tools: ``pg_dump`` and ``pg_restore``."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection

from bluecarbon_map.errors import InputError, StoreError
from bluecarbon_map.store.backup import require_whole
from bluecarbon_map.store.places import DATABASE, read_database
from bluecarbon_map.store.postgis import (
    PostgisBackend,
    address,
    dropped_on_failure,
    engine_of,
    require_postgis,
)
from bluecarbon_map.store.sql import SqlStore
from bluecarbon_map.store.trouble import in_our_words
from bluecarbon_map.store.verifying import verify

_DEBIAN: Final = Path("/usr/lib/postgresql")


@contextmanager
def of_postgis(store: SqlStore, desk: Path) -> Iterator[tuple[str, Connection, Path]]:
    """One state of a schema as a dump, verified.

    Yields:
        The schema, a connection that sees that very state, and the dump.

    Raises:
        StoreError: If what is stored is not what was written, or ``pg_dump`` fails.
    """
    url, schema = read_database(store.folder / DATABASE)
    dump = desk / "workspace.dump"
    with store.backend.reading() as connection:
        require_whole(str(store.folder), tuple(verify(store.backend, connection)))
        snapshot = str(connection.execute(sa.select(sa.func.pg_export_snapshot())).scalar())
        _run(
            store.folder, "pg_dump", "--format=custom", f"--schema={_pattern(schema)}",
            f"--snapshot={snapshot}", "--no-owner", "--no-privileges", f"--file={dump}",
            f"--dbname={_plain(address(url))}",
        )  # fmt: skip
        _run(store.folder, "pg_restore", f"--file={desk / 'read-back.sql'}", str(dump))
        (desk / "read-back.sql").unlink()
        yield schema, connection, dump


@contextmanager
def restored(dump: Path, folder: Path, url: str, schema: str) -> Iterator[SqlStore]:
    """The schema of a dump in a database; it is gone again where something fails later.

    Raises:
        InputError: If there is such a schema already.
        StoreError: If the server does not answer, has no PostGIS, or ``pg_restore`` fails.
    """
    read = address(url)
    where = f"{read.host or 'localhost'}/{read.database}"
    engine = engine_of(read, "public")
    try:
        with in_our_words(where), engine.begin() as connection:
            _require_room(connection, where, schema)
            require_postgis(connection, where)
        _run(
            folder, "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner",
            "--no-privileges", f"--dbname={_plain(read)}", str(dump),
        )  # fmt: skip
        with dropped_on_failure(engine, schema):
            backend = PostgisBackend(folder, url, schema)
            try:
                yield SqlStore(backend)
            finally:
                backend.engine.dispose()
    finally:
        engine.dispose()


def _require_room(connection: Connection, where: str, schema: str) -> None:
    if sa.inspect(connection).has_schema(schema):
        raise InputError(
            where,
            f"there is a schema {schema!r} already",
            "Name another database: a new one is made by createdb",
        )


def _pattern(schema: str) -> str:
    """A schema for pg_dump, which reads patterns: in quotes every letter stands for itself."""
    return '"' + schema.replace('"', '""') + '"'


def _plain(url: URL) -> str:
    """The address as PostgreSQL's own tools take it; it holds no password."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _run(where: Path, tool: str, *words: str) -> None:
    done = subprocess.run(  # noqa: S603 (a tool of PostgreSQL, no shell)
        [_tool(tool), *words], capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise StoreError(
            str(where),
            f"{tool} failed ({said[0] if said else done.returncode})",
            "Check the server, its version and the rights of the user",
            said=done.stderr,
        )


def _tool(name: str) -> str:
    """The newest of Debian's own, else the one on the path."""
    versions = [path for path in _DEBIAN.glob("*") if path.name.isdigit()]
    for version in sorted(versions, key=lambda path: int(path.name), reverse=True):
        if (version / "bin" / name).is_file():
            return str(version / "bin" / name)
    found = shutil.which(name)
    if found is None:
        raise StoreError(name, "it is not installed", "Install PostgreSQL's client programs")
    return found
