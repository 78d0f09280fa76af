"""导出: what you see is what you get, in few clicks, and never an empty file."""

from __future__ import annotations

import io
import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from bluecarbon_map import reports
from bluecarbon_map.store.folder import FolderStore
from tests import builders
from tests.app.conftest import Opened, buttons_of, text_of
from ui import cached, column_words

ALL = [(what, end) for what in reports.What for end in reports.FORMATS_OF[what]]


def preview_of(test) -> pd.DataFrame:
    """The rows on the page."""
    return test.dataframe[0].value


def file_of(given) -> tuple[str, bytes]:
    """Label and content of the file that the last button drawn gives, by its own callable."""
    make, settings = given[-1]
    return settings["label"], make()


def test_the_summary_of_taizhou_is_one_click_away_by_its_address(opened: Opened):
    test = opened("export", zone="331000")
    rows = preview_of(test)
    assert set(rows["zone_id"].str[:4]) == {"3310"}
    assert "bluecarbon_summary_331000_ZJ-2022_" in text_of(test)
    assert [box.label for box in test.get("download_button")] == ["下载 XLSX"]


def test_the_summary_of_taizhou_takes_one_choice_from_the_bare_page(opened: Opened):
    test = opened("export")
    test.selectbox(key="export_zone").set_value("331000").run()
    assert not test.exception
    assert test.query_params["zone"] == "331000"
    assert set(preview_of(test)["zone_id"].str[:4]) == {"3310"}


def test_the_preview_is_the_file(opened: Opened, monkeypatch: pytest.MonkeyPatch):
    given = buttons_of(monkeypatch)
    test = opened("export", zone="331000", format="csv")
    label, content = file_of(given)
    back = pd.read_csv(io.BytesIO(content), dtype={"zone_id": "str"}, encoding="utf-8-sig")
    assert label == "下载 CSV"
    shown = preview_of(test)
    assert list(shown.columns) == list(back.columns)
    pd.testing.assert_frame_equal(
        shown, back.astype(shown.dtypes.to_dict()), check_dtype=False, rtol=1e-12
    )
    assert f"{len(back)} 行、{len(back.columns)} 列" in text_of(test)


def test_a_layer_of_patches_is_the_preview_with_outlines(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
):
    given = buttons_of(monkeypatch)
    test = opened("export", zone="331083", what="patches", format="parquet")
    _label, content = file_of(given)
    layer = gpd.read_parquet(io.BytesIO(content))
    shown = preview_of(test)
    assert layer["habitat_id"].tolist() == shown["habitat_id"].tolist()
    assert layer.geometry.notna().all()


@pytest.mark.parametrize(("what", "ending"), ALL)
def test_every_table_in_every_format_that_fits_it_has_rows_and_words(
    opened: Opened, what: reports.What, ending: str
):
    test = opened("export", what=what.value, format=ending[1:], zone="330300")
    assert len(preview_of(test)) > 0
    assert test.selectbox(key="export_format").value == ending[1:]
    assert set(preview_of(test).columns) <= column_words.described().keys()
    meaning = test.dataframe[1].value
    assert (meaning["含义"].str.len() > 0).all()
    assert meaning["列"].tolist() == list(preview_of(test).columns)


def test_only_choices_that_matter_are_asked_for(opened: Opened):
    test = opened("export", what="targets")
    keys = {box.key for box in test.selectbox}
    assert {"export_plan", "export_zone"} <= keys
    assert not keys & {"export_survey", "export_level", "export_factors"}
    assert "export_level" not in {box.key for box in opened("export", what="patches").selectbox}


def test_a_format_that_does_not_fit_gives_way_to_the_first_that_does(opened: Opened):
    test = opened("export", what="patches", format="csv")
    assert test.selectbox(key="export_format").value == "gpkg"


def test_levels_are_those_that_the_zone_has(opened: Opened):
    county = opened("export", zone="331083", level="city")
    assert county.selectbox(key="export_level").value == "county"
    assert set(preview_of(county)["zone_id"]) == {"331083"}
    city = opened("export", zone="331000", level="city")
    assert set(preview_of(city)["zone_id"]) == {"331000"}


