"""One summary added up: by zone for a ranking, or by ecosystem, intervals as they combine."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import pandas as pd

from bluecarbon_map.accounting.uncertainty import combine, kind_of
from bluecarbon_map.reports.summary import ZoneSummary
from bluecarbon_map.units import FloatArray

By = Literal["zone_id", "ecosystem"]

_COLUMNS: Final = [
    "key", "name", "area_ha", "demonstration_ha", "stock_t_c", "stock_t_c_low", "stock_t_c_high",
    "interval_kind", "stock_t_co2e", "demonstration_t_c", "density_t_c_ha", "tier", "unvalued_ha",
    "unvalued_share", "burial_t_c_yr", "burial_t_c_yr_low", "burial_t_c_yr_high", "unrated_ha",
]  # fmt: skip


def totals_by(summary: ZoneSummary, by: By) -> pd.DataFrame:
    """Area, stock and burial of each zone, or of each ecosystem, over all rows of a summary.

    Args:
        summary: What one survey comes to.
        by: ``zone_id`` or ``ecosystem``.

    Returns:
        One group a row, in the order of the summary: ``key`` and ``name`` of the group (the zone's
        name, or the ecosystem's key), ``area_ha``, ``demonstration_ha`` (of the area),
        ``stock_t_c`` with its ends and their kind, ``stock_t_co2e``, ``demonstration_t_c`` (of the
        stock), ``density_t_c_ha`` (stock over the area that has a coefficient), coarsest ``tier``,
        ``unvalued_ha`` and its share of the area (0–1), ``burial_t_c_yr`` with its ends,
        ``unrated_ha``. NaN is unknown. Areas and stocks add up to those of ``summary.totals``.

    Source:
        docs/methods/03-uncertainty.md, eq. 3.3 and 3.4.
    """
    parts = summary.parts
    if parts.empty:
        return pd.DataFrame(columns=_COLUMNS)
    group, keys = pd.factorize(parts[by])
    made = _sums(parts, group)
    made["key"] = keys
    names = parts.groupby(group, sort=False)["zone_name"].first()
    made["name"] = names if by == "zone_id" else made["key"]
    made[["stock_t_c_low", "stock_t_c_high"]] = _stock_ends(summary.pools, by, list(keys))
    made[["burial_t_c_yr_low", "burial_t_c_yr_high"]] = _burial_ends(parts, group, len(keys))
    made["interval_kind"] = _kinds(parts, group)
    made.loc[made["stock_t_c_low"].isna(), "interval_kind"] = None
    made["tier"] = parts.groupby(group, sort=False)["tier"].min()
    valued_ha = made["area_ha"] - made["unvalued_ha"]
    made["density_t_c_ha"] = made["stock_t_c"] / valued_ha.where(valued_ha > 0)
    made["unvalued_share"] = made["unvalued_ha"] / made["area_ha"]
    return made[_COLUMNS]


def _sums(parts: pd.DataFrame, group: np.ndarray[tuple[int], np.dtype[np.intp]]) -> pd.DataFrame:
    held, buried = parts["stock_t_c"], parts["sequestration_t_c_yr"]
    table = pd.DataFrame(
        {
            "area_ha": parts["area_ha"],
            "demonstration_ha": parts["demonstration_ha"],
            "stock_t_c": held,
            "stock_t_co2e": parts["stock_t_co2e"],
            # within a part the density is one, so carbon lies as the area does
            "demonstration_t_c": held * parts["demonstration_ha"] / parts["area_ha"],
            "burial_t_c_yr": buried,
            "unvalued_ha": parts["area_ha"].where(held.isna(), 0.0),
            "unrated_ha": parts["area_ha"].where(buried.isna(), 0.0),
        }
    )
    return table.groupby(group, sort=False).sum(min_count=1).round(6)


def _stock_ends(pools: pd.DataFrame, by: By, keys: list[str]) -> FloatArray:
    """Low and high of each group, shape (groups, 2)."""
    ends: FloatArray = np.full((len(keys), 2), np.nan)
    if pools.empty:
        return ends
    group, there = pd.factorize(pools[by])
    sums = combine(
        pools["factor_id"], pools["stock_t_c"], pools["stock_t_c_low"], pools["stock_t_c_high"],
        group, groups=len(there),
    )  # fmt: skip
    at = [keys.index(key) for key in there]
    ends[at] = np.column_stack([sums.low, sums.high])
    return np.maximum(ends, 0.0)


def _burial_ends(
    parts: pd.DataFrame, group: np.ndarray[tuple[int], np.dtype[np.intp]], groups: int
) -> FloatArray:
    name = "sequestration_t_c_yr"
    ids = parts["sequestration_factor_id"].fillna("").to_numpy(dtype=str)
    sums = combine(
        ids, parts[name], parts[f"{name}_low"], parts[f"{name}_high"], group, groups=groups
    )
    ends: FloatArray = np.column_stack([sums.low, sums.high])
    return np.maximum(ends, 0.0)


def _kinds(
    parts: pd.DataFrame, group: np.ndarray[tuple[int], np.dtype[np.intp]]
) -> list[str | None]:
    found = parts.groupby(group, sort=False)["interval_kind"]
    return [kind_of(kinds.dropna()) for _, kinds in found]


def pools_by_ecosystem(summary: ZoneSummary) -> pd.DataFrame:
    """Carbon of each pool of each ecosystem over all zones of a summary.

    Returns:
        ``ecosystem, pool, area_ha, stock_t_c`` with its ends in t C, ``interval_kind, tier``
        (coarsest); one pool a row, in the order of the summary. The stocks add up to that of
        ``summary.totals``. Pools of one ecosystem stand on the same ground: areas never add.

    Source:
        docs/methods/03-uncertainty.md, eq. 3.3 and 3.4.
    """
    pools = summary.pools
    columns = ["ecosystem", "pool", "area_ha", "stock_t_c"]
    ends = ["stock_t_c_low", "stock_t_c_high"]
    if pools.empty:
        return pd.DataFrame(columns=[*columns, *ends, "interval_kind", "tier"])
    group, _ = pd.factorize(pools["ecosystem"] + "\n" + pools["pool"])
    grouped = pools.groupby(group, sort=False)
    made: pd.DataFrame = grouped[["ecosystem", "pool"]].first()
    made[["area_ha", "stock_t_c"]] = grouped[["area_ha", "stock_t_c"]].sum().round(6)
    sums = combine(
        pools["factor_id"], pools["stock_t_c"], pools["stock_t_c_low"], pools["stock_t_c_high"],
        group, groups=len(made),
    )  # fmt: skip
    made[ends] = np.maximum(np.column_stack([sums.low, sums.high]), 0.0)
    made["interval_kind"] = [kind_of(kinds.dropna()) for _, kinds in grouped["interval_kind"]]
    made.loc[made["stock_t_c_low"].isna(), "interval_kind"] = None
    return made.assign(tier=grouped["tier"].min())


def rows_with_density(summary: ZoneSummary) -> pd.DataFrame:
    """The rows of a summary with what each holds on a hectare.

    Returns:
        ``summary.rows`` with ``density_t_c_ha``, stock over the area that has a coefficient, and
        ``unvalued_share``, the rest of the area (0–1); NaN is unknown.
    """
    rows = summary.rows
    valued_ha = rows["area_ha"] - rows["unvalued_ha"]
    return rows.assign(
        density_t_c_ha=rows["stock_t_c"] / valued_ha.where(valued_ha > 0),
        unvalued_share=rows["unvalued_ha"] / rows["area_ha"],
    )
