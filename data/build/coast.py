"""The eleven coastal provincial units: outlines for a chart, zones and land for a new workspace.

Three layers from the DCW. ``outlines`` is for a small chart: 2 km generalised, without islands that
would not show. ``zones`` is what ``bluecarbon init`` starts a province with: its land and the sea
before it. ``land`` is everything that lies on the map sheet of any of the eleven: what is missing
there would be painted as sea. Land that is none of the named units has no name, and no line is
drawn around it: a workspace puts it under the units it names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.geodesy import STORAGE_CRS
from bluecarbon_map.tables import Zones, validate_layer
from bluecarbon_map.tiles import sheet_of
from data.build.dcw import Polygons, coast_of, outline
from data.build.plane import polygonal, to_degrees, to_plane
from data.build.zones import ROUNDING_M, SEA_EDGE_TOLERANCE_M, SEAWARD_M, nearer_to_neighbours

UNITS: Final = {
    "LN": "210000",
    "HE": "130000",
    "TJ": "120000",
    "SD": "370000",
    "JS": "320000",
    "SH": "310000",
    "ZJ": "330000",
    "FJ": "350000",
    "GD": "440000",
    "GX": "450000",
    "HI": "460000",
}
"""DCW code and GB/T 2260 code, from north to south."""

INLAND: Final = (
    ("BJ", "110000", "北京市", "Beijing"),
    ("SX", "140000", "山西省", "Shanxi"),
    ("NM", "150000", "内蒙古自治区", "Inner Mongolia"),
    ("JL", "220000", "吉林省", "Jilin"),
    ("HL", "230000", "黑龙江省", "Heilongjiang"),
    ("AH", "340000", "安徽省", "Anhui"),
    ("JX", "360000", "江西省", "Jiangxi"),
    ("HA", "410000", "河南省", "Henan"),
    ("HB", "420000", "湖北省", "Hubei"),
    ("HN", "430000", "湖南省", "Hunan"),
    ("GZ", "520000", "贵州省", "Guizhou"),
    ("YN", "530000", "云南省", "Yunnan"),
    ("HK", "810000", "香港特别行政区", "Hong Kong SAR"),
    ("MO", "820000", "澳门特别行政区", "Macao SAR"),
)
"""Neighbours that a sheet can show with their name."""

UNNAMED: Final = ("CN.TW", "KP", "KR", "VN", "LA", "PH", "JP", "MN", "RU")
"""Where other land on a sheet comes from; it is drawn plain."""

CHART_TOLERANCE_M: Final = 2_000.0
CHART_SMALLEST_M2: Final = 200e6
LAND_TOLERANCE_M: Final = 250.0
BORDER_TOLERANCE_M: Final = 150.0
GRID_DEG: Final = 1e-5
"""A metre: finer digits would only make the files larger."""

SHEET_SPARE_DEG: Final = 0.05
REACH_DEG: Final = 1.0
SMALLEST_SEA_M2: Final = 50e6
SLIVER_M: Final = 500.0
"""Gaps between the outlines of two provinces are narrower than twice this."""

SOURCE: Final = (
    "示意分区（非法定界线）：DCW 1:1,000,000 省域轮廓向海外扩约 15 km"
    " / indicative zone, not a legal boundary: the DCW 1:1,000,000 outline widened about 15 km"
    " seaward"
)


def _rounded(shape: shapely.Geometry) -> shapely.MultiPolygon:
    return polygonal(shapely.set_precision(shape, GRID_DEG))


def _chart_shape(parts: Polygons) -> shapely.MultiPolygon:
    plane = to_plane(parts)
    kept = plane[shapely.area(plane) >= CHART_SMALLEST_M2]
    return _rounded(to_degrees(shapely.union_all(kept).simplify(CHART_TOLERANCE_M)))


def build_outlines(parts: dict[str, Polygons], units: pd.DataFrame) -> gpd.GeoDataFrame:
    """One generalised outline a unit, columns ``unit_id, geometry``, EPSG:4490."""
    of_unit = {UNITS[code]: _chart_shape(shapes) for code, shapes in parts.items()}
    rows = pd.DataFrame({"unit_id": units["unit_id"]})
    return gpd.GeoDataFrame(rows, geometry=[of_unit[i] for i in rows["unit_id"]], crs=STORAGE_CRS)


def _around(parts: Polygons, ground: Polygons) -> Polygons:
    """Polygons of the ground that lie near a unit, cut to what is near, in the plane."""
    west, south, east, north = shapely.total_bounds(parts)
    box = (west - REACH_DEG, south - REACH_DEG, east + REACH_DEG, north + REACH_DEG)
    cut = shapely.clip_by_rect(ground, *box)
    return to_plane(cut[~shapely.is_empty(cut)])


def _without_lakes(ground: shapely.Geometry) -> shapely.Geometry:
    """Land with every water that land encloses, and without slivers between outlines."""
    closed = ground.buffer(SLIVER_M, quad_segs=1).buffer(-SLIVER_M, quad_segs=1) | ground
    return shapely.union_all([shapely.Polygon(p.exterior) for p in shapely.get_parts(closed)])


def _sea(land: shapely.Geometry, others: shapely.Geometry) -> shapely.Geometry:
    reach = land.simplify(2 * SEA_EDGE_TOLERANCE_M).buffer(SEAWARD_M + ROUNDING_M, quad_segs=4)
    reach = reach.buffer(-ROUNDING_M, quad_segs=4).simplify(SEA_EDGE_TOLERANCE_M)
    dry = _without_lakes(shapely.union_all([land, others]).simplify(LAND_TOLERANCE_M / 2))
    water = shapely.get_parts(reach - dry - nearer_to_neighbours(land, others))
    return shapely.union_all(water[shapely.area(water) >= SMALLEST_SEA_M2])


def zone_shape(parts: Polygons, others: Polygons) -> shapely.MultiPolygon:
    """A unit's land and the sea before it, in degrees.

    Args:
        parts: Its land, in degrees.
        others: Land of its neighbours, in degrees.
    """
    land, beside = shapely.union_all(to_plane(parts)), shapely.union_all(_around(parts, others))
    whole = shapely.get_parts(land | _sea(land, beside))
    filled = shapely.union_all([_filled(part, beside) for part in whole])
    return _rounded(to_degrees(filled.simplify(BORDER_TOLERANCE_M)))


def _filled(part: shapely.Polygon, others: shapely.Geometry) -> shapely.Polygon:
    """A polygon without the holes in which no other unit lies."""
    rings = [r for r in part.interiors if shapely.Polygon(r).intersection(others).area > 1e6]
    return shapely.Polygon(part.exterior, rings)


def build_zones(parts: dict[str, Polygons], units: pd.DataFrame) -> gpd.GeoDataFrame:
    """The zone each unit's workspace starts with, contract ``tables.Zones``, EPSG:4490."""
    beyond = [outline_of(code) for code in ("CN.HK", "CN.MO", "KP", "VN", "LA")]
    inland = [outline_of(f"CN.{code}") for code, *_ in INLAND[:-2]]
    shapes = {}
    for code, own in parts.items():
        rest = [shape for other, shape in parts.items() if other != code]
        shapes[UNITS[code]] = zone_shape(own, np.concatenate([*rest, *inland, *beyond]))
    rows = pd.DataFrame(
        {
            "zone_id": units["unit_id"],
            "name_zh": units["map_name_zh"],
            "name_en": units["map_name_en"],
            "level": "province",
            "parent_id": pd.Series([None] * len(units), dtype="str"),
            "provenance": "indicative",
            "source": SOURCE,
        }
    )
    zones = gpd.GeoDataFrame(
        rows, geometry=[shapes[unit] for unit in rows["zone_id"]], crs=STORAGE_CRS
    )
    validate_layer(Zones, zones, STORAGE_CRS)
    return zones


