"""The embedded workspace keeps what data/README.md says of it."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from bluecarbon_map.geodesy import EQUAL_AREA_CRS, STORAGE_CRS
from bluecarbon_map.store.base import WorkspaceInfo
from bluecarbon_map.tables import Habitats, Surveys, Zones, columns, validate, validate_layer
from data.build import readme
from data.build.__main__ import build
from data.build.dcw import GmtMissingError, gmt_is_there, outline
from data.build.land import gaps
from data.build.strips import root

DATA = Path(readme.__file__).resolve().parents[1]
WORKSPACE = DATA / "zhejiang"
YEARS = [2022, 2025]
BUILT_WITHOUT_2025 = ["zones.parquet", "land.parquet", "habitats_ZJ-2022.parquet",
         "surveys.csv", "workspace.json"]  # fmt: skip
LARGEST_PACKAGE_BYTES = 40e6
SEAM_M2 = 0.05
"""What a micrometre, the grid patches are drawn on, makes along tens of kilometres of coast."""


@cache
def layer(name):
    return gpd.read_parquet(WORKSPACE / f"{name}.parquet")


@cache
def plane(name):
    return layer(name).to_crs(EQUAL_AREA_CRS).geometry.to_numpy()


def zone_shape(name_zh):
    return plane("zones")[layer("zones")["name_zh"].to_list().index(name_zh)]


def habitats(year):
    return layer(f"habitats_ZJ-{year}"), plane(f"habitats_ZJ-{year}")


def stated(year):
    table = pd.read_csv(DATA / "build" / "embedded_sites.csv", encoding="utf-8-sig")
    return dict(zip(table["site"], table[f"area_ha_{year}"], strict=True))


# --- zones --------------------------------------------------------------------------------------


def test_zones_keep_their_contract_and_come_province_city_county():
    zones = layer("zones")
    validate_layer(Zones, zones, STORAGE_CRS)
    assert zones["level"].to_list() == ["province"] + ["city"] * 11 + ["county"] * 90
    assert set(zones["provenance"]) == {"indicative"}
    assert zones["source"].str.contains("示意分区（非法定界线）", regex=False).all()


def test_every_zone_but_the_province_is_part_of_one_a_level_up():
    zones = layer("zones").set_index("zone_id")
    assert zones["parent_id"].isna().to_list() == [True] + [False] * 101
    parents = zones.loc[zones["parent_id"].dropna(), "level"].to_list()
    assert parents == ["province"] * 11 + ["city"] * 90


@pytest.mark.parametrize("level", ["city", "county"])
def test_zones_of_a_level_tile_the_province(level):
    chosen = (layer("zones")["level"] == level).to_numpy()
    degrees, metres = layer("zones").geometry.to_numpy()[chosen], plane("zones")[chosen]
    assert shapely.coverage_is_valid(degrees)
    assert shapely.coverage_is_valid(metres)
    whole = plane("zones")[0]
    assert shapely.area(metres).sum() == pytest.approx(whole.area, rel=1e-9)
    assert shapely.coverage_union_all(degrees).equals(layer("zones").geometry.iloc[0])


def test_counties_tile_their_own_city():
    zones, area = layer("zones"), shapely.area(plane("zones"))
    for position in np.flatnonzero(zones["level"] == "city"):
        parts = area[(zones["parent_id"] == zones["zone_id"].iloc[position]).to_numpy()]
        assert parts.sum() == pytest.approx(area[position], rel=1e-9)


def test_zones_hold_all_land_but_slivers_along_the_land_border():
    land = plane("land")[layer("land")["zone_id"].to_list().index("330000")]
    left_out = shapely.difference(land, plane("zones")[0])
    assert left_out.area < 2e-4 * land.area


@pytest.mark.parametrize(
    ("name_zh", "name_en"),
    [("乐清市", "Yueqing"), ("台州市", "Taizhou"), ("丽水市", "Lishui"), ("缙云县", "Jinyun"),
     ("鄞州区", "Yinzhou"), ("瓯海区", "Ouhai"), ("衢州市", "Quzhou"), ("嵊泗县", "Shengsi"),
     ("长兴县", "Changxing"), ("嵊州市", "Shengzhou")],
)  # fmt: skip
def test_zones_have_their_official_romanisation(name_zh, name_en):
    zones = layer("zones").set_index("name_zh")
    assert zones.loc[name_zh, "name_en"] == name_en


# --- land ---------------------------------------------------------------------------------------


def test_land_is_zhejiang_in_full_and_twelve_generalised_others():
    land = layer("land")
    assert land.crs == STORAGE_CRS
    assert land.columns.to_list() == ["name_zh", "name_en", "zone_id", "detail", "geometry"]
    assert land["detail"].to_list() == ["generalised"] * 12 + ["full"]
    assert land["zone_id"].iloc[-1] == "330000"
    assert land.is_valid.all()
    vertices = shapely.get_num_coordinates(land.geometry.to_numpy())
    assert vertices[:-1].max() < 5_000 < 100_000 < vertices[-1]


@pytest.mark.parametrize(
    ("place", "lon", "lat"),
    [
        ("安徽省", 118.3, 30.9),
        ("江西省", 117.9, 28.4),
        ("福建省", 119.3, 26.6),
        ("江苏省", 120.3, 31.5),
        ("上海市", 121.5, 31.6),
    ],
)
def test_the_inland_neighbours_are_land_too_and_so_is_every_coast_around(place, lon, lat):
    assert layer("land").set_index("name_zh").geometry[place].contains(shapely.Point(lon, lat))


def test_no_gap_that_would_look_like_water_is_left_between_provinces():
    assert len(gaps(layer("land").geometry.to_numpy())) == 0


def test_shengsi_lies_in_zhejiang_and_not_in_shanghai():
    land = layer("land").set_index("name_zh").geometry
    sijiao = shapely.Point(122.45, 30.72)
    assert land["浙江省"].contains(sijiao)
    assert not land["上海市"].contains(sijiao)
    assert layer("zones").set_index("name_zh").geometry["嵊泗县"].contains(sijiao)


# --- habitats -----------------------------------------------------------------------------------


@pytest.mark.parametrize("year", YEARS)
def test_patches_keep_their_contract_and_are_valid(year):
    patches, shapes = habitats(year)
    validate_layer(Habitats, patches, STORAGE_CRS)
    assert patches.is_valid.all()
    assert shapely.is_valid(shapes).all()
    assert set(patches["survey_id"]) == {f"ZJ-{year}"}
    assert patches["source"].str.len().min() > 0


@pytest.mark.parametrize("year", YEARS)
def test_every_site_is_drawn_with_its_stated_area(year):
    patches, shapes = habitats(year)
    named = patches["name_zh"].notna().to_numpy()
    drawn_ha = dict(
        zip(patches.loc[named, "name_zh"], shapely.area(shapes)[named] / 1e4, strict=True)
    )
    assert drawn_ha == pytest.approx(stated(year), rel=1e-6)
    assert patches.loc[named].set_index("name_zh")["stated_area_ha"].to_dict() == stated(year)


@pytest.mark.parametrize("year", YEARS)
def test_no_two_patches_share_ground(year):
    _, shapes = habitats(year)
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = left < right
    shared = shapely.intersection(shapes[left[pairs]], shapes[right[pairs]])
    assert shapely.area(shared).max(initial=0.0) < SEAM_M2


@pytest.mark.parametrize("year", YEARS)
def test_strips_lie_on_the_sea_and_islands_on_land(year):
    patches, shapes = habitats(year)
    land = plane("land")[-1]
    shapely.prepare(land)
    island = (patches["ecosystem"] == "island_vegetation").to_numpy()
    inside = shapely.covers(land, shapely.point_on_surface(shapes))
    assert (inside == island).all()
    mangrove = shapes[(patches["ecosystem"] == "mangrove").to_numpy()]
    assert shapely.area(shapely.intersection(mangrove, land)).max() < SEAM_M2


@pytest.mark.parametrize("year", YEARS)
def test_all_patches_lie_in_the_province(year):
    patches, shapes = habitats(year)
    outside = shapely.area(shapely.difference(shapes, plane("zones")[0]))
    assert outside.max() < SEAM_M2, patches["habitat_id"][outside.argmax()]


@pytest.mark.parametrize(
    ("zone", "published_ha"),
    [("温州市", 220.8), ("台州市", 91.5), ("舟山市", 0.2), ("浙江省", 312.5), ("宁波市", 0.0)],
)
def test_mangrove_of_2022_adds_up_to_the_published_totals(zone, published_ha):
    patches, shapes = habitats(2022)
    mangrove = shapes[(patches["ecosystem"] == "mangrove").to_numpy()]
    cut_ha = shapely.area(shapely.intersection(mangrove, zone_shape(zone))).sum() / 1e4
    assert cut_ha == pytest.approx(published_ha, rel=1e-6, abs=1e-9)


def test_published_totals_are_split_as_indicative_and_2025_is_all_demonstration():
    before, _ = habitats(2022)
    after, _ = habitats(2025)
    assert set(before.loc[before["ecosystem"] == "mangrove", "provenance"]) == {"indicative"}
    assert set(before["provenance"]) == {"indicative", "demonstration"}
    assert set(after["provenance"]) == {"demonstration"}
    named = after[after["name_zh"].notna()]
    assert named["note"].str.contains("2025 年面积无人发布", regex=False).all()


@pytest.mark.parametrize("year", YEARS)
def test_small_islands_have_no_name_and_no_stated_area(year):
    patches, shapes = habitats(year)
    islands = (patches["ecosystem"] == "island_vegetation").to_numpy()
    assert islands.sum() > 300
    assert patches.loc[islands, ["name_zh", "name_en", "stated_area_ha"]].isna().all(axis=None)
    assert shapely.area(shapes[islands]).max() < 50e4


# --- passports, checksums, rebuild --------------------------------------------------------------


def test_surveys_and_workspace_name_each_other():
    surveys = pd.read_csv(WORKSPACE / "surveys.csv", encoding="utf-8-sig", dtype={
        **dict.fromkeys(columns(Surveys), "str"), "year": "int64",
        "cover_threshold_percent": "float64", "accuracy_percent": "float64"})  # fmt: skip
    validate(Surveys, surveys)
    info = WorkspaceInfo(**json.loads((WORKSPACE / "workspace.json").read_text(encoding="utf-8")))
    assert surveys["survey_id"].to_list() == ["ZJ-2022", "ZJ-2025"]
    assert info.default_survey_id in set(surveys["survey_id"])
    assert info.zone_id in set(layer("zones")["zone_id"])
    assert info.map_review_number is None


def test_the_readme_lists_every_file_with_its_checksum():
    text = (DATA / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", text, re.MULTILINE))
    there = {p.relative_to(DATA).as_posix(): readme.sha256_of(p) for p in readme.listed_files(DATA)}
    assert listed == there, "run 'python -m data.build --checksums'"


def test_the_package_data_stays_small():
    assert sum(path.stat().st_size for path in readme.listed_files(DATA)) <= LARGEST_PACKAGE_BYTES


def test_a_missing_gmt_is_named_with_the_way_out(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GmtMissingError, match="apt-get install gmt gmt-dcw"):
        outline("ZJ")
    assert not gmt_is_there()


def test_the_width_search_finds_where_a_kinked_function_crosses_zero():
    found = root(lambda width: max(width, 3.0 * width - 8.0) - 7.0, 0.0, 100.0, 1e-12)
    assert found == pytest.approx(5.0, abs=1e-9)


def test_a_rebuild_gives_the_same_bytes(tmp_path):
    if not gmt_is_there():
        pytest.skip("Debian's gmt and gmt-dcw, which the outlines come from, are not installed")
    if readme.toolchain() not in (DATA / "README.md").read_text(encoding="utf-8"):
        pytest.skip(f"the files were built with other versions than {readme.toolchain()}")
    build(tmp_path, years=[2022])
    for name in BUILT_WITHOUT_2025:
        assert readme.sha256_of(tmp_path / name) == readme.sha256_of(WORKSPACE / name), name
