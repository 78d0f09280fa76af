"""调查: the review of a change survey, on a real store, up to the survey that comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from bluecarbon_map.dashboard import EDITOR_VARIABLE
from bluecarbon_map.gate import review
from bluecarbon_map.store.base import Register
from bluecarbon_map.tables import Decision
from tests import builders
from tests.app.conftest import Opened, text_of

PASSPORT = {
    "survey_id": "S-2026", "title_zh": "2026 年变更调查", "title_en": "Change survey 2026",
    "means": "mobile", "year": 2026, "method": "船测", "provenance": "survey", "source": "外业",
}  # fmt: skip


@pytest.fixture
def proposed(office: Register) -> Register:
    """Against S-2022: 1 the mangrove grew, 2 the eastern marsh is bare, 3 a flat is gone."""
    table = builders.workspace_habitats("S-2022").iloc[:3].reset_index(drop=True)
    table.loc[0, "geometry"] = builders.box(121.02, 28.02, 121.035, 28.03)
    table.loc[2, ["ecosystem", "species"]] = ["tidal_flat", None]
    table["survey_id"] = "S-2026"
    table["survey_id"] = table["survey_id"].astype("str")
    review.propose(office, "S-2022", PASSPORT, table, actor="甲")
    assert decisions(office) == ["pending"] * 3
    return office


def decisions(store: Register) -> list[str]:
    return list(review.changes_in(store, "S-2026")["decision"])


def pressed(test: Any, key: str) -> Any:
    test.button(key=key).click().run()
    assert not test.exception, test.exception
    return test


def decided(test: Any, decision: Decision, note: str = "") -> Any:
    test.radio(key="review_decision").set_value(decision)
    test.text_input(key="review_note").set_value(note)
    test.text_input(key="review_who").set_value("乙")
    return pressed(test, "review_save")


def buttons(test: Any) -> set[str]:
    return {str(one.key) for one in test.button}


def test_one_accepted_one_rejected_and_the_finished_survey_is_base_plus_accepted(
    opened: Opened, proposed: Register
):
    test = opened("surveys", survey="S-2026")
    assert "<dt>待定</dt><dd>3</dd>" in text_of(test)
    decided(test, Decision.ACCEPTED)
    assert test.selectbox(key="review_change").value == 2, "it goes on to the next open change"
    decided(test, Decision.REJECTED)
    assert "不采纳必须写明理由" in text_of(test)
    assert decisions(proposed) == ["accepted", "pending", "pending"]
    decided(test, Decision.REJECTED, "影像拍于高潮")
    assert decisions(proposed) == ["accepted", "rejected", "pending"]
    assert "影像拍于高潮" in review.changes_in(proposed, "S-2026")["note"][1]

    pressed(test, "review_finish")
    assert proposed.habitats("S-2026").empty, "it only asks"
    assert "采纳的 1 处" in text_of(test)
    pressed(test, "review_yes")
    text = text_of(test)
    assert "审定已完成" in text
    assert "survey=S-2026" in text
    assert "review_save" not in buttons(test)

    base = proposed.habitats("S-2022").set_index("habitat_id")
    made = proposed.habitats("S-2026").set_index("habitat_id")
    assert len(made) == len(base)
    assert made["ecosystem"].sort_index().tolist() == base["ecosystem"].sort_index().tolist()
    grown = builders.box(121.02, 28.02, 121.035, 28.03)
    assert sum(shape.equals(grown) for shape in made.geometry) == 1
    assert proposed.changes().iloc[0]["actor"] == "乙"


def test_all_that_are_open_are_accepted_after_one_yes(opened: Opened, proposed: Register):
    test = opened("surveys", survey="S-2026", lang="en")
    test.text_input(key="review_who").set_value("B")
    pressed(test, "review_all")
    assert "3 open changes" in text_of(test)
    assert decisions(proposed) == ["pending"] * 3
    review.decide(proposed, "S-2026", 2, Decision.REJECTED, "no", "丙", 1)
    pressed(test, "review_yes")
    text = text_of(test)
    assert "2 changes were accepted." in text
    assert "somebody else decided meanwhile: 2." in text
    assert decisions(proposed) == ["accepted", "rejected", "accepted"]


def test_who_decided_otherwise_meanwhile_is_shown_and_what_was_typed_stays(
    opened: Opened, proposed: Register
):
    test = opened("surveys", survey="S-2026")
    review.decide(proposed, "S-2026", 1, Decision.ACCEPTED, "<b>看过</b>", "丙", 1)
    decided(test, Decision.REJECTED, "界线不对")
    text = text_of(test)
    assert "丙" in text
    assert "&lt;b&gt;看过" in text
    assert test.radio(key="review_decision").value == Decision.REJECTED
    assert test.text_input(key="review_note").value == "界线不对"
    assert decisions(proposed)[0] == "accepted"
    pressed(test, "review_mine")
    assert decisions(proposed)[0] == "rejected"


def test_a_review_is_not_finished_over_decisions_that_nobody_saw(
    opened: Opened, proposed: Register
):
    test = opened("surveys", survey="S-2026")
    test.text_input(key="review_who").set_value("乙")
    pressed(test, "review_finish")
    review.decide(proposed, "S-2026", 1, Decision.ACCEPTED, None, "丙", 1)
    pressed(test, "review_yes")
    assert proposed.habitats("S-2026").empty
    assert "采纳的 1 处" in text_of(test)
    pressed(test, "review_no")
    assert "review_finish" in buttons(test)


def test_nobody_decides_without_a_name_or_a_decision(opened: Opened, proposed: Register):
    test = pressed(opened("surveys", survey="S-2026"), "review_save")
    assert "缺少您的姓名" in text_of(test)
    test.text_input(key="review_who").set_value("乙")
    assert "请先选择审定意见" in text_of(pressed(test, "review_save"))
    assert decisions(proposed) == ["pending"] * 3


def test_without_the_right_to_write_the_state_is_shown_and_nothing_can_be_decided(
    opened: Opened, proposed: Register, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(EDITOR_VARIABLE, "0")
    test = opened("surveys", survey="S-2026")
    text = text_of(test)
    assert "<dt>待定</dt><dd>3</dd>" in text
    assert "bluecarbon app --local-editor" in text
    assert not {one for one in buttons(test) if one.startswith("review_")}
