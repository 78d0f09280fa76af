"""Monte Carlo of a summary: what the errors of its coefficients do to zones and ecosystems.

docs/methods/13-simulation.md. One coefficient is one draw wherever it stands. What has no standard
error is not drawn: it is left out and named, never taken as exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from bluecarbon_map.accounting.simulation import (
    SEED,
    SKEWED_FROM,
    Distribution,
    Simulated,
    simulate,
)
from bluecarbon_map.factors import PoolDensity, StandardError, StockFactor, standard_error
from bluecarbon_map.reports.summary import ZoneSummary
from bluecarbon_map.units import FloatArray

DRAWS: Final = 40_000
"""The upper end of a skewed total is then steady to 1 % from seed to seed; 10,000 leave 2 %."""

_AMOUNTS: Final = ["mean_t_c", "low_t_c", "median_t_c", "high_t_c"]
_LEFT: Final = ["left_out_ha", "left_out_t_c"]
_SUMS: Final = ["stock_t_c", *_AMOUNTS, *_LEFT]
_LEFT_OUT: Final = ["ecosystem", "species", "interval_kind", "area_ha", "stock_t_c"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """How one coefficient was drawn.

    Attributes:
        factor_id: Coefficient.
        density_t_c_ha: Its value, in t C/ha.
        se_t_c_ha: Standard error of that mean, in t C/ha.
        degrees: Degrees of freedom of the error; None where many or unknown.
        kind: What the error was worked out from.
        borrowed_from: Coefficient that lent it; None where it is its own.
    """

    factor_id: str
    density_t_c_ha: float
    se_t_c_ha: float
    degrees: int | None
    kind: str
    borrowed_from: str | None

    @property
    def skewed(self) -> bool:
        """Whether it was drawn from a lognormal law."""
        return self.se_t_c_ha > SKEWED_FROM * self.density_t_c_ha


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What the draws of a summary came to; amounts in t C.

    Every table has ``stock_t_c`` (area × coefficient of what was drawn), ``mean_t_c``, the
    quantiles ``low_t_c`` (2.5 %), ``median_t_c`` and ``high_t_c`` (97.5 %), and ``left_out_ha`` and
    ``left_out_t_c`` of what has a coefficient but no standard error: where that is above zero the
    quantiles speak of a part. NaN is unknown. Ground without a coefficient is in none of them.

    Attributes:
        rows: One zone and ecosystem a row: ``zone_id``, ``ecosystem``.
        zones: One zone a row: ``key``.
        ecosystems: One ecosystem a row: ``key``.
        total: The whole, one row.
        laws: Coefficients that were drawn.
        left_out: What was not: ``ecosystem, species, interval_kind, area_ha, stock_t_c``.
        draws: How many there were.
        seed: Seed they were drawn with.
        with_area_errors: Whether areas had errors too.
    """

    rows: pd.DataFrame
    zones: pd.DataFrame
    ecosystems: pd.DataFrame
    total: pd.DataFrame
    laws: tuple[Law, ...]
    left_out: pd.DataFrame
    draws: int
    seed: int
    with_area_errors: bool


