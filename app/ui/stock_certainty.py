"""储量: what makes the stock unsure, which input to measure first, and how the interval is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from ui import charts, elements, honesty, intervals, numbers, panels, state, stock, zone
from ui.words import _

_MOST: Final = 12
"""Inputs that are drawn; the files hold all."""

Kinds = Sequence[tuple[str, str | None]]


def section(chosen: state.Choices, found: reports.ZoneSummary) -> None:
    """Which input moves the stock most, and beside it how the interval was made."""
    tornado = stock.of_summary(reports.stock_tornado, chosen)
    if tornado is None:
        return
    elements.show(elements.tag("h2", _("What to measure first?"), "part"))
    left, right = st.columns([1.25, 1], gap="small")
    with left:
        _tornado(chosen, tornado)
    with right:
        elements.show(_method(chosen, found))


# --- the tornado ---------------------------------------------------------------------------------


def _tornado(chosen: state.Choices, tornado: reports.Tornado) -> None:
    if not tornado.swings:
        words = _("Nothing here has a coefficient: the first one is what to measure.")
        said = [elements.small(text) for text in (words, *_unknown(tornado))]
        elements.show(elements.card(_("What moves the stock most"), *said))
        return
    rows = _rows(tornado)
    drawn = charts.swings(
        rows.head(_MOST), label="name", middle=tornado.stock_t_c, low="low_t_c", high="high_t_c",
        own_low="own_low_t_c", own_high="own_high_t_c", unit="t C",
    )  # fmt: skip
    columns = {
        "name": _("Input"),
        "value": _("Value"),
        "unit": _("Unit"),
        "low_t_c": _("Stock at −25 % (t C)"),
        "high_t_c": _("Stock at +25 % (t C)"),
        "own_low_t_c": _("Stock at its own lower end (t C)"),
        "own_high_t_c": _("Stock at its own upper end (t C)"),
        "own_kind": _("What the interval is"),
    }
    charts.show(
        drawn,
        rows[list(columns)].rename(columns=columns),
        key="stock_tornado",
        title=stock.based(_("What moves the stock most: each input ±25 %"), chosen),
        note=_note(tornado),
        name="bluecarbon_stock_tornado",
        about=stock.about(chosen),
    )
    for text in _unknown(tornado):
        elements.show(elements.small(text))


def _rows(tornado: reports.Tornado) -> pd.DataFrame:
    shown = tornado.swings
    return pd.DataFrame(
        {
            "name": [_input_name(one) for one in shown],
            "value": [one.value for one in shown],
            "unit": [_("ha") if one.what is reports.Input.AREA else one.unit for one in shown],
            "low_t_c": [one.low_t_c for one in shown],
            "high_t_c": [one.high_t_c for one in shown],
            "own_low_t_c": [one.own_low_t_c for one in shown],
            "own_high_t_c": [one.own_high_t_c for one in shown],
            "own_kind": [zone.kind_name(one.own_kind) if one.own_kind else "" for one in shown],
        }
    )


def _input_name(one: reports.InputSwing) -> str:
    words = _("Area: {what}") if one.what is reports.Input.AREA else _("Density: {what}")
    return words.format(what=_kinds_name(one.kinds))


def _kinds_name(of: Kinds) -> str:
    """The first kind by its short name, and how many more there are: names share a line."""
    first = honesty.kind_name(*of[0])
    return first if len(of) == 1 else f"{first} +{len(of) - 1}"


def _note(tornado: reports.Tornado) -> str:
    said = [
        _(
            "Bars: one input a quarter lower and higher, the others as they are; dashed: the stock "
            "now. Whiskers: where the input's own interval leads. Mapped areas have no interval."
        )
    ]
    rest = len(tornado.swings) - _MOST
    if rest > 0:
        said.append(_("{count} inputs that move it less are not drawn.").format(count=rest))
    return (" " if state.language() == "en" else "").join(said)


def _unknown(tornado: reports.Tornado) -> list[str]:
    """Ground without a coefficient: no bar can say what it holds."""
    if not tornado.unvalued:
        return []
    language = state.language()
    words = _("{ecosystem} {area}")
    listed = [
        words.format(
            ecosystem=panels.ecosystem_name(key), area=numbers.joined(numbers.area(area, language))
        )
        for key, area in tornado.unvalued
    ]
    said = _(
        "Not in the chart, because nobody knows: {listed} without a coefficient. A first "
        "measurement there may change the total more than any bar."
    )
    return [said.format(listed=numbers.listed(listed, language))]


# --- the method ----------------------------------------------------------------------------------


def _method(chosen: state.Choices, found: reports.ZoneSummary) -> Element:
    """Both ways beside each other where both were asked for."""
    draws = stock.draws_of(chosen)
    pairs = [(_("Formula"), _by_formula(found))]
    formula = _(
        "The formula adds what one coefficient gets wrong, and combines different ones in "
        "quadrature; its ends are of the kind each coefficient has."
    )
    title = _("How the interval is made")
    if draws is None:
        more = _(
            "Monte Carlo draws every coefficient {draws} times from its standard error, skewed "
            "where that is large, and gives a 95 % interval: choose it above."
        ).format(draws=numbers.plain(reports.DRAWS, 0, state.language()))
        lines = [elements.small(text) for text in (formula, more)]
        return elements.card(title, elements.facts(pairs), *lines)
    pairs.append((_("Monte Carlo"), _by_draws(draws)))
    said = [*intervals.left_out(draws), *_how_drawn(draws), *_borrowed(draws), formula]
    lines = [elements.small(text) for text in said]
    return elements.card(title, elements.facts(pairs), *_laws(draws, found), *lines)


def _by_formula(found: reports.ZoneSummary) -> str:
    totals, language = found.totals, state.language()
    interval = numbers.carbon_interval(totals.stock_t_c_low, totals.stock_t_c_high, language)
    if not interval:
        return _("unknown: a coefficient has no interval")
    return f"{interval} · {zone.kind_name(totals.interval_kind)}"


def _by_draws(draws: reports.Drawn) -> str:
    whole, language = draws.total.iloc[0], state.language()
    interval = numbers.carbon_interval(whole["low_t_c"], whole["high_t_c"], language)
    if not interval:
        return _("unknown: no coefficient here has a standard error")
    return f"{interval} · " + (
        _("95 % of the draws, of the part that was drawn")
        if whole["left_out_t_c"] > 0
        else _("95 % of the draws")
    )


def _how_drawn(draws: reports.Drawn) -> list[str]:
    if not draws.laws:
        return []
    words = _(
        "{draws} draws, seed {seed}. One draw of a coefficient holds for every zone and species "
        "that uses it. Areas are taken as exact: the interval holds no error of the map."
    )
    return [words.format(draws=numbers.plain(draws.draws, 0, state.language()), seed=draws.seed)]


def _borrowed(draws: reports.Drawn) -> list[str]:
    if not any(law.borrowed_from for law in draws.laws):
        return []
    return [
        _(
            "A borrowed SD is the spread of sites elsewhere. It is taken whole: the value is of "
            "one site, or nobody published of how many, and then it is the most the error can "
            "be. The formula shows ±1 SD of it, the draws 95 %."
        )
    ]


def _laws(draws: reports.Drawn, found: reports.ZoneSummary) -> list[Element]:
    if not draws.laws:
        return []
    language, named = state.language(), reports.kinds_of(found.factor_set, found.pools)
    rows = [
        [
            _kinds_name(named[law.factor_id]),
            " ± ".join(
                numbers.plain(amount, 1, language) for amount in (law.density_t_c_ha, law.se_t_c_ha)
            ),
            zone.kind_name(law.kind),
            _law_name(law),
        ]
        for law in draws.laws
    ]
    heads = [
        _("Coefficient"), _("Mean ± standard error (t C/ha)"), _("Worked out from"),
        _("Drawn from"),
    ]  # fmt: skip
    return [elements.table(heads, rows)]


def _law_name(law: reports.Law) -> str:
    if law.skewed:
        return _("lognormal")
    if law.degrees is None:
        return _("normal")
    return _("Student's t ({degrees})").format(degrees=law.degrees)
