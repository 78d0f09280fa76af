"""Which patch of one survey is which patch of another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from bluecarbon_map.geodesy import GeometryArray, IndexArray
from bluecarbon_map.units import FloatArray

SAME_GROUND: Final = 0.5
"""Two patches can be one if they share this part of the smaller one."""

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The patches of one survey.

    Attributes:
        ids: Id of each.
        kinds: Ecosystem and species of each.
        plane: Outline of each in the equal-area plane.
    """

    ids: Sequence[str]
    kinds: Sequence[tuple[str, str | None]]
    plane: GeometryArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Pairs of patches that share at least `SAME_GROUND` of the smaller one.

    Attributes:
        base: Row of the base survey.
        other: Row of the other one.
        area_m2: Ground they share.
    """

    base: IndexArray
    other: IndexArray
    area_m2: FloatArray


def shared_ground(base: GeometryArray, other: GeometryArray) -> Shared:
    """Pairs that share enough ground to be the same patch, or a part of it."""
    row, found = shapely.STRtree(other).query(base, predicate="intersects")
    area_m2: FloatArray = shapely.area(shapely.intersection(base[row], other[found]))
    smaller_m2 = np.minimum(shapely.area(base[row]), shapely.area(other[found]))
    enough = (area_m2 > 0.0) & (area_m2 >= SAME_GROUND * smaller_m2)
    return Shared(base=row[enough], other=found[enough], area_m2=area_m2[enough])


def matched(base: Side, other: Side, shared: Shared) -> dict[int, int]:
    """Row of the base survey → row of the other one, one to one.

    An id that stands in both is one patch, wherever it lies. Of the others, pairs of one kind come
    first, then the rest; the pair that shares most ground before those that share less.
    """
    place = {habitat: row for row, habitat in enumerate(other.ids)}
    pairs = {row: place[name] for row, name in enumerate(base.ids) if name in place}
    taken = set(pairs.values())
    alike = [
        base.kinds[a] == other.kinds[b]
        for a, b in zip(shared.base.tolist(), shared.other.tolist(), strict=True)
    ]
    order = np.lexsort((-shared.area_m2, ~np.array(alike, dtype=bool)))
    for a, b in zip(shared.base[order].tolist(), shared.other[order].tolist(), strict=True):
        if a not in pairs and b not in taken:
            pairs[a] = b
            taken.add(b)
    return pairs
