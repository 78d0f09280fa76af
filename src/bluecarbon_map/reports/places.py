"""What lies at a point of the map."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import shapely

from bluecarbon_map.geodesy import STORAGE_CRS, to_equal_area
from bluecarbon_map.reports.measure import finest_zones
from bluecarbon_map.reports.regions import Regions
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import Provenance
from bluecarbon_map.units import ha_from_m2


@dataclass(frozen=True, slots=True, kw_only=True)
class HabitatFacts:
    """One patch, as a reader is shown it.

    Attributes:
        habitat_id: Id.
        name_zh: Chinese name of the place, or None.
        name_en: English name, or None.
        ecosystem: Ecosystem.
        species: Dominant species, or None.
        area_ha: Area on the ellipsoid, in ha.
        stated_area_ha: Area as the source states it, in ha, or None.
        provenance: Kind of record.
        source: Where it comes from.
        note: What to know about it, or None.
    """

    habitat_id: str
    name_zh: str | None
    name_en: str | None
    ecosystem: str
    species: str | None
    area_ha: float
    stated_area_ha: float | None
    provenance: str
    source: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PointFacts:
    """What lies at a point.

    Attributes:
        zones: Zones it lies in, finest first; empty outside all.
        habitat: The patch there, or the nearest within the tolerance; None if there is none.
    """

    zones: tuple[str, ...]
    habitat: HabitatFacts | None


def at_point(
    store: Workspace,
    survey_id: str,
    lon: float,
    lat: float,
    *,
    tolerance_m: float = 0.0,
    demonstration: bool = True,
    ecosystems: frozenset[str] | None = None,
) -> PointFacts:
    """The patch and the zones at a point.

    Args:
        store: Workspace to read.
        survey_id: Survey whose patches are meant.
        lon: Longitude, degrees.
        lat: Latitude, degrees.
        tolerance_m: How far from the point a patch may be, in metres: a finger is not a needle.
        demonstration: Whether demonstration patches are on the map.
        ecosystems: Ecosystems on the map; None for all.

    Raises:
        NotFoundError: If there is no such survey.
    """
    point = _in_plane(lon, lat)
    zones = finest_zones(store)
    inside = shapely.intersects(zones.geometry.to_numpy(), shapely.Point(lon, lat))
    here = zones["zone_id"][inside].tolist()
    habitats = store.habitats(survey_id)
    shown = habitats["ecosystem"].isin(ecosystems) if ecosystems is not None else None
    if shown is not None:
        habitats = habitats[shown]
    if not demonstration:
        habitats = habitats[habitats["provenance"] != Provenance.DEMONSTRATION]
    return PointFacts(
        zones=tuple(Regions.of(store).path(here[0])) if here else (),
        habitat=_nearest(habitats, point, tolerance_m),
    )


def _in_plane(lon: float, lat: float) -> shapely.Point:
    point = gpd.GeoSeries([shapely.Point(lon, lat)], crs=STORAGE_CRS)
    return to_equal_area(point, "point")[0]


def _nearest(
    habitats: gpd.GeoDataFrame, point: shapely.Point, tolerance_m: float
) -> HabitatFacts | None:
    if habitats.empty:
        return None
    plane = to_equal_area(habitats, "habitats")
    distance_m = shapely.distance(plane, point)
    at = int(distance_m.argmin())
    if distance_m[at] > tolerance_m:
        return None
    row = habitats.iloc[at]
    known = row.astype(object).where(row.notna(), None)
    return HabitatFacts(
        area_ha=ha_from_m2(float(shapely.area(plane[at]))),
        **{name: known[name] for name in HabitatFacts.__slots__ if name != "area_ha"},
    )
