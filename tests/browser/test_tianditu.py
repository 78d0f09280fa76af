"""天地图 in a real browser: with a key its own hosts and no other, without one not a word of it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Route, expect

from bluecarbon_map.dashboard import TIANDITU_KEY_VARIABLE, TIANDITU_REVIEW_VARIABLE
from bluecarbon_map.tiles import empty_tile
from tests.browser.conftest import serving, watching

pytestmark = pytest.mark.browser

KEY = "0123456789abcdef0123456789abcdef"
OURS = re.compile(r"https://t[0-7]\.tianditu\.gov\.cn/(vec|cva)_w/wmts")


@pytest.fixture
def with_key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = {TIANDITU_KEY_VARIABLE: KEY, TIANDITU_REVIEW_VARIABLE: "GS(2099)<i>0</i>号"}
    with serving(tmp_path_factory.mktemp("key"), **settings) as address:
        yield address


def test_with_a_key_its_tiles_come_from_its_own_hosts_once_switched_on(
    with_key: str, chromium: Browser
):
    with watching(with_key, chromium) as open_page:
        watched = open_page("/distribution?lang=zh").painted()
        assert watched.outside == []
        watched.page.route(re.compile("^https://"), _answer)
        watched.page.goto(f"{with_key}/distribution?lang=zh&layers=patches.tianditu.base")
        for sheet in ("vec", "cva"):
            drawn = watched.map.locator(f'img.leaflet-tile-loaded[src*="/{sheet}_w/"]')
            expect(drawn.first).to_be_attached()
        credit = watched.map.locator(".leaflet-control-attribution")
        expect(credit).to_contain_text("天地图 · 审图号：GS(2099)<i>0</i>号")
        assert credit.locator("i").count() == 0
        watched.painted()
        asked, watched.outside = watched.outside, []
        assert all(OURS.match(url) for url in asked)
        assert {parse_qs(urlsplit(url).query)["tk"][0] for url in asked} == {KEY}
        refused = watched.page.evaluate(
            "fetch('https://t9.tianditu.gov.cn/x').then(() => 'asked', () => 'refused')"
        )
        assert refused == "refused"
        watched.errors.clear()  # the browser's own word for that
        assert watched.outside == []


def _answer(route: Route) -> None:
    route.fulfill(content_type="image/png", body=empty_tile())


def test_without_a_key_no_word_of_it_goes_to_the_browser(server: str, chromium: Browser):
    page, said = chromium.new_page(), list[bytes]()
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.webSocketFrameReceived", lambda one: said.append(_bytes(one["response"])))
    wire.on("Network.responseReceived", lambda one: said.append(str(one["response"]).encode()))
    page.goto(f"{server}/distribution?lang=zh")
    page.locator(".st-key-layers button").first.click()
    page.locator(".st-key-layer_panel").wait_for()
    expect(page.locator(".st-key-layer_panel")).to_contain_text("图斑")
    page.close()
    told = b"\n".join(said)
    assert len(told) > 50_000
    assert b"tianditu" not in told
    assert "天地图".encode() not in told


def _bytes(frame: dict[str, object]) -> bytes:
    text = str(frame["payloadData"])
    return base64.b64decode(text) if frame["opcode"] == 2 else text.encode()
