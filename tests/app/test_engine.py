"""Which of the two maps is drawn, and that both are told the same."""

from __future__ import annotations

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.conftest import APP, Opened, map_told, text_of
from ui import engine, fast_map

SHOWN = {"layers": "r_landcover-2025~60.patches.base", "zone": "330382", "lang": "en"}


def _drawn(test: AppTest) -> str:
    plain, fast = test.get("component_instance"), test.get("bidi_component")
    assert len(plain) + len(fast) == 1
    return engine.PLAIN if plain else engine.FAST


def _must(test: AppTest) -> bool:
    proto = test.get("bidi_component")[0].proto
    return bool(json.loads(proto.json or proto.mixed.json)["must"])


def _with_panel(opened: Opened, **address: str) -> AppTest:
    test = opened("distribution", **address)
    test.session_state["layers"] = True
    return test.run()


@pytest.mark.parametrize(
    ("address", "drawn"),
    [({}, engine.FAST), ({"map": "fast"}, engine.FAST), ({"map": "plain"}, engine.PLAIN)],
)
def test_the_address_says_which_map_is_drawn_and_a_newcomers_browser_is_asked(
    opened: Opened, address: dict[str, str], drawn: str
):
    assert _drawn(opened("distribution", **address)) == drawn


def test_both_maps_are_told_the_same(opened: Opened):
    plain = map_told(opened("distribution", map="plain", **SHOWN))
    fast = map_told(opened("distribution", map="fast", **SHOWN))
    for one in (plain, fast):
        assert re.fullmatch(r"[0-9a-f]{12}-0-\d+", one["move"].pop("token"))
        assert re.fullmatch(r"[0-9a-f]{16}", one["draw"]["keep"].pop("session"))
    assert fast == plain
    assert [layer["name"] for layer in fast["layers"]] == ["raster1", "habitats", "base"]
    assert fast["outlines"]


def test_a_forced_map_is_not_given_up_for_being_slow(opened: Opened):
    assert _must(opened("distribution", map="fast"))
    assert not _must(opened("distribution"))


def test_the_switch_changes_the_map_the_address_and_what_the_browser_keeps(opened: Opened):
    test = _with_panel(opened)
    assert test.radio(key="map_engine").value == engine.AUTOMATIC
    test.radio(key="map_engine").set_value(engine.PLAIN).run()
    assert not test.exception
    assert _drawn(test) == engine.PLAIN
    assert test.query_params["map"] == "plain"
    assert map_told(test)["keep"] == "plain"
    test.radio(key="map_engine").set_value(engine.AUTOMATIC).run()
    assert _drawn(test) == engine.FAST
    assert "map" not in test.query_params
    assert map_told(test)["keep"] == "auto"


def test_a_map_that_is_not_there_is_told_and_the_usual_one_drawn(opened: Opened):
    test = opened("distribution", map="<b>")
    assert _drawn(test) == engine.FAST
    assert "地图引擎“&lt;b&gt;”" in text_of(test)


def test_every_file_of_the_fast_map_is_there():
    for files in fast_map.ASSETS.values():
        for file in [files] if isinstance(files, str) else files:
            assert (APP / "static" / file).is_file(), file
