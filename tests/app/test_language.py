"""No text of any page is left in the other language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from bluecarbon_map.ecosystems import SPECIES
from bluecarbon_map.factors import factors_table
from tests.app.conftest import Opened
from ui import naming, numbers

PAGES = (
    "overview",
    "coast",
    "distribution",
    "zone",
    "stock",
    "flux",
    "standards",
    "compare",
    "progress",
    "surveys",
    "projects",
    "import",
    "history",
    "export",
    "methods",
)
CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
SAID = ("label", "help", "placeholder", "title", "alt", "caption", "text", "body", "options")
"""Fields of an element that are read or heard."""

QUOTED_NOTES = "备注"
QUOTED = {"来源", "Source", "source", "Source (as printed)"} | {"note", QUOTED_NOTES}
"""Columns whose cells are citations, or notes of the table of coefficients: they stand as they were
printed, and the page says so."""

OF_COEFFICIENTS = {"物种或类别", "单位"}
"""Columns of the same table that stand as in the file: units, classes without a word of ours."""

ALWAYS = {"中文 | EN", "中文", "English"}
"""The switch says each language in itself."""

CITED = re.compile(r"^(Source|Clause|Area|来源|条款)s?[:：]")
"""Lines that hand on what a document says, in its own words."""

BOTH_NAMES = re.compile(r"^[A-Za-z' -]+ \([\u3400-\u9fff]+\)( · [A-Za-z' -]+)?( +\d{6})?$")
"""A place that can be found by either of its names."""

NOT_WORDS = re.compile(
    r"\b[\w/-]+(\.[\w/-]+)+\S*"  # addresses and file names
    r"|\b\w+(-\w+){2,}|\b\w+(_\w+)+"  # ids of coefficients, names of columns
    r"|\b(t C|t CO2e|ha|km|yr|SD|SE|CI|DOI|IPCC)\b"  # units and signs
    r"|" + "|".join(map(re.escape, SPECIES))
)


def is_cited(text: str) -> bool:
    """Whether a text is a publication as it is cited in the table of coefficients."""
    return text.strip() in publications() or bool(CITED.match(text.strip()))


@cache
def publications() -> frozenset[str]:
    return frozenset(factors_table()["source"].dropna().astype(str))


def left_in_english(text: str) -> bool:
    """Whether it holds Chinese that an English reader is not told in English."""
    beside = text.partition(" / ")[2]
    if len(LATIN_WORD.findall(beside)) >= 2 or text in ALWAYS:
        return False  # says the same in both languages
    if re.search(r"\w\.(cn|com|org)\b", text) or is_cited(text) or BOTH_NAMES.match(text):
        return False
    return bool(CHINESE.search(text))


def left_in_chinese(text: str) -> bool:
    """Whether it is an English sentence."""
    if CHINESE.search(text) or is_cited(text):
        return False
    return len(LATIN_WORD.findall(NOT_WORDS.sub(" ", text))) >= 3


VOID = {"br", "hr", "img", "input", "meta", "link", "wbr", "col"}


class Words(HTMLParser):
    """Collects what a piece of HTML says, but not what it marks as another language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._language = language
        self._open: list[bool] = []
        self._heads: list[str] = []
        self._column = 0
        self._in_head = False

    def _cites(self, tag: str) -> bool:
        """Whether a cell opens that stands below the head of a column of citations."""
        if tag == "table":
            self._heads = []
        self._column = 0 if tag == "tr" else self._column + (tag in {"th", "td"})
        self._in_head = tag == "th" or (self._in_head and tag != "td")
        head = self._heads[self._column - 1 : self._column]
        return tag == "td" and bool(QUOTED.intersection(head))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        other = (given.get("lang") or self._language)[:2] != self._language
        muted = self._cites(tag) or other or tag in {"style", "script"} or any(self._open[-1:])
        if not muted:
            self.said += [given[key] or "" for key in ("title", "aria-label") if key in given]
            self.said += [given[key] or "" for key in ("data-words", "alt") if key in given]
        if tag not in VOID:
            self._open.append(muted)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._in_head and len(self._heads) < self._column:
            self._heads.append(data)
        if not any(self._open[-1:]):
            self.said.append(data)


def spoken(test: AppTest, language: str) -> Iterator[str]:
    """Every text on the page, outside of citations."""
    for element in everything(test):
        proto = getattr(element, "proto", None)
        if element.type == "html":
            words = Words(language)
            words.feed(str(proto.body))
            yield from words.said
        elif element.type in {"dataframe", "arrow_data_frame", "table"}:
            yield from of_frame(element.value)
            yield from of_columns(proto)
        elif element.type == "vega_lite_chart":
            yield from of_chart(proto)
        elif proto is not None:
            yield from of_proto(proto)


def everything(test: AppTest) -> Iterator[Any]:
    def below(node: Any) -> Iterator[Any]:
        yield node
        for child in getattr(node, "children", {}).values():
            yield from below(child)

    yield from below(test._tree)


def of_proto(proto: Any) -> Iterator[str]:
    for field, value in proto.ListFields():
        several = not isinstance(value, str) and hasattr(value, "__iter__")
        for one in value if several else [value]:
            if hasattr(one, "ListFields"):
                yield from of_proto(one)
            elif field.name in SAID and isinstance(one, str):
                yield one


