"""Area, stock and sequestration per zone and ecosystem."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bluecarbon_map.accounting.stock import sequestration_t_c_yr, stock_t_c
from bluecarbon_map.accounting.uncertainty import combine, kind_of
from bluecarbon_map.ecosystems import INVASIVE_SPECIES
from bluecarbon_map.factors import FactorSet, SequestrationFactor, StockFactor
from bluecarbon_map.reports.measure import Measured, ha_from_steps
from bluecarbon_map.tables import OUTSIDE, Parts, Summary, columns, validate
from bluecarbon_map.units import FloatArray, co2e_from_c

STEPS_PER_T: Final = 10**6
"""Tonnes are kept in whole grams, so that zones add up to the province to the last digit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over all rows of a summary.

    Attributes:
        area_ha: Area of the union of the patches, in ha.
        stock_t_c: Carbon of what has a coefficient, in t C; None where nothing has.
            "At least" where ``unvalued_ha`` is above zero.
        stock_t_c_low: Lower end, in t C; None where unknown.
        stock_t_c_high: Upper end, in t C; None where unknown.
        stock_t_co2e: The stock as carbon dioxide, in t CO2e.
        sequestration_t_c_yr: Carbon buried a year, in t C/yr; None where nothing has a rate.
        overlap_ha: Ground that patches claimed more than once, in ha.
        outside_ha: Area in no zone, in ha.
        unvalued_ha: Area without a stock coefficient, in ha.
        unrated_ha: Area without a sequestration coefficient, in ha.
        demonstration_ha: Area of demonstration data, in ha.
    """

    area_ha: float
    stock_t_c: float | None
    stock_t_c_low: float | None
    stock_t_c_high: float | None
    stock_t_co2e: float | None
    sequestration_t_c_yr: float | None
    overlap_ha: float
    outside_ha: float
    unvalued_ha: float
    unrated_ha: float
    demonstration_ha: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneSummary:
    """What one survey comes to, zone by zone.

    Attributes:
        rows: One zone and ecosystem a row, contract `tables.Summary`.
        parts: One zone, ecosystem and species a row, contract `tables.Parts`.
        totals: Sums over all rows.
        factor_set: Coefficients used.
        warnings: What the reader should know.
    """

    rows: pd.DataFrame
    parts: pd.DataFrame
    totals: Totals
    factor_set: FactorSet
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Valued:
    """Measured areas with their carbon, shape (zones, kinds); unknown is NaN in the factors."""

    measured: Measured
    stocks: tuple[StockFactor | None, ...]
    rates: tuple[SequestrationFactor | None, ...]
    stock_steps: NDArray[np.int64]
    co2e_steps: NDArray[np.int64]
    rate_steps: NDArray[np.int64]


def tabulate(
    measured: Measured,
    factor_set: FactorSet,
    *,
    zone_names: Mapping[str, str],
    home: Mapping[str, str] | None = None,
    ecosystems: Collection[str] | None = None,
) -> ZoneSummary:
    """Give measured areas their carbon and add them up.

    Args:
        measured: Areas of kinds of habitat in zones.
        factor_set: Coefficients.
        zone_names: Name to print for each zone of the result.
        home: Zone of the result that each measured zone belongs to; a measured zone that is not in
            it is left out. None keeps every zone as it is.
        ecosystems: Ecosystems to keep; None for all.

    Returns:
        Rows and parts in the order of ``zone_names``, ground in no zone last. Where nothing is left
        the tables are empty and the totals unknown.
    """
    valued = _value(measured, factor_set)
    parts, index = _parts(valued, zone_names, home, ecosystems)
    if parts.empty:
        return _nothing(measured, factor_set)
    terms = _Terms.of(parts, valued.stocks, index)
    parts[["stock_t_c_low", "stock_t_c_high"]] = terms.ends(np.arange(len(parts)), len(parts))
    rows = _rows(parts, terms)
    validate(Parts, parts)
    validate(Summary, rows)
    return ZoneSummary(
        rows=rows,
        parts=parts,
        totals=_totals(parts, terms, measured.overlap_ha),
        factor_set=factor_set,
        warnings=measured.warnings,
    )


def _value(measured: Measured, factor_set: FactorSet) -> _Valued:
    stocks = tuple(factor_set.stock(*kind) for kind in measured.kinds)
    rates = tuple(factor_set.sequestration(*kind) for kind in measured.kinds)
    area_ha = ha_from_steps(measured.steps)
    stock = [
        _times(area_ha[:, at], f.density_t_c_ha if f else None, stock_t_c)
        for at, f in enumerate(stocks)
    ]
    rate = [
        _times(area_ha[:, at], f.rate_t_c_ha_yr if f else None, sequestration_t_c_yr)
        for at, f in enumerate(rates)
    ]
    held = np.column_stack(stock)
    return _Valued(
        measured=measured,
        stocks=stocks,
        rates=rates,
        stock_steps=_steps(held),
        co2e_steps=_steps(co2e_from_c(held)),
        rate_steps=_steps(np.column_stack(rate)),
    )


def _times(
    area_ha: FloatArray,
    per_ha: float | None,
    product: Callable[[FloatArray, float], FloatArray],
) -> FloatArray:
    """Amounts of one kind; zeros stand in for unknown and are never shown as such."""
    return np.zeros(len(area_ha)) if per_ha is None else product(area_ha, per_ha)


def _steps(amount: FloatArray) -> NDArray[np.int64]:
    return np.rint(amount * STEPS_PER_T).astype(np.int64)


def _parts(
    valued: _Valued,
    zone_names: Mapping[str, str],
    home: Mapping[str, str] | None,
    ecosystems: Collection[str] | None,
) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """Finest rows, and the kind of each."""
    measured = valued.measured
    shown = [*zone_names, *([OUTSIDE] if home is None or OUTSIDE in home else [])]
    at = {zone: row for row, zone in enumerate(shown)}
    target = np.array(
        [at.get(zone if home is None else home.get(zone, ""), -1) for zone in measured.zone_ids]
    )
    kept = target >= 0

    def gather(steps: NDArray[np.int64]) -> NDArray[np.int64]:
        summed = np.zeros((len(shown), steps.shape[1]), np.int64)
        np.add.at(summed, target[kept], steps[kept])
        return summed

    area = gather(measured.steps)
    wanted = np.array([ecosystems is None or kind[0] in ecosystems for kind in measured.kinds])
    zone, kind = np.nonzero((area > 0) & wanted)
    rates_known = np.array([f is not None for f in valued.rates])[kind]
    stocks_known = np.array([f is not None for f in valued.stocks])[kind]
    cell = (zone, kind)
    table = {
        "zone_id": pd.Series([shown[row] for row in zone], dtype="str"),
        "zone_name": pd.Series([zone_names.get(shown[row], OUTSIDE) for row in zone], dtype="str"),
        "ecosystem": pd.Series([measured.kinds[k][0] for k in kind], dtype="str"),
        "species": pd.Series([measured.kinds[k][1] for k in kind], dtype="str"),
        "area_ha": ha_from_steps(area[cell]),
        "demonstration_ha": ha_from_steps(gather(measured.demonstration_steps)[cell]),
        "stock_t_c": _known(gather(valued.stock_steps)[cell], stocks_known),
        "stock_t_c_low": np.nan,
        "stock_t_c_high": np.nan,
        "stock_t_co2e": _known(gather(valued.co2e_steps)[cell], stocks_known),
        "sequestration_t_c_yr": _known(gather(valued.rate_steps)[cell], rates_known),
        **_facts([valued.stocks[k] for k in kind], [valued.rates[k] for k in kind]),
    }
    return pd.DataFrame(table)[columns(Parts)], kind


def _known(steps: NDArray[np.int64], known: NDArray[np.bool_]) -> FloatArray:
    return np.where(known, steps / STEPS_PER_T, np.nan)


def _facts(
    stocks: Sequence[StockFactor | None], rates: Sequence[SequestrationFactor | None]
) -> dict[str, pd.Series[Any]]:
    """Where each row's numbers come from."""
    kinds = [f and [pool.interval.kind for pool in f.pools if pool.interval] for f in stocks]
    return {
        "pools": _text(["; ".join(pool.words for pool in f.pools) if f else None for f in stocks]),
        "interval_kind": _text([kind_of(found) if found else None for found in kinds]),
        "factor_id": _text([f.factor_id if f else None for f in stocks]),
        "sequestration_factor_id": _text([f.factor_id if f else None for f in rates]),
        "tier": pd.Series(
            [math.nan if f is None or f.tier is None else f.tier for f in stocks], dtype="float64"
        ),
    }


