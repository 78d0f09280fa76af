"""Two surveys laid over each other in the equal-area plane, each hectare once in either."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.geodesy import GeometryArray, IndexArray, to_equal_area
from bluecarbon_map.overlay import area_table, check_zones, intersect, planarise
from bluecarbon_map.reports.measure import STEPS_PER_HA, finest_zones, kinds_of
from bluecarbon_map.reports.measured import Kind
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import OUTSIDE, Provenance
from bluecarbon_map.units import ha_from_m2

NOT_MAPPED: Kind = ("", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatSurvey:
    """Patches of one survey, each hectare in one of them.

    Attributes:
        shapes: Outline of each in the equal-area plane.
        kinds: Ecosystem and species of each.
        invented: Whether it is demonstration data.
    """

    shapes: GeometryArray
    kinds: list[Kind]
    invented: NDArray[np.bool_]

    def kinds_at(self, rows: IndexArray) -> list[Kind]:
        """Kind of each row; `NOT_MAPPED` for -1."""
        return [self.kinds[at] if at >= 0 else NOT_MAPPED for at in rows.tolist()]

    def invented_at(self, rows: IndexArray) -> NDArray[np.bool_]:
        """Whether each row is demonstration data; -1 is not."""
        return np.append(self.invented, False)[rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlaid:
    """Ground with the row of either survey that has it; -1 for none."""

    shapes: GeometryArray
    first: IndexArray
    second: IndexArray


def flat_survey(store: Workspace, survey_id: str, *, demonstration: bool) -> FlatSurvey:
    """The patches of a survey that is there."""
    habitats: gpd.GeoDataFrame = store.habitats(survey_id)
    invented = (habitats["provenance"] == Provenance.DEMONSTRATION).to_numpy(dtype=bool)
    if not demonstration:
        habitats, invented = habitats[~invented], invented[~invented]
    rank = np.array([ECOSYSTEMS[key].priority for key in habitats["ecosystem"]], dtype=np.float64)
    flat = planarise(to_equal_area(habitats, survey_id), rank)
    return FlatSurvey(shapes=flat.geometry, kinds=kinds_of(habitats), invented=invented)


def overlaid(first: GeometryArray, second: GeometryArray) -> Overlaid:
    """Ground of both, of the first alone and of the second alone."""
    a, b = shapely.STRtree(second).query(first, predicate="intersects")
    both = polygonal(shapely.intersection(first[a], second[b]))
    alone = _without(first, a, second[b])
    beside = _without(second, b, first[a])
    nobody_a, nobody_b = np.full(len(beside), -1), np.full(len(alone), -1)
    shapes = np.concatenate([both, alone, beside])
    rows = np.concatenate([a, np.arange(len(first)), nobody_a])
    others = np.concatenate([b, nobody_b, np.arange(len(second))])
    real = shapely.area(shapes) > 0.0
    return Overlaid(shapes=shapes[real], first=rows[real], second=others[real])


def _without(shapes: GeometryArray, row: IndexArray, taken: GeometryArray) -> GeometryArray:
    """What is left of each shape where others were laid over it."""
    left = shapes.copy()
    order = np.argsort(row, kind="stable")
    met, start = np.unique(row[order], return_index=True)
    cover = [shapely.union_all(part) for part in np.split(taken[order], start[1:])]
    if len(met):
        left[met] = shapely.difference(shapes[met], np.array(cover, dtype=object))
    return polygonal(left)


def polygonal(shapes: GeometryArray) -> GeometryArray:
    """Without the lines and points that shared edges leave."""
    for at in np.flatnonzero(~np.isin(shapely.get_type_id(shapes), (3, 6))):
        parts = shapely.get_parts(shapes[at])
        shapes[at] = shapely.union_all(parts[shapely.get_type_id(parts) == 3])
    return shapes


def steps_by_zone(
    store: Workspace, shapes: GeometryArray, label: NDArray[np.intp], n_labels: int
) -> pd.DataFrame:
    """Area of every label in every finest zone and outside, in whole `STEPS_PER_HA`-ths of a ha.

    Args:
        store: Workspace whose zones cut the ground.
        shapes: Ground in the equal-area plane.
        label: Label of each shape, 0 to ``n_labels`` - 1.
        n_labels: How many there are.

    Raises:
        ZoneOverlapError: If zones share more than slivers.
    """
    zones = finest_zones(store)
    ids = zones["zone_id"].tolist()
    checked = check_zones(to_equal_area(zones, "zones"), ids).geometry
    table = np.zeros((len(ids) + 1, n_labels))
    if len(shapes):
        table = area_table(intersect(shapes, checked, ids), label, len(ids), n_labels)
    steps = np.rint(ha_from_m2(table) * STEPS_PER_HA).astype(np.int64)
    return pd.DataFrame(steps, index=[*ids, OUTSIDE])
