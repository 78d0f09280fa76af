"""Use cases on the small workspace."""

import dataclasses
import math
from datetime import date

import geopandas as gpd
import numpy as np
import pytest

from bluecarbon_map import reports
from bluecarbon_map.errors import EmptyLayerError, InputError, NotFoundError
from bluecarbon_map.factors import (
    FactorSet,
    Interval,
    IntervalKind,
    PoolDensity,
    SequestrationFactor,
    StockFactor,
    load_set,
)
from bluecarbon_map.geodesy import EQUAL_AREA_CRS
from bluecarbon_map.reports import Regions
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.tables import Level, Parts, Pools, Summary, columns, validate
from tests.builders import EAST, WEST, box, write_workspace

SURVEY = "S-2022"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return FolderStore(write_workspace(tmp_path_factory.mktemp("reports") / "workspace"))


@pytest.fixture(scope="module")
def summary(store):
    return reports.summarise(store, SURVEY, level=Level.COUNTY)


def row(summary, zone_id, ecosystem):
    found = summary.rows
    return found[(found["zone_id"] == zone_id) & (found["ecosystem"] == ecosystem)].iloc[0]


def test_rows_and_parts_keep_their_contracts(summary):
    validate(Summary, summary.rows)
    validate(Parts, summary.parts)
    validate(Pools, summary.pools)


def test_a_patch_across_a_border_is_split_between_its_zones(summary):
    west, east = (row(summary, zone, "salt_marsh") for zone in (WEST, EAST))
    assert west["area_ha"] == pytest.approx(east["invasive_ha"], rel=1e-6)
    assert west["invasive_ha"] == west["area_ha"]
    assert set(east["species"].split("; ")) == {"Spartina alterniflora", "Phragmites australis"}


def test_demonstration_is_a_column_of_its_own_and_can_be_left_out(store, summary):
    assert row(summary, EAST, "salt_marsh")["demonstration_ha"] > 0
    assert row(summary, WEST, "mangrove")["demonstration_ha"] == 0
    official = reports.summarise(store, SURVEY, level=Level.COUNTY, demonstration=False)
    assert official.totals.demonstration_ha == 0
    assert official.totals.area_ha == pytest.approx(
        summary.totals.area_ha - summary.totals.demonstration_ha, abs=1e-6
    )


def test_area_without_a_coefficient_counts_and_its_carbon_is_unknown(summary):
    flat = row(summary, EAST, "tidal_flat")
    assert flat["area_ha"] == flat["unvalued_ha"] > 0
    assert all(
        math.isnan(flat[c])
        for c in ("stock_t_c", "stock_t_c_low", "stock_t_co2e", "sequestration_t_c_yr", "tier")
    )
    assert summary.totals.unvalued_ha == pytest.approx(3 * flat["area_ha"], rel=1e-6)


def test_one_ecosystem_or_one_zone_can_be_asked_for(store, summary):
    mangrove = reports.summarise(store, SURVEY, ecosystems={"mangrove"})
    assert set(mangrove.rows["ecosystem"]) == {"mangrove"}
    west = reports.summarise(store, SURVEY, zone_id=WEST)
    assert set(west.rows["zone_id"]) == {WEST}
    assert row(west, WEST, "mangrove").equals(row(summary, WEST, "mangrove"))
    with pytest.raises(NotFoundError, match="no zone '3303' here"):
        reports.summarise(store, SURVEY, zone_id="3303")


def test_nothing_left_is_an_empty_table_with_unknown_carbon(store):
    nothing = reports.summarise(store, SURVEY, ecosystems={"seagrass"})
    assert nothing.rows.empty
    assert nothing.rows.columns.tolist() == columns(Summary)
    assert (nothing.totals.area_ha, nothing.totals.stock_t_c) == (0.0, None)


def test_a_survey_of_demonstration_only_has_nothing_official(workspace_folder):
    path = workspace_folder / "habitats_S-2022.parquet"
    gpd.read_parquet(path).assign(provenance="demonstration").to_parquet(path)
    with pytest.raises(EmptyLayerError, match="S-2022: there is no row in it"):
        reports.summarise(FolderStore(workspace_folder), SURVEY, demonstration=False)


