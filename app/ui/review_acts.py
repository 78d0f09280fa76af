"""What the buttons of a review do: store a decision, accept what is open, finish."""

from __future__ import annotations

import streamlit as st

from bluecarbon_map.errors import BluecarbonError, ConflictError
from bluecarbon_map.gate import review
from bluecarbon_map.tables import Decision
from ui import editing, editor, numbers, review_state, state
from ui.review_state import Asked, Draft, Question
from ui.words import _


def choose(survey_id: str) -> None:
    """Look at another change."""
    review_state.hush()
    review_state.start(survey_id, int(st.session_state[review_state.CHANGE]))


def save(survey_id: str) -> None:
    """Store what stands in the form; where somebody came between, show theirs beside it."""
    opened = review_state.draft(survey_id)
    if opened is None or not _named(survey_id) or not _whole(survey_id):
        return
    decision = Decision(st.session_state[review_state.DECISION])
    try:
        register, copied = editing.register()
        made = review.decide(
            register, survey_id, opened.number, decision, _note(), editor.name(), opened.seen
        )
    except ConflictError as moved:
        _keep(opened, moved)
    except BluecarbonError as refused:
        _refused(survey_id, refused)
    else:
        stored = _("Stored as change {number}.").format(number=made.change_id)
        review_state.say(survey_id, "good", stored, copied or "")
        review_state.drop_question()
        _go_on(survey_id, opened.number)


def _keep(opened: Draft, moved: ConflictError) -> None:
    rows, _seen = review_state.snapshot(opened.survey_id)
    there = opened.number in rows["change_no"].tolist()
    opened.moved = moved
    opened.theirs = review_state.row_of(rows, opened.number) if there else None
    review_state.hush()


def _go_on(survey_id: str, number: int) -> None:
    """To the next open change; stay where none is left."""
    rows, _seen = review_state.snapshot(survey_id)
    review_state.start(survey_id, review_state.first_open(rows, after=number) or number)


def save_over(survey_id: str) -> None:
    """Store mine over the decision that was shown, which stays in the history."""
    opened = review_state.draft(survey_id)
    if opened is not None and opened.moved is not None and opened.moved.found is not None:
        opened.seen, opened.moved = opened.moved.found, None
        save(survey_id)


def keep_theirs(survey_id: str) -> None:
    """Look at the change as it is stored now."""
    opened = review_state.draft(survey_id)
    if opened is not None:
        review_state.start(survey_id, opened.number)


def accept_all(survey_id: str) -> None:
    """Accept the changes that were open when it was asked; one decided meanwhile is left alone."""
    asked = review_state.asked(survey_id)
    if asked is None or not _named(survey_id):
        return
    accepted, left, more = _accepted(asked)
    review_state.drop_question()
    lines = [_("{count} changes were accepted.").format(count=f"{accepted:,}"), *more]
    if left:
        words = _("Left as somebody else decided meanwhile: {changes}.")
        told = numbers.listed([str(number) for number in left], state.language())
        lines.append(words.format(changes=told))
    review_state.say(survey_id, "warn" if left or accepted < len(asked.pending) else "good", *lines)
    _go_on(survey_id, 0)


def _accepted(asked: Asked) -> tuple[int, list[int], list[str]]:
    """How many were accepted, which somebody else had decided, and what else is to be told."""
    accepted, left, more = 0, [], []
    try:
        register, copied = editing.register()
        more += [copied] if copied else []
        for number in asked.pending:
            try:
                review.decide(
                    register, asked.survey_id, number, Decision.ACCEPTED, None, editor.name(),
                    asked.seen[number],
                )  # fmt: skip
                accepted += 1
            except ConflictError:
                left.append(number)
    except BluecarbonError as refused:
        more += editor.refusal(refused)
    return accepted, left, more


def finish(survey_id: str) -> None:
    """Store the patches, if the decisions are still those that were asked about."""
    asked = review_state.asked(survey_id)
    if asked is None or not _named(survey_id):
        return
    if review_state.snapshot(survey_id)[1] != asked.seen:
        review_state.ask(survey_id, Question.FINISH)
        words = _("Somebody decided meanwhile; nothing was stored. Look at the numbers again.")
        review_state.say(survey_id, "warn", words)
        return
    try:
        register, copied = editing.register()
        made = review.finish(register, survey_id, editor.name(), decided=asked.seen)
    except BluecarbonError as refused:
        _refused(survey_id, refused)
        return
    review_state.drop_question()
    words = _("The review is finished: {patches} patches stored as change {number}.")
    told = words.format(patches=f"{made.patches:,}", number=made.receipt.change_id)
    review_state.say(survey_id, "good", told, copied or "", finished=True)


def _named(survey_id: str) -> bool:
    """Whether somebody said who decides; else it is asked for."""
    editor.take_name(str(st.session_state.get(review_state.WHO) or editor.name()))
    if not editor.name():
        review_state.say(
            survey_id, "bad", _("Nothing was stored: your name is missing."), _("Fill it in above.")
        )
    return bool(editor.name())


def _whole(survey_id: str) -> bool:
    """Whether a decision was made, and a rejection says why."""
    decision = st.session_state.get(review_state.DECISION)
    missing = None
    if decision is None:
        missing = _("Nothing was stored: choose a decision first.")
    elif decision == Decision.REJECTED and _note() is None:
        missing = _("Nothing was stored: a rejection needs a note that says why.")
    if missing:
        review_state.say(survey_id, "bad", missing)
    return missing is None


def _note() -> str | None:
    return str(st.session_state.get(review_state.NOTE) or "").strip() or None


def _refused(survey_id: str, problem: BluecarbonError) -> None:
    review_state.drop_question()
    review_state.say(survey_id, "bad", _("Nothing was stored."), *editor.refusal(problem))
