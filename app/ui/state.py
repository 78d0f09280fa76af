"""All choices of a session, in one place; each stands in the address bar and outlives a page.

``?lang=en&survey=…&eco=mangrove&zone=330382&demo=0&at=121.0,28.3``
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode
from zlib import crc32

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.tables import Level
from ui import cached, factor_sets
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
HOW: Final = "how"
WITH: Final = "with"
AGAINST: Final = "against"
FORMAT: Final = "format"
UNIT: Final = "unit"
INDICATOR: Final = "indicator"
WALL: Final = "wall"
TOPIC: Final = "topic"
CARD: Final = "card"
WHAT: Final = "what"
MISSING: Final = "missing"
WELCOME: Final = "welcome"
NUMBER: Final = "number"
COEFFICIENT: Final = "coef"
VALUE: Final = "value"
WHEN: Final = "when"
"""A step of the line of time (`ui.times`); another survey takes it away."""

MONTE_CARLO: Final = "mc"
"""What the address says under `HOW` for intervals by Monte Carlo."""

_KEPT: Final = "kept_choices"
_SEEN_CLICK: Final = "seen_click"
_WELCOME_SHOWN: Final = "welcome_shown"
_COAST_MAPS: Final = "coast_maps"
_VIEW_ZONE: Final = "view_zone"
_PAGE: Final = "page_shown"
_VIEW_BOX: Final = "view_box"
_VIEW_TURN: Final = "view_turn"
_VIEW_NONCE: Final = "view_nonce"
_VIEW_FIRST: Final = "view_first"

FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)
"""Between these days targets can be looked at."""
_ZOOMS: Final = range(7, 19)
"""Zooms at which a place can have been clicked."""


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
        _follow_link(kept)
        _restore(kept)
    else:
        st.session_state["opened"] = True
        st.session_state[_PAGE] = st.context.url
        kept.update(st.query_params.to_dict())
        # After a restart of the server the browser sends its old click along: it is in the address.
        st.session_state[_SEEN_CLICK] = kept.get(POINT)


def _follow_link(kept: dict[str, str]) -> None:
    """Take over what a link asks for, or the browser's way back and forth.

    A rerun for any other reason may still bring an older address along: that one is not followed.
    """
    page, before = st.context.url, st.session_state.get(_PAGE)
    st.session_state[_PAGE] = page
    by_history, asked_now = _by_history(), st.query_params.to_dict()
    if page == before and not by_history:
        return
    for key in list(kept) if by_history else (MISSING, WELCOME):
        kept.pop(key, None)
    if asked_now.get(ZONE) != kept.get(ZONE) and ZONE in asked_now:
        kept.pop(POINT, None)
        st.session_state[_VIEW_ZONE] = asked_now[ZONE]
    kept.update(asked_now)


def _by_history() -> bool:
    """Whether the browser's history started this run: its whole address holds then.

    Streamlit tells it only its own session state; without that word a link still changes pages.
    """
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", False))


def _restore(kept: dict[str, str]) -> None:
    """Session choices win over an address that a change of page has emptied.

    But the view is the map's own to write: it moves without a rerun.
    """
    asked_now = st.query_params.to_dict()
    if VIEW in asked_now:
        kept[VIEW] = asked_now[VIEW]
    if asked_now != kept:
        st.query_params.from_dict(kept)


def put(key: str, value: str | None) -> None:
    """Keep one choice; None takes it back to what a newcomer sees."""
    kept: dict[str, str] = st.session_state.setdefault(_KEPT, {})
    if value is None:
        kept.pop(key, None)
    else:
        kept[key] = value
    if key == SURVEY:
        kept.pop(WHEN, None)
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
        point=_point(asked(POINT))[0],
    )


def _point(text: str | None) -> tuple[tuple[float, float] | None, int | None]:
    """Place, and the zoom it was clicked at; older links have no zoom."""
    try:
        lon, lat, *zooms = (float(part) for part in (text or "").split(","))
    except ValueError:
        return None, None
    known = len(zooms) < 2 and all(zoom in _ZOOMS for zoom in zooms)
    if not known or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return None, None
    return (lon, lat), int(zooms[0]) if zooms else None


def clicked_zoom() -> int | None:
    """Zoom the map had when the place was clicked; None where the address does not say."""
    return _point(asked(POINT))[1]


def choose_zone(zone_id: str | None) -> None:
    """Look at a zone; an earlier click on the map no longer counts."""
    put(POINT, None)
    put(ZONE, zone_id)
    st.session_state[_VIEW_ZONE] = zone_id
    turn_to(None)


def look_at(zone_id: str | None) -> None:
    """Look at the zone that was clicked, None at sea; the map keeps its view."""
    st.session_state.setdefault(_VIEW_ZONE, None)
    put(ZONE, zone_id)


def view_zone() -> str | None:
    """Zone the map's view goes to: the one chosen from the list, or by the address alone."""
    chosen = choices()
    return st.session_state.setdefault(_VIEW_ZONE, None if chosen.point else chosen.zone_id)


