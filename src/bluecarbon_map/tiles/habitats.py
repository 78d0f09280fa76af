"""Tiles of the mapped patches: coloured by ecosystem and species, the rarer drawn on top."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from bluecarbon_map.ecosystems import ECOSYSTEMS, colour
from bluecarbon_map.tables import Provenance
from bluecarbon_map.tiles.canvas import Canvas, Painting, png, rgb
from bluecarbon_map.tiles.mercator import TILE_PX, Tile
from bluecarbon_map.tiles.shapes import Drawn, ShapeLayer

_OPAQUE: Final = 230
_DEMONSTRATION_OPAQUE: Final = 150
_STROKE_PX: Final = 1.5
_DOT_RADIUS_PX: Final = 2.0
_PLAIN: Final = frozenset({"island_vegetation", "sea_water"})
"""Ecosystems that need no help to be seen; widened, they would hide the rare ones."""
_PLAIN_PX: Final = 0.6
_OUTLINE_RADIUS_PX: Final = 0.9
_OUTLINED_FROM_ZOOM: Final = 10
"""Below it a strip is as thin as its outline, and dots would be all one sees."""

BoolArray = NDArray[np.bool_]


@cache
def empty_tile() -> bytes:
    """A PNG tile on which nothing is drawn."""
    return png(Image.new("RGBA", (TILE_PX, TILE_PX), (0, 0, 0, 0)))


def _darker(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    red, green, blue = (int(part * 0.62) for part in colour)
    return red, green, blue


@dataclass(frozen=True, slots=True)
class _Style:
    ink: tuple[int, int, int]
    demonstration: bool
    plain: bool


class HabitatLayer:
    """Draws the patches of one survey.

    A patch is drawn at least as wide as its stroke, so that a strip of mangrove is seen on a map
    of the province. Demonstration patches are lighter and have a dotted outline.
    """

    def __init__(self, habitats: gpd.GeoDataFrame) -> None:
        """Take the patches of one survey, contract `tables.Habitats`."""
        self._shapes = ShapeLayer(habitats.geometry.to_numpy())
        self._ecosystem = habitats["ecosystem"].to_numpy(dtype=object)
        self._demonstration: BoolArray = (
            habitats["provenance"] == Provenance.DEMONSTRATION.value
        ).to_numpy(dtype=bool)
        self._style = np.array(
            [
                colour(ecosystem, None if pd.isna(species) else str(species))
                for ecosystem, species in zip(
                    habitats["ecosystem"], habitats["species"], strict=True
                )
            ],
            dtype=object,
        )

    def draw(
        self, tile: Tile, ecosystems: Collection[str] | None = None, *, demonstration: bool = True
    ) -> bytes:
        """One tile as a PNG file with a transparent ground.

        Args:
            tile: Which one.
            ecosystems: Keys of the ecosystems to draw; None for all.
            demonstration: Whether demonstration patches are drawn.
        """
        drawn = self._shapes.on(tile)
        shown = self._shown(ecosystems, demonstration=demonstration)
        if drawn.empty or not (shown[drawn.polygon_row].any() or shown[drawn.dot_row].any()):
            return empty_tile()
        painting, canvas = Painting(), Canvas(tile)
        for style, rows in self._groups(shown, drawn):
            self._paint(painting, canvas, drawn, rows, style)
        return png(painting.finished())

    def _shown(self, ecosystems: Collection[str] | None, *, demonstration: bool) -> BoolArray:
        shown = np.ones(len(self._ecosystem), dtype=bool)
        if ecosystems is not None:
            shown &= np.isin(self._ecosystem.astype(str), list(ecosystems))
        if not demonstration:
            shown &= ~self._demonstration
        return shown

    def _groups(self, shown: BoolArray, drawn: Drawn) -> Iterator[tuple[_Style, BoolArray]]:
        """Rows that look alike, the lowest priority first, demonstration under the real."""
        here = np.unique(np.concatenate([drawn.polygon_row, drawn.dot_row]))
        keys = {
            (-ECOSYSTEMS[self._ecosystem[i]].priority, not self._demonstration[i], self._style[i])
            for i in here[shown[here]]
        }
        for priority, real, style in sorted(keys):
            wanted = [key for key, kind in ECOSYSTEMS.items() if kind.priority == -priority]
            rows = shown & np.isin(self._ecosystem.astype(str), wanted)
            rows &= (self._style == style) & (self._demonstration != real)
            yield _Style(rgb(style), not real, _PLAIN.issuperset(wanted)), rows

    def _paint(
        self,
        painting: Painting,
        canvas: Canvas,
        drawn: Drawn,
        rows: BoolArray,
        style: _Style,
    ) -> None:
        polygons = drawn.polygons[rows[drawn.polygon_row]]
        mask = canvas.filled(polygons)
        canvas.stroke(mask, polygons, _PLAIN_PX if style.plain else _STROKE_PX)
        radius_px = _PLAIN_PX if style.plain else _DOT_RADIUS_PX
        canvas.dot(mask, drawn.dots[rows[drawn.dot_row]], radius_px)
        opaque = _DEMONSTRATION_OPAQUE if style.demonstration else _OPAQUE
        painting.lay(mask, (*style.ink, opaque))
        if style.demonstration and canvas.tile.z >= _OUTLINED_FROM_ZOOM:
            outline = canvas.blank()
            canvas.dotted(outline, polygons, _OUTLINE_RADIUS_PX)
            painting.lay(outline, (*_darker(style.ink), 255))
