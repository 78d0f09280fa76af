"""The long version: 200 kills a store, kills of the server, a disk that is full. ``make soak``."""

import os
import shutil
import subprocess

import pytest

from bluecarbon_map.errors import StoreError
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.places import open_register
from tests import postgres
from tests.contract.rows import survey_row
from tests.contract.stores import WRITABLE
from tests.soak import killing

KILLS = int(os.environ.get("BLUECARBON_KILLS", "200"))

pytestmark = pytest.mark.timeout(7200)


def say(tally):
    print(tally, flush=True)  # noqa: T201


def _import_of(number):
    survey_id = f"K-{number}"
    tables = {"surveys": survey_row(survey_id), "habitats": killing.patches(survey_id)}
    return Change(kind="import", actor="importer", tables=tables)


def _fill(store, kept):
    for number in range(1_000):
        store.apply(_import_of(number))
        kept.append(number)


@pytest.fixture
def folder(request, tmp_path):
    def server():
        return request.getfixturevalue("postgres_server").new_database(), "w"

    store = WRITABLE[request.param](lambda: tmp_path, server)
    store.close()
    return store.folder


@pytest.mark.parametrize("folder", WRITABLE, indirect=True)
def test_no_kill_of_an_importer_corrupts_halves_or_loses_an_import(folder):
    tally = killing.run(folder, KILLS, say=say)
    say(tally)
    assert tally.clean, tally
    assert tally.acknowledged > KILLS / 20


def test_no_kill_of_the_server_corrupts_halves_or_loses_an_import(tmp_path):
    if reason := postgres.missing():
        pytest.skip(reason)
    server = postgres.Server()
    try:
        store = WRITABLE["postgis"](lambda: tmp_path, lambda: (server.new_database(), "w"))
        store.close()
        tally = killing.Tally()
        for n in range(max(5, KILLS // 20)):
            child, hear = killing.start(store.folder, 1_000 * (n + 1))
            killing.time.sleep(1.0 + 0.3 * n)
            server.kill()
            told = killing.reap(child, hear)
            server.start()
            tally.kills += 1
            tally.acknowledged += len(told)
            killing.look(store.folder, told, tally, thorough=True)
        say(tally)
        assert tally.clean, tally
    finally:
        server.stop()


def test_a_disk_that_is_full_is_said_so_and_nothing_is_lost(tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    mounted = os.geteuid() == 0 and not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(small)],
        check=False, capture_output=True,
    ).returncode  # fmt: skip
    if not mounted:
        pytest.skip("absent: the right to mount a small disk")
    try:
        source = WRITABLE["sqlite"](lambda: tmp_path, None)
        source.close()
        folder = shutil.copytree(source.folder, small / "workspace")
        store, kept = open_register(folder), []
        with pytest.raises((StoreError, OSError), match=r"disk is full|No space left"):
            _fill(store, kept)
        tally = killing.Tally()
        store.close()
        killing.look(folder, kept, tally, thorough=True)
        say(f"full after {len(kept)} imports: {tally}")
        assert kept
        assert tally.clean, (tally, tally.corrupt)
        assert tally.stored == len(kept)
    finally:
        subprocess.run(["umount", str(small)], check=True)
