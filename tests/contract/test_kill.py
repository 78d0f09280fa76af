"""A few kills at random moments; ``make soak`` does two hundred."""

import pytest
import sqlalchemy as sa

from bluecarbon_map.errors import StoreError
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.places import open_register
from tests.contract.rows import survey_row
from tests.contract.stores import WRITABLE
from tests.soak import killing


@pytest.fixture(params=WRITABLE)
def folder(request, tmp_path):
    def server():
        return request.getfixturevalue("postgres_server").new_database(), "w"

    store = WRITABLE[request.param](lambda: tmp_path, server)
    store.close()
    return store.folder


def test_an_import_that_is_killed_is_stored_whole_or_not_at_all(folder):
    tally = killing.run(folder, 5)
    assert tally.clean, (tally, tally.corrupt)
    assert tally.kills == 5


def test_a_full_disk_is_said_so_and_nothing_is_lost(tmp_path):
    store = WRITABLE["sqlite"](lambda: tmp_path, None)
    before, version = store.surveys(), store.version
    store.close()
    full = open_register(store.folder)

    @sa.event.listens_for(full.backend.engine, "connect")
    def _no_room(connection, _record):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 20}")

    full.close()
    tables = {"surveys": survey_row("K"), "habitats": killing.patches("K", 2_000)}
    with pytest.raises(StoreError, match="the disk is full; nothing of this change was stored"):
        full.apply(Change(kind="import", actor="甲", tables=tables))
    assert full.version == version
    assert full.surveys().equals(before)
    full.close()
    again = open_register(store.folder)
    assert again.verify() == ()
    again.apply(Change(kind="import", actor="甲", tables=tables))
    assert len(again.habitats("K")) == 2_000
    again.close()
