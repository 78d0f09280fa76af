"""What a run of the timeline model needs to know: classes, transitions, years, prices."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bluecarbon_map.units import FloatArray

IntArray = NDArray[np.int64]
Amounts = NDArray[np.floating[Any]]
"""Numbers of any precision: InVEST's are single."""
ClassArray = NDArray[np.intp]
"""Positions of classes in `Classes`; -1 where the class is unknown."""

BIOMASS: Final = 0
SOIL: Final = 1
LITTER: Final = 2
POOLS: Final = ("biomass", "soil", "litter")
DISTURBED_POOLS: Final = POOLS[:2]
"""Litter builds up and is never disturbed."""

UNKNOWN: Final = -1
"""Position of no class: parameters hold one more column, of NaN, at their end."""


class Change(IntEnum):
    """What a transition does to the carbon of biomass and soil."""

    MISSING = 0
    """The table has no row or no column for it: a run that meets it is refused."""
    EMPTY = 1
    """An empty cell: no change, and the run says so."""
    NONE = 2
    """No change in carbon (``NCC``): nothing accumulates from then on, nothing is disturbed."""
    ACCUMULATES = 3
    LOW = 4
    MEDIUM = 5
    HIGH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """Carbon of each class, per hectare; C or CO2e, whichever the tables are in.

    Attributes:
        code: Number of the class in the rasters, shape (classes,), each once.
        name: Its name in the table of transitions.
        initial_t_ha: Carbon at the first snapshot, shape (3 pools, classes), in t/ha.
        accumulation_t_ha_yr: What builds up, shape (3 pools, classes), in t/ha/yr.
        half_life_yr: Of disturbed carbon, shape (biomass and soil, classes), in years; 0: nothing
            is given off.
        disturbed_share: Share of the stock that a low, medium or high impact disturbs, shape
            (biomass and soil, 3 impacts, classes), 0–1.

    Raises:
        ValueError: If a shape is wrong, a code or name stands twice, or a number cannot be.
    """

    code: IntArray
    name: tuple[str, ...]
    initial_t_ha: FloatArray
    accumulation_t_ha_yr: FloatArray
    half_life_yr: FloatArray
    disturbed_share: FloatArray

    def __post_init__(self) -> None:
        count = len(self.name)
        shapes = {
            "initial_t_ha": (3, count),
            "accumulation_t_ha_yr": (3, count),
            "half_life_yr": (2, count),
            "disturbed_share": (2, 3, count),
        }
        for name, shape in shapes.items():
            values = getattr(self, name)
            if values.shape != shape:
                raise ValueError(f"{name} has shape {values.shape} where {shape} is needed")
            if not (np.isfinite(values) & (values >= 0)).all():
                raise ValueError(f"{name} holds a number that is negative or not finite")
        if (self.disturbed_share > 1).any():
            raise ValueError("disturbed_share is a share of 0 to 1, not per cent")
        if len(set(self.name)) != count or len(set(self.code.tolist())) != count:
            raise ValueError("each class has one code and one name of its own")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a tonne is worth in each year.

    Attributes:
        per_t: Price of a tonne, shape (years,), from the year of the first snapshot to the last
            year of the analysis before its end; per t C or t CO2e, as the tables are.
        discount: Discount of a year, as a share: 0.04 for 4 %.

    Raises:
        ValueError: If a price is negative or not finite, or the discount is not above -1.
    """

    per_t: FloatArray
    discount: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.per_t) & (self.per_t >= 0)).all():
            raise ValueError("a price is a finite number >= 0")
        if not (np.isfinite(self.discount) and self.discount > -1):
            raise ValueError("the discount is a finite share above -1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One run.

    Attributes:
        classes: The classes.
        change: What each transition does, values of `Change`, shape (classes, classes): from the
            class of the row to that of the column.
        snapshot_years: Years of the snapshots, ascending, each once.
        until: Year in which the analysis ends; its own flux is no longer counted.
        prices: Prices; None for a run without value.

    Raises:
        ValueError: If the years are out of order, the analysis ends before the last snapshot or
            lasts no year, a shape is wrong, or the prices are not one a year.
    """

    classes: Classes
    change: NDArray[np.int8]
    snapshot_years: tuple[int, ...]
    until: int
    prices: Prices | None = None

    def __post_init__(self) -> None:
        years = self.snapshot_years
        if not years or any(b <= a for a, b in pairwise(years)):
            raise ValueError("the years of the snapshots ascend, each once")
        if self.until < years[-1] or self.until == years[0]:
            raise ValueError("the analysis ends after its first snapshot, not before its last")
        if self.change.shape != 2 * (len(self.classes.name),):
            raise ValueError("a transition is needed from each class to each class")
        wanted = self.until - years[0]
        if self.prices is not None and self.prices.per_t.shape != (wanted,):
            raise ValueError(f"{wanted} prices are needed, one a year from {years[0]} on")

    @property
    def stock_years(self) -> tuple[int, ...]:
        """Years whose stock is told: the snapshots and the end; their gaps are the periods."""
        last = () if self.until == self.snapshot_years[-1] else (self.until,)
        return (*self.snapshot_years, *last)

    def prices_until(self, end: int) -> Prices:
        """Prices of the years before a year.

        Raises:
            ValueError: If the run is without value.
        """
        if self.prices is None:
            raise ValueError("the run has no prices")
        years = end - self.snapshot_years[0]
        return Prices(per_t=self.prices.per_t[:years], discount=self.prices.discount)

    @property
    def periods(self) -> tuple[tuple[int, int], ...]:
        """First year of each period, and the year in which it is over."""
        years = self.stock_years
        return tuple(pairwise(years))


