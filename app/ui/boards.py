"""Parts of the overview and of the targets page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.tables import OUTSIDE, STAGES, Level
from bluecarbon_map.targets import (
    REASONS,
    Entry,
    PlanProgress,
    TargetProgress,
)
from ui import cached, elements, gauges, numbers, panels, state
from ui.words import _

_SHOWN: Final = ("mangrove", "salt_marsh", "tidal_flat")
"""Ecosystems with a column of their own in the table of cities."""


def basis(chosen: state.Choices) -> str:
    """What the numbers of a page rest on: day, rule, survey."""
    version, language = cached.workspace().version, state.language()
    return " · ".join(
        (
            _("as of {day}").format(day=state.as_of().isoformat()),
            _("accepted amounts only"),
            cached.survey_titles(version, language).get(chosen.survey_id or "", _("no survey yet")),
        )
    )


def plan() -> PlanProgress | None:
    """Progress of the chosen plan on the chosen day; None where the workspace has no plan."""
    return cached.progress(cached.workspace().version, state.plan_id(), state.as_of())


def beside_map(chosen: state.Choices) -> None:
    """One card a target of the workspace's plan, then what the coast holds."""
    workspace = cached.workspace()
    shown = cached.progress(workspace.version, workspace.info.default_plan_id, state.as_of())
    elements.show(
        gauges.key(),
        *(
            gauges.card(progress, demonstration=chosen.demonstration)
            for progress in (shown.targets if shown else ())
        ),
        _holdings(chosen),
    )


def _holdings(chosen: state.Choices) -> Element:
    """Area and carbon of mangrove, and of everything, each with unit, interval, year, source."""
    summary = panels.summarised(chosen, None)
    if summary is None or summary.rows.empty:
        nothing = _("Nothing on record for this survey. Choose another survey.")
        return elements.card(_("All ecosystems"), elements.small(nothing))
    mangrove = _holding(chosen, _("Mangrove"), frozenset({"mangrove"}))
    return elements.tag("div", "", "pair", mangrove, _holding(chosen, _("All ecosystems"), None))


def _holding(chosen: state.Choices, title: str, kinds: frozenset[str] | None) -> Element:
    workspace, language = cached.workspace(), state.language()
    summary = cached.summary(
        workspace.version,
        chosen.survey_id,
        Level.PROVINCE,
        None,
        kinds,
        chosen.demonstration,
        language,
    )
    if chosen.survey_id is not None:
        title = f"{title} · {cached.survey_year(workspace.version, chosen.survey_id)}"
    if summary is None or summary.rows.empty:
        return elements.card(title, elements.small(_("Nothing on record here in this survey.")))
    return elements.card(
        title, *panels.zone_numbers(summary), elements.small(_sources(summary, language))
    )


def _sources(summary: reports.ZoneSummary, language: str) -> str:
    """The coefficients a number was made with, by publication."""
    used = reports.sources(summary.factor_set, summary.parts)
    mine = used[used["factor_id"].isin(_ids(summary.parts["factor_id"]))]
    names = list(dict.fromkeys(str(name) for name in mine["source"].dropna()))
    separator = "；" if language == "zh" else "; "
    return f"{_('Source')}: {separator.join(names)}" if names else ""


def _ids(column: pd.Series[str]) -> set[str]:
    return {one for text in column.dropna() for one in text.split("; ")}


def key_of_map(chosen: state.Choices) -> None:
    """What the colours on the map mean, in one line."""
    elements.show(panels.legend_line(chosen))


def cities(chosen: state.Choices) -> None:
    """Area, stock and counted amounts by city; every column adds up to the province."""
    workspace, language = cached.workspace(), state.language()
    summary = cached.summary(
        workspace.version, chosen.survey_id, Level.CITY, None, None, chosen.demonstration, language
    )
    if summary is None or summary.rows.empty:
        return
    done = cached.progress(workspace.version, workspace.info.default_plan_id, state.as_of())
    elements.show(elements.card(_("By city"), _city_table(summary, done.targets if done else ())))


def _city_table(summary: reports.ZoneSummary, shown: Sequence[TargetProgress]) -> Element:
    names = cached.regions(cached.workspace().version, state.language()).at_level(Level.CITY)
    rows = dict.fromkeys([*names, OUTSIDE])
    columns = [_column(_areas(summary.rows, kind), rows, 1) for kind in _SHOWN]
    columns.append(_column(_stock(summary.rows), rows, 0))
    heads = [f"{panels.ecosystem_name(kind)} ({_('ha')})" for kind in _SHOWN]
    heads.append(_("Stock (t C)"))
    for progress in shown:
        digits = 1 if progress.target.unit == "ha" else 2
        counted = reports.progress_by_zone(cached.workspace(), progress)
        columns.append(_column({zone or OUTSIDE: v for zone, v in counted.items()}, rows, digits))
        heads.append(f"{gauges.name(progress)} ({gauges.unit_name(progress.target.unit)})")
    listed = [names.get(zone, _("Elsewhere or not stated")) for zone in rows]
    cells = [[column[at] for column in columns] for at in range(len(rows) + 1)]
    body = [
        [name, *(_shown(cell) for cell in row)]
        for name, row in zip(listed, cells, strict=False)
        if any(value is not None for value, _digits in row)
    ]
    total = [_("Province"), *(_shown(cell) for cell in cells[-1])]
    empty = [name for name in names.values() if name not in {row[0] for row in body}]
    table = elements.table([_("City"), *heads], [*body, total])
    separator = "、" if state.language() == "zh" else ", "
    rest = _("No record at all: {cities}").format(cities=separator.join(empty))
    return elements.tag("div", "", "", table, *([elements.small(rest)] if empty else []))


