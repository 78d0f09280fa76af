"""The first steps, what an address asks for in vain, links that keep the choices, and the wall."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie

import pytest
from streamlit.testing.v1 import AppTest

from server import UnknownPage
from tests.app.conftest import APP, Opened, text_of
from ui.pages import PATHS


def steps(test: AppTest) -> list[str]:
    found = re.search(r'<ol class="steps">(.*?)</ol>', text_of(test))
    return re.findall(r"<b>([^<]+)</b>", found[1]) if found else []


def notices(test: AppTest) -> list[str]:
    found = re.search(r'<div class="notices"[^>]*>(.*?)</div></div>', text_of(test))
    return re.findall(r"<div>(.*?)(?:</div>|$)", found[1]) if found else []


def test_a_first_visit_is_shown_three_steps(opened: Opened):
    assert steps(opened()) == ["看什么", "选一个地方", "带走一张表"]
    assert len(steps(opened(lang="en"))) == 3


def test_the_steps_can_be_closed_and_a_cookie_in_the_browser_remembers_it(opened: Opened):
    test = opened()
    test.button(key="welcome_close").click().run()
    assert not test.exception
    assert steps(test) == []
    script = re.search(r'document\.cookie = "([^"]+)"', text_of(test))
    assert script is not None
    cookie = SimpleCookie(script[1])["bluecarbon_welcome"]
    assert (cookie.value, cookie["samesite"], cookie["path"]) == ("closed", "lax", "/")
    assert int(cookie["max-age"]) > 180 * 24 * 3600
    test.run()
    assert steps(test) == []


def test_one_readers_closing_is_nothing_to_another_reader(opened: Opened):
    opened().button(key="welcome_close").click().run()
    assert len(steps(opened())) == 3


@pytest.mark.parametrize("address", [{"zone": "330382"}, {"demo": "0"}, {"wall": "1"}])
def test_an_address_that_asks_for_something_gets_it_without_the_steps(opened: Opened, address):
    assert steps(opened(**address)) == []


def test_the_steps_can_be_asked_for_again(opened: Opened):
    test = opened(zone="330382", welcome="1")
    assert len(steps(test)) == 3
    test.button(key="welcome_close").click().run()
    assert steps(test) == []
    assert test.query_params["zone"] == "330382"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("zone", "999999", "分区“999999”不存在，现显示：浙江省"),
        ("survey", "ZJ-1900", "调查“ZJ-1900”不存在，现显示：2022 年基础调查"),
        ("lang", "fr", "语言“fr”不存在，现显示：中文"),
        ("plan", "none", "规划“none”不存在，现显示：浙江省海洋碳汇能力提升指导意见"),
        ("eco", "coral", "生态系统“coral”不存在，现显示：全部生态系统"),
        ("factors", "mine", "系数组“mine”不存在"),
        ("day", "2026-13-01", "日期“2026-13-01”不存在"),
        ("day", "0001-01-01", "日期“0001-01-01”不存在"),
        ("day", "9999-12-31", "日期“9999-12-31”不存在"),
        ("at", "1,2,3", "地点“1,2,3”不存在"),
        ("at", "121,28,12,1", "地点“121,28,12,1”不存在"),
        ("level", "village", "分区级别“village”不存在"),
        ("level", "other", "分区级别“other”不存在"),
        ("view", "here", "地图视图“here”不存在，现显示：默认视图"),
        ("demo", "yes", "演示数据开关“yes”不存在，现显示：含演示数据"),
        ("unit", "hubei", "省级单位“hubei”不存在，现显示：全部 11 个单位"),
        ("indicator", "gold", "指标“gold”不存在，现显示："),
        ("missing", "nosuchpage", "页面“nosuchpage”不存在"),
    ],
)
def test_what_an_address_asks_for_in_vain_is_said_with_what_is_shown(
    opened: Opened, key, value, said
):
    (line,) = notices(opened(**{key: value}))
    assert said in line


def test_an_address_without_faults_has_no_notice(opened: Opened):
    test = opened(
        zone="330382", survey="ZJ-2025", eco="mangrove", lang="en", day="2024-06-30",
        at="121,28.2", view="9/28.2/121", demo="1", unit="330000", level="province",
    )  # fmt: skip
    assert notices(test) == []


def test_a_long_or_hostile_value_is_repeated_as_text_and_in_part(opened: Opened):
    test = opened(zone="<img src=x onerror=alert(1)>" + "x" * 400)
    (line,) = notices(test)
    assert "<img" not in text_of(test)
    assert "&lt;img src=x" in line
    assert "x" * 60 not in line


def test_a_city_of_the_table_leads_to_its_page_with_all_choices_kept(opened: Opened):
    text = text_of(opened(demo="0", lang="en"))
    link = re.search(r'<a class="soft" href="\./zone\?([^"]+)">Wenzhou', text)
    assert link is not None
    assert sorted(link[1].replace("&amp;", "&").split("&")) == ["demo=0", "lang=en", "zone=330300"]


def test_every_card_leads_to_the_page_that_says_more(opened: Opened):
    titles = re.findall(r'class="card-title">(.*?)</span>', text_of(opened()))
    assert len(titles) == 5
    assert all('href="./progress' in title for title in titles[:3])
    assert all('href="./stock' in title for title in titles[3:])


def test_the_columns_of_the_city_table_add_up_to_the_province(opened: Opened):
    table = re.search(r'<table class="facts">.*?</table>', text_of(opened()))
    assert table is not None
    rows = [re.findall(r"<td>(?:<a[^>]*>)?([^<]*)", row) for row in table[0].split("<tr>")[2:]]
    *cities, province = [[cell.replace(",", "").removeprefix("≥ ") for cell in row] for row in rows]
    assert province[0] == "全省"
    assert len(cities) == 7
    for at in range(1, 5):
        known = [float(row[at]) for row in cities if row[at] != "无数据"]
        assert sum(known) == pytest.approx(float(province[at]), abs=1e-6)
    assert any("无数据" in row for row in cities)
    assert not any(row[at] in {"0", "0.0"} for row in cities for at in range(1, 5))


def test_a_zone_chosen_on_the_overview_is_named_with_its_numbers_and_the_way_on(opened: Opened):
    text = text_of(opened(zone="330382"))
    picked = re.search(r'<div class="card picked">(.*?)</div>', text)
    assert picked is not None
    assert re.search(r'href="\./zone\?zone=330382">乐清市</a>', picked[1])
    assert "公顷" in picked[1]
    assert "吨" in picked[1]


def test_two_surveys_are_compared_and_the_invented_one_is_marked(opened: Opened):
    trend = re.search(r'<span class="trend">(.*?)</em></span>', text_of(opened()))
    assert trend is not None
    assert "2022: 312.5 → 2025: 452.3" in trend[1]
    assert trend[1].endswith("演示")
    assert 'class="trend"' not in text_of(opened(demo="0"))


def test_the_foot_says_review_number_boundaries_survey_version_and_date(opened: Opened):
    foot = re.search(r'<footer class="foot">(.*?)</footer>', text_of(opened()))
    assert foot is not None
    for part in ("未审图", "非法定界线", "2022 年基础调查", "版本 0.", "年"):
        assert part in foot[1]


def test_a_wall_has_big_type_and_looks_again_by_itself(opened: Opened):
    text = text_of(opened(wall="1"))
    assert 'class="on-wall"' in text
    assert '"reload_s": 900' in text
    assert '"reload_s": 0' in text_of(opened())


def test_every_page_is_known_to_the_server_that_sends_unknown_ones_to_the_first():
    router = (APP / "streamlit_app.py").read_text(encoding="utf-8")
    assert sorted(PATHS) == sorted(re.findall(r'url_path="(\w+)"', router))
    asked_in_vain = re.compile(UnknownPage.regex)
    assert not any(asked_in_vain.fullmatch(path) for path in PATHS)
    assert asked_in_vain.fullmatch("nothing")


def test_a_new_workspace_is_told_what_to_put_in_and_has_no_demonstration_mark(
    opened: Opened, empty: None
):
    text = text_of(opened())
    assert "尚无调查。请把调查和图斑放入工作区" in text
    assert "请在“导入”页面导入规划目标" in text
    assert "含演示数据" not in text
    assert 'class="watermark"' not in text
