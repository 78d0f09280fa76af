"""Results that a store keeps, and when they no longer hold."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bluecarbon_map import reports
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.schema import DERIVED
from tests.contract.stores import WRITABLE

PATCHES = ("habitats/S-2022", "zones")


@pytest.fixture(params=WRITABLE)
def store(request, tmp_path):
    """A store that can be written; each test has its own."""

    def postgres():
        return request.getfixturevalue("postgres_server").new_schema()

    return WRITABLE[request.param](lambda: tmp_path, postgres)


class Making:
    """Makes a result, and counts how often it was asked to."""

    def __init__(self, *results, meanwhile=lambda: None):
        self.results, self.meanwhile, self.asked = list(results), meanwhile, 0

    def __call__(self):
        self.meanwhile()
        self.asked += 1
        return self.results[self.asked - 1]


def _moved(store, survey_id):
    """The first patch of a survey becomes a tidal flat."""
    patches = store.habitats(survey_id).iloc[[0]].assign(ecosystem="tidal_flat", species=None)
    patches["species"] = patches["species"].astype("str")
    return store.apply(
        Change(kind="import", actor="甲", tables={"habitats": patches}, replace=True)
    )


def test_a_result_is_made_once(store):
    make = Making(b"\x00 312.5")
    for _ in range(2):
        assert store.kept("sum", of=PATCHES, make=make) == b"\x00 312.5"
    assert make.asked == 1


def test_a_change_of_the_survey_ends_it_and_its_undo_too(store):
    make = Making(b"1", b"2", b"3")
    assert store.kept("sum", of=PATCHES, make=make) == b"1"
    changed = _moved(store, "S-2022")
    assert store.kept("sum", of=PATCHES, make=make) == b"2"
    store.undo(changed.change_id, actor="乙")
    assert store.kept("sum", of=PATCHES, make=make) == b"3"


def test_a_change_of_another_survey_leaves_it(store):
    make = Making(b"1", b"2")
    store.kept("sum", of=PATCHES, make=make)
    _moved(store, "S-2025")
    assert store.kept("sum", of=PATCHES, make=make) == b"1"


def test_a_change_of_the_zones_ends_it(store):
    make = Making(b"1", b"2")
    store.kept("sum", of=PATCHES, make=make)
    zones = store.zones().iloc[[3]].assign(name_zh="另一个名字")
    store.apply(Change(kind="import", actor="甲", tables={"zones": zones}, replace=True))
    assert store.kept("sum", of=PATCHES, make=make) == b"2"


def test_a_result_whose_sources_change_while_it_is_made_is_not_kept(store):
    older = Making(b"older", meanwhile=lambda: _moved(store, "S-2022"))
    assert store.kept("sum", of=PATCHES, make=older) == b"older"
    assert store.kept("sum", of=PATCHES, make=Making(b"newer")) == b"newer"


def test_a_slow_reader_does_not_spoil_what_a_quick_one_kept(store):
    def meanwhile():
        _moved(store, "S-2022")
        store.kept("sum", of=PATCHES, make=Making(b"newer"))

    store.kept("sum", of=PATCHES, make=Making(b"older", meanwhile=meanwhile))
    assert store.kept("sum", of=PATCHES, make=Making(b"wrong")) == b"newer"


def test_areas_of_a_survey_follow_its_patches(store):
    first = reports.measure(store, "S-2022")
    assert ("mangrove", None) in first.kinds
    _moved(store, "S-2022")
    again = reports.measure(store, "S-2022")
    assert ("mangrove", None) not in again.kinds
    assert again.steps.sum() == first.steps.sum()


def test_a_kept_result_that_was_changed_is_named_and_made_anew(store):
    store.kept("sum", of=PATCHES, make=Making(b"312.5"))
    assert store.verify() == ()
    with store.backend.writing() as connection:
        connection.execute(sa.update(DERIVED).values(content=b"999.5"))
    (fault,) = store.verify()
    assert "sum" in fault.what
    assert store.kept("sum", of=PATCHES, make=Making(b"312.5")) == b"312.5"
    assert store.verify() == ()


def test_a_workspace_without_demonstration_says_so_after_the_change(store):
    assert reports.has_demonstration(store)
    plain = {name: store.records(name).query("provenance == 'demonstration'") for name in
             ("habitats", "projects", "rasters")}  # fmt: skip
    changed = {name: rows.assign(provenance="published") for name, rows in plain.items()}
    store.apply(Change(kind="edit", actor="甲", tables=changed, replace=True))
    assert not reports.has_demonstration(store)
