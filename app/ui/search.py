"""One box that finds a zone or a mapped place by its name in either language, or by its code."""

from __future__ import annotations

from typing import Any, Final

import shapely
import streamlit as st

from bluecarbon_map.tables import Level, Provenance
from ui import cached, naming, panels, state
from ui.words import _

_BOX: Final = "search_place"
_ZONE: Final = "zone:"
_PATCH: Final = "patch:"


def box() -> None:
    """The box; it is empty again once something was chosen."""
    found = _found(state.choices())
    st.session_state[_BOX] = None
    st.selectbox(
        _("Search"),
        list(found),
        index=None,
        format_func=lambda option: found.get(option, ""),
        key=_BOX,
        placeholder=_("Search a place, patch or code"),
        label_visibility="collapsed",
        filter_mode="contains",
        icon=":material/search:",
        on_change=_go,
    )


def _found(chosen: state.Choices) -> dict[str, str]:
    """Everything that can be found: zones first, then patches that have a name."""
    version = cached.workspace().version
    mine = state.language()
    other = "en" if mine == "zh" else "zh"
    here, there = cached.regions(version, mine), cached.regions(version, other)
    listed = {}
    for level in (Level.PROVINCE, Level.CITY, Level.COUNTY):
        for zone, name in here.at_level(level).items():
            parent = here.names.get(here.parents.get(zone) or "", "")
            listed[_ZONE + zone] = _line(name, there.names[zone], parent, zone)
    for patch in _patches(chosen):
        names = [name for name in (patch[f"name_{mine}"], patch[f"name_{other}"]) if name]
        kind = naming.ecosystem_name(patch["ecosystem"])
        listed[_PATCH + patch["habitat_id"]] = _line(names[0], names[-1], kind, "")
    return listed


def _line(name: str, other: str, where: str, code: str) -> str:
    named = f"{name} ({other})" if other and other != name else name
    return "  ".join(text for text in (f"{named} · {where}" if where else named, code) if text)


def _patches(chosen: state.Choices) -> list[dict[str, Any]]:
    if chosen.survey_id is None:
        return []
    patches = cached.named_patches(cached.workspace().version, chosen.survey_id)
    return [
        patch
        for patch in patches
        if chosen.demonstration or patch["provenance"] != Provenance.DEMONSTRATION
    ]


def _go() -> None:
    """Bring map and facts to what was chosen."""
    wanted = st.session_state[_BOX]
    if not wanted:
        return
    if wanted.startswith(_ZONE):
        state.choose_zone(wanted.removeprefix(_ZONE))
        return
    _go_to_patch(wanted.removeprefix(_PATCH))


def _go_to_patch(habitat_id: str) -> None:
    survey = state.choices().survey_id
    if survey is None:
        return
    shape = cached.workspace().habitat(survey, habitat_id).geometry.iloc[0]
    inside = shapely.point_on_surface(shape)
    state.put(state.ECOSYSTEM, None)  # a filter that hides what was searched for is in the way
    panels.aim(float(inside.x), float(inside.y), shape.bounds)
