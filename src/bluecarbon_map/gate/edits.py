"""Changing one record by hand: storing it, and what two people changed at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from bluecarbon_map.errors import InputError
from bluecarbon_map.store.base import Change, Receipt, Register
from bluecarbon_map.tables import Projects, columns, typed, validate
from bluecarbon_map.targets import day_of, last_day_of

Values = Mapping[str, Any]
"""Column of a contract → value; None where it is unknown."""

PROJECT_KEY: Final = ("project_id", "indicator")
_LOOSE_DAYS: Final = ("completed_on", "reported_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a record that two people had open at the same time.

    Attributes:
        column: Its column.
        before: What stood there when the form was opened.
        theirs: What stands there now.
        mine: What was to be stored.
    """

    column: str
    before: Any
    theirs: Any
    mine: Any

    @property
    def is_clash(self) -> bool:
        """Whether both changed it, and not to the same."""
        return bool(self.theirs not in (self.before, self.mine) and self.mine != self.before)

    @property
    def only_mine(self) -> bool:
        """Whether nobody else touched it."""
        return bool(self.theirs == self.before and self.mine != self.before)


def fields(before: Values, theirs: Values, mine: Values, names: Iterable[str]) -> tuple[Field, ...]:
    """The fields in which three states of a record are not all the same."""
    found = (
        Field(column=name, before=before.get(name), theirs=theirs.get(name), mine=mine.get(name))
        for name in names
    )
    return tuple(one for one in found if not one.before == one.theirs == one.mine)


def plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values; None for what is missing."""
    known = table.astype(object).where(table.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in known.to_dict("records")]


def projects_by_key(table: pd.DataFrame) -> dict[tuple[str, ...], dict[str, Any]]:
    """Projects as plain values by their key, in the order of the table."""
    return {tuple(str(row[name]) for name in PROJECT_KEY): row for row in plain(table)}


def check_project(values: Values, zones: Sequence[str]) -> pd.DataFrame:
    """One project as a row of its table.

    Args:
        values: What is to be stored.
        zones: Zones there are.

    Raises:
        InputError: If a date is none, the zone is unknown, or an id or name is missing.
        ContractError: If a value breaks the contract.
    """
    key = values.get("project_id") or ""
    for name in ("project_id", "name_zh", "name_en", "reported_on", "source"):
        if not values.get(name):
            raise InputError("projects", "it is empty", "Fill it in", rows=[key], column=name)
    for name in _LOOSE_DAYS:
        if values.get(name):
            last_day_of(values[name], name, key)
    if values.get("accepted_on"):
        day_of(values["accepted_on"], "projects", "accepted_on", key)
    if values.get("zone_id") not in zones:
        raise InputError(
            "projects", "there is no such zone", "Choose one", rows=[key], column="zone_id"
        )
    row = typed(pd.DataFrame([{name: values.get(name) for name in columns(Projects)}]), Projects)
    validate(Projects, row, table="projects")
    return row


def save_project(
    register: Register, values: Values, *, seen: int | None, actor: str, reason: str | None = None
) -> Receipt:
    """Store one project as its next version.

    Args:
        register: Workspace to store it in.
        values: Every column of the contract; None where a value is unknown.
        seen: Version that the form was opened with; None for a project that is new.
        actor: Who.
        reason: Why.

    Raises:
        ConflictError: If somebody stored another version since; nothing is stored.
        InputError: If a value cannot be used.
        ContractError: If the row breaks its contract.
    """
    row = check_project(values, register.zones()["zone_id"].tolist())
    key = tuple(str(values[name]) for name in PROJECT_KEY)
    change = Change(
        kind="edit",
        actor=actor,
        reason=reason,
        tables={"projects": row},
        seen={} if seen is None else {"projects": {key: seen}},
    )
    return register.apply(change)
