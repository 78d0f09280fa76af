"""Pixels through time, by the guide and as InVEST 3.20.2 writes them; docs/methods/11-timeline.md.

The classes are those of InVEST's own tests, and a pond from which carbon would go within a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from bluecarbon_map.accounting.timeline import (
    Change,
    Classes,
    Outcome,
    Plan,
    Prices,
    growing_prices,
    run,
)

MANGROVE, PARKING, POND = range(3)
_NAMES: Final = ("mangrove", "parking lot", "pond")

INITIAL_T_HA: Final = (64.0, 313.0, 3.0)
"""Biomass, soil and litter of the mangrove, in t/ha."""
GAINED_T_HA_YR: Final = (2.0, 5.35, 1.0)
_HALF_LIVES_YR: Final = {MANGROVE: (15.0, 7.5), PARKING: (0.0, 0.0), POND: (1.0, 1.0)}
_DISTURBED: Final = ((0.5, 0.5, 1.0), (0.3, 0.5, 0.66))
"""Share of biomass and of soil that a low, medium and high impact disturbs in mangrove."""

_PRICE, _INFLATION, _DISCOUNT = 10.0, 0.05, 0.04
_LONG: Final = ((2000, 2010, 2020), 2050)
_SHORT: Final = ((2000,), 2010)
_LAST: Final = 2
"""Position of 2020–2050 among the periods of `_LONG`."""

SOURCE: Final = (
    "InVEST user’s guide, Coastal Blue Carbon; natcap.invest 3.20.2, by running it; its own test "
    "table"
)


@dataclass(frozen=True, slots=True)
class Both:
    """One number of a pixel, right, and as InVEST 3.20.2 writes it; per ha."""

    right: float
    invest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineExample:
    """Worked pixels, in t/ha unless they say otherwise.

    Attributes:
        stock_first: Stock of mangrove in 2000.
        stock_later: The same in 2010.
        net_lasting: Net of 2010–2020 where mangrove stays.
        net_planted: Net of 2020–2050 of mangrove planted on a parking lot in 2020.
        net_after_pond: The same where mangrove was a pond from 2010 to 2020.
        emissions_after_parking: What is given off in 2020–2050 where it was a parking lot.
        net_after_parking: Net of that period.
        value: Ten years of mangrove at a price of 1 that grows as it is discounted, per ha.
        project_by_parking: Net of 2000–2050 of mangrove, parking lot, mangrove.
        project_by_pond: The same by way of a pond.
        worth_by_parking: Value of the first, at a price of 10 growing by 5 % a year, discount 4 %.
        worth_by_pond: Value of the second.
    """

    stock_first: Both
    stock_later: Both
    net_lasting: Both
    net_planted: Both
    net_after_pond: Both
    emissions_after_parking: Both
    net_after_parking: Both
    value: Both
    project_by_parking: Both
    project_by_pond: Both
    worth_by_parking: Both
    worth_by_pond: Both


def timeline_example() -> TimelineExample:
    """Pixels in both modes; docs/methods/11-timeline.md."""
    short = _runs(_plan(*_SHORT, price=1.0, inflation=_DISCOUNT), MANGROVE)
    lasting = _long(MANGROVE, MANGROVE, MANGROVE)
    planted = _long(PARKING, PARKING, MANGROVE)
    parking, pond = _long(MANGROVE, PARKING, MANGROVE), _long(MANGROVE, POND, MANGROVE)
    return TimelineExample(
        stock_first=_both(short, "stock_t_ha", 0),
        stock_later=_both(short, "stock_t_ha", 1),
        net_lasting=_both(lasting, "net_t_ha", 1),
        net_planted=_both(planted, "net_t_ha", _LAST),
        net_after_pond=_both(pond, "net_t_ha", _LAST),
        emissions_after_parking=_both(parking, "emissions_t_ha", _LAST),
        net_after_parking=_both(parking, "net_t_ha", _LAST),
        value=_both(short, "value_per_ha", 0),
        project_by_parking=_both(parking, "total_net_t_ha"),
        project_by_pond=_both(pond, "total_net_t_ha"),
        worth_by_parking=_both(parking, "value_per_ha", _LAST),
        worth_by_pond=_both(pond, "value_per_ha", _LAST),
    )


def _both(outcomes: tuple[Outcome, Outcome], name: str, at: int | None = None) -> Both:
    found = [getattr(one, name) for one in outcomes]
    right, invest = (float((one if at is None else one[at])[0]) for one in found)
    return Both(right, invest)


def _long(*history: int) -> tuple[Outcome, Outcome]:
    return _runs(_plan(*_LONG, price=_PRICE, inflation=_INFLATION), *history)


def _runs(plan: Plan, *history: int) -> tuple[Outcome, Outcome]:
    classes = np.array(history, dtype=np.intp)[:, None]
    return run(plan, classes), run(plan, classes, invest_compat=True)


def _plan(years: tuple[int, ...], until: int, *, price: float, inflation: float) -> Plan:
    change = np.full((len(_NAMES), len(_NAMES)), Change.NONE, dtype=np.int8)
    change[:, MANGROVE] = Change.ACCUMULATES
    change[MANGROVE, PARKING], change[MANGROVE, POND] = Change.HIGH, Change.MEDIUM
    per_t = growing_prices(price, inflation, until - years[0])
    return Plan(
        classes=_classes(),
        change=change,
        snapshot_years=years,
        until=until,
        prices=Prices(per_t=per_t, discount=_DISCOUNT),
    )


def _classes() -> Classes:
    initial, gained = np.zeros((3, len(_NAMES))), np.zeros((3, len(_NAMES)))
    disturbed = np.zeros((2, 3, len(_NAMES)))
    initial[:, MANGROVE], gained[:, MANGROVE] = INITIAL_T_HA, GAINED_T_HA_YR
    disturbed[:, :, MANGROVE] = _DISTURBED
    return Classes(
        code=np.arange(1, len(_NAMES) + 1),
        name=_NAMES,
        initial_t_ha=initial,
        accumulation_t_ha_yr=gained,
        half_life_yr=np.array([_HALF_LIVES_YR[one] for one in range(len(_NAMES))]).T,
        disturbed_share=disturbed,
    )
