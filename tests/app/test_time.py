"""Time on the map of ecosystems: which survey a step shows, gaps, playback, two times at once."""

from __future__ import annotations

import re

import pytest

from bluecarbon_map import reports
from bluecarbon_map.change import Ground
from tests.app.conftest import Opened, text_of
from ui import addresses, cached, cached_changes, change_addresses, change_legend, state


def _said(test) -> str:
    return text_of(test).split("time-said")[1].split("</div></div>")[0]


def test_a_step_with_a_survey_shows_it_everywhere_and_stands_in_the_address(opened: Opened):
    test = opened("distribution")
    assert test.select_slider(key="time_at").value == "2022"
    test.select_slider(key="time_at").set_value("2025").run()
    assert not test.exception
    assert test.query_params["when"] == "2025"
    assert test.query_params["survey"] == "ZJ-2025"
    assert "2025：2025 年变更调查（演示）" in _said(test)
    assert "2025 年变更调查" in text_of(test).split('class="card-title"')[1]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "2023：无调查，图上为此前最近一期（2022 年）"),
        ("en", "2023: no survey; shown is the last one before, of 2022"),
    ],
)
def test_a_gap_is_said_and_the_survey_before_it_is_shown(opened: Opened, language, words):
    test = opened("distribution", when="2023", lang=language)
    assert words in _said(test)
    assert test.selectbox(key="choose_survey").value == "ZJ-2022"


def test_a_link_to_a_step_alone_brings_its_survey_and_another_survey_leaves_the_step(
    opened: Opened,
):
    test = opened("distribution", when="2025")
    assert test.selectbox(key="choose_survey").value == "ZJ-2025"
    test.selectbox(key="choose_survey").set_value("ZJ-2022").run()
    assert "when" not in test.query_params
    assert test.select_slider(key="time_at").value == "2022"


def test_a_step_that_is_none_is_left_out(opened: Opened):
    test = opened("distribution", when="1999", both="nothing", than="<b>")
    assert test.select_slider(key="time_at").value == "2022"
    assert test.segmented_control(key="time_way").value == "alone"
    said = text_of(test)
    assert "网址中的时点“1999”不存在，现显示：2022。" in said
    assert "网址中的两期显示方式“nothing”不存在，现显示：单期。" in said
    other = text_of(opened("distribution", when="2025", both="swipe", than="<b>"))
    assert "网址中的对比时点“&lt;b&gt;”不存在，现显示：2022。" in other


def test_playback_goes_on_by_its_clock_and_stops_at_the_end(opened: Opened):
    test = opened("distribution", when="2024")
    test.button(key="time_play").click().run()
    assert test.session_state["time_playing"]
    test.session_state["time_ticked"] -= 60.0  # a turn of the clock has gone by
    test.run()
    assert not test.exception
    assert test.query_params["when"] == "2025"
    assert not test.session_state["time_playing"]
    test.button(key="time_play").click().run()
    assert test.query_params["when"] == "2022", "from the end it starts anew"
    test.button(key="time_stop").click().run()
    assert not test.session_state["time_playing"]
    assert [test.button(key=f"time_{way}").label for way in ("back", "on")] == [
        "上一时点", "下一时点",
    ]  # fmt: skip


def test_playback_does_not_go_on_when_the_reader_comes_back_to_the_page(opened: Opened):
    test = opened("distribution", when="2022")
    test.button(key="time_play").click().run()
    test.run()
    assert test.session_state["time_playing"]
    test.switch_page("views/sources.py").run()
    test.switch_page("views/distribution.py").run()
    assert not test.exception
    assert not test.session_state["time_playing"]
    assert test.query_params["when"] == "2022"


def test_rasters_follow_time_and_say_their_year(opened: Opened):
    layers = "patches.r_landcover-2025.base"
    test = opened("distribution", when="2024", layers=layers)
    assert "栅格：2024 没有，图上为 2022 年的：2022 年 30 m 地类栅格" in _said(test)
    assert "2022 年 30 m 地类栅格" in text_of(test).split("legend-raster")[1]
    later = opened("distribution", when="2025", layers=layers)
    assert "2025 年栅格：2025 年 30 m 地类栅格" in _said(later)
    alone = opened("distribution", layers=layers)
    assert "2025 年 30 m 地类栅格" in text_of(alone).split("legend-raster")[1]


def test_two_times_are_told_apart_and_the_earlier_comes_first(opened: Opened):
    test = opened("distribution", when="2022", layers="patches.r_landcover-2025.base")
    test.segmented_control(key="time_way").set_value("swipe").run()
    assert test.query_params["both"] == "swipe"
    assert test.selectbox(key="time_than").value == "2022"
    said = _said(test)
    assert said.index("左：2022") < said.index("右：2025")
    assert said.index("左：2022 年栅格：2022 年 30 m") < said.index("右：2025 年栅格：2025 年 30 m")
    test.selectbox(key="time_than").set_value("2023").run()
    assert test.query_params["than"] == "2023"
    assert "左：2023：无调查" in _said(test)


