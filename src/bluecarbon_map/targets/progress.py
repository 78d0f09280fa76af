"""How far a plan's targets are met (``docs/methods/05-targets.md``).

Only accepted amounts count. What does not count is listed with its reason, and what nobody knows
stays unknown: a target is called missed only where somebody has said that the list of its projects
is complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum

import pandas as pd

from bluecarbon_map.errors import InputError
from bluecarbon_map.tables import STAGES, Provenance
from bluecarbon_map.targets.records import (
    Project,
    Target,
    day_of,
    read_projects,
    targets_in_force,
)
from bluecarbon_map.targets.rules import Reason, State

Parents = Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One project's amount under one target.

    Attributes:
        project: The project.
        amount: Amount in the target's unit; None if nobody published one.
        reason: Why it is left out; None if it counts.
    """

    project: Project
    amount: float | None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetProgress:
    """One target and how far it is met, amounts in the target's unit.

    Attributes:
        target: The target.
        counted: Sum of what counts; None if nothing is known to.
        counted_demonstration: Part of it that is demonstration data.
        pace: What an even pace asks for on the day; None after the deadline.
        state: Where it stands; its rule is ``rules.RULES[state]``.
        stages: Sum of each stage's known amounts; None where no project has one.
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
    demonstration_stages: Mapping[str, float | None]
    entries: tuple[Entry, ...]
    excluded: tuple[Entry, ...]

    @property
    def fraction(self) -> float | None:
        """Counted share of the target; None if nothing is known."""
        return None if self.counted is None else self.counted / self.target.value


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
        InputError: If a date is no date, a project's unit is not its target's, or a project names
            a zone or a project that is not there.
    """
    records = read_projects(projects)
    _require_places(records, {*parents, *targets["zone_id"]})
    judged = [
        _assess_one(target, records, registers, parents, as_of, demonstration=count_demonstration)
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
    return {zone: _sum_known(known) for zone, known in amounts.items()}


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


def _assess_one(
    target: Target,
    records: Sequence[Project],
    registers: pd.DataFrame,
    parents: Parents,
    as_of: date,
    *,
    demonstration: bool,
) -> TargetProgress:
    mine = _projects_of(target, records, parents)
    reasons = _reasons(target, mine, demonstration=demonstration)
    entries = _entries(target, mine, reasons, as_of)
    counted = tuple(entry for entry in entries if entry.reason is None)
    complete = _is_complete(registers, target, parents, as_of, demonstration=demonstration)
    total = _sum_known(entry.amount for entry in counted)
    if total is None and complete:
        total = 0.0
    shown_only = [] if demonstration else [p for p in mine if p.is_demonstration]
    return TargetProgress(
        target=target,
        counted=total,
        counted_demonstration=fsum(
            entry.amount or 0.0 for entry in counted if entry.project.is_demonstration
        ),
        pace=target.pace(as_of),
        state=_state(target, total, as_of, complete=complete),
        stages=_stage_sums(mine, reasons),
        demonstration_stages=_stage_sums(
            shown_only, _reasons(target, shown_only, demonstration=True)
        ),
        entries=counted,
        excluded=tuple(entry for entry in entries if entry.reason is not None),
    )


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


def _reasons(
    target: Target, mine: Sequence[Project], *, demonstration: bool
) -> list[Reason | None]:
    """Why nothing of each project counts, apart from its acceptance; None if something may."""
    reasons: list[Reason | None] = []
    seen: set[tuple[str, str | None]] = set()
    for project in mine:
        key = (project.project_id, project.ecosystem)
        reason = _reason_against(target, project, demonstration=demonstration)
        if reason is None and key in seen:
            reason = Reason.REPEATED
        elif reason is None:
            seen.add(key)
        if reason is None and project.furthest is None:
            reason = Reason.NO_AMOUNT
        reasons.append(reason)
    return reasons


def _reason_against(target: Target, project: Project, *, demonstration: bool) -> Reason | None:
    if project.is_demonstration and not demonstration:
        return Reason.DEMONSTRATION
    if target.excludes is not None and project.ecosystem == target.excludes:
        return Reason.ECOSYSTEM
    return None if project.part_of is None else Reason.COUNTED_ELSEWHERE


def _entries(
    target: Target, mine: Sequence[Project], reasons: Sequence[Reason | None], as_of: date
) -> list[Entry]:
    entries: list[Entry] = []
    for project, reason in zip(mine, reasons, strict=True):
        if reason is not None:
            entries.append(Entry(project=project, amount=project.furthest, reason=reason))
        else:
            entries += _by_acceptance(target, project, as_of)
    return entries


def _by_acceptance(target: Target, project: Project, as_of: date) -> list[Entry]:
    """What of a project counts by its acceptance, and what of it waits for one."""
    accepted = project.amounts["accepted"]
    if accepted is None:
        return [Entry(project=project, amount=project.furthest, reason=Reason.NOT_ACCEPTED)]
    entries = [Entry(project=project, amount=accepted, reason=_reason_date(target, project, as_of))]
    waiting = (project.amounts["completed"] or accepted) - accepted
    if waiting > 0:
        entries.append(Entry(project=project, amount=waiting, reason=Reason.NOT_ACCEPTED))
    return entries


def _reason_date(target: Target, project: Project, as_of: date) -> Reason | None:
    if project.accepted_on is None:
        return Reason.NO_DATE
    if target.start <= project.accepted_on <= min(as_of, target.deadline):
        return None
    return Reason.OUTSIDE_PERIOD


def _stage_sums(
    projects: Sequence[Project], reasons: Sequence[Reason | None]
) -> dict[str, float | None]:
    """Known amounts of each stage, of the projects that may count."""
    kept = [p for p, reason in zip(projects, reasons, strict=True) if reason is None]
    return {stage: _sum_known(p.amounts[stage] for p in kept) for stage in STAGES}


def _sum_known(amounts: Iterable[float | None]) -> float | None:
    """Sum of the known amounts; None, not zero, where none is."""
    known = [amount for amount in amounts if amount is not None]
    return fsum(known) if known else None


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
