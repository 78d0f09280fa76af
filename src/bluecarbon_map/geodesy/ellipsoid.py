"""Area and length on the CGCS2000 ellipsoid, edges the shortest way."""

from __future__ import annotations

from math import atanh, sqrt
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod

from bluecarbon_map.units import FloatArray

GeometryArray = NDArray[np.object_]
IndexArray = NDArray[np.intp]

SEMI_MAJOR_AXIS_M: Final = 6_378_137.0
FLATTENING: Final = 1.0 / 298.257222101
"""CGCS2000 ellipsoid; GRS 80 has the same one."""

_E2: Final = FLATTENING * (2.0 - FLATTENING)
_E: Final = sqrt(_E2)
_Q_POLE: Final = 1.0 + (1.0 - _E2) * atanh(_E) / _E
_AUTHALIC_RADIUS2_M2: Final = SEMI_MAJOR_AXIS_M**2 * _Q_POLE / 2.0
_BLOCK_COORDINATES: Final = 50_000
_LONG_EDGE_DEG: Final = 0.05
"""Edges beyond this are measured in pieces, so that `_bend` leaves less than 0.02 m² of each."""

_PIECE_M: Final = 5_000.0


def ellipsoidal_area_m2(geometries: ArrayLike) -> FloatArray:
    """Area on the CGCS2000 ellipsoid of polygons in degrees, edges the shortest way.

    Vertices go to the sphere of the same area (authalic latitude), where every edge adds the
    spherical excess between itself and the equator, mended for the bend of a geodesic there;
    edges of more than some 5 km are first laid along the geodesic. Within 1 part in 10⁶ of
    GeographicLib, slender polygons too, for 1 km² and more with edges up to 100 km. A ring may
    cross the 180° meridian or go round a pole.

    Args:
        geometries: Polygons or MultiPolygons, x = longitude, y = latitude, any shape of array.

    Returns:
        m², same shape; NaN where a geometry is missing, 0 for points and lines.

    Source:
        docs/methods/01-area.md, eq. 1.3 to 1.5.
    """
    geometry = np.asarray(geometries, dtype=object)
    flat = geometry.ravel()
    area_m2 = np.concatenate([_area_m2(block) for block in _blocks(flat)])
    area_m2[shapely.is_missing(flat)] = np.nan
    return area_m2.reshape(geometry.shape)


