"""A workspace is made by one alone, whole or not at all; what is none is never taken for one."""

import sqlite3

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from bluecarbon_map.cli import main
from bluecarbon_map.errors import InputError, StoreError
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.keeping import put_new
from bluecarbon_map.store.places import create_sqlite, making, open_register, open_store
from tests import builders
from tests.builders import write_workspace
from tests.contract.rows import survey_row
from tests.contract.stores import WRITABLE


@pytest.fixture
def info(tmp_path):
    return FolderStore(write_workspace(tmp_path / "source")).info


@pytest.fixture
def postgres(request):
    return request.getfixturevalue("postgres_server")


def schemas(url):
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = sa.inspect(connection).get_schema_names()
    engine.dispose()
    return found


def test_whoever_is_second_to_make_a_workspace_leaves_the_first_one_alone(tmp_path, info):
    folder = tmp_path / "w"

    def slow():
        with making(folder, "workspace.db") as draft:
            quick = create_sqlite(folder, info)
            quick.apply(Change(kind="import", actor="乙", tables={"surveys": survey_row("S")}))
            stores.append(quick)
            draft.write_bytes(b"the other one")

    stores = []
    with pytest.raises(InputError, match="there is a workspace already"):
        slow()
    (quick,) = stores
    assert quick.verify() == ()
    quick.close()
    assert open_register(folder).surveys()["survey_id"].tolist() == ["S"]
    assert sorted(path.name for path in folder.iterdir()) == ["workspace.db"]


@pytest.mark.parametrize("links", [True, False])
def test_a_name_that_is_taken_is_never_written_over(tmp_path, monkeypatch, links):
    if not links:

        def refused(*_paths):
            raise OSError("this disk has no links")

        monkeypatch.setattr("os.link", refused)
    (tmp_path / "draft").write_text("second")
    put_new(tmp_path / "draft", tmp_path / "free")
    assert (tmp_path / "free").read_text() == "second"
    (tmp_path / "draft").write_text("third")
    with pytest.raises(FileExistsError):
        put_new(tmp_path / "draft", tmp_path / "free")
    assert (tmp_path / "free").read_text() == "second"


def test_the_log_of_a_lost_workspace_is_never_replayed_onto_a_new_one(tmp_path, info):
    left = tmp_path / "workspace.db-wal"
    left.write_bytes(b"the last changes")
    with pytest.raises(InputError, match="left of another workspace"):
        create_sqlite(tmp_path, info)
    assert left.read_bytes() == b"the last changes"


# --- what is no workspace -------------------------------------------------------------------------


def test_an_emptied_file_is_refused_and_the_log_beside_it_stays(tmp_path, info):
    folder = tmp_path / "w"
    create_sqlite(folder, info).close()
    (folder / "workspace.db").write_bytes(b"")
    (folder / "workspace.db-wal").write_bytes(b"the last changes")
    with pytest.raises(StoreError, match="it holds no workspace"):
        open_store(folder)
    assert (folder / "workspace.db").read_bytes() == b""
    assert (folder / "workspace.db-wal").read_bytes() == b"the last changes"


def test_a_foreign_file_of_that_name_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / "workspace.db"
    with sqlite3.connect(path) as foreign:
        foreign.execute("CREATE TABLE notes (text)")
    foreign.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="it holds no workspace"):
        open_register(tmp_path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["workspace.db"]


def test_a_schema_without_tables_is_refused(tmp_path, info, postgres):
    store = WRITABLE["postgis"](lambda: tmp_path / "made", postgres.new_schema)
    schema = store.backend.where.rpartition(" ")[2]
    with store.backend.engine.begin() as connection:
        connection.execute(sa.schema.DropSchema(schema, cascade=True))
        connection.execute(sa.schema.CreateSchema(schema))
    store.close()
    with pytest.raises(StoreError, match="it holds no workspace"):
        open_register(store.folder)


# --- on a server ----------------------------------------------------------------------------------


def test_a_workspace_that_cannot_be_made_leaves_no_schema(tmp_path, info, postgres):
    from bluecarbon_map.store.postgis import create_postgis

    url, schema = postgres.new_schema()
    (tmp_path / "file").write_text("in the way of the folder")
    with pytest.raises(OSError, match="file"):
        create_postgis(tmp_path / "file", url, schema, info)
    assert schema not in schemas(url)
    create_postgis(tmp_path / "w", url, schema, info).close()
    assert open_register(tmp_path / "w").verify() == ()


def test_whoever_is_second_to_name_a_database_leaves_no_schema(tmp_path, info, postgres):
    from bluecarbon_map.store.postgis import _new_schema, address, create_postgis

    (url, schema), (_, other) = postgres.new_schema(), postgres.new_schema()

    def slow():
        with _new_schema(address(url), other), making(tmp_path / "w", "database.json") as draft:
            create_postgis(tmp_path / "w", url, schema, info).close()
            draft.write_text("the other one")

    with pytest.raises(InputError, match="there is a workspace already"):
        slow()
    assert schema in schemas(url)
    assert other not in schemas(url)
    assert open_register(tmp_path / "w").verify() == ()


def test_the_command_makes_a_workspace_in_a_database_that_takes_imports(postgres_server, tmp_path):
    url, schema = postgres_server.new_schema()
    folder, patches = tmp_path / "office", builders.write(builders.habitats(), tmp_path / "h.gpkg")
    made = ("init", folder, "--province", "33", "--database", url, "--schema", schema)
    taken = ("import", patches, "--kind", "habitats", "--survey", "S-1", "--title", "图", "--mode",
             "baseline", "--means", "none", "--year", "2026", "--method", "画的", "--yes",
             "--workspace", folder)  # fmt: skip
    for words in (made, taken, ("verify", "--workspace", folder)):
        found = CliRunner().invoke(main, [str(word) for word in words])
        assert found.exit_code == 0, found.output
    assert (folder / "database.json").is_file()
    assert not (folder / "workspace.db").exists()
    opened = open_register(folder)
    assert (opened.info.zone_id, opened.info.default_survey_id) == ("330000", "S-1")
    opened.close()
    again = CliRunner().invoke(main, [str(word) for word in (*made[:1], tmp_path / "b", *made[2:])])
    assert again.exit_code == 1
    assert "there is a schema" in again.output
    assert not (tmp_path / "b").exists() or not any((tmp_path / "b").iterdir())


def test_a_schema_without_a_database_is_wrong_usage(tmp_path):
    words = ["init", str(tmp_path / "w"), "--province", "33", "--schema", "s"]
    assert CliRunner().invoke(main, words).exit_code == 2
