"""What one survey comes to in an own area: by the same steps as in a zone, and as exactly.

Only patches whose bounds meet the area are read. They are laid into the equal-area plane, ground
that several claim is given to one of them, and all are cut along the outline there: an area that is
a zone has the zone's number, one cut in two adds up to the whole (docs/decisions/0016).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.errors import InputError
from bluecarbon_map.factors import FactorSet
from bluecarbon_map.geodesy import STORAGE_CRS, GeometryArray, to_equal_area
from bluecarbon_map.overlay import Pieces, intersect
from bluecarbon_map.reports.coefficients import coefficients_of
from bluecarbon_map.reports.completeness import ground_within, observed_in
from bluecarbon_map.reports.measure import added_up, cut_patches, ground_table, kinds_of
from bluecarbon_map.reports.measured import Kind
from bluecarbon_map.reports.own_area.shape import OwnArea, Told, in_plane
from bluecarbon_map.reports.summary import ZoneSummary, tabulate
from bluecarbon_map.reports.trace import Names, Traced, traced_of
from bluecarbon_map.reports.zones import choose_survey
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import Provenance
from bluecarbon_map.tiles import sheet_of
from bluecarbon_map.units import ha_from_m2

AREA_ID: Final = "own-area"
"""Stands for the id of a zone in the tables of an own area."""
MOST_PATCHES: Final = 100_000
"""Patches that may lie in the box around an own area; wider ones are what zones are for."""

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaFigures:
    """Numbers of one survey in an own area.

    Attributes:
        area: The area.
        survey_id: The survey.
        area_ha: Ground within the outline, on the ellipsoid, in ha; parts below add up to it.
        surveyed_ha: Ground that the survey states to have looked at; None where it states none.
        recorded_ha: Ground on record outside what it states.
        assumed_ha: Ground under indicative or demonstration records.
        unknown_ha: Ground of which the survey says nothing: unknown, never zero.
        beyond_sheet_ha: Ground beyond the sheet that the workspace vouches for, in ha.
        summary: Area, stock and burial by ecosystem, every row of the one place `AREA_ID`.
        ground: What each patch covers in the area, as `reports.patch_ground` gives it.
        absent: Ecosystems that the survey is known to have found none of: it looked at every part
            of the area and has each of them on record elsewhere. Empty where that is not known.
        told: What the reader should know, the outline's own story first.
    """

    area: OwnArea
    survey_id: str
    area_ha: float
    surveyed_ha: float | None
    recorded_ha: float
    assumed_ha: float
    unknown_ha: float
    beyond_sheet_ha: float
    summary: ZoneSummary
    ground: pd.DataFrame
    absent: tuple[str, ...]
    told: tuple[Told, ...]

    @property
    def mapped_ha(self) -> float | None:
        """Mapped ecosystems in it, in ha; None where none is and that is not known to be so."""
        if self.summary.rows.empty and not self.absent:
            return None
        return self.summary.totals.area_ha


def area_figures(
    store: Workspace,
    area: OwnArea,
    survey_id: str | None = None,
    *,
    ecosystems: Collection[str] | None = None,
    demonstration: bool = True,
    factor_set: str | FactorSet | None = None,
) -> AreaFigures:
    """Area by ecosystem, stock and burial in an own area, and how much of it is known.

    Args:
        store: Workspace to read.
        area: The area; edges are straight in the equal-area plane, as those of zones.
        survey_id: Survey; None for the workspace's default.
        ecosystems: Only these; None for all.
        demonstration: Whether demonstration patches count.
        factor_set: Coefficients; None for the workspace's own.

    Raises:
        NotFoundError: If there is no such survey or set.
        InputError: If more than `MOST_PATCHES` patches lie in the box around it.
        AccountingError: If parts do not add up to their whole.
    """
    survey = choose_survey(store, survey_id, None)
    plane = in_plane(area.shape)
    met, shapes = _met(store, survey, area.shape, plane, demonstration=demonstration)
    pieces, overlap_m2 = _pieces(shapes, kinds_of(met), plane, survey)
    invented = (met["provenance"] == Provenance.DEMONSTRATION).to_numpy(dtype=bool)
    summary = tabulate(
        added_up(pieces, kinds_of(met), invented, [AREA_ID], overlap_m2),
        coefficients_of(store, factor_set),
        zone_names={AREA_ID: area.name or AREA_ID},
        home={AREA_ID: AREA_ID},
        ecosystems=ecosystems,
    )
    parts = ground_within(store, survey, shapes, met["provenance"], plane)
    surveyed = parts["surveyed_ha"]
    beyond_ha = _beyond_ha(area.shape, sheet_of(store.zones()))
    ground = ground_table(met, pieces, [AREA_ID])
    if ecosystems is not None:
        ground = ground[ground["ecosystem"].isin(list(ecosystems))]
    stated = not math.isnan(surveyed)
    looked_at_all = stated and surveyed == parts["zone_ha"]
    none_of = summary.rows.empty and looked_at_all
    return AreaFigures(
        area=area,
        survey_id=survey,
        area_ha=parts["zone_ha"],
        surveyed_ha=surveyed if stated else None,
        recorded_ha=parts["recorded_ha"],
        assumed_ha=parts["assumed_ha"],
        unknown_ha=parts["unknown_ha"],
        beyond_sheet_ha=beyond_ha,
        summary=summary,
        ground=ground.reset_index(drop=True),
        absent=_looked_for(store, survey, ecosystems) if none_of else (),
        told=(
            *area.said,
            *_invented(summary.totals.demonstration_ha),
            *_told(parts["unknown_ha"], beyond_ha, stated=stated),
        ),
    )


def trace_area(store: Workspace, found: AreaFigures) -> Traced | None:
    """The same numbers, each proved down to patches and publications; None where there is none.

    Raises:
        AccountingError: If a number does not follow from what lies under it.
    """
    if found.summary.rows.empty:
        return None
    names = Names(AREA_ID, found.area.name or "自绘范围", found.area.name or "Own area")
    return traced_of(store, found.summary, found.ground, found.survey_id, names)


def _met(
    store: Workspace,
    survey: str,
    shape: shapely.Geometry,
    plane: shapely.Geometry,
    *,
    demonstration: bool,
) -> tuple[pd.DataFrame, GeometryArray]:
    """Patches that reach into the area and count, in the survey's order; and in the plane."""
    west, south, east, north = (float(edge) for edge in shape.bounds)
    box = (west, south, east, north)
    # Counted before any is read: the box of a province may hold millions.
    if store.habitat_count_within(survey, box, MOST_PATCHES + 1) > MOST_PATCHES:
        raise InputError(
            "own area",
            f"more than {MOST_PATCHES:,} patches lie in the box around it, from west to east and "
            "south to north; so many are not read at once",
            "Draw a smaller area, cut a slanted one into several, or choose a zone",
        )
    near = store.habitats_within(survey, box)
    if not demonstration:
        near = near[near["provenance"] != Provenance.DEMONSTRATION]
    laid = to_equal_area(near, survey)
    shapely.prepare(plane)
    inside = shapely.intersects(plane, laid)
    return pd.DataFrame(near[inside]), laid[inside]


