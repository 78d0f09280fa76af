"""分布: where the ecosystems lie and how much there is of each."""

from __future__ import annotations

import streamlit as st

from ui import elements, filters, frame, panels, raster_facts, rows, state
from ui.words import _


@frame.page
def page() -> None:
    """Filters, the map with the facts beside it, and the table that an export gives."""
    filters.map_bar()
    with st.container(key="map_and_facts"):
        left, right = st.columns([2, 1], gap="small")
    with left, st.container(key="map_and_legend"):
        panels.map_panel(state.choices())
        elements.show(panels.legend_corner(state.choices()))
    with right, st.container(key="beside"):
        panels.facts(state.choices())
    raster_facts.comparison(state.choices())
    rows.table(state.choices())


elements.headline(
    _("Where do the blue carbon ecosystems of {region} lie, and how much is there?").format(
        region=frame.region()
    ),
    frame.zones_line(),
)
page()
