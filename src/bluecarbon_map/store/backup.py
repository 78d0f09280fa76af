"""Backups of a workspace: one file each, checked before it gets its name, restored into new ground.

A backup is a ZIP with ``manifest.json``, the database (``workspace.db``, made by ``VACUUM INTO``,
or ``workspace.dump``, made by ``pg_dump``) and the rasters that it names. The manifest holds the
hash of every file and the head of the audit chain: a restored workspace is held against both.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

import bluecarbon_map
from bluecarbon_map.errors import InputError, ReadOnlyError, StoreError
from bluecarbon_map.store import backup_file
from bluecarbon_map.store.backup_file import (
    DATABASES,
    Manifest,
    damaged,
    manifest_in,
    opened,
    read_manifest,
    take,
)
from bluecarbon_map.store.base import Fault
from bluecarbon_map.store.journal import begun, head
from bluecarbon_map.store.keeping import RASTERS, put_new, sync
from bluecarbon_map.store.places import DATABASE, open_store
from bluecarbon_map.store.schema import CHANGES, FILES
from bluecarbon_map.store.sql import SqlStore
from bluecarbon_map.store.sqlite import FILE, SqliteBackend
from bluecarbon_map.store.verifying import verify

SUFFIX: Final = ".bluecarbon.zip"
SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
_SHOWN: Final = 5


# --- making one -----------------------------------------------------------------------------------


def backup(store_folder: Path, target: Path, keep: int | None = None) -> Path:
    """Make a backup of a workspace while others may write to it.

    Args:
        store_folder: Folder of the workspace.
        target: File to make, or a folder that is there: the file gets a name of its own in it.
        keep: How many backups of this workspace to keep in the folder; None for all.

    Returns:
        The file.

    Raises:
        ReadOnlyError: If the workspace is a folder of files, which is copied like any other.
        InputError: If the file is there already, or ``keep`` is set and ``target`` is no folder.
        StoreError: If what is stored is not what was written, or the database fails.
        OSError: If the file cannot be written.
    """
    store = open_store(store_folder)
    if not isinstance(store, SqlStore):
        raise ReadOnlyError(str(store_folder), "It is a folder of files: copy the folder itself")
    if keep is not None and (keep < 1 or not target.is_dir()):
        fix = "Name a folder that is there, and keep 1 or more"
        raise InputError(str(target), "old backups are thinned out in a folder only", fix)
    file = target / _file_name(store) if target.is_dir() else target
    if file.exists():
        raise InputError(str(file), "there is a file of that name", "Name another one")
    if not file.parent.is_dir():
        raise InputError(str(file), "its folder does not exist", "Create the folder first")
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as desk:
        draft = Path(desk) / "backup.zip"
        with _snapshot(store, Path(desk)) as (manifest, sources):
            backup_file.write(draft, manifest, sources)
        backup_file.check(draft)
        try:
            put_new(draft, file)
        except FileExistsError as there:
            fix = "Name another one"
            raise InputError(str(file), "there is a file of that name", fix) from there
    if keep is not None:
        _thin_out(file, keep)
    return file


@contextmanager
def _snapshot(store: SqlStore, desk: Path) -> Iterator[tuple[Manifest, dict[str, Path]]]:
    """One state of the database as a file, verified, with the rasters that it names."""
    if isinstance(store.backend, SqliteBackend):
        with _of_sqlite(store, store.backend, desk) as made:
            yield made
    else:
        from bluecarbon_map.store.postgis_backup import of_postgis

        with of_postgis(store, desk) as (schema, connection, dump):
            manifest = _manifest(store, connection, POSTGRESQL, schema)
            yield manifest, {DATABASES[POSTGRESQL]: dump} | _rasters(store.folder, connection)


@contextmanager
def _of_sqlite(
    store: SqlStore, backend: SqliteBackend, desk: Path
) -> Iterator[tuple[Manifest, dict[str, Path]]]:
    copied = desk / FILE
    backend.copy_to(copied)
    copy = SqliteBackend(desk)
    try:
        copy.folder = store.folder  # the rasters lie there
        with copy.reading() as connection:
            require_whole(str(store.folder), tuple(verify(copy, connection)))
            manifest = _manifest(store, connection, SQLITE, None)
            rasters = _rasters(store.folder, connection)
    finally:
        copy.engine.dispose()
    yield manifest, {FILE: copied} | rasters


def _manifest(store: SqlStore, connection: Connection, kind: str, schema: str | None) -> Manifest:
    info = store.info
    counted = sa.select(sa.func.count()).select_from(CHANGES)
    return Manifest(
        workspace_id=info.workspace_id,
        name_zh=info.name_zh,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        program=bluecarbon_map.__version__,
        kind=kind,
        schema=schema,
        begun=begun(connection),
        head=head(connection),
        changes=int(connection.execute(counted).scalar() or 0),
    )


def _rasters(folder: Path, connection: Connection) -> dict[str, Path]:
    names = connection.execute(sa.select(FILES.c.name).distinct().order_by(FILES.c.name)).scalars()
    return {f"{RASTERS}/{name}": folder / RASTERS / name for name in names}


def require_whole(where: str, faults: tuple[Fault, ...]) -> None:
    """Refuse a workspace that is damaged: a backup of it would push a good one out.

    Raises:
        StoreError: If there is any fault; names the first of them.
    """
    if faults:
        said = "; ".join(f"{fault.where}: {fault.what}" for fault in faults[:_SHOWN])
        more = f" and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise StoreError(
            where,
            f"what is stored is not what was written ({said}{more})",
            "Restore the newest good backup into a new folder and compare",
        )


# --- keeping the newest ---------------------------------------------------------------------------


def _word(workspace_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", workspace_id)[:60]


def _file_name(store: SqlStore) -> str:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    return f"{_word(store.info.workspace_id)}-{stamp}{SUFFIX}"


def _thin_out(newest: Path, keep: int) -> None:
    """Remove the oldest backups of this workspace; whatever else lies there is nobody's business.

    A file goes only if its name is one that `backup` gives, and it is a sound backup of a workspace
    that began as this one did: two of one name are two.
    """
    said = read_manifest(newest)
    pattern = re.compile(
        rf"{re.escape(_word(said.workspace_id))}-\d{{8}}T\d{{12}}Z{re.escape(SUFFIX)}"
    )
    found = sorted(
        (path for path in newest.parent.iterdir() if pattern.fullmatch(path.name)),
        key=lambda path: path.name,
        reverse=True,
    )
    own = [path for path in found if path == newest or _is_of(path, said.begun)]
    for path in own[keep:]:
        path.unlink()


def _is_of(path: Path, first: str) -> bool:
    """Whether it is a sound backup of the workspace: a damaged one pushes no other out."""
    try:
        with opened(path) as archive:
            return manifest_in(archive, path).begun == first
    except InputError:
        return False


# --- restoring one --------------------------------------------------------------------------------


def restore(file: Path, folder: Path, url: str | None = None) -> Manifest:
    """Make a workspace of a backup in a new folder, and hold it against what the backup says.

    Args:
        file: The backup.
        folder: Folder to make; it may exist if it is empty.
        url: Address of the PostgreSQL database for a backup of one, without a password; the schema
            must not be there. None for a backup of SQLite.

    Returns:
        What the backup says of itself.

    Raises:
        InputError: If the folder holds something, the backup is damaged or foreign, or the database
            does not fit it.
        StoreError: If what came out is not what was put in, or the database fails.
        OSError: If the folder cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fix = "Name a new or an empty folder"
        raise InputError(str(folder), "there is something there already", fix)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as desk:
        draft = Path(desk) / "workspace"
        (draft / RASTERS).mkdir(parents=True)
        with opened(file) as archive:
            manifest = manifest_in(archive, file)
            _require_database(manifest, file, url)
            for item in manifest.files:
                take(archive, item, file, draft / item.name)
        if url is None:
            _put(draft, folder, manifest, file)
        else:
            _put_with_database(draft, folder, manifest, file, url)
    return manifest