def take_click(lon: float, lat: float, zoom: int) -> bool:
    """Note a click on the map; False when it is the one that is known already.

    The map reports its last click in every run, also long after another zone was chosen.
    """
    click = f"{lon:.5f},{lat:.5f},{zoom}"
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
    """Day on which targets are looked at; today where the address names none that can be."""
    return known_day(asked(AS_OF)) or date.today()


def known_day(text: str | None) -> date | None:
    """The day a text names; None where it names none, or one too early or too late."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def wall() -> bool:
    """Whether the page hangs on a wall: no controls, big type."""
    return asked(WALL) == "1"


def address(**changes: str | None) -> str:
    """The query of a link that keeps every choice but those named; None takes one away."""
    kept: dict[str, str] = st.session_state.get(_KEPT, {})
    wanted = {**kept, MISSING: None, WELCOME: None, **changes}
    if SURVEY in changes and WHEN not in changes:
        wanted[WHEN] = None
    return urlencode({key: value for key, value in wanted.items() if value is not None})


def choose_place(
    lon: float, lat: float, zone_id: str | None, box: tuple[float, float, float, float]
) -> None:
    """Look at a place as if it had been clicked, and bring the map there.

    Args:
        lon: Longitude, degrees.
        lat: Latitude, degrees.
        zone_id: Zone it lies in.
        box: West, south, east, north of what the map goes to.
    """
    choose_zone(zone_id)
    put(POINT, f"{lon:.5f},{lat:.5f},{_ZOOMS[-1]}")
    turn_to(box)


def turn_to(box: tuple[float, float, float, float] | None) -> None:
    """The map goes to the box, else to the zone chosen; what the address said no longer counts."""
    put(VIEW, None)
    st.session_state[_VIEW_BOX] = (view_zone(), box)
    st.session_state[_VIEW_TURN] = st.session_state.get(_VIEW_TURN, 0) + 1


def view_box() -> tuple[float, float, float, float] | None:
    """West, south, east, north of a place that was searched for last; None for a zone."""
    zone, box = st.session_state.get(_VIEW_BOX, (None, None))
    return box if zone == view_zone() else None


def view() -> tuple[int, float, float] | None:
    """Zoom, latitude and longitude that a link asks for; None once the map was sent elsewhere."""
    if st.session_state.setdefault(_VIEW_FIRST, view_token()) != view_token():
        return None
    return known_view(asked(VIEW))


def known_view(text: str | None) -> tuple[int, float, float] | None:
    """Zoom, latitude and longitude that a text names; None where it names none."""
    try:
        zoom, lat, lon = (float(part) for part in (text or "").split("/"))
    except ValueError:
        return None
    sound = 0 <= zoom <= 18 and -90 <= lat <= 90 and -180 <= lon <= 180
    return (int(zoom), lat, lon) if sound else None


def view_token() -> str:
    """A word that changes whenever the map is to go somewhere; no two sessions share one."""
    session = st.session_state.setdefault(_VIEW_NONCE, secrets.token_hex(6))
    zone = crc32((view_zone() or "").encode())  # no word of a data file enters the map's script
    return f"{session}-{st.session_state.get(_VIEW_TURN, 0)}-{zone}"


def asks_for_something() -> bool:
    """Whether the address asks for more than a language."""
    kept: dict[str, str] = st.session_state.get(_KEPT, {})
    return bool(kept.keys() - {LANGUAGE})


def factor_set() -> str | None:
    """Named set of coefficients that the address asks for; None for the workspace's own."""
    wanted = asked(FACTORS)
    return wanted if wanted in factor_sets.known() else None


def by_draws() -> bool:
    """Whether the address asks for intervals by Monte Carlo; by formula where it is silent."""
    return asked(HOW) == MONTE_CARLO


def level() -> Level:
    """Level of the rows that the address asks for; cities where it is silent."""
    wanted = asked(LEVEL)
    return Level.COUNTY if wanted == Level.COUNTY else Level.CITY


def compared() -> tuple[list[str], list[str]]:
    """Zones that the address puts side by side: those that are known, and those that are not."""
    wanted = dict.fromkeys(part for part in (asked(WITH) or "").split(",") if part)
    known = cached.regions(cached.workspace().version, language()).names
    return [z for z in wanted if z in known], [z for z in wanted if z not in known]


def unit_id() -> str | None:
    """Coastal provincial unit looked at; None for all of them."""
    wanted = asked(UNIT)
    return wanted if wanted in cached.coast().units else None


def indicator() -> str:
    """Indicator that the map of the coastal provinces shows; the first of the list by default."""
    wanted, known = asked(INDICATOR), cached.coast().indicators
    return next((key for key in known if key == wanted), next(iter(known)))


def welcome_shown(became: str | None = None) -> str | None:
    """What became of the first steps in this session; None before anything did.

    Args:
        became: What became of them now; None only asks.
    """
    if became is not None:
        st.session_state[_WELCOME_SHOWN] = became
    found = st.session_state.get(_WELCOME_SHOWN)
    return None if found is None else str(found)


def coast_maps() -> int:
    """How often the map of the coastal provinces was drawn anew, so that it forgets a click."""
    return int(st.session_state.get(_COAST_MAPS, 0))


def renew_coast_map() -> None:
    """That map is drawn anew."""
    st.session_state[_COAST_MAPS] = coast_maps() + 1
