"""A change survey from its proposal to the survey an office stands by."""

import shutil

import pandas as pd
import pytest

from bluecarbon_map.errors import ConflictError, ContractError, InputError, NotFoundError
from bluecarbon_map.gate import review
from bluecarbon_map.reports.surveys import changes_of
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.places import copy_workspace, create_sqlite, open_register
from bluecarbon_map.tables import Decision, Habitats, PatchChanges, validate_layer
from tests import builders

PASSPORT = {
    "survey_id": "S-2026", "title_zh": "2026 年变更调查", "title_en": "Change survey 2026",
    "means": "mobile", "year": 2026, "method": "船测", "provenance": "survey", "source": "外业",
}  # fmt: skip


def candidate():
    """The mangrove grew, the marsh in the east is bare now, the flat is gone, a bed came."""
    table = builders.workspace_habitats("S-2022").iloc[[0, 1, 2, 2]].reset_index(drop=True)
    table.loc[0, "geometry"] = builders.box(121.02, 28.02, 121.035, 28.03)
    table.loc[2, "ecosystem"] = "tidal_flat"
    table.loc[3, "geometry"] = builders.box(121.15, 28.02, 121.16, 28.03)
    table.loc[3, ["habitat_id", "ecosystem"]] = ["new", "seagrass"]
    table.loc[2:3, "species"] = None
    return table.assign(survey_id=pd.Series("S-2026", index=table.index, dtype="str"))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The small workspace in a database, to copy: quicker than making it for each test."""
    home = tmp_path_factory.mktemp("review")
    source = FolderStore(builders.write_workspace(home / "files"))
    store = create_sqlite(home / "workspace", source.info)
    copy_workspace(source, store, "开始者")
    store.backend.engine.dispose()
    return home / "workspace"


@pytest.fixture
def register(small, tmp_path):
    shutil.copytree(small, tmp_path / "workspace")
    opened = open_register(tmp_path / "workspace")
    yield opened
    opened.backend.engine.dispose()


@pytest.fixture
def proposed(register):
    review.propose(register, "S-2022", PASSPORT, candidate(), actor="甲", source_name="a.gpkg")
    return register


def decide(register, number, decision, note=None, seen=1):
    return review.decide(register, "S-2026", number, decision, note, "乙", seen)


def test_a_proposal_stores_passport_and_pending_changes_in_one_write(proposed):
    changes = review.changes_in(proposed, "S-2026")
    validate_layer(PatchChanges, changes, "EPSG:4490")
    assert changes["what"].tolist() == ["reshaped", "reclassified", "removed", "added"]
    assert set(changes["decision"]) == {"pending"}
    survey = proposed.surveys().set_index("survey_id").loc["S-2026"]
    assert (survey["mode"], survey["base_survey_id"]) == ("change", "S-2022")
    assert survey["source_file"] == "a.gpkg"
    assert pd.isna(survey["accuracy_percent"])
    write = proposed.changes().iloc[0]
    assert (write["kind"], write["actor"], write["details"]["changes"]) == ("import", "甲", 4)
    assert proposed.habitats("S-2026").empty


def test_a_proposal_that_changes_nothing_is_a_passport_alone(register):
    same = builders.workspace_habitats("S-2022")
    review.propose(register, "S-2022", PASSPORT, same, actor="甲")
    assert review.changes_in(register, "S-2026").empty
    said = changes_of(register, "S-2026")
    assert (said.rows.empty, said.unchanged, said.kinds["patches"].sum()) == (True, 4, 0)
    assert review.finish(register, "S-2026", "甲").patches == 4


def test_what_a_passport_must_state_is_not_guessed(register):
    silent = {key: value for key, value in PASSPORT.items() if key != "method"}
    with pytest.raises(InputError, match="passport, column 'method': it is not stated"):
        review.propose(register, "S-2022", silent, candidate(), actor="甲")
    with pytest.raises(ContractError, match="colour"):
        review.propose(register, "S-2022", PASSPORT | {"colour": 1}, candidate(), actor="甲")
    with pytest.raises(NotFoundError, match="no survey 'S-1999'"):
        review.propose(register, "S-1999", PASSPORT, candidate(), actor="甲")
    assert set(register.changes()["kind"]) == {"begin"}


def test_the_accepted_changes_make_the_survey_and_the_rest_is_the_base(proposed):
    decide(proposed, 1, Decision.ACCEPTED)
    decide(proposed, 2, Decision.REJECTED, "现场仍有芦苇")
    decide(proposed, 4, Decision.ACCEPTED, "照片为证")
    done = review.finish(proposed, "S-2026", "丙")
    made = proposed.habitats("S-2026")
    validate_layer(Habitats, made, "EPSG:4490")
    assert done.pending == (3,)
    assert (done.patches, len(made)) == (5, 5)
    kinds = made.set_index("habitat_id")["ecosystem"].to_dict()
    assert kinds["S-2022-s2"] == "salt_marsh"
    assert kinds["S-2022-t1"] == "tidal_flat"
    assert kinds["new"] == "seagrass"
    grown = made.set_index("habitat_id").geometry["S-2022-m1"]
    assert grown.equals(builders.box(121.02, 28.02, 121.035, 28.03))
    told = proposed.changes()["details"].iloc[0]
    assert told["decisions"] == {"accepted": 2, "rejected": 1, "pending": 1}


def test_a_rejection_says_why(proposed):
    with pytest.raises(InputError, match="a rejection without a reason"):
        decide(proposed, 1, Decision.REJECTED, "  ")
    decide(proposed, 1, Decision.REJECTED, "坐标有误")
    row = review.changes_in(proposed, "S-2026").iloc[0]
    assert (row["decision"], row["note"]) == ("rejected", "坐标有误")


def test_a_second_note_replaces_the_first_and_not_what_the_change_said_of_itself(register):
    halves = candidate().iloc[[0, 0]].reset_index(drop=True)
    halves["habitat_id"] = ["left", "right"]
    halves.geometry = [builders.box(121.02, 28.02, 121.026, 28.03),
                       builders.box(121.026, 28.02, 121.03, 28.03)]  # fmt: skip
    review.propose(register, "S-2022", PASSPORT, halves, actor="甲")
    number = int(
        review.changes_in(register, "S-2026").query("what == 'added'")["change_no"].iloc[0]
    )
    said = "其地面原属图斑 S-2022-m1 / its ground was part of S-2022-m1"
    decide(register, number, Decision.REJECTED, "一次")
    decide(register, number, Decision.REJECTED, "两次", seen=2)
    notes = review.changes_in(register, "S-2026").set_index("change_no")["note"]
    assert notes[number] == f"{said} · 两次"


def test_the_second_of_two_who_decide_sees_a_conflict(proposed):
    decide(proposed, 1, Decision.ACCEPTED)
    with pytest.raises(ConflictError, match=r"it is at version 2 by .*, you saw 1"):
        decide(proposed, 1, Decision.REJECTED, "不同意")


def between(register, monkeypatch, what, then):
    """Do something just after a method of the register was asked the first time."""
    look = getattr(register, what)

    def asked(*args, **named):
        found = look(*args, **named)
        monkeypatch.setattr(register, what, look)
        then()
        return found

    monkeypatch.setattr(register, what, asked)


def test_a_decision_made_while_the_survey_is_finished_is_not_lost(proposed, monkeypatch):
    between(proposed, monkeypatch, "versions", lambda: decide(proposed, 1, Decision.ACCEPTED))
    with pytest.raises(ConflictError, match=r"it is at version 2 by .*, you saw 1"):
        review.finish(proposed, "S-2026", "丙")
    assert proposed.habitats("S-2026").empty


def test_a_decision_made_after_the_numbers_were_looked_at_is_not_finished_unseen(proposed):
    looked = dict.fromkeys(proposed.patch_changes()["change_no"], 1)
    decide(proposed, 1, Decision.ACCEPTED)
    with pytest.raises(ConflictError, match=r"it is at version 2 by .*, you saw 1"):
        review.finish(proposed, "S-2026", "丙", decided=looked)
    assert proposed.habitats("S-2026").empty
    review.finish(proposed, "S-2026", "丙", decided=looked | {1: 2})


def test_the_survey_finished_while_a_decision_is_made_refuses_it(proposed, monkeypatch):
    between(proposed, monkeypatch, "habitats", lambda: review.finish(proposed, "S-2026", "丙"))
    with pytest.raises(ConflictError, match=r"it is at version 2 by .*, you saw 1"):
        decide(proposed, 1, Decision.ACCEPTED)


def test_the_base_edited_while_the_survey_is_finished_is_a_conflict(proposed, monkeypatch):
    base = proposed.habitats("S-2022").iloc[[0]].assign(ecosystem="seagrass")
    key = ("S-2022", base["habitat_id"].iloc[0])
    edit = Change(kind="edit", actor="乙", tables={"habitats": base}, seen={"habitats": {key: 1}})
    between(proposed, monkeypatch, "habitats", lambda: between(
        proposed, monkeypatch, "habitats", lambda: proposed.apply(edit)))  # fmt: skip
    with pytest.raises(ConflictError, match=r"it is at version 2 by .*, you saw 1"):
        review.finish(proposed, "S-2026", "丙")


def test_a_decision_that_a_finished_survey_rests_on_is_not_undone(proposed):
    decided = decide(proposed, 1, Decision.ACCEPTED)
    done = review.finish(proposed, "S-2026", "丙")
    with pytest.raises(ConflictError):
        proposed.undo(decided.change_id, actor="甲")
    proposed.undo(done.receipt.change_id, actor="甲")
    assert proposed.habitats("S-2026").empty
    decide(proposed, 1, Decision.REJECTED, "坐标有误", seen=2)
    assert review.finish(proposed, "S-2026", "丙").patches == 4
    assert proposed.verify() == ()


def test_a_survey_whose_patches_all_went_is_finished_once(register):
    review.propose(register, "S-2022", PASSPORT, candidate().iloc[:0], actor="甲")
    for number in review.changes_in(register, "S-2026")["change_no"]:
        decide(register, number, Decision.ACCEPTED)
    assert review.finish(register, "S-2026", "丙").patches == 0
    with pytest.raises(InputError, match="its patches are stored already"):
        review.finish(register, "S-2026", "丙")


def test_the_base_of_a_survey_does_not_go_while_it_is_named(proposed):
    patches = [key for key in proposed.versions("habitats") if key[0] == "S-2022"]
    gone = {"surveys": [("S-2022",)], "habitats": patches}
    with pytest.raises(ConflictError, match="surveys"):
        proposed.apply(Change(kind="edit", actor="甲", retire=gone))


def test_a_finished_survey_is_decided_no_further(proposed):
    review.finish(proposed, "S-2026", "丙")
    with pytest.raises(InputError, match="its patches are stored already"):
        decide(proposed, 1, Decision.ACCEPTED)
    with pytest.raises(InputError, match="its patches are stored already"):
        review.finish(proposed, "S-2026", "丙")


def test_what_is_no_change_survey_or_no_change_is_named(proposed):
    with pytest.raises(NotFoundError, match="no change survey 'S-2022' here; there are: S-2026"):
        review.finish(proposed, "S-2022", "丙")
    with pytest.raises(NotFoundError, match="no change '9' here; there are: 1, 2, 3, 4"):
        decide(proposed, 9, Decision.ACCEPTED)