def _require_database(manifest: Manifest, file: Path, url: str | None) -> None:
    if manifest.kind == POSTGRESQL and url is None:
        fix = "Name one with --database postgresql://user@host/database"
        raise InputError(str(file), "this backup needs a PostgreSQL database", fix)
    if manifest.kind == SQLITE and url is not None:
        fix = "Leave --database out; this one lies in a file of its own"
        raise InputError(str(file), "this is no backup of a PostgreSQL database", fix)


def _put(draft: Path, folder: Path, manifest: Manifest, file: Path) -> None:
    backend = SqliteBackend(draft)
    try:
        _require_restored(SqlStore(backend), manifest, file)
    finally:
        backend.engine.dispose()
    _move(draft, folder)


def _put_with_database(draft: Path, folder: Path, manifest: Manifest, file: Path, url: str) -> None:
    from bluecarbon_map.store.postgis_backup import restored

    dump = draft / DATABASES[POSTGRESQL]
    with restored(dump, draft, url, str(manifest.schema)) as store:
        dump.unlink()
        _require_restored(store, manifest, file)
        said = json.dumps({"url": url, "schema": manifest.schema}, ensure_ascii=False, indent=2)
        (draft / DATABASE).write_text(said + "\n", encoding="utf-8")
        _move(draft, folder)


def _require_restored(store: SqlStore, manifest: Manifest, file: Path) -> None:
    require_whole(str(file), store.verify())
    with store.backend.reading() as connection:
        found = head(connection)
    if found != manifest.head:
        raise damaged(file, "its audit chain ends elsewhere than its manifest says")


def _move(draft: Path, folder: Path) -> None:
    if folder.is_dir():
        folder.rmdir()
    for file in draft.rglob("*"):
        if file.is_file():
            sync(file)
    draft.replace(folder)
    sync(folder.parent)
