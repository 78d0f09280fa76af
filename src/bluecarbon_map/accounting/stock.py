"""Carbon that areas hold, and carbon they take up a year: two ledgers that are never added.

docs/methods/02-stock.md and docs/methods/04-sequestration.md.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bluecarbon_map.errors import FactorError
from bluecarbon_map.factors import DENSITY_MOST_T_C_HA, RATE_MOST_T_C_HA_YR
from bluecarbon_map.units import FloatArray


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
    """Carbon buried a year by each part: area × rate.

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
            f"a {name} of {worst:g} {unit} lies outside 0 to {most:,.0f}",
            "Check its unit (C or CO2, ha or m²)",
        )
    product: FloatArray = area * amount
    return product


def _areas(area_ha: ArrayLike) -> FloatArray:
    area: FloatArray = np.atleast_1d(np.asarray(area_ha, dtype=float))
    if not (np.isfinite(area) & (area >= 0)).all():
        raise ValueError("an area is finite and >= 0 ha")
    return area
