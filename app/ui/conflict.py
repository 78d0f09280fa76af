"""Two people changed one project: both versions side by side, and a choice for each field."""

from __future__ import annotations

import streamlit as st

from bluecarbon_map.gate.edits import Field
from ui import editor, elements, numbers, project_state, state
from ui import project_words as words
from ui.project_state import MINE, THEIRS, Draft
from ui.words import _


def show(opened: Draft) -> None:
    """What somebody else stored in between beside what was typed here; nothing is lost."""
    theirs = opened.theirs
    if theirs is None:
        return
    who, when = theirs.by or _("somebody"), editor.moment(theirs.at) if theirs.at else ""
    editor.say(
        "warn",
        _("{who} stored this project while you had it open ({when}).").format(who=who, when=when),
        _("Nothing of yours is lost and nothing was stored. Choose for each field, then save."),
    )
    if theirs.values is None:
        elements.show(elements.small(_("It is gone there; saving brings it back as you typed it.")))
    with st.container(border=True, key="project_conflict"):
        _heads()
        for one in opened.differing():
            _line(one)
        with st.container(horizontal=True):
            st.button(
                _("Save with these choices"), key="project_merge", type="primary", on_click=merge
            )
            st.button(_("Keep theirs, drop mine"), key="project_theirs", on_click=keep_theirs)


def _heads() -> None:
    heads = (_("Field"), _("When you opened it"), _("Theirs, stored now"), _("Mine, not stored"))
    cells = [elements.tag("span", text) for text in heads]
    elements.show(elements.tag("div", "", "versions heads", *cells))


def _line(one: Field) -> None:
    label = words.fields()[one.column]
    states = (one.before, one.theirs, one.mine)
    cells = [elements.tag("b", label)]
    cells += [elements.tag("span", words.value(one.column, value)) for value in states]
    look = "versions clash" if one.is_clash else "versions"
    if usual(one) is not None:
        st.session_state.setdefault(project_state.keeps(one.column), usual(one))
    shown, choice = st.columns([3.4, 1.2], gap="small", vertical_alignment="center")
    with shown:
        elements.show(elements.tag("div", "", look, *cells))
    with choice:
        names = {THEIRS: _("theirs"), MINE: _("mine")}
        st.radio(
            label,
            [THEIRS, MINE],
            index=None,
            format_func=names.__getitem__,
            key=project_state.keeps(one.column),
            horizontal=True,
            label_visibility="collapsed",
        )


def usual(one: Field) -> str | None:
    """What a field keeps until somebody chooses: the change of one side; None where both did."""
    if one.is_clash:
        return None
    return MINE if one.only_mine else THEIRS


def kept(one: Field) -> str | None:
    """What is to be kept of a field; None where somebody still has to choose."""
    return st.session_state.get(project_state.keeps(one.column)) or usual(one)


def merge() -> None:
    """Store my version with the fields that are to stay theirs, over the version shown."""
    from ui import projects

    opened = project_state.draft()
    if opened is None or opened.theirs is None:
        return
    theirs, differing = opened.theirs, opened.differing()
    if any(kept(one) is None for one in differing):
        open_fields = [words.fields()[one.column] for one in differing if kept(one) is None]
        project_state.said(
            _("Choose for each field that both of you changed: {fields}.").format(
                fields=numbers.listed(open_fields, state.language())
            )
        )
        return
    values = dict(opened.mine or {})
    values |= {one.column: one.theirs for one in differing if kept(one) == THEIRS}
    for one in differing:
        st.session_state.pop(project_state.keeps(one.column), None)
    opened.before, opened.mine, opened.theirs = theirs.values or {}, values, None
    opened.seen = theirs.version
    project_state.fill(values)
    projects.store(opened, values, theirs.version)


def keep_theirs() -> None:
    """Go on with the version that is stored."""
    from ui import projects

    opened = project_state.draft()
    if opened is not None and opened.theirs is not None and opened.key is not None:
        projects.start(opened.key)
    else:
        project_state.close()
