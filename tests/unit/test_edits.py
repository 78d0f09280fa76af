"""One record changed by hand: what three states of it say, and how it is stored."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.errors import ConflictError, InputError, NotFoundError
from bluecarbon_map.gate import extents
from bluecarbon_map.gate.edits import fields, projects_by_key, save_project
from bluecarbon_map.gate.unwritten import Unwritten
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.places import copy_workspace, create_sqlite
from bluecarbon_map.store.schema import RECORDS
from tests import builders

KEY = ("one", "coastal_wetland_restored")
VALUES = st.dictionaries(st.sampled_from("abc"), st.none() | st.integers(0, 2))


@pytest.fixture
def files(workspace_folder):
    return FolderStore(workspace_folder)


@pytest.fixture
def store(files, tmp_path):
    made = create_sqlite(tmp_path / "office", files.info)
    copy_workspace(files, made, "开始者")
    return made


@given(VALUES, VALUES, VALUES)
def test_a_field_clashes_only_where_both_changed_it_to_different_values(before, theirs, mine):
    for one in fields(before, theirs, mine, "abc"):
        both = one.theirs != one.before and one.mine != one.before
        assert one.is_clash == (both and one.theirs != one.mine)
        assert one.only_mine == (one.theirs == one.before and one.mine != one.before)
    named = {one.column for one in fields(before, theirs, mine, "abc")}
    assert all(before.get(c) == theirs.get(c) == mine.get(c) for c in "abc" if c not in named)


def test_a_project_saved_over_the_version_that_was_seen_becomes_the_next_one(store):
    row = projects_by_key(store.projects())[KEY]
    save_project(store, row | {"planned": 12.5, "accepted": None}, seen=1, actor="王五")
    found = projects_by_key(store.projects())[KEY]
    assert (found["planned"], found["accepted"]) == (12.5, None)
    assert store.versions("projects")[KEY] == 2


def test_a_project_saved_over_an_older_version_is_a_conflict_that_names_who(store):
    row = projects_by_key(store.projects())[KEY]
    save_project(store, row | {"accepted": 70.0}, seen=1, actor="李四")
    with pytest.raises(ConflictError) as caught:
        save_project(store, row | {"accepted": 80.0}, seen=1, actor="王五")
    assert (caught.value.found, caught.value.by) == (2, "李四")
    assert projects_by_key(store.projects())[KEY]["accepted"] == 70.0


@pytest.mark.parametrize(
    ("column", "value"),
    [("zone_id", "999999"), ("source", None), ("accepted_on", "2022"), ("reported_on", "soon")],
)
def test_a_value_that_cannot_be_is_refused_by_its_column(store, column, value):
    row = projects_by_key(store.projects())[KEY]
    with pytest.raises(InputError) as caught:
        save_project(store, row | {column: value}, seen=1, actor="王五")
    assert caught.value.column == column


def test_files_seen_as_a_store_have_every_table_and_each_row_at_its_first_version(files, store):
    seen = Unwritten(files)
    for name in RECORDS:
        if name not in {"workspace", "land", "habitats"}:
            assert list(seen.records(name).columns) == list(store.records(name).columns)
    for name in ("projects", "habitats", "surveys"):
        assert seen.versions(name) == store.versions(name)


def test_the_ground_of_a_zone_and_the_hull_of_patches_are_what_they_say(files):
    assert extents.ground_of(files.zones(), builders.WEST).equals(builders.WEST_SHAPE)
    with pytest.raises(NotFoundError):
        extents.ground_of(files.zones(), "000000")
    two = gpd.GeoDataFrame(
        geometry=[shapely.box(0, 0, 1, 1), shapely.box(3, 0, 4, 1)], crs="EPSG:4490"
    )
    assert extents.hull_of(two).area == pytest.approx(4.0)
    assert extents.outline_of(two).area == pytest.approx(2.0)
    with pytest.raises(InputError):
        extents.outline_of(two.iloc[:0])
