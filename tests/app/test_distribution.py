"""分布: search, facts of a click, rasters beside patches, the readable table, file names."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from bluecarbon_map.tables import Level, Summary, dictionary
from tests.app.conftest import Opened, text_of
from ui import cached, rows, search, state

YUEQING_BAY = "121.05,28.2"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _cards(test) -> list[str]:
    return text_of(test).split('class="card-title"')[1:]


def _found(test, query: str) -> list[str]:
    return [line for line in test.selectbox(key="search_place").options if query in line]


@pytest.mark.parametrize("query", ["玉环", "Yuhuan", "331083"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_county_is_found_by_either_name_and_by_its_code(
    opened: Opened, query: str, language: str
):
    assert any("331083" in line for line in _found(opened("distribution", lang=language), query))


def test_a_found_county_is_chosen_and_the_box_is_empty_again(opened: Opened):
    test = opened("distribution", at=YUEQING_BAY)
    test.selectbox(key="search_place").set_value("zone:331083").run()
    assert not test.exception
    assert test.query_params["zone"] == "331083"
    assert "at" not in test.query_params
    assert test.selectbox(key="search_place").value is None
    assert "玉环市" in _cards(test)[0]


def test_the_whole_province_can_be_found_and_chosen_too(opened: Opened):
    test = opened("distribution", zone="330382")
    test.selectbox(key="search_place").set_value("zone:330000").run()
    assert not test.exception
    assert "浙江省" in _cards(test)[0]
    assert test.selectbox(key="choose_zone").value == ""


def test_a_found_patch_shows_its_facts_though_a_filter_hid_it(opened: Opened):
    test = opened("distribution", eco="tidal_flat")
    test.selectbox(key="search_place").set_value("patch:2022-yueqing-ximen-island").run()
    assert not test.exception
    assert "乐清西门岛" in _cards(test)[0]
    assert "乐清市" in text_of(test)
    assert "eco" not in test.query_params
    assert test.query_params["zone"] == "330382"


def test_demonstration_patches_are_not_found_once_they_are_turned_off(opened: Opened):
    with_them, without = opened("distribution"), opened("distribution", demo="0")
    assert _found(with_them, "象山港海带")
    assert not _found(without, "象山港海带")
    assert _found(without, "乐清西门岛")


def test_a_place_has_both_its_names_what_it_lies_in_and_its_code():
    assert (
        search._line("乐清市", "Yueqing", "温州市", "330382") == "乐清市 (Yueqing) · 温州市  330382"
    )
    assert search._line("龙港新美洲", "龙港新美洲", "红树林", "") == "龙港新美洲 · 红树林"


def test_a_click_tells_class_or_value_of_every_visible_raster_with_year_and_mark(opened: Opened):
    test = opened(
        "distribution", at=YUEQING_BAY, layers="patches.r_landcover-2025.r_vi-yueqing-2025"
    )
    card = next(card for card in _cards(test) if "此点栅格值" in card)
    said = re.findall(r"<dd>([^<]*)</dd>", card.split("</dl>")[0])
    assert len(said) == 2
    assert all(text.endswith("2025 · 演示") for text in said)
    assert re.match(r"-?\d\.\d\d · ", said[1])


def test_a_click_off_the_raster_says_that_it_lies_beyond(opened: Opened):
    test = opened("distribution", at="119.5,29.0", layers="patches.r_vi-yueqing-2025.base")
    assert "此点在栅格范围之外" in text_of(test)


def test_no_raster_is_asked_where_none_is_shown(opened: Opened):
    assert "此点栅格值" not in text_of(opened("distribution", at=YUEQING_BAY))


def test_a_hidden_layer_of_patches_gives_no_patch_to_a_click(opened: Opened):
    lon, lat = _inside("2022-yueqing-ximen-island")
    shown = opened("distribution", at=f"{lon:.5f},{lat:.5f}")
    hidden = opened("distribution", at=f"{lon:.5f},{lat:.5f}", layers="base")
    assert "乐清西门岛" in _cards(shown)[0]
    assert "乐清西门岛" not in "".join(_cards(hidden))


def _inside(habitat_id: str) -> tuple[float, float]:
    patches = cached.workspace().habitats("ZJ-2022")
    shape = patches.loc[patches["habitat_id"] == habitat_id].geometry.iloc[0]
    inside = shape.representative_point()
    return inside.x, inside.y


def _compared(opened: Opened, raster: str, **address: str) -> str:
    test = opened("distribution", layers=f"patches.r_{raster}.base", **address)
    test.session_state[f"raster_areas_{raster}"] = True
    test.run()
    assert not test.exception
    return text_of(test)


def test_a_class_raster_stands_beside_the_patches_with_the_difference_explained(opened: Opened):
    text = _compared(opened, "landcover-2025", zone="330382")
    row = re.search(r"<tr><td>红树林</td>(.*?)</tr>", text.split("facts reasons")[1])
    assert row is not None
    raster, patches, difference, why = re.findall(r"<td>([^<]*)</td>", row[1])
    numbers = [float(text.replace(",", "")) for text in (raster, patches, difference)]
    assert numbers[2] == pytest.approx(numbers[0] - numbers[1], abs=0.11)
    assert "像元" in why
    ground = re.search(r"共 ([\d,.]+) 公顷：(.*?)。像元约 30 米", text)
    assert ground is not None
    whole = float(ground[1].replace(",", ""))
    parts = [float(part.replace(",", "")) for part in re.findall(r"([\d,.]+) 公顷", ground[2])]
    assert sum(parts) == pytest.approx(whole, abs=0.25)


def test_a_continuous_raster_gives_a_mean_by_zone_and_says_where_there_is_none(opened: Opened):
    text = _compared(opened, "vi-yueqing-2025", zone="330382", lang="en")
    assert re.search(r"<td>Yueqing</td><td>-?0\.\d{3}</td>", text)
    inland = _compared(opened, "vi-yueqing-2025", zone="330802")
    assert "没有有值的地面" in inland


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_shown_column_is_in_the_readers_words_and_tells_its_name_in_the_file(
    opened: Opened, language: str
):
    test = opened("distribution", lang=language)
    headings = _headings(test)
    in_files = set(dictionary(Summary)["column"])
    for heading, told in headings.values():
        assert bool(CHINESE.search(heading)) == (language == "zh"), heading
        assert told.rsplit("：" if language == "zh" else ": ", 1)[1] in in_files
    assert set(rows._ORDER) == headings.keys()


def _headings(test) -> dict[str, tuple[str, str]]:
    """Label and help of each column of the table."""
    columns = json.loads(test.dataframe[0].proto.columns)
    return {name: (one["label"], one["help"]) for name, one in columns.items() if "label" in one}


def test_the_table_shows_names_for_keys_and_keeps_the_numbers_of_the_file(opened: Opened):
    shown = opened("distribution", zone="330382").dataframe[0].value
    assert "红树林" in set(shown["ecosystem_name"])
    summary = cached.summary(
        cached.workspace().version, "ZJ-2022", Level.COUNTY, "330382", None, True, "zh"
    )
    assert shown["area_ha"].tolist() == summary.rows["area_ha"].tolist()
    assert shown["stock_t_c"].isna().tolist() == summary.rows["stock_t_c"].isna().tolist()


def test_a_file_is_named_by_zone_survey_and_day_in_plain_signs():
    def name(zone: str | None, survey: str | None) -> str:
        return rows.file_name(state.Choices(survey, None, zone, True, None), ".csv")

    today = date.today().isoformat()
    assert name("330382", "ZJ-2022") == f"bluecarbon_330382_ZJ-2022_{today}.csv"
    assert name(None, "ZJ-2022") == f"bluecarbon_330000_ZJ-2022_{today}.csv"
    assert Path(name("../a b", "调查/1")).name == f"bluecarbon_-a-b_-1_{today}.csv"
