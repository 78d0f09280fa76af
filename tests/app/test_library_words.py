"""Sentences of the library on Chinese pages: read back into their patterns, values untouched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.errors import FactorError, InputError, ReadOnlyError, StoreError
from ui import editor
from ui.library_words import in_language
from ui.words import catalogue

SENTENCES = catalogue("zh", "library")
PATTERNS = sorted(
    text for text in SENTENCES if "{0}" in text and not text.startswith((" ", ",", ";", ":", "("))
)
APART = [text for text in PATTERNS if not re.search(r"[A-Za-z}]\{|\}[A-Za-z{]", text)]
"""Where a value touches a word or a value nobody can say where it ends; what the library puts there
begins with a mark."""
CODES = st.from_regex(r"[A-Z][0-9]{1,4}", fullmatch=True)
QUOTED = st.sampled_from(
    ["was read as", "{1} and {0}", "the file is empty", "a; there are: b", "zones", "<b>", "x__ y"]
).map(lambda text: repr(text))


def test_a_sentence_without_values_is_looked_up():
    assert in_language("the file is empty", "zh") == SENTENCES["the file is empty"]
    assert in_language("the file is empty", "en") == "the file is empty"


def _without_marks(pattern):
    return SENTENCES[pattern].replace(":word}", "}")


@given(pattern=st.sampled_from(APART), values=st.lists(CODES, min_size=10, max_size=10))
def test_every_value_stands_at_its_place(pattern, values):
    own = len(re.sub(r"\{\d\}|\W", "", pattern))
    told = in_language(pattern.format(*values), "zh")
    if own >= 6:
        assert told == _without_marks(pattern).format(*values)


@given(pattern=st.sampled_from(APART), values=st.lists(QUOTED, min_size=10, max_size=10))
def test_what_stands_in_quotation_marks_is_never_looked_into(pattern, values):
    told = in_language(pattern.format(*values), "zh")
    for value in values[: len(re.findall(r"\{\d\}", pattern))]:
        assert value in told
    assert re.search("[一-鿿]", told)


def test_a_value_is_text_whatever_it_looks_like():
    told = in_language("there is no layer '{1} <b> {0}'", "zh")
    assert told == SENTENCES["there is no layer {0}"].format("'{1} <b> {0}'")


def test_a_word_is_translated_only_where_the_library_put_it():
    assert in_language("zones need outlines, and plain text or a table has none", "zh").startswith(
        SENTENCES["zones"]
    )
    assert "zones" in in_language("column zones: it is not stated", "zh")
    assert "红树林" in in_language("'CM' was read as mangrove (row 2)", "zh")


def test_a_sentence_joined_to_another_is_read_too():
    whole = in_language("there is no sheet 'A'; there are: B", "zh")
    assert whole.startswith(SENTENCES["there is no sheet {0}"].split("{0}")[0])
    assert "there" not in whole


@pytest.mark.parametrize(
    "text",
    [
        "Purple monkey dishwasher",
        "something new: no pattern at all has this in it",
        "it is not in the catalogue to this day",
        "\x02 the file is empty",
        "there is no layer " + "x" * 5000,
    ],
)
def test_what_is_no_sentence_of_the_library_stays_as_it_is(text):
    assert in_language(text, "zh") == text


@pytest.mark.timeout(60)  # backtracking would take days
@pytest.mark.parametrize(
    "text",
    [
        "x " + "0 … 1, y 2 … " * 280 + "!",
        "1 columns go nowhere: 'x was read as a" + "_" * 3000 + "! to b'",
        "x was read as a" + "_" * 3000 + "! to b",
        "'" * 3900,
        "'a" * 1900,
        " and 3 more" * 350,
        "(" * 3900,
    ],
)
def test_a_long_text_of_a_file_comes_to_an_end_with_all_its_letters(text):
    told = in_language(text, "zh")
    assert max(re.findall(r"_+|'+|\(+", told) or [""], key=len) in text
    assert len(told) > 100


@pytest.mark.parametrize(
    "problem",
    [
        InputError("a.csv", "the file is empty", "Choose the right file"),
        FactorError("an interval without its kind", "Leave the cell empty"),
        ReadOnlyError(
            "工作区", "Copy it into a new workspace with a database first (copy_workspace)"
        ),
        StoreError(
            "工作区",
            "the disk is full; nothing of this change was stored",
            "Make room, then try again",
        ),
    ],
    ids=lambda problem: type(problem).__name__,
)
def test_why_something_was_not_stored_is_said_in_chinese(problem, monkeypatch):
    monkeypatch.setattr("ui.state.language", lambda: "zh")
    for line in editor.refusal(problem):
        assert not line or re.search("[一-鿿]", line)
        assert not re.search("[a-z]{3,} [a-z]{2,}", line)
