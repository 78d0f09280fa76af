"""Land to draw the map on: Zhejiang in full detail, ten other coastal units generalised."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.geodesy import STORAGE_CRS
from data.build.dcw import Polygons, coast_of
from data.build.plane import polygonal, to_degrees, to_plane

TOLERANCE_M: Final = 1_500.0
"""How far a generalised outline may lie from the DCW's."""

SMALLEST_ISLAND_M2: Final = 20e6
"""Islands below 20 km² are left out of a generalised outline."""

UNITS: Final = (
    ("LN", "210000", "辽宁省", "Liaoning"),
    ("HE", "130000", "河北省", "Hebei"),
    ("TJ", "120000", "天津市", "Tianjin"),
    ("SD", "370000", "山东省", "Shandong"),
    ("JS", "320000", "江苏省", "Jiangsu"),
    ("SH", "310000", "上海市", "Shanghai"),
    ("FJ", "350000", "福建省", "Fujian"),
    ("GD", "440000", "广东省", "Guangdong"),
    ("GX", "450000", "广西壮族自治区", "Guangxi"),
    ("HI", "460000", "海南岛", "Hainan Island"),
)
"""DCW code, GB/T 2260 code, names. Of Hainan only the main island is drawn, and so it is called."""


def generalised(parts: Polygons) -> shapely.MultiPolygon:
    """Polygons in the plane with less detail and without small islands."""
    large = parts[shapely.area(parts) >= SMALLEST_ISLAND_M2]
    return polygonal(shapely.make_valid(shapely.union_all(large).simplify(TOLERANCE_M)))


def _row(zone_id: str, name_zh: str, name_en: str, detail: str) -> dict[str, str]:
    return {"name_zh": name_zh, "name_en": name_en, "zone_id": zone_id, "detail": detail}


def build_land() -> gpd.GeoDataFrame:
    """One row a unit, Zhejiang last so that it is drawn on top of its neighbours, EPSG:4490."""
    rows, shapes = [], []
    for dcw_code, zone_id, name_zh, name_en in UNITS:
        rows.append(_row(zone_id, name_zh, name_en, "generalised"))
        shapes.append(to_degrees(generalised(to_plane(coast_of(dcw_code)))))
    rows.append(_row("330000", "浙江省", "Zhejiang", "full"))
    shapes.append(polygonal(shapely.union_all(coast_of("ZJ"))))
    geometry = np.array(shapes, dtype=object)
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=geometry, crs=STORAGE_CRS)