def _text(values: Sequence[str | None]) -> pd.Series[Any]:
    return pd.Series(list(values), dtype="str")


@dataclass(frozen=True, slots=True)
class _Terms:
    """Every pool of every part: what intervals are combined from."""

    part: NDArray[np.intp]
    factor_id: list[str]
    value: FloatArray
    low: FloatArray
    high: FloatArray

    @classmethod
    def of(
        cls,
        parts: pd.DataFrame,
        stocks: Sequence[StockFactor | None],
        kind: NDArray[np.intp],
    ) -> _Terms:
        part: list[int] = []
        ids: list[str] = []
        ends: list[tuple[float, float, float]] = []
        for row, (area_ha, at) in enumerate(zip(parts["area_ha"], kind, strict=True)):
            found = stocks[at]
            for pool in found.pools if found else ():
                part.append(row)
                ids.append(pool.factor_id)
                densities = (pool.density_t_c_ha, pool.low_t_c_ha, pool.high_t_c_ha)
                ends.append(tuple(area_ha * density for density in densities))
            if found is None:
                part.append(row)
                ids.append("")
                ends.append((math.nan, math.nan, math.nan))
        value, low, high = np.array(ends, dtype=float).T
        return cls(np.array(part, dtype=np.intp), ids, value, low, high)

    def ends(self, group_of_part: NDArray[np.intp], groups: int) -> FloatArray:
        """Low and high of groups of parts, shape (groups, 2), in t C; NaN where unknown."""
        sums = combine(
            self.factor_id, self.value, self.low, self.high, group_of_part[self.part], groups=groups
        )
        ends: FloatArray = np.column_stack([sums.low, sums.high]).round(6)
        return ends


