"""Totals, differences and what may be said of them, against values worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from bluecarbon_map import reports
from bluecarbon_map.factors import (
    FactorSet,
    Interval,
    IntervalKind,
    PoolDensity,
    SequestrationFactor,
    StockFactor,
    load_set,
)
from bluecarbon_map.reports.measure import STEPS_PER_HA
from bluecarbon_map.reports.summary import tabulate
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.tables import Level

KINDS = (("mangrove", None), ("salt_marsh", None), ("tidal_flat", None))
NAMES = {"A": "甲", "B": "乙", "C": "丙"}


def _stock(ecosystem: str, density: float, low: float | None, high: float | None) -> StockFactor:
    interval = None
    if low is not None and high is not None:
        interval = Interval(low=low, high=high, kind=IntervalKind.CI95)
    pool = PoolDensity(
        pool="soil", depth_cm=(0.0, 100.0), density_t_c_ha=density, interval=interval,
        factor_id=f"{ecosystem}-stock", tier=2, source="a paper",
    )  # fmt: skip
    return StockFactor(
        ecosystem=ecosystem, species=None, pools=(pool,), fell_back=None, why_zh="", why_en=""
    )


def _rate(ecosystem: str, rate: float, low: float, high: float) -> SequestrationFactor:
    return SequestrationFactor(
        ecosystem=ecosystem, species=None, rate_t_c_ha_yr=rate,
        interval=Interval(low=low, high=high, kind=IntervalKind.SD), quantity="burial_C",
        factor_id=f"{ecosystem}-rate", tier=1, source="another", fell_back=None, why_zh="",
        why_en="",
    )  # fmt: skip


MANGROVE = _stock("mangrove", 100.0, 80.0, 130.0)
MARSH = _stock("salt_marsh", 50.0, 45.0, 60.0)


def _set(*stocks: StockFactor) -> FactorSet:
    rate = _rate("mangrove", 2.0, 1.0, 4.0)
    return FactorSet(
        set_id="hand", title_zh="", title_en="",
        stocks={(one.ecosystem, None): one for one in stocks},
        rates={("mangrove", None): rate},
    )  # fmt: skip


def _summary(
    areas: dict[str, tuple], demonstration: dict[str, tuple] | None = None, coefficients=None
):
    """Summary of zones with mangrove, marsh and tidal flat, in ha."""
    demo = demonstration or {}
    steps = np.array([areas[zone] for zone in areas], float) * STEPS_PER_HA
    invented = np.array([demo.get(zone, (0, 0, 0)) for zone in areas], float) * STEPS_PER_HA
    measured = reports.Measured(
        zone_ids=(*areas, ""),
        kinds=KINDS,
        steps=np.vstack([steps, np.zeros((1, 3))]).astype(np.int64),
        demonstration_steps=np.vstack([invented, np.zeros((1, 3))]).astype(np.int64),
        overlap_ha=0.0,
    )
    names = {zone: NAMES[zone] for zone in areas}
    return tabulate(measured, coefficients or _set(MANGROVE, MARSH), zone_names=names)


@pytest.fixture(scope="module")
def store():
    return open_workspace()


@pytest.fixture
def two_zones():
    return _summary({"A": (10, 0, 30), "B": (6, 8, 0)}, {"A": (4, 0, 30)})


# --- totals --------------------------------------------------------------------------------------


def test_a_zone_total_holds_stock_interval_density_and_what_has_no_coefficient(two_zones):
    first, second = reports.totals_by(two_zones, "zone_id").to_dict("records")
    assert (first["key"], first["name"], first["area_ha"]) == ("A", "甲", 40.0)
    assert (first["stock_t_c"], first["stock_t_c_low"], first["stock_t_c_high"]) == (
        1000.0, 800.0, 1300.0,
    )  # fmt: skip
    assert (first["density_t_c_ha"], first["unvalued_ha"], first["unvalued_share"]) == (
        100.0, 30.0, 0.75,
    )  # fmt: skip
    # different coefficients: below 6×20 and 8×5, above 6×30 and 8×10, each in quadrature
    assert second["stock_t_c"] == 1000.0
    assert second["stock_t_c_low"] == pytest.approx(1000 - math.sqrt(120**2 + 40**2))
    assert second["stock_t_c_high"] == pytest.approx(1000 + math.sqrt(180**2 + 80**2))
    assert second["density_t_c_ha"] == pytest.approx(1000 / 14)


def test_the_demonstration_part_of_a_stock_lies_as_its_area_does(two_zones):
    totals = reports.totals_by(two_zones, "zone_id")
    assert totals["demonstration_t_c"].tolist() == [400.0, 0.0]
    assert totals["demonstration_ha"].tolist() == [34.0, 0.0]


def test_burial_is_a_ledger_of_its_own(two_zones):
    totals = reports.totals_by(two_zones, "ecosystem").set_index("key")
    mangrove = totals.loc["mangrove"]
    assert (mangrove["burial_t_c_yr"], mangrove["burial_t_c_yr_low"]) == (32.0, 16.0)
    assert mangrove["burial_t_c_yr_high"] == 64.0
    assert mangrove["stock_t_c"] == 1600.0
    assert math.isnan(totals.loc["tidal_flat", "burial_t_c_yr"])
    assert math.isnan(totals.loc["tidal_flat", "stock_t_c"])


@pytest.mark.parametrize("by", ["zone_id", "ecosystem"])
def test_totals_add_up_to_the_whole_of_the_real_workspace(store, by):
    summary = reports.summarise(store, "ZJ-2022", level=Level.COUNTY)
    totals = reports.totals_by(summary, by)
    for column in ("stock_t_c", "stock_t_co2e", "area_ha", "unvalued_ha", "demonstration_ha"):
        assert totals[column].sum() == pytest.approx(getattr(summary.totals, column), abs=1e-4)


def test_the_one_zone_there_is_has_the_interval_of_the_whole():
    summary = _summary({"B": (6, 8, 0)})
    (row,) = reports.totals_by(summary, "zone_id").to_dict("records")
    assert row["stock_t_c_low"] == pytest.approx(summary.totals.stock_t_c_low)
    assert row["stock_t_c_high"] == pytest.approx(summary.totals.stock_t_c_high)
    assert row["interval_kind"] == summary.totals.interval_kind == "95% CI"


def test_pools_of_an_ecosystem_add_their_intervals_within_a_coefficient(two_zones):
    mangrove, marsh = reports.pools_by_ecosystem(two_zones).to_dict("records")
    assert (mangrove["pool"], mangrove["stock_t_c"]) == ("soil 0-100 cm", 1600.0)
    assert (mangrove["stock_t_c_low"], mangrove["stock_t_c_high"]) == (1280.0, 2080.0)
    assert (marsh["ecosystem"], marsh["area_ha"]) == ("salt_marsh", 8.0)


def test_a_row_without_coefficient_has_no_density(two_zones):
    rows = reports.rows_with_density(two_zones).set_index(["zone_id", "ecosystem"])
    assert math.isnan(rows.loc[("A", "tidal_flat"), "density_t_c_ha"])
    assert rows.loc[("A", "tidal_flat"), "unvalued_share"] == 1.0
    assert rows.loc[("B", "salt_marsh"), "density_t_c_ha"] == 50.0


# --- differences ---------------------------------------------------------------------------------

EVERYWHERE = frozenset(kind for kind, _species in KINDS)


def test_a_difference_in_stock_is_the_difference_in_area_times_the_density():
    before, after = _summary({"A": (10, 0, 0)}), _summary({"A": (4, 6, 0)})
    change = reports.stock_difference(before.pools, after.pools)
    assert change.value == pytest.approx(-600 + 300)
    # mangrove -6 ha: -780 to -480; marsh +6 ha: 270 to 360; each side in quadrature
    assert change.low == pytest.approx(-300 - math.hypot(180, 30))
    assert change.high == pytest.approx(-300 + math.hypot(120, 60))
    assert change.verdict is reports.Verdict.LESS
    assert change.kind == "95% CI"


def test_a_difference_within_one_coefficient_is_sure_though_the_intervals_overlap():
    zones = _summary({"A": (10, 0, 0), "B": (8, 0, 0)})
    (pair,) = reports.rank_pairs(reports.totals_by(zones, "zone_id"), zones.pools)
    assert (pair.larger, pair.smaller, pair.overlapping) == ("A", "B", True)
    assert (pair.difference.low, pair.difference.high) == (160.0, 260.0)
    assert pair.difference.verdict is reports.Verdict.MORE


def test_with_different_coefficients_and_overlapping_intervals_nobody_can_say_which_is_more():
    zones = _summary({"A": (10, 0, 0), "C": (0, 18, 0)})
    (pair,) = reports.rank_pairs(reports.totals_by(zones, "zone_id"), zones.pools)
    assert pair.overlapping
    assert pair.difference.value == 100.0
    assert pair.difference.low == pytest.approx(100 - math.hypot(200, 180))
    assert pair.difference.verdict is reports.Verdict.CANNOT_SAY


def test_intervals_that_lie_apart_do_not_overlap_and_an_unknown_end_leaves_it_open():
    assert reports.overlap((1.0, 2.0), (3.0, 4.0)) is False
    assert reports.overlap((1.0, 3.0), (3.0, 4.0)) is True
    assert reports.overlap((3.0, 4.0), (1.0, 3.5)) is True
    assert reports.overlap((1.0, math.nan), (3.0, 4.0)) is None


def test_a_coefficient_without_interval_leaves_the_difference_without_one():
    coefficients = _set(_stock("mangrove", 100.0, None, None), MARSH)
    before = _summary({"A": (10, 5, 0)}, coefficients=coefficients)
    after = _summary({"A": (12, 5, 0)}, coefficients=coefficients)
    change = reports.stock_difference(before.pools, after.pools)
    assert change.value == 200.0
    assert math.isnan(change.low)
    assert change.verdict is reports.Verdict.UNKNOWN


def test_a_coefficient_without_interval_does_no_harm_where_its_area_stays_the_same():
    coefficients = _set(_stock("mangrove", 100.0, None, None), MARSH)
    before = _summary({"A": (10, 5, 0)}, coefficients=coefficients)
    after = _summary({"A": (10, 7, 0)}, coefficients=coefficients)
    change = reports.stock_difference(before.pools, after.pools)
    assert (change.value, change.low, change.high) == (100.0, 90.0, 120.0)


def test_sides_made_with_different_densities_are_not_compared():
    before = _summary({"A": (10, 0, 0)})
    after = _summary({"A": (10, 0, 0)}, coefficients=_set(_stock("mangrove", 90.0, 80.0, 130.0)))
    with pytest.raises(ValueError, match="not made alike"):
        reports.stock_difference(before.pools, after.pools)


def test_what_a_survey_mapped_elsewhere_is_none_here_and_what_it_mapped_nowhere_is_unknown():
    before, after = _summary({"A": (10, 0, 0)}), _summary({"A": (4, 6, 20)})
    rows = reports.compare_surveys(before, after, {"mangrove", "salt_marsh"}, EVERYWHERE)
    by = rows.set_index("ecosystem")
    assert by.loc["salt_marsh", "area_ha_before"] == 0.0
    assert by.loc["salt_marsh", "area_ha_change"] == 6.0
    assert by.loc["salt_marsh", "stock_t_c_change"] == 300.0
    assert math.isnan(by.loc["tidal_flat", "area_ha_before"])
    assert math.isnan(by.loc["tidal_flat", "area_ha_change"])
    assert math.isnan(by.loc["tidal_flat", "stock_t_c_after"])
    assert by.loc["mangrove", "stock_t_c_change_low"] == -780.0
    assert by.loc["mangrove", "stock_t_c_change_high"] == -480.0


def test_the_differences_of_the_ecosystems_add_up_to_that_of_the_whole():
    before, after = _summary({"A": (10, 0, 9)}), _summary({"A": (4, 6, 20)})
    rows = reports.compare_surveys(before, after, EVERYWHERE, EVERYWHERE)
    whole = reports.whole_difference(before, after, rows)
    known = after.totals.stock_t_c - before.totals.stock_t_c
    assert whole.valued.value == pytest.approx(rows["stock_t_c_change"].sum())
    assert whole.valued.value == pytest.approx(known)


def _whole(before, after, mapped=EVERYWHERE):
    rows = reports.compare_surveys(before, after, mapped, EVERYWHERE)
    return reports.whole_difference(before, after, rows)


def test_ground_that_leaves_the_accounts_is_no_loss():
    """Marsh turns into flat without a coefficient: less on record, the whole unknown."""
    whole = _whole(_summary({"A": (10, 20, 30)}), _summary({"A": (10, 5, 44)}))
    assert whole.valued.value == -750.0
    assert whole.valued.verdict is reports.Verdict.LESS
    assert (whole.came_ha, whole.went_ha) == (14.0, 0.0)
    assert whole.verdict is reports.Verdict.UNKNOWN


def test_where_the_unvalued_ground_stays_the_whole_differs_as_the_rest_does():
    whole = _whole(_summary({"A": (10, 20, 30)}), _summary({"A": (10, 5, 30)}))
    assert (whole.came_ha, whole.went_ha) == (0.0, 0.0)
    assert whole.verdict is reports.Verdict.LESS


def test_unvalued_classes_do_not_cancel_out():
    coefficients = _set(MANGROVE)
    before = _summary({"A": (10, 20, 30)}, coefficients=coefficients)
    whole = _whole(before, _summary({"A": (11, 30, 20)}, coefficients=coefficients))
    assert (whole.valued.value, whole.came_ha, whole.went_ha) == (100.0, 10.0, 10.0)
    assert whole.verdict is reports.Verdict.UNKNOWN


def test_what_one_survey_mapped_nowhere_is_named_and_leaves_the_whole_unknown():
    before, after = _summary({"A": (10, 0, 0)}), _summary({"A": (12, 0, 30)})
    whole = _whole(before, after, {"mangrove"})
    assert whole.valued.value == 200.0
    assert whole.unmapped == ("tidal_flat",)
    assert (whole.came_ha, whole.went_ha) == (0.0, 0.0)
    assert whole.verdict is reports.Verdict.UNKNOWN


def test_two_surveys_alike_are_the_same_not_either_way():
    whole = _whole(_summary({"A": (10, 5, 30)}), _summary({"A": (10, 5, 30)}))
    assert whole.verdict is reports.Verdict.SAME
    zones = _summary({"A": (10, 5, 0), "B": (10, 5, 0)})
    (pair,) = reports.rank_pairs(reports.totals_by(zones, "zone_id"), zones.pools)
    assert pair.verdict is reports.Verdict.SAME
    unlike = _summary({"A": (10, 0, 0), "B": (0, 20, 0)})
    (pair,) = reports.rank_pairs(reports.totals_by(unlike, "zone_id"), unlike.pools)
    assert (pair.difference.value, pair.verdict) == (0.0, reports.Verdict.CANNOT_SAY)


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ((10, 0, 0), (2, 0, 900), reports.Verdict.UNKNOWN),
        ((10, 0, 5), (2, 0, 5), reports.Verdict.UNKNOWN),
        ((10, 0, 900), (2, 0, 0), reports.Verdict.MORE),
        ((10, 0, 0), (2, 0, 0), reports.Verdict.MORE),
        ((10, 0, 5), (10, 0, 0), reports.Verdict.UNKNOWN),
        ((10, 0, 0), (0, 18, 5), reports.Verdict.UNKNOWN),
    ],
)
def test_a_zone_holds_more_only_where_all_of_the_other_has_a_coefficient(first, second, verdict):
    zones = _summary({"A": first, "B": second})
    (pair,) = reports.rank_pairs(reports.totals_by(zones, "zone_id"), zones.pools)
    assert (pair.larger_unvalued_ha, pair.smaller_unvalued_ha) == (first[2], second[2])
    assert pair.smaller_stock_t_c == 100.0 * second[0] + 50.0 * second[1]
    assert pair.verdict is verdict


def test_where_nothing_has_a_coefficient_the_difference_is_unknown_not_zero():
    before, after = _summary({"A": (0, 0, 5)}), _summary({"A": (0, 0, 7)})
    rows = reports.compare_surveys(before, after, EVERYWHERE, EVERYWHERE)
    assert rows["area_ha_change"].tolist() == [2.0]
    assert rows["stock_t_c_before"].isna().all()
    whole = reports.whole_difference(before, after, rows)
    assert math.isnan(whole.valued.value)
    assert whole.verdict is reports.Verdict.UNKNOWN


def test_a_zone_inside_another_one_is_found(store):
    tree = reports.Regions.of(store)
    assert reports.nested(["330300", "330382", "331000"], tree) == [("330382", "330300")]
    assert reports.nested(["330300", "331000"], tree) == []


def test_a_zone_without_stock_takes_no_part_in_the_ranking():
    zones = _summary({"A": (10, 0, 0), "B": (0, 0, 9)})
    assert reports.rank_pairs(reports.totals_by(zones, "zone_id"), zones.pools) == []


# --- how far it rests on the coefficient ---------------------------------------------------------


def test_the_global_default_stands_beside_chinese_means_and_the_value_used():
    summary = _summary({"A": (10, 0, 30)}, coefficients=load_set("zhejiang"))
    rows = reports.densities(summary).set_index("side")
    assert set(rows["ecosystem"]) == {"mangrove"}
    assert rows.loc[reports.Side.GLOBAL, "density_t_c_ha"] == 386.0
    assert rows.loc[reports.Side.USED, "density_t_c_ha"] == 116.35
    assert rows.loc[reports.Side.CHINA, "species"].str.len().gt(0).all()
    assert (rows["source"] != "").all()


def test_a_density_of_other_pools_has_no_ratio():
    """386 is soil of 0 to 100 cm, 116.35 is vegetation and soil."""
    summary = _summary({"A": (10, 4, 0)}, coefficients=load_set("zhejiang"))
    rows = reports.densities(summary).set_index(["ecosystem", "side"]).sort_index()
    mangrove, marsh = rows.loc["mangrove"], rows.loc["salt_marsh"]
    assert mangrove.loc[[reports.Side.GLOBAL, reports.Side.CHINA], "times_used"].isna().all()
    assert mangrove.loc[reports.Side.USED, "times_used"] == 1.0
    assert marsh.loc[reports.Side.GLOBAL, "times_used"].item() == pytest.approx(255 / 61)


def test_chinese_means_are_one_a_species_of_several_sites_and_never_a_part_of_each_other():
    summary = _summary({"A": (10, 4, 0)}, coefficients=load_set("zhejiang"))
    rows = reports.densities(summary)
    rows = rows[rows["side"] == reports.Side.CHINA].set_index("species")
    assert rows.index.is_unique
    assert rows["n"].to_dict() == {
        "Kandelia obovata": 23, "Sonneratia apetala": 28, "Avicennia marina": 13,
        "Aegiceras corniculatum": 8, "Spartina alterniflora": 25, "Phragmites australis": 11,
        "Suaeda salsa": 11, "Cyperus malaccensis": 4, "Tamarix chinensis": 3,
    }  # fmt: skip
    kandelia = rows.loc["Kandelia obovata"]
    # 151.6 and SD 71.6 of 23 sites: t(22) = 2.0739
    assert kandelia["density_t_c_ha"] == 151.6
    assert kandelia["high"] - 151.6 == pytest.approx(2.0739 * 71.6 / math.sqrt(23), abs=0.01)


def test_an_unverified_default_is_not_shown():
    """IPCC's seagrass value is from memory: the set gives none, and so does the comparison."""
    kinds = (("seagrass", None), *KINDS[1:])
    measured = reports.Measured(
        zone_ids=("A", ""), kinds=kinds, overlap_ha=0.0,
        steps=np.array([[STEPS_PER_HA, 0, 0], [0, 0, 0]], dtype=np.int64),
        demonstration_steps=np.zeros((2, 3), dtype=np.int64),
    )  # fmt: skip
    rows = reports.densities(tabulate(measured, load_set("zhejiang"), zone_names={"A": "甲"}))
    assert reports.Side.GLOBAL not in set(rows["side"])
    assert set(rows["side"]) == {reports.Side.CHINA, reports.Side.USED}


def test_ecosystems_without_any_coefficient_are_named():
    summary = _summary({"A": (10, 0, 30)}, coefficients=load_set("zhejiang"))
    assert reports.without_any(summary) == ["tidal_flat"]
    assert isinstance(reports.densities(summary), pd.DataFrame)
