"""The slim row of choices above a map."""

from __future__ import annotations

from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.tables import Level
from ui import cached, layer_panel, search, state, times
from ui.words import _

_WIDGETS: Final = {
    state.ZONE: "choose_zone",
    state.ECOSYSTEM: "choose_ecosystem",
    state.SURVEY: "choose_survey",
}


ALL: Final = ""
"""Stands in a box for no narrowing; in the choices it is None."""


def bar() -> None:
    """Zone, ecosystem and survey."""
    with st.container(key="filters"):
        zone, ecosystem, survey = st.columns([1.3, 1, 1.1], gap="small")
    _boxes(zone, ecosystem, survey)


def map_bar() -> None:
    """The same above a map, with a search before and the layers behind."""
    with st.container(key="filters"):
        columns = st.columns([1.25, 1.15, 0.9, 1.1, 0.6], gap="small")
    with columns[0]:
        search.box()
    _boxes(*columns[1:4])
    with columns[4]:
        layer_panel.drawer()
    layer_panel.notice()


def _boxes(zone: DeltaGenerator, ecosystem: DeltaGenerator, survey: DeltaGenerator) -> None:
    chosen = state.choices()
    with zone:
        zones = _zones()
        _box(state.ZONE, _("Zone"), zones, chosen.zone_id if chosen.zone_id in zones else None)
    with ecosystem:
        _box(state.ECOSYSTEM, _("Ecosystem"), _ecosystems(), chosen.ecosystem)
    with survey:
        _box(state.SURVEY, _("Survey"), _surveys(), chosen.survey_id)


def _box(choice: str, label: str, options: dict[str, str], now: str | None) -> None:
    key = _WIDGETS[choice]
    # The choice itself lives in the address; the box only shows it, on whichever page it is drawn.
    st.session_state[key] = now or ALL
    st.selectbox(
        label,
        list(options),
        format_func=lambda option: options.get(option, ""),
        key=key,
        label_visibility="collapsed",
        filter_mode="contains",
        on_change=_take,
        args=(choice,),
    )


def _take(choice: str) -> None:
    value = st.session_state[_WIDGETS[choice]] or None
    if choice == state.ZONE:
        state.choose_zone(value)
    elif choice == state.SURVEY:
        times.choose_survey(value)
    else:
        state.put(choice, value)


def _zones() -> dict[str, str]:
    """The whole region, then each city with its counties; a code can be typed as well."""
    tree = cached.regions(cached.workspace().version, state.language())
    listed = {ALL: _("Whole province · type a name to search")}
    cities = tree.at_level(Level.CITY)
    for city, city_name in cities.items():
        listed[city] = f"{city_name}  {city}"
        for county, name in tree.at_level(Level.COUNTY, within=city).items():
            listed[county] = f"{name} · {city_name}  {county}"
    return listed


def _ecosystems() -> dict[str, str]:
    name = "name_zh" if state.language() == "zh" else "name_en"
    listed = {ALL: _("All ecosystems")}
    return listed | {key: str(getattr(kind, name)) for key, kind in ECOSYSTEMS.items()}


def _surveys() -> dict[str, str]:
    return cached.survey_titles(cached.workspace().version, state.language())
