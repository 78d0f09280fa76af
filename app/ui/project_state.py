"""The project that a session edits: how it was opened, what was typed, whose version came between.

Session keys: ``project_draft`` holds it; ``project_COLUMN`` are the fields of the form,
``project_keep_COLUMN`` what is kept of two versions, ``project_reason`` and ``project_who`` the
rest of it; ``project_said`` is what happened last.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from bluecarbon_map.gate.edits import PROJECT_KEY, Field, Values, fields
from bluecarbon_map.tables import Indicator, Projects, columns

_DRAFT: Final = "project_draft"
_SAID: Final = "project_said"
COLUMNS: Final = tuple(columns(Projects))
MINE: Final = "mine"
THEIRS: Final = "theirs"


@dataclass(slots=True, kw_only=True)
class Theirs:
    """What somebody else stored in between.

    Attributes:
        values: The record as it stands now; None where it is gone.
        version: Its version; None where it is gone.
        by: Who stored it.
        at: When, ISO in UTC.
    """

    values: dict[str, Any] | None
    version: int | None
    by: str | None
    at: str | None


@dataclass(slots=True, kw_only=True)
class Draft:
    """One project being edited.

    Attributes:
        key: Its key; None for a new one.
        seen: Version it was opened with; None for a new one.
        before: Its values then.
        mine: What was last sent to be stored; None before.
        theirs: Version of somebody else that stood in the way; None where none did.
    """

    key: tuple[str, ...] | None
    seen: int | None
    before: dict[str, Any] = field(default_factory=dict)
    mine: dict[str, Any] | None = None
    theirs: Theirs | None = None

    def differing(self) -> tuple[Field, ...]:
        """Fields in which their version, mine and the one that was opened are not the same."""
        theirs: Values = {} if self.theirs is None else self.theirs.values or {}
        return fields(self.before, theirs, self.mine or {}, COLUMNS)


def widget(column: str) -> str:
    """Session key of the form's field of a column."""
    return f"project_{column}"


def keeps(column: str) -> str:
    """Session key of what is kept of a column: `MINE` or `THEIRS`."""
    return f"project_keep_{column}"


def draft() -> Draft | None:
    """The project being edited; None where none is."""
    found = st.session_state.get(_DRAFT)
    return found if isinstance(found, Draft) else None


def open_draft(key: tuple[str, ...] | None, before: dict[str, Any], seen: int | None) -> None:
    """Start to edit a project; the form shows its values."""
    st.session_state[_DRAFT] = Draft(key=key, seen=seen, before=before)
    st.session_state.pop(_SAID, None)
    fill(before)


def fill(values: Values) -> None:
    """Show values in the form."""
    for column in COLUMNS:
        st.session_state[widget(column)] = shown(column, values.get(column))


def close() -> None:
    """Stop editing; what was typed is forgotten."""
    st.session_state.pop(_DRAFT, None)
    for column in COLUMNS:
        st.session_state.pop(widget(column), None)
        st.session_state.pop(keeps(column), None)


def typed() -> dict[str, Any]:
    """What stands in the form; an empty field is unknown."""
    found = {column: st.session_state.get(widget(column)) for column in COLUMNS}
    opened = draft()
    if opened is not None and opened.key is not None:
        found |= dict(zip(PROJECT_KEY, opened.key, strict=True))
    return {name: _cleaned(value) for name, value in found.items()}


def shown(column: str, value: Any) -> Any:  # noqa: ANN401
    """A value as the form's field of its column holds it."""
    usual = {"indicator": str(next(iter(Indicator))), "unit": "ha", "provenance": "survey"}
    if value is None:
        return usual.get(column, None if column in _NUMBERS | _CHOSEN else "")
    return value


_NUMBERS: Final = frozenset({"planned", "started", "completed", "accepted", "surviving"})
_CHOSEN: Final = frozenset({"ecosystem", "zone_id"})


def _cleaned(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, str):
        return value.strip() or None
    return value


def said(*lines: str, kind: str = "bad") -> None:
    """Keep what happened, to be shown in the next run."""
    st.session_state[_SAID] = (kind, lines)


def last_said() -> tuple[str, tuple[str, ...]] | None:
    """What happened last; None where nothing did."""
    found = st.session_state.get(_SAID)
    return found if isinstance(found, tuple) else None
