"""What every store that can be written must do, on SQLite and on PostGIS."""

import contextlib
import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import sqlalchemy as sa

from bluecarbon_map import reports
from bluecarbon_map.errors import (
    ConflictError,
    ContractError,
    CRSMismatchError,
    GeometryError,
    InputError,
    NotFoundError,
    StoreError,
)
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.places import copy_workspace, open_register, open_store
from bluecarbon_map.store.schema import GUARDED, RECORDS
from bluecarbon_map.tables import Level, Surveys, validate, validate_layer
from tests import builders
from tests.builders import CLASSES
from tests.contract.rows import habitats, one_of_each, survey_row
from tests.contract.stores import WRITABLE

BOWTIE = shapely.Polygon([(121, 28), (121.1, 28.1), (121.1, 28), (121, 28.1)])
ONE = ("one", "coastal_wetland_restored")


@pytest.fixture(scope="module")
def made(request, tmp_path_factory):
    """Copies of the small workspace in each store: quicker than making it again for each test."""
    homes = {}

    def copied(kind, folder):
        if kind not in homes:
            homes[kind] = tmp_path_factory.mktemp(kind)
            store = WRITABLE[kind](lambda: homes[kind], server)
            store.backend.engine.dispose()
        shutil.copytree(homes[kind] / "workspace", folder)
        if kind == "postgis":
            said = json.loads((folder / "database.json").read_text(encoding="utf-8"))
            url = request.getfixturevalue("postgres_server").copy_database(said["url"])
            (folder / "database.json").write_text(json.dumps({**said, "url": url}))
        return open_register(folder)

    def server():
        return request.getfixturevalue("postgres_server").new_database(), "蓝碳 office"

    return copied


@pytest.fixture(params=WRITABLE)
def store(request, tmp_path, made):
    opened = made(request.param, tmp_path / "workspace")
    yield opened
    opened.backend.engine.dispose()


def edited(store, amount, *, seen=1, actor="甲", **more):
    """One project with another accepted amount."""
    rows = store.projects()
    rows = rows[rows["project_id"] == "one"].assign(accepted=amount)
    return Change(kind="edit", actor=actor, tables={"projects": rows},
                  seen={"projects": {ONE: seen}}, **more)  # fmt: skip


def everything(rows, folder):
    """One row of each table, and the file of the raster among them."""
    builders.write_raster(folder / "new.tif", builders.class_pixels())
    return Change(kind="import", actor="甲", tables=rows, rasters={"new": folder / "new.tif"})


def accepted(store):
    return store.projects().set_index("project_id")["accepted"].to_dict()


# --- what goes in comes out -----------------------------------------------------------------------


def test_a_copied_workspace_holds_what_its_source_holds(store, tmp_path):
    source = FolderStore(builders.write_workspace(tmp_path / "again"))
    assert store.info == source.info
    for name in ("zones", "surveys", "targets", "projects", "registers", "rasters"):
        assert getattr(store, name)().equals(getattr(source, name)()), name
    for survey_id in source.surveys()["survey_id"]:
        assert store.habitats(survey_id).equals(source.habitats(survey_id))
    assert store.land()["geometry"].equals(source.land()["geometry"])
    for raster_id in source.rasters()["raster_id"]:
        mine, theirs = store.raster_path(raster_id), source.raster_path(raster_id)
        assert mine.read_bytes() == theirs.read_bytes()


def test_every_kind_of_record_goes_in_and_comes_out_as_it_was(store, tmp_path):
    rows = one_of_each()
    assert set(rows) | {"workspace", "land"} == set(RECORDS)
    receipt = store.apply(everything(rows, tmp_path))
    assert receipt.rows == {name: len(frame) for name, frame in rows.items()}
    for name, frame in rows.items():
        record = RECORDS[name]
        found = store.records(name)
        keys = frame[list(record.key)].fillna("").astype("str").agg("|".join, axis=1)
        theirs = found[list(record.key)].fillna("").astype("str").agg("|".join, axis=1)
        mine = found[theirs.isin(set(keys))].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, frame, check_like=True)
        check = validate_layer if record.has_geometry else validate
        check(record.contract, mine, *(["EPSG:4490"] if record.has_geometry else []))
    assert store.verify() == ()


