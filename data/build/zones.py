"""Indicative zones: Thiessen cells of places, cut by the province's outline widened seaward.

Counties are cut first, on one set of shared edges; cities and the province are their unions. So
counties tile cities and cities tile the province without a gap.
"""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.geodesy import STORAGE_CRS
from data.build.dcw import Polygons, coast_of
from data.build.inputs import english, places
from data.build.plane import to_degrees, to_plane

SEAWARD_M: Final = 15_000.0
"""How far zones reach beyond the coast, so that tidal flats and farms fall into one."""

ROUNDING_M: Final = 15_000.0
"""Gaps between islands narrower than twice this are closed before the sea edge is drawn."""

SEA_EDGE_TOLERANCE_M: Final = 300.0
LAND_BORDER_TOLERANCE_M: Final = 30.0
COARSE_M: Final = 3_000.0
"""Detail that is enough to tell what lies within tens of kilometres."""

COAST_STEP_M: Final = 1_000.0
LONGEST_EDGE_M: Final = 2_000.0
"""Longer edges get vertices between, so that they stay put in other coordinate systems."""

GRID_M: Final = 0.001
NEIGHBOURS: Final = ("SH", "JS", "AH", "JX", "FJ")
Sheets = list[tuple[dict[str, object], shapely.Geometry]]

PROVINCE_ID: Final = "330000"
SOURCE: Final = (
    "示意分区（非法定界线）：县内地点的泰森多边形，"
    "以 DCW 1:1,000,000 省域轮廓（向海外扩约 15 km）裁切"
    " / indicative zones, not legal boundaries: Thiessen cells of places in each county, cut by the"
    " DCW 1:1,000,000 outline widened about 15 km seaward"
)


def _coast_points(land: shapely.Geometry, within: shapely.Geometry) -> Polygons:
    """Points along a simplified coast, about every kilometre."""
    coast = shapely.segmentize(land.simplify(SEA_EDGE_TOLERANCE_M).boundary, COAST_STEP_M)
    points = shapely.points(shapely.get_coordinates(coast.intersection(within)))
    return np.asarray(points, dtype=object)


def nearer_to_neighbours(land: shapely.Geometry, others: shapely.Geometry) -> shapely.Geometry:
    """Ground within reach that lies nearer to a neighbouring province than to this one."""
    coarse = [side.simplify(COARSE_M) for side in (land, others)]
    shared = coarse[0].buffer(4 * SEAWARD_M, quad_segs=1) & coarse[1].buffer(
        4 * SEAWARD_M, quad_segs=1
    )
    own, foreign = (_coast_points(side, shared) for side in (land, others))
    points = np.concatenate([own, foreign])
    everywhere = coarse[0].envelope.buffer(6 * SEAWARD_M)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=everywhere)
    )
    tree = shapely.STRtree(points)
    nearest = tree.query_nearest(shapely.centroid(cells), all_matches=False)[1]
    return shapely.union_all(cells[_owner(cells, points, nearest) >= len(own)])


def _owner(cells: Polygons, points: Polygons, fallback: np.ndarray) -> np.ndarray:
    """Index of the point each Thiessen cell belongs to."""
    cell, point = shapely.STRtree(points).query(cells, predicate="contains")
    owner = fallback.copy()
    owner[cell] = point
    return owner


def _filled(geometry: shapely.Geometry) -> shapely.Polygon:
    """The largest polygon without its holes."""
    parts = shapely.get_parts(geometry)
    return shapely.Polygon(parts[np.argmax(shapely.area(parts))].exterior)


def _sea(land: shapely.Geometry, others: shapely.Geometry) -> shapely.Geometry:
    """Water this province's zones reach into."""
    reach = land.simplify(2 * SEA_EDGE_TOLERANCE_M).buffer(SEAWARD_M + ROUNDING_M, quad_segs=4)
    reach = reach.buffer(-ROUNDING_M, quad_segs=4).simplify(SEA_EDGE_TOLERANCE_M)
    water = reach - nearer_to_neighbours(land, others) - others - land
    parts = shapely.get_parts(water)
    # Lake Tai and slivers along land borders are water too; the sea is the one large piece.
    return parts[np.argmax(shapely.area(parts))]


