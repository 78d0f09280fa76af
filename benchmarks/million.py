"""A workspace with a million patches in its newest survey.

The patches are made up, but lie where patches would: within some kilometres of Zhejiang's real
coast, denser here than there.
"""

from __future__ import annotations

import atexit
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

PATCHES: Final = 1_000_000
VERTICES: Final = 41
SURVEY: Final = "S-2026"
_SEED: Final = 11
_CELL_DEG: Final = 1e-3
_NEAR_DEG: Final = 0.02
_KINDS: Final = ("mangrove", "salt_marsh", "tidal_flat", "seaweed_farm", "island_vegetation")


@cache
def workspace() -> Path:
    """Folder of the workspace, made once for all benchmarks of a run and removed after them."""
    desk = Path(tempfile.mkdtemp(prefix="bluecarbon-bench-"))
    atexit.register(shutil.rmtree, desk, ignore_errors=True)
    _in_own_process("store", desk / "workspace")
    return desk / "workspace"


@cache
def prepared() -> Path:
    """The same with tiles and areas of the survey, as they are once it was looked at."""
    _in_own_process("prepare", workspace())
    return workspace()


def _in_own_process(what: str, folder: Path) -> None:
    subprocess.run([sys.executable, "-m", "benchmarks.million", what, str(folder)], check=True)


def coast_patches(count: int, seed: int = _SEED) -> gpd.GeoDataFrame:
    """Rough rings of half a hectare along the outlines of Zhejiang's land, EPSG:4490."""
    from bluecarbon_map.sample import embedded_folder
    from bluecarbon_map.store.folder import FolderStore
    from bluecarbon_map.store.schema import RECORDS

    rng = np.random.default_rng(seed)
    store = FolderStore(embedded_folder())
    _, south, east, north = store.zones().total_bounds
    lines = shapely.boundary(shapely.union_all(store.land().geometry.to_numpy()))
    shore = shapely.clip_by_rect(lines, 120.0, south, east, north)
    spots = shapely.get_coordinates(shapely.segmentize(shore, 0.001))
    weight = rng.gamma(0.5, size=len(spots))
    cells = np.empty((0, 2))
    while len(cells) < count:  # one patch a cell, as surveys hold few patches that overlap
        near = spots[rng.choice(len(spots), 2 * count, p=weight / weight.sum())]
        near = near + rng.normal(0.0, _NEAR_DEG, near.shape)
        cells = np.unique(np.vstack([cells, np.round(near / _CELL_DEG)]), axis=0)
    middle = rng.permutation(cells)[:count] * _CELL_DEG
    angle = np.linspace(0.0, 2.0 * np.pi, VERTICES)[:-1]
    reach = 0.5 * _CELL_DEG * rng.uniform(0.5, 1.02, (count, VERTICES - 1))
    rings = middle[:, None] + reach[..., None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    table = pd.DataFrame(index=range(count), columns=RECORDS["habitats"].columns)
    table = table.drop(columns="geometry").astype(
        {
            n: {"text": "str", "float": "float64"}[k]
            for n, k in RECORDS["habitats"].kinds.items()
            if k != "geometry"
        }
    )
    table["habitat_id"] = [f"p{n}" for n in range(count)]
    table["survey_id"] = SURVEY
    table["ecosystem"] = np.array(_KINDS)[rng.choice(len(_KINDS), count)]
    table["provenance"] = np.where(rng.random(count) < 0.2, "demonstration", "survey")
    table["source"] = "benchmark"
    closed = np.concatenate([rings, rings[:, :1]], axis=1)
    return gpd.GeoDataFrame(table, geometry=shapely.polygons(closed), crs="EPSG:4490")


def _store(folder: Path) -> None:
    from bluecarbon_map.sample import embedded_folder
    from bluecarbon_map.store.base import Change
    from bluecarbon_map.store.folder import FolderStore
    from bluecarbon_map.store.places import copy_workspace, create_sqlite

    source = FolderStore(embedded_folder())
    made = create_sqlite(folder, source.info)
    copy_workspace(source, made, "benchmark")
    newest = made.surveys().sort_values("year").iloc[-1:]
    passport = newest.assign(survey_id=SURVEY, year=newest["year"] + 1, base_survey_id=None)
    rows = {"surveys": passport, "habitats": coast_patches(PATCHES)}
    made.apply(Change(kind="import", actor="benchmark", tables=rows))


def _prepare(folder: Path) -> None:
    from bluecarbon_map.reports import measure, tiling
    from bluecarbon_map.store.places import open_store

    opened = open_store(folder)
    tiling.make_tiles(opened, SURVEY)
    for demonstration in (True, False):
        measure(opened, SURVEY, demonstration=demonstration)


if __name__ == "__main__":
    {"store": _store, "prepare": _prepare}[sys.argv[1]](Path(sys.argv[2]))
