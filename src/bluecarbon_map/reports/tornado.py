"""Which area or coefficient of a place to measure better first. docs/methods/15-sensitivity.md."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pandas as pd

from bluecarbon_map.accounting.sensitivity import STEP, Swing, tornado
from bluecarbon_map.reports.summary import ZoneSummary
from bluecarbon_map.reports.used import Kind, kinds_of

_ROUNDED_T_C: Final = 1e-3
"""Amounts were rounded to a gram in each of the finest zones, of which there may be hundreds."""
"""A pool's stock is kept in whole grams."""


class Input(StrEnum):
    """What is moved."""

    AREA = "area"
    COEFFICIENT = "coefficient"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSwing:
    """What one input does to a stock, in t C.

    Attributes:
        what: Area or coefficient.
        key: Ecosystem of an area; id of a coefficient.
        kinds: Ecosystem and species that it is about; of an area, the ecosystem alone.
        pool: Pool with its depth; None of an area.
        value: Value of the input, in ``unit``.
        unit: ``ha`` or ``t C/ha``.
        low_t_c: Stock with the input a quarter lower.
        high_t_c: Stock with it a quarter higher.
        own_low_t_c: Stock with the input at the lower end of its own interval; NaN where unknown.
        own_high_t_c: The same at the upper end.
        own_kind: What that interval is; None where unknown.
    """

    what: Input
    key: str
    kinds: tuple[Kind, ...]
    pool: str | None
    value: float
    unit: str
    low_t_c: float
    high_t_c: float
    own_low_t_c: float
    own_high_t_c: float
    own_kind: str | None

    @property
    def width_t_c(self) -> float:
        """How far apart the two results lie."""
        return self.high_t_c - self.low_t_c


@dataclass(frozen=True, slots=True, kw_only=True)
class Tornado:
    """The inputs of a stock, the one that moves it most first.

    Attributes:
        stock_t_c: The stock as it is, in t C; NaN where nothing has a coefficient.
        swings: One an input.
        step: Share by which each was moved.
        unvalued: Ecosystems with area that has no coefficient, and that area in ha, the largest
            first: what a first coefficient would do there is unknown.
    """

    stock_t_c: float
    swings: tuple[InputSwing, ...]
    step: float
    unvalued: tuple[tuple[str, float], ...]


def stock_tornado(summary: ZoneSummary, zone_id: str | None = None) -> Tornado:
    """Move each ecosystem's area, and each coefficient once, by a quarter down and up.

    Args:
        summary: What one survey comes to.
        zone_id: One zone of the summary; None for all of it.

    Raises:
        ValueError: If areas times coefficients do not come to the stock of the summary.

    Source:
        docs/methods/15-sensitivity.md.
    """
    pools, parts = (
        table if zone_id is None else table[table["zone_id"] == zone_id]
        for table in (summary.pools, summary.parts)
    )
    unvalued = _unvalued(parts)
    if pools.empty:
        return Tornado(stock_t_c=math.nan, swings=(), step=STEP, unvalued=unvalued)
    model = _Model.of(pools, kinds_of(summary.factor_set, pools))
    inputs = model.inputs()
    stock = model.stock_t_c(inputs)
    printed = float(pools["stock_t_c"].sum())
    if not math.isclose(stock, printed, rel_tol=1e-9, abs_tol=_ROUNDED_T_C * len(pools)):
        raise ValueError(f"areas times coefficients give {stock} t C, the summary says {printed}")
    swings = tornado(model.stock_t_c, inputs)
    return Tornado(
        stock_t_c=stock,
        swings=tuple(model.told(swing, inputs) for swing in swings),
        step=STEP,
        unvalued=unvalued,
    )


def _unvalued(parts: pd.DataFrame) -> tuple[tuple[str, float], ...]:
    bare = parts[parts["stock_t_c"].isna()].groupby("ecosystem")["area_ha"].sum()
    ordered = bare.sort_values(ascending=False)
    return tuple((str(ecosystem), float(area)) for ecosystem, area in ordered.items())


@dataclass(frozen=True, slots=True)
class _Model:
    """A stock as a function of its areas and coefficients, by name."""

    pools: pd.DataFrame
    coefficients: pd.DataFrame
    area_ha: dict[str, float]
    kinds: dict[str, tuple[Kind, ...]]

    @classmethod
    def of(cls, pools: pd.DataFrame, kinds: dict[str, tuple[Kind, ...]]) -> _Model:
        parts = pools.drop_duplicates(["zone_id", "ecosystem", "species"])
        areas = parts.groupby("ecosystem", sort=False)["area_ha"].sum()
        coefficients = pools.drop_duplicates("factor_id").set_index("factor_id")
        area_ha = {str(key): float(area) for key, area in areas.items()}
        return cls(pools, coefficients, area_ha, kinds)

    def inputs(self) -> dict[str, float]:
        """Areas in ha and densities in t C/ha, by name."""
        areas = {f"{Input.AREA}:{key}": area for key, area in self.area_ha.items() if area > 0}
        densities = self.coefficients["density_t_c_ha"]
        return areas | {f"{Input.COEFFICIENT}:{key}": float(d) for key, d in densities.items()}

    def stock_t_c(self, inputs: Mapping[str, float]) -> float:
        """Stock of the inputs; the parts of an ecosystem keep their shares of its area."""
        return math.fsum(self._terms(inputs))

    def _terms(self, inputs: Mapping[str, float]) -> Iterator[float]:
        columns = ("ecosystem", "area_ha", "factor_id")
        for ecosystem, area, factor_id in zip(*(self.pools[c] for c in columns), strict=True):
            scale = inputs[f"{Input.AREA}:{ecosystem}"] / self.area_ha[ecosystem]
            yield area * scale * inputs[f"{Input.COEFFICIENT}:{factor_id}"]

    def told(self, swing: Swing, inputs: Mapping[str, float]) -> InputSwing:
        """A swing with what it is about and what its own interval would do."""
        what, _, key = swing.name.partition(":")
        is_area = what == Input.AREA
        own = (math.nan, math.nan) if is_area else self._ends(key)
        moved = [self.stock_t_c({**inputs, swing.name: end}) for end in own]
        kind = None if is_area else self.coefficients["interval_kind"][key]
        return InputSwing(
            what=Input(what),
            key=key,
            kinds=((key, None),) if is_area else self.kinds[key],
            pool=None if is_area else str(self.coefficients["pool"][key]),
            value=swing.value,
            unit="ha" if is_area else "t C/ha",
            low_t_c=swing.low,
            high_t_c=swing.high,
            own_low_t_c=moved[0],
            own_high_t_c=moved[1],
            own_kind=kind if isinstance(kind, str) and not math.isnan(own[0]) else None,
        )

    def _ends(self, factor_id: str) -> tuple[float, float]:
        low, high = (self.coefficients[f"density_{end}_t_c_ha"] for end in ("low", "high"))
        return float(low[factor_id]), float(high[factor_id])
