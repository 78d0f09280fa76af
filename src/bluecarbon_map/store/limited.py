"""A workspace of which only some surveys may be seen, as on a public display."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import pandas as pd

from bluecarbon_map.errors import NotFoundError
from bluecarbon_map.store.base import Bounds, Workspace, WorkspaceInfo, usual_survey
from bluecarbon_map.tables import Level
from bluecarbon_map.units import FloatArray

Frame = TypeVar("Frame", bound=pd.DataFrame)


class LimitedWorkspace:
    """Reads some surveys of a workspace and what goes with them; contract `store.base.Workspace`.

    A survey that is left out is not there: neither its passport nor its patches, extent, changes
    or rasters, nor its name in any other row, and asking for it fails with the very words that
    asking for an unknown one does. What goes with no survey stays: zones, land, plans, projects,
    own coefficients, and rasters that name no survey. There is no way to write.
    """

    def __init__(self, whole: Workspace, only: Collection[str]) -> None:
        """Limit a workspace.

        Args:
            whole: What is read.
            only: Ids of the surveys that may be seen; those that are not there are passed over,
                so that nothing more is seen than was meant.
        """
        self._whole = whole
        self._only = frozenset(only)

    @property
    def info(self) -> WorkspaceInfo:
        """What it says of itself; its first survey is the usual one of those left."""
        info, left = self._whole.info, self.surveys()
        if info.default_survey_id in left["survey_id"].tolist():
            return info
        return replace(info, default_survey_id=usual_survey(left))

    @property
    def version(self) -> str:
        """A word that changes with the data and with what may be seen of them."""
        return hashlib.sha256(f"{self._whole.version}\n{self._word()}".encode()).hexdigest()[:16]

    def steady(self) -> AbstractContextManager[None]:
        """Within it, this thread asks once whether something changed, not at every reading."""
        return self._whole.steady()

    def zones(self, level: Level | None = None) -> gpd.GeoDataFrame:
        """Zones, contract `tables.Zones`; of one level where one is given."""
        return self._whole.zones(level)

    def surveys(self) -> pd.DataFrame:
        """Passports of the surveys left; a base survey that is not among them is not named."""
        left = self._left(self._whole.surveys()).copy()
        left["base_survey_id"] = left["base_survey_id"].where(self._is_left(left["base_survey_id"]))
        return left

    def habitats(self, survey_id: str) -> gpd.GeoDataFrame:
        """Patches of one survey, contract `tables.Habitats`.

        Raises:
            NotFoundError: If there is no such survey, or it may not be seen.
        """
        self._require(survey_id)
        return self._whole.habitats(survey_id)

    def habitats_within(self, survey_id: str, box: Bounds) -> gpd.GeoDataFrame:
        """Patches of one survey whose bounds meet a box.

        Raises:
            NotFoundError: If there is no such survey, or it may not be seen.
        """
        self._require(survey_id)
        return self._whole.habitats_within(survey_id, box)

    def habitat(self, survey_id: str, habitat_id: str) -> gpd.GeoDataFrame:
        """One patch of a survey, or no row.

        Raises:
            NotFoundError: If there is no such survey, or it may not be seen.
        """
        self._require(survey_id)
        return self._whole.habitat(survey_id, habitat_id)

    def habitats_named(self, survey_id: str, most: int) -> gpd.GeoDataFrame:
        """Patches of one survey that have a name, the first so many.

        Raises:
            NotFoundError: If there is no such survey, or it may not be seen.
        """
        self._require(survey_id)
        return self._whole.habitats_named(survey_id, most)

    def habitat_count(self, survey_id: str) -> int:
        """How many patches a survey has.

        Raises:
            NotFoundError: If there is no such survey, or it may not be seen.
        """
        self._require(survey_id)
        return self._whole.habitat_count(survey_id)

    def habitat_count_within(self, survey_id: str, box: Bounds, most: int) -> int:
        """How many patches of one survey have bounds that meet a box; ``most`` of more.

        Raises:
            NotFoundError: If there is no such survey, or it may not be seen.
        """
        self._require(survey_id)
        return self._whole.habitat_count_within(survey_id, box, most)

    def habitat_boxes(
        self, survey_id: str, ecosystems: Collection[str] | None = None
    ) -> FloatArray:
        """Bounds of every patch of one survey, or of some ecosystems, in degrees.

        Raises:
            NotFoundError: If there is no such survey, or it may not be seen.
        """
        self._require(survey_id)
        return self._whole.habitat_boxes(survey_id, ecosystems)

    def habitats_version(self, survey_id: str) -> str:
        """A word that changes whenever a patch of one survey does.

        Raises:
            NotFoundError: If there is no such survey, or it may not be seen.
        """
        self._require(survey_id)
        return self._whole.habitats_version(survey_id)

    @property
    def folder(self) -> Path:
        """Folder the whole workspace lies in."""
        return self._whole.folder

    def extents(self) -> gpd.GeoDataFrame:
        """Ground that the surveys left looked at, contract `tables.Extents`."""
        return self._left(self._whole.extents())

    def patch_changes(self) -> gpd.GeoDataFrame:
        """What surveys left say of a base survey that is left too, `tables.PatchChanges`."""
        surveys = self.surveys()
        with_base = surveys.loc[surveys["base_survey_id"].notna(), "survey_id"]
        changes = self._whole.patch_changes()
        return _rows(changes, changes["survey_id"].isin(with_base))

    def land(self) -> gpd.GeoDataFrame:
        """Land to draw the map on."""
        return self._whole.land()

    def targets(self) -> pd.DataFrame:
        """Targets of every plan and version, contract `tables.Targets`."""
        return self._whole.targets()

    def projects(self) -> pd.DataFrame:
        """Restoration projects, contract `tables.Projects`."""
        return self._whole.projects()

    def registers(self) -> pd.DataFrame:
        """Statements that a list of projects is complete, contract `tables.Registers`."""
        return self._whole.registers()

    def factors(self) -> pd.DataFrame:
        """The workspace's own coefficients, contract `tables.Factors`."""
        return self._whole.factors()

    def rasters(self) -> pd.DataFrame:
        """Passports of the rasters that go with a survey left, or with none."""
        rasters = self._whole.rasters()
        survey = rasters["survey_id"]
        return _rows(rasters, survey.isna() | self._is_left(survey))

    def raster_path(self, raster_id: str) -> Path:
        """Where the GeoTIFF of a raster lies; it is for reading only.

        Raises:
            NotFoundError: If there is no such raster, it may not be seen, or its file is missing.
        """
        known = self.rasters()["raster_id"].tolist()
        if raster_id not in known:
            raise NotFoundError("raster", raster_id, known)
        try:
            return self._whole.raster_path(raster_id)
        except NotFoundError as missing:  # what lies beside it may name what is hidden
            raise NotFoundError(missing.kind, missing.key) from None

    def kept(self, name: str, *, of: Sequence[str], make: Callable[[], bytes]) -> bytes:
        """A result that is made once and kept apart from that of the whole workspace."""
        own = hashlib.sha256(self._word().encode()).hexdigest()[:16]
        return self._whole.kept(f"{name}@{own}", of=of, make=make)

    def _require(self, survey_id: str) -> None:
        known = self.surveys()["survey_id"].tolist()
        if survey_id not in known:
            raise NotFoundError("survey", survey_id, known)

    def _word(self) -> str:
        return "\n".join(sorted(self._only))

    def _is_left(self, survey_ids: pd.Series[str]) -> pd.Series[bool]:
        return survey_ids.isin(self._only & set(self._whole.surveys()["survey_id"]))

    def _left(self, table: Frame) -> Frame:
        return _rows(table, table["survey_id"].isin(self._only))


def _rows(table: Frame, wanted: pd.Series[bool]) -> Frame:
    """Some rows, counted anew: a gap in the count would tell of those left out."""
    return table[wanted].reset_index(drop=True)
