"""Land to draw the map on: Zhejiang in full detail, its neighbours and other coasts generalised.

Anhui and Jiangxi have no coast; they are here so that land is drawn as land. Within `NEAR_DEG`
nothing that is land may be missing, for what is missing would look like sea: there every island is
kept, and the gaps between one outline and the next are filled.
"""

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
"""How far a generalised outline may lie from the DCW's, far from Zhejiang."""

SMALLEST_ISLAND_M2: Final = 20e6
"""Far from Zhejiang, islands below 20 km² are left out of a generalised outline."""

NEAR_TOLERANCE_M: Final = 200.0
"""How far a generalised outline may lie from the DCW's within `NEAR_DEG`."""

NEAR_DEG: Final = (117.0, 26.0, 124.2, 32.2)
"""West, south, east, north around Zhejiang: more than a map of the province shows."""

OVERLAP_DEG: Final = 1e-6
"""How far what fills a gap reaches under its sides, so that rounding leaves no hair between."""

LARGEST_GAP_M2: Final = 1e6
"""A hole between outlines above this is water, and not filled."""

UNITS: Final = (
    ("LN", "210000", "辽宁省", "Liaoning"),
    ("HE", "130000", "河北省", "Hebei"),
    ("TJ", "120000", "天津市", "Tianjin"),
    ("SD", "370000", "山东省", "Shandong"),
    ("JS", "320000", "江苏省", "Jiangsu"),
    ("SH", "310000", "上海市", "Shanghai"),
    ("AH", "340000", "安徽省", "Anhui"),
    ("JX", "360000", "江西省", "Jiangxi"),
    ("FJ", "350000", "福建省", "Fujian"),
    ("GD", "440000", "广东省", "Guangdong"),
    ("GX", "450000", "广西壮族自治区", "Guangxi"),
    ("HI", "460000", "海南岛", "Hainan Island"),
)
"""DCW code, GB/T 2260 code, names. Of Hainan only the main island is drawn, and so it is called."""


def generalised(parts: Polygons) -> shapely.MultiPolygon:
    """Polygons in degrees with less detail, and far from Zhejiang without small islands."""
    near_area = shapely.box(*NEAR_DEG)
    far = _thinned(parts, TOLERANCE_M, SMALLEST_ISLAND_M2)
    close_by = parts[shapely.intersects(parts, near_area)]
    if not len(close_by):
        return polygonal(far)
    near = _thinned(close_by, NEAR_TOLERANCE_M, 0.0)
    return polygonal(
        shapely.union(shapely.difference(far, near_area), shapely.intersection(near, near_area))
    )


def _thinned(parts: Polygons, tolerance_m: float, smallest_m2: float) -> shapely.Geometry:
    plane = to_plane(parts)
    kept = plane[shapely.area(plane) >= smallest_m2]
    return to_degrees(shapely.make_valid(shapely.union_all(kept).simplify(tolerance_m)))


def gaps(shapes: Polygons) -> Polygons:
    """Small holes between outlines near Zhejiang, where neither side meets the other, in degrees.

    A province has no hole of its own in the DCW, so that each one lies between provinces.
    """
    near = shapely.intersection(shapes, shapely.box(*NEAR_DEG))
    whole = polygonal(shapely.union_all(near)).geoms
    holes = [shapely.Polygon(ring) for part in whole for ring in part.interiors]
    found = np.array(holes, dtype=object)
    return found[shapely.area(to_plane(found)) < LARGEST_GAP_M2]


def _filled(shapes: Polygons, neighbours: Polygons) -> Polygons:
    """Each gap given to the first of the neighbours that it touches."""
    filling = shapely.buffer(gaps(shapes), OVERLAP_DEG, join_style="mitre")
    owner = shapely.intersects(neighbours[:, None], filling).argmax(axis=0)
    together = [
        shapely.union_all([outline, *filling[owner == at]]) for at, outline in enumerate(neighbours)
    ]
    return np.array([polygonal(shape) for shape in together], dtype=object)


def _row(zone_id: str, name_zh: str, name_en: str, detail: str) -> dict[str, str]:
    return {"name_zh": name_zh, "name_en": name_en, "zone_id": zone_id, "detail": detail}


def build_land() -> gpd.GeoDataFrame:
    """One row a unit, Zhejiang last so that it is drawn on top of its neighbours, EPSG:4490."""
    rows = [_row(zone_id, zh, en, "generalised") for _, zone_id, zh, en in UNITS]
    others = np.array([generalised(coast_of(unit[0])) for unit in UNITS], dtype=object)
    zhejiang = polygonal(shapely.union_all(coast_of("ZJ")))
    shapes = [*_filled(np.array([*others, zhejiang], dtype=object), others), zhejiang]
    rows.append(_row("330000", "浙江省", "Zhejiang", "full"))
    geometry = np.array(shapes, dtype=object)
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry=geometry, crs=STORAGE_CRS)
