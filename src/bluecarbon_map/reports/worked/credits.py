"""Tonnes of the third ledger; docs/methods/10-credits.md. Inputs marked as such are made up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Final

from bluecarbon_map.accounting.credits import (
    Credit,
    Scheme,
    additional_t_c_ha,
    after_error_t_co2e,
    ccer_credit,
    invasive_loss_t_co2e,
    require_creditable,
    vm0033_claimable_t_co2e,
    vm0033_credit,
    vm0033_soil_t_co2e_ha_yr,
)
from bluecarbon_map.accounting.ledgers import Amount, Ledger
from bluecarbon_map.errors import FactorError
from bluecarbon_map.factors import load_set
from bluecarbon_map.reports.worked.values import value_of

CORDGRASS: Final = "Spartina alterniflora"
COVERS: Final = (0.10, 0.325, 0.60)
"""Shares of the ground under cover."""
WASHED_IN: Final = 0.40
"""Share of the soil carbon that was washed in."""
NET_T_CO2E: Final = 10_000.0
CLAIM_T_CO2E: Final = (3_000.0, 2_800.0)
"""Net benefit so far and at year 100; made up."""
_DAY: Final = date(2026, 1, 1)
"""A credit has a date; the examples do not depend on it."""
ERROR: Final = 0.28
BUFFER: Final = 0.20
"""Made up: a buffer comes from the risk tool of the scheme."""
WITH_PROJECT_T_C_HA, BARE_FLAT_T_C_HA = 65.0, 60.0
"""Made up: no bulk density of a flat of Zhejiang is known."""
CLEARED_HA, CLEARED_BIOMASS_T_C_HA, CLEARED_FLAT_T_C_HA = 10.0, 5.0, 50.0
"""Made up, like them."""

_VM0033: Final = "mangrove-or-salt-marsh-global-vm0033-cover-ge-50-soil-default-removal"
_HALF_LIFE: Final = "salt-marsh-global-invest-disturbed-soil-half-life"
_CONFIDENCES: Final = (0.90, 0.95)

SOURCE: Final = (
    "VM0033 v2.1, eq. 33, 38, 39, 92–94; CCER-14-002-V01; InVEST Users Guide (Table 1); Loh 2018"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditsExample:
    """What the rules of schemes make of a few numbers.

    Attributes:
        added_t_c_ha: `WITH_PROJECT_T_C_HA` less `BARE_FLAT_T_C_HA`, in t C/ha.
        added_over_unknown_t_c_ha: The same over a baseline that nobody knows: NaN.
        cordgrass_t_c_ha: Soil carbon of cordgrass, in t C/ha.
        half_life_yr: Of disturbed soil carbon, in years; the years that passed, too.
        clearing_t_co2e: What the clearing of `CLEARED_HA` gives off in that time, in t CO2e.
        cordgrass_refused: What is said to whoever asks for credits of it.
        rate_t_c_ha_yr: Default of VM0033, in t C/ha/yr.
        by_cover_t_co2e_ha_yr: The same at each of `COVERS`, in t CO2e/ha/yr.
        own_t_co2e_ha_yr: At the last of them, less `WASHED_IN`, in t CO2e/ha/yr.
        after_error_t_co2e: `NET_T_CO2E` with an error of `ERROR`, by confidence.
        credit: The first of them less `BUFFER`.
        claimable_t_co2e: What may be claimed of `CLAIM_T_CO2E` where the sea may take it back.
        sum_refused: What is said of a stock added to a credit.
        ccer_refused: What is said where the risk deduction of a CCER methodology is not given.
    """

    added_t_c_ha: float
    added_over_unknown_t_c_ha: float
    cordgrass_t_c_ha: float
    half_life_yr: float
    clearing_t_co2e: float
    cordgrass_refused: str
    rate_t_c_ha_yr: float
    by_cover_t_co2e_ha_yr: tuple[float, ...]
    own_t_co2e_ha_yr: float
    after_error_t_co2e: dict[float, float]
    credit: Credit
    claimable_t_co2e: float
    sum_refused: str
    ccer_refused: str


def credits_example() -> CreditsExample:
    """Credits by hand; docs/methods/10-credits.md."""
    soil, half_life = _cordgrass_t_c_ha(), value_of(_HALF_LIFE)
    left = {one: after_error_t_co2e(NET_T_CO2E, ERROR, one) for one in _CONFIDENCES}
    return CreditsExample(
        added_t_c_ha=float(additional_t_c_ha(WITH_PROJECT_T_C_HA, BARE_FLAT_T_C_HA)),
        added_over_unknown_t_c_ha=float(additional_t_c_ha(WITH_PROJECT_T_C_HA, math.nan)),
        cordgrass_t_c_ha=soil,
        half_life_yr=half_life,
        clearing_t_co2e=invasive_loss_t_co2e(
            CLEARED_BIOMASS_T_C_HA, soil, CLEARED_FLAT_T_C_HA, CLEARED_HA, half_life, half_life
        ),
        cordgrass_refused=_cordgrass_refused(),
        rate_t_c_ha_yr=value_of(_VM0033),
        by_cover_t_co2e_ha_yr=tuple(vm0033_soil_t_co2e_ha_yr(COVERS, 0.0).tolist()),
        own_t_co2e_ha_yr=float(vm0033_soil_t_co2e_ha_yr(COVERS[-1], WASHED_IN)),
        after_error_t_co2e=left,
        credit=vm0033_credit(left[_CONFIDENCES[0]], BUFFER, species=None, as_of=_DAY),
        claimable_t_co2e=float(vm0033_claimable_t_co2e(*CLAIM_T_CO2E)),
        sum_refused=_sum_refused(),
        ccer_refused=_ccer_refused(),
    )


def _cordgrass_t_c_ha() -> float:
    held = load_set("zhejiang").stock("salt_marsh", CORDGRASS)
    if held is None:
        raise FactorError(f"set zhejiang has no coefficient for {CORDGRASS}")
    (pool,) = held.pools
    return pool.density_t_c_ha


def _cordgrass_refused() -> str:
    try:
        require_creditable(CORDGRASS)
    except FactorError as said:
        return str(said)
    raise FactorError(f"{CORDGRASS} passed for creditable")


def _sum_refused() -> str:
    held = Amount(value=1.0, unit="t CO2e", ledger=Ledger.STOCK, scheme=None, as_of=_DAY)
    tonne = Amount(value=1.0, unit="t CO2e", ledger=Ledger.CREDIT, scheme=Scheme.VM0033, as_of=_DAY)
    try:
        held + tonne
    except ValueError as said:
        return str(said)
    raise FactorError("a stock was added to a credit")


def _ccer_refused() -> str:
    try:
        ccer_credit(Scheme.CCER_MANGROVE, NET_T_CO2E, 0.0, 0.0, species=None, as_of=_DAY)
    except FactorError as said:
        return str(said)
    raise FactorError(f"{Scheme.CCER_MANGROVE} was counted without its risk deduction")