class Flow(NamedTuple):
    """What happened in one period, per ha, shape (histories,) each."""

    accumulation_t_ha: Amounts
    emissions_t_ha: Amounts
    net_t_ha: Amounts
    value_per_ha: Amounts | None
    """Net present value since the first snapshot, at the end of the period."""


def with_unknown(values: FloatArray) -> FloatArray:
    """Values by class, and NaN for the unknown class at position -1."""
    nothing = np.full((*values.shape[:-1], 1), np.nan)
    return np.concatenate([values, nothing], axis=-1)


def changes_of(plan: Plan, before: ClassArray, after: ClassArray) -> NDArray[np.int8]:
    """What becomes of pixels between two snapshots, values of `Change`, shape (n,).

    `Change.NONE` where a class is unknown; the rates and shares are NaN there.

    Raises:
        ValueError: If the table misses a transition that occurs.
    """
    change = plan.change[before, after].copy()
    change[(before == UNKNOWN) | (after == UNKNOWN)] = Change.NONE
    if (change == Change.MISSING).any():
        at = np.flatnonzero(change == Change.MISSING)[0]
        names = plan.classes.name
        raise ValueError(
            f"the table of transitions says nothing of {names[before[at]]} → {names[after[at]]}"
        )
    return change


def rates_t_ha_yr(plan: Plan, before: ClassArray, after: ClassArray) -> FloatArray:
    """What builds up after a transition, shape (3 pools, n), in t/ha/yr.

    Biomass and soil only where the table says that they accumulate; litter always, by the class
    that is in place.
    """
    rates = with_unknown(plan.classes.accumulation_t_ha_yr)[:, after]
    idle = changes_of(plan, before, after) != Change.ACCUMULATES
    rates[:LITTER, idle & ~np.isnan(rates[BIOMASS])] = 0.0
    rates[:LITTER, before == UNKNOWN] = np.nan
    return rates


def shares(plan: Plan, before: ClassArray, after: ClassArray) -> FloatArray:
    """Share of the stock that a transition disturbs, shape (biomass and soil, n).

    By the class that is left; NaN where one of the two classes is unknown.
    """
    change = changes_of(plan, before, after)
    impact = np.clip(change - Change.LOW, 0, 2).astype(np.intp)
    disturbed = with_unknown(plan.classes.disturbed_share)[:, impact, before]
    disturbed[:, (change < Change.LOW) & (before != UNKNOWN)] = 0.0
    disturbed[:, after == UNKNOWN] = np.nan
    return disturbed
