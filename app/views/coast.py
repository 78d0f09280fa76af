"""沿海各省: what is published about the eleven coastal provincial units, source by source."""

from __future__ import annotations

import streamlit as st

from ui import coast, coast_tables, elements, frame
from ui.words import _


@frame.page
def page() -> None:
    """Choices, the map with one unit beside it, then tables and plan against reported."""
    coast.bar()
    left, right = st.columns([1.75, 1], gap="small")
    with left:
        coast.map_panel()
    with right, st.container(key="coast_beside"):
        coast.unit_card()
    coast_tables.unit_table()
    coast_tables.sources()
    coast_tables.paired()


elements.headline(
    _("How far has each coastal province come with mangrove, Spartina, wetland and shoreline?"),
    _("Published numbers only; sources that count differently stand side by side"),
)
page()
