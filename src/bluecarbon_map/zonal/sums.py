"""The loops that add up the pixels of a strip, compiled as those of `kernels`."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bluecarbon_map.units import FloatArray
from bluecarbon_map.zonal.kernels import RunArrays, compiled, helper, reordered

_LANES: Final = 4
_SHORT_RUN: Final = 32


@helper
def _weigh(weight: FloatArray, knots: FloatArray, step: int) -> None:
    """Area of every pixel of a row, linear between its knots."""
    if step == 0:
        weight[:] = knots[0]
        return
    for k in range(len(knots) - 1):
        rise = (knots[k + 1] - knots[k]) / step
        for c in range(k * step, min((k + 1) * step, len(weight))):
            weight[c] = knots[k] + rise * (c - k * step)


@compiled
def add_classes(
    pixels: NDArray[Any], runs: RunArrays, knots: FloatArray, step: int, out: FloatArray
) -> None:
    """Add the areas of a strip's classes to ``out``, shape (zones, codes), in m²."""
    offset, zone, start, end, share = runs
    rows, width = pixels.shape
    weight = np.empty(width)
    # Tables in turn: a pixel of the same class does not wait for the one before.
    lanes = np.zeros((_LANES, out.shape[1]))
    for i in range(rows):
        first, last = offset[i], offset[i + 1]
        if first == last:
            continue
        _weigh(weight, knots[i], step)
        tallied = False
        for k in range(first, last):
            run = slice(start[k], end[k])
            table = out[zone[k]]
            if share[k] < 1.0 or end[k] - start[k] < _SHORT_RUN:
                _add(pixels[i, run], weight[run], share[k], table)
            else:
                _tally(pixels[i, run], weight[run], lanes)
                tallied = True
            if tallied and (k + 1 == last or zone[k + 1] != zone[k]):
                _empty_into(table, lanes)
                tallied = False


@helper
def _add(codes: NDArray[Any], weight: FloatArray, share: float, table: FloatArray) -> None:
    for c in range(len(codes)):
        table[codes[c]] += share * weight[c]


@helper
def _tally(codes: NDArray[Any], weight: FloatArray, lanes: FloatArray) -> None:
    even = len(codes) - len(codes) % _LANES
    for c in range(0, even, _LANES):
        lanes[0, codes[c]] += weight[c]
        lanes[1, codes[c + 1]] += weight[c + 1]
        lanes[2, codes[c + 2]] += weight[c + 2]
        lanes[3, codes[c + 3]] += weight[c + 3]
    for c in range(even, len(codes)):
        lanes[0, codes[c]] += weight[c]


@helper
def _empty_into(table: FloatArray, lanes: FloatArray) -> None:
    for code in range(len(table)):
        table[code] += lanes[0, code] + lanes[1, code] + lanes[2, code] + lanes[3, code]
    lanes[:] = 0.0


@compiled
def add_values(
    pixels: NDArray[Any],
    runs: RunArrays,
    knots: FloatArray,
    step: int,
    total: FloatArray,
    ends: FloatArray,
) -> None:
    """Add a strip's values to ``total``: m² with a value, m² without, Σ value · m²; by zone.

    ``ends`` holds the least and the greatest value met in each zone.
    """
    offset, zone, start, end, share = runs
    rows, width = pixels.shape
    weight = np.empty(width)
    for i in range(rows):
        if offset[i] == offset[i + 1]:
            continue
        _weigh(weight, knots[i], step)
        row = pixels[i]
        for k in range(offset[i], offset[i + 1]):
            at, part = zone[k], share[k]
            run = slice(start[k], end[k])
            known, unknown, value, low, high = _run(row[run], weight[run])
            total[at, 0] += part * known
            total[at, 1] += part * unknown
            total[at, 2] += part * value
            ends[at, 0] = min(ends[at, 0], low)
            ends[at, 1] = max(ends[at, 1], high)


@reordered
def _run(values: NDArray[Any], weight: FloatArray) -> tuple[float, float, float, float, float]:
    """Weight with and without a value, Σ value · weight, least and greatest value of a run."""
    known, every, value, low, high = 0.0, 0.0, 0.0, np.inf, -np.inf
    for c in range(len(values)):
        v = np.float64(values[c])
        every += weight[c]
        is_number = abs(v) < np.inf
        known += weight[c] if is_number else 0.0
        value += v * weight[c] if is_number else 0.0
        low = v if is_number and v < low else low
        high = v if is_number and v > high else high
    return known, every - known, value, low, high
