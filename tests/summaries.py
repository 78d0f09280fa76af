"""Small summaries whose areas and coefficients are written down, for results worked out by hand."""

from __future__ import annotations

import numpy as np

from bluecarbon_map.factors import (
    FactorSet,
    Interval,
    IntervalKind,
    PoolDensity,
    SequestrationFactor,
    StockFactor,
)
from bluecarbon_map.reports.measure import STEPS_PER_HA
from bluecarbon_map.reports.measured import Measured
from bluecarbon_map.reports.summary import ZoneSummary, tabulate
from bluecarbon_map.tables import OUTSIDE

ZONES = {"w": "西", "e": "东"}
KINDS = (
    ("mangrove", None), ("salt_marsh", "Spartina alterniflora"), ("salt_marsh", None),
    ("tidal_flat", None),
)  # fmt: skip
"""Mangrove, two kinds of marsh, and a flat that no set here has a coefficient for."""


def pool(factor_id, density, interval=None, *, name="soil", depth=(0.0, 100.0)):
    """One pool of a coefficient."""
    return PoolDensity(
        pool=name, depth_cm=depth, density_t_c_ha=density, interval=interval, factor_id=factor_id,
        tier=2, source="x",
    )  # fmt: skip


def around(value, half, kind, **more):
    """An interval as wide to both sides."""
    return Interval(low=value - half, high=value + half, kind=IntervalKind(kind), **more)


def rate(ecosystem, amount, factor_id="rate"):
    """A burial rate without an interval."""
    return SequestrationFactor(
        ecosystem=ecosystem, species=None, rate_t_c_ha_yr=amount, interval=None,
        quantity="burial_C", factor_id=factor_id, tier=1, source="x", fell_back=None, why_zh="",
        why_en="",
    )  # fmt: skip


def factor_set(stocks, rates=()):
    """A set from pools by ecosystem and species, and rates."""
    found = {
        (ecosystem, species): StockFactor(
            ecosystem=ecosystem, species=species, pools=tuple(pools), fell_back=None, why_zh="",
            why_en="",
        )
        for (ecosystem, species), pools in stocks.items()
    }  # fmt: skip
    return FactorSet(
        set_id="own", title_zh="", title_en="", stocks=found,
        rates={(one.ecosystem, one.species): one for one in rates},
    )  # fmt: skip


def summary_of(area_ha, chosen: FactorSet) -> ZoneSummary:
    """A summary of two zones.

    Args:
        area_ha: Areas, shape (2, 4): west and east by `KINDS`, in ha.
        chosen: Coefficients.
    """
    steps = np.rint(np.vstack([area_ha, np.zeros(4)]) * STEPS_PER_HA).astype(np.int64)
    measured = Measured(
        zone_ids=(*ZONES, OUTSIDE), kinds=KINDS, steps=steps,
        demonstration_steps=np.zeros_like(steps), overlap_ha=0.0,
    )  # fmt: skip
    return tabulate(measured, chosen, zone_names=ZONES)
