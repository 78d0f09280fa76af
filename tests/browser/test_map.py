"""The map in a real browser: layers, search, link, measuring; and its frame is never made anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Frame, expect
from pyproj import Geod

from tests.browser.conftest import MAP, Watched
from tests.browser.looking import came_to_rest

pytestmark = pytest.mark.browser

Opens = Callable[..., Watched]
LAYERS = "r_landcover-2025~70.patches.base"
WENZHOU = (28.02, 120.75)
A_PIXEL = 0.0007
"""Degrees at zoom 11: a map that finds its size keeps its middle to the pixel."""


def _frame(watched: Watched) -> Frame:
    found = watched.page.locator(MAP).element_handle().content_frame()
    assert found is not None
    return found


def _view(watched: Watched) -> list[float]:
    return _frame(watched).evaluate(
        "[map.getZoom(), map.getCenter().lat, map.getCenter().lng].map(v => +v.toFixed(4))"
    )


def _asked(watched: Watched, key: str) -> str | None:
    return parse_qs(urlsplit(watched.page.url).query).get(key, [None])[0]


def _tiles(watched: Watched) -> list[str]:
    """Addresses of the tiles asked for so far, in the frame's own list."""
    return _frame(watched).evaluate(
        "performance.getEntriesByType('resource').map(e => e.name).filter(n => /tiles/.test(n))"
    )


@contextmanager
def _same_frame(watched: Watched) -> Iterator[None]:
    """The frame lives on: a mark set in it before is there after."""
    _frame(watched).evaluate("window.mark = 42")
    yield
    assert _frame(watched).evaluate("window.mark") == 42, "the frame was made anew"


def _spot(watched: Watched, lat: float, lon: float) -> tuple[float, float]:
    x, y = _frame(watched).evaluate(
        "([lat, lon]) => { const p = map.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }",
        [lat, lon],
    )
    box = watched.page.locator(MAP).bounding_box()
    return box["x"] + x, box["y"] + y


def _panel(watched: Watched):
    """The panel of layers, opened."""
    panel = watched.page.locator(".st-key-layer_panel")
    if not panel.count():
        watched.page.locator(".st-key-layers button").first.click()
    panel.wait_for()
    watched.settled()
    return panel


def _search(watched: Watched, text: str) -> None:
    box = watched.page.locator(".st-key-search_place input")
    box.click()
    box.fill(text)
    watched.page.get_by_role("option").filter(has_text=text).first.click()
    watched.settled()


def _turn_to(watched: Watched, group: str, path: str) -> None:
    """Another page, by the menu at the top."""
    watched.page.get_by_text(group, exact=True).first.click()
    watched.page.locator(f'a[href*="{path}"]:visible').first.click()
    watched.page.wait_for_url(re.compile(path))
    watched.settled()


def test_a_raster_is_switched_on_and_off_without_a_new_frame(opened: Opens):
    watched = opened("/distribution").painted()
    raster = watched.map.locator('img.leaflet-tile[src*="/tiles/raster/"]')
    assert raster.count() == 0
    with _same_frame(watched):
        switch = _panel(watched).locator(".st-key-layer_on_r_landcover-2025 label")
        switch.click()
        raster.first.wait_for()
        watched.settled()
        assert "r_landcover-2025" in _asked(watched, "layers")
        expect(watched.page.locator(".legend-raster")).to_contain_text("互花米草")
        switch.click()
        expect(raster).to_have_count(0)
        expect(watched.page.locator(".legend-raster")).to_have_count(0)
        watched.settled()
    assert _asked(watched, "layers") is None


