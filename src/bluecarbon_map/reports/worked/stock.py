"""Stock of mangrove, its interval and its burial; docs/methods/02, 03 and 04."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bluecarbon_map.accounting.stock import sequestration_t_c_yr, stock_t_c
from bluecarbon_map.errors import FactorError
from bluecarbon_map.factors import SequestrationFactor, StockFactor, load_set
from bluecarbon_map.units import CO2_PER_C, T_PER_WAN_T, co2e_from_c

MANGROVE_2022_HA: Final = 312.5
"""Mangrove of Zhejiang in the 2022 survey (中国环保协会 2023-06-14), in ha."""

_SET: Final = "zhejiang"


@dataclass(frozen=True, slots=True, kw_only=True)
class StockExample:
    """Stock and yearly burial of `MANGROVE_2022_HA`.

    Attributes:
        density_t_c_ha: Density used, in t C/ha.
        low_t_c_ha: Its lower end, in t C/ha.
        high_t_c_ha: Its upper end, in t C/ha.
        interval_kind: What the ends are.
        source: Publication of the density.
        stock_t_c: Area × density, in t C.
        low_t_c: Lower end, in t C.
        high_t_c: Upper end, in t C.
        stock_t_co2e: The stock as CO2, converted before it is rounded, in t CO2e.
        rounded_wan_t_c: The stock rounded to 0.01 × 10⁴ t C, as it was published.
        rounded_first_wan_t_co2e: That number with a rounded 3.67, in 10⁴ t CO2e.
        rate_t_c_ha_yr: Burial rate, in t C/ha/yr.
        rate_source: Its publication.
        buried_t_c_yr: Area × rate, in t C/yr.
        years: Years of burial that the stock amounts to.
    """

    density_t_c_ha: float
    low_t_c_ha: float
    high_t_c_ha: float
    interval_kind: str
    source: str
    stock_t_c: float
    low_t_c: float
    high_t_c: float
    stock_t_co2e: float
    rounded_wan_t_c: float
    rounded_first_wan_t_co2e: float
    rate_t_c_ha_yr: float
    rate_source: str
    buried_t_c_yr: float
    years: float


def stock_example() -> StockExample:
    """Stock, its interval and its burial; docs/methods/02-stock.md to 04-sequestration.md."""
    held, rate = _mangrove()
    (pool,) = held.pools
    if pool.interval is None:
        raise FactorError(f"{pool.factor_id} has no interval to show")
    stock = float(stock_t_c(MANGROVE_2022_HA, pool.density_t_c_ha)[0])
    buried = float(sequestration_t_c_yr(MANGROVE_2022_HA, rate.rate_t_c_ha_yr)[0])
    rounded = round(stock / T_PER_WAN_T, 2)
    return StockExample(
        density_t_c_ha=pool.density_t_c_ha,
        low_t_c_ha=pool.low_t_c_ha,
        high_t_c_ha=pool.high_t_c_ha,
        interval_kind=pool.interval.kind.value,
        source=pool.source or "",
        stock_t_c=stock,
        low_t_c=MANGROVE_2022_HA * pool.low_t_c_ha,
        high_t_c=MANGROVE_2022_HA * pool.high_t_c_ha,
        stock_t_co2e=co2e_from_c(stock),
        rounded_wan_t_c=rounded,
        rounded_first_wan_t_co2e=round(rounded * round(CO2_PER_C, 2), 2),
        rate_t_c_ha_yr=rate.rate_t_c_ha_yr,
        rate_source=rate.source or "",
        buried_t_c_yr=buried,
        years=stock / buried,
    )


def _mangrove() -> tuple[StockFactor, SequestrationFactor]:
    chosen = load_set(_SET)
    held, rate = chosen.stock("mangrove"), chosen.sequestration("mangrove")
    if held is None or rate is None:
        raise FactorError(f"set {_SET} has no coefficient for mangrove")
    return held, rate