def test_decimals_keep_every_digit(store):
    rows = one_of_each()["transactions"]
    amounts = [Decimal("0.1"), Decimal("106.00"), Decimal("12345678901234567890.123456789")]
    many = pd.concat([rows] * 3, ignore_index=True)
    many["transaction_id"] = pd.Series(["a", "b", "c"], dtype="str")
    many["t_co2e"] = pd.Series(amounts, dtype="object")
    store.apply(Change(kind="import", actor="甲", tables={"transactions": many}))
    found = store.records("transactions")["t_co2e"].tolist()
    assert [str(one) for one in found] == [str(one) for one in amounts]


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE projects; --", "=1+1", "<b>x</b>", "a|b\\c", "乐清湾\n𠮷", "{}%s :x ?"]
)
def test_a_hostile_text_is_stored_and_returned_as_it_is(store, text):
    rows = builders.projects_table(builders.project(text, name_zh=text, note_zh=text))
    store.apply(Change(kind="import", actor=text, reason=text, tables={"projects": rows}))
    found = store.projects().iloc[-1]
    assert (found["project_id"], found["name_zh"], found["note_zh"]) == (text, text, text)
    assert store.changes()[["actor", "reason"]].iloc[0].tolist() == [text, text]
    assert store.versions("projects")[(text, "coastal_wetland_restored")] == 1
    assert len(store.history("projects", (text, "coastal_wetland_restored"))) == 1


def test_the_version_of_a_survey_changes_with_its_patches_and_with_nothing_else(store):
    def versions():
        return [store.habitats_version(one) for one in ("S-2022", "S-2025")]

    before = versions()
    store.apply(Change(kind="import", actor="a", tables={"projects": builders.projects_table(
        builders.project("elsewhere"))}))  # fmt: skip
    assert versions() == before
    patch = habitats("S-2022")
    receipt = store.apply(Change(kind="import", actor="a", tables={"habitats": patch}))
    after = versions()
    assert after[0] != before[0]
    assert after[1] == before[1]
    store.undo(receipt.change_id, actor="a")
    assert versions()[0] not in {before[0], after[0]}
    assert versions()[1] == before[1]
    assert "new" not in store.habitats_within("S-2022", (120, 27, 123, 30))["habitat_id"].tolist()
    assert len(store.habitat_boxes("S-2022")) == 4


def test_a_summary_is_the_same_whatever_the_workspace_is_made_of(store, tmp_path):
    source = FolderStore(builders.write_workspace(tmp_path / "again"))
    for survey_id in ("S-2022", "S-2025"):
        mine = reports.summarise(store, survey_id, level=Level.CITY).rows
        theirs = reports.summarise(source, survey_id, level=Level.CITY).rows
        assert mine.equals(theirs)


# --- versions -------------------------------------------------------------------------------------


def test_an_edit_is_a_new_version_and_stays_in_its_place(store):
    before = store.projects()["project_id"].tolist()
    receipt = store.apply(edited(store, 61.0, reason="新验收单"))
    assert accepted(store)["one"] == 61.0
    assert store.projects()["project_id"].tolist() == before
    assert store.versions("projects")[ONE] == 2
    history = store.history("projects", ONE)
    assert history["accepted"].tolist() == [60.0, 61.0]
    assert history["row_version"].tolist() == [1, 2]
    assert history["actor"].tolist() == ["开始者", "甲"]
    assert history["change_id"].tolist()[-1] == receipt.change_id
    assert history["at"].tolist()[-1] == receipt.at


def test_of_two_who_saw_the_same_version_one_wins_and_the_other_is_told_who(store):
    first, second = edited(store, 61.0, actor="甲"), edited(store, 62.0, actor="乙")
    receipt = store.apply(first)
    with pytest.raises(ConflictError) as conflict:
        store.apply(second)
    said = conflict.value
    assert (said.table, said.key, said.seen, said.found) == ("projects", ONE, 1, 2)
    assert (said.by, said.at) == ("甲", receipt.at)
    assert accepted(store)["one"] == 61.0
    assert store.verify() == ()


def test_of_many_at_the_same_time_exactly_one_wins(store):
    changes = [edited(store, 100.0 + n, actor=f"人{n}") for n in range(6)]
    other = open_register(store.folder)
    won, lost = [], []

    def write(change, where):
        try:
            won.append(where.apply(change))
        except ConflictError as conflict:
            lost.append(conflict)

    threads = [
        threading.Thread(target=write, args=(change, [store, other][n % 2]))
        for n, change in enumerate(changes)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 5)
    assert len(store.history("projects", ONE)) == 2


