"""Backups: made while others write, restored whole, refused where damaged, thinned out."""

import json
import shutil
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pandas as pd
import pytest

from bluecarbon_map import reports
from bluecarbon_map.errors import InputError, ReadOnlyError, StoreError
from bluecarbon_map.store.backup import SUFFIX, backup, restore
from bluecarbon_map.store.backup_file import UNSEALED, check, read_manifest, seal
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.places import open_register
from bluecarbon_map.tables import Level
from tests import builders
from tests.contract.stores import WRITABLE


@pytest.fixture(params=WRITABLE)
def store(request, tmp_path):
    def postgres():
        return request.getfixturevalue("postgres_server").new_schema()

    return WRITABLE[request.param](lambda: tmp_path, postgres)


@pytest.fixture
def sqlite(tmp_path):
    return WRITABLE["sqlite"](lambda: tmp_path, None)


@pytest.fixture
def elsewhere(request, store):
    """Address of another database for a store on PostGIS; None for the one on SQLite."""
    if not (store.folder / "database.json").is_file():
        return None
    server = request.getfixturevalue("postgres_server")
    return server.new_database()


def totals(store):
    return reports.summarise(store, "S-2022", level=Level.COUNTY).rows


def pair(value):
    """Two projects that one change writes: whoever sees one of them sees the other."""
    return builders.projects_table(*(builders.accepted(name, float(value)) for name in ("a", "b")))


def written(store, value):
    """One change; a second writer who lost the race looks again."""
    change = Change(kind="edit", actor="w", tables={"projects": pair(value)}, replace=True)
    return store.apply(change)


def test_what_is_restored_equals_what_was_backed_up(store, elsewhere, tmp_path):
    file = backup(store.folder, tmp_path / f"one{SUFFIX}")
    said = restore(file, tmp_path / "again", elsewhere)
    again = open_register(tmp_path / "again")
    assert again.verify() == ()
    assert again.version == store.version == said.head[:16]
    pd.testing.assert_frame_equal(totals(again), totals(store), check_exact=True)
    assert len(again.changes()) == said.changes == len(store.changes())
    for raster_id in store.rasters()["raster_id"]:
        ours, theirs = again.raster_path(raster_id), store.raster_path(raster_id)
        assert ours.read_bytes() == theirs.read_bytes()
        assert ours != theirs


def test_a_restored_workspace_goes_on(store, elsewhere, tmp_path):
    restore(backup(store.folder, tmp_path / f"one{SUFFIX}"), tmp_path / "again", elsewhere)
    again = open_register(tmp_path / "again")
    receipt = written(again, 5)
    assert again.verify() == ()
    again.undo(receipt.change_id, actor="w")
    assert "a" not in set(again.projects()["project_id"])


def test_backups_taken_while_two_people_write_hold_whole_changes(store, request, tmp_path):
    written(store, 0)
    done = threading.Event()

    def write(start):
        own = open_register(store.folder)
        value = start
        while not done.is_set():
            written(own, value)
            value += 2

    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(write, start) for start in (1, 2)]
        try:
            files = [backup(store.folder, tmp_path / f"{n}{SUFFIX}") for n in range(3)]
        finally:
            done.set()
    for writer in writers:
        writer.result()
    for number, file in enumerate(files):
        url = None
        if (store.folder / "database.json").is_file():
            url = request.getfixturevalue("postgres_server").new_database()
        folder = tmp_path / f"again-{number}"
        restore(file, folder, url)
        again = open_register(folder)
        assert again.verify() == ()
        amounts = again.projects().set_index("project_id")["accepted"]
        assert amounts["a"] == amounts["b"]
        assert len(again.changes()) == read_manifest(file).changes
    assert read_manifest(files[0]).changes <= read_manifest(files[-1]).changes


# --- what is refused ------------------------------------------------------------------------------


def test_a_restore_never_writes_over_anything(sqlite, tmp_path):
    file = backup(sqlite.folder, tmp_path / f"one{SUFFIX}")
    with pytest.raises(InputError, match="something there already"):
        restore(file, sqlite.folder)
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="something there already"):
        restore(file, other)
    assert [path.name for path in other.iterdir()] == ["mine.txt"]


