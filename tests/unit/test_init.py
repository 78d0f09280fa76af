"""A new workspace for a coastal province: complete, readable, empty, and all or nothing."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from click.testing import CliRunner

from bluecarbon_map.cli import main
from bluecarbon_map.geodesy import EQUAL_AREA_CRS, STORAGE_CRS
from bluecarbon_map.reports import beginning, coastal_provinces
from bluecarbon_map.reports.beginning import level_of, parent_of
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.places import open_register, open_store
from bluecarbon_map.tables import Level, columns
from bluecarbon_map.tiles import sheet_of
from tests import builders

PROVINCES = ("21", "13", "12", "37", "32", "31", "33", "35", "44", "45", "46")


def run(*args):
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.stderr
    return result


def refused(*args):
    result = run(*args, "--json")
    assert result.exit_code == 1, result.stdout
    error = json.loads(result.stdout)["error"]
    assert error["message"] in result.stderr
    return error


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A workspace of every province."""
    root = tmp_path_factory.mktemp("made")
    for code in PROVINCES:
        beginning.begin(root / code, code)
    return root


@pytest.fixture(scope="module")
def ground(made):
    """The first row of each land, all that is drawn as land."""
    return {code: open_store(made / code).land().geometry.iloc[0] for code in PROVINCES}


# --- what is made ---------------------------------------------------------------------------------


def test_the_command_says_what_it_made_in_one_object(tmp_path):
    result = run("init", tmp_path / "fujian", "--province", "35", "--json")
    assert result.exit_code == 0
    assert result.stdout.count("\n") == 1
    body = json.loads(result.stdout)
    assert body["workspace"] == str(tmp_path / "fujian")
    assert (body["zone_id"], body["name_zh"], body["name_en"]) == ("350000", "福建省", "Fujian")
    assert (body["default_survey_id"], body["default_plan_id"]) == (None, None)
    assert (body["map_review_number"], body["factor_set"]) == (None, "china-species")
    assert "示意分区（非法定界线）" in result.stderr


@pytest.mark.parametrize("code", PROVINCES)
def test_every_province_gets_its_zone_and_empty_tables(made, code):
    store = open_store(made / code)
    zones = store.zones()
    assert zones["zone_id"].to_list() == [f"{code}0000"] == [store.info.zone_id]
    assert zones["provenance"].to_list() == ["indicative"]
    for name, contract in beginning.EMPTY_TABLES.items():
        table = getattr(store, name.removesuffix(".csv"))()
        assert (len(table), list(table.columns)) == (0, columns(contract)), name
    assert {path.suffix for path in (made / code).iterdir()} <= {".db", ".db-shm", ".db-wal"}
    assert store.verify() == ()


def test_only_zhejiang_starts_with_the_coefficients_of_zhejiang(made):
    sets = {code: open_store(made / code).info.factor_set for code in PROVINCES}
    assert {code for code, name in sets.items() if name == "zhejiang"} == {"33"}
    assert set(sets.values()) == {"zhejiang", "china-species"}


def test_hainan_is_titled_for_what_is_drawn_of_it(made):
    info = open_store(made / "46").info
    assert info.name_zh == "海南岛"
    assert "图上只绘海南岛" in info.zones_label_zh


def test_an_empty_folder_may_be_there_already(tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    assert run("init", folder, "--province", "31").exit_code == 0
    assert open_store(folder).info.name_zh == "上海市"
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


# --- land -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "lon", "lat"),
    [("35", 121.0, 24.2), ("35", 118.37, 24.45), ("21", 125.9, 39.6), ("21", 126.6, 42.8),
     ("45", 106.2, 21.9), ("45", 104.3, 23.6), ("44", 114.13, 22.42), ("46", 110.1, 20.6),
     ("13", 116.4, 39.9), ("12", 116.4, 39.9), ("37", 117.2, 33.9), ("31", 120.6, 31.2),
     ("32", 118.0, 31.2), ("33", 117.9, 28.4)],
)  # fmt: skip
def test_land_beyond_the_province_is_drawn_as_land(ground, code, lon, lat):
    assert ground[code].contains(shapely.Point(lon, lat))


@pytest.mark.parametrize("code", PROVINCES)
def test_no_gap_that_looks_like_water_is_left_in_the_land(ground, code):
    assert sum(len(part.interiors) for part in ground[code].geoms) == 0


@pytest.mark.parametrize("code", PROVINCES)
def test_land_of_another_source_lies_on_our_land(shared, ground, code):
    """Natural Earth 1:10m, away from its coast: an independent look for land that is missing."""
    path = shared / "data" / "coast" / "ne_10m_land_china.geojson"
    box = shapely.box(*sheet_of(coastal_provinces().query(f"zone_id == '{code}0000'")))
    other = gpd.read_file(path).to_crs(STORAGE_CRS).geometry.intersection(box)
    inland = other.to_crs(EQUAL_AREA_CRS).buffer(-4_000.0)
    ours = gpd.GeoSeries([ground[code]], crs=STORAGE_CRS).to_crs(EQUAL_AREA_CRS)[0]
    missing = shapely.difference(inland.to_numpy(), ours)
    assert shapely.area(missing).sum() < 100e6  # km² × 1e6: harbours and deltas grow


def test_land_that_is_no_named_unit_has_no_name_and_no_line_of_its_own(made):
    taiwan = shapely.Point(121.0, 24.2)
    land = open_store(made / "35").land()
    assert land["name_zh"].to_list() == ["", "浙江省", "广东省", "江西省"]
    assert land.geometry.contains(taiwan).to_list() == [True, False, False, False]


