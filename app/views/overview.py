"""总览: where the province stands, in one screen."""

from __future__ import annotations

import streamlit as st

from ui import boards, elements, frame, panels, state, welcome
from ui.words import _


@frame.page
def page() -> None:
    """The map, and beside it the targets and what the coast holds."""
    with st.container(key="overview"), st.container(key="map_and_facts"):
        left, right = st.columns([1.8, 1], gap="small")
    with left:
        panels.map_panel(boards.whole(state.choices()), key="overview_map")
        boards.key_of_map(boards.whole(state.choices()))
    with right, st.container(key="beside"):
        boards.beside_map(boards.whole(state.choices()))


elements.headline(
    _("How far is {region} from its targets, and what does its coast hold?").format(
        region=frame.region()
    ),
    boards.basis(state.choices()),
)
welcome.show()
page()
