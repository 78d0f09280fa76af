"""Errors of sums, of draws, of maps, and swings; docs/methods/03, 13, 14 and 15."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bluecarbon_map.accounting.map_accuracy import AdjustedArea, adjusted_area
from bluecarbon_map.accounting.sensitivity import Swing, tornado
from bluecarbon_map.accounting.simulation import Distribution, simulate
from bluecarbon_map.accounting.stock import stock_t_c
from bluecarbon_map.accounting.uncertainty import combine, half_width_of_sum

TERM_HA: Final = 100.0
MEANS_T_C_HA: Final = (60.0, 80.0)
"""Two coefficients for `TERM_HA` each."""
LOWS_T_C_HA: Final = (57.0, 76.0)
HIGHS_T_C_HA: Final = (65.0, 92.0)
ERRORS_T_C_HA: Final = (3.0, 4.0)
"""Their standard errors in the example of draws."""
_TERM_IDS: Final = ("a", "b")

LIAN_BAY_ERRORS: Final = (102.28, 2_923.75)
"""Plants and soil of Li'an Bay (Yang et al. 2022)."""
LIAN_BAY_PUBLISHED: Final = 2_907.15
SIMULATION_SOURCE: Final = (
    "IPCC 2006 vol. 1 ch. 3 (approach 2); Yang et al. 2022 (10.11759/hykx20220106005); "
    "Fu et al. 2021"
)

CHECKED: Final = ((80, 20), (5, 95))
"""Points of a check: mapped class by row, true class by column."""
MAPPED_HA: Final = (100.0, 900.0)
MAP_ACCURACY_SOURCE: Final = "Olofsson P. et al. 2014, Remote Sensing of Environment 148:42"

INPUTS: Final = {"area": 10.0, "soil": 80.0, "plants": 20.0}
"""Area in ha; soil and plants in t C/ha."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SumExample:
    """`TERM_HA` of each of two coefficients, their distances in quadrature; all in t C.

    Attributes:
        value: Sum.
        low: Lower end.
        high: Upper end.
        same_low: Lower end if both had the same coefficient a.
        same_high: Upper end likewise.
    """

    value: float
    low: float
    high: float
    same_low: float
    same_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationExample:
    """`TERM_HA` of each of two coefficients with `ERRORS_T_C_HA`.

    Attributes:
        drawn: The whole, in t C, with its draws and their seed.
        widths_t_c: Standard error of each of the two, in t C.
        se_t_c: Standard error of the whole worked out, in t C.
        lian_bay_apart: Errors of Li'an Bay if independent.
        lian_bay_together: If plants and soil erred together.
    """

    drawn: Distribution
    widths_t_c: tuple[float, ...]
    se_t_c: float
    lian_bay_apart: float
    lian_bay_together: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityExample:
    """Stock of `INPUTS`, in t C, and its swings, the widest first."""

    stock_t_c: float
    swings: tuple[Swing, ...]


def sum_example() -> SumExample:
    """How intervals add up; docs/methods/03-uncertainty.md."""
    apart, same = _added(_TERM_IDS), _added(_TERM_IDS[:1] * len(_TERM_IDS))
    return SumExample(
        value=apart[0], low=apart[1], high=apart[2], same_low=same[1], same_high=same[2]
    )


def _added(names: tuple[str, ...]) -> tuple[float, float, float]:
    ends = (MEANS_T_C_HA, LOWS_T_C_HA, HIGHS_T_C_HA)
    values, lows, highs = ([TERM_HA * end for end in one] for one in ends)
    made = combine(names, values, lows, highs)
    return float(made.value[0]), float(made.low[0]), float(made.high[0])


def simulation_example() -> SimulationExample:
    """Draws beside what can be worked out; docs/methods/13-simulation.md."""
    areas = [[TERM_HA] * len(MEANS_T_C_HA)]
    exact = [[0.0] * len(MEANS_T_C_HA)]
    means, errors = ([[one] for one in given] for given in (MEANS_T_C_HA, ERRORS_T_C_HA))
    widths = tuple(TERM_HA * one for one in ERRORS_T_C_HA)
    return SimulationExample(
        drawn=simulate(areas, exact, means, errors).total,
        widths_t_c=widths,
        se_t_c=half_width_of_sum(widths),
        lian_bay_apart=half_width_of_sum(LIAN_BAY_ERRORS),
        lian_bay_together=half_width_of_sum(LIAN_BAY_ERRORS, [[1.0, 1.0], [1.0, 1.0]]),
    )


def map_accuracy_example() -> AdjustedArea:
    """Area after a check of the map; docs/methods/14-map-accuracy.md."""
    return adjusted_area(CHECKED, MAPPED_HA)


def sensitivity_example() -> SensitivityExample:
    """Which input moves the stock most; docs/methods/15-sensitivity.md."""
    return SensitivityExample(stock_t_c=_stock(INPUTS), swings=tuple(tornado(_stock, INPUTS)))


def _stock(given: Mapping[str, float]) -> float:
    return float(stock_t_c(given["area"], given["soil"] + given["plants"])[0])
