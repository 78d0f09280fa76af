"""Guards against numbers that cannot be: each finding names its rule, the number and the limit.

docs/methods/12-plausibility.md. A guard never changes a number and never says that one is right: it
says which rule it breaks. An unknown number (NaN) breaks none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bluecarbon_map.factors import DENSITY_MOST_T_C_HA, RATE_MOST_T_C_HA_YR
from bluecarbon_map.units import CO2_PER_C

NATION_STOCK_T_C: Final = 118e6
"""Mangrove, marsh, flat and seagrass of all China: 118 Tg C (Wang F. et al. 2023)."""

NATION_BURIAL_T_C_YR: Final = 0.97e6
"""Burial of all China: 0.97 Tg C/yr (Wang F. et al. 2021)."""

PRICE_LEAST_YUAN_T, PRICE_MOST_YUAN_T = 1.0, 2_000.0
"""Prices paid so far lie between 8 and 1,000 yuan/t."""

STOCK_PER_FLUX_LEAST_YR: Final = 10.0
"""A soil that holds less than ten years of its own burial is a flux taken for a stock."""

_ROUNDED: Final = 0.005


class Rule(StrEnum):
    """What a finding is about."""

    DENSITY = "density"
    BURIAL = "burial"
    GAIN = "gain"
    NATION_STOCK = "nation_stock"
    NATION_BURIAL = "nation_burial"
    PRICE = "implied_price"
    STOCK_FLUX = "stock_flux"
    SHARE = "share"
    CARBON = "carbon_or_co2"
    DEPTH = "depth"
    PLACE = "place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule that a number breaks.

    Attributes:
        rule: Which.
        value: The number.
        limit: The limit it breaks.
        unit: Unit of both.
        zh: What is wrong and what to check, Chinese.
        en: The same in English.
    """

    rule: Rule
    value: float
    limit: float
    unit: str
    zh: str
    en: str


def density(density_t_c_ha: float) -> Iterator[Finding]:
    """A carbon density outside 0 to 2,000 t C/ha; the densest Chinese site holds 1,490.5."""
    if density_t_c_ha < 0 or density_t_c_ha > DENSITY_MOST_T_C_HA:
        yield Finding(
            rule=Rule.DENSITY,
            value=density_t_c_ha,
            limit=DENSITY_MOST_T_C_HA,
            unit="t C/ha",
            zh="碳密度不在 0–2,000 t C/ha：请查单位（C 或 CO₂、公顷或平方米）和深度",
            en="density outside 0–2,000 t C/ha: check its unit (C or CO2, ha or m²) and its depth",
        )


def burial(rate_t_c_ha_yr: float) -> Iterator[Finding]:
    """A burial rate outside 0 to 10 t C/ha/yr; the highest published is 9.55."""
    if rate_t_c_ha_yr < 0 or rate_t_c_ha_yr > RATE_MOST_T_C_HA_YR:
        yield Finding(
            rule=Rule.BURIAL,
            value=rate_t_c_ha_yr,
            limit=RATE_MOST_T_C_HA_YR,
            unit="t C/ha/yr",
            zh="埋藏速率不在 0–10 t C/ha/年：多半是季节增量、g/m² 或 CO₂",
            en="burial outside 0–10 t C/ha/yr: a seasonal increment, g/m² or CO2, most likely",
        )


def gain(gained_t_c_ha: float, years: float) -> Iterator[Finding]:
    """A density that grew faster than carbon can be buried."""
    if not years > 0:
        raise ValueError("years lie above 0")
    rate = gained_t_c_ha / years
    if rate > RATE_MOST_T_C_HA_YR:
        yield Finding(
            rule=Rule.GAIN,
            value=rate,
            limit=RATE_MOST_T_C_HA_YR,
            unit="t C/ha/yr",
            zh="碳密度的年增量超过 10 t C/ha：超过任何已发表的埋藏速率",
            en="density grew by more than 10 t C/ha a year: faster than any published burial",
        )