def test_the_json_has_null_for_the_unknown_and_whole_tiers(summary):
    rows = reports.summary_json(summary)["rows"]
    flat = next(r for r in rows if r["ecosystem"] == "tidal_flat")
    assert (flat["stock_t_c"], flat["tier"], flat["factor_id"]) == (None, None, None)
    assert {type(r["tier"]) for r in rows if r["tier"] is not None} == {int}
    assert not any(isinstance(v, float) and np.isnan(v) for r in rows for v in r.values())


def test_every_coefficient_of_a_row_is_among_the_sources(summary):
    sources = reports.sources(summary.factor_set, summary.parts)
    known = set(sources["factor_id"])
    for text in summary.parts[["factor_id", "sequestration_factor_id"]].stack().dropna():
        assert set(text.split("; ")) <= known
    assert sources["source"].notna().all()
    assert (sources["why_en"].str.len() > 0).all()


KANDELIA = "mangrove-china-fu2021-kandelia-obovata-soil-0-100cm-stock"


def test_the_lender_of_an_interval_is_a_source_and_the_interval_is_given_as_used(summary):
    sources = reports.sources(summary.factor_set, summary.parts)
    mangrove = sources[(sources["ecosystem"] == "mangrove") & (sources["role"] == "stock")].iloc[0]
    assert (mangrove["interval_kind"], mangrove["borrowed_from"]) == ("borrowed SD", KANDELIA)
    assert mangrove["low"] == pytest.approx(116.35 * (1 - 71.6 / 151.6))
    assert not mangrove["clipped"]
    assert math.isnan(mangrove["published_low"])
    lender = sources[sources["factor_id"] == KANDELIA].iloc[0]
    assert (lender["role"], lender["value"], lender["sd"]) == ("interval lender", 151.6, 71.6)
    rate = sources[sources["factor_id"] == "mangrove-global-alongi2020-soil-burial"].iloc[0]
    assert (rate["tier"], rate["unit"]) == (1, "t C/ha/yr")
    assert rate["fell_back_en"] == "no provincial value: global value used"
    assert rate["fell_back_zh"] == "无本省值，采用全球值"


OWN = (
    "ecosystem,species,c_t_ha,low,high,interval_kind,sequestration_t_c_ha_yr,source\n"
    "mangrove,,100,90,120,range,2,field book\n"
    "salt_marsh,,50,,,,1,\n"
)


def test_a_users_own_coefficient_is_a_source_with_its_words(store, tmp_path):
    (tmp_path / "mine.csv").write_text(OWN)
    summary = reports.summarise(store, SURVEY, factor_set=load_set(tmp_path / "mine.csv"))
    own = reports.sources(summary.factor_set, summary.parts)
    mangrove = own[own["factor_id"] == "user:2"].set_index("role")
    assert mangrove["source"].tolist() == ["field book"] * 2
    assert mangrove.loc["stock", ["value", "unit", "low", "high"]].tolist() == [
        100.0, "t C/ha", 90.0, 120.0,
    ]  # fmt: skip
    assert mangrove.loc["sequestration", ["value", "unit"]].tolist() == [2.0, "t C/ha/yr"]
    factors = reports.summary_json(summary)["factors"]
    marsh = next(f for f in factors if f["factor_id"] == "user:3" and f["role"] == "stock")
    assert marsh == {
        "factor_id": "user:3", "ecosystem": "salt_marsh", "species": None, "role": "stock",
        "value": 50.0, "unit": "t C/ha", "low": None, "high": None, "interval_kind": None,
        "borrowed_from": None, "clipped": None, "tier": None, "fell_back": None, "source": None,
    }  # fmt: skip


