"""Patches × zones against ``geopandas.overlay``."""

from __future__ import annotations

import subprocess
import sys

import geopandas as gpd
import numpy as np
import shapely

from benchmarks import coast, measure
from bluecarbon_map.overlay import area_table, check_zones, intersect

ZONES = 90
LABELS = 5


def run() -> None:
    """Print the tables."""
    zones = coast.zones(ZONES)
    vertices = shapely.get_num_coordinates(zones).mean()
    measure.heading(
        f"Overlay, {ZONES} zones of {vertices:,.0f} vertices (target: 25x at 10,000 patches)",
        "geopandas",
    )
    small_s = _compare("1,000 patches", coast.patches(1_000), zones)
    _compare("10,000 patches", coast.patches(10_000), zones)
    hugging = coast.patches(10_000, at=coast.boundary_points(zones))
    _compare("10,000 patches, each on a zone boundary", hugging, zones)
    plain = coast.zones(ZONES, vertices=400)
    _compare("10,000 patches, zones of 500 vertices each", coast.patches(10_000), plain)
    measure.row("check_zones, once for a set of zones", _seconds(lambda: check_zones(zones)))
    large_s, peak_gb = _in_a_process_of_its_own(100_000)
    measure.row("100,000 patches", large_s, note=f"peak memory {peak_gb:.2f} GB (limit: 3)")
    exponent = np.log(large_s / small_s) / np.log(100.0)
    print(f"from 1,000 to 100,000 patches CPU seconds grow as patches^{exponent:.2f}")
    measure.versions("geopandas", "shapely", "numpy")


def table(patches: np.ndarray, zones: np.ndarray) -> np.ndarray:
    """Our area per zone and label, m²."""
    label = np.arange(len(patches)) % LABELS
    return area_table(intersect(patches, zones), label, len(zones), LABELS)[:-1]


def _by_geopandas(patches: np.ndarray, zones: np.ndarray) -> np.ndarray:
    label = np.arange(len(patches)) % LABELS
    left = gpd.GeoDataFrame({"label": label}, geometry=patches, crs="EPSG:3857")
    right = gpd.GeoDataFrame({"zone": np.arange(len(zones))}, geometry=zones, crs="EPSG:3857")
    both = gpd.overlay(left, right, how="intersection", keep_geom_type=True)
    total = np.zeros((len(zones), LABELS))
    np.add.at(total, (both["zone"], both["label"]), both.area)
    return total


def _compare(what: str, patches: np.ndarray, zones: np.ndarray) -> float:
    ours, theirs = table(patches, zones), _by_geopandas(patches, zones)
    off = np.abs(ours - theirs).max() / theirs.max()
    cell = np.abs(ours - theirs)[theirs > 0] / theirs[theirs > 0]
    ours_s, theirs_s = measure.against(
        lambda: table(patches, zones), lambda: _by_geopandas(patches, zones)
    )
    same = "same cells" if max(off, cell.max()) <= 1e-9 else "CELLS DIFFER"
    measure.row(what, ours_s, theirs_s, f"{same}, largest difference {cell.max():.1g}")
    return ours_s


def _seconds(work) -> float:
    return sorted(measure.cpu_seconds(work) for _ in range(measure.RUNS))[measure.RUNS // 2]


def _in_a_process_of_its_own(patches: int) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.peak", str(patches), str(ZONES)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, gigabytes = answer.stdout.split()
    return float(seconds), float(gigabytes)
