"""Area of each class after what a check of the map found: its errors move areas both ways.

docs/methods/14-map-accuracy.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bluecarbon_map.factors.intervals import Z_975
from bluecarbon_map.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedArea:
    """Areas by the reference, shape (classes,) each, in ha.

    Attributes:
        mapped_ha: As counted on the map.
        area_ha: Adjusted for the errors found.
        se_ha: Standard error.
        low_ha: Lower end of the 95 % interval, not below 0.
        high_ha: Upper end.
        users_accuracy: Share of the mapped class that is right; NaN where nothing was checked.
        producers_accuracy: Share of the true class that is mapped; NaN where there is none.
    """

    mapped_ha: FloatArray
    area_ha: FloatArray
    se_ha: FloatArray
    low_ha: FloatArray
    high_ha: FloatArray
    users_accuracy: FloatArray
    producers_accuracy: FloatArray


def adjusted_area(confusion: ArrayLike, mapped_ha: ArrayLike) -> AdjustedArea:
    """Area-adjusted estimate from a stratified random check of the map.

    Args:
        confusion: Counts, shape (classes, classes): mapped class by row, reference by column; each
            mapped class is a stratum with at least two points.
        mapped_ha: Mapped area of each class, shape (classes,), in ha.

    Raises:
        ValueError: If shapes do not fit, a count or area is negative, or a mapped class was checked
            at fewer than two points.

    Source:
        Olofsson P. et al. 2014, Remote Sensing of Environment 148:42 (form of its eq. 9 to 11).
    """
    counts, area = np.asarray(confusion, dtype=float), np.asarray(mapped_ha, dtype=float)
    _require(counts, area)
    checked = counts.sum(axis=1)
    total = area.sum()
    weight = area / total
    share = counts / checked[:, None]
    found = weight[:, None] * share
    by_reference = found.sum(axis=0)
    variance = (weight[:, None] ** 2 * share * (1 - share) / (checked - 1)[:, None]).sum(axis=0)
    adjusted, error = total * by_reference, total * np.sqrt(variance)
    with np.errstate(invalid="ignore", divide="ignore"):
        producers = np.where(by_reference > 0, np.diag(found) / by_reference, np.nan)
    return AdjustedArea(
        mapped_ha=area,
        area_ha=adjusted,
        se_ha=error,
        low_ha=np.maximum(adjusted - Z_975 * error, 0.0),
        high_ha=adjusted + Z_975 * error,
        users_accuracy=np.diag(share).copy(),
        producers_accuracy=producers,
    )


def _require(counts: FloatArray, area: FloatArray) -> None:
    if counts.ndim != 2 or counts.shape != (area.size, area.size) or area.ndim != 1:
        raise ValueError("a confusion matrix has one row and one column for each mapped class")
    if not (np.isfinite(counts).all() and np.isfinite(area).all()):
        raise ValueError("counts and areas are finite")
    if (counts < 0).any() or (area < 0).any() or area.sum() <= 0:
        raise ValueError("counts and areas are >= 0, and there is some area")
    few = np.flatnonzero(counts.sum(axis=1) < 2)
    if few.size:
        raise ValueError(f"mapped class in row {few[0] + 1} was checked at fewer than two points")