def test_an_empty_folder_may_be_named(sqlite, tmp_path):
    (tmp_path / "empty").mkdir()
    restore(backup(sqlite.folder, tmp_path / f"one{SUFFIX}"), tmp_path / "empty")
    assert open_register(tmp_path / "empty").verify() == ()


def test_a_backup_never_writes_over_a_file(sqlite, tmp_path):
    file = tmp_path / "mine.zip"
    file.write_text("mine")
    with pytest.raises(InputError, match="a file of that name"):
        backup(sqlite.folder, file)
    assert file.read_text() == "mine"


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_one_changed_byte_is_found(sqlite, tmp_path, at):
    file = backup(sqlite.folder, tmp_path / f"one{SUFFIX}")
    raw = bytearray(file.read_bytes())
    raw[int(len(raw) * at)] ^= 0x40
    file.write_bytes(raw)
    with pytest.raises(InputError, match="damaged"):
        restore(file, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".again")]


def test_no_byte_can_change_unseen(sqlite, tmp_path):
    """The headers of a ZIP are under no checksum of its own: every byte of theirs, and a sample."""
    file = backup(sqlite.folder, tmp_path / f"one{SUFFIX}")
    raw = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        headers = [
            at
            for one in archive.infolist()
            for at in range(one.header_offset, one.header_offset + 60)
        ]
        directory = range(archive.start_dir, len(raw))
    unseen = []
    for at in sorted({*headers, *directory, *range(0, len(raw), 997)}):
        changed = bytearray(raw)
        changed[at] ^= 0x40
        file.write_bytes(changed)
        try:
            check(file)
        except InputError:
            continue
        unseen.append(at)
    assert unseen == []


def test_a_manifest_is_read_or_refused_whatever_byte_changed(sqlite, tmp_path):
    """The seal is not asked for here: nothing but the ZIP's reader stands in the way."""
    file = backup(sqlite.folder, tmp_path / f"one{SUFFIX}")
    raw = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        ends = range(archive.start_dir, len(raw))
    for at in (*range(200), *ends):
        changed = bytearray(raw)
        changed[at] ^= 0x80
        file.write_bytes(changed)
        with suppress(InputError):
            read_manifest(file)


def test_half_a_backup_is_refused(sqlite, tmp_path):
    file = backup(sqlite.folder, tmp_path / f"one{SUFFIX}")
    file.write_bytes(file.read_bytes()[:-500])
    with pytest.raises(InputError, match="damaged"):
        restore(file, tmp_path / "again")


def test_what_is_no_backup_is_refused(tmp_path):
    file = tmp_path / "x.zip"
    with pytest.raises(InputError, match="no such file"):
        restore(file, tmp_path / "again")
    file.write_text("hello")
    with pytest.raises(InputError, match="no backup"):
        restore(file, tmp_path / "again")
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(InputError, match="no backup"):
        restore(file, tmp_path / "again")


def remade(file, change):
    """The same backup with its manifest and names changed by ``change(manifest, files)``."""
    with zipfile.ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    change(manifest, files)
    made = file.with_name(f"remade{SUFFIX}")
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        for name, content in files.items():
            archive.writestr(name, content)
        archive.comment = UNSEALED
    seal(made)
    return made


@pytest.mark.parametrize(
    "name", ["../out.tif", "/out.tif", "rasters/../../out.tif", "rasters\\..\\out.tif",
             "rasters/.hidden.tif", "database.json", "rasters/a.tif\n"],
)  # fmt: skip
def test_a_file_that_leads_elsewhere_is_refused(sqlite, tmp_path, name):
    def change(manifest, files):
        files[name] = b"x"
        sha = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        manifest["files"].append({"name": name, "sha256": sha, "size": 1})

    file = remade(backup(sqlite.folder, tmp_path / f"one{SUFFIX}"), change)
    with pytest.raises(InputError, match="it holds a file"):
        restore(file, tmp_path / "deep" / "again")
    assert not list(tmp_path.rglob("out.tif"))


def test_a_file_that_the_manifest_does_not_name_is_refused(sqlite, tmp_path):
    def change(_manifest, files):
        files["rasters/more.tif"] = b"x"

    file = remade(backup(sqlite.folder, tmp_path / f"one{SUFFIX}"), change)
    with pytest.raises(InputError, match="does not hold the files"):
        restore(file, tmp_path / "again")


