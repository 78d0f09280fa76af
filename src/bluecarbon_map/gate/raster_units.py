"""Units of density that a raster may state, in the spellings that programs give them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bluecarbon_map.units import t_ha_from_g_m2, t_ha_from_kg_m2

_AS_IT_IS: Final = frozenset(
    f"{mass}/{ground}"
    for mass in ("t", "tc", "mg", "mgc", "tco2", "tco2e")
    for ground in ("ha", "hm2")
)
"""Spellings of tonnes per hectare; Mg is a tonne."""

_CONVERTED: Final[dict[str, tuple[str, Callable[[float], float]]]] = {
    "kg/m2": ("t/ha", t_ha_from_kg_m2), "kgc/m2": ("t C/ha", t_ha_from_kg_m2),
    "g/m2": ("t/ha", t_ha_from_g_m2), "gc/m2": ("t C/ha", t_ha_from_g_m2),
}  # fmt: skip
_DENSITY: Final = re.compile(r"(t|kg|g|mg)(c|co2|co2e)?/(m2|cm2|hm2|km2|ha)")
_BETWEEN: Final = re.compile(r"[\s^·*_.()]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class DensityUnit:
    """A unit of mass per ground.

    Attributes:
        known: Whether the system knows what to make of it.
        unit: Unit that its numbers are converted to; '' where they stay as they are.
        convert: How; None where they stay.
    """

    known: bool
    unit: str = ""
    convert: Callable[[float], float] | None = None


def density_of(stated: str | None) -> DensityUnit | None:
    """What a unit of a raster is as a density; None where it is none, or none is stated."""
    spelt = _quotient(stated or "")
    if spelt in _CONVERTED:
        unit, convert = _CONVERTED[spelt]
        return DensityUnit(known=True, unit=unit, convert=convert)
    if spelt in _AS_IT_IS:
        return DensityUnit(known=True)
    return DensityUnit(known=False) if _DENSITY.fullmatch(spelt) else None


def _quotient(stated: str) -> str:
    """One spelling: ``g C m⁻²`` and ``gC/m^2`` are ``gc/m2``."""
    plain = unicodedata.normalize("NFKC", stated).replace("\u2212", "-").casefold()
    plain = _BETWEEN.sub("", plain)
    plain = re.sub(r"(km|hm|m)-2$", r"/\g<1>2", plain)
    return re.sub(r"ha-1$", "/ha", plain)
