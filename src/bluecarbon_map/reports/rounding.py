"""Rounding that keeps sums: what is printed adds up to the total that is printed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bluecarbon_map.units import FloatArray


def apportion(values: Sequence[float | None], digits: int) -> list[float | None]:
    """Round parts so that they add up to their rounded sum (largest remainders).

    Args:
        values: Parts, one unit; None or NaN is unknown, stays None and counts for nothing.
        digits: Digits after the point.

    Returns:
        The parts, each off by less than one in the last digit; the known ones add up to the sum of
        the known values, rounded.
    """
    exact: FloatArray = np.array([np.nan if v is None else v for v in values], dtype=float)
    known = ~np.isnan(exact)
    steps = _whole_steps(exact[known] * 10.0**digits)
    rounded = iter((steps / 10.0**digits).tolist())
    return [next(rounded) if there else None for there in known]


def _whole_steps(exact: FloatArray) -> NDArray[np.int64]:
    floor = np.floor(exact + 1e-9)
    missing = int(np.rint(exact.sum()) - floor.sum())
    order = np.argsort(floor - exact, kind="stable")
    floor[order[:missing]] += 1
    return floor.astype(np.int64)
