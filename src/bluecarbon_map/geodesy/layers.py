"""Where a layer lies: its coordinate system checked, its geometries in the equal-area plane."""

from __future__ import annotations

from typing import Final, TypeAlias

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS

from bluecarbon_map.errors import CRSMismatchError, CRSMissingError, GeometryError
from bluecarbon_map.geodesy.codes import suggest_crs
from bluecarbon_map.geodesy.ellipsoid import SEMI_MAJOR_AXIS_M, GeometryArray
from bluecarbon_map.units import FloatArray, ha_from_m2

Layer: TypeAlias = gpd.GeoDataFrame | gpd.GeoSeries

EQUAL_AREA_CRS: Final = "+proj=cea +lat_ts=29 +lon_0=121 +ellps=GRS80 +units=m +no_defs"
"""Cylindrical equal-area plane on the CGCS2000 ellipsoid, in metres; true to scale at 29° N."""

_MODERN_FLATTENING: Final = 298.2572
"""1/f of CGCS2000, GRS 80 and WGS 84 alike, to four decimals."""


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
    require_modern_datum(layer.crs, where)
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


def require_modern_datum(crs: CRS, where: str) -> None:
    """Refuse a coordinate system on another ellipsoid than that of CGCS2000 and WGS 84.

    Raises:
        CRSMismatchError: If its datum is an older one.
    """
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
