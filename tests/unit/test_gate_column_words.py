"""Names that offices give their columns, with units and additions of their own."""

import pandas as pd
import pytest

from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.parsed import Parsed
from bluecarbon_map.gate.rows import rows_of
from bluecarbon_map.gate.wanted import WANTED, matches

TRADE = {"编号": "T1", "成交量": "12.5", "成交日期": "2024-03-01", "交易类型": "成交"}
HARVEST = {"编号": "H1", "种类": "海带", "产量（吨）": "12", "收获日期": "2024-03-01"}


def without(row, name):
    return {key: value for key, value in row.items() if key != name}


def read(kind, row):
    table = pd.DataFrame([row], dtype="object")
    return rows_of(Parsed(table=table, row_numbers=[1]), Options(kind=kind, source="测试"))


def of(rows, code):
    return [one for one in rows.problems if one.code == code]


@pytest.mark.parametrize(
    "name", ["单价_元每吨", "单价（元/吨）", "成交单价元每吨", "交易单价（元/吨CO2e）",
             "成交价格（元/吨二氧化碳当量）", "单价(元/tCO2e)"],
)  # fmt: skip
def test_a_price_with_its_unit_in_the_name_is_a_price(name):
    rows = read(Kind.TRANSACTIONS, TRADE | {name: "88.5"})
    assert str(rows.table["price_cny_t"].iloc[0]) == "88.5"
    assert of(rows, "columns_ignored") == []


@pytest.mark.parametrize(
    ("name", "unit"), [("容重_克每立方厘米", "g/cm³"), ("容重（千克每立方米）", "kg/m³")]
)
def test_a_quotient_may_be_written_with_a_word(name, unit):
    wanted = next(one for one in WANTED[Kind.CORES] if one.name == "dry_bulk_density_g_cm3")
    fit = matches(wanted, name)
    assert fit is not None
    assert wanted.measure.spelt[fit[1]][0] == unit


@pytest.mark.parametrize("name", ["采收日期", "采收时间", "收获时间", "收割日期", "采收年份"])
def test_days_of_a_harvest_go_by_many_names(name):
    rows = read(Kind.HARVESTS, without(HARVEST, "收获日期") | {name: "2024-03-01"})
    assert rows.mapping["harvested_on"] == name


@pytest.mark.parametrize(
    ("kind", "row", "name", "word", "missing"),
    [
        (Kind.TRANSACTIONS, TRADE, "单价（美元/吨）", "单价", "price_cny_t"),
        (Kind.TRANSACTIONS, TRADE, "单价美元", "单价", "price_cny_t"),
        (Kind.TRANSACTIONS, TRADE, "price paid", "price", "price_cny_t"),
        (
            Kind.TRANSACTIONS,
            without(TRADE, "成交日期"),
            "成交日期（公历）",
            "成交日期",
            "traded_on",
        ),
    ],
)
def test_an_unused_column_that_begins_like_a_missing_one_is_a_warning(
    kind, row, name, word, missing
):
    rows = read(kind, row | {name: "2024-03-01" if "日期" in name else "88.5"})
    (told,) = [one for one in rows.problems if one.column == name]
    assert told.severity == "warning"
    assert told.code in ("column_like", "unit_unknown")
    assert name in told.message
    assert missing in told.message
    if told.code == "column_like":
        assert repr(word) in told.message


@pytest.mark.parametrize("name", ["priced", "单", "其他单价", "kindness", "价"])
def test_other_words_are_no_warning(name):
    rows = read(Kind.TRANSACTIONS, TRADE | {name: "88.5"})
    assert [one for one in rows.problems if one.severity == "warning"] == []
    assert len(of(rows, "columns_ignored")) == 1


@pytest.mark.parametrize("value", ["估算", "", "见附件 3"])
def test_words_are_no_amount_whatever_their_column_is_called(value):
    rows = read(Kind.TRANSACTIONS, TRADE | {"单价来源": value})
    assert of(rows, "column_like") == []


def test_a_column_that_is_there_is_not_asked_for_again():
    rows = read(Kind.TRANSACTIONS, TRADE | {"单价": "88.5", "单价来源": "x"})
    assert of(rows, "column_like") == []


@pytest.mark.parametrize("kind", WANTED)
def test_no_name_of_a_column_is_told_twice(kind):
    for wanted in WANTED[kind]:
        words = wanted.words()
        assert len(set(words)) == len(words)


def test_the_way_out_of_a_missing_column_names_each_word_once():
    (told,) = of(read(Kind.HARVESTS, without(HARVEST, "收获日期")), "column_missing")
    assert told.fix.count("harvested_on") == 1
