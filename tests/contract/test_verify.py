"""Whatever is changed behind the store's back is found and named."""

import contextlib
import random
import shutil

import pytest
import shapely
import sqlalchemy as sa

from bluecarbon_map.errors import BluecarbonError, InputError
from bluecarbon_map.store import guards, verifying
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.places import open_register
from bluecarbon_map.store.schema import GUARDED, METADATA, RECORDS
from bluecarbon_map.store.verifying import verify
from tests import builders
from tests.contract.rows import one_of_each
from tests.contract.stores import WRITABLE


@pytest.fixture(params=WRITABLE, scope="module")
def store(request, tmp_path_factory):
    """A row of everything, an edit, a retirement and an undo."""

    def server():
        return request.getfixturevalue("postgres_server").new_database(), "w"

    store = WRITABLE[request.param](lambda: tmp_path_factory.mktemp("verify"), server)
    raster = store.folder.parent / "new.tif"
    builders.write_raster(raster, builders.class_pixels())
    store.apply(Change(kind="import", actor="甲", tables=one_of_each(), rasters={"new": raster}))
    rows = store.projects().iloc[:2].assign(accepted=7.0)
    edit = store.apply(Change(kind="edit", actor="乙", tables={"projects": rows}, replace=True))
    store.apply(Change(kind="edit", actor="乙", retire={"harvests": [("h",)]}))
    store.undo(edit.change_id, actor="丙")
    assert store.verify() == ()
    yield store
    store.close()


@contextlib.contextmanager
def guards_down(store):
    """A connection to which nothing is refused; whatever it does is rolled back."""
    with store.backend.reading() as connection:
        for name in GUARDED:
            for event in ("update", "delete"):
                on = "" if connection.dialect.name == "sqlite" else f" ON {name}"
                connection.execute(sa.text(f"DROP TRIGGER {name}_no_{event}{on}"))
        yield connection
        connection.rollback()


def found_in(store, connection, name, statement, values):
    """What the part of the check that is about a table finds after a statement."""
    with connection.begin_nested() as until:
        done = connection.execute(sa.text(statement), values)
        assert done.rowcount == 1, statement
        if name == "audit":
            part = verifying._chain(connection)
        elif name in RECORDS:
            part = verifying._rows(store.backend, connection, RECORDS[name])
        else:
            part = verifying._told(connection, METADATA.tables[name])
        faults = list(verifying._tried(connection, name, part))
        until.rollback()
    return faults


def another(column, dialect):
    """SQL for another value than a column has."""
    name = f'"{column.name}"'
    kind = type(column.type).__name__
    if kind == "Text":
        return f"coalesce({name}, '') || 'x'"
    if kind == "Geometry":
        return ":moved" if dialect == "sqlite" else f"ST_Translate({name}, 1e-9, 0)"
    if kind == "Boolean":
        return f"NOT {name}"
    if kind == "Amount":
        return f"coalesce({name}, '') || '1'" if dialect == "sqlite" else f"coalesce({name}, 0) + 1"
    return f"coalesce({name}, 0) + 1000"


def test_one_changed_value_in_any_column_of_any_table_is_found_and_named(store):
    dialect = store.backend.engine.dialect.name
    moved = shapely.to_wkb(shapely.transform(builders.WEST_SHAPE, lambda xy: xy + 1e-9))
    with guards_down(store) as connection:
        for name in GUARDED:
            table = METADATA.tables[name]
            first = next(iter(table.primary_key.columns))
            last = connection.execute(sa.select(sa.func.max(first))).scalar()
            for column in table.columns:
                value = another(column, dialect)
                values = {"last": last} | ({"moved": moved} if ":moved" in value else {})
                statement = (
                    f'UPDATE {name} SET "{column.name}" = {value} WHERE {first.name} = :last'
                )
                faults = found_in(store, connection, name, statement, values)
                assert any(f.where.startswith(name) for f in faults), (name, column.name)


def test_one_row_removed_from_any_table_is_found_and_named(store):
    with guards_down(store) as connection:
        for name in GUARDED:
            first = next(iter(METADATA.tables[name].primary_key.columns)).name
            least = connection.execute(sa.text(f"SELECT min({first}) FROM {name}")).scalar()
            more = " AND raster_id = 'classes-2022'" if name == "raster_files" else ""
            statement = f"DELETE FROM {name} WHERE {first} = :least{more}"
            faults = found_in(store, connection, name, statement, {"least": least})
            assert any(fault.where.startswith(name) for fault in faults), name


def test_the_whole_check_looks_at_every_table(store):
    with guards_down(store) as connection:
        for name in GUARDED:
            first = next(iter(METADATA.tables[name].primary_key.columns)).name
            connection.execute(sa.text(f"UPDATE {name} SET {first} = -{first}"))
        found = {fault.where.partition(",")[0] for fault in verify(store.backend, connection)}
    assert set(GUARDED) <= found


def test_a_row_that_no_change_wrote_is_found(store):
    columns = [f'"{name}"' for name in RECORDS["sites"].stored]
    values = ["99", *columns[1:3], "row_version + 1", *columns[4:]]
    statement = f"INSERT INTO sites ({', '.join(columns)}) SELECT {', '.join(values)} FROM sites"
    with store.backend.reading() as connection:
        connection.execute(sa.text(statement))
        faults = [fault.what for fault in verify(store.backend, connection)]
        connection.rollback()
    assert "there are 2 rows, 1 were written" in faults


