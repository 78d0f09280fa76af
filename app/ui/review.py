"""The review of a change survey: a decision on each change, and the survey that comes of them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from bluecarbon_map.tables import Decision
from ui import (
    cached,
    cached_surveys,
    change_words,
    editing,
    editor,
    elements,
    import_map,
    naming,
    outlines,
    review_acts,
    review_state,
    state,
)
from ui.review_state import Asked, Draft, Question
from ui.words import _

_ORDER: Final = (Decision.ACCEPTED, Decision.REJECTED, Decision.PENDING)


def section(survey_id: str, base_id: str) -> None:
    """Where the review is open: its state, a form for each change, and its end."""
    rows = cached_surveys.in_review(cached.workspace().version, survey_id)
    if rows is None:
        _told(survey_id)
        return
    elements.show(elements.tag("h2", _("Review of this survey"), "part"))
    elements.show(elements.card(_("Decisions so far"), elements.facts(_counts(rows))))
    if not editing.allowed():
        editor.closed()
        return
    editor.where()
    with st.container(border=True, key="review"):
        opened = _opened(survey_id, rows)
        _choose(survey_id, rows, opened)
        form, ground = st.columns(2, gap="medium")
        with form:
            _before_and_after(opened)
            _form(opened)
            _told(survey_id)
        with ground:
            _ground(opened, base_id)
    _ends(survey_id, rows)


def _counts(rows: pd.DataFrame) -> list[tuple[str, str]]:
    counts = review_state.counts(rows)
    order = (Decision.PENDING, Decision.ACCEPTED, Decision.REJECTED)
    return [(change_words.decision_name(word), f"{counts[word]:,}") for word in order]


def _told(survey_id: str) -> None:
    last = review_state.last_said(survey_id)
    if last is None:
        return
    editor.say(last.look, *last.lines)
    if last.finished:
        query = state.address(**{state.SURVEY: survey_id})
        way = elements.link(_("Look at it on the map"), "distribution", query)
        elements.show(elements.tag("div", "", "ways", way))


# --- one change ----------------------------------------------------------------------------------


def _opened(survey_id: str, rows: pd.DataFrame) -> Draft:
    """The change that is looked at; the first open one where none is."""
    opened = review_state.draft(survey_id)
    if opened is None or opened.number not in rows["change_no"].tolist():
        review_state.start(survey_id)
        opened = review_state.draft(survey_id)
    if opened is None:  # it was opened above
        raise RuntimeError(survey_id)
    return opened


def _choose(survey_id: str, rows: pd.DataFrame, opened: Draft) -> None:
    numbers = [int(number) for number in rows["change_no"]]
    names = {number: _title(review_state.row_of(rows, number)) for number in numbers}
    st.session_state[review_state.CHANGE] = opened.number
    st.selectbox(
        _("Change to decide on"),
        numbers,
        format_func=names.__getitem__,
        key=review_state.CHANGE,
        on_change=review_acts.choose,
        args=(survey_id,),
    )


def _title(row: dict[str, Any]) -> str:
    place = row["name_zh"] or row["habitat_id"] or row["base_habitat_id"]
    parts = (
        change_words.what_name(row["what"]),
        naming.plain_text(str(place)),
        change_words.decision_name(row["decision"]),
    )
    return f"{row['change_no']} · " + " · ".join(parts)


def _before_and_after(opened: Draft) -> None:
    """What the change says."""
    row = opened.row
    pairs = [
        (_("What happened"), change_words.what_name(row["what"])),
        (_("Before (ha)"), change_words.side(row, "from")),
        (_("After (ha)"), change_words.side(row, "to")),
        (_("Kind of record"), naming.provenance_name(row["provenance"])),
        (_("Source"), naming.in_language(str(row["source"]))),
        (_("Decision"), change_words.decision_name(row["decision"])),
        (_("Note"), naming.in_language(str(row["note"] or "–"))),
    ]
    elements.show(elements.facts(pairs))


def _ground(opened: Draft, base_id: str) -> None:
    """The outline of the change on the map; that of the base survey is the faint one."""
    after, before = opened.row["geometry"], opened.row["base_habitat_id"]
    version = cached.workspace().version
    old = None if before is None else cached_surveys.outline(version, base_id, str(before))
    made = _outlines(after)
    if made is None:
        return
    faint = None if old is None else _outlines(old)
    import_map.on_ground("review_map", made, [] if faint is None else [faint.geojson])
    if faint is not None:
        elements.show(elements.small(_("Faint: the outline in the base survey.")))


def _outlines(shape: shapely.Geometry) -> outlines.Outlines | None:
    return outlines.many(np.array([shape], dtype=object))


def _form(opened: Draft) -> None:
    """Decision, note and who; where somebody came between, theirs above what was typed."""
    if opened.moved is not None:
        _conflict(opened)
    names = {
        Decision.ACCEPTED: _("accept"),
        Decision.REJECTED: _("reject"),
        Decision.PENDING: _("leave open"),
    }
    st.radio(
        _("Decision"),
        _ORDER,
        index=None,
        format_func=names.__getitem__,
        key=review_state.DECISION,
        horizontal=True,
    )
    note, who = st.columns([2, 1], gap="small")
    with note:
        st.text_input(
            _("Note"), key=review_state.NOTE, max_chars=500,
            placeholder=_("why; needed for a rejection"),
        )  # fmt: skip
    with who:
        editor.ask_name(review_state.WHO)
    with st.container(horizontal=True):
        own = opened.survey_id
        if opened.moved is None:
            st.button(
                _("Save the decision"), key="review_save", type="primary",
                on_click=review_acts.save, args=(own,),
            )  # fmt: skip
        else:
            st.button(
                _("Save mine over it"), key="review_mine", type="primary",
                on_click=review_acts.save_over, args=(own,),
            )  # fmt: skip
            st.button(
                _("Keep theirs, drop mine"), key="review_theirs",
                on_click=review_acts.keep_theirs, args=(own,),
            )  # fmt: skip


def _conflict(opened: Draft) -> None:
    """Who decided what in between; what was typed here stays in the form."""
    moved, theirs = opened.moved, opened.theirs
    if moved is None:
        return
    who, when = moved.by or _("somebody"), editor.moment(moved.at) if moved.at else ""
    said = _("It is gone there.")
    if theirs is not None:
        said = _("Their decision: {decision}. Their note: {note}").format(
            decision=change_words.decision_name(theirs["decision"]),
            note=naming.in_language(str(theirs["note"] or "–")),
        )
    head = _("{who} decided on this change while you had it open ({when}).")
    kept = _("Nothing of yours is lost and nothing was stored. Choose one of the two.")
    editor.say("warn", head.format(who=who, when=when), said, kept)


# --- all of them ---------------------------------------------------------------------------------


def _ends(survey_id: str, rows: pd.DataFrame) -> None:
    """Accept what is open, or finish; both ask once."""
    asked = review_state.asked(survey_id)
    if asked is not None:
        _question(asked)
        return
    count = review_state.counts(rows)[Decision.PENDING]
    with st.container(horizontal=True, key="review_ends"):
        st.button(
            _("Accept all that are open ({count})").format(count=f"{count:,}"),
            key="review_all", disabled=not count,
            on_click=review_state.ask, args=(survey_id, Question.ACCEPT_ALL),
        )  # fmt: skip
        st.button(
            _("Finish the review"), key="review_finish",
            on_click=review_state.ask, args=(survey_id, Question.FINISH),
        )  # fmt: skip


def _question(asked: Asked) -> None:
    finish = asked.what is Question.FINISH
    with st.container(border=True, key="review_question"):
        editor.say(
            "warn", *(_what_finishing_does(asked) if finish else _what_accepting_does(asked))
        )
        with st.container(horizontal=True):
            st.button(
                _("Yes, finish the review") if finish else _("Yes, accept them"),
                key="review_yes", type="primary", args=(asked.survey_id,),
                on_click=review_acts.finish if finish else review_acts.accept_all,
            )  # fmt: skip
            st.button(_("No"), key="review_no", on_click=review_state.drop_question)


def _what_accepting_does(asked: Asked) -> list[str]:
    words = _("{count} open changes will be accepted in your name.")
    return [
        words.format(count=f"{asked.counts[Decision.PENDING]:,}"),
        _("Each can be decided anew until the review is finished."),
    ]


def _what_finishing_does(asked: Asked) -> list[str]:
    counts = {str(word): f"{count:,}" for word, count in asked.counts.items()}
    words = _(
        "The survey becomes its base survey with {accepted} accepted changes; where {rejected} "
        "were rejected and {pending} are still open, it stays as the base survey has it."
    )
    return [
        words.format(**counts),
        _("Afterwards no decision can be changed, only taken back in the history."),
    ]