def test_a_depth_that_is_not_a_metre_is_told_and_never_scaled(store, tmp_path):
    (tmp_path / "mine.csv").write_text(
        "ecosystem,pool,depth_cm,c_t_ha\nmangrove,soil,0-30,100\nsalt_marsh,soil,,50\n"
        "seagrass,soil,,7\n"
    )
    summary = reports.summarise(store, SURVEY, factor_set=load_set(tmp_path / "mine.csv"))
    rows = summary.rows.dropna(subset="stock_t_c").set_index("ecosystem")
    assert set(rows.loc[["mangrove"], "pools"]) == {"soil 0-30 cm"}
    assert set(rows.loc[["salt_marsh"], "pools"]) == {"soil (depth unstated)"}
    mangrove = rows.loc[["mangrove"]]
    assert mangrove["stock_t_c"].to_numpy() == pytest.approx(mangrove["area_ha"] * 100)
    thin, unstated = summary.warnings[-2:]
    assert "user:2" in thin
    assert "soil 0-30 cm, not 0-100 cm: it was not scaled" in thin
    assert "user:3：土壤未注明深度" in unstated
    assert not any("user:4" in said for said in summary.warnings)


# --- pools, intervals ---------------------------------------------------------------------------


def _two_pools():
    """Mangrove of two pools with intervals and a rate with one; nothing else has a coefficient."""
    kind = IntervalKind.SD
    pools = tuple(
        PoolDensity(
            pool=name, depth_cm=None, density_t_c_ha=density, factor_id=name, tier=3, source="x",
            interval=Interval(low=low, high=high, kind=ends),
        )
        for name, density, low, high, ends in (
            ("biomass", 40.0, 37.0, 45.0, kind),
            ("soil", 60.0, 56.0, 72.0, IntervalKind.SE),
        )
    )  # fmt: skip
    stock = StockFactor(
        ecosystem="mangrove", species=None, pools=pools, fell_back=None, why_zh="", why_en=""
    )
    rate = SequestrationFactor(
        ecosystem="mangrove", species=None, rate_t_c_ha_yr=2.0, quantity="burial_C",
        interval=Interval(low=1.5, high=3.0, kind=kind), factor_id="rate", tier=3, source="x",
        fell_back=None, why_zh="", why_en="",
    )  # fmt: skip
    key = ("mangrove", None)
    return FactorSet(set_id="two", title_zh="", title_en="", stocks={key: stock}, rates={key: rate})


@pytest.fixture(scope="module")
def pooled(store):
    return reports.summarise(store, SURVEY, factor_set=_two_pools(), ecosystems={"mangrove"})


def test_the_pools_of_a_part_add_up_to_its_stock_to_the_last_digit(pooled):
    (part,) = pooled.parts.to_dict("records")
    assert pooled.pools["pool"].tolist() == ["biomass", "soil (depth unstated)"]
    assert round(pooled.pools["stock_t_c"].sum(), 6) == part["stock_t_c"]
    assert round(pooled.pools["stock_t_co2e"].sum(), 6) == part["stock_t_co2e"]
    soil = pooled.pools.iloc[1]
    assert soil["stock_t_c"] == pytest.approx(60.0 * part["area_ha"], abs=1e-5)
    assert soil["stock_t_c_high"] == pytest.approx(72.0 * part["area_ha"], abs=1e-5)
    assert (soil["density_low_t_c_ha"], soil["interval_kind"]) == (56.0, "SE")


def test_pools_of_different_kinds_give_a_mixed_interval(pooled):
    # below 3 and 4 -> 5, above 5 and 12 -> 13, for each hectare
    area_ha = pooled.totals.area_ha
    assert pooled.totals.stock_t_c_low == pytest.approx(95 * area_ha, rel=1e-9)
    assert pooled.totals.stock_t_c_high == pytest.approx(113 * area_ha, rel=1e-9)
    assert pooled.totals.interval_kind == "mixed: SD; SE"
    assert pooled.rows["interval_kind"].tolist() == ["mixed: SD; SE"]


