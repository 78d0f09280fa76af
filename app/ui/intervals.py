"""How the interval of a stock is made: by formula or by Monte Carlo; the choice and its words."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from ui import numbers, panels, state, zone
from ui.words import _

_FORMULA: Final = "formula"


def control() -> None:
    """The choice; it stands in the address."""
    st.session_state["choose_how"] = state.MONTE_CARLO if state.by_draws() else _FORMULA
    st.segmented_control(
        _("Interval"),
        (_FORMULA, state.MONTE_CARLO),
        format_func=_name,
        key="choose_how",
        label_visibility="collapsed",
        on_change=_take,
    )


def _name(way: str) -> str:
    return _("Monte Carlo") if way == state.MONTE_CARLO else _("Interval by formula")


def _take() -> None:
    drawn = st.session_state["choose_how"] == state.MONTE_CARLO
    state.put(state.HOW, state.MONTE_CARLO if drawn else None)


def with_ends(rows: pd.DataFrame, drawn: pd.DataFrame) -> pd.DataFrame:
    """Rows with the ends of the draws; none where part of a row could not be drawn.

    Args:
        rows: From `reports.totals_by`.
        drawn: Table of `reports.Drawn` with the same keys.
    """
    found = drawn.set_index("key").loc[rows["key"]]
    whole = found["left_out_t_c"] == 0
    return rows.assign(
        stock_t_c_low=found["low_t_c"].where(whole).to_numpy(),
        stock_t_c_high=found["high_t_c"].where(whole).to_numpy(),
    )


def lines(drawn: reports.Drawn | None) -> list[str] | None:
    """What is said of the interval of the whole; None where the formula speaks."""
    if drawn is None:
        return None
    language, whole = state.language(), drawn.total.iloc[0]
    interval = numbers.carbon_interval(whole["low_t_c"], whole["high_t_c"], language)
    if not interval:
        return [_("Monte Carlo: no interval, nothing here has a standard error."), *left_out(drawn)]
    words = _("Interval of the stock: {interval}, 95 % of {draws} draws, median {median}")
    if whole["left_out_t_c"] > 0:
        words = _("Interval of the {part} drawn: {interval}, 95 % of {draws} draws")
    said = words.format(
        interval=interval,
        draws=numbers.plain(drawn.draws, 0, language),
        median=numbers.joined(numbers.carbon(whole["median_t_c"], language)),
        part=numbers.joined(numbers.carbon(whole["stock_t_c"], language)),
    )
    return [said, *left_out(drawn)]


def left_out(drawn: reports.Drawn) -> list[str]:
    """What was not drawn, and why; nothing where all was."""
    rows = drawn.left_out
    if rows.empty:
        return []
    language = state.language()
    kinds = [zone.kind_name(kind) for kind in rows["interval_kind"].dropna().unique()]
    names = [panels.ecosystem_name(key) for key in rows["ecosystem"].unique()]
    between = "、" if language == "zh" else ", "
    words = _("Not drawn, for want of a standard error ({kinds}): {names}, {stock} on {area}")
    return [
        words.format(
            kinds=between.join(kinds) or _("no interval that can be used"),
            names=between.join(names),
            stock=numbers.joined(numbers.carbon(float(rows["stock_t_c"].sum()), language)),
            area=numbers.joined(numbers.area(float(rows["area_ha"].sum()), language)),
        )
    ]


def whiskers(drawn: reports.Drawn) -> str:
    """What the whiskers of a chart are, in a note."""
    if not drawn.laws:
        return _("no whiskers: Monte Carlo found no standard error to draw from")
    words = _(
        "whiskers: Monte Carlo, 95 % of {draws} draws, seed {seed}; areas taken as exact; no "
        "whisker where a part could not be drawn"
    )
    draws = numbers.plain(drawn.draws, 0, state.language())
    return words.format(draws=draws, seed=drawn.seed)
