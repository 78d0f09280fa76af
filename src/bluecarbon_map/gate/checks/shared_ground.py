"""Rows that lie on top of each other: the same twice, nearly the same, and overlaps in ha."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from bluecarbon_map.gate.checks.draft import Draft, ha, planar
from bluecarbon_map.gate.problems import Severity
from bluecarbon_map.geodesy import GeometryArray, IndexArray
from bluecarbon_map.units import FloatArray, ha_from_m2

_NEARLY: Final = 0.999
_HAIRLINE_M2: Final = 1.0
"""Two outlines of one border that differ by less are not an overlap to speak of."""

_MOST_PAIRS: Final = 5_000_000
_TRIED: Final = 32
_QUERIED: Final = 20_000
_CUT: Final = 20_000
"""Rows looked at, and pairs cut, at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairs:
    """Rows that share ground, ``first`` the earlier in the file."""

    first: IndexArray
    second: IndexArray
    area_ha: FloatArray


def ground_covered_ha(draft: Draft, area_ha: FloatArray, group: IndexArray) -> float | None:
    """Say which rows lie on top of each other, and how much ground all of them cover.

    Args:
        draft: Valid polygons in degrees.
        area_ha: Area of each row, NaN where it is left out.
        group: Rows of different groups may share ground, e.g. a city and its counties.

    Returns:
        Area of the union, in ha; None for several groups, or where it cannot be told.
    """
    twins = _name_duplicates(draft, group)
    pairs = _pairs(draft, group)
    if pairs is None:
        return None
    _name_near_duplicates(draft, pairs, area_ha, twins)
    _name_overlaps(draft, pairs)
    if len(np.unique(group[draft.there])) > 1:
        return None
    return _union_ha(draft.geometry, pairs, area_ha)


def _name_duplicates(draft: Draft, group: IndexArray) -> dict[int, int]:
    """Later row → the first one with the very same outline."""
    key = np.column_stack(
        [group, shapely.get_num_coordinates(draft.geometry), shapely.bounds(draft.geometry)]
    )
    rows = np.flatnonzero(draft.there)
    _, at, count = np.unique(key[rows], axis=0, return_inverse=True, return_counts=True)
    alike = rows[count[at] > 1]
    seen: dict[tuple[int, bytes], int] = {}
    twins: dict[int, int] = {}
    for row, text in zip(
        alike.tolist(), shapely.to_wkb(shapely.normalize(draft.geometry[alike])), strict=True
    ):
        first = seen.setdefault((int(group[row]), text), row)
        if first != row:
            twins[row] = first
    draft.name(
        list(twins),
        Severity.WARNING,
        "duplicate_geometry",
        lambda row: f"The very same outline as row {draft.numbers[twins[row]]}",
        "Leave one of the two out if they are the same patch; totals count the ground once",
    )
    return twins


def _pairs(draft: Draft, group: IndexArray) -> _Pairs | None:
    rows = np.flatnonzero(draft.there)
    tree = shapely.STRtree(draft.geometry[rows])
    if _is_a_pile(draft, tree, rows):
        return None
    first, second = _touching(tree, draft.geometry[rows], group[rows])
    first, second = rows[first], rows[second]
    area_ha = np.concatenate(
        [np.empty(0)]
        + [_shared_ha(draft.geometry, first[at : at + _CUT], second[at : at + _CUT])
           for at in range(0, len(first), _CUT)]
    )  # fmt: skip
    kept = area_ha > 0.0
    return _Pairs(first=first[kept], second=second[kept], area_ha=area_ha[kept])