def simulate_summary(
    summary: ZoneSummary,
    *,
    area_se_ha: ArrayLike | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Drawn:
    """Draw the coefficients of a summary and add up, by zone, by ecosystem and over all.

    Args:
        summary: What one survey comes to; it has parts.
        area_se_ha: Standard error of the area of each part, shape (parts,), in ha; areas are exact
            when left out, as in the interval by formula.
        draws: How many, >= 10,000.
        seed: Of the generator.

    Raises:
        ValueError: If the summary is empty, an error is negative or missing, or there are too few
            draws.

    Source:
        docs/methods/13-simulation.md, eq. 13.1 to 13.5.
    """
    if summary.parts.empty:
        raise ValueError("there is nothing to draw: a sum over nothing is unknown, not zero")
    grid = _Grid.of(summary)
    laid_out = _Laid.of(grid.factors)
    error = np.zeros(len(summary.parts)) if area_se_ha is None else np.asarray(area_se_ha, float)
    found = simulate(
        grid.spread(summary.parts["area_ha"].to_numpy(dtype=float)),
        grid.spread(error),
        laid_out.density,
        laid_out.error,
        degrees=laid_out.degrees,
        coefficient=laid_out.code,
        group=grid.ecosystem_of_kind,
        draws=draws,
        seed=seed,
    )
    return _told(summary, grid, laid_out, found, with_area_errors=bool((error > 0).any()))


@dataclass(frozen=True, slots=True)
class _Grid:
    """Zones by kinds of habitat; a kind is an ecosystem with its species."""

    zone: NDArray[np.intp]
    kind: NDArray[np.intp]
    zones: list[str]
    ecosystems: list[str]
    ecosystem_of_kind: NDArray[np.intp]
    factors: list[StockFactor | None]

    @classmethod
    def of(cls, summary: ZoneSummary) -> _Grid:
        parts = summary.parts
        zone, zones = pd.factorize(parts["zone_id"])
        named = pd.MultiIndex.from_arrays([parts["ecosystem"], parts["species"].fillna("")])
        kind, kinds = pd.factorize(named)
        of_kind, ecosystems = pd.factorize(pd.Series([ecosystem for ecosystem, _ in kinds]))
        factors = [summary.factor_set.stock(str(e), str(s) or None) for e, s in kinds]
        return cls(zone, kind, list(zones), list(ecosystems), of_kind, factors)

    def spread(self, of_part: FloatArray) -> FloatArray:
        """Amounts of parts as a table, shape (zones, kinds); 0 where there is no part."""
        if of_part.shape != self.zone.shape:
            raise ValueError("each part has one error of its area")
        table = np.zeros((len(self.zones), len(self.factors)))
        table[self.zone, self.kind] = of_part
        return table


@dataclass(frozen=True, slots=True)
class _Laid:
    """Densities and their errors side by side, shape (kinds, pools)."""

    density: FloatArray
    error: FloatArray
    degrees: FloatArray
    code: NDArray[np.intp]
    laws: tuple[Law, ...]

    @classmethod
    def of(cls, factors: Sequence[StockFactor | None]) -> _Laid:
        most = max((len(one.pools) for one in factors if one), default=1)
        density, error, degrees = np.full((3, len(factors), most), np.nan)
        code = np.zeros(density.shape, np.intp)
        drawn = [_laws(found) for found in factors]
        every = {law.factor_id: law for laws in drawn for law in laws}
        order = sorted(every)  # a coefficient's draws do not depend on the order of the rows
        for row, laws in enumerate(drawn):
            for at, law in enumerate(laws):
                density[row, at], error[row, at] = law.density_t_c_ha, law.se_t_c_ha
                degrees[row, at] = np.inf if law.degrees is None else law.degrees
                code[row, at] = order.index(law.factor_id)
        return cls(density, error, degrees, code, tuple(every[one] for one in order))

    @property
    def drawn(self) -> NDArray[np.bool_]:
        """Whether each kind was drawn, shape (kinds,)."""
        known: NDArray[np.bool_] = ~np.isnan(self.density[:, 0])
        return known


def _laws(found: StockFactor | None) -> list[Law]:
    """How each pool is drawn; none where one of them has no error: half a kind is no kind."""
    pools = [p for p in found.pools if p.density_t_c_ha > 0 or p.interval] if found else []
    errors = [standard_error(pool.density_t_c_ha, pool.interval) for pool in pools]
    known = [_law(pool, one) for pool, one in zip(pools, errors, strict=True) if one is not None]
    return known if len(known) == len(pools) else []


def _law(pool: PoolDensity, error: StandardError) -> Law:
    return Law(
        factor_id=pool.factor_id,
        density_t_c_ha=pool.density_t_c_ha,
        se_t_c_ha=error.value,
        degrees=error.degrees,
        kind=error.kind.value,
        borrowed_from=pool.interval.borrowed_from if pool.interval else None,
    )


def _told(
    summary: ZoneSummary, grid: _Grid, laid_out: _Laid, found: Simulated, *, with_area_errors: bool
) -> Drawn:
    parts = summary.parts
    is_drawn = laid_out.drawn[grid.kind]
    left = ~is_drawn & parts["stock_t_c"].notna().to_numpy()
    amounts = pd.DataFrame(
        {
            "zone": grid.zone,
            "ecosystem": grid.ecosystem_of_kind[grid.kind],
            "stock_t_c": parts["stock_t_c"].where(is_drawn).to_numpy(dtype=float),
            "left_out_ha": parts["area_ha"].where(left, 0.0).to_numpy(dtype=float),
            "left_out_t_c": parts["stock_t_c"].where(left, 0.0).to_numpy(dtype=float),
        }
    )
    rows = _table(amounts, ["zone", "ecosystem"], found.cells)
    rows.insert(0, "zone_id", [grid.zones[at] for at in rows.pop("zone")])
    rows.insert(1, "ecosystem", [grid.ecosystems[at] for at in rows.pop("ecosystem")])
    zones = _table(amounts, ["zone"], found.zones).rename(columns={"zone": "key"})
    ecosystems = _table(amounts, ["ecosystem"], found.ecosystems)
    ecosystems = ecosystems.rename(columns={"ecosystem": "key"})
    whole = _table(amounts.assign(all=0), ["all"], found.total)
    return Drawn(
        rows=rows,
        zones=zones.assign(key=grid.zones),
        ecosystems=ecosystems.assign(key=grid.ecosystems),
        total=whole[_SUMS],
        laws=laid_out.laws,
        left_out=_left_out(parts[left]),
        draws=found.total.draws,
        seed=found.total.seed,
        with_area_errors=with_area_errors,
    )


def _table(amounts: pd.DataFrame, by: list[str], found: Distribution) -> pd.DataFrame:
    """Sums of parts beside what was drawn of them."""
    grouped = amounts.groupby(by)
    table = grouped[["stock_t_c"]].sum(min_count=1).join(grouped[_LEFT].sum()).reset_index()
    at = tuple(table[name].to_numpy() for name in by)
    drawn = (found.mean, found.low, found.median, found.high)
    for name, amount in zip(_AMOUNTS, drawn, strict=True):
        table[name] = np.where(table["stock_t_c"].isna(), math.nan, amount[at])
    return table[[*by, *_SUMS]]


def drawn_json(drawn: Drawn) -> dict[str, Any]:
    """The draws for the command line: the whole, its zones and ecosystems; unknown is None.

    Amounts are in t C and ha, as of `Drawn`, to the kilogram.
    """
    return {
        **_plain(drawn.total)[0],
        "zones": _plain(drawn.zones),
        "ecosystems": _plain(drawn.ecosystems),
        "left_out": _plain(drawn.left_out),
        "coefficients": [asdict(law) | {"skewed": law.skewed} for law in drawn.laws],
        "draws": drawn.draws,
        "seed": drawn.seed,
        "with_area_errors": drawn.with_area_errors,
    }


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    known = table.round(3).astype(object)
    return [
        {str(name): None if pd.isna(cell) else cell for name, cell in row.items()}
        for row in known.to_dict("records")
    ]


def _left_out(parts: pd.DataFrame) -> pd.DataFrame:
    """Kinds that have a coefficient and no standard error, over all zones."""
    if parts.empty:
        return pd.DataFrame(columns=_LEFT_OUT)
    grouped = parts.groupby(["ecosystem", "species"], sort=False, dropna=False, as_index=False)
    table = grouped[["area_ha", "stock_t_c"]].sum()
    table["interval_kind"] = grouped["interval_kind"].first()["interval_kind"]
    return table[_LEFT_OUT]