def test_strength_changes_in_place_and_asks_for_no_tile(opened: Opens):
    watched = opened(f"/distribution?layers={LAYERS}").painted()
    watched.map.locator('img.leaflet-tile-loaded[src*="/tiles/raster/"]').first.wait_for()
    panel = _panel(watched)
    watched.painted()  # a tile that comes late must not look like one asked for later
    before = _tiles(watched)
    with _same_frame(watched):
        slider = panel.locator(".st-key-layer_strength_r_landcover-2025").get_by_role("slider")
        slider.focus()
        slider.press("ArrowLeft")
        slider.press("ArrowLeft")
        expect(watched.page).to_have_url(re.compile(r"landcover-2025~60"))
        watched.settled()
        drawn = _frame(watched).evaluate(
            "Object.values(bluecarbonTiles).map(l => l.opacity).sort()"
        )
    assert drawn == [0.6, 1, 1]
    assert _tiles(watched) == before


def test_order_changes_in_place_and_asks_for_no_tile(opened: Opens):
    watched = opened("/distribution?layers=patches.r_landcover-2025.base").painted()
    watched.map.locator('img.leaflet-tile-loaded[src*="/tiles/raster/"]').first.wait_for()
    _panel(watched)
    watched.painted()
    before = _tiles(watched)
    heights = "Object.fromEntries(Object.entries(bluecarbonTiles).map(([n, l]) => [n, l.z]))"
    low = _frame(watched).evaluate(heights)
    raster = next(name for name in low if name.startswith("raster"))
    with _same_frame(watched):
        watched.page.locator(".st-key-layer_up_r_landcover-2025 button").first.click()
        expect(watched.page).to_have_url(re.compile(r"layers=r_landcover-2025\.patches"))
        watched.settled()
        high = _frame(watched).evaluate(heights)
    assert low["base"] < low[raster] < low["habitats"]
    assert high["base"] < high["habitats"] < high[raster]
    assert _tiles(watched) == before


def test_a_click_on_a_visible_raster_tells_what_it_holds_there(opened: Opens):
    watched = opened(f"/distribution?layers={LAYERS}&view=11/28.2/121.05").painted()
    with _same_frame(watched):
        watched.page.mouse.click(*_spot(watched, 28.2, 121.05))
        card = watched.page.locator(".st-key-beside .card").filter(has_text="此点栅格值")
        expect(card).to_contain_text("2025 · 演示")
        watched.settled()


def test_a_searched_county_is_outlined_and_gone_to_again_and_again(opened: Opens):
    watched = opened("/distribution").painted()
    with _same_frame(watched):
        _search(watched, "玉环")
        expect(watched.page).to_have_url(re.compile("zone=331083"))
        there = _view(watched)
        assert there[0] >= 10
        expect(watched.map.locator(".leaflet-overlay-pane path")).to_have_count(1)
        expect(watched.page.locator(".st-key-beside .card").first).to_contain_text("玉环市")
        _frame(watched).evaluate("map.setView([29.5, 121.5], 8, {animate: false})")
        _search(watched, "331083")
        assert _view(watched) == there


def test_a_searched_patch_is_gone_to_and_its_facts_are_shown(opened: Opens):
    watched = opened("/distribution?eco=tidal_flat").painted()
    with _same_frame(watched):
        _search(watched, "Ximen Island")
        expect(watched.page.locator(".st-key-beside .card").first).to_contain_text("乐清西门岛")
        expect(watched.map.locator(".leaflet-overlay-pane path")).to_have_count(2)
        assert _view(watched)[0] >= 11
    assert _asked(watched, "eco") is None


def test_a_link_restores_view_layers_zone_survey_and_language(opened: Opens):
    watched = opened("/distribution?lang=en&zone=330382").painted()
    _frame(watched).evaluate("map.setView([28.31234, 121.15678], 12, {animate: false})")
    expect(watched.page).to_have_url(re.compile(r"view=12(/|%2F)28\.31234(/|%2F)121\.15678"))
    panel = _panel(watched)
    panel.locator(".st-key-layer_on_r_landcover-2022 label").click()
    expect(watched.page).to_have_url(re.compile("r_landcover-2022"))
    watched.settled()
    # A rerun writes the address without the view; the map puts it back.
    expect(watched.page).to_have_url(re.compile(r"^(?=.*r_landcover-2022)(?=.*view=12)"))
    link = watched.page.url.removeprefix(watched.server)
    other = opened(link).painted()
    assert _view(other) == pytest.approx([12, 28.3123, 121.1568], abs=A_PIXEL)
    other.map.locator('img[src*="/tiles/raster/"]').first.wait_for()
    expect(other.page.locator(".st-key-beside .card").first).to_contain_text("Yueqing")
    expect(other.page.locator(".brand")).to_contain_text("Blue Carbon Map")


