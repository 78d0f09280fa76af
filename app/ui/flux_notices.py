"""What an address asks of the page of fluxes in vain, and what is shown instead."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from bluecarbon_map.reports import fluxes
from bluecarbon_map.reports.fluxes import Activity
from ui import address_numbers, flux_state, flux_words, naming, numbers, state
from ui.words import _

Wrong = tuple[str, str] | tuple[str, str, str] | None
"""What is asked for, what is shown instead, and the limits of a number that lies outside them."""


def _number(key: str, value: str) -> Wrong:
    unknown = value == flux_state.UNKNOWN and flux_state.can_be_unknown(key)
    if unknown or flux_state.known_number(key, value) is not None:
        return None
    usual = flux_state.NUMBERS[key].usual
    shown = numbers.no_data(state.language()) if usual is None else f"{usual:,g}"
    most = flux_state.NUMBERS[key].most
    if address_numbers.outside(value, most):
        return flux_words.number_name(key), shown, address_numbers.limits(most)
    return flux_words.number_name(key), shown


def _activity(value: str) -> Wrong:
    usual = flux_words.activity_name(Activity.CREATED)
    return None if value in set(Activity) else (_("activity"), usual)


def _ground(value: str) -> Wrong:
    if value in fluxes.ECOSYSTEMS_OF[flux_state.activity()]:
        return None
    now = flux_state.ground()
    shown = flux_words.activity_name(Activity.PONDS) if now is None else naming.ecosystem_name(now)
    return _("ecosystem of the activity"), shown


def _planted(value: str) -> Wrong:
    return None if value in ("0", "1") else (_("way of planting"), _("Planted or sown"))


def _accept(value: str) -> Wrong:
    return None if value in ("0", "1") else (_("acceptance"), _("checked values only"))


def _gwp(value: str) -> Wrong:
    known = value in flux_state.gwp_sets()
    return None if known else (_("set of warming potentials"), fluxes.GWP_SETS[0])


def _species(value: str) -> Wrong:
    known = value in fluxes.grown()
    return None if known else (_("species"), flux_words.species_name(flux_state.species()))


CHECKS: Final[dict[str, Callable[[str], Wrong]]] = {
    flux_state.ACTIVITY: _activity,
    flux_state.GROUND: _ground,
    flux_state.PLANTED: _planted,
    flux_state.ACCEPT: _accept,
    flux_state.GWP: _gwp,
    flux_state.SPECIES: _species,
    **{key: partial(_number, key) for key in flux_state.NUMBERS},
}
