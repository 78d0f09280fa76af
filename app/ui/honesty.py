"""How far the stock rests on the coefficient: densities side by side, totals under each set."""

from __future__ import annotations

import math
from typing import Any, Final
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.ecosystems import ECOSYSTEMS, SPECIES
from bluecarbon_map.factors import WORKSPACE_SET, set_titles
from ui import (
    charts,
    elements,
    factor_sets,
    naming,
    numbers,
    panels,
    state,
    stock,
    zone,
    zone_ecosystems,
)
from ui.words import _

_SETS: Final = ("ipcc-tier1", "china-species", "zhejiang")


def section(chosen: state.Choices, found: reports.ZoneSummary) -> None:
    """What another choice of coefficients would have said."""
    elements.show(elements.tag("h2", _("How far does this rest on the coefficients?"), "part"))
    left, right = st.columns([1.25, 1], gap="small")
    rows = _named(stock.derived(reports.densities, chosen))
    with left:
        _densities(rows)
    with right:
        _under_each_set(chosen)
        if len(rows):
            used = elements.card(_("Global default against what is used"), *_ratios(rows))
            elements.show(*_ranges(found), used)
        _without(found)
    if len(rows):
        with st.expander(_("Sources of these densities, and why they were chosen")):
            st.dataframe(_sources(rows), hide_index=True)
            st.dataframe(_reasons(found), hide_index=True)


def _without(found: reports.ZoneSummary) -> None:
    """Ecosystems that are on the map and in no stock."""
    names = [panels.ecosystem_name(key) for key in reports.without_any(found)]
    if names:
        words = _("Mapped here, but without a coefficient in this set: {names}.")
        listed = ("、" if state.language() == "zh" else ", ").join(names)
        elements.show(elements.small(words.format(names=listed)))


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    order = {key: at for at, key in enumerate(ECOSYSTEMS)}
    rows = rows.sort_values("ecosystem", key=lambda keys: keys.map(order), kind="stable")
    names = [kind_name(*one) for one in zip(rows["ecosystem"], rows["species"], strict=True)]
    whose = [_whose(*pair) for pair in zip(rows["side"], rows["n"], strict=True)]
    return rows.assign(
        name=names,
        whose=whose,
        # a longer name is cut off beside a chart, and its number of sites with it
        row=[
            f"{name} · {one}" if math.isnan(n) else f"{name} · n = {n:.0f}"
            for name, one, n in zip(names, whose, rows["n"].astype(float), strict=True)
        ],
        holds=[_pools(text) for text in rows["pool"]],
    )


def _whose(side: reports.Side, sites: float) -> str:
    if side == reports.Side.GLOBAL:
        return _("global, Tier 1")
    if side == reports.Side.CHINA:
        return _("China, n = {count}").format(count=f"{sites:.0f}")
    return _("used here")


def kind_name(ecosystem: str, species: object) -> str:
    """Short name of what a density is about: the species where it is about one."""
    if not isinstance(species, str):
        return panels.ecosystem_name(ecosystem)
    own = SPECIES.get(species)
    if own is None:
        return species
    return own.name_zh if state.language() == "zh" else own.name_en


def _pools(text: str) -> str:
    return " + ".join(zone_ecosystems.pool_name(pool) for pool in text.split("; "))


def _densities(rows: pd.DataFrame) -> None:
    if rows.empty:
        words = _("None of the sets has a coefficient for what lies here.")
        elements.show(elements.card(_("Carbon on a hectare"), elements.small(words)))
        return
    drawn = charts.spans(
        rows,
        label="row",
        value="density_t_c_ha",
        low="low",
        high="high",
        unit="t C/ha",
        colour="ecosystem",
    )
    columns = {
        "name": _("Ecosystem"),
        "whose": _("Whose value"),
        "density_t_c_ha": _("Density (t C/ha)"),
        "low": _("Lower end (t C/ha)"),
        "high": _("Upper end (t C/ha)"),
        "holds": _("Pool"),
        "source": _("Source"),
    }
    note = _(
        "Line: interval of the value. n = …: China, verified mean of n sites of a species (two or "
        "more), all of one publication. Side by side, never averaged."
    )
    charts.show(
        drawn,
        rows[list(columns)].rename(columns=columns),
        key="honesty",
        title=_("Carbon on a hectare: global default, Chinese values, and what is used"),
        note=note,
        name="bluecarbon_densities",
    )


def _ratios(rows: pd.DataFrame) -> list[Element]:
    """How many times the value used the global default is, and whether they hold the same."""
    lines = []
    for ecosystem, mine in rows.groupby("ecosystem", sort=False):
        default = mine[mine["side"] == reports.Side.GLOBAL]
        used = mine[mine["side"] == reports.Side.USED]
        if default.empty or used.empty:
            continue
        lines.append(_ratio(str(ecosystem), default.iloc[0], used.iloc[0]))
    return lines or [elements.small(_("The set used here is the global one, or there is no pair."))]


