"""What a store of a workspace can do, whatever it is made of.

Every table obeys its contract in `tables`; every layer lies in EPSG:4490 (CGCS2000 degrees).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from bluecarbon_map.tables import Level
from bluecarbon_map.units import FloatArray

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceInfo:
    """What a workspace says of itself.

    Attributes:
        workspace_id: Short id.
        name_zh: Chinese name of the region.
        name_en: English name.
        zone_id: Zone that is the whole region.
        default_survey_id: Survey shown first; None where there is none yet.
        default_plan_id: Plan whose targets are shown first; None where there is none yet.
        factor_set: Named set of coefficients used first.
        map_review_number: 审图号, or None where the map has not been reviewed.
        zones_label_zh: What kind of boundaries the zones are, Chinese.
        zones_label_en: The same in English.
    """

    workspace_id: str
    name_zh: str
    name_en: str
    zone_id: str
    default_survey_id: str | None
    default_plan_id: str | None
    factor_set: str
    map_review_number: str | None
    zones_label_zh: str
    zones_label_en: str


def info_of(rows: pd.DataFrame) -> WorkspaceInfo:
    """What a workspace says of itself in the last row of its table ``workspace``."""
    row = rows.iloc[-1]
    return WorkspaceInfo(
        **{str(name): None if pd.isna(value) else str(value) for name, value in row.items()}  # type: ignore[arg-type]
    )


def usual_survey(surveys: pd.DataFrame) -> str | None:
    """The survey to begin with where none is named: the newest baseline, else the newest of all.

    Args:
        surveys: Contract `tables.Surveys`; of one year the one that came last is the newest.
    """
    baselines = surveys[surveys["mode"] == "baseline"]
    known = (baselines if len(baselines) else surveys).sort_values("year", kind="stable")
    return str(known["survey_id"].iloc[-1]) if len(known) else None


class Workspace(Protocol):
    """Reads one workspace."""

    @property
    def info(self) -> WorkspaceInfo:
        """What it says of itself."""

    @property
    def version(self) -> str:
        """A word that changes whenever any of its data does; caches are keyed by it."""

    def steady(self) -> AbstractContextManager[None]:
        """Within it, this thread asks once whether something changed, not at every reading.

        What another writes meanwhile may be seen after it only; what this thread writes, at once.
        What guards a write is read outside of it.
        """

    def zones(self, level: Level | None = None) -> gpd.GeoDataFrame:
        """Zones, contract `tables.Zones`; of one level where one is given."""

    def surveys(self) -> pd.DataFrame:
        """Survey passports, contract `tables.Surveys`."""

    def habitats(self, survey_id: str) -> gpd.GeoDataFrame:
        """Patches of one survey, contract `tables.Habitats`.

        Raises:
            NotFoundError: If there is no such survey.
        """

    def habitats_within(self, survey_id: str, box: Bounds) -> gpd.GeoDataFrame:
        """Patches of one survey whose bounds meet a box, without reading the others.

        Args:
            survey_id: The survey.
            box: West, south, east and north in degrees.

        Returns:
            Contract `tables.Habitats`, in the survey's order; the index is a number that the patch
            has in its survey, whatever the box.

        Raises:
            NotFoundError: If there is no such survey.
        """

    def habitat(self, survey_id: str, habitat_id: str) -> gpd.GeoDataFrame:
        """One patch of a survey as `habitats_within` gives it, or no row.

        Raises:
            NotFoundError: If there is no such survey.
        """

    def habitats_named(self, survey_id: str, most: int) -> gpd.GeoDataFrame:
        """Patches of one survey that have a name, the first so many, as `habitats_within` does.

        Raises:
            NotFoundError: If there is no such survey.
        """

    @property
    def folder(self) -> Path:
        """Folder it lies in."""

    def habitat_count(self, survey_id: str) -> int:
        """How many patches a survey has.

        Raises:
            NotFoundError: If there is no such survey.
        """

    def habitat_count_within(self, survey_id: str, box: Bounds, most: int) -> int:
        """How many patches `habitats_within` would read, without reading any.

        Args:
            survey_id: The survey.
            box: West, south, east and north in degrees.
            most: Where to stop counting.

        Returns:
            The number, or ``most`` where there are more; a patch a few metres beside the box may
            be among them.

        Raises:
            NotFoundError: If there is no such survey.
        """

    def habitat_boxes(
        self, survey_id: str, ecosystems: Collection[str] | None = None
    ) -> FloatArray:
        """Bounds of every patch of one survey, without reading the patches.

        Args:
            survey_id: The survey.
            ecosystems: Only patches of these ecosystems; None for all.

        Returns:
            West, south, east, north in degrees, shape (n, 4), in any order; an edge may lie a
            few metres outside of its patch.

        Raises:
            NotFoundError: If there is no such survey.
        """

    def habitats_version(self, survey_id: str) -> str:
        """A word that changes whenever a patch of one survey does, and with nothing else.

        Raises:
            NotFoundError: If there is no such survey.
        """

    def extents(self) -> gpd.GeoDataFrame:
        """Ground each survey looked at, contract `tables.Extents`; no row where none is stated."""

    def patch_changes(self) -> gpd.GeoDataFrame:
        """What change surveys claim and what was decided, contract `tables.PatchChanges`."""

    def land(self) -> gpd.GeoDataFrame:
        """Land to draw the map on: columns ``name_zh, name_en, geometry``."""

    def targets(self) -> pd.DataFrame:
        """Targets of every plan and version, contract `tables.Targets`."""

    def projects(self) -> pd.DataFrame:
        """Restoration projects, contract `tables.Projects`."""

    def registers(self) -> pd.DataFrame:
        """Statements that a list of projects is complete, contract `tables.Registers`."""

    def factors(self) -> pd.DataFrame:
        """The workspace's own coefficients, contract `tables.Factors`; empty where it has none."""

    def rasters(self) -> pd.DataFrame:
        """Passports of the rasters, contract `tables.Rasters`; empty where there is none."""

    def raster_path(self, raster_id: str) -> Path:
        """Where the GeoTIFF of a raster lies; it is for reading only.

        Raises:
            NotFoundError: If there is no such raster, or its file is missing.
        """

    def kept(self, name: str, *, of: Sequence[str], make: Callable[[], bytes]) -> bytes:
        """A result that is made once and kept until what it came from changes.

        Args:
            name: Name of the result.
            of: What it comes from: names of tables, ``habitats/SURVEY`` for the patches of one.
            make: Makes it; called where nothing is kept, or what is kept no longer holds.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One write: all of it is stored, or nothing.

    Attributes:
        kind: ``import``, ``edit``, ``review``, ``undo``, ``redo`` or ``begin``.
        actor: Who; a name the office knows.
        reason: Why; None where the kind says enough.
        tables: Rows to add, name of a table (`store.schema.RECORDS`) → rows after its contract.
            A row whose key is there already becomes its next version.
        seen: Table → key → version of the row that the writer saw; a row that has moved on since is
            a conflict. Keys that are not named are taken as new unless ``replace`` is set.
        replace: Whether rows that are there already may get a next version unseen (an import).
        retire: Table → keys whose rows end with this change.
        rasters: Id of a raster → GeoTIFF to keep with its passport row.
        source_name: Cleaned name of the file it came from.
        source_sha256: SHA-256 of that file.
        details: What else the audit should hold: mapping, problems, areas; JSON.
    """

    kind: str
    actor: str
    reason: str | None = None
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    seen: Mapping[str, Mapping[tuple[str, ...], int]] = field(default_factory=dict)
    replace: bool = False
    retire: Mapping[str, Sequence[tuple[str, ...]]] = field(default_factory=dict)
    rasters: Mapping[str, Path] = field(default_factory=dict)
    source_name: str | None = None
    source_sha256: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a write left behind.

    Attributes:
        change_id: Number of the change, growing.
        at: When, ISO date and time in UTC.
        rows: Table → rows added.
    """

    change_id: int
    at: str
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One place where what is stored is not what was written.

    Attributes:
        where: Table, change or file.
        what: What does not fit.
    """

    where: str
    what: str


