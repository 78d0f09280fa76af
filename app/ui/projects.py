"""编辑工程: the projects on record, and the form that changes one of them or adds one."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.errors import BluecarbonError, ConflictError
from bluecarbon_map.gate.edits import projects_by_key, save_project
from bluecarbon_map.tables import STAGES, Indicator, Provenance
from ui import cached, conflict, editing, editor, elements, numbers, project_state, state
from ui import project_words as words
from ui.words import _

Key = tuple[str, ...]
_NEW: Final = ("",)
"""Choice of the list that is no project yet."""
_SHORT: Final = 8
"""So many projects are listed without a scroll bar."""
_MOST: Final = 1e7
"""Largest amount a field takes, in ha or km."""


def show() -> None:
    """The list, then the form of the one that was chosen, then its history."""
    _told()
    found = projects_by_key(cached.workspace().projects())
    _table(found)
    if not editing.allowed():
        editor.closed()
        _history_only(found)
        return
    editor.where()
    _choose(found)
    opened = project_state.draft()
    if opened is None:
        return
    if opened.theirs is not None:
        conflict.show(opened)
    else:
        _form(opened)
    if opened.key is not None:
        history(opened.key)


def _told() -> None:
    last = project_state.last_said()
    if last is not None and last[1]:
        editor.say(last[0], *last[1])


def _table(found: dict[Key, dict[str, Any]]) -> None:
    if not found:
        st.info(_("No project is on record yet. Add one below, or import a table of projects."))
        return
    labels = words.fields()
    shown = ("zone_id", "indicator", *STAGES, "unit", "reported_on", "provenance", "source")
    english = state.language() == "en"
    rows = [
        {
            _("Project"): row["name_en"] if english else row["name_zh"],
            **{labels[name]: _cell(name, row[name]) for name in shown},
        }
        for row in found.values()
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content" if len(rows) <= _SHORT else 280,
        placeholder=numbers.no_data(state.language()),
        key="projects_table",
    )


def _cell(column: str, value: Any) -> Any:  # noqa: ANN401
    return value if column in STAGES else words.value(column, value)


def _name(key: Key, found: dict[Key, dict[str, Any]]) -> str:
    if key == _NEW:
        return _("+ A new project")
    row = found.get(key)
    if row is None:
        return " · ".join(key)
    title = row["name_en"] if state.language() == "en" else row["name_zh"]
    return f"{title} · {words.indicators().get(key[1], key[1])}"


def _choose(found: dict[Key, dict[str, Any]]) -> None:
    opened = project_state.draft()
    chosen = None if opened is None else opened.key or _NEW
    options = dict.fromkeys([_NEW, *found, *([] if chosen is None else [chosen])])
    names = {key: _name(key, found) for key in options}
    st.session_state["project_chosen"] = chosen
    st.selectbox(
        _("Project to change"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=_("Choose a project, or add one"),
        key="project_chosen",
        on_change=_open,
    )


def _open() -> None:
    key = st.session_state["project_chosen"]
    if key is None:
        project_state.close()
    elif key == _NEW:
        project_state.open_draft(None, {}, None)
    else:
        start(key)


def start(key: Key) -> None:
    """Open a project as it stands now."""
    cached.look_anew()
    register = editing.opened()
    # Before the row: whoever changes it between the two is a conflict then, and not overlooked. The
    # copy of the embedded workspace begins with every record at its first version.
    seen = 1 if register is None else register.versions("projects").get(key)
    row = projects_by_key(cached.workspace().projects()).get(key)
    if row is not None:
        project_state.open_draft(key, row, seen)


# --- the form ------------------------------------------------------------------------------------


def _form(opened: project_state.Draft) -> None:
    labels = words.fields()
    _keep_shown(opened)
    with st.container(border=True, key="project_form"):
        editor.ask_name("project_who")
        _row(labels, ("project_id", "indicator"), fixed=opened.key is not None)
        _row(labels, ("name_zh", "name_en"))
        _row(labels, ("zone_id", "ecosystem", "unit"))
        elements.show(elements.small(_amounts_apart()))
        _row(labels, STAGES)
        _row(labels, ("completed_on", "accepted_on", "reported_on"))
        _row(labels, ("provenance", "source", "part_of"))
        _row(labels, ("note_zh", "note_en"))
        st.text_input(
            _("Reason of the change"), key="project_reason", placeholder=_("may stay empty")
        )
        with st.container(horizontal=True):
            st.button(_("Save"), key="project_save", type="primary", on_click=save)
            st.button(_("Leave it as it was"), key="project_leave", on_click=_leave)


def _amounts_apart() -> str:
    return _(
        "Amounts of each stage, kept apart. Leave empty what is not known: empty is unknown, "
        "0 is none."
    )


def _keep_shown(opened: project_state.Draft) -> None:
    """Give a form that was away for a while its values back."""
    values = opened.mine or opened.before
    for column in project_state.COLUMNS:
        shown = project_state.shown(column, values.get(column))
        st.session_state.setdefault(project_state.widget(column), shown)


def _row(labels: dict[str, str], columns: tuple[str, ...], *, fixed: bool = False) -> None:
    for place, column in zip(st.columns(len(columns), gap="small"), columns, strict=True):
        with place:
            _field(column, labels[column], fixed=fixed)


def _field(column: str, label: str, *, fixed: bool) -> None:
    key, options = project_state.widget(column), _options(column)
    if options is not None:
        may_be_empty = column in ("ecosystem", "zone_id")
        names = {one: words.value(column, one) for one in options}
        st.selectbox(
            label,
            options,
            index=None if may_be_empty else 0,
            format_func=names.__getitem__,
            placeholder=_("not stated"),
            key=key,
            disabled=fixed,
        )
    elif column in STAGES:
        st.number_input(
            label, min_value=0.0, max_value=_MOST, value=None, step=None, format="%g", key=key,
            placeholder=_("unknown"),
        )  # fmt: skip
    else:
        st.text_input(label, key=key, disabled=fixed, placeholder=_HINTS().get(column, ""))


def _HINTS() -> dict[str, str]:  # noqa: N802
    day = _("YYYY, YYYY-MM or YYYY-MM-DD")
    return {
        "completed_on": day,
        "reported_on": day,
        "accepted_on": "YYYY-MM-DD",
        "part_of": _("Id of a project; empty for none"),
    }


def _options(column: str) -> list[str] | None:
    if column == "zone_id":
        return list(cached.regions(cached.workspace().version, state.language()).names)
    known: dict[str, list[str]] = {
        "indicator": [str(one) for one in Indicator],
        "ecosystem": list(ECOSYSTEMS),
        "unit": ["ha", "km"],
        "provenance": [str(one) for one in Provenance],
    }
    return known.get(column)


def _leave() -> None:
    project_state.close()


def save() -> None:
    """Store what stands in the form; a newer version of somebody else is shown, not lost."""
    opened = project_state.draft()
    if opened is not None:
        opened.mine = project_state.typed()
        store(opened, opened.mine, opened.seen)


def store(opened: project_state.Draft, values: dict[str, Any], seen: int | None) -> None:
    """Store values over the version that was seen."""
    editor.take_name(str(st.session_state.get("project_who", editor.name())))
    if not editor.name():
        project_state.said(_("Nothing was stored: your name is missing."), _("Fill it in above."))
        return
    reason = str(st.session_state.get("project_reason", "")).strip() or None
    try:
        register, copied = editing.register()
        made = save_project(register, values, seen=seen, actor=editor.name(), reason=reason)
    except ConflictError as moved:
        opened.theirs = theirs(values, moved)
        project_state.said()
        return
    except BluecarbonError as refused:
        project_state.said(_("Nothing was stored."), *refusal(refused))
        return
    st.session_state["project_reason"] = ""
    start(tuple(str(values[name]) for name in ("project_id", "indicator")))
    stored = _("Stored as change {number}.").format(number=made.change_id)
    project_state.said(stored, copied or "", kind="good")


def theirs(values: dict[str, Any], moved: ConflictError) -> project_state.Theirs:
    """The version that stands in the way, as it is stored now."""
    now = projects_by_key(cached.workspace().projects())
    key = tuple(str(values[name]) for name in ("project_id", "indicator"))
    return project_state.Theirs(values=now.get(key), version=moved.found, by=moved.by, at=moved.at)


def refusal(problem: BluecarbonError) -> list[str]:
    """What is wrong with a project, in the words of the form where it is one of its fields."""
    column = getattr(problem, "column", None)
    labels = words.fields()
    if column not in labels:
        return editor.refusal(problem)
    how = {
        "accepted_on": _("Write it as YYYY-MM-DD, or leave it empty."),
        "completed_on": _("Write it as YYYY, YYYY-MM or YYYY-MM-DD, or leave it empty."),
        "reported_on": _("Write it as YYYY, YYYY-MM or YYYY-MM-DD."),
    }
    return [
        _("The field “{field}” cannot be stored like this.").format(field=labels[column]),
        how.get(column, _("Fill it in.")),
    ]


# --- history -------------------------------------------------------------------------------------


def _history_only(found: dict[Key, dict[str, Any]]) -> None:
    """Where nothing may be changed, the versions of one can be looked at."""
    if editing.opened() is None or not found:
        return
    names = {one: _name(one, found) for one in found}
    key = st.selectbox(
        _("Versions of"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=_("Choose a project"),
        key="project_looked_at",
    )
    if key is not None:
        history(key)


def history(key: Key) -> None:
    """Every version of a project: who, when, and what it changed."""
    register = editing.opened()
    if register is None:
        return
    versions = projects_history(register.history("projects", key))
    heads = [_("Version"), _("Stored at"), _("Who"), _("Change no."), _("What changed")]
    table = elements.table(heads, versions)
    table.set("class", "facts worded")
    elements.show(
        elements.card(_("Versions of this project"), elements.tag("div", "", "scrolling", table))
    )


def projects_history(found: pd.DataFrame) -> list[list[str]]:
    """Versions as rows of text, the newest first."""
    rows: list[list[str]] = []
    before: dict[str, Any] = {}
    for row in found.astype(object).where(found.notna(), None).to_dict("records"):
        now = {name: row.get(name) for name in project_state.COLUMNS}
        rows.append(
            [
                str(row["row_version"]),
                editor.moment(str(row["at"])),
                str(row["actor"]),
                str(row["change_id"]),
                _what_changed(before, now) if before else _("first version"),
            ]
        )
        before = now
    return rows[::-1]


def _what_changed(before: dict[str, Any], now: dict[str, Any]) -> str:
    labels = words.fields()
    changed = [
        f"{labels[name]}: {words.value(name, before[name])} → {words.value(name, now[name])}"
        for name in now
        if before[name] != now[name]
    ]
    return "; ".join(changed) or _("nothing")