def _pieces(
    patches: GeometryArray, kinds: Sequence[Kind], plane: shapely.Geometry, survey: str
) -> tuple[Pieces, float]:
    """Ground of each patch in the area, each hectare once, and what was claimed twice in it, m²."""
    if not len(patches):
        nobody = np.zeros(0, np.intp)
        return Pieces(patch=nobody, zone=nobody, area_m2=np.zeros(0)), 0.0
    zones = np.array([plane], dtype=object)
    cut, _, claimed_twice_m2 = cut_patches(patches, kinds, zones, [AREA_ID], survey, "own area")
    inside = _inside(cut)
    if claimed_twice_m2 == 0.0:
        return inside, 0.0
    claimed_m2 = float(_inside(intersect(patches, zones)).area_m2.sum())
    return inside, max(claimed_m2 - float(inside.area_m2.sum()), 0.0)


def _looked_for(
    store: Workspace, survey: str, ecosystems: Collection[str] | None
) -> tuple[str, ...]:
    """Those asked for, where all of them are on record somewhere; what is nowhere is unknown."""
    found = set(observed_in(store, survey))
    wanted = found if ecosystems is None else set(ecosystems)
    return tuple(key for key in ECOSYSTEMS if key in wanted) if wanted <= found else ()


def _inside(pieces: Pieces) -> Pieces:
    """Without ground beyond the outline."""
    own = pieces.zone == 0
    return Pieces(patch=pieces.patch[own], zone=pieces.zone[own], area_m2=pieces.area_m2[own])


def _beyond_ha(shape: shapely.Geometry, sheet: Box) -> float:
    """Ground of an area outside the sheet, in ha."""
    box = shapely.box(*sheet)
    if shapely.covers(box, shape):
        return 0.0
    beyond = gpd.GeoSeries([shapely.difference(shape, box)], crs=STORAGE_CRS)
    return round(float(ha_from_m2(shapely.area(to_equal_area(beyond, "own area"))[0])), 8)


def _invented(demonstration_ha: float) -> list[Told]:
    if not demonstration_ha > 0:
        return []
    return [
        Told(
            f"其中 {demonstration_ha:,.1f} 公顷为演示数据，不得作为正式数引用。",
            f"{demonstration_ha:,.1f} ha of it are demonstration data: no official figure.",
        )
    ]


def _told(unknown_ha: float, beyond_ha: float, *, stated: bool) -> list[Told]:
    said = []
    if not stated:
        said.append(
            Told(
                "本次调查未声明调查范围，因此无法说明该范围内哪些地面已调查。",
                "The survey states no extent: which ground in the area it looked at is not known.",
            )
        )
    if unknown_ha > 0:
        said.append(
            Told(
                f"其中 {unknown_ha:,.1f} 公顷本次调查没有说明：未知，不是零。",
                f"Of {unknown_ha:,.1f} ha the survey says nothing: unknown, not zero.",
            )
        )
    if beyond_ha > 0:
        said.append(
            Told(
                f"其中 {beyond_ha:,.1f} 公顷在本工作区图幅之外。",
                f"{beyond_ha:,.1f} ha of it lie beyond the sheet of this workspace.",
            )
        )
    return said
