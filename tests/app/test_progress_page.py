"""目标进度: the question about the cities, the timeline, cities and counties, an empty plan."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from tests.app.conftest import Opened, text_of
from ui import gauges


def drawn_in(test) -> list[dict]:
    """Specifications of the charts on the page."""
    return [json.loads(box.proto.spec) for box in test.get("vega_lite_chart")]


def test_no_city_is_called_behind_and_why_is_said_first(opened: Opened):
    text = text_of(opened("progress"))
    answer = text.split('class="answer"', 1)[1]
    assert "不能说哪个市落后" in answer
    assert (
        "温州市有自己的目标：温州：新种植红树林，≥ 200 公顷；已计入：无数据，资料不足。" in answer
    )
    assert "没有公布市级目标：杭州市、宁波市" in answer


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "9999-12-31"])
def test_a_day_too_early_or_too_late_is_today_and_that_is_said(opened: Opened, day: str):
    test = opened("progress", day=day)
    assert test.date_input(key="choose_day").value == date.today()
    assert f"日期“{day}”不存在" in text_of(test)


def test_the_first_and_the_last_day_can_be_looked_at(opened: Opened):
    for day in (date(2000, 1, 1), date(2100, 12, 31)):
        test = opened("progress", day=day.isoformat())
        assert test.date_input(key="choose_day").value == day


def test_a_name_of_a_target_is_no_markup_in_a_heading(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
):
    hostile = "![x](http://evil.test/a.png)"
    monkeypatch.setattr(gauges, "name", lambda _progress: hostile)
    heads = [box.label for box in opened("progress").expander]
    assert any(r"\!\[x\]\(http" in head for head in heads)
    assert not any(hostile in head for head in heads)


def test_every_target_has_a_timeline_with_what_was_accepted(opened: Opened):
    test = opened("progress", day="2024-01-01", demo="0")
    text = text_of(test)
    assert text.count("验收进程：") >= 3
    assert "2022年12月14日" in text
    assert len(drawn_in(test)) == 3


def test_where_nothing_counts_the_chart_says_that_it_draws_nothing_at_zero(opened: Opened):
    text = text_of(opened("progress", demo="0"))
    assert "没有可计入的数量，所以不在 0 处画线" in text
    assert "没有验收日期，不画在时间轴上：" in text
    assert "玉环海山红树林 (未见验收记录)" in text


def test_demonstration_steps_are_drawn_apart_and_can_be_switched_off(opened: Opened):
    assert "棕色点线：加上演示工程" in text_of(opened("progress"))
    assert "棕色点线" not in text_of(opened("progress", demo="0"))


def test_cities_and_their_counties_add_up_to_what_is_counted(opened: Opened):
    text = text_of(opened("progress"))
    table = text.split("分市、分县已计入", 1)[1].split("</table>", 1)[0]
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", table)[1:]]
    assert [row[0] for row in rows] == ["台州市", "└ 临海市", "合计"]
    assert len({row[1] for row in rows}) == 1
    assert "无数据：杭州市、宁波市" in text


def test_on_a_day_before_the_acceptance_nothing_is_counted(opened: Opened):
    text = text_of(opened("progress", day="2022-12-13", demo="0"))
    assert text.count("没有可计入的数量，所以不在 0 处画线") == 3


def test_what_is_left_out_is_listed_with_its_reason(opened: Opened):
    test = opened("progress", demo="0")
    tables = [box.value for box in test.dataframe]
    assert any("未见验收记录" in table.to_string() for table in tables)


def test_the_page_speaks_english(opened: Opened):
    text = text_of(opened("progress", lang="en"))
    assert "No city can be called behind" in text
    assert "Wenzhou has a target of its own" in text
    assert "Accepted over time: " in text


def test_an_unknown_plan_and_day_show_the_page_and_say_so(opened: Opened):
    text = text_of(opened("progress", plan="nobody's", day="soon"))
    assert 'class="notices"' in text
    assert "滨海湿地修复" in text


def test_a_workspace_without_a_plan_says_what_to_do(opened: Opened, empty: None):
    test = opened("progress")
    assert any("尚无规划" in box.value for box in test.info)
