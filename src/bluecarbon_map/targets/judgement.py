"""Which of a target's projects count on a day, and why the others do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bluecarbon_map.targets.parts import Wholes, wholes_of_row
from bluecarbon_map.targets.records import Project, Target
from bluecarbon_map.targets.rules import Reason


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
class Rules:
    """What a target's projects are judged by.

    Attributes:
        target: The target.
        as_of: Day looked at.
        wholes: Of each project, all that it is part of.
        demonstration: Let demonstration records count.
        elsewhere: Projects with a counted amount: what is part of them does not count again.
    """

    target: Target
    as_of: date
    wholes: Wholes
    demonstration: bool
    elsewhere: frozenset[str] = frozenset()

    @property
    def last_day(self) -> date:
        """Last day that counts."""
        return min(self.as_of, self.target.deadline)


def with_counted_wholes(rules: Rules, mine: Sequence[Project]) -> Rules:
    """The same rules, knowing which projects count for themselves.

    A project with a counted whole above it need not be told apart here: what is part of it is part
    of that whole too.
    """
    judged = entries(rules, mine, reasons(rules, mine))
    counting = {e.project.project_id for e in judged if e.reason is None and e.amount}
    return replace(rules, elsewhere=frozenset(counting))


def reasons(rules: Rules, mine: Sequence[Project]) -> list[Reason | None]:
    """Why nothing of each project counts, apart from its acceptance; None if something may."""
    found: list[Reason | None] = []
    seen: set[tuple[str, str | None]] = set()
    for project in mine:
        key = (project.project_id, project.ecosystem)
        reason = _reason_against(rules, project)
        if reason is None and key in seen:
            reason = Reason.REPEATED
        elif reason is None:
            seen.add(key)
        if reason is None and project.furthest is None:
            reason = Reason.NO_AMOUNT
        found.append(reason)
    return found


def entries(rules: Rules, mine: Sequence[Project], against: Sequence[Reason | None]) -> list[Entry]:
    """Every project, or part of one, that counts or is left out; ``against`` from `reasons`."""
    listed: list[Entry] = []
    for project, reason in zip(mine, against, strict=True):
        if reason is not None:
            listed.append(Entry(project=project, amount=project.furthest, reason=reason))
        else:
            listed += _by_acceptance(rules, project)
    return listed


def reason_of_day(rules: Rules, project: Project) -> Reason | None:
    """Why the day of acceptance speaks against an accepted amount."""
    if project.accepted_on is None:
        return Reason.NO_DATE
    if rules.target.start <= project.accepted_on <= rules.last_day:
        return None
    return Reason.OUTSIDE_PERIOD


def _reason_against(rules: Rules, project: Project) -> Reason | None:
    target = rules.target
    if project.is_demonstration and not rules.demonstration:
        return Reason.DEMONSTRATION
    if target.excludes is not None and project.ecosystem == target.excludes:
        return Reason.ECOSYSTEM
    if project.completed_by is not None and project.completed_by < target.start:
        return Reason.BEFORE_PERIOD
    if wholes_of_row(project, rules.wholes) & rules.elsewhere:
        return Reason.COUNTED_ELSEWHERE
    return None


def _by_acceptance(rules: Rules, project: Project) -> list[Entry]:
    """What of a project counts by its acceptance, and what of it waits for one."""
    accepted = project.amounts["accepted"]
    if accepted is None:
        return [Entry(project=project, amount=project.furthest, reason=Reason.NOT_ACCEPTED)]
    listed = [Entry(project=project, amount=accepted, reason=reason_of_day(rules, project))]
    waiting = (project.amounts["completed"] or accepted) - accepted
    if waiting > 0:
        listed.append(Entry(project=project, amount=waiting, reason=Reason.NOT_ACCEPTED))
    return listed
