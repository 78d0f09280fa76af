"""The dashboard in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import MAP, Watched

pytestmark = pytest.mark.browser

Opens = Callable[..., Watched]
ADDRESSES = {"overview": "/", "distribution": "/distribution", "progress": "/progress"}


def _map_frame(page: Page):
    return page.locator(MAP).element_handle().content_frame()


def _zoom(page: Page) -> int:
    return _map_frame(page).evaluate("window.map.getZoom()")


def _choose(watched: Watched, key: str, text: str) -> None:
    box = watched.page.locator(f".st-key-{key} input")
    box.click()
    box.fill(text)
    watched.page.get_by_role("option").filter(has_text=text).first.click()
    watched.settled()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", list(ADDRESSES))
def test_each_page_shows_in_both_languages_on_a_desk_and_on_a_phone(opened: Opens, page, language):
    query = "?lang=en" if language == "en" else ""
    for size, (width, height) in {"desk": (1440, 900), "phone": (390, 844)}.items():
        watched = opened(ADDRESSES[page] + query, width, height)
        watched.settled()
        title = watched.page.locator(".brand").inner_text()
        assert title == ("Blue Carbon Map · Zhejiang" if language == "en" else "蓝碳地图 · 浙江")
        if watched.page.locator(MAP).count():
            watched.painted()
        wide = watched.page.evaluate("document.documentElement.scrollWidth")
        watched.shot(f"{page}_{language}_{size}")
        assert wide <= width, "the page is wider than the screen"


def test_the_map_paints_ground_and_patches_without_a_flag(opened: Opens):
    watched = opened("/distribution").painted()
    corner = watched.map.locator(".leaflet-control-attribution")
    expect(corner).to_contain_text("DCW-GMT")
    assert "Leaflet" not in corner.inner_text()
    assert watched.map.locator(".leaflet-control-attribution svg").count() == 0
    expect(watched.map.locator(".leaflet-control-scale")).to_be_visible()


def test_a_click_on_a_county_shows_its_facts_and_its_city(opened: Opens):
    watched = opened("/distribution?zone=330382").painted()
    frame = _map_frame(watched.page)
    spot = frame.evaluate(
        "(() => { const p = window.map.latLngToContainerPoint([28.02, 120.75]);"
        " return [p.x, p.y]; })()"
    )
    box = watched.page.locator(MAP).bounding_box()
    watched.page.mouse.click(box["x"] + spot[0], box["y"] + spot[1])
    expect(watched.page).to_have_url(re.compile(r"at=120\.7\d+%2C28\.0\d+"))
    watched.settled()
    titles = watched.page.locator(".st-key-beside .card-title").all_inner_texts()
    assert any("温州市" in title for title in titles)
    assert not any("乐清市" in title for title in titles)


def test_a_click_on_a_patch_shows_what_it_is_and_where_it_comes_from(opened: Opens):
    watched = opened("/distribution?zone=330382&eco=mangrove").painted()
    frame = _map_frame(watched.page)
    place = _a_patch_pixel(watched)
    before = frame.evaluate("window.bluecarbonTiles.habitats.url")
    box = watched.page.locator(MAP).bounding_box()
    watched.page.mouse.click(box["x"] + place[0], box["y"] + place[1])
    card = watched.page.locator(".st-key-beside .card").first
    expect(card).to_contain_text("红树林")
    expect(card).to_contain_text("来源")
    assert frame.evaluate("window.bluecarbonTiles.habitats.url") == before


def _a_patch_pixel(watched: Watched) -> list[float]:
    """Somewhere on the map where a patch is drawn."""
    return _map_frame(watched.page).evaluate(
        """() => {
            const frame = document.getElementById("map_div").getBoundingClientRect();
            for (const tile of document.querySelectorAll('img[src*="/tiles/habitats/"]')) {
                const canvas = document.createElement("canvas");
                canvas.width = canvas.height = 256;
                const pen = canvas.getContext("2d");
                pen.drawImage(tile, 0, 0);
                const data = pen.getImageData(0, 0, 256, 256).data;
                const at = tile.getBoundingClientRect();
                for (let i = 0; i < 65536; i++) {
                    const x = at.left + i % 256, y = at.top + Math.floor(i / 256);
                    const inside = x > frame.left + 80 && x < frame.right - 80
                        && y > frame.top + 80 && y < frame.bottom - 80;
                    if (inside && data[4 * i + 3] > 140) { return [x, y]; }
                }
            }
            throw new Error("no patch on the map");
        }"""
    )


def test_a_filter_keeps_the_map_frame_and_its_view(opened: Opens):
    watched = opened("/distribution").painted()
    frame = _map_frame(watched.page)
    frame.evaluate("window.mark = 42; window.map.setView([28.3, 121.1], 11, {animate: false})")
    watched.settled()
    before = frame.evaluate("window.bluecarbonTiles.habitats.url")
    _choose(watched, "choose_ecosystem", "红树林")
    frame = _map_frame(watched.page)
    frame.wait_for_function("before => window.bluecarbonTiles.habitats.url !== before", arg=before)
    # The old tiles stay until the new ones are there.
    expect(watched.map.locator(f'img[src*="{before.split("?")[1]}"]')).to_have_count(0)
    assert _map_frame(watched.page).evaluate("window.mark") == 42, "the frame was made anew"
    assert _zoom(watched.page) == 11


def test_yueqing_is_found_by_typing_its_name(opened: Opens):
    watched = opened("/distribution").painted()
    _choose(watched, "choose_zone", "乐清")
    card = watched.page.locator(".st-key-beside .card").first
    expect(card).to_contain_text("乐清市")
    expect(card).to_contain_text("公顷")
    expect(card).to_contain_text(re.compile("(万吨|吨) C"))
    expect(watched.page).to_have_url(re.compile("zone=330382"))
    watched.shot("yueqing")


def test_the_language_switch_changes_page_and_map(opened: Opens):
    watched = opened("/distribution").painted()
    watched.page.locator(".st-key-language button").first.click()
    expect(watched.page.locator(".brand")).to_have_text("Blue Carbon Map · Zhejiang")
    expect(watched.page.locator(MAP)).to_have_count(1)
    watched.map.locator('img[src*="l=en"]').first.wait_for()
    expect(watched.page).to_have_url(re.compile("lang=en"))


def test_another_language_keeps_the_map_frame_and_its_view(opened: Opens):
    watched = opened("/distribution").painted()
    _map_frame(watched.page).evaluate(
        "window.mark = 42; window.map.setView([28.3, 121.1], 11, {animate: false})"
    )
    watched.settled()
    watched.page.locator(".st-key-language button").first.click()
    watched.map.locator('img[src*="l=en"]').first.wait_for()
    expect(watched.map.locator('img[src*="l=zh"]')).to_have_count(0)
    watched.settled()
    assert _map_frame(watched.page).evaluate("window.mark") == 42, "the frame was made anew"
    assert _zoom(watched.page) == 11


def test_the_map_starts_with_all_mangroves_in_view_and_ends_at_its_sheet(opened: Opens):
    for address in ("/?welcome=0", "/distribution"):
        watched = opened(address).painted()
        frame = _map_frame(watched.page)
        south, north = frame.evaluate(
            "(() => { const b = window.map.getBounds(); return [b.getSouth(), b.getNorth()]; })()"
        )
        assert _zoom(watched.page) == 8
        assert south < 27.19, "苍南沿浦湾 is out of view"
        assert north > 30.38, "杭州湾南岸 is out of view"
    frame.evaluate("window.map.setView([24.0, 121.0], 3, {animate: false})")
    watched.settled()
    assert _zoom(watched.page) == 7
    frame.evaluate("window.map.setZoom(9, {animate: false}).panBy([0, 5000], {animate: false})")
    frame.wait_for_function("window.map.getCenter().lat > 26.2")
    watched.settled()
    assert frame.evaluate("window.map.getCenter().lat") > 26.2
    asked = frame.evaluate(
        "Array.from(document.querySelectorAll('img.leaflet-tile')).map(tile => tile.src)"
    )
    assert asked
    assert all("/tiles/" in address for address in asked)


def test_a_click_beyond_everything_says_so_and_leaves_no_old_outline(opened: Opens):
    watched = opened("/distribution").painted()
    outline = watched.map.locator(".leaflet-overlay-pane path")
    _click_at(watched, 28.9, 120.0)
    expect(outline).to_have_count(1)
    watched.settled()
    _click_at(watched, 29.0, 123.3)
    expect(watched.page.get_by_text("此处没有制图记录")).to_be_visible()
    expect(outline).to_have_count(0)


def _click_at(watched: Watched, lat: float, lon: float) -> None:
    x, y = _map_frame(watched.page).evaluate(
        "([lat, lon]) => { const p = window.map.latLngToContainerPoint([lat, lon]);"
        " return [p.x, p.y]; }",
        [lat, lon],
    )
    box = watched.page.locator(MAP).bounding_box()
    watched.page.mouse.click(box["x"] + x, box["y"] + y)


def _go(watched: Watched, group: str, page: str) -> None:
    """To a page by the menu at the top."""
    watched.page.get_by_test_id("stHeader").get_by_text(group, exact=True).click()
    watched.page.get_by_role("menuitem", name=page, exact=True).click()


def test_choices_stay_when_the_page_changes(opened: Opens):
    watched = opened("/distribution?lang=en&zone=330382&demo=0").settled()
    _go(watched, "Targets and projects", "Targets")
    watched.page.wait_for_url(re.compile("/progress"))
    watched.settled()
    expect(watched.page.locator(".brand")).to_have_text("Blue Carbon Map · Zhejiang")
    _go(watched, "Map and accounts", "Distribution")
    watched.page.wait_for_url(re.compile("/distribution"))
    expect(watched.page).to_have_url(re.compile("zone=330382"))
    expect(watched.page.locator(".st-key-beside .card").first).to_contain_text("Yueqing")
    expect(watched.page.locator(".st-key-demo_on")).to_be_visible()


def test_a_table_can_be_taken_home_as_a_file(opened: Opens):
    watched = opened("/distribution?zone=330382").settled()
    with watched.page.expect_download() as waiting:
        watched.page.get_by_role("button", name="CSV", exact=True).click()
    content = waiting.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "330382" in content.decode("utf-8-sig")


@pytest.mark.parametrize("path", ["/", "/stock", "/distribution"])
def test_every_page_comes_without_a_font_ahead(server: str, path: str):
    asked = Request(server + path, headers={"Accept-Encoding": "gzip, deflate, br"})
    with urlopen(asked) as answer:
        shell = answer.read()
    assert b"<title>Streamlit</title>" in shell
    assert b'as="font"' not in shell
    assert int(answer.headers["content-length"]) == len(shell)


def test_every_answer_forbids_other_hosts(server: str):
    for path in ("/health", "/", "/tiles/none/1/1/1.png", "/app/static/vendor/leaflet/leaflet.js"):
        try:
            answer = urlopen(server + path)
        except OSError as refused:
            answer = refused
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy, path
        assert "http" not in policy, path
        assert answer.headers["x-content-type-options"] == "nosniff", path
