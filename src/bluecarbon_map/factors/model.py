"""What a set of coefficients answers with."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bluecarbon_map.factors.intervals import Interval
from bluecarbon_map.factors.limits import SOIL_DEPTH_CM

DEPTH_UNSTATED: Final = "(depth unstated)"
"""Stands after soil in the words of a pool whose depth nobody states."""

TIER_NAMES: Final[dict[int, tuple[str, str]]] = {
    1: ("全球", "global"),
    2: ("全国（或他省）", "national (or another province's)"),
    3: ("本省", "provincial"),
}
"""Chinese and English name of each tier."""

Key = tuple[str, str | None]
"""Ecosystem, and species or None for any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """A set had no coefficient of the tier it wants and took a coarser one.

    Attributes:
        wanted: Tier the set wants.
        tier: Tier it took.
    """

    wanted: int
    tier: int

    @property
    def zh(self) -> str:
        """In Chinese words."""
        return f"无{TIER_NAMES[self.wanted][0]}值，采用{TIER_NAMES[self.tier][0]}值"

    @property
    def en(self) -> str:
        """In English words."""
        return f"no {TIER_NAMES[self.wanted][1]} value: {TIER_NAMES[self.tier][1]} value used"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDensity:
    """Carbon that one pool holds on a hectare.

    Attributes:
        pool: Pool; ``ecosystem`` is vegetation and soil together.
        depth_cm: Soil depth, upper and lower end in cm; None where none is stated.
        density_t_c_ha: Carbon density, in t C/ha.
        interval: Its interval in t C/ha; None where it is unknown.
        factor_id: Coefficient it comes from.
        tier: 1 global, 2 national, 3 provincial; None for a user's own.
        source: Publication, or what a user's file says; None where it says nothing.
    """

    pool: str
    depth_cm: tuple[float, float] | None
    density_t_c_ha: float
    interval: Interval | None
    factor_id: str
    tier: int | None
    source: str | None

    @property
    def low_t_c_ha(self) -> float:
        """Lower end, in t C/ha; NaN where unknown."""
        return math.nan if self.interval is None else self.interval.low

    @property
    def high_t_c_ha(self) -> float:
        """Upper end, in t C/ha; NaN where unknown."""
        return math.nan if self.interval is None else self.interval.high

    @property
    def depth_warning(self) -> str | None:
        """What a reader must know of its depth, Chinese and English; None where nothing."""
        if self.depth_cm is None and self.pool == "soil":
            return (
                f"{self.factor_id}：土壤未注明深度，不宜与 0–100 cm 的储量比较 / soil without a "
                "stated depth: its stock does not compare with one of 0-100 cm"
            )
        if self.depth_cm in (None, SOIL_DEPTH_CM):
            return None
        return (
            f"{self.factor_id}：{self.words}，不是 0–100 cm，未作换算，不宜与 0–100 cm 的储量比较"
            " / "
            f"{self.words}, not 0-100 cm: it was not scaled and does not compare with such a stock"
        )

    @property
    def words(self) -> str:
        """Pool and depth in one word for tables, e.g. ``soil 0-100 cm``."""
        if self.depth_cm is None:
            return f"{self.pool} {DEPTH_UNSTATED}" if self.pool == "soil" else self.pool
        return f"{self.pool} {self.depth_cm[0]:g}-{self.depth_cm[1]:g} cm"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockFactor:
    """Stock densities of one ecosystem or species, pool by pool.

    Attributes:
        ecosystem: Ecosystem it is about.
        species: Species it is about; None when it stands for any.
        pools: One density a pool, none of them inside another.
        fell_back: The tier it fell back to; None when it has the tier the set wants.
        why_zh: Why this coefficient, Chinese.
        why_en: The same in English.
    """

    ecosystem: str
    species: str | None
    pools: tuple[PoolDensity, ...]
    fell_back: Fallback | None
    why_zh: str
    why_en: str

    @property
    def density_t_c_ha(self) -> float:
        """All its pools together, in t C/ha."""
        return math.fsum(pool.density_t_c_ha for pool in self.pools)

    @property
    def factor_id(self) -> str:
        """Ids of its coefficients, joined by ``; ``."""
        return "; ".join(pool.factor_id for pool in self.pools)

    @property
    def tier(self) -> int | None:
        """Its coarsest tier; None for a user's own."""
        return min((pool.tier for pool in self.pools if pool.tier is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SequestrationFactor:
    """Carbon that a hectare takes up a year.

    Attributes:
        ecosystem: Ecosystem it is about.
        species: Species it is about; None when it stands for any.
        rate_t_c_ha_yr: Rate, in t C/ha/yr; >= 0.
        interval: Its interval in t C/ha/yr; None where it is unknown.
        quantity: ``burial_C`` into the soil, ``removal_C``, or ``stated``.
        factor_id: Coefficient it comes from.
        tier: 1 global, 2 national, 3 provincial; None for a user's own.
        source: Publication, or what a user's file says; None where it says nothing.
        fell_back: The tier it fell back to; None when it has the tier the set wants.
        why_zh: Why this coefficient, Chinese.
        why_en: The same in English.
    """

    ecosystem: str
    species: str | None
    rate_t_c_ha_yr: float
    interval: Interval | None
    quantity: str
    factor_id: str
    tier: int | None
    source: str | None
    fell_back: Fallback | None
    why_zh: str
    why_en: str

    @property
    def low_t_c_ha_yr(self) -> float:
        """Lower end, in t C/ha/yr; NaN where unknown."""
        return math.nan if self.interval is None else self.interval.low

    @property
    def high_t_c_ha_yr(self) -> float:
        """Upper end, in t C/ha/yr; NaN where unknown."""
        return math.nan if self.interval is None else self.interval.high


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorSet:
    """Which coefficient each ecosystem and species gets.

    Attributes:
        set_id: Its name, or the name of the user's file.
        title_zh: Chinese title.
        title_en: English title.
        stocks: Stock densities by ecosystem and species.
        rates: Sequestration rates by ecosystem and species.
    """

    set_id: str
    title_zh: str
    title_en: str
    stocks: Mapping[Key, StockFactor]
    rates: Mapping[Key, SequestrationFactor]

    def stock(self, ecosystem: str, species: str | None = None) -> StockFactor | None:
        """Stock densities of a species, else of its ecosystem; None where there is none."""
        own = self.stocks.get((ecosystem, species)) if species else None
        return own or self.stocks.get((ecosystem, None))

    def sequestration(
        self, ecosystem: str, species: str | None = None
    ) -> SequestrationFactor | None:
        """Sequestration rate of a species, else of its ecosystem; None where there is none."""
        own = self.rates.get((ecosystem, species)) if species else None
        return own or self.rates.get((ecosystem, None))
