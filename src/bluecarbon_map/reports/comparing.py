"""Two results side by side: what differs between surveys or zones, and whether that is sure.

Both sides are made with the same coefficients, so they are wrong together: the difference is
(difference in area) × density, and so is its interval. The intervals of the two sides are never
subtracted from each other. Ground without a coefficient has carbon too: where it differs, nothing
is said of the whole. docs/methods/03-uncertainty.md.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

import pandas as pd

from bluecarbon_map.accounting.uncertainty import kind_of
from bluecarbon_map.reports.regions import Regions
from bluecarbon_map.reports.summary import ZoneSummary

_WORTH_A_WORD_HA: Final = 1e-4
"""A square metre; smaller differences in area are rounding."""


class Verdict(StrEnum):
    """What may be said of two amounts."""

    MORE = "more"
    LESS = "less"
    SAME = "same"
    CANNOT_SAY = "cannot say"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A difference with its interval, one unit; NaN is unknown.

    Attributes:
        value: Second amount less the first.
        low: Lower end.
        high: Upper end.
        kind: What the ends are; None where they are unknown.
    """

    value: float
    low: float
    high: float
    kind: str | None

    @property
    def verdict(self) -> Verdict:
        """Whether the second amount is more, less, the same, or whether that cannot be said."""
        if math.isnan(self.value) or math.isnan(self.low) or math.isnan(self.high):
            return Verdict.UNKNOWN
        if self.value == self.low == self.high == 0.0:
            return Verdict.SAME
        if self.low > 0:
            return Verdict.MORE
        return Verdict.LESS if self.high < 0 else Verdict.CANNOT_SAY


def overlap(first: tuple[float, float], second: tuple[float, float]) -> bool | None:
    """Whether two intervals share a value; None where an end is unknown.

    Args:
        first: Lower and upper end.
        second: The same of the other amount.
    """
    ends = (*first, *second)
    if any(math.isnan(end) for end in ends):
        return None
    return bool(max(first[0], second[0]) <= min(first[1], second[1]))


def stock_difference(before: pd.DataFrame, after: pd.DataFrame) -> Difference:
    """Stock of ``after`` less that of ``before``, both made with one set of coefficients.

    Amounts of one coefficient err together: their difference in area is taken first, and the
    coefficient's interval goes with it. Different coefficients err apart: in quadrature, each side
    by itself.

    Args:
        before: Pools, contract `tables.Pools`.
        after: The same of the other side.

    Returns:
        The difference in t C. Its interval is unknown where a coefficient whose area differs has
        none; all of it is unknown where neither side has a coefficient. Where no area differs it
        is 0 to 0.

    Raises:
        ValueError: If one coefficient has two densities: the sides were not made alike.

    Source:
        docs/methods/03-uncertainty.md, eq. 3.3 and 3.4.
    """
    changed = _changed_areas(before, after)
    if changed.empty:
        return Difference(value=math.nan, low=math.nan, high=math.nan, kind=None)
    moved = changed[changed["area_ha"].abs() > _WORTH_A_WORD_HA]
    if moved.empty:
        return Difference(value=0.0, low=0.0, high=0.0, kind=None)
    by, density = moved["area_ha"], moved["density_t_c_ha"]
    ends = [by * moved["density_low_t_c_ha"], by * moved["density_high_t_c_ha"]]
    # a smaller area turns the interval round
    low, high = pd.concat(ends, axis=1).min(axis=1), pd.concat(ends, axis=1).max(axis=1)
    value = math.fsum(changed["area_ha"] * changed["density_t_c_ha"])
    if moved["density_low_t_c_ha"].isna().any():
        return Difference(value=value, low=math.nan, high=math.nan, kind=None)
    return Difference(
        value=value,
        low=value - math.hypot(*(by * density - low)),
        high=value + math.hypot(*(high - by * density)),
        kind=kind_of(moved["interval_kind"].dropna()),
    )


_OF_COEFFICIENT: Final = [
    "density_t_c_ha", "density_low_t_c_ha", "density_high_t_c_ha", "interval_kind",
]  # fmt: skip


