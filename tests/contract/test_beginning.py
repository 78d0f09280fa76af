"""What a workspace opens with, where nobody has said it and where that was taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bluecarbon_map.store.base import Change
from bluecarbon_map.store.places import passport_row
from tests import builders
from tests.contract.rows import survey_row
from tests.contract.stores import WRITABLE


@pytest.fixture(params=WRITABLE)
def store(request, tmp_path):
    """A store with two surveys and a plan that names neither to begin with."""

    def postgres():
        return request.getfixturevalue("postgres_server").new_schema()

    made = WRITABLE[request.param](lambda: tmp_path, postgres)
    unsaid = replace(made.info, default_survey_id=None, default_plan_id=None)
    made.apply(Change(kind="edit", actor="甲", tables={"workspace": passport_row(unsaid)},
                      replace=True))  # fmt: skip
    return made


_NAMED = ("surveys", "targets", "habitats", "rasters")


def came(store, survey_id, **changed):
    row = survey_row(survey_id).assign(**changed)
    return store.apply(Change(kind="import", actor="甲", tables={"surveys": row})).change_id


def first(store):
    return store.info.default_survey_id, store.info.default_plan_id


def test_it_opens_with_the_newest_baseline_and_the_first_plan(store):
    assert first(store) == ("S-2025", builders.PLAN)
    came(store, "S-2031", year=2031, mode="special")
    assert first(store)[0] == "S-2025"
    newest = came(store, "S-2030", year=2030, mode="baseline")
    assert first(store)[0] == "S-2030"
    store.undo(newest, actor="乙")
    assert first(store)[0] == "S-2025"


def test_what_somebody_named_stays_until_it_is_taken_back(store):
    named = came(store, "S-2000", year=2000, mode="special")
    said = replace(store.said(), default_survey_id="S-2000")
    store.apply(Change(kind="edit", actor="甲", tables={"workspace": passport_row(said)},
                       replace=True))  # fmt: skip
    assert first(store)[0] == "S-2000"
    undo = store.undo(named, actor="乙")
    assert first(store)[0] == "S-2025"
    store.undo(undo.change_id, actor="乙")
    assert first(store)[0] == "S-2000"


def test_a_workspace_without_a_survey_opens_with_none(store):
    gone = {table: list(store.versions(table)) for table in _NAMED}
    store.apply(Change(kind="edit", actor="甲", tables={}, retire=gone))
    assert first(store) == (None, None)