def outline_of(code: str) -> Polygons:
    """Polygons of a province (``CN.ZJ``) or a country (``KP``), in degrees."""
    country, _, province = code.partition(".")
    return outline(province, country)


def sheets(zones: gpd.GeoDataFrame) -> shapely.Geometry:
    """The ground that the maps of the units show, taken together."""
    bounds = [sheet_of(zones.iloc[[at]]) for at in range(len(zones))]
    return shapely.union_all([shapely.box(*one).buffer(SHEET_SPARE_DEG) for one in bounds])


def _land_shape(parts: Polygons, within: shapely.Geometry) -> shapely.MultiPolygon:
    near = parts[shapely.intersects(parts, within)]
    cut = shapely.intersection(near, within)
    thin = shapely.simplify(to_plane(cut), LAND_TOLERANCE_M)
    return _rounded(to_degrees(shapely.make_valid(shapely.union_all(thin))))


def build_land(
    parts: dict[str, Polygons], units: pd.DataFrame, zones: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """All land on the sheets: columns ``zone_id, name_zh, name_en, geometry``, EPSG:4490.

    Other land is one row without id and name.
    """
    within, names = sheets(zones), units.set_index("unit_id")
    rows = [
        (UNITS[code], *names.loc[UNITS[code], ["map_name_zh", "map_name_en"]], shapes)
        for code, shapes in parts.items()
    ]
    rows += [(unit, zh, en, outline_of(f"CN.{code}")) for code, unit, zh, en in INLAND]
    rest = np.concatenate([outline_of(code) for code in UNNAMED])
    rows.append((None, "", "", rest))
    table = pd.DataFrame(rows, columns=["zone_id", "name_zh", "name_en", "parts"])
    geometry = [_land_shape(own, within) for own in table.pop("parts")]
    land = gpd.GeoDataFrame(table, geometry=geometry, crs=STORAGE_CRS)
    return land[~land.geometry.is_empty].reset_index(drop=True)


def units_table(folder: Path) -> pd.DataFrame:
    """Codes and names of the units, from ``units.csv``."""
    return pd.read_csv(folder / "units.csv", dtype="str", encoding="utf-8-sig")


def build_coast(folder: Path) -> dict[str, gpd.GeoDataFrame]:
    """The three layers of ``data/coast`` by the name of their file.

    Args:
        folder: Where ``units.csv`` lies.

    Raises:
        GmtMissingError: If gmt or gmt-dcw is not installed.
    """
    units = units_table(folder)
    parts = {code: coast_of(code) for code in UNITS}
    zones = build_zones(parts, units)
    return {
        "outlines": build_outlines(parts, units),
        "zones": zones,
        "land": build_land(parts, units, zones),
    }
