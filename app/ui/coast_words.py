"""Published numbers of the coastal provinces, and their names, in the language of the session."""

from __future__ import annotations

from bluecarbon_map import reports
from bluecarbon_map.reports.coast import NATION
from ui import cached, numbers, state
from ui.words import _


def indicator_name(key: str) -> str:
    """Name of an indicator in the language of the session."""
    one = cached.coast().indicators[key]
    return one.name_zh if state.language() == "zh" else one.name_en


def unit_name(unit_id: str, *, short: bool = False) -> str:
    """Name of a unit, or of the whole country."""
    if unit_id == NATION:
        return _("Whole country")
    unit = cached.coast().units[unit_id]
    if state.language() == "en":
        return unit.name_en
    return unit.short_zh if short else unit.name_zh


def said(fact: reports.CoastFact | None, *, unit: bool = False) -> str:
    """A number with what is known of its exactness, in the unit of its indicator."""
    if fact is None:
        return numbers.no_data(state.language())
    converted = fact.amount != fact.value
    plain = numbers.plain(fact.amount, 0 if converted and fact.amount >= 1000 else 2, "en")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    about = "约 " if state.language() == "zh" else "≈ "
    sign = {"=": "", ">": "> ", ">=": "≥ ", "~": about}[fact.qualifier]
    name = unit_of(cached.coast().indicators[fact.indicator].unit) if unit else ""
    return numbers.joined((sign + plain, name))


def unit_of(unit: str) -> str:
    """Name of a unit of amounts."""
    words = {"ha": _("ha"), "km": _("km"), "mu": _("mu"), "wan_mu": _("× 10,000 mu"), "km2": "km²"}
    return words[unit]


def with_unit(key: str) -> str:
    """Name of an indicator with its unit in brackets."""
    name, unit = indicator_name(key), unit_of(cached.coast().indicators[key].unit)
    return f"{name}（{unit}）" if state.language() == "zh" else f"{name} ({unit})"


def date_of(fact: reports.CoastFact) -> str:
    """Day, month, year or period a number holds for, or that its source gives none."""
    return fact.as_of or _("no date given")


def definition_of(fact: reports.CoastFact) -> str:
    """What exactly was counted."""
    return fact.definition_zh if state.language() == "zh" else fact.definition_en


def note_of(fact: reports.CoastFact) -> str:
    """What to know about a number; empty where there is nothing."""
    return (fact.note_zh if state.language() == "zh" else fact.note_en) or ""


def described(fact: reports.CoastFact) -> str:
    """What was counted, and what to know about it, as one line."""
    separator = "；" if state.language() == "zh" else ". "
    return separator.join(text for text in (definition_of(fact), note_of(fact)) if text)
