"""摸清家底: of which ground a survey can say what lies there, zone by zone.

A zone's ground falls into four parts that add up to it, each hectare in one of them:

* *surveyed*: inside the extent that the survey states, if the survey is an observed or a published
  one; what it shows nothing on is then known to hold nothing of what it looked for.
* *recorded*: under an observed or published patch where the survey states no extent, or outside
  the one it states: the patch is known, not what lies around it.
* *assumed*: under an indicative or demonstration patch, or inside the extent of a survey that is
  itself one of these.
* *unknown*: all else; the survey says nothing of it. It is never nothing.

A survey that states no extent has no surveyed ground that could be named: NaN, never 0. Zones are
taken whole, inland and at sea: how wide a coast ought to be surveyed is nowhere laid down, so no
share of a "coast" is made up here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from bluecarbon_map.geodesy import GeometryArray, to_equal_area
from bluecarbon_map.overlay import area_table, check_zones, intersect, planarise
from bluecarbon_map.reports.blocks import blocks, of_one_state
from bluecarbon_map.reports.measure import STEPS_PER_HA, finest_zones, ha_from_steps
from bluecarbon_map.reports.regions import Regions
from bluecarbon_map.reports.zones import choose_survey
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import OUTSIDE, Level, Provenance
from bluecarbon_map.units import FloatArray, ha_from_m2

OBSERVED: Final = (Provenance.SURVEY.value, Provenance.PUBLISHED.value)
"""Kinds of record that say what was found, rather than what may be there."""

GROUND: Final = ("surveyed_ha", "recorded_ha", "assumed_ha", "unknown_ha")
"""Parts of a zone's ground, in ha."""
MAPPED: Final = ("mapped_surveyed_ha", "mapped_recorded_ha", "mapped_assumed_ha")
"""Parts of the ground of patches in a zone, in ha."""

_NOISE_SHARE: Final = 1e-6
_LABELS: Final = 4
"""Real inside the extent, real outside, assumed inside, assumed outside."""

Steps = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """How far a survey goes, zone by zone.

    Attributes:
        survey_id: Survey.
        observed: Whether the survey is observed or published; a drawn one surveys nothing.
        extent_ha: Ground it says it looked at, in ha; None where it states no extent.
        rows: ``zone_id, zone_name, zone_ha``; ``surveyed_ha, recorded_ha, assumed_ha,
            unknown_ha``, which add up to ``zone_ha``; ``mapped_ha`` and its parts
            ``mapped_surveyed_ha, mapped_recorded_ha, mapped_assumed_ha``. NaN is unknown: of a
            survey without an extent nothing is surveyed that could be named. Mapped ground in no
            zone is the row `tables.OUTSIDE`, whose ground has no area of its own.
        totals: The same of all rows together, without names.
    """

    survey_id: str
    observed: bool
    extent_ha: float | None
    rows: pd.DataFrame
    totals: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """Steps a zone, the last one outside of all; labels as `_LABELS`."""

    zone: Steps
    extent: Steps
    mapped: Steps
    extent_ha: float | None


def completeness(
    store: Workspace,
    survey_id: str | None = None,
    *,
    level: Level = Level.COUNTY,
    demonstration: bool = True,
    language: str = "zh",
) -> Completeness:
    """What a survey knows, assumes and does not know, zone by zone.

    Args:
        store: Workspace to read.
        survey_id: Survey; None for the workspace's default.
        level: Level of the rows; wider zones are sums of the finest ones.
        demonstration: Whether demonstration patches count as assumed.
        language: Of zone names, ``zh`` or ``en``.

    Raises:
        NotFoundError: If there is no such survey, or no zone.
        InputError: If the workspace has no survey yet.
        ZoneOverlapError: If zones share more than slivers.
    """
    survey = choose_survey(store, survey_id, None)
    observed = _is_observed(store, survey)
    zones = finest_zones(store)
    ids = zones["zone_id"].tolist()
    laid = to_equal_area(zones, "zones")

    def measured() -> _Ground:
        lots = _lots(store, survey, demonstration=demonstration)
        return _measured(store, survey, lots, laid, ids)

    ground = of_one_state(store, survey, measured)
    table = _parts(ground, observed=observed)
    regions = Regions.of(store, language=language)
    shown = regions.at_level(level)
    home = regions.home(ids, shown)
    rows = _by_zone(table, [home.get(zone) for zone in ids], shown)
    totals = {name: _known_sum(rows[name]) for name in rows.columns[2:]}
    return Completeness(
        survey_id=survey, observed=observed, extent_ha=ground.extent_ha, rows=rows, totals=totals
    )


