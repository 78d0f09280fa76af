"""目标进度: each target by stage, in time and by city, and what was left out and why."""

from __future__ import annotations

import streamlit as st

from ui import elements, frame, gauges, state, targets, timeline
from ui.words import _


@frame.page
def page() -> None:
    """What can be said of the cities; plan and day; then one section a target."""
    timeline.standing()
    targets.plan_bar()
    plan = targets.plan()
    if plan is None:
        st.info(_("No plan is on record. Take in its targets on the page of imports."))
        return
    elements.show(gauges.key())
    for progress in plan.targets:
        targets.target_section(progress, state.choices())


elements.headline(
    _("How much of each target is done, what does not count, and why?"),
    _("Only accepted amounts count; a hectare counts for one target once"),
)
page()
