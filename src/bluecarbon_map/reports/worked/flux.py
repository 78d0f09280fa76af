"""Fluxes and harvests; docs/methods/08-flux.md and 09-mariculture.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from bluecarbon_map.accounting.flux import (
    Flux,
    Gwp,
    drained_t_co2e_yr,
    gwp,
    methane_t_co2e_yr,
    rewetted_t_co2e_yr,
    sea_water_t_c_ha_yr,
    years_to_ceiling,
)
from bluecarbon_map.accounting.mariculture import Composition, Group, Harvest, composition, harvest
from bluecarbon_map.accounting.stock import biomass_t_c_ha
from bluecarbon_map.reports.worked.values import sources_of, value_of

SALINITY_PPT: Final = (1.9, 4.4)
"""Salinity of Hangzhou Bay, in ppt."""
SEA_UPTAKE_MMOL_M2_D: Final = 6.9
"""Uptake of the East China Sea shelf (Guo et al. 2015), in mmol CO2/m²/d."""
HARVEST_WET_T: Final = 1_000.0
COCKLE: Final = "Tegillarca granosa"

_MARSH: Final = "salt-marsh-global-ipcc2013-rewetted-revegetated-created-soil-removal"
_MANGROVE: Final = "mangrove-global-ipcc2013-rewetted-revegetated-created-soil-removal"
_METHANE: Final = (
    "mangrove-or-salt-marsh-global-ipcc2013-rewetted-salinity-lt-18ppt-soil-emission-ch4"
)
_NATURAL: Final = "mangrove-global-ipcc2013-aggregated-soil-soil-0-100cm-stock"
_NATURAL_MARSH: Final = "salt-marsh-global-ipcc2013-aggregated-soil-soil-0-100cm-stock"
_DRAINED: Final = "mangrove-or-salt-marsh-global-ipcc2013-drained-soil-emission"
_SEA: Final = "sea-water-east-china-sea-guo2015-air-sea-uptake"
_BIOMASS: Final = (
    "mangrove-global-ipcc2013-tropical-wet-aboveground-biomass-dry-mass",
    "mangrove-global-ipcc2013-tropical-wet-belowground-biomass-root-shoot-ratio",
    "mangrove-global-ipcc2013-biomass-carbon-fraction",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatedHectare:
    """A hectare planted in brackish water.

    Attributes:
        rate_t_c_ha_yr: What its soil gains, in t C/ha/yr.
        removed_t_co2e_yr: Taken up, in t CO2e/yr, >= 0.
        net_t_co2e_yr: Methane less that, in t CO2e/yr: above 0 a source.
    """

    rate_t_c_ha_yr: float
    removed_t_co2e_yr: float
    net_t_co2e_yr: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FluxExample:
    """What a hectare takes up and gives off.

    Attributes:
        potentials: Warming potentials, with their name.
        methane_kg_ha_yr: Methane of fresh and brackish water, in kg CH4/ha/yr.
        methane_t_co2e_yr: The same of a hectare, in t CO2e/yr.
        marsh: A hectare of created marsh.
        mangrove: A hectare of planted mangrove.
        natural_t_c_ha: Soil carbon at which mangrove stops gaining, in t C/ha.
        years: Years to that.
        drained_t_c_ha_yr: Loss of drained soil, in t C/ha/yr.
        drained_t_co2e_yr: The same of a hectare, in t CO2e/yr.
        biomass: Dry mass above ground in t/ha, root ratio and carbon fraction.
        biomass_t_c_ha: Carbon of that, in t C/ha.
        sea_t_c_ha_yr: Uptake of the shelf, in t C/ha/yr.
        source: Publications.
    """

    potentials: Gwp
    methane_kg_ha_yr: float
    methane_t_co2e_yr: float
    marsh: CreatedHectare
    mangrove: CreatedHectare
    natural_t_c_ha: float
    years: float
    drained_t_c_ha_yr: float
    drained_t_co2e_yr: float
    biomass: tuple[float, float, float]
    biomass_t_c_ha: float
    sea_t_c_ha_yr: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HarvestExample:
    """`HARVEST_WET_T` of oysters and of kelp, and cockles, which have no row of their own."""

    oysters: Harvest
    kelp: Harvest
    cockles: Composition
    source: str


def flux_example() -> FluxExample:
    """Fluxes by hand; docs/methods/08-flux.md."""
    potentials, kg = gwp(), value_of(_METHANE)
    methane = float(methane_t_co2e_yr(1.0, max(SALINITY_PPT), kg, potentials))
    natural, drained = value_of(_NATURAL), value_of(_DRAINED)
    above, ratio, share = (value_of(one) for one in _BIOMASS)
    mangrove = _created(value_of(_MANGROVE), natural, methane)
    return FluxExample(
        potentials=potentials,
        methane_kg_ha_yr=kg,
        methane_t_co2e_yr=methane,
        marsh=_created(value_of(_MARSH), value_of(_NATURAL_MARSH), methane),
        mangrove=mangrove,
        natural_t_c_ha=natural,
        years=years_to_ceiling(mangrove.rate_t_c_ha_yr, natural),
        drained_t_c_ha_yr=drained,
        drained_t_co2e_yr=float(drained_t_co2e_yr(1.0, drained)),
        biomass=(above, ratio, share),
        biomass_t_c_ha=float(biomass_t_c_ha(above, ratio, share)),
        sea_t_c_ha_yr=float(sea_water_t_c_ha_yr(SEA_UPTAKE_MMOL_M2_D)),
        source=sources_of(_MARSH, _METHANE, *potentials.factor_ids, _SEA),
    )


def _created(rate: float, natural_t_c_ha: float, methane: float) -> CreatedHectare:
    """The first year of a planted hectare under full cover."""
    taken = rewetted_t_co2e_yr(
        1.0, rate, planted=True, cover=1.0, years=0.0, natural_stock_t_c_ha=natural_t_c_ha
    )
    made = Flux(removals_t_co2e_yr=taken, emissions_t_co2e_yr=np.full_like(taken, methane))
    return CreatedHectare(
        rate_t_c_ha_yr=rate, removed_t_co2e_yr=float(taken), net_t_co2e_yr=float(made.net_t_co2e_yr)
    )


def harvest_example() -> HarvestExample:
    """Harvests by hand; docs/methods/09-mariculture.md."""
    oyster = composition(Group.BIVALVES, "Crassostrea")
    kelp = composition(Group.ALGAE, "Saccharina japonica")
    return HarvestExample(
        oysters=harvest(HARVEST_WET_T, oyster),
        kelp=harvest(HARVEST_WET_T, kelp),
        cockles=composition(Group.BIVALVES, COCKLE),
        source=sources_of(*oyster.factor_ids, *kelp.factor_ids),
    )
