"""What is written beside the marks of a chart: amounts, intervals and their units."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from bluecarbon_map.units import T_PER_WAN_T
from ui import numbers, state
from ui.words import _

MINUS: Final = "\u2212"
"""Minus sign; a hyphen is shorter than the plus."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How amounts of a unit are written.

    Attributes:
        per: Amount in one step of the axis' unit.
        axis: The axis' unit.
        said: An amount in words, with its unit.
        interval: Two ends in words, with their unit.
    """

    per: float
    axis: str
    said: Callable[[float | None], str]
    interval: Callable[[float, float], str]


def in_words(shown: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Add what is written beside each row; amounts become steps of the axis."""
    columns: dict[str, list[Any]] = {str(name): shown[name].tolist() for name in shown}
    amounts, low, high = columns["value"], columns["low"], columns["high"]
    ends = zip(low, high, strict=True)
    spread = ["" if math.isnan(a) or math.isnan(b) else measure.interval(a, b) for a, b in ends]
    said = [measure.said(amount).replace("-", MINUS) for amount in amounts]
    bounds = zip(said, columns["least"], amounts, strict=True)
    text = [f"≥ {a}" if least and not math.isnan(b) else a for a, least, b in bounds]
    below = [_joined(*pair) for pair in zip(columns["group"], spread, strict=True)]
    for name in ("value", "low", "high", "demo"):
        columns[name] = [amount / measure.per for amount in columns[name]]
    parts = zip(columns["value"], columns["demo"], strict=True)
    solid = [whole - demo for whole, demo in parts]
    more = {
        "text": text,
        "below": below,
        "alone": ["" if under else one for one, under in zip(text, below, strict=True)],
        "above": [one if under else "" for one, under in zip(text, below, strict=True)],
        "spread": [words or _("unknown") for words in spread],
        "full": [_joined(*pair) for pair in zip(columns["label"], columns["group"], strict=True)],
        "invented": [measure.said(amount) if amount > 0 else "–" for amount in shown["demo"]],
        "solid": solid,
        "from": [a if b > 0 else math.nan for a, b in zip(solid, columns["demo"], strict=True)],
        "zero": [0.0] * len(shown),
        "place": list(range(len(shown))),
    }
    # At once: a table grows slowly column by column, and a page has many charts.
    return pd.DataFrame(columns | more, index=shown.index)


def _joined(*words: str) -> str:
    return " · ".join(word for word in words if word)


def measure(unit: str, amounts: pd.DataFrame, digits: int) -> Measure:
    """How amounts of a unit are written.

    Args:
        unit: ``ha``, ``t C``, ``t CO2e``, ``t C/yr``, or any other text as it stands.
        amounts: All that is drawn, for the size of the axis' unit.
        digits: Digits after the point, where the unit is not a mass.
    """
    language = state.language()
    if unit in ("t C", "t CO2e", "t C/yr"):
        return _mass(unit, float(amounts.abs().max(skipna=True).max()))
    axis = _("ha") if unit == "ha" else unit

    def said(amount: float | None) -> str:
        if amount is None or math.isnan(amount):
            return numbers.no_data(language)
        return numbers.joined((numbers.plain(amount, digits, language), axis))

    def interval(low: float, high: float) -> str:
        return f"{numbers.plain(low, digits, language)}–{numbers.plain(high, digits, language)}"

    return Measure(1.0, axis, said, interval)


def _mass(unit: str, most: float) -> Measure:
    """Tonnes: 万吨 in Chinese and kt in English, from where `numbers.carbon` says so."""
    language, what = state.language(), "t CO2e" if unit == "t CO2e" else "t C"
    yearly = ("/年" if language == "zh" else "/yr") if unit == "t C/yr" else ""
    per = 1.0
    if most >= T_PER_WAN_T:
        per = float(T_PER_WAN_T) if language == "zh" else 1000.0
    axis = numbers.carbon(most if math.isfinite(most) else 0.0, language, what)[1] + yearly

    def said(amount: float | None) -> str:
        number, name = numbers.carbon(amount, language, what)
        return numbers.joined((number, name + yearly if name else ""))

    def interval(low: float, high: float) -> str:
        if low < 0:
            return f"{_step(low / per, per)} … {_step(high / per, per)} {axis}"
        # carbon_interval names its unit, t C; the number above has it already
        plain = numbers.carbon_interval(low, high, language)
        return plain.removesuffix(" C") + f" {'CO₂e' if what == 't CO2e' else 'C'}{yearly}"

    return Measure(per, axis, said, interval)


def _step(steps: float, per: float) -> str:
    """One end of a difference, signed, with the digits that its unit has elsewhere."""
    digits = {float(T_PER_WAN_T): 2, 1000.0: 1}.get(per, 0)
    return f"{steps:+,.{digits}f}".replace("-", MINUS)
