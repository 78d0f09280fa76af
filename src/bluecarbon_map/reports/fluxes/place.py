"""What is known of a place in a year: burial; emissions are not, so no net is claimed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from bluecarbon_map.reports.ranking import totals_by
from bluecarbon_map.reports.summary import ZoneSummary
from bluecarbon_map.reports.used import SEQUESTRATION, sources
from bluecarbon_map.units import CO2_PER_C, co2e_from_c

_COLUMNS: Final = [
    "ecosystem", "area_ha", "unrated_ha", "demonstration_ha", "rate_t_c_ha_yr", "burial_t_c_yr",
    "burial_t_c_yr_low", "burial_t_c_yr_high", "burial_t_co2e_yr", "demonstration_t_c_yr", "tier",
    "confidence", "source", "factor_ids",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFlux:
    """The annual ledger of a place, in t C/yr and t CO2e/yr; never added to a stock.

    Attributes:
        burial_t_c_yr: Carbon buried on ground that has a rate, in t C/yr; None where none has.
            "At least" where ``unrated_ha`` is above zero.
        burial_t_c_yr_low: Lower end; None where a rate was published without an interval.
        burial_t_c_yr_high: Upper end.
        burial_t_co2e_yr: The same as carbon dioxide, in t CO2e/yr.
        area_ha: Area mapped, in ha.
        unrated_ha: Area without a rate, in ha.
        demonstration_ha: Area of demonstration data, in ha.
        invasive_ha: Area under invasive species, in ha: it buries, and is to be removed.
        emissions_t_co2e_yr: None: no patch has a salinity or a use on record, so methane and
            carbon dioxide given off are unknown. Unknown is not 0.
        net_t_co2e_yr: None for that reason.
    """

    burial_t_c_yr: float | None
    burial_t_c_yr_low: float | None
    burial_t_c_yr_high: float | None
    burial_t_co2e_yr: float | None
    area_ha: float
    unrated_ha: float
    demonstration_ha: float
    invasive_ha: float
    emissions_t_co2e_yr: None = None
    net_t_co2e_yr: None = None


def place_flux(summary: ZoneSummary) -> PlaceFlux:
    """Burial of all that a summary holds."""
    totals = summary.totals
    burial = totals.sequestration_t_c_yr
    return PlaceFlux(
        burial_t_c_yr=burial,
        burial_t_c_yr_low=totals.sequestration_t_c_yr_low,
        burial_t_c_yr_high=totals.sequestration_t_c_yr_high,
        burial_t_co2e_yr=None if burial is None else co2e_from_c(burial),
        area_ha=totals.area_ha,
        unrated_ha=totals.unrated_ha,
        demonstration_ha=totals.demonstration_ha,
        invasive_ha=float(summary.rows["invasive_ha"].sum()),
    )


def burial_by_ecosystem(summary: ZoneSummary) -> pd.DataFrame:
    """Burial a year of each ecosystem, with its rate and where that comes from.

    Returns:
        One ecosystem a row, in the order of the summary: ``ecosystem, area_ha, unrated_ha``,
        ``demonstration_ha`` (of the area), ``rate_t_c_ha_yr`` (of the ground that has one),
        ``burial_t_c_yr`` with its ends, ``burial_t_co2e_yr``, ``demonstration_t_c_yr`` (of the
        burial), coarsest ``tier``, ``confidence``, ``source`` and ``factor_ids``, joined by ``; ``.
        NaN is unknown. Burials add up to that of ``summary.totals``.

    Source:
        docs/methods/04-sequestration.md.
    """
    if summary.parts.empty:
        return pd.DataFrame(columns=_COLUMNS)
    made = totals_by(summary, "ecosystem").rename(columns={"key": "ecosystem"})
    made = made.drop(columns=["tier"]).set_index("ecosystem")
    rated_ha = made["area_ha"] - made["unrated_ha"]
    made["rate_t_c_ha_yr"] = made["burial_t_c_yr"] / rated_ha.where(rated_ha > 0)
    made["burial_t_co2e_yr"] = made["burial_t_c_yr"] * CO2_PER_C
    made["demonstration_t_c_yr"] = _demonstrated(summary.parts)
    made[["tier", "confidence", "source", "factor_ids"]] = _origins(summary).reindex(made.index)
    return made.reset_index()[_COLUMNS]


def _demonstrated(parts: pd.DataFrame) -> pd.Series[float]:
    """Burial on ground of demonstration data, by ecosystem, in t C/yr."""
    own = parts["sequestration_t_c_yr"] * parts["demonstration_ha"] / parts["area_ha"]
    return own.groupby(parts["ecosystem"]).sum(min_count=1)


def _origins(summary: ZoneSummary) -> pd.DataFrame:
    """Where the rates of each ecosystem come from."""
    used = sources(summary.factor_set, summary.parts)
    rates = used[used["role"] == SEQUESTRATION].groupby("ecosystem", sort=False)
    return pd.DataFrame(
        {
            "tier": rates["tier"].min().astype("Float64").astype(float),
            "confidence": rates["confidence"].agg(_joined),
            "source": rates["source"].agg(_joined),
            "factor_ids": rates["factor_id"].agg(_joined),
        }
    )


def _joined(words: pd.Series[str]) -> str | float:
    return "; ".join(dict.fromkeys(words.dropna())) or np.nan