def ground_within(
    store: Workspace,
    survey_id: str,
    shapes: GeometryArray,
    provenance: pd.Series[str],
    area: shapely.Geometry,
) -> dict[str, float]:
    """What a survey knows, assumes and does not know of one area, in ha.

    Args:
        store: Workspace to read.
        survey_id: Survey.
        shapes: Its patches that reach into the area, in the equal-area plane.
        provenance: Kind of record of each.
        area: Valid polygon in the equal-area plane.

    Returns:
        ``zone_ha`` and its parts `GROUND`, as a row of `Completeness`; NaN is unknown.
    """
    zones = np.array([area], dtype=object)
    ground = _measured(store, survey_id, [_patches(shapes, provenance)], zones, ["area"])
    table = _parts(ground, observed=_is_observed(store, survey_id))
    found = {name: float(ha_from_steps(table[name].to_numpy())[0]) for name in ("zone_ha", *GROUND)}
    return found if table.attrs["stated"] else found | {"surveyed_ha": float("nan")}


@dataclass(frozen=True, slots=True)
class LookedAt:
    """How much of a zone a survey says it looked at.

    Attributes:
        looked_ha: Ground of the zone inside the survey's extent.
        zone_ha: The whole zone, on the ellipsoid.
    """

    looked_ha: float
    zone_ha: float

    @property
    def is_part(self) -> bool:
        """Whether some of the zone was not looked at."""
        return self.looked_ha < self.zone_ha


def looked_at(store: Workspace, survey_id: str, zone_id: str) -> LookedAt | None:
    """How much of a zone a survey says it looked at; None where it does not say.

    Raises:
        NotFoundError: If there is no such zone.
    """
    Regions.of(store).require(zone_id)
    extent = _extent(store, survey_id)
    if extent is None:
        return None
    zones = store.zones()
    zone = to_equal_area(zones[zones["zone_id"] == zone_id], "zones")[0]
    beyond_m2 = float(shapely.area(shapely.difference(zone, extent)))
    zone_m2 = float(shapely.area(zone))
    # What an extent made of the zone's own outline leaves is drawing noise.
    looked_m2 = zone_m2 if beyond_m2 <= _NOISE_SHARE * zone_m2 else zone_m2 - beyond_m2
    return LookedAt(looked_ha=float(ha_from_m2(looked_m2)), zone_ha=float(ha_from_m2(zone_m2)))


def observed_in(store: Workspace, survey_id: str) -> tuple[str, ...]:
    """Ecosystems that a survey has an observed or published patch of; kept once known.

    Raises:
        NotFoundError: If there is no such survey.
    """

    def look() -> bytes:
        found: set[str] = set()
        for block in blocks(store, survey_id):
            observed = block.habitats["provenance"].isin(OBSERVED)
            found |= set(block.habitats["ecosystem"][observed])
        return json.dumps(sorted(found)).encode()

    kept = store.kept(
        f"observed/{survey_id}",
        of=(f"habitats/{survey_id}",),
        make=lambda: of_one_state(store, survey_id, look),
    )
    return tuple(json.loads(kept))


def _is_observed(store: Workspace, survey: str) -> bool:
    surveys = store.surveys().set_index("survey_id")
    return bool(surveys["provenance"][survey] in OBSERVED)


def _measured(
    store: Workspace,
    survey: str,
    lots: Iterable[tuple[GeometryArray, NDArray[np.intp]]],
    zones: GeometryArray,
    ids: list[str],
) -> _Ground:
    checked = check_zones(zones, ids).geometry
    extent = _extent(store, survey)
    mapped_m2 = np.zeros((len(checked) + 1, _LABELS))
    for patches, assumed in lots:
        inside, outside = _split(patches, extent)
        labels = np.concatenate([2 * assumed, 2 * assumed + 1])
        mapped_m2 += _by_zone_m2(np.concatenate([inside, outside]), labels, checked, ids)
    looked = np.array([] if extent is None else [extent], dtype=object)
    looked_m2 = _by_zone_m2(looked, np.zeros(len(looked), np.intp), checked, ids)
    return _Ground(
        zone=np.append(_steps(shapely.area(checked)), 0),
        extent=_steps(looked_m2[:, 0]),
        mapped=_steps(mapped_m2),
        extent_ha=None if extent is None else float(ha_from_m2(shapely.area(extent))),
    )


def _extent(store: Workspace, survey: str) -> shapely.Geometry | None:
    """Ground the survey says it looked at, in the equal-area plane; None where it says nothing."""
    extents = store.extents()
    own = extents[extents["survey_id"] == survey]
    return None if own.empty else shapely.union_all(to_equal_area(own, "extents"))


def _lots(
    store: Workspace, survey: str, *, demonstration: bool
) -> Iterator[tuple[GeometryArray, NDArray[np.intp]]]:
    """All patches that count, block by block, as `_patches` gives them."""
    for block in blocks(store, survey):
        counted = block.counted(demonstration=demonstration)
        laid = to_equal_area(counted.habitats, survey)
        patches, assumed = _patches(laid, counted.habitats["provenance"])
        yield patches[counted.own], assumed[counted.own]


