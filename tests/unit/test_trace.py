"""Numbers of a zone taken apart to patches and publications, and what another coefficient does."""

import json
import math

import geopandas as gpd
import pandas as pd
import pytest

from bluecarbon_map import reports
from bluecarbon_map.accounting.trace import leaves
from bluecarbon_map.errors import FactorError, NotFoundError
from bluecarbon_map.factors import factor, load_set
from bluecarbon_map.reports.trace.what_if import changed
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.tables import Level, Provenance
from bluecarbon_map.units import CO2_PER_C
from tests import builders

near = pytest.approx
YUHUAN, TAIZHOU, PROVINCE = "331083", "331000", "330000"
DENSITY = "mangrove-zhejiang-2022-ecosystem-stock"


@pytest.fixture(scope="module")
def store():
    return open_workspace()


@pytest.fixture(scope="module")
def measured(store):
    return reports.measure(store, "ZJ-2022")


@pytest.fixture(scope="module")
def ground(store):
    return reports.patch_ground(store, "ZJ-2022")


def traced(store, measured, ground, zone, **more):
    return reports.trace(store, "ZJ-2022", zone, measured=measured, ground=ground, **more)


@pytest.mark.parametrize("factor_set", ["zhejiang", "china-species", "ipcc-tier1"])
@pytest.mark.parametrize("zone", [YUHUAN, TAIZHOU, PROVINCE])
def test_the_traced_numbers_are_those_of_the_summary(store, measured, ground, zone, factor_set):
    found = traced(store, measured, ground, zone, factor_set=factor_set)
    totals = found.summary.totals
    assert found.stock.value == totals.stock_t_c
    assert found.stock_low.value == totals.stock_t_c_low
    assert found.stock_high.value == totals.stock_t_c_high
    assert found.co2e.value == totals.stock_t_co2e
    assert found.burial.value == totals.sequestration_t_c_yr
    assert found.area.value == totals.area_ha
    assert found.stock.at_least == (totals.unvalued_ha > 0)


def test_one_county_can_be_worked_again_from_what_is_printed(store, measured, ground):
    found = traced(store, measured, ground, YUHUAN, ecosystem="mangrove")
    patches = found.ground["area_ha"].sum()
    own, lender = (
        factor(DENSITY),
        factor("mangrove-china-fu2021-kandelia-obovata-soil-0-100cm-stock"),
    )
    by_hand = patches * own.value
    assert found.stock.value == near(by_hand, abs=1e-5)
    assert found.co2e.value == near(by_hand * 44 / 12, abs=1e-5)
    spread = by_hand * lender.sd / lender.value
    assert found.stock_low.value == near(by_hand - spread, abs=1e-5)
    assert found.stock_high.value == near(by_hand + spread, abs=1e-5)
    printed = reports.trace_text(found, "zh")
    rows = (DENSITY, lender.factor_id, lender.doi, "2022-yuhuan-haishan-maoyan-island")
    for wanted in (*rows, "116.35 t C/ha", "71.6 t C/ha ÷ 151.6 t C/ha", "× 44/12"):
        assert wanted in printed


def test_an_interval_of_a_mean_is_taken_apart_to_t_sd_and_n(store, measured, ground):
    found = traced(store, measured, ground, PROVINCE, ecosystem="salt_marsh")
    names = {one.en: one.value for one in leaves(found.stock_low)}
    assert names["standard deviation"] == 36.5
    assert names["sites n"] == 33
    assert names["quantile 0.975 of Student's t, 32 degrees of freedom"] == near(2.0369, abs=1e-4)


def test_every_leaf_that_is_known_and_no_constant_names_its_row(store, measured, ground):
    found = traced(store, measured, ground, TAIZHOU)
    for step in found.steps().values():
        for leaf in leaves(step):
            if leaf.value is not None and not leaf.en.startswith(("quantile", "t/ha in")):
                assert leaf.origin is not None, leaf.en
                assert leaf.origin.row_id


def test_patches_of_all_counties_add_up_to_the_zone_and_keep_their_kind_of_record(
    store, measured, ground
):
    assert ground.groupby("zone_id")["area_ha"].sum().sum() == near(
        reports.summarise(store, "ZJ-2022", measured=measured).totals.area_ha, abs=1e-4
    )
    found = traced(store, measured, ground, TAIZHOU, ecosystem="mangrove")
    counties = {leaf.origin.row_id for leaf in leaves(found.area)}
    assert counties == set(found.ground["habitat_id"])
    assert "演示图斑" not in reports.trace_text(found, "zh")
    invented = traced(store, measured, ground, TAIZHOU)
    shown = invented.ground
    many = shown[shown["provenance"] == Provenance.DEMONSTRATION]["habitat_id"].nunique()
    assert many > 0
    assert f"Holds {many} demonstration patches" in reports.trace_text(invented, "en")


