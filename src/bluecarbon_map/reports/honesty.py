"""How far a stock rests on the coefficient chosen: the global default beside Chinese values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

import pandas as pd

from bluecarbon_map.accounting.uncertainty import combine, kind_of
from bluecarbon_map.factors import FactorSet, StockFactor, factors_table, load_set
from bluecarbon_map.factors.table import UNVERIFIED
from bluecarbon_map.reports.summary import ZoneSummary
from bluecarbon_map.reports.used import STOCK, used_factors

GLOBAL_SET: Final = "ipcc-tier1"
_CHINA: Final = "China"
_DEPTH_CM: Final = (0.0, 100.0)


class Side(StrEnum):
    """Whose density stands in a row."""

    GLOBAL = "global default"
    CHINA = "range of Chinese means"
    USED = "used here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Density:
    """One density of an ecosystem, beside the one that was used.

    Attributes:
        ecosystem: Ecosystem.
        species: Species it was used for; None for any, or for the other sides.
        side: Whose it is.
        density_t_c_ha: Density in t C/ha; NaN where only a range is known.
        low: Lower end in t C/ha; of Chinese means, the smallest. NaN where unknown.
        high: Upper end in t C/ha; of Chinese means, the largest. NaN where unknown.
        interval_kind: What the ends are; None where unknown.
        pool: Pools it holds, with depth.
        source: Publications.
        values: Values it stands for: 1, or the number of Chinese means.
        times_used: Density over the one used for most of the area; NaN where unknown.
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
    values: int
    times_used: float = math.nan


def densities(summary: ZoneSummary) -> pd.DataFrame:
    """The global default, the range of Chinese means and what was used, for each ecosystem.

    Global is IPCC Tier 1 as shipped (verified values only); the Chinese range goes from the
    smallest to the largest verified mean of Chinese sites in ``data/factors`` (region China, whole
    ecosystem or soil of 0 to 100 cm), the point is the mean of all sites.

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
    against = used[0].density_t_c_ha if used else math.nan
    return [_beside_used(row, against) for row in rows]


def _beside_used(row: Density, against: float) -> Density:
    return Density(**{**asdict(row), "times_used": row.density_t_c_ha / against})


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
        values=1,
    )


def _chinese(ecosystem: str) -> list[Density]:
    """The range of the means of Chinese sites; empty where there is none."""
    table = factors_table()
    depth = (table["depth_top_cm"] == _DEPTH_CM[0]) & (table["depth_bottom_cm"] == _DEPTH_CM[1])
    fits = (
        (table["ecosystem"] == ecosystem)
        & (table["region"] == _CHINA)
        & (table["quantity"] == "stock_C")
        & (table["unit"] == "t C/ha")
        & (table["confidence"] != UNVERIFIED)
        & (depth | (table["pool"] == "ecosystem"))
        & table["value"].notna()
    )
    found = table[fits]
    if found.empty:
        return []
    whole = load_set("china-species").stock(ecosystem)
    return [
        Density(
            ecosystem=ecosystem,
            species=None,
            side=Side.CHINA,
            density_t_c_ha=whole.density_t_c_ha if whole else math.nan,
            low=float(found["value"].min()),
            high=float(found["value"].max()),
            interval_kind=None,
            pool="; ".join(dict.fromkeys(_pool_words(row) for row in found.to_dict("records"))),
            source="; ".join(dict.fromkeys(found["source"])),
            values=len(found),
        )
    ]


def _pool_words(row: dict[object, object]) -> str:
    if pd.isna(row["depth_top_cm"]):  # type: ignore[call-overload]
        return str(row["pool"])
    return f"{row['pool']} {row['depth_top_cm']:g}-{row['depth_bottom_cm']:g} cm"


def without_any(summary: ZoneSummary) -> list[str]:
    """Ecosystems of a summary whose stock no coefficient of any kind is known for here."""
    known = {used.ecosystem for used in used_factors(summary.factor_set, summary.parts)
             if used.role == STOCK}  # fmt: skip
    return [e for e in dict.fromkeys(summary.parts["ecosystem"]) if e not in known]