def _changed_areas(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Difference in area under each coefficient, in ha, beside what the coefficient says."""
    sides = [
        side.assign(signed=sign * side["area_ha"]) for sign, side in ((-1, before), (1, after))
    ]
    both = pd.concat([side for side in sides if len(side)] or sides)
    found = both.groupby("factor_id", sort=False)
    density = found["density_t_c_ha"]
    if (density.min() < density.max()).any():
        raise ValueError("one coefficient with two densities: the sides were not made alike")
    changed: pd.DataFrame = found[_OF_COEFFICIENT].first()
    return changed.assign(area_ha=found["signed"].sum())


def compare_surveys(
    before: ZoneSummary,
    after: ZoneSummary,
    mapped_before: Collection[str],
    mapped_after: Collection[str],
) -> pd.DataFrame:
    """Area and stock of two surveys of one place, ecosystem by ecosystem.

    What a survey mapped elsewhere and not here is none here; what it mapped nowhere is unknown.

    Args:
        before: Earlier survey.
        after: Later survey, same place, same coefficients.
        mapped_before: Ecosystems the earlier survey has on record anywhere.
        mapped_after: The same of the later one.

    Returns:
        One ecosystem a row: ``ecosystem``; ``area_ha`` and ``stock_t_c`` as ``…_before``,
        ``…_after``, ``…_change``; ``stock_t_c_change_low``, ``…_high``; ``demonstration_ha_before``
        and ``…_after``. NaN is unknown. A net difference: what turned into what is not in it.
    """
    kinds = dict.fromkeys([*before.parts["ecosystem"], *after.parts["ecosystem"]])
    rows = []
    for kind in kinds:
        sides = [_Side.of(before, kind, mapped_before), _Side.of(after, kind, mapped_after)]
        rows.append({"ecosystem": kind, **_row(*sides)})
    return pd.DataFrame(rows, columns=["ecosystem", *_ROW])


_ROW: Final = [
    "area_ha_before", "area_ha_after", "area_ha_change",
    "stock_t_c_before", "stock_t_c_after", "stock_t_c_change",
    "stock_t_c_change_low", "stock_t_c_change_high",
    "demonstration_ha_before", "demonstration_ha_after",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Side:
    """One ecosystem in one survey."""

    area_ha: float
    demonstration_ha: float
    stock_t_c: float
    unvalued: bool
    pools: pd.DataFrame

    @classmethod
    def of(cls, summary: ZoneSummary, kind: str, mapped: Collection[str]) -> _Side:
        parts = summary.parts[summary.parts["ecosystem"] == kind]
        pools = summary.pools[summary.pools["ecosystem"] == kind]
        if kind not in mapped:
            return cls(math.nan, math.nan, math.nan, unvalued=True, pools=pools)
        stock = parts["stock_t_c"].sum(min_count=1) if len(parts) else 0.0
        return cls(
            round(float(parts["area_ha"].sum()), 6),
            round(float(parts["demonstration_ha"].sum()), 6),
            float(stock),
            unvalued=bool(parts["stock_t_c"].isna().any()),
            pools=pools,
        )


def _row(before: _Side, after: _Side) -> dict[str, float]:
    change = Difference(value=math.nan, low=math.nan, high=math.nan, kind=None)
    if not before.unvalued and not after.unvalued:
        change = stock_difference(before.pools, after.pools)
    return {
        "area_ha_before": before.area_ha,
        "area_ha_after": after.area_ha,
        "area_ha_change": round(after.area_ha - before.area_ha, 6),
        # none here, and nowhere a coefficient: unknown rather than none
        "stock_t_c_before": math.nan if after.unvalued and before.pools.empty else before.stock_t_c,
        "stock_t_c_after": math.nan if before.unvalued and after.pools.empty else after.stock_t_c,
        "stock_t_c_change": change.value,
        "stock_t_c_change_low": change.low,
        "stock_t_c_change_high": change.high,
        "demonstration_ha_before": before.demonstration_ha,
        "demonstration_ha_after": after.demonstration_ha,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What differs between two surveys of a place, and what is left out of that number.

    Attributes:
        valued: Difference over the ecosystems whose own difference is known, in t C.
        came_ha: Area that ecosystems left out of it gained, in ha.
        went_ha: Area that ecosystems left out of it lost, in ha.
        unmapped: Ecosystems that one of the surveys mapped nowhere: how much came or went is
            unknown.
    """

    valued: Difference
    came_ha: float
    went_ha: float
    unmapped: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """What may be said of all carbon: nothing where ground without a coefficient differs."""
        if self.unmapped or self.moved:
            return Verdict.UNKNOWN
        return self.valued.verdict

    @property
    def moved(self) -> bool:
        """Whether area that is left out came or went."""
        return max(self.came_ha, self.went_ha) > _WORTH_A_WORD_HA


def whole_difference(before: ZoneSummary, after: ZoneSummary, rows: pd.DataFrame) -> Whole:
    """Difference in stock over what is known, beside the area that came and went without it.

    Args:
        before: Earlier survey.
        after: Later one.
        rows: What `compare_surveys` gave for them.
    """
    left_out = rows["stock_t_c_change"].isna()
    known = rows.loc[~left_out, "ecosystem"]
    unmapped = left_out & rows["area_ha_change"].isna()
    moved = _moved(before, after, rows.loc[left_out & ~unmapped, "ecosystem"])
    return Whole(
        valued=stock_difference(*(s.pools[s.pools["ecosystem"].isin(known)]
                                  for s in (before, after))),
        came_ha=round(float(moved.clip(lower=0.0).sum()), 6),
        went_ha=round(float(moved.clip(upper=0.0).abs().sum()), 6),
        unmapped=tuple(rows.loc[unmapped, "ecosystem"]),
    )  # fmt: skip


def _moved(
    before: ZoneSummary, after: ZoneSummary, ecosystems: Collection[str]
) -> pd.Series[float]:
    """Difference in area of each species of ecosystems, in ha: a gain and a loss do not cancel."""
    first, second = (_areas_of(side, ecosystems) for side in (before, after))
    return second.sub(first, fill_value=0.0)


def _areas_of(side: ZoneSummary, ecosystems: Collection[str]) -> pd.Series[float]:
    parts = side.parts[side.parts["ecosystem"].isin(list(ecosystems))]
    kinds = [parts["ecosystem"].astype(str), parts["species"].fillna("").astype(str)]
    areas: pd.Series[float] = parts["area_ha"].astype(float).groupby(kinds).sum()
    return areas


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What may be said of the stocks of two zones.

    Attributes:
        larger: Zone with the larger number.
        smaller: The other one.
        overlapping: Whether their intervals overlap; None where one is unknown.
        difference: Larger less smaller, in t C, of what has a coefficient.
        larger_stock_t_c: Stock of the larger one, in t C; a lower bound where it has unvalued area.
        smaller_stock_t_c: The same of the smaller one.
        larger_unvalued_ha: Area of the larger one that has no coefficient, in ha.
        smaller_unvalued_ha: The same of the smaller one.
    """

    larger: str
    smaller: str
    overlapping: bool | None
    difference: Difference
    larger_stock_t_c: float
    smaller_stock_t_c: float
    larger_unvalued_ha: float
    smaller_unvalued_ha: float

    @property
    def verdict(self) -> Verdict:
        """What may be said of all carbon: a lower bound can be more than a whole, never less."""
        if self.smaller_unvalued_ha > _WORTH_A_WORD_HA:
            return Verdict.UNKNOWN
        same = self.difference.verdict is Verdict.SAME
        if same and self.larger_unvalued_ha > _WORTH_A_WORD_HA:
            return Verdict.UNKNOWN
        return self.difference.verdict


def rank_pairs(stocks: pd.DataFrame, pools: pd.DataFrame) -> list[Pair]:
    """Neighbours in a ranking by stock, the largest first.

    Args:
        stocks: ``key`` (zone id), ``stock_t_c, stock_t_c_low, stock_t_c_high`` in t C,
            ``unvalued_ha``; one zone a row, as `totals_by` gives them.
        pools: Pools of these zones, contract `tables.Pools`.
    """
    known = stocks.dropna(subset=["stock_t_c"])
    ranked = known.sort_values("stock_t_c", ascending=False, kind="stable").set_index("key")
    return [_pair(ranked, pools, *zones) for zones in pairwise(ranked.index)]


def _pair(stocks: pd.DataFrame, pools: pd.DataFrame, larger: str, smaller: str) -> Pair:
    ends = [(stocks["stock_t_c_low"][zone], stocks["stock_t_c_high"][zone]) for zone in
            (larger, smaller)]  # fmt: skip
    mine = {zone: pools[pools["zone_id"] == zone] for zone in (larger, smaller)}
    return Pair(
        larger=larger,
        smaller=smaller,
        overlapping=overlap(*ends),
        difference=stock_difference(mine[smaller], mine[larger]),
        larger_stock_t_c=float(stocks["stock_t_c"][larger]),
        smaller_stock_t_c=float(stocks["stock_t_c"][smaller]),
        larger_unvalued_ha=float(stocks["unvalued_ha"][larger]),
        smaller_unvalued_ha=float(stocks["unvalued_ha"][smaller]),
    )


def nested(zones: Sequence[str], regions: Regions) -> list[tuple[str, str]]:
    """Pairs of chosen zones of which the first lies in the second: they never add up."""
    return [
        (inner, outer)
        for inner in zones
        for outer in zones
        if inner != outer and outer in regions.path(inner)
    ]
