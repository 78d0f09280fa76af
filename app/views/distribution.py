"""分布: where the ecosystems lie and how much there is of each."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import streamlit as st

from bluecarbon_map.reports.own_area import AreaFigures
from ui import (
    elements,
    filters,
    frame,
    own_card,
    own_map,
    own_state,
    panels,
    raster_facts,
    rows,
    state,
    time_bar,
    time_chart,
    times,
    two_times,
)
from ui.words import _


@frame.page
def page() -> None:
    """Filters, the map with the facts beside it, time, and the table that an export gives."""
    own_state.take_link()
    filters.map_bar()
    chosen = times.shown(state.choices())
    with st.container(key="map_and_facts"):
        left, right = st.columns([2, 1], gap="small")
    with left:
        ground = st.container(key="map_and_legend")
    with ground:
        panels.map_panel(
            chosen,
            tiles=two_times.tiles(chosen),
            beside=two_times.beside(chosen),
            draw=own_map.given(),
        )
        own_map.take()
    with left:
        time_bar.bar()
    with right, st.container(key="beside"):
        own_card.switch()
        own_card.show(chosen)
        followed = own_card.followed(chosen)
        if not own_state.following():
            panels.facts(chosen)
    with ground:
        elements.show(_legend(chosen, followed))
    time_chart.section(chosen)
    raster_facts.comparison(chosen)
    if own_state.following():
        rows.table_of_view(chosen, followed)
    else:
        rows.table(chosen)


def _legend(chosen: state.Choices, followed: AreaFigures | None) -> Element:
    if not own_state.following():
        return panels.legend_corner(chosen)
    return panels.legend_of_view(chosen, None if followed is None else followed.summary)


elements.headline(
    _("Where do the blue carbon ecosystems of {region} lie, and how much is there?").format(
        region=frame.region()
    ),
    frame.zones_line(),
)
page()
