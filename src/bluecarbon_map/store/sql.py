"""A workspace in a database that can be written; contract `store.base.Register`."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, cast

import geopandas as gpd
import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bluecarbon_map.errors import InputError, NotFoundError, StoreError
from bluecarbon_map.store import derived, undoing
from bluecarbon_map.store.asked import Asked
from bluecarbon_map.store.backend import Backend
from bluecarbon_map.store.base import Change, Fault, Receipt, WorkspaceInfo, info_of, usual_survey
from bluecarbon_map.store.force import rows_in_force, undone, versions_in_force
from bluecarbon_map.store.held import Held
from bluecarbon_map.store.histories import history
from bluecarbon_map.store.journal import head as newest_hash
from bluecarbon_map.store.keeping import RASTERS, kept, waiting
from bluecarbon_map.store.patches import SqlPatches
from bluecarbon_map.store.schema import (
    AUDIT,
    CHANGES,
    FILES,
    RECORDS,
    UNDOS,
    Record,
    key_parts,
    key_text,
)
from bluecarbon_map.store.verifying import verify
from bluecarbon_map.store.writing import Writer, prepare, record_of
from bluecarbon_map.tables import Level

Frame = TypeVar("Frame", bound=pd.DataFrame)


class SqlStore(SqlPatches):
    """Reads and writes one workspace in a database; contract `store.base.Register`.

    What is read is kept until a change touches its table, whoever writes it, in this process or in
    another. What a call returns is the caller's own, as with `store.folder.FolderStore`.
    """

    def __init__(self, backend: Backend) -> None:
        """Open it; nothing is read yet."""
        self._backend = backend
        self._held = Held()
        self._asked = Asked()

    @property
    def backend(self) -> Backend:
        """The database it lies in."""
        return self._backend

    def close(self) -> None:
        """Let go of the database; a later call opens it again."""
        self._backend.engine.dispose()

    @property
    def folder(self) -> Path:
        """Folder of the workspace."""
        return self._backend.folder

    @property
    def info(self) -> WorkspaceInfo:
        """What the workspace says of itself.

        Where it names no survey and no plan to begin with, or ones that were taken back, they are
        the usual ones of those in force.

        Raises:
            InputError: If it says nothing.
        """
        return self._asked.once("info", self._info)

    def _info(self) -> WorkspaceInfo:
        said = self.said()
        surveys, plans = self.records("surveys"), self.records("targets")["plan_id"].tolist()
        if said.default_survey_id not in surveys["survey_id"].tolist():
            said = replace(said, default_survey_id=usual_survey(surveys))
        if said.default_plan_id not in plans:
            said = replace(said, default_plan_id=plans[0] if plans else None)
        return said

    def said(self) -> WorkspaceInfo:
        """What somebody wrote of the workspace, whether or not it is there still.

        Raises:
            InputError: If it says nothing.
        """
        rows = self.records("workspace")
        if rows.empty:
            fix = "Make a workspace with `bluecarbon init`"
            raise InputError(str(self.folder), "the workspace is empty", fix)
        return info_of(rows)

    @property
    def version(self) -> str:
        """Head of the audit chain: another one after every change, whoever made it."""
        return self._asked.once("head", lambda: self.head)[:16]

    def steady(self) -> AbstractContextManager[None]:
        """Within it, this thread asks once whether something changed, not at every reading."""
        return self._asked.steady()

    @property
    def head(self) -> str:
        """Whole hash of the last audit entry; noted elsewhere, it proves later what was there."""
        with self._backend.reading() as connection:
            return newest_hash(connection)

    def records(self, table: str) -> pd.DataFrame:
        """Rows in force of a table of `store.schema.RECORDS`, after its contract.

        Raises:
            InputError: If there is no such table.
        """
        record = record_of(table)
        return self._kept(record, (), lambda connection: rows_in_force(connection, record))

    def zones(self, level: Level | None = None) -> gpd.GeoDataFrame:
        """Zones, contract `tables.Zones`; of one level where one is given."""
        zones = cast("gpd.GeoDataFrame", self.records("zones"))
        return zones if level is None else zones[zones["level"] == level.value]

    def surveys(self) -> pd.DataFrame:
        """Survey passports, contract `tables.Surveys`."""
        return self.records("surveys")

    def habitats(self, survey_id: str) -> gpd.GeoDataFrame:
        """Patches of one survey, contract `tables.Habitats`.

        Raises:
            NotFoundError: If there is no such survey.
        """
        of_survey = self.of_survey(survey_id)
        record = RECORDS["habitats"]
        read = self._kept(
            record, (survey_id,), lambda connection: rows_in_force(connection, record, of_survey)
        )
        return cast("gpd.GeoDataFrame", read)

    def extents(self) -> gpd.GeoDataFrame:
        """Ground that surveys looked at, contract `tables.Extents`; empty where none says so."""
        return cast("gpd.GeoDataFrame", self.records("extents"))

    def patch_changes(self) -> gpd.GeoDataFrame:
        """What change surveys say of their base, contract `tables.PatchChanges`."""
        return cast("gpd.GeoDataFrame", self.records("patch_changes"))

    def land(self) -> gpd.GeoDataFrame:
        """Land to draw the map on; geometry in EPSG:4490."""
        land = self.records("land").drop(columns="land_no")
        names = {name: land[name].fillna("") for name in ("name_zh", "name_en")}
        return cast("gpd.GeoDataFrame", land.assign(**names))

    def targets(self) -> pd.DataFrame:
        """Targets of every plan and version, contract `tables.Targets`."""
        return self.records("targets")

    def projects(self) -> pd.DataFrame:
        """Restoration projects, contract `tables.Projects`."""
        return self.records("projects")

    def registers(self) -> pd.DataFrame:
        """Statements that a list of projects is complete, contract `tables.Registers`."""
        return self.records("registers")

    def factors(self) -> pd.DataFrame:
        """The workspace's own coefficients, contract `tables.Factors`; empty where it has none."""
        return self.records("factors")

    def rasters(self) -> pd.DataFrame:
        """Passports of the rasters, contract `tables.Rasters`; empty where there is none."""
        return self.records("rasters")

    def raster_path(self, raster_id: str) -> Path:
        """Where the GeoTIFF of a raster lies.

        Raises:
            NotFoundError: If there is no such raster, or its file is missing.
        """
        known = self.rasters()["raster_id"].tolist()
        if raster_id not in known:
            raise NotFoundError("raster", raster_id, known)
        with self._backend.reading() as connection:
            asked = (
                sa.select(FILES.c.name)
                .where(FILES.c.raster_id == raster_id)
                .where(FILES.c.change_id.not_in([0, *undone(connection)]))
                .order_by(FILES.c.change_id.desc())
                .limit(1)
            )
            name = connection.execute(asked).scalar()
        path = self.folder / RASTERS / str(name)
        if name is None or not path.is_file():
            raise NotFoundError("file", f"{RASTERS}/{name or raster_id}")
        return path

    def versions(
        self,
        table: str,
        *,
        keys: Collection[tuple[str, ...]] | None = None,
        survey_id: str | None = None,
    ) -> dict[tuple[str, ...], int]:
        """Key → version of the rows in force, for an editor to remember.

        Args:
            table: Name of the table.
            keys: Only the rows with these keys.
            survey_id: Only the rows of this survey.

        Raises:
            InputError: If there is no such table, or its rows are of no survey.
        """
        record = record_of(table)
        texts = None if keys is None else list(map(key_text, keys))
        with self._backend.reading() as connection:
            found = versions_in_force(connection, record, texts, survey_id)
            return {key_parts(key): version for key, version in found}

    def history(self, table: str, key: tuple[str, ...]) -> pd.DataFrame:
        """Every version of one row, oldest first.

        Beside the contract's columns ``row_version, change_id, retired, undone, kind, actor, at,
        reason``.
        """
        record = record_of(table)
        with self._backend.reading() as connection:
            return history(connection, record, key_text(key))

    def changes(self) -> pd.DataFrame:
        """Every change, newest first; ``undone_by`` is missing where a change is in force."""
        with self._backend.reading() as connection:
            asked = sa.select(CHANGES).order_by(CHANGES.c.change_id.desc())
            rows = connection.execute(asked).mappings().all()
            gone = undone(connection)
            undos = connection.execute(sa.select(UNDOS).order_by(UNDOS.c.undo_change_id)).all()
        by = {what: undo for undo, what in undos if undo not in gone}
        texts = ("kind", "actor", "at", "reason", "source_name", "source_sha256")
        made: dict[str, Any] = {
            "change_id": pd.Series([row["change_id"] for row in rows], dtype="int64")
        }
        made |= {name: pd.Series([row[name] for row in rows], dtype="str") for name in texts}
        made["rows"] = pd.Series([row["rows"] for row in rows], dtype="int64")
        made["undone_by"] = pd.Series([by.get(row["change_id"]) for row in rows], dtype="Int64")
        made["details"] = pd.Series([json.loads(row["details"]) for row in rows], dtype="object")
        return pd.DataFrame(made)

    def apply(self, change: Change) -> Receipt:
        """Store a change: all of it, or nothing.

        Raises:
            ConflictError: If a row has moved on since the writer saw it; nothing is stored.
            ContractError: If rows break their contract; nothing is stored.
            InputError: If the change does not say who makes it, or names an unknown table.
            StoreError: If the database fails: full, locked, not there; nothing is stored.
        """
        prepared = prepare(change)
        self._require_passports(change)
        with (
            waiting(self.folder, change.rasters) as files,
            self._backend.writing() as connection,
            kept(files),
            self._asked.anew(),
        ):
            return Writer(self._backend, connection, change).write(prepared, files)

    def _require_passports(self, change: Change) -> None:
        """A raster is kept with its row, never alone."""
        rows = change.tables.get("rasters")
        known = set(rows["raster_id"]) if rows is not None else set()
        for raster_id in set(change.rasters) - known:
            raise NotFoundError("row of a raster in the change", raster_id, sorted(known))

    def undo(self, change_id: int, *, actor: str, reason: str | None = None) -> Receipt:
        """Take a change back: totals are what they were before it. Undoing an undo redoes it.

        Raises:
            NotFoundError: If there is no such change.
            InputError: If it is taken back already, or it made the workspace.
            ConflictError: If a later change in force rests on its rows.
        """
        with self._backend.writing() as connection, self._asked.anew():
            return undoing.undo(connection, int(change_id), actor=actor, reason=reason)

    def audit(self) -> pd.DataFrame:
        """Every audit entry as it stands in its table, oldest first."""
        names = [column.name for column in AUDIT.columns]
        with self._backend.reading() as connection:
            asked = sa.select(AUDIT).order_by(AUDIT.c.entry_no)
            rows = [dict(row) for row in connection.execute(asked).mappings()]
        return pd.DataFrame(rows, columns=names)

    def verify(self, head: str | None = None) -> tuple[Fault, ...]:
        """Hold every stored row, file and audit entry against the chain; empty where all fit.

        Args:
            head: An earlier `head`, whole or its first 16 letters: an entry must still have it.

        Raises:
            InputError: If ``head`` is no such hash.
        """
        with self._backend.reading() as connection:
            return tuple(verify(self._backend, connection, head))

    def kept(self, name: str, *, of: Sequence[str], make: Callable[[], bytes]) -> bytes:
        """A result that is made once and kept until what it came from changes.

        A database that cannot be written just now keeps nothing; nor is a result kept whose
        sources changed while it was made.
        """
        with self._backend.reading() as connection:
            state = derived.state_of(connection, of)
            found = derived.kept(connection, name, state)
        if found is not None:
            return found
        made = make()
        with suppress(StoreError), self._backend.writing() as connection:
            if derived.state_of(connection, of) == state:
                derived.keep(connection, name, made, state)
        return made

    def _kept(
        self, record: Record, which: tuple[str, ...], read: Callable[[Connection], Frame]
    ) -> Frame:
        """What a table holds, read anew when a change has touched it."""

        def newest() -> int:
            entry = sa.select(sa.func.max(AUDIT.c.entry_no))
            asked = entry.where(AUDIT.c.table_name == record.name)
            with self._backend.reading() as connection:
                return int(connection.execute(asked).scalar() or 0)

        def anew() -> pd.DataFrame:
            with self._backend.reading() as connection:
                return read(connection)

        what = (record.name, *which)
        with self._held.alone(what):
            held = self._held.get(what, self._asked.once(record.name, newest), anew)
        # Never the kept table itself: whoever changes theirs must not change ours.
        return cast("Frame", held.copy(deep=False))
