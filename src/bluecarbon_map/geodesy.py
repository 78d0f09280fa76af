"""Coordinate systems, area and length: where a layer lies and how large things on it are.

Layers are stored in degrees (``STORAGE_CRS``). Whatever is cut or added up is first laid into one
equal-area plane (``EQUAL_AREA_CRS``) and cut *and* measured there, so parts always add up to their
whole. Vertices are what the layer says, edges are straight in that plane; nothing is densified, so
the same vertices written in another coordinate system have the same area.

An edge that is straight in a cylindrical equal-area plane is what the official rule for areas
(国土调查办发〔2008〕32号) means by an edge: plane and rule agree. `ellipsoidal_area_m2`
measures with edges that go the shortest way, as GeographicLib does; the two differ by parts per
million over edges of some kilometres.

Source of the codes and of the area rule: docs/methods/01-area.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atanh, sqrt
from typing import Any, Final, TypeAlias

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Geod

from bluecarbon_map.errors import CRSMismatchError, CRSMissingError, GeometryError
from bluecarbon_map.units import FloatArray, ha_from_m2

GeometryArray = NDArray[np.object_]
IndexArray = NDArray[np.intp]
Layer: TypeAlias = gpd.GeoDataFrame | gpd.GeoSeries

STORAGE_CRS: Final = "EPSG:4490"
"""CGCS2000, longitude and latitude in degrees."""

EQUAL_AREA_CRS: Final = "+proj=cea +lat_ts=29 +lon_0=121 +ellps=GRS80 +units=m +no_defs"
"""Cylindrical equal-area plane on the CGCS2000 ellipsoid, in metres; true to scale at 29° N."""

SEMI_MAJOR_AXIS_M: Final = 6_378_137.0
FLATTENING: Final = 1.0 / 298.257222101
"""CGCS2000 ellipsoid; GRS 80 has the same one."""

_MODERN_FLATTENING: Final = 298.2572
"""1/f of CGCS2000, GRS 80 and WGS 84 alike, to four decimals."""

_FIRST_ZONE, _LAST_ZONE = 25, 45
_FIRST_CODE_WITH_ZONE, _FIRST_CODE_BY_MERIDIAN = 4513, 4534


# --- where a layer lies -------------------------------------------------------------------------


def require_crs(layer: Layer, crs: str, where: str) -> None:
    """Refuse a layer that does not lie in ``crs``; nothing is converted.

    Raises:
        CRSMissingError: If it has no CRS.
        CRSMismatchError: If it lies in another one.
    """
    if layer.crs is None:
        raise CRSMissingError(where)
    if layer.crs != CRS.from_user_input(crs):
        raise CRSMismatchError(where, name_of(layer.crs), crs)


def name_of(crs: CRS) -> str:
    """Short name of a coordinate system: its EPSG code where it has one."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.name)


def to_equal_area(layer: Layer, where: str) -> GeometryArray:
    """Lay a layer into the equal-area plane.

    Args:
        layer: Any layer on a modern datum (CGCS2000, WGS 84); heights are dropped.
        where: File or layer name, for the message of an error.

    Returns:
        Its geometries in `EQUAL_AREA_CRS`, shape (rows,); missing ones stay None.

    Raises:
        CRSMissingError: If the layer has no CRS.
        CRSMismatchError: If its datum is an older one, if it says degrees and holds metres or the
            reverse, or if its coordinates lie outside what its CRS can express.
        GeometryError: If a coordinate is not a finite number.
    """
    if layer.crs is None:
        raise CRSMissingError(where)
    geometry = layer.geometry
    _refuse_old_datum(layer.crs, where)
    _refuse_not_finite(geometry, where)
    _refuse_wrong_unit(geometry, layer.crs, where)
    flat = gpd.GeoSeries(shapely.force_2d(geometry.to_numpy()), crs=layer.crs)
    planar: GeometryArray = flat.to_crs(EQUAL_AREA_CRS).to_numpy()
    if not np.isfinite(shapely.get_coordinates(planar)).all():
        found = f"coordinates that {name_of(layer.crs)} cannot express"
        raise CRSMismatchError(where, found, f"{name_of(layer.crs)}, as it states,")
    return planar


def area_ha(layer: Layer, where: str) -> FloatArray:
    """Area of each row of a layer, in ha, shape (rows,); errors as `to_equal_area`.

    A missing geometry has no known area: NaN.
    """
    area_m2: FloatArray = shapely.area(to_equal_area(layer, where))
    return ha_from_m2(area_m2)


def _refuse_old_datum(crs: CRS, where: str) -> None:
    ellipsoid = crs.ellipsoid
    modern = (
        ellipsoid is not None
        and ellipsoid.semi_major_metre == SEMI_MAJOR_AXIS_M
        and abs(ellipsoid.inverse_flattening - _MODERN_FLATTENING) < 1e-4
    )
    if not modern:
        raise CRSMismatchError(where, f"{name_of(crs)} ({crs.name})", "CGCS2000 or WGS 84")


def _refuse_not_finite(geometry: gpd.GeoSeries, where: str) -> None:
    xy, row = shapely.get_coordinates(geometry.to_numpy(), return_index=True)
    bad = ~np.isfinite(xy).all(axis=1)
    if bad.any():
        raise GeometryError(
            where,
            "coordinates that are not finite numbers",
            "Correct or leave out these rows",
            rows=np.unique(row[bad]).tolist(),
            column="geometry",
        )


