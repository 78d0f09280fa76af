"""Gain and loss of ground between two surveys, as shapes to draw and as hectares by zone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from bluecarbon_map.change import WAY, Ground, became
from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.errors import InputError
from bluecarbon_map.geodesy import EQUAL_AREA_CRS, STORAGE_CRS, GeometryArray, to_equal_area
from bluecarbon_map.reports import ground_kept
from bluecarbon_map.reports.laid_over import (
    FlatSurvey,
    Overlaid,
    flat_survey,
    overlaid,
    polygonal,
    steps_by_zone,
)
from bluecarbon_map.reports.measure import STEPS_PER_HA
from bluecarbon_map.reports.regions import Regions
from bluecarbon_map.reports.zones import choose_survey
from bluecarbon_map.store.base import Workspace

MOST_LAID_OVER: Final = 40_000
"""Patches of both surveys together that are laid over each other; it is done while a page waits,
with all of them in memory."""

_COLUMNS: Final = [*WAY, "demonstration"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundChanges:
    """What became of the ground of two surveys.

    Attributes:
        from_id: First survey.
        to_id: Second survey.
        mapped_from: Ecosystems that the first survey has on record anywhere.
        mapped_to: The same of the second one.
        pieces: Ground that one of them maps, in degrees, columns ``change.WAY``, ``demonstration``
            and ``geometry``; each hectare once.
        ways: The different rows of it without geometry.
        steps: Area of each way by finest zone and outside, in whole ``STEPS_PER_HA``-ths of a ha.
        extents: Whether each survey says which ground it looked at.
    """

    from_id: str
    to_id: str
    mapped_from: frozenset[str]
    mapped_to: frozenset[str]
    pieces: gpd.GeoDataFrame
    ways: pd.DataFrame
    steps: pd.DataFrame
    extents: tuple[bool, bool]

    def became(self, ways: pd.DataFrame, ecosystem: str | None) -> pd.Series[str]:
        """What became of pieces or ways, as `change.became` tells it."""
        return became(ways, self.mapped_from, self.mapped_to, ecosystem)

    def amounts(self, zones: Collection[str], ecosystem: str | None = None) -> dict[Ground, float]:
        """Hectares of each kind of change in finest zones; kinds that do not occur are left out.

        Args:
            zones: Ids of finest zones, as `zones_in` gives them.
            ecosystem: As of `change.became`.
        """
        steps = self._steps(zones).groupby(self.became(self.ways, ecosystem).to_numpy()).sum()
        return {
            kind: float(steps[kind]) / STEPS_PER_HA for kind in Ground if steps.get(kind, 0) > 0
        }

    def by_ecosystem(self, zones: Collection[str]) -> pd.DataFrame:
        """Gain and loss of each ecosystem, in ha.

        Returns:
            ``ecosystem, kept_ha, gain_ha, loss_ha, came_ha, went_ha``: the last two are ground that
            only the second or only the first survey has, and of which the other cannot say that
            there was none. Area after less area before is gain - loss + came - went.
        """
        steps = self._steps(zones).to_numpy()
        known = {*self.ways["ecosystem_from"], *self.ways["ecosystem_to"]}
        made = []
        for key in (one for one in ECOSYSTEMS if one in known):
            what, later = self.became(self.ways, key), self.ways["ecosystem_to"] == key
            unknown = what == Ground.UNKNOWN
            told = {
                "kept_ha": what == Ground.KEPT,
                "gain_ha": what == Ground.GAIN,
                "loss_ha": what == Ground.LOSS,
                "came_ha": unknown & later,
                "went_ha": unknown & ~later,
            }
            sums = {name: float(steps[at].sum()) / STEPS_PER_HA for name, at in told.items()}
            if any(sums.values()):
                made.append({"ecosystem": key, **sums})
        return pd.DataFrame(
            made, columns=["ecosystem", "kept_ha", "gain_ha", "loss_ha", "came_ha", "went_ha"]
        )

    def _steps(self, zones: Collection[str]) -> pd.Series[int]:
        """Steps of each way in the zones together."""
        return self.steps[self.steps.index.isin(list(zones))].sum()


def zones_in(regions: Regions, finest: Collection[str], zone_id: str) -> list[str]:
    """Those of the finest zones that lie in a zone, or are it."""
    return [one for one in finest if one in regions.names and zone_id in regions.path(one)]


def ground_changes(
    store: Workspace, from_id: str, to_id: str, *, demonstration: bool = True
) -> GroundChanges:
    """Lay two surveys over each other; kept once done.

    Args:
        store: Workspace to read.
        from_id: First survey.
        to_id: Second survey.
        demonstration: Whether demonstration patches count.

    Raises:
        NotFoundError: If there is no such survey, or no zone.
        InputError: If both are the same one, or have more than `MOST_LAID_OVER` patches together.
        ZoneOverlapError: If zones share more than slivers.
    """
    surveys = [choose_survey(store, one, None) for one in (from_id, to_id)]
    _require_two(store, *surveys)
    content = store.kept(
        ground_kept.name_of(from_id, to_id, demonstration=demonstration),
        of=ground_kept.made_of(from_id, to_id),
        make=lambda: _laid(store, *surveys, demonstration=demonstration),
    )
    pieces, steps, said = ground_kept.read(content)
    return GroundChanges(
        from_id=from_id,
        to_id=to_id,
        mapped_from=frozenset(said["mapped_from"]),
        mapped_to=frozenset(said["mapped_to"]),
        pieces=pieces,
        ways=_ways(pd.DataFrame(pieces.drop(columns="geometry"))),
        steps=steps,
        extents=(bool(said["extents"][0]), bool(said["extents"][1])),
    )


def _require_two(store: Workspace, from_id: str, to_id: str) -> None:
    if from_id == to_id:
        raise InputError(
            "surveys", f"{from_id!r} is held against itself", "Choose two different surveys"
        )
    patches = sum(store.habitat_count(one) for one in (from_id, to_id))
    if patches > MOST_LAID_OVER:
        raise InputError(
            "surveys",
            f"{patches:,} patches of both together are more than the {MOST_LAID_OVER:,} that are "
            "laid over each other",
            "Compare their areas by zone instead",
            rows=[from_id, to_id],
        )


def _ways(table: pd.DataFrame) -> pd.DataFrame:
    """The different rows, in the order in which they first come."""
    return table.drop_duplicates().reset_index(drop=True)


def _laid(store: Workspace, from_id: str, to_id: str, *, demonstration: bool) -> bytes:
    before, after = (
        flat_survey(store, one, demonstration=demonstration) for one in (from_id, to_id)
    )
    extents = _extent(store, from_id), _extent(store, to_id)
    ground, seen_from, seen_to = _cut(overlaid(before.shapes, after.shapes), *extents)
    table = _told(before, after, ground, seen_from, seen_to)
    ways = _ways(table)
    number = pd.Series(np.arange(len(ways)), index=pd.MultiIndex.from_frame(ways))
    label = number.reindex(pd.MultiIndex.from_frame(table)).to_numpy(dtype=np.intp)
    shapes = gpd.GeoSeries(ground.shapes, crs=EQUAL_AREA_CRS).to_crs(STORAGE_CRS)
    said = {
        "mapped_from": sorted({kind[0] for kind in before.kinds}),
        "mapped_to": sorted({kind[0] for kind in after.kinds}),
        "extents": [one is not None for one in extents],
    }
    return ground_kept.written(
        gpd.GeoDataFrame(table, geometry=shapes.to_numpy(), crs=STORAGE_CRS),
        steps_by_zone(store, ground.shapes, label, len(ways)),
        said,
    )


def _extent(store: Workspace, survey_id: str) -> shapely.Geometry | None:
    """Ground that a survey looked at, in the equal-area plane; None where it does not say."""
    extents = store.extents()
    own = extents[extents["survey_id"] == survey_id]
    return shapely.union_all(to_equal_area(own, "extents")) if len(own) else None


def _cut(
    pieces: Overlaid, first: shapely.Geometry | None, second: shapely.Geometry | None
) -> tuple[Overlaid, NDArray[np.bool_], NDArray[np.bool_]]:
    """Pieces cut along the extents, and whether either survey looked at each."""
    seen_from = np.ones(len(pieces.shapes), dtype=bool)
    seen_to = seen_from.copy()
    if first is not None:
        pieces, inside, kept = _cut_by(pieces, first)
        seen_from, seen_to = inside, seen_to[kept]
    if second is not None:
        pieces, inside, kept = _cut_by(pieces, second)
        seen_from, seen_to = seen_from[kept], inside
    return pieces, seen_from, seen_to


def _cut_by(
    pieces: Overlaid, extent: shapely.Geometry
) -> tuple[Overlaid, NDArray[np.bool_], NDArray[np.intp]]:
    """Pieces within the extent, then those beyond; which are within, and what each was cut from."""
    shapely.prepare(extent)
    within = shapely.covers(extent, pieces.shapes)
    row = np.arange(len(pieces.shapes))
    rest = row[~within]
    cut: GeometryArray = polygonal(shapely.intersection(pieces.shapes[rest], extent))
    off: GeometryArray = polygonal(shapely.difference(pieces.shapes[rest], extent))
    shapes = np.concatenate([pieces.shapes[within], cut, off])
    kept = np.concatenate([row[within], rest, rest])
    inside = np.arange(len(shapes)) < within.sum() + len(rest)
    real = shapely.area(shapes) > 0.0
    kept, inside = kept[real], inside[real]
    found = Overlaid(shapes=shapes[real], first=pieces.first[kept], second=pieces.second[kept])
    return found, inside, kept


def _told(
    before: FlatSurvey,
    after: FlatSurvey,
    ground: Overlaid,
    seen_from: NDArray[np.bool_],
    seen_to: NDArray[np.bool_],
) -> pd.DataFrame:
    first, second = before.kinds_at(ground.first), after.kinds_at(ground.second)
    return pd.DataFrame(
        {
            "ecosystem_from": [kind[0] for kind in first],
            "species_from": [kind[1] or "" for kind in first],
            "ecosystem_to": [kind[0] for kind in second],
            "species_to": [kind[1] or "" for kind in second],
            "seen_from": seen_from,
            "seen_to": seen_to,
            "demonstration": before.invented_at(ground.first) | after.invented_at(ground.second),
        },
        columns=_COLUMNS,
    )
