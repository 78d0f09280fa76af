"""Tonnes that a named scheme would credit: the third ledger, never added to a stock or a flux.

docs/methods/10-credits.md. Every result names its scheme. A default of a scheme that nobody has
checked is not there: the function that needs it refuses and names the document and the clause.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from bluecarbon_map.accounting.ledgers import Amount, Ledger
from bluecarbon_map.ecosystems import INVASIVE_SPECIES
from bluecarbon_map.errors import FactorError
from bluecarbon_map.factors import Factor, factor
from bluecarbon_map.units import FloatArray, co2e_from_c

_VM0033_DEFAULT: Final = "mangrove-or-salt-marsh-global-vm0033-cover-ge-50-soil-default-removal"
_NO_COVER, _FULL_COVER = 0.15, 0.50
_ALLOWED_ERROR: Final = {0.90: 0.20, 0.95: 0.30}
"""Error that costs nothing at each confidence, as a share of the result."""


class Scheme(StrEnum):
    """Whose rules a tonne was counted under."""

    VM0033 = "VM0033 v2.1"
    CCER_MANGROVE = "CCER-14-002-V01"
    CCER_MARSH = "CCER-14-003-V01"
    CCER_SEAGRASS = "CCER-14-004-V01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Tonnes under one scheme; nothing of another kind is ever added to them.

    Attributes:
        scheme: Whose rules.
        as_of: Date it was counted for: rules, prices and what is issued change.
        net_t_co2e: Reductions and removals after baseline, leakage and error, in t CO2e.
        buffer_t_co2e: Held back against reversal, in t CO2e.
        creditable_t_co2e: What is left, in t CO2e.
    """

    scheme: Scheme
    as_of: date
    net_t_co2e: float
    buffer_t_co2e: float
    creditable_t_co2e: float

    @property
    def amount(self) -> Amount:
        """The creditable tonnes as an amount of the ledger of credits."""
        return Amount(
            value=self.creditable_t_co2e,
            unit="t CO2e",
            ledger=Ledger.CREDIT,
            scheme=str(self.scheme),
            as_of=self.as_of,
        )


def additional_t_c_ha(with_project_t_c_ha: ArrayLike, baseline_t_c_ha: ArrayLike) -> FloatArray:
    """What a project adds: its carbon less that of the ground as it would have been.

    Planting on a bare flat is credited nothing for the carbon the flat already holds. Below 0 is a
    loss and stays one.

    Args:
        with_project_t_c_ha: Carbon with the project, in t C/ha; NaN where unknown.
        baseline_t_c_ha: Carbon of the baseline, in t C/ha; NaN where unknown, and so is the result:
            an unknown baseline is not a bare one.

    Raises:
        ValueError: If an amount is negative.

    Source:
        docs/methods/10-credits.md eq. 10.1.
    """
    held, before = (np.asarray(one, dtype=float) for one in (with_project_t_c_ha, baseline_t_c_ha))
    if (held < 0).any() or (before < 0).any():
        raise ValueError("a carbon density is >= 0 t C/ha, or NaN where it is unknown")
    added: FloatArray = held - before
    return added


def require_creditable(species: str | None) -> None:
    """Refuse invasive species: they are never creditable.

    Raises:
        FactorError: If the species is one.
    """
    if species in INVASIVE_SPECIES:
        raise FactorError(
            f"{species} is invasive and never creditable under any scheme",
            "Book its removal as a loss less the bare-flat baseline",
        )


