"""目标进度: the plan and the day, then one section a target."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map.tables import STAGES
from bluecarbon_map.targets import REASONS, Entry, PlanProgress, TargetProgress
from ui import cached, elements, gauges, naming, panels, state, timeline
from ui.words import _


def plan() -> PlanProgress | None:
    """Progress of the chosen plan on the chosen day; None where the workspace has no plan."""
    return cached.progress(cached.workspace().version, state.plan_id(), state.as_of())


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
            min_value=state.FIRST_DAY,
            max_value=state.LAST_DAY,
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
            elements.card(_("Counted by city and county"), timeline.by_zone(progress)),
        )
    )
    timeline.chart(progress, chosen)
    shown = [
        entry
        for entry in (*progress.entries, *progress.excluded)
        if chosen.demonstration or not entry.project.is_demonstration
    ]
    if shown:
        heading = _("Projects of “{target}”: {counted} counted, {left} left out").format(
            target=naming.plain_text(gauges.name(progress)),
            counted=sum(entry.reason is None for entry in shown),
            left=sum(entry.reason is not None for entry in shown),
        )
        with st.expander(heading, expanded=True):
            st.dataframe(entries_table(shown, progress), hide_index=True, width="stretch")
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


def entries_table(shown: Sequence[Entry], progress: TargetProgress) -> pd.DataFrame:
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
