"""The loops over edges, compiled: from edges to marks in pixels, from marks to runs of pixels.

The idea is the one font rasterizers use. Every edge leaves a mark in each pixel it passes: its
*cover*, the part of the row's height that it spans there, and its *area*, twice the part of that to
the left of the edge. Along a row the covers met so far are the share of a pixel that no edge
passes; a pixel with marks has that share less what lies left of its edges. So only pixels on
outlines are ever worked out, and whole runs lie between them.

Compiled code is kept on disk, where the names of classes would outlive a change of them: so what
goes in and out are plain tuples of arrays.

Source: docs/methods/06-rasters-by-zone.md, eq. 6.1 and 6.2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from bluecarbon_map.units import FloatArray

Longs: TypeAlias = NDArray[np.int64]
Ints: TypeAlias = NDArray[np.int32]
EdgeArrays: TypeAlias = tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, Ints]
"""``x0, y0, x1, y1, sign, zone``: see `outlines.Edges`."""

MarkArrays: TypeAlias = tuple[Ints, Ints, Ints, FloatArray, FloatArray]
"""``row, zone, column, cover, area``: rows and columns of the strip."""

RunArrays: TypeAlias = tuple[Longs, Ints, Ints, Ints, FloatArray]
"""``offset, zone, start, end, share``: see `shares.Runs`."""

F = TypeVar("F", bound=Callable[..., Any])

LEFT: Final = -1
"""Stands for all columns left of the strip: what passes there still covers the row."""

_DUST: Final = 1e-9
"""Shares below this are rounding, and shares this close to 1 are whole."""


def compiled(function: F) -> F:
    """Compile at the first call, for the types met then; keep the machine code on disk."""
    try:
        return cast("F", njit(cache=True, nogil=True)(function))
    except RuntimeError:  # no folder to keep it in
        return cast("F", njit(nogil=True)(function))


def helper(function: F) -> F:
    """Compile into the functions that call it."""
    return cast("F", njit(nogil=True)(function))


def reordered(function: F) -> F:
    """As `helper`, and let sums be taken in another order, as in vectors; NaN stays NaN."""
    return cast("F", njit(nogil=True, fastmath={"reassoc", "contract", "nsz"})(function))


@compiled
def marks(edges: EdgeArrays, first_row: int, rows: int, width: int) -> MarkArrays:
    """The marks of all edges in the pixels of a strip, in the order of the edges.

    Args:
        edges: Edges that pass through its rows, columns counted from its first.
        first_row: Its first row.
        rows: How many rows.
        width: How many columns.
    """
    x0, y0, x1, y1, sign, zone = edges
    n = _count(edges, first_row, rows, width)
    ints, floats = np.empty((3, n), np.int32), np.empty((2, n))
    made = ints[0], ints[1], ints[2], floats[0], floats[1]
    n = 0
    for i in range(len(x0)):
        top, bottom = _rows(y0[i], y1[i], first_row, rows)
        for row in range(top, bottom):
            left, right, height = _in_row(x0[i], y0[i], x1[i], y1[i], row)
            before = n
            n = _mark(made, n, left, right, sign[i] * height, width)
            ints[0, before:n] = row - first_row
            ints[1, before:n] = zone[i]
    return made


@helper
def _count(edges: EdgeArrays, first_row: int, rows: int, width: int) -> int:
    """How many marks there will be."""
    x0, y0, x1, y1, _, _ = edges
    n = 0
    for i in range(len(x0)):
        top, bottom = _rows(y0[i], y1[i], first_row, rows)
        for row in range(top, bottom):
            left, right, _ = _in_row(x0[i], y0[i], x1[i], y1[i], row)
            first, last = _columns(left, right, width)
            n += max(last - first + 1, 0)
    return n


@helper
def _rows(y0: float, y1: float, first_row: int, rows: int) -> tuple[int, int]:
    """First row of a strip that an edge passes, and the row after the last."""
    return max(int(np.floor(y0)), first_row), min(int(np.ceil(y1)), first_row + rows)


@helper
def _in_row(x0: float, y0: float, x1: float, y1: float, row: int) -> tuple[float, float, float]:
    """Left end, right end and height of the part of an edge in a row."""
    slope = (x1 - x0) / (y1 - y0)
    top, bottom = max(y0, float(row)), min(y1, float(row + 1))
    upper = x0 + (top - y0) * slope
    lower = x1 if bottom == y1 else x0 + (bottom - y0) * slope
    return min(upper, lower), max(upper, lower), bottom - top


@helper
def _columns(left: float, right: float, width: int) -> tuple[int, int]:
    """First and last column that a part of an edge passes, all left of the strip as one."""
    first = int(np.floor(left))
    last = max(first, int(np.ceil(right)) - 1)
    return max(first, LEFT), min(max(last, LEFT), width - 1)


@helper
def _mark(made: MarkArrays, n: int, left: float, right: float, height: float, width: int) -> int:
    """Share the height of an edge in a row out to the columns it passes."""
    _, _, column, cover, area = made
    first, last = _columns(left, right, width)
    rest, slant = height, right - left
    for c in range(first, last + 1):
        # What is left goes to the last column, so that covers add up to the height exactly.
        a, b = max(left, float(c)) if c != LEFT else left, min(right, float(c + 1))
        part = rest if b >= right else height * (b - a) / slant
        rest -= part
        column[n], cover[n] = c, part
        area[n] = part * ((a - c) + (b - c)) if c != LEFT else 0.0
        n += 1
    return n


@compiled
def runs(made: MarkArrays, order: NDArray[np.intp], rows: int, width: int) -> RunArrays:
    """Marks as runs of pixels of one share.

    Args:
        made: The marks of a strip.
        order: Their order by row, zone and column.
        rows: How many rows it has.
        width: How many columns.
    """
    most = 2 * len(order)
    offset = np.zeros(rows + 1, np.int64)
    ints, share = np.empty((3, most), np.int32), np.empty(most)
    found = offset, ints[0], ints[1], ints[2], share
    n, j = 0, 0
    for row in range(rows):
        while j < len(order) and made[0][order[j]] == row:
            n, j = _sweep(made, order, j, width, found, n)
        offset[row + 1] = n
    return offset, ints[0, :n].copy(), ints[1, :n].copy(), ints[2, :n].copy(), share[:n].copy()


@helper
def _sweep(
    made: MarkArrays, order: NDArray[np.intp], j: int, width: int, found: RunArrays, n: int
) -> tuple[int, int]:
    """Write the runs of one zone in one row, its marks from place ``j`` of the order on.

    Gives the places after the last run and after the last mark.
    """
    row, zone, column, cover, area = made
    covered, first = 0.0, order[j]
    goes_on = True
    while goes_on:
        c, left_of_edges = column[order[j]], 0.0
        while goes_on and column[order[j]] == c:
            covered += cover[order[j]]
            left_of_edges += 0.5 * area[order[j]]
            j += 1
            goes_on = j < len(order) and row[order[j]] == row[first]
            goes_on = goes_on and zone[order[j]] == zone[first]
        if c != LEFT:
            n = _write(found, n, zone[first], c, c + 1, covered - left_of_edges)
        until = column[order[j]] if goes_on else width
        n = _write(found, n, zone[first], c + 1, until, covered)
    return n, j


@helper
def _write(found: RunArrays, n: int, owner: int, first: int, after: int, part: float) -> int:
    """Write one run, if there is anything to it."""
    _, zone, start, end, share = found
    if first >= after or part < _DUST:
        return n
    zone[n], start[n], end[n] = owner, first, after
    share[n] = part if part < 1.0 - _DUST else 1.0
    return n + 1
