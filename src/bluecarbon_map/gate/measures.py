"""Units that a column's name may state, and how each becomes the unit of the contract."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from bluecarbon_map import units

_SEPARATORS: Final = re.compile(r"[\s_\-/·.,:()\[\]{}<>^−⁻]+")


def folded_key(name: str) -> str:
    """A column's name without width, case and separators: ``面积（公顷）`` is ``面积公顷``."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", name).casefold())


def _same(value: float) -> float:
    return value


def _times_100(value: float) -> float:
    return value * 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A quantity with the units it may come in.

    Attributes:
        unit: Unit of the contract.
        spelt: Folded spelling of a unit → its name and how a number in it becomes ``unit``.
        whole: Folded names of whole columns that state their unit by themselves → the unit.
        bare: Whether a name without a unit means ``unit``; else the unit is unknown.
        must_say: Whether a name without a unit keeps the file out, even where the user chose the
            column: two units are in common use and no number tells which it is.
    """

    unit: str
    spelt: Mapping[str, tuple[str, Callable[[float], float]]]
    whole: Mapping[str, str] = field(default_factory=dict)
    bare: bool = True
    must_say: bool = False

    def is_own(self, unit: str) -> bool:
        """Whether a folded spelling is the contract's own unit."""
        return unit in self.spelt and self.spelt[unit][0] == self.unit

    def suffix(self, key: str, base: str) -> str | None:
        """Spelling of the unit in a folded column name; '' for none, None for another column."""
        if key == base:
            return ""
        if key in self.whole:
            return self.whole[key]
        rest = key.removeprefix(base)
        if rest != key and rest not in self.spelt:
            rest = rest.replace("每", "")  # 元每吨 is 元/吨, whose separator is folded away
        return rest if rest != key and rest in self.spelt else None


def _all(
    names: str, unit: str, convert: Callable[[float], float]
) -> dict[str, tuple[str, Callable[[float], float]]]:
    return {folded_key(name): (unit, convert) for name in names.split()}


AREA: Final = Measure(
    unit="ha",
    bare=False,
    spelt={
        **_all("ha hectare hectares hm2 公顷", "ha", _same),
        **_all("mu 亩 市亩", "mu (亩)", units.ha_from_mu),
        **_all("wan_mu 万亩", "10,000 mu (万亩)", lambda v: units.ha_from_mu(v * 10_000.0)),
        **_all("km2 sqkm 平方公里 平方千米", "km²", units.ha_from_km2),
        **_all("m2 sqm 平方米", "m²", units.ha_from_m2),
    },
)

DENSITY: Final = Measure(
    unit="t C/ha",
    spelt={
        **_all("t_ha t_c_ha mg_c_ha t_ha-1 t_c_ha-1 mg_c_ha-1 t_hm2 t_c_hm2 吨/公顷 吨碳/公顷"
               " t_c/公顷 t/公顷",
               "t C/ha", _same),
        **_all("t_co2e_ha t_co2_ha t_co2e_hm2 t_co2_hm2 tco2e/公顷 tco2/公顷 吨co2/公顷 吨co2e/公顷"
               " 吨二氧化碳/公顷", "t CO2e/ha", units.c_from_co2e),
        **_all("g_m2 g_c_m2 gc_m2 克/平方米", "g C/m²", units.t_ha_from_g_m2),
        **_all("kg_m2 kg_c_m2 kgc_m2 千克/平方米", "kg C/m²",
               lambda v: units.t_ha_from_g_m2(v * 1_000.0)),
        **_all("kg_ha kg_c_ha 千克/公顷", "kg C/ha", lambda v: v / 1_000.0),
    },
    whole={"ctha": "tha", "co2etha": "tco2eha", "co2tha": "tco2eha"},
)  # fmt: skip

TONNES: Final = Measure(
    unit="t CO2e",
    spelt={
        **_all("t t_co2e tco2e t_co2 tco2 吨 吨二氧化碳 吨二氧化碳当量", "t CO2e", _same),
        **_all("万吨 万t", "10,000 t (万吨)", lambda v: v * 10_000),
    },
    whole={"tco2e": "t"},
)

PRICE: Final = Measure(
    unit="CNY/t CO2e",
    spelt=_all("cny_t yuan_t 元 元/吨 元/t cny yuan 元/tco2 元/tco2e 元/吨co2 元/吨co2e"
               " 元/吨二氧化碳 元/吨二氧化碳当量 人民币元/吨 rmb/t cny/tco2e", "CNY/t CO2e", _same),
)  # fmt: skip

WET: Final = Measure(
    unit="t wet",
    spelt={
        **_all("t 吨", "t wet", _same),
        **_all("万吨", "10,000 t (万吨)", lambda v: v * 10_000),
        **_all("kg 千克 公斤", "kg", lambda v: v / 1_000),
    },
)

DEPTH: Final = Measure(
    unit="cm",
    spelt={
        **_all("cm 厘米", "cm", _same),
        **_all("m 米", "m", _times_100),
        **_all("mm 毫米", "mm", lambda v: v / 10.0),
    },
)

BULK_DENSITY: Final = Measure(
    unit="g/cm³",
    spelt={
        **_all("g_cm3 g/cm3 t_m3 克/立方厘米", "g/cm³", _same),
        **_all("kg_m3 千克/立方米", "kg/m³", lambda v: v / 1_000.0),
    },
)

SHARE: Final = Measure(
    unit="g/g",
    bare=False,
    must_say=True,
    spelt={
        **_all("g_g", "g/g", _same),
        **_all("% wt% percent pct 百分比", "%", lambda v: v / 100.0),
        **_all("g_kg g_kg-1 mg_g mg_g-1 ‰ 克/千克 毫克/克", "g/kg", lambda v: v / 1_000.0),
    },
)

AMOUNT: Final = Measure(
    unit="ha or km",
    spelt={
        **AREA.spelt,
        **_all("km 公里 千米", "km", _same),
        **_all("m 米", "m", units.km_from_m),
    },
)


def converted(number: Decimal, convert: Callable[[float], float]) -> Decimal:
    """A traded amount in the unit of the contract; a decimal stays one."""
    return convert(number)  # type: ignore[arg-type, return-value] # same arithmetic, exact


LENGTHS: Final = frozenset({"km", "m"})
"""Names of the units in `AMOUNT` that are lengths."""
