"""Numbers as the trade writes them: with their unit, and words where there is no number."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import Final

from babel.dates import format_date

from bluecarbon_map.units import T_PER_WAN_T
from ui.words import translate

_NARROW_NO_BREAK: Final = "\u202f"
_DAYS: Final = {"zh": "zh_CN", "en": "en_GB"}
"""Whose habit a day is written by: 2026年11月21日, 21 Nov 2026."""


def no_data(language: str) -> str:
    """What is written where nothing is known."""
    return translate("no data", language)


def plain(value: float | None, digits: int, language: str) -> str:
    """A number with thousands commas, or the words for none."""
    if value is None or math.isnan(value):
        return no_data(language)
    return f"{value:z,.{digits}f}"  # z: never "-0.0"


def compact(value: float) -> str:
    """A number to six significant digits, every digit before the point, and no exponent."""
    if value == 0 or math.isinf(value):
        return f"{value:zg}"
    digits = max(5 - math.floor(math.log10(abs(value))), 0)
    text = f"{value:z,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def area(area_ha: float | None, language: str) -> tuple[str, str]:
    """An area and its unit: 1,234.5 公顷."""
    return plain(area_ha, 1, language), translate("ha", language)


def carbon(amount_t: float | None, language: str, unit: str = "t C") -> tuple[str, str]:
    """A mass of carbon and its unit.

    From 10,000 t on it is 万吨 in Chinese and thousands (kt) in English, in both to the nearest
    100 t: 3.64 万吨, 36.4 kt.

    Args:
        amount_t: Tonnes of what the unit says.
        language: ``zh`` or ``en``.
        unit: ``t C`` or ``t CO2e``.
    """
    what = "CO₂e" if unit == "t CO2e" else "C"
    if amount_t is None or math.isnan(amount_t):
        return no_data(language), ""
    if abs(amount_t) < T_PER_WAN_T:
        return plain(amount_t, 0, language), f"{_tonne(language)} {what}"
    if language == "zh":
        return plain(amount_t / T_PER_WAN_T, 2, language), f"万吨 {what}"
    return plain(amount_t / 1000.0, 1, language), f"kt {what}"


def carbon_interval(low_t: float | None, high_t: float | None, language: str) -> str:
    """An interval in the unit its upper end asks for, e.g. (2.5–4.8 万吨 C); empty if unknown."""
    if low_t is None or high_t is None or math.isnan(low_t) or math.isnan(high_t):
        return ""
    if high_t < T_PER_WAN_T:
        return f"{low_t:,.0f}–{high_t:,.0f}{_NARROW_NO_BREAK}{_tonne(language)} C"
    if language == "zh":
        return f"{low_t / T_PER_WAN_T:,.2f}–{high_t / T_PER_WAN_T:,.2f}{_NARROW_NO_BREAK}万吨 C"
    return f"{low_t / 1000.0:,.1f}–{high_t / 1000.0:,.1f}{_NARROW_NO_BREAK}kt C"


def day(when: date, language: str) -> str:
    """A day as the readers of a language write it."""
    return format_date(when, "medium", locale=_DAYS[language])


def listed(names: Iterable[str], language: str) -> str:
    """Names one after another: 杭州市、宁波市; Hangzhou, Ningbo."""
    return ("、" if language == "zh" else ", ").join(names)


def joined(number: tuple[str, str]) -> str:
    """A number and its unit as one text."""
    return f"{number[0]}{_NARROW_NO_BREAK}{number[1]}" if number[1] else number[0]


def _tonne(language: str) -> str:
    return "吨" if language == "zh" else "t"
