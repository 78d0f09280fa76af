"""What the pages that write have in common: who writes, whether they may, what they say."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import streamlit as st

from bluecarbon_map.errors import (
    BluecarbonError,
    ConflictError,
    ContractError,
    FactorError,
    InputError,
    ReadOnlyError,
    StoreError,
)
from ui import editing, elements, history_words, naming
from ui.library_words import spoken
from ui.words import _

_NAME: Final = "editor_name_kept"
"""Session key of the name, for all pages that write."""
_LONGEST_NAME: Final = 80


def name() -> str:
    """Who writes; empty until somebody said so."""
    return str(st.session_state.get(_NAME, ""))


def ask_name(key: str) -> None:
    """Ask who writes; what was typed on another page stands there already."""
    st.session_state.setdefault(key, name())
    st.text_input(
        _("Your name"),
        key=key,
        max_chars=_LONGEST_NAME,
        placeholder=_("e.g. Zhang San, Department of Natural Resources"),
        help=_("Stands beside each of your changes in the history"),
        on_change=_take_name,
        args=(key,),
    )


def _take_name(key: str) -> None:
    # A field that left the page with its step may report itself once more, empty.
    take_name(str(st.session_state.get(key) or name()))


def take_name(said: str) -> None:
    """Remember who writes, for this session."""
    st.session_state[_NAME] = said.strip()


def closed() -> None:
    """How to switch editing on, in one sentence."""
    words = _(
        "Read only. To edit, start the map on your own computer with: bluecarbon app --local-editor"
    )
    elements.show(elements.tag("p", words, "lacks"))


def where() -> None:
    """Where the first write goes to, while the workspace is still the one that came along."""
    if editing.opened() is None:
        words = _(
            "The embedded workspace is never changed: with the first change it is copied to your "
            "own data folder, and this page says where."
        )
        elements.show(elements.small(words))


def say(kind: str, *lines: str) -> None:
    """A box with what happened: ``good``, ``bad`` or ``warn``; every text stays text."""
    role = "alert" if kind == "bad" else "status"
    told = [elements.tag("div", line) for line in lines if line]
    elements.show(elements.tag("div", "", f"said {kind}", *told, role=role))


def refusal(problem: BluecarbonError) -> list[str]:
    """Lines that tell of an error: what is wrong, where, and the way out."""
    if isinstance(problem, InputError | StoreError):
        column = getattr(problem, "column", None)
        place = naming.headed(_("Field"), column) if column else ""
        return [f"{problem.where}: {spoken(problem.reason)}", place, spoken(problem.fix)]
    if isinstance(problem, FactorError):
        return [spoken(problem.reason), spoken(problem.fix)]
    if isinstance(problem, ReadOnlyError):
        return [_("{where} cannot be written.").format(where=problem.where), spoken(problem.fix)]
    if isinstance(problem, ConflictError):
        where = " · ".join((history_words.table(problem.table), *problem.key))
        who = problem.by or _("somebody")
        said = _("{who} changed a record in between: {where}.").format(who=who, where=where)
        return [said, _("Look at the newer version, and decide again.")]
    if isinstance(problem, ContractError):
        return [*map(spoken, problem.problems), spoken(problem.fix)]
    return [spoken(str(problem))]


def moment(at: str) -> str:
    """A time of the store as this machine's clock shows it, its zone said."""
    here = datetime.fromisoformat(at).astimezone()
    zone = here.strftime("%z")
    return f"{here:%Y-%m-%d %H:%M:%S} (UTC{zone[:3]}:{zone[3:]})"