def of_frame(frame: pd.DataFrame) -> Iterator[str]:
    """Cells that are texts; in a column under its name in the files they are those of the files."""
    quoted = QUOTED | (OF_COEFFICIENTS if QUOTED_NOTES in frame.columns else set())
    for name in frame.columns:
        if str(name) not in quoted and not re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", str(name)):
            yield from frame[name][frame[name].map(lambda cell: isinstance(cell, str))]


def of_columns(proto: Any) -> Iterator[str]:
    """Names of the columns on the screen, and their help."""
    for settings in json.loads(proto.columns or "{}").values():
        yield from [settings[key] for key in ("label", "help") if settings.get(key)]


def of_chart(proto: Any) -> Iterator[str]:
    yield from titles(json.loads(proto.spec))
    for dataset in proto.datasets:
        with pa.ipc.open_stream(dataset.data.data) as reader:
            yield from of_frame(reader.read_pandas())


def titles(node: Any) -> Iterator[str]:
    """Titles, texts and descriptions anywhere in a chart's specification."""
    if isinstance(node, list):
        for child in node:
            yield from titles(child)
    elif isinstance(node, dict):
        for key, child in node.items():
            if key in {"title", "text", "description", "subtitle"} and isinstance(child, str):
                yield child
            else:
                yield from titles(child)


OPENED = (
    *((page, {}) for page in PAGES),
    *(("methods", {"topic": topic}) for topic in
      ("coefficients", "misunderstandings", "glossary")),
    ("distribution", {"layers": "patches.r_landcover-2022.r_vi-yueqing-2025.base"}),
    ("compare", {"against": "ZJ-2025", "survey": "ZJ-2022"}),
    ("compare", {"with": "330300,331000"}),
    *(("export", {"what": what}) for what in
      ("species", "pools", "factors", "targets", "patches")),
)  # fmt: skip
"""Every page, and what of it only an address opens."""


@pytest.mark.parametrize(("page", "more"), OPENED)
def test_no_chinese_is_left_on_an_english_page(opened: Opened, page: str, more: dict[str, str]):
    said = list(spoken(opened(page, lang="en", **({"zone": "330382"} | more)), "en"))
    assert len(said) > 20
    assert sorted({text for text in said if left_in_english(text)}) == []


@pytest.mark.parametrize(("page", "more"), OPENED)
def test_no_english_sentence_is_left_on_a_chinese_page(
    opened: Opened, page: str, more: dict[str, str]
):
    said = list(spoken(opened(page, **({"zone": "330382"} | more)), "zh"))
    assert sum(bool(CHINESE.search(text)) for text in said) > 20
    assert sorted({text for text in said if left_in_chinese(text)}) == []


def test_a_text_in_the_wrong_language_would_be_found():
    words = Words("en")
    words.feed('<div>fine<b title="坏">x</b><i lang="zh">红树林</i><style>中</style>尾</div>')
    words.feed(
        "<table><tr><th>Name</th><th>Source</th></tr><tr><td>名</td><td>书</td></tr></table>"
    )
    assert [text for text in words.said if left_in_english(text)] == ["坏", "尾", "名"]
    assert left_in_chinese("No data at all")
    assert not left_in_chinese("salt-marsh-china-fu2021; 61.0 t C/ha; Spartina alterniflora")
    assert not left_in_english("Anji (安吉县) · Huzhou  330523")
    assert left_in_english("Stock of 安吉县 in 2022")


def test_days_and_amounts_are_written_as_each_language_writes_them():
    day = date(2026, 11, 21)
    assert numbers.day(day, "zh") == "2026年11月21日"
    assert numbers.day(day, "en") == "21 Nov 2026"
    assert numbers.area(1234.56, "zh") == ("1,234.6", "公顷")
    assert numbers.area(1234.56, "en") == ("1,234.6", "ha")
    assert numbers.carbon(36359.4, "zh") == ("3.64", "万吨 C")
    assert numbers.carbon(36359.4, "en") == ("36.4", "kt C")
    assert numbers.carbon(23.27, "zh") == ("23", "吨 C")
    assert numbers.listed(["a", "b"], "zh") == "a、b"
    assert numbers.listed(["a", "b"], "en") == "a, b"
    assert numbers.plain(None, 1, "zh") == "无数据"
    assert numbers.plain(-0.04, 1, "zh") == "0.0"
    assert numbers.plain(-0.06, 1, "zh") == "-0.1"


def test_a_text_of_two_halves_is_split_also_where_no_blank_stands_before_the_stroke(
    monkeypatch: pytest.MonkeyPatch,
):
    both = "LGPL-3（轮廓取自 DCW）/ LGPL-3 (outlines from DCW)"
    monkeypatch.setattr(naming.state, "language", lambda: "en")
    assert naming.in_language(both) == "LGPL-3 (outlines from DCW)"
    monkeypatch.setattr(naming.state, "language", lambda: "zh")
    assert naming.in_language(both) == "LGPL-3（轮廓取自 DCW）"
    assert naming.in_language("t/ha · km / h / x") == "t/ha · km / h / x"
