"""方法: examples worked live, coefficients searchable, words and sources in both languages."""

from __future__ import annotations

import re

import pytest

from bluecarbon_map.factors import factors_table
from bluecarbon_map.reports.glossary import glossary, misunderstandings
from tests.app.conftest import Opened, text_of
from ui import factor_words
from ui.words import catalogue

TOPICS = ("formulas", "coefficients", "misunderstandings", "glossary")
SEARCH = "methods_search"


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_topic_has_its_address(opened: Opened, topic: str, lang: str):
    test = opened("methods", topic=topic, lang=lang)
    assert test.segmented_control(key="methods_topic").value == topic


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ("area", ("10,642,393,438.71 m²",)),
        (
            "02-stock",
            ("312.5 ha × 116.35 t C/ha = 36,359 t C", "36,359 t C × 44/12 = 133,318 t CO₂e"),
        ),
        ("stock", ("3.64 万 × 3.67 = 13.36 万吨",)),
        ("flux", ("561.25 t C/yr",)),
        ("trust", ("14,000 (13,500–15,300) t C",)),
        ("credits", ("780.9",)),
    ],
)
def test_the_numbers_of_2022_are_worked_out_on_the_page(
    opened: Opened, card: str, said: tuple[str, ...]
):
    text = text_of(opened("methods", card=card))
    for words in said:
        assert words in text


def test_choosing_a_topic_changes_the_address(opened: Opened):
    test = opened("methods")
    test.segmented_control(key="methods_topic").set_value("glossary").run()
    assert not test.exception
    assert test.query_params["topic"] == "glossary"
    test.segmented_control(key="methods_topic").set_value("formulas").run()
    assert "topic" not in test.query_params


def test_an_unknown_topic_is_answered_in_words(opened: Opened):
    test = opened("methods", topic="<i>x</i>")
    assert any("没有这个主题" in box.value for box in test.warning)
    assert "10,642,393,438.71 m²" in text_of(test)


def test_all_coefficients_are_there_and_can_be_searched(opened: Opened):
    test = opened("methods", topic="coefficients")
    table = test.dataframe[0].value
    assert len(table) == len(factors_table())
    assert len(set(table.columns)) == 19
    test.text_input(key=SEARCH).set_value("红树林 浙江").run()
    found = test.dataframe[0].value
    assert 0 < len(found) < 20
    assert "mangrove" in found["编号"].to_string()
    assert f"{len(table)} 个系数中的 {len(found)} 个" in text_of(test)


def test_a_search_that_finds_nothing_says_so(opened: Opened):
    test = opened("methods", topic="coefficients")
    test.text_input(key=SEARCH).set_value("nothing.like.this").run()
    assert not test.dataframe
    assert any("没有系数同时含有这些词" in box.value for box in test.info)


def test_a_doi_is_text_and_an_empty_remark_is_no_unknown_number(opened: Opened):
    table = opened("methods", topic="coefficients").dataframe[0].value
    assert table["DOI"].str.contains("10.1111/gcb.15348").any()
    assert table["DOI"].notna().all()
    assert table["下限"].isna().any()


@pytest.mark.parametrize(
    ("column", "word"),
    [
        ("ecosystem", factor_words.about),
        ("region", factor_words.region),
        ("pool", factor_words.pool),
        ("quantity", factor_words.quantity),
    ],
)
def test_every_code_of_the_table_has_chinese_words(column, word):
    chinese = catalogue("zh")
    for key in factors_table()[column].unique():
        said = word(key)
        assert re.search(r"[\u4e00-\u9fff]", chinese.get(said, said)), key


def test_every_misunderstanding_and_every_term_is_on_its_page(opened: Opened):
    text = text_of(opened("methods", topic="misunderstandings"))
    assert text.count('class="said"') == len(misunderstandings())
    assert "种植不等于成活" in text
    words = text_of(opened("methods", topic="glossary"))
    assert all(term.term_zh in words for term in glossary())


def test_the_glossary_is_searched_in_either_language(opened: Opened):
    test = opened("methods", topic="glossary")
    test.text_input(key=SEARCH).set_value("cordgrass").run()
    text = text_of(test)
    assert "互花米草" in text
    assert "匀速应完成量" not in text


def test_a_workspace_without_surveys_and_plans_still_explains_itself(opened: Opened, empty: None):
    for topic in TOPICS:
        assert not opened("methods", topic=topic).exception
