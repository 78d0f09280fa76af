"""储量: where the carbon lies, how much there is, and how far that rests on the coefficient."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Final, TypeVar
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.tables import OUTSIDE, Level
from ui import (
    asking,
    cached,
    charts,
    elements,
    factor_sets,
    filters,
    intervals,
    naming,
    numbers,
    panels,
    state,
    stock_pools,
    trace_link,
    zone,
)
from ui.words import _

Made = TypeVar("Made")

_LEVELS: Final = (Level.CITY, Level.COUNTY)
_LONG: Final = 12
"""Bars from which on a ranking has its column to itself."""


# --- what is looked at ---------------------------------------------------------------------------


def settings() -> None:
    """Filters as on the map, then the level of the rows and the set of coefficients."""
    filters.bar()
    with st.container(key="stock_settings", horizontal=True, vertical_alignment="center"):
        st.session_state["choose_level"] = level(state.choices())
        st.segmented_control(
            _("Rows"),
            _LEVELS,
            format_func=_level_name,
            key="choose_level",
            label_visibility="collapsed",
            disabled=_level_is_given(state.choices()),
            on_change=_take_level,
        )
        st.session_state["choose_factors"] = set_id()
        st.selectbox(
            _("Set of coefficients"),
            list(titles()),
            format_func=lambda one: _("Coefficients: {title}").format(title=titles()[one]),
            key="choose_factors",
            label_visibility="collapsed",
            on_change=_take_factors,
        )
        intervals.control()


def _level_name(level_of_rows: Level) -> str:
    return _("By city") if level_of_rows is Level.CITY else _("By county")


def _level_is_given(chosen: state.Choices) -> bool:
    """Within a city there are only counties."""
    return chosen.zone_id is not None and zone.level_of(chosen.zone_id) is not Level.PROVINCE


def level(chosen: state.Choices) -> Level:
    """Level of the rows."""
    return Level.COUNTY if _level_is_given(chosen) else state.level()


def _take_level() -> None:
    wanted = st.session_state["choose_level"]
    state.put(state.LEVEL, Level.COUNTY if wanted == Level.COUNTY else None)


def titles() -> dict[str, str]:
    """Sets that can be chosen; the workspace's own is there even if it is a user's file."""
    return {one: naming.factor_title(one) for one in factor_sets.choices()}


def set_id() -> str:
    """The set that is used."""
    return state.factor_set() or cached.workspace().info.factor_set


def set_word() -> str:
    """The set in a file name; a user's own is a path, which is nobody's business."""
    return set_id() if set_id() in factor_sets.known() else "own"


def _take_factors() -> None:
    wanted = st.session_state["choose_factors"]
    state.put(state.FACTORS, None if wanted == cached.workspace().info.factor_set else wanted)


def summary(chosen: state.Choices, factor_set: str | None = None) -> reports.ZoneSummary | None:
    """What the page is about; None where nothing is on record."""
    found = cached.summary(*_asked(chosen, factor_set or set_id()))
    return None if found is None or found.rows.empty else found


def derived(make: Callable[..., pd.DataFrame], chosen: state.Choices, *more: str) -> pd.DataFrame:
    """A table that a function of `reports` makes of the summary; to be read, never changed."""
    found = of_summary(make, chosen, *more)
    return pd.DataFrame() if found is None else found


def of_summary(make: Callable[..., Made], chosen: state.Choices, *more: str) -> Made | None:
    """Whatever else a function of `reports` makes of the summary; None where that is None."""
    return cached.derived(make, _asked(chosen, set_id()), *more)


def draws_of(chosen: state.Choices) -> reports.Drawn | None:
    """The draws, where the reader asks for intervals by Monte Carlo."""
    return of_summary(reports.simulate_summary, chosen) if state.by_draws() else None


def _asked(chosen: state.Choices, factor_set: str) -> asking.Asked:
    return asking.summary(chosen, level(chosen), chosen.zone_id, factor_set)


def nothing(chosen: state.Choices) -> None:
    """What to do where nothing is on record."""
    if chosen.survey_id is None:
        st.info(_("There is no survey yet. Put one into the workspace, then come back."))
    else:
        st.info(_("Nothing on record for this choice. Choose a wider zone or another survey."))


# --- where, and how much -------------------------------------------------------------------------


def answer(chosen: state.Choices, found: reports.ZoneSummary) -> None:
    """The whole and its ecosystems, and beside them the ranking of zones."""
    left, right = st.columns([1, 1.25], gap="small")
    with left:
        elements.show(_whole(chosen, found))
        _ecosystems(chosen)
    with right:
        rows = _ranking(chosen, found)
    with left if rows > _LONG else right:
        _burial(chosen, found)
        elements.show(stock_pools.card(derived(reports.pools_by_ecosystem, chosen), found))


def _whole(chosen: state.Choices, found: reports.ZoneSummary) -> Element:
    separator = "；" if state.language() == "zh" else "; "
    published = separator.join(dict.fromkeys(zone.source_of(found).values()))
    said = [_basis(found), *([naming.headed(_("Source"), published)] if published else [])]
    return elements.card(
        based(_("Together"), chosen),
        *panels.zone_numbers(
            found, intervals.lines(draws_of(chosen)), beyond=panels.beyond(chosen, chosen.zone_id)
        ),
        *(elements.small(text) for text in said),
        trace_link.link(chosen.zone_id or cached.workspace().info.zone_id),
    )


def _basis(found: reports.ZoneSummary) -> str:
    return _("Coefficients: {title}").format(title=zone.set_name(found))


def based(title: str, chosen: state.Choices) -> str:
    """A title with the place and the year it stands for."""
    place = zone.name(chosen.zone_id or cached.workspace().info.zone_id)
    if chosen.survey_id is None:
        return f"{title} · {place}"
    year = cached.survey_year(cached.workspace().version, chosen.survey_id)
    return f"{title} · {place} · {year}"


def about(chosen: state.Choices) -> tuple[str | None, ...]:
    """Zone and survey, as they stand in the name of a file."""
    return chosen.zone_id or cached.workspace().info.zone_id, chosen.survey_id


def _ranking(chosen: state.Choices, found: reports.ZoneSummary) -> int:
    """The chart; gives the number of its bars."""
    rows = _of_zones(chosen)
    drawn = charts.bars(
        rows,
        label="name",
        value="stock_t_c",
        low="stock_t_c_low",
        high="stock_t_c_high",
        unit="t C",
        demonstration="demonstration_t_c",
        at_least="least",
    )
    charts.show(
        drawn,
        _for_files(rows, _("Zone")),
        key="stock_ranking",
        title=based(_("Stock by zone"), chosen),
        note=_chart_note(
            found, draws_of(chosen), demonstration=bool((rows["demonstration_t_c"] > 0).any())
        ),
        name=f"bluecarbon_stock_by_{level(chosen)}",
        about=about(chosen),
    )
    empty = _without_record(chosen, rows["key"])
    if empty:
        words = _("No record at all: {cities}").format(cities=_listed(empty))
        elements.show(elements.small(words))
    return len(rows)


def _of_zones(chosen: state.Choices) -> pd.DataFrame:
    rows = derived(reports.totals_by, chosen, "zone_id")
    names = rows["name"].mask(rows["key"] == OUTSIDE, _("Outside every zone"))
    rows = rows.assign(name=names, least=rows["unvalued_ha"] > 0)
    draws = draws_of(chosen)
    return rows if draws is None else intervals.with_ends(rows, draws.zones)


def _without_record(chosen: state.Choices, known: Iterable[str]) -> list[str]:
    tree = cached.regions(cached.workspace().version, state.language())
    shown = tree.at_level(level(chosen), within=chosen.zone_id)
    return [name for one, name in shown.items() if one not in set(known)]


def _listed(names: Iterable[str]) -> str:
    return ("、" if state.language() == "zh" else ", ").join(names)


def _chart_note(
    found: reports.ZoneSummary, draws: reports.Drawn | None, *, demonstration: bool
) -> str:
    said = [_basis(found)]
    if found.totals.unvalued_ha > 0:
        said.append(of_the_known_part())
    by_formula = _("whiskers: interval, {kind}").format(kind=_kind(found))
    said.append(by_formula if draws is None else intervals.whiskers(draws))
    if demonstration:
        said.append(_("lighter, dashed: demonstration data"))
    return ("；" if state.language() == "zh" else "; ").join(said)


def of_the_known_part() -> str:
    """What a ranking of lower bounds does not say."""
    return _(
        "≥: some of the area has no coefficient; the bars are ordered by the part that is known, "
        "which is no order of the whole"
    )


def _kind(found: reports.ZoneSummary) -> str:
    kind = found.totals.interval_kind
    return zone.kind_name(kind) if kind else _("unknown")


def _for_files(rows: pd.DataFrame, first: str) -> pd.DataFrame:
    """The numbers of a chart, columns in words."""
    columns = {
        "name": first,
        "area_ha": _("Area (ha)"),
        "stock_t_c": _("Stock (t C)"),
        "stock_t_c_low": _("Lower end (t C)"),
        "stock_t_c_high": _("Upper end (t C)"),
        "stock_t_co2e": _("Stock (t CO₂e)"),
        "demonstration_t_c": _("Of it demonstration (t C)"),
        "unvalued_ha": _("Without a coefficient (ha)"),
    }
    return rows[list(columns)].rename(columns=columns)


def _of_ecosystems(chosen: state.Choices) -> pd.DataFrame:
    """Totals of each ecosystem with its name, in the order of the vocabulary."""
    rows, draws = derived(reports.totals_by, chosen, "ecosystem"), draws_of(chosen)
    rows = rows if draws is None else intervals.with_ends(rows, draws.ecosystems)
    rows = rows.set_index("key", drop=False).loc[[k for k in ECOSYSTEMS if k in set(rows["key"])]]
    return rows.assign(
        name=[panels.ecosystem_name(key) for key in rows["key"]], least=rows["unvalued_ha"] > 0
    ).reset_index(drop=True)


def _ecosystems(chosen: state.Choices) -> None:
    rows = _of_ecosystems(chosen)
    drawn = charts.bars(
        rows,
        label="name",
        value="stock_t_c",
        low="stock_t_c_low",
        high="stock_t_c_high",
        unit="t C",
        colour="key",
        demonstration="demonstration_t_c",
        at_least="least",
    )
    charts.show(
        drawn,
        _for_files(rows, _("Ecosystem")),
        key="stock_ecosystems",
        title=based(_("Stock by ecosystem"), chosen),
        note=_ecosystem_note(draws_of(chosen)),
        name="bluecarbon_stock_by_ecosystem",
        about=about(chosen),
    )


def _ecosystem_note(draws: reports.Drawn | None) -> str:
    said = [_("No data: none of the sets has a coefficient that can be used")]
    said += [] if draws is None else [intervals.whiskers(draws)]
    return ("；" if state.language() == "zh" else "; ").join(said)


def ends(low: float, high: float, digits: int = 0) -> str:
    """Two ends, or the words for none."""
    language = state.language()
    if math.isnan(low) or math.isnan(high):
        return numbers.no_data(language)
    return f"{numbers.plain(low, digits, language)}–{numbers.plain(high, digits, language)}"


def _burial(chosen: state.Choices, found: reports.ZoneSummary) -> None:
    rows = _of_ecosystems(chosen)
    rows = rows[rows["burial_t_c_yr"].notna()]
    if rows.empty:
        words = _("No ecosystem here has a burial rate.")
        elements.show(elements.card(_("Burial a year"), elements.small(words)))
        return
    drawn = charts.bars(
        rows,
        label="name",
        value="burial_t_c_yr",
        low="burial_t_c_yr_low",
        high="burial_t_c_yr_high",
        unit="t C/yr",
        colour="key",
    )
    columns = {
        "name": _("Ecosystem"),
        "burial_t_c_yr": _("Burial (t C/yr)"),
        "burial_t_c_yr_low": _("Lower end (t C/yr)"),
        "burial_t_c_yr_high": _("Upper end (t C/yr)"),
    }
    area = numbers.joined(numbers.area(found.totals.unrated_ha, state.language()))
    note = _(
        "A flow, kept apart: never added to the stock, and no credit. {area} has no rate. "
        "Rates without whiskers were published without an interval."
    )
    charts.show(
        drawn,
        rows[list(columns)].rename(columns=columns),
        key="stock_burial",
        title=based(_("Burial a year"), chosen),
        note=note.format(area=area),
        name="bluecarbon_burial_by_ecosystem",
        about=about(chosen),
    )
