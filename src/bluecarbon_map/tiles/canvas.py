"""A tile being drawn, with Pillow, at twice its size for smooth edges."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Final

import numpy as np
import shapely
from PIL import Image, ImageDraw

from bluecarbon_map.tiles.mercator import TILE_PX, GeometryArray, Tile
from bluecarbon_map.units import FloatArray

SUPERSAMPLE: Final = 2
_DOT_STEP_PX: Final = 5.0


class Canvas:
    """Masks for one tile: white where a shape is, black elsewhere.

    Sizes are given in pixels of the finished tile.
    """

    def __init__(self, tile: Tile, margin_px: int = 0) -> None:
        """Start a drawing of a tile, and of ``margin_px`` around it."""
        self.tile = tile
        self._margin_px = margin_px
        self._origin = np.array([tile.x, tile.y], dtype=np.float64) * TILE_PX - margin_px

    def pixels(self, world: FloatArray) -> list[tuple[float, float]]:
        """World pixels, shape (n, 2), as places on the enlarged drawing."""
        places = (world * self.tile.scale - self._origin) * SUPERSAMPLE
        return [(x, y) for x, y in places.tolist()]

    def blank(self) -> Image.Image:
        """A mask without a shape."""
        side = (TILE_PX + 2 * self._margin_px) * SUPERSAMPLE
        return Image.new("L", (side, side), 0)

    def finished(self, drawing: Image.Image) -> Image.Image:
        """A drawing without its margin, at the size of a tile."""
        near = self._margin_px * SUPERSAMPLE
        far = near + TILE_PX * SUPERSAMPLE
        return shrunk(drawing.crop((near, near, far, far)))

    def filled(self, polygons: GeometryArray) -> Image.Image:
        """Polygons without their holes; larger ones first, so that an island in a lake shows."""
        mask = self.blank()
        pen = ImageDraw.Draw(mask)
        for polygon in polygons[np.argsort(-shapely.area(polygons), kind="stable")]:
            pen.polygon(self.pixels(shapely.get_coordinates(polygon.exterior)), fill=255)
            for hole in polygon.interiors:
                pen.polygon(self.pixels(shapely.get_coordinates(hole)), fill=0)
        return mask

    def stroke(self, mask: Image.Image, polygons: GeometryArray, width_px: float) -> None:
        """Add the outlines of polygons to a mask."""
        pen = ImageDraw.Draw(mask)
        width = max(1, round(width_px * SUPERSAMPLE))
        for ring in self._rings(polygons):
            pen.line(self.pixels(shapely.get_coordinates(ring)), fill=255, width=width)

    def dot(self, mask: Image.Image, places: FloatArray, radius_px: float) -> None:
        """Add round dots at places in world pixels to a mask."""
        pen = ImageDraw.Draw(mask)
        radius = radius_px * SUPERSAMPLE
        for x, y in self.pixels(places):
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)

    def dotted(self, mask: Image.Image, polygons: GeometryArray, radius_px: float) -> None:
        """Add dotted outlines of polygons to a mask."""
        step = _DOT_STEP_PX / self.tile.scale
        for ring in self._rings(polygons):
            along = np.arange(0.0, ring.length, step)
            dots = shapely.get_coordinates(shapely.line_interpolate_point(ring, along))
            self.dot(mask, dots, radius_px)

    def _rings(self, polygons: GeometryArray) -> Iterable[shapely.LinearRing]:
        rings: GeometryArray = shapely.get_rings(polygons)
        return rings


def shrunk(drawing: Image.Image) -> Image.Image:
    """The drawing at the size of a tile."""
    return drawing.resize((TILE_PX, TILE_PX), Image.Resampling.BOX)


def rgb(colour: str) -> tuple[int, int, int]:
    """``#RRGGBB`` as three numbers of 0–255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def png(drawing: Image.Image) -> bytes:
    """A drawing as a PNG file."""
    file = io.BytesIO()
    drawing.save(file, "PNG", compress_level=5)
    return file.getvalue()
