"""Checks of place of the import gate against the same steps in geopandas."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks import measure
from bluecarbon_map.gate.checks.place import place
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.parsed import Parsed, Placed
from bluecarbon_map.geodesy import EQUAL_AREA_CRS

VERTICES = 41
CRS = "EPSG:4549"


def run() -> None:
    """Print the table."""
    measure.heading(
        f"Checks of place, patches of {VERTICES} vertices (target: 100,000 within 12 s)",
        "geopandas",
    )
    for count in (10_000, 100_000):
        layer = patches(count)
        ours, theirs = measure.against(
            lambda layer=layer: ours_of(layer), lambda layer=layer: by_geopandas(layer)
        )
        off = abs(ours_of(layer).area_after_ha - by_geopandas(layer))
        measure.row(f"{count:,} patches", ours, theirs, f"areas differ by {off:.1g} ha")
    command = [sys.executable, "-m", "benchmarks.place", "1000000"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, gigabytes = (float(one) for one in answer.stdout.split())
    measure.row(
        "1,000,000 patches", seconds, note=f"peak memory {gigabytes:.2f} GB, layer included"
    )
    measure.versions("geopandas", "shapely", "pyproj")


def patches(count: int, seed: int = 3) -> np.ndarray:
    """Rough rings in EPSG:4549 on a loose grid; some overlap, one in 1,000 crosses itself."""
    rng = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(count)))
    at = np.arange(count)
    middle = np.column_stack([400_000 + 300.0 * (at % side), 3_000_000 + 300.0 * (at // side)])
    middle += rng.uniform(-40, 40, middle.shape)
    angle = np.linspace(0, 2 * np.pi, VERTICES)[:-1]
    reach = rng.uniform(90, 130, (count, VERTICES - 1))
    rings = middle[:, None] + reach[..., None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    rings[::1000, [5, 20]] = rings[::1000, [20, 5]]
    return shapely.polygons(np.concatenate([rings, rings[:, :1]], axis=1))


def ours_of(layer: np.ndarray) -> Placed:
    parsed = Parsed(
        table=pd.DataFrame(index=range(len(layer))), row_numbers=list(range(1, len(layer) + 1)),
        geometry=layer, crs=CRS,
    )  # fmt: skip
    return place(parsed, Options(kind=Kind.HABITATS), None)


def by_geopandas(layer: np.ndarray) -> float:
    frame = gpd.GeoDataFrame(geometry=layer, crs=CRS).to_crs("EPSG:4490")
    frame["geometry"] = frame.make_valid()
    flat = frame.to_crs(EQUAL_AREA_CRS)
    pairs = gpd.sjoin(flat, flat, predicate="intersects")
    pairs = pairs[pairs.index < pairs["index_right"]]
    one, other = flat.geometry[pairs.index], flat.geometry[pairs["index_right"]]
    one.intersection(other, align=False).area.sum()
    return float(flat.area.sum()) / 1e4


def main(count: int) -> None:
    """Measure one size in a process of its own: CPU seconds, peak memory while at it in GB."""
    layer = patches(count)
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew
    spent = measure.cpu_seconds(lambda: ours_of(layer))
    print(spent, measure.peak_gb())


if __name__ == "__main__":
    main(int(sys.argv[1]))
