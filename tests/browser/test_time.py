"""Time on the map in a real browser: slider, playback, swipe, side by side, gain and loss."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, Locator, expect

from tests.browser.conftest import MAP, Watched
from tests.browser.looking import came_to_rest

pytestmark = pytest.mark.browser

Opens = Callable[..., Watched]
TWO_PIXELS = 0.0014
"""Degrees at zoom 11: two maps of one centre may round it apart by a pixel each."""
CENTRES = "[map, bluecarbonBeside.here.second].map(m => [m.getCenter().lat, m.getCenter().lng])"


def _frame(watched: Watched) -> Frame:
    found = watched.page.locator(MAP).element_handle().content_frame()
    assert found is not None
    return found


def _tiles(watched: Watched, place: str) -> Locator:
    """Tiles of patches of the survey at a place in the table."""
    return watched.map.locator(f'img.leaflet-tile-loaded[src*="/tiles/habitats/"][src*="{place}"]')


def _button(watched: Watched, key: str) -> Locator:
    return watched.page.locator(f".st-key-{key} button").first


def _way(watched: Watched, name: str) -> None:
    watched.page.locator(".st-key-time_way").get_by_text(name, exact=True).click()
    watched.settled()


def test_the_slider_and_playback_change_the_tiles_and_stop_at_the_end(opened: Opens):
    watched = opened("/distribution?when=2022&zone=330382").painted()
    _frame(watched).evaluate("window.mark = 42")
    expect(_tiles(watched, "s=0").first).to_be_visible()
    slider = watched.page.locator(".st-key-time_at").get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    expect(watched.page).to_have_url(re.compile("when=2023"))
    expect(watched.page.locator(".time-said")).to_contain_text("2023：无调查")
    watched.settled()
    assert _tiles(watched, "s=1").count() == 0, "a gap shows the survey before it"
    _button(watched, "time_play").click()
    expect(watched.page).to_have_url(re.compile("when=2025"))
    _tiles(watched, "s=1").first.wait_for()
    expect(_tiles(watched, "s=0")).to_have_count(0)
    expect(_button(watched, "time_play")).to_be_visible()
    expect(watched.page.locator(".time-said")).to_contain_text("2025：2025 年变更调查")
    watched.settled()
    assert _frame(watched).evaluate("window.mark") == 42, "the frame was made anew"
    watched.page.emulate_media(reduced_motion="reduce")
    expect(_button(watched, "time_play")).to_be_hidden()
    expect(_button(watched, "time_back")).to_be_visible()
    watched.shot("time")


def _draw_on_both(watched: Watched, second: Locator) -> None:
    """A click on either map is a corner while an area is drawn, and its outline lies on both."""
    watched.map.locator(".tool-draw").click()
    for number, x in enumerate((120, 200, 160), start=1):
        second.click(position={"x": x, "y": 200 + 60 * (number % 2)})
        expect(watched.map.locator(".draw-handle")).to_have_count(number)
        watched.page.wait_for_timeout(300)  # else two of them make a double click
    for side in ("#map_div", "#map_div2"):
        expect(watched.map.locator(f'{side} path[stroke="#161616"]')).to_have_count(1)
    assert "at=" not in watched.page.url, "a corner was taken for a click on the map"
    watched.map.locator(".draw-close").click()
    expect(watched.map.locator(".draw-handle")).to_have_count(0)


def test_two_times_under_a_divider_and_in_two_maps_that_move_together(opened: Opens):
    watched = opened("/distribution?when=2025&than=2022&both=swipe&zone=330382").painted()
    frame = _frame(watched)
    frame.evaluate("window.mark = 42")
    divider = watched.map.get_by_role("slider", name="两个时点之间的分隔线")
    box, handle = watched.page.locator(MAP).bounding_box(), divider.bounding_box()
    watched.page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + 60)
    watched.page.mouse.down()
    watched.page.mouse.move(box["x"] + box["width"] / 4, handle["y"] + 90, steps=4)
    watched.page.mouse.up()
    expect(divider).to_have_attribute("aria-valuenow", "25")
    for key, now in (("ArrowRight", "27"), ("PageUp", "37"), ("Home", "0"), ("End", "100")):
        divider.press(key)
        expect(divider).to_have_attribute("aria-valuenow", now)
    divider.press("PageDown")
    expect(divider).to_have_attribute("aria-valuetext", re.compile("90%.*2022.*2025"))
    sides = watched.map.locator(".bluecarbon-side")
    expect(sides).to_have_text(["2022 · 演示", "2025 · 演示"])
    for pane, place in (("bluecarbon-beside", "s=0"), ("tilePane", "s=1")):
        shown = f"[...map.getPane('{pane}').querySelectorAll('img')].map(i => i.src)"
        wanted = [url for url in frame.evaluate(shown) if "/habitats/" in url]
        assert wanted
        assert all(place in url for url in wanted), pane
    watched.shot("swipe")

    _way(watched, "并列")
    second = watched.map.locator("#map_div2")
    second.locator('img.leaflet-tile-loaded[src*="s=0"]').first.wait_for()
    frame.evaluate("map.panBy([120, -70], {animate: false})")
    first, other = frame.evaluate(CENTRES)
    assert first == pytest.approx(other, abs=TWO_PIXELS)
    _draw_on_both(watched, second)
    at = second.bounding_box()
    watched.page.mouse.move(at["x"] + 120, at["y"] + 200)
    watched.page.mouse.down()
    watched.page.mouse.move(at["x"] + 200, at["y"] + 260, steps=5)
    watched.page.mouse.up()
    moved, other = came_to_rest(watched, lambda: frame.evaluate(CENTRES), [first, other])
    assert moved == pytest.approx(other, abs=TWO_PIXELS)
    assert moved != pytest.approx(first, abs=10 * TWO_PIXELS)
    watched.shot("side_by_side")

    _way(watched, "增减")
    watched.map.locator('img.leaflet-tile-loaded[src*="/tiles/ground/"]').first.wait_for()
    expect(second).to_be_hidden()
    expect(watched.page.locator(".legend.corner")).to_contain_text("类别或物种改变")
    watched.shot("gain_and_loss")
    _way(watched, "单期")
    expect(sides).to_have_count(0)
    expect(_tiles(watched, "s=1").first).to_be_visible()
    assert frame.evaluate("window.mark") == 42, "the frame was made anew"
