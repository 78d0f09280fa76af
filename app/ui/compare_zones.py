"""比较: two to six zones side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.tables import Level
from ui import cached, charts, compare_table, elements, numbers, panels, state, stock, times, zone
from ui.words import _

_FEWEST: Final = 2
_MOST: Final = 6
_UNASKED: Final = 4
"""Zones that are shown before anybody chose."""

Found = Mapping[str, reports.ZoneSummary | None]
"""Summary of each chosen zone; None where nothing is on record in it."""

_Asked = tuple[str, str | None, Level, str | None, None, bool, str, str | None]
"""What `cached.summary` is asked."""


def section() -> None:
    """The choice, then charts, what may be said of them, and the table."""
    _settings()
    chosen = state.choices()
    zones = _wanted()
    _notices(zones)
    if chosen.survey_id is None:
        st.info(_("There is no survey yet. Put one into the workspace, then come back."))
        return
    if len(zones) < _FEWEST:
        st.info(_("Choose two to six zones above; type a name or a code."))
        return
    found = {one: summary(chosen, one) for one in zones}
    if not any(found.values()):
        st.info(_("Nothing is on record in these zones in this survey. Choose others."))
        return
    left, right = st.columns([1, 1], gap="small")
    with left:
        totals = _totals(chosen, found)
        _stocks(chosen, found, totals)
        _said_of_stocks(found, totals)
        table = compare_table.side_by_side(chosen, found, totals, _kinds(found))
        wide = elements.tag("div", "", "wide", table)
        title = _titled(_("Side by side"), chosen)
        elements.show(elements.card(title, wide, elements.small(_rules())))
    with right:
        _areas(chosen, found)


# --- what is compared ----------------------------------------------------------------------------


def _settings() -> None:
    workspace = cached.workspace()
    with st.container(key="filters"):
        which, survey = st.columns([2.4, 1], gap="small")
    with which:
        st.session_state["choose_with"] = _wanted()
        names = listed()
        st.multiselect(
            _("Zones to compare"),
            list(names),
            format_func=lambda one: names.get(one, one),
            key="choose_with",
            max_selections=_MOST,
            placeholder=_("Choose two to six zones"),
            label_visibility="collapsed",
            filter_mode="contains",
            on_change=_take_zones,
        )
    titles = cached.survey_titles(workspace.version, state.language())
    with survey:
        st.session_state["compare_survey"] = state.choices().survey_id
        st.selectbox(
            _("Survey"),
            list(titles),
            format_func=lambda one: titles.get(one, ""),
            key="compare_survey",
            label_visibility="collapsed",
            on_change=_take_survey,
        )


def _take_zones() -> None:
    state.put(state.WITH, ",".join(st.session_state["choose_with"]) or None)


def _take_survey() -> None:
    times.choose_survey(st.session_state["compare_survey"])


def listed() -> dict[str, str]:
    """Every zone by name and code, the finer ones with the zone they lie in."""
    tree = cached.regions(cached.workspace().version, state.language())
    return {one: _with_parent(tree, one) for one in tree.names}


def _with_parent(tree: reports.Regions, one: str) -> str:
    parent = tree.parents.get(one)
    if tree.levels[one] is Level.COUNTY and parent is not None:
        return f"{tree.names[one]} · {tree.names[parent]}  {one}"
    return f"{tree.names[one]}  {one}"


def _wanted() -> list[str]:
    """Zones of the address; where it is silent, the cities with the largest area on record."""
    if state.asked(state.WITH):
        return state.compared()[0][:_MOST]
    totals = _totals_of(_asked(state.choices(), Level.CITY, None))
    if totals.empty:
        return []
    known = cached.regions(cached.workspace().version, state.language()).names
    totals = totals[totals["key"].isin(list(known))]
    return [str(one) for one in totals.nlargest(_UNASKED, "stock_t_c")["key"]]


def _notices(zones: list[str]) -> None:
    """What the address asks for in vain, and which zones lie in one another."""
    lines = []
    unknown = state.compared()[1]
    if unknown:
        words = _("The address names zones that are not here: {zones}. Choose others above.")
        lines.append(words.format(zones=_joined([one[:40] for one in unknown[:_MOST]])))
    if len(state.compared()[0]) > _MOST:
        lines.append(_("At most six zones stand side by side; the first six are shown."))
    tree = cached.regions(cached.workspace().version, state.language())
    for inner, outer in reports.nested(zones, tree):
        words = _("{inner} lies in {outer}: what it holds is in both columns; never add them.")
        lines.append(words.format(inner=tree.names[inner], outer=tree.names[outer]))
    said(lines)


def said(lines: list[str]) -> None:
    """Short lines above a comparison; as elements, because names and addresses stand in them."""
    if lines:
        shown = [elements.tag("div", line) for line in lines]
        elements.show(elements.tag("div", "", "notices", *shown, role="status"))


def _joined(names: list[str]) -> str:
    return ("、" if state.language() == "zh" else ", ").join(names)


def summary(chosen: state.Choices, zone_id: str) -> reports.ZoneSummary | None:
    """Everything on record in a zone, one row an ecosystem; None where there is nothing."""
    found = cached.summary(*_of_zone(chosen, zone_id))
    return None if found is None or found.rows.empty else found


def _of_zone(chosen: state.Choices, zone_id: str) -> _Asked:
    tree = cached.regions(cached.workspace().version, state.language())
    return _asked(chosen, tree.levels[zone_id], zone_id)


def _asked(chosen: state.Choices, level: Level, zone_id: str | None) -> _Asked:
    return (
        cached.workspace().version, chosen.survey_id, level, zone_id, None,
        chosen.demonstration, state.language(), state.factor_set(),
    )  # fmt: skip


def _name(zone_id: str) -> str:
    return zone.name(zone_id)


def _titled(title: str, chosen: state.Choices) -> str:
    if chosen.survey_id is None:
        return title
    return f"{title} · {cached.survey_year(cached.workspace().version, chosen.survey_id)}"


# --- stocks --------------------------------------------------------------------------------------


def _totals_of(asked: _Asked) -> pd.DataFrame:
    """Zones of a summary, to be read, never changed; no row where nothing is on record."""
    found = cached.derived(reports.totals_by, asked, "zone_id")
    return pd.DataFrame() if found is None else found


def _totals(chosen: state.Choices, found: Found) -> pd.DataFrame:
    """Stock of each zone; NaN where nothing is on record."""
    rows = [_totals_of(_of_zone(chosen, one)) for one, s in found.items() if s is not None]
    table = pd.concat(rows).set_index("key").reindex(list(found)).rename_axis("key").reset_index()
    return table.assign(
        name=[_name(one) for one in table["key"]],
        least=table["unvalued_ha"] > 0,
    )


def _stocks(chosen: state.Choices, found: Found, rows: pd.DataFrame) -> None:
    drawn = charts.bars(
        rows, label="name", value="stock_t_c", low="stock_t_c_low", high="stock_t_c_high",
        unit="t C", demonstration="demonstration_t_c", at_least="least",
    )  # fmt: skip
    columns = {
        "name": _("Zone"),
        "stock_t_c": _("Stock (t C)"),
        "stock_t_c_low": _("Lower end (t C)"),
        "stock_t_c_high": _("Upper end (t C)"),
        "demonstration_t_c": _("Of it demonstration (t C)"),
        "unvalued_ha": _("Without a coefficient (ha)"),
    }
    bounds = [stock.of_the_known_part()] if rows["least"].any() else []
    invented = _("lighter, dashed: demonstration data")
    used = next(s for s in found.values() if s is not None)
    coefficients = _("Coefficients: {title}").format(title=zone.set_name(used))
    kinds = dict.fromkeys(zone.kind_name(kind) for kind in rows["interval_kind"].dropna())
    whiskers = _("whiskers: interval, {kind}").format(kind=_joined(list(kinds)) or _("unknown"))
    note = ("；" if state.language() == "zh" else "; ").join(
        (coefficients, whiskers, *bounds, invented)
    )
    charts.show(
        drawn,
        rows[list(columns)].rename(columns=columns),
        key="compare_stock",
        title=_titled(_("Stock by zone"), chosen),
        note=note,
        name="bluecarbon_compare_stock",
        about=(*found, chosen.survey_id),
    )


def _said_of_stocks(found: Found, totals: pd.DataFrame) -> None:
    pools = pd.concat([s.pools for s in found.values() if s is not None])
    pairs = reports.rank_pairs(totals, pools)
    tree = cached.regions(cached.workspace().version, state.language())
    apart = [pair for pair in pairs if not reports.nested([pair.larger, pair.smaller], tree)]
    if apart:
        lines = [*(_pair_words(pair) for pair in apart), coefficients_alone()]
        shown = [elements.small(line) for line in lines]
        elements.show(elements.card(_("May one say which holds more?"), *shown))


def coefficients_alone() -> str:
    """What the interval of a difference does not hold."""
    return _(
        "The intervals hold the error of the coefficients alone; how exactly the areas were "
        "mapped is not in them."
    )


def _pair_words(pair: reports.Pair) -> str:
    """What may be said of two zones, and which of them is a lower bound."""
    if pair.verdict is not pair.difference.verdict:
        return _at_least(pair)
    words = _of_known(pair)
    if pair.larger_unvalued_ha > 0:
        more = _("{zone} is a lower bound: {area} of it has no coefficient.")
        area = numbers.joined(numbers.area(pair.larger_unvalued_ha, state.language()))
        more = more.format(zone=_name(pair.larger), area=area)
        words += more if state.language() == "zh" else f" {more}"
    return words


def _at_least(pair: reports.Pair) -> str:
    """The words where carbon that no coefficient is known for may turn the order round."""
    words = _("{larger} – {smaller}: which holds more is unknown. {said}.")
    sides = (
        (pair.larger, pair.larger_stock_t_c, pair.larger_unvalued_ha),
        (pair.smaller, pair.smaller_stock_t_c, pair.smaller_unvalued_ha),
    )
    separator = "；" if state.language() == "zh" else "; "
    return words.format(
        larger=_name(pair.larger),
        smaller=_name(pair.smaller),
        said=separator.join(_bound(*side) for side in sides),
    )


def _bound(zone_id: str, stock_t_c: float, unvalued_ha: float) -> str:
    language = state.language()
    held = numbers.joined(numbers.carbon(stock_t_c, language))
    if not unvalued_ha > 0:
        return _("{zone} holds {stock}").format(zone=_name(zone_id), stock=held)
    return _("{zone} holds at least {stock}, {area} of it has no coefficient").format(
        zone=_name(zone_id), stock=held, area=numbers.joined(numbers.area(unvalued_ha, language))
    )


def _of_known(pair: reports.Pair) -> str:
    names = {"larger": _name(pair.larger), "smaller": _name(pair.smaller)}
    verdict = pair.verdict
    if verdict is reports.Verdict.SAME:
        return _("{larger} – {smaller}: the same; no area differs.").format(**names)
    if verdict is reports.Verdict.UNKNOWN:
        return _("{larger} – {smaller}: an interval is unknown; it cannot be said.").format(**names)
    if verdict is reports.Verdict.CANNOT_SAY:
        return _(
            "{larger} – {smaller}: intervals overlap; which holds more cannot be said."
        ).format(**names)
    if not pair.overlapping:
        return _("{larger} holds more than {smaller}: the intervals are apart.").format(**names)
    words = _(
        "{larger} holds more than {smaller}: the intervals overlap, but both rest on the same "
        "coefficients; the difference is {interval}."
    )
    low, high = pair.difference.low, pair.difference.high
    ends = numbers.carbon_interval(low, high, state.language())
    return words.format(**names, interval=ends)


# --- areas ---------------------------------------------------------------------------------------


def _kinds(found: Found) -> list[str]:
    there = {key for s in found.values() if s is not None for key in s.rows["ecosystem"]}
    return [key for key in ECOSYSTEMS if key in there]


def _areas(chosen: state.Choices, found: Found) -> None:
    by_zone = {one: compare_table.areas_ha(s) for one, s in found.items()}
    rows = pd.DataFrame(
        [
            {"kind": kind, "name": panels.ecosystem_name(kind), "zone": _name(one),
             "area_ha": areas_ha.get(kind, math.nan)}
            for kind in _kinds(found)
            for one, areas_ha in by_zone.items()
        ]
    )  # fmt: skip
    drawn = charts.bars(rows, label="name", value="area_ha", unit="ha", colour="kind", group="zone")
    columns = {"name": _("Ecosystem"), "zone": _("Zone"), "area_ha": _("Area (ha)")}
    charts.show(
        drawn,
        rows[list(columns)].rename(columns=columns),
        key="compare_area",
        title=_titled(_("Area by ecosystem"), chosen),
        note=_("No data: none on record, which is not zero"),
        name="bluecarbon_compare_area",
        about=(*found, chosen.survey_id),
    )


def _rules() -> str:
    return _(
        "Unknown is not zero: what a survey has not mapped in a zone has no number. Areas and "
        "stocks depend on the size of a zone; density compares what is alike only where the pools "
        "are. Targets: accepted amounts only, demonstration never counts."
    )
