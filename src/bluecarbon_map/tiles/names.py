"""Which names stand on the base map, and where."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from bluecarbon_map.tables import Level
from bluecarbon_map.tiles.labels import Label
from bluecarbon_map.tiles.mercator import GeometryArray

_DETAIL_DEG: Final = 0.008
_HOME_SHARE: Final = 0.5
"""Land of which the zones hold more than this is what the map is about, and no neighbour."""


def label_list(
    land: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, sheet: tuple[float, float, float, float]
) -> list[Label]:
    """Cities, neighbouring units and counties with their names, each at a place inside its land.

    Args:
        land: Columns ``name_zh, name_en, geometry``.
        zones: Contract `tables.Zones`.
        sheet: West, south, east, north of what is drawn, in degrees.
    """
    near = shapely.clip_by_rect(land.geometry.to_numpy(), *sheet)
    thin = _thinned(near, _DETAIL_DEG)
    ground = shapely.union_all(thin)
    cities, counties = (
        _named(_of_level(zones, level), ground, level) for level in (Level.CITY, Level.COUNTY)
    )
    return [*cities, *_neighbours(land, thin, zones), *counties]


def _of_level(zones: gpd.GeoDataFrame, level: Level) -> gpd.GeoDataFrame:
    return zones[zones["level"] == level.value]


def _named(areas: gpd.GeoDataFrame, ground: shapely.Geometry, level: Level) -> list[Label]:
    shapes = _thinned(areas.geometry.to_numpy(), _DETAIL_DEG / 4)
    shapely.prepare(ground)
    inland = shapely.contains_properly(ground, shapes)
    on_land = np.where(inland, shapes, shapely.intersection(shapes, ground))
    shapes = np.where(shapely.area(on_land) > 0, on_land, shapes)
    return _labels(areas, shapes, level)


def _neighbours(
    land: gpd.GeoDataFrame, near: GeometryArray, zones: gpd.GeoDataFrame
) -> list[Label]:
    """Names of the land around, each in the part of it that the sheet shows."""
    home = shapely.union_all(_thinned(zones.geometry.to_numpy(), 4 * _DETAIL_DEG))
    left = shapely.difference(near, home)
    mostly = shapely.area(left) > (1 - _HOME_SHARE) * shapely.area(near)
    return _labels(land[mostly], left[mostly], Level.PROVINCE)


def _thinned(shapes: GeometryArray, tolerance_deg: float) -> GeometryArray:
    """Shapes with less detail; one that would be thinned away keeps all of it."""
    thin = shapely.make_valid(shapely.simplify(shapes, tolerance_deg, preserve_topology=False))
    whole: GeometryArray = np.where(shapely.area(thin) > 0, thin, shapes)
    return whole


def _labels(areas: gpd.GeoDataFrame, shapes: GeometryArray, level: Level) -> list[Label]:
    places = [_inner_place(shape) for shape in shapes]
    names_en = areas["name_en"].to_numpy(dtype=object)
    return [
        Label(place, str(zh), str(en) if isinstance(en, str) else str(zh), level)
        for place, zh, en in zip(places, areas["name_zh"], names_en, strict=True)
    ]


def _inner_place(shape: shapely.Geometry) -> tuple[float, float]:
    """A place well inside the largest part of a shape that is not empty, in degrees."""
    parts: GeometryArray = shapely.get_parts(shape)
    largest = parts[int(np.argmax(shapely.area(parts)))]
    circle = shapely.maximum_inscribed_circle(largest, tolerance=0.01)
    place = shapely.get_coordinates(circle)[0]
    return float(place[0]), float(place[1])