@pytest.mark.parametrize(("code", "left_plain"), [("45", "云南省"), ("21", "吉林省")])
def test_a_neighbour_that_meets_unnamed_land_stays_plain_so_that_no_state_border_is_drawn(
    made, code, left_plain
):
    land = open_store(made / code).land()
    assert left_plain not in set(land["name_zh"])
    everything = gpd.read_parquet(beginning.data_folder() / "coast" / "land.parquet")
    unnamed = everything.loc[everything["zone_id"].isna(), "geometry"].iloc[0]
    box = shapely.box(*sheet_of(open_store(made / code).zones()))
    named = land.geometry.to_numpy()[1:]
    assert not shapely.dwithin(named, shapely.intersection(unnamed, box), 0.02).any()


# --- zones of one's own ---------------------------------------------------------------------------


def own_zones(tmp_path, zones=None):
    return builders.write(builders.zones() if zones is None else zones, tmp_path / "own.gpkg")


def test_zones_of_a_boundary_file_go_into_the_province(tmp_path):
    path = own_zones(tmp_path)
    result = run("init", tmp_path / "new", "--province", "33", "--zones", path)
    assert result.exit_code == 0, result.stderr
    zones = open_store(tmp_path / "new").zones().set_index("zone_id")
    own = gpd.read_file(path)["zone_id"].to_list()
    assert zones.index.to_list() == ["330000", *own]
    assert set(zones.loc[own, "parent_id"]) == {"330000"}
    assert set(zones.loc[own, "level"]) == {"county"}
    assert set(zones.loc[own, "source"]) == {"own.gpkg"}


def test_zones_of_a_boundary_file_are_indicative_until_somebody_vouches_for_them(tmp_path):
    info, said = beginning.begin(tmp_path / "new", "33", zones=str(own_zones(tmp_path)))
    zones = open_store(tmp_path / "new").zones()
    assert set(zones["provenance"]) == {"indicative"}
    assert any("own.gpkg" in line and "indicative" in line for line in said)
    assert "非法定界线" in info.zones_label_zh
    assert "分区" in info.zones_label_zh


def test_zones_of_another_province_are_refused_and_nothing_is_made(tmp_path):
    error = refused("init", tmp_path / "new", "--province", "35", "--zones", own_zones(tmp_path))
    assert error["reason"] == "zones that lie mostly outside the province"
    assert [path.name for path in tmp_path.iterdir()] == ["own.gpkg"]


@pytest.mark.parametrize(
    ("zone_id", "level", "parent"),
    [("330000", Level.PROVINCE, "330000"), ("330300", Level.CITY, "330000"),
     ("330382", Level.COUNTY, "330300"), ("331082", Level.COUNTY, "330000"),
     ("A-1", Level.OTHER, "330000")],
)  # fmt: skip
def test_a_code_says_its_level_and_its_city(zone_id, level, parent):
    assert level_of(zone_id) is level
    assert parent_of(zone_id, ["330000", "330300", "330382", "331082"], "330000") == parent


# --- refusals -------------------------------------------------------------------------------------


def test_an_unknown_province_is_refused_with_the_eleven(tmp_path):
    error = refused("init", tmp_path / "new", "--province", "36")
    assert all(f"{code} " in error["fix"] for code in PROVINCES)
    assert "福建省 Fujian" in error["fix"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("code", ["", "3", "350000", "３５", "../35", "35' or '1'='1"])
def test_what_is_no_two_digit_code_is_refused(tmp_path, code):
    refused("init", tmp_path / "new", "--province", code)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_refused_and_left_as_it_is(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    error = refused("init", folder, "--province", "35")
    assert error["reason"] == "there is something there already"
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_file_in_the_place_of_the_folder_or_of_its_parent_is_refused(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused("init", tmp_path / "file", "--province", "35")
    refused("init", tmp_path / "file" / "new", "--province", "35")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_failure_half_way_leaves_nothing_behind(tmp_path, monkeypatch):
    def broken(*_args):
        raise OSError("no space left on device")

    monkeypatch.setattr(beginning, "land_around", broken)
    error = refused("init", tmp_path / "new", "--province", "35")
    assert error["message"] == "no space left on device"
    assert list(tmp_path.iterdir()) == []


def test_without_a_province_the_command_is_used_wrongly(tmp_path):
    assert run("init", tmp_path / "new").exit_code == 2


# --- what can be done with it ---------------------------------------------------------------------


@pytest.mark.parametrize(("command", "table"), [("summary", "surveys"), ("progress", "targets")])
def test_commands_on_an_empty_workspace_say_what_to_put_where(made, command, table):
    error = refused(command, "--workspace", made / "35")
    assert (error["where"], error["rows"]) == (table, [])
    assert "is on record yet" in error["reason"]


def test_a_survey_put_into_a_new_workspace_is_added_up(tmp_path):
    folder = tmp_path / "zj"
    beginning.begin(folder, "33")
    patches = builders.workspace_habitats("S-2022")
    rows = builders.surveys_table(builders.survey("S-2022", 2022))
    store = open_register(folder)
    store.apply(Change(kind="import", actor="甲", tables={"surveys": rows, "habitats": patches}))
    store.close()
    result = run("summary", "--workspace", folder, "--survey", "S-2022", "--level", "province",
                 "--json")  # fmt: skip
    assert result.exit_code == 0, result.stderr
    body = json.loads(result.stdout)
    union = shapely.union_all(patches.to_crs(EQUAL_AREA_CRS).geometry.to_numpy())
    assert body["totals"]["area_ha"] == pytest.approx(union.area / 1e4, rel=1e-6)
    assert {r["zone_id"] for r in body["rows"]} <= {"330000", "(outside)"}
    assert np.isclose(sum(r["area_ha"] for r in body["rows"]), body["totals"]["area_ha"])
