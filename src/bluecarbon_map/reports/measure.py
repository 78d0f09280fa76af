"""Measure once: the area of every kind of habitat in every zone, before any coefficient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.errors import EmptyLayerError, NotFoundError
from bluecarbon_map.geodesy import GeometryArray, to_equal_area
from bluecarbon_map.overlay import (
    CheckedZones,
    Pieces,
    area_table,
    check_zones,
    intersect,
    planarise,
)
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import OUTSIDE, Level, Provenance
from bluecarbon_map.units import FloatArray, ha_from_m2

Kind = tuple[str, str | None]
"""Ecosystem, and dominant species or None."""

STEPS_PER_HA: Final = 10**8
"""Areas are kept in steps of a square centimetre, so that sums are exact to the last digit."""

_WORTH_A_WORD_HA: Final = 1e-4
"""Overlaps below a square metre are drawing noise; they are resolved and reported all the same."""

_FINEST_FIRST: Final = (Level.COUNTY, Level.CITY, Level.PROVINCE, Level.OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Areas of habitats in zones, each hectare counted once.

    Attributes:
        zone_ids: Zones measured, and last `tables.OUTSIDE`.
        kinds: Kinds of habitat.
        steps: Area, shape (zones, kinds), in whole `STEPS_PER_HA`-ths of a hectare.
        demonstration_steps: Part of it that is demonstration data.
        overlap_ha: Ground that patches claimed more than once, in ha.
        warnings: What the reader of a result should know.
    """

    zone_ids: tuple[str, ...]
    kinds: tuple[Kind, ...]
    steps: NDArray[np.int64]
    demonstration_steps: NDArray[np.int64]
    overlap_ha: float
    warnings: tuple[str, ...] = ()


def measure(store: Workspace, survey_id: str, *, demonstration: bool = True) -> Measured:
    """Areas of one survey's habitats in the workspace's finest zones.

    Args:
        store: Workspace to read.
        survey_id: Survey.
        demonstration: Whether demonstration patches count.

    Raises:
        NotFoundError: If there is no such survey, or no zone.
        EmptyLayerError: If nothing is left to measure.
    """
    habitats = _counted(store, survey_id, demonstration=demonstration)
    zones = finest_zones(store)
    return measure_layers(
        to_equal_area(habitats, survey_id),
        kinds_of(habitats),
        (habitats["provenance"] == Provenance.DEMONSTRATION).to_numpy(),
        to_equal_area(zones, "zones"),
        zones["zone_id"].tolist(),
        where=survey_id,
    )


def measure_layers(
    patches: GeometryArray,
    kinds: Sequence[Kind],
    is_demonstration: NDArray[np.bool_],
    zones: GeometryArray,
    zone_ids: Sequence[str],
    *,
    where: str,
    zones_where: str = "zones",
) -> Measured:
    """Areas of patches in zones, all geometry in the equal-area plane.

    Overlaps between patches go to the ecosystem with the smaller `Ecosystem.priority`, among
    equals to the earlier row.

    Args:
        patches: Valid polygons, shape (patches,).
        kinds: Kind of each patch.
        is_demonstration: Whether each patch is demonstration data.
        zones: Valid polygons, shape (zones,).
        zone_ids: Id of each zone.
        where: Name of the patches' layer, for messages.
        zones_where: Name of the zones' layer, for messages.

    Raises:
        EmptyLayerError: If there is no patch.
        ZoneOverlapError: If zones share more than slivers.
        AccountingError: If parts do not add up to their whole.
    """
    pieces, checked, overlap_m2 = _cut(patches, kinds, zones, zone_ids, where, zones_where)
    known = sorted(set(kinds), key=_kind_order)
    label = np.array([known.index(kind) for kind in kinds])
    twice = np.where(is_demonstration, label + len(known), label)
    table = area_table(pieces, twice, len(zone_ids), 2 * len(known))
    steps = _steps(table)
    overlap_ha = round(ha_from_m2(overlap_m2), 8)  # whole steps, as every area
    return Measured(
        zone_ids=(*zone_ids, OUTSIDE),
        kinds=tuple(known),
        steps=steps[:, : len(known)] + steps[:, len(known) :],
        demonstration_steps=steps[:, len(known) :],
        overlap_ha=overlap_ha,
        warnings=_warnings(
            overlap_ha,
            float(checked.slivers.area_m2.sum()),
            all_outside=not steps[: len(zone_ids)].any(),
        ),
    )


