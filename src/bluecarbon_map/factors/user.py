"""A user's own coefficients: a CSV file with an ecosystem and its density on each row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bluecarbon_map.ecosystems import recognise, require
from bluecarbon_map.errors import (
    DuplicateIdError,
    InputError,
    UnknownEcosystemError,
)
from bluecarbon_map.factors.intervals import Interval, IntervalKind, of_mean
from bluecarbon_map.factors.limits import DENSITY_MOST_T_C_HA, RATE_MOST_T_C_HA_YR
from bluecarbon_map.factors.model import (
    FactorSet,
    Key,
    PoolDensity,
    SequestrationFactor,
    StockFactor,
)
from bluecarbon_map.factors.pools import UNSTATED, held_twice
from bluecarbon_map.factors.user_table import Cells, read_table
from bluecarbon_map.factors.user_words import (
    NO_SOIL,
    depth_named,
    kind_named,
    kinds_told,
    pool_named,
    pools_told,
)

_MOST_SITES: Final = 1e6


def _key(cells: Cells) -> Key:
    """Ecosystem and species of a row; the species column may refine what the ecosystem says."""
    word = cells.values.get("ecosystem", "")
    try:
        ecosystem, implied = require(word, cells.table.where)
    except UnknownEcosystemError as unknown:
        raise UnknownEcosystemError(
            cells.table.where,
            unknown.reason,
            unknown.fix,
            rows=[cells.number],
            column=cells.table.named["ecosystem"],
        ) from unknown
    named = cells.values.get("species") or None
    if named is None:
        return ecosystem, implied
    known = recognise(named)
    species = known[1] if known and known[1] else named
    if (known and known[0] != ecosystem) or (implied and implied != species):
        cells.refuse(
            "species", f"{named[:40]!r} does not belong to {word[:40]!r}", "Correct one of the two"
        )
    return ecosystem, species


def _interval(cells: Cells, density_t_c_ha: float | None) -> Interval | None:
    low = cells.number_in("low", DENSITY_MOST_T_C_HA, "t C/ha")
    high = cells.number_in("high", DENSITY_MOST_T_C_HA, "t C/ha")
    if low is None and high is None:
        return None
    if low is None or high is None or density_t_c_ha is None:
        cells.refuse(
            "high" if high is None else "low",
            "an interval needs a density, a low and a high end",
            "Give all three, or leave low and high empty",
        )
    if not low <= density_t_c_ha <= high:
        column = "low" if low > density_t_c_ha else "high"
        cells.refuse(
            column,
            f"the density {density_t_c_ha:g} lies outside {low:g} to {high:g}",
            "Low must not be above, high not below the density",
        )
    return _of_kind(cells, density_t_c_ha, Interval(low=low, high=high, kind=_kind(cells)))


def _of_kind(cells: Cells, density_t_c_ha: float, stated: Interval) -> Interval:
    """The interval of the mean: a spread of sites becomes one, by the number of sites."""
    sites = cells.number_in("n", _MOST_SITES, "sites")
    if sites is not None and (sites < 1 or sites != int(sites)):
        cells.refuse("n", f"{sites:g} is no number of sites", "Write a whole number from 1")
    several = sites is not None and sites >= 2
    if stated.kind is IntervalKind.SD and not several:
        cells.refuse(
            "n" if "n" in cells.table.named else "interval_kind",
            "a standard deviation without the number of sites is no error of a mean",
            "Give two sites or more in a column n or 站点数, or give the standard error (SE)",
        )
    if sites is None or not several:
        return stated
    if stated.kind is IntervalKind.SD:
        return of_mean(density_t_c_ha, (stated.high - stated.low) / 2, int(sites))
    return replace(stated, degrees=int(sites) - 1)


def _kind(cells: Cells) -> IntervalKind:
    """What low and high are: nobody can guess it, and a total needs to know."""
    text = cells.values.get("interval_kind", "")
    kind = kind_named(text)
    if kind is None:
        said = f"{text[:40]!r} is no kind of interval" if text else "an interval without its kind"
        cells.refuse(
            "interval_kind",
            said,
            f"Say what low and high are in a column interval_kind or 区间类型: {kinds_told()}; "
            "or leave low and high empty",
        )
    return kind


def _pool(cells: Cells) -> str:
    text = cells.values.get("pool", "")
    if not text:
        return UNSTATED
    pool = pool_named(text)
    if pool is None:
        cells.refuse("pool", f"{text[:40]!r} names no carbon pool", f"Write one of: {pools_told()}")
    return pool


def _depth_cm(cells: Cells, pool: str) -> tuple[float, float] | None:
    text = cells.values.get("depth", "")
    if not text:
        return None
    depth = depth_named(text)
    if depth is None:
        cells.refuse("depth", f"{text[:40]!r} is no depth", "Write 0-100 or 100, in cm")
    if pool in NO_SOIL:
        cells.refuse("depth", f"{pool} has no depth in the soil", "Leave the cell empty")
    return depth


def _density(cells: Cells) -> PoolDensity | None:
    density_t_c_ha = cells.number_in("density", DENSITY_MOST_T_C_HA, "t C/ha")
    interval, pool = _interval(cells, density_t_c_ha), _pool(cells)
    depth_cm = _depth_cm(cells, pool)
    if density_t_c_ha is None:
        return None
    return PoolDensity(
        pool=pool,
        depth_cm=depth_cm,
        density_t_c_ha=density_t_c_ha,
        interval=interval,
        factor_id=f"user:{cells.number}",
        tier=None,
        source=cells.values.get("source") or None,
    )


def _stock(key: Key, pools: list[PoolDensity]) -> StockFactor:
    source = pools[0].source or ""
    return StockFactor(
        ecosystem=key[0], species=key[1], pools=tuple(pools), fell_back=None,
        why_zh=source, why_en=source,
    )  # fmt: skip


def _rate(cells: Cells, key: Key) -> SequestrationFactor | None:
    rate_t_c_ha_yr = cells.number_in("sequestration", RATE_MOST_T_C_HA_YR, "t C/ha/yr")
    if rate_t_c_ha_yr is None:
        return None
    source = cells.values.get("source", "")
    return SequestrationFactor(
        ecosystem=key[0], species=key[1], rate_t_c_ha_yr=rate_t_c_ha_yr, interval=None,
        quantity="stated", factor_id=f"user:{cells.number}", tier=None, fell_back=None,
        source=source or None, why_zh=source, why_en=source,
    )  # fmt: skip


def read_user_factors(path: Path) -> FactorSet:
    """Read a user's coefficients; an empty density or rate stays unknown.

    Columns, in either language: ecosystem, density (t C/ha), and where wanted species, low, high
    (t C/ha) with the kind of interval they are, pool, depth (cm), sequestration (t C/ha/yr),
    source, n (sites a mean is over); other columns are passed over. UTF-8 or GB18030. Each
    coefficient is called ``user:<row>``, its row in the file; the header is row 1. A depth is never
    scaled. A standard deviation of n sites becomes the 95 % interval of their mean; without n it is
    refused, for it is no error of a mean.

    Raises:
        ColumnError: If a needed column is missing or two claim the same meaning.
        EmptyLayerError: If there is no row.
        DuplicateIdError: If two rows hold the same carbon of an ecosystem and species, or both
            have a rate.
        UnknownEcosystemError: If a word names no ecosystem.
        InputError: If a number is none or outside what is believable, an interval has no kind, or
            a pool or depth is none.
    """
    table = read_table(path)
    rows: dict[Key, list[_Read]] = {}
    for number, values in table.rows:
        cells = Cells(table, number, values)
        key = _key(cells)
        read = _Read(number, _pool(cells), _density(cells), _rate(cells, key))
        _require_other(table.where, key, [*rows.get(key, []), read])
        rows.setdefault(key, []).append(read)
    _require_whole(table.where, rows)
    pools = {key: [one.stock for one in found if one.stock] for key, found in rows.items()}
    rates = {key: one.rate for key, found in rows.items() for one in found if one.rate}
    return FactorSet(
        set_id=path.name,
        title_zh=path.name,
        title_en=path.name,
        stocks={key: _stock(key, found) for key, found in pools.items() if found},
        rates=rates,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """What one row gives."""

    number: int
    pool: str
    stock: PoolDensity | None
    rate: SequestrationFactor | None


def _require_whole(where: str, rows: dict[Key, list[_Read]]) -> None:
    """Refuse a species that would lose a pool which its ecosystem has: that carbon is no zero."""
    for (ecosystem, species), own in rows.items():
        general = rows.get((ecosystem, None), []) if species else []
        has = {one.pool for one in own if one.stock}
        lost = [one for one in general if one.stock and one.pool not in has]
        if not has or not lost or any(held_twice([lost[0].pool, pool]) for pool in has):
            continue
        raise InputError(
            where,
            f"{species} has no {lost[0].pool}, which {ecosystem} has: it would count as nothing",
            f"Give {species} a row for each pool of {ecosystem}",
            rows=[own[0].number, lost[0].number],
        )


def _require_other(where: str, key: Key, rows: list[_Read]) -> None:
    """Refuse a last row that counts again what an earlier one of its ecosystem counts."""
    *earlier, last = rows
    name = " ".join(word for word in key if word)
    for one in earlier:
        twice, numbers = held_twice([one.pool, last.pool]), [one.number, last.number]
        if twice is not None:
            same = twice[0] == twice[1]
            raise DuplicateIdError(
                where,
                f"{name} stands on two rows" + ("" if same else f": {' and '.join(twice)}"),
                "Keep one row for each ecosystem and species"
                + (", or give each row its own pool" if same else ": one pool holds the other"),
                rows=numbers,
            )
        if one.rate and last.rate:
            raise DuplicateIdError(where, f"{name} has two rates", "Keep one of them", rows=numbers)
