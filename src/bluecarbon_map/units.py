"""Units of this project and the only place where one is turned into another.

Areas are hectares (``_ha``), lengths kilometres (``_km``), carbon is tonnes of C (``_t_c``) and
carbon dioxide tonnes of CO2 equivalent (``_t_co2e``). ``t`` is the tonne; the megagram is not used.
"""

from __future__ import annotations

from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Number = TypeVar("Number", float, FloatArray)

CO2_PER_C: Final = 44.0 / 12.0
"""t CO2 per t C: the ratio of the accounting convention (IPCC), not of exact atomic masses."""

MU_PER_HA: Final = 15.0
"""亩 per hectare, exact."""

M2_PER_HA: Final = 10_000.0
HA_PER_KM2: Final = 100.0
M_PER_KM: Final = 1_000.0
T_PER_WAN_T: Final = 10_000.0
"""t per 万吨."""


def co2e_from_c(carbon_t_c: Number) -> Number:
    """Carbon (t C) as carbon dioxide (t CO2e)."""
    return carbon_t_c * CO2_PER_C


def c_from_co2e(carbon_dioxide_t_co2e: Number) -> Number:
    """Carbon dioxide (t CO2e) as carbon (t C)."""
    return carbon_dioxide_t_co2e / CO2_PER_C


def ha_from_mu(area_mu: Number) -> Number:
    """亩 as hectares."""
    return area_mu / MU_PER_HA


def ha_from_m2(area_m2: Number) -> Number:
    """Square metres as hectares."""
    return area_m2 / M2_PER_HA


def ha_from_km2(area_km2: Number) -> Number:
    """Square kilometres as hectares."""
    return area_km2 * HA_PER_KM2


def km_from_m(length_m: Number) -> Number:
    """Metres as kilometres."""
    return length_m / M_PER_KM


def t_ha_from_g_m2(density_g_m2: Number) -> Number:
    """Grams per square metre as tonnes per hectare (1 g/m² = 0.01 t/ha)."""
    return density_g_m2 / 100.0


def t_ha_from_kg_m2(density_kg_m2: Number) -> Number:
    """Kilograms per square metre as tonnes per hectare (1 kg/m² = 10 t/ha)."""
    return density_kg_m2 * 10.0