def test_a_row_that_is_taken_as_new_must_be_new(store):
    rows = store.projects().iloc[:1]
    with pytest.raises(ConflictError, match=r"it is at version 1 by 开始者 at .*, you saw None"):
        store.apply(Change(kind="import", actor="甲", tables={"projects": rows}))
    store.apply(Change(kind="import", actor="甲", tables={"projects": rows}, replace=True))
    assert store.versions("projects")[ONE] == 2


def test_a_version_that_was_seen_counts_for_a_row_that_is_only_read(store):
    store.apply(edited(store, 61.0))
    new = builders.projects_table(builders.project("new"))
    with pytest.raises(ConflictError):
        store.apply(Change(kind="edit", actor="甲", tables={"projects": new},
                           seen={"projects": {ONE: 1}}))  # fmt: skip
    assert "new" not in accepted(store)


def test_a_retired_record_is_gone_and_its_history_stays(store):
    store.apply(Change(kind="edit", actor="甲", retire={"projects": [ONE]},
                       seen={"projects": {ONE: 1}}))  # fmt: skip
    assert "one" not in accepted(store)
    assert ONE not in store.versions("projects")
    assert store.history("projects", ONE)["retired"].tolist() == [False, True]
    with pytest.raises(ConflictError, match="at version None by 甲"):
        store.apply(Change(kind="edit", actor="乙", retire={"projects": [ONE]}))
    again = builders.projects_table(builders.accepted("one", 5.0))
    store.apply(Change(kind="import", actor="乙", tables={"projects": again}))
    assert accepted(store)["one"] == 5.0
    assert store.versions("projects")[ONE] == 3
    assert store.verify() == ()


def test_the_version_of_the_workspace_moves_with_every_change_of_whoever_makes_it(store):
    other = open_store(store.folder)
    before, amounts = other.version, accepted(other)
    store.apply(edited(store, 61.0))
    assert other.version != before
    assert other.version == store.version
    assert accepted(other) == amounts | {"one": 61.0}
    store.undo(3, actor="甲")
    assert accepted(other) == amounts


def test_a_steady_reader_sees_what_others_write_afterwards_and_its_own_at_once(store):
    other = open_store(store.folder)
    amounts = accepted(other)
    with other.steady():
        before = other.version
        assert accepted(other) == amounts
        store.apply(edited(store, 61.0))
        with other.steady():
            assert (other.version, accepted(other)) == (before, amounts)
        assert (other.version, accepted(other)) == (before, amounts)
        other.apply(edited(store, 62.0, seen=2))
        assert other.version == store.version
        assert accepted(other) == amounts | {"one": 62.0}
        store.apply(edited(store, 63.0, seen=3))
        assert accepted(other) == amounts | {"one": 62.0}
    assert other.version == store.version
    assert accepted(other) == amounts | {"one": 63.0}


def test_one_thread_is_steady_for_itself_alone(store):
    other = open_store(store.folder)
    with other.steady(), ThreadPoolExecutor(1) as second:
        before = other.version
        store.apply(edited(store, 61.0))
        assert second.submit(lambda: other.version).result() == store.version
        assert other.version == before


# --- all or nothing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "error"),
    [
        (lambda: {"projects": builders.projects_table(builders.accepted("x", -1.0))},
         ContractError),
        (lambda: {"projects": builders.projects_table(*[builders.project("x")] * 2)},
         ContractError),
        (lambda: {"projects": builders.projects_table(builders.project("x", name_zh="a\0b"))},
         ContractError),
        (lambda: {"habitats": habitats("S-1999")}, ContractError),
        (lambda: {"habitats": habitats("S-2022", to_crs="EPSG:4326")}, CRSMismatchError),
        (lambda: {"habitats": habitats("S-2022", outline=None)}, ContractError),
        (lambda: {"habitats": habitats("S-2022", outline=BOWTIE)}, GeometryError),
        (lambda: {"nonsense": pd.DataFrame()}, InputError),
    ],
    ids=["negative", "twice", "nul", "no survey", "another CRS", "no outline", "bowtie",
         "no table"],
)  # fmt: skip
def test_what_breaks_its_contract_is_refused_and_nothing_is_stored(store, tables, error):
    before, good = store.version, {"surveys": survey_row("S-2030")}
    with pytest.raises(error):
        store.apply(Change(kind="import", actor="甲", tables=good | tables()))
    assert store.version == before
    assert "S-2030" not in store.surveys()["survey_id"].tolist()
    assert store.verify() == ()


