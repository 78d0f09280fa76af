"""Patches of both surveys: strips along the coast, farms off it, and the small islands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.geodesy import STORAGE_CRS
from bluecarbon_map.tables import Habitats, columns
from bluecarbon_map.units import M2_PER_HA, M_PER_KM
from data.build.dcw import Polygons
from data.build.inputs import english, sites
from data.build.plane import polygonal, to_degrees, to_plane
from data.build.strips import NOTHING, Ground, Place, draw_strip

YEARS: Final = (2022, 2025)
LARGEST_SMALL_ISLAND_M2: Final = 50 * M2_PER_HA
AROUND_ISLETS: Final = frozenset({"seaweed_bed"})
"""Ecosystems drawn around small islands too; the others follow the larger coasts."""

MOST_REACHES: Final = 4.0
FARTHEST_M: Final = 10_000.0
"""Patches farther from a site than this many radii and metres cannot meet its strip."""

KEEP_FROM_EDGE_M: Final = 5.0
"""Patches of a zone keep this far from its edge, so that no way of measuring moves a part of them
into the next zone."""

DEMONSTRATION_SOURCE: Final = "为本图绘制的演示数据 / demonstration data drawn for this map"
MANGROVE_SOURCE: Final = (
    "浙江省红树林面积 2022 年调查：312.5 ha（温州 220.8、台州 91.5、舟山 0.2），"
    "中国环保协会 2023-06-14"
    " / published 2022 survey of Zhejiang's mangrove area"
)
SPARTINA_SOURCE: Final = (
    "2015 年 30 m 互花米草图：杭州湾 17.34、三门湾 41.68、乐清湾 20.64 km²，据 Spartina-Earth 表 8"
    " / 2015 30 m map of Spartina, derived from Yingda-Yu/Spartina-Earth table 8"
)
DRAWN_NOTE: Final = (
    "沿真实海岸示意绘制，边界非实测 / drawn along the real coast, not a surveyed outline"
)
NOTE_2025: Final = (
    "2025 年面积无人发布，此为演示 / nobody published an area for 2025: demonstration"
)
ISLAND_NOTE: Final = (
    "DCW 中面积小于 50 ha 的岛，整岛计入；是否无居民、植被多少未知"
    " / an island below 50 ha in the DCW, drawn whole; whether it is uninhabited"
    " and how much of it is vegetated is not known"
)


@dataclass(slots=True)
class Sheet:
    """One survey while it is drawn.

    Attributes:
        year: Year of the survey.
        land: All land of the province, in the plane.
        shores: The land without its small islands.
        small_islands: The small islands.
        zones: Zone shapes in the plane, already kept from their edges, by Chinese name.
        rows: Rows without geometry.
        shapes: Their shapes, in the plane.
    """

    year: int
    land: shapely.Geometry
    shores: shapely.Geometry
    small_islands: Polygons
    zones: dict[str, shapely.Geometry]
    rows: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[shapely.Geometry] = field(default_factory=list)

    def taken(self, place: Place, *ecosystems: str) -> shapely.Geometry:
        """Ground around a place already drawn; of some ecosystems only where they are named."""
        reach = place.centre.buffer(MOST_REACHES * place.radius_m + FARTHEST_M).envelope
        pairs = zip(self.rows, self.shapes, strict=True)
        wanted = [s for row, s in pairs if not ecosystems or row["ecosystem"] in ecosystems]
        return shapely.union_all([s for s in wanted if s.intersects(reach)])


def _slug(name_en: str) -> str:
    return name_en.lower().replace("'", "").replace(" ", "-")


def _source(site: Any, year: int) -> str:  # noqa: ANN401
    if year != YEARS[0] or site.provenance == "demonstration":
        return DEMONSTRATION_SOURCE
    return MANGROVE_SOURCE if site.ecosystem == "mangrove" else SPARTINA_SOURCE


def _note(site: Any, year: int, radius_km: float) -> str:  # noqa: ANN401
    parts = [DRAWN_NOTE, NOTE_2025 if year != YEARS[0] else "", site.note]
    if radius_km > site.radius_km:
        parts.append(
            f"搜索半径由 {site.radius_km:g} 增至 {radius_km:.2f} km"
            f" / search radius widened from {site.radius_km:g} to {radius_km:.2f} km"
        )
    return "; ".join(part for part in parts if isinstance(part, str) and part)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _site_row(site: Any, year: int, radius_km: float) -> dict[str, Any]:  # noqa: ANN401
    name_en = english("site", site.site)
    return {
        "habitat_id": f"{year}-{_slug(name_en)}",
        "survey_id": f"ZJ-{year}",
        "name_zh": site.site,
        "name_en": name_en,
        "ecosystem": site.ecosystem,
        "species": _text(site.species),
        "stated_area_ha": float(getattr(site, f"area_ha_{year}")),
        "provenance": site.provenance if year == YEARS[0] else "demonstration",
        "source": _source(site, year),
        "note": _note(site, year, radius_km),
    }


def _place(sheet: Sheet, site: Any) -> Place:  # noqa: ANN401
    zone = {"county": site.county, "city": site.city}.get(site.clip_to, "浙江省")
    return Place(
        name=site.site,
        centre=to_plane(shapely.Point(site.lon, site.lat)),
        radius_m=site.radius_km * M_PER_KM,
        offset_m=site.offset_m,
        within=sheet.zones[zone],
    )


def _draw_site(sheet: Sheet, site: Any, before: Sheet | None) -> None:  # noqa: ANN401
    place = _place(sheet, site)
    taken, freed = sheet.taken(place), NOTHING
    if before is not None and site.ecosystem == "tidal_flat":
        # Ground that lost its marsh is bare flat now, before the flat grows anywhere else.
        freed = before.taken(place, "salt_marsh") - taken
    along_islets = site.ecosystem in AROUND_ISLETS
    coast = sheet.land if along_islets else sheet.shores
    ground = Ground(land=sheet.land, coast=coast, taken=taken, first=freed)
    area_m2 = getattr(site, f"area_ha_{sheet.year}") * M2_PER_HA
    band, radius_km = draw_strip(place, area_m2, ground)
    sheet.rows.append(_site_row(site, sheet.year, radius_km))
    sheet.shapes.append(band)


def _draw_islands(sheet: Sheet) -> None:
    for number, island in enumerate(sheet.small_islands, start=1):
        row = dict.fromkeys(columns(Habitats)[:-1])
        row |= {
            "habitat_id": f"{sheet.year}-island-{number:03d}",
            "survey_id": f"ZJ-{sheet.year}",
            "ecosystem": "island_vegetation",
            "stated_area_ha": float("nan"),
            "provenance": "demonstration",
            "source": DEMONSTRATION_SOURCE,
            "note": ISLAND_NOTE,
        }
        sheet.rows.append(row)
        sheet.shapes.append(polygonal(island))


def small_islands(land_parts: Polygons) -> Polygons:
    """Islands below 50 ha, west to east."""
    small = land_parts[shapely.area(land_parts) < LARGEST_SMALL_ISLAND_M2]
    centre = shapely.get_coordinates(shapely.centroid(small))
    ordered: Polygons = small[np.lexsort((centre[:, 1], centre[:, 0]))]
    return ordered


def _draw(sheet: Sheet, before: Sheet | None) -> Sheet:
    """Draw every patch, the ecosystem that keeps contested ground first.

    Islands can come last whatever their rank: they are land, which no strip covers.
    """
    table = sites()
    rank = table["ecosystem"].map({key: e.priority for key, e in ECOSYSTEMS.items()})
    for site in table.iloc[np.argsort(rank, kind="stable")].itertuples():
        _draw_site(sheet, site, before)
    _draw_islands(sheet)
    return sheet


def _layer(sheet: Sheet) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(sheet.rows)
    nullable = ["name_zh", "name_en", "species", "note"]
    frame = frame.astype(dict.fromkeys(nullable, "str"))
    geometry = to_degrees(np.array(sheet.shapes, dtype=object))
    layer = gpd.GeoDataFrame(frame, geometry=geometry, crs=STORAGE_CRS)
    return layer[columns(Habitats)]


def build_habitats(
    land_parts: Polygons, zones: gpd.GeoDataFrame, years: Sequence[int] = YEARS
) -> dict[int, gpd.GeoDataFrame]:
    """Surveys by year, contract ``tables.Habitats``, EPSG:4490.

    Args:
        land_parts: Land polygons of the province, in the equal-area plane.
        zones: The zones, in degrees.
        years: Which of `YEARS` to draw, from the first on.
    """
    shapes = shapely.buffer(to_plane(zones.geometry.to_numpy()), -KEEP_FROM_EDGE_M)
    kept = dict(zip(zones["name_zh"], shapes, strict=True))
    land, islands = shapely.union_all(land_parts), small_islands(land_parts)
    shores = shapely.union_all(land_parts[shapely.area(land_parts) >= LARGEST_SMALL_ISLAND_M2])
    sheets: list[Sheet] = []
    for year in years:
        sheet = Sheet(year=year, land=land, shores=shores, small_islands=islands, zones=kept)
        sheets.append(_draw(sheet, sheets[0] if sheets else None))
    return {sheet.year: _layer(sheet) for sheet in sheets}
