"""The fast map in a real browser; software draws it there, so that the address must ask for it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import MAP, Watched
from tests.browser.looking import came_to_rest
from tests.browser.test_print import stream

pytestmark = pytest.mark.browser

Opens = Callable[..., Watched]
FAST = '[class*="_fast_map"] .fast'
"""Selectors of Playwright look into the component's own tree by themselves."""
_HERE = (
    "document.querySelector('[class*=\"_fast_map\"] [data-testid=stBidiComponentIsolated]')"
    "?.shadowRoot?.querySelector('.fast')?.bluecarbon"
)


def _ask(watched: Watched, expression: str):
    """An expression about the map, which it knows as ``here``."""
    return watched.page.evaluate(f"() => {{ const here = {_HERE}; return {expression}; }}")


def _painted(watched: Watched) -> Watched:
    watched.page.wait_for_function(
        f"() => {{ const here = {_HERE}; return here && here.layers && here.map.loaded()"
        " && here.map.areTilesLoaded() && Object.keys(here.layers.stack).length > 1; }"
    )
    return watched.settled()


def _view(watched: Watched) -> list[float]:
    return [float(part) for part in _ask(watched, "here.viewText()").split("/")]


def _spot(watched: Watched, lat: float, lon: float) -> tuple[float, float]:
    x, y = _ask(
        watched,
        "(() => { const box = here.drawing.getBoundingClientRect();"
        f" const at = here.map.project([{lon}, {lat}]); return [box.x + at.x, box.y + at.y]; }})()",
    )
    return x, y


def _asked(watched: Watched, key: str) -> str | None:
    return parse_qs(urlsplit(watched.page.url).query).get(key, [None])[0]


def _picture(watched: Watched, selector: str, border_px: int) -> np.ndarray:
    """What the middle of the map looks like, without buttons and legend."""
    box = watched.page.locator(selector).bounding_box()
    left, top = box["x"] + border_px + 100, box["y"] + border_px + 20
    clip = {"x": left, "y": top, "width": 500, "height": 400}
    image = Image.open(io.BytesIO(watched.page.screenshot(clip=clip)))
    return np.asarray(image.convert("RGB")).astype(int)


def test_a_browser_without_a_graphics_card_gets_the_plain_map_and_remembers_it(opened: Opens):
    watched = opened("/distribution").painted()
    kept = {cookie["name"]: cookie for cookie in watched.page.context.cookies()}
    assert kept["bluecarbon_map"]["value"] == "slow"
    asked: list[str] = []
    watched.page.on("request", lambda request: asked.append(request.url))
    watched.page.reload()
    watched.painted()
    assert not [url for url in asked if "BidiComponent" in url or "maplibre" in url]
    watched.page.locator(".st-key-layers button").first.click()
    panel = watched.page.locator(".st-key-layer_panel")
    expect(panel).to_contain_text("此电脑没有显卡加速")
    panel.locator(".st-key-map_engine label").filter(has_text="快速").click()
    _painted(watched)
    assert _asked(watched, "map") == "fast"
    watched.page.wait_for_function("document.cookie.includes('bluecarbon_map=fast')")
    expect(watched.page.locator(MAP)).to_have_count(0)


@pytest.mark.parametrize(
    ("view", "most"),
    [("10/28.35/121.1", 0.01), ("13/28.3/121.08", 0.03)],
    ids=["drawn tiles", "vector tiles"],
)
def test_both_maps_show_the_same(opened: Opens, view: str, most: float):
    address = f"/distribution?view={view}&layers=patches.counties.base&zone=330382&map="
    plain, fast = opened(address + "plain").painted(), _painted(opened(address + "fast"))
    pictures = _picture(plain, MAP, 1), _picture(fast, FAST, 0)
    apart = np.abs(pictures[0] - pictures[1]).max(axis=2)
    assert len(np.unique(pictures[0].reshape(-1, 3), axis=0)) > 60, "nothing is drawn"
    assert (apart > 24).mean() < most
    assert _view(fast) == [float(part) for part in view.split("/")]


