"""Runs a model over histories and keeps what the rasters tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bluecarbon_map.accounting.timeline.guide import GuideModel
from bluecarbon_map.accounting.timeline.invest import InvestModel
from bluecarbon_map.accounting.timeline.parameters import ClassArray, Plan
from bluecarbon_map.units import FloatArray

Model = GuideModel | InvestModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of each history, per hectare; C or CO2e as the tables are.

    Attributes:
        stock_t_ha: Stock at the beginning of each of `Plan.stock_years`, shape (years, n), in t/ha.
        accumulation_t_ha: Built up in each of `Plan.periods`, shape (periods, n), >= 0.
        emissions_t_ha: Given off in each period, shape (periods, n), >= 0.
        net_t_ha: Net sequestration of each period, shape (periods, n); above 0 where taken up.
        total_net_t_ha: Of all periods, shape (n,).
        value_per_ha: Net present value since the first snapshot at the end of each period, shape
            (periods, n), in the currency of the prices; None without prices.
    """

    stock_t_ha: FloatArray
    accumulation_t_ha: FloatArray
    emissions_t_ha: FloatArray
    net_t_ha: FloatArray
    total_net_t_ha: FloatArray
    value_per_ha: FloatArray | None


def run(plan: Plan, histories: ClassArray, *, invest_compat: bool = False) -> Outcome:
    """Stock, accumulation, emissions, net sequestration and value of each history.

    By default accumulation − emissions = net, and the stock at any year is the first one and the
    net since. With ``invest_compat`` the numbers are those of InVEST 3.20.2, and neither holds.

    Args:
        plan: Classes, transitions, years, prices.
        histories: Positions of classes, shape (snapshots, n); -1 where the class is unknown.
        invest_compat: Reproduce InVEST with its five deviations.

    Returns:
        What became of each; NaN where it depends on a class that is unknown.

    Raises:
        ValueError: If there are not as many rows as snapshots, a class is none of the plan's, or
            the table of transitions misses one that occurs.

    Source:
        docs/methods/11-timeline.md.
    """
    _require(plan, histories)
    model: Model = (InvestModel if invest_compat else GuideModel)(plan, histories[0])
    stocks, flows = [model.stock_t_ha()], []
    for at, (start, end) in enumerate(plan.periods):
        flows.append(model.period(start, end))
        if at + 1 < len(plan.snapshot_years):
            model.change(end, histories[at], histories[at + 1])
        stocks.append(model.stock_t_ha())
    gained, lost, net, value = zip(*flows, strict=True)
    return Outcome(
        stock_t_ha=np.array(stocks),
        accumulation_t_ha=np.array(gained),
        emissions_t_ha=np.array(lost),
        net_t_ha=np.array(net),
        total_net_t_ha=np.asarray(model.total_net_t_ha()),
        value_per_ha=None if plan.prices is None else np.array(value),
    )


def _require(plan: Plan, histories: ClassArray) -> None:
    if histories.ndim != 2 or len(histories) != len(plan.snapshot_years):
        raise ValueError("a history has one class a snapshot: shape (snapshots, histories)")
    if not ((histories >= -1) & (histories < len(plan.classes.name))).all():
        raise ValueError("a history names a class that is not there")