def test_the_view_outlives_a_filter_a_page_and_a_reload(opened: Opens):
    watched = opened("/distribution?lang=en").painted()
    _frame(watched).evaluate("map.setView([28.3, 121.1], 11, {animate: false})")
    watched.page.locator(".st-key-choose_ecosystem input").click()
    watched.page.get_by_role("option").filter(has_text="Mangrove").first.click()
    expect(watched.page).to_have_url(re.compile("eco=mangrove"))
    expect(watched.page).to_have_url(re.compile("view=11"))
    _turn_to(watched, "Targets and projects", "/progress")
    _turn_to(watched, "Map and accounts", "/distribution")
    watched.painted()
    assert _view(watched) == pytest.approx([11, 28.3, 121.1], abs=A_PIXEL)
    watched.page.reload()
    watched.painted()
    assert _view(watched) == pytest.approx([11, 28.3, 121.1], abs=A_PIXEL)


def test_the_link_button_copies_the_address_with_the_view(opened: Opens):
    watched = opened("/distribution").painted()
    watched.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    watched.map.get_by_role("button", name="复制当前视图的链接").click()
    expect(watched.map.locator(".bluecarbon-toast")).to_have_text("链接已复制")
    copied = watched.page.evaluate("navigator.clipboard.readText()")
    assert copied == watched.page.url
    assert "view=8/" in copied


def test_the_pointer_shows_its_coordinates(opened: Opens):
    watched = opened("/distribution?lang=en").painted()
    place = watched.map.locator(".bluecarbon-place")
    before = place.inner_text()
    watched.page.mouse.move(*_spot(watched, 28.5, 121.3))
    lat, lon = re.findall(r"\d+\.\d{4}", came_to_rest(watched, place.inner_text, before))
    assert float(lat) == pytest.approx(28.5, abs=0.01)
    assert float(lon) == pytest.approx(121.3, abs=0.01)


def test_measuring_takes_clicks_for_itself_and_gives_them_back(opened: Opens):
    watched = opened("/distribution?view=9/28.5/121").painted()
    ring = [(28.3, 120.8), (28.3, 121.2), (28.7, 121.2)]
    with _same_frame(watched):
        watched.map.get_by_role("button", name="量算长度和面积").click()
        for lat, lon in ring:
            watched.page.mouse.click(*_spot(watched, lat, lon))
            watched.page.wait_for_timeout(400)  # else two of them make a double click
        said = watched.map.locator(".bluecarbon-measured")
        expect(said).to_contain_text("示意")
        numbers = re.findall(r"[\d,]+\.\d+", said.inner_text())
        watched.map.get_by_role("button", name="清除").click()
        expect(said).to_contain_text("依次单击")
        watched.map.get_by_role("button", name="关闭").click()
        expect(said).to_be_hidden()
        watched.settled()
        assert _asked(watched, "at") is None
        watched.page.mouse.click(*_spot(watched, *WENZHOU))
        expect(watched.page).to_have_url(re.compile("at=120"))
    km, ha = (float(number.replace(",", "")) for number in numbers)
    geod = Geod(ellps="GRS80")
    lats, lons = zip(*ring, strict=True)
    assert km == pytest.approx(geod.line_length(lons, lats) / 1000, rel=0.01)
    assert ha == pytest.approx(abs(geod.polygon_area_perimeter(lons, lats)[0]) / 1e4, rel=0.02)


RINGS = (
    [(28.0, 121.0), (28.0, 121.01), (28.01, 121.01), (28.01, 121.0)],
    [(27.2, 120.4), (30.9, 122.3), (30.2, 120.6)],
    [(18.2, 109.0), (20.1, 110.5), (19.0, 111.0), (18.4, 110.2)],
    [(39.0, 117.5), (40.9, 121.9), (39.5, 122.5), (37.4, 121.0)],
)


