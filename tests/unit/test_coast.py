"""Published facts of the coastal provinces: traced to their statements, never added, and drawn."""

from __future__ import annotations

import csv
import re
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from bluecarbon_map.errors import ContractError
from bluecarbon_map.geodesy import EQUAL_AREA_CRS, STORAGE_CRS
from bluecarbon_map.reports import coast as module
from bluecarbon_map.reports import coastal_provinces, read_coast
from bluecarbon_map.reports.coast import KEY_INDICATORS, NATION, Coast, amount, hatched
from bluecarbon_map.tables import Zones, validate_layer
from data.build import coast as build
from data.build import readme
from data.build.__main__ import write_layer
from data.build.dcw import coast_of, gmt_is_there

FOLDER = module.data_folder() / "coast"
UNITS = {"210000": "辽宁", "130000": "河北", "120000": "天津", "370000": "山东", "320000": "江苏",
         "310000": "上海", "330000": "浙江", "350000": "福建", "440000": "广东", "450000": "广西",
         "460000": "海南"}  # fmt: skip
SPELT_OUT = {"seed 004": "浙江省海洋碳汇能力提升指导意见"}
PRODUCTS = ("geodata", "cmsa", "cmssm")


@pytest.fixture(scope="module")
def coast():
    return read_coast()


@pytest.fixture(scope="module")
def statements(shared):
    path = shared / "domain" / "facts.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def source_of(statements, fact_id):
    """Source of a statement; "as N04" and "same as Z08" are followed."""
    source = statements[fact_id]["source"]
    other = re.match(r"(?:same )?as ([A-Z]\d\d)", source)
    if other:
        return source_of(statements, other[1])
    for reference, name in SPELT_OUT.items():
        if source.startswith(reference):
            return name
    return source.replace(" (no address in corpus)", " (no address)")


def written(value):
    """How a number may stand in a statement."""
    return {f"{value:.10g}", f"{value:.2f}", f"{value:,.0f}"}


# --- every number is one that was published -------------------------------------------------------


def test_every_number_stands_in_the_statement_it_is_traced_to(coast, statements):
    for fact in coast.facts:
        if fact.fact_id != "SP2020":
            row = statements[fact.fact_id]
            text = f"{row['value']} {row['note']}"
            there = set(re.findall(r"\d+(?:\.\d+)?", text))
            assert there & written(fact.value), (fact.fact_id, fact.value)


def test_every_number_has_the_source_and_the_confidence_of_its_statement(coast, statements):
    for fact in coast.facts:
        source = "Z28" if fact.fact_id == "SP2020" else fact.fact_id
        assert fact.source == source_of(statements, source), fact
        assert fact.confidence == statements[source]["confidence"], fact


def test_every_number_has_the_date_of_its_statement_or_one_that_stands_in_it(coast, statements):
    for fact in coast.facts:
        if fact.fact_id == "SP2020":
            assert fact.as_of == "2020"
            continue
        row = statements[fact.fact_id]
        said = f"{row['date']} {row['value']} {row['note']} {row['item']}"
        if fact.as_of is None:
            assert row["date"] == "n.d."
        else:
            # "2017-2021: a b c d e" gives one number a year, the fourth for 2020;
            # "total; a (2022) + b (2023)" is a number of both years
            both = all(f"({year})" in said for year in fact.as_of.split("-"))
            assert fact.as_of in said or both or (fact.value, fact.as_of) == (571.35, "2020"), fact


def test_every_number_keeps_the_unit_of_its_statement(coast, statements):
    words = {"ha": ["ha"], "mu": ["亩"], "wan_mu": ["万亩"], "km2": ["km2", "km²"], "km": ["km"]}
    for fact in coast.facts:
        if fact.fact_id != "SP2020":
            row = statements[fact.fact_id]
            said = f"{row['unit']} {row['value']} {row['note']}"
            assert any(word in said for word in words[fact.unit]), fact


def test_what_may_be_a_task_never_stands_beside_what_was_done(coast):
    done = [f.value for f in coast.of(unit_id="350000", indicator="spartina_cleared")]
    assert done == [105_858.0]
    (stated,) = coast.of(unit_id="350000", indicator="spartina_clearance_stated")
    one = coast.indicators["spartina_clearance_stated"]
    assert (one.kind, one.topic) == ("stated", "spartina_clearance_stated")
    assert (stated.value, stated.unit, stated.as_of) == (136_620.0, "mu", "2022-2023")
    # the parts stand in words beside their sum, and add up to it
    parts = [float(n.replace(",", "")) for n in re.findall(r"\d+,\d{3}", stated.note_en)]
    assert parts == [87_612.0, 49_008.0]
    assert sum(parts) == stated.value
    assert {"87,612", "49,008"} <= set(re.findall(r"\d+,\d{3}", stated.note_zh))


def test_a_lower_bound_and_an_about_are_kept(coast):
    marks = {(f.fact_id, f.indicator): f.qualifier for f in coast.facts}
    assert marks["N07", "mangrove_new_reported"] == ">"
    assert marks["Z17", "mangrove_new_plan"] == ">="
    assert marks["N15", "shoreline_restored_reported"] == "~"
    assert marks["N05", "mangrove_new_plan"] == "="


