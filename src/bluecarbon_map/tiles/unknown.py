"""Tiles of the ground that a survey did not look at: hatched, for it is unknown and not empty."""

from __future__ import annotations

from functools import cache
from typing import Final

import geopandas as gpd
from PIL import Image, ImageChops, ImageDraw

from bluecarbon_map.tiles.canvas import SUPERSAMPLE, Canvas, png, rgb, shrunk
from bluecarbon_map.tiles.habitats import empty_tile
from bluecarbon_map.tiles.mercator import TILE_PX, Tile
from bluecarbon_map.tiles.shapes import ShapeLayer

HATCH: Final = "#5F6B76"
_STEP_PX: Final = 8
"""Between two lines of the hatching; a part of a tile's side, so that tiles join."""
_OPAQUE: Final = 150
_EDGE_PX: Final = 1.2


class UnknownGround:
    """Hatches the zones outside the extent of a survey, and draws the extent's edge."""

    def __init__(self, zones: gpd.GeoDataFrame, extent: gpd.GeoDataFrame) -> None:
        """Take what is drawn.

        Args:
            zones: Contract `tables.Zones`; ground in none of them stays clear.
            extent: Contract `tables.Extents`: ground that the survey looked at.
        """
        self._zones = ShapeLayer(zones.geometry.to_numpy())
        self._extent = ShapeLayer(extent.geometry.to_numpy())

    def draw(self, tile: Tile) -> bytes:
        """One tile as a PNG file with a transparent ground."""
        ground, looked = self._zones.on(tile), self._extent.on(tile)
        if ground.empty:
            return empty_tile()
        canvas = Canvas(tile)
        unknown = ImageChops.subtract(
            canvas.filled(ground.polygons), canvas.filled(looked.polygons)
        )
        ink = ImageChops.multiply(unknown, hatching())
        canvas.stroke(ink, looked.polygons, _EDGE_PX)
        drawing = Image.new("RGBA", ink.size, (*rgb(HATCH), 0))
        drawing.putalpha(ink.point([at * _OPAQUE // 255 for at in range(256)]))
        return png(shrunk(drawing))


@cache
def hatching() -> Image.Image:
    """A mask of slanting lines over a whole tile; it is shared, and never drawn on."""
    side, step = TILE_PX * SUPERSAMPLE, _STEP_PX * SUPERSAMPLE
    mask = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(mask)
    for start in range(-side, side + step, step):
        pen.line((start, side, start + side, 0), fill=255, width=SUPERSAMPLE)
    return mask
