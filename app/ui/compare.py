"""比较: zones side by side, or one place in two surveys."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ui import compare_surveys, compare_zones, state
from ui.words import _

ZONES: Final = "zones"
SURVEYS: Final = "surveys"


def mode() -> None:
    """Zones or surveys: the address tells, by whether it names a second survey."""
    wanted = SURVEYS if state.asked(state.AGAINST) else ZONES
    words = {ZONES: _("Zones side by side"), SURVEYS: _("Two surveys of one place")}
    st.session_state["choose_mode"] = wanted
    with st.container(key="compare_settings", horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            _("What to compare"),
            (ZONES, SURVEYS),
            format_func=lambda one: words[one],
            key="choose_mode",
            required=True,
            label_visibility="collapsed",
            on_change=_take_mode,
        )


def _take_mode() -> None:
    second = compare_surveys.another() or state.choices().survey_id
    surveys = st.session_state["choose_mode"] == SURVEYS
    state.put(state.AGAINST, second if surveys else None)


def shown() -> None:
    """The comparison that was asked for."""
    if state.asked(state.AGAINST):
        compare_surveys.section()
    else:
        compare_zones.section()
