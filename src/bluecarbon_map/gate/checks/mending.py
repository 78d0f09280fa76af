"""What the gate mends in coordinates and outlines; the user confirms each repair."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final

import numpy as np
import shapely

from bluecarbon_map.gate.checks.draft import Draft, Mask, blocks, ha, planar
from bluecarbon_map.gate.problems import Severity
from bluecarbon_map.geodesy import GeometryArray
from bluecarbon_map.geodesy.datum import WGS84_FROM, Datum
from bluecarbon_map.units import FloatArray, ha_from_m2

_CHINA: Final = (73.0, 3.0, 136.0, 54.0)
_LARGEST_STEP_DEG: Final = 180.0
"""No edge is longer than half the way round: it runs over the 180° meridian instead."""

_GRIDS_DEG: Final = (1e-11, 1e-9)
"""Snapped to, one after the other, where an outline is valid in degrees and not in the plane."""

_POLYGON, _MULTIPOLYGON, _COLLECTION = 3, 6, 7


def mend_range(draft: Draft) -> None:
    """Longitude and latitude the wrong way round, longitudes of 0 to 360, rows off the globe."""
    bounds = _bounds(draft.geometry)
    if _all_swapped(bounds):
        draft.geometry[:] = shapely.transform(draft.geometry, lambda xy: xy[:, ::-1])
        draft.say(
            Severity.REPAIR,
            "lonlat_swapped",
            "Latitude stood before longitude in every row",
            "The two were swapped; see on the map whether the rows lie where they belong",
            int(draft.there.sum()),
        )
        bounds = _bounds(draft.geometry)
    west, south, east, north = bounds.T
    draft.leave_out(
        (np.abs(south) > 90.0) | (np.abs(north) > 90.0) | (west < -180.0) | (east > 360.0),
        Severity.ERROR,
        "coordinate_out_of_range",
        lambda row: (
            f"Coordinates off the globe: x {west[row]:.10g} … {east[row]:.10g}, "
            f"y {south[row]:.10g} … {north[row]:.10g}"
        ),
        "Correct the coordinates of this row",
    )
    _wrap(draft, draft.there & (east > 180.0))


def _bounds(geometry: GeometryArray) -> FloatArray:
    bounds: FloatArray = shapely.bounds(geometry)
    return bounds


def _all_swapped(bounds: FloatArray) -> bool:
    """Whether a latitude is off the globe and every row lies in China once swapped."""
    south, west, north, east = bounds[~np.isnan(bounds[:, 0])].T
    inside = (west >= _CHINA[0]) & (south >= _CHINA[1]) & (east <= _CHINA[2]) & (north <= _CHINA[3])
    return bool((east > 90.0).any() and inside.all())


def _wrap(draft: Draft, rows: Mask) -> None:
    if rows.any():
        draft.geometry[rows] = _split_at_180(draft.geometry[rows])
        draft.name(
            rows,
            Severity.REPAIR,
            "longitude_wrapped",
            "Longitudes run from 0 to 360",
            "Those beyond 180 were brought to the west, 360 less",
        )


def _split_at_180(geometry: GeometryArray) -> GeometryArray:
    """Geometry of 0 to 360 degrees: what lies beyond 180 goes to the west."""
    beyond = shapely.bounds(geometry)[:, 0] >= 180.0
    sound = np.where(beyond, geometry, _made_valid(geometry))
    here = shapely.intersection(sound[~beyond], shapely.box(-180.0, -90.0, 180.0, 90.0))
    there = shapely.intersection(sound[~beyond], shapely.box(180.0, -90.0, 540.0, 90.0))
    done = geometry.copy()
    done[beyond] = shapely.transform(geometry[beyond], _west)
    done[~beyond] = shapely.union(here, shapely.transform(there, _west))
    return done


def _west(xy: FloatArray) -> FloatArray:
    result: FloatArray = xy - np.array([360.0, 0.0])
    return result


def mend_antimeridian(draft: Draft) -> Mask:
    """Outlines drawn the long way round the globe are cut at 180°; which rows were."""
    long = np.zeros(len(draft.geometry), dtype=bool)
    west, _, east, _ = _bounds(draft.geometry).T
    wide = np.flatnonzero(east - west > _LARGEST_STEP_DEG)
    lonlat, row = shapely.get_coordinates(draft.geometry[wide], return_index=True)
    step = np.abs(np.diff(lonlat[:, 0])) > _LARGEST_STEP_DEG
    long[wide[np.unique(row[:-1][step & (row[:-1] == row[1:])])]] = True
    if long.any():
        unrolled = shapely.transform(draft.geometry[long], _unrolled)
        draft.geometry[long] = _split_at_180(unrolled)
        draft.name(
            long,
            Severity.REPAIR,
            "antimeridian",
            "The outline crosses the 180° meridian, drawn the long way round the globe",
            "It was cut in two at 180°",
        )
    return long


def _unrolled(xy: FloatArray) -> FloatArray:
    return np.column_stack([np.where(xy[:, 0] < 0.0, xy[:, 0] + 360.0, xy[:, 0]), xy[:, 1]])


def convert_datum(
    draft: Draft, datum: str, way_m: Callable[[FloatArray, Datum], FloatArray]
) -> None:
    """Move all rows back from a shifted datum, as the user says they lie in it."""
    if datum not in list(Datum):
        draft.say(
            Severity.ERROR,
            "datum_unknown",
            f"No conversion from {datum[:40]!r}",
            f"Say one of {', '.join(Datum)}, or nothing",
        )
        return
    chosen = Datum(datum)
    least, most, total, count = np.inf, 0.0, 0.0, 0
    for run in blocks(draft.geometry):
        lonlat = shapely.get_coordinates(draft.geometry[run])
        if not len(lonlat):
            continue
        moved = way_m(lonlat, chosen)
        least, most = min(least, float(moved.min())), max(most, float(moved.max()))
        total, count = total + float(moved.sum()), count + len(moved)
        draft.geometry[run] = shapely.transform(draft.geometry[run], _back_from(chosen))
    if count:
        draft.say(
            Severity.REPAIR,
            "datum_converted",
            f"The rows were taken to lie in {chosen.value}, as was said",
            f"Moved by {least:.0f} to {most:.0f} m, {total / count:.0f} m on average",
            int(draft.there.sum()),
        )


def _back_from(datum: Datum) -> Callable[[FloatArray], FloatArray]:
    def moved(xy: FloatArray) -> FloatArray:
        return np.column_stack(WGS84_FROM[datum](xy[:, 0], xy[:, 1]))

    return moved


def mend_outlines(
    draft: Draft, planes: GeometryArray, looked_at: Mask, before_ha: FloatArray
) -> None:
    """Make outlines valid that cross themselves; rows of which nothing is left are left out.

    Args:
        draft: Polygons.
        planes: Those that are looked at, in the equal-area plane; brought up to date.
        looked_at: Which rows may be invalid.
        before_ha: Area of each as the file draws it.
    """
    bad = looked_at & draft.there
    bad[bad] = ~are_sound(draft.geometry[bad], planes[bad])
    if not bad.any():
        return
    reasons = dict(zip(np.flatnonzero(bad).tolist(), _reasons(draft, planes, bad), strict=True))
    draft.geometry[bad] = _sound(draft.geometry[bad])
    planes[bad] = planar(draft.geometry[bad])
    after_ha = ha_from_m2(shapely.area(planes))
    empty = bad & ~(after_ha > 0.0)
    draft.leave_out(
        empty,
        Severity.ERROR,
        "no_area",
        lambda row: f"The outline encloses nothing ({reasons[row]})",
        "Draw this row again, or leave it out of the file",
    )
    draft.name(
        bad & ~empty,
        Severity.REPAIR,
        "outline_mended",
        lambda row: (
            f"The outline is invalid ({reasons[row]}); area {ha(before_ha[row])} as "
            f"drawn, {ha(after_ha[row])} mended"
        ),
        "It was mended; see on the map whether this is what was meant",
    )


def are_sound(geometry: GeometryArray, planes: GeometryArray) -> Mask:
    """Which polygons are valid in degrees, as stored, and in the plane, where they will be cut.

    Halves of one that was cut at 180° meet in the plane; they are judged in degrees alone.
    """
    valid: Mask = shapely.is_valid(geometry)
    broken = valid & ~shapely.is_valid(planes)
    if broken.any():
        west, _, east, _ = _bounds(geometry[broken]).T
        valid[broken] = (west == -180.0) & (east == 180.0)
    return valid


def _reasons(draft: Draft, planes: GeometryArray, bad: Mask) -> list[str]:
    in_degrees = shapely.is_valid_reason(draft.geometry[bad])
    in_plane = shapely.is_valid_reason(planes[bad])
    return [
        str(plane if degrees == "Valid Geometry" else degrees)
        for degrees, plane in zip(in_degrees, in_plane, strict=True)
    ]


def _sound(geometry: GeometryArray) -> GeometryArray:
    """Polygons valid in degrees and in the plane; empty where there is no way to it."""
    done = _made_valid(geometry)
    for grid in _GRIDS_DEG:
        bad = ~are_sound(done, planar(done))
        if not bad.any():
            return done
        done[bad] = only_polygons(_rounded(done[bad], grid))
    done[~are_sound(done, planar(done))] = shapely.Polygon()
    return done


def _made_valid(geometry: GeometryArray) -> GeometryArray:
    made: GeometryArray = only_polygons(
        shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    )
    broken = ~shapely.is_valid(made)  # there are outlines that this way leaves crossed
    if broken.any():
        made[broken] = only_polygons(shapely.make_valid(geometry[broken]))
    return made


def _rounded(geometry: GeometryArray, grid_deg: float) -> GeometryArray:
    """Corners on a grid; what cannot be laid on it stays as it is."""
    done = geometry.copy()
    for row, shape in enumerate(geometry):
        with suppress(shapely.errors.GEOSException):
            done[row] = shapely.set_precision(shape, grid_deg)
    return done


def only_polygons(geometry: GeometryArray) -> GeometryArray:
    """Of collections their polygons, as one; what is no collection stays."""
    done = np.array(geometry, dtype=object)
    for row in np.flatnonzero(shapely.get_type_id(done) == _COLLECTION).tolist():
        done[row] = _polygons_of(done[row])
    return done


def _polygons_of(collection: shapely.Geometry) -> shapely.Geometry:
    parts = [collection]
    while any(shapely.get_type_id(part) == _COLLECTION for part in parts):
        parts = [inner for part in parts for inner in shapely.get_parts(part)]
    kinds = (_POLYGON, _MULTIPOLYGON)
    flat = [one for part in parts if shapely.get_type_id(part) in kinds
            for one in shapely.get_parts(part)]  # fmt: skip
    if len(flat) == 1:
        return flat[0]
    whole: shapely.Geometry = shapely.multipolygons(flat) if flat else shapely.Polygon()
    return whole