@pytest.mark.parametrize("ecosystem", [None, "mangrove", "salt_marsh"])
def test_the_legend_of_change_is_the_table_of_the_compare_page(opened: Opened, ecosystem):
    """Gain less loss on the map = the difference in area that the other page prints."""
    more = {} if ecosystem is None else {"eco": ecosystem}
    test = opened("distribution", when="2025", both="change", zone="330382", **more)
    legend = text_of(test).split("legend corner")[1]
    version = cached.workspace().version
    found = cached_changes.ground(version, "ZJ-2022", "ZJ-2025", True)
    chosen = state.Choices("ZJ-2025", ecosystem, "330382", demonstration=True, point=None)
    told = change_legend.amounts(found, chosen)
    for kind, area_ha in told.items():
        assert re.search(rf"{change_legend.name(kind)}</span><b>{area_ha:,.1f}</b>", legend), kind
    other = text_of(opened("compare", survey="ZJ-2025", against="ZJ-2022", zone="330382"))
    rows = re.findall(r"<tr><td>([^<]*)</td>(.*?)</tr>", other.split(">两次调查<")[1])
    change = {name: re.findall(r"<td>([^<]*)</td>", cells)[2] for name, cells in rows}
    name = {"mangrove": "红树林", "salt_marsh": "盐沼", None: "合计"}[ecosystem]
    printed = float(change[name].replace(",", "").replace("\u2212", "-"))
    net = told.get(Ground.GAIN, 0.0) - told.get(Ground.LOSS, 0.0)
    assert net == pytest.approx(printed, abs=0.06)


def test_the_compare_page_says_gain_and_loss_and_leads_to_the_map(opened: Opened):
    text = text_of(opened("compare", survey="ZJ-2025", against="ZJ-2022", zone="330382"))
    assert "2022—2025 年地块增减" in text
    link = re.search(r'href="\./distribution\?([^"]*)"', text.split("地块增减")[1])
    assert link is not None
    assert {"both=change", "when=2025", "than=2022"} <= set(
        link[1].replace("&amp;", "&").split("&")
    )


def test_surveys_too_large_to_be_laid_over_each_other_say_so(opened: Opened, monkeypatch):
    monkeypatch.setattr(reports, "MOST_LAID_OVER", 1)
    legend = text_of(opened("distribution", when="2025", both="change")).split("legend corner")[1]
    assert "不作叠加" in legend
    assert "增加" not in legend
    other = text_of(opened("compare", survey="ZJ-2025", against="ZJ-2022", zone="330382"))
    assert "地块增减" not in other


def test_charts_through_time_show_both_surveys_and_name_the_gap(opened: Opened):
    text = text_of(opened("distribution", zone="330382"))
    assert "乐清市 · 历次调查碳储量" in text
    assert "无调查：2023、2024" in text
    rows = text.split('aria-label="乐清市 · 历次调查面积"')[1].split("</table>")[0]
    assert ["2022" in rows, "2023" in rows, "2025" in rows] == [True, False, True]


def test_an_address_of_change_is_read_back_and_nothing_else_is():
    version = cached.workspace().version
    url = change_addresses.ground_url(
        version, "ZJ-2022", "ZJ-2025", "mangrove", demonstration=False
    )
    query = dict(pair.split("=") for pair in url.partition("?")[2].split("&"))
    wanted = addresses.parse("ground", 8, 213, 106, query).change
    assert wanted == change_addresses.ChangeWanted(
        "ground", "ZJ-2022", "ZJ-2025", "mangrove", demonstration=False
    )
    itself = {"b": query["a"]}
    for wrong in ({"a": "9"}, {"b": "-1"}, {"e": "99"}, {"d": "2"}, {"x": "1"}, {"a": "٣"}, itself):
        with pytest.raises(addresses.NoSuchTileError):
            addresses.parse("ground", 8, 213, 106, query | wrong)
    url = change_addresses.raster_url(version, "landcover-2022", "landcover-2025", None)
    query = dict(pair.split("=") for pair in url.partition("?")[2].split("&"))
    found = addresses.parse("rasters", 10, 856, 426, query)
    assert found.change == change_addresses.ChangeWanted(
        "rasters", "landcover-2022", "landcover-2025", None
    )
    assert addresses.draw(found).startswith(b"\x89PNG")
    for wrong in ({"a": "9"}, {"d": "1"}, {"e": "10000"}):
        with pytest.raises(addresses.NoSuchTileError):
            addresses.parse("rasters", 10, 856, 426, query | wrong)


def test_two_rasters_held_against_each_other_have_a_legend_of_their_own(opened: Opened):
    test = opened(
        "distribution", when="2025", than="2022", both="change", layers="r_landcover-2022.base"
    )
    legend = text_of(test).split("legend corner")[1]
    assert "栅格，2022—2025 年：2025 年 30 m 地类栅格" in legend
    assert legend.split("</details>")[0].count("swatch") == len(Ground)
