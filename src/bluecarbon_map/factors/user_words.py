"""Words of a user's file that say what an interval, a pool or a depth is."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bluecarbon_map.factors.intervals import PUBLISHED_KINDS, IntervalKind
from bluecarbon_map.factors.pools import POOLS

_STATEABLE: Final = PUBLISHED_KINDS | {IntervalKind.CI95_OF_MEAN}

_FURTHER_KINDS: Final = {
    "ci": IntervalKind.CI95,
    "ci95": IntervalKind.CI95,
    "95ci": IntervalKind.CI95,
    "95%confidenceinterval": IntervalKind.CI95,
    "standarderror": IntervalKind.SE,
    "standarddeviation": IntervalKind.SD,
    "min-max": IntervalKind.RANGE,
    "最小-最大": IntervalKind.RANGE,
    "极差": IntervalKind.RANGE,
}
_FURTHER_POOLS: Final = {
    "soc": "soil",
    "土壤有机碳": "soil",
    "植被": "biomass",
    "vegetation": "biomass",
    "agb": "aboveground_biomass",
    "bgb": "belowground_biomass",
    "生态系统": "ecosystem",
    "全生态系统": "ecosystem",
    "凋落物": "litter",
}
_DEPTH: Final = re.compile(r"(?:(\d+(?:\.\d+)?)(?:cm|厘米)?[-–—~至到])?(\d+(?:\.\d+)?)(?:cm|厘米)?")

NO_SOIL: Final = frozenset({"aboveground_biomass", "litter", "deadwood"})
"""Pools above the ground, which have no depth."""


def _plain(text: str) -> str:
    """Without case, width and spaces; ``_`` is one of them."""
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", text)).casefold()


_KINDS: Final = _FURTHER_KINDS | {
    _plain(word): kind for kind in _STATEABLE for word in (kind.value, kind.name_zh)
}
_POOL_WORDS: Final = _FURTHER_POOLS | {
    _plain(word): pool for pool, zh in POOLS.items() for word in (pool, zh)
}


def kinds_told() -> str:
    """Words for the kinds of an interval, for a message."""
    return ", ".join(
        f"{kind.value} ({kind.name_zh})" for kind in IntervalKind if kind in _STATEABLE
    )


def pools_told() -> str:
    """Words for the pools, for a message."""
    return ", ".join(f"{pool} ({zh})" for pool, zh in POOLS.items())


def kind_named(text: str) -> IntervalKind | None:
    """The kind of interval that a word names; None where it names none."""
    return _KINDS.get(_plain(text))


def pool_named(text: str) -> str | None:
    """The pool that a word names; None where it names none."""
    return _POOL_WORDS.get(_plain(text))


def depth_named(text: str) -> tuple[float, float] | None:
    """Upper and lower end in cm of ``0-100`` or ``100``; None where it is no depth."""
    found = _DEPTH.fullmatch(_plain(text))
    if found is None:
        return None
    top, bottom = float(found[1] or 0), float(found[2])
    return (top, bottom) if top < bottom else None
