"""Habitats and zones as the overlay wants them: polygons in the equal-area plane."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.geodesy import EQUAL_AREA_CRS, GeometryArray, to_equal_area
from bluecarbon_map.overlay import require_polygons
from bluecarbon_map.reading.columns import (
    ECOSYSTEM_COLUMNS,
    FIRST_ROW,
    ID_COLUMNS,
    SPECIES_COLUMNS,
    column_of,
    doubled_rows,
    ecosystems,
    listed,
    plain,
    refined,
    zone_columns,
    zone_ids,
)
from bluecarbon_map.reading.drivers import read_layer
from bluecarbon_map.units import ha_from_m2


def read_habitats(
    path: str, *, ecosystem_column: str | None = None, repair: bool = False
) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Read patches.

    Args:
        path: File, for a GeoPackage of several layers with ``|layername=NAME`` after it.
        ecosystem_column: Column that names the ecosystem; None to find it by its usual names.
        repair: Mend invalid geometry instead of refusing it.

    Returns:
        Columns ``ecosystem, species, geometry`` in the equal-area plane, and warnings.

    Raises:
        InputError: If the file or a row of it cannot be used; the message says where and why.
    """
    layer = read_layer(path)
    words = column_of(layer, path, ecosystem_column, ECOSYSTEM_COLUMNS, needed=True)
    ecosystem, species = ecosystems(layer[words], path, str(words))
    named = column_of(layer, path, None, SPECIES_COLUMNS)
    if named is not None:
        species = refined(layer[named], ecosystem, species, path, named)
    geometry, said = _polygons(layer, path, repair=repair)
    ids = column_of(layer, path, None, ID_COLUMNS)
    if ids is not None and (doubled := doubled_rows(layer[ids])):
        said.append(f"{path}: column {ids!r}: the same id on rows {listed(doubled)}; both count")
    table = {
        "ecosystem": pd.Series(ecosystem, dtype="str"),
        "species": pd.Series(species, dtype="str"),
    }
    return gpd.GeoDataFrame(table, geometry=geometry, crs=EQUAL_AREA_CRS), said


def read_zones(
    path: str, *, zone_column: str | None = None, repair: bool = False
) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Read zones.

    Args:
        path: File, for a GeoPackage of several layers with ``|layername=NAME`` after it.
        zone_column: Column with the zone's id; None to find it by its usual names.
        repair: Mend invalid geometry instead of refusing it.

    Returns:
        Columns ``zone_id, zone_name, geometry`` in the equal-area plane, and warnings.

    Raises:
        InputError: If the file or a row of it cannot be used; the message says where and why.
    """
    layer = read_layer(path)
    ids, names = zone_columns(layer, path, zone_column)
    zone_id = zone_ids(layer[ids], path, ids)
    geometry, said = _polygons(layer, path, repair=repair)
    zone_name = zone_id if names is None else layer[names].map(plain, na_action="ignore")
    table = {"zone_id": zone_id, "zone_name": zone_name.astype("str").fillna(zone_id)}
    return gpd.GeoDataFrame(table, geometry=geometry, crs=EQUAL_AREA_CRS), said


def _polygons(
    layer: gpd.GeoDataFrame, path: str, *, repair: bool
) -> tuple[GeometryArray, list[str]]:
    """Polygons in the equal-area plane; refuses what has no area, mends what is broken if asked."""
    rows = range(FIRST_ROW, len(layer) + FIRST_ROW)
    plane = to_equal_area(layer, path)
    bad = ~shapely.is_valid(plane) & np.isin(shapely.get_type_id(plane), (3, 6))
    if not repair or not bad.any():
        require_polygons(plane, path, rows=rows)
        return plane, list(layer.attrs["warnings"])
    before = _area_before(plane[bad])
    plane[bad] = shapely.make_valid(plane[bad], method="structure", keep_collapsed=False)
    require_polygons(plane, path, rows=rows)
    after_ha = ha_from_m2(float(shapely.area(plane[bad]).sum()))
    mended = listed(list(np.nonzero(bad)[0] + FIRST_ROW))
    return plane, [
        *layer.attrs["warnings"],
        f"{path}: mended rows {mended}: before: {before}, after: {after_ha:.4f} ha",
    ]


def _area_before(broken: GeometryArray) -> str:
    """Area of invalid polygons; an outline that crosses itself cancels part of its own area."""
    if any("self-intersection" in why.casefold() for why in shapely.is_valid_reason(broken)):
        return "unknown (the outline crosses itself)"
    return f"{ha_from_m2(float(shapely.area(broken).sum())):.4f} ha"
