"""Carbon that areas hold, and carbon they take up a year: two ledgers that are never added.

docs/methods/02-stock.md and docs/methods/04-sequestration.md.
"""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratified:
    """Carbon of strata together.

    Attributes:
        stock_t_c: Carbon of the strata that have a mean, in t C; NaN where none has.
        se_t_c: Its standard error, in t C; NaN where that of one of them is unknown.
        area_ha: Area of all strata, in ha.
        unvalued_ha: Area of strata without a mean, in ha; above 0 the stock is "at least".
    """

    stock_t_c: float
    se_t_c: float
    area_ha: float
    unvalued_ha: float


def stratified(area_ha: ArrayLike, mean_t_c_ha: ArrayLike, se_t_c_ha: ArrayLike) -> Stratified:
    """Carbon of strata that were sampled apart, with its standard error.

    The error is that of the *means*; strata are independent and their areas exact. A stratum
    without a mean is not zero: its area is told. One of no area adds nothing, neither carbon nor
    error.

    Args:
        area_ha: Areas, shape (strata,), in ha, >= 0.
        mean_t_c_ha: Mean densities, shape (strata,), in t C/ha; NaN where unknown.
        se_t_c_ha: Standard errors of those means, shape (strata,), in t C/ha; NaN where unknown,
            as for one plot.

    Raises:
        FactorError: If a mean is negative or above 2,000 t C/ha.
        ValueError: If there is no stratum, shapes differ, an area is negative or not finite, or an
            error negative or infinite.

    Source:
        docs/methods/02-stock.md, eq. 2.4; Howard et al. 2014 (form).
    """
    area = _areas(area_ha)
    mean, error = (np.atleast_1d(np.asarray(one, dtype=float)) for one in (mean_t_c_ha, se_t_c_ha))
    if area.size == 0 or not area.shape == mean.shape == error.shape:
        raise ValueError("each stratum has its area, its mean and its standard error, or NaN")
    if (error < 0).any() or np.isinf(error).any():
        raise ValueError("a standard error is finite and >= 0 t C/ha, or NaN where it is unknown")
    held = stock_t_c(area, mean)
    known = ~np.isnan(mean)
    counts = known & (area > 0)
    return Stratified(
        stock_t_c=float(held[known].sum()) if known.any() else np.nan,
        se_t_c=float(np.sqrt(((area * error)[counts] ** 2).sum())) if known.any() else np.nan,
        area_ha=float(area.sum()),
        unvalued_ha=float(area[~known].sum()),
    )


def biomass_t_c_ha(
    aboveground_t_dm_ha: ArrayLike, root_shoot_ratio: ArrayLike, carbon_fraction: ArrayLike
) -> FloatArray:
    """Carbon of living biomass above and below ground, in t C/ha.

    Dead roots are no part of it: they are soil carbon, counted there once.

    Args:
        aboveground_t_dm_ha: Biomass above ground, shape (n,), in t dry matter/ha.
        root_shoot_ratio: Below ground per above ground, same shape or one number.
        carbon_fraction: Carbon in it, t C / t dm, 0–1.

    Raises:
        ValueError: If an amount is negative, or the carbon fraction above 1.

    Source:
        IPCC 2013 Wetlands Supplement, Tables 4.2, 4.3, 4.5; docs/methods/02-stock.md eq. 2.6.
    """
    above, ratio, share = (
        np.asarray(one, dtype=float)
        for one in (aboveground_t_dm_ha, root_shoot_ratio, carbon_fraction)
    )
    if any((one < 0).any() or np.isinf(one).any() for one in (above, ratio, share)):
        raise ValueError("an amount is finite and >= 0, or NaN where it is unknown")
    if (share > 1).any():
        raise ValueError("a carbon fraction is a share of 0 to 1, not per cent")
    held: FloatArray = above * (1 + ratio) * share
    return held


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
