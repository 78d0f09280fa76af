"""Tiles of the patches of one large survey: how fast they are built, and how fast they come.

The patches are made up, but lie where patches would: within some kilometres of Zhejiang's real
coast, denser here than there. Every figure comes from a process of its own; the clock runs slow on
a machine with other work, CPU seconds do not. Beside it ``folium.GeoJson``, which needs all of them
in the page, with a hundredth of the patches.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks import measure, million
from benchmarks.million import PATCHES, SURVEY, VERTICES, coast_patches

BESIDE: Final = 10_000
_SEED: Final = 11
_ZOOMS: Final = {"masks": (7, 9, 11, 13), "patch by patch": (14, 15, 17)}
_TILES: Final = 60
"""Tiles a row, around patches, so that each holds something."""


def run() -> None:
    """Print the table."""
    folder = million.workspace()
    built = _in_own_process("build", folder)
    rate = PATCHES / built["cpu_s"]
    print(f"\nTiles of {PATCHES:,} patches of {VERTICES} vertices")
    print(
        f"built in {built['cpu_s']:.0f} CPU s, {built['wall_s']:.0f} s on the clock: "
        f"{rate:,.0f} patches per CPU s (target: 5,000); peak {built['gigabytes']:.2f} GB; "
        f"{built['bytes'] / 1e6:.0f} MB on disk, {built['vector_tiles']:,.0f} vector tiles"
    )
    drawn = _in_own_process("draw", folder)
    print(f"{'milliseconds':<34} {'p50':>7} {'p95':>7} {'CPU p95':>8} {'MB':>7}")
    for what, (half, most, cpu, size) in drawn["rows"].items():
        print(f"{what:<34} {half:7.1f} {most:7.1f} {cpu:8.1f} {size:7.3f}")
    print(f"peak memory while drawing {drawn['gigabytes']:.2f} GB (target: 1.5)")
    beside = _in_own_process("folium", Path("-"))
    print(
        f"folium.GeoJson, {BESIDE:,} patches: {beside['cpu_s']:.1f} CPU s and "
        f"{beside['bytes'] / 1e6:.1f} MB at every rerun"
    )
    measure.versions("folium", "pillow", "pmtiles", "shapely")


def _in_own_process(what: str, folder: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "benchmarks.patch_tiles", what, str(folder)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(answer.stdout.splitlines()[-1])


def build(folder: Path) -> dict[str, object]:
    """Build the tiles once."""
    from bluecarbon_map.reports import tiling
    from bluecarbon_map.store.places import open_store

    shutil.rmtree(folder / tiling.FOLDER, ignore_errors=True)  # of another benchmark
    begun, cpu = time.perf_counter(), time.process_time()
    built = tiling.make_tiles(open_store(folder), SURVEY)
    spent = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - begun}
    size = sum(file.stat().st_size for file in (folder / tiling.FOLDER).glob("*/*"))
    return spent | {
        "bytes": size,
        "vector_tiles": built.vector_tiles,
        "gigabytes": measure.peak_gb(),
    }


def draw(folder: Path) -> dict[str, object]:
    """Draw tiles in which there is something, none of them twice."""
    from bluecarbon_map.reports import tiling
    from bluecarbon_map.store.places import open_store
    from bluecarbon_map.tiles import vector

    opened = open_store(folder)
    made = tiling.tiles_of(opened, SURVEY)
    boxes = opened.habitat_boxes(SURVEY)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2.0
    rows = {}
    for what, zooms in _ZOOMS.items():
        for zoom in zooms:
            rows[f"picture, zoom {zoom}, {what}"] = _timed(made.draw, _some(middle, zoom))
    for zoom in vector.ZOOMS:
        rows[f"vector tile, zoom {zoom}"] = _timed(made.vector, _some(middle, zoom))
    return {"rows": rows, "gigabytes": measure.peak_gb()}


def beside(_: Path) -> dict[str, object]:
    """What the plain way costs at every rerun."""
    import folium

    layer = coast_patches(BESIDE)[["ecosystem", "geometry"]]
    cpu = time.process_time()
    ground = folium.Map((29.0, 121.5), zoom_start=8, tiles=None)
    folium.GeoJson(layer, tooltip=folium.GeoJsonTooltip(["ecosystem"])).add_to(ground)
    page = ground.get_root().render()
    return {"cpu_s": time.process_time() - cpu, "bytes": len(page.encode())}


def _some(middle: np.ndarray, zoom: int) -> list[object]:
    from bluecarbon_map.tiles import TILE_PX, Tile
    from bluecarbon_map.tiles.mercator import to_world

    rng = np.random.default_rng(_SEED)
    # Around patches picked at random, so that crowded tiles come as often as they are looked at.
    places = to_world(rng.permutation(middle)[: 20 * _TILES]) * 2**zoom / TILE_PX
    at = np.unique(places.astype(int), axis=0)
    return [Tile(zoom, int(x), int(y)) for x, y in rng.permutation(at)[:_TILES]]


def _timed(work: object, tiles: list[object]) -> tuple[float, float, float, float]:
    """Half and 95 in 100 of the tiles on the clock, CPU, in ms; the largest in MB."""
    wall_ms, cpu_ms, most = [], [], 0
    for tile in tiles:
        begun, cpu = time.perf_counter(), time.process_time()
        made = work(tile)
        wall_ms.append((time.perf_counter() - begun) * 1e3)
        cpu_ms.append((time.process_time() - cpu) * 1e3)
        most = max(most, len(made))
    half, p95 = np.percentile(wall_ms, [50, 95])
    return float(half), float(p95), float(np.percentile(cpu_ms, 95)), most / 1e6


if __name__ == "__main__":
    work = {"build": build, "draw": draw, "folium": beside}[sys.argv[1]]
    print(json.dumps(work(Path(sys.argv[2]))))