def _rows(parts: pd.DataFrame, terms: _Terms) -> pd.DataFrame:
    """Parts added up over species."""
    keys = parts["zone_id"] + "\n" + parts["ecosystem"]
    group, _ = pd.factorize(keys)
    grouped = parts.groupby(group, sort=False)
    rows = grouped[["zone_id", "zone_name", "ecosystem"]].first()
    for column in ("area_ha", "demonstration_ha"):
        rows[column] = grouped[column].sum().round(8)
    for column in ("stock_t_c", "stock_t_co2e", "sequestration_t_c_yr"):
        rows[column] = grouped[column].sum(min_count=1).round(6)
    rows[["stock_t_c_low", "stock_t_c_high"]] = terms.ends(group, len(rows))
    for column in ("species", "pools", "interval_kind", "factor_id", "sequestration_factor_id"):
        rows[column] = _text([_joined(values) for _, values in grouped[column]])
    rows["tier"] = grouped["tier"].min()
    invasive = parts["species"].isin(INVASIVE_SPECIES)
    rows["invasive_ha"] = _part_area(parts, invasive, group)
    rows["unvalued_ha"] = _part_area(parts, parts["stock_t_c"].isna(), group)
    return rows[columns(Summary)].reset_index(drop=True)


def _joined(values: pd.Series[str]) -> str | None:
    """Distinct words of a group, each once, in their order."""
    words = dict.fromkeys(word for text in values.dropna() for word in text.split("; "))
    return "; ".join(words) or None


def _part_area(parts: pd.DataFrame, which: pd.Series[bool], group: NDArray[np.intp]) -> FloatArray:
    area: FloatArray = np.bincount(group, parts["area_ha"].where(which, 0.0)).astype(float)
    return area.round(8)


def _totals(parts: pd.DataFrame, terms: _Terms, overlap_ha: float) -> Totals:
    (low, high), *_ = terms.ends(np.zeros(len(parts), np.intp), 1)

    def area(which: pd.Series[bool]) -> float:
        return round(float(parts.loc[which, "area_ha"].sum()), 8)

    def known(column: str) -> float | None:
        return _none(round(float(parts[column].sum(min_count=1)), 6))

    return Totals(
        area_ha=area(parts["area_ha"] > 0),
        stock_t_c=known("stock_t_c"),
        stock_t_c_low=_none(low),
        stock_t_c_high=_none(high),
        stock_t_co2e=known("stock_t_co2e"),
        sequestration_t_c_yr=known("sequestration_t_c_yr"),
        overlap_ha=overlap_ha,
        outside_ha=area(parts["zone_id"] == OUTSIDE),
        unvalued_ha=area(parts["stock_t_c"].isna()),
        unrated_ha=area(parts["sequestration_t_c_yr"].isna()),
        demonstration_ha=round(float(parts["demonstration_ha"].sum()), 8),
    )


def _none(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _nothing(measured: Measured, factor_set: FactorSet) -> ZoneSummary:
    """A summary of nothing: empty tables, unknown carbon."""
    zero = dict.fromkeys(
        ("area_ha", "outside_ha", "unvalued_ha", "unrated_ha", "demonstration_ha"), 0.0
    )
    unknown = dict.fromkeys(
        (
            "stock_t_c", "stock_t_c_low", "stock_t_c_high", "stock_t_co2e", "sequestration_t_c_yr",
        )
    )  # fmt: skip
    return ZoneSummary(
        rows=pd.DataFrame(columns=columns(Summary)),
        parts=pd.DataFrame(columns=columns(Parts)),
        totals=Totals(**zero, **unknown, overlap_ha=measured.overlap_ha),  # type: ignore[arg-type]
        factor_set=factor_set,
        warnings=measured.warnings,
    )
