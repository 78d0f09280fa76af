"""The store on PostgreSQL with PostGIS: one schema a workspace, rasters in its folder."""

from __future__ import annotations

import hashlib
import json
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.engine import URL, Connection, Engine, make_url

from bluecarbon_map.errors import InputError, NotFoundError, StoreError
from bluecarbon_map.store import guards
from bluecarbon_map.store.base import Bounds, Fault, Workspace, WorkspaceInfo
from bluecarbon_map.store.migrating import bring_up_to_date, is_up_to_date, require_workspace
from bluecarbon_map.store.places import (
    DATABASE,
    beginning,
    copy_workspace,
    making,
    read_database,
    require_none,
)
from bluecarbon_map.store.schema import GUARDED, Record
from bluecarbon_map.store.sql import SqlStore
from bluecarbon_map.store.trouble import in_our_words
from bluecarbon_map.store.types import SRID

DRIVER: Final = "postgresql+psycopg"
_APPLICATION: Final = "bluecarbon"
_CONNECT_S: Final = 10

BUSY_S: Final = 5
"""How long a writer waits for another one."""


_ENDS: Final = ("XMin", "YMin", "XMax", "YMax")

_GUARDS: Final = """
SELECT tgname, pg_get_triggerdef(pg_trigger.oid, true), prosrc
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
WHERE relnamespace = to_regnamespace(:schema) AND pronamespace = relnamespace
AND tgenabled IN ('O', 'A')
"""
"""Triggers in force, what they do, and what the function does that they call."""


def engine_of(url: URL, schema: str) -> Engine:
    """An engine whose connections see the tables of one schema."""
    engine = sa.create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"connect_timeout": _CONNECT_S, "application_name": _APPLICATION},
    )

    @sa.event.listens_for(engine, "connect")
    def _look_here(connection: psycopg.Connection[Any], _record: object) -> None:
        path = sql.SQL("SET search_path TO {}, public").format(sql.Identifier(schema))
        with connection.cursor() as cursor:
            cursor.execute(path)
            cursor.execute("SET TIME ZONE 'UTC'")
        connection.commit()

    return engine


def address(url: str) -> URL:
    """An address of a database; the password belongs elsewhere.

    Raises:
        InputError: If it is none, names another kind of database, or holds a password.
    """
    try:
        read = make_url(url)
    except sa.exc.ArgumentError as problem:
        fix = f"Write {DRIVER}://user@host:port/database"
        raise InputError("database", "its address cannot be read", fix, column="url") from problem
    if read.drivername not in (DRIVER, "postgresql"):
        fix = f"Write {DRIVER}://user@host:port/database"
        raise InputError("database", f"{read.drivername} is not known", fix, column="url")
    if read.password is not None or "password" in read.query:
        fix = "Leave it out; set PGPASSWORD or write it into ~/.pgpass"
        raise InputError("database", "its address holds a password", fix, column="url")
    return read.set(drivername=DRIVER)