def _patches(
    shapes: GeometryArray, provenance: pd.Series[str]
) -> tuple[GeometryArray, NDArray[np.intp]]:
    """Patches, each hectare in one of them, and 1 for each that is only assumed.

    Where both claim the same ground, what is on record has it.
    """
    assumed = (~provenance.isin(OBSERVED)).to_numpy().astype(np.intp)
    return planarise(shapes, assumed).geometry, assumed


def _split(
    patches: GeometryArray, extent: shapely.Geometry | None
) -> tuple[GeometryArray, GeometryArray]:
    """What of each patch lies inside the extent, and what outside."""
    nothing = np.full(len(patches), shapely.Polygon(), dtype=object)
    if extent is None:
        return nothing, patches
    shapely.prepare(extent)
    inside, outside = nothing.copy(), patches.copy()
    whole = shapely.contains_properly(extent, patches)
    inside[whole], outside[whole] = patches[whole], nothing[whole]
    cut = shapely.intersects(extent, patches) & ~whole
    inside[cut] = shapely.intersection(patches[cut], extent)
    outside[cut] = shapely.difference(patches[cut], extent)
    return inside, outside


def _by_zone_m2(
    shapes: GeometryArray, labels: NDArray[np.intp], zones: GeometryArray, ids: list[str]
) -> FloatArray:
    """Ground of each label in each zone and outside of all, shape (zones + 1, labels)."""
    real = shapely.area(shapes) > 0.0
    if not real.any():
        return np.zeros((len(zones) + 1, _LABELS))
    pieces = intersect(_polygonal(shapes[real]), zones, ids)
    return area_table(pieces, labels[real], len(zones), _LABELS)


def _polygonal(shapes: GeometryArray) -> GeometryArray:
    """Without the lines and points that cutting along an edge leaves."""
    mixed = np.flatnonzero(~np.isin(shapely.get_type_id(shapes), (3, 6)))
    for row in mixed:
        parts = shapely.get_parts(shapes[row])
        shapes[row] = shapely.union_all(parts[shapely.get_type_id(parts) == 3])
    return shapes


def _parts(ground: _Ground, *, observed: bool) -> pd.DataFrame:
    """Steps of every part, one zone a row, the last one outside of all; they add up exactly."""
    real_in, real_out, assumed_in, assumed_out = ground.mapped.T
    stated = ground.extent_ha is not None
    surveys = observed and stated
    recorded = real_out if surveys else real_in + real_out
    surveyed = ground.extent - assumed_in if surveys else np.zeros_like(real_in)
    assumed = assumed_in + assumed_out
    if stated and not observed:
        assumed = ground.extent - real_in + assumed_out
    # Ground in no zone has no area of its own but that of what is known there.
    whole = ground.zone.copy()
    whole[-1] = (surveyed + recorded + assumed)[-1]
    # The last digit of an area that was cut may be off by one.
    assumed = np.minimum(assumed, whole - recorded)
    surveyed = np.minimum(surveyed, whole - recorded - assumed)
    mapped_assumed = assumed_in + assumed_out
    made = {
        "zone_ha": whole,
        "surveyed_ha": surveyed,
        "recorded_ha": recorded,
        "assumed_ha": assumed,
        "unknown_ha": whole - surveyed - recorded - assumed,
        "mapped_ha": real_in + real_out + mapped_assumed,
        "mapped_surveyed_ha": real_in if surveys else np.zeros_like(real_in),
        "mapped_recorded_ha": recorded,
        "mapped_assumed_ha": mapped_assumed,
    }
    table = pd.DataFrame(made)
    table.attrs["stated"] = stated
    return table


def _by_zone(
    table: pd.DataFrame, homes: list[str | None], shown: Mapping[str, str]
) -> pd.DataFrame:
    """Rows of the zones shown, and of what lies in none of them where something does."""
    key = pd.Series([*(home or OUTSIDE for home in homes), OUTSIDE])
    steps = table.groupby(key).sum().reindex([*shown, OUTSIDE], fill_value=0)
    rows = pd.DataFrame(
        {name: ha_from_steps(steps[name].to_numpy()) for name in steps}, index=steps.index
    )
    rows = rows.drop(index=OUTSIDE) if not steps.loc[OUTSIDE].any() else rows
    if not table.attrs["stated"]:
        rows = rows.assign(surveyed_ha=np.nan, mapped_surveyed_ha=np.nan)
    names = [shown.get(zone, OUTSIDE) for zone in rows.index]
    rows.insert(0, "zone_name", names)
    return rows.rename_axis("zone_id").reset_index()


def _known_sum(values: pd.Series[float]) -> float:
    """Sum in whole steps; NaN where nothing is known."""
    if values.isna().any():
        return float("nan")
    return round(float(np.rint(values * STEPS_PER_HA).sum()) / STEPS_PER_HA, 8)


def _steps(area_m2: NDArray[np.float64]) -> Steps:
    return np.rint(ha_from_m2(area_m2) * STEPS_PER_HA).astype(np.int64)
