"""Tiles of what became of ground between two surveys: gain, loss, kept, changed, unknown."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import ImageChops

from bluecarbon_map.change import Ground
from bluecarbon_map.tiles.canvas import Canvas, Painting, png, rgb
from bluecarbon_map.tiles.habitats import empty_tile
from bluecarbon_map.tiles.mercator import Tile
from bluecarbon_map.tiles.shapes import Drawn, ShapeLayer
from bluecarbon_map.tiles.unknown import HATCH, hatching

GROUND_INKS: Final = {
    Ground.KEPT: "#9AA7B0",
    Ground.CHANGED: "#6A5ACD",
    Ground.GAIN: "#1B9E77",
    Ground.LOSS: "#D95F02",
    Ground.UNKNOWN: HATCH,
}
"""From the bottom up; unknown ground is hatched. Apart for any kind of sight: `test_palette`."""

_OPAQUE: Final = 235
_DEMONSTRATION_OPAQUE: Final = 165
_STROKE_PX: Final = 1.5
_KEPT_PX: Final = 0.6
"""What stayed needs no help to be seen; widened, it would hide what did not."""
_DOT_PX: Final = 2.0

BoolArray = NDArray[np.bool_]
Became = Callable[[pd.DataFrame, str | None], "pd.Series[str]"]


class GroundLayer:
    """Draws the ground of two surveys; safe to use from several threads.

    Change lies above what stayed, and is drawn at least as wide as its stroke. Demonstration data
    are lighter.
    """

    def __init__(self, pieces: gpd.GeoDataFrame, became: Became) -> None:
        """Take what is drawn.

        Args:
            pieces: Ground in degrees, columns ``change.WAY`` and ``demonstration``.
            became: Tells of such a table what became of each row, for one ecosystem or for all.
        """
        self._pieces = pd.DataFrame(pieces.drop(columns="geometry"))
        self._invented: BoolArray = self._pieces["demonstration"].to_numpy(dtype=bool)
        self._shapes = ShapeLayer(pieces.geometry.to_numpy())
        self._ask = became
        self._told: dict[str | None, NDArray[np.object_]] = {}
        self._lock = threading.Lock()

    def draw(self, tile: Tile, ecosystem: str | None = None) -> bytes:
        """One tile as a PNG file with a transparent ground.

        Args:
            tile: Which one.
            ecosystem: Gain and loss of this one; None for mapped ground of any kind.
        """
        drawn, told = self._shapes.on(tile), self._what(ecosystem)
        if drawn.empty:
            return empty_tile()
        painting, canvas = Painting(), Canvas(tile)
        for kind in Ground if len(told) else ():
            for invented in (True, False):
                rows = (told == kind) & (self._invented == invented)
                if rows[drawn.polygon_row].any() or rows[drawn.dot_row].any():
                    _paint(painting, canvas, drawn, rows, kind, invented=invented)
        return png(painting.finished())

    def _what(self, ecosystem: str | None) -> NDArray[np.object_]:
        with self._lock:
            if ecosystem not in self._told:
                self._told[ecosystem] = self._ask(self._pieces, ecosystem).to_numpy(dtype=object)
            return self._told[ecosystem]


def _paint(
    painting: Painting,
    canvas: Canvas,
    drawn: Drawn,
    rows: BoolArray,
    kind: Ground,
    *,
    invented: bool,
) -> None:
    polygons = drawn.polygons[rows[drawn.polygon_row]]
    kept = kind is Ground.KEPT
    mask = canvas.filled(polygons)
    if kind is Ground.UNKNOWN:
        mask = ImageChops.multiply(mask, hatching())
    canvas.stroke(mask, polygons, _KEPT_PX if kept else _STROKE_PX)
    canvas.dot(mask, drawn.dots[rows[drawn.dot_row]], _KEPT_PX if kept else _DOT_PX)
    painting.lay(mask, _ink(kind, _DEMONSTRATION_OPAQUE if invented else _OPAQUE))


@cache
def _ink(kind: Ground, opaque: int) -> tuple[int, int, int, int]:
    return (*rgb(GROUND_INKS[kind]), opaque)
