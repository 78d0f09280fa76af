"""比较: zones side by side and two surveys, what may be said, addresses good and bad."""

from __future__ import annotations

import re

from tests.app.conftest import Opened, text_of


def _said(test) -> str:
    return "\n".join((*(box.value for box in test.info), text_of(test)))


def test_the_page_answers_in_both_languages(opened: Opened):
    assert "分区之间、两次调查之间差在哪里？" in text_of(opened("compare"))
    english = opened("compare", lang="en")
    assert "Side by side" in text_of(english)
    assert not re.search(r"<h1>[^<]*[\u4e00-\u9fff]", text_of(english))


def test_a_newcomer_sees_the_cities_that_hold_most(opened: Opened):
    test = opened("compare")
    assert test.multiselect(key="choose_with").value == ["330200", "331000", "330300", "330400"]
    assert "with" not in test.query_params


def test_the_zones_of_the_address_stand_side_by_side_in_its_order(opened: Opened):
    test = opened("compare", **{"with": "331000,330300"})
    heads = re.search(r'<th scope="col">分区</th><th[^>]*>([^<]*)</th><th[^>]*>([^<]*)</th></tr>',
                      text_of(test))  # fmt: skip
    assert heads is not None
    assert heads.groups() == ("台州市", "温州市")


def test_choosing_zones_puts_them_into_the_address(opened: Opened):
    test = opened("compare")
    test.multiselect(key="choose_with").set_value(["330300", "331083"]).run()
    assert not test.exception
    assert test.query_params["with"] == "330300,331083"
    assert "玉环" in text_of(test)


def test_what_may_be_said_of_two_stocks_is_said_in_words(opened: Opened):
    text = text_of(opened("compare", **{"with": "330100,330600"}))
    assert re.search(
        "绍兴市 多于 杭州市：区间虽重叠，但两者用同一套系数|绍兴市 多于 杭州市：两者区间不", text
    )
    assert "区间只含系数的误差，不含制图（面积）误差" in text


def test_a_zone_with_ground_without_a_coefficient_is_never_called_the_smaller_one(opened: Opened):
    text = text_of(opened("compare", **{"with": "330100,330900"}))
    assert "杭州市 多于 舟山市" not in text
    assert re.search(
        "杭州市 与 舟山市：谁多未知。杭州市为 [^；]*；舟山市至少 [^；]*没有系数。", text
    )
    assert "不代表全部储量的先后" in text


def test_a_lower_bound_may_be_more_than_a_whole_and_is_named_so(opened: Opened):
    text = text_of(opened("compare", **{"with": "330400,330100"}))
    assert re.search("嘉兴市 多于 杭州市：[^<]*嘉兴市为下限，另有 [^<]*没有系数", text)


def test_where_coefficients_differ_and_intervals_overlap_nobody_holds_more(opened: Opened):
    text = text_of(opened("compare", **{"with": "330400,330600"}))
    assert "区间重叠，不能说谁多" in text


def test_a_zone_inside_another_one_is_said_and_not_ranked(opened: Opened):
    test = opened("compare", **{"with": "330300,330382"})
    assert "乐清市位于温州市之内" in _said(test)
    assert "能说谁多吗" not in text_of(test)


def test_one_zone_alone_asks_for_another(opened: Opened):
    test = opened("compare", **{"with": "330300"})
    assert "请在上方选择两到六个分区" in _said(test)


def test_unknown_zones_in_the_address_are_named_and_the_others_shown(opened: Opened):
    test = opened("compare", **{"with": "330300,<b>,331000"})
    assert "网址中的分区不存在" in _said(test)
    assert "&lt;b&gt;" in text_of(test)
    assert "<b>。" not in text_of(test)
    assert test.multiselect(key="choose_with").value == ["330300", "331000"]


def test_more_than_six_zones_are_cut_to_six_with_words(opened: Opened):
    wanted = "330100,330200,330300,330400,330600,330900,331000"
    test = opened("compare", **{"with": wanted})
    assert "最多并列六个分区" in _said(test)
    assert len(test.multiselect(key="choose_with").value) == 6


def test_zones_without_any_record_say_so(opened: Opened):
    test = opened("compare", **{"with": "330800,331100"})
    assert "没有记录" in _said(test)


def test_the_areas_of_a_zone_add_up_to_the_sum_that_is_printed(opened: Opened):
    text = text_of(opened("compare", **{"with": "330300,331000"}))
    column = [
        float(cell.replace(",", ""))
        for name, cell in re.findall(r"<td>([^<]*（公顷）)</td><td>([\d.,]+)</td>", text)
        if not name.startswith(("面积合计", "无系数", "已计入"))
    ]
    whole = re.search(r"<td>面积合计（公顷）</td><td>([\d.,]+)</td>", text)
    assert whole is not None
    assert f"{sum(column):,.1f}" == whole[1]


def test_two_surveys_are_compared_when_the_address_names_another(opened: Opened):
    test = opened("compare", against="ZJ-2025")
    text = text_of(test)
    assert test.selectbox(key="compare_before").value == "ZJ-2022"
    assert test.selectbox(key="compare_after").value == "ZJ-2025"
    assert "2025 年比 2022 年少" in text
    assert "<td>红树林</td><td>312.5</td><td>452.3</td><td>+139.8</td>" in text
    assert "全部储量哪一年多，未知：没有系数的类别另有增加" in text
    assert "区间只含系数的误差，不含制图（面积）误差" in text
    assert "不是变化检测" in text
    assert "2025 年：面积的 100% 为演示数据" in text


def test_the_mode_is_chosen_above_and_stands_in_the_address(opened: Opened):
    test = opened("compare")
    test.segmented_control(key="choose_mode").set_value("surveys").run()
    assert test.query_params["against"] == "ZJ-2025"
    assert "两次调查的面积" in text_of(test)
    test.segmented_control(key="choose_mode").set_value("zones").run()
    assert "against" not in test.query_params


def test_an_unknown_second_survey_is_named_and_another_one_shown(opened: Opened):
    test = opened("compare", against="<i>2030</i>")
    assert "没有调查" in _said(test)
    assert "<i>2030" not in text_of(test)
    assert test.selectbox(key="compare_after").value == "ZJ-2025"


def test_what_one_survey_has_not_mapped_has_no_difference(opened: Opened):
    """Without demonstration data the later survey is empty: nothing is compared with nothing."""
    test = opened("compare", against="ZJ-2025", demo="0")
    assert "没有记录" in _said(test)


def test_an_address_never_becomes_a_link_or_a_mark_of_its_own(opened: Opened):
    """Words of the address stand in elements, never in a box that reads Markdown."""
    test = opened("compare", **{"with": "[x](http://example.org),330300,331000"})
    assert "[x](http://example.org)" in text_of(test)
    assert not any("example.org" in box.value for box in (*test.info, *test.warning))
