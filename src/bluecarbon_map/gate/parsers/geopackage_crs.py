"""What a GeoPackage says of its coordinate system, and whether it agrees with itself."""

from __future__ import annotations

import sqlite3
from typing import Final

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from bluecarbon_map.gate.parsers.tidy import Notes
from bluecarbon_map.gate.refused import RefusedError
from bluecarbon_map.geodesy import GeometryArray

_QUERY: Final = (
    "SELECT organization, organization_coordsys_id, definition "
    "FROM gpkg_spatial_ref_sys WHERE srs_id = ?"
)


def stated_crs(
    base: sqlite3.Connection, srs_id: int | None, shapes: GeometryArray | None, notes: Notes
) -> tuple[str | None, dict[str, str]]:
    """Coordinate system of a layer, as ``EPSG:N`` or WKT, and what else was said of it.

    An id that stands for "undefined", or for no row of the table, states none.

    Raises:
        RefusedError: If code and definition differ and the coordinates fit neither or both.
    """
    said = {"crs_said": f"srs_id {srs_id}"}
    row = base.execute(_QUERY, (srs_id,)).fetchone() if isinstance(srs_id, int) else None
    if row is None or srs_id in (0, -1):
        return None, said
    organisation, code, definition = row
    by_code = _crs(f"EPSG:{code}") if str(organisation).upper() == "EPSG" else None
    by_words = _crs(str(definition))
    if by_code is None:
        return (by_words.to_wkt() if by_words else None), said
    if by_words is None or _alike(by_code, by_words):
        return f"EPSG:{code}", said
    return _fitting(by_code, by_words, shapes, notes), said


def _crs(words: str) -> CRS | None:
    try:
        return CRS.from_user_input(words)
    except CRSError:
        return None


def _alike(one: CRS, other: CRS) -> bool:
    return bool(one.equals(other, ignore_axis_order=True) or one.to_epsg() == other.to_epsg(20))


def _fitting(by_code: CRS, by_words: CRS, shapes: GeometryArray | None, notes: Notes) -> str:
    """Of two systems that differ, the one that the coordinates fit."""
    fitting = [crs for crs in (by_code, by_words) if _fits(crs, shapes)]
    named = f"{by_code.name} by its code and {by_words.name} by its definition"
    if len(fitting) != 1:
        raise RefusedError(
            "crs_contradicts",
            f"the file says {named}",
            "Ask whoever made it, then set the coordinate system of the layer anew",
        )
    notes.warning(
        "crs_contradicts",
        f"the file says {named}; its coordinates fit {fitting[0].name} only, which was taken",
        "Check the place on the map",
    )
    code = fitting[0].to_epsg(20)
    return f"EPSG:{code}" if code else fitting[0].to_wkt()


def _fits(crs: CRS, shapes: GeometryArray | None) -> bool:
    if shapes is None or not np.isfinite(bounds := shapely.total_bounds(shapes)).all():
        return False
    degrees = abs(bounds[[0, 2]]).max() <= 360 and abs(bounds[[1, 3]]).max() <= 90
    return bool(crs.is_geographic == degrees)
