"""How far the stock of a part of a summary rests on coefficients from elsewhere."""

from __future__ import annotations

from enum import IntEnum

import pandas as pd

from bluecarbon_map.reports.summary import ZoneSummary


class Rests(IntEnum):
    """What a stock rests on, from the firmest to nothing at all."""

    LOCAL = 0
    """Coefficients of the province or the site, Tier 3."""
    OWN = 1
    """A coefficient of the user's own file, which names no tier."""
    NATIONAL = 2
    """At least one pool has a national mean, Tier 2."""
    GLOBAL = 3
    """At least one pool has a global default, Tier 1."""
    NOTHING = 4
    """No coefficient: the area is on the map, its carbon is unknown."""


_OF_TIER = {3: Rests.LOCAL, 2: Rests.NATIONAL, 1: Rests.GLOBAL}


def resting(summary: ZoneSummary) -> pd.Series[int]:
    """What the stock of each part rests on: the weakest of its pools.

    Args:
        summary: What it is about.

    Returns:
        Values of `Rests`, indexed as ``summary.parts``.
    """
    keys = ["zone_id", "ecosystem", "species"]
    pools = summary.pools.assign(rests=[_of(tier) for tier in summary.pools["tier"]])
    weakest = pools.groupby(keys, dropna=False)["rests"].max().rename("rests").reset_index()
    found = summary.parts[keys].merge(weakest, on=keys, how="left", validate="one_to_one")
    rests = found["rests"].fillna(Rests.NOTHING).astype(int)
    rests.index = summary.parts.index
    return rests


def _of(tier: float) -> Rests:
    return Rests.OWN if pd.isna(tier) else _OF_TIER[int(tier)]
