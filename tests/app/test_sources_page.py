"""数据来源: layers and tables with their terms, publications, files with their hash."""

from __future__ import annotations

from bluecarbon_map.factors import factors_table
from bluecarbon_map.store.base import Change
from tests import builders
from tests.app.conftest import Opened, text_of


def test_data_name_their_source_and_their_terms(opened: Opened):
    test = opened("sources")
    text = text_of(test)
    assert "LGPL-3" in text
    assert "2025 年变更调查（演示）" in text
    assert "179 个系数" in text
    assert test.dataframe[0].value.iloc[:, 2].sum() == len(factors_table())


def test_demonstration_data_are_marked(opened: Opened):
    assert 'class="badge demo"' in text_of(opened("sources"))


def test_a_file_that_came_in_is_named_with_its_hash(opened: Opened, office):
    table = builders.projects_table(builders.accepted("x", 1.0))
    office.apply(
        Change(kind="import", actor="张三", tables={"projects": table}, source_name="工程<b>.xlsx",
               source_sha256="ab" * 32)
    )  # fmt: skip
    text = text_of(opened("sources"))
    assert "ab" * 32 in text
    assert "工程&lt;b&gt;.xlsx" in text


def test_an_empty_workspace_says_what_to_do_next(opened: Opened, empty):
    test = opened("sources")
    assert "导入工程表" in test.info[0].value
