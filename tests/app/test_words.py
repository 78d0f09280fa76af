"""Every text on screen has its translation, and unknown is a word."""

from __future__ import annotations

import importlib.util
import math
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import numbers
from ui.words import translate

ROOT = Path(__file__).parents[2]


def _check_words():
    path = ROOT / "scripts" / "check_words.py"
    spec = importlib.util.spec_from_file_location("check_words", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


check_words = _check_words()


def test_every_text_is_translated_and_no_translation_is_left_over():
    assert check_words.problems() == []


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "app" / "locale", tmp_path / "locale")
    shutil.copytree(ROOT / "app" / "ui", tmp_path / "ui")
    shutil.copytree(ROOT / "app" / "views", tmp_path / "views")
    shutil.copy(ROOT / "app" / "streamlit_app.py", tmp_path)
    return tmp_path


def test_a_new_text_without_translation_is_found(copied: Path):
    (copied / "new.py").write_text('from ui.words import _\n_("A new text")\n')
    assert "zh_CN: missing 'A new text'" in check_words.problems(copied)


def test_a_text_inside_an_f_string_is_found(copied: Path):
    (copied / "new.py").write_text("from ui.words import _\nx = f\"{_('Inner text')}: 1\"\n")
    assert "zh_CN: missing 'Inner text'" in check_words.problems(copied)


def test_a_text_that_is_no_literal_is_refused(copied: Path):
    (copied / "new.py").write_text("from ui.words import _\nx = 'a'\n_(x)\n")
    with pytest.raises(ValueError, match="must be a literal"):
        check_words.problems(copied)


def test_an_empty_and_a_fuzzy_translation_are_found(copied: Path):
    path = check_words.catalogue_path("zh_CN", copied)
    text = path.read_text(encoding="utf-8")
    text = text.replace('msgstr "分布"', 'msgstr ""').replace(
        'msgid "Overview"', '#, fuzzy\nmsgid "Overview"'
    )
    path.write_text(text, encoding="utf-8")
    assert {"zh_CN: not translated 'Distribution'", "zh_CN: fuzzy 'Overview'"} <= set(
        check_words.problems(copied)
    )


def test_unknown_is_a_word_in_both_languages():
    for value in (None, math.nan):
        assert numbers.plain(value, 1, "zh") == "无数据"
        assert numbers.plain(value, 1, "en") == "no data"
        assert numbers.carbon(value, "zh")[0] == "无数据"


def test_numbers_are_written_as_the_trade_writes_them():
    assert numbers.area(1234.46, "zh") == ("1,234.5", "公顷")
    assert numbers.area(1234.46, "en") == ("1,234.5", "ha")
    assert numbers.carbon(36_359.4, "zh") == ("3.64", "万吨 C")
    assert numbers.carbon(36_359.4, "en") == ("36.4", "kt C")
    assert numbers.carbon(9_999.4, "zh") == ("9,999", "吨 C")
    assert numbers.carbon(133_318.0, "zh", "t CO2e") == ("13.33", "万吨 CO₂e")


@given(st.floats(0, 1e12))
def test_a_number_is_never_written_as_unknown(value: float):
    assert translate("no data", "zh") not in numbers.joined(numbers.carbon(value, "zh"))
