"""Tiles of zone lines alone, for whoever wants them stronger than on the ground."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import shapely
from PIL import Image, ImageChops

from bluecarbon_map.tables import Level
from bluecarbon_map.tiles.base import sheet_of
from bluecarbon_map.tiles.canvas import Canvas, png, rgb, shrunk
from bluecarbon_map.tiles.habitats import empty_tile
from bluecarbon_map.tiles.mercator import Tile
from bluecarbon_map.tiles.shapes import ShapeLayer

LINE: Final = "#3E4C59"
_WIDTH_PX: Final = {Level.PROVINCE: 2.2, Level.CITY: 1.8, Level.COUNTY: 1.1}


class ZoneLines:
    """Draws the lines of the zones of one level, on land only, as the base map does."""

    def __init__(self, land: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, level: Level) -> None:
        """Take what is drawn.

        Args:
            land: Column ``geometry``, EPSG:4490.
            zones: Contract `tables.Zones`.
            level: Whose lines.
        """
        sheet = shapely.box(*sheet_of(zones))
        near = land[land.geometry.intersects(sheet)]
        self._land = ShapeLayer(near.geometry.to_numpy())
        self._zones = ShapeLayer(zones[zones["level"] == level.value].geometry.to_numpy())
        self._width_px = _WIDTH_PX[level]

    def draw(self, tile: Tile) -> bytes:
        """One tile as a PNG file with a transparent ground."""
        drawn = self._zones.on(tile)
        if drawn.empty:
            return empty_tile()
        canvas = Canvas(tile)
        lines = canvas.blank()
        canvas.stroke(lines, drawn.polygons, self._width_px)
        lines = ImageChops.multiply(lines, canvas.filled(self._land.on(tile).polygons))
        drawing = Image.new("RGBA", lines.size, (*rgb(LINE), 0))
        drawing.putalpha(lines)
        return png(shrunk(drawing))
