"""Which carbon pool lies inside which: what is inside another is never added to it.

docs/methods/02-stock.md, eq. 2.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

UNSTATED: Final = "unstated"
"""The pool of a coefficient that does not say which it is: it may hold any other."""

_PARTS: Final[dict[str, frozenset[str]]] = {
    "biomass": frozenset({"aboveground_biomass", "belowground_biomass"}),
    "soil": frozenset({"dead_roots"}),
}
_WHOLE: Final = frozenset({"ecosystem", UNSTATED})

POOLS: Final[dict[str, str]] = {
    "ecosystem": "整个生态系统",
    "soil": "土壤",
    "biomass": "生物量",
    "aboveground_biomass": "地上生物量",
    "belowground_biomass": "地下生物量",
    "dead_roots": "死根",
    "litter": "枯落物",
    "deadwood": "枯死木",
}
"""Pools of a stock, with their Chinese names. Dead roots are soil carbon (IPCC 2013)."""


def held_twice(pools: Sequence[str]) -> tuple[str, str] | None:
    """The first two pools of which one holds the other or is the same; None where none does."""
    for at, one in enumerate(pools):
        for other in pools[at + 1 :]:
            if _overlap(one, other):
                return one, other
    return None


def _overlap(one: str, other: str) -> bool:
    if one == other or one in _WHOLE or other in _WHOLE:
        return True
    nothing: frozenset[str] = frozenset()
    return other in _PARTS.get(one, nothing) or one in _PARTS.get(other, nothing)
