"""分区: the answer at the top, what it rests on, neighbours, surveys, and bad addresses."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.app.conftest import Opened, text_of
from ui import cached


def answer_of(test) -> str:
    """The words at the top of the page."""
    found = re.search(r'<div class="answer">(.*?)</div></div>', text_of(test), re.DOTALL)
    assert found is not None
    return re.sub(r"<[^>]+>", "|", found[1]).replace("\u202f", " ")


def test_how_much_mangrove_yuhuan_has_and_how_sure_stands_at_the_top(opened: Opened):
    said = answer_of(opened("zone", zone="331083"))
    assert re.search(
        r"2022 年，玉环市有红树林 45\.0 公顷，储碳 5,236 吨 C（区间 2,763–7,709 吨 C，借用的标准差",
        said,
    )
    assert re.search(r"全部生态系统 [\d,.]+ 公顷，储碳 至少 [\d.]+ 万吨 C（区间", said)
    assert "80% 的面积是演示数据" in said
    assert "面积：示意" in said
    assert "系数：第 3 级（本省）" in said
    assert "中国环保协会 2023-06-14" in said


def test_the_question_names_the_zone_in_both_languages(opened: Opened):
    assert "玉环市有多少，有多确定？" in text_of(opened("zone", zone="331083"))
    english = text_of(opened("zone", zone="331083", lang="en"))
    assert "How much does Yuhuan have, and how sure is it?" in english
    assert "2022: Yuhuan has" in english


def test_another_ecosystem_chosen_is_the_one_that_is_answered(opened: Opened):
    said = answer_of(opened("zone", zone="331083", eco="tidal_flat"))
    assert "淤泥质光滩" in said
    assert "无数据（没有系数）" in said
    assert "红树林" not in said
    assert "面积：演示" in said


def test_a_zone_without_mangrove_has_no_data_and_not_zero(opened: Opened):
    said = answer_of(opened("zone", zone="330424"))
    assert "没有红树林记录：这是无数据，不是 0" in said
    assert "0.0 公顷" not in said


def test_without_demonstration_nothing_of_it_is_told(opened: Opened):
    test = opened("zone", zone="331083", demo="0")
    assert "演示" not in answer_of(test)
    assert "玉环市有红树林 45.0" in answer_of(test)


def test_what_is_not_known_is_said(opened: Opened):
    text = text_of(opened("zone", zone="331083"))
    assert "属无数据，不是 0：海草床、海藻场" in text
    assert "有面积、没有系数，储量为无数据：无居民海岛植被、淤泥质光滩" in text


def test_the_whole_region_is_shown_where_no_zone_is_asked_for(opened: Opened):
    test = opened("zone")
    assert "浙江省有多少，有多确定？" in text_of(test)
    assert "312.5" in answer_of(test)
    assert test.button(key="go_331000").label == "台州市"


def test_the_way_goes_down_to_a_city_and_up_again(opened: Opened):
    test = opened("zone")
    test.button(key="go_331000").click().run()
    assert "台州市有多少" in text_of(test)
    assert test.query_params["zone"] == "331000"
    test.button(key="go_331083").click().run()
    assert "玉环市有多少" in text_of(test)
    test.button(key="go_331081").click().run()
    assert "温岭市有多少" in text_of(test)
    test.button(key="go_330000").click().run()
    assert "浙江省有多少" in text_of(test)
    assert "zone" not in test.query_params


def test_a_name_of_the_data_is_no_markup_on_a_button(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
):
    hostile = "![x](http://evil.test/a.png) [l](http://evil.test)"
    tree = cached.regions(cached.workspace().version, "zh")
    named = replace(tree, names={**tree.names, "331000": hostile})
    monkeypatch.setattr(cached, "regions", lambda _version, _language: named)
    label = opened("zone").button(key="go_331000").label
    assert label.startswith(r"\!\[x\]\(http")
    assert label.replace("\\", "") == hostile


def test_the_parts_of_the_table_add_up_to_its_last_row(opened: Opened):
    text = text_of(opened("zone", zone="331083"))
    body = text.split("按生态系统</span>", 1)[1].split("</table>", 1)[0]
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(.*?)</tr>", body)[1:]]
    areas = [float(row[1].replace(",", "")) for row in rows]
    assert sum(areas[:-1]) == pytest.approx(areas[-1], abs=0.051)
    stocks = [row[3].replace(",", "") for row in rows]
    known = [float(text) for text in stocks[:-1] if text != "无数据"]
    assert stocks[-1] == f"≥ {sum(known):.0f}"


def test_neighbours_and_wholes_stand_beside_it(opened: Opened):
    text = text_of(opened("zone", zone="331083"))
    table = text.split("与相邻分区、上级分区比较", 1)[1].split("</table>", 1)[0]
    for name in ("玉环市", "温岭市", "洞头区", "乐清市", "台州市", "浙江省"):
        assert f"<td>{name}</td>" in table
    assert table.index("玉环市") < table.index("温岭市") < table.index("浙江省")


def test_targets_of_the_province_are_no_targets_of_the_zone(opened: Opened):
    test = opened("zone", zone="331083")
    assert "全省目标中的份额不是本分区的目标" in text_of(test)
    projects = next(box.value for box in test.dataframe if box.value.columns[0] == "项目")
    assert "玉环海山红树林" in set(projects.iloc[:, 0])
    assert "未见验收记录" in projects.to_string()


def test_a_city_with_a_target_of_its_own_shows_it(opened: Opened):
    text = text_of(opened("zone", zone="330300"))
    assert "温州：新种植红树林" in text
    assert "全省目标中的份额不是本分区的目标" not in text


def test_every_survey_is_listed_and_no_change_is_claimed(opened: Opened):
    text = text_of(opened("zone", zone="331083"))
    table = text.split("本分区的各次调查", 1)[1]
    assert "<td>2022</td>" in table
    assert "<td>2025</td>" in table
    assert "两行之差不能当作变化" in table


def test_the_files_are_named_by_zone_survey_and_day(opened: Opened):
    test = opened("zone", zone="331083")
    assert [box.label for box in test.get("download_button")][:2] == ["CSV", "XLSX"]


def test_unknown_zones_and_surveys_show_the_page_and_say_so(opened: Opened):
    text = text_of(opened("zone", zone="<b>999</b>", survey="nowhere"))
    assert "浙江省有多少，有多确定？" in text
    assert "<b>999</b>" not in text
    assert 'class="notices"' in text


def test_a_county_without_any_record_says_so_in_words(opened: Opened):
    test = opened("zone", zone="330802")
    assert "没有任何生态系统的记录" in answer_of(test)
    assert any("没有记录" in box.value for box in test.info)


def test_a_workspace_without_surveys_and_plans_says_what_to_do(opened: Opened, empty: None):
    test = opened("zone")
    assert any("还没有调查" in box.value for box in test.info)
    assert "没有规划" in text_of(test)
