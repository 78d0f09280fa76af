"""目标进度: each restoration target, by stage and by city, and what was left out and why."""

from __future__ import annotations

import streamlit as st

from ui import boards, elements, gauges, state
from ui.words import _


@st.fragment
def page() -> None:
    """Plan and day, then one section a target."""
    boards.plan_bar()
    plan = boards.plan()
    elements.show(gauges.key())
    if plan is None:
        st.info(_("No plan is on record. Put its targets into targets.csv of the workspace."))
    for progress in plan.targets if plan else ():
        boards.target_section(progress, state.choices())


elements.headline(
    _("How much of each target is done, what does not count, and why?"),
    _("Only accepted amounts count; a hectare counts for one target once"),
)
page()
