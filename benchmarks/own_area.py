"""An own area of a county's size, or a view, in a survey of a million patches."""

from __future__ import annotations

import statistics

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks import measure
from bluecarbon_map.geodesy import STORAGE_CRS
from bluecarbon_map.reports.own_area import area_figures, own_area, trace_area
from bluecarbon_map.sample import workspace_folder
from bluecarbon_map.store.base import Bounds, meeting
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.tables import Habitats, columns

SIDE, VERTICES = 1_000, 13
"""A million patches, a thousand a side of a square of four degrees."""
_KINDS = ("mangrove", "salt_marsh", "seagrass", "tidal_flat")


def run() -> None:
    """Print the table."""
    store = Crowded()
    measure.heading("Own area among 1,000,000 patches (target: < 1 s)", "–")
    for what, size_deg in (("a view at zoom 12", 0.25), ("a county", 0.42), ("a city", 1.0)):
        star = own_area([_star(size_deg)])
        spent = [measure.cpu_seconds(lambda star=star: area_figures(store, star)) for _ in range(3)]
        found = area_figures(store, star)
        patches = found.ground["habitat_id"].nunique()
        measure.row(f"{what}, {found.area_ha:,.0f} ha", statistics.median(spent),
                    note=f"{patches:,} patches")  # fmt: skip
        traced = measure.cpu_seconds(lambda found=found: trace_area(store, found))
        measure.row("  traced to every patch", traced)
    measure.versions("shapely", "geopandas")


class Crowded(FolderStore):
    """The embedded workspace with a million patches in its first survey."""

    def __init__(self) -> None:
        super().__init__(workspace_folder())
        self._patches = layer()

    def habitats_within(self, survey_id: str, box: Bounds) -> gpd.GeoDataFrame:
        """Patches whose bounds meet a box."""
        del survey_id
        return meeting(self._patches, box)

    def habitat_count_within(self, survey_id: str, box: Bounds, most: int) -> int:
        """How many have bounds that meet a box."""
        return min(len(self.habitats_within(survey_id, box)), most)


def layer(seed: int = 5) -> gpd.GeoDataFrame:
    """Rough rings on a loose grid over the province."""
    rng = np.random.default_rng(seed)
    at = np.arange(SIDE * SIDE)
    middle = np.column_stack([118.5 + 0.004 * (at % SIDE), 27.1 + 0.004 * (at // SIDE)])
    angle = np.linspace(0, 2 * np.pi, VERTICES)[:-1]
    reach = rng.uniform(0.0010, 0.0021, (len(at), VERTICES - 1))
    rings = middle[:, None] + reach[..., None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    shapes = shapely.polygons(np.concatenate([rings, rings[:, :1]], axis=1))
    said = {
        "habitat_id": np.char.add("p", at.astype(str)),
        "survey_id": "ZJ-2022",
        "ecosystem": np.array(_KINDS)[at % len(_KINDS)],
        "provenance": "survey",
        "source": "benchmark",
    }
    table = pd.DataFrame({name: said.get(name) for name in columns(Habitats) if name != "geometry"},
                         index=at)  # fmt: skip
    return gpd.GeoDataFrame(table, geometry=shapes, crs=STORAGE_CRS)


def _star(size_deg: float) -> shapely.Polygon:
    angle = np.linspace(0, 2 * np.pi, 41)[:-1]
    reach = size_deg / 2 * np.where(np.arange(40) % 2, 1.0, 0.8)
    return shapely.Polygon(
        np.column_stack([120.5 + reach * np.cos(angle), 29.1 + reach * np.sin(angle)])
    )
