"""Survey passports, and what a change survey says of its base survey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bluecarbon_map import change
from bluecarbon_map.errors import EmptyLayerError, NotFoundError
from bluecarbon_map.geodesy import area_ha, to_equal_area
from bluecarbon_map.overlay import intersect
from bluecarbon_map.reports.measure import finest_zones, ha_from_steps, measure
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import OUTSIDE, Decision, PatchChange, Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyCard:
    """The passport of a survey, and what came in with it; None is not stated.

    Attributes:
        survey_id: Id.
        title: Title in one language.
        mode: ``baseline``, ``change``, ``special`` or ``emergency``.
        means: ``remote_sensing``, ``fixed_station``, ``mobile`` or ``none``.
        year: Year it stands for.
        observed_from: First day of observation, ISO date.
        observed_to: Last day.
        base_survey_id: Survey it changes.
        organisation: Who made it.
        method: How.
        cover_threshold_percent: Least plant cover of a vegetated patch.
        accuracy_percent: Overall accuracy, as its maker states it.
        source_file: File it came in.
        source_sha256: SHA-256 of that file.
        provenance: Kind of record, `tables.Provenance`.
        source: Where it comes from.
        extent_ha: Ground it says it looked at, in ha; None where it does not say.
        extent_note: What to know about that extent.
        patches: Patches mapped.
        area_ha: Ground of the patches, each hectare once; None where there is none.
        demonstration_ha: Part of it that is demonstration data.
    """

    survey_id: str
    title: str
    mode: str
    means: str
    year: int
    observed_from: str | None
    observed_to: str | None
    base_survey_id: str | None
    organisation: str | None
    method: str
    cover_threshold_percent: float | None
    accuracy_percent: float | None
    source_file: str | None
    source_sha256: str | None
    provenance: str
    source: str
    extent_ha: float | None
    extent_note: str | None
    patches: int
    area_ha: float | None
    demonstration_ha: float | None

    @property
    def is_demonstration(self) -> bool:
        """Whether the survey itself is demonstration data."""
        return self.provenance == Provenance.DEMONSTRATION


def survey_cards(store: Workspace, language: str = "zh") -> tuple[SurveyCard, ...]:
    """Passports of all surveys, in the order of the table; ``language`` is ``zh`` or ``en``."""
    surveys = store.surveys()
    known = surveys.astype(object).where(surveys.notna(), None)
    extents = {row["survey_id"]: row for _, row in store.extents().iterrows()}
    areas = dict(zip(extents, area_ha(store.extents(), "extents").tolist(), strict=True))
    cards = []
    for row in known.to_dict("records"):
        survey = row["survey_id"]
        note = extents[survey]["note"] if survey in extents else None
        titles = {"zh": row.pop("title_zh"), "en": row.pop("title_en")}
        cards.append(
            SurveyCard(
                **{str(name): value for name, value in row.items()},
                title=titles[language],
                extent_ha=areas.get(survey),
                extent_note=None if pd.isna(note) else note,
                **_mapped(store, survey),
            )
        )
    return tuple(cards)


def _mapped(store: Workspace, survey_id: str) -> dict[str, Any]:
    patches = store.habitat_count(survey_id)
    try:
        measured = measure(store, survey_id)
    except EmptyLayerError:
        return {"patches": patches, "area_ha": None, "demonstration_ha": None}
    invented = ha_from_steps(measured.demonstration_steps.sum(keepdims=True))
    return {
        "patches": patches,
        "area_ha": float(ha_from_steps(measured.steps.sum(keepdims=True)).item()),
        "demonstration_ha": float(invented.item()),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyChanges:
    """What a survey says of its base survey.

    Attributes:
        survey_id: Change survey.
        base_survey_id: Survey it changes.
        reviewed: Whether the changes are on record with their decisions; else they were found by
            laying the two surveys over each other, and nobody decided anything. A survey that has
            neither changes nor patches yet says nothing.
        rows: Contract `tables.PatchChanges`, with what `placed` adds.
        kinds: What `by_kind` makes of them.
        unchanged: Patches of the base survey that stayed as they were.
    """

    survey_id: str
    base_survey_id: str
    reviewed: bool
    rows: gpd.GeoDataFrame
    kinds: pd.DataFrame
    unchanged: int


def changes_of(
    store: Workspace, survey_id: str, *, demonstration: bool = True
) -> SurveyChanges | None:
    """What a survey says of its base survey; None where it names none.

    Changes on record come with their decisions; where there are none, the two surveys are compared.

    Args:
        store: Workspace to read.
        survey_id: Change survey.
        demonstration: Whether changes from or to demonstration data count.

    Raises:
        NotFoundError: If there is no such survey, or the base it names is not there.
    """
    surveys = store.surveys().set_index("survey_id")
    if survey_id not in surveys.index:
        raise NotFoundError("survey", survey_id, surveys.index.tolist())
    base_id = surveys["base_survey_id"].dropna().to_dict().get(survey_id)
    if base_id is None:
        return None
    base = store.habitats(base_id)
    recorded = store.patch_changes()
    found = recorded[recorded["survey_id"] == survey_id].reset_index(drop=True)
    reviewed = bool(len(found))
    own = store.habitats(survey_id)
    if not reviewed and len(own):  # without patches it says nothing yet: nothing has gone
        found = change.diff(
            base,
            own,
            survey_id=survey_id,
            provenance=surveys["provenance"][survey_id],
            source=surveys["source"][survey_id],
        )
    invented = base["provenance"] == Provenance.DEMONSTRATION
    touched = base["habitat_id"].isin(found["base_habitat_id"].dropna())
    if not demonstration:
        # Only now: a patch whose other half was left out would seem to have come or gone.
        unreal = found["base_habitat_id"].isin(base.loc[invented, "habitat_id"])
        unreal |= found["provenance"] == Provenance.DEMONSTRATION
        found = found[~unreal].reset_index(drop=True)
        touched |= invented
    return SurveyChanges(
        survey_id=survey_id,
        base_survey_id=base_id,
        reviewed=reviewed,
        rows=placed(store, found),
        kinds=by_kind(found),
        unchanged=int((~touched).sum()),
    )


def by_kind(changes: pd.DataFrame) -> pd.DataFrame:
    """Patches and areas of each kind of change, also of a kind that there is none of.

    Returns:
        ``what, patches``; how many are ``pending, accepted, rejected``; ``area_from_ha,
        area_to_ha, net_ha``. The net areas add up to that of all changes.
    """
    rows = []
    for what in PatchChange:
        own = changes[changes["what"] == what.value]
        before, after = float(own["area_from_ha"].sum()), float(own["area_to_ha"].sum())
        decisions = {word.value: int((own["decision"] == word.value).sum()) for word in Decision}
        areas = {"area_from_ha": before, "area_to_ha": after, "net_ha": after - before}
        rows.append({"what": what.value, "patches": len(own), **decisions, **areas})
    return pd.DataFrame(rows)


def placed(store: Workspace, changes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The changes with a point inside each (``lon, lat``) and the zone with most of its ground.

    The zone is one of the finest; `tables.OUTSIDE` where most lies in none.
    """
    points = shapely.point_on_surface(changes.geometry.to_numpy())
    zones = finest_zones(store)
    ids = np.array([*zones["zone_id"], OUTSIDE], dtype=object)
    pieces = intersect(
        to_equal_area(changes, "changes"), to_equal_area(zones, "zones"), ids[:-1].tolist()
    )
    largest = pd.Series(pieces.area_m2).groupby(pieces.patch).idxmax().to_numpy(dtype=np.intp)
    zone = pd.Series(ids[pieces.zone[largest]], index=changes.index, dtype="str")
    return changes.assign(zone_id=zone, lon=shapely.get_x(points), lat=shapely.get_y(points))
