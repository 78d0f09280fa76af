"""A tile being drawn, with Pillow, at twice its size for smooth edges."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bluecarbon_map.tiles.mercator import TILE_PX, GeometryArray, Tile
from bluecarbon_map.units import FloatArray

SUPERSAMPLE: Final = 2
_DOT_STEP_PX: Final = 5.0
_HALF_A_PIXEL: Final = 0.4
"""A pixel belongs to a dot when nearly half of it does."""


class Canvas:
    """Masks for one tile: white where a shape is, black elsewhere.

    Sizes are given in pixels of the finished tile.
    """

    def __init__(self, tile: Tile, margin_px: int = 0) -> None:
        """Start a drawing of a tile, and of ``margin_px`` around it."""
        self.tile = tile
        self._margin_px = margin_px
        self._origin = np.array([tile.x, tile.y], dtype=np.float64) * TILE_PX - margin_px

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
        by_size = polygons[np.argsort(-shapely.area(polygons), kind="stable")]
        rings, owner = shapely.get_rings(by_size, return_index=True)
        hole = np.append(False, owner[1:] == owner[:-1])[: len(rings)]
        for line, inner in zip(self._lines(rings), hole.tolist(), strict=True):
            pen.polygon(line, fill=0 if inner else 255)
        return mask

    def stroke(self, mask: Image.Image, polygons: GeometryArray, width_px: float) -> None:
        """Add the outlines of polygons to a mask."""
        pen = ImageDraw.Draw(mask)
        width = max(1, round(width_px * SUPERSAMPLE))
        for line in self._lines(shapely.get_rings(polygons)):
            pen.line(line, fill=255, width=width)

    def dot(self, mask: Image.Image, places: FloatArray, radius_px: float) -> None:
        """Add round dots at places in world pixels to a mask."""
        if len(places) == 0:
            return
        disc = _disc(radius_px * SUPERSAMPLE)
        middle = np.rint((places * self.tile.scale - self._origin) * SUPERSAMPLE).astype(np.int64)
        at = (middle[:, None, :] + disc[None, :, :]).reshape(-1, 2)
        width, height = mask.size
        inside = (at >= 0).all(axis=1) & (at[:, 0] < width) & (at[:, 1] < height)
        ink = np.asarray(mask).copy()
        ink[at[inside, 1], at[inside, 0]] = 255
        mask.paste(Image.fromarray(ink))

    def dotted(self, mask: Image.Image, polygons: GeometryArray, radius_px: float) -> None:
        """Add dotted outlines of polygons to a mask."""
        step = _DOT_STEP_PX / self.tile.scale
        rings = shapely.get_rings(polygons)
        count = np.ceil(shapely.length(rings) / step).astype(np.int64)
        nth = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        dots = shapely.line_interpolate_point(np.repeat(rings, count), nth * step)
        self.dot(mask, shapely.get_coordinates(dots), radius_px)

    def _lines(self, rings: GeometryArray) -> Iterator[list[float]]:
        """Each ring as x, y, x, y … on the enlarged drawing."""
        places, ring = shapely.get_coordinates(rings, return_index=True)
        at = (places * self.tile.scale - self._origin) * SUPERSAMPLE
        flat: list[float] = at.ravel().tolist()
        ends = 2 * np.cumsum(np.bincount(ring, minlength=len(rings)))
        start = 0
        for end in ends.tolist():
            yield flat[start:end]
            start = end


class Painting:
    """Masks of one tile laid over each other, each in one ink that hides what lies below.

    A mask is all or nothing, so that a pixel needs to know the number of its ink only.
    """

    def __init__(self) -> None:
        """Start without a pixel inked."""
        self._inks = [(0, 0, 0, 0)]
        side = TILE_PX * SUPERSAMPLE
        self._number = np.zeros((side, side), dtype=np.uint16)

    def lay(self, mask: Image.Image, ink: tuple[int, int, int, int]) -> None:
        """Lay a mask of `Canvas` on top; ``ink`` is red, green, blue and how opaque, 0–255."""
        self._number[np.asarray(mask) > 0] = len(self._inks)
        self._inks.append(ink)

    def finished(self) -> Image.Image:
        """The painting at the size of a tile, smooth at its edges."""
        inks = np.array(self._inks, dtype=np.uint8).view(np.uint32).ravel()  # one word each
        painted = inks[self._number].view(np.uint8).reshape(*self._number.shape, 4)
        return shrunk(Image.fromarray(painted))


@cache
def _disc(radius: float) -> NDArray[np.int64]:
    """Columns and rows of the pixels of a round dot, from its middle; shape (n, 2)."""
    reach = int(np.ceil(radius + _HALF_A_PIXEL))
    column, row = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
    inside = column**2 + row**2 <= (radius + _HALF_A_PIXEL) ** 2
    return np.column_stack([column[inside], row[inside]]).astype(np.int64)


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
