"""Rules that applied to a flux and inputs that it lacks, each with its words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Rule(StrEnum):
    """A rule of Tier 1 that shaped a result."""

    NOT_PLANTED = "not_planted"
    LOW_COVER = "cover_below_10_percent"
    CEILING_AHEAD = "ceiling_ahead"
    CEILING_REACHED = "ceiling_reached"
    FRESH = "below_18_ppt"
    SALT = "18_ppt_and_above"
    SOIL_ONLY = "soil_only"
    NO_REMOVAL = "no_removal"
    IN_ONE_YEAR = "in_one_year"
    DEAD_ROOTS = "dead_roots_are_soil"
    N2O_ONLY = "n2o_only"
    UNVERIFIED = "unverified_accepted"
    NO_INTERVAL = "no_interval"


class Missing(StrEnum):
    """What keeps a result unknown."""

    AREA = "area"
    PLANTED = "planted"
    COVER = "cover"
    YEARS = "years"
    SALINITY = "salinity"
    NATURAL_STOCK = "natural_stock"
    CH4_OF_SEAGRASS = "ch4_of_seagrass"
    BIOMASS = "biomass"
    CARBON_FRACTION = "carbon_fraction"
    DEAD = "dead_wood_and_litter"
    SOIL = "soil"
    FISH = "fish"
    N2O_OF_FISH = "n2o_of_fish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A rule or a lack, in both languages.

    Attributes:
        code: `Rule` or `Missing`.
        zh: In Chinese words, amounts of the case filled in.
        en: In English words.
    """

    code: str
    zh: str
    en: str


_RULES: Final[dict[Rule, tuple[str, str]]] = {
    Rule.NOT_PLANTED: (
        "自然恢复、未经人工种植或播种：第 1 级方法不计清除量",
        "natural recolonisation, nobody planted or sowed: Tier 1 counts no removal",
    ),
    Rule.LOW_COVER: (
        "冠层覆盖低于 10 %：不计清除量",
        "the canopy covers less than 10 %: no removal counts",
    ),
    Rule.CEILING_AHEAD: (
        "清除量到土壤达到自然储量为止：{stock:g} ÷ {rate:g} = {years:.0f} 年",
        "the removal ends at the soil's natural stock: {stock:g} ÷ {rate:g} = {years:.0f} years",
    ),
    Rule.CEILING_REACHED: (
        "土壤已达自然储量（{stock:g} ÷ {rate:g} = {years:.0f} 年）：清除量为零",
        "the soil has its natural stock ({stock:g} ÷ {rate:g} = {years:.0f} years): no removal",
    ),
    Rule.FRESH: (
        "盐度低于 18 ppt：每年每公顷放出甲烷 {kg:g} kg，× GWP {gwp:g}",
        "salinity below 18 ppt: {kg:g} kg of methane a hectare and year, × GWP {gwp:g}",
    ),
    Rule.NO_INTERVAL: (
        "没有区间：系数的区间凭记忆、未核对，故不用；净值接近零时，正负可能改变",
        "no interval: those of the coefficients are unchecked; a net near zero may change sign",
    ),
    Rule.SALT: (
        "盐度 18 ppt 及以上：不计甲烷",
        "salinity of 18 ppt and above: no methane counts",
    ),
    Rule.SOIL_ONLY: (
        "只算土壤：植株的生物量不在内",
        "soil alone: the biomass of the plants is not in it",
    ),
    Rule.NO_REMOVAL: (
        "这项活动不计清除量",
        "no removal counts for this activity",
    ),
    Rule.IN_ONE_YEAR: (
        "排放全部计在开挖当年，不是每年都有",
        "all of it counts in the year of the excavation, not every year",
    ),
    Rule.DEAD_ROOTS: (
        "死根只在土壤里算一次",
        "dead roots are counted once, in the soil",
    ),
    Rule.N2O_ONLY: (
        "只算养鱼放出的氧化亚氮，按鱼产量，与面积无关",
        "nitrous oxide of the fish alone, by their mass and not by the area",
    ),
    Rule.UNVERIFIED: (
        "用了未核实的值：{ids}",
        "values that nobody checked against their source were used: {ids}",
    ),
}

_LACKS: Final[dict[Missing, tuple[str, str]]] = {
    Missing.AREA: ("面积", "the area"),
    Missing.PLANTED: ("是人工种植还是自然恢复", "whether it was planted or came back by itself"),
    Missing.COVER: ("冠层覆盖度", "the cover of the canopy"),
    Missing.YEARS: ("实施后年数", "the years since"),
    Missing.SALINITY: ("盐度（须实测，没有缺省值）", "the salinity (to be measured: no default)"),
    Missing.NATURAL_STOCK: (
        "土壤自然储量（缺省值未核实：请填写，或同意使用）",
        "the natural stock of the soil (its default was never checked: give it, or accept that)",
    ),
    Missing.CH4_OF_SEAGRASS: (
        "海草床的甲烷：《湿地补充指南》表 4.14 没有海草床，没有不等于零",
        "methane of seagrass: Table 4.14 of the Wetlands Supplement has none, which is not zero",
    ),
    Missing.BIOMASS: ("开挖前的生物量", "the biomass before"),
    Missing.CARBON_FRACTION: ("生物量含碳率", "the carbon fraction of the biomass"),
    Missing.DEAD: ("枯死木与凋落物", "dead wood and litter"),
    Missing.SOIL: ("1 m 土壤碳", "the carbon of 1 m of soil"),
    Missing.FISH: ("鱼产量", "the fish produced"),
    Missing.N2O_OF_FISH: (
        "鱼塘氧化亚氮系数（表 4.15 的值未核实：须同意才用）",
        "the nitrous oxide of fish (the value of Table 4.15 was never checked: accept it first)",
    ),
}


def rule(code: Rule, **amounts: float | str) -> Said:
    """A rule in words, its amounts filled in."""
    zh, en = _RULES[code]
    return Said(code=code.value, zh=zh.format(**amounts), en=en.format(**amounts))


def lack(code: Missing) -> Said:
    """What is missing, in words."""
    zh, en = _LACKS[code]
    return Said(code=code.value, zh=zh, en=en)
