"""Tiles of a raster: classes in their colours, measurements on a ramp; what is unknown is clear."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import numpy as np

from bluecarbon_map.ecosystems import CLASS_CODES, NO_DATA_CODE, OTHER_CODE
from bluecarbon_map.tables import RasterKind
from bluecarbon_map.tiles.habitats import empty_tile
from bluecarbon_map.tiles.legends import Passport, rank, value_range
from bluecarbon_map.tiles.mercator import TILE_PX, Tile
from bluecarbon_map.tiles.palettes import CLEAR, Codes, as_png, class_palette, ramp_palette
from bluecarbon_map.tiles.raster_source import Bounds, Masked, RasterSource, ground_of

_MOST_LOOKED_AT: Final = 400_000_000
"""Pixels gone through, within a second or so, for the classes a raster has."""


def halved(codes: Codes) -> Codes:
    """Half as many rows and columns; of four pixels the one first in the order of priority stays.

    The nearest or the commonest pixel would lose a strip of mangrove within two steps. This way it
    stays, wider than it is: such a grid is for looking at, never for measuring.

    Args:
        codes: Class codes, an even number of rows and columns; an unknown code counts as no data.
    """
    to_rank, to_code = _ranks()
    ranked = to_rank[codes]
    rows = np.minimum(ranked[::2], ranked[1::2])
    kept: Codes = to_code[np.minimum(rows[:, ::2], rows[:, 1::2])]
    return kept


class RasterLayer:
    """Draws one raster, of one file or a mosaic of many; safe to use from several threads.

    A class raster is read at twice the size of the tile, from the raster or an overview with pixels
    no smaller than that, and `halved`: no class is lost between two pixels, unless the file has no
    overview that coarse. A continuous one is smoothed between pixels.

    A tile for which too many pixels or files would be read is left empty: without overviews a large
    raster is seen from near only.

    Attributes:
        from_zoom: The first zoom it is drawn at.
        classes: Whether it is a class raster.
    """

    def __init__(self, path: Path | Sequence[Path], passport: Passport, band: int = 1) -> None:
        """Look at the files, and refuse one that cannot be drawn.

        Args:
            path: GeoTIFF, or those of a mosaic, the topmost first.
            passport: Its row of `tables.Rasters`.
            band: Which band of each file.

        Raises:
            CRSMissingError: If one has no coordinate system.
            CRSMismatchError: If one lies on an old datum, or elsewhere than it says.
            RasterError: If one is no GeoTIFF, a picture, without a position, rotated, off the map,
                or without that band.
            InputError: If it is continuous and its passport names no range for its colours.
        """
        self._source = RasterSource([path] if isinstance(path, Path) else path, band)
        self._band = band
        self.classes = passport["kind"] == RasterKind.CLASSES
        self._palette = class_palette() if self.classes else ramp_palette()
        self._range = (0.0, 1.0) if self.classes else value_range(passport)
        self.from_zoom = self._source.from_zoom

    def draw(self, tile: Tile) -> bytes:
        """One tile as a PNG file; clear where the raster has no data or ends, and on other ground.

        Empty below `from_zoom`.

        Raises:
            RasterError: If the pixels cannot be read.
        """
        bounds = ground_of(tile)
        if not self.covers(tile):
            return empty_tile()
        drawn = self._coloured(bounds) if self.classes else self._steps(bounds)
        return empty_tile() if (drawn == CLEAR).all() else as_png(drawn, self._palette)

    def covers(self, tile: Tile) -> bool:
        """Whether anything of it can be on a tile."""
        return tile.z >= self.from_zoom and self._source.meets(ground_of(tile))

    def codes_on(self, bounds: Bounds) -> Codes:
        """Class codes of the pixels of a tile; no data where it has none, or ends."""
        read = self._source.codes(bounds, 2 * TILE_PX)
        held = np.ma.filled(read, NO_DATA_CODE)
        known = (held >= 0) & (held < NO_DATA_CODE)
        return halved(np.where(known, held, NO_DATA_CODE).astype(np.uint8))

    def values_on(self, bounds: Bounds) -> Masked:
        """Values of the pixels of a tile in the raster's unit; masked where it has none."""
        return np.ma.masked_invalid(self._source.values(bounds, TILE_PX))

    def _coloured(self, bounds: Bounds) -> Codes:
        codes = self.codes_on(bounds)
        codes[codes == OTHER_CODE] = CLEAR
        return codes

    def _steps(self, bounds: Bounds) -> Codes:
        """Values as steps of the ramp, 0 to 254."""
        low, high = self._range
        share = np.clip((self.values_on(bounds) - low) / (high - low), 0.0, 1.0)
        steps = np.rint(share * (CLEAR - 1))
        return np.ma.filled(steps, CLEAR).astype(np.uint8)

    @cached_property
    def codes(self) -> frozenset[int] | None:
        """Of a class raster, the codes 0–255 it holds; None of another, or where it is too large.

        Raises:
            RasterError: If the pixels cannot be read.
        """
        source = self._source
        one = (source.files, self._band) == (1, 1)
        if not self.classes or not one or source.pixels > _MOST_LOOKED_AT:
            return None
        from bluecarbon_map.zonal.views import codes_in

        return codes_in(source.path)


@cache
def _ranks() -> tuple[Codes, Codes]:
    """From code to rank and back; other ground comes after all classes, no data last."""
    ordered = [*sorted(CLASS_CODES, key=rank), OTHER_CODE, NO_DATA_CODE]
    to_rank = np.full(256, len(ordered) - 1, dtype=np.uint8)
    to_rank[ordered] = np.arange(len(ordered))
    return to_rank, np.array(ordered, dtype=np.uint8)
