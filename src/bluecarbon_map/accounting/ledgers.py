"""Three ledgers that are never added: carbon held, carbon a year, tonnes that a scheme credits.

docs/methods/10-credits.md, eq. 10.7. Amounts that carry their ledger refuse to be added to another
ledger's, unit's, scheme's or date's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final


class Ledger(StrEnum):
    """What an amount of carbon is."""

    STOCK = "stock"
    FLOW = "yearly flow"
    CREDIT = "credit"


_UNITS: Final = {
    Ledger.STOCK: ("t C", "t CO2e"),
    Ledger.FLOW: ("t C/yr", "t CO2e/yr"),
    Ledger.CREDIT: ("t CO2e",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """An amount in one ledger.

    Attributes:
        value: How much, in ``unit``; NaN where unknown, and so is every sum with it.
        unit: ``t C``, ``t CO2e``, and for a flow the same ``/yr``; a credit is ``t CO2e``.
        ledger: Which ledger it stands in.
        scheme: Whose rules it was counted under; a credit always has one.
        as_of: Date it holds for.

    Raises:
        ValueError: If the value is infinite, the unit is none of the ledger's, or a credit names
            no scheme.
    """

    value: float
    unit: str
    ledger: Ledger
    scheme: str | None
    as_of: date

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if math.isinf(self.value):
            raise ValueError("an amount is finite, or NaN where it is unknown")
        if self.unit not in _UNITS[self.ledger]:
            raise ValueError(
                f"a {self.ledger} is in {' or '.join(_UNITS[self.ledger])}, not {self.unit}"
            )
        if self.ledger is Ledger.CREDIT and not self.scheme:
            raise ValueError("a credit names the scheme it was counted under")

    def __add__(self, other: Amount) -> Amount:
        """The sum of two amounts of one ledger, unit, scheme and date.

        Raises:
            ValueError: If they differ in one of these.
        """
        if not isinstance(other, Amount):
            return NotImplemented
        for name in ("ledger", "scheme", "as_of", "unit"):
            mine, others = getattr(self, name), getattr(other, name)
            if mine != others:
                raise ValueError(
                    f"amounts of two kinds are never added: {_WORDS[name]} {mine} and {others}"
                )
        return replace(self, value=self.value + other.value)


_WORDS: Final = {"ledger": "ledgers", "scheme": "schemes", "as_of": "dates", "unit": "units"}


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum of amounts of one kind.

    Raises:
        ValueError: If there is none, for a sum over nothing is unknown and not zero, or two differ
            in ledger, scheme, date or unit.
    """
    summed: Amount | None = None
    for one in amounts:
        summed = one if summed is None else summed + one
    if summed is None:
        raise ValueError("there is nothing to add up: a sum over nothing is unknown, not zero")
    return summed