def test_patches_from_near_are_shapes_and_a_filter_asks_for_no_tile(opened: Opens):
    watched = _painted(opened("/distribution?map=fast&view=13/28.33/121.08"))
    # Until the shapes are there the drawn tiles are seen in their place.
    watched.page.wait_for_function(f"() => {_HERE}.layers.stack.habitats.there")
    watched.settled()
    shapes = "here.map.queryRenderedFeatures({layers: [here.layers.stack.habitats.patches.ids[0]]})"
    places = f"[...new Set({shapes}.map(one => one.properties.e))].sort()"
    assert len(_ask(watched, places)) > 1
    drawn = "here.layers.stack.habitats.all.map(id => here.map.getLayoutProperty(id, 'visibility'))"
    assert _ask(watched, drawn) == ["none"], "drawn tiles lie under the shapes"
    watch = "here.map.on('sourcedata', () => window.turns.push(...(" + drawn + ")))"
    _ask(watched, f"(window.turns = [], {watch}, 0)")
    asked: list[str] = []
    watched.page.on("request", lambda request: asked.append(request.url))
    watched.page.locator(".st-key-choose_ecosystem input").click()
    watched.page.get_by_role("option").filter(has_text="红树林").first.click()
    watched.page.wait_for_function(
        f"() => {{ const here = {_HERE}; return {places}.join() === '0'; }}"
    )
    watched.settled()
    assert set(watched.page.evaluate("() => window.turns")) == {"none"}, "drawn tiles came back"
    assert not [url for url in asked if "/tiles/" in url]


def test_a_filter_that_changes_again_before_its_tiles_came_leaves_the_last_alone(opened: Opens):
    watched = _painted(opened("/distribution?map=fast&view=10/28.35/121.1"))
    layer = "here.layers.stack.habitats"
    again = (
        "[1, 2, 4].forEach(kind => here.layers.show(here.given().layers.map(one =>"
        " one.name === 'habitats' ? {...one, url: one.url.replace(/e=\\d+/, 'e=' + kind)} : one)))"
    )
    _ask(watched, again)
    alone = f"() => {{ const here = {_HERE}; return {layer}.all.length === 1; }}"
    watched.page.wait_for_function(alone)
    assert _ask(watched, f"{layer}.url").count("e=4&") == 1
    assert not watched.errors


def test_it_lives_on_through_clicks_filters_layers_and_languages(opened: Opens):
    watched = _painted(opened("/distribution?map=fast&view=11/28.2/121.05"))
    _ask(watched, "(window.mark = here.map) && 0")
    watched.page.mouse.click(*_spot(watched, 28.2, 121.05))
    expect(watched.page).to_have_url(re.compile("at=121"))
    lon, lat, zoom = (float(part) for part in _asked(watched, "at").split(","))
    assert (lon, lat, zoom) == (pytest.approx(121.05, abs=1e-3), pytest.approx(28.2, abs=1e-3), 11)
    zone = watched.page.locator(".st-key-beside .card").first
    expect(zone).to_contain_text("乐清市")
    watched.page.wait_for_function(f"() => {_HERE}.map.querySourceFeatures('outlined').length > 0")
    before = _ask(watched, "here.layers.stack.habitats.url")
    watched.page.locator(".st-key-choose_ecosystem input").click()
    watched.page.get_by_role("option").filter(has_text="红树林").first.click()
    expect(watched.page).to_have_url(re.compile("eco=mangrove"))
    watched.page.wait_for_function(
        f"() => {{ const all = {_HERE}.layers.stack.habitats;"
        f" return all.url !== '{before}' && all.all.length === 1; }}"
    )
    watched.page.locator(".st-key-language button").first.click()
    expect(watched.page.locator(f"{FAST} .tool-home")).to_have_attribute("title", "Whole coast")
    expect(zone).to_contain_text("Yueqing")
    _painted(watched)
    for button in watched.page.locator(f"{FAST} button").all():
        assert not re.search(r"[\u4e00-\u9fff]", button.get_attribute("aria-label") or "放")
    assert _ask(watched, "window.mark === here.map"), "the map was made anew"
    assert _view(watched) == [11, 28.2, 121.05]


