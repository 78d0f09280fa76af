"""Rasters × zones against exactextract."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from exactextract import exact_extract
from rasterio.transform import Affine

from benchmarks import coast, measure
from bluecarbon_map.zonal import class_areas, describe, means
from bluecarbon_map.zonal.ground import ground
from bluecarbon_map.zonal.raster import Strip

HEIGHT, WIDTH = 11_700, 12_920
ZONES = 20
CHECKED = 4
CODES = np.array([0, 10, 20, 21, 30, 40, 50, 60, 80, 90], np.uint8)
FIRST_CALL = """
import sys, time
start = time.process_time()
import geopandas, shapely
from bluecarbon_map.zonal import class_areas
box = shapely.box(*map(float, sys.argv[2:6]))
zone = geopandas.GeoDataFrame({"zone_id": ["a"]}, geometry=[box], crs="EPSG:4326")
class_areas(sys.argv[1], zone)
print(time.process_time() - start)
"""


def run() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        degrees = _raster(Path(folder) / "degrees.tif", "EPSG:4326", 119.0, 30.7, 3.0 / WIDTH)
        metres = _raster(Path(folder) / "metres.tif", "EPSG:4549", 400_000.0, 3_400_000.0, 25.0)
        measure.heading(
            f"Rasters by zone, {HEIGHT * WIDTH / 1e6:.0f} million pixels x {ZONES} zones "
            "(target: 20x for classes in degrees)",
            "exactextr",
        )
        measure.row("reading alone (the limit)", _median(lambda: _read(degrees)))
        _compare("classes in degrees", degrees, in_degrees())
        _compare("classes on a Gauss-Krüger grid", metres, in_metres())
        _compare_means("means in degrees", degrees, in_degrees())
        _compare_means("means on a Gauss-Krüger grid", metres, in_metres())
        measure.row("first result of a process, code on disk", _first(degrees, os.environ))
        with tempfile.TemporaryDirectory() as empty:
            new = _first(degrees, os.environ | {"NUMBA_CACHE_DIR": empty})
        measure.row("first result ever: the loops are compiled", new)
    measure.versions("exactextract", "numba", "rasterio", "numpy")


def in_degrees() -> gpd.GeoDataFrame:
    """Zones on the ground of the raster in degrees."""
    return _zones(lambda xy: xy / [100_000.0, 111_000.0] + [119.0, 27.98], "EPSG:4326")


def in_metres() -> gpd.GeoDataFrame:
    """Zones on the ground of the raster in metres."""
    return _zones(lambda xy: xy + np.array([405_000.0, 3_105_000.0]), "EPSG:4549")


def _zones(place, crs: str) -> gpd.GeoDataFrame:
    shapes = shapely.transform(coast.zones(ZONES), place)
    return gpd.GeoDataFrame({"zone_id": [f"z{i}" for i in range(ZONES)]}, geometry=shapes, crs=crs)


def _raster(path: Path, crs: str, west: float, north: float, step: float) -> Path:
    """Fields of 30 × 30 pixels of one class each, one pixel in fifty of another."""
    rng = np.random.default_rng(0)
    fields = rng.choice(CODES, (HEIGHT // 30 + 1, WIDTH // 30 + 1))
    with rasterio.open(
        path, "w", driver="GTiff", height=HEIGHT, width=WIDTH, count=1, dtype="uint8", crs=crs,
        transform=Affine(step, 0.0, west, 0.0, -step, north), nodata=255, tiled=True,
        blockxsize=512, blockysize=512, compress="deflate",
    ) as file:  # fmt: skip
        for first in range(0, HEIGHT, 512):
            rows = min(512, HEIGHT - first)
            block = np.repeat(fields[np.arange(first, first + rows) // 30], 30, axis=1)[:, :WIDTH]
            lone = rng.random(block.shape) < 0.02
            block[lone] = rng.choice(CODES, int(lone.sum()))
            file.write(block, 1, window=((first, first + rows), (0, WIDTH)))
    return path


def _read(path: Path) -> None:
    with rasterio.open(path) as file:
        for first in range(0, HEIGHT, 512):
            file.read(1, window=((first, min(first + 512, HEIGHT)), (0, WIDTH)))


def _compare(what: str, path: Path, zones: gpd.GeoDataFrame) -> None:
    class_areas(path, zones)  # compiles
    # On a grid in degrees a pixel's area is part of the question; their sphere is near enough.
    weight = "(coverage_weight=area_spherical_m2)" if zones.crs.is_geographic else ""
    ops = ["unique", f"frac{weight}"]
    ours_s, theirs_s = measure.against(
        lambda: class_areas(path, zones), lambda: _by_exactextract(path, zones, ops)
    )
    off = max(_off_classes(path, zones.iloc[[at]]) for at in range(0, ZONES, ZONES // CHECKED))
    same = "same areas" if off <= 1e-7 else "AREAS DIFFER"
    measure.row(what, ours_s, theirs_s, f"{same}, largest difference {off:.1g}")


def _compare_means(what: str, path: Path, zones: gpd.GeoDataFrame) -> None:
    means(path, zones)  # compiles
    weight = "(coverage_weight=area_spherical_m2)" if zones.crs.is_geographic else ""
    ops = [f"{name}{weight}" for name in ("mean", "min", "max")]
    ours_s, theirs_s = measure.against(
        lambda: means(path, zones), lambda: _by_exactextract(path, zones, ops)
    )
    off = max(_off_mean(path, zones.iloc[[at]]) for at in range(0, ZONES, ZONES // CHECKED))
    same = "same means" if off <= 1e-7 else "MEANS DIFFER"
    measure.row(what, ours_s, theirs_s, f"{same}, largest difference {off:.1g}")


def _by_exactextract(path: Path, zones: gpd.GeoDataFrame, ops: list[str]) -> object:
    return exact_extract(str(path), zones, ops, include_cols=["zone_id"], output="pandas")


def _off_classes(path: Path, zone: gpd.GeoDataFrame) -> float:
    """Largest relative difference over the classes of a zone."""
    codes, area_m2 = _cells(path, zone)
    theirs_ha = np.bincount(codes, area_m2) / 1e4
    table = class_areas(path, zone)
    ours = table[table["code"] >= 0].set_index("code")["area_ha"]
    if set(ours.index) != set(np.flatnonzero(theirs_ha)):
        return np.inf
    return float(np.abs(ours.to_numpy() / theirs_ha[ours.index] - 1.0).max())


def _off_mean(path: Path, zone: gpd.GeoDataFrame) -> float:
    codes, area_m2 = _cells(path, zone)
    return abs(means(path, zone)["mean"].item() / np.average(codes, weights=area_m2) - 1.0)


def _cells(path: Path, zone: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Code of every pixel that a zone touches, and its ground there, shares by exactextract."""
    cells = _by_exactextract(path, zone, ["values", "coverage", "cell_id"]).iloc[0]
    row, column = np.divmod(cells["cell_id"], WIDTH)
    window = Strip(0, 0, HEIGHT, WIDTH)
    laid = ground(describe(path), window)
    knots_m2 = laid.of_rows(window)
    if not laid.column_step:
        return cells["values"], cells["coverage"] * knots_m2[row, 0]
    knot = np.minimum(column // laid.column_step, knots_m2.shape[1] - 2)
    share = column / laid.column_step - knot
    area_m2 = knots_m2[row, knot] * (1 - share) + knots_m2[row, knot + 1] * share
    return cells["values"], cells["coverage"] * area_m2


def _median(work) -> float:
    return sorted(measure.cpu_seconds(work) for _ in range(measure.RUNS))[measure.RUNS // 2]


def _first(path: Path, environment) -> float:
    command = [sys.executable, "-c", FIRST_CALL, str(path), "120", "29", "120.1", "29.1"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return float(done.stdout)
