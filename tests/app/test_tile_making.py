"""The bar above the map while the tiles of a large survey are made, and what comes after it."""

from __future__ import annotations

import threading

import pytest

from bluecarbon_map.reports import tiling
from tests.app.conftest import map_told
from ui import tile_making

STOP, MAKE = "stop_tiles", "make_tiles"


@pytest.fixture
def go(office, monkeypatch):
    """Every survey is a large one; the work on it waits at 40 % until it may go on."""
    make, waits, on = tiling.make_tiles, threading.Event(), threading.Event()

    def slow(*given, progress, cancelled):
        progress(0.4)
        waits.set()
        assert on.wait(60)
        return make(*given, progress=progress, cancelled=cancelled)

    monkeypatch.setattr(tiling, "MANY", 1)
    monkeypatch.setattr(tiling, "make_tiles", slow)

    def go_on():
        on.set()
        for job in list(tile_making._jobs.values()):
            assert job.is_done(60)

    go_on.waits = waits.wait
    yield go_on
    go_on()
    tile_making._jobs.clear()


def _bars(test):
    return [bar.proto.text for bar in test.get("progress")]


def _buttons(test):
    return {button.key for button in test.button} & {STOP, MAKE}


def _draws_patches(test):
    return "/tiles/habitats/" in str(map_told(test)) or "/tiles/vector/" in str(map_told(test))


def test_the_bar_says_how_far_it_is_and_goes_when_patches_can_be_drawn(go, opened):
    test = opened("distribution")
    assert len(_bars(test)) == 1
    assert not _draws_patches(test)
    assert go.waits(60)
    test.run()
    assert "40%" in _bars(test)[0]
    assert len(tile_making._jobs) == 1, "one work for all readers"
    go()
    test.run()
    assert not test.exception
    assert (_bars(test), _buttons(test)) == ([], set())
    assert _draws_patches(test)


def test_who_stops_it_is_told_so_and_can_begin_again(go, opened):
    test = opened("distribution")
    assert _buttons(test) == {STOP}
    assert go.waits(60)
    test.button(key=STOP).click().run()
    go()
    test.run()
    assert (_bars(test), _buttons(test)) == ([], {MAKE})
    assert len(test.info) == 1
    assert not _draws_patches(test)
    test.button(key=MAKE).click().run()
    go()
    test.run()
    assert (_bars(test), _buttons(test)) == ([], set())
    assert _draws_patches(test)