def province(stock_t_c: float, burial_t_c_yr: float = math.nan) -> Iterator[Finding]:
    """A place that holds, or buries, more than all of China's coast."""
    if stock_t_c >= NATION_STOCK_T_C:
        yield Finding(
            rule=Rule.NATION_STOCK,
            value=stock_t_c,
            limit=NATION_STOCK_T_C,
            unit="t C",
            zh="一地储量不小于全国滨海 1.18 亿吨碳",
            en="one place holds no less than all of China's coast, 118 million t C",
        )
    elif stock_t_c >= NATION_STOCK_T_C / 2:
        yield Finding(
            rule=Rule.NATION_STOCK,
            value=stock_t_c,
            limit=NATION_STOCK_T_C / 2,
            unit="t C",
            zh="一地储量超过全国滨海的一半：是不是 CO₂ 当成了碳？",
            en="one place holds more than half of China's coast: is it CO2 taken for C?",
        )
    if burial_t_c_yr >= NATION_BURIAL_T_C_YR:
        yield Finding(
            rule=Rule.NATION_BURIAL,
            value=burial_t_c_yr,
            limit=NATION_BURIAL_T_C_YR,
            unit="t C/yr",
            zh="一地年埋藏量不小于全国 97 万吨碳",
            en="one place buries no less than all of China's coast, 0.97 million t C a year",
        )


def price(value_yuan: float, amount_t: float) -> Iterator[Finding]:
    """A value whose tonne would cost less than 1 or more than 2,000 yuan."""
    if not amount_t > 0:
        raise ValueError("tonnes lie above 0")
    implied = value_yuan / amount_t
    if not math.isnan(implied) and not PRICE_LEAST_YUAN_T <= implied <= PRICE_MOST_YUAN_T:
        low = implied < PRICE_LEAST_YUAN_T
        yield Finding(
            rule=Rule.PRICE,
            value=implied,
            limit=PRICE_LEAST_YUAN_T if low else PRICE_MOST_YUAN_T,
            unit="yuan/t",
            zh="隐含单价不在 1–2,000 元/吨：请查总价与吨数的单位",
            en="implied price outside 1–2,000 yuan/t: check the units of value and tonnes",
        )


def stock_and_flux(density_t_c_ha: float, rate_t_c_ha_yr: float) -> Iterator[Finding]:
    """A stock of so few years of burial that one of the two is the other."""
    if rate_t_c_ha_yr > 0 and density_t_c_ha < STOCK_PER_FLUX_LEAST_YR * rate_t_c_ha_yr:
        yield Finding(
            rule=Rule.STOCK_FLUX,
            value=density_t_c_ha / rate_t_c_ha_yr,
            limit=STOCK_PER_FLUX_LEAST_YR,
            unit="yr",
            zh="储量不足十年的埋藏量：储量与通量是不是填反了？",
            en="the stock is less than ten years of burial: are stock and flux mixed up?",
        )


def share(value: float) -> Iterator[Finding]:
    """A share above 1, which is per cent, or below 0."""
    if value < 0 or value > 1:
        yield Finding(
            rule=Rule.SHARE,
            value=value,
            limit=1.0,
            unit="1",
            zh="份额不在 0–1：是不是百分数？",
            en="a share outside 0–1: is it per cent?",
        )


def carbon_or_co2(stated: float, by_coefficient_t_c: float) -> Iterator[Finding]:
    """A stated amount of carbon that is 44/12 of what area and coefficient give, or 12/44."""
    if not (stated > 0 and by_coefficient_t_c > 0):
        return
    ratio = stated / by_coefficient_t_c
    for known in (CO2_PER_C, 1 / CO2_PER_C):
        if abs(ratio / known - 1) <= _ROUNDED:
            yield Finding(
                rule=Rule.CARBON,
                value=ratio,
                limit=known,
                unit="1",
                zh="与面积 × 系数之比正好是 44/12 或 12/44：C 与 CO₂ 混用",
                en="its ratio to area × coefficient is 44/12 or 12/44: C and CO2 are mixed up",
            )


def depth(coefficient_cm: float, wanted_cm: float) -> Iterator[Finding]:
    """A coefficient of another depth than the result says."""
    if abs(coefficient_cm - wanted_cm) > _ROUNDED:
        yield Finding(
            rule=Rule.DEPTH,
            value=coefficient_cm,
            limit=wanted_cm,
            unit="cm",
            zh="系数的深度与结果的深度不同，不得按比例换算",
            en="the coefficient's depth is another than the result's; it is never scaled",
        )


def place(lon: float, lat: float, bounds: tuple[float, float, float, float]) -> Iterator[Finding]:
    """A coordinate outside west, south, east, north, in degrees."""
    west, south, east, north = bounds
    limits = ((lon, west, east), (lat, south, north))
    for value, low, high in limits:
        if value < low or value > high:
            yield Finding(
                rule=Rule.PLACE,
                value=value,
                limit=low if value < low else high,
                unit="degrees",
                zh="坐标在区域之外：请查经纬度次序、坐标系和小数点",
                en="a coordinate outside the region: check the order, the system and the point",
            )
