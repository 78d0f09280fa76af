"""What no page uses is not sent: a typeface asked for ahead, icons that nothing shows."""

from __future__ import annotations

import json

import pytest
import streamlit as st
from fontTools.ttLib import TTFont
from scripts import icons
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

import server
from ui import lean

PAGE = (icons.STREAMLIT.parent / "index.html").read_text(encoding="utf-8")
TOLD = json.loads((lean.ICONS / "icons.json").read_text(encoding="utf-8"))


@pytest.fixture
def client():
    async def page(_):
        return HTMLResponse(PAGE)

    async def text(_):
        return PlainTextResponse(PAGE)

    async def gone(_):
        return HTMLResponse(PAGE, status_code=404)

    paths = {"/": page, "/stock": page, "/text": text, "/gone": gone, "/other": page}
    routes = [Route(path, what) for path, what in paths.items()]
    pages = frozenset(paths.keys() - {"/other"})
    sent = {"/icons.woff2": lean.ICONS / "material-symbols-rounded.woff2"}
    cut = Middleware(lean.Lean, fonts=sent, pages=pages)
    return TestClient(Starlette(routes=routes, middleware=[cut]))


def test_the_shell_asks_for_no_font_ahead_and_is_whole_else(client):
    assert 'as="font"' in PAGE
    told = client.get("/").text
    assert 'as="font"' not in told
    before, _, rest = PAGE.partition('<link\n      rel="preload"')
    assert told == before + rest.partition("/>")[2]


def test_other_answers_pass_unchanged(client):
    assert client.get("/text").text == PAGE
    assert client.get("/gone").text == PAGE
    assert client.get("/other").text == PAGE
    assert "content-length" not in client.head("/").headers


def test_the_icons_are_cut_from_the_font_that_streamlit_brings():
    """Fails after an update of Streamlit: then run scripts/icons.py."""
    assert f"/base/static/media/{icons.source().name}" in lean.fonts("/base", "")
    (used,) = [one.kwargs for one in server.MIDDLEWARE if one.cls is lean.Lean]
    assert used["fonts"] == lean.fonts("", st.get_option("theme.font") or "")
    assert {"/", "/stock", "/distribution"} <= used["pages"]


def test_the_cut_font_comes_in_the_place_of_the_whole(client):
    answer = client.get("/icons.woff2")
    assert answer.content == (lean.ICONS / "material-symbols-rounded.woff2").read_bytes()
    assert len(answer.content) < icons.source().stat().st_size / 5
    assert answer.headers["content-type"] == "font/woff2"
    # The address stays when the icons change: a browser asks each time, and is told in a word.
    assert answer.headers["cache-control"] == "no-cache"
    again = client.get("/icons.woff2", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_another_font_is_sent_whole(tmp_path):
    (tmp_path / "MaterialSymbols-Rounded.x.woff2").write_bytes(b"another")
    assert lean.fonts("", "", tmp_path) == {}


@pytest.mark.parametrize(
    ("theme", "replaced"),
    [
        ("", False),
        ('"Source Sans", sans-serif', False),
        ('"Noto Sans SC", "Source Han Sans SC", sans-serif', True),
    ],
)
def test_a_typeface_is_left_out_only_where_the_theme_names_others(theme, replaced):
    names = [smaller.name for smaller in lean.fonts("", theme).values()]
    assert ("blank.woff2" in names) == replaced


def test_the_blank_font_has_no_letter(tmp_path, monkeypatch):
    assert sorted(TTFont(lean.ICONS / "blank.woff2").getBestCmap()) == [0xE000]
    monkeypatch.setattr(icons, "FOLDER", tmp_path)
    icons.write_blank()
    assert (tmp_path / "blank.woff2").read_bytes() == (lean.ICONS / "blank.woff2").read_bytes()


def test_every_icon_that_can_show_is_in_the_cut_font_with_the_same_outline():
    """Fails when a page names an icon for the first time: then run scripts/icons.py."""
    whole, cut = TTFont(icons.source()), TTFont(lean.ICONS / "material-symbols-rounded.woff2")
    theirs, ours = icons.icons(whole), icons.icons(cut)
    assert icons.wanted(set(theirs)) == TOLD["icons"]
    assert set(TOLD["icons"]) <= ours.keys()  # and other names of the same icons
    assert {"search", "close", "keyboard_double_arrow_left"} <= ours.keys()
    for name in TOLD["icons"]:
        drawn = [font["glyf"][glyph].getCoordinates(font["glyf"])[0]
                 for font, glyph in ((whole, theirs[name]), (cut, ours[name]))]  # fmt: skip
        assert list(drawn[0]) == list(drawn[1]), name
