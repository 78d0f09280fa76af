"""The form of HY/T 0349-2022 and its refusals; docs/methods/17-standards.md. Inputs are made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bluecarbon_map.accounting.mariculture import Group, composition
from bluecarbon_map.accounting.standards import (
    VegetationSink,
    harvest_sink,
    phytoplankton_sink_t_c_yr,
    vegetation_sink,
)
from bluecarbon_map.errors import FactorError

AREA_HA: Final = 10.0
ACCRETION_CM_YR, BULK_DENSITY_G_CM3, ORGANIC_CARBON, INCREMENT = 1.5, 1.2, 0.006, 0.4
WATER_HA, PRODUCTION_G_C_M2_YR, EXPORTED = 1_000.0, 200.0, 0.10
KELP_WET_T: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardsExample:
    """What the three forms give, in t C/yr, and what they say where a coefficient is missing.

    Attributes:
        vegetation: Of `AREA_HA`.
        phytoplankton_t_c_yr: Of `WATER_HA`.
        kelp_t_c: Of `KELP_WET_T`.
        refused: What is said without the coefficients of the standard.
        not_accepted: What is said where nobody accepted a form from memory.
    """

    vegetation: VegetationSink
    phytoplankton_t_c_yr: float
    kelp_t_c: float
    refused: str
    not_accepted: str


def standards_example() -> StandardsExample:
    """The forms by hand; docs/methods/17-standards.md eq. 17.1 to 17.3."""
    kelp = composition(Group.ALGAE, "Saccharina japonica")
    return StandardsExample(
        vegetation=_vegetation(ACCRETION_CM_YR, accepted=True),
        phytoplankton_t_c_yr=phytoplankton_sink_t_c_yr(
            WATER_HA,
            production_g_c_m2_yr=PRODUCTION_G_C_M2_YR,
            export_share=EXPORTED,
            accept_unverified_form=True,
        ),
        kelp_t_c=harvest_sink(KELP_WET_T, kelp, Group.ALGAE, accept_unverified_form=True).soft_t_c,
        refused=_refusal(lambda: _vegetation(None, accepted=True)),
        not_accepted=_refusal(lambda: _vegetation(ACCRETION_CM_YR, accepted=False)),
    )


def _vegetation(accretion_cm_yr: float | None, *, accepted: bool) -> VegetationSink:
    return vegetation_sink(
        AREA_HA,
        accretion_cm_yr=accretion_cm_yr,
        bulk_density_g_cm3=BULK_DENSITY_G_CM3,
        organic_carbon=ORGANIC_CARBON,
        plant_increment_t_c_ha_yr=INCREMENT,
        accept_unverified_form=accepted,
    )


def _refusal(ask: Callable[[], object]) -> str:
    try:
        ask()
    except FactorError as said:
        return str(said)
    raise FactorError("HY/T 0349-2022 was reckoned without a coefficient of its own")
