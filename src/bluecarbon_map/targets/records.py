"""Targets, projects and registers as typed records, read from their tables."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from bluecarbon_map.errors import DuplicateIdError, InputError, NotFoundError
from bluecarbon_map.tables import STAGES, Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One promise of a plan.

    Attributes:
        target_id: Id.
        name_zh: Chinese name.
        name_en: English name.
        zone_id: Zone it is set for.
        indicator: What it counts, `tables.Indicator`.
        unit: ``ha`` or ``km``.
        operator: ``>=`` or ``>``.
        value: Amount promised, in ``unit``.
        start: First day that counts.
        deadline: Last day that counts.
        excludes: Ecosystem that does not count, or None.
        clause_zh: Words of the source; None where none are quoted.
        clause_en: The same in English, translated for this map; None likewise.
        source: Document.
    """

    target_id: str
    name_zh: str
    name_en: str
    zone_id: str
    indicator: str
    unit: str
    operator: str
    value: float
    start: date
    deadline: date
    excludes: str | None
    clause_zh: str | None
    clause_en: str | None
    source: str

    def is_met_by(self, amount: float) -> bool:
        """Whether an amount in the target's unit keeps the promise."""
        return amount > self.value if self.operator == ">" else amount >= self.value

    def pace(self, day: date) -> float | None:
        """Amount that an even pace asks for on a day, in ``unit``; None past the deadline."""
        if day > self.deadline:
            return None
        whole = (self.deadline - self.start).days + 1
        gone = max(0, (day - self.start).days + 1)
        return self.value * gone / whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One project's amounts under one indicator.

    Attributes:
        project_id: Id.
        name_zh: Chinese name.
        name_en: English name.
        zone_id: Zone it lies in, as fine as is known.
        indicator: What the amounts count.
        ecosystem: Ecosystem restored; None where it is not stated.
        unit: ``ha`` or ``km``.
        amounts: Amount of each stage of `tables.STAGES`; None where unknown.
        completed_on: When it was finished, as published: a day, month or year; None if unknown.
        completed_by: Last day of that; None where unknown.
        accepted_on: Day of acceptance; None where unknown.
        reported_on: Date of the latest report, as published.
        part_of: Project that already counts these amounts, or None.
        provenance: Kind of record.
        source: Where it comes from.
        note_zh: What to know about it in Chinese, or None.
        note_en: The same in English.
    """

    project_id: str
    name_zh: str
    name_en: str
    zone_id: str
    indicator: str
    ecosystem: str | None
    unit: str
    amounts: Mapping[str, float | None]
    completed_on: str | None
    completed_by: date | None
    accepted_on: date | None
    reported_on: str | None
    part_of: str | None
    provenance: str
    source: str
    note_zh: str | None
    note_en: str | None

    @property
    def is_demonstration(self) -> bool:
        """Whether it is invented to show the map."""
        return self.provenance == Provenance.DEMONSTRATION

    @property
    def furthest(self) -> float | None:
        """Amount of the furthest known stage up to acceptance; None where no stage is known."""
        for stage in ("accepted", "completed", "started", "planned"):
            if self.amounts[stage] is not None:
                return self.amounts[stage]
        return None


def targets_in_force(table: pd.DataFrame, plan_id: str) -> list[Target]:
    """The newest version of every target of a plan, in the table's order.

    Raises:
        NotFoundError: If there is no such plan.
        DuplicateIdError: If one version of a target is there twice.
        InputError: If a date is not an ISO date.
    """
    plan = table[table["plan_id"] == plan_id]
    if plan.empty:
        raise NotFoundError("plan", plan_id, sorted(set(table["plan_id"])))
    twice = plan[plan.duplicated(["target_id", "version"], keep=False)]
    if len(twice):
        raise DuplicateIdError(
            "targets",
            "one version of a target stands on several rows",
            "Give the newer row the next version",
            rows=sorted(set(twice["target_id"])),
            column="version",
        )
    newest = plan.loc[plan.groupby("target_id", sort=False)["version"].idxmax()]
    return [_target(row) for row in _rows(newest)]


def read_projects(table: pd.DataFrame) -> list[Project]:
    """Every row of a projects table.

    Raises:
        InputError: If a date is not an ISO date.
    """
    return [_project(row) for row in _rows(table)]


def _rows(table: pd.DataFrame) -> list[dict[Hashable, object]]:
    """Rows as plain dicts with None for what is missing."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def _target(row: Mapping[Hashable, object]) -> Target:
    return Target(
        **{name: row[name] for name in Target.__slots__ if name not in {"start", "deadline"}},  # type: ignore[arg-type]
        start=day_of(row["start"], "targets", "start", row["target_id"]),
        deadline=day_of(row["deadline"], "targets", "deadline", row["target_id"]),
    )


def _project(row: Mapping[Hashable, object]) -> Project:
    row_id, finished, day = row["project_id"], row["completed_on"], row["accepted_on"]
    made = {"amounts", "completed_by", "accepted_on"}
    return Project(
        **{name: row[name] for name in Project.__slots__ if name not in made},  # type: ignore[arg-type]
        amounts={stage: row[stage] for stage in STAGES},  # type: ignore[misc]
        completed_by=None if finished is None else last_day_of(finished, "completed_on", row_id),
        accepted_on=None if day is None else day_of(day, "projects", "accepted_on", row_id),
    )


def last_day_of(text: object, column: str, row: object) -> date:
    """Last day of a day, month or year as it was published: ``2018`` is 2018-12-31.

    Raises:
        InputError: If it is none of them; names the row's id and the column.
    """
    said = str(text)
    try:
        if re.fullmatch(r"\d{4}", said):
            return date(int(said), 12, 31)
        if re.fullmatch(r"\d{4}-\d{2}", said):
            year, month = int(said[:4]), int(said[5:])
            return date(year, month, monthrange(year, month)[1])
        return date.fromisoformat(said)
    except ValueError as problem:
        raise InputError(
            "projects",
            f"{said[:40]!r} is not a day, month or year",
            "Write it as YYYY-MM-DD, YYYY-MM or YYYY",
            rows=[row],
            column=column,
        ) from problem


def day_of(text: object, where: str, column: str, row: object) -> date:
    """A day written as YYYY-MM-DD.

    Raises:
        InputError: If it is none; names the table, the row's id and the column.
    """
    try:
        return date.fromisoformat(str(text))
    except ValueError as problem:
        raise InputError(
            where,
            f"{str(text)[:40]!r} is not a day",
            "Write it as YYYY-MM-DD",
            rows=[row],
            column=column,
        ) from problem