def test_demonstration_can_be_left_out_and_the_whole_page_knows(opened: Opened):
    test = opened("export", zone="331000")
    assert "含演示数据，不得作为正式数引用" in text_of(test)
    test.toggle(key="export_demo").set_value(False).run()
    assert not test.exception
    assert preview_of(test)["demonstration_ha"].sum() == 0
    assert "含演示数据，不得作为正式数引用" not in text_of(test)
    assert test.button(key="demo_on") is not None
    assert test.query_params["demo"] == "0"


def test_another_survey_and_another_set_are_in_the_rows_and_the_name(opened: Opened):
    test = opened("export", zone="331000")
    before = preview_of(test)["stock_t_c"].sum()
    test.selectbox(key="export_factors").set_value("ipcc-tier1").run()
    assert preview_of(test)["stock_t_c"].sum() > 2 * before
    test.selectbox(key="export_survey").set_value("ZJ-2025").run()
    assert "bluecarbon_summary_331000_ZJ-2025_" in text_of(test)


def test_an_export_of_nothing_says_so_shows_a_way_on_and_gives_no_file(opened: Opened):
    test = opened("export", zone="330802")
    assert any("不生成空文件" in box.value for box in test.info)
    assert not test.get("download_button")
    test.button(key="way_on_0").click().run()
    assert not test.exception
    assert test.get("download_button")


def test_the_second_way_on_switches_demonstration_data_on(opened: Opened):
    test = opened("export", zone="331083", survey="ZJ-2025", demo="0")
    assert not test.get("download_button")
    test.button(key="way_on_1").click().run()
    assert len(preview_of(test)) > 0


@pytest.mark.parametrize(
    ("bad", "said"), [({"what": "everything"}, "没有这张表"), ({"format": "shp"}, "没有这种格式")]
)
def test_an_address_with_an_unknown_table_or_format_is_answered_in_words(
    opened: Opened, bad: dict[str, str], said: str
):
    test = opened("export", **bad)
    assert any(said in box.value for box in test.warning)
    assert len(preview_of(test)) > 0


def test_the_page_speaks_english(opened: Opened):
    test = opened("export", lang="en", zone="331000")
    assert "What would you like to hand in?" in text_of(test)
    assert test.get("download_button")[0].label == "Download XLSX"
    assert "Name of the zone" in test.dataframe[1].value["Meaning"].tolist()


def test_a_workspace_without_surveys_and_plans_hands_in_nothing(opened: Opened, empty: None):
    for what in ("summary", "targets", "patches"):
        test = opened("export", what=what)
        assert any("不生成空文件" in box.value for box in test.info)
        assert not test.get("download_button")


OWN = (
    "ecosystem,species,c_t_ha,low,high,interval_kind,sequestration_t_c_ha_yr,source\n"
    "mangrove,,100,90,120,range,2,x\n"
)


def test_a_workspace_with_its_own_coefficients_hands_in_the_set_that_the_box_shows(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    own = tmp_path / "private" / "field_book.csv"
    own.parent.mkdir()
    own.write_text(OWN)
    folder = builders.write_workspace(tmp_path / "own")
    passport = json.dumps(builders.PASSPORT | {"factor_set": str(own)})
    (folder / "workspace.json").write_text(passport, encoding="utf-8")
    store = FolderStore(folder)
    monkeypatch.setattr(cached, "workspace", lambda: store)
    given = buttons_of(monkeypatch)
    test = opened("export", what="factors", format="csv")
    assert test.selectbox(key="export_factors").options[0] == "field_book.csv"
    assert test.selectbox(key="export_factors").value == str(own)
    assert (
        100.0 in pd.read_csv(io.BytesIO(file_of(given)[1]), encoding="utf-8-sig")["value"].tolist()
    )
    for page in ("stock", "zone", "export"):
        assert str(own.parent) not in text_of(opened(page))
