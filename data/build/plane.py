"""From degrees into the equal-area plane and back."""

from __future__ import annotations

from functools import cache
from typing import Any

import pyproj
import shapely

from bluecarbon_map.geodesy import EQUAL_AREA_CRS, STORAGE_CRS
from bluecarbon_map.units import FloatArray


@cache
def _transformer(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def to_plane(geometry: Any) -> Any:  # noqa: ANN401
    """Geometry, or an array of it, from degrees to metres of the equal-area plane."""
    transform = _transformer(STORAGE_CRS, EQUAL_AREA_CRS).transform
    return shapely.transform(geometry, transform, interleaved=False)


def _back(x_m: FloatArray, y_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Metres to degrees, such that the way forth again ends where it began.

    PROJ's way back is a short series, half a millimetre off; one correction by what the way forth
    says takes that below a micrometre, so that strips meet the coast they were cut along.
    """
    forth = _transformer(STORAGE_CRS, EQUAL_AREA_CRS).transform
    back = _transformer(EQUAL_AREA_CRS, STORAGE_CRS).transform
    x_again, y_again = forth(*back(x_m, y_m))
    longitude, latitude = back(2 * x_m - x_again, 2 * y_m - y_again)
    return longitude, latitude


def to_degrees(geometry: Any) -> Any:  # noqa: ANN401
    """Geometry, or an array of it, from metres of the equal-area plane to degrees.

    Nothing is rounded: a patch of 0.2 ha would lose its sixth digit at 1e-8 degrees.
    """
    return shapely.transform(geometry, _back, interleaved=False)


def polygonal(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    """The polygons of a geometry, without the points and lines that cutting can leave."""
    parts = shapely.get_parts(geometry)
    collections = shapely.get_type_id(parts) == shapely.GeometryType.MULTIPOLYGON
    parts = shapely.get_parts(parts[collections | (shapely.get_type_id(parts) == 3)])
    return shapely.MultiPolygon([part for part in parts if part.area > 0])
