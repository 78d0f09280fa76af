"""Ground that a survey is said to have looked at, in the ways an office can state it."""

from __future__ import annotations

import geopandas as gpd
import shapely

from bluecarbon_map.errors import InputError, NotFoundError


def ground_of(zones: gpd.GeoDataFrame, zone_id: str) -> shapely.Geometry:
    """Outline of one zone, EPSG:4490.

    Raises:
        NotFoundError: If there is no such zone.
    """
    found = zones.loc[zones["zone_id"] == zone_id].geometry
    if found.empty:
        raise NotFoundError("zone", zone_id, zones["zone_id"].tolist())
    return found.iloc[0]


def hull_of(patches: gpd.GeoDataFrame) -> shapely.Geometry:
    """Convex hull of all patches: everything between them, sea and land, is said to be looked at.

    Raises:
        InputError: If the patches span no ground.
    """
    hull = shapely.convex_hull(shapely.geometrycollections(patches.geometry.to_numpy()))
    if hull.geom_type != "Polygon":
        raise InputError("extent", "the patches span no ground", "State the extent another way")
    return hull


def outline_of(shapes: gpd.GeoDataFrame) -> shapely.Geometry:
    """All outlines of a file as one, EPSG:4490.

    Raises:
        InputError: If there is none.
    """
    whole = shapely.union_all(shapes.geometry.to_numpy())
    if shapely.is_empty(whole):
        raise InputError("extent", "there is no outline in the file", "Draw one polygon or more")
    return whole
