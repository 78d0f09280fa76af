"""自绘范围: the numbers of an own area, or of the view, beside the map."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element

import shapely
import streamlit as st

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.errors import BluecarbonError
from bluecarbon_map.reports.own_area import AreaFigures, OwnArea
from ui import (
    cached,
    cached_own,
    editor,
    elements,
    naming,
    numbers,
    own_files,
    own_list,
    own_state,
    panels,
    state,
    tracing,
    two_times,
    zone,
)
from ui.words import _

_VIEW_STEPS: Final = 4
"""Decimals of a degree that the edges of a view are rounded to: some ten metres."""


def show(chosen: state.Choices) -> None:
    """The area that was chosen with its numbers, and all that can be done with own areas."""
    _say_last()
    held = own_state.shown()
    if held is not None:
        found = figures(chosen, held.area)
        if found is not None:
            elements.show(_card(found, found.area.name, _("own area")))
            _trace(chosen, held.area)
            with st.container(key="own_downloads", horizontal=True, gap="small"):
                own_files.buttons(chosen, found, "own")
    own_list.show(held)


def followed(chosen: state.Choices) -> AreaFigures | None:
    """Numbers of what the map shows, where they follow it; None until it has said what that is."""
    if not own_state.following():
        return None
    area = view_area()
    if area is None:
        st.info(_("The numbers appear as soon as the map has said what it shows."))
        return None
    found = figures(chosen, area)
    if found is not None:
        elements.show(_card(found, _("What the map shows"), _("follows the view")))
    return found


def switch() -> None:
    """Whether the numbers are those of the view."""
    st.session_state["follow_view"] = own_state.following()
    st.toggle(
        _("Numbers follow the view of the map"),
        key="follow_view",
        on_change=_take_switch,
    )


def _take_switch() -> None:
    own_state.follow(bool(st.session_state["follow_view"]))


def view_area() -> OwnArea | None:
    """What the map shows, as an area."""
    box = own_state.view_box()
    if box is None:
        return None
    west, south, east, north = (round(edge, _VIEW_STEPS) for edge in box)
    return OwnArea(name=_("What the map shows"), shape=shapely.box(west, south, east, north))


def figures(chosen: state.Choices, area: OwnArea) -> AreaFigures | None:
    """Numbers of the survey that is shown; None, in words, where there are none."""
    if chosen.survey_id is None:
        st.info(two_times.no_survey())
        return None
    try:
        return cached_own.figures(*own_files.asked(chosen, area))
    except BluecarbonError as problem:
        editor.say("bad", *editor.refusal(problem))
        return None


def _say_last() -> None:
    said = own_state.said()
    if said is not None:
        editor.say(*said)


# --- the numbers ----------------------------------------------------------------------------------


def _card(found: AreaFigures, title: str, badge: str) -> Element:
    language = state.language()
    ground = numbers.joined(numbers.area(found.area_ha, language))
    about = _("{ground} within the outline · {survey}").format(ground=ground, survey=_survey(found))
    demonstration = found.summary.totals.demonstration_ha > 0
    return elements.card(
        title,
        elements.small(about),
        *_amounts(found),
        *_known(found),
        *(elements.small(one.zh if language == "zh" else one.en) for one in found.told),
        badge=_("demonstration data") if demonstration else badge,
        badge_look="warn" if demonstration else "",
    )


def _survey(found: AreaFigures) -> str:
    titles = cached.survey_titles(cached.workspace().version, state.language())
    return titles.get(found.survey_id, found.survey_id)


def _amounts(found: AreaFigures) -> list[Element]:
    """What is mapped there; where nothing is, whether that is known."""
    if not found.summary.rows.empty:
        return [
            *panels.zone_numbers(found.summary),
            *_burial(found),
            _by_ecosystem(found),
            *(elements.small(text) for text in found.summary.warnings),
        ]
    if found.mapped_ha is None:
        words = _(
            "Nothing is on record there, and the survey does not say that there is none: no data, "
            "not zero."
        )
        return [elements.small(words)]
    words = _("The survey looked at all of it and found none of: {ecosystems}")
    names = _(", ").join(naming.ecosystem_name(key) for key in found.absent)
    return [elements.small(words.format(ecosystems=names))]


def _burial(found: AreaFigures) -> list[Element]:
    """Carbon buried a year, in a line of its own: another ledger than the stock."""
    totals, language = found.summary.totals, state.language()
    if totals.sequestration_t_c_yr is None:
        return [elements.small(_("Buried a year: no data, as nothing there has a rate"))]
    amount = numbers.joined(numbers.carbon(totals.sequestration_t_c_yr, language))
    ends = totals.sequestration_t_c_yr_low, totals.sequestration_t_c_yr_high
    interval = numbers.carbon_interval(*ends, language) or _("interval unknown")
    least = "≥ " if totals.unrated_ha > 0 else ""
    words = _("Buried a year: {least}{amount}/yr ({interval}); never added to the stock")
    return [elements.small(words.format(least=least, amount=amount, interval=interval))]


def _by_ecosystem(found: AreaFigures) -> Element:
    language, rows = state.language(), found.summary.rows
    columns = ("area_ha", "stock_t_c", "sequestration_t_c_yr", "tier")
    amounts = dict(zip(rows["ecosystem"], rows[list(columns)].to_numpy(dtype=float), strict=True))
    return elements.table(
        [_("Ecosystem"), _("Area (ha)"), _("Stock (t C)"), _("t C/yr"), _("Tier")],
        [
            [
                naming.ecosystem_name(key),
                numbers.plain(float(area_ha), 1, language),
                numbers.plain(float(stock), 0, language),
                numbers.plain(float(burial), 0, language),
                zone.tier_name(float(tier)),
            ]
            for key in ECOSYSTEMS
            if key in amounts
            for area_ha, stock, burial, tier in (amounts[key],)
        ],
    )


def _known(found: AreaFigures) -> list[Element]:
    """How far the survey goes in it; the parts add up to the whole."""
    language = state.language()
    parts = [
        (_("Surveyed"), found.surveyed_ha),
        (_("On record, extent not stated"), found.recorded_ha),
        (_("Assumed (indicative or demonstration)"), found.assumed_ha),
        (_("Not surveyed: unknown"), found.unknown_ha),
    ]
    shown = [
        (name, numbers.joined(numbers.area(value, language)))
        for name, value in parts
        if value is None or value > 0
    ]
    return [elements.more(_("How much of it is known"), elements.facts(shown))]


# --- where they come from -------------------------------------------------------------------------


def _trace(chosen: state.Choices, area: OwnArea) -> None:
    drawn = st.expander(
        _("How is this number made?"), key="own_trace", on_change="rerun", expanded=False
    )
    if not drawn.open:
        return
    found = cached_own.traced(*own_files.asked(chosen, area))
    with drawn:
        if found is None:
            elements.show(elements.small(_("Nothing on record here in this survey.")))
            return
        tracing.answer(found)
        tracing.branches(found.area, found.stock, found.burial)
