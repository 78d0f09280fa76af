"""Measure once: the area of every kind of habitat in every zone, before any coefficient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from bluecarbon_map.reports.blocks import blocks, of_one_state
from bluecarbon_map.reports.measured import Kind, Measured, made_of, name_of, read, written
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import OUTSIDE, Level, Provenance
from bluecarbon_map.units import FloatArray, ha_from_m2

STEPS_PER_HA: Final = 10**8
"""Areas are kept in steps of a square centimetre, so that sums are exact to the last digit."""

_WORTH_A_WORD_HA: Final = 1e-4
"""Overlaps below a square metre are drawing noise; they are resolved and reported all the same."""

_FINEST_FIRST: Final = (Level.COUNTY, Level.CITY, Level.PROVINCE, Level.OTHER)


def measure(store: Workspace, survey_id: str, *, demonstration: bool = True) -> Measured:
    """Areas of one survey's habitats in the workspace's finest zones; kept once measured.

    Args:
        store: Workspace to read.
        survey_id: Survey.
        demonstration: Whether demonstration patches count.

    Raises:
        NotFoundError: If there is no such survey, or no zone.
        EmptyLayerError: If nothing is left to measure.
        StoreError: If the survey changes faster than it can be read.
    """
    kept = store.kept(
        name_of(survey_id, demonstration=demonstration),
        of=made_of(survey_id),
        make=lambda: written(
            of_one_state(
                store, survey_id, lambda: _measured(store, survey_id, demonstration=demonstration)
            )
        ),
    )
    return read(kept)


def _measured(store: Workspace, survey_id: str, *, demonstration: bool) -> Measured:
    checked, ids = _checked_zones(store)
    sums = Sums(ids)
    for lot in _lots(store, survey_id, checked, ids, demonstration=demonstration):
        invented = (lot.habitats["provenance"] == Provenance.DEMONSTRATION).to_numpy()
        sums.add(lot.pieces, kinds_of(lot.habitats), invented, lot.overlap_m2)
    if not sums.kinds:
        raise EmptyLayerError(survey_id)
    return _said_of(sums.measured(), checked)


@dataclass(frozen=True, slots=True)
class _Lot:
    """A block of patches, the pieces of its own ones, and what these lost to others in m²."""

    habitats: gpd.GeoDataFrame
    pieces: Pieces
    overlap_m2: float


def _lots(
    store: Workspace,
    survey_id: str,
    zones: CheckedZones,
    ids: Sequence[str],
    *,
    demonstration: bool,
) -> Iterator[_Lot]:
    """Every block of a survey that has patches of its own, cut along the zones."""
    for block in blocks(store, survey_id):
        counted = block.counted(demonstration=demonstration)
        if counted.own.any():
            laid = to_equal_area(counted.habitats, survey_id)
            kinds = kinds_of(counted.habitats)
            yield _Lot(counted.habitats, *cut_own(laid, kinds, counted.own, zones.geometry, ids))


def _checked_zones(store: Workspace) -> tuple[CheckedZones, list[str]]:
    zones = finest_zones(store)
    ids = zones["zone_id"].tolist()
    return check_zones(to_equal_area(zones, "zones"), ids), ids


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
    pieces, checked, overlap_m2 = cut_patches(patches, kinds, zones, zone_ids, where, zones_where)
    return _said_of(added_up(pieces, kinds, is_demonstration, zone_ids, overlap_m2), checked)


def added_up(
    pieces: Pieces,
    kinds: Sequence[Kind],
    is_demonstration: NDArray[np.bool_],
    zone_ids: Sequence[str],
    overlap_m2: float,
) -> Measured:
    """Pieces of patches added up by zone and kind, in whole steps; without a warning.

    Args:
        pieces: From `cut_patches`.
        kinds: Kind of each patch.
        is_demonstration: Whether each patch is demonstration data.
        zone_ids: Id of each zone.
        overlap_m2: Ground that patches claimed more than once, in m².
    """
    sums = Sums(zone_ids)
    sums.add(pieces, kinds, is_demonstration, overlap_m2)
    return sums.measured()


class Sums:
    """Pieces added up by zone and kind, one lot of patches after the other.

    Attributes:
        zone_ids: Id of each zone.
        kinds: Kinds of the patches so far.
    """

    def __init__(self, zone_ids: Sequence[str]) -> None:
        self.zone_ids = tuple(zone_ids)
        self.kinds: set[Kind] = set()
        self._area_m2: dict[tuple[Kind, bool], FloatArray] = {}
        self._overlap_m2 = 0.0

    def add(
        self,
        pieces: Pieces,
        kinds: Sequence[Kind],
        is_demonstration: NDArray[np.bool_],
        overlap_m2: float,
    ) -> None:
        """Add a lot of patches; the arguments are those of `added_up`."""
        known = sorted(set(kinds), key=_kind_order)
        place = {kind: at for at, kind in enumerate(known)}
        label = np.array([place[kind] for kind in kinds], dtype=np.intp)
        twice = np.where(is_demonstration, label + len(known), label)
        table = area_table(pieces, twice, len(self.zone_ids), 2 * len(known))
        for at, kind in enumerate((*known, *known)):
            own = kind, at >= len(known)
            self._area_m2[own] = self._area_m2.get(own, 0.0) + table[:, at]
        self.kinds.update(known)
        self._overlap_m2 += overlap_m2

    def measured(self) -> Measured:
        """The areas, without a warning."""
        known = sorted(self.kinds, key=_kind_order)
        shape = (len(self.zone_ids) + 1, len(known))
        steps = np.zeros((2, *shape), dtype=np.int64)
        for (kind, invented), area_m2 in self._area_m2.items():
            steps[int(invented), :, known.index(kind)] = steps_of(area_m2)
        return Measured(
            zone_ids=(*self.zone_ids, OUTSIDE),
            kinds=tuple(known),
            steps=steps[0] + steps[1],
            demonstration_steps=steps[1],
            overlap_ha=round(ha_from_m2(self._overlap_m2), 8),  # whole steps, as every area
        )


def cut_patches(
    patches: GeometryArray,
    kinds: Sequence[Kind],
    zones: GeometryArray,
    zone_ids: Sequence[str],
    where: str,
    zones_where: str,
) -> tuple[Pieces, CheckedZones, float]:
    """Ground of each patch in each zone after overlaps; the zones as used; what was claimed twice.

    All geometry lies in the equal-area plane; what was claimed twice is in m². Pieces are numbered
    as the patches were given: one wholly under others has no piece.
    """
    if not len(patches):
        raise EmptyLayerError(where)
    checked = check_zones(zones, zone_ids, where=zones_where)
    own = np.ones(len(patches), dtype=np.bool_)
    pieces, overlap_m2 = cut_own(patches, kinds, own, checked.geometry, zone_ids)
    return pieces, checked, overlap_m2


def cut_own(
    patches: GeometryArray,
    kinds: Sequence[Kind],
    own: NDArray[np.bool_],
    zones: GeometryArray,
    zone_ids: Sequence[str],
) -> tuple[Pieces, float]:
    """What `cut_patches` gives of some of the patches, the others being all that touch them.

    What a patch loses depends only on those that it shares ground with, so that the pieces, and
    what was claimed twice, are the same as if every patch of the survey were here.
    """
    priority = np.array([ECOSYSTEMS[ecosystem].priority for ecosystem, _ in kinds])
    flat = planarise(patches, priority)
    left = np.flatnonzero(own & ~shapely.is_empty(flat.geometry))
    pieces = intersect(flat.geometry[left], zones, zone_ids)
    lost_m2 = float(flat.overlaps.area_m2[own[flat.overlaps.loser]].sum())
    return replace(pieces, patch=left[pieces.patch]), lost_m2


def patch_ground(store: Workspace, survey_id: str, *, demonstration: bool = True) -> pd.DataFrame:
    """What each patch of a survey covers in each of the finest zones, each hectare once.

    Args:
        store: Workspace to read.
        survey_id: Survey.
        demonstration: Whether demonstration patches count.

    Returns:
        Columns ``habitat_id, name_zh, name_en, ecosystem, species, provenance, source, note,
        zone_id, area_ha``, one patch and zone a row (`tables.OUTSIDE` for ground in no zone), in
        the survey's order.
        The areas of a zone and kind add up to what `measure` gives, but for its last digit.

    Raises:
        NotFoundError: If there is no such survey, or no zone.
        EmptyLayerError: If nothing is left to measure.
    """
    return of_one_state(
        store, survey_id, lambda: _ground(store, survey_id, demonstration=demonstration)
    )


def _ground(store: Workspace, survey_id: str, *, demonstration: bool) -> pd.DataFrame:
    checked, ids = _checked_zones(store)
    tables = []
    for lot in _lots(store, survey_id, checked, ids, demonstration=demonstration):
        rows = lot.habitats.index.to_numpy()[lot.pieces.patch]
        tables.append(ground_table(lot.habitats, lot.pieces, ids).set_index(rows))
    if not tables:
        raise EmptyLayerError(survey_id)
    return pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)


def ground_table(habitats: pd.DataFrame, pieces: Pieces, zone_ids: Sequence[str]) -> pd.DataFrame:
    """Pieces with what is known of their patches, as `patch_ground` gives them."""
    told = [
        "habitat_id", "name_zh", "name_en", "ecosystem", "species", "provenance", "source", "note",
    ]  # fmt: skip
    table = pd.DataFrame(habitats[told]).iloc[pieces.patch].reset_index(drop=True)
    names = np.array([*zone_ids, OUTSIDE], dtype=object)
    zone = pd.array(names[pieces.zone], dtype="str")  # text also where there is no row
    return table.assign(zone_id=zone, area_ha=ha_from_m2(pieces.area_m2))


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


def steps_of(area_m2: FloatArray) -> NDArray[np.int64]:
    """Areas in m² as whole steps."""
    return np.rint(ha_from_m2(area_m2) * STEPS_PER_HA).astype(np.int64)


def _kind_order(kind: Kind) -> tuple[int, str]:
    return ECOSYSTEMS[kind[0]].priority, kind[1] or ""


def _said_of(measured: Measured, checked: CheckedZones) -> Measured:
    """With what its reader should know."""
    sliver_m2 = float(checked.slivers.area_m2.sum())
    all_outside = not measured.steps[:-1].any()
    said = _warnings(measured.overlap_ha, sliver_m2, all_outside=all_outside)
    return replace(measured, warnings=said)


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
