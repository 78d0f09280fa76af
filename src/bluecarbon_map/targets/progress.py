"""How far a plan's targets are met (``docs/methods/05-targets.md``).

Only accepted amounts count. What does not count is listed with its reason, and what nobody knows
stays unknown: a target is called missed only where somebody has said that the list of its projects
is complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import fsum

import pandas as pd

from bluecarbon_map.errors import InputError
from bluecarbon_map.tables import Provenance
from bluecarbon_map.targets.judgement import Entry, Rules, entries, reasons, with_counted_wholes
from bluecarbon_map.targets.parts import wholes_of
from bluecarbon_map.targets.records import (
    Project,
    Target,
    day_of,
    read_projects,
    targets_in_force,
)
from bluecarbon_map.targets.rules import State
from bluecarbon_map.targets.stages import stage_counts, stage_sums, standing, sum_known

Parents = Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetProgress:
    """One target and how far it is met, amounts in the target's unit.

    Attributes:
        target: The target.
        counted: Sum of what counts; None if nothing is known to.
        counted_demonstration: Part of it that is demonstration data.
        pace: What an even pace asks for on the day; None after the deadline.
        state: Where it stands; its rule is ``rules.RULES[state]``.
        stages: Sum of each stage's amounts known by the day; None where no project has one.
        stage_counts: Of each stage, of how many projects the amount is known, and of how many
            that stand in the stages.
        demonstration_stages: The same of the demonstration projects that do not count.
        entries: Projects that count.
        excluded: Projects, or parts of them, that do not, with the reason.
    """

    target: Target
    counted: float | None
    counted_demonstration: float
    pace: float | None
    state: State
    stages: Mapping[str, float | None]
    stage_counts: Mapping[str, tuple[int, int]]
    demonstration_stages: Mapping[str, float | None]
    entries: tuple[Entry, ...]
    excluded: tuple[Entry, ...]

    @property
    def fraction(self) -> float | None:
        """Counted share of the target; None if nothing is known."""
        return None if self.counted is None else self.counted / self.target.value

    @property
    def counted_unstated(self) -> float:
        """Counted part, in the target's unit, that the exclusion could not be checked for.

        It is of projects that state no ecosystem; 0 where the target excludes none.
        """
        if self.target.excludes is None:
            return 0.0
        return fsum(e.amount or 0.0 for e in self.entries if e.project.ecosystem is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanProgress:
    """Every target of one plan on one day."""

    plan_id: str
    plan_zh: str
    plan_en: str
    as_of: date
    targets: tuple[TargetProgress, ...]


def assess(
    targets: pd.DataFrame,
    projects: pd.DataFrame,
    registers: pd.DataFrame,
    parents: Parents,
    *,
    plan_id: str,
    as_of: date,
    count_demonstration: bool = False,
) -> PlanProgress:
    """How far every target of a plan is met on a day.

    Args:
        targets: Contract `tables.Targets`.
        projects: Contract `tables.Projects`.
        registers: Contract `tables.Registers`.
        parents: Parent zone of each zone.
        plan_id: Plan to look at.
        as_of: Day to look at it; what was accepted later does not count.
        count_demonstration: Let demonstration records count, reported apart all the same.

    Raises:
        NotFoundError: If there is no such plan.
        InputError: If a date is no date, a project's unit is not its target's, a project names a
            zone or a project that is not there, or projects are part of each other in a circle.
    """
    records = read_projects(projects)
    _require_places(records, {*parents, *targets["zone_id"]})
    wholes = wholes_of(records)
    judged = [
        _assess_one(
            Rules(target=target, as_of=as_of, wholes=wholes, demonstration=count_demonstration),
            _projects_of(target, records, parents),
            complete=_is_complete(
                registers, target, parents, as_of, demonstration=count_demonstration
            ),
        )
        for target in targets_in_force(targets, plan_id)
    ]
    titles = targets[targets["plan_id"] == plan_id].iloc[0]
    return PlanProgress(
        plan_id=plan_id,
        plan_zh=str(titles["plan_zh"]),
        plan_en=str(titles["plan_en"]),
        as_of=as_of,
        targets=tuple(judged),
    )


def lies_in(zone_id: str, region: str, parents: Parents) -> bool:
    """Whether a zone is a region or part of it."""
    at: str | None = zone_id
    while at is not None:
        if at == region:
            return True
        at = parents.get(at)
    return False


def counted_by_zone(
    progress: TargetProgress, zone_ids: Iterable[str], parents: Parents
) -> dict[str | None, float | None]:
    """Counted amount in each zone; None for a zone without a counted project.

    What is recorded only for a wider zone stands under the key None, so that the parts add up to
    ``progress.counted``.
    """
    named = list(zone_ids)
    amounts: dict[str | None, list[float]] = {zone: [] for zone in named}
    for entry in progress.entries:
        at = entry.project.zone_id
        home = next((zone for zone in named if lies_in(at, zone, parents)), None)
        amounts.setdefault(home, []).append(entry.amount or 0.0)
    return {zone: sum_known(known) for zone, known in amounts.items()}


def _require_places(records: Sequence[Project], zones: set[str]) -> None:
    """A project in a zone nobody knows, or part of a project nobody knows, would vanish unsaid."""
    ids = {p.project_id for p in records}
    lost = [p.project_id for p in records if p.zone_id not in zones]
    orphans = [p.project_id for p in records if p.part_of is not None and p.part_of not in ids]
    own = [p.project_id for p in records if p.part_of == p.project_id]
    for rows, column, reason in (
        (lost, "zone_id", "there is no such zone"),
        (orphans, "part_of", "there is no such project"),
        (own, "part_of", "a project cannot be part of itself"),
    ):
        if rows:
            fix = "Correct it, or leave the cell empty where it may be"
            raise InputError("projects", reason, fix, rows=rows, column=column)


def _assess_one(bare: Rules, mine: Sequence[Project], *, complete: bool) -> TargetProgress:
    rules = with_counted_wholes(bare, mine)
    against = reasons(rules, mine)
    judged = entries(rules, mine, against)
    counted = tuple(entry for entry in judged if entry.reason is None)
    total = sum_known(entry.amount for entry in counted)
    if total is None and complete:
        total = 0.0
    shown = standing(rules, mine, against)
    return TargetProgress(
        target=rules.target,
        counted=total,
        counted_demonstration=fsum(
            entry.amount or 0.0 for entry in counted if entry.project.is_demonstration
        ),
        pace=rules.target.pace(rules.as_of),
        state=_state(rules.target, total, rules.as_of, complete=complete),
        stages=stage_sums(rules, shown),
        stage_counts=stage_counts(rules, shown),
        demonstration_stages=_demonstration_stages(bare, mine),
        entries=counted,
        excluded=tuple(entry for entry in judged if entry.reason is not None),
    )


def _demonstration_stages(bare: Rules, mine: Sequence[Project]) -> dict[str, float | None]:
    """Stages of the demonstration projects that do not count, as if they did."""
    rules = with_counted_wholes(replace(bare, demonstration=True), mine)
    only = [] if bare.demonstration else [p for p in mine if p.is_demonstration]
    return stage_sums(rules, standing(rules, only, reasons(rules, only)))


def _projects_of(target: Target, records: Sequence[Project], parents: Parents) -> list[Project]:
    mine = [
        p
        for p in records
        if p.indicator == target.indicator and lies_in(p.zone_id, target.zone_id, parents)
    ]
    wrong = [p.project_id for p in mine if p.unit != target.unit]
    if wrong:
        raise InputError(
            "projects",
            f"the unit is not {target.unit}, in which target {target.target_id} counts",
            f"Give the amounts in {target.unit}",
            rows=wrong,
            column="unit",
        )
    return mine


def _is_complete(
    registers: pd.DataFrame, target: Target, parents: Parents, as_of: date, *, demonstration: bool
) -> bool:
    """Whether somebody has said that all of the target's projects are on record by then.

    What is said of a part of the target's zone says nothing of the rest.
    """
    said = registers[registers["target_id"] == target.target_id]
    if not demonstration:
        said = said[said["provenance"] != Provenance.DEMONSTRATION]
    needed = min(as_of, target.deadline)
    return any(
        day_of(day, "registers", "complete_to", target.target_id) >= needed
        and lies_in(target.zone_id, zone_id, parents)
        for zone_id, day in zip(said["zone_id"], said["complete_to"], strict=True)
    )


def _state(target: Target, counted: float | None, as_of: date, *, complete: bool) -> State:
    if counted is not None and target.is_met_by(counted):
        return State.MET
    pace = target.pace(as_of)
    if counted is None or not complete:
        return State.UNKNOWN
    if pace is None:
        return State.MISSED
    return State.ON_TRACK if counted >= pace else State.BEHIND