def _areas(rows: pd.DataFrame, kind: str) -> dict[str, float | None]:
    mine = rows[rows["ecosystem"] == kind]
    return dict(zip(mine["zone_id"], mine["area_ha"], strict=True))


def _stock(rows: pd.DataFrame) -> dict[str, float | None]:
    held = rows.groupby("zone_id")["stock_t_c"].sum(min_count=1).dropna()
    return {str(zone): float(value) for zone, value in held.items()}


def _column(
    values: dict[str, float | None], rows: dict[str, None], digits: int
) -> list[tuple[float | None, int]]:
    """One column, rounded so that what is printed adds up to the total printed last."""
    printed = reports.apportion([values.get(zone) for zone in rows], digits)
    known = [value for value in printed if value is not None]
    return [(value, digits) for value in (*printed, sum(known) if known else None)]


def _shown(cell: tuple[float | None, int]) -> str:
    return numbers.plain(*cell, state.language())


# --- the targets page ----------------------------------------------------------------------------


def plan_bar() -> None:
    """Which plan, and on which day."""
    titles = cached.plan_titles(cached.workspace().version, state.language())
    with st.container(key="filters"):
        which, day, _rest = st.columns([2, 1, 1.5], gap="small")
    with which:
        st.session_state["choose_plan"] = state.plan_id()
        st.selectbox(
            _("Plan"),
            list(titles),
            format_func=lambda plan_id: titles[plan_id],
            key="choose_plan",
            on_change=_take_plan,
        )
    with day:
        st.session_state["choose_day"] = state.as_of()
        st.date_input(
            _("As of"),
            key="choose_day",
            min_value=date(2000, 1, 1),
            format="YYYY-MM-DD",
            on_change=_take_day,
        )


def _take_plan() -> None:
    chosen = st.session_state["choose_plan"]
    default = cached.workspace().info.default_plan_id
    state.put(state.PLAN, None if chosen == default else chosen)


def _take_day() -> None:
    day = st.session_state["choose_day"]
    state.put(state.AS_OF, None if day == date.today() else day.isoformat())


def target_section(progress: TargetProgress, chosen: state.Choices) -> None:
    """One target: gauge and rule, stages, cities, what counts and what does not."""
    elements.show(
        elements.tag(
            "div",
            "",
            "trio",
            gauges.card(progress, demonstration=chosen.demonstration, explained=True),
            elements.card(_("Stages, each known amount"), _stages(progress, chosen)),
            elements.card(_("Counted by city"), _by_city(progress)),
        )
    )
    shown = [
        entry
        for entry in (*progress.entries, *progress.excluded)
        if chosen.demonstration or not entry.project.is_demonstration
    ]
    if shown:
        heading = _("Projects of “{target}”: {counted} counted, {left} left out").format(
            target=gauges.name(progress),
            counted=sum(entry.reason is None for entry in shown),
            left=sum(entry.reason is not None for entry in shown),
        )
        with st.expander(heading, expanded=True):
            st.dataframe(_entries(shown, progress), hide_index=True, width="stretch")
    else:
        st.info(_("No project is on record for this target. Import one to see it counted."))


def _stages(progress: TargetProgress, chosen: state.Choices) -> Element:
    names, unit = gauges.stage_names(), progress.target.unit
    heads = [_("Stage"), _("On record")]
    if chosen.demonstration:
        heads.append(_("Demonstration"))
    rows = []
    for stage in STAGES:
        known, of_all = progress.stage_counts[stage]
        found = _("{amount} ({known} of {all} projects)").format(
            amount=gauges.amount(progress.stages[stage], unit), known=known, all=of_all
        )
        row = [names[stage], found if of_all else gauges.amount(progress.stages[stage], unit)]
        if chosen.demonstration:
            row.append(gauges.amount(progress.demonstration_stages[stage], unit))
        rows.append(row)
    return elements.table(heads, rows)


def _by_city(progress: TargetProgress) -> Element:
    counted = reports.progress_by_zone(cached.workspace(), progress)
    names = cached.regions(cached.workspace().version, state.language()).names
    shown = {zone: value for zone, value in counted.items() if value is not None}
    if not shown:
        return elements.small(_("No city has a counted project."))
    digits = 1 if progress.target.unit == "ha" else 2
    printed = reports.apportion(list(shown.values()), digits)
    rows = [
        [
            names.get(zone or "", _("Elsewhere or not stated")),
            gauges.amount(v, progress.target.unit),
        ]
        for zone, v in zip(shown, printed, strict=True)
    ]
    total = gauges.amount(progress.counted, progress.target.unit)
    return elements.table([_("City"), _("Counted")], [*rows, [_("Together"), total]])


def _entries(shown: Sequence[Entry], progress: TargetProgress) -> pd.DataFrame:
    """Counted and left-out entries, as text: nothing in it is run."""
    english = state.language() == "en"
    names = cached.regions(cached.workspace().version, state.language()).names
    return pd.DataFrame(
        [
            {
                _("Project"): e.project.name_en if english else e.project.name_zh,
                _("Zone"): names.get(e.project.zone_id, e.project.zone_id),
                _("Amount"): gauges.amount(e.amount, progress.target.unit),
                _("Counts?"): _("counted") if e.reason is None else _("left out"),
                _("Why"): gauges.worded(REASONS[e.reason]) if e.reason else "",
                _("Record"): panels.provenance_name(e.project.provenance),
                _("Note"): (e.project.note_en if english else e.project.note_zh) or "",
                _("Source"): panels.source_name(e.project.provenance, e.project.source),
            }
            for e in shown
        ]
    )
