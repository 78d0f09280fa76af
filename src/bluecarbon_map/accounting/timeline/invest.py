"""InVEST 3.20.2 as it works, with its five deviations; only to lay beside its rasters.

Each deviation is a sentence here and a worked pixel in docs/methods/11-timeline.md. NaN stands for
InVEST's nodata, which also means "never disturbed" in its emissions. Numbers are of single
precision and added in its order, since a sum of years that nearly cancels shows the difference.
"""

from __future__ import annotations

from functools import reduce
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from bluecarbon_map.accounting.timeline.parameters import (
    BIOMASS,
    LITTER,
    SOIL,
    Amounts,
    ClassArray,
    Flow,
    Plan,
    rates_t_ha_yr,
    shares,
    with_unknown,
)
from bluecarbon_map.accounting.timeline.value import value_as_invest

_NOTHING: Final = 1e-8
"""Up to this much, in t/ha, a yearly emission or a share counts as none."""


def latest_disturbance(
    share: ArrayLike,
    stock_t_ha: ArrayLike,
    prior_t_ha: ArrayLike,
    prior_year: ArrayLike,
    year: int,
) -> tuple[Amounts, Amounts]:
    """Carbon of the latest disturbance, and its year: a new one takes the place of the last.

    Args:
        share: Share of the stock that is disturbed this year, shape (n,); NaN where unknown.
        stock_t_ha: Stock, in t/ha; NaN where unknown.
        prior_t_ha: Carbon of the disturbance before, in t/ha.
        prior_year: Its year; NaN where there was none.
        year: This year.

    Returns:
        Disturbed carbon in t/ha, and its year, shape (n,) each; NaN where there is none.
    """
    part, stock, before, when = _arrays(share, stock_t_ha, prior_t_ha, prior_year)
    earlier = ~np.isnan(when)
    volume = np.where(earlier, before, np.where(np.isnan(part), np.nan, 0.0))
    now = (part > _NOTHING) & ~np.isnan(stock)
    return np.where(now, part * stock, volume), np.where(now, year, when)


def one_or_the_other(accumulation_t_ha: ArrayLike, emissions_t_ha: ArrayLike) -> Amounts:
    """Net of a pool: its emission where there is one, else its accumulation.

    The third deviation: while carbon of an earlier disturbance decays, nothing accumulates.

    Returns:
        In t/ha, above 0 where taken up; NaN where both are.
    """
    gained, lost = _arrays(accumulation_t_ha, emissions_t_ha)
    net: Amounts = np.where(np.abs(lost) > _NOTHING, -lost, gained)
    return net


def sum_of_known(one: ArrayLike, other: ArrayLike) -> Amounts:
    """Sum of two amounts; an unknown one counts as nothing, NaN where both are."""
    first, second = _arrays(one, other)
    both = np.where(np.isnan(second), first, first + second)
    added: Amounts = np.where(np.isnan(first), second, both)
    return added


def _arrays(*given: ArrayLike) -> list[Any]:
    """Arrays of numbers; single precision stays what it is."""
    return [np.asarray(one) * np.float32(1) for one in given]


class InvestModel:
    """Histories side by side, one year after the other, as InVEST passes them."""

    def __init__(self, plan: Plan, first: ClassArray) -> None:
        self._plan = plan
        self._stock = _single(with_unknown(plan.classes.initial_t_ha)[:LITTER, first])
        self._rates = _single(with_unknown(plan.classes.accumulation_t_ha_yr)[:, first])
        self._volume = np.full_like(self._stock, np.nan)
        self._when = np.full_like(self._stock, np.nan)
        self._half_life = np.full_like(self._stock, np.nan)
        self._net: list[Amounts] = []

    def change(self, year: int, before: ClassArray, after: ClassArray) -> None:
        """Pass a snapshot.

        The fourth deviation: what was disturbed earlier decays from now on by the half-life of the
        class that has just been left.
        """
        self._half_life = _single(with_unknown(self._plan.classes.half_life_yr)[:, before])
        share = _single(shares(self._plan, before, after))
        volume, when = latest_disturbance(share, self._stock, self._volume, self._when, year)
        self._volume, self._when = _single(volume), _single(when)
        self._rates = _single(rates_t_ha_yr(self._plan, before, after))

    def stock_t_ha(self) -> Amounts:
        """Biomass, soil and, the first deviation, one year's litter, shape (histories,)."""
        held = sum_of_known(self._stock[SOIL], self._stock[BIOMASS])
        return sum_of_known(held, self._rates[LITTER])

    def period(self, start: int, end: int) -> Flow:
        """Pass the years of a period.

        The second deviation: its net leaves litter out after the first transition, its accumulation
        never does.
        """
        gained = (self._rates[BIOMASS] + self._rates[SOIL] + self._rates[LITTER]) * (end - start)
        if self._net:
            lost, net = self._disturbed_years(start, end)
        else:
            lost, net = np.full_like(gained, np.nan), gained
            self._pass_undisturbed(end - start)
        self._net.append(net)
        return Flow(gained, lost, net, self._value(end))

    def total_net_t_ha(self) -> Amounts:
        """Net sequestration of all periods that were passed."""
        return reduce(sum_of_known, self._net)

    def _pass_undisturbed(self, years: int) -> None:
        """Grow, the last year by itself where a transition follows: it rounds as InVEST does."""
        rates, alone = self._rates[:LITTER], len(self._plan.snapshot_years) > 1
        self._stock = self._stock + rates * (years - alone)
        self._stock = self._stock + rates if alone else self._stock

    def _disturbed_years(self, start: int, end: int) -> tuple[Amounts, Amounts]:
        """Emissions and net of biomass and soil."""
        lost = np.full_like(self._stock[0], np.nan)
        taken = lost
        for year in range(start, end):
            emitted = self._emitted(year)
            net = _single(one_or_the_other(self._rates[:LITTER], emitted))
            self._stock = _single(sum_of_known(self._stock, net))
            for pool in (SOIL, BIOMASS):
                lost, taken = sum_of_known(lost, emitted[pool]), sum_of_known(taken, net[pool])
        return lost, taken

    def _emitted(self, year: int) -> Amounts:
        none = self._half_life <= _NOTHING
        half_life = np.where(none, np.float32(1), self._half_life)
        elapsed = np.float32(year) - self._when
        left, after = (np.float32(0.5) ** ((elapsed + i) / half_life) for i in (0, 1))
        return np.where(none, np.float32(0), self._volume * (left - after))

    def _value(self, end: int) -> Amounts | None:
        """The fifth deviation: all carbon since the first snapshot, times all prices."""
        if self._plan.prices is None:
            return None
        return value_as_invest(np.sum(self._net, axis=0), self._plan.prices_until(end))


def _single(values: Amounts) -> Amounts:
    return values.astype(np.float32)