def test_spartina_of_each_product_and_province_is_that_of_the_derived_table(coast, shared):
    path = shared / "domain" / "spartina_2020_by_province_derived.csv"
    table = pd.read_csv(path, encoding="utf-8-sig").set_index("province")
    for product in PRODUCTS:
        found = coast.leading(f"spartina_2020_{product}")
        named = {UNITS[unit]: fact.amount for unit, fact in found.items()}
        assert named == table[f"{product}2020_ha"].astype(float).to_dict()
    assert "海南" not in table.index


def test_the_allotments_of_the_national_plan_add_up_as_published(coast):
    for key, fact_id, total in (
        ("mangrove_new_plan", "N05", 9050.0),
        ("mangrove_restored_plan", "N06", 9750.0),
    ):
        own = [f.amount for f in coast.of(indicator=key) if f.fact_id == fact_id]
        nation = [f.amount for f in coast.of(unit_id=NATION, indicator=key)]
        assert sum(own) == total
        assert nation == [total]


def test_zhejiang_has_no_restoration_figure_in_the_national_plan_and_that_is_not_zero(coast):
    assert "330000" not in coast.leading("mangrove_restored_plan")


# --- units and choices ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [(105_858, "mu", 7057.2), (146, "wan_mu", 97_333.333333), (42.80, "km2", 4280.0),
     (312.5, "ha", 312.5), (74, "km", 74.0)],
)  # fmt: skip
def test_published_units_become_those_of_the_indicator(value, unit, expected):
    assert amount(value, unit) == pytest.approx(expected, rel=1e-9)


def test_the_leading_number_is_the_most_trusted_and_the_others_stay_beside_it(coast):
    leading = coast.leading("mangrove_new_plan")["330000"]
    assert leading.fact_id == "N05"
    both = coast.of(unit_id="330000", indicator="mangrove_new_plan")
    assert [fact.fact_id for fact in both] == ["N05", "Z17"]
    shoreline = coast.of(unit_id="330000", indicator="shoreline_length")
    assert [f.confidence for f in shoreline] == ["high", "high", "low", "low", "low"]


def test_a_better_source_further_down_the_table_leads(coast):
    low, high = (f for f in coast.of(unit_id="330000", indicator="mangrove_new_plan"))
    book = Coast(
        coast.units,
        coast.indicators,
        tuple(sorted([replace(low, confidence="low"), high], key=lambda f: f.confidence)),
        coast.outlines,
    )
    assert book.leading("mangrove_new_plan")["330000"] == high


def test_the_nation_is_never_among_the_provinces(coast):
    for key in coast.indicators:
        assert NATION not in coast.leading(key)
    assert len(coast.of(unit_id=NATION)) > 5


def test_a_unit_without_a_published_number_is_absent_not_zero(coast):
    assert set(coast.leading("mangrove_area")) == {"330000", "450000"}
    assert coast.leading("spartina_2020_geodata")["210000"].amount == 0.0


def test_plan_and_reported_pair_only_where_there_is_either(coast):
    pairs = coast.plan_and_reported("mangrove_new")
    amounts = {unit: (p and p.amount, r and r.amount) for unit, p, r in pairs}
    assert amounts == {
        "330000": (200.0, None), "350000": (350.0, None), "440000": (5500.0, 4900.0),
        "450000": (1000.0, None), "460000": (2000.0, 2031.0),
    }  # fmt: skip


def test_the_units_stand_from_north_to_south_and_every_key_indicator_is_known(coast):
    assert {unit: one.short_zh for unit, one in coast.units.items()} == UNITS
    assert list(coast.units) == list(UNITS)
    assert set(KEY_INDICATORS) <= set(coast.indicators)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [("unit_id", "710000", "no unit '710000'"), ("indicator", "x", "no indicator 'x'"),
     ("unit", "km", "'km' cannot be given in ha")],
)  # fmt: skip
def test_a_fact_that_fits_nothing_is_refused(tmp_path, monkeypatch, column, value, said):
    folder = tmp_path / "coast"
    folder.mkdir()
    for name in ("units.csv", "indicators.csv"):
        (folder / name).write_bytes((FOLDER / name).read_bytes())
    facts = pd.read_csv(FOLDER / "facts.csv", dtype={"unit_id": "str"}, encoding="utf-8-sig")
    facts.loc[0, column] = value
    facts.to_csv(folder / "facts.csv", index=False)
    monkeypatch.setattr(module, "data_folder", lambda: tmp_path)
    with pytest.raises(ContractError, match=f"row 1: {said}"):
        read_coast()


# --- outlines -------------------------------------------------------------------------------------


def layer(name):
    return gpd.read_parquet(FOLDER / f"{name}.parquet")


def test_the_outlines_are_the_eleven_units_and_small(coast):
    outlines = layer("outlines")
    assert outlines.crs == STORAGE_CRS
    assert outlines["unit_id"].to_list() == list(UNITS)
    assert outlines.is_valid.all()
    assert (FOLDER / "outlines.parquet").stat().st_size < 400_000


