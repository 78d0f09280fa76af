"""One hectare, one class: ground that several polygons claim is given to one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from bluecarbon_map.geodesy import GeometryArray, IndexArray
from bluecarbon_map.overlay.checks import require_sum, tolerance_m2
from bluecarbon_map.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlaps:
    """Ground that was claimed twice, one entry a pair.

    Attributes:
        keeper: Row that has the ground now.
        loser: Row that claimed it too.
        area_m2: How much; ground claimed by three is entered once for each that lost it.
    """

    keeper: IndexArray
    loser: IndexArray
    area_m2: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Planarised:
    """Polygons that no longer overlap.

    Attributes:
        geometry: The polygons, same order as before; empty where nothing was left.
        overlaps: Who lost how much to whom.
    """

    geometry: GeometryArray
    overlaps: Overlaps

    @property
    def overlap_m2(self) -> float:
        """Area that was counted more than once before; sums before minus sums after."""
        return float(self.overlaps.area_m2.sum())


def planarise(geometry: GeometryArray, priority: ArrayLike) -> Planarised:
    """Resolve overlaps: the smaller priority keeps the ground, among equals the earlier row.

    Args:
        geometry: Valid polygons in one equal-area plane, shape (rows,).
        priority: One number a row, 1 wins over 2.

    Returns:
        Polygons whose areas add up to the area of their union (relative 1e-9).

    Raises:
        AccountingError: If they do not add up.
    """
    keeper, loser, lost_m2 = _by_rank(*overlapping_pairs(geometry), np.asarray(priority))
    after = geometry.copy()
    for row, claims in _grouped(loser, keeper):
        after[row] = shapely.difference(geometry[row], _union(geometry[claims]))
    # Where several claim the same ground, only who has it in the end took it.
    several = np.bincount(loser, minlength=len(geometry))[loser] > 1
    taken = shapely.intersection(geometry[loser[several]], after[keeper[several]])
    lost_m2[several] = shapely.area(taken)
    kept = lost_m2 > 0.0
    overlaps = Overlaps(keeper=keeper[kept], loser=loser[kept], area_m2=lost_m2[kept])
    _check(geometry, after, float(overlaps.area_m2.sum()))
    return Planarised(geometry=after, overlaps=overlaps)


def overlapping_pairs(geometry: GeometryArray) -> tuple[IndexArray, IndexArray, FloatArray]:
    """Pairs of rows ``first < second`` that share ground, and how much, in m²."""
    first, second = shapely.STRtree(geometry).query(geometry, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    area_m2 = shapely.area(shapely.intersection(geometry[first], geometry[second]))
    shared = area_m2 > 0.0
    return first[shared], second[shared], area_m2[shared]


def _by_rank(
    first: IndexArray, second: IndexArray, area_m2: FloatArray, rank: NDArray[Any]
) -> tuple[IndexArray, IndexArray, FloatArray]:
    """Keeper, loser and area of each pair, sorted by loser; ``first`` is the earlier row."""
    first_keeps = rank[first] <= rank[second]
    keeper = np.where(first_keeps, first, second)
    loser = np.where(first_keeps, second, first)
    order = np.lexsort((keeper, loser))
    return keeper[order], loser[order], area_m2[order]


def _grouped(key: IndexArray, value: IndexArray) -> list[tuple[int, IndexArray]]:
    """Values of each key; keys are sorted."""
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    return list(zip(key[starts].tolist(), np.split(value, starts[1:]), strict=False))


def _union(polygons: GeometryArray) -> shapely.Geometry:
    return polygons[0] if len(polygons) == 1 else shapely.union_all(polygons)


def _check(before: GeometryArray, after: GeometryArray, lost_m2: float) -> None:
    whole_m2 = float(shapely.area(before).sum())
    parts_m2 = float(shapely.area(after).sum()) + lost_m2
    require_sum(parts_m2, whole_m2, float(tolerance_m2(before).sum()), "resolved overlaps")