def test_a_guard_that_is_gone_is_found(store):
    with store.backend.reading() as connection:
        on = "" if connection.dialect.name == "sqlite" else " ON audit"
        connection.execute(sa.text(f"DROP TRIGGER audit_no_update{on}"))
        faults = [fault.where for fault in verify(store.backend, connection)]
        connection.rollback()
    assert faults == ["audit_no_update"]
    assert "audit_no_update" in guards.expected(truncate=False)


NO_GUARD = "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT 1; END"
LOOKS_AWAY = "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit FOR EACH ROW WHEN (1 = 2) "
NO_REFUSAL = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RETURN NEW; END $$"""


def guards_found(store, *statements):
    """Guards that are at fault after some statements."""
    sqlite = store.backend.engine.dialect.name == "sqlite"
    with store.backend.reading() as connection:
        connection.execute(sa.text(f"DROP TRIGGER audit_no_update{'' if sqlite else ' ON audit'}"))
        for statement in statements:
            connection.execute(sa.text(statement))
        faults = {fault.where for fault in verify(store.backend, connection)}
        connection.rollback()
    return faults


def test_a_trigger_that_looks_away_is_found(store):
    sqlite = store.backend.engine.dialect.name == "sqlite"
    then = "BEGIN SELECT 1; END" if sqlite else "EXECUTE FUNCTION refuse_change()"
    assert guards_found(store, LOOKS_AWAY + then) == {"audit_no_update"}


def test_a_guard_that_refuses_nothing_any_more_is_found(store):
    sqlite = store.backend.engine.dialect.name == "sqlite"
    found = guards_found(store, NO_GUARD if sqlite else NO_REFUSAL)
    assert found == ({"audit_no_update"} if sqlite else guards.expected(truncate=True))


@pytest.mark.parametrize("name", ["habitats", "sites", "undos"])
def test_a_table_that_cannot_be_read_hides_no_other(store, name):
    with store.backend.reading() as connection:
        connection.execute(sa.text(f"ALTER TABLE {name} RENAME TO hidden"))
        faults = list(verify(store.backend, connection))
        connection.rollback()
    tables = {fault.where.partition(",")[0] for fault in faults}
    assert {one for one in tables if "_no_" not in one and "_bounds" not in one} == {name}


def test_a_chain_that_begins_nowhere_is_found(store):
    with guards_down(store) as connection:
        connection.execute(sa.text("DELETE FROM audit"))
        faults = [fault.what for fault in verifying._ends(connection, None)]
    assert faults == ["no entry says that the workspace was begun"]


def test_a_tail_that_was_cut_off_is_found_by_a_head_that_was_noted(store):
    heads = store.audit()["hash"].tolist()
    assert store.head == heads[-1]
    assert store.verify(heads[2]) == store.verify(store.head) == store.verify(store.version) == ()
    with guards_down(store) as connection:
        connection.execute(sa.text("DELETE FROM audit WHERE entry_no = :n"), {"n": len(heads)})
        assert list(verifying._chain(connection)) == []
        faults = [fault.what for fault in verifying._ends(connection, heads[-1])]
    assert faults == [f"no entry has the hash {heads[-1]}: some were cut off"]


@pytest.mark.parametrize("head", ["", "%", "abc", "G" * 64])
def test_a_head_that_is_none_is_refused(store, head):
    with pytest.raises(InputError, match="the head is no hash"):
        store.verify(head)


def test_one_changed_byte_of_a_raster_is_found_and_named(store):
    path = store.raster_path("new")
    before = path.read_bytes()
    damaged = bytearray(before)
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    assert [(f.where, f.what) for f in store.verify()] == [
        (f"rasters/{path.name}", "the file is not as it was stored")
    ]
    path.unlink()
    assert [f.what for f in store.verify()] == ["the file is missing"]
    path.write_bytes(before)
    assert store.verify() == ()


# --- the file of SQLite ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    home = tmp_path_factory.mktemp("bytes")
    WRITABLE["sqlite"](lambda: home, None).close()
    return home / "workspace"


def everything(store):
    return {name: store.records(name) for name in RECORDS}


def flipped(file, folder, at, bit=1):
    shutil.copytree(file, folder)
    damaged = bytearray((folder / "workspace.db").read_bytes())
    damaged[at] ^= bit
    (folder / "workspace.db").write_bytes(damaged)
    return folder


@pytest.mark.parametrize("word", ["地点m1", "开始者", "Yueqing", "S-2022-t1"])
def test_a_flipped_bit_in_a_stored_word_is_found(file, tmp_path, word):
    body = (file / "workspace.db").read_bytes()
    at = body.index(word.encode()) + 2
    store = open_register(flipped(file, tmp_path / "w", at))
    assert store.verify() != ()
    store.close()


def test_no_flipped_byte_anywhere_in_the_file_changes_a_record_in_silence(file, tmp_path):
    whole = open_register(file)
    before = everything(whole)
    whole.close()
    draw = random.Random(5)
    size = (file / "workspace.db").stat().st_size
    silent = 0
    for n in range(16):
        at, folder = draw.randrange(size), tmp_path / str(n)
        try:
            store = open_register(flipped(file, folder, at, 1 << draw.randrange(8)))
        except BluecarbonError:
            continue  # it does not even open
        if not store.verify():  # a byte that holds nothing
            silent += 1
            after = everything(store)
            assert all(after[name].equals(before[name]) for name in RECORDS), at
        store.close()
        shutil.rmtree(folder)
    assert silent < 16
