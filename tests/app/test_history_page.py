"""记录: changes, what one did, taking one back, and whether the chain still fits."""

from __future__ import annotations

import sqlite3

import pytest

from bluecarbon_map.gate.edits import projects_by_key, save_project
from bluecarbon_map.store.base import Register
from tests.app.conftest import Opened, buttons_of, may_edit, text_of

KEY = ("one", "coastal_wetland_restored")


def accepted(store: Register) -> float:
    return projects_by_key(store.projects())[KEY]["accepted"]


@pytest.fixture
def edited(office):
    """One edit: the accepted amount goes from 60 to 70."""
    row = projects_by_key(office.projects())[KEY]
    save_project(office, row | {"accepted": 70.0}, seen=1, actor="李四", reason="=1+1")
    return office


def test_a_folder_of_files_says_that_it_keeps_no_history_yet(opened: Opened):
    text = text_of(opened("history"))
    assert "还没有变更记录" in text
    assert "bluecarbon app --local-editor" in text


def test_with_the_right_to_write_it_leads_to_the_first_change(opened: Opened, monkeypatch):
    may_edit(monkeypatch)
    text = text_of(opened("history"))
    assert 'href="./import' in text
    assert 'href="./projects' in text


def test_every_change_stands_there_with_who_when_and_why(opened: Opened, edited):
    test = opened("history")
    newest = test.dataframe[0].value.iloc[0]
    assert newest.tolist()[0] == 3
    assert "李四" in newest.tolist()
    assert "编辑" in newest.tolist()
    assert any("(UTC+" in str(cell) or "(UTC-" in str(cell) for cell in newest)


def test_an_edit_shows_what_stood_there_before_and_after(opened: Opened, edited):
    test = opened("history")
    assert "<dt>已验收</dt><dd>60.0 → 70.0</dd>" in text_of(test)
    entries = test.dataframe[-1].value.astype(str)
    whole = " ".join(entries.to_numpy().ravel())
    assert '"accepted":60.0' in whole
    assert '"accepted":70.0' in whole


def test_undo_and_undo_of_the_undo_restore_each_state_exactly(opened: Opened, edited):
    test = opened("history")
    test.text_input(key="history_who").set_value("王五")
    test.text_input(key="history_reason").set_value("报错了")
    test.button(key="history_take_back").click().run()
    assert not test.exception
    assert "第 3 号变更已由第 4 号变更撤销" in text_of(test)
    assert accepted(edited) == 60.0
    newest = edited.changes().iloc[0]
    assert (newest["actor"], newest["reason"]) == ("王五", "报错了")

    assert test.button(key="history_take_back").label == "重做：恢复这次变更"
    test.button(key="history_take_back").click().run()
    assert accepted(edited) == 70.0


def test_a_change_that_a_later_one_rests_on_is_not_undone(opened: Opened, edited):
    row = projects_by_key(edited.projects())[KEY]
    save_project(edited, row | {"accepted": 75.0}, seen=2, actor="赵六")
    test = opened("history")
    test.selectbox(key="history_chosen").set_value(3).run()
    test.text_input(key="history_who").set_value("王五")
    test.button(key="history_take_back").click().run()
    text = text_of(test)
    assert "没有撤销" in text
    assert "赵六" in text
    assert accepted(edited) == 75.0


def test_without_the_right_to_write_nothing_can_be_undone(opened: Opened, edited, monkeypatch):
    monkeypatch.delenv("BLUECARBON_LOCAL_EDITOR")
    test = opened("history")
    assert not [button for button in test.button if button.key == "history_take_back"]
    assert "bluecarbon app --local-editor" in text_of(test)


def test_the_chain_is_verified_and_the_result_said_in_words(opened: Opened, edited):
    test = opened("history")
    test.button(key="history_verify").click().run()
    assert f"审计链完整，共 {len(edited.audit())} 条" in text_of(test)


def test_a_value_changed_behind_the_back_of_the_store_is_found(opened: Opened, edited):
    with sqlite3.connect(edited.folder / "workspace.db") as direct:
        names = direct.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            direct.execute(f'DROP TRIGGER "{name}"')
        direct.execute("UPDATE projects SET accepted = 99 WHERE row_version = 2")
    direct.close()
    test = opened("history")
    test.button(key="history_verify").click().run()
    text = text_of(test)
    assert "处与写入时不一致" in text
    assert "projects" in text


def test_the_audit_leaves_as_a_csv_that_no_spreadsheet_runs(
    opened: Opened, edited, monkeypatch: pytest.MonkeyPatch
):
    found = buttons_of(monkeypatch)
    opened("history")
    make = next(data for data, more in found if more["key"] == "history_csv")
    lines = make().decode("utf-8-sig").splitlines()
    assert len(lines) == len(edited.audit()) + 1
    assert lines[0].startswith("entry_no,change_id,at,actor,action")


def test_hostile_text_of_a_change_is_shown_as_text(opened: Opened, office):
    hostile = "<script>alert(1)</script>"
    row = projects_by_key(office.projects())[KEY]
    save_project(office, row | {"accepted": 1.0}, seen=1, actor=hostile, reason=hostile)
    text = text_of(opened("history"))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
