"""What an even pace toward a target asks for; docs/methods/05-targets.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bluecarbon_map.store.base import Workspace
from bluecarbon_map.targets import targets_in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceExample:
    """What an even pace asks for on the day of an acceptance, in the target's unit."""

    name_zh: str
    name_en: str
    value: float
    day: date
    pace: float | None


def pace_example(store: Workspace, day: date) -> PaceExample | None:
    """Even pace of the first target of the workspace's own plan on a day; None without a plan."""
    plan_id = store.info.default_plan_id
    if plan_id is None:
        return None
    target = targets_in_force(store.targets(), plan_id)[0]
    return PaceExample(
        name_zh=target.name_zh,
        name_en=target.name_en,
        value=target.value,
        day=day,
        pace=target.pace(day),
    )
