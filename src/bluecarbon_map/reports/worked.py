"""Worked examples of the methods: every number is made here, by the code that makes the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import geopandas as gpd
import shapely

from bluecarbon_map.accounting.stock import sequestration_t_c_yr, stock_t_c
from bluecarbon_map.accounting.uncertainty import combine
from bluecarbon_map.errors import FactorError
from bluecarbon_map.factors import SequestrationFactor, StockFactor, load_set
from bluecarbon_map.geodesy import STORAGE_CRS, area_ha
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.targets import targets_in_force
from bluecarbon_map.units import (
    CO2_PER_C,
    M2_PER_HA,
    MU_PER_HA,
    T_PER_WAN_T,
    co2e_from_c,
    ha_from_m2,
)

MANGROVE_2022_HA: Final = 312.5
"""Mangrove of Zhejiang in the 2022 survey (中国环保协会 2023-06-14), in ha."""

_SET: Final = "zhejiang"
_CELL: Final = (120.0, 30.0, 121.0, 31.0)
_WEB_MERCATOR: Final = "EPSG:3857"
_TERM_IDS: Final = ("a", "b")
"""Two coefficients, with their values, lows and highs in t C/ha, for 100 ha each."""
_MIDDLES: Final = (60.0, 80.0)
_LOWS: Final = (57.0, 76.0)
_HIGHS: Final = (65.0, 92.0)
_TERM_HA: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaExample:
    """A cell of one degree, 120–121°E, 30–31°N.

    Attributes:
        ellipsoid_m2: Its area on the ellipsoid, in m².
        mercator_ha: What a web map would measure, in ha.
        too_large_percent: By how much that is too large.
        mangrove_mu: `MANGROVE_2022_HA` in mu.
    """

    ellipsoid_m2: float
    mercator_ha: float
    too_large_percent: float
    mangrove_mu: float


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SumExample:
    """100 ha of each of two coefficients, their distances in quadrature; all in t C.

    Attributes:
        value: Sum.
        low: Lower end.
        high: Upper end.
        same_low: Lower end if both had the same coefficient a.
        same_high: Upper end likewise.
    """

    value: float
    low: float
    high: float
    same_low: float
    same_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceExample:
    """What an even pace asks for on the day of an acceptance, in the target's unit."""

    name_zh: str
    name_en: str
    value: float
    day: date
    pace: float | None


def area_example() -> AreaExample:
    """Area on the ellipsoid, and what Mercator makes of it; docs/methods/01-area.md."""
    cell = gpd.GeoSeries([shapely.box(*_CELL)], crs=STORAGE_CRS)
    true_ha = float(area_ha(cell, "cell")[0])
    mercator_ha = ha_from_m2(float(cell.to_crs(_WEB_MERCATOR).area.iloc[0]))
    return AreaExample(
        ellipsoid_m2=true_ha * M2_PER_HA,
        mercator_ha=mercator_ha,
        too_large_percent=100.0 * (mercator_ha / true_ha - 1.0),
        mangrove_mu=MANGROVE_2022_HA * MU_PER_HA,
    )


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


def sum_example() -> SumExample:
    """How intervals add up; docs/methods/03-uncertainty.md."""
    apart, same = _added(_TERM_IDS), _added(_TERM_IDS[:1] * len(_TERM_IDS))
    return SumExample(
        value=apart[0], low=apart[1], high=apart[2], same_low=same[1], same_high=same[2]
    )


def _added(names: tuple[str, ...]) -> tuple[float, float, float]:
    values, lows, highs = ([_TERM_HA * end for end in ends] for ends in (_MIDDLES, _LOWS, _HIGHS))
    made = combine(names, values, lows, highs)
    return float(made.value[0]), float(made.low[0]), float(made.high[0])


def pace_example(store: Workspace, day: date) -> PaceExample | None:
    """Even pace of the first target of the workspace's own plan on a day; None without a plan."""
    plan_id = store.info.default_plan_id
    if plan_id is None:
        return None
    target = targets_in_force(store.targets(), plan_id)[0]
    return PaceExample(
        name_zh=target.name_zh,
        name_en=target.name_en,
        value=target.value,
        day=day,
        pace=target.pace(day),
    )
