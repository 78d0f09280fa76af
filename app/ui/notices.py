"""Words about an address that asks for what is not there: what, and what is shown instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

import streamlit as st

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.tables import Level
from ui import (
    cached,
    coast_words,
    elements,
    engine,
    factor_sets,
    flux_notices,
    naming,
    numbers,
    own_state,
    state,
    times,
    trace_notices,
    two_times,
)
from ui.words import LANGUAGES, _

_LEVELS: Final = frozenset({Level.PROVINCE, Level.CITY, Level.COUNTY})
"""Zones whose rows some page shows."""
_LONGEST: Final = 40
"""Letters of an unknown value that are repeated."""


def show() -> None:
    """One line for each part of the address that is not known here."""
    lines = [_line(*found) for found in _unknown()]
    # The box is there in any case: what comes after it, a map among it, keeps its place.
    with st.container():
        if not lines:
            return
        elements.show(elements.tag("div", "", "notices", *lines, role="status"))


def _line(value: str, kind: str, instead: str, limits: str = "") -> Element:
    shown = value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
    words = _("The address asks for the {kind} “{value}”, which is not here. Shown: {instead}.")
    if limits:
        words = _(
            "The address asks for the {kind} “{value}”, which lies outside {limits}. "
            "Shown: {instead}."
        )
    said = words.format(kind=kind, value=shown, instead=instead, limits=limits)
    return elements.tag("div", said)


def _unknown() -> Iterator[tuple[str, ...]]:
    """Value, kind and substitute of whatever was asked for in vain, and limits it lies outside."""
    for key, check in _CHECKS.items():
        value = state.asked(key)
        found = check(value) if value else None
        if value and found is not None:
            yield value, *found


def _page(_value: str) -> tuple[str, str] | None:
    return _("page"), _("Where the province stands")


def _language(value: str) -> tuple[str, str] | None:
    return None if value in LANGUAGES else (_("language"), "中文")


def _zone(value: str) -> tuple[str, str] | None:
    workspace = cached.workspace()
    names = cached.regions(workspace.version, state.language()).names
    whole = names.get(workspace.info.zone_id, _("Province"))
    return None if value in names else (_("zone"), whole)


def _survey(value: str) -> tuple[str, str] | None:
    workspace = cached.workspace()
    titles = cached.survey_titles(workspace.version, state.language())
    usual = titles.get(workspace.info.default_survey_id or "", _("no survey yet"))
    return None if value in titles else (_("survey"), usual)


def _ecosystem(value: str) -> tuple[str, str] | None:
    return None if value in ECOSYSTEMS else (_("ecosystem"), _("All ecosystems"))


def _plan(value: str) -> tuple[str, str] | None:
    workspace = cached.workspace()
    titles = cached.plan_titles(workspace.version, state.language())
    usual = titles.get(workspace.info.default_plan_id or "", _("no plan yet"))
    return None if value in titles else (_("plan"), usual)


def _day(value: str) -> tuple[str, str] | None:
    today = numbers.day(date.today(), state.language())
    return None if state.known_day(value) else (_("day"), today)


def _point(_value: str) -> tuple[str, str] | None:
    found = state.choices().point
    return None if found else (_("place"), _("the whole map"))


def _factors(value: str) -> tuple[str, str] | None:
    named = naming.factor_title(cached.workspace().info.factor_set)
    return None if value in factor_sets.known() else (_("set of coefficients"), named)


def _level(value: str) -> tuple[str, str] | None:
    return None if value in _LEVELS else (_("level of zones"), _("City"))


def _how(value: str) -> tuple[str, str] | None:
    known = value == state.MONTE_CARLO
    return None if known else (_("way to make intervals"), _("By formula"))


def _view(value: str) -> tuple[str, str] | None:
    return None if state.known_view(value) else (_("map view"), _("the usual view"))


def _map(value: str) -> tuple[str, str] | None:
    known = value in {engine.FAST, engine.PLAIN}
    return None if known else (_("way to draw the map"), _("Automatic"))


def _demonstration(value: str) -> tuple[str, str] | None:
    known = value in {"0", "1"}
    return None if known else (_("switch of demonstration data"), _("With demonstration data"))


def _unit(value: str) -> tuple[str, str] | None:
    known = value in cached.coast().units
    return None if known else (_("provincial unit"), _("all eleven units"))


def _indicator(value: str) -> tuple[str, str] | None:
    known = value in cached.coast().indicators
    return None if known else (_("indicator"), coast_words.indicator_name(state.indicator()))


def _follow(value: str) -> tuple[str, str] | None:
    return None if value == "1" else (_("switch of the view"), _("numbers of the zone"))


def _time(value: str) -> tuple[str, str] | None:
    line = times.line()
    key = times.now(line)
    known = any(one.key == value for one in line)
    return None if known or key is None else (_("time"), two_times.name_of(key))


def _than(value: str) -> tuple[str, str] | None:
    both = times.pair()
    if both is None or any(one.key == value for one in times.line()):
        return None
    return _("time to hold against"), two_times.name_of(both.before)


def _both(_value: str) -> tuple[str, str] | None:
    return None if times.pair() else (_("way to show two times"), _("One time"))


_CHECKS: Final[dict[str, Callable[[str], flux_notices.Wrong]]] = {
    state.MISSING: _page,
    state.LANGUAGE: _language,
    state.ZONE: _zone,
    state.SURVEY: _survey,
    state.ECOSYSTEM: _ecosystem,
    state.PLAN: _plan,
    state.AS_OF: _day,
    state.POINT: _point,
    state.FACTORS: _factors,
    state.LEVEL: _level,
    state.HOW: _how,
    state.VIEW: _view,
    engine.MAP: _map,
    state.DEMONSTRATION: _demonstration,
    state.UNIT: _unit,
    state.INDICATOR: _indicator,
    own_state.FOLLOW: _follow,
    state.WHEN: _time,
    times.THAN: _than,
    times.BOTH: _both,
    **flux_notices.CHECKS,
    **trace_notices.CHECKS,
}
"""What is looked at, in the order it is said; layers, comparisons and exports say it themselves."""
