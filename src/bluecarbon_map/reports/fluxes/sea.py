"""Exchange of carbon dioxide between sea and air, study by study: its sign changes with the season.

It holds what phytoplankton takes up: the two are never added. Nothing is averaged over studies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bluecarbon_map.accounting.flux import sea_water_t_c_ha_yr
from bluecarbon_map.errors import FactorError
from bluecarbon_map.factors import Factor, factor
from bluecarbon_map.reports.summary import ZoneSummary


class Season(StrEnum):
    """When a study measured."""

    YEAR = "year"
    SUMMER = "summer"
    AUTUMN = "autumn"


_STUDIES: Final = {
    "sea-water-east-china-sea-guo2015-air-sea-co2-uptake": Season.YEAR,
    "sea-water-east-china-sea-chen2014-summer-air-sea-co2-uptake": Season.SUMMER,
    "sea-water-east-china-sea-marsci2012-autumn-air-sea-co2-release": Season.AUTUMN,
}

_SEA: Final = "sea_water"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeaExchange:
    """What one study found; above 0 the sea takes up, below 0 it gives off.

    Attributes:
        study: The coefficient as published.
        season: When it was measured.
        uptake_mmol_m2_d: In mmol CO2/m²/d.
        low: Lower end, likewise; NaN where unknown.
        high: Upper end, likewise; NaN where unknown.
        uptake_t_c_ha_yr: The same in t C/ha/yr; None where the study is of one season only.
    """

    study: Factor
    season: Season
    uptake_mmol_m2_d: float
    low: float
    high: float
    uptake_t_c_ha_yr: float | None


def sea_exchanges() -> tuple[SeaExchange, ...]:
    """Studies of the East China Sea side by side.

    Source:
        docs/methods/08-flux.md eq. 8.8; rows of data/factors/flux.csv.
    """
    return tuple(_exchange(factor(one), season) for one, season in _STUDIES.items())


def _exchange(study: Factor, season: Season) -> SeaExchange:
    if study.value is None or study.unit != "mmol CO2/m2/d":
        raise FactorError(f"{study.factor_id} is no exchange in mmol CO2/m2/d")
    ends = [math.nan if one is None else one for one in (study.low, study.high)]
    sign = -1.0 if study.quantity == "CO2_release" else 1.0
    low, high = sorted(sign * one for one in ends)
    uptake = sign * study.value
    yearly = float(sea_water_t_c_ha_yr(uptake)) if season is Season.YEAR else None
    return SeaExchange(
        study=study, season=season, uptake_mmol_m2_d=uptake, low=low, high=high,
        uptake_t_c_ha_yr=yearly,
    )  # fmt: skip


def mapped_sea_ha(summary: ZoneSummary) -> float | None:
    """Area of sea water on the map, in ha; None where none is mapped."""
    rows = summary.rows
    mapped = rows.loc[rows["ecosystem"] == _SEA, "area_ha"]
    return float(mapped.sum()) if len(mapped) else None


def sea_uptake_t_c_yr(exchange: SeaExchange, area_ha: float | None) -> float | None:
    """An annual exchange over mapped water, in t C/yr; None where either is unknown."""
    if area_ha is None or exchange.uptake_t_c_ha_yr is None:
        return None
    return area_ha * exchange.uptake_t_c_ha_yr
