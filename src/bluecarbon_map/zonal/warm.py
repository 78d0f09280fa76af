"""Machine code made ahead, so that the first who asks does not wait for it."""

from __future__ import annotations

from typing import Final

import numpy as np

from bluecarbon_map.zonal import shares
from bluecarbon_map.zonal.outlines import Edges, Outlines
from bluecarbon_map.zonal.raster import Strip

_SIDE: Final = 2


def warm() -> None:
    """Compile or load all there is, on a grid of 2 × 2 pixels under one zone.

    It takes seconds on a new machine and a part of one afterwards; call it beside other work.
    """
    from bluecarbon_map.zonal import sums  # numba is heavy: only who asks for results pays

    strip = Strip(0, 0, _SIDE, _SIDE)
    runs = shares.of_strip(Outlines(edges=_square(), window=strip, off_m2=np.zeros(1)), strip)
    knots = np.ones((_SIDE, 1))
    for codes in (np.uint8, np.uint16):
        grid = np.zeros((_SIDE, _SIDE), codes)
        sums.add_classes(grid, runs.arrays(), knots, 0, np.zeros((1, 257)))
    for numbers in (np.float32, np.float64):
        values = np.zeros((_SIDE, _SIDE), numbers)
        sums.add_values(values, runs.arrays(), knots, 0, np.zeros((1, 3)), np.zeros((1, 2)))


def _square() -> Edges:
    """Two upright edges with all pixels between them."""
    top, bottom = np.zeros(2), np.full(2, float(_SIDE))
    sides = np.array([0.0, float(_SIDE)])
    return Edges(
        x0=sides, y0=top, x1=sides.copy(), y1=bottom, sign=np.array([1.0, -1.0]),
        zone=np.zeros(2, np.int32),
    )  # fmt: skip
