"""A target through time, and what can be said of the cities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pandas as pd

from bluecarbon_map.reports.progress import progress
from bluecarbon_map.reports.regions import Regions
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import Level
from bluecarbon_map.targets import Entry, State, TargetProgress, lies_in

STEP_COLUMNS: Final = ["project_id", "name_zh", "name_en", "day", "amount", "total"]


def accepted_steps(shown: TargetProgress) -> pd.DataFrame:
    """Counted amounts in the order of their acceptance, and their running total.

    Returns:
        `STEP_COLUMNS`, ``day`` a `date`, amounts in the target's unit; the last total is
        ``shown.counted``. Empty where nothing counts: nothing is drawn at zero.
    """
    dated = sorted(
        (entry for entry in shown.entries if entry.project.accepted_on and entry.amount),
        key=lambda entry: (str(entry.project.accepted_on), entry.project.project_id),
    )
    rows = [
        (
            entry.project.project_id,
            entry.project.name_zh,
            entry.project.name_en,
            entry.project.accepted_on,
            entry.amount,
        )
        for entry in dated
    ]
    table = pd.DataFrame(rows, columns=STEP_COLUMNS[:-1])
    return table.assign(total=table["amount"].astype("float64").cumsum())


def without_day(shown: TargetProgress) -> list[Entry]:
    """Entries that no time axis can hold, for nobody published when they were accepted."""
    return [
        entry
        for entry in (*shown.entries, *shown.excluded)
        if entry.project.accepted_on is None and not entry.project.is_demonstration
    ]


def pace_line(shown: TargetProgress) -> list[tuple[date, float]]:
    """Ends of the even pace: nothing before the first day, all of the target on the last."""
    target = shown.target
    return [(target.start - timedelta(days=1), 0.0), (target.deadline, target.value)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CityStanding:
    """What is known of the cities' own targets on a day.

    Attributes:
        set_for: Every target that some plan sets for a city.
        late: Those of them that can be called behind or missed, the smallest fraction first.
        without: Cities that no plan on record sets a target for.
    """

    set_for: tuple[TargetProgress, ...]
    late: tuple[TargetProgress, ...]
    without: tuple[str, ...]


def city_standing(store: Workspace, *, as_of: date | None = None) -> CityStanding:
    """Which cities can be called behind; a share of the province's target is no target of theirs.

    Args:
        store: Workspace to read.
        as_of: Day to look at it; None for today.
    """
    cities = Regions.of(store).at_level(Level.CITY)
    plans = store.targets()
    mine = plans.loc[plans["zone_id"].isin(list(cities)), "plan_id"].unique().tolist()
    shown = [one for plan in mine for one in progress(store, plan, as_of=as_of).targets]
    own = tuple(one for one in shown if one.target.zone_id in cities)
    late = [one for one in own if one.state in {State.BEHIND, State.MISSED}]
    named = {one.target.zone_id for one in own}
    return CityStanding(
        set_for=own,
        late=tuple(sorted(late, key=lambda one: one.fraction or 0.0)),
        without=tuple(city for city in cities if city not in named),
    )


def entries_in(store: Workspace, shown: TargetProgress, zone_id: str) -> list[Entry]:
    """What counts and what does not of the projects that lie in a zone."""
    parents = Regions.of(store).parents
    every = (*shown.entries, *shown.excluded)
    return [entry for entry in every if lies_in(entry.project.zone_id, zone_id, parents)]


def counted_of(entries: Iterable[Entry]) -> float | None:
    """Counted amount of entries, in their target's unit; None where none of them counts."""
    known = [entry.amount for entry in entries if entry.reason is None and entry.amount is not None]
    return sum(known) if known else None