def widened_outline(land_parts: Polygons) -> shapely.Polygon:
    """The province's land and the sea before it, in the equal-area plane.

    Args:
        land_parts: Land polygons of the province, in the plane.
    """
    land = shapely.union_all(land_parts)
    others = shapely.union_all(np.concatenate([to_plane(coast_of(code)) for code in NEIGHBOURS]))
    whole = _filled(land | _sea(land, others))
    return _filled(whole.simplify(LAND_BORDER_TOLERANCE_M))


def _faces(outline: shapely.Polygon, table: pd.DataFrame) -> tuple[Polygons, np.ndarray]:
    """Pieces of the outline, and for each the row of the place it is nearest to."""
    points = to_plane(shapely.points(table["lon"], table["lat"]))
    reach = outline.envelope.buffer(1_000.0)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=reach))
    tree = shapely.STRtree(points)
    of_cell = tree.query_nearest(shapely.point_on_surface(cells), all_matches=False)[1]
    county = table["county_code"].to_numpy()[_owner(cells, points, of_cell)]
    counties = [shapely.union_all(cells[county == code]) for code in pd.unique(county)]
    edges = shapely.union_all([c.boundary for c in counties]) & outline
    lines = shapely.segmentize(
        shapely.union_all([shapely.line_merge(edges), outline.boundary], grid_size=GRID_M),
        LONGEST_EDGE_M,
    )
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inner = shapely.point_on_surface(faces)
    faces, inner = faces[shapely.covers(outline, inner)], inner[shapely.covers(outline, inner)]
    return faces, tree.query_nearest(inner, all_matches=False)[1]


def _row(zone_id: str, name_zh: str, level: str, parent_id: str | None) -> dict[str, object]:
    return {
        "zone_id": zone_id,
        "name_zh": name_zh,
        "name_en": english(level, name_zh),
        "level": level,
        "parent_id": parent_id,
        "provenance": "indicative",
        "source": SOURCE,
    }


def _whole(parts: list[shapely.Geometry]) -> shapely.Geometry:
    return shapely.coverage_union_all(parts)


def _settled(faces: Polygons, county: np.ndarray, land_parts: Polygons) -> np.ndarray:
    """County of each face, with pieces of bare sea apart from their county given to a neighbour.

    A piece of sea can be nearest to a place across a neighbouring province's coast; on the map it
    would look like a mistake.
    """
    touched = np.unique(shapely.STRtree(faces).query(land_parts, predicate="intersects")[1])
    dry = np.isin(np.arange(len(faces)), touched)
    area, settled = shapely.area(faces), county.copy()
    for face in np.flatnonzero(~dry):
        if area[face] < area[county == county[face]].max():
            border = shapely.length(shapely.intersection(faces, faces[face].boundary))
            border[face] = 0.0
            settled[face] = county[np.argmax(border)]
    return settled


def _sheets(faces: Polygons, county: np.ndarray) -> Sheets:
    """Province, cities and counties, coarse to fine, each with its shape in the plane."""
    listed = places().drop_duplicates("county_code").sort_values("county_code")
    counties: Sheets = [
        (
            _row(code, name, "county", f"{code[:4]}00"),
            shapely.coverage_union_all(faces[county == code]),
        )
        for code, name in zip(listed["county_code"], listed["county"], strict=True)
    ]
    cities: Sheets = []
    for city, codes in listed.groupby("city", sort=False)["county_code"]:
        city_id = f"{codes.iloc[0][:4]}00"
        parts = [shape for row, shape in counties if row["parent_id"] == city_id]
        cities.append(
            (_row(city_id, str(city), "city", PROVINCE_ID), shapely.coverage_union_all(parts))
        )
    whole = shapely.coverage_union_all([shape for _, shape in counties])
    return [(_row(PROVINCE_ID, "浙江省", "province", None), whole), *cities, *counties]


def build_zones(land_parts: Polygons) -> gpd.GeoDataFrame:
    """Province, city and county zones, contract ``tables.Zones``, EPSG:4490.

    Args:
        land_parts: Land polygons of the province, in the equal-area plane.
    """
    table = places()
    faces, place = _faces(widened_outline(land_parts), table)
    county = _settled(faces, table["county_code"].to_numpy()[place], land_parts)
    sheets = _sheets(faces, county)
    geometry = to_degrees(np.array([shape for _, shape in sheets], dtype=object))
    frame = pd.DataFrame([row for row, _ in sheets])
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=STORAGE_CRS)
