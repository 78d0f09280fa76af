"""What a store of a workspace can do, whatever it is made of.

Every table obeys its contract in `tables`; every layer lies in EPSG:4490 (CGCS2000 degrees).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import geopandas as gpd
import pandas as pd

from bluecarbon_map.tables import Level


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


class Workspace(Protocol):
    """Reads one workspace."""

    @property
    def info(self) -> WorkspaceInfo:
        """What it says of itself."""

    @property
    def version(self) -> str:
        """A word that changes whenever any of its data does; caches are keyed by it."""

    def zones(self, level: Level | None = None) -> gpd.GeoDataFrame:
        """Zones, contract `tables.Zones`; of one level where one is given."""

    def surveys(self) -> pd.DataFrame:
        """Survey passports, contract `tables.Surveys`."""

    def habitats(self, survey_id: str) -> gpd.GeoDataFrame:
        """Patches of one survey, contract `tables.Habitats`.

        Raises:
            NotFoundError: If there is no such survey.
        """

    def land(self) -> gpd.GeoDataFrame:
        """Land to draw the map on: columns ``name_zh, name_en, geometry``."""

    def targets(self) -> pd.DataFrame:
        """Targets of every plan and version, contract `tables.Targets`."""

    def projects(self) -> pd.DataFrame:
        """Restoration projects, contract `tables.Projects`."""

    def registers(self) -> pd.DataFrame:
        """Statements that a list of projects is complete, contract `tables.Registers`."""

    def rasters(self) -> pd.DataFrame:
        """Passports of the rasters, contract `tables.Rasters`; empty where there is none."""

    def raster_path(self, raster_id: str) -> Path:
        """Where the GeoTIFF of a raster lies; it is for reading only.

        Raises:
            NotFoundError: If there is no such raster, or its file is missing.
        """
