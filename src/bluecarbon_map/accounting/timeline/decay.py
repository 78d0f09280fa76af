"""Decay of disturbed carbon by its half-life."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bluecarbon_map.units import FloatArray


def left_share(years: ArrayLike, half_life_yr: ArrayLike) -> FloatArray:
    """Share of disturbed carbon that is left after some years; all of it at a half-life of 0.

    Source:
        docs/methods/11-timeline.md, eq. 11.3.
    """
    half_life = np.asarray(half_life_yr, dtype=float)
    lasting = np.where(half_life == 0, np.inf, half_life)
    left: FloatArray = 0.5 ** (np.asarray(years, dtype=float) / lasting)
    return left


def emitted_t_ha(
    disturbed_t_ha: ArrayLike, half_life_yr: ArrayLike, year_disturbed: ArrayLike, year: int
) -> FloatArray:
    """What disturbed carbon gives off in one year; the year of the disturbance is the first.

    Args:
        disturbed_t_ha: Carbon that was disturbed, in t/ha.
        half_life_yr: Its half-life, in years; 0: nothing is given off.
        year_disturbed: Year of the disturbance.
        year: The year in question, not before that.

    Returns:
        In t/ha, of that year alone.

    Source:
        InVEST user's guide, Coastal Blue Carbon; docs/methods/11-timeline.md, eq. 11.3.
    """
    elapsed = year - np.asarray(year_disturbed, dtype=float)
    lost = left_share(elapsed, half_life_yr) - left_share(elapsed + 1, half_life_yr)
    emitted: FloatArray = np.asarray(disturbed_t_ha, dtype=float) * lost
    return emitted