def test_sequestration_has_the_ends_of_its_coefficient_and_none_where_it_has_none(pooled, summary):
    area_ha = pooled.totals.area_ha
    ends = (pooled.totals.sequestration_t_c_yr_low, pooled.totals.sequestration_t_c_yr_high)
    assert ends == pytest.approx((1.5 * area_ha, 3.0 * area_ha), abs=1e-6)
    assert pooled.rows["sequestration_t_c_yr_low"].iloc[0] == pytest.approx(ends[0])
    assert summary.totals.sequestration_t_c_yr > 0
    assert summary.totals.sequestration_t_c_yr_low is None
    assert summary.rows["sequestration_t_c_yr_high"].isna().all()


def test_a_part_of_one_kind_says_it_plainly_and_the_total_that_it_is_mixed(summary):
    assert set(summary.parts["interval_kind"].dropna()) == {"borrowed SD", "95% CI of the mean"}
    assert summary.totals.interval_kind == "mixed: 95% CI of the mean; borrowed SD"


def test_ends_that_are_unknown_have_no_kind(store):
    stock = _two_pools().stocks["mangrove", None]
    blind = dataclasses.replace(stock.pools[1], interval=None)
    half = dataclasses.replace(stock, pools=(stock.pools[0], blind))
    chosen = dataclasses.replace(_two_pools(), stocks={("mangrove", None): half})
    found = reports.summarise(store, SURVEY, factor_set=chosen, ecosystems={"mangrove"})
    assert (found.totals.stock_t_c_low, found.totals.interval_kind) == (None, None)
    assert found.parts["interval_kind"].isna().all()
    assert found.rows["interval_kind"].isna().all()


# --- notes --------------------------------------------------------------------------------------


def test_an_export_says_what_it_is_in_two_languages(store, summary):
    survey, zones, review, *outlines = reports.notes(store, SURVEY)
    assert SURVEY in survey
    assert "2022" in survey
    assert zones == f"{store.info.zones_label_zh} / {store.info.zones_label_en}"
    assert review == "未审图，仅供内部使用 / map not reviewed, internal use only"
    assert outlines
    assert not any("LGPL" in line for line in outlines)  # these zones are not of DCW
    with pytest.raises(NotFoundError, match="no survey 'x' here"):
        reports.notes(store, "x")


def test_the_outlines_of_dcw_carry_their_licence():
    assert any("DCW (GMT), LGPL-3" in line for line in reports.notes(open_workspace(), "ZJ-2022"))


def test_a_bundle_says_whether_demonstration_data_are_in_it(store, summary):
    demonstration = "含演示数据，不得作为正式数引用"
    made = reports.bundle(summary, None, name="s", notes=["n"])
    assert made.notes[0] == "n"
    assert any(demonstration in line for line in made.notes)
    assert set(made.notes) <= set(made.details["method"]["说明"])
    official = reports.summarise(store, SURVEY, demonstration=False)
    assert not any(demonstration in line for line in reports.bundle(official, None, name="s").notes)
    assert made.details["by_pool"] is summary.pools


# --- surveys, points, zones ---------------------------------------------------------------------


def test_the_newest_survey_up_to_a_year_is_chosen(store):
    assert reports.choose_survey(store, None, None) == "S-2022"
    assert reports.choose_survey(store, None, 2024) == "S-2022"
    assert reports.choose_survey(store, None, 2025) == "S-2025"
    assert reports.choose_survey(store, "S-2025", 2022) == "S-2025"
    with pytest.raises(NotFoundError):
        reports.choose_survey(store, None, 2021)


def test_a_point_has_its_patch_and_its_zones(store):
    facts = reports.at_point(store, SURVEY, 121.025, 28.025)
    assert facts.zones == (WEST, "330300", "330000")
    assert facts.habitat.habitat_id == "S-2022-m1"
    assert facts.habitat.area_ha == pytest.approx(109.0, rel=0.01)
    assert (facts.habitat.stated_area_ha, facts.habitat.note) == (None, None)


def test_beside_a_patch_only_a_finger_finds_it(store):
    lon = 121.03 + 5e-4
    assert reports.at_point(store, SURVEY, lon, 28.025).habitat is None
    near = reports.at_point(store, SURVEY, lon, 28.025, tolerance_m=60.0)
    assert near.habitat.habitat_id == "S-2022-m1"


