"""The page of the coastal provinces: numbers with their sources, unknown in words, ways on."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from bluecarbon_map.reports import read_coast
from bluecarbon_map.reports.coast import KEY_INDICATORS
from tests.app.conftest import Opened, text_of
from ui import coast_map

BOOK = read_coast()


def card(text: str, title: str) -> str:
    """The card whose title starts with some words."""
    return next(part for part in text.split('class="card-title">') if part.startswith(title))


@pytest.mark.parametrize(("lang", "said"), [("zh", "各做到哪一步？"), ("en", "How far has each")])
def test_the_page_opens_with_its_question(opened: Opened, lang, said):
    text = text_of(opened("coast", lang=lang))
    assert said in re.search(r"<h1>([^<]*)</h1>", text)[1]


def test_the_table_has_eleven_rows_and_says_no_data_in_words(opened: Opened):
    table = card(text_of(opened("coast")), "11 个单位的主要指标")
    rows = re.findall(r"<tr[^>]*>(?:(?!</tr>).)*</tr>", table.split("<tbody>")[1])
    assert len(rows) == 11
    zhejiang = next(row for row in rows if "浙江" in row)
    assert re.search(r"<td><span>200<span class=\"others\"> \+1</span></span></td>", zhejiang)
    assert "<td>312.5</td>" in zhejiang
    hainan = next(row for row in rows if "海南" in row)
    assert hainan.count("无数据") == len(KEY_INDICATORS) - 4
    guangdong = next(row for row in rows if "广东" in row)
    assert "<td>&gt; 4,900</td>" in guangdong


def test_choosing_a_province_shows_its_card_its_sources_and_stands_in_the_address(opened: Opened):
    test = opened("coast")
    test.selectbox(key="choose_unit").set_value("440000").run()
    assert not test.exception
    assert test.query_params["unit"] == "440000"
    text = text_of(test)
    assert "5,500\u202f公顷" in card(text, "广东省")
    sources = card(text, "各来源并列：广东省")
    assert {"N05", "N07"} == set(re.findall(r"<td>([NZ]\d\d)</td>", sources))
    assert "福建" not in sources


def test_another_indicator_is_chosen_and_its_sources_stand_side_by_side(opened: Opened):
    test = opened("coast", unit="350000")
    test.selectbox(key="choose_indicator").set_value("spartina_cleared").run()
    assert test.query_params["indicator"] == "spartina_cleared"
    sources = card(text_of(test), "各来源并列：福建省")
    assert "105,858 亩" in sources
    assert "136,620" not in sources
    assert "7,057\u202f公顷" in sources
    assert "146 万亩" in card(text_of(test), "全国：单列")


def test_what_may_be_task_or_result_has_a_table_of_its_own(opened: Opened):
    text = text_of(opened("coast", unit="350000", indicator="spartina_clearance_stated"))
    sources = card(text, "各来源并列：福建省")
    assert "136,620 亩" in sources
    assert "其中 2022 年 87,612 亩、2023 年 49,008 亩" in sources
    assert "105,858" not in sources


def test_the_own_province_leads_to_its_overview(opened: Opened):
    text = text_of(opened("coast", unit="330000"))
    assert "本工作区" in card(text, "浙江省")
    assert re.search(r'<a [^>]*href="\./\?[^"]*unit=330000', card(text, "工作区已打开"))
    assert "bluecarbon init" not in text


def test_another_province_says_in_three_steps_how_to_begin(opened: Opened):
    test = opened("coast", unit="350000")
    steps = card(text_of(test), "福建省还没有工作区")
    assert steps.count("<li>") == 3
    assert "bluecarbon init fujian --province 35" in steps
    assert "bluecarbon app --workspace fujian --local-editor" in steps
    assert "模板" in steps


def test_a_province_without_a_number_of_the_topic_says_so_and_a_way_on(opened: Opened):
    test = opened("coast", unit="210000", indicator="mangrove_area")
    assert any("辽宁省没有公开发布这一指标" in box.value for box in test.info)


@pytest.mark.parametrize("bad", ["710000", "<img src=x>", "000000", ""])
def test_an_unknown_unit_or_indicator_shows_the_page_as_to_a_newcomer(opened: Opened, bad):
    test = opened("coast", unit=bad, indicator=bad)
    assert test.selectbox(key="choose_unit").value == ""
    assert test.selectbox(key="choose_indicator").value == "mangrove_new_plan"
    assert "<img src=x>" not in text_of(test)


def test_the_map_has_a_table_for_screen_readers(opened: Opened):
    text = text_of(opened("coast", indicator="mangrove_area"))
    hidden = text.split("visually-hidden")[1].split("</table>")[0]
    assert 'aria-label="红树林面积（公顷）"' in hidden
    assert hidden.count("无数据") == 9


# --- the chart ------------------------------------------------------------------------------------


def chart(indicator="mangrove_new_plan", chosen=None):
    leading = BOOK.leading(indicator)
    rows = pd.DataFrame(
        {
            "unit_id": list(BOOK.units),
            "name": [unit.short_zh for unit in BOOK.units.values()],
            "said": [f"{leading[u].amount:,.0f}" if u in leading else "无数据" for u in BOOK.units],
            "value": [leading[u].amount if u in leading else None for u in BOOK.units],
        }
    ).astype({"value": "float64"})
    return json.loads(coast_map.drawn(rows, legend="公顷", chosen=chosen))


def features(spec, layer):
    return spec["datasets"][spec["layer"][layer]["data"]["name"]] if "datasets" in spec else (
        spec["layer"][layer]["data"]["values"]
    )  # fmt: skip


def test_what_nobody_published_is_hatched_and_has_no_colour():
    spec = chart()
    units = features(spec, 0)
    unknown = {row["unit_id"] for row in units if row["value"] is None}
    assert unknown == {"210000", "130000", "120000", "370000", "320000", "310000"}
    assert {row["unit_id"] for row in features(spec, 2)} == unknown
    assert all("LineString" in row["geometry"]["type"] for row in features(spec, 2))
    colour = spec["layer"][0]["encoding"]["color"]
    assert colour["condition"]["test"] == "isValid(datum.value)"
    assert colour["condition"]["scale"]["domainMin"] == 0


def test_every_mark_of_the_map_knows_its_unit_so_that_a_click_finds_it():
    spec = chart(chosen="330000")
    for layer in range(len(spec["layer"])):
        assert {row["unit_id"] for row in features(spec, layer)} <= set(BOOK.units)
    assert [row["unit_id"] for row in features(spec, 3)] == ["330000"]


def test_an_indicator_that_nobody_published_of_a_province_draws_without_a_legend():
    rows = pd.DataFrame({"unit_id": list(BOOK.units), "name": "x", "said": "无数据"})
    rows["value"] = float("nan")
    spec = json.loads(coast_map.drawn(rows, legend="公顷", chosen=None))
    assert spec["layer"][0]["encoding"]["color"]["condition"]["legend"] is None
