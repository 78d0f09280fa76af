"""Between the preview of an import and its storing, and between its looks: nothing is lost."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from bluecarbon_map.errors import ConflictError, InputError
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.problems import Inspection, Problem, Severity
from bluecarbon_map.gate.take_in import commit, describe_raster, prepare
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.places import copy_workspace, create_sqlite
from tests import builders
from tests.contract.rows import frame

SAID = {"title_zh": "图", "title_en": "Map", "year": 2024, "licence": "内部", "method": "判读",
        "provenance": "published", "source": "测试"}  # fmt: skip


@pytest.fixture
def store(tmp_path):
    source = FolderStore(builders.write_workspace(tmp_path / "files"))
    made = create_sqlite(tmp_path / "workspace", source.info)
    copy_workspace(source, made, "开始者")
    yield made
    made.backend.engine.dispose()


def inspected(rows, folder):
    rows.to_parquet(folder / "rows.parquet", index=False)
    return Inspection(name="rows", sha256="0" * 64, kind="projects", problems=(),
                      table=folder / "rows.parquet")  # fmt: skip


def with_accepted(store, project_id, amount):
    rows = store.projects()
    rows.loc[rows["project_id"] == project_id, "accepted"] = amount
    return rows


def edit(store, project_id, amount):
    """Somebody else's change of one project."""
    rows = with_accepted(store, project_id, amount)
    rows = rows[rows["project_id"] == project_id]
    seen = {tuple(rows[["project_id", "indicator"]].iloc[0]): 1}
    store.apply(Change(kind="edit", actor="乙", tables={"projects": rows},
                       seen={"projects": seen}))  # fmt: skip


@pytest.mark.parametrize("mine", ["one", "other"])
def test_an_edit_between_two_looks_of_the_preview_is_not_overwritten(
    store, mine, tmp_path, monkeypatch
):
    other = next(one for one in store.projects()["project_id"] if one != "one")
    rows = with_accepted(store, "one" if mine == "one" else other, 60.5)
    look = store.records

    def records(table):
        found = look(table)
        monkeypatch.setattr(store, "records", look)
        edit(store, "one", 99.0)
        return found

    monkeypatch.setattr(store, "records", records)
    plan = prepare(store, inspected(rows, tmp_path), Options(kind=Kind.PROJECTS), actor="甲")
    with pytest.raises(ConflictError):
        commit(store, plan)
    assert store.projects().set_index("project_id")["accepted"]["one"] == 99.0


def test_a_row_that_ends_between_two_looks_of_the_preview_is_a_conflict(
    store, tmp_path, monkeypatch
):
    rows = with_accepted(store, "one", 60.5)
    key = ("one", rows.set_index("project_id")["indicator"]["one"])
    look = store.records

    def records(table):
        found = look(table)
        monkeypatch.setattr(store, "records", look)
        store.apply(Change(kind="edit", actor="乙", retire={"projects": [key]}))
        return found

    monkeypatch.setattr(store, "records", records)
    plan = prepare(store, inspected(rows, tmp_path), Options(kind=Kind.PROJECTS), actor="甲")
    with pytest.raises(ConflictError):
        commit(store, plan)
    assert "one" not in set(store.projects()["project_id"])


def raster(folder, pixels):
    """A raster as the gate leaves it, with its passport."""
    folder.mkdir(exist_ok=True)
    file = builders.write_raster(folder / "raster.tif", pixels)
    row = dict.fromkeys(frame("rasters").columns)
    row |= {"raster_id": "new", "kind": "classes"}
    pd.DataFrame([row], dtype=object).to_parquet(file.with_suffix(".parquet"), index=False)
    return Inspection(name="raster.tif", sha256="0" * 64, kind="raster", problems=(), table=file)


def test_new_pixels_under_the_same_passport_are_stored_and_the_same_are_not(store, tmp_path):
    pixels = builders.class_pixels()
    for at, (grid, stored) in enumerate([(pixels, 1), (pixels, 0), (pixels[:, ::-1], 1)]):
        found = raster(tmp_path / str(at), grid.copy())
        describe_raster(found, SAID)
        plan = prepare(store, found, Options(kind=Kind.RASTER), actor="甲")
        assert len(plan.difference.rows) == stored
        if stored:
            commit(store, plan)
            assert store.raster_path("new").read_bytes() == found.table.read_bytes()


def test_a_damaged_raster_is_repaired_by_taking_it_in_again(store, tmp_path):
    found = raster(tmp_path / "in", builders.class_pixels())
    describe_raster(found, SAID)
    commit(store, prepare(store, found, Options(kind=Kind.RASTER), actor="甲"))
    store.raster_path("new").write_bytes(b"worn")
    assert store.verify()
    commit(store, prepare(store, found, Options(kind=Kind.RASTER), actor="甲"))
    assert store.verify() == ()


def test_a_picture_is_not_stored_as_a_measurement_whatever_is_said_of_it(tmp_path):
    photo = Problem(severity=Severity.WARNING, code="photo", message="m", fix="f")
    found = replace(raster(tmp_path / "in", builders.class_pixels()), problems=(photo,))
    said = SAID | {"quantity_zh": "碳密度", "quantity_en": "density", "unit": "t C/ha"}
    with pytest.raises(InputError, match="its colours are no measurement"):
        describe_raster(found, said)


def test_what_nobody_said_of_a_raster_is_named(store, tmp_path):
    found = raster(tmp_path / "in", builders.class_pixels())
    missing = "nobody said title_zh, title_en, year, provenance, source, licence, method"
    with pytest.raises(InputError, match=missing):
        prepare(store, found, Options(kind=Kind.RASTER), actor="甲")
    with pytest.raises(InputError, match="nobody said year"):
        describe_raster(found, {name: one for name, one in SAID.items() if name != "year"})


def test_a_file_of_which_no_row_can_be_stored_yet_says_so(store):
    asked = Inspection(name="points", sha256="0" * 64, kind="habitats", problems=(), rows=1)
    plan = prepare(store, asked, Options(kind=Kind.HABITATS, survey_id="S-2022"), actor="甲")
    assert [problem.code for problem in plan.problems] == ["nothing_to_store"]
    with pytest.raises(InputError, match="it was refused"):
        commit(store, plan)