def test_ground_that_two_patches_claim_is_traced_to_one_of_them(tmp_path):
    folder = builders.write_workspace(tmp_path / "w")
    path = folder / "habitats_S-2022.parquet"
    patches = gpd.read_parquet(path)
    twin = patches[patches["habitat_id"] == "S-2022-m1"].assign(
        habitat_id="twin", ecosystem="tidal_flat"
    )
    twin["geometry"] = twin.geometry.translate(xoff=0.004)
    pd.concat([patches, twin]).to_parquet(path)
    store = FolderStore(folder)
    ground = reports.patch_ground(store, "S-2022")
    areas = ground.groupby("habitat_id")["area_ha"].sum()
    assert areas["twin"] == near(0.4 * areas["S-2022-m1"], rel=1e-3)
    whole = reports.summarise(store, "S-2022")
    assert areas.sum() == near(whole.totals.area_ha, abs=1e-6)
    found = reports.trace(store, "S-2022", builders.WEST)
    assert found.area.value == near(found.summary.totals.area_ha)


def test_a_zone_without_a_record_has_no_trace_and_an_unknown_zone_is_refused(
    store, measured, ground
):
    assert traced(store, measured, ground, "330800") is None
    with pytest.raises(NotFoundError, match="zone"):
        traced(store, measured, ground, "999999")


def test_a_zone_without_any_coefficient_says_no_data_and_never_zero(store, measured, ground):
    found = traced(store, measured, ground, PROVINCE, ecosystem="tidal_flat")
    assert found.stock.value is None
    assert found.co2e.value is None
    assert "储量：无数据" in reports.sentences(found, "zh")[0]
    assert all(" 0 t C" not in line for line in reports.sentences(found, "en"))


def test_the_tree_is_plain_json_without_nan(store, measured, ground):
    made = json.dumps(reports.trace_json(traced(store, measured, ground, YUHUAN)), allow_nan=False)
    again = json.loads(made)["results"]["co2e"]
    stock, constant = again["inputs"]
    assert again["value"] == near(stock["value"] * constant["value"], abs=again["rounding"] + 1e-9)
    assert constant["value"] == CO2_PER_C


def test_a_user_s_own_coefficient_is_traced_to_the_row_of_the_file(
    store, measured, ground, tmp_path
):
    own = tmp_path / "own.csv"
    own.write_text("ecosystem,density_t_c_ha,source\nmangrove,100,our plots\n", encoding="utf-8")
    found = traced(store, measured, ground, YUHUAN, ecosystem="mangrove", factor_set=str(own))
    assert found.stock_low.value is None
    text = reports.trace_text(found, "en")
    assert "user:2; our plots" in text


# --- what another value would change -------------------------------------------------------------


def try_out(store, measured, factor_id, value, level=Level.CITY):
    before = reports.summarise(store, "ZJ-2022", level=level, measured=measured)
    return reports.what_if(
        store, "ZJ-2022", before, factor_id, value, level=level, measured=measured
    )


def test_another_density_changes_its_own_rows_by_area_times_the_difference(store, measured):
    found = try_out(store, measured, DENSITY, 120.0)
    assert set(found.rows["ecosystem"]) == {"mangrove"}
    change = found.total_after - found.total_before
    assert change == near(312.5 * (120.0 - 116.35), abs=1e-3)
    assert found.rows["difference"].sum() == near(change, abs=1e-5)
    assert found.rows["percent"].tolist() == near(
        [100 * (120 / 116.35 - 1)] * len(found.rows), abs=1e-3
    )
    assert found.unchanged > 0
    assert (found.before, found.unit, found.amount_unit) == (116.35, "t C/ha", "t C")


def test_another_rate_changes_the_flow_and_no_stock(store, measured):
    found = try_out(store, measured, "mangrove-global-alongi2020-soil-burial", 1.0)
    assert found.amount_unit == "t C/yr"
    assert found.total_before - found.total_after > 0
    assert set(found.rows["ecosystem"]) == {"mangrove"}


