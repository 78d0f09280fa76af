"""Where the rows of a file lie: system, range, datum, outline, region, and ground claimed twice.

Areas are taken in the equal-area plane, as everywhere (docs/methods/01-area.md).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from bluecarbon_map.gate.checks import mending
from bluecarbon_map.gate.checks.draft import Draft, Mask, blocks, ha, planar
from bluecarbon_map.gate.checks.shapes import (
    drop_heights,
    is_small_enough,
    keep_points,
    keep_polygons,
    leave_out_nothing,
)
from bluecarbon_map.gate.checks.shared_ground import ground_covered_ha
from bluecarbon_map.gate.checks.shift import moved_m
from bluecarbon_map.gate.checks.system import to_degrees
from bluecarbon_map.gate.checks.whereabouts import check_region, check_shift, leave_out_null_island
from bluecarbon_map.gate.columns import match_columns
from bluecarbon_map.gate.findings import Findings
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.parsed import Parsed, Placed, Region
from bluecarbon_map.gate.problems import Severity
from bluecarbon_map.gate.texts import folded
from bluecarbon_map.gate.vocabulary import LEVEL_WORDS
from bluecarbon_map.geodesy import IndexArray
from bluecarbon_map.units import M2_PER_HA, FloatArray, ha_from_m2

_WITH_OUTLINES: Final = {Kind.HABITATS: "survey_id", Kind.ZONES: "level"}
"""Kinds whose rows are polygons, with the column of which each value covers the ground alone."""

_SLIVER_M: Final = 1.0
"""Mean width, twice the area by the length of the outline, below which a row is a sliver."""


def place(parsed: Parsed, options: Options, region: Region | None) -> Placed:
    """Bring the geometry of a file to EPSG:4490, valid and two-dimensional, and say what was found.

    Args:
        parsed: The file as its parser read it; nothing of it is changed.
        options: What the user says: the system where the file states none, and the datum.
        region: Where the workspace lies; without it neither region nor shift is checked.
    """
    rows = len(parsed.table)
    geometry = np.full(rows, None) if parsed.geometry is None else np.array(parsed.geometry)
    draft = Draft(geometry, parsed.row_numbers)
    if not _found(draft, parsed, options):
        draft.geometry[:] = None
        return _placed(draft, np.full(rows, np.nan), np.full(rows, np.nan), None)
    check_shift(draft, parsed, options.datum, region)
    has_outlines = options.kind in _WITH_OUTLINES
    unknown = np.full(rows, np.nan)
    before_ha, after_ha = _outlined(draft, options) if has_outlines else (unknown, unknown)
    if not has_outlines and options.datum is not None:
        mending.convert_datum(draft, options.datum, moved_m)
    check_region(draft, region)
    union_ha = None
    if has_outlines and draft.there.any():
        union_ha = ground_covered_ha(draft, after_ha, _groups(parsed, options))
    return _placed(draft, before_ha, after_ha, union_ha)


def _found(draft: Draft, parsed: Parsed, options: Options) -> bool:
    """Whether the rows could be brought to degrees, heights dropped, of the kind wanted."""
    if parsed.geometry is None:
        draft.say(
            Severity.ERROR,
            "geometry_absent",
            "The file holds no geometry",
            "Give a map layer, or columns with longitude and latitude",
        )
        return False
    leave_out_nothing(draft)
    if not is_small_enough(draft):
        return False
    drop_heights(draft)
    if not draft.there.any():
        return True
    if not to_degrees(draft, parsed, options):
        return False
    mending.mend_range(draft)
    leave_out_null_island(draft)
    if options.kind in _WITH_OUTLINES:
        keep_polygons(draft)
    else:
        keep_points(draft)
    return True


def _outlined(draft: Draft, options: Options) -> tuple[FloatArray, FloatArray]:
    """Outlines mended; area of each row as drawn and as it is then, in ha, NaN where left out."""
    before_ha, length_m, sound = _measured(draft)
    after_ha = before_ha.copy()
    long = mending.mend_antimeridian(draft)
    if options.datum is not None:
        mending.convert_datum(draft, options.datum, moved_m)
        changed = draft.there
    else:
        changed = long | (draft.there & ~sound)
    if changed.any():
        planes = np.full(len(draft.geometry), None)
        planes[changed] = planar(draft.geometry[changed])
        mending.mend_outlines(draft, planes, changed, before_ha)
        after_ha[changed] = ha_from_m2(shapely.area(planes[changed]))
        length_m[changed] = shapely.length(planes[changed])
    _leave_out_lines(draft, after_ha)
    _name_slivers(draft, after_ha, length_m)
    left_out = ~draft.there
    before_ha[left_out], after_ha[left_out] = np.nan, np.nan
    return before_ha, after_ha


def _measured(draft: Draft) -> tuple[FloatArray, FloatArray, Mask]:
    """Area in ha and length of the outline in m of each row, and whether it is valid as it is.

    In degrees, as it is stored, and in the plane, where it will be cut.
    """
    rows = len(draft.geometry)
    area_m2, length_m = np.full(rows, np.nan), np.full(rows, np.nan)
    sound = np.zeros(rows, dtype=bool)
    for run in blocks(draft.geometry):
        laid = planar(draft.geometry[run])
        area_m2[run], length_m[run] = shapely.area(laid), shapely.length(laid)
        sound[run] = mending.are_sound(draft.geometry[run], laid)
    return ha_from_m2(area_m2), length_m, sound


def _leave_out_lines(draft: Draft, area_ha: FloatArray) -> None:
    draft.leave_out(
        draft.there & ~(area_ha > 0.0),
        Severity.ERROR,
        "no_area",
        "The outline encloses nothing",
        "Draw this row again, or leave it out of the file",
    )


def _name_slivers(draft: Draft, area_ha: FloatArray, length_m: FloatArray) -> None:
    width_m = np.full(len(area_ha), np.inf)
    np.divide(2.0 * M2_PER_HA * area_ha, length_m, out=width_m, where=draft.there)
    draft.name(
        width_m < _SLIVER_M,
        Severity.WARNING,
        "sliver",
        lambda row: f"A sliver {width_m[row]:.2g} m wide on average, {ha(area_ha[row])}",
        "Such strips are left over when layers are cut with each other: leave it out, or go on",
    )


def _groups(parsed: Parsed, options: Options) -> IndexArray:
    """Number of the group of each row; rows of one group should not share ground."""
    found = match_columns(list(map(str, parsed.table.columns)), options, Findings())
    if (column := found.get(_WITH_OUTLINES[options.kind])) is None:
        return np.zeros(len(parsed.table), dtype=np.intp)
    words = [folded(word) for word in parsed.table[column.column].astype("str")]
    names = np.array([LEVEL_WORDS.get(word, word) for word in words])
    return np.unique(names, return_inverse=True)[1]


def _placed(
    draft: Draft, before_ha: FloatArray, after_ha: FloatArray, union_ha: float | None
) -> Placed:
    return Placed(
        geometry=draft.geometry,
        problems=tuple(draft.problems),
        area_before_ha=_sum(before_ha),
        area_after_ha=_sum(after_ha),
        union_ha=union_ha,
        row_area_ha=after_ha.tolist(),
    )


def _sum(area_ha: FloatArray) -> float:
    known = area_ha[~np.isnan(area_ha)]
    return float(known.sum()) if len(known) else float("nan")
