"""Block by block or all at once: the same patches, the same areas."""

from __future__ import annotations

import shutil

import numpy as np
import pandas as pd
import pytest
import shapely

from bluecarbon_map import reports
from bluecarbon_map.errors import StoreError
from bluecarbon_map.geodesy import STORAGE_CRS
from bluecarbon_map.reports import blocks as reading
from bluecarbon_map.reports.blocks import blocks, of_one_state
from bluecarbon_map.reports.completeness import observed_in
from bluecarbon_map.reports.notes import has_demonstration
from bluecarbon_map.reports.zone_facts import records_in
from bluecarbon_map.sample import embedded_folder
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.places import copy_workspace, create_sqlite, open_register

SURVEY = "crowded"
COUNT = 300
COUNTY = "330382"


def with_survey(folder, rows):
    """The embedded workspace with one survey more, of these patches."""
    source = FolderStore(embedded_folder())
    made = create_sqlite(folder, source.info)
    copy_workspace(source, made, "test")
    passport = made.surveys().iloc[:1].assign(survey_id=SURVEY)
    rows = rows.assign(survey_id=SURVEY)
    made.apply(Change(kind="import", actor="test", tables={"surveys": passport, "habitats": rows}))
    return made


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Where a survey lies whose patches overlap, some of them several times; nothing is kept."""
    source = FolderStore(embedded_folder())
    patches = source.habitats(source.info.default_survey_id)
    rng = np.random.default_rng(5)
    rows = patches.iloc[rng.integers(len(patches), size=COUNT)].reset_index(drop=True)
    spots = rng.uniform((121.0, 28.2), (121.2, 28.5), (COUNT, 2))
    reach = rng.uniform(0.002, 0.02, COUNT)
    rings = [shapely.Point(x, y).buffer(r, 5) for (x, y), r in zip(spots, reach, strict=True)]
    rings[7] = shapely.box(120.9, 28.1, 121.3, 28.6)  # one reaches over all blocks
    rows = rows.assign(habitat_id=[f"c{at}" for at in range(COUNT)])
    rows["provenance"] = np.where(rng.random(COUNT) < 0.5, "demonstration", "survey")
    folder = tmp_path_factory.mktemp("blocks") / "workspace"
    with_survey(folder, rows.set_geometry(rings, crs=STORAGE_CRS)).close()
    return folder


@pytest.fixture
def crowded(home, tmp_path):
    """A copy of it to oneself, read whole."""
    shutil.copytree(home, tmp_path / "whole")
    return open_register(tmp_path / "whole")


@pytest.fixture
def in_blocks(home, tmp_path, monkeypatch):
    """Another copy, and how many patches are read at once from now on."""
    shutil.copytree(home, tmp_path / "parts")

    def opened(at_once):
        monkeypatch.setattr(reading, "AT_ONCE", at_once)
        store = open_register(tmp_path / "parts")
        assert len(list(blocks(store, SURVEY))) > COUNT // (2 * at_once)
        return store

    return opened


@pytest.mark.parametrize("at_once", [1, 20, 60])
def test_each_patch_is_in_one_block_with_all_that_touch_it(in_blocks, at_once):
    store = in_blocks(at_once)
    whole = store.habitats(SURVEY)
    shapes = dict(zip(whole["habitat_id"], whole.geometry, strict=True))
    owned = []
    for block in blocks(store, SURVEY):
        here = set(block.habitats["habitat_id"])
        for name in block.habitats["habitat_id"][block.own]:
            touching = {other for other, shape in shapes.items() if shape.intersects(shapes[name])}
            assert touching <= here
            owned.append(name)
    assert sorted(owned) == sorted(shapes)


@pytest.mark.parametrize("demonstration", [True, False])
@pytest.mark.parametrize("at_once", [1, 60])
def test_the_areas_are_those_of_all_at_once(crowded, in_blocks, at_once, demonstration):
    whole = reports.measure(crowded, SURVEY, demonstration=demonstration)
    parts = reports.measure(in_blocks(at_once), SURVEY, demonstration=demonstration)
    assert parts.overlap_ha > 100.0
    assert (parts.zone_ids, parts.kinds) == (whole.zone_ids, whole.kinds)
    assert parts.steps.sum() > 0
    # A step is a square centimetre: only the order of adding differs.
    assert np.abs(parts.steps - whole.steps).max() <= 1
    assert np.abs(parts.demonstration_steps - whole.demonstration_steps).max() <= 1
    assert parts.overlap_ha == pytest.approx(whole.overlap_ha, abs=2e-8)


def test_the_ground_of_each_patch_is_that_of_all_at_once(crowded, in_blocks):
    whole, parts = (
        reports.patch_ground(crowded, SURVEY),
        reports.patch_ground(in_blocks(20), SURVEY),
    )
    pd.testing.assert_frame_equal(parts, whole, rtol=1e-9)


@pytest.mark.parametrize("demonstration", [True, False])
def test_what_is_surveyed_is_that_of_all_at_once(crowded, in_blocks, demonstration):
    whole = reports.completeness(crowded, SURVEY, demonstration=demonstration)
    parts = reports.completeness(in_blocks(20), SURVEY, demonstration=demonstration)
    pd.testing.assert_frame_equal(parts.rows, whole.rows, atol=2e-8)
    assert whole.rows["mapped_ha"].sum() > 1000.0


@pytest.mark.parametrize("demonstration", [True, False])
def test_records_in_a_zone_are_those_of_all_at_once(crowded, in_blocks, demonstration):
    whole = records_in(crowded, SURVEY, COUNTY, demonstration=demonstration)
    parts = records_in(in_blocks(20), SURVEY, COUNTY, demonstration=demonstration)
    assert whole["patches"].sum() > 10
    keys = ["ecosystem", "provenance", "source"]
    assert parts.set_index(keys)["patches"].to_dict() == whole.set_index(keys)["patches"].to_dict()


def test_what_is_on_record_is_that_of_all_at_once(crowded, in_blocks):
    store = in_blocks(20)
    assert observed_in(store, SURVEY) == observed_in(crowded, SURVEY) != ()
    assert has_demonstration(store) is has_demonstration(crowded) is True


def test_a_box_leaves_out_what_lies_beside_it(in_blocks):
    store = in_blocks(20)
    box = (121.0, 28.2, 121.03, 28.25)
    whole = store.habitats(SURVEY)
    meeting = set(whole["habitat_id"][whole.intersects(shapely.box(*box))])
    owned = [
        name
        for block in blocks(store, SURVEY, box=box)
        for name in block.habitats["habitat_id"][block.own]
    ]
    assert meeting <= set(owned)
    assert len(set(owned)) == len(owned) < COUNT / 2


def test_patches_in_one_place_are_one_block(tmp_path, monkeypatch):
    source = FolderStore(embedded_folder())
    row = source.habitats(source.info.default_survey_id).iloc[[0] * 9]
    made = with_survey(tmp_path / "w", row.assign(habitat_id=[f"s{at}" for at in range(9)]))
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    assert [block.own.sum() for block in blocks(made, SURVEY)] == [9]


def moved(store, number):
    """The first patch, somewhere else."""
    rows = store.habitats(SURVEY).iloc[:1]
    rows = rows.set_geometry(rows.translate(0.001 * number), crs=STORAGE_CRS)
    store.apply(Change(kind="edit", actor="test", tables={"habitats": rows}, replace=True))


def test_work_that_an_edit_fell_into_is_done_again(crowded):
    done = []

    def work():
        if not done:
            moved(crowded, 1)
        done.append(crowded.habitats_version(SURVEY))
        return len(done)

    assert of_one_state(crowded, SURVEY, work) == 2


def test_a_survey_that_never_rests_is_refused(crowded):
    done = []

    def work():
        done.append(moved(crowded, len(done) + 1))

    with pytest.raises(StoreError, match="faster than it can be read"):
        of_one_state(crowded, SURVEY, work)
    assert len(done) == 3
