"""Tables of a database: made and brought up to date by migrations alone."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bluecarbon_map.errors import InputError
from bluecarbon_map.store import migrating
from bluecarbon_map.store.places import open_register
from bluecarbon_map.store.schema import METADATA
from tests.contract.stores import WRITABLE


@pytest.fixture(params=WRITABLE)
def store(request, tmp_path):
    def server():
        return request.getfixturevalue("postgres_server").new_schema()

    store = WRITABLE[request.param](lambda: tmp_path, server)
    yield store
    store.close()


def _is_ours(_thing, name, kind, _reflected, _compared):
    """The R*Tree's own tables are SQLite's business, and PostGIS has one of its own."""
    return not (kind == "table" and ("_bounds" in name or name == "spatial_ref_sys"))


def test_after_the_migrations_the_tables_are_those_of_the_contracts(store):
    options = {"include_object": _is_ours, "compare_type": True}
    with store.backend.reading() as connection:
        context = MigrationContext.configure(connection, opts=options)
        differences = [
            one for one in compare_metadata(context, METADATA) if not _spatial_index(one)
        ]
    assert differences == []


def _spatial_index(difference):
    """PostGIS has an index that SQLite has not; it stands in no contract."""
    return difference[0] == "remove_index" and difference[1].name in {
        "ix_habitats_geometry", "ix_zones_geometry",
    }  # fmt: skip


def test_the_newest_revision_is_the_one_that_is_expected():
    config = Config()
    config.set_main_option("script_location", str(migrating._FOLDER))
    assert ScriptDirectory.from_config(config).get_current_head() == migrating.HEAD
    assert migrating.HEAD in migrating.KNOWN


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(store):
    with store.backend.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(InputError, match=r"tables are 9999, known is .* Update bluecarbon-map"):
        open_register(store.folder)


SECOND = '''
"""One table more."""
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"

def upgrade():
    op.create_table("more", sa.Column("n", sa.Integer()))
    {then}
'''


def newer(tmp_path, monkeypatch, then="pass"):
    """A program that knows one revision more."""
    folder = Path(shutil.copytree(migrating._FOLDER, tmp_path / "newer"))
    (folder / "versions" / "v0002.py").write_text(SECOND.format(then=then))
    monkeypatch.setattr(migrating, "_FOLDER", folder)
    monkeypatch.setattr(migrating, "HEAD", "0002")
    monkeypatch.setattr(migrating, "KNOWN", ("0001", "0002"))


def test_an_older_database_is_brought_up_to_date_with_a_copy_of_it_first(
    store, tmp_path, monkeypatch
):
    before = store.projects()
    store.close()
    newer(tmp_path, monkeypatch)
    opened = open_register(store.folder)
    assert opened.projects().equals(before)
    with opened.backend.reading() as connection:
        assert sa.inspect(connection).has_table("more")
    opened.close()
    if store.backend.engine.dialect.name == "sqlite":
        (copy,) = store.folder.glob("workspace-before-*.db")
        assert copy.stat().st_size > 100_000


def test_a_migration_that_fails_leaves_everything_as_it_was(store, tmp_path, monkeypatch):
    store.close()
    with monkeypatch.context() as patched:
        newer(tmp_path, patched, then='raise OSError("no")')
        with pytest.raises(OSError, match="no"):
            open_register(store.folder)
    opened = open_register(store.folder)
    with opened.backend.reading() as connection:
        assert not sa.inspect(connection).has_table("more")
    assert opened.verify() == ()
    opened.close()