def test_a_file_never_unpacks_to_more_than_it_says(sqlite, tmp_path):
    def change(manifest, files):
        files["rasters/bomb.tif"] = bytes(50_000_000)
        manifest["files"].append({"name": "rasters/bomb.tif", "sha256": "0" * 64, "size": 10})

    file = remade(backup(sqlite.folder, tmp_path / f"one{SUFFIX}"), change)
    with pytest.raises(InputError, match="not what was put in"):
        restore(file, tmp_path / "again")


def test_a_chain_that_ends_elsewhere_is_refused(sqlite, tmp_path):
    file = remade(
        backup(sqlite.folder, tmp_path / f"one{SUFFIX}"),
        lambda manifest, _files: manifest.update(head="0" * 64),
    )
    with pytest.raises(InputError, match="ends elsewhere"):
        restore(file, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_newer_backup_asks_for_a_newer_program(sqlite, tmp_path):
    file = remade(
        backup(sqlite.folder, tmp_path / f"one{SUFFIX}"),
        lambda manifest, _files: manifest.update(version=2),
    )
    with pytest.raises(InputError, match="newer version"):
        restore(file, tmp_path / "again")


def test_a_damaged_workspace_is_not_backed_up(sqlite, tmp_path):
    raster = next((sqlite.folder / "rasters").iterdir())
    raw = bytearray(raster.read_bytes())
    raw[-1] ^= 1
    raster.write_bytes(raw)
    with pytest.raises(StoreError, match=raster.name):
        backup(sqlite.folder, tmp_path / f"one{SUFFIX}")
    assert not (tmp_path / f"one{SUFFIX}").exists()


def test_a_folder_of_files_is_copied_by_hand(workspace_folder, tmp_path):
    with pytest.raises(ReadOnlyError, match="copy the folder"):
        backup(workspace_folder, tmp_path / "x.zip")


def test_a_backup_of_sqlite_needs_no_server(sqlite, tmp_path):
    file = backup(sqlite.folder, tmp_path / f"one{SUFFIX}")
    with pytest.raises(InputError, match="no backup of a PostgreSQL"):
        restore(file, tmp_path / "again", "postgresql://x@127.0.0.1/x")


def test_a_schema_that_is_there_is_never_written_over(request, tmp_path):
    def postgres():
        return request.getfixturevalue("postgres_server").new_schema()

    store = WRITABLE["postgis"](lambda: tmp_path, postgres)
    file = backup(store.folder, tmp_path / f"one{SUFFIX}")
    with pytest.raises(InputError, match="needs a PostgreSQL"):
        restore(file, tmp_path / "again")
    url = json.loads((store.folder / "database.json").read_text())["url"]
    with pytest.raises(InputError, match="schema"):
        restore(file, tmp_path / "again", url)
    assert open_register(store.folder).verify() == ()
    assert not (tmp_path / "again").exists()


# --- keeping the newest ---------------------------------------------------------------------------


def test_only_the_oldest_backups_of_the_same_workspace_go(sqlite, tmp_path):
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    first = backup(sqlite.folder, shelf)
    stranger = shelf / "small-notes.zip"
    stranger.write_text("mine")
    shutil.copy(first, shelf / f"small-20200101T000000000000Z.copy{SUFFIX}")
    # of one name, and begun elsewhere
    other = remade(first, lambda manifest, _files: manifest.update(begun="0" * 64))
    other = other.rename(shelf / f"small-20200101T000000000000Z{SUFFIX}")
    second, third = (backup(sqlite.folder, shelf, keep=2) for _ in range(2))
    left = set(shelf.iterdir())
    assert first not in left
    assert {second, third, stranger, other} <= left
    assert len(left) == 5


def test_rotation_needs_a_folder(sqlite, tmp_path):
    with pytest.raises(InputError, match="in a folder only"):
        backup(sqlite.folder, tmp_path / "x.zip", keep=3)
    with pytest.raises(InputError, match="in a folder only"):
        backup(sqlite.folder, tmp_path, keep=0)
