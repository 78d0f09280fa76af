"""Own areas in a real browser: drawn by mouse and by keys, changed, kept, uploaded, followed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Frame, expect

from tests.browser.conftest import MAP, Watched
from tests.browser.looking import came_to_rest

pytestmark = pytest.mark.browser

Opens = Callable[..., Watched]
VIEW = "view=11/28.25000/121.10000"
CORNERS = ((28.2, 121.05), (28.3, 121.05), (28.3, 121.15), (28.2, 121.15))


def _frame(watched: Watched) -> Frame:
    found = watched.page.locator(MAP).element_handle().content_frame()
    assert found is not None
    return found


def _spot(watched: Watched, lat: float, lon: float) -> tuple[float, float]:
    x, y = _frame(watched).evaluate(
        "([lat, lon]) => { const p = map.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }",
        [lat, lon],
    )
    box = watched.page.locator(MAP).bounding_box()
    assert box is not None
    return box["x"] + x, box["y"] + y


def _centre(watched: Watched) -> list[float]:
    return _frame(watched).evaluate("[map.getCenter().lat, map.getCenter().lng]")


def _draw(watched: Watched, corners=CORNERS) -> None:
    watched.map.locator(".tool-draw").click()
    for at, corner in enumerate(corners, start=1):
        watched.page.mouse.click(*_spot(watched, *corner))
        expect(watched.map.locator(".draw-handle")).to_have_count(at)
    watched.map.locator(".draw-finish").click()
    watched.settled()


def _cards(watched: Watched):
    return watched.page.locator(".st-key-beside .card")


def _ground_ha(watched: Watched) -> float:
    said = _cards(watched).first.locator(".small").first.inner_text()
    return float(re.findall(r"[\d,]+\.\d", said)[0].replace(",", ""))


def _open_list(watched: Watched) -> None:
    watched.page.locator(".st-key-own_areas_box summary").click()
    watched.page.locator(".st-key-own_areas_keep").wait_for()
    watched.settled()


KEEPER = """() => {
    const posts = [], key = "bluecarbon-own-areas", lies = () => localStorage.getItem(key);
    const keeper = bluecarbonDraw.keeper((part) => posts.push(part)), seen = [];
    const told = (text, session, took) => {
        keeper({text, session, took});
        seen.push(lies());
    };
    localStorage.setItem(key, "of before");
    told("new", "one", null);                // not known yet: sent, not written over
    told("new", "one", posts[0].kept.id);    // merged: may be written
    told(null, "two", posts[0].kept.id);     // the server forgot: sent again
    told("newer", "two", posts[0].kept.id);  // it knows what was sent before, not what lies there
    told("newer", "two", posts[1].kept.id);
    const usual = Storage.prototype.setItem;
    Storage.prototype.setItem = () => { throw new Error("full"); };
    told("too much", "two", posts[1].kept.id);
    Storage.prototype.setItem = usual;
    localStorage.removeItem(key);
    const opened = ["word", "word", "other"].map(bluecarbonDraw.opens);
    return [seen, posts.map((part) => part.kept ? part.kept.text : part.refused), opened];
}"""


def test_an_area_is_drawn_changed_renamed_kept_and_taken_away(opened: Opens):
    watched = opened(f"/distribution?{VIEW}").painted()
    seen, posts, opened_once = _frame(watched).evaluate(KEEPER)
    assert seen == ["of before", "new", "new", "new", "newer", "newer"]
    assert posts == ["of before", "new", True]
    assert opened_once == [True, False, True]
    _frame(watched).evaluate("window.mark = 42")
    _draw(watched)
    expect(_cards(watched).first).to_contain_text("范围 1")
    # 0.1° × 0.1° at 28.25° N on the ellipsoid, as clicks hit whole pixels of some 70 m.
    assert _ground_ha(watched) == pytest.approx(10_890, rel=0.03)
    expect(_cards(watched).first).to_contain_text("红树林")
    watched.shot("own_area_drawn")

    # Nothing but a drawing or a click runs the page: a move does not.
    watched.page.locator(".st-key-follow_view").wait_for()
    before = _ground_ha(watched)
    said = _cards(watched).first.locator(".small").first
    told = said.inner_text()
    _open_list(watched)
    watched.page.locator(".st-key-own_area_edit button").click()
    handle = watched.map.locator(".draw-handle").nth(2)
    handle.focus()
    for _ in range(12):
        watched.page.keyboard.press("ArrowRight")
    watched.map.locator(".draw-finish").click()
    expect(said).not_to_have_text(told)
    watched.settled()
    assert _ground_ha(watched) > before
    assert _frame(watched).evaluate("window.mark") == 42, "the frame was made anew"

    name = watched.page.get_by_label("名称")
    name.fill("<img src=x onerror=alert(1)>湾")
    name.press("Enter")
    expect(_cards(watched).first).to_contain_text("<img src=x onerror=alert(1)>湾")
    watched.page.locator(".st-key-own_areas_keep label").first.click()
    watched.settled()
    watched.page.reload()
    watched.painted()
    expect(_cards(watched).first).to_contain_text("<img src=x onerror=alert(1)>湾")
    assert "area=" not in watched.page.url

    _open_list(watched)
    watched.page.locator(".st-key-own_area_remove button").click()
    watched.settled()
    watched.page.reload()
    watched.painted()
    expect(_cards(watched).first).not_to_contain_text("轮廓内")


def test_an_area_is_drawn_by_keys_alone_and_escape_leaves(opened: Opens):
    watched = opened(f"/distribution?{VIEW}").painted()
    pen = watched.map.locator(".tool-draw")
    pen.focus()
    watched.page.keyboard.press("Enter")
    ground = watched.map.locator(".leaflet-container")
    ground.focus()
    centre = _centre(watched)
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        watched.page.keyboard.press("Enter")
        watched.page.keyboard.press(key)
        centre = came_to_rest(watched, lambda: _centre(watched), centre)
    expect(watched.map.locator(".draw-handle")).to_have_count(3)
    watched.map.locator(".draw-finish").press("Enter")
    watched.settled()
    expect(_cards(watched).first).to_contain_text("范围 1")
    pen.click()
    ground.focus()
    watched.page.keyboard.press("Escape")
    expect(watched.map.locator(".bluecarbon-drawn")).to_be_hidden()


def test_a_file_is_taken_and_numbers_follow_the_view_when_asked(opened: Opens, tmp_path: Path):
    watched = opened(f"/distribution?{VIEW}").painted()
    runs = watched.page.locator(".st-key-beside").inner_text()
    _frame(watched).evaluate("map.panBy([300, 0], {animate: false})")
    watched.settled()
    assert watched.page.locator(".st-key-beside").inner_text() == runs

    watched.page.locator(".st-key-follow_view label").first.click()
    expect(_cards(watched).first).to_contain_text("当前视野")
    expect(watched.page).to_have_url(re.compile("follow=1"))
    watched.settled()  # a card that is drawn anew holds no number for a moment
    wide = _ground_ha(watched)
    _frame(watched).evaluate("map.setZoom(12, {animate: false})")
    expect(_cards(watched).first).not_to_contain_text(f"{wide:,.1f}")
    watched.settled()
    assert _ground_ha(watched) == pytest.approx(wide / 4, rel=0.02)
    watched.page.locator(".st-key-follow_view label").first.click()
    watched.settled()

    _open_list(watched)
    ring = [[lon, lat] for lat, lon in (*CORNERS, CORNERS[0])]
    outline = tmp_path / "bay.geojson"
    outline.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), encoding="utf-8")
    watched.page.locator('.st-key-own_areas_box input[type="file"]').set_input_files(outline)
    expect(_cards(watched).first).to_contain_text("bay")
    watched.settled()
    assert _ground_ha(watched) == pytest.approx(10_890, rel=0.003)
    watched.shot("own_area_file")