def _is_a_pile(draft: Draft, tree: shapely.STRtree, rows: IndexArray) -> bool:
    """Whether so many rows lie on each other that looking at every pair would never end."""
    some = rows[:: max(len(rows) // _TRIED, 1)][:_TRIED]
    expected = len(tree.query(draft.geometry[some])[0]) / max(len(some), 1) * len(rows) / 2.0
    if expected <= _MOST_PAIRS:
        return False
    draft.say(
        Severity.ERROR,
        "overlaps_everywhere",
        f"The rows lie on top of each other everywhere (some {expected:,.0f} pairs)",
        "Give one survey a file, and one patch a row",
    )
    return True


def _touching(
    tree: shapely.STRtree, geometry: GeometryArray, group: IndexArray
) -> tuple[IndexArray, IndexArray]:
    """Pairs of one group that share more than a border."""
    found = []
    for start in range(0, len(geometry), _QUERIED):
        part = geometry[start : start + _QUERIED]
        one, other = tree.query(part, predicate="intersects")
        one = one + start
        once = (one < other) & (group[one] == group[other])
        one, other = one[once], other[once]
        inside = ~shapely.touches(geometry[one], geometry[other])
        found.append((one[inside], other[inside]))
    first = np.concatenate([one for one, _ in found]) if found else np.empty(0, dtype=np.intp)
    second = np.concatenate([two for _, two in found]) if found else np.empty(0, dtype=np.intp)
    return first, second


def _shared_ha(geometry: GeometryArray, first: IndexArray, second: IndexArray) -> FloatArray:
    """Ground that each pair shares, cut in the equal-area plane."""
    rows, at = np.unique(np.concatenate([first, second]), return_inverse=True)
    laid = planar(geometry[rows])
    one, other = laid[at[: len(first)]], laid[at[len(first) :]]
    area_m2: FloatArray = shapely.area(shapely.intersection(one, other))
    return ha_from_m2(area_m2)


def _name_near_duplicates(
    draft: Draft, pairs: _Pairs, area_ha: FloatArray, twins: dict[int, int]
) -> None:
    larger = np.maximum(area_ha[pairs.first], area_ha[pairs.second])
    near = pairs.area_ha >= _NEARLY * larger
    partner: dict[int, int] = {}
    for first, second in zip(pairs.first[near].tolist(), pairs.second[near].tolist(), strict=True):
        if second not in twins:
            partner.setdefault(second, first)
    draft.name(
        list(partner),
        Severity.WARNING,
        "near_duplicate",
        lambda row: f"At least {_NEARLY:.1%} the same ground as row {draft.numbers[partner[row]]}",
        "Leave one of the two out if they are the same patch; totals count the ground once",
    )


def _name_overlaps(draft: Draft, pairs: _Pairs) -> None:
    large = pairs.area_ha > ha_from_m2(_HAIRLINE_M2)
    if not large.any():
        return
    order = np.argsort(-pairs.area_ha, kind="stable")[: int(large.sum())]
    worst = order[0]
    first, second = draft.numbers[pairs.first[worst]], draft.numbers[pairs.second[worst]]
    total_ha = float(pairs.area_ha[large].sum())
    draft.say(
        Severity.WARNING,
        "overlap",
        f"{len(order):,} pairs of rows overlap, {ha(total_ha)} together; the largest overlap is "
        f"{ha(pairs.area_ha[worst])}, of rows {first} and {second}",
        "Totals are on the union: ground claimed twice counts once; correct the outlines if it "
        "should not be",
        len(np.union1d(pairs.first[large], pairs.second[large])),
    )


def _union_ha(geometry: GeometryArray, pairs: _Pairs, area_ha: FloatArray) -> float:
    """Sum of the areas, less what is counted twice; exact for rows that overlap in threes too."""
    twice_ha = float(pairs.area_ha.sum())
    clusters = [rows for rows in _clusters(pairs) if len(rows) > 2]
    if not clusters:
        return float(np.nansum(area_ha)) - twice_ha
    several = np.concatenate(clusters)
    laid = np.full(len(geometry), None)
    laid[several] = planar(geometry[several])
    joined = np.array([shapely.union_all(laid[rows]) for rows in clusters])
    alone_ha = float(np.nansum(area_ha)) - float(area_ha[several].sum())
    in_twos = ~np.isin(pairs.first, several)
    joined_ha = float(ha_from_m2(shapely.area(joined).sum()))
    return alone_ha - float(pairs.area_ha[in_twos].sum()) + joined_ha


def _clusters(pairs: _Pairs) -> list[IndexArray]:
    """Rows that hang together by overlaps."""
    parent: dict[int, int] = {}

    def root(row: int) -> int:
        top = row
        while parent.setdefault(top, top) != top:
            top = parent[top]
        while parent[row] != top:
            parent[row], row = top, parent[row]
        return top

    for first, second in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
        parent[root(second)] = root(first)
    members: dict[int, list[int]] = {}
    for row in parent:
        members.setdefault(root(row), []).append(row)
    return [np.array(sorted(rows), dtype=np.intp) for rows in members.values()]