def _cut(
    patches: GeometryArray,
    kinds: Sequence[Kind],
    zones: GeometryArray,
    zone_ids: Sequence[str],
    where: str,
    zones_where: str,
) -> tuple[Pieces, CheckedZones, float]:
    """Ground of each patch in each zone after overlaps; the zones as used; what was claimed twice.

    Pieces are numbered as the patches were given: one wholly under others has no piece.
    """
    if not len(patches):
        raise EmptyLayerError(where)
    priority = np.array([ECOSYSTEMS[ecosystem].priority for ecosystem, _ in kinds])
    flat = planarise(patches, priority)
    checked = check_zones(zones, zone_ids, where=zones_where)
    left = np.flatnonzero(~shapely.is_empty(flat.geometry))
    pieces = intersect(flat.geometry[left], checked.geometry, zone_ids)
    return replace(pieces, patch=left[pieces.patch]), checked, flat.overlap_m2


def patch_ground(store: Workspace, survey_id: str, *, demonstration: bool = True) -> pd.DataFrame:
    """What each patch of a survey covers in each of the finest zones, each hectare once.

    Returns:
        Columns ``habitat_id, name_zh, name_en, ecosystem, species, provenance, source, note,
        zone_id, area_ha``, one patch and zone a row (`tables.OUTSIDE` for ground in no zone), in
        the survey's order.
        The areas of a zone and kind add up to what `measure` gives, but for its last digit.

    Raises:
        NotFoundError: If there is no such survey, or no zone.
        EmptyLayerError: If nothing is left to measure.
    """
    habitats, zones = _counted(store, survey_id, demonstration=demonstration), finest_zones(store)
    ids = zones["zone_id"].tolist()
    pieces, *_ = _cut(
        to_equal_area(habitats, survey_id),
        kinds_of(habitats),
        to_equal_area(zones, "zones"),
        ids,
        survey_id,
        "zones",
    )
    told = [
        "habitat_id", "name_zh", "name_en", "ecosystem", "species", "provenance", "source", "note",
    ]  # fmt: skip
    table = pd.DataFrame(habitats[told]).iloc[pieces.patch].reset_index(drop=True)
    names = np.array([*ids, OUTSIDE], dtype=object)
    return table.assign(zone_id=names[pieces.zone], area_ha=ha_from_m2(pieces.area_m2))


def _counted(store: Workspace, survey_id: str, *, demonstration: bool) -> gpd.GeoDataFrame:
    habitats = store.habitats(survey_id)
    if demonstration:
        return habitats
    return habitats[habitats["provenance"] != Provenance.DEMONSTRATION]


def finest_zones(store: Workspace) -> gpd.GeoDataFrame:
    """Zones of the finest level that the workspace has; wider ones are sums of them.

    Raises:
        NotFoundError: If it has no zone.
    """
    for level in _FINEST_FIRST:
        zones = store.zones(level)
        if len(zones):
            return zones
    raise NotFoundError("zone", "of any level")


def kinds_of(habitats: pd.DataFrame) -> list[Kind]:
    """Ecosystem and species of each row; an unknown species is None."""
    species = habitats["species"].astype(object).where(habitats["species"].notna(), None)
    return list(zip(habitats["ecosystem"].tolist(), species.tolist(), strict=True))


def ha_from_steps(steps: NDArray[np.int64]) -> FloatArray:
    """Whole steps as hectares."""
    return steps / STEPS_PER_HA


def _steps(area_m2: FloatArray) -> NDArray[np.int64]:
    return np.rint(ha_from_m2(area_m2) * STEPS_PER_HA).astype(np.int64)


def _kind_order(kind: Kind) -> tuple[int, str]:
    return ECOSYSTEMS[kind[0]].priority, kind[1] or ""


def _warnings(overlap_ha: float, sliver_m2: float, *, all_outside: bool) -> tuple[str, ...]:
    said = []
    if all_outside:
        said.append("no habitat lies in any zone: check the coordinate systems")
    if overlap_ha > _WORTH_A_WORD_HA:
        said.append(
            f"habitats overlap on {overlap_ha:.4f} ha; each hectare counts once, for the ecosystem "
            "first in the order of priority"
        )
    if ha_from_m2(sliver_m2) > _WORTH_A_WORD_HA:
        said.append(
            f"zones overlap in slivers of {ha_from_m2(sliver_m2):.4f} ha; the earlier zone has them"
        )
    return tuple(said)