def test_keyboard_link_measuring_and_full_screen(opened: Opens):
    watched = _painted(opened("/distribution?map=fast&view=9/28.5/121"))
    page = watched.page
    page.locator(f"{FAST} canvas.maplibregl-canvas").focus()
    view = _view(watched)
    for key in ("+", "ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
        view = came_to_rest(watched, lambda: _view(watched), view)
    zoom, lat, lon = view
    assert zoom == 10
    assert lat > 28.5
    assert lon > 121
    expect(page).to_have_url(re.compile("view=10/"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(f"{FAST} .tool-link").click()
    expect(page.locator(f"{FAST} .bluecarbon-toast")).to_have_text("链接已复制")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    page.locator(f"{FAST} .tool-measure").click()
    for place in ((28.6, 121.0), (28.6, 121.2), (28.8, 121.2)):
        page.mouse.click(*_spot(watched, *place))
        page.wait_for_timeout(400)  # else two of them make a double click
    expect(page.locator(f"{FAST} .measure-said")).to_contain_text(
        re.compile(r"长度 41\.\d 公里；面积 21,5")
    )
    page.keyboard.press("Escape")
    expect(page.locator(f"{FAST} .bluecarbon-measured")).to_be_hidden()
    watched.settled()
    assert _asked(watched, "at") is None, "a click was taken for one on the map"
    before = page.locator(FAST).bounding_box()
    page.locator(f"{FAST} .tool-full").click()
    page.wait_for_function("document.fullscreenElement")
    box = came_to_rest(watched, page.locator(FAST).bounding_box, before)
    assert (box["width"], box["height"]) == (1440, 900)
    page.locator(f"{FAST} .tool-full").click()
    page.wait_for_function("!document.fullscreenElement")
    other = _painted(opened(link.removeprefix(watched.server)))
    assert _view(other) == pytest.approx([zoom, lat, lon], abs=0.001)
    # Nobody leaves the sheet.
    _ask(other, "here.map.jumpTo({center: [100, 45]}) && 0")
    assert 117 < _view(other)[2] < 124


def test_the_view_outlives_the_page_and_the_change_of_the_map(opened: Opens):
    watched = _painted(opened("/distribution?map=fast&lang=en"))
    _ask(watched, "here.map.jumpTo({center: [121.1, 28.3], zoom: 10}) && 0")
    expect(watched.page).to_have_url(re.compile("view=11"))
    watched.page.get_by_text("Targets and projects", exact=True).first.click()
    watched.page.locator('a[href*="/progress"]:visible').first.click()
    watched.page.wait_for_url(re.compile("/progress"))
    watched.settled()
    watched.page.go_back()
    _painted(watched)
    assert _view(watched) == pytest.approx([11, 28.3, 121.1], abs=0.001)
    watched.page.locator(".st-key-layers button").first.click()
    watched.page.locator(".st-key-map_engine label").filter(has_text="Plain").click()
    watched.painted()
    frame = watched.page.locator(MAP).element_handle().content_frame()
    assert frame.evaluate("[map.getZoom(), map.getCenter().lat, map.getCenter().lng]") == (
        pytest.approx([11, 28.3, 121.1], abs=0.001)
    )


def test_on_a_phone_it_fits_and_a_tap_is_a_click(opened: Opens):
    watched = _painted(opened("/distribution?map=fast", 360, 740))
    box = watched.page.locator(FAST).bounding_box()
    assert box["y"] < 450
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 360
    watched.page.mouse.click(*_spot(watched, 28.9, 121.1))
    expect(watched.page).to_have_url(re.compile(r"at=121\.\d+%2C28\.\d+%2C8"))


def test_paper_gets_a_picture_of_it(opened: Opens):
    watched = _painted(opened("/distribution?map=fast"))
    pdf = watched.page.pdf(prefer_css_page_size=True, print_background=True)
    images = re.findall(rb"\n\d+ 0 obj\n(<<[^>]*/Subtype /Image.*?)\nendobj", pdf, re.DOTALL)
    pictures = [np.frombuffer(stream(body), np.uint8) for body in images if b"FlateDecode" in body]
    largest = max(pictures, key=len)
    colours = np.unique(largest[: len(largest) // 3 * 3].reshape(-1, 3), axis=0)
    assert len(colours) > 100, "the map is blank on paper"


def test_when_the_graphics_card_is_lost_the_plain_map_stands_in(opened: Opens):
    watched = _painted(opened("/distribution?map=fast&view=10/28.3/121.1"))
    _ask(
        watched,
        "here.map.getCanvas().getContext('webgl2').getExtension('WEBGL_lose_context')"
        ".loseContext() || 0",
    )
    watched.painted()
    frame = watched.page.locator(MAP).element_handle().content_frame()
    assert frame.evaluate("map.getZoom()") == 10


def test_two_times_lie_under_a_divider_or_side_by_side_and_move_together(opened: Opens):
    times = "&when=2022&than=2015&layers=r_landcover-2025.patches.base&view=10/28.3/121.1"
    watched = _painted(opened(f"/distribution?map=fast&both=swipe{times}"))
    divider = watched.page.locator(f"{FAST} .bluecarbon-divider")
    divider.press("PageDown")
    expect(divider).to_have_attribute("aria-valuenow", "40")
    cut = _ask(watched, "here.beside.pane.style.clipPath")
    assert cut == "inset(0px 60% 0px 0px)"
    _ask(watched, "here.pen.drawing.set(true, [[28.3, 120.9], [28.3, 121], [28.2, 121]]) || 0")
    watched.page.wait_for_function(
        f"() => [{_HERE}.map, {_HERE}.beside.map].every("
        "map => map.querySourceFeatures('drawn').length > 0)"
    )
    corner = watched.page.locator(f"{FAST} .draw-handle").first
    picture = np.asarray(Image.open(io.BytesIO(corner.screenshot())).convert("RGB"))
    middle = picture[picture.shape[0] // 2, picture.shape[1] // 2]
    assert middle.min() > 250, "the map of the earlier time covers it"
    _ask(watched, "here.pen.drawing.set(false) || 0")
    watched.page.locator(".st-key-time_way").get_by_text("并列", exact=True).click()
    expect(divider).to_have_count(0)
    watched.page.wait_for_function(
        f"() => {{ const two = {_HERE}.beside; return two.mode === 'side' && two.layers; }}"
    )
    _ask(watched, "here.beside.map.jumpTo({center: [121.2, 28.4], zoom: 10}) && 0")
    assert _view(watched) == pytest.approx([11, 28.4, 121.2], abs=1e-4)
    widths = _ask(watched, "[here.drawing.clientWidth, here.beside.pane.clientWidth]")
    assert widths[0] == pytest.approx(widths[1], abs=4)


def test_an_own_area_is_drawn_and_its_numbers_come(opened: Opens):
    watched = _painted(opened("/distribution?map=fast&view=11/28.2/121.05"))
    watched.page.locator(f"{FAST} .tool-draw").click()
    for place in ((28.25, 120.98), (28.25, 121.05), (28.15, 121.05), (28.15, 120.98)):
        watched.page.mouse.click(*_spot(watched, *place))
        watched.page.wait_for_timeout(400)  # else two of them make a double click
    expect(watched.page.locator(f"{FAST} .draw-handle")).to_have_count(4)
    x, y = _spot(watched, 28.15, 121.05)
    watched.page.mouse.move(x, y)
    watched.page.mouse.down()
    watched.page.mouse.move(x + 40, y + 30, steps=4)
    watched.page.mouse.up()
    corner = _ask(watched, "here.pen.drawing.places[2]")
    assert corner[0] < 28.14
    assert corner[1] > 121.06
    watched.page.locator(f"{FAST} .draw-finish").click()
    expect(watched.page.locator(".st-key-beside")).to_contain_text(
        re.compile(r"轮廓内\s*9,[78]\d\d\.\d\s*公顷")  # clicks hit whole pixels of some 70 m
    )
    watched.page.wait_for_function(f"() => {_HERE}.map.querySourceFeatures('own').length > 0")
    watched.settled()
    assert _asked(watched, "at") is None
