"""Is it where it should be: the null island, the workspace's region, a datum of a map service."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from bluecarbon_map.gate.checks.draft import Draft, Mask
from bluecarbon_map.gate.checks.shift import ShiftFinding, fitting, shift_of
from bluecarbon_map.gate.parsed import Parsed, Region
from bluecarbon_map.gate.problems import Severity
from bluecarbon_map.geodesy import GeometryArray, geodesic_length_m
from bluecarbon_map.geodesy.datum import Datum
from bluecarbon_map.units import km_from_m

_AROUND_DEG: Final = 0.2
"""How far from the region's outline a row may lie: some 20 km, for what lies in its sea."""

_STEP_DEG: Final = 0.05
_NULL_DEG: Final = 1e-6
_MOST_MEASURED: Final = 2_000
_OF_A_MAP_SERVICE: Final = frozenset(
    {"adcode", "acroutes", "centroid", "center", "childrennum", "subfeatureindex"}
)
"""Columns that boundaries of Aliyun DataV and AMap carry; two of them make a pattern."""


def leave_out_null_island(draft: Draft) -> None:
    """Rows at longitude 0, latitude 0: there is a missing place behind that, not a place."""
    bounds = shapely.bounds(draft.geometry)
    draft.leave_out(
        draft.there & (np.abs(bounds).max(axis=1) < _NULL_DEG),
        Severity.WARNING,
        "null_island",
        "It lies at longitude 0, latitude 0: its coordinates are missing",
        "The row was left out; give its coordinates",
    )


def check_region(draft: Draft, region: Region | None) -> None:
    """Warn of rows away from the workspace's region."""
    if region is None or not draft.there.any():
        return
    border = shapely.points(shapely.get_coordinates(shapely.segmentize(region.outline, _STEP_DEG)))
    away = draft.there & ~_lies_in(draft.geometry, region, border)
    if not away.any():
        return
    rows = np.flatnonzero(away)
    some = shapely.point_on_surface(draft.geometry[rows[:: len(rows) // _MOST_MEASURED + 1]])
    nearest = border[shapely.STRtree(border).nearest(some)]
    far_km = km_from_m(geodesic_length_m(shapely.shortest_line(some, nearest)))
    swapped = shapely.transform(draft.geometry[rows], lambda xy: xy[:, ::-1])
    hint = (
        "; with longitude and latitude swapped they would lie inside"
        if _lies_in(swapped, region, border).all()
        else ""
    )
    draft.say(
        Severity.WARNING,
        "outside_region",
        f"{len(rows):,} of {int(draft.there.sum()):,} rows lie outside {region.name_zh} "
        f"({region.name_en}), up to {far_km.max():,.0f} km away; first: row "
        f"{draft.numbers[rows[0]]}{hint}",
        "Check the coordinate system, and the order of longitude and latitude",
        len(rows),
    )


def _lies_in(geometry: GeometryArray, region: Region, border: GeometryArray) -> Mask:
    """Which rows lie in the region or beside its border: squares around it, a buffer is slow."""
    cells = np.unique(np.floor(shapely.get_coordinates(border) / _STEP_DEG), axis=0) * _STEP_DEG
    low, high = cells - _AROUND_DEG, cells + _STEP_DEG + _AROUND_DEG
    beside = shapely.union_all(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
    shapely.prepare([beside, region.outline])
    inside: Mask = shapely.intersects(beside, geometry)
    inside[~inside] = shapely.intersects(region.outline, geometry[~inside])
    return inside


def check_shift(draft: Draft, parsed: Parsed, datum: str | None, region: Region | None) -> None:
    """Say whether the rows look shifted to a map service's datum, or not shifted as was said.

    Args:
        draft: Rows in degrees, as the file has them.
        parsed: The file, for its columns.
        datum: What the user said they lie in.
        region: With the land to compare with.
    """
    geometry = draft.geometry[draft.there]
    if datum is not None:
        fit = fitting(geometry, region)
        if fit is not None and fit.datum != datum:
            _doubt(draft, datum, fit.datum)
        return
    finding = shift_of(geometry, region)
    if finding is not None:
        _suspect(draft, finding)
    elif len(named := _service_columns(parsed)) > 1:
        draft.say(
            Severity.WARNING,
            "datum_of_a_service",
            f"Its columns ({', '.join(sorted(named))}) are those of a map service whose "
            "boundaries lie in GCJ-02, some 540 m off",
            "Ask whoever gave the file; if so, import it with datum gcj02",
        )


def _doubt(draft: Draft, datum: str, found: Datum | None) -> None:
    looks = found.value if found is not None else "not shifted"
    draft.say(
        Severity.WARNING,
        "datum_doubtful",
        f"It was said to lie in {datum[:40]}; beside the coast of the base map it looks {looks}",
        "Import it without that datum, or see on the map that the conversion is right",
    )


def _suspect(draft: Draft, finding: ShiftFinding) -> None:
    name = "GCJ-02" if finding.datum is Datum.GCJ02 else "BD-09"
    draft.say(
        Severity.WARNING,
        f"datum_{finding.datum.value}",
        f"It looks shifted by about {finding.mean_m:.0f} m ({finding.least_m:.0f} to "
        f"{finding.most_m:.0f} m), as coordinates in {name} are: {finding.vertices:,} vertices "
        f"lie {finding.off_m:.0f} m from the coast, moved back {finding.left_m:.0f} m (medians)",
        f"Convert? Import it with datum {finding.datum.value}, or go on if it lies right",
        int(draft.there.sum()),
    )


def _service_columns(parsed: Parsed) -> set[str]:
    return {str(column) for column in parsed.table.columns
            if str(column).casefold() in _OF_A_MAP_SERVICE}  # fmt: skip