def test_a_change_says_who_makes_it(store):
    for who in ("", "  "):
        with pytest.raises(InputError, match="does not say who"):
            store.apply(Change(kind="edit", actor=who))
        with pytest.raises(InputError, match="does not say who"):
            store.undo(2, actor=who)


def test_a_conflict_in_one_table_keeps_the_others_out_too(store):
    change = edited(store, 61.0, seen=9)
    tables = {**change.tables, "surveys": survey_row("S-2030")}
    with pytest.raises(ConflictError):
        store.apply(Change(kind="edit", actor="甲", tables=tables, seen=change.seen))
    assert "S-2030" not in store.surveys()["survey_id"].tolist()
    assert len(store.changes()) == 2


def test_a_raster_comes_with_its_row_or_not_at_all(store, tmp_path):
    new = builders.write_raster(tmp_path / "new.tif", builders.index_pixels())
    new = tmp_path / "new.tif"
    with pytest.raises(NotFoundError, match="row of a raster"):
        store.apply(Change(kind="import", actor="甲", rasters={"x": new}))
    rows = store.rasters().iloc[:1]
    store.apply(Change(kind="import", actor="甲", tables={"rasters": rows}, replace=True,
                       rasters={CLASSES: new}))  # fmt: skip
    assert store.raster_path(CLASSES).read_bytes() == new.read_bytes()
    store.undo(3, actor="甲")
    assert store.raster_path(CLASSES).read_bytes() != new.read_bytes()
    kept = sorted(path.name for path in (store.folder / "rasters").iterdir())
    with pytest.raises(ConflictError):
        store.apply(Change(kind="import", actor="甲", tables={"rasters": rows},
                           rasters={CLASSES: tmp_path / "new.tif"}))  # fmt: skip
    assert sorted(path.name for path in (store.folder / "rasters").iterdir()) == kept
    assert store.verify() == ()


# --- undo -----------------------------------------------------------------------------------------


def imported(store, survey_id="S-2030"):
    tables = {"surveys": survey_row(survey_id), "habitats": habitats(survey_id)}
    file = {"source_name": "a.gpkg", "source_sha256": "0" * 64}
    details = {"area_ha": np.float64(1.5)}
    return store.apply(Change(kind="import", actor="甲", tables=tables, details=details, **file))


def test_undo_of_an_import_restores_the_totals_exactly_and_its_undo_redoes_it(store):
    before = reports.summarise(store, "S-2022").rows
    rows = store.habitats("S-2022").assign(ecosystem=pd.Series(["mangrove"] * 4, dtype="str"))
    receipt = store.apply(
        Change(kind="import", actor="甲", tables={"habitats": rows}, replace=True)
    )
    after = reports.summarise(store, "S-2022").rows
    assert not after.equals(before)
    undo = store.undo(receipt.change_id, actor="乙", reason="错了")
    assert reports.summarise(store, "S-2022").rows.equals(before)
    assert undo.rows == {"habitats": 4}
    redo = store.undo(undo.change_id, actor="乙")
    assert reports.summarise(store, "S-2022").rows.equals(after)
    store.undo(redo.change_id, actor="乙")
    assert reports.summarise(store, "S-2022").rows.equals(before)
    store.undo(store.changes()["change_id"].iloc[0], actor="乙")
    assert reports.summarise(store, "S-2022").rows.equals(after)
    assert store.verify() == ()


def test_the_list_of_changes_says_what_was_taken_back_and_by_which(store):
    receipt = imported(store)
    undo = store.undo(receipt.change_id, actor="乙", reason="错了")
    listed = store.changes().set_index("change_id")
    assert listed.index.tolist() == [4, 3, 2, 1]
    assert listed["kind"].tolist() == ["undo", "import", "begin", "begin"]
    assert listed.loc[3, ["source_name", "source_sha256", "rows"]].tolist() == [
        "a.gpkg", "0" * 64, 2,
    ]  # fmt: skip
    assert listed.loc[3, "details"] == {"area_ha": 1.5}
    assert listed["undone_by"].isna().tolist() == [True, False, True, True]
    assert listed.loc[3, "undone_by"] == undo.change_id
    assert listed.loc[4, "reason"] == "错了"
    store.undo(undo.change_id, actor="乙")
    listed = store.changes().set_index("change_id")
    assert listed.loc[3:3, "undone_by"].isna().all()
    assert listed.loc[4, "undone_by"] == 5


