"""Tiles of a survey on disk: made whole, made once, and made anew when a patch changes."""

import io
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bluecarbon_map.errors import InputError
from bluecarbon_map.reports import tiling
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.places import copy_workspace, create_sqlite
from bluecarbon_map.tiles import HabitatLayer, Tile, building, empty_tile
from bluecarbon_map.tiles.building import CancelledError
from bluecarbon_map.tiles.mercator import TILE_PX, to_world
from tests import builders
from tests.contract.rows import habitats
from tests.unit.test_cli import read, refused

SURVEY = "S-2022"


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return FolderStore(builders.write_workspace(tmp_path_factory.mktemp("source")))


@pytest.fixture(scope="module")
def store(source, tmp_path_factory):
    made = create_sqlite(tmp_path_factory.mktemp("workspace"), source.info)
    copy_workspace(source, made, "a")
    tiling.make_tiles(made, SURVEY)
    return made


def _folders(store):
    return sorted(path.name for path in (store.folder / "tiles").iterdir())


def _tile(zoom, lon=121.1, lat=28.05):
    x, y = (to_world(np.array([[lon, lat]]))[0] * 2**zoom // TILE_PX).astype(int)
    return Tile(zoom, int(x), int(y))


def _pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))


@pytest.mark.parametrize("zoom", [7, 9, 12, 13, 16])
def test_what_is_drawn_from_tiles_is_what_is_drawn_from_memory(store, zoom):
    memory = HabitatLayer(store.habitats(SURVEY))
    made = tiling.tiles_of(store, SURVEY)
    for asked in ({}, {"ecosystems": {"salt_marsh"}}, {"demonstration": False}):
        ours, theirs = (_pixels(one.draw(_tile(zoom), **asked)) for one in (made, memory))
        seen = ours[..., 3] > 100, theirs[..., 3] > 100
        assert seen[0].any() == seen[1].any()
        # Edges differ by a pixel, and so do dots, of which a patch of a few pixels is made.
        assert (seen[0] ^ seen[1]).sum() <= max(40, 0.1 * seen[1].sum())
        both = seen[0] & seen[1]
        if both.sum() > 40:
            apart = np.abs(ours[both].astype(int) - theirs[both]).max(axis=1)
            assert np.median(apart) <= 2


def test_a_patch_of_a_hectare_is_seen_from_afar_and_hidden_when_asked(store):
    made = tiling.tiles_of(store, SURVEY)
    assert made.draw(_tile(7)) != empty_tile()
    assert made.draw(_tile(7), ecosystems={"seagrass"}) == empty_tile()
    assert made.draw(_tile(7, lon=100.0)) == empty_tile()


def test_tiles_are_made_once_and_anew_when_a_patch_changes(store):
    before = _folders(store)
    assert tiling.make_tiles(store, SURVEY) is None
    receipt = store.apply(Change(kind="import", actor="a", tables={"habitats": habitats(SURVEY)}))
    assert tiling.tiles_of(store, SURVEY) is None
    assert tiling.make_tiles(store, SURVEY).patches == 5
    after = _folders(store)
    assert len(after) == len(before), "those of the earlier state are gone"
    assert after != before
    store.undo(receipt.change_id, actor="a")
    tiling.make_tiles(store, SURVEY)


def test_who_stops_leaves_nothing_behind(store):
    before = _folders(store)
    with pytest.raises(CancelledError):
        tiling.make_tiles(store, "S-2025", cancelled=lambda: True)
    assert _folders(store) == before
    assert tiling.tiles_of(store, "S-2025") is None


def test_a_survey_that_changes_meanwhile_gets_no_tiles(store):
    before = _folders(store)

    def change(_part):
        if "late" not in store.surveys()["survey_id"].tolist():
            row = builders.survey("late", 2031)
            store.apply(Change(kind="import", actor="a", tables={
                "surveys": builders.surveys_table(row),
                "habitats": habitats("S-2025").assign(habitat_id="late")}))  # fmt: skip

    with pytest.raises(InputError, match="the survey changed while its tiles were made"):
        tiling.make_tiles(store, "S-2025", progress=change)
    assert _folders(store) == before


def _emptied(path):
    path.write_bytes(b"")


def _cut_short(path):
    path.write_bytes(path.read_bytes()[:-1])


def _overwritten(path):
    path.write_bytes(bytes(path.stat().st_size))


@pytest.mark.parametrize("name", ["masks.pmtiles", "patches.pmtiles", "built.json"])
@pytest.mark.parametrize("harm", [Path.unlink, _emptied, _cut_short, _overwritten])
def test_a_folder_that_is_not_whole_counts_as_not_made_and_is_made_again(store, name, harm):
    folder = next((store.folder / "tiles").glob(f"*/{name}")).parent
    sound = (folder / name).read_bytes()
    harm(folder / name)
    assert tiling.tiles_of(store, SURVEY) is None
    if harm is not _overwritten:
        assert tiling.archive_of(store, SURVEY) is None
    assert tiling.make_tiles(store, SURVEY).patches == 4
    assert (folder / name).read_bytes() == sound
    assert tiling.tiles_of(store, SURVEY).draw(_tile(9)) != empty_tile()
    assert [one for one in _folders(store) if one.startswith(".making-")] == []


def test_a_folder_loses_its_name_before_it_is_removed(store, monkeypatch):
    (old,) = _folders(store)
    seen, remove = [], shutil.rmtree

    def watched(path, *more, **named):
        seen.append(_folders(store))
        remove(path, *more, **named)

    receipt = store.apply(Change(kind="import", actor="a", tables={"habitats": habitats(SURVEY)}))
    monkeypatch.setattr(shutil, "rmtree", watched)
    tiling.make_tiles(store, SURVEY)
    assert old not in seen[-1], "a crash now would leave half a folder under its name"
    monkeypatch.undo()
    store.undo(receipt.change_id, actor="a")
    tiling.make_tiles(store, SURVEY)


@pytest.mark.parametrize("what", ["LOOKS", "ECOSYSTEM_AT"])
def test_tiles_made_with_another_vocabulary_count_as_not_made(store, monkeypatch, what):
    assert tiling.tiles_of(store, SURVEY) is not None
    turned = reversed(getattr(building, what))
    other = tuple(turned) if what == "LOOKS" else {key: at for at, key in enumerate(turned)}
    monkeypatch.setattr(building, what, other)
    assert tiling.tiles_of(store, SURVEY) is None


def test_a_folder_of_files_is_never_written(source, tmp_path, monkeypatch):
    monkeypatch.setattr(tiling, "user_cache_path", lambda *_args, **_named: tmp_path)
    before = sorted(source.folder.iterdir())
    tiling.make_tiles(source, SURVEY)
    assert sorted(source.folder.iterdir()) == before
    assert tiling.tiles_of(source, SURVEY).draw(_tile(9)) != empty_tile()
    assert len(list((tmp_path / "tiles").glob("*/*"))) == 1


def test_the_command_makes_tiles_and_hands_them_out(store, tmp_path):
    out = tmp_path / "patches.pmtiles"
    body = read("tiles", "--workspace", store.folder, "--survey", SURVEY, "--out", out)
    assert body["surveys"] == [{"survey_id": SURVEY, "made": False, "patches": 4}]
    assert out.read_bytes()[:7] == b"PMTiles"
    assert (
        "one file holds one survey"
        in refused("tiles", "--workspace", store.folder, "--out", out)["message"]
    )
    assert (
        "S-1999" in refused("tiles", "--workspace", store.folder, "--survey", "S-1999")["message"]
    )
