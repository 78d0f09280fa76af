"""Raster tiles of the embedded rasters: milliseconds on the clock and of CPU, zooms 7 to 14.

Nothing is kept between two tiles, so a second round shows what the system's file cache and the
imports of the first are worth.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from benchmarks import measure
from bluecarbon_map import reports
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.tiles import RasterLayer, Tile, empty_tile
from bluecarbon_map.tiles.mercator import TILE_PX, to_world

ZOOMS: Final = range(7, 15)
AIM_P95_MS: Final = 80.0
_PER_ZOOM: Final = 12
_AT_ONCE: Final = 4
_SEED: Final = 7


def run() -> None:
    """Print the table."""
    store = open_workspace()
    print(f"\nRaster tiles (target: p95 at most {AIM_P95_MS:.0f} ms)")
    print(f"{'milliseconds':<34} {'tiles':>6} {'p50':>7} {'p95':>7} {'most':>7} {'CPU p95':>8}")
    for raster_id in store.rasters()["raster_id"]:
        path = store.raster_path(raster_id)
        layer = RasterLayer(path, reports.raster_passport(store, raster_id))
        tiles = _some(_places(store, raster_id))
        for round_of in ("first", "second"):
            _row(f"{raster_id}, {round_of} round", *_alone(layer, tiles))
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            together = list(pool.map(lambda tile, layer=layer: _ms(layer, tile), tiles))
        _row(f"{raster_id}, {_AT_ONCE} at once", together)
        drawn = sum(layer.draw(tile) != empty_tile() for tile in tiles)
        print(f"  {drawn} of {len(tiles)} tiles hold something", flush=True)
    measure.versions("rasterio", "rio-tiler", "numpy", "pillow")


def _places(store: object, raster_id: str) -> np.ndarray:
    """Places to look at, degrees: in the patches, where somebody would look."""
    passport = reports.raster_passport(store, raster_id)
    inside = store.habitats(passport["survey_id"]).geometry.representative_point()
    if passport["kind"] == "continuous":
        found = [reports.pixel(store, raster_id, point.x, point.y) for point in inside]
        inside = inside[[one is not None for one in found]]
    return np.column_stack([inside.x, inside.y])


def _some(places: np.ndarray) -> list[Tile]:
    rng, tiles = np.random.default_rng(_SEED), []
    for zoom in ZOOMS:
        at = np.unique((to_world(places) * 2**zoom / TILE_PX).astype(int), axis=0)
        chosen = rng.permutation(at)[:_PER_ZOOM]
        tiles += [Tile(zoom, int(x), int(y)) for x, y in chosen]
    return tiles


def _ms(layer: RasterLayer, tile: Tile) -> float:
    start = time.perf_counter()
    layer.draw(tile)
    return (time.perf_counter() - start) * 1000.0


def _alone(layer: RasterLayer, tiles: list[Tile]) -> tuple[list[float], list[float]]:
    """Milliseconds on the clock and of CPU, tile by tile."""
    taken_ms, cpu_ms = [], []
    for tile in tiles:
        start = time.process_time()
        taken_ms.append(_ms(layer, tile))
        cpu_ms.append((time.process_time() - start) * 1000.0)
    return taken_ms, cpu_ms


def _row(what: str, taken_ms: list[float], cpu_ms: list[float] | None = None) -> None:
    half, most = np.percentile(taken_ms, [50, 95])
    cpu = "–" if cpu_ms is None else f"{np.percentile(cpu_ms, 95):.1f}"
    print(
        f"{what:<34} {len(taken_ms):>6} {half:7.1f} {most:7.1f} {max(taken_ms):7.1f} {cpu:>8}",
        flush=True,
    )