def _blocks(geometry: GeometryArray) -> list[GeometryArray]:
    """Runs of geometries whose coordinates fit the processor's cache together."""
    coordinates = np.cumsum(shapely.get_num_coordinates(geometry))
    ends = np.flatnonzero(np.diff(coordinates // _BLOCK_COORDINATES)) + 1
    return np.split(geometry, ends)


def _area_m2(geometry: GeometryArray) -> FloatArray:
    parts, part_of = shapely.get_parts(geometry, return_index=True)
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    is_hole = np.diff(ring_of, prepend=-1) == 0
    signed_m2 = np.where(is_hole, -1.0, 1.0) * _ring_area_m2(rings)
    return np.bincount(part_of[ring_of], signed_m2, minlength=geometry.size).astype(np.float64)


def _ring_area_m2(rings: GeometryArray) -> FloatArray:
    lonlat, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[:-1] == ring[1:]
    step_deg = np.diff(lonlat, axis=0) * same[:, None]
    step = _radians_of_turn(step_deg[:, 0])
    tangent = _tangent_of_half_authalic_latitude(np.radians(lonlat[:, 1]))
    excess = _excess(step, tangent[:-1], tangent[1:])
    long = np.flatnonzero((np.abs(step_deg) > _LONG_EDGE_DEG).any(axis=1))
    if len(long):
        excess[long] = _excess_in_pieces(lonlat[long], lonlat[long + 1])
    total = np.abs(np.bincount(ring[:-1], excess, minlength=len(rings)))
    turns = np.bincount(ring[:-1], step, minlength=len(rings)) / (2.0 * np.pi)
    round_pole = np.abs(turns) > 0.5
    total[round_pole] = 2.0 * np.pi - total[round_pole]
    area_m2: FloatArray = total * _AUTHALIC_RADIUS2_M2
    return area_m2


def _radians_of_turn(step_deg: FloatArray) -> FloatArray:
    """The short way round, in radians."""
    return np.radians(step_deg - 360.0 * np.round(step_deg / 360.0))


def _excess(step: FloatArray, tangent0: FloatArray, tangent1: FloatArray) -> FloatArray:
    """Spherical excess between great-circle edges and the equator, in steradians."""
    width = np.tan(0.5 * step)
    both = tangent0 + tangent1
    great_circle = 2.0 * np.arctan2(width * both, 1.0 + tangent0 * tangent1)
    result: FloatArray = great_circle + _bend(2.0 * width, 0.5 * both, tangent1 - tangent0)
    return result


def _bend(step: FloatArray, tangent: FloatArray, rise: FloatArray) -> FloatArray:
    """Ground between a short geodesic and the great circle between its ends, in steradians.

    On the authalic sphere a geodesic has curvature e² sin α sin β cos β to first order in e²; over
    length s that is a sliver of s³/12 of it.
    """
    square = tangent * tangent
    scale = 1.0 / (1.0 + square)
    cosine = (1.0 - square) * scale
    east, north = step * cosine, 2.0 * rise * scale
    sine_cosine = 2.0 * tangent * scale * cosine
    result: FloatArray = _E2 / 12.0 * sine_cosine * east * (east * east + north * north)
    return result


def _excess_in_pieces(start: FloatArray, end: FloatArray) -> FloatArray:
    """`_excess` of long edges, which bend away from the great circle: laid along geodesics."""
    geod = _geod()
    azimuth, _, length_m = geod.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
    pieces = np.maximum(np.ceil(length_m / _PIECE_M).astype(np.intp), 1)
    edge = np.repeat(np.arange(len(pieces)), pieces)
    number = np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    reach_m = (length_m / pieces)[edge] * number
    lon, lat, _ = geod.fwd(start[edge, 0], start[edge, 1], azimuth[edge], reach_m)
    last = number == pieces[edge] - 1
    lon_next = np.where(last, end[edge, 0], np.roll(lon, -1))
    lat_next = np.where(last, end[edge, 1], np.roll(lat, -1))
    tangent = _tangent_of_half_authalic_latitude(np.radians(np.stack([lat, lat_next])))
    excess = _excess(_radians_of_turn(lon_next - lon), tangent[0], tangent[1])
    return np.bincount(edge, excess, minlength=len(pieces)).astype(np.float64)


def _tangent_of_half_authalic_latitude(latitude: FloatArray) -> FloatArray:
    half = np.tan(0.5 * latitude)
    sine = 2.0 * half / (1.0 + half * half)
    q = (1.0 - _E2) * (sine / (1.0 - _E2 * sine * sine) + np.arctanh(_E * sine) / _E)
    sine_authalic = np.clip(q / _Q_POLE, -1.0, 1.0)
    result: FloatArray = sine_authalic / (1.0 + np.sqrt(1.0 - sine_authalic**2))
    return result


def geodesic_length_m(lines: ArrayLike) -> FloatArray:
    """Length along geodesics of the CGCS2000 ellipsoid of lines in degrees.

    Args:
        lines: Lines or polygons (their rings), x = longitude, y = latitude, any shape of array.

    Returns:
        m, same shape; NaN where a geometry is missing.
    """
    geometry = np.asarray(lines, dtype=object)
    path, path_of = _paths(geometry.ravel())
    lonlat, index = shapely.get_coordinates(path, return_index=True)
    edge = np.flatnonzero(index[:-1] == index[1:])
    start, end = lonlat[edge], lonlat[edge + 1]
    edge_m = _geod().inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])[2]
    row = path_of[index[edge]]
    length_m = np.bincount(row, edge_m, minlength=geometry.size).astype(np.float64)
    length_m[shapely.is_missing(geometry.ravel())] = np.nan
    return length_m.reshape(geometry.shape)


def _paths(geometry: GeometryArray) -> tuple[GeometryArray, IndexArray]:
    parts, part_of = shapely.get_parts(geometry, return_index=True)
    is_area = shapely.get_dimensions(parts) == 2
    rings, ring_of = shapely.get_rings(parts[is_area], return_index=True)
    path = np.concatenate([parts[~is_area], rings])
    return path, np.concatenate([part_of[~is_area], part_of[is_area][ring_of]])


def _geod() -> Any:  # noqa: ANN401
    return Geod(a=SEMI_MAJOR_AXIS_M, f=FLATTENING)
