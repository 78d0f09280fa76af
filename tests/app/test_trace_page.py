"""溯源: a number taken apart on screen, its files, and what another coefficient would change."""

import io
import json
import re

import pandas as pd
import pytest

from tests.app.conftest import Opened, buttons_of, text_of

YUHUAN = {"zone": "331083", "eco": "mangrove"}
MANGROVE = "mangrove-zhejiang-2022-ecosystem-stock"
MARSH = "salt-marsh-global-ouyang2014-soil-burial"


def test_the_page_answers_in_both_languages(opened: Opened):
    chinese = text_of(opened("trace", **YUHUAN))
    assert "这个数怎么来的，依据是什么？" in chinese
    assert "玉环市，2022 年，红树林：储量 5,235.7 t C" in chinese
    english = text_of(opened("trace", lang="en", **YUHUAN))
    assert "How does this number come about, and who says so?" in english
    assert "Yuhuan, 2022, Mangrove: stock 5,235.7 t C" in english


def test_the_steps_hold_what_it_takes_to_work_the_number_again(opened: Opened):
    text = text_of(opened("trace", **YUHUAN))
    for wanted in ("44.99999998 ha × 116.35 t C/ha", "× 44/12 = 19,197.749991 t CO2e",
                   "mangrove-zhejiang-2022-ecosystem-stock"):  # fmt: skip
        assert wanted in text
    lower = text_of(opened("trace", number="stock_low", **YUHUAN))
    assert "71.6 t C/ha ÷ 151.6 t C/ha" in lower
    assert "10.1111/gcb.15348" in lower
    burial = text_of(opened("trace", number="burial", **YUHUAN))
    assert "179.6 g C/m²/yr × 0.01 t/ha per g/m²" in burial


def test_another_number_is_one_click_away_and_stands_in_the_address(opened: Opened):
    test = opened("trace", **YUHUAN)
    test.segmented_control(key="choose_number").set_value("co2e").run()
    assert not test.exception
    assert test.query_params["number"] == "co2e"
    assert "5,235.749998 t C × 3.66666666667 t CO2e/t C" in text_of(test)
    test.segmented_control(key="choose_number").set_value("stock").run()
    assert "number" not in test.query_params


def test_the_patches_of_the_area_are_listed_when_somebody_asks(opened: Opened):
    test = opened("trace", zone="331000", eco="mangrove")
    assert "构成面积的图斑（4 个）" in [one.label for one in test.expander]
    before = len(test.dataframe)
    test.session_state["trace_patches"] = True
    test.run()
    assert len(test.dataframe) == before + 1
    rows: pd.DataFrame = test.dataframe[0].value
    assert sorted(rows["分区"]) == sorted(["玉环市", "温岭市", "三门县", "椒江区"])
    assert rows["落在分区内的面积（公顷）"].sum() == pytest.approx(91.5, abs=1e-6)
    assert set(rows["记录性质"]) == {"示意"}


def test_files_hold_the_text_and_the_tree(opened: Opened, monkeypatch: pytest.MonkeyPatch):
    found = buttons_of(monkeypatch)
    opened("trace", **YUHUAN)
    makers = {more["label"]: make for make, more in found}
    names = {more["label"]: more["file_name"] for _, more in found}
    assert "5,235.749998" in makers["TXT"]()
    body = json.loads(makers["JSON"]())
    assert set(body["results"]) == {"area", "stock", "stock_low", "stock_high", "co2e", "burial"}
    assert names["JSON"].startswith("bluecarbon_trace_331083_ZJ-2022_mangrove_2")
    found.clear()
    opened("trace", demo="0", **YUHUAN)
    assert "_mangrove_no-demo_2" in found[0][1]["file_name"]


def test_the_ends_are_the_formula_s_and_that_is_said_where_others_were_asked_for(opened: Opened):
    assert "不是蒙特卡洛的" in text_of(opened("trace", how="mc", **YUHUAN))
    assert "不是蒙特卡洛的" not in text_of(opened("trace", **YUHUAN))


def test_a_step_has_the_colon_of_its_language(opened: Opened):
    assert re.search(r'class="step-name">[^<]*[^：]：</span>', text_of(opened("trace", **YUHUAN)))
    english = text_of(opened("trace", lang="en", **YUHUAN))
    assert re.search(r'class="step-name">[^<]*[^：]:</span>', english)


def test_the_file_of_a_what_if_says_what_was_tried_and_on_what(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
):
    found = buttons_of(monkeypatch)
    opened("trace", zone="331000", coef=MANGROVE, value="120.123456789")
    ((make, more),) = [one for one in found if one[1]["key"] == "what_if_csv"]
    assert more["file_name"].startswith(f"bluecarbon_what-if_331000_ZJ-2022_{MANGROVE}_2")
    rows = pd.read_csv(io.BytesIO(make()), encoding="utf-8-sig")
    assert set(rows["系数"]) == {MANGROVE}
    assert set(rows["原值"]) == {116.35}
    assert set(rows["试用值"]) == {120.123456789}
    assert set(rows["系数单位"]) == {"t C/ha"}
    assert rows["系数集"].notna().all()
    assert rows["调查"].str.contains("2022").all()
    assert set(rows["合计为下限"]) == {"是"}
    assert set(rows["含演示数据"]) == {"是"}
    assert (rows["其中演示（公顷）"] <= rows["面积（公顷）"]).all()


