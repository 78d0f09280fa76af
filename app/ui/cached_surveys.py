"""Caches of surveys and of what they know, kept and forgotten as those of `cached`."""

from __future__ import annotations

import pandas as pd
import shapely

from bluecarbon_map import reports
from bluecarbon_map.tables import Level
from ui import cached
from ui.keeping import shared


@shared(most=4)
def cards(version: str, language: str) -> tuple[reports.SurveyCard, ...]:
    """Passports of all surveys."""
    del version
    return reports.survey_cards(cached.workspace(), language)


@shared(most=32)
def board(
    version: str,
    survey_id: str,
    demonstration: bool,  # noqa: FBT001
    language: str,
) -> reports.Completeness:
    """What a survey knows, assumes and does not know, county by county."""
    del version
    return reports.completeness(
        cached.workspace(),
        survey_id,
        level=Level.COUNTY,
        demonstration=demonstration,
        language=language,
    )


@shared(most=256)
def looked_at(version: str, survey_id: str, zone_id: str) -> reports.LookedAt | None:
    """How much of a zone a survey says it looked at; None where it does not say."""
    del version
    return reports.looked_at(cached.workspace(), survey_id, zone_id)


@shared(most=16)
def changes(
    version: str,
    survey_id: str,
    demonstration: bool,  # noqa: FBT001
) -> reports.SurveyChanges | None:
    """What a survey says of its base survey; None where it names none."""
    del version
    return reports.changes_of(cached.workspace(), survey_id, demonstration=demonstration)


@shared(most=16)
def in_review(version: str, survey_id: str) -> pd.DataFrame | None:
    """Changes of a survey whose patches nobody has stored yet; None where there are none."""
    del version
    store = cached.workspace()
    found = store.patch_changes()
    own = pd.DataFrame(found[found["survey_id"] == survey_id]).sort_values("change_no")
    if own.empty or store.habitat_count(survey_id):
        return None
    return own.reset_index(drop=True)


@shared(most=64)
def outline(version: str, survey_id: str, habitat_id: str) -> shapely.Geometry | None:
    """One patch of a survey; None where there is no such patch."""
    del version
    own = cached.workspace().habitat(survey_id, habitat_id).geometry
    return None if own.empty else own.iloc[0]