def test_a_shared_coefficient_changes_every_species_that_uses_it(store, measured):
    found = try_out(store, measured, "salt-marsh-china-fu2021-sampled-soil-0-100cm-stock", 70.0)
    assert set(found.rows["species"]) == {"Phragmites australis", "Suaeda salsa"}


def test_the_same_value_changes_nothing(store, measured):
    found = try_out(store, measured, DENSITY, 116.35)
    assert found.rows.empty
    assert found.total_before == found.total_after


def test_a_value_that_cannot_be_and_a_coefficient_that_is_not_used_are_refused(store, measured):
    for value in (-1.0, 2_000.1, math.nan, math.inf):
        with pytest.raises(FactorError, match="outside"):
            try_out(store, measured, DENSITY, value)
    with pytest.raises(NotFoundError, match="coefficient"):
        try_out(store, measured, "nothing", 1.0)
    with pytest.raises(NotFoundError):
        try_out(store, measured, "mangrove-global-alongi2020-ecosystem-stock", 1.0)


def test_a_changed_coefficient_has_no_interval_any_more():
    tried = reports.Tried(factor_id=DENSITY, is_density=True, value=116.35, unit="t C/ha")
    made = changed(load_set("zhejiang"), tried, 120.0)
    assert made.set_id != "zhejiang"
    (pool,) = made.stock("mangrove").pools
    assert (pool.density_t_c_ha, pool.interval) == (120.0, None)
    assert load_set("zhejiang").stock("mangrove").pools[0].interval is not None


# --- files of one's own, ground in no zone -------------------------------------------------------


def own_file(tmp_path, *rows):
    path = tmp_path / "own.csv"
    head = "ecosystem,density_t_c_ha,low,high,interval_kind,pool,sequestration_t_c_ha_yr"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return str(path)


def test_a_row_with_a_density_and_a_rate_can_be_tried_either_way(store, measured, tmp_path):
    own = own_file(tmp_path, "mangrove,100,90,110,SE,soil,1.5")
    before = reports.summarise(store, "ZJ-2022", measured=measured, factor_set=own)
    assert set(reports.used_ids(before)) == {"user:2", "user:2:rate"}

    def tried(name, value):
        return reports.what_if(
            store, "ZJ-2022", before, name, value, level=Level.COUNTY, measured=measured
        )

    held, buried = tried("user:2", 120.0), tried("user:2:rate", 5.0)
    assert (held.amount_unit, held.before) == ("t C", 100.0)
    assert held.total_after - held.total_before == near(312.5 * 20, abs=1e-3)
    assert (buried.amount_unit, buried.before) == ("t C/yr", 1.5)
    assert buried.total_after == near(312.5 * 5, abs=1e-3)


@pytest.mark.parametrize(
    "row", ["mangrove,0,0,5,range,,", "mangrove,0,,,,,", "mangrove,0,0,0,SE,,"]
)
def test_a_density_of_zero_is_traced_too(store, measured, ground, tmp_path, row):
    own = own_file(tmp_path, row)
    found = traced(store, measured, ground, PROVINCE, factor_set=own)
    assert found.stock.value == 0.0
    assert found.stock_high.value == found.summary.totals.stock_t_c_high


def test_several_pools_of_one_s_own_are_traced_and_added(store, measured, ground, tmp_path):
    own = own_file(tmp_path, "mangrove,100,90,110,SE,soil,", "mangrove,30,24,36,SE,biomass,")
    found = traced(store, measured, ground, YUHUAN, ecosystem="mangrove", factor_set=own)
    area = found.ground["area_ha"].sum()
    assert found.stock.value == near(area * 130, abs=1e-4)
    assert found.stock_high.value - found.stock.value == near(area * math.hypot(10, 6), abs=1e-3)


def test_ground_in_no_zone_is_in_the_whole_survey_and_in_no_zone(tmp_path):
    store = FolderStore(builders.write_workspace(tmp_path / "w"))
    whole = reports.summarise(store, "S-2022")
    assert whole.totals.outside_ha > 0
    found = reports.trace(store, "S-2022", None)
    assert found.area.value == near(whole.totals.area_ha)
    assert found.stock.value == whole.totals.stock_t_c
    assert found.outside_ha == whole.totals.outside_ha
    assert "不在任何分区之内" in reports.trace_text(found, "zh")
    inside = reports.trace(store, "S-2022", "330000")
    assert inside.area.value == near(whole.totals.area_ha - whole.totals.outside_ha)
    assert "lie in no zone" not in reports.trace_text(inside, "en")