def invasive_loss_t_co2e(
    biomass_t_c_ha: float,
    disturbed_soil_t_c_ha: float,
    baseline_soil_t_c_ha: float,
    area_ha: float,
    years: float,
    half_life_yr: float,
) -> float:
    """Carbon dioxide given off in the years after an invasive stand was cleared.

    Its biomass goes at once; what the disturbed soil holds above a bare flat decays.

    Args:
        biomass_t_c_ha: Living biomass before, in t C/ha.
        disturbed_soil_t_c_ha: Soil carbon that was disturbed, in t C/ha.
        baseline_soil_t_c_ha: The same depth of a bare flat, in t C/ha.
        area_ha: Ground cleared, in ha.
        years: Years since.
        half_life_yr: Of the disturbed soil carbon, in years; an assumption to be named.

    Raises:
        ValueError: If an amount is negative, or the half-life not above 0.

    Source:
        docs/methods/10-credits.md eq. 10.2.
    """
    amounts = (biomass_t_c_ha, disturbed_soil_t_c_ha, baseline_soil_t_c_ha, area_ha, years)
    if not all(0 <= one < float("inf") for one in amounts) or not half_life_yr > 0:
        raise ValueError("amounts and years are finite and >= 0, the half-life above 0")
    above_flat = max(disturbed_soil_t_c_ha - baseline_soil_t_c_ha, 0.0)
    gone = 1 - math.exp2(-years / half_life_yr)
    return co2e_from_c(area_ha * (biomass_t_c_ha + above_flat * gone))


def vm0033_soil_t_co2e_ha_yr(
    cover: ArrayLike, allochthonous_share: ArrayLike, *, organic_soil: bool = False
) -> FloatArray:
    """Soil removal of marsh or mangrove by the default of VM0033, allochthonous carbon taken off.

    Full from half the ground under cover, none below 15 %, on a line between; allowed only where no
    suitable published data exist.

    Args:
        cover: Share of the ground under vegetation, 0–1; NaN where unknown, and so is the result.
        allochthonous_share: Share of the soil carbon that was washed in, 0–1; NaN where unknown,
            and so is the result: the deduction is compulsory on mineral soil.
        organic_soil: Whether the soil is organic: nothing is taken off then.

    Returns:
        In t CO2e/ha/yr, >= 0.

    Raises:
        ValueError: If a share lies outside 0–1.

    Source:
        VM0033 v2.1, eq. 33, 38; docs/methods/10-credits.md eq. 10.3.
    """
    covered, washed_in = (np.asarray(one, dtype=float) for one in (cover, allochthonous_share))
    for share in (covered, washed_in):
        if ((share < 0) | (share > 1)).any():
            raise ValueError("a share lies within 0 to 1; it is not per cent")
    ramp = np.clip((covered - _NO_COVER) / (_FULL_COVER - _NO_COVER), 0.0, 1.0)
    kept = np.ones_like(ramp) if organic_soil else 1.0 - washed_in
    removed: FloatArray = co2e_from_c(_value(factor(_VM0033_DEFAULT)) * ramp * kept)
    return removed


def allochthonous_share(soil_percent_c: float, autochthonous_percent_c: float) -> float:
    """Share of the soil carbon that was washed in, 0–1.

    Raises:
        ValueError: If the soil holds no carbon, or less than its own plants gave it.

    Source:
        VM0033 v2.1, eq. 39.
    """
    if not 0 <= autochthonous_percent_c <= soil_percent_c or soil_percent_c <= 0:
        raise ValueError("0 <= autochthonous <= all carbon, and there is some")
    return 1 - autochthonous_percent_c / soil_percent_c


def after_error_t_co2e(net_t_co2e: float, error: float, confidence: float) -> float:
    """Reductions after the deduction for an error above the one that is allowed.

    Args:
        net_t_co2e: Net reductions, in t CO2e.
        error: Half-width of the interval as a share of the result, >= 0.
        confidence: Of that interval: 0.90 or 0.95.

    Raises:
        ValueError: If the error is negative, or the confidence is another.

    Source:
        VM0033 v2.1, eq. 92; docs/methods/10-credits.md eq. 10.4.
    """
    if confidence not in _ALLOWED_ERROR or not error >= 0:
        raise ValueError("an error is a share >= 0, at a confidence of 0.90 or 0.95")
    over = max(error - _ALLOWED_ERROR[confidence], 0.0)
    return net_t_co2e - max(net_t_co2e, 0.0) * min(over, 1.0)  # a loss stays the loss it is


