"""分区: one zone – how much it has, how sure that is, and how it compares."""

from __future__ import annotations

import streamlit as st

from ui import filters, frame, panels, plausibility, state, zone, zone_beside, zone_ecosystems


@frame.page
def page() -> None:
    """The answer, the map with the facts beside it, ecosystems, targets, surveys, neighbours."""
    here = zone.asked(state.choices())
    zone.headline(here)
    zone.answer(state.choices(), here)
    filters.bar()
    zone.path_bar(here)
    with st.container(key="map_and_facts"):
        left, right = st.columns([1.6, 1], gap="small")
    with left:
        panels.map_panel(state.choices(), key="zone_map")
    with right, st.container(key="beside"):
        zone.facts_card(state.choices(), here)
    zone_ecosystems.downloads(state.choices(), here)
    zone_ecosystems.ecosystems(state.choices(), here)
    plausibility.show(zone.checked(state.choices(), here))
    zone_beside.targets(state.choices(), here)
    zone_beside.surveys(state.choices(), here)
    zone_beside.neighbours(state.choices(), here)


page()
