"""Raster tiles of a 10-gigapixel COG, of change between two, and of a mosaic: milliseconds a tile.

The raster has 100,000 × 100,000 pixels of 10 m, stored in blocks of 512, deflated, with overviews
down to one block; a broad strip of it holds classes in patches of some ten pixels, the rest is not
surveyed and takes no room. Tiles lie in the strip, over all zooms from the whole down to single
pixels. Nothing is kept between two tiles. The file is made anew by each run, in a folder of its own
(some 50 MB), which is removed.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import rasterio
from pyproj import Transformer
from rasterio.enums import Resampling
from rasterio.transform import Affine
from rasterio.windows import Window

from benchmarks import measure
from bluecarbon_map.tiles import RasterChange, RasterLayer, Tile, empty_tile
from bluecarbon_map.tiles.raster_source import WEB_MERCATOR

AIM_P95_MS: Final = 60.0
_SIDE: Final = 100_000
_BLOCK: Final = 512
_PIXEL_M: Final = 10.0
_WEST, _NORTH = 11_200_000.0, 3_900_000.0
"""In EPSG:6933: about 116–126°E, 22–32°N."""
_CRS: Final = "EPSG:6933"
_STRIP: Final = 5
"""Half of the strip's width, in blocks."""
_ZOOMS: Final = range(5, 16)
_PER_ZOOM: Final = 16
_WORLD_M: Final = 40_075_016.685578488
_SEED: Final = 11


def run() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        before, after = (_made(Path(folder) / f"{at}.tif", at) for at in (1, 2))
        quarters = _quarters(Path(folder))
        size, taken = before.stat().st_size / 1e6, time.perf_counter() - start
        print(
            f"\nTiles of a raster of {_SIDE:,} × {_SIDE:,} pixels, {size:,.0f} MB, made in "
            f"{taken:.0f} s (target: p95 at most {AIM_P95_MS:.0f} ms)"
        )
        print(f"{'milliseconds':<34} {'tiles':>6} {'p50':>7} {'p95':>7} {'most':>7} {'CPU p95':>8}")
        layers = [RasterLayer(path, _PASSPORT) for path in (before, after)]
        mosaic = RasterLayer(quarters, _PASSPORT)
        change = RasterChange(layers[0], layers[1], (_PASSPORT, _PASSPORT))
        tiles = _tiles()
        layers[0].draw(tiles[0])  # imports
        for zoom in _ZOOMS:
            _row(f"one raster, zoom {zoom}", layers[0].draw, [t for t in tiles if t.z == zoom])
        _row("one raster, all zooms", layers[0].draw, tiles)
        _row("mosaic of 4 files, all zooms", mosaic.draw, tiles)
        _row("change of two, all zooms", change.draw, tiles)
        drawn = sum(layers[0].draw(tile) != empty_tile() for tile in tiles)
        print(f"  {drawn} of {len(tiles)} tiles hold something; from zoom {layers[0].from_zoom} on")
    measure.versions("rasterio", "rio-tiler", "numpy", "pillow")


_PASSPORT: Final = {
    "raster_id": "made", "kind": "classes", "quantity_zh": None, "unit": None,
}  # fmt: skip


def _made(path: Path, seed: int, part: tuple[int, int, int] = (0, 0, 1)) -> Path:
    """A class raster of the whole, or of one of ``parts × parts`` squares of it."""
    column, row, parts = part
    side = _SIDE // parts
    place = Affine(
        _PIXEL_M, 0, _WEST + column * side * _PIXEL_M,
        0, -_PIXEL_M, _NORTH - row * side * _PIXEL_M,
    )  # fmt: skip
    patterns = _patterns(seed)
    with rasterio.open(
        path, "w", driver="GTiff", width=side, height=side, count=1, dtype="uint8", nodata=255,
        crs=_CRS, transform=place, tiled=True, blockxsize=_BLOCK, blockysize=_BLOCK,
        compress="deflate", sparse_ok=True, bigtiff="yes",
    ) as file:  # fmt: skip
        for x, y in _strip(side, column * side - row * side):
            wide, high = min(_BLOCK, side - x), min(_BLOCK, side - y)
            block = patterns[(x // _BLOCK * 7 + y // _BLOCK) % len(patterns)][:high, :wide]
            file.write(block, 1, window=Window(x, y, wide, high))
    with rasterio.Env(SPARSE_OK_OVERVIEW="ON"), rasterio.open(path, "r+") as file:
        file.build_overviews([2**at for at in range(1, 8)], Resampling.nearest)
    return path


def _quarters(folder: Path) -> list[Path]:
    return [
        _made(folder / f"q{column}{row}.tif", 1, (column, row, 2))
        for column in (0, 1)
        for row in (0, 1)
    ]


def _strip(side: int, shift: int) -> list[tuple[int, int]]:
    """Corners of the blocks along the diagonal of the whole."""
    starts = range(0, side, _BLOCK)
    wide = _STRIP * _BLOCK
    return [(x, y) for x in starts for y in starts if abs(x - y + shift) <= wide]


def _patterns(seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    codes = np.array([0, 10, 20, 21, 80, 255], dtype=np.uint8)
    small = -(-_BLOCK // 12)
    return [
        np.kron(rng.choice(codes, (small, small)), np.ones((12, 12), np.uint8))[:_BLOCK, :_BLOCK]
        for _ in range(24)
    ]


def _tiles() -> list[Tile]:
    """Tiles along the diagonal, no two alike within a zoom."""
    way = Transformer.from_crs(_CRS, WEB_MERCATOR, always_xy=True)
    rng, found = np.random.default_rng(_SEED), []
    for zoom in _ZOOMS:
        along = rng.uniform(0.02, 0.98, 40 * _PER_ZOOM) * _SIDE * _PIXEL_M
        x, y = way.transform(_WEST + along, _NORTH - along)
        side = _WORLD_M / 2**zoom
        at = np.column_stack([x + _WORLD_M / 2, _WORLD_M / 2 - np.asarray(y)]) // side
        places = rng.permutation(np.unique(at.astype(int), axis=0))[:_PER_ZOOM]
        found += [Tile(zoom, int(column), int(row)) for column, row in places]
    return found


def _row(what: str, draw: Callable[[Tile], bytes], tiles: list[Tile]) -> None:
    taken_ms, cpu_ms = [], []
    for tile in tiles:
        cpu, start = time.process_time(), time.perf_counter()
        draw(tile)
        taken_ms.append((time.perf_counter() - start) * 1000.0)
        cpu_ms.append((time.process_time() - cpu) * 1000.0)
    half, most = np.percentile(taken_ms, [50, 95])
    cpu_most = np.percentile(cpu_ms, 95)
    print(
        f"{what:<34} {len(tiles):>6} {half:7.1f} {most:7.1f} {max(taken_ms):7.1f} {cpu_most:8.1f}",
        flush=True,
    )
