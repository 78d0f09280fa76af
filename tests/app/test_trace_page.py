"""溯源: a number taken apart on screen, its files, and what another coefficient would change."""

import json

import pandas as pd
import pytest

from tests.app.conftest import Opened, buttons_of, text_of
from ui import trying

YUHUAN = {"zone": "331083", "eco": "mangrove"}


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
    test = opened("trace", zone="331000", eco="mangrove", trace_patches="1")
    assert "构成面积的图斑（4 个）" in [one.label for one in test.expander]


def test_files_hold_the_text_and_the_tree(opened: Opened, monkeypatch: pytest.MonkeyPatch):
    found = buttons_of(monkeypatch)
    opened("trace", **YUHUAN)
    makers = {more["label"]: make for make, more in found}
    names = {more["label"]: more["file_name"] for _, more in found}
    assert "5,235.749998" in makers["TXT"]()
    body = json.loads(makers["JSON"]())
    assert set(body["results"]) == {"area", "stock", "stock_low", "stock_high", "co2e", "burial"}
    assert names["JSON"].startswith("bluecarbon_trace_331083_ZJ-2022_mangrove")


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
    assert trying.tried_value(value, 2000.0) is None


def test_unknown_words_in_the_address_show_the_page_as_to_a_newcomer(opened: Opened):
    test = opened("trace", number="<i>", coef="<script>", zone="x", factors="../etc")
    text = text_of(test)
    assert "<script>" not in text
    assert "<i>" not in text
    assert test.segmented_control(key="choose_number").value == "stock"


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
