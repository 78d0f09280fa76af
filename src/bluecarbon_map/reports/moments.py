"""The times a workspace knows of: its surveys and rasters on one line, and the years between.

Nothing is ever interpolated: at a time without a survey, the one before it is what is known.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import Provenance

Series = tuple[str, str, str]
"""What makes rasters comparable: kind, quantity and unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One step of the line of time.

    Attributes:
        key: ``2022``, or ``2022-06-30`` where a survey states its last day of observation.
        survey_id: Survey of just this time; None in a gap.
        raster_ids: Rasters of this year; they stand at its last step.
    """

    key: str
    survey_id: str | None
    raster_ids: tuple[str, ...]

    @property
    def year(self) -> int:
        """Its calendar year."""
        return int(self.key[:4])


def moments(store: Workspace, *, demonstration: bool = True) -> tuple[Moment, ...]:
    """Every survey, every raster, and every year between the first and the last of them.

    Args:
        store: Workspace to read.
        demonstration: Whether demonstration rasters count; the patches of a survey can be of both
            kinds, so that no survey is left out.
    """
    surveys, rasters = store.surveys(), store.rasters()
    if not demonstration:
        rasters = rasters[rasters["provenance"] != Provenance.DEMONSTRATION]
    own = _of_surveys(surveys)
    shown = [
        (int(year), raster)
        for year, raster in zip(rasters["year"], rasters["raster_id"], strict=True)
    ]
    years = {int(key[:4]) for key, _ in own} | {year for year, _ in shown}
    if not years:
        return ()
    made = []
    for year in range(min(years), max(years) + 1):
        at = [(key, survey) for key, survey in own if int(key[:4]) == year]
        of_year = tuple(raster for of, raster in shown if of == year)
        steps = [Moment(key=key, survey_id=survey, raster_ids=()) for key, survey in at]
        last = steps.pop() if steps else Moment(key=str(year), survey_id=None, raster_ids=())
        made += [*steps, Moment(key=last.key, survey_id=last.survey_id, raster_ids=of_year)]
    return tuple(made)


def _of_surveys(surveys: pd.DataFrame) -> list[tuple[str, str]]:
    """Key and id of each survey, in order of time; of two at one time the later row stands last.

    A survey that states no day stands at the end of its year. A second one of a time gets a key of
    its own, so that none is lost.
    """
    days = surveys["observed_to"].astype(object).where(surveys["observed_to"].notna(), None)
    rows = []
    for year, day, survey in zip(surveys["year"], days, surveys["survey_id"], strict=True):
        rows.append((_day(day, int(year)) or str(year), survey))
    rows.sort(key=lambda row: row[0] if len(row[0]) > len("2022") else f"{row[0]}-99")
    seen: dict[str, int] = {}
    found = []
    for key, survey in rows:
        seen[key] = seen.get(key, 0) + 1
        found.append((key if seen[key] == 1 else f"{key}#{seen[key]}", survey))
    return found


def _day(stated: object, year: int) -> str | None:
    """The day that a survey states, as ISO; None where it is no day of its year."""
    try:
        day = date.fromisoformat(str(stated))
    except ValueError:
        return None
    return day.isoformat() if day.year == year else None


def survey_at(line: Sequence[Moment], key: str) -> str | None:
    """The last survey at or before a step of the line; None before the first one.

    Raises:
        ValueError: If the line has no such step.
    """
    until = line[: _place(line, key) + 1]
    return next((one.survey_id for one in reversed(until) if one.survey_id is not None), None)


def rasters_at(
    line: Sequence[Moment], key: str, among: Collection[str]
) -> tuple[tuple[str, ...], int | None]:
    """Of comparable rasters, those of the last year at or before a step, and that year.

    Args:
        line: As `moments` gives it.
        key: A step of it.
        among: Rasters of one series.

    Raises:
        ValueError: If the line has no such step.
    """
    for one in reversed(line[: _place(line, key) + 1]):
        own = tuple(raster for raster in one.raster_ids if raster in among)
        if own:
            return own, one.year
    return (), None


def raster_series(rasters: pd.DataFrame) -> dict[str, Series]:
    """Which series each raster belongs to: rasters of one kind, quantity and unit are comparable.

    Args:
        rasters: Contract `tables.Rasters`.
    """
    words = rasters[["kind", "quantity_zh", "unit"]].astype(object)
    words = words.where(words.notna(), "")
    rows = words.itertuples(index=False, name=None)
    return dict(zip(rasters["raster_id"], rows, strict=True))


def _place(line: Sequence[Moment], key: str) -> int:
    for at, one in enumerate(line):
        if one.key == key:
            return at
    raise ValueError(f"no time {key} among {len(line)}")
