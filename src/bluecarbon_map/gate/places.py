"""Where sites lie: by two columns, in degrees or in the plane that the user names, or by points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyproj
import shapely
from pyproj.exceptions import CRSError

from bluecarbon_map.errors import CRSMismatchError
from bluecarbon_map.gate import numbers
from bluecarbon_map.gate.angles import angle_of
from bluecarbon_map.gate.findings import shown
from bluecarbon_map.gate.sheet import Cells, Sheet
from bluecarbon_map.gate.texts import as_text
from bluecarbon_map.geodesy import (
    STORAGE_CRS,
    GeometryArray,
    name_of,
    require_modern_datum,
    suggest_crs,
)

_METRES_FROM: Final = 1_000.0
"""Coordinates beyond it are no degrees, not even mistaken ones."""

_NORTHINGS: Final = (1.8e6, 6.0e6)
"""Northings of China in metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a row lies, in degrees of CGCS2000; None where it is not known."""

    lon: list[float | None]
    lat: list[float | None]


def positions(sheet: Sheet) -> Position:
    """Position of every row: of the points of the file, else of its two columns."""
    if sheet.parsed.geometry is not None:
        return _of_points(sheet, sheet.parsed.geometry)
    x, y = sheet.cells("lon"), sheet.cells("lat")
    if x is None or y is None:
        sheet.findings.error(
            "position_columns",
            "no column is the longitude or no column is the latitude",
            "Name them lon and lat (经度, 纬度), or say which columns they are",
            count=len(sheet),
        )
        return Position(lon=sheet.nothing(), lat=sheet.nothing())
    return _in_degrees(sheet, _read(sheet, "lon", x), _read(sheet, "lat", y))


def _of_points(sheet: Sheet, geometry: GeometryArray) -> Position:
    lon, lat = sheet.nothing(), sheet.nothing()
    for at in sheet.used():
        shape = geometry[at]
        if shape is None or shape.is_empty:
            _leave_out(sheet, at, "the feature has no position")
            continue
        point = shape if isinstance(shape, shapely.Point) else _inner(sheet, at, shape)
        if point.x == 0 and point.y == 0:
            _leave_out(sheet, at, "it lies at 0, 0, where nobody surveyed: no position was known")
            continue
        lon[at], lat[at] = float(point.x), float(point.y)
    return Position(lon=lon, lat=lat)


def _leave_out(sheet: Sheet, at: int, message: str) -> None:
    sheet.left_out.add(at)
    sheet.findings.warning(
        "position_missing", message, "The row is left out; give it its position", row=sheet.row(at)
    )


def _inner(sheet: Sheet, at: int, shape: shapely.Geometry) -> shapely.Point:
    sheet.findings.warning(
        "site_not_a_point",
        f"a site is a point, and this is a {shape.geom_type}",
        "A point inside it was taken; import it as habitats to keep its outline",
        row=sheet.row(at),
    )
    return shapely.point_on_surface(shape)


def _read(sheet: Sheet, name: str, cells: Cells) -> list[float | None]:
    """Numbers of one axis; every row without one is an error."""
    marks = numbers.marks_of(cells)
    made: list[float | None] = sheet.nothing()
    for at in sheet.used():
        value = cells[at]
        text = as_text(value)
        if text is None or not text.strip():
            _refuse(sheet, at, name, "the coordinate is empty")
            continue
        read = numbers.number_of(value, marks)
        if read.value is not None:
            made[at] = float(read.value)
            if read.comma:
                _say(sheet, at, name, "number_comma", f"{shown(text)} was read as {read.value}")
        else:
            made[at] = _angle(sheet, at, name, text, read.fault or "")
    return made


def _angle(sheet: Sheet, at: int, name: str, text: str, fault: str) -> float | None:
    angle = angle_of(text)
    if angle is None:
        _refuse(sheet, at, name, f"{shown(text)} {fault}")
        return None
    if angle.of_latitude is not None and angle.of_latitude != (name == "lat"):
        axis = "latitude" if angle.of_latitude else "longitude"
        _refuse(sheet, at, name, f"{shown(text)} is a {axis}")
        return None
    degrees = float(angle.degrees)
    _say(sheet, at, name, "degrees_minutes", f"{shown(text)} was read as {degrees!r} degrees")
    return degrees


def _refuse(sheet: Sheet, at: int, name: str, message: str) -> None:
    sheet.findings.error(
        "position",
        message,
        "Write degrees with a point, e.g. 121.20, or delete the row",
        row=sheet.row(at),
        column=sheet.column(name),
    )


def _say(sheet: Sheet, at: int, name: str, code: str, message: str) -> None:
    sheet.findings.warning(
        code,
        message,
        "Check it; decimal degrees with a point leave no doubt",
        row=sheet.row(at),
        column=sheet.column(name),
    )


def _in_degrees(sheet: Sheet, x: list[float | None], y: list[float | None]) -> Position:
    known = [at for at in sheet.used() if x[at] is not None and y[at] is not None]
    pairs = np.array([(x[at], y[at]) for at in known], dtype=float).reshape(-1, 2)
    crs = sheet.options.crs
    if len(pairs) and crs is not None and (plane := _plane(sheet, crs)) is not None:
        pairs = _from_plane(sheet, pairs, plane)
    elif len(pairs) and np.abs(pairs).max() > _METRES_FROM:
        _ask_crs(sheet, pairs, known)
        return Position(lon=sheet.nothing(), lat=sheet.nothing())
    pairs = _swapped(sheet, pairs)
    lon, lat = sheet.nothing(), sheet.nothing()
    for at, (east, north) in zip(known, pairs.tolist(), strict=True):
        lon[at], lat[at] = _on_earth(sheet, at, east, north)
    _say_wrapped(sheet, pairs)
    return Position(lon=lon, lat=lat)


def _plane(sheet: Sheet, crs: str) -> pyproj.CRS | None:
    """The plane that the user names; None for degrees, and for what is no system."""
    try:
        system = pyproj.CRS.from_user_input(crs)
    except CRSError:
        sheet.findings.error("crs_unknown", f"{shown(crs)} is no coordinate system",
                             "Name one, e.g. EPSG:4490 or EPSG:4549")  # fmt: skip
        return None
    if not system.is_projected:
        return None
    _hold_datum(sheet, system)
    return system


def _hold_datum(sheet: Sheet, plane: pyproj.CRS) -> None:
    """A plane on an older datum is refused: converting it needs parameters of the place."""
    try:
        require_modern_datum(plane, "the file")
    except CRSMismatchError:
        sheet.findings.error(
            "crs_old_datum",
            f"{name_of(plane)} ({plane.name}) lies on an older datum; it is not converted in "
            "silence, for that can be off by a hundred metres",
            "Have it transformed to CGCS2000 with the local parameters, then import it",
            column=sheet.column("lon"),
        )


def _from_plane(sheet: Sheet, pairs: np.ndarray[Any, Any], plane: pyproj.CRS) -> Any:  # noqa: ANN401
    low, high = _NORTHINGS
    if ((pairs[:, 0] > low) & (pairs[:, 0] < high) & (pairs[:, 1] < low)).all() or (
        (pairs[:, 0] > low) & (pairs[:, 0] < high) & (pairs[:, 1] > 1e7)
    ).all():
        pairs = pairs[:, ::-1]
        sheet.findings.repair(
            "axes_swapped",
            "x holds the northings, as surveyors write them",
            "x and y were exchanged",
            count=len(pairs),
        )
    turn = pyproj.Transformer.from_crs(plane, STORAGE_CRS, always_xy=True)
    east, north = turn.transform(pairs[:, 0], pairs[:, 1])
    sheet.findings.info(
        "crs_converted",
        f"the coordinates were converted from {plane.name} to degrees of CGCS2000",
        "Nothing to do",
        count=len(pairs),
    )
    return np.column_stack([east, north])


def _ask_crs(sheet: Sheet, pairs: np.ndarray[Any, Any], known: list[int]) -> None:
    (x_low, y_low), (x_high, y_high) = pairs.min(axis=0), pairs.max(axis=0)
    suggestion = suggest_crs(x_low, x_high, y_low, y_high)
    if not suggestion.candidates:
        other_way = suggest_crs(y_low, y_high, x_low, x_high)
        suggestion = other_way if other_way.candidates else suggestion
    may_be = f"; it may be {', '.join(suggestion.candidates)}" if suggestion.candidates else ""
    far = int(np.argmax(np.abs(pairs).max(axis=1)))
    sheet.findings.error(
        "crs_missing",
        f"the coordinates are metres, not degrees, and of no stated system ({suggestion.reason})",
        f"Say in which coordinate system they are{may_be}",
        row=sheet.row(known[far]),
        column=sheet.column("lon"),
        count=len(pairs),
    )


def _swapped(sheet: Sheet, pairs: Any) -> Any:  # noqa: ANN401
    if not len(pairs):
        return pairs
    crossed = (
        (np.abs(pairs[:, 1]) > 90) & (np.abs(pairs[:, 1]) <= 180) & (np.abs(pairs[:, 0]) <= 90)
    )
    if not crossed.all():
        return pairs
    sheet.findings.repair(
        "axes_swapped",
        "every latitude lies beyond 90 degrees: longitude and latitude are exchanged",
        "They were changed back",
        column=sheet.column("lat"),
        count=len(pairs),
    )
    return pairs[:, ::-1]


def _on_earth(
    sheet: Sheet, at: int, east: float, north: float
) -> tuple[float | None, float | None]:
    if east == 0 and north == 0:
        _refuse(sheet, at, "lon", "0, 0 lies off Africa: no position was known")
        return None, None
    if not -90 <= north <= 90:
        _refuse(sheet, at, "lat", f"a latitude of {north:g} degrees cannot be")
        return None, None
    if not -180 <= east <= 360:
        _refuse(sheet, at, "lon", f"a longitude of {east:g} degrees cannot be")
        return None, None
    return (east - 360 if east > 180 else east), north


def _say_wrapped(sheet: Sheet, pairs: Any) -> None:  # noqa: ANN401
    if not len(pairs):
        return
    wrapped = int(((pairs[:, 0] > 180) & (pairs[:, 0] <= 360)).sum())
    if wrapped:
        sheet.findings.repair(
            "longitude_wrapped",
            "longitudes from 0 to 360 degrees",
            "360 was taken off those beyond 180",
            column=sheet.column("lon"),
            count=wrapped,
        )