def test_a_change_that_a_later_one_rests_on_stays(store):
    first = store.apply(edited(store, 61.0, actor="甲"))
    second = store.apply(edited(store, 62.0, seen=2, actor="乙"))
    with pytest.raises(ConflictError, match="it is at version 3 by 乙"):
        store.undo(first.change_id, actor="丙")
    undo = store.undo(second.change_id, actor="丙")
    store.undo(first.change_id, actor="丙")
    assert accepted(store)["one"] == 60.0
    with pytest.raises(ConflictError):  # it rests on a row that is gone
        store.undo(undo.change_id, actor="丙")
    store.apply(edited(store, 63.0, seen=1))
    assert store.versions("projects")[ONE] == 4
    assert store.verify() == ()


def test_a_survey_stays_while_patches_name_it(store):
    made = store.apply(Change(kind="import", actor="甲", tables={"surveys": survey_row("S-2030")}))
    patches = store.apply(
        Change(kind="import", actor="乙", tables={"habitats": habitats("S-2030")})
    )
    with pytest.raises(ConflictError) as conflict:
        store.undo(made.change_id, actor="甲")
    assert (conflict.value.table, conflict.value.by) == ("habitats", "乙")
    with pytest.raises(ConflictError):
        store.apply(Change(kind="edit", actor="甲", retire={"surveys": [("S-2030",)]}))
    undo = store.undo(patches.change_id, actor="甲")
    store.undo(made.change_id, actor="甲")
    with pytest.raises(ConflictError):
        store.undo(undo.change_id, actor="甲")
    assert store.surveys()["survey_id"].tolist() == ["S-2022", "S-2025"]


def test_what_is_taken_back_cannot_be_taken_back_again_nor_the_beginning(store):
    receipt = store.apply(edited(store, 61.0))
    store.undo(receipt.change_id, actor="甲")
    with pytest.raises(InputError, match="Undo change 4 to bring it in again"):
        store.undo(receipt.change_id, actor="甲")
    with pytest.raises(InputError, match="it made the workspace"):
        store.undo(2, actor="甲")
    with pytest.raises(NotFoundError, match="no change '99' here; there are: 1, 2, 3, 4"):
        store.undo(99, actor="甲")


# --- what both databases refuse ------------------------------------------------------------------


@pytest.mark.parametrize("column", ["actor", "reason", "source_name"])
def test_a_text_about_a_change_holds_no_zero_character(store, column):
    with pytest.raises(InputError, match=rf"{column}.*U\+0000"):
        store.apply(edited(store, 61.0, **{column: "甲\0"}))
    assert len(store.changes()) == 2


@pytest.mark.parametrize("column", ["actor", "reason"])
def test_a_text_about_an_undo_holds_no_zero_character(store, column):
    receipt = store.apply(edited(store, 61.0))
    with pytest.raises(InputError, match=rf"{column}.*U\+0000"):
        store.undo(receipt.change_id, **({"actor": "甲"} | {column: "甲\0"}))
    assert len(store.changes()) == 3


def test_an_outline_with_measures_is_refused(store):
    outline = shapely.from_wkt("POLYGON M ((121 28 1, 121.1 28 2, 121.1 28.1 3, 121 28 1))")
    tables = {"surveys": survey_row("S-2030"), "habitats": habitats("S-2030", outline=outline)}
    with pytest.raises(ContractError, match="heights or measures"):
        store.apply(Change(kind="import", actor="甲", tables=tables))


def test_a_writer_does_not_wait_for_ever(store, monkeypatch):
    if store.backend.engine.dialect.name == "postgresql":
        monkeypatch.setattr("bluecarbon_map.store.postgis.BUSY_S", 0.2)
    change = edited(store, 61.0)
    with (
        store.backend.writing(),
        pytest.raises(StoreError, match="somebody else is storing a change just now"),
    ):
        store.apply(change)
    store.apply(change)


# --- many who read --------------------------------------------------------------------------------


