"""The own coefficient that a session edits: how it was opened, what was typed, who came between.

Session keys: ``factor_draft`` holds it; ``factor_COLUMN`` are the fields of the form,
``factor_reason``, ``factor_who`` and ``factor_sure`` the rest of it; ``factor_chosen`` is the
choice of the list; ``factor_said`` is what happened last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st

from bluecarbon_map.errors import ConflictError
from bluecarbon_map.factors.own import UNITS
from bluecarbon_map.tables import Factors, columns

_DRAFT: Final = "factor_draft"
_SAID: Final = "factor_said"
COLUMNS: Final = tuple(name for name in columns(Factors) if name != "unit")
NUMBERS: Final = ("depth_top_cm", "depth_bottom_cm", "value", "low", "high", "sd", "n")
_USUAL: Final[dict[str, Any]] = {
    "ecosystem": "mangrove", "pool": "ecosystem", "quantity": "stock_C", "tier": 3,
    "confidence": "verified",
}  # fmt: skip
_MAY_BE_NONE: Final = ("species", "interval_kind")


@dataclass(slots=True, kw_only=True)
class Draft:
    """One own coefficient being edited.

    Attributes:
        factor_id: Its id; None for one that is new.
        seen: Version it was opened with; None where it had none.
        before: Its values then.
        mine: What was last sent to be stored; None before.
        theirs: Values that somebody else stored in between; None where nobody did.
        moved: What the store said of it.
        doubts: What is not believable of it, Chinese and English, to be confirmed.
        reason: The reason as it was last sent.
    """

    factor_id: str | None
    seen: int | None
    before: dict[str, Any] = field(default_factory=dict)
    mine: dict[str, Any] | None = None
    theirs: dict[str, Any] | None = None
    moved: ConflictError | None = None
    doubts: tuple[tuple[str, str], ...] = ()
    reason: str = ""


def widget(column: str) -> str:
    """Session key of the form's field of a column."""
    return f"factor_{column}"


def draft() -> Draft | None:
    """The coefficient being edited; None where none is."""
    found = st.session_state.get(_DRAFT)
    return found if isinstance(found, Draft) else None


def open_draft(factor_id: str | None, before: Mapping[str, Any], seen: int | None) -> None:
    """Start to edit; the form shows its values."""
    st.session_state[_DRAFT] = Draft(factor_id=factor_id, seen=seen, before=dict(before))
    st.session_state.pop(_SAID, None)
    st.session_state["factor_reason"] = ""
    st.session_state["factor_sure"] = False
    fill(before)


def fill(values: Mapping[str, Any]) -> None:
    """Show values in the form."""
    for column in COLUMNS:
        st.session_state[widget(column)] = shown(column, values.get(column))


def close() -> None:
    """Stop editing; what was typed is forgotten."""
    st.session_state.pop(_DRAFT, None)
    for column in COLUMNS:
        st.session_state.pop(widget(column), None)


def typed() -> dict[str, Any]:
    """What stands in the form; an empty field is unknown."""
    found = {column: st.session_state.get(widget(column)) for column in COLUMNS}
    opened = draft()
    if opened is not None and opened.factor_id is not None:
        found["factor_id"] = opened.factor_id
    found["unit"] = UNITS.get(str(found["quantity"]))
    return {name: _cleaned(value) for name, value in found.items()}


def shown(column: str, value: Any) -> Any:  # noqa: ANN401
    """A value as the form's field of its column holds it."""
    if value is None:
        return _USUAL.get(column, None if column in NUMBERS + _MAY_BE_NONE else "")
    return value


def _cleaned(value: Any) -> Any:  # noqa: ANN401
    return (value.strip() or None) if isinstance(value, str) else value


def said(*lines: str, kind: str = "bad") -> None:
    """Keep what happened, to be shown in the next run."""
    st.session_state[_SAID] = (kind, lines)


def last_said() -> tuple[str, tuple[str, ...]] | None:
    """What happened last; None where nothing did."""
    found = st.session_state.get(_SAID)
    return found if isinstance(found, tuple) else None
