"""Sentences of the library on Chinese pages: read back into their patterns, values untouched."""

from __future__ import annotations

import re
import time

from hypothesis import given
from hypothesis import strategies as st

from ui.library_words import in_language
from ui.words import catalogue

SENTENCES = catalogue("zh", "library")
PATTERNS = sorted(
    text for text in SENTENCES if "{0}" in text and not text.startswith((" ", ",", ";", ":", "("))
)
VALUES = st.lists(st.from_regex(r"[A-Z][0-9]{1,4}", fullmatch=True), min_size=10, max_size=10)


def test_a_sentence_without_values_is_looked_up():
    assert in_language("the file is empty", "zh") == SENTENCES["the file is empty"]
    assert in_language("the file is empty", "en") == "the file is empty"


@given(pattern=st.sampled_from(PATTERNS), values=VALUES)
def test_every_value_comes_through_and_the_sentence_is_chinese(pattern, values):
    places = len(re.findall(r"\{\d\}", pattern))
    told = in_language(pattern.format(*values), "zh")
    for value in values[:places]:
        assert value in told
    assert re.search("[一-鿿]", told) or told == SENTENCES[pattern].format(*values)


def test_a_value_is_text_whatever_it_looks_like():
    told = in_language("there is no layer '{1} <b> {0}'", "zh")
    assert "'{1} <b> {0}'" in told
    assert told != "there is no layer '{1} <b> {0}'"


def test_a_sentence_joined_to_another_is_read_too():
    whole = in_language("there is no sheet 'A'; there are: B", "zh")
    assert whole.startswith(SENTENCES["there is no sheet {0}"].split("{0}")[0])
    assert "there" not in whole


def test_what_is_no_sentence_of_the_library_stays_as_it_is():
    assert in_language("Purple monkey dishwasher", "zh") == "Purple monkey dishwasher"


def test_a_long_text_of_a_file_costs_no_time():
    text = "x " + "0 … 1, y 2 … " * 3000 + "!"
    began = time.process_time()
    in_language(text, "zh")
    assert time.process_time() - began < 5  # one pass a pattern; backtracking would take days
