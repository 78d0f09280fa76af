"""What another value of one coefficient would change, and by how much."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from bluecarbon_map.errors import AccountingError, FactorError, NotFoundError
from bluecarbon_map.factors import (
    DENSITY_MOST_T_C_HA,
    RATE_MOST_T_C_HA_YR,
    FactorSet,
    SequestrationFactor,
    StockFactor,
)
from bluecarbon_map.reports.measured import Measured
from bluecarbon_map.reports.summary import ZoneSummary
from bluecarbon_map.reports.used import STOCK, used_factors
from bluecarbon_map.reports.zones import summarise
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import Level

_COLUMN: Final = {True: "stock_t_c", False: "sequestration_t_c_yr"}

COLUMNS: Final = [
    "zone_id", "zone_name", "ecosystem", "species", "before", "after", "difference", "percent",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What follows from one changed coefficient; nothing is written anywhere.

    Attributes:
        factor_id: The coefficient.
        unit: ``t C/ha`` or ``t C/ha/yr``.
        before: Its value in the set.
        after: The value tried.
        amount_unit: ``t C`` for a density, ``t C/yr`` for a rate: the one ledger it changes.
        total_before: Sum over all rows of the summary, in that unit.
        total_after: The same with the value tried.
        at_least: Whether part of the ground has no coefficient, so that both sums are lower bounds.
        rows: Rows that change, `COLUMNS`, amounts in that unit; the others do not change.
        unchanged: How many rows do not change.
    """

    factor_id: str
    unit: str
    before: float
    after: float
    amount_unit: str
    total_before: float
    total_after: float
    at_least: bool
    rows: pd.DataFrame
    unchanged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A coefficient that a summary was made with, and that another value can be tried for.

    Attributes:
        factor_id: Its id.
        is_density: Whether it is a density; else a rate.
        value: Its value, in ``unit``.
        unit: ``t C/ha`` or ``t C/ha/yr``.
    """

    factor_id: str
    is_density: bool
    value: float
    unit: str


def used_ids(summary: ZoneSummary) -> dict[str, Tried]:
    """Coefficients that the numbers of a summary were made with, by a name of their own.

    The name is the id; a rate that has the id of a density (both stand in one row of a user's
    file) is called ``<id>:rate``.
    """
    found: dict[str, Tried] = {}
    for one in used_factors(summary.factor_set, summary.parts):
        if one.value is None or one.unit is None:
            continue
        is_density = one.role == STOCK
        taken = not is_density and found.get(one.factor_id) is not None
        name = f"{one.factor_id}:rate" if taken else one.factor_id
        found[name] = Tried(
            factor_id=one.factor_id, is_density=is_density, value=one.value, unit=one.unit
        )
    return found


def changed(factor_set: FactorSet, tried: Tried, value: float) -> FactorSet:
    """The set with another value of one coefficient, wherever it uses it, and without its interval.

    Args:
        factor_set: The set.
        tried: The coefficient, from `used_ids`.
        value: In t C/ha or t C/ha/yr, as the set uses it.

    Raises:
        FactorError: If the value is no density or rate that can be.
    """
    _require(value, DENSITY_MOST_T_C_HA if tried.is_density else RATE_MOST_T_C_HA_YR)
    told = replace(factor_set, set_id=f"{factor_set.set_id} ({tried.factor_id} = {value:g})")
    if tried.is_density:
        stocks = factor_set.stocks.items()
        return replace(told, stocks={k: _stock(held, tried.factor_id, value) for k, held in stocks})
    rates = factor_set.rates.items()
    return replace(told, rates={key: _rate(rate, tried.factor_id, value) for key, rate in rates})


def _require(value: float, most: float) -> None:
    if not 0 <= value <= most:
        raise FactorError(
            f"a value of {value:g} lies outside 0 to {most:,.0f}",
            "Check its unit (C or CO2, ha or m²)",
        )


def _stock(held: StockFactor, factor_id: str, value: float) -> StockFactor:
    pools = tuple(
        replace(pool, density_t_c_ha=value, interval=None) if pool.factor_id == factor_id else pool
        for pool in held.pools
    )
    return replace(held, pools=pools)


def _rate(rate: SequestrationFactor, factor_id: str, value: float) -> SequestrationFactor:
    if rate.factor_id != factor_id:
        return rate
    return replace(rate, rate_t_c_ha_yr=value, interval=None)


def what_if(
    store: Workspace,
    survey_id: str,
    before: ZoneSummary,
    factor_id: str,
    value: float,
    *,
    level: Level,
    zone_id: str | None = None,
    ecosystems: Collection[str] | None = None,
    measured: Measured,
    language: str = "zh",
) -> WhatIf:
    """Results that another value of one coefficient changes.

    Args:
        store: Workspace to read.
        survey_id: The survey.
        before: Summary with the coefficients as they are, of the same choices.
        factor_id: The coefficient to change, by its name in `used_ids`.
        value: The value to try, in the unit the set uses it in.
        level: Level of the rows.
        zone_id: Only zones in this one.
        ecosystems: Only these.
        measured: The areas of ``before``.
        language: Of zone names.

    Raises:
        NotFoundError: If the summary was not made with that coefficient.
        FactorError: If the value cannot be.
    """
    used = used_ids(before)
    if factor_id not in used:
        raise NotFoundError("coefficient", factor_id, sorted(used))
    tried = used[factor_id]
    after = summarise(
        store, survey_id, level=level, zone_id=zone_id, ecosystems=ecosystems,
        factor_set=changed(before.factor_set, tried, value), language=language,
        measured=measured,
    )  # fmt: skip
    return _compared(before, after, tried, value)


def _compared(before: ZoneSummary, after: ZoneSummary, tried: Tried, value: float) -> WhatIf:
    column = _COLUMN[tried.is_density]
    old, new = before.parts, after.parts
    keys = ["zone_id", "ecosystem", "species"]
    if not old[keys].equals(new[keys]):
        raise AccountingError("a changed coefficient has moved ground")
    table = old[["zone_id", "zone_name", "ecosystem", "species"]].assign(
        before=old[column], after=new[column], difference=(new[column] - old[column]).round(6)
    )
    moved = table["difference"].fillna(0.0) != 0.0
    rows = table[moved]
    known = rows["before"].where(rows["before"] > 0)
    rows = rows.assign(percent=100 * rows["difference"] / known)
    return WhatIf(
        factor_id=tried.factor_id,
        unit=tried.unit,
        before=tried.value,
        after=value,
        amount_unit="t C" if tried.is_density else "t C/yr",
        total_before=_sum(old[column]),
        total_after=_sum(new[column]),
        at_least=bool(new[column].isna().any()),
        rows=rows[COLUMNS].reset_index(drop=True),
        unchanged=int((~moved).sum()),
    )


def _sum(amounts: pd.Series[float]) -> float:
    return round(math.fsum(amounts.dropna()), 6)