def test_a_survey_that_is_being_read_keeps_nobody_from_the_rest(store):
    begun, go_on = threading.Event(), threading.Event()

    @sa.event.listens_for(store.backend.engine, "after_cursor_execute")
    def _slow(_connection, _cursor, statement, *_more):
        if threading.current_thread() is reader and "FROM habitats" in statement:
            begun.set()
            go_on.wait(60)

    reader = threading.Thread(target=store.habitats, args=("S-2022",))
    reader.start()
    assert begun.wait(60)
    others = threading.Thread(target=lambda: (store.info, store.zones(), store.habitats("S-2025")))
    others.start()
    others.join(60)
    waiting = others.is_alive()
    go_on.set()
    reader.join()
    others.join()
    assert not waiting


def test_when_no_connection_comes_free_it_is_said_in_our_words(store, monkeypatch):
    monkeypatch.setattr(store.backend.engine.pool, "_timeout", 0.01)
    with contextlib.ExitStack() as held:
        for _ in range(15):
            held.enter_context(store.backend.reading())
        with pytest.raises(StoreError, match="too many are reading or writing at once"):
            store.zones()


# --- versions -------------------------------------------------------------------------------------


def test_versions_of_some_keys_or_one_survey_are_those_among_all(store):
    every = store.versions("habitats")
    some = [*list(every)[:2], ("no", "such")]
    assert store.versions("habitats", keys=some) == {key: every[key] for key in some[:2]}
    assert store.versions("habitats", keys=[]) == {}
    named = {key: at for key, at in every.items() if key[0] == "S-2022"}
    assert store.versions("habitats", survey_id="S-2022") == named != every
    with pytest.raises(InputError, match="rows of zones are of no survey"):
        store.versions("zones", survey_id="S-2022")


# --- audit ----------------------------------------------------------------------------------------


def entries(store):
    with store.backend.reading() as connection:
        rows = connection.execute(sa.text("SELECT * FROM audit ORDER BY entry_no")).mappings()
        return [dict(row) for row in rows]


def test_an_edit_leaves_before_and_after_and_an_import_one_entry_a_table(store):
    imported(store)
    store.apply(edited(store, 61.0))
    said = [(e["change_id"], e["action"], e["table_name"], e["rows"]) for e in entries(store)]
    assert said[-5:] == [
        (3, "add", "surveys", 1), (3, "add", "habitats", 1), (3, "import", "changes", 1),
        (4, "edit", "projects", 1), (4, "edit", "changes", 1),
    ]  # fmt: skip
    edit = entries(store)[-2]
    assert json.loads(edit["key"]) == list(ONE)
    assert json.loads(edit["before"])["accepted"] == 60.0
    assert json.loads(edit["after"])["accepted"] == 61.0
    assert edit["actor"] == "甲"


def test_nothing_that_is_stored_can_be_changed_or_removed(store):
    store.undo(store.apply(edited(store, 61.0)).change_id, actor="甲")
    for table in ("projects", "zones", "changes", "undos", "raster_files", "audit"):
        column = {"undos": "undone_change_id", "audit": "change_id"}.get(table, "change_id")
        for statement in (f"UPDATE {table} SET {column} = 1", f"DELETE FROM {table}"):
            with pytest.raises(StoreError, match="append-only"), store.backend.writing() as c:
                c.execute(sa.text(statement))
    assert store.verify() == ()
    assert {"projects", "audit", "undos"} <= set(GUARDED)


def test_a_workspace_copied_from_a_database_is_whole(store, tmp_path):
    from bluecarbon_map.store.places import create_sqlite

    store.apply(everything(one_of_each(), tmp_path))
    target = create_sqlite(tmp_path / "target", store.info)
    copy_workspace(store, target, "乙")
    for name in RECORDS:
        pd.testing.assert_frame_equal(target.records(name), store.records(name))
    assert target.verify() == ()


def test_empty_tables_keep_their_contracts(store):
    for name, record in RECORDS.items():
        frame = store.records(name)
        assert list(frame.columns) == record.columns
        if record.has_geometry:
            assert isinstance(frame, gpd.GeoDataFrame)
            validate_layer(record.contract, frame[frame.index < 0], "EPSG:4490")
        else:
            validate(record.contract, frame[frame.index < 0])
    assert Surveys is RECORDS["surveys"].contract
