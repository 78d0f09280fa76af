"""The annual ledger: what a place buries, what an activity would do, harvests, and the sea."""

from bluecarbon_map.reports.fluxes.activity import (
    BOUNDS,
    ECOSYSTEMS_OF,
    GWP_SETS,
    Activity,
    ActivityFlux,
    Case,
    Direction,
    Gas,
    either_side,
    reckon,
)
from bluecarbon_map.reports.fluxes.files import (
    Unit,
    activity_json,
    activity_text,
    as_json,
    flux_bundle,
    harvest_json,
    unit_of,
)
from bluecarbon_map.reports.fluxes.harvests import (
    MOST_WET_T,
    REST,
    HarvestFlux,
    grown,
    harvested,
    published_durable,
)
from bluecarbon_map.reports.fluxes.place import PlaceFlux, burial_by_ecosystem, place_flux
from bluecarbon_map.reports.fluxes.published import (
    SALINITIES,
    SALINITY_SOURCE,
    Kept,
    Salinity,
    kelp_kept,
)
from bluecarbon_map.reports.fluxes.sea import (
    SeaExchange,
    Season,
    mapped_sea_ha,
    sea_exchanges,
    sea_uptake_t_c_yr,
)
from bluecarbon_map.reports.fluxes.wording import Missing, Rule, Said

__all__ = [
    "BOUNDS",
    "ECOSYSTEMS_OF",
    "GWP_SETS",
    "MOST_WET_T",
    "REST",
    "SALINITIES",
    "SALINITY_SOURCE",
    "Activity",
    "ActivityFlux",
    "Case",
    "Direction",
    "Gas",
    "HarvestFlux",
    "Kept",
    "Missing",
    "PlaceFlux",
    "Rule",
    "Said",
    "Salinity",
    "SeaExchange",
    "Season",
    "Unit",
    "activity_json",
    "activity_text",
    "as_json",
    "burial_by_ecosystem",
    "either_side",
    "flux_bundle",
    "grown",
    "harvest_json",
    "harvested",
    "kelp_kept",
    "mapped_sea_ha",
    "place_flux",
    "published_durable",
    "reckon",
    "sea_exchanges",
    "sea_uptake_t_c_yr",
    "unit_of",
]
