"""All choices of a session, in one place; each stands in the address bar and outlives a page.

``?lang=en&survey=…&eco=mangrove&zone=330382&demo=0&at=121.0,28.3``
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import streamlit as st

from bluecarbon_map.ecosystems import ECOSYSTEMS
from ui import cached
from ui.words import DEFAULT, LANGUAGES

LANGUAGE: Final = "lang"
SURVEY: Final = "survey"
ECOSYSTEM: Final = "eco"
ZONE: Final = "zone"
DEMONSTRATION: Final = "demo"
POINT: Final = "at"
PLAN: Final = "plan"
AS_OF: Final = "day"
LAYERS: Final = "layers"
VIEW: Final = "view"
FACTORS: Final = "factors"
LEVEL: Final = "level"
WITH: Final = "with"
AGAINST: Final = "against"
FORMAT: Final = "format"
UNIT: Final = "unit"
INDICATOR: Final = "indicator"
WALL: Final = "wall"

_KEPT: Final = "kept_choices"
_SEEN_CLICK: Final = "seen_click"
_VIEW_ZONE: Final = "view_zone"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the reader has chosen to look at.

    Attributes:
        survey_id: Survey shown; None where the workspace has none yet.
        ecosystem: The one ecosystem shown, or None for all.
        zone_id: Zone looked at, or None for the whole region.
        demonstration: Whether demonstration data are shown.
        point: Longitude and latitude last clicked, or None.
    """

    survey_id: str | None
    ecosystem: str | None
    zone_id: str | None
    demonstration: bool
    point: tuple[float, float] | None

    @property
    def ecosystems(self) -> frozenset[str] | None:
        """Ecosystems shown; None for all."""
        return None if self.ecosystem is None else frozenset({self.ecosystem})


def keep_across_pages() -> None:
    """Give the address bar its choices back after a change of page; call it first in every run.

    Streamlit empties the query string when the page changes.
    """
    kept: dict[str, str] = st.session_state.setdefault(_KEPT, {})
    if st.session_state.get("opened"):
        _restore(kept)
    else:
        st.session_state["opened"] = True
        kept.update(st.query_params.to_dict())


def _restore(kept: dict[str, str]) -> None:
    """Session choices win over an address that a change of page has emptied."""
    if st.query_params.to_dict() != kept:
        st.query_params.from_dict(kept)


def put(key: str, value: str | None) -> None:
    """Keep one choice; None takes it back to what a newcomer sees."""
    kept: dict[str, str] = st.session_state.setdefault(_KEPT, {})
    if value is None:
        kept.pop(key, None)
    else:
        kept[key] = value
    st.query_params.from_dict(kept)


def asked(key: str) -> str | None:
    """What the address asks for under a key, unchecked; None where it is silent."""
    kept: dict[str, str] = st.session_state.get(_KEPT, {})
    return kept.get(key)


def language() -> str:
    """``zh`` or ``en``."""
    wanted = asked(LANGUAGE)
    return wanted if wanted in LANGUAGES else DEFAULT


def choices() -> Choices:
    """What is chosen now; what the address bar asks for and is not there is left out."""
    workspace = cached.workspace()
    survey, zone, ecosystem = asked(SURVEY), asked(ZONE), asked(ECOSYSTEM)
    known = cached.survey_titles(workspace.version, language())
    return Choices(
        survey_id=survey if survey in known else workspace.info.default_survey_id,
        ecosystem=ecosystem if ecosystem in ECOSYSTEMS else None,
        zone_id=zone if zone in cached.regions(workspace.version, language()).names else None,
        demonstration=asked(DEMONSTRATION) != "0",
        point=_point(asked(POINT)),
    )


def _point(text: str | None) -> tuple[float, float] | None:
    try:
        lon, lat = (float(part) for part in (text or "").split(","))
    except ValueError:
        return None
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None


def choose_zone(zone_id: str | None) -> None:
    """Look at a zone; an earlier click on the map no longer counts."""
    put(POINT, None)
    put(ZONE, zone_id)
    st.session_state[_VIEW_ZONE] = zone_id


def look_at(zone_id: str | None) -> None:
    """Look at the zone that was clicked, None at sea; the map keeps its view."""
    st.session_state.setdefault(_VIEW_ZONE, None)
    put(ZONE, zone_id)


def view_zone() -> str | None:
    """Zone the map's view goes to: the one chosen from the list, or by the address alone."""
    chosen = choices()
    return st.session_state.setdefault(_VIEW_ZONE, None if chosen.point else chosen.zone_id)


def take_click(lon: float, lat: float) -> bool:
    """Note a click on the map; False when it is the one that is known already.

    The map reports its last click in every run, also long after another zone was chosen.
    """
    click = f"{lon:.5f},{lat:.5f}"
    if st.session_state.get(_SEEN_CLICK) == click:
        return False
    st.session_state[_SEEN_CLICK] = click
    put(POINT, click)
    return True


def plan_id() -> str | None:
    """Plan whose targets are looked at; the workspace's own where the address names none.

    None where the workspace has no plan yet.
    """
    workspace, wanted = cached.workspace(), asked(PLAN)
    known = cached.plan_titles(workspace.version, language())
    return wanted if wanted in known else workspace.info.default_plan_id


def as_of() -> date:
    """Day on which targets are looked at; today where the address names none."""
    try:
        return date.fromisoformat(asked(AS_OF) or "")
    except ValueError:
        return date.today()
