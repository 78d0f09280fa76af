"""What is handed in: one object for the preview and the file, never an empty one."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest

from bluecarbon_map import reports
from bluecarbon_map.errors import NotFoundError
from bluecarbon_map.export import to_bytes
from bluecarbon_map.reports import Asked, What
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.tables import Level
from tests.builders import EAST, PLAN, WEST, write_workspace

DAY = date(2024, 1, 1)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return FolderStore(write_workspace(tmp_path_factory.mktemp("hand_in") / "workspace"))


def asked(what, **changed):
    given = {"survey_id": "S-2022", "zone_id": "330000", "plan_id": PLAN, "as_of": DAY}
    return Asked(what=what, **given | changed)


def handed(store, what, **changed):
    made = reports.hand_in(store, asked(what, **changed))
    assert made is not None
    return made


@pytest.mark.parametrize("what", list(What))
def test_every_table_has_rows_a_dictionary_of_its_columns_and_notes(store, what):
    made = handed(store, what)
    assert len(made.rows) > 0
    assert made.dictionary["column"].tolist() == list(made.rows.columns)
    assert any("未审图" in line for line in made.notes)
    assert any("演示" in line for line in made.notes) or what is What.TARGETS


@pytest.mark.parametrize(
    ("what", "suffix"), [(what, end) for what in What for end in reports.FORMATS_OF[what]]
)
def test_the_file_holds_exactly_the_rows_of_the_preview(store, tmp_path, what, suffix):
    made = handed(store, what)
    path = tmp_path / f"file{suffix}"
    path.write_bytes(to_bytes(made, suffix))
    back = read(path)
    shown = made.rows.astype(object).where(made.rows.notna(), None)
    assert list(back.columns) == list(made.rows.columns)
    assert len(back) == len(shown)
    for column in made.rows.columns:
        for mine, theirs in zip(shown[column], back[column], strict=True):
            if mine is None:
                assert pd.isna(theirs), column
            elif isinstance(mine, bool):
                # pandas reads booleans with gaps between them as numbers
                assert str(theirs) in {str(mine), str(float(mine))}, column
            elif isinstance(mine, float):
                assert theirs == pytest.approx(mine, rel=1e-12), column
            else:
                assert str(theirs) == str(mine), column


def read(path):
    """Rows of a file without their outlines, text as text."""
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype=TEXT, encoding="utf-8-sig")
    if path.suffix == ".xlsx":
        return pd.read_excel(path, dtype=TEXT)
    layer = gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)
    return pd.DataFrame(layer.drop(columns="geometry"))


TEXT = dict.fromkeys(("zone_id", "target_zone_id"), "str")


def test_a_layer_of_patches_has_the_outline_of_each_patch(store):
    made = handed(store, What.PATCHES)
    layer = gpd.read_parquet(io.BytesIO(to_bytes(made, ".parquet"))).set_index("habitat_id")
    drawn = store.habitats("S-2022").set_index("habitat_id")
    assert set(layer.index) == set(drawn.index)
    assert layer.geometry.geom_equals(drawn.geometry.loc[layer.index]).all()


def test_patches_of_a_zone_say_how_much_of_each_lies_in_it(store):
    """The cordgrass patch lies half in the west, half in the east."""
    west = handed(store, What.PATCHES, zone_id=WEST).rows.set_index("habitat_id")
    east = handed(store, What.PATCHES, zone_id=EAST).rows.set_index("habitat_id")
    assert set(west.index) == {"S-2022-m1", "S-2022-s1"}
    assert set(east.index) == {"S-2022-s1", "S-2022-s2", "S-2022-t1"}
    inside, whole = west.loc["S-2022-s1", ["area_in_zone_ha", "area_ha"]]
    assert inside == pytest.approx(whole / 2, rel=1e-6)
    assert inside + east.loc["S-2022-s1", "area_in_zone_ha"] == pytest.approx(whole, rel=1e-9)
    assert west.loc["S-2022-m1", "area_in_zone_ha"] == west.loc["S-2022-m1", "area_ha"]


def test_a_summary_of_a_zone_holds_that_zone_only_at_the_level_asked_for(store):
    by_city = handed(store, What.SUMMARY, level=Level.CITY)
    assert set(by_city.rows["zone_id"]) == {"330300", "331000"}
    one = handed(store, What.SUMMARY, zone_id="331000")
    assert set(one.rows["zone_id"]) == {EAST}
    assert one.rows["area_ha"].sum() == pytest.approx(
        by_city.rows.loc[by_city.rows["zone_id"] == "331000", "area_ha"].sum()
    )


def test_species_and_pools_add_up_to_the_summary(store):
    whole = handed(store, What.SUMMARY).rows
    species, pools = handed(store, What.SPECIES).rows, handed(store, What.POOLS).rows
    assert species["area_ha"].sum() == pytest.approx(whole["area_ha"].sum())
    assert pools["stock_t_c"].sum() == pytest.approx(whole["stock_t_c"].sum())


def test_another_set_of_coefficients_is_named_in_the_rows(store):
    usual, tier1 = (
        handed(store, What.FACTORS, factor_set=name).rows for name in (None, "ipcc-tier1")
    )
    assert set(usual["factor_id"]) != set(tier1["factor_id"])
    assert tier1["source"].str.contains("IPCC").any()


def test_without_demonstration_neither_rows_nor_notes_hold_any(store):
    for what in (What.SUMMARY, What.PATCHES):
        made = handed(store, what, demonstration=False)
        assert not any("演示" in line for line in made.notes)
    rows = handed(store, What.SUMMARY, demonstration=False).rows
    assert rows["demonstration_ha"].sum() == 0
    patches = handed(store, What.PATCHES, demonstration=False).rows
    assert "demonstration" not in set(patches["provenance"])


def test_targets_say_what_counts_in_all_and_in_the_zone_and_list_the_projects(store):
    made = handed(store, What.TARGETS, zone_id="330300")
    wetland = made.rows.set_index("target_id").loc["wetland"]
    assert (wetland["counted"], wetland["counted_in_zone"]) == (60.0, 60.0)
    assert wetland["fraction"] == pytest.approx(0.6)
    assert made.details["projects"].set_index("project_id").loc["demo", "counts"] == False  # noqa: E712
    elsewhere = handed(store, What.TARGETS, zone_id="331000").rows.set_index("target_id")
    assert pd.isna(elsewhere.loc["wetland", "counted_in_zone"])
    official = handed(store, What.TARGETS, demonstration=False)
    assert "demo" not in set(official.details["projects"]["project_id"])


def test_nothing_to_hand_in_is_none_and_never_an_empty_file(store, tmp_path):
    assert reports.hand_in(store, asked(What.SUMMARY, survey_id=None)) is None
    assert reports.hand_in(store, asked(What.PATCHES, survey_id=None)) is None
    assert reports.hand_in(store, asked(What.TARGETS, plan_id=None)) is None
    assert reports.hand_in(store, asked(What.TARGETS, plan_id="no such plan")) is None
    bare = write_workspace(tmp_path / "bare")
    patches = gpd.read_parquet(bare / "habitats_S-2022.parquet")
    patches[patches["provenance"] == "demonstration"].to_parquet(bare / "habitats_S-2022.parquet")
    for what in (What.SUMMARY, What.SPECIES, What.POOLS, What.FACTORS, What.PATCHES):
        wanted = asked(what, demonstration=False)
        assert reports.hand_in(FolderStore(bare), wanted) is None
        assert reports.hand_in(FolderStore(bare), asked(what, zone_id=WEST)) is None


def test_an_unknown_zone_is_refused(store):
    for what in What:
        with pytest.raises(NotFoundError):
            reports.hand_in(store, asked(what, zone_id="999999"))


def test_a_file_is_named_by_what_zone_survey_and_day():
    wanted = asked(What.SUMMARY, zone_id="331000", survey_id="ZJ-2022")
    name = reports.file_name(wanted, date(2026, 11, 21), ".xlsx")
    assert name == "bluecarbon_summary_331000_ZJ-2022_county_2026-11-21.xlsx"
    cities = reports.file_name(replace(wanted, level=Level.CITY), date(2026, 11, 21), ".xlsx")
    assert cities == "bluecarbon_summary_331000_ZJ-2022_city_2026-11-21.xlsx"
    plan = reports.file_name(asked(What.TARGETS), date(2026, 11, 21), ".csv")
    assert plan == f"bluecarbon_targets_330000_{PLAN}_2026-11-21.csv"


def test_a_file_without_demonstration_data_is_named_so():
    given = asked(What.PATCHES, demonstration=False)
    name = reports.file_name(given, DAY, ".gpkg")
    assert name == "bluecarbon_patches_330000_S-2022_no-demo_2024-01-01.gpkg"


def test_ids_that_no_file_name_can_hold_still_give_different_names():
    names = {
        reports.file_name(asked(What.PATCHES, survey_id=one), DAY, ".csv")
        for one in ("调查甲", "调查乙", "A 1", "A/1", "A-1")
    }
    assert len(names) == 5
    assert all(re.fullmatch(r"bluecarbon_patches_330000_[A-Za-z0-9-]+_2024-01-01.csv", name)
               for name in names)  # fmt: skip


@pytest.mark.parametrize("bad", ["../../etc/passwd", "a/b", "调查 1", 'x"; rm', "=cmd|x"])
def test_no_id_of_a_data_file_becomes_part_of_a_path(bad):
    name = reports.file_name(asked(What.SUMMARY, zone_id=bad, survey_id=bad), DAY, ".csv")
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", name)
    assert ".." not in name