def test_the_value_in_the_address_keeps_its_digits(opened: Opened):
    test = opened("trace", zone="331000")
    test.number_input(key="try_value").set_value(120.123456789).run()
    assert test.query_params["value"] == "120.123456789"
    assert test.number_input(key="try_value").value == 120.123456789


def test_another_value_lists_the_rows_it_changes(opened: Opened):
    test = opened("trace", zone="331000")
    assert "在上面换一个值" in text_of(test)
    test.number_input(key="try_value").set_value(120.0).run()
    assert not test.exception
    assert test.query_params["value"] == "120"
    assert test.query_params["coef"] == "mangrove-zhejiang-2022-ecosystem-stock"
    rows: pd.DataFrame = test.dataframe[-1].value
    assert set(rows["生态系统"]) == {"红树林"}
    assert rows["变化（t C）"].sum() == pytest.approx(91.5 * (120 - 116.35), abs=0.01)
    assert "4 行会变" in text_of(test)
    assert "≥ 293,398.6 → ≥ 293,732.6 t C（+334.0）" in text_of(test)


def test_another_coefficient_is_shown_with_its_own_value(opened: Opened):
    test = opened("trace", coef="mangrove-zhejiang-2022-ecosystem-stock", value="120")
    assert test.number_input(key="try_value").value == 120.0
    test.selectbox(key="try_coefficient").set_value(
        "salt-marsh-global-ouyang2014-soil-burial"
    ).run()
    assert not test.exception
    assert test.number_input(key="try_value").value == pytest.approx(2.447)
    assert "value" not in test.query_params


@pytest.mark.parametrize("value", ["<b>", "nan", "inf", "-1", "1e999", "2000.1", ""])
def test_a_value_in_the_address_that_cannot_be_is_passed_over(opened: Opened, value: str):
    test = opened("trace", coef="mangrove-zhejiang-2022-ecosystem-stock", value=value)
    assert not test.exception
    assert test.number_input(key="try_value").value == 116.35
    said = "试用的值“" in text_of(test)
    assert said == bool(value)


@pytest.mark.parametrize("value", ["-1", "1e999", "2000.1"])
def test_a_value_out_of_range_is_told_as_such(opened: Opened, value: str):
    text = text_of(opened("trace", coef=MANGROVE, value=value))
    assert f"试用的值“{value}”超出范围（0–2,000），现显示：116.35 t C/ha" in text


def test_a_coefficient_of_another_place_is_told_there_and_on_no_other_page(opened: Opened):
    address = {"zone": "331083", "eco": "mangrove", "coef": MARSH, "value": "3"}
    test = opened("trace", **address)
    assert f"网址中的系数 {MARSH} 未用于此处的数" in text_of(test)
    assert test.number_input(key="try_value").value == 116.35
    assert "网址中的" not in text_of(opened("zone", **address))


def test_unknown_words_in_the_address_show_the_page_as_to_a_newcomer(opened: Opened):
    test = opened("trace", number="<i>", coef="<script>", zone="x", factors="../etc")
    text = text_of(test)
    assert "<script>" not in text
    assert "<i>" not in text
    assert test.segmented_control(key="choose_number").value == "stock"
    assert "要拆开的数“&lt;i&gt;”不存在，现显示：储量" in text
    assert "系数“&lt;script&gt;”不存在" in text
    assert "试用的值“5”不存在，现显示：原有系数" in text_of(opened("trace", value="5"))


def test_a_place_with_nothing_on_record_says_what_to_do(opened: Opened):
    test = opened("trace", zone="330800")
    assert any("没有记录" in box.value for box in test.info)


def test_what_has_no_coefficient_is_no_data_and_never_zero(opened: Opened):
    text = text_of(opened("trace", eco="tidal_flat"))
    assert "储量：无数据（没有系数）" in text
    assert "<b>无数据</b>" in text


def test_demonstration_patches_are_told(opened: Opened):
    assert "含演示图斑 119 个" in text_of(opened("trace", zone="331000"))
    assert "含演示图斑" not in text_of(opened("trace", zone="331000", demo="0"))


@pytest.mark.parametrize("page", ["overview", "distribution", "zone", "stock"])
def test_a_number_is_one_click_from_where_it_comes_from(opened: Opened, page: str):
    text = text_of(opened(page, zone="331083"))
    assert 'href="./trace?' in text
    assert "这个数怎么来的" in text


def test_a_link_starts_afresh_and_asks_for_the_whole_region_by_no_zone(opened: Opened):
    address = {"number": "area", "coef": MANGROVE, "value": "120"}
    ways = re.findall(r'href="\./trace([^"]*)"', text_of(opened("stock", demo="0", **address)))
    assert ways == ["?demo=0"]
    inside = text_of(opened("stock", zone="331083", **address)).split('href="./trace?')[1]
    assert "zone=331083" in inside.split('"')[0]


def test_the_link_of_a_map_card_asks_for_the_coefficients_it_was_made_with(opened: Opened):
    text = text_of(opened("distribution", zone="331083", factors="ipcc-tier1"))
    ways = [part.split('"')[0] for part in text.split('href="./trace?')[1:]]
    assert ways
    assert all("factors" not in way for way in ways)
    kept = text_of(opened("stock", zone="331083", factors="ipcc-tier1"))
    assert "factors=ipcc-tier1" in kept.split('href="./trace?')[1].split('"')[0]


def test_an_empty_workspace_says_what_to_do(opened: Opened, empty: None):
    test = opened("trace")
    assert not test.exception
    assert test.info