class PostgisBackend:
    """What the store does on PostGIS; contract `store.backend.Backend`."""

    def __init__(self, folder: Path, url: str, schema: str, *, create: bool = False) -> None:
        """Open a schema; an older one is brought up to date.

        Args:
            folder: Folder of the workspace.
            url: Address of the database.
            schema: The schema.
            create: Whether to make the tables of a workspace where there are none.

        Raises:
            StoreError: If the server does not answer or lets nobody in, or no workspace is there.
            InputError: If a newer version of this program made it.
            NotFoundError: If there is no such schema.
        """
        self.folder = folder
        read = address(url)
        self.where = f"{read.host or 'localhost'}/{read.database}, schema {schema}"
        self._schema = schema
        self.engine = engine_of(read, schema)
        weakref.finalize(self, self.engine.dispose)
        with self.reading() as connection:
            if not sa.inspect(connection).has_schema(schema):
                raise NotFoundError("schema", schema)
            if not create:
                require_workspace(connection, self.where)
            current = is_up_to_date(connection, self.where)
        if not current:
            with self.writing() as connection:
                bring_up_to_date(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of everything."""
        engine = self.engine.execution_options(isolation_level="REPEATABLE READ")
        with in_our_words(self.where), engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection that holds the one lock for writing into this schema."""
        lock = int.from_bytes(hashlib.sha256(self._schema.encode()).digest()[:8], signed=True)
        with in_our_words(self.where), self.engine.begin() as connection:
            connection.execute(sa.text(f"SET LOCAL lock_timeout = '{BUSY_S * 1000:.0f}ms'"))
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))
            yield connection

    def insert(self, connection: Connection, record: Record, rows: Sequence[Sequence[Any]]) -> None:
        """Put in rows with COPY."""
        kinds = list(record.stored.values())
        if "geometry" in kinds:
            rows = list(_with_srid(rows, kinds.index("geometry")))
        columns = sql.SQL(", ").join(map(sql.Identifier, record.stored))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(record.name), columns)
        with (
            psycopg_of(connection).cursor() as cursor,
            in_our_words_of_psycopg(self.where),
            cursor.copy(statement) as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def within(self, table: sa.Table, bounds: Bounds) -> sa.ColumnElement[bool]:
        """Condition on the rows of a bounded table: the box of their outline meets ``bounds``."""
        outline = sa.type_coerce(table.c.geometry, sa.types.NullType())
        return outline.op("&&")(sa.func.ST_MakeEnvelope(*bounds, SRID))

    def edges(
        self, table: sa.Table
    ) -> tuple[list[sa.ColumnElement[float]], sa.ColumnElement[bool]]:
        """West, south, east and north of rows of a bounded table, and what must hold of them."""
        outline = sa.type_coerce(table.c.geometry, sa.types.NullType())
        return [getattr(sa.func, f"ST_{end}")(outline) for end in _ENDS], sa.true()

    def faults(self, connection: Connection) -> Iterator[Fault]:
        """Guards that are missing; what PostgreSQL knows of its pages is for its own tools."""
        quoted = connection.dialect.identifier_preparer.quote(self._schema)
        rows = connection.execute(sa.text(_GUARDS), {"schema": quoted})
        found = {name: (said, body) for name, said, body in rows}
        _, *wanted = guards.postgresql_guards(GUARDED)
        for statement in wanted:
            name = statement.split()[2]
            if found.get(name) != (statement, guards.BODY):
                yield Fault(where=name, what="the guard against changes is missing or changed")

    def index_faults(
        self,
        _connection: Connection,
        _record: Record,
        _seqs: Sequence[int],
        _outlines: Sequence[bytes],
    ) -> Iterator[Fault]:
        """None: PostgreSQL keeps a GiST index with its table by itself."""
        return iter(())


def psycopg_of(connection: Connection) -> psycopg.Connection[Any]:
    """The driver's own connection, inside the same transaction."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)  # noqa: S101 (for the type checker)
    return raw


@contextmanager
def in_our_words_of_psycopg(where: str) -> Iterator[None]:
    """What the driver says by itself, told as if it had come through SQLAlchemy."""
    try:
        yield
    except psycopg.Error as problem:
        with in_our_words(where):
            raise sa.exc.DBAPIError(None, None, problem) from problem


def _with_srid(rows: Sequence[Sequence[Any]], at: int) -> Iterator[list[Any]]:
    """Rows with their outline as hexadecimal EWKB, which COPY takes."""
    for row in rows:
        yield [*row[:at], _ewkb(row[at]).hex(), *row[at + 1 :]]


def _ewkb(wkb: bytes) -> bytes:
    """Little-endian WKB as PostGIS's EWKB: a flag in its kind, and its SRID after that."""
    return b"".join((wkb[:4], bytes([wkb[4] | 0x20]), SRID.to_bytes(4, "little"), wkb[5:]))


def open_postgis(folder: Path, path: Path) -> SqlStore:
    """Open the workspace that a ``database.json`` names."""
    url, schema = read_database(path)
    return SqlStore(PostgisBackend(folder, url, schema))


def create_postgis(
    folder: Path,
    url: str,
    schema: str,
    info: WorkspaceInfo,
    *,
    actor: str = "bluecarbon",
    source: Workspace | None = None,
) -> SqlStore:
    """Make a workspace in a new schema of a PostgreSQL database, its folder beside.

    Args:
        folder: Its folder; it may exist if it holds no workspace.
        url: Address of the database without a password.
        schema: New schema in it.
        info: What the workspace says of itself.
        actor: Who does it.
        source: Workspace to fill it from; None for an empty one.

    Raises:
        InputError: If the folder or the schema holds a workspace already.
        StoreError: If the server does not answer, or PostGIS is not there and may not be put in.
    """
    require_none(folder)
    said = json.dumps({"url": url, "schema": schema}, ensure_ascii=False, indent=2)
    with _new_schema(address(url), schema), making(folder, DATABASE) as draft:
        store = SqlStore(PostgisBackend(folder, url, schema, create=True))
        store.apply(beginning(info, actor))
        if source is not None:
            copy_workspace(source, store, actor)
        draft.write_text(said + "\n", encoding="utf-8")
    return store


@contextmanager
def _new_schema(url: URL, schema: str) -> Iterator[None]:
    """A schema of its own, in a database with PostGIS; gone again where something fails later."""
    engine = engine_of(url, "public")
    where = f"{url.host or 'localhost'}/{url.database}"
    try:
        _make_schema(engine, where, schema)
        with dropped_on_failure(engine, schema):
            yield
    finally:
        engine.dispose()


@contextmanager
def dropped_on_failure(engine: Engine, schema: str) -> Iterator[None]:
    """A schema that is ours goes again where something fails."""
    try:
        yield
    except BaseException:
        with engine.begin() as connection:
            connection.execute(sa.schema.DropSchema(schema, cascade=True))
        raise


def _make_schema(engine: Engine, where: str, schema: str) -> None:
    with in_our_words(where), engine.begin() as connection:
        if sa.inspect(connection).has_schema(schema):
            fix = "Name another schema, or open the one there is"
            raise InputError(where, f"there is a schema {schema!r} already", fix)
        connection.execute(sa.schema.CreateSchema(schema))
        require_postgis(connection, where)


def require_postgis(connection: Connection, where: str) -> None:
    """Have PostGIS in a database.

    Raises:
        StoreError: If it is not there and may not be put in.
    """
    installed = sa.text("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")
    if connection.execute(installed).scalar():
        return
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION postgis WITH SCHEMA public"))
    except sa.exc.DBAPIError as problem:
        fix = "Ask who runs the server for: CREATE EXTENSION postgis"
        raise StoreError(where, "PostGIS is not there", fix, said=str(problem.orig)) from problem