@pytest.mark.parametrize(
    ("lon", "lat"), [(121.0, 23.8), (126.5, 39.0), (106.0, 21.5), (112.3, 16.9), (116.4, 39.9)]
)
def test_nothing_but_the_eleven_units_is_drawn_on_the_chart(lon, lat):
    assert not layer("outlines").geometry.intersects(shapely.Point(lon, lat)).any()


def test_of_hainan_the_main_island_is_drawn_and_so_called(coast):
    south = layer("outlines").set_index("unit_id").geometry["460000"].bounds[1]
    assert south > 18.0
    unit = coast.units["460000"]
    assert (unit.name_zh, unit.map_name_zh) == ("海南省", "海南岛")


def test_no_two_units_share_more_than_the_thinning_of_a_chart(coast):
    shapes = layer("outlines").to_crs(EQUAL_AREA_CRS).geometry.to_numpy()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = left < right
    shared = shapely.area(shapely.intersection(shapes[left[pairs]], shapes[right[pairs]]))
    assert shared.max() < 1e8  # 100 km², along borders of several hundred km


def test_hatching_of_a_square_runs_at_45_degrees_and_stays_inside():
    square = shapely.box(0.0, 0.0, 10.0, 10.0)
    lines = shapely.get_parts(hatched(square, step=5.0 / np.sqrt(2.0)))
    ends = np.array([line.coords for line in lines])
    run = ends[:, 1] - ends[:, 0]
    assert np.allclose(run[:, 0], run[:, 1])
    # lines start at x = -5, 0, 5 on the lower edge: the corner line 14.14 long, two of 7.07
    assert sorted(line.length for line in lines) == pytest.approx([50**0.5, 50**0.5, 200**0.5])


# --- zones and land of a new workspace ------------------------------------------------------------


def test_the_zones_keep_their_contract_and_say_what_they_are():
    zones = coastal_provinces()
    validate_layer(Zones, zones, STORAGE_CRS)
    assert zones["zone_id"].to_list() == list(UNITS)
    assert zones["source"].str.contains("示意分区（非法定界线）", regex=False).all()
    assert zones.is_valid.all()


def test_a_zone_holds_the_land_of_its_unit_and_no_other():
    zones = coastal_provinces().set_index("zone_id").to_crs(EQUAL_AREA_CRS).geometry
    land = layer("land").set_index("zone_id").to_crs(EQUAL_AREA_CRS).geometry
    for unit in UNITS:
        assert land[unit].difference(zones[unit]).area < 1e-3 * land[unit].area
        others = land[[other for other in land.index if isinstance(other, str) and other != unit]]
        assert others.intersection(zones[unit]).area.sum() < 2e-3 * land[unit].area, unit


def test_zones_reach_about_15_km_seaward_and_do_not_overlap():
    zones = coastal_provinces().to_crs(EQUAL_AREA_CRS).geometry.to_numpy()
    named = layer("land").set_index("zone_id").to_crs(EQUAL_AREA_CRS).geometry
    for unit, zone in zip(UNITS, zones, strict=True):
        near = named[unit].simplify(300.0).buffer(17_000.0, quad_segs=4)
        assert zone.difference(near).area < 0.02 * zone.area, unit
    left, right = shapely.STRtree(zones).query(zones, predicate="intersects")
    pairs = left < right
    shared = shapely.area(shapely.intersection(zones[left[pairs]], zones[right[pairs]]))
    assert shared.max() < 3e8  # 300 km²: lines halfway between coasts that were thinned apart


@pytest.mark.parametrize(
    ("unit", "lon", "lat", "inside"),
    [
        ("440000", 114.15, 22.42, False),  # Hong Kong
        ("440000", 113.56, 22.17, False),  # Macao
        ("440000", 113.35, 22.0, True),
        ("130000", 116.4, 39.9, False),  # Beijing
        ("130000", 117.05, 39.95, True),  # the part of 廊坊 between Beijing and Tianjin
        ("130000", 119.65, 39.85, True),
        ("130000", 117.75, 38.45, True),  # both ends of Hebei's coast
        ("330000", 122.45, 30.72, True),
        ("310000", 122.45, 30.72, False),  # Shengsi
    ],
)
def test_places_lie_in_the_zone_they_belong_to(unit, lon, lat, inside):
    zone = coastal_provinces().set_index("zone_id").geometry[unit]
    assert zone.contains(shapely.Point(lon, lat)) == inside


def test_the_outlines_are_those_of_the_source_byte_for_byte(tmp_path):
    if not gmt_is_there():
        pytest.skip("Debian's gmt and gmt-dcw, which the outlines come from, are not installed")
    if readme.toolchain() not in (FOLDER.parent / "README.md").read_text(encoding="utf-8"):
        pytest.skip(f"the files were built with other versions than {readme.toolchain()}")
    parts = {code: coast_of(code) for code in build.UNITS}
    made = build.build_outlines(parts, build.units_table(FOLDER))
    write_layer(made, tmp_path / "outlines.parquet")
    assert readme.sha256_of(tmp_path / "outlines.parquet") == readme.sha256_of(
        FOLDER / "outlines.parquet"
    )
