"""编辑工程: reading, changing, adding; a version that came between is shown and nothing is lost."""

from __future__ import annotations

import pytest

from bluecarbon_map.gate.edits import projects_by_key, save_project
from tests.app.conftest import Opened, may_edit, text_of

KEY = ("one", "coastal_wetland_restored")


def row_of(store, key=KEY):
    return projects_by_key(store.projects())[key]


def chosen(opened: Opened, key=KEY, **address):
    test = opened("projects", **address)
    return test.selectbox(key="project_chosen").set_value(key).run()


def saved(test, who="王五", **values):
    test.text_input(key="project_who").set_value(who)
    for column, value in values.items():
        found = [*test.text_input, *test.number_input, *test.selectbox]
        next(one for one in found if one.key == f"project_{column}").set_value(value)
    test.button(key="project_save").click().run()
    assert not test.exception, test.exception
    return test


def test_without_the_right_to_write_the_page_shows_the_projects_and_says_how_to_edit(
    opened: Opened,
):
    test = opened("projects")
    assert "临海白沙湾蓝色海湾整治" in test.dataframe[0].value.iloc[0].tolist()
    assert "bluecarbon app --local-editor" in text_of(test)
    assert not [box for box in test.selectbox if box.key == "project_chosen"]


def test_an_empty_workspace_says_what_to_do_next(opened: Opened, empty, monkeypatch):
    may_edit(monkeypatch)
    test = opened("projects")
    assert "还没有工程记录" in test.info[0].value
    assert test.selectbox(key="project_chosen").options == ["＋ 新工程"]


def test_a_change_becomes_the_next_version_with_who_and_why(opened: Opened, office):
    test = chosen(opened)
    test.text_input(key="project_reason").set_value("验收报告")
    saved(test, accepted=61.5)
    assert row_of(office)["accepted"] == 61.5
    newest = office.changes().iloc[0]
    assert (newest["kind"], newest["actor"], newest["reason"]) == ("edit", "王五", "验收报告")
    text = text_of(test)
    assert "已保存，第 3 号变更" in text
    assert "验收: 60 → 61.5" in text.replace("已验收", "验收")


def test_what_is_left_empty_is_unknown_and_zero_is_none(opened: Opened, office):
    saved(chosen(opened), accepted=None, surviving=0.0)
    found = row_of(office)
    assert found["accepted"] is None
    assert found["surviving"] == 0.0


def test_the_second_of_two_editors_sees_both_versions_and_chooses(opened: Opened, office):
    test = chosen(opened)
    theirs = row_of(office) | {"accepted": 70.0, "note_zh": "他们的说明"}
    save_project(office, theirs, seen=1, actor="李四")
    saved(test, accepted=80.0, planned=90.0)
    text = text_of(test)
    assert "李四 已保存了新版本" in text
    for said in ("60", "70", "80", "90", "他们的说明"):
        assert f"<span>{said}</span>" in text
    assert row_of(office)["accepted"] == 70.0, "nothing was stored over theirs"

    test.button(key="project_merge").click().run()
    assert "双方都改过的字段请逐一选择" in text_of(test)
    assert row_of(office)["accepted"] == 70.0

    test.radio(key="project_keep_accepted").set_value("mine").run()
    test.button(key="project_merge").click().run()
    assert not test.exception
    found = row_of(office)
    assert (found["accepted"], found["planned"], found["note_zh"]) == (80.0, 90.0, "他们的说明")


def test_the_second_editor_can_keep_what_is_stored(opened: Opened, office):
    test = chosen(opened)
    save_project(office, row_of(office) | {"accepted": 70.0}, seen=1, actor="李四")
    saved(test, accepted=80.0)
    test.button(key="project_theirs").click().run()
    assert test.number_input(key="project_accepted").value == 70.0
    saved(test, accepted=71.0)
    assert row_of(office)["accepted"] == 71.0


def test_a_conflict_that_meets_another_one_is_shown_again(opened: Opened, office):
    test = chosen(opened)
    save_project(office, row_of(office) | {"accepted": 70.0}, seen=1, actor="李四")
    saved(test, accepted=80.0)
    save_project(office, row_of(office) | {"accepted": 75.0}, seen=2, actor="赵六")
    test.radio(key="project_keep_accepted").set_value("mine").run()
    test.button(key="project_merge").click().run()
    text = text_of(test)
    assert "赵六 已保存了新版本" in text
    assert "<span>75</span>" in text
    assert "<span>80</span>" in text


def test_a_new_project_is_added_once(opened: Opened, office):
    test = chosen(opened, ("",))
    new = {
        "project_id": "new-one", "name_zh": "新工程", "name_en": "New", "zone_id": "330382",
        "reported_on": "2026-05", "source": "公告",
    }  # fmt: skip
    saved(test, planned=12.5, **new)
    assert row_of(office, ("new-one", "coastal_wetland_restored"))["planned"] == 12.5
    again = saved(chosen(opened, ("",)), planned=1.0, **new)
    assert "已保存了新版本" in text_of(again), "an id that is taken is a conflict, not a loss"
    assert row_of(office, ("new-one", "coastal_wetland_restored"))["planned"] == 12.5


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("accepted_on", "2022-13-01", "请写成 YYYY-MM-DD"),
        ("reported_on", " ", "请写成 YYYY"),
        ("completed_on", "上个月", "请写成 YYYY、YYYY-MM"),
        ("source", "  ", "请填写"),
    ],
)
def test_what_cannot_be_stored_is_said_and_stays_in_the_form(
    opened: Opened, office, column, value, said
):
    test = saved(chosen(opened), **{column: value})
    assert said in text_of(test)
    assert test.text_input(key=f"project_{column}").value == value
    assert len(office.changes()) == 2


def test_nothing_is_stored_without_a_name(opened: Opened, office):
    test = saved(chosen(opened), who="  ", accepted=61.0)
    assert "缺少您的姓名" in text_of(test)
    assert test.number_input(key="project_accepted").value == 61.0
    assert row_of(office)["accepted"] == 60.0


def test_a_hostile_name_is_shown_as_text(opened: Opened, office):
    hostile = "<img src=x onerror=alert(1)>"
    save_project(office, row_of(office) | {"name_zh": hostile}, seen=1, actor=hostile)
    test = chosen(opened)
    text = text_of(test)
    assert "<img" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


def test_the_page_speaks_english_too(opened: Opened, office):
    test = chosen(opened, lang="en")
    assert "What is on record of each project, and how is it corrected?" in text_of(test)
    assert test.button(key="project_save").label == "Save"
    assert test.number_input(key="project_accepted").label == "Accepted"
