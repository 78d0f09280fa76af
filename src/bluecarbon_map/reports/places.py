"""What lies at a point of the map."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from bluecarbon_map.geodesy import STORAGE_CRS, to_equal_area
from bluecarbon_map.reports.measure import finest_zones
from bluecarbon_map.reports.regions import Regions
from bluecarbon_map.store.base import Bounds, Workspace
from bluecarbon_map.tables import Provenance
from bluecarbon_map.units import ha_from_m2

_M_PER_DEGREE = 110_000.0
"""Of latitude, not more anywhere."""
_STRETCH = 2.0
"""By how much a distance in the equal-area plane may differ from one on the ground, generously."""
_LEAST_COSINE = 0.1


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


class Places:
    """Finds what lies at a point of one survey's map; made once, asked often.

    Safe to ask from several threads.
    """

    def __init__(self, store: Workspace, survey_id: str) -> None:
        """Read and index the zones; patches are read where somebody asks.

        Args:
            store: Workspace to read.
            survey_id: Survey whose patches are meant.

        Raises:
            NotFoundError: If there is no such survey, or no zone.
        """
        store.habitats_version(survey_id)  # refuses an unknown survey
        self._store = store
        self._survey_id = survey_id
        zones = finest_zones(store)
        self._zone_ids: list[str] = zones["zone_id"].tolist()
        self._zones = shapely.STRtree(zones.geometry.to_numpy())
        self._regions = Regions.of(store)

    def at(
        self,
        lon: float,
        lat: float,
        *,
        tolerance_m: float = 0.0,
        demonstration: bool = True,
        ecosystems: frozenset[str] | None = None,
    ) -> PointFacts:
        """The patch and the zones at a point.

        Args:
            lon: Longitude, degrees.
            lat: Latitude, degrees.
            tolerance_m: How far from the point a patch may be, in metres: a finger is not a needle.
            demonstration: Whether demonstration patches are on the map.
            ecosystems: Ecosystems on the map; None for all.
        """
        inside = self._zones.query(shapely.Point(lon, lat), predicate="intersects")
        near = self._store.habitats_within(self._survey_id, _around(lon, lat, tolerance_m))
        if not demonstration:
            near = near[near["provenance"] != Provenance.DEMONSTRATION.value]
        if ecosystems is not None:
            near = near[near["ecosystem"].isin(list(ecosystems))]
        return PointFacts(
            zones=tuple(self._regions.path(self._zone_ids[inside.min()])) if len(inside) else (),
            habitat=self._nearest(near, _in_plane(lon, lat), tolerance_m),
        )

    def _nearest(
        self, near: gpd.GeoDataFrame, point: shapely.Point, tolerance_m: float
    ) -> HabitatFacts | None:
        """The nearest patch within the tolerance, the earlier among equals."""
        if near.empty:
            return None
        plane = to_equal_area(near, self._survey_id)
        found = np.flatnonzero(shapely.dwithin(plane, point, tolerance_m))
        if not len(found):
            return None
        at = int(found[shapely.distance(plane[found], point).argmin()])
        row = near.iloc[at]
        known = row.astype(object).where(row.notna(), None)
        return HabitatFacts(
            area_ha=ha_from_m2(float(shapely.area(plane[at]))),
            **{name: known[name] for name in HabitatFacts.__slots__ if name != "area_ha"},
        )


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
    """`Places.at` for one question; whoever has more of them makes a `Places` once.

    Raises:
        NotFoundError: If there is no such survey, or no zone.
    """
    return Places(store, survey_id).at(
        lon, lat, tolerance_m=tolerance_m, demonstration=demonstration, ecosystems=ecosystems
    )


def _in_plane(lon: float, lat: float) -> shapely.Point:
    point = gpd.GeoSeries([shapely.Point(lon, lat)], crs=STORAGE_CRS)
    return to_equal_area(point, "point")[0]


def _around(lon: float, lat: float, reach_m: float) -> Bounds:
    """A box with all that lies within a reach; the plane it is measured in stretches distances."""
    north = _STRETCH * reach_m / _M_PER_DEGREE
    east = north / max(np.cos(np.radians(lat)), _LEAST_COSINE)
    return lon - east, lat - north, lon + east, lat + north
