"""系数: what is used, adding and changing an own one, the doubts, the second of two editors."""

from __future__ import annotations

import pytest

from bluecarbon_map.gate.factor_edits import beginnings, own_factors, save_factor
from tests.app.conftest import Opened, may_edit, text_of

PROVINCIAL = "mangrove-zhejiang-2022-ecosystem-stock"


def chosen(opened: Opened, what: str, **address: str):
    test = opened("factors", **address)
    return test.selectbox(key="factor_chosen").set_value(what).run()


def saved(test, who="王五", reason="本单位复测", **values):
    test.text_input(key="factor_who").set_value(who)
    test.text_input(key="factor_reason").set_value(reason)
    for column, value in values.items():
        found = [*test.text_input, *test.number_input, *test.selectbox]
        next(one for one in found if one.key == f"factor_{column}").set_value(value)
    test.button(key="factor_save").click().run()
    assert not test.exception, test.exception
    return test


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_whoever_may_not_write_sees_what_is_used_and_how_to_edit(opened: Opened, lang: str):
    test = opened("factors", lang=lang)
    text = text_of(test)
    assert "bluecarbon app --local-editor" in text
    table = test.dataframe[0].value
    used = table[table.iloc[:, 0]]
    assert PROVINCIAL in used.iloc[:, -1].tolist()
    assert 0 < len(used) < len(table)
    assert not [box for box in test.selectbox if box.key == "factor_chosen"]


def test_a_new_version_of_a_published_value_is_stored_with_who_and_why(opened: Opened, office):
    test = saved(chosen(opened, PROVINCIAL), value=140.0, source="本单位 2024 年样柱")
    assert "已保存，第 3 号变更" in text_of(test)
    row = own_factors(office)[PROVINCIAL]
    assert (row["value"], row["source"], row["unit"]) == (140.0, "本单位 2024 年样柱", "t C/ha")
    newest = office.changes().iloc[0]
    assert (newest["actor"], newest["reason"]) == ("王五", "本单位复测")
    text = text_of(test)
    assert "浙江（最本地优先） + 本单位自有系数" in text
    assert "140 t C/ha" in text
    everything = test.dataframe[1].value
    assert f"own:{PROVINCIAL}@1" in everything.iloc[:, -1].tolist()


def test_a_new_coefficient_needs_a_source_and_a_reason(opened: Opened, office):
    test = chosen(opened, "")
    test = saved(test, factor_id="ours", region="乐清", value=150.0, reason="")
    assert "缺少理由" in text_of(test)
    test = saved(test, value=150.0)
    assert "“来源”" in text_of(test)
    assert own_factors(office) == {}
    test = saved(test, source="样柱")
    assert own_factors(office)["ours"]["value"] == 150


def test_a_doubt_is_shown_and_must_be_confirmed(opened: Opened, office):
    test = saved(chosen(opened, PROVINCIAL), value=116.35 * 44 / 12, source="样柱")
    assert own_factors(office) == {}
    assert "C 与 CO₂ 混用" in text_of(test)
    test.checkbox(key="factor_sure").check().run()
    test.button(key="factor_save").click().run()
    assert own_factors(office)[PROVINCIAL]["value"] == pytest.approx(116.35 * 44 / 12)


def test_the_second_of_two_editors_sees_the_conflict_and_loses_nothing(opened: Opened, office):
    base = beginnings()[PROVINCIAL] | {"source": "样柱"}
    save_factor(office, base | {"value": 130.0}, seen=None, actor="甲", reason="x")
    test = chosen(opened, PROVINCIAL)
    save_factor(office, base | {"value": 135.0}, seen=1, actor="李四", reason="y")
    saved(test, value=140.0, source="我的来源")
    text = text_of(test)
    assert "李四 保存了这个系数" in text
    assert all(said in text for said in ("130", "135", "140", "我的来源"))
    assert own_factors(office)[PROVINCIAL]["value"] == 135

    test.button(key="factor_mine").click().run()
    assert not test.exception
    assert test.number_input(key="factor_value").value == 140
    test.button(key="factor_save").click().run()
    assert own_factors(office)[PROVINCIAL] == base | {"value": 140.0, "source": "我的来源"}
    assert len(office.history("factors", (PROVINCIAL,))) == 3


def test_theirs_can_be_kept(opened: Opened, office):
    base = beginnings()[PROVINCIAL] | {"source": "样柱"}
    save_factor(office, base | {"value": 130.0}, seen=None, actor="甲", reason="x")
    test = chosen(opened, PROVINCIAL)
    save_factor(office, base | {"value": 135.0}, seen=1, actor="李四", reason="y")
    saved(test, value=140.0)
    test.button(key="factor_theirs").click().run()
    assert not test.exception
    assert test.number_input(key="factor_value").value == 135


def test_a_retired_coefficient_is_gone_from_the_set(opened: Opened, office):
    base = beginnings()[PROVINCIAL] | {"source": "样柱"}
    save_factor(office, base, seen=None, actor="甲", reason="x")
    test = chosen(opened, PROVINCIAL)
    test.text_input(key="factor_who").set_value("王五")
    test.text_input(key="factor_reason").set_value("以省普查为准")
    test.button(key="factor_retire").click().run()
    assert not test.exception
    assert own_factors(office) == {}


def test_a_hostile_name_stays_text(opened: Opened, office):
    evil = "<img src=x onerror=alert(1)>"
    test = saved(chosen(opened, PROVINCIAL), source=evil, reason=evil)
    assert own_factors(office)[PROVINCIAL]["source"] == evil
    assert evil not in text_of(test)


def test_the_set_is_offered_where_there_are_own_coefficients(opened: Opened, office):
    assert "workspace" not in opened("stock").selectbox(key="choose_factors").options
    base = beginnings()[PROVINCIAL] | {"source": "样柱", "value": 140.0}
    save_factor(office, base, seen=None, actor="甲", reason="x")
    test = opened("stock", factors="workspace")
    assert test.selectbox(key="choose_factors").value == "workspace"
    assert "本单位自有系数" in text_of(test)


def test_an_empty_workspace_opens(opened: Opened, empty, monkeypatch):
    may_edit(monkeypatch)
    assert "还没有。自有系数须写明来源" in text_of(opened("factors"))
