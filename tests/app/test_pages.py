"""Every page in both languages, and choices that outlive a page."""

from __future__ import annotations

import re

import pytest

from tests.app.conftest import Opened, text_of

PAGES = ("overview", "distribution", "progress")


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_in_chinese_by_default(opened: Opened, page: str):
    text = text_of(opened(page))
    assert "蓝碳地图 · 浙江" in text
    assert re.search(r"<h1>[^<]*[\u4e00-\u9fff][^<]*？</h1>", text), "no question in Chinese"


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_in_english(opened: Opened, page: str):
    text = text_of(opened(page, lang="en"))
    assert "Blue Carbon Map · Zhejiang" in text
    question = re.search(r"<h1>([^<]*)</h1>", text)
    assert question is not None
    assert not re.search(r"[\u4e00-\u9fff]", question[1])


def test_the_language_switch_changes_the_page_and_the_address(opened: Opened):
    test = opened("distribution")
    test.button(key="language").click().run()
    assert "Blue Carbon Map" in text_of(test)
    assert test.query_params["lang"] == "en"
    test.button(key="language").click().run()
    assert "蓝碳地图" in text_of(test)
    assert "lang" not in test.query_params


def test_choosing_yueqing_shows_its_area_and_carbon_at_once(opened: Opened):
    test = opened("distribution")
    test.selectbox(key="choose_zone").set_value("330382").run()
    assert not test.exception
    card = text_of(test).split("乐清市", 1)[1]
    assert re.search(r"<b>[\d,]+\.\d</b><span class=\"unit\">公顷</span>", card)
    assert re.search(r"<b>(≥ )?[\d,.]+</b><span class=\"unit\">(万吨|吨) C</span>", card)
    assert test.query_params["zone"] == "330382"


def test_the_table_below_holds_only_the_zone_that_was_chosen(opened: Opened):
    test = opened("distribution", zone="330382")
    assert set(test.dataframe[0].value["zone_id"]) == {"330382"}


def test_an_ecosystem_chosen_on_one_page_is_still_chosen_after_another_page(opened: Opened):
    test = opened("distribution")
    test.selectbox(key="choose_ecosystem").set_value("mangrove").run()
    test.switch_page("views/progress.py").run()
    test.switch_page("views/distribution.py").run()
    assert test.selectbox(key="choose_ecosystem").value == "mangrove"
    assert set(test.dataframe[0].value["ecosystem"]) == {"mangrove"}


def test_the_demonstration_mark_shows_by_default_and_can_be_switched_off(opened: Opened):
    test = opened("distribution")
    shown = test.dataframe[0].value
    assert "演示数据" in test.button(key="demo_off").label
    assert shown["demonstration_ha"].sum() > 0
    test.button(key="demo_off").click().run()
    assert not test.exception
    assert test.dataframe[0].value["demonstration_ha"].sum() == 0
    assert test.button(key="demo_on") is not None
    assert test.query_params["demo"] == "0"


def test_an_address_with_unknown_words_shows_the_page_as_to_a_newcomer(opened: Opened):
    test = opened("distribution", zone="<script>", survey="x", eco="y", at="1,2,3", lang="xx")
    assert "<script>" not in text_of(test)
    assert test.selectbox(key="choose_zone").value == ""


def test_a_point_on_the_map_in_the_address_shows_its_county_first(opened: Opened):
    test = opened("distribution", at="121.02,28.20")
    assert "乐清市" in text_of(test).split('class="card-title"', 2)[1]


def test_a_place_without_carbon_on_record_says_so_in_words(opened: Opened):
    inland = opened("distribution", zone="330800")
    assert "没有记录" in text_of(inland) + "".join(box.value for box in inland.info)
