"""Greenhouse gases that land takes up or gives off a year, by the IPCC 2013 Wetlands Supplement.

docs/methods/08-flux.md. Removals and emissions are both >= 0 and kept apart; only the net has a
sign (above 0: a source). Nothing here is a stock, and nothing here is a credit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from bluecarbon_map.errors import FactorError
from bluecarbon_map.factors import Factor, factor
from bluecarbon_map.units import FloatArray, co2e_from_c

LEAST_COVER: Final = 0.10
"""Canopy cover from which planted land removes carbon at Tier 1."""

FRESH_BELOW_PPT: Final = 18.0
"""Salinity below which rewetted land gives off methane at Tier 1."""

N2O_PER_N: Final = 44.0 / 28.0
"""t N2O per t N2O-N."""

KG_PER_T: Final = 1_000.0
DAYS_PER_YR: Final = 365.0
G_C_PER_MOL: Final = 12.011

_GWP_SETS: Final = {
    "AR6": ("gas-global-ar6-ch4-non-fossil-gwp100", "gas-global-ar6-n2o-gwp100"),
    "AR5": ("gas-global-ar5-ch4-gwp100", "gas-global-ar5-n2o-gwp100"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gwp:
    """Global warming potentials over 100 years; the Supplement itself has none.

    Attributes:
        name: Which set, to be printed beside every result.
        ch4: t CO2e per t CH4, not of fossil origin.
        n2o: t CO2e per t N2O.
        factor_ids: The coefficients they are.
    """

    name: str
    ch4: float
    n2o: float
    factor_ids: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flux:
    """What land takes up and gives off a year, shape (n,) each, in t CO2e/yr.

    Attributes:
        removals_t_co2e_yr: Taken up, >= 0; NaN where unknown.
        emissions_t_co2e_yr: Given off, >= 0; NaN where unknown.
    """

    removals_t_co2e_yr: FloatArray
    emissions_t_co2e_yr: FloatArray

    @property
    def net_t_co2e_yr(self) -> FloatArray:
        """Emissions less removals: below 0 a sink; NaN where either is unknown."""
        net: FloatArray = self.emissions_t_co2e_yr - self.removals_t_co2e_yr
        return net


def gwp(name: str = "AR6", *, accept_unverified: bool = False) -> Gwp:
    """A named set of warming potentials.

    Args:
        name: ``AR6`` or ``AR5``.
        accept_unverified: Use values nobody has checked against their source.

    Raises:
        FactorError: If there is no such set, or its values are unverified and not accepted.

    Source:
        IPCC AR6 WG1 Table 7.15; AR5.
    """
    if name not in _GWP_SETS:
        raise FactorError(f"no warming potentials {name!r}", f"Use {' or '.join(_GWP_SETS)}")
    methane, nitrous = (factor(one) for one in _GWP_SETS[name])
    for one in (methane, nitrous):
        if not one.verified and not accept_unverified:
            raise FactorError(
                f"{one.factor_id} ({one.source}) was never checked against its source",
                "Use AR6, or accept unverified values explicitly",
            )
    return Gwp(
        name=name,
        ch4=_known(methane),
        n2o=_known(nitrous),
        factor_ids=(methane.factor_id, nitrous.factor_id),
    )


def _known(one: Factor) -> float:
    if one.value is None:
        raise FactorError(f"{one.factor_id} has no value")
    return one.value


def rewetted_t_co2e_yr(
    area_ha: ArrayLike,
    removal_t_c_ha_yr: ArrayLike,
    *,
    planted: ArrayLike,
    cover: ArrayLike,
    years: ArrayLike,
    natural_stock_t_c_ha: ArrayLike,
) -> FloatArray:
    """Carbon dioxide that rewetted, replanted or created land takes up a year, at Tier 1.

    Nothing where nobody planted or sowed, where the canopy covers less than 10 %, and once the soil
    has gained its natural stock.

    Args:
        area_ha: Areas, shape (n,), in ha.
        removal_t_c_ha_yr: Rate, in t C/ha/yr, >= 0.
        planted: Whether it was planted or sown.
        cover: Share of the ground under canopy, 0–1; NaN where unknown, and so is the result.
        years: Years since, >= 0.
        natural_stock_t_c_ha: Soil carbon at which the removal ends, in t C/ha.

    Returns:
        Removals, shape (n,), in t CO2e/yr, >= 0.

    Raises:
        ValueError: If an amount is negative or a share lies outside 0–1.

    Source:
        IPCC 2013 Wetlands Supplement, 4.2.3 and Tables 4.11, 4.12; docs/methods/08-flux.md eq. 8.1.
    """
    area, rate, share, age, ceiling = _amounts(
        area_ha, removal_t_c_ha_yr, cover, years, natural_stock_t_c_ha
    )
    if (share > 1).any():
        raise ValueError("cover is a share of 0 to 1, not per cent")
    gained = age * rate
    unknown = np.isnan(share) | np.isnan(gained) | np.isnan(ceiling)
    counts = np.where(unknown, np.nan, (share >= LEAST_COVER) & (gained < ceiling))
    counts = np.where(np.asarray(planted, dtype=bool), counts, 0.0)
    taken: FloatArray = co2e_from_c(area * rate * counts)
    return taken


def years_to_ceiling(removal_t_c_ha_yr: float, natural_stock_t_c_ha: float) -> float:
    """How long a removal goes on until the soil has its natural stock, in years.

    Raises:
        ValueError: If the rate is not above 0, or the stock below 0.

    Source:
        IPCC 2013 Wetlands Supplement, Tables 4.11 and 4.12; docs/methods/08-flux.md eq. 8.2.
    """
    if not (removal_t_c_ha_yr > 0 and natural_stock_t_c_ha >= 0):
        raise ValueError("a rate above 0 t C/ha/yr and a stock >= 0 t C/ha are needed")
    return natural_stock_t_c_ha / removal_t_c_ha_yr


def methane_t_co2e_yr(
    area_ha: ArrayLike, salinity_ppt: ArrayLike, ch4_kg_ha_yr: float, potentials: Gwp
) -> FloatArray:
    """Methane that rewetted mangrove or tidal marsh gives off a year.

    Args:
        area_ha: Areas, shape (n,), in ha.
        salinity_ppt: Salinity of each, in parts per thousand; NaN where nobody measured it, and so
            is the result: it is no default.
        ch4_kg_ha_yr: Emission factor of fresh and brackish water, in kg CH4/ha/yr.
        potentials: From `gwp`.

    Returns:
        Emissions, shape (n,), in t CO2e/yr: none at 18 ppt and above.

    Raises:
        ValueError: If an amount is negative.

    Source:
        IPCC 2013 Wetlands Supplement, Table 4.14; docs/methods/08-flux.md eq. 8.3.
    """
    area, salinity, kg = _amounts(area_ha, salinity_ppt, ch4_kg_ha_yr)
    fresh = np.where(np.isnan(salinity), np.nan, salinity < FRESH_BELOW_PPT)
    given: FloatArray = area * kg * fresh / KG_PER_T * potentials.ch4
    return given


def drained_t_co2e_yr(area_ha: ArrayLike, emission_t_c_ha_yr: ArrayLike) -> FloatArray:
    """Carbon dioxide that drained organic and mineral soil gives off a year, in t CO2e/yr.

    Raises:
        ValueError: If an amount is negative.

    Source:
        IPCC 2013 Wetlands Supplement, Table 4.13; docs/methods/08-flux.md eq. 8.4.
    """
    area, rate = _amounts(area_ha, emission_t_c_ha_yr)
    given: FloatArray = co2e_from_c(area * rate)
    return given


def extracted_t_co2e(
    area_ha: ArrayLike,
    biomass_t_dm_ha: ArrayLike,
    carbon_fraction: ArrayLike,
    dead_t_c_ha: ArrayLike,
    soil_t_c_ha: ArrayLike,
) -> FloatArray:
    """Carbon dioxide of an excavation, or of building ponds or salt pans: all in that one year.

    Args:
        area_ha: Areas, shape (n,), in ha.
        biomass_t_dm_ha: Living biomass above and below ground before, in t dry matter/ha.
        carbon_fraction: Carbon in it, t C / t dm, 0–1.
        dead_t_c_ha: Dead wood and litter, in t C/ha.
        soil_t_c_ha: Soil to 1 m; dead roots are in it and nowhere else, in t C/ha.

    Returns:
        Emissions, shape (n,), in t CO2e; NaN where an input is.

    Raises:
        ValueError: If an amount is negative, or a share above 1.

    Source:
        IPCC 2013 Wetlands Supplement, 4.2.4 and Table 4.11; docs/methods/08-flux.md eq. 8.5.
    """
    area, biomass, share, dead, soil = _amounts(
        area_ha, biomass_t_dm_ha, carbon_fraction, dead_t_c_ha, soil_t_c_ha
    )
    if (share > 1).any():
        raise ValueError("a carbon fraction is a share of 0 to 1, not per cent")
    given: FloatArray = co2e_from_c(area * (biomass * share + dead + soil))
    return given


def nitrous_oxide_t_co2e_yr(
    fish_kg_yr: ArrayLike, n2o_n_kg_per_kg: float, potentials: Gwp
) -> FloatArray:
    """Nitrous oxide of fish ponds a year, in t CO2e/yr.

    Args:
        fish_kg_yr: Fish produced, in kg/yr.
        n2o_n_kg_per_kg: kg N2O-N per kg fish.
        potentials: From `gwp`.

    Raises:
        ValueError: If an amount is negative.

    Source:
        IPCC 2013 Wetlands Supplement, Table 4.15; docs/methods/08-flux.md eq. 8.7.
    """
    fish, per_kg = _amounts(fish_kg_yr, n2o_n_kg_per_kg)
    given: FloatArray = fish * per_kg * N2O_PER_N / KG_PER_T * potentials.n2o
    return given


def sea_water_t_c_ha_yr(uptake_mmol_m2_d: ArrayLike) -> FloatArray:
    """Exchange of carbon dioxide between sea and air: above 0 taken up, below 0 given off.

    It changes its sign with the season, and it holds what phytoplankton takes up: the two are never
    added.

    Args:
        uptake_mmol_m2_d: Exchange, in mmol CO2/m²/d.

    Returns:
        In t C/ha/yr, of 365 days.

    Source:
        Form of Guo et al. 2015 (10.5194/bg-12-5495-2015); docs/methods/08-flux.md eq. 8.8.
    """
    exchange = np.asarray(uptake_mmol_m2_d, dtype=float)
    grams_m2_yr = exchange * DAYS_PER_YR * G_C_PER_MOL / 1_000.0
    taken: FloatArray = grams_m2_yr / 100.0
    return taken


def _amounts(*given: ArrayLike) -> list[FloatArray]:
    """Arrays of one shape, each number >= 0 or unknown."""
    arrays = np.broadcast_arrays(*(np.asarray(one, dtype=float) for one in given))
    for one in arrays:
        if (one < 0).any() or np.isinf(one).any():
            raise ValueError("an amount is finite and >= 0, or NaN where it is unknown")
    return [np.asarray(one) for one in arrays]
