"""What a stock rests on: the weakest of its pools, and nothing where there is no coefficient."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bluecarbon_map import reports
from bluecarbon_map.reports import Rests
from bluecarbon_map.sample import open_workspace


@pytest.fixture(scope="module")
def summary() -> reports.ZoneSummary:
    store = open_workspace()
    survey = store.info.default_survey_id
    assert survey is not None
    return reports.summarise(store, survey)


def test_each_part_rests_on_the_weakest_tier_of_its_pools(summary: reports.ZoneSummary):
    of_tier = {3: Rests.LOCAL, 2: Rests.NATIONAL, 1: Rests.GLOBAL}
    rests = reports.resting(summary)
    for at, part in summary.parts.fillna({"species": ""}).iterrows():
        pools = summary.pools.fillna({"species": ""})
        for name in ("zone_id", "ecosystem", "species"):
            pools = pools[pools[name] == part[name]]
        wanted = Rests.NOTHING if pools.empty else of_tier[int(pools["tier"].min())]
        assert rests[at] == wanted
    assert (rests == Rests.NOTHING).equals(summary.parts["stock_t_c"].isna())


def test_a_coefficient_without_a_tier_is_the_users_own(summary: reports.ZoneSummary):
    own = replace(summary, pools=summary.pools.assign(tier=float("nan")))
    assert set(reports.resting(own)) == {Rests.OWN, Rests.NOTHING}
