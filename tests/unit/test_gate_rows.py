"""Attributes become what their contract wants, and every change is said."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_series_equal

from bluecarbon_map.gate.examples import EXAMPLE
from bluecarbon_map.gate.kinds import CONTRACTS, Kind, Options
from bluecarbon_map.gate.parsed import Parsed
from bluecarbon_map.gate.problems import Severity, Verdict, verdict_of
from bluecarbon_map.gate.rows import points_of, rows_of, without_examples
from bluecarbon_map.tables import Zones, validate, validate_layer

HA_OF_SQUARE = 108.6


def square(x=121.2, y=28.35):
    return shapely.box(x, y, x + 0.01, y + 0.01)


def parsed(rows, geometry=None):
    table = pd.DataFrame(rows, dtype="object")
    shapes = None if geometry is None else np.array(geometry, dtype=object)
    return Parsed(table=table, row_numbers=list(range(1, len(rows) + 1)), geometry=shapes)


def read(kind, rows, geometry=None, areas_ha=None, **said):
    said.setdefault("source", "file.gpkg")
    options = Options(kind=kind, **said)
    return rows_of(parsed(rows, geometry), options, areas_ha)


def habitats(*rows, **said):
    shapes = [square() for _ in rows]
    said.setdefault("survey_id", "S")
    return read(Kind.HABITATS, list(rows), shapes, [HA_OF_SQUARE] * len(rows), **said)


def codes(rows):
    return {problem.code for problem in rows.problems if problem.severity is not Severity.INFO}


def one(rows, code):
    found = [problem for problem in rows.problems if problem.code == code]
    assert len(found) == 1, rows.problems
    return found[0]


MANGROVE = {"site_id": "BC-001", "name": "Mangrove A", "habitat": "mangrove", "area_ha": 108.7,
            "c_t_ha": 386.0, "survey_date": "2024-03-09"}  # fmt: skip


def test_a_good_feature_is_accepted_and_its_columns_are_mapped():
    rows = habitats(MANGROVE)
    assert verdict_of(rows.problems) is Verdict.ACCEPT
    assert rows.mapping["habitat_id"] == "site_id"
    assert rows.mapping["ecosystem"] == "habitat"
    assert rows.mapping["stated_area_ha"] == "area_ha"
    assert rows.mapping["source"] is None
    assert set(rows.ignored) == {"c_t_ha", "survey_date"}
    layer = gpd.GeoDataFrame(rows.table, geometry=[square()], crs="EPSG:4490")
    validate_layer(CONTRACTS[Kind.HABITATS], layer, "EPSG:4490")


@pytest.mark.parametrize(
    ("area", "unit"),
    [(1_087_000.0, "m²"), (1.087, "km²"), (1630.5, "mu (亩)"), (200.0, None), (108.7, "")],
)
def test_an_area_of_another_unit_is_told_by_the_outline(area, unit):
    rows = habitats(MANGROVE | {"area_ha": area})
    if unit == "":
        assert codes(rows) == set()
    else:
        assert codes(rows) == {"area_differs"}
        assert ("most likely" in one(rows, "area_differs").message) == bool(unit)
        assert unit is None or unit in one(rows, "area_differs").message


@pytest.mark.parametrize(
    ("column", "stated", "area_ha"),
    [("面积（公顷）", 108.7, 108.7), ("面积_亩", 1630.5, 108.7), ("面积(km²)", 1.087, 108.7),
     ("面积（平方公里）", 1.087, 108.7), ("Area_M2", 1_087_000, 108.7),
     ("AREA (HA)", 108.7, 108.7)],
)  # fmt: skip
def test_the_unit_stands_in_the_name_of_the_column(column, stated, area_ha):
    row = {key: value for key, value in MANGROVE.items() if key != "area_ha"}
    rows = habitats(row | {column: stated})
    assert codes(rows) == set()
    assert rows.table["stated_area_ha"].tolist() == pytest.approx([area_ha])


def test_an_area_without_a_unit_is_not_guessed():
    row = {key: value for key, value in MANGROVE.items() if key != "area_ha"}
    rows = habitats(row | {"面积": 108.7})
    assert codes(rows) == {"unit_missing"}
    assert rows.table["stated_area_ha"].isna().all()
    rows = habitats(row | {"面积": 108.7}, columns={"stated_area_ha": "面积"})
    assert rows.table["stated_area_ha"].tolist() == [108.7]


def test_carbon_dioxide_is_converted_where_the_name_says_so():
    site = {"id": "a", "ecosystem": "红树林", "lon": 121.2, "lat": 28.3}
    rows = read(Kind.SITES, [site | {"碳密度_tCO2e/ha": 440.0}])
    assert rows.table["density_t_c_ha"].tolist() == pytest.approx([120.0])
    assert one(rows, "unit_converted").severity is Severity.INFO
    rows = read(Kind.SITES, [site | {"碳密度": 120.0}])
    assert rows.table["density_t_c_ha"].tolist() == [120.0]


def test_co2e_in_a_column_of_carbon_is_pointed_out():
    rows = habitats(MANGROVE | {"c_t_ha": 1415.3333333333333}, MANGROVE | {"site_id": "BC-002"})
    found = one(rows, "density_implausible")
    assert (found.severity, found.row) == (Severity.WARNING, 1)
    assert "CO2e" in found.message


def test_a_density_that_no_unit_explains_is_refused():
    rows = habitats(MANGROVE | {"c_t_ha": 1e9})
    assert one(rows, "density_implausible").severity is Severity.ERROR


def test_columns_that_differ_in_case_only_are_said_and_the_plain_one_is_read():
    rows = habitats(MANGROVE | {"Area_Ha": 5, "AREA_HA": 9})
    assert codes(rows) == {"column_case"}
    assert rows.table["stated_area_ha"].tolist() == [108.7]
    row = {key: value for key, value in MANGROVE.items() if key != "area_ha"}
    rows = habitats(row | {"Area_Ha": 5, "AREA_HA": 9})
    assert one(rows, "column_ambiguous").severity is Severity.ERROR


@pytest.mark.parametrize("mu", ["面积（亩）", "面积_亩"])
def test_of_an_area_in_hectares_and_one_in_mu_the_hectares_are_read(mu):
    row = {key: value for key, value in MANGROVE.items() if key != "area_ha"}
    rows = habitats(row | {"面积（公顷）": 108.7, mu: 1630.5})
    assert codes(rows) == {"column_case"}
    assert rows.table["stated_area_ha"].tolist() == [108.7]
    assert rows.mapping["stated_area_ha"] == "面积（公顷）"


def test_the_users_word_goes_before_the_usual_names():
    rows = habitats(MANGROVE | {"kind": "salt_marsh"}, columns={"ecosystem": "kind"})
    assert rows.table["ecosystem"].tolist() == ["salt_marsh"]
    rows = habitats(MANGROVE, columns={"ecosystem": "absent"})
    assert one(rows, "mapping_missing").column == "absent"


def test_without_a_column_of_ecosystems_the_user_is_asked_and_no_row_is_stored():
    rows = habitats({"site_id": 9007199254740993, "serial": 123456789012345678901234567890})
    assert verdict_of(rows.problems) is Verdict.WARN
    assert "ecosystem_column_missing" in {problem.code for problem in rows.problems}
    assert "big_integer" in codes(rows)
    assert rows.table.empty


def test_an_unknown_word_lists_its_rows_and_is_settled_by_the_users_word():
    data = [MANGROVE | {"site_id": n, "habitat": "柽柳林"} for n in range(12)]
    rows = habitats(*data)
    found = one(rows, "ecosystem_unknown")
    assert (found.severity, found.row, found.count) == (Severity.ERROR, 1, 12)
    assert "1, 2, 3" in found.message
    rows = habitats(*data, words={"柽柳林": "salt_marsh"})
    assert rows.table["ecosystem"].tolist() == ["salt_marsh"] * 12
    rows = habitats(*data, MANGROVE, words={"柽柳林": "-"})
    assert rows.table["habitat_id"].tolist() == ["BC-001"]
    assert one(rows, "left_out").count == 12


@pytest.mark.parametrize(
    ("code", "ecosystem", "said"),
    [("0303", "mangrove", set()), (303.0, "mangrove", set()), ("红树林地", "mangrove", set()),
     ("1105", "tidal_flat", {"ecosystem_by_code"}),
     ("沼泽草地", "salt_marsh", {"ecosystem_by_code"}),
     ("0306", None, {"ecosystem_undecided"}), ("1104A", None, {"ecosystem_undecided"}),
     ("0101", None, {"ecosystem_undecided"}), ("7", None, {"ecosystem_unknown"})],
)  # fmt: skip
def test_codes_of_the_land_survey_are_ecosystems_or_ask_for_a_decision(code, ecosystem, said):
    rows = habitats({"DLBM": code, "BSM": "1"})
    assert codes(rows) == said
    if ecosystem:
        assert rows.table["ecosystem"].tolist() == [ecosystem]


def test_classes_of_the_wetland_survey_are_read_in_a_column_that_says_so():
    rows = habitats({"湿地型": "7", "编号": "1"}, {"湿地型": 8.0, "编号": "2"})
    assert rows.table["ecosystem"].tolist() == ["salt_marsh", "mangrove"]
    assert "30 %" in one(rows, "ecosystem_by_code").message


def test_a_species_refines_and_never_contradicts():
    rows = habitats(MANGROVE | {"优势种": "秋茄"})
    assert rows.table["species"].tolist() == ["Kandelia obovata"]
    rows = habitats(MANGROVE | {"优势种": "互花米草"})
    assert one(rows, "species_contradicts").column == "优势种"


def test_names_keep_their_letters_and_lose_what_cannot_be_seen():
    rows = habitats(
        MANGROVE | {"site_id": "1", "name": "Bai\u0301a"},
        MANGROVE | {"site_id": "2", "name": "B\u0430\u00eda"},
        MANGROVE | {"site_id": "3", "name": "Ba\u00eda\u200b "},
        MANGROVE | {"site_id": "4", "name": "<img src=x onerror=alert(1)>"},
        MANGROVE | {"site_id": "5", "name": "\ud800"},
    )
    assert rows.table["name_zh"].tolist() == [
        "Ba\u00eda", "B\u0430\u00eda", "Ba\u00eda", "<img src=x onerror=alert(1)>", "\ufffd",
    ]  # fmt: skip
    assert codes(rows) == {"mixed_script", "invisible_character", "broken_character"}


def test_a_text_beyond_the_stated_length_is_refused():
    rows = habitats(MANGROVE | {"name": "A" * 10_001})
    assert one(rows, "text_too_long").row == 1


def test_the_same_feature_twice_is_left_out_once():
    rows = habitats(MANGROVE, MANGROVE)
    assert codes(rows) == {"row_repeated"}
    assert rows.table.index.tolist() == [0]
    other = read(Kind.HABITATS, [MANGROVE, MANGROVE], [square(), square(121.3)], survey_id="S")
    assert one(other, "id_conflict").severity is Severity.ERROR


def test_rows_without_an_id_are_numbered_by_their_row():
    rows = habitats({"ecosystem": "mangrove"}, {"ecosystem": "mangrove"})
    assert rows.table["habitat_id"].tolist() == ["S-1", "S-2"]
    assert one(rows, "id_given").severity is Severity.INFO


def test_records_say_their_kind_and_source_or_the_user_does():
    rows = habitats(MANGROVE, source=None)
    assert one(rows, "source_missing").severity is Severity.ERROR
    rows = habitats(
        MANGROVE | {"来源": "年报"}, MANGROVE | {"site_id": "2"}, provenance="indicative"
    )
    assert rows.table["source"].tolist() == ["年报", "file.gpkg"]
    assert rows.table["provenance"].tolist() == ["indicative", "indicative"]
    rows = habitats(MANGROVE | {"provenance": "演示"})
    assert rows.table["provenance"].tolist() == ["demonstration"]
    rows = habitats(MANGROVE | {"provenance": "guess"})
    assert one(rows, "word_unknown").column == "provenance"


def test_at_most_a_hundred_problems_of_a_code_and_their_count_is_kept():
    rows = habitats(*(MANGROVE | {"site_id": n, "area_ha": "x"} for n in range(250)))
    found = [problem for problem in rows.problems if problem.code == "number"]
    assert len(found) == 100
    assert sum(problem.count for problem in found) == 250


SITE = {"id": "a", "ecosystem": "mangrove"}


def test_sites_lie_where_their_points_do():
    shapes = [shapely.Point(121.2, 28.3), shapely.Point(0, 0), None]
    data = [SITE, SITE | {"id": "b"}, SITE | {"id": "c"}]
    rows = read(Kind.SITES, data, shapes)
    assert verdict_of(rows.problems) is Verdict.WARN
    assert rows.table[["lon", "lat"]].to_numpy().tolist() == [[121.2, 28.3]]
    assert {problem.row for problem in rows.problems if problem.code == "position_missing"} == {
        2,
        3,
    }
    validate(CONTRACTS[Kind.SITES], rows.table)


def test_points_of_a_table_are_given_out_for_the_checks_of_place():
    data = [SITE | {"lon": "121.2", "lat": "28.3"}, SITE | {"id": "b", "lon": "", "lat": "28.3"}]
    points, problems = points_of(parsed(data), Options(kind=Kind.SITES))
    assert points[0] == shapely.Point(121.2, 28.3)
    assert points[1] is None
    assert [problem.row for problem in problems] == [2]


def test_a_datum_that_nobody_converted_is_never_passed_over():
    rows = read(Kind.SITES, [SITE | {"lon": 121.2, "lat": 28.3}], datum="gcj02")
    assert "datum_not_converted" in codes(rows)
    placed = read(Kind.SITES, [SITE], [shapely.Point(121.2, 28.3)], datum="gcj02")
    assert codes(placed) == set()


def test_the_outline_of_an_example_does_not_count():
    data = [MANGROVE | {"site_id": EXAMPLE}, MANGROVE]
    whole = parsed(data, [square(), square()])
    rest = without_examples(whole, Options(kind=Kind.HABITATS))
    assert rest.row_numbers == [2]
    assert len(rest.geometry) == 1
    assert [problem.code for problem in rest.problems] == ["example_row"]
    assert without_examples(rest, Options(kind=Kind.HABITATS)) is rest


def test_exchanged_columns_are_changed_back_and_confirmed():
    rows = read(Kind.SITES, [SITE | {"lon": 28.3, "lat": 121.2}])
    assert one(rows, "axes_swapped").severity is Severity.REPAIR
    assert rows.table[["lon", "lat"]].to_numpy().tolist() == [[121.2, 28.3]]


def test_surveyors_x_is_a_northing():
    rows = read(Kind.SITES, [SITE | {"x": 3_137_500.0, "y": 519_600.0}], crs="EPSG:4549")
    assert one(rows, "axes_swapped").severity is Severity.REPAIR
    assert rows.table["lon"].iloc[0] == pytest.approx(120.2, abs=0.01)
    assert rows.table["lat"].iloc[0] == pytest.approx(28.35, abs=0.01)


def test_zones_know_their_level_and_parent_by_their_code():
    data = [
        {"adcode": 330000.0, "name": "浙江省"},
        {"adcode": "330300", "name": "温州市"},
        {"adcode": "330382", "name": "乐清市"},
        {"adcode": "469001", "name": "五指山市"},
        {"adcode": "310115", "name": "浦东新区"},
        {"adcode": None, "name": "保护区"},
    ]
    rows = read(Kind.ZONES, data, [square()] * 6)
    assert rows.table["zone_id"].tolist() == [
        "330000", "330300", "330382", "469001", "310115", "保护区",
    ]  # fmt: skip
    assert rows.table["level"].tolist() == [
        "province", "city", "county", "county", "county", "other",
    ]  # fmt: skip
    parents = pd.Series([None, "330000", "330300", "460000", "310000", None], dtype="str")
    assert_series_equal(rows.table["parent_id"], parents, check_names=False)
    layer = gpd.GeoDataFrame(rows.table, geometry=[square()] * 6, crs="EPSG:4490")
    validate_layer(Zones, layer, "EPSG:4490")


def test_a_level_in_other_words_goes_by_the_code_where_there_is_one():
    data = [{"adcode": "330102", "level": "district"}, {"adcode": "330100", "level": "municipal"}]
    rows = read(Kind.ZONES, data, [square()] * 2)
    assert rows.table["level"].tolist() == ["county", "city"]
    assert one(rows, "word_unknown").severity is Severity.WARNING
    rows = read(Kind.ZONES, [{"name": "保护区", "level": "reserve"}], [square()])
    assert one(rows, "word_unknown").severity is Severity.ERROR


def test_zones_without_code_and_name_are_one_error():
    rows = read(Kind.ZONES, [{"a": 1}, {"a": 2}], [square()] * 2)
    assert one(rows, "column_missing").count == 2


@pytest.mark.shared
def test_a_gbk_shapefile_of_counties_has_its_codes_and_names(shared):
    path = shared / "data" / "boundaries" / "gbk_shp" / "zj_coast_gbk_4549.shp"
    layer = gpd.read_file(path, encoding="gb18030").drop(columns="geometry")
    rows = read(Kind.ZONES, layer.to_dict("records"))
    assert verdict_of(rows.problems) is Verdict.ACCEPT
    names = dict(zip(rows.table["zone_id"], rows.table["name_zh"], strict=True))
    assert names["330902"] == "定海区"
    assert set(rows.table["level"]) == {"county"}


PROJECT = {"project_id": "p", "名称": "海山", "zone_id": "331083", "指标": "新增红树林",
           "单位": "亩", "reported_on": "2025-04"}  # fmt: skip


def test_stages_of_a_project_are_kept_apart_and_none_is_worked_out():
    rows = read(Kind.PROJECTS, [PROJECT | {"计划": 1500, "验收": 450}])
    assert codes(rows) == set()
    row = rows.table.iloc[0]
    assert (row["indicator"], row["unit"]) == ("mangrove_new", "ha")
    assert (row["planned"], row["accepted"]) == (100.0, 30.0)
    assert row[["started", "completed", "surviving"]].isna().all()
    assert row["name_en"] == "海山"
    validate(CONTRACTS[Kind.PROJECTS], rows.table)


def test_an_amount_of_a_project_needs_a_unit_of_its_indicator():
    rows = read(Kind.PROJECTS, [PROJECT | {"单位": "公里", "计划": 1}])
    assert one(rows, "unit_other").row == 1
    rows = read(Kind.PROJECTS, [PROJECT | {"单位": None, "计划": 1}])
    assert one(rows, "unit_missing").column == "计划"
    data = PROJECT | {"指标": "岸线修复", "单位": None, "accepted_m": 2840}
    rows = read(Kind.PROJECTS, [data])
    assert rows.table["accepted"].tolist() == [2.84]


def test_a_project_may_stand_on_one_row_for_each_indicator():
    data = [PROJECT, PROJECT | {"指标": "岸线修复", "单位": "公里"}]
    assert codes(read(Kind.PROJECTS, data)) == set()


def test_slices_of_cores_are_read_by_the_networks_names_and_units():
    slice_ = {"study_id": "s", "core_id": "c", "depth_min": "0", "depth_max": "10",
              "dry_bulk_density": "0.9", "fraction_carbon": "0.012"}  # fmt: skip
    rows = read(Kind.CORES, [slice_, slice_ | {"depth_min": "10", "depth_max": "20"}])
    assert codes(rows) == set()
    validate(CONTRACTS[Kind.CORES], rows.table)
    chinese = {
        "柱样编号": "c",
        "上深_m": "0.1",
        "下深_m": "0.2",
        "容重_kg/m3": "900",
        "有机碳_%": "1.2",
    }
    rows = read(Kind.CORES, [chinese], source="海山.xlsx")
    row = rows.table.iloc[0]
    assert row["study_id"] == "海山"
    assert (row["depth_min_cm"], row["depth_max_cm"]) == (10.0, 20.0)
    assert (row["dry_bulk_density_g_cm3"], row["fraction_carbon"]) == (0.9, 0.012)


@pytest.mark.parametrize(
    ("change", "code"),
    [({"depth_max": "0"}, "out_of_range"), ({"depth_min": "10"}, "slice_without_thickness"),
     ({"dry_bulk_density": "900"}, "out_of_range"), ({"fraction_carbon": "1.2"}, "out_of_range"),
     ({"core_id": ""}, "cell_empty")],
)  # fmt: skip
def test_a_slice_that_cannot_be_is_refused(change, code):
    slice_ = {"study_id": "s", "core_id": "c", "depth_min": "0", "depth_max": "10",
              "dry_bulk_density": "0.9", "fraction_carbon": "0.012"}  # fmt: skip
    assert code in codes(read(Kind.CORES, [slice_ | change]))


SLICE = {"core_id": "c", "depth_min": 0, "depth_max": 10, "容重": 1.3}


@pytest.mark.parametrize("name", ["有机碳含量", "有机碳", "TOC", "organic_carbon", "SOC"])
def test_a_share_without_a_unit_is_asked_since_half_a_per_cent_looks_like_a_half(name):
    rows = read(Kind.CORES, [SLICE | {name: 0.6}])
    found = one(rows, "unit_missing")
    assert (found.severity, found.column) == (Severity.ERROR, name)
    assert "有机碳（%）" in found.fix
    assert "fraction_carbon" in found.fix
    assert rows.table["fraction_carbon"].isna().all()


def test_choosing_the_column_does_not_say_its_unit():
    rows = read(Kind.CORES, [SLICE | {"C": 0.6}], columns={"fraction_carbon": "C"})
    assert one(rows, "unit_missing").severity is Severity.ERROR
    rows = read(Kind.CORES, [SLICE | {"有机质": 0.6}])
    assert "有机质（%）" in one(rows, "unit_missing").fix


@pytest.mark.parametrize(
    ("name", "stated"),
    [("有机碳（%）", 0.6), ("总有机碳(g/kg)", 6.0), ("TOC (mg/g)", 6.0), ("toc_%", 0.6),
     ("SOC（g·kg⁻¹）", 6.0), ("OC_pct", 0.6), ("有机碳_g/g", 0.006), ("fraction_carbon", 0.006)],
)  # fmt: skip
def test_a_share_is_read_in_the_unit_its_name_states(name, stated):
    rows = read(Kind.CORES, [SLICE | {name: stated}])
    assert codes(rows) == set()
    assert rows.table["fraction_carbon"].tolist() == pytest.approx([0.006])


def test_per_cent_in_a_column_of_g_g_is_told_by_the_bulk_density():
    """1.3 g/cm³ with 0.6 of it carbon is 7,800 t C/ha in a metre; 0.45 in peat of 0.2 is 900."""
    found = one(read(Kind.CORES, [SLICE | {"fraction_carbon": 0.6}]), "share_implausible")
    assert (found.severity, found.row, found.column) == (Severity.ERROR, 1, "fraction_carbon")
    matter = read(Kind.CORES, [SLICE | {"fraction_organic_matter": 0.6}])
    assert one(matter, "share_implausible").severity is Severity.WARNING
    peat = SLICE | {"容重": 0.2, "fraction_carbon": 0.45, "fraction_organic_matter": 0.9}
    assert codes(read(Kind.CORES, [peat])) == set()


def test_cores_without_any_carbon_are_refused():
    found = one(read(Kind.CORES, [SLICE]), "column_missing")
    assert found.severity is Severity.ERROR
    assert "fraction_organic_matter" in found.fix
    assert codes(read(Kind.CORES, [SLICE | {"烧失量_%": 3.0}])) == set()


@pytest.mark.parametrize(
    ("kind", "row", "name"),
    [(Kind.CORES, SLICE, "有机碳(mg/kg)"), (Kind.CORES, SLICE, "TOC (ppm)"),
     (Kind.HABITATS, {"id": 1, "ecosystem": "mangrove"}, "面积（英亩）"),
     (Kind.HABITATS, {"id": 1, "ecosystem": "mangrove"}, "area_acres"),
     (Kind.HABITATS, {"id": 1, "ecosystem": "mangrove"}, "Carbon density (lb/ft²)")],
)  # fmt: skip
def test_a_quantity_that_is_lost_for_its_unit_is_a_warning(kind, row, name):
    rows = read(kind, [row | {name: 1}], survey_id="S")
    found = one(rows, "unit_unknown")
    assert (found.severity, found.column) == (Severity.WARNING, name)


@pytest.mark.parametrize("name", ["area_name", "面积来源", "ocean", "density_source", "c_t_ha"])
def test_other_columns_go_nowhere_without_a_warning(name):
    rows = habitats(MANGROVE | {name: "x" if name != "c_t_ha" else 300})
    assert codes(rows) == set()
    rows = read(Kind.HABITATS, [{"id": 1, "ecosystem": "mangrove", name: 300}], survey_id="S")
    assert "unit_unknown" not in codes(rows)


def test_traded_tonnes_are_decimals_in_every_unit():
    trade = {
        "成交编号": "1",
        "交易类型": "交易",
        "成交量_万吨": "0.1",
        "单价_元/吨": "66.6",
        "成交日期": "2024-02-01",
    }
    rows = read(Kind.TRANSACTIONS, [trade])
    row = rows.table.iloc[0]
    assert (str(row["t_co2e"]), str(row["price_cny_t"]), row["kind"]) == ("1000.0", "66.6", "sale")
    validate(CONTRACTS[Kind.TRANSACTIONS], rows.table)


def test_an_ambiguous_date_stays_unknown_where_it_may_and_is_asked():
    rows = read(Kind.SITES, [SITE | {"lon": 121.2, "lat": 28.3, "date": "03/04/2024"}])
    assert one(rows, "date_ambiguous").severity is Severity.WARNING
    assert rows.table["observed_on"].isna().all()
    rows = read(
        Kind.SITES, [SITE | {"lon": 121.2, "lat": 28.3, "date": "03/04/2024"}], date_order="dmy"
    )
    assert rows.table["observed_on"].tolist() == ["2024-04-03"]
    trade = {"serial": "1", "kind": "sale", "tonnes": "1", "date": "03/04/2024"}
    assert "date" in codes(read(Kind.TRANSACTIONS, [trade]))


def test_a_harvest_may_be_of_a_year():
    data = {"种类": "羊栖菜", "产量_吨": "12.5", "年份": 2023}
    rows = read(Kind.HARVESTS, [data])
    assert codes(rows) == set()
    assert rows.table["species"].tolist() == ["Sargassum fusiforme"]
    assert rows.table["harvested_on"].tolist() == ["2023"]
    assert str(rows.table["wet_t"].iloc[0]) == "12.5"
    validate(CONTRACTS[Kind.HARVESTS], rows.table)


def surveyed(*pairs, **said):
    rows = [{"地类编码": "0603", "TBBH": number, "BSM": mark} for number, mark in pairs]
    return habitats(*rows, **said)


def test_the_third_surveys_own_mark_is_the_id_before_the_number_in_the_village():
    assert surveyed((1, "3310001"), (2, "3310002")).table["habitat_id"].tolist() == [
        "3310001", "3310002",
    ]  # fmt: skip


def test_an_id_that_repeats_gives_way_to_one_that_does_not_and_it_is_said():
    rows = surveyed((1, "X"), (2, "X"))
    assert rows.table["habitat_id"].tolist() == ["1", "2"]
    assert one(rows, "id_repeats").severity is Severity.WARNING
    empty = surveyed((1, None), (2, None))
    assert empty.mapping["habitat_id"] == "TBBH"


def test_an_id_that_repeats_stays_where_the_others_repeat_too_or_the_user_says_so():
    assert one(surveyed((1, "X"), (2, "X"), (2, "Y")), "id_conflict")
    rows = surveyed((1, "X"), (2, "X"), columns={"habitat_id": "BSM"})
    assert one(rows, "id_conflict").severity is Severity.ERROR


def test_a_row_that_is_there_twice_makes_no_id_repeat():
    rows = surveyed((1, "X"), (1, "X"), (2, "Y"))
    assert rows.table["habitat_id"].tolist() == ["X", "Y"]
    assert one(rows, "row_repeated")
