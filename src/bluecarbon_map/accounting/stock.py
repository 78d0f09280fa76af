"""Carbon that areas hold, and carbon they take up a year: two ledgers that are never added.

docs/methods/02-stock.md and docs/methods/04-sequestration.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bluecarbon_map.accounting.uncertainty import combine
from bluecarbon_map.errors import FactorError
from bluecarbon_map.factors import DENSITY_MOST_T_C_HA, RATE_MOST_T_C_HA_YR
from bluecarbon_map.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class StockTotal:
    """Carbon that several parts hold together.

    Attributes:
        stock_t_c: Carbon of the parts that have a value, in t C; NaN when none has. Where
            ``unvalued_ha`` is above 0 it reads "at least".
        stock_t_c_low: Lower end, in t C; NaN where unknown.
        stock_t_c_high: Upper end, in t C; NaN where unknown.
        valued_ha: Area of the parts that have a value, in ha.
        unvalued_ha: Area of the parts whose carbon is unknown, in ha.
    """

    stock_t_c: float
    stock_t_c_low: float
    stock_t_c_high: float
    valued_ha: float
    unvalued_ha: float


def stock_t_c(area_ha: ArrayLike, density_t_c_ha: ArrayLike) -> FloatArray:
    """Carbon held by each part: area × density.

    Args:
        area_ha: Areas, shape (n,), in ha, >= 0.
        density_t_c_ha: Carbon densities, same shape or one number, in t C/ha; NaN where there is no
            coefficient.

    Returns:
        Carbon, shape (n,), in t C; NaN where the density is.

    Raises:
        FactorError: If a density is negative or above 2,000 t C/ha.
        ValueError: If an area is negative or not finite, or the shapes differ.

    Source:
        docs/methods/02-stock.md, eq. 2.1.
    """
    return _held(area_ha, density_t_c_ha, DENSITY_MOST_T_C_HA, "density", "t C/ha")


def sequestration_t_c_yr(area_ha: ArrayLike, rate_t_c_ha_yr: ArrayLike) -> FloatArray:
    """Carbon taken up a year by each part: area × rate.

    Args:
        area_ha: Areas, shape (n,), in ha, >= 0.
        rate_t_c_ha_yr: Rates, same shape or one number, in t C/ha/yr; NaN where there is no
            coefficient.

    Returns:
        Carbon, shape (n,), in t C/yr; NaN where the rate is.

    Raises:
        FactorError: If a rate is negative or above 10 t C/ha/yr.
        ValueError: If an area is negative or not finite, or the shapes differ.

    Source:
        docs/methods/04-sequestration.md, eq. 4.1.
    """
    return _held(area_ha, rate_t_c_ha_yr, RATE_MOST_T_C_HA_YR, "rate", "t C/ha/yr")


def _held(area_ha: ArrayLike, per_ha: ArrayLike, most: float, name: str, unit: str) -> FloatArray:
    area, amount = _areas(area_ha), np.asarray(per_ha, dtype=float)
    if amount.ndim and amount.shape != area.shape:
        raise ValueError(f"{area.size} areas and {amount.size} values per hectare")
    bad = (amount < 0) | (amount > most)
    if bad.any():
        worst = float(amount[bad].flat[0])
        raise FactorError(
            f"a {name} of {worst:g} {unit} lies outside 0 to {most:,.0f}: check its unit "
            "(C or CO2, ha or m²)"
        )
    product: FloatArray = area * amount
    return product


def _areas(area_ha: ArrayLike) -> FloatArray:
    area: FloatArray = np.atleast_1d(np.asarray(area_ha, dtype=float))
    if not (np.isfinite(area) & (area >= 0)).all():
        raise ValueError("an area is finite and >= 0 ha")
    return area


def total_stock(
    area_ha: ArrayLike,
    density_t_c_ha: ArrayLike,
    low_t_c_ha: ArrayLike,
    high_t_c_ha: ArrayLike,
    factor_id: ArrayLike,
) -> StockTotal:
    """Carbon of parts that each hold one pool, with the interval of the sum.

    For parts with several pools add the terms with `uncertainty.combine`, so that no area is
    counted once for each pool.

    Args:
        area_ha: Areas, shape (n,), in ha, >= 0.
        density_t_c_ha: Carbon densities, shape (n,), in t C/ha; NaN where there is none.
        low_t_c_ha: Lower ends, shape (n,), in t C/ha; NaN where unknown.
        high_t_c_ha: Upper ends, shape (n,), in t C/ha; NaN where unknown.
        factor_id: Coefficient of each part, shape (n,); anything where there is none.

    Raises:
        FactorError: If a density or an end is negative, or a density above 2,000 t C/ha.
        ValueError: If there is no part, or as `uncertainty.combine`.

    Source:
        docs/methods/02-stock.md, eq. 2.2; 03-uncertainty.md, eq. 3.3 and 3.4.
    """
    area = _areas(area_ha)
    stock = stock_t_c(area, density_t_c_ha)
    low, high = (area * np.asarray(end, dtype=float) for end in (low_t_c_ha, high_t_c_ha))
    sums = combine(factor_id, stock, low, high)
    unvalued_ha = float(area[np.isnan(stock)].sum())
    return StockTotal(
        stock_t_c=float(sums.value[0]),
        stock_t_c_low=float(sums.low[0]),
        stock_t_c_high=float(sums.high[0]),
        valued_ha=float(area[~np.isnan(stock)].sum()),
        unvalued_ha=unvalued_ha,
    )
