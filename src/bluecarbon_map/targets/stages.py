"""How far a target's projects are on a day, stage by stage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import fsum

from bluecarbon_map.tables import STAGES
from bluecarbon_map.targets.judgement import Rules, reason_of_day
from bluecarbon_map.targets.parts import wholes_of_row
from bluecarbon_map.targets.records import Project
from bluecarbon_map.targets.rules import Reason

_MAY_STAND = (None, Reason.NO_AMOUNT)
"""A project without a published amount adds none, and still is one of which it is not known."""


def standing(
    rules: Rules, mine: Sequence[Project], against: Sequence[Reason | None]
) -> list[Project]:
    """Projects whose stages belong to the target; ``against`` from `judgement.reasons`.

    What was accepted before the period was begun and finished before it too.
    """
    start = rules.target.start
    return [
        project
        for project, reason in zip(mine, against, strict=True)
        if reason in _MAY_STAND and not (project.accepted_on and project.accepted_on < start)
    ]


def stage_sums(rules: Rules, projects: Sequence[Project]) -> dict[str, float | None]:
    """Known amounts of each stage by the day looked at; None where no project has one.

    An amount that is part of another project's amount of that stage is not added again.
    """
    sums: dict[str, float | None] = {}
    for stage in STAGES:
        amounts = [_amount_by(rules, project, stage) for project in projects]
        with_one = {p.project_id for p, amount in zip(projects, amounts, strict=True) if amount}
        sums[stage] = sum_known(
            amount
            for project, amount in zip(projects, amounts, strict=True)
            if not wholes_of_row(project, rules.wholes) & with_one
        )
    return sums


def stage_counts(rules: Rules, projects: Sequence[Project]) -> dict[str, tuple[int, int]]:
    """Of each stage, of how many projects the amount is known, and how many projects there are."""
    every = {p.project_id for p in projects}
    counts: dict[str, tuple[int, int]] = {}
    for stage in STAGES:
        unknown = {p.project_id for p in projects if _amount_by(rules, p, stage) is None}
        counts[stage] = (len(every - unknown), len(every))
    return counts


def sum_known(amounts: Iterable[float | None]) -> float | None:
    """Sum of the known amounts; None, not zero, where none is."""
    known = [amount for amount in amounts if amount is not None]
    return fsum(known) if known else None


def _amount_by(rules: Rules, project: Project, stage: str) -> float | None:
    """Amount of a stage; None where it was reached after the last day that counts.

    An acceptance without a day may have come later. The other stages have no day but that of
    completion: where that is not published they stand as last reported.
    """
    if stage == "accepted" and reason_of_day(rules, project) is not None:
        return None
    finished = project.completed_by
    if stage in {"completed", "surviving"} and finished is not None and finished > rules.last_day:
        return None
    return project.amounts[stage]
