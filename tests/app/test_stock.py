"""储量: ranking, rows, coefficient sets and what they do, addresses good and bad."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from tests.app.conftest import Opened, text_of
from ui import stock_table


def _rows(test) -> pd.DataFrame:
    """The table of zones and ecosystems; the last one on the page."""
    return test.dataframe[-1].value


def test_the_page_answers_in_both_languages(opened: Opened):
    chinese = text_of(opened("stock"))
    assert "碳储在哪里，有多少，有多确定？" in chinese
    assert "各分区碳储量" in chinese
    english = text_of(opened("stock", lang="en"))
    assert "How much carbon is held where" in english
    assert "The total under each set" in english


def test_the_parts_of_the_table_add_up_to_the_total_that_is_printed(opened: Opened):
    test = opened("stock")
    rows = _rows(test)
    area, stock = rows["面积（公顷）"].sum(), rows["储量（吨 C）"].sum()
    assert f"合计：{area:,.1f} 公顷；≥ {stock:,.0f} t C" in text_of(test)


def test_an_ecosystem_without_coefficient_has_no_number_and_says_so(opened: Opened):
    rows = _rows(opened("stock"))
    flats = rows[rows["生态系统"] == "淤泥质光滩"]
    assert flats["储量（吨 C）"].isna().all()
    assert set(flats["是否下限"]) == {"无系数"}
    assert set(flats["无系数面积占比（%）"]) == {100.0}


def test_rows_are_cities_until_counties_are_asked_for(opened: Opened):
    test = opened("stock")
    assert "温州市" in set(_rows(test)["分区"])
    test.segmented_control(key="choose_level").set_value("county").run()
    assert not test.exception
    assert test.query_params["level"] == "county"
    assert {"乐清市", "玉环市"} <= set(_rows(test)["分区"])


def test_within_a_city_the_rows_are_its_counties(opened: Opened):
    assert set(_rows(opened("stock", zone="331000"))["分区"]) >= {"玉环市", "三门县"}


def test_another_set_of_coefficients_changes_the_stock_and_the_address(opened: Opened):
    test = opened("stock")
    before = _rows(test)["储量（吨 C）"].sum()
    test.selectbox(key="choose_factors").set_value("ipcc-tier1").run()
    assert not test.exception
    assert test.query_params["factors"] == "ipcc-tier1"
    assert _rows(test)["储量（吨 C）"].sum() > 2 * before
    test.selectbox(key="choose_factors").set_value("zhejiang").run()
    assert "factors" not in test.query_params
    assert _rows(test)["储量（吨 C）"].sum() == before


def test_the_global_default_stands_beside_what_is_used_with_its_ratio(opened: Opened):
    text = text_of(opened("stock"))
    assert "盐沼：全球 255.0，采用 62.6 t C/公顷，为 4.1 倍" in text
    # soil alone beside vegetation and soil: no ratio
    assert "红树林：全球 386.0，采用 116.3 t C/公顷，不能相比（碳库不同" in text
    assert "不代表全部储量的先后" in text


def test_chinese_means_stand_one_a_species_with_their_sites(opened: Opened):
    table = opened("stock").dataframe[0].value
    rows = table[table["谁的值"].str.startswith("全国")]
    assert rows.loc[rows["生态系统"] == "秋茄", "谁的值"].tolist() == ["全国，n = 23"]
    assert "Sonneratia apetala" in set(rows["生态系统"])
    assert rows["生态系统"].is_unique
    assert set(table.loc[table["生态系统"] == "秋茄", "与采用值之比"]) == {"碳库不同"}


def test_stock_and_burial_stand_apart(opened: Opened):
    text = text_of(opened("stock"))
    assert "不与储量相加" in text


def test_one_ecosystem_can_be_looked_at_alone(opened: Opened):
    assert set(_rows(opened("stock", eco="mangrove"))["生态系统"]) == {"红树林"}


def test_a_place_with_nothing_on_record_says_what_to_do(opened: Opened):
    test = opened("stock", zone="330800")
    assert any("没有记录" in box.value for box in test.info)
    assert len(test.dataframe) == 0


def test_unknown_words_in_the_address_show_the_page_as_to_a_newcomer(opened: Opened):
    test = opened("stock", zone="<b>x</b>", factors="../etc", level="9", survey="x")
    assert not test.exception
    assert "<b>x</b>" not in text_of(test)
    assert test.selectbox(key="choose_factors").value == "zhejiang"
    assert test.segmented_control(key="choose_level").value == "city"


@pytest.mark.parametrize(
    ("stock", "unvalued", "said"),
    [(10.0, 0.0, ""), (10.0, 5.0, "≥"), (float("nan"), 5.0, "无系数")],
)
def test_a_lower_bound_and_an_unknown_are_told_apart(stock: float, unvalued: float, said: str):
    assert stock_table.bound(stock, unvalued) == said


def cells_of(text: str, first: str) -> list[list[str]]:
    """Cells of every row of a table on the page whose first cell is called so."""
    rows = re.findall(r"<tr>.*?</tr>", text, flags=re.S)
    cells = [re.findall(r"<t[dh][^>]*?(?:/>|>(.*?)</t[dh]>)", row, flags=re.S) for row in rows]
    plain = [[re.sub("<[^>]+>", "", cell) for cell in row] for row in cells]
    return [row for row in plain if row[:1] == [first]]


def test_a_sum_over_ground_without_a_coefficient_is_written_as_a_lower_bound(opened: Opened):
    (whole,) = cells_of(text_of(opened("stock")), "合计")
    assert re.fullmatch(r"≥ [\d,]+", whole[3])


def test_the_overview_marks_cities_and_the_province_that_hold_more_than_is_known(opened: Opened):
    text = text_of(opened("overview"))
    (zhoushan,) = cells_of(text, "舟山市")
    (province,) = cells_of(text, "全省")
    assert zhoushan[-1] == "≥ 23"
    assert re.fullmatch(r"≥ [\d,]+", province[-1])


def test_the_table_of_a_zone_says_why_it_is_not_there_while_one_ecosystem_is_chosen(opened: Opened):
    words = "要下载，请先显示全部生态系统"
    assert words in text_of(opened("zone", zone="331000", eco="mangrove"))
    assert words not in text_of(opened("zone", zone="331000"))
