"""Polygons made ready for drawing: thinned for each zoom and found by tile."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from bluecarbon_map.tiles.mercator import GeometryArray, Tile, shapes_to_world
from bluecarbon_map.units import FloatArray

THINNED_TO: Final = 13
"""Highest zoom with a thinned copy of its own; above it the full detail is drawn."""
_TOLERANCE_PX: Final = 0.4
_DOT_PX: Final = 2.0
"""A polygon that is smaller than this in both directions is drawn as a dot."""
_MARGIN_PX: Final = 12.0
"""Beyond the tile's edge, so that strokes along the cut do not show."""

IntArray = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What of a layer falls on one tile, in world pixels.

    Attributes:
        polygons: Polygons, cut to the tile and a margin.
        polygon_row: Row of the layer each polygon belongs to.
        dots: Places of what is too small for a polygon, shape (n, 2).
        dot_row: Row of the layer each dot belongs to.
    """

    polygons: GeometryArray
    polygon_row: IntArray
    dots: FloatArray
    dot_row: IntArray

    @property
    def empty(self) -> bool:
        """Whether nothing of the layer falls on the tile."""
        return len(self.polygons) == 0 and len(self.dots) == 0


@dataclass(frozen=True, slots=True)
class _Level:
    polygons: GeometryArray
    row: IntArray
    tree: shapely.STRtree
    dots: FloatArray
    dot_row: IntArray


def only_polygons(shapes: GeometryArray, row: IntArray) -> tuple[GeometryArray, IntArray]:
    """Polygons among the parts of shapes, with the row of each."""
    kinds = shapely.get_type_id(shapes)
    if (kinds == shapely.GeometryType.POLYGON).all() and not shapely.is_empty(shapes).any():
        return shapes, row
    parts, owner = shapely.get_parts(shapes, return_index=True)
    parts, inner = shapely.get_parts(parts, return_index=True)
    keep = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    return parts[keep], row[owner[inner]][keep]


class ShapeLayer:
    """Polygons of one layer; rows keep their order.

    Safe to draw from several threads.
    """

    def __init__(self, shapes: GeometryArray) -> None:
        """Take polygons in degrees (EPSG:4490)."""
        world = shapes_to_world(np.asarray(shapes, dtype=object))
        self._polygons, self._row = only_polygons(world, np.arange(len(world)))
        corners = shapely.bounds(self._polygons).reshape(-1, 4)
        self._extent = np.max(corners[:, 2:] - corners[:, :2], axis=1, initial=0.0)
        self._levels: dict[int, _Level] = {}
        self._lock = threading.Lock()

    def on(self, tile: Tile) -> Drawn:
        """What falls on a tile."""
        level = self._level(min(tile.z, THINNED_TO + 1))
        west, north, east, south = tile.bounds(_MARGIN_PX)
        found = np.sort(level.tree.query(shapely.box(west, north, east, south)))
        cut = shapely.clip_by_rect(level.polygons[found], west, north, east, south)
        polygons, row = only_polygons(cut, level.row[found])
        inside = (
            (level.dots[:, 0] >= west)
            & (level.dots[:, 0] <= east)
            & (level.dots[:, 1] >= north)
            & (level.dots[:, 1] <= south)
        )
        return Drawn(polygons, row, level.dots[inside], level.dot_row[inside])

    def _level(self, zoom: int) -> _Level:
        with self._lock:
            if zoom not in self._levels:
                self._levels[zoom] = self._thinned(zoom)
            return self._levels[zoom]

    def _thinned(self, zoom: int) -> _Level:
        small = self._extent * 2**zoom < _DOT_PX
        polygons, row = self._polygons[~small], self._row[~small]
        if zoom <= THINNED_TO:
            thin = shapely.simplify(polygons, _TOLERANCE_PX / 2**zoom, preserve_topology=False)
            # Thinning can fold a narrow strip away; then the strip itself is drawn.
            thin = np.where(shapely.is_empty(thin), polygons, thin)
            polygons, row = only_polygons(thin, row)
        dots = shapely.get_coordinates(shapely.centroid(self._polygons[small]))
        return _Level(polygons, row, shapely.STRtree(polygons), dots, self._row[small])
