"""The review that a session is at: the change looked at, what it asks, what happened last.

Session keys: ``review_draft`` holds the change; ``review_change``, ``review_decision``,
``review_note`` and ``review_who`` are the fields of the form; ``review_asked`` is the question
that waits for a yes; ``review_said`` is what happened last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import pandas as pd
import streamlit as st

from bluecarbon_map.errors import ConflictError
from bluecarbon_map.gate.review import CHANGES
from bluecarbon_map.tables import Decision
from ui import cached, editing

CHANGE: Final = "review_change"
DECISION: Final = "review_decision"
NOTE: Final = "review_note"
WHO: Final = "review_who"
_DRAFT: Final = "review_draft"
_ASKED: Final = "review_asked"
_SAID: Final = "review_said"


@dataclass(slots=True, kw_only=True)
class Draft:
    """One change that somebody decides on.

    Attributes:
        survey_id: Change survey.
        number: Which change.
        seen: Version of its row when it was opened.
        row: Its columns then.
        moved: What the store said where somebody decided otherwise meanwhile.
        theirs: Its columns now, where somebody did.
    """

    survey_id: str
    number: int
    seen: int
    row: Mapping[str, Any]
    moved: ConflictError | None = None
    theirs: Mapping[str, Any] | None = None


class Question(StrEnum):
    """What is asked once more before it is done."""

    ACCEPT_ALL = "accept_all"
    FINISH = "finish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with what it was asked about.

    Attributes:
        survey_id: Change survey.
        what: The question.
        seen: Version of each change when it was asked.
        counts: How many changes stood at each decision then.
        pending: Numbers of those that were open.
    """

    survey_id: str
    what: Question
    seen: Mapping[int, int]
    counts: Mapping[Decision, int]
    pending: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What happened last.

    Attributes:
        survey_id: Survey that it happened to.
        look: ``good``, ``bad`` or ``warn``.
        lines: What to tell.
        finished: Whether the patches of the survey are there now.
    """

    survey_id: str
    look: str
    lines: tuple[str, ...]
    finished: bool = False


def draft(survey_id: str) -> Draft | None:
    """The change of this survey that is looked at; None where none is."""
    found = st.session_state.get(_DRAFT)
    return found if isinstance(found, Draft) and found.survey_id == survey_id else None


def start(survey_id: str, number: int | None = None) -> None:
    """Look at a change as it stands now, with nothing typed yet; None: at the first open one."""
    rows, seen = snapshot(survey_id)
    if number not in seen:
        number = first_open(rows) or next(iter(seen))
    st.session_state[_DRAFT] = Draft(
        survey_id=survey_id, number=number, seen=seen[number], row=row_of(rows, number)
    )
    st.session_state[DECISION] = None
    st.session_state[NOTE] = ""


def row_of(rows: pd.DataFrame, number: int) -> dict[str, Any]:
    """Columns of one change; None for what is missing."""
    own = rows[rows["change_no"] == number].drop(columns="geometry")
    known = own.astype(object).where(own.notna(), None)
    return {str(name): value for name, value in known.iloc[0].items()} | {
        "geometry": rows.loc[own.index[0], "geometry"]
    }


def snapshot(survey_id: str) -> tuple[pd.DataFrame, dict[int, int]]:
    """The changes as they stand in the store this moment, and the version of each."""
    cached.look_anew()
    register = editing.opened()
    # Before the rows: whoever decides between the two is a conflict then, and not overlooked.
    seen = {} if register is None else register.versions(CHANGES)
    found = cached.workspace().patch_changes()
    own = pd.DataFrame(found[found["survey_id"] == survey_id]).sort_values("change_no")
    numbers = [int(number) for number in own["change_no"]]
    # The copy of a folder of files begins with every record at its first version.
    return own.reset_index(drop=True), {n: seen.get((survey_id, str(n)), 1) for n in numbers}


def counts(rows: pd.DataFrame) -> dict[Decision, int]:
    """How many changes stand at each decision."""
    return {word: int((rows["decision"] == word.value).sum()) for word in Decision}


def first_open(rows: pd.DataFrame, after: int = 0) -> int | None:
    """Number of the next open change after another, from the start where none follows."""
    numbers = rows.loc[rows["decision"] == Decision.PENDING.value, "change_no"].tolist()
    later = [number for number in numbers if number > after]
    return int((later or numbers)[0]) if numbers else None


def ask(survey_id: str, what: Question) -> None:
    """Ask before it is done, about the changes as they stand now."""
    hush()
    rows, seen = snapshot(survey_id)
    pending = rows.loc[rows["decision"] == Decision.PENDING.value, "change_no"]
    st.session_state[_ASKED] = Asked(
        survey_id=survey_id,
        what=what,
        seen=seen,
        counts=counts(rows),
        pending=tuple(int(number) for number in pending),
    )


def asked(survey_id: str) -> Asked | None:
    """The question that waits for an answer; None where none does."""
    found = st.session_state.get(_ASKED)
    return found if isinstance(found, Asked) and found.survey_id == survey_id else None


def drop_question() -> None:
    """Nothing is asked any more."""
    st.session_state.pop(_ASKED, None)


def say(survey_id: str, look: str, *lines: str, finished: bool = False) -> None:
    """Keep what happened, to be shown in the next run."""
    st.session_state[_SAID] = Said(survey_id=survey_id, look=look, lines=lines, finished=finished)


def last_said(survey_id: str) -> Said | None:
    """What happened last to this survey; it stands there until something else is done."""
    found = st.session_state.get(_SAID)
    return found if isinstance(found, Said) and found.survey_id == survey_id else None


def hush() -> None:
    """Say no more what happened before."""
    st.session_state.pop(_SAID, None)
