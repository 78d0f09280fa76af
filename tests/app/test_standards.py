"""方法对比: every scheme in one table, what is unknown in words, and what each leaves out."""

from __future__ import annotations

import re

import pytest

from tests.app.conftest import Opened, text_of

TITLES = (
    "浙江省自己的清单",
    "HY/T 0349-2022 六类",
    "IPCC 2013 第一层级",
    "最本地系数",
    "全国分物种均值",
)


def row_of(text: str, title: str) -> list[str]:
    """Cells of the row of a scheme in the first table that has one."""
    found = re.search(rf"<tr><td>{re.escape(title)}</td>(.*?)</tr>", text, re.S)
    assert found, title
    return re.findall(r"<td>(.*?)</td>", found.group(1), re.S)


def test_the_page_opens_with_its_question_and_names_every_scheme(opened: Opened):
    text = text_of(opened("standards"))
    assert "同一个地方，按不同的标准各是多少，差在哪里？" in text
    for title in TITLES:
        row_of(text, title)
    assert "自己的系数" not in text


def test_what_nobody_has_read_is_no_data_and_says_what_to_type(opened: Opened):
    text = text_of(opened("standards", demo="0"))
    area, spartina, stock, _ends, flow, *_rest = row_of(text, "HY/T 0349-2022 六类")
    assert area == "8,278.5"
    assert spartina == "7,966.0"
    assert stock == flow == "无数据"
    assert "须从 HY/T 0349-2022 原文键入" in text
    assert "是否计入互花米草不明" in text


def test_tier_1_and_the_local_set_stand_beside_one_another(opened: Opened):
    text = text_of(opened("standards", demo="0", eco="mangrove"))
    assert row_of(text, "IPCC 2013 第一层级")[2] == "120,625"
    assert row_of(text, "最本地系数")[2] == "36,359"
    assert row_of(text, "IPCC 2013 第一层级")[4] == "无数据"


def test_a_lower_bound_is_marked_and_sea_water_is_unknown_not_zero(opened: Opened):
    text = text_of(opened("standards"))
    assert row_of(text, "浙江省自己的清单")[2].startswith("≥ ")
    assert not row_of(text, "最本地系数")[2].startswith("≥")
    assert "海域水体：未知，不是零" in text


def test_demonstration_data_are_said_to_be_there_and_can_be_left_out(opened: Opened):
    assert "不得作为正式数引用" in text_of(opened("standards"))
    assert "不得作为正式数引用" not in text_of(opened("standards", demo="0"))


def test_a_zone_without_a_record_says_what_to_do_next(opened: Opened):
    test = opened("standards", zone="330800", lang="en")
    assert "Nothing on record for this choice" in test.info[0].value


def test_the_tables_can_be_taken_away(opened: Opened):
    test = opened("standards", zone="331000")
    keys = [button.key for button in test.get("download_button")]
    assert {"standards_download.csv", "standards_download.xlsx"} <= set(keys)


@pytest.mark.parametrize("bad", ["<b>x</b>", "999999", "33%00"])
def test_an_address_that_asks_for_what_is_not_there_falls_back(opened: Opened, bad: str):
    text = text_of(opened("standards", zone=bad, eco=bad, survey=bad))
    assert "<b>x" not in text
    row_of(text, "最本地系数")


def test_each_interval_says_what_its_ends_are(opened: Opened):
    text = text_of(opened("standards", demo="0", eco="mangrove"))
    ends = row_of(text, "最本地系数")[3]
    assert "19,187–53,532" in ends
    assert "借用的标准差（±1 SD）" in ends
    assert row_of(text, "IPCC 2013 第一层级")[3] == "无数据"
