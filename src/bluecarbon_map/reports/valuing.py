"""Measured areas with their carbon, pool by pool, and the terms of their intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bluecarbon_map.accounting.stock import sequestration_t_c_yr, stock_t_c
from bluecarbon_map.accounting.uncertainty import combine
from bluecarbon_map.factors import FactorSet, PoolDensity, SequestrationFactor, StockFactor
from bluecarbon_map.reports.measure import ha_from_steps
from bluecarbon_map.reports.measured import Measured
from bluecarbon_map.units import FloatArray, co2e_from_c

Steps = NDArray[np.int64]
F = TypeVar("F")

STEPS_PER_T: Final = 10**6
"""Tonnes are kept in whole grams, so that zones add up to the province to the last digit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Valued:
    """Measured areas with their carbon, in whole `STEPS_PER_T`-ths of a tonne.

    Attributes:
        measured: The areas.
        stocks: Stock coefficient of each kind; None where there is none.
        rates: Sequestration coefficient of each kind; None where there is none.
        pools: Every pool of every kind, in the order of the kinds.
        kind_of_pool: Kind each pool belongs to, shape (pools,).
        pool_steps: Carbon, shape (zones, pools).
        pool_co2e_steps: The same as carbon dioxide.
        rate_steps: Carbon a year, shape (zones, kinds); 0 where there is no rate.
    """

    measured: Measured
    stocks: tuple[StockFactor | None, ...]
    rates: tuple[SequestrationFactor | None, ...]
    pools: tuple[PoolDensity, ...]
    kind_of_pool: NDArray[np.intp]
    pool_steps: Steps
    pool_co2e_steps: Steps
    rate_steps: Steps

    def by_kind(self, steps_of_pools: Steps) -> Steps:
        """Pools added up to kinds, shape (zones, kinds); 0 where a kind has no pool."""
        summed = np.zeros((len(steps_of_pools), len(self.stocks)), np.int64)
        np.add.at(summed.T, self.kind_of_pool, steps_of_pools.T)
        return summed


def value(measured: Measured, factor_set: FactorSet) -> Valued:
    """Give every area the carbon of its coefficients."""
    stocks = tuple(factor_set.stock(*kind) for kind in measured.kinds)
    rates = tuple(factor_set.sequestration(*kind) for kind in measured.kinds)
    owned = [(kind, pool) for kind, found in enumerate(stocks) if found for pool in found.pools]
    area_ha = ha_from_steps(measured.steps)
    held = _columns(
        [stock_t_c(area_ha[:, kind], pool.density_t_c_ha) for kind, pool in owned], len(area_ha)
    )
    buried = [_buried(area_ha[:, kind], found) for kind, found in enumerate(rates)]
    return Valued(
        measured=measured,
        stocks=stocks,
        rates=rates,
        pools=tuple(pool for _, pool in owned),
        kind_of_pool=np.array([kind for kind, _ in owned], dtype=np.intp),
        pool_steps=_steps(held),
        pool_co2e_steps=_steps(co2e_from_c(held)),
        rate_steps=_steps(_columns(buried, len(area_ha))),
    )


def depth_warnings(stocks: Iterable[StockFactor | None]) -> tuple[str, ...]:
    """What a reader must know of the depths of the coefficients used, each once."""
    pools = (pool for found in stocks if found for pool in found.pools)
    return tuple(dict.fromkeys(said for pool in pools if (said := pool.depth_warning)))


def _columns(columns: Sequence[FloatArray], rows: int) -> FloatArray:
    return np.column_stack(columns) if columns else np.zeros((rows, 0))


def _buried(area_ha: FloatArray, rate: SequestrationFactor | None) -> FloatArray:
    """Carbon a year of one kind; zeros stand in for unknown and are never shown as such."""
    if rate is None:
        return np.zeros(len(area_ha))
    return sequestration_t_c_yr(area_ha, rate.rate_t_c_ha_yr)


def _steps(amount: FloatArray) -> Steps:
    return np.rint(amount * STEPS_PER_T).astype(np.int64)


Term = tuple[str, float, float, float]
"""Coefficient, value, low and high for a hectare; NaN where unknown."""

_UNKNOWN: Final[Term] = ("", math.nan, math.nan, math.nan)


def stock_terms(found: StockFactor | None) -> list[Term]:
    """One term a pool."""
    pools = found.pools if found else ()
    return [(p.factor_id, p.density_t_c_ha, p.low_t_c_ha, p.high_t_c_ha) for p in pools]


def rate_terms(found: SequestrationFactor | None) -> list[Term]:
    """One term, or none where there is no rate."""
    if found is None:
        return []
    return [(found.factor_id, found.rate_t_c_ha_yr, found.low_t_c_ha_yr, found.high_t_c_ha_yr)]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the intervals of parts are combined from: every term of every part."""

    part: NDArray[np.intp]
    factor_id: list[str]
    value: FloatArray
    low: FloatArray
    high: FloatArray

    @classmethod
    def of(
        cls,
        area_ha: pd.Series[float],
        found: Sequence[F],
        terms_of: Callable[[F], list[Term]],
    ) -> Terms:
        """Terms of parts.

        Args:
            area_ha: Area of each part, shape (parts,).
            found: Coefficient of each part, shape (parts,).
            terms_of: What a coefficient says of a hectare; nothing where it is unknown.
        """
        part: list[int] = []
        ids: list[str] = []
        ends: list[tuple[float, float, float]] = []
        for row, (area, factor) in enumerate(zip(area_ha, found, strict=True)):
            for factor_id, middle, low, high in terms_of(factor) or [_UNKNOWN]:
                part.append(row)
                ids.append(factor_id)
                ends.append((area * middle, area * low, area * high))
        middles, lows, highs = np.array(ends, dtype=float).T
        return cls(np.array(part, dtype=np.intp), ids, middles, lows, highs)

    def ends(self, group_of_part: NDArray[np.intp], groups: int) -> FloatArray:
        """Low and high of groups of parts, shape (groups, 2); NaN where unknown."""
        sums = combine(
            self.factor_id, self.value, self.low, self.high, group_of_part[self.part], groups=groups
        )
        ends: FloatArray = np.column_stack([sums.low, sums.high]).round(6)
        return np.maximum(ends, 0.0)  # a low end of zero may come out a rounding error below
