"""Guards, each broken by a number; docs/methods/12-plausibility.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bluecarbon_map.accounting import plausibility
from bluecarbon_map.accounting.plausibility import NATION_STOCK_T_C, Finding
from bluecarbon_map.units import CO2_PER_C, T_PER_WAN_T

GAINED_T_HA, GAINED_IN_YR = 1_324.12, 15.0
WORTH_1E8_YUAN, WORTH_1E8_T = 4_761.3, 0.543
"""South coast of Hangzhou Bay (Wang S. et al. 2022)."""
JIAOZHOU_1E8_T: Final = 3.49
"""Sui et al. 2019, without a word whether it is carbon or carbon dioxide."""
_YI: Final = T_PER_WAN_T**2

SOURCE: Final = (
    "Fu et al. 2021 (10.1111/gcb.15348); Zhou et al. 2022; Wang F. et al. 2021, 2023; "
    "Wang S. et al. 2022 (10.19674/j.cnki.issn1000-6923.2022.0160); Sui et al. 2019"
)

_CHONGMING: Final = (121.0, 31.3, 122.1, 31.9)
"""A box around the island, in degrees; a published site of it lies at sea."""
_AT_SEA: Final = (122.62, 31.5)
_STATED_T_C: Final = 100.0
_M0480_CM: Final = (30.0, 100.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlausibilityExample:
    """Numbers that cannot be.

    Attributes:
        gain: Yearly gain of the Hangzhou Bay paper, in t/ha/yr.
        gain_as_co2: The same if its tonnes were carbon dioxide, in t C/ha/yr.
        price: Yuan a tonne that it implies.
        bay_of_nation: Jiaozhou Bay as a share of the nation, if it were carbon.
        bay_as_co2: The same if it were carbon dioxide.
        rules: Every rule, broken by a number of the kind that was found in print.
    """

    gain: Finding
    gain_as_co2: Finding
    price: Finding
    bay_of_nation: float
    bay_as_co2: float
    rules: tuple[Finding, ...]


def plausibility_example() -> PlausibilityExample:
    """Guards at work; docs/methods/12-plausibility.md."""
    bay = JIAOZHOU_1E8_T * _YI
    (gain,) = plausibility.gain(GAINED_T_HA, GAINED_IN_YR)
    (as_co2,) = plausibility.gain(GAINED_T_HA / CO2_PER_C, GAINED_IN_YR)
    (price,) = plausibility.price(WORTH_1E8_YUAN * _YI, WORTH_1E8_T * _YI)
    return PlausibilityExample(
        gain=gain,
        gain_as_co2=as_co2,
        price=price,
        bay_of_nation=bay / NATION_STOCK_T_C,
        bay_as_co2=bay / CO2_PER_C / NATION_STOCK_T_C,
        rules=(*_of_amounts(gain, price), *_of_units()),
    )


def _of_amounts(gain: Finding, price: Finding) -> tuple[Finding, ...]:
    """Rules about how much there is; each call finds one thing, the nation two."""
    guards = plausibility
    return (
        *guards.density(1_490.5 * CO2_PER_C),
        *guards.burial(9.55 * CO2_PER_C),
        gain,
        *guards.province(JIAOZHOU_1E8_T * _YI, NATION_STOCK_T_C),
        price,
        *guards.stock_and_flux(2.447, 116.35),
    )


def _of_units() -> tuple[Finding, ...]:
    """Rules about what a number is."""
    guards = plausibility
    return (
        *guards.share(71.0),
        *guards.carbon_or_co2(_STATED_T_C * CO2_PER_C, _STATED_T_C),
        *guards.depth(*_M0480_CM),
        *guards.place(*_AT_SEA, _CHONGMING),
    )
