"""What an address asks of the page that takes numbers apart in vain, and what is shown instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ui import address_numbers, flux_notices, state, trace_choices
from ui.words import _


def _number(value: str) -> flux_notices.Wrong:
    names = trace_choices.names()
    return None if value in names else (_("number to take apart"), names[trace_choices.USUAL])


def _coefficient(value: str) -> flux_notices.Wrong:
    used = trace_choices.anywhere()
    if value in used:
        return None
    return _("coefficient"), next(iter(used), _("none"))


def _value(value: str) -> flux_notices.Wrong:
    used = trace_choices.anywhere()
    found = used.get(state.asked(state.COEFFICIENT) or "")
    if found is None:
        return _("value to try"), _("the coefficients as they are")
    most = trace_choices.most(found.unit)
    if address_numbers.known(value, most) is not None:
        return None
    shown = f"{found.value:g} {found.unit}"
    if address_numbers.outside(value, most):
        return _("value to try"), shown, address_numbers.limits(most)
    return _("value to try"), shown


CHECKS: Final[dict[str, Callable[[str], flux_notices.Wrong]]] = {
    state.NUMBER: _number,
    state.COEFFICIENT: _coefficient,
    state.VALUE: _value,
}
