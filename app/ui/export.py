"""Handing in: what, where, which survey, which format; what you see is what the file holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from bluecarbon_map import reports
from bluecarbon_map.export import Bundle
from bluecarbon_map.reports import What
from bluecarbon_map.tables import Level
from ui import cached, column_words, elements, factor_sets, naming, numbers, panels, state, times
from ui.words import _

SHOWN_ROWS: Final = 200
_LEVELS: Final = (Level.PROVINCE, Level.CITY, Level.COUNTY)
_MIME: Final = {suffix: mime for suffix, _label, mime in panels.FORMATS}
_LABEL: Final = {suffix: label for suffix, label, _mime in panels.FORMATS}

_ASKS_SURVEY: Final = frozenset(What) - {What.TARGETS}
_ASKS_LEVEL: Final = frozenset({What.SUMMARY, What.SPECIES, What.POOLS})
_ASKS_FACTORS: Final = _ASKS_LEVEL | {What.FACTORS}


def what_names() -> dict[What, str]:
    """What each table is called."""
    return {
        What.SUMMARY: _("Area and carbon by zone and ecosystem"),
        What.SPECIES: _("Area and carbon by species"),
        What.POOLS: _("Carbon by pool"),
        What.FACTORS: _("Coefficients used, with sources"),
        What.TARGETS: _("Progress of the targets"),
        What.PATCHES: _("Patches of the zone, as a layer"),
    }


def what() -> What:
    """The table asked for; the summary where the address names none or an unknown one."""
    wanted = state.asked(state.WHAT)
    return What(wanted) if wanted in set(What) else What.SUMMARY


def suffix(table: What) -> str:
    """Format asked for, where it fits the table; else the first that does."""
    wanted = f".{state.asked(state.FORMAT)}"
    fitting = reports.FORMATS_OF[table]
    return wanted if wanted in fitting else fitting[0]


def zone_id() -> str:
    """The zone asked for; the whole region where there is none."""
    return state.choices().zone_id or cached.workspace().info.zone_id


def levels() -> list[Level]:
    """Levels that a table of the zone can have: its own and finer ones."""
    tree = cached.regions(cached.workspace().version, state.language())
    own = tree.levels[zone_id()]
    if own not in _LEVELS:
        return [own]
    finer = _LEVELS[_LEVELS.index(own) :]
    return [level for level in finer if tree.at_level(level, within=zone_id())]


def level() -> Level:
    """Level of the rows asked for, else the finest that the zone has."""
    wanted, known = state.asked(state.LEVEL), levels()
    return next((one for one in known if one == wanted), known[-1])


def wanted() -> reports.Asked:
    """Everything asked for on this page."""
    chosen, table = state.choices(), what()
    return reports.Asked(
        what=table,
        survey_id=chosen.survey_id,
        zone_id=zone_id(),
        level=level(),
        demonstration=chosen.demonstration,
        factor_set=state.factor_set(),
        plan_id=state.plan_id(),
        as_of=state.as_of(),
        language=state.language(),
    )


# --- choices -------------------------------------------------------------------------------------


def choose() -> None:
    """The boxes; each choice stands in the address, and only those that matter are shown."""
    table = what()
    _notice()
    _box(_("What"), what_names(), table, state.WHAT, What.SUMMARY)
    _box(_("Where"), _zones(), zone_id(), state.ZONE, cached.workspace().info.zone_id)
    if table in _ASKS_SURVEY:
        titles = cached.survey_titles(cached.workspace().version, state.language())
        usual = cached.workspace().info.default_survey_id
        _box(_("Survey"), titles, state.choices().survey_id, state.SURVEY, usual)
    else:
        titles = cached.plan_titles(cached.workspace().version, state.language())
        usual = cached.workspace().info.default_plan_id
        _box(_("Plan"), titles, state.plan_id(), state.PLAN, usual)
    if table in _ASKS_LEVEL:
        _box(_("One row for each"), _level_names(), level(), state.LEVEL, None)
    if table in _ASKS_FACTORS:
        usual = cached.workspace().info.factor_set
        now = state.factor_set() or usual
        _box(_("Coefficients"), _sets(), now, state.FACTORS, usual)
    _demonstration()
    formats = {one[1:]: _LABEL[one] for one in reports.FORMATS_OF[table]}
    _box(_("Format"), formats, suffix(table)[1:], state.FORMAT, None)


def _notice() -> None:
    """Words where the address asks for a table or a format that there is not."""
    table, asked = state.asked(state.WHAT), state.asked(state.FORMAT)
    if table is not None and table not in set(What):
        st.warning(_("There is no such table; the summary is shown instead."))
    if asked is not None and f".{asked}" not in _MIME:
        st.warning(_("There is no such format; choose one below."))


def _box(
    label: str,
    options: Mapping[str, str] | Mapping[What, str] | Mapping[Level, str],
    now: str | None,
    key: str,
    usual: str | None,
) -> None:
    """One choice; what a newcomer sees does not stand in the address."""
    widget, named = f"export_{key}", {str(one): text for one, text in options.items()}
    st.session_state[widget] = str(now) if now is not None else None
    st.selectbox(
        label,
        list(named),
        format_func=lambda one: named.get(one, ""),
        key=widget,
        filter_mode="contains",
        placeholder=_("none yet"),
        disabled=not named,
        on_change=_take,
        args=(key, widget, usual),
    )


def _take(key: str, widget: str, usual: str | None) -> None:
    value = st.session_state[widget]
    value = None if value == usual else value
    if key == state.ZONE:
        state.choose_zone(value)
    elif key == state.SURVEY:
        times.choose_survey(value)
    else:
        state.put(key, value)


def _zones() -> dict[str, str]:
    tree = cached.regions(cached.workspace().version, state.language())
    whole = cached.workspace().info.zone_id
    listed = {whole: tree.names[whole]}
    for zone, name in tree.names.items():
        if zone != whole:
            upper = tree.parents[zone]
            within = f" · {tree.names[upper]}" if upper not in (None, whole) and upper else ""
            listed[zone] = f"{name}{within}  {zone}"
    return listed


def _level_names() -> dict[Level, str]:
    words = {
        Level.PROVINCE: _("Province"),
        Level.CITY: _("City"),
        Level.COUNTY: _("County"),
        Level.OTHER: _("Other zone"),
    }
    return {one: words[one] for one in levels()}


def _sets() -> dict[str, str]:
    """The sets there are; the workspace's own is there even if it is a user's file."""
    return {one: naming.factor_title(one) for one in factor_sets.choices()}


def _demonstration() -> None:
    st.session_state["export_demo"] = state.choices().demonstration
    st.toggle(
        _("With demonstration data"),
        key="export_demo",
        help=_("Demonstration data are invented to show the map: never an official figure"),
        on_change=_take_demonstration,
    )


def _take_demonstration() -> None:
    state.put(state.DEMONSTRATION, None if st.session_state["export_demo"] else "0")


# --- the file ------------------------------------------------------------------------------------


def hand_over() -> None:
    """The file: its name and size, the button, its rows, its columns and its notes."""
    asked, version = wanted(), cached.workspace().version
    made = cached.hand_in(version, asked)
    if made is None:
        _nothing(asked)
        return
    ending = suffix(asked.what)
    _button(asked, made, ending)
    st.dataframe(
        made.rows.head(SHOWN_ROWS),
        hide_index=True,
        height=420,
        column_config=_columns(made),
        placeholder=numbers.no_data(state.language()),
        key="export_preview",
    )
    _said(made, ending)


def _button(asked: reports.Asked, made: Bundle, ending: str) -> None:
    name = reports.file_name(asked, date.today(), ending)
    with st.container(key="hand_over", horizontal=True, vertical_alignment="center"):
        st.download_button(
            _("Download {format}").format(format=_LABEL[ending]),
            partial(cached.hand_in_file, cached.workspace().version, asked, ending),
            file_name=name,
            mime=_MIME[ending],
            key="hand_in",
            type="primary",
            on_click="ignore",
        )
        rows, columns = made.rows.shape
        words = _("{rows} rows, {columns} columns").format(rows=f"{rows:,}", columns=columns)
        if rows > SHOWN_ROWS:
            words += _("; the first {n} are shown").format(n=SHOWN_ROWS)
        elements.show(elements.tag("div", name, "file-name"), elements.small(words))


def _columns(made: Bundle) -> dict[str, ColumnConfig | str | None]:
    """Names of the file, with unit; the meaning in the language of the page."""
    words = column_words.described()
    listed = zip(made.dictionary["column"], made.dictionary["unit"], strict=True)
    return {
        column: st.column_config.Column(
            f"{column} [{column_words.unit_words(unit)}]" if unit else column,
            help=words.get(column),
        )
        for column, unit in listed
    }


def dictionary(made: Bundle) -> pd.DataFrame:
    """Columns of the file with unit and meaning, for the reader of the page."""
    words = column_words.described()
    return pd.DataFrame(
        {
            _("Column"): made.dictionary["column"],
            _("Unit"): made.dictionary["unit"].map(column_words.unit_words),
            _("Meaning"): [words[column] for column in made.dictionary["column"]],
            _("May be unknown"): [
                _("yes") if nullable else _("no") for nullable in made.dictionary["nullable"]
            ],
        }
    )


def _said(made: Bundle, ending: str) -> None:
    """Notes of the file and what each column means."""
    lines = [elements.tag("li", line) for line in made.notes]
    title = _("What the file says of itself")
    shown = [elements.tag("ul", "", "notes", *lines)]
    if ending in reports.NO_NOTES:
        shown.append(
            elements.small(
                _(
                    "CSV holds the table alone. Choose XLSX to hand in notes, sources and column "
                    "meanings in one file."
                )
            )
        )
    elif made.details:
        names = numbers.listed(made.details, state.language())
        shown.append(elements.small(_further(ending).format(names=names)))
    elements.show(elements.card(title, *shown))
    with st.expander(_("Columns: unit and meaning")):
        st.dataframe(dictionary(made), hide_index=True, height="content")


def _further(ending: str) -> str:
    if ending == ".xlsx":
        return _("Further sheets of the file: {names}, dictionary")
    return _("Not in this format, but in XLSX: {names}")


def _nothing(asked: reports.Asked) -> None:
    """Words and a way on; an empty file is never handed in."""
    st.info(
        _(
            "There is nothing to hand in for this choice, and an empty file is never made. Choose "
            "a wider zone, another survey, or switch demonstration data on."
        )
    )
    ways: list[tuple[str, Callable[..., None], tuple[str | None, ...]]] = []
    whole = cached.workspace().info.zone_id
    if asked.zone_id != whole:
        ways.append((_("Whole province"), state.choose_zone, (None,)))
    if not asked.demonstration:
        ways.append((_("With demonstration data"), state.put, (state.DEMONSTRATION, None)))
    with st.container(horizontal=True):
        for at, (label, act, given) in enumerate(ways):
            st.button(label, key=f"way_on_{at}", on_click=act, args=given)