def test_what_is_not_on_the_map_is_not_found_at_a_point(store):
    demo = (121.125, 28.025)
    assert reports.at_point(store, SURVEY, *demo).habitat.provenance == "demonstration"
    assert reports.at_point(store, SURVEY, *demo, demonstration=False).habitat is None
    hidden = reports.at_point(store, SURVEY, *demo, ecosystems=frozenset({"mangrove"}))
    assert hidden.habitat is None


def test_places_answer_every_question_as_a_single_one_does(store):
    places = reports.Places(store, SURVEY)
    for lon in np.linspace(120.95, 121.3, 15):
        for lat in (27.99, 28.025, 28.05):
            for named in (
                {"tolerance_m": 0.0},
                {"tolerance_m": 3_000.0, "demonstration": False},
                {"tolerance_m": 9_000.0, "ecosystems": frozenset({"salt_marsh"})},
            ):
                facts = places.at(lon, lat, **named)
                assert facts == reports.at_point(store, SURVEY, lon, lat, **named)
                assert facts.habitat is None or facts.habitat.ecosystem in named.get(
                    "ecosystems", {facts.habitat.ecosystem}
                )


def test_places_find_the_nearest_patch_as_a_walk_through_all_of_them_does(store):
    places, habitats = reports.Places(store, SURVEY), store.habitats(SURVEY)
    plane = habitats.to_crs(EQUAL_AREA_CRS).geometry
    for lon, lat in [(121.0, 28.0), (121.08, 28.03), (121.2, 28.1), (121.35, 27.9)]:
        point = gpd.GeoSeries.from_xy([lon], [lat], crs=4490).to_crs(EQUAL_AREA_CRS).iloc[0]
        nearest = habitats["habitat_id"].iloc[int(plane.distance(point).argmin())]
        assert places.at(lon, lat, tolerance_m=1e6).habitat.habitat_id == nearest


def test_places_of_an_unknown_survey_are_refused(store):
    with pytest.raises(NotFoundError, match="no survey 'S-1999'"):
        reports.Places(store, "S-1999")


def test_out_at_sea_there_is_nothing(store):
    assert reports.at_point(store, SURVEY, 125.0, 28.0) == reports.PointFacts(
        zones=(), habitat=None
    )


def test_zones_that_lie_in_each_other_are_refused_and_do_not_run_for_ever(workspace_folder):
    path = workspace_folder / "zones.parquet"
    zones = gpd.read_parquet(path)
    zones.loc[0, "parent_id"] = WEST
    zones.to_parquet(path)
    with pytest.raises(
        InputError, match="column 'parent_id', rows 330000: the zone lies in itself"
    ):
        Regions.of(FolderStore(workspace_folder))


def test_zones_have_names_in_two_languages_and_fall_back_to_chinese(store):
    assert Regions.of(store, language="en").names[WEST] == "Yueqing"
    assert Regions.of(store, language="en").names[EAST] == "玉环市"


def test_progress_by_zone_adds_up(store):
    wetland, shore = reports.progress(store, as_of=date(2026, 3, 1)).targets
    assert (wetland.counted, shore.counted) == (60.0, 2.84)
    shares = reports.progress_by_zone(store, wetland)
    assert shares == {"330300": 60.0, "331000": None}
    assert reports.progress_json(reports.progress(store))["targets"][0]["counted"] == 60.0


def test_a_patch_wholly_under_another_one_loses_all_its_ground(workspace_folder):
    path = workspace_folder / "habitats_S-2022.parquet"
    habitats = gpd.read_parquet(path)
    habitats.loc[3, "geometry"] = box(121.022, 28.022, 121.028, 28.028)
    habitats.to_parquet(path)
    summary = reports.summarise(FolderStore(workspace_folder), SURVEY)
    assert "tidal_flat" not in set(summary.rows["ecosystem"])
    assert summary.totals.overlap_ha == pytest.approx(109.0 * 0.36, rel=0.01)
