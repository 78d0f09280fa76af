"""Words and misunderstandings of the methods page."""

from __future__ import annotations

import re
from dataclasses import fields

import pandas as pd
import pytest

from bluecarbon_map.factors import factors_table
from bluecarbon_map.reports import worked
from bluecarbon_map.reports.glossary import glossary, matching, misunderstandings

ROWS = [*glossary(), *misunderstandings()]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SIGNS_OF_CHINESE = "，。；：？！"


def identity(row):
    return getattr(row, fields(row)[0].name)


@pytest.mark.parametrize("row", ROWS, ids=identity)
def test_every_text_is_there_in_both_languages_and_has_a_source(row):
    for field in fields(row):
        text = getattr(row, field.name)
        assert text.strip() == text
        assert text
        if field.name.endswith("_en") and field.name != "source_en":
            assert not CHINESE.search(text), field.name
            assert not set(text) & set(SIGNS_OF_CHINESE), field.name
        if field.name.endswith("_zh") and field.name not in {"source_zh", "term_zh"}:
            assert CHINESE.search(text), field.name


@pytest.mark.parametrize("row", ROWS, ids=identity)
def test_brackets_close_and_both_languages_cite_the_same_works(row):
    for field in fields(row):
        text = getattr(row, field.name)
        assert text.count("(") == text.count(")"), field.name
        assert text.count("（") == text.count("）"), field.name
    assert works(row.source_zh) == works(row.source_en)
    assert len(re.split("[；;]", row.source_zh)) == len(re.split("[；;]", row.source_en))


def works(source):
    """Names with a year, and numbers of documents."""
    return set(re.findall(r"[A-Z][A-Za-z]+ \d{4}\b(?!-)|\d+\.\d+/\S+|[A-Z]+-[\dA-Z-]+", source))


def test_no_id_and_no_term_is_there_twice():
    for rows in (glossary(), misunderstandings()):
        assert len({identity(row) for row in rows}) == len(rows)
    for name in ("term_zh", "term_en"):
        assert len({getattr(row, name) for row in glossary()}) == len(glossary())


def test_the_misunderstandings_that_the_province_asks_to_avoid_are_there():
    known = {row.misunderstanding_id for row in misunderstandings()}
    assert {
        "stock-is-not-sink", "c-is-not-co2", "planted-is-not-established", "three-ledgers",
        "spartina", "hectare-mu", "mercator",
    } <= known  # fmt: skip


def test_numbers_told_as_right_are_the_numbers_of_the_library():
    told = {row.misunderstanding_id: row.right_en for row in misunderstandings()}
    made, area = worked.stock_example(), worked.area_example()
    assert f"{made.stock_t_c:,.0f} t C" in told["stock-is-not-sink"]
    assert f"{made.buried_t_c_yr:,.0f} t C a year" in told["stock-is-not-sink"]
    assert f"{made.years:.0f} years" in told["stock-is-not-sink"]
    assert f"{area.mangrove_mu:,.1f} mu" in told["hectare-mu"]
    assert 27 < area.too_large_percent < 37


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", [0, 1, 2]),
        ("MANGROVE", [0]),
        ("ｍａｎｇｒｏｖｅ", [0]),
        ("red soil", [1]),
        ("soil", [1, 2]),
        ("9.5", [2]),
        ("a.b", []),
        ("nan", []),
        ("(", []),
    ],
)
def test_every_word_must_stand_in_a_row_and_is_no_pattern(words, expected):
    table = pd.DataFrame(
        {"what": ["Mangrove", "red", "grey"], "more": [None, "soil", "soil"], "n": [1.0, None, 9.5]}
    )
    assert table.index[matching(table, words)].tolist() == expected


def test_the_coefficients_can_be_found_by_place_and_ecosystem():
    found = factors_table()[matching(factors_table(), "mangrove zhejiang")]
    assert 0 < len(found) < 20
