"""How far a stock rests on the coefficient chosen: the global default beside Chinese values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Final

import pandas as pd

from bluecarbon_map.accounting.uncertainty import combine, kind_of
from bluecarbon_map.factors import FactorSet, StockFactor, factor, factors_table, load_set
from bluecarbon_map.reports.summary import ZoneSummary
from bluecarbon_map.reports.used import STOCK, used_factors

GLOBAL_SET: Final = "ipcc-tier1"
_CHINESE_SET: Final = "china-species"
_CHINA: Final = "China"
_VERIFIED: Final = "verified"
_FEWEST_SITES: Final = 2
_DEPTH_CM: Final = (0.0, 100.0)


class Side(StrEnum):
    """Whose density stands in a row."""

    GLOBAL = "global default"
    CHINA = "mean of Chinese sites"
    USED = "used here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Density:
    """One density of an ecosystem, beside the one that was used.

    Attributes:
        ecosystem: Ecosystem.
        species: Species it is about; None for any.
        side: Whose it is.
        density_t_c_ha: Density in t C/ha.
        low: Lower end in t C/ha; NaN where unknown.
        high: Upper end in t C/ha; NaN where unknown.
        interval_kind: What the ends are; None where unknown.
        pool: Pools it holds, with depth.
        source: Publications.
        n: Sites behind a Chinese mean; None for the other sides.
        times_used: Density over the one used for most of the area; NaN where there is none, or
            where the two hold different pools.
    """

    ecosystem: str
    species: str | None
    side: Side
    density_t_c_ha: float
    low: float
    high: float
    interval_kind: str | None
    pool: str
    source: str
    n: int | None = None
    times_used: float = math.nan


def densities(summary: ZoneSummary) -> pd.DataFrame:
    """The global default, the Chinese means and what was used, for each ecosystem.

    Global is IPCC Tier 1 as shipped (verified values only). Chinese means are the verified ones of
    ``data/factors`` (region China, soil of 0 to 100 cm), one a species, of two sites or more: a
    mean of all sites, of the cores that reach 1 m or of those that do not would count the same
    sites again, and a single site is no mean.

    Returns:
        One `Density` a row, ecosystems in the order of the summary; those without any value on any
        side are left out.
    """
    rows = []
    for ecosystem in dict.fromkeys(summary.parts["ecosystem"]):
        rows += _beside(summary, str(ecosystem))
    return pd.DataFrame([asdict(row) for row in rows], columns=list(Density.__dataclass_fields__))


def _beside(summary: ZoneSummary, ecosystem: str) -> list[Density]:
    parts = summary.parts[summary.parts["ecosystem"] == ecosystem]
    used = list(_used(summary.factor_set, parts))
    default = load_set(GLOBAL_SET).stock(ecosystem)
    rows = [*([_of(default, Side.GLOBAL)] if default else []), *_chinese(ecosystem), *used]
    return [_beside_used(row, used[0]) for row in rows] if used else rows


def _beside_used(row: Density, used: Density) -> Density:
    """Soil alone is no multiple of vegetation and soil."""
    alike = row.pool == used.pool
    times = row.density_t_c_ha / used.density_t_c_ha if alike else math.nan
    return replace(row, times_used=times)


def _used(factor_set: FactorSet, parts: pd.DataFrame) -> Iterator[Density]:
    """Densities used, the one of the largest area first, each named once."""
    areas = parts.groupby("species", sort=False, dropna=False)["area_ha"].sum()
    seen: set[str] = set()
    for species in areas.sort_values(ascending=False).index:
        name = None if pd.isna(species) else str(species)
        found = factor_set.stock(str(parts["ecosystem"].iloc[0]), name)
        if found is not None and found.factor_id not in seen:
            seen.add(found.factor_id)
            yield _of(found, Side.USED)


def _of(found: StockFactor, side: Side) -> Density:
    pools = found.pools
    ends = combine(
        [pool.factor_id for pool in pools],
        [pool.density_t_c_ha for pool in pools],
        [pool.low_t_c_ha for pool in pools],
        [pool.high_t_c_ha for pool in pools],
    )
    return Density(
        ecosystem=found.ecosystem,
        species=found.species,
        side=side,
        density_t_c_ha=found.density_t_c_ha,
        low=float(ends.low[0]),
        high=float(ends.high[0]),
        interval_kind=kind_of(pool.interval.kind for pool in pools if pool.interval),
        pool="; ".join(pool.words for pool in pools),
        source="; ".join(dict.fromkeys(pool.source for pool in pools if pool.source)),
    )


@cache
def _chinese(ecosystem: str) -> tuple[Density, ...]:
    """Means of Chinese sites, one a species, with the interval the set of species gives them."""
    return tuple(_means(ecosystem))


def _means(ecosystem: str) -> Iterator[Density]:
    table = factors_table()
    means = table[
        (table["ecosystem"] == ecosystem)
        & table["species"].notna()
        & (table["region"] == _CHINA)
        & (table["quantity"] == "stock_C")
        & (table["confidence"] == _VERIFIED)
        & (table["depth_top_cm"] == _DEPTH_CM[0])
        & (table["depth_bottom_cm"] == _DEPTH_CM[1])
        & (table["n"] >= _FEWEST_SITES)
    ]
    known = load_set(_CHINESE_SET)
    for species, factor_id, n in zip(means["species"], means["factor_id"], means["n"], strict=True):
        found = known.stock(ecosystem, species)
        if found is not None and [pool.factor_id for pool in found.pools] == [factor_id]:
            yield replace(_of(found, Side.CHINA), n=int(n))


@dataclass(frozen=True, slots=True, kw_only=True)
class SoilRange:
    """The global default of an ecosystem's soil beside what Chinese sites hold, in t C/ha.

    Attributes:
        ecosystem: Ecosystem.
        pool: Pool with its depth, the same on both sides.
        default: Global default.
        mean: Mean of all Chinese sites.
        sites: Sites behind that mean.
        least: Lowest mean of a species.
        most: Highest mean of a species.
        species: Species that have a mean.
        times: Default over the mean.
    """

    ecosystem: str
    pool: str
    default: float
    mean: float
    sites: int
    least: float
    most: float
    species: int
    times: float


def soil_ranges(summary: ZoneSummary) -> list[SoilRange]:
    """The default beside the Chinese range, for every ecosystem of a summary that has both.

    The mean of all sites and the means by species are of the same sites: never added or averaged.
    """
    found = (_range(str(one)) for one in dict.fromkeys(summary.parts["ecosystem"]))
    return [one for one in found if one is not None]


def _range(ecosystem: str) -> SoilRange | None:
    default = load_set(GLOBAL_SET).stock(ecosystem)
    whole = load_set(_CHINESE_SET).stock(ecosystem)
    means = [row.density_t_c_ha for row in _chinese(ecosystem)]
    if default is None or whole is None or not means:
        return None
    if [pool.words for pool in default.pools] != [pool.words for pool in whole.pools]:
        return None
    return SoilRange(
        ecosystem=ecosystem,
        pool="; ".join(pool.words for pool in whole.pools),
        default=default.density_t_c_ha,
        mean=whole.density_t_c_ha,
        sites=int(factor(whole.factor_id).n or 0),
        least=min(means),
        most=max(means),
        species=len(means),
        times=default.density_t_c_ha / whole.density_t_c_ha,
    )


def without_any(summary: ZoneSummary) -> list[str]:
    """Ecosystems of a summary that have no coefficient of stock in the set it was made with."""
    known = {used.ecosystem for used in used_factors(summary.factor_set, summary.parts)
             if used.role == STOCK}  # fmt: skip
    return [e for e in dict.fromkeys(summary.parts["ecosystem"]) if e not in known]