@runtime_checkable
class Register(Workspace, Protocol):
    """A workspace that can be written: every change is one transaction with its audit."""

    def apply(self, change: Change) -> Receipt:
        """Store a change.

        Raises:
            ConflictError: If a row has moved on since the writer saw it; nothing is stored.
            ContractError: If rows break their contract; nothing is stored.
        """

    def records(self, table: str) -> pd.DataFrame:
        """Rows in force of any table of `store.schema.RECORDS`, after its contract."""

    @property
    def head(self) -> str:
        """Whole hash of the last audit entry."""

    def versions(
        self,
        table: str,
        *,
        keys: Collection[tuple[str, ...]] | None = None,
        survey_id: str | None = None,
    ) -> dict[tuple[str, ...], int]:
        """Key → version of the rows in force, of some keys or one survey where it is named."""

    def history(self, table: str, key: tuple[str, ...]) -> pd.DataFrame:
        """Every version of one row, oldest first, with ``row_version, change_id, actor, at``."""

    def changes(self) -> pd.DataFrame:
        """Every change, newest first.

        Columns ``change_id, kind, actor, at, reason, source_name, source_sha256, rows, undone_by,
        details``.
        """

    def audit(self) -> pd.DataFrame:
        """Every audit entry, oldest first.

        Columns ``entry_no, change_id, at, actor, action, table_name, key, before, after, rows,
        rows_sha256, previous_hash, hash``; key, before and after as JSON.
        """

    def undo(self, change_id: int, *, actor: str, reason: str | None = None) -> Receipt:
        """Take a change back: totals are what they were before it. Undoing an undo redoes it.

        Raises:
            NotFoundError: If there is no such change.
            ConflictError: If a later change in force rests on its rows.
        """

    def verify(self, head: str | None = None) -> tuple[Fault, ...]:
        """Hold every stored row, file and audit entry against the chain; empty where all fit.

        An earlier ``head``, whole or its first 16 letters, must still be the hash of an entry.
        """


def meeting(patches: gpd.GeoDataFrame, box: Bounds) -> gpd.GeoDataFrame:
    """Rows whose bounds meet a box in degrees, touching it counts."""
    return patches[boxes_meeting(shapely.bounds(patches.geometry.to_numpy()), box)]


def boxes_meeting(bounds: FloatArray, box: Bounds) -> NDArray[np.bool_]:
    """Whether each row of bounds, shape (n, 4) in degrees, meets a box; touching it counts."""
    west, south, east, north = box
    apart: NDArray[np.bool_] = (bounds[:, 0] > east) | (bounds[:, 1] > north)
    apart |= (bounds[:, 2] < west) | (bounds[:, 3] < south)
    return ~apart
