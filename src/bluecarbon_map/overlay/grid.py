"""The zones drawn once on a grid, so that most patches need no geometry test.

A cell is *touched* when a zone boundary passes through it or within a hair of it; every other cell
lies wholly in one zone or in none. A patch whose bounding box meets no touched cell lies wholly in
the zone of any of its cells. A summed-area table answers that for all patches at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from bluecarbon_map.geodesy import GeometryArray, IndexArray
from bluecarbon_map.units import FloatArray

IntGrid = NDArray[np.int32]

OUTSIDE_ZONE: Final = -1
"""Index that stands for ground in no zone."""

_HAIR: Final = 1e-6
"""Margin around an edge in cells: far above the rounding of a coordinate, far below a cell."""

_CELLS_A_BLOCK: Final = 50_000
_LEAST_CELLS, _MOST_CELLS = 64, 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edges:
    """Edges of the zones in units of cells, from (x0, y0) to (x1, y1) with y0 <= y1."""

    x0: FloatArray
    y0: FloatArray
    x1: FloatArray
    y1: FloatArray
    zone: IndexArray

    def blocks(self) -> Iterator[_Edges]:
        """The same in runs that fit the processor's cache."""
        cells = np.cumsum(np.abs(self.x1 - self.x0) + (self.y1 - self.y0) + 1.0)
        ends = [*(np.flatnonzero(np.diff(cells // _CELLS_A_BLOCK)) + 1).tolist(), len(cells)]
        for run in map(slice, [0, *ends[:-1]], ends):
            yield _Edges(
                x0=self.x0[run],
                y0=self.y0[run],
                x1=self.x1[run],
                y1=self.y1[run],
                zone=self.zone[run],
            )

    def x_at(self, edge: IndexArray, y: FloatArray) -> FloatArray:
        """Where the edges named pass the height ``y``, held to their ends.

        A level edge is passed from its one end to the other: at its start up to its own height, at
        its end above.
        """
        above = y - self.y0[edge]
        rise = self.y1[edge] - self.y0[edge]
        level = (above > 0.0).astype(np.float64)
        along = np.divide(above, rise, out=level, where=rise > 0.0)
        return self.x0[edge] + np.clip(along, 0.0, 1.0) * (self.x1[edge] - self.x0[edge])


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneGrid:
    """See the module.

    Attributes:
        west_m: Left edge.
        south_m: Lower edge.
        cell_m: Side of a cell.
        zone: Zone of each untouched cell, -1 for none, shape (rows, columns), south first.
        touched_before: Touched cells south and west of each corner, shape (rows + 1, columns + 1).
        crowded: Whether two zones were seen on the same ground.
    """

    west_m: float
    south_m: float
    cell_m: float
    zone: IntGrid
    touched_before: IntGrid
    crowded: bool

    def zone_of_boxes(self, bounds_m: FloatArray) -> tuple[IndexArray, NDArray[np.bool_]]:
        """Zone of the ground under boxes, and whether no boundary comes near them.

        Args:
            bounds_m: West, south, east, north of each box, shape (boxes, 4).

        Returns:
            Zone index of each box (meaningful where the second is true), and that second.
        """
        rows, columns = self.zone.shape
        column0, column1 = self._cells(bounds_m[:, [0, 2]], self.west_m, columns)
        row0, row1 = self._cells(bounds_m[:, [1, 3]], self.south_m, rows)
        table = self.touched_before
        touched = table[row1 + 1, column1 + 1] - table[row0, column1 + 1]
        touched += table[row0, column0] - table[row1 + 1, column0]
        return self.zone[row0, column0].astype(np.intp), touched == 0

    def _cells(self, span_m: FloatArray, start_m: float, count: int) -> IndexArray:
        # Beyond the grid there is no zone; its outermost cells are untouched and say so.
        index = np.floor((span_m - start_m) / self.cell_m)
        return np.clip(index, 0, count - 1).astype(np.intp).T


def draw_grid(zones: GeometryArray, bounds_m: FloatArray) -> ZoneGrid:
    """Draw zones on a grid as fine as the boxes to be looked up make worth while.

    Args:
        zones: Polygons in one plane, shape (zones,).
        bounds_m: West, south, east, north of each box, shape (boxes, 4).
    """
    west, south, east, north = (float(v) for v in shapely.total_bounds(zones))
    cell = _cell_size_m(max(east - west, north - south), bounds_m)
    west, south = west - cell, south - cell
    shape = int((north - south) / cell) + 3, int((east - west) / cell) + 3
    edges = _edges(zones, west, south, cell)
    zone, crowded = _paint(edges, shape)
    touched = _touched(edges, shape)
    return ZoneGrid(
        west_m=west, south_m=south, cell_m=cell,
        zone=zone, touched_before=_summed(touched), crowded=crowded,
    )  # fmt: skip


def _cell_size_m(extent_m: float, bounds_m: FloatArray) -> float:
    boxes = len(bounds_m)
    finest = min(_MOST_CELLS, max(_LEAST_CELLS, int(16 * np.sqrt(boxes))))
    side = np.median(bounds_m[:, 2:] - bounds_m[:, :2]) if boxes else extent_m
    return float(np.clip(0.5 * side, extent_m / finest, extent_m / _LEAST_CELLS))


def _edges(zones: GeometryArray, west: float, south: float, cell: float) -> _Edges:
    parts, part_zone = shapely.get_parts(zones, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    x, y = (xy[:, 0] - west) / cell, (xy[:, 1] - south) / cell
    start = np.flatnonzero(ring[:-1] == ring[1:])
    rises = y[start] <= y[start + 1]
    low, high = np.where(rises, start, start + 1), np.where(rises, start + 1, start)
    zone = part_zone[ring_part[ring[start]]]
    return _Edges(x0=x[low], y0=y[low], x1=x[high], y1=y[high], zone=zone)


def _spread(first: IndexArray, last: IndexArray) -> tuple[IndexArray, IndexArray]:
    """Every number from ``first`` to ``last`` (both in), and the place each came from."""
    count = np.maximum(last - first + 1, 0)
    source = np.repeat(np.arange(len(count)), count)
    before = np.cumsum(count) - count
    return source, np.arange(len(source)) - before[source] + first[source]


def _touched(edges: _Edges, shape: tuple[int, int]) -> NDArray[np.bool_]:
    touched = np.zeros(shape, bool)
    flat, columns = touched.ravel(), shape[1]
    for block in edges.blocks():
        first = np.floor(block.y0 - _HAIR).astype(np.intp)
        edge, row = _spread(first, np.floor(block.y1 + _HAIR).astype(np.intp))
        floor = row.astype(np.float64)
        low = block.x_at(edge, floor - _HAIR)
        high = block.x_at(edge, floor + (1.0 + _HAIR))
        left = np.floor(np.minimum(low, high) - _HAIR).astype(np.intp)
        right = np.floor(np.maximum(low, high) + _HAIR).astype(np.intp)
        flat[row * columns + left] = True
        wide = np.flatnonzero(right > left)
        at, column = _spread(left[wide] + 1, right[wide])
        flat[row[wide[at]] * columns + column] = True
    return touched


def _summed(touched: NDArray[np.bool_]) -> IntGrid:
    rows, columns = touched.shape
    table = np.zeros((rows + 1, columns + 1), np.int32)
    inner = table[1:, 1:]
    np.cumsum(touched, axis=0, dtype=np.int32, out=inner)
    np.cumsum(inner, axis=1, out=inner)
    return table


def _paint(edges: _Edges, shape: tuple[int, int]) -> tuple[IntGrid, bool]:
    """Zone at the centre of each cell, and whether two zones hold the same ground.

    Where a row's centre line enters and leaves a zone, in order, are the ends of its runs.
    """
    rows, columns = shape
    row, zone, x = _crossings(edges)
    order = np.argsort((row * (zone.max(initial=0) + 1.0) + zone) * (columns + 1.0) + x)
    enters, leaves = order[0::2], order[1::2]
    step = np.zeros(rows * (columns + 1), np.int32)
    base, mark = row[enters] * (columns + 1), zone[enters] + 1
    np.add.at(step, base + np.ceil(x[enters] - 0.5).astype(np.intp), mark)
    np.add.at(step, base + np.ceil(x[leaves] - 0.5).astype(np.intp), -mark)
    grid = np.cumsum(step.reshape(rows, columns + 1), axis=1, dtype=np.int32)
    crowded = _overlapping(base + x[enters], base + x[leaves])
    return grid[:, :-1] - 1, crowded


def _crossings(edges: _Edges) -> tuple[IndexArray, IndexArray, FloatArray]:
    """Row, zone and place of each crossing of a boundary with a centre line of cells."""
    found = []
    for block in edges.blocks():
        first = np.ceil(block.y0 - 0.5).astype(np.intp)
        edge, row = _spread(first, np.ceil(block.y1 - 0.5).astype(np.intp) - 1)
        found.append((row, block.zone[edge], block.x_at(edge, row.astype(np.float64) + 0.5)))
    row, zone, x = (np.concatenate(values) for values in zip(*found, strict=True))
    return row, zone, x


def _overlapping(start: FloatArray, end: FloatArray) -> bool:
    wide = end - start > _HAIR
    start, end = start[wide], end[wide]
    order = np.argsort(start)
    return bool((start[order][1:] < end[order][:-1] - _HAIR).any())
