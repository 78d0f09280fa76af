"""The model by the guide's own words: every pool is a stock, every parcel keeps its half-life."""

from __future__ import annotations

import numpy as np

from bluecarbon_map.accounting.timeline.decay import left_share
from bluecarbon_map.accounting.timeline.parameters import (
    LITTER,
    ClassArray,
    Flow,
    Plan,
    rates_t_ha_yr,
    shares,
    with_unknown,
)
from bluecarbon_map.accounting.timeline.value import discounted
from bluecarbon_map.units import FloatArray


class GuideModel:
    """Histories side by side, one year after the other.

    The stock of a pool is its intact part and what is left of each disturbed parcel. A parcel
    decays by the half-life of the class it was disturbed in, whatever stands there later; what
    accumulates goes to the intact part at the same time.
    """

    def __init__(self, plan: Plan, first: ClassArray) -> None:
        self._plan = plan
        self._intact = with_unknown(plan.classes.initial_t_ha)[:, first]
        self._rates = with_unknown(plan.classes.accumulation_t_ha_yr)[:, first]
        self._parcels: list[tuple[FloatArray, FloatArray]] = []
        self._total = np.zeros(first.size)
        self._value = np.zeros(first.size)
        self._worth = None if plan.prices is None else discounted(plan.prices)

    def change(self, year: int, before: ClassArray, after: ClassArray) -> None:  # noqa: ARG002
        """Pass a snapshot: disturb what its transition disturbs, then accumulate by it.

        Carbon of a half-life of 0 is never given off, so it stays intact; carbon of an earlier
        disturbance is disturbed already.
        """
        half_life = with_unknown(self._plan.classes.half_life_yr)[:, before]
        share = shares(self._plan, before, after) * (half_life != 0)
        disturbed = share * self._intact[:LITTER]
        self._intact[:LITTER] -= disturbed
        self._parcels.append((disturbed, left_share(1, half_life)))
        self._rates = rates_t_ha_yr(self._plan, before, after)

    def stock_t_ha(self) -> FloatArray:
        """Carbon of all pools at the beginning of the year, shape (histories,), in t/ha."""
        held: FloatArray = self._intact.sum(axis=0)
        for left, _ in self._parcels:
            held = held + left.sum(axis=0)
        return held

    def period(self, start: int, end: int) -> Flow:
        """Pass the years of a period; each year's net is worth that year's discounted price."""
        rate = self._rates.sum(axis=0)
        lost = np.zeros_like(rate)
        for year in range(start, end):
            emitted = self._decay()
            lost += emitted
            if self._worth is not None:
                self._value = self._value + self._worth[year - self._plan.snapshot_years[0]] * (
                    rate - emitted
                )
        gained = rate * (end - start)
        self._intact = self._intact + self._rates * (end - start)
        self._total = self._total + gained - lost
        value = None if self._worth is None else self._value
        return Flow(gained, lost, gained - lost, value)

    def total_net_t_ha(self) -> FloatArray:
        """Net sequestration of all periods that were passed."""
        return self._total

    def _decay(self) -> FloatArray:
        """Pass one year of every parcel: what they give off, shape (histories,), in t/ha."""
        emitted = np.zeros(self._intact.shape[1])
        for i, (left, kept_share) in enumerate(self._parcels):
            after = left * kept_share
            emitted += (left - after).sum(axis=0)
            self._parcels[i] = (after, kept_share)
        return emitted