def _refuse_wrong_unit(geometry: gpd.GeoSeries, crs: CRS, where: str) -> None:
    if geometry.isna().all() or geometry.is_empty.all():
        return
    x_min, y_min, x_max, y_max = (float(v) for v in geometry.total_bounds)
    like_degrees = max(-x_min, x_max) <= 360.0 and max(-y_min, y_max) <= 90.0
    if crs.is_geographic == like_degrees:
        return
    guess = suggest_crs(x_min, x_max, y_min, y_max)
    held = "degrees" if like_degrees else "metres"
    found = f"{held} (x {x_min:.10g} … {x_max:.10g}; {guess.reason})"
    raise CRSMismatchError(where, found, f"{name_of(crs)}, as it states,")


# --- names of CGCS2000 --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CRSSuggestion:
    """What the numbers of a layer without a CRS let one suppose; never applied by itself.

    Attributes:
        candidates: Codes it may be, the likeliest first; empty if nothing fits.
        certain: Whether the numbers leave one candidate only. Still to be confirmed by a person.
        reason: Why, for a reader.
    """

    candidates: tuple[str, ...]
    certain: bool
    reason: str


def cgcs2000_code(central_meridian: int, *, with_zone: bool) -> str:
    """Code of the CGCS2000 three-degree Gauss-Krüger plane on a central meridian.

    Args:
        central_meridian: 75, 78, …, 135, in degrees east.
        with_zone: Whether eastings begin with the zone's number (40,500,000 for zone 40).

    Raises:
        ValueError: If there is no such plane.
    """
    zone, rest = divmod(central_meridian, 3)
    if rest or not _FIRST_ZONE <= zone <= _LAST_ZONE:
        raise ValueError(f"no three-degree plane on {central_meridian}E: 75, 78, … 135")
    first = _FIRST_CODE_WITH_ZONE if with_zone else _FIRST_CODE_BY_MERIDIAN
    return f"EPSG:{first + zone - _FIRST_ZONE}"


def suggest_crs(x_min: float, x_max: float, y_min: float, y_max: float) -> CRSSuggestion:
    """Suppose the coordinate system of a layer that states none, from its bounds.

    A suggestion is for a question to the user. The numbers never tell a datum: boundaries shifted
    to GCJ-02 look like any others.
    """
    if max(abs(x_min), abs(x_max)) <= 360.0 and max(abs(y_min), abs(y_max)) <= 90.0:
        return _degrees()
    if y_min >= 73.0 and y_max <= 136.0 and x_min >= 3.0 and x_max <= 54.0:
        return CRSSuggestion(
            candidates=(), certain=False, reason="latitude stands before longitude: swap them"
        )
    if y_min <= 0.0 or y_max >= 1e7:
        return _unknown()
    return _metres(x_min, x_max)


def _degrees() -> CRSSuggestion:
    return CRSSuggestion(
        candidates=(STORAGE_CRS, "EPSG:4326"),
        certain=False,
        reason="degrees: CGCS2000 (EPSG:4490) or WGS 84 (EPSG:4326), ask which",
    )


def _metres(x_min: float, x_max: float) -> CRSSuggestion:
    zone = int(x_min // 1e6)
    if int(x_max // 1e6) == zone and _FIRST_ZONE <= zone <= _LAST_ZONE:
        return CRSSuggestion(
            candidates=(cgcs2000_code(3 * zone, with_zone=True),),
            certain=True,
            reason=f"eastings begin with {zone}: three-degree zone {zone}, meridian {3 * zone}E",
        )
    if x_min >= 1e5 and x_max < 1e6:
        meridians = (120, 123, 117)
        return CRSSuggestion(
            candidates=tuple(cgcs2000_code(cm, with_zone=False) for cm in meridians),
            certain=False,
            reason="metres without a zone number: the central meridian is unknown, ask "
            "(Zhejiang: 120E; Zhoushan 123E; west of 118.5E 117E)",
        )
    return _unknown()


def _unknown() -> CRSSuggestion:
    return CRSSuggestion(
        candidates=(), certain=False, reason="no CGCS2000 layer has such coordinates: ask"
    )


# --- size on the ellipsoid ----------------------------------------------------------------------

_E2: Final = FLATTENING * (2.0 - FLATTENING)
_E: Final = sqrt(_E2)
_Q_POLE: Final = 1.0 + (1.0 - _E2) * atanh(_E) / _E
_AUTHALIC_RADIUS2_M2: Final = SEMI_MAJOR_AXIS_M**2 * _Q_POLE / 2.0
_BLOCK_COORDINATES: Final = 50_000
_LONG_EDGE_DEG: Final = 0.2
"""Edges beyond this are measured in pieces: a great circle would be off by more than 10⁻⁷."""

_PIECE_M: Final = 20_000.0


def ellipsoidal_area_m2(geometries: ArrayLike) -> FloatArray:
    """Area on the CGCS2000 ellipsoid of polygons in degrees, edges the shortest way.

    Vertices go to the sphere of the same area (authalic latitude), where every edge adds the
    spherical excess between itself and the equator; edges of tens of kilometres and more are
    first laid along the geodesic. Within 1 part in 10⁶ of GeographicLib. A ring may cross the
    180° meridian or go round a pole.

    Args:
        geometries: Polygons or MultiPolygons, x = longitude, y = latitude, any shape of array.

    Returns:
        m², same shape; NaN where a geometry is missing, 0 for points and lines.

    Source:
        docs/methods/01-area.md, eq. 1.3 and 1.4.
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
    result: FloatArray = 2.0 * np.arctan2(width * (tangent0 + tangent1), 1.0 + tangent0 * tangent1)
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
