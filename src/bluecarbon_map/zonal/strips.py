"""The work on a raster strip by strip: pixels, shares and pixel areas side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd

from bluecarbon_map.errors import RasterError
from bluecarbon_map.units import FloatArray
from bluecarbon_map.zonal import shares as pixel_shares
from bluecarbon_map.zonal.ground import Ground, ground
from bluecarbon_map.zonal.outlines import Outlines, lay, require_zones
from bluecarbon_map.zonal.raster import MOST_BYTES, Band, Pixels, Strip, opened, read
from bluecarbon_map.zonal.shares import Runs


class Piece(NamedTuple):
    """A strip of a raster.

    Attributes:
        pixels: Stored numbers, shape (rows, columns).
        runs: Their shares in the zones.
        knots_m2: Area of a pixel at the knots of each row, shape (rows, knots).
        step: Columns from knot to knot; 0 where a row has one area.
    """

    pixels: Pixels
    runs: Runs
    knots_m2: FloatArray
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Zones laid over an open raster.

    Attributes:
        band: What is read.
        outlines: The zones on it.
        zones: How many.
        ground: What its pixels cover.
    """

    band: Band
    outlines: Outlines
    zones: int
    ground: Ground
    _source: Any
    _number: int
    _strip_rows: int
    _reader: Executor

    def strips(self) -> Iterator[Piece]:
        """All strips that zones lie on."""
        for strip, pixels in read(self._source, self._number, self._cut(), self._reader):
            shares = pixel_shares.of_strip(self.outlines, strip)
            yield Piece(pixels, shares, self.ground.of_rows(strip), self.ground.column_step)

    def _cut(self) -> Iterator[Strip]:
        """The window in strips that begin at multiples of their height, as tiles do."""
        window = self.outlines.window
        high = min(self._strip_rows, max(_most_pixels() // window.columns, 1))
        bottom = window.first_row + window.rows
        for tile in range(window.first_row // high, -(-bottom // high)):
            first = max(tile * high, window.first_row)
            rows = min((tile + 1) * high, bottom) - first
            yield Strip(first, window.first_column, rows, window.columns)


def _most_pixels() -> int:
    """Of a strip, as the double numbers that values are worked out in."""
    return MOST_BYTES // 8


def _require_bounded(band: Band, window: Strip) -> None:
    """A row of pixels, and one number for each row, must fit into memory."""
    if max(window.columns, window.rows) > _most_pixels():
        raise RasterError(
            band.where,
            f"{window.columns:,} × {window.rows:,} of its pixels lie on the zones, and at most "
            f"{_most_pixels():,} in a row or a column can be read",
            "Export it with larger pixels, or cut it to the zones",
        )


@contextmanager
def work_of(
    path: Path,
    zones: gpd.GeoDataFrame,
    zone_column: str,
    band: int,
    strip_rows: int,
    require: Callable[[Band], None],
) -> Iterator[Work]:
    """Open a raster and lay zones over it.

    Args:
        path: A GeoTIFF.
        zones: Polygons.
        zone_column: Column with their ids.
        band: Band of the raster.
        strip_rows: Rows of a strip.
        require: Refuses a band of the wrong kind.

    Raises:
        InputError: If raster or zones cannot be used.
        ValueError: If a strip has no row.
    """
    if strip_rows < 1:
        raise ValueError(f"strip_rows must be 1 or more, not {strip_rows}")
    require_zones(zones, zone_column)
    with (
        opened(path, band) as (described, source),
        ThreadPoolExecutor(1, thread_name_prefix="raster") as reader,
    ):
        require(described)
        outlines = lay(zones, described)
        _require_bounded(described, outlines.window)
        yield Work(
            band=described,
            outlines=outlines,
            zones=len(zones),
            ground=ground(described, outlines.window),
            _source=source,
            _number=band,
            _strip_rows=strip_rows,
            _reader=reader,
        )
