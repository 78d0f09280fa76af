"""A workspace is a folder: what lies in it says which store reads it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from bluecarbon_map.errors import InputError, ReadOnlyError
from bluecarbon_map.geodesy import STORAGE_CRS
from bluecarbon_map.store.base import Change, Receipt, Register, Workspace, WorkspaceInfo
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.keeping import put_new
from bluecarbon_map.store.schema import RECORDS
from bluecarbon_map.store.sql import SqlStore
from bluecarbon_map.store.sqlite import FILE, SqliteBackend

DATABASE: Final = "database.json"
"""Names the PostgreSQL database of a workspace, never a password."""


def open_store(folder: Path) -> Workspace:
    """Open a workspace for reading, whatever it is made of.

    Raises:
        NotFoundError: If the folder holds no workspace.
        StoreError: If its database does not answer.
        InputError: If its database was made by a newer version of this program.
    """
    return _database(folder) or FolderStore(folder)


def open_register(folder: Path) -> Register:
    """Open a workspace for writing.

    Raises:
        ReadOnlyError: If it is a folder of files.
        NotFoundError: If the folder holds no workspace.
    """
    found = _database(folder)
    if found is None:
        FolderStore(folder)  # refuses a folder without a workspace
        fix = "Copy it into a new workspace with a database first (copy_workspace)"
        raise ReadOnlyError(str(folder), fix)
    return found


def _database(folder: Path) -> SqlStore | None:
    if (folder / DATABASE).is_file():
        from bluecarbon_map.store.postgis import open_postgis  # its driver is seldom needed

        return open_postgis(folder, folder / DATABASE)
    return SqlStore(SqliteBackend(folder)) if (folder / FILE).is_file() else None


def create_sqlite(folder: Path, info: WorkspaceInfo, *, actor: str = "bluecarbon") -> SqlStore:
    """Make a workspace on SQLite in a folder; nothing is there until all of it is.

    Raises:
        InputError: If the folder holds a workspace already.
        OSError: If it cannot be written.
    """
    require_none(folder)
    with making(folder, FILE) as path:
        draft = SqlStore(SqliteBackend(path.parent, create=True))
        draft.apply(beginning(info, actor))
        draft.close()  # the last connection folds the log into the file
    return SqlStore(SqliteBackend(folder))


@contextmanager
def making(folder: Path, name: str) -> Iterator[Path]:
    """Where to make a file that is in a folder at the end, unless somebody else was quicker.

    Raises:
        InputError: If there is a workspace by then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".making-") as desk:
        yield Path(desk) / name
        require_none(folder)
        try:
            put_new(Path(desk) / name, folder / name)
        except FileExistsError as there:
            raise _taken(folder / name) from there


def require_none(folder: Path) -> None:
    """Refuse a folder that holds a database already, or what one left behind.

    Raises:
        InputError: If it does.
    """
    for name in (FILE, DATABASE):
        if (folder / name).exists():
            raise _taken(folder / name)
    for name in (f"{FILE}-wal", f"{FILE}-journal"):
        if (folder / name).exists():  # SQLite would replay it onto the new file
            fix = "Name another folder; that file may hold the last changes of a lost workspace"
            raise InputError(str(folder / name), "it is left of another workspace", fix)


def _taken(path: Path) -> InputError:
    fix = "Open it, or name another folder"
    return InputError(str(path), "there is a workspace already", fix)


def beginning(info: WorkspaceInfo, actor: str) -> Change:
    """The first change of a workspace: what it says of itself."""
    return Change(kind="begin", actor=actor, tables={"workspace": passport_row(info)})


def passport_row(info: WorkspaceInfo) -> pd.DataFrame:
    """What a workspace says of itself as its row of the table ``workspace``."""
    return pd.DataFrame([asdict(info)], columns=RECORDS["workspace"].columns).astype("str")


def copy_workspace(source: Workspace, target: Register, actor: str) -> Receipt:
    """Put everything of one workspace, its rasters too, into another: one change ``begin``.

    Args:
        source: What to copy; of a database only what is in force, its history stays behind.
        target: Where to; its own words about itself are replaced by those of the source.
        actor: Who does it.

    Raises:
        ContractError: If a row of the source breaks its contract; nothing is copied then.
    """
    tables = {name: table for name, table in _tables(source).items() if len(table)}
    ending = [key for key in target.versions("workspace") if key != (source.info.workspace_id,)]
    rasters = {one: source.raster_path(one) for one in source.rasters()["raster_id"]}
    return target.apply(
        Change(kind="begin", actor=actor, tables=tables, replace=True, rasters=rasters,
               retire={"workspace": ending}, details={"from": source.info.workspace_id})
    )  # fmt: skip


def copy_as_sqlite(source: Workspace, folder: Path, actor: str) -> None:
    """Copy a workspace into a new one on SQLite.

    Raises:
        InputError: If the folder holds a workspace already.
        ContractError: If a row of the source breaks its contract.
    """
    store = create_sqlite(folder, source.info, actor=actor)
    copy_workspace(source, store, actor)
    store.close()


def _tables(source: Workspace) -> dict[str, pd.DataFrame]:
    if isinstance(source, SqlStore):
        return {name: source.records(name) for name in RECORDS}
    surveys = source.surveys()
    patches = [source.habitats(survey_id) for survey_id in surveys["survey_id"]]
    tables: dict[str, pd.DataFrame] = {
        "workspace": passport_row(source.info), "zones": source.zones(),
        "land": _numbered(source.land()), "surveys": surveys, "targets": source.targets(),
        "projects": source.projects(), "registers": source.registers(),
        "rasters": source.rasters(), "extents": source.extents(),
        "patch_changes": source.patch_changes(), "factors": source.factors(),
    }  # fmt: skip
    if patches:
        tables["habitats"] = gpd.GeoDataFrame(
            pd.concat(patches, ignore_index=True), crs=STORAGE_CRS
        )
    return tables


def _numbered(land: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Land with a number for each piece and a column for whatever a folder may leave out."""
    columns: dict[str, Any] = {"land_no": range(1, len(land) + 1)}
    for name in ("name_zh", "name_en", "zone_id", "detail"):
        values = land[name] if name in land else [None] * len(land)
        columns[name] = pd.Series(list(values), dtype="str")
    outlines = land.geometry.force_2d().to_numpy()
    return gpd.GeoDataFrame(columns, geometry=outlines, crs=land.crs)


def read_database(path: Path) -> tuple[str, str]:
    """Address and schema that a ``database.json`` names.

    Raises:
        InputError: If it cannot be read.
    """
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return str(said["url"]), str(said["schema"])
    except (ValueError, KeyError, TypeError) as problem:
        fix = 'It holds {"url": "postgresql+psycopg://user@host/database", "schema": "name"}'
        raise InputError(str(path), f"it cannot be read ({problem!r})", fix) from problem
