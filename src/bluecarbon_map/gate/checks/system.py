"""From the coordinate system a file states, or the user says, to degrees of CGCS2000."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from bluecarbon_map.errors import CRSMismatchError
from bluecarbon_map.gate.checks.draft import Draft, blocks
from bluecarbon_map.gate.kinds import Options
from bluecarbon_map.gate.parsed import Parsed
from bluecarbon_map.gate.problems import Severity
from bluecarbon_map.geodesy import (
    GeometryArray,
    name_of,
    require_modern_datum,
    suggest_crs,
)
from bluecarbon_map.units import FloatArray

Bounds = tuple[float, float, float, float]

_MOST_OFF_MERIDIAN_M: Final = 2_000_000.0
"""Eastings farther from a plane's central meridian belong to another plane."""

_DEGREE: Final = np.pi / 180.0
_ASK: Final = "Say in which coordinate system it lies (crs), and try again"


def to_degrees(draft: Draft, parsed: Parsed, options: Options) -> bool:
    """Bring all rows to longitude and latitude; False where the system keeps the file out.

    WGS 84 and CGCS2000 are taken as one.
    """
    bounds = _bounds(draft.geometry)
    crs = _stated(draft, parsed.crs, options.crs, bounds)
    if crs is None or not _is_usable(draft, crs) or _lies(draft, crs, bounds):
        return False
    if not crs.is_geographic:
        _unproject(draft, crs)
    return True


def _bounds(geometry: GeometryArray) -> Bounds:
    west, south, east, north = shapely.total_bounds(geometry).tolist()
    return west, south, east, north


def _stated(draft: Draft, stated: str | None, said: str | None, bounds: Bounds) -> CRS | None:
    if stated is None and said is None:
        guess = suggest_crs(bounds[0], bounds[2], bounds[1], bounds[3])
        likely = ", ".join(guess.candidates) or "none that fits"
        draft.say(
            Severity.ERROR,
            "crs_missing",
            f"The file states no coordinate system; {guess.reason}; likely: {likely}",
            _ASK,
        )
        return None
    if stated is not None and said is not None and not _same(stated, said):
        draft.say(
            Severity.WARNING,
            "crs_option_unused",
            f"The file states its own coordinate system; {said} was not used",
            "Correct the file if what it states is wrong",
        )
    return _read(draft, str(stated if stated is not None else said))


def _same(one: str, other: str) -> bool:
    try:
        return CRS.from_user_input(one) == CRS.from_user_input(other)
    except CRSError:
        return False


def _read(draft: Draft, text: str) -> CRS | None:
    try:
        return CRS.from_user_input(text).to_2d()
    except CRSError:
        message = f"Its coordinate system is not known: {text[:120]}"
        draft.say(Severity.ERROR, "crs_unknown", message, "State it as an EPSG code")
        return None


def _is_usable(draft: Draft, crs: CRS) -> bool:
    base = crs.geodetic_crs
    if base is None or not (crs.is_geographic or crs.is_projected) or not _in_plain_degrees(base):
        message = f"{name_of(crs)} is no system of degrees or of a map plane"
        draft.say(Severity.ERROR, "crs_unknown", message, "Reproject it, e.g. to EPSG:4490")
        return False
    try:
        require_modern_datum(crs, "the file")
    except CRSMismatchError:
        draft.say(
            Severity.ERROR,
            "crs_old_datum",
            f"It lies in {name_of(crs)} ({crs.name}), on an older datum; it is not converted in "
            "silence, for that can be off by a hundred metres",
            "Have it transformed to CGCS2000 with the local parameters, then import it",
        )
        return False
    return True


def _in_plain_degrees(base: CRS) -> bool:
    meridian = base.prime_meridian
    factor = base.axis_info[0].unit_conversion_factor if base.axis_info else 0.0
    at_greenwich = meridian is not None and meridian.longitude == 0.0
    return at_greenwich and bool(abs(factor - _DEGREE) < 1e-12)


def _lies(draft: Draft, crs: CRS, bounds: Bounds) -> bool:
    """Whether the numbers cannot be what the system says."""
    west, south, east, north = bounds
    like_degrees = max(-west, east) <= 360.0 and max(-south, north) <= 360.0
    guess = suggest_crs(west, east, south, north)
    likely = ", ".join(guess.candidates) or "none that fits"
    extent = f"x {west:.10g} … {east:.10g}, y {south:.10g} … {north:.10g}"
    if crs.is_geographic != like_degrees and not _only_some_rows(draft.geometry, crs):
        held = "degrees" if like_degrees else "metres"
        message = (
            f"It states {name_of(crs)} and holds {held} ({extent}); {guess.reason}; "
            f"likely: {likely}"
        )
        draft.say(Severity.ERROR, "crs_unit", message, "Correct the coordinate system it states")
        return True
    if crs.is_projected and _is_off_its_zone(crs, west, east):
        message = (
            f"It states {name_of(crs)}, but its eastings are those of another plane ({extent}); "
            f"{guess.reason}; likely: {likely}"
        )
        draft.say(Severity.ERROR, "crs_zone", message, "Correct the coordinate system it states")
        return True
    return False


def _only_some_rows(geometry: GeometryArray, crs: CRS) -> bool:
    """Whether most rows are degrees as stated, so that the others are wrong by themselves."""
    if not crs.is_geographic:
        return False
    largest = np.nanmax(np.abs(shapely.bounds(geometry[~shapely.is_missing(geometry)])), axis=1)
    return bool(np.mean(largest <= 360.0) > 0.5)


def _is_off_its_zone(crs: CRS, west: float, east: float) -> bool:
    operation = crs.coordinate_operation
    if operation is None or "Mercator" not in operation.method_name:
        return False
    easting = next(
        (float(one.value) * one.unit_conversion_factor for one in operation.params
         if one.name == "False easting"),
        None,
    )  # fmt: skip
    return (
        easting is not None
        and "Transverse" in operation.method_name
        and abs(0.5 * (west + east) - easting) > _MOST_OFF_MERIDIAN_M
    )


def _unproject(draft: Draft, crs: CRS) -> None:
    """Undo the projection, nothing else: no datum is shifted."""
    way = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)

    def moved(xy: FloatArray) -> FloatArray:
        return np.column_stack(way.transform(xy[:, 0], xy[:, 1]))

    lost = np.zeros(len(draft.geometry), dtype=bool)
    for run in blocks(draft.geometry):
        part = shapely.transform(draft.geometry[run], moved)
        lonlat, row = shapely.get_coordinates(part, return_index=True)
        lost[run.start + np.unique(row[~np.isfinite(lonlat).all(axis=1)])] = True
        draft.geometry[run] = part
    draft.leave_out(
        lost,
        Severity.ERROR,
        "crs_cannot_express",
        f"Coordinates that {name_of(crs)} cannot express",
        "Correct the row, or the coordinate system the file states",
    )
    draft.say(
        Severity.INFO,
        "crs_converted",
        f"Converted from {name_of(crs)} ({crs.name}) to CGCS2000 degrees (EPSG:4490)",
        "Nothing to do",
    )
