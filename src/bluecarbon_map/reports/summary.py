"""Area, stock and sequestration per zone and ecosystem."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bluecarbon_map.accounting.uncertainty import kind_of
from bluecarbon_map.ecosystems import INVASIVE_SPECIES
from bluecarbon_map.factors import FactorSet, SequestrationFactor, StockFactor
from bluecarbon_map.reports.measure import ha_from_steps
from bluecarbon_map.reports.measured import Measured
from bluecarbon_map.reports.valuing import (
    STEPS_PER_T,
    Steps,
    Terms,
    Valued,
    depth_warnings,
    rate_terms,
    stock_terms,
    value,
)
from bluecarbon_map.tables import OUTSIDE, Parts, Pools, Summary, columns
from bluecarbon_map.units import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over all rows of a summary.

    Attributes:
        area_ha: Area of the union of the patches, in ha.
        stock_t_c: Carbon of what has a coefficient, in t C; None where nothing has.
            "At least" where ``unvalued_ha`` is above zero.
        stock_t_c_low: Lower end, in t C; None where unknown.
        stock_t_c_high: Upper end, in t C; None where unknown.
        interval_kind: What the stock's ends are; ``mixed: …`` has no confidence level; None where
            they are unknown.
        stock_t_co2e: The stock as carbon dioxide, in t CO2e.
        sequestration_t_c_yr: Carbon buried a year, in t C/yr; None where nothing has a rate.
        sequestration_t_c_yr_low: Lower end, in t C/yr; None where unknown.
        sequestration_t_c_yr_high: Upper end, in t C/yr; None where unknown.
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
    interval_kind: str | None
    stock_t_co2e: float | None
    sequestration_t_c_yr: float | None
    sequestration_t_c_yr_low: float | None
    sequestration_t_c_yr_high: float | None
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
        pools: One part and carbon pool a row, contract `tables.Pools`; a part without a stock
            coefficient has no pool.
        totals: Sums over all rows.
        factor_set: Coefficients used.
        warnings: What the reader should know.
    """

    rows: pd.DataFrame
    parts: pd.DataFrame
    pools: pd.DataFrame
    totals: Totals
    factor_set: FactorSet
    warnings: tuple[str, ...]


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
    valued = value(measured, factor_set)
    cells = _Cells.of(measured, zone_names, home, ecosystems)
    if not len(cells.zone):
        return _nothing(measured, factor_set)
    parts = _parts(valued, cells, zone_names)
    terms = {
        "stock_t_c": Terms.of(
            parts["area_ha"], [valued.stocks[k] for k in cells.kind], stock_terms
        ),
        "sequestration_t_c_yr": Terms.of(
            parts["area_ha"], [valued.rates[k] for k in cells.kind], rate_terms
        ),
    }
    _set_ends(parts, terms, np.arange(len(parts)))
    rows = _rows(parts, terms)
    pools = _pools(valued, cells, parts)
    return ZoneSummary(
        rows=rows,
        parts=parts,
        pools=pools,
        totals=_totals(parts, terms, measured.overlap_ha),
        factor_set=factor_set,
        warnings=(*measured.warnings, *depth_warnings(valued.stocks[k] for k in cells.kind)),
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """Zones of the result, and which of them hold which kind: one cell a part."""

    shown: list[str]
    target: NDArray[np.intp]
    zone: NDArray[np.intp]
    kind: NDArray[np.intp]

    @classmethod
    def of(
        cls,
        measured: Measured,
        zone_names: Mapping[str, str],
        home: Mapping[str, str] | None,
        ecosystems: Collection[str] | None,
    ) -> _Cells:
        shown = [*zone_names, *([OUTSIDE] if home is None or OUTSIDE in home else [])]
        at = {zone: row for row, zone in enumerate(shown)}
        homes = [zone if home is None else home.get(zone, "") for zone in measured.zone_ids]
        target = np.array([at.get(zone, -1) for zone in homes], dtype=np.intp)
        wanted = np.array(
            [ecosystems is None or kind[0] in ecosystems for kind in measured.kinds], dtype=bool
        )
        area = _gathered(measured.steps, target, len(shown))
        zone, kind = np.nonzero((area > 0) & wanted)
        return cls(shown, target, zone, kind)

    def gather(self, steps: Steps) -> Steps:
        """Measured zones added up to those of the result; shape (shown, columns)."""
        return _gathered(steps, self.target, len(self.shown))

    def pick(self, steps: Steps) -> Steps:
        """The amount of each part, shape (parts,), from amounts by kind."""
        return self.gather(steps)[self.zone, self.kind]


def _gathered(steps: Steps, target: NDArray[np.intp], shown: int) -> Steps:
    summed = np.zeros((shown, steps.shape[1]), np.int64)
    np.add.at(summed, target[target >= 0], steps[target >= 0])
    return summed


def _parts(valued: Valued, cells: _Cells, zone_names: Mapping[str, str]) -> pd.DataFrame:
    """Finest rows; their intervals are still unknown."""
    measured, kind = valued.measured, cells.kind
    zone_ids = [cells.shown[row] for row in cells.zone]
    stocks, rates = [valued.stocks[k] for k in kind], [valued.rates[k] for k in kind]
    held, rated = (
        np.array([f is not None for f in stocks]),
        np.array([f is not None for f in rates]),
    )
    table = {
        "zone_id": _text(zone_ids),
        "zone_name": _text([zone_names.get(zone, OUTSIDE) for zone in zone_ids]),
        "ecosystem": _text([measured.kinds[k][0] for k in kind]),
        "species": _text([measured.kinds[k][1] for k in kind]),
        "area_ha": ha_from_steps(cells.pick(measured.steps)),
        "demonstration_ha": ha_from_steps(cells.pick(measured.demonstration_steps)),
        "stock_t_c": _known(cells.pick(valued.by_kind(valued.pool_steps)), held),
        "stock_t_co2e": _known(cells.pick(valued.by_kind(valued.pool_co2e_steps)), held),
        "sequestration_t_c_yr": _known(cells.pick(valued.rate_steps), rated),
        **dict.fromkeys(_ENDS, math.nan),
        **_facts(stocks, rates),
    }
    return pd.DataFrame(table)[columns(Parts)]


_ENDS = (
    "stock_t_c_low", "stock_t_c_high", "sequestration_t_c_yr_low", "sequestration_t_c_yr_high",
)  # fmt: skip


def _set_ends(table: pd.DataFrame, terms: Mapping[str, Terms], group: NDArray[np.intp]) -> None:
    """Fill in the intervals of a table whose rows are groups of parts."""
    for column, term in terms.items():
        table[[f"{column}_low", f"{column}_high"]] = term.ends(group, len(table))
    unknown = table["stock_t_c_low"].isna()
    table["interval_kind"] = table["interval_kind"].mask(unknown)


def _pools(valued: Valued, cells: _Cells, parts: pd.DataFrame) -> pd.DataFrame:
    """Parts taken apart into their pools."""
    own = [np.flatnonzero(valued.kind_of_pool == kind) for kind in cells.kind]
    part = np.repeat(np.arange(len(parts)), [len(pools) for pools in own])
    which = np.concatenate(own) if own else np.zeros(0, np.intp)
    cell = (cells.zone[part], which)
    pools = [valued.pools[at] for at in which]
    kinds = [pool.interval.kind.value if pool.interval else None for pool in pools]
    table = parts.loc[part, ["zone_id", "zone_name", "ecosystem", "species", "area_ha"]]
    table = table.reset_index(drop=True).assign(
        pool=_text([pool.words for pool in pools]),
        density_t_c_ha=_numbers([pool.density_t_c_ha for pool in pools]),
        density_low_t_c_ha=_numbers([pool.low_t_c_ha for pool in pools]),
        density_high_t_c_ha=_numbers([pool.high_t_c_ha for pool in pools]),
        interval_kind=_text(kinds),
        stock_t_c=cells.gather(valued.pool_steps)[cell] / STEPS_PER_T,
        stock_t_co2e=cells.gather(valued.pool_co2e_steps)[cell] / STEPS_PER_T,
        factor_id=_text([pool.factor_id for pool in pools]),
        tier=_numbers([math.nan if pool.tier is None else pool.tier for pool in pools]),
    )
    for end in ("low", "high"):
        table[f"stock_t_c_{end}"] = (table["area_ha"] * table[f"density_{end}_t_c_ha"]).round(6)
    return table[columns(Pools)]


def _numbers(values: Sequence[float]) -> pd.Series[float]:
    return pd.Series(list(values), dtype="float64")


def _known(steps: Steps, known: NDArray[np.bool_]) -> FloatArray:
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


def _rows(parts: pd.DataFrame, terms: Mapping[str, Terms]) -> pd.DataFrame:
    """Parts added up over species."""
    keys = parts["zone_id"] + "\n" + parts["ecosystem"]
    group, _ = pd.factorize(keys)
    grouped = parts.groupby(group, sort=False)
    rows = grouped[["zone_id", "zone_name", "ecosystem"]].first()
    for column in ("area_ha", "demonstration_ha"):
        rows[column] = grouped[column].sum().round(8)
    for column in ("stock_t_c", "stock_t_co2e", "sequestration_t_c_yr"):
        rows[column] = grouped[column].sum(min_count=1).round(6)
    for column in ("species", "pools", "factor_id", "sequestration_factor_id"):
        rows[column] = _text([_joined(values) for _, values in grouped[column]])
    rows["interval_kind"] = _text([kind_of(one.dropna()) for _, one in grouped["interval_kind"]])
    _set_ends(rows, terms, group)
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


def _totals(parts: pd.DataFrame, terms: Mapping[str, Terms], overlap_ha: float) -> Totals:
    whole = np.zeros(len(parts), np.intp)
    (low, high), *_ = terms["stock_t_c"].ends(whole, 1)
    (rate_low, rate_high), *_ = terms["sequestration_t_c_yr"].ends(whole, 1)
    kind = None if math.isnan(low) else kind_of(parts["interval_kind"].dropna())

    def area(which: pd.Series[bool]) -> float:
        return round(float(parts.loc[which, "area_ha"].sum()), 8)

    def known(column: str) -> float | None:
        return _none(round(float(parts[column].sum(min_count=1)), 6))

    return Totals(
        area_ha=area(parts["area_ha"] > 0),
        stock_t_c=known("stock_t_c"),
        stock_t_c_low=_none(low),
        stock_t_c_high=_none(high),
        interval_kind=kind,
        stock_t_co2e=known("stock_t_co2e"),
        sequestration_t_c_yr=known("sequestration_t_c_yr"),
        sequestration_t_c_yr_low=_none(rate_low),
        sequestration_t_c_yr_high=_none(rate_high),
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
            "stock_t_c", "stock_t_c_low", "stock_t_c_high", "interval_kind", "stock_t_co2e",
            "sequestration_t_c_yr", "sequestration_t_c_yr_low", "sequestration_t_c_yr_high",
        )
    )  # fmt: skip
    return ZoneSummary(
        rows=pd.DataFrame(columns=columns(Summary)),
        parts=pd.DataFrame(columns=columns(Parts)),
        pools=pd.DataFrame(columns=columns(Pools)),
        totals=Totals(**zero, **unknown, overlap_ha=measured.overlap_ha),  # type: ignore[arg-type]
        factor_set=factor_set,
        warnings=measured.warnings,
    )
