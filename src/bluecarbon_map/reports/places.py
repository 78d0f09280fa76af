"""What lies at a point of the map."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
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


class Places:
    """Finds what lies at a point of one survey's map; made once, asked often.

    Safe to ask from several threads.
    """

    def __init__(self, store: Workspace, survey_id: str) -> None:
        """Read and index the patches and the zones.

        Args:
            store: Workspace to read.
            survey_id: Survey whose patches are meant.

        Raises:
            NotFoundError: If there is no such survey, or no zone.
        """
        self._habitats = store.habitats(survey_id)
        self._plane = to_equal_area(self._habitats, survey_id)
        self._patches = shapely.STRtree(self._plane)
        self._demonstration = (
            self._habitats["provenance"] == Provenance.DEMONSTRATION.value
        ).to_numpy(dtype=bool)
        self._ecosystem = self._habitats["ecosystem"].to_numpy(dtype=object)
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
        row = self._nearest(_in_plane(lon, lat), tolerance_m, demonstration, ecosystems)
        return PointFacts(
            zones=tuple(self._regions.path(self._zone_ids[inside.min()])) if len(inside) else (),
            habitat=None if row is None else self._facts(row),
        )

    def _nearest(
        self,
        point: shapely.Point,
        tolerance_m: float,
        demonstration: bool,  # noqa: FBT001
        ecosystems: frozenset[str] | None,
    ) -> int | None:
        """Row of the nearest patch on the map within the tolerance, the earlier among equals."""
        found = np.sort(self._patches.query(point, predicate="dwithin", distance=tolerance_m))
        if not demonstration:
            found = found[~self._demonstration[found]]
        if ecosystems is not None:
            found = found[np.isin(self._ecosystem[found].astype(str), list(ecosystems))]
        if not len(found):
            return None
        return int(found[shapely.distance(self._plane[found], point).argmin()])

    def _facts(self, at: int) -> HabitatFacts:
        row = self._habitats.iloc[at]
        known = row.astype(object).where(row.notna(), None)
        return HabitatFacts(
            area_ha=ha_from_m2(float(shapely.area(self._plane[at]))),
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