@pytest.mark.parametrize("ring", RINGS)
def test_measured_length_and_area_are_those_of_geodesics(opened: Opens, ring):
    watched = opened("/distribution").painted()
    places = [list(place) for place in ring]
    length_m = _frame(watched).evaluate("places => bluecarbonMeasure.lengthM(places)", places)
    area_m2 = _frame(watched).evaluate("places => bluecarbonMeasure.areaM2(places)", places)
    lats, lons = zip(*ring, strict=True)
    geod = Geod(ellps="GRS80")
    assert length_m == pytest.approx(geod.line_length(lons, lats), rel=1e-5)
    assert area_m2 == pytest.approx(abs(geod.polygon_area_perimeter(lons, lats)[0]), rel=1e-4)


def test_the_map_fills_the_screen_and_gives_it_back(opened: Opens):
    watched = opened("/distribution").painted()
    button = watched.map.get_by_role("button", name="全屏")
    box_of = watched.page.locator(MAP).bounding_box
    before = box_of()
    with _same_frame(watched):
        button.click()
        watched.page.wait_for_function("document.fullscreenElement?.querySelector('iframe')")
        box = came_to_rest(watched, box_of, before)
        assert (box["width"], box["height"]) == (1440, 900)
        expect(watched.page.locator(".legend.corner")).to_be_in_viewport()
        button.click()
        watched.page.wait_for_function("!document.fullscreenElement")
    assert came_to_rest(watched, box_of, box)["width"] < 1200


def test_the_keyboard_moves_and_zooms_the_map(opened: Opens):
    watched = opened("/distribution").painted()
    with _same_frame(watched):
        watched.map.locator("#map_div").focus()
        zoom, lat, lon = later = _view(watched)
        for key in ("+", "ArrowUp", "ArrowRight"):
            watched.page.keyboard.press(key)
            later = came_to_rest(watched, lambda: _view(watched), later)
    assert later[0] == zoom + 1
    assert later[1] > lat
    assert later[2] > lon
    expect(watched.page).to_have_url(re.compile(rf"view={zoom + 1}(/|%2F)"))


def test_home_and_the_outline_are_one_button_away(opened: Opens):
    watched = opened("/distribution?zone=330382").painted()
    there = _view(watched)
    with _same_frame(watched):
        watched.map.get_by_role("button", name="回到全省海岸").click()
        assert _view(watched)[0] == 8
        watched.map.get_by_role("button", name="缩放到所选范围").click()
        zoom, lat, lon = _view(watched)
    assert zoom == there[0]
    assert (lat, lon) == pytest.approx(there[1:], abs=0.005)


@pytest.mark.parametrize(("language", "name"), [("zh", "放大"), ("en", "Zoom in")])
def test_every_button_of_the_map_says_what_it_does(opened: Opens, language, name):
    watched = opened("/distribution" + ("?lang=en" if language == "en" else "")).painted()
    expect(watched.map.get_by_role("button", name=name)).to_be_visible()
    named = watched.map.locator(".leaflet-control button, .leaflet-control a[role=button]")
    for at in range(named.count()):
        words = named.nth(at).get_attribute("aria-label")
        assert words
        assert bool(re.search(r"[\u4e00-\u9fff]", words)) == (language == "zh"), words


def test_the_map_comes_first_on_a_phone_and_nothing_is_wider_than_it(opened: Opens):
    watched = opened("/distribution", 390, 844).painted()
    box = watched.page.locator(MAP).bounding_box()
    facts = watched.page.locator(".st-key-beside").bounding_box()
    assert box["y"] < 450, "the map is below the first screen"
    assert facts["y"] > box["y"] + box["height"]
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_unknown_layer_in_the_address_is_named_and_left_out(opened: Opens):
    watched = opened("/distribution?layers=patches.nosuch.base").painted()
    expect(watched.page.locator(".notices")).to_contain_text("nosuch")