def vm0033_claimable_t_co2e(
    net_so_far_t_co2e: ArrayLike, net_at_year_100_t_co2e: ArrayLike
) -> FloatArray:
    """What may be claimed where a rising sea may take the carbon back: never above year 100's net.

    Args:
        net_so_far_t_co2e: Net benefit from the start to each date, shape (n,), in t CO2e.
        net_at_year_100_t_co2e: Net benefit expected at year 100, same shape or one number; NaN
            where unknown, and so is the result: an unknown ceiling is not the absence of one.

    Returns:
        Shape (n,), in t CO2e. A benefit that is gone by year 100 leaves nothing to claim; a loss
        so far stays a loss.

    Raises:
        ValueError: If an amount is infinite.

    Source:
        VM0033 v2.1, eq. 86; docs/methods/10-credits.md eq. 10.6.
    """
    so_far, at_end = (
        np.asarray(one, dtype=float) for one in (net_so_far_t_co2e, net_at_year_100_t_co2e)
    )
    if np.isinf(so_far).any() or np.isinf(at_end).any():
        raise ValueError("a net benefit is finite, or NaN where it is unknown")
    claimable: FloatArray = np.minimum(so_far, np.maximum(at_end, 0.0))
    return claimable


def vm0033_credit(
    net_t_co2e: float, buffer_share: float, *, species: str | None, as_of: date
) -> Credit:
    """What VM0033 credits: the net after error, less the pooled buffer.

    Args:
        net_t_co2e: Net reductions after the deduction for error, in t CO2e; where a rising sea may
            cause loss, at most `vm0033_claimable_t_co2e`.
        buffer_share: Share held back against reversal, 0–1.
        species: Dominant species of the stand; None where there is none or it is unknown.
        as_of: Date it is counted for.

    Raises:
        FactorError: If the species is invasive.
        ValueError: If the share lies outside 0–1.

    Source:
        VM0033 v2.1, eq. 94 (eq. 93 prints a product; eq. 94 and its implementation subtract).
    """
    require_creditable(species)
    if not 0 <= buffer_share <= 1:
        raise ValueError("a buffer is a share of 0 to 1, not per cent")
    held_back = max(net_t_co2e, 0.0) * buffer_share
    return Credit(
        scheme=Scheme.VM0033,
        as_of=as_of,
        net_t_co2e=net_t_co2e,
        buffer_t_co2e=held_back,
        creditable_t_co2e=net_t_co2e - held_back,
    )


def ccer_credit(
    scheme: Scheme,
    project_t_co2e: float,
    baseline_t_co2e: float,
    leakage_t_co2e: float,
    *,
    species: str | None,
    as_of: date,
    risk_share: float | None = None,
) -> Credit:
    """What a CCER methodology credits: project less baseline and leakage, less the risk deduction.

    Args:
        scheme: Which methodology.
        project_t_co2e: Removals with the project, in t CO2e.
        baseline_t_co2e: Removals without it, in t CO2e; 0 on a bare flat by the rules.
        leakage_t_co2e: Leakage, in t CO2e, >= 0.
        species: Dominant species of the stand; None where there is none or it is unknown.
        as_of: Date it is counted for.
        risk_share: Deduction against non-permanence, 0–1, typed from the methodology.

    Raises:
        FactorError: If the species is invasive, or the deduction is not given: its value was never
            verified here.
        ValueError: If the scheme is none of CCER, leakage is negative, or the share outside 0–1.

    Source:
        Structure of CCER-14-002-V01 as reported; docs/methods/10-credits.md eq. 10.5.
    """
    if scheme is Scheme.VM0033:
        raise ValueError("VM0033 has a function of its own")
    require_creditable(species)
    if risk_share is None:
        raise FactorError(
            f"{scheme}: the deduction against non-permanence was never verified",
            f"Type it from the text of {scheme}, the clause on non-permanence risk (K_risk)",
        )
    if not 0 <= risk_share <= 1 or leakage_t_co2e < 0:
        raise ValueError("a deduction is a share of 0 to 1, and leakage is >= 0")
    net = project_t_co2e - baseline_t_co2e - leakage_t_co2e
    held_back = max(net, 0.0) * risk_share
    return Credit(
        scheme=scheme,
        as_of=as_of,
        net_t_co2e=net,
        buffer_t_co2e=held_back,
        creditable_t_co2e=net - held_back,
    )


def _value(one: Factor) -> float:
    if one.value is None:
        raise FactorError(f"{one.factor_id} has no value")
    return one.value
