"""Caches of the page that takes numbers apart; the others are in `ui.cached`."""

from __future__ import annotations

import pandas as pd

from bluecarbon_map import reports
from ui import cached
from ui.keeping import shared


@shared(most=8)
def ground(version: str, survey_id: str, demonstration: bool) -> pd.DataFrame:  # noqa: FBT001
    """What each patch of a survey covers in each of the finest zones."""
    del version
    return reports.patch_ground(cached.workspace(), survey_id, demonstration=demonstration)


@shared(most=64)
def traced(
    version: str,
    survey_id: str | None,
    zone_id: str | None,
    ecosystem: str | None,
    demonstration: bool,  # noqa: FBT001
    factor_set: str,
) -> reports.Traced | None:
    """The numbers of a zone, or of the whole survey, taken apart; None without a record."""
    areas = cached.measured(version, survey_id, demonstration)
    if areas is None or survey_id is None:
        return None
    return reports.trace(
        cached.workspace(),
        survey_id,
        zone_id,
        ecosystem=ecosystem,
        demonstration=demonstration,
        factor_set=factor_set,
        measured=areas,
        ground=ground(version, survey_id, demonstration),
    )