def _ratio(ecosystem: str, default: pd.Series[Any], used: pd.Series[Any]) -> Element:
    language = state.language()
    alike = not math.isnan(_number(default["times_used"]))
    words = _("{ecosystem}: {default} against {used} t C/ha, {times} times")
    if not alike:
        words = _("{ecosystem}: {default} and {used} t C/ha, which do not compare")
    said = words.format(
        ecosystem=panels.ecosystem_name(ecosystem),
        default=numbers.plain(_number(default["density_t_c_ha"]), 1, language),
        used=numbers.plain(_number(used["density_t_c_ha"]), 1, language),
        times=numbers.plain(_number(default["times_used"]), 1, language),
    )
    if not alike:
        more = _("not the same pools: {default} there, {used} here")
        brackets = ("（", "）") if language == "zh" else (" (", ")")
        said += more.format(default=default["holds"], used=used["holds"]).join(brackets)
    return elements.small(said)


def _ranges(found: reports.ZoneSummary) -> list[Element]:
    """The default beside what Chinese sites hold, where both speak of the same soil."""
    language = state.language()
    order = list(ECOSYSTEMS)
    ranges = sorted(reports.soil_ranges(found), key=lambda one: order.index(one.ecosystem))
    if not ranges:
        return []
    rows = [
        [
            f"{panels.ecosystem_name(one.ecosystem)} · {zone_ecosystems.pool_name(one.pool)}",
            numbers.plain(one.default, 1, language),
            f"{numbers.plain(one.mean, 1, language)} (n = {one.sites})",
            stock.ends(one.least, one.most, 1),
            numbers.plain(one.times, 1, language),
        ]
        for one in ranges
    ]
    heads = [
        _("t C/ha"), _("Global default"), _("Chinese sites, mean"), _("Means of species"),
        _("Default over mean"),
    ]  # fmt: skip
    title = _("Global default beside the Chinese range, same soil")
    note = _("The species are among the sites of the mean: never added, never averaged.")
    return [elements.card(title, elements.table(heads, rows), elements.small(note))]


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else math.nan


def _under_each_set(chosen: state.Choices) -> None:
    """The total of each named set, and of the one used where it is a user's own."""
    titles = set_titles()
    own = [WORKSPACE_SET] if WORKSPACE_SET in factor_sets.known() else []
    wanted = [*(one for one in _SETS if one in titles), *own, stock.set_id()]
    found = {one: stock.summary(chosen, one) for one in dict.fromkeys(wanted)}
    rows = pd.DataFrame(
        [
            {
                "name": naming.factor_title(one),
                "stock": math.nan if s.totals.stock_t_c is None else s.totals.stock_t_c,
                "low": math.nan if s.totals.stock_t_c_low is None else s.totals.stock_t_c_low,
                "high": math.nan if s.totals.stock_t_c_high is None else s.totals.stock_t_c_high,
                "unvalued_ha": s.totals.unvalued_ha,
                "least": s.totals.unvalued_ha > 0,
            }
            for one, s in found.items()
            if s is not None
        ]
    )
    drawn = charts.bars(
        rows, label="name", value="stock", low="low", high="high", unit="t C",
        at_least="least", ranked=False,
    )  # fmt: skip
    columns = {
        "name": _("Set of coefficients"),
        "stock": _("Stock (t C)"),
        "low": _("Lower end (t C)"),
        "high": _("Upper end (t C)"),
        "unvalued_ha": _("Without a coefficient (ha)"),
    }
    note = _("Same areas, another set each; the sets hold different pools. Not averaged.")
    if state.by_draws():
        note += (" " if state.language() == "en" else "") + _("Intervals here are the formula's.")
    charts.show(
        drawn,
        rows[list(columns)].rename(columns=columns),
        key="each_set",
        title=stock.based(_("The total under each set"), chosen),
        note=note,
        name="bluecarbon_stock_by_set",
        about=stock.about(chosen),
    )


def _sources(rows: pd.DataFrame) -> pd.DataFrame:
    language = state.language()
    return pd.DataFrame(
        {
            _("Ecosystem"): rows["name"],
            _("Whose value"): rows["whose"],
            _("Density (t C/ha)"): rows["density_t_c_ha"].round(2),
            _("Interval (t C/ha)"): [
                stock.ends(low, high, 1)
                for low, high in zip(rows["low"], rows["high"], strict=True)
            ],
            _("Times the one used"): [
                _("other pools") if math.isnan(t) else numbers.plain(t, 2, language)
                for t in rows["times_used"]
            ],
            _("Pool"): rows["holds"],
            _("Source"): rows["source"],
        }
    )


def _reasons(found: reports.ZoneSummary) -> pd.DataFrame:
    """Why the set takes which coefficient."""
    used = reports.sources(found.factor_set, found.parts)
    used = used[used["role"] == "stock"]
    why = used["why_zh" if state.language() == "zh" else "why_en"]
    kinds = zip(used["ecosystem"], used["species"], strict=True)
    return pd.DataFrame(
        {
            _("Ecosystem"): [kind_name(*one) for one in kinds],
            _("Tier"): [zone.tier_name(_number(tier)) for tier in used["tier"]],
            _("Why this coefficient"): why,
        }
    )
