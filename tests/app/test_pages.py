"""Every page in both languages, and choices that outlive a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import shapely

from tests.app.conftest import Opened, text_of
from ui import cached, maps
from ui.pages import PATHS

ROUTER = Path(__file__).parents[2] / "app" / "streamlit_app.py"
PAGES = ("overview", "distribution", "progress")


def test_the_server_knows_the_path_of_every_page_of_the_router():
    routed = re.findall(r'url_path="([^"]+)"', ROUTER.read_text(encoding="utf-8"))
    assert sorted(routed) == sorted(PATHS)


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
    text = text_of(test)
    assert "<script>" not in text
    boxes = ("choose_zone", "choose_survey", "choose_ecosystem")
    assert [test.selectbox(key=key).value for key in boxes] == ["", "ZJ-2022", ""]
    for told in ("分区“&lt;script&gt;”", "调查“x”", "生态系统“y”", "地点“1,2,3”", "语言“xx”"):
        assert f"{told}不存在" in text
    assert text.split('class="card-title"', 1)[1].startswith(">浙江省 · ")


@pytest.mark.parametrize("page", ["overview", "export", "zone"])
def test_every_page_ends_with_one_foot(opened: Opened, page: str):
    assert text_of(opened(page)).count('<footer class="foot">') == 1


def test_after_a_restart_the_click_that_the_browser_sends_again_does_no_harm(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
):
    """A browser that comes back sends its last click with its first, whole run."""
    sent = {"last_clicked": {"lng": 121.02, "lat": 28.2, "alt": 11}}
    monkeypatch.setattr(maps, "st_folium", lambda *_given, **_named: sent)
    test = opened("distribution", map="plain")
    assert test.query_params["at"] == "121.02000,28.20000,11"
    assert "乐清市" in text_of(test)
    again = opened("distribution", at="121.02000,28.20000,11", zone="331083", map="plain")
    assert again.query_params["zone"] == "331083"


@pytest.mark.parametrize(("at", "found"), [("11", True), ("18", False), ("", True)])
def test_a_link_to_a_click_finds_what_the_click_found(opened: Opened, at: str, found: bool):
    """Six pixels are 398 m on the ground at zoom 11, and 3 m at zoom 18; 100 m without a zoom."""
    patches = cached.workspace().habitats("ZJ-2022")
    west, _south, _east, _north = patches.total_bounds
    outermost = patches.loc[patches.bounds["minx"].idxmin()].geometry
    lat = next(y for x, y in shapely.get_coordinates(outermost) if x == west)
    spot = f"{west - 0.0005:.5f},{lat:.5f}"
    text = text_of(opened("distribution", at=f"{spot},{at}" if at else spot))
    assert ("优势种" in text or "记录</dt>" in text) is found


def test_a_point_on_the_map_in_the_address_shows_its_county_first(opened: Opened):
    test = opened("distribution", at="121.02,28.20")
    assert "乐清市" in text_of(test).split('class="card-title"', 2)[1]


def test_a_place_without_carbon_on_record_says_so_in_words(opened: Opened):
    inland = opened("distribution", zone="330800")
    assert "没有记录" in text_of(inland) + "".join(box.value for box in inland.info)
