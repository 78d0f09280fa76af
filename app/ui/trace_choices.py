"""Choices of the page that takes numbers apart, read strictly from the address."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bluecarbon_map import reports
from bluecarbon_map.factors import DENSITY_MOST_T_C_HA, RATE_MOST_T_C_HA_YR
from bluecarbon_map.tables import Level
from ui import address_numbers, asking, cached, state, stock, zone
from ui.words import _

USUAL: Final = "stock"
_DENSITY: Final = "t C/ha"


def names() -> dict[str, str]:
    """Numbers that can be taken apart, by their word in the address."""
    return {
        "stock": _("Stock"),
        "stock_low": _("Lower end"),
        "stock_high": _("Upper end"),
        "co2e": _("As carbon dioxide"),
        "area": _("Area"),
        "burial": _("Burial a year"),
    }


def number() -> str:
    """The number asked for; the stock where the address names none, or an unknown one."""
    wanted = state.asked(state.NUMBER)
    return wanted if wanted in names() else USUAL


def level(chosen: state.Choices) -> Level:
    """Rows one level below the zone; its own where there is none."""
    own = zone.level_of(zone.asked(chosen))
    return {Level.PROVINCE: Level.CITY, Level.CITY: Level.COUNTY}.get(own, own)


def before(chosen: state.Choices) -> reports.ZoneSummary | None:
    """The rows with the coefficients as they are; None where nothing is on record."""
    place, rows = chosen.zone_id, level(chosen)
    found = cached.summary(*asking.summary(chosen, rows, place, stock.set_id()))
    return None if found is None or found.rows.empty else found


def anywhere() -> dict[str, reports.Tried]:
    """Coefficients of the whole survey, by their word in the address."""
    found = before(replace(state.choices(), ecosystem=None, zone_id=None))
    return {} if found is None else reports.used_ids(found)


def most(unit: str) -> float:
    """The largest value that can be tried, in the unit of the coefficient."""
    return DENSITY_MOST_T_C_HA if unit == _DENSITY else RATE_MOST_T_C_HA_YR


def tried(factor_id: str, unit: str) -> float | None:
    """The value that the address tries for a coefficient; None where it names none that can be."""
    text = state.asked(state.VALUE)
    if text is None or state.asked(state.COEFFICIENT) != factor_id:
        return None
    return address_numbers.known(text, most(unit))
