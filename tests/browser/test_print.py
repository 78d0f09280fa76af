"""On paper: what is folded is open, marks, and the words of the file."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched
from tests.browser.looking import visible

pytestmark = pytest.mark.browser

Opens = Callable[..., Watched]


def test_folded_notes_are_open_on_paper(opened: Opens):
    watched = opened("/?demo=1").settled()
    hidden = watched.page.locator(".more > .small").first
    assert not hidden.is_visible()
    watched.page.emulate_media(media="print")
    assert hidden.is_visible()


@pytest.mark.parametrize("way", ["plain", "fast"])
def test_a_map_goes_to_paper_as_it_is_on_the_screen(opened: Opens, way: str):
    """Nothing of the view is cut: it is the same map, smaller, and back as it was afterwards."""
    watched = opened(f"/distribution?map={way}").settled()
    page = watched.page
    frame = page.locator('iframe[title^="streamlit_folium"], [class*="_fast_map"]').first
    before = frame.bounding_box()
    assert before is not None
    assert before["width"] > 700
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    paper = frame.bounding_box()
    assert paper is not None
    assert paper["width"] <= 701
    assert paper["height"] <= 761
    assert paper["width"] / paper["height"] == pytest.approx(
        before["width"] / before["height"], rel=0.01
    )
    inside = frame.evaluate("one => [one.clientWidth, one.clientHeight]")
    assert inside == pytest.approx([before["width"], before["height"]], abs=3)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert frame.bounding_box() == before


def test_without_demonstration_data_paper_has_no_watermark(opened: Opens):
    watched = opened("/?demo=0").settled()
    watched.page.emulate_media(media="print")
    assert visible(watched, ".watermark span") == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["浙江离目标还差多少", "未审图", "含演示数据", "红树林", "无数据", "zone=330382"]),
        ("en", ["How far is Zhejiang", "not reviewed", "demonstration data", "zone=330382"]),
    ],
)
def test_the_pdf_of_a_page_has_its_words(opened: Opens, language: str, words: list[str]):
    watched = opened(f"/?zone=330382&lang={language}").settled()
    pdf = watched.page.pdf(prefer_css_page_size=True, print_background=True)
    said = text_of_pdf(pdf)
    for word in words:
        assert word.replace(" ", "") in said, word
    assert b"/MediaBox [0 0 594" in pdf or b"/MediaBox [0 0 595" in pdf, "not A4"


def text_of_pdf(pdf: bytes) -> str:
    """Words of a PDF as Chromium writes it, without spaces.

    Each font has a table from its glyphs to Unicode; its name on a page ends with the number of
    its object.
    """
    objects = {
        int(number): body
        for number, body in re.findall(rb"\n(\d+) 0 obj\n(.*?)\nendobj", pdf, re.DOTALL)
    }
    fonts = {
        number: glyphs(stream(objects[int(table[1])]))
        for number, body in objects.items()
        if (table := re.search(rb"/ToUnicode (\d+) 0 R", body))
    }
    shown = []
    for body in objects.values():
        content = stream(body)
        if b" Tf" in content:
            shown.append(words_of(content, fonts))
    # Fonts give 目 and its radical ⽬ one glyph; a table names but one of the two.
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", "".join(shown)))


def stream(body: bytes) -> bytes:
    found = re.search(rb"stream\r?\n(.*?)\r?\nendstream", body, re.DOTALL)
    if found is None:
        return b""
    return zlib.decompressobj().decompress(found[1]) if b"/FlateDecode" in body else found[1]


def glyphs(table: bytes) -> dict[int, str]:
    known: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for glyph, text in re.findall(rb"<(\w+)> <(\w+)>", block):
            known[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in re.findall(rb"<(\w+)> <(\w+)> <(\w+)>", block):
            for at in range(int(first, 16), int(last, 16) + 1):
                known[at] = chr(int(text, 16) + at - int(first, 16))
    return known


def words_of(content: bytes, fonts: dict[int, dict[int, str]]) -> str:
    said, font = [], {}
    for name, shown in re.findall(rb"/F(\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>", content):
        if name:
            font = fonts.get(int(name), {})
        else:
            codes = [int(shown[i : i + 4], 16) for i in range(0, len(shown), 4)]
            said.append("".join(font.get(code, "") for code in codes))
    return "".join(said)


def test_the_foot_follows_what_is_chosen_on_the_page(opened: Opens):
    watched = opened("/distribution").settled()
    ways = watched.page.locator(".foot a")
    assert "zone=" not in (ways.last.get_attribute("href") or "")
    watched.page.locator(".st-key-choose_zone input").click()
    watched.page.keyboard.type("330382")
    watched.page.keyboard.press("Enter")
    expect(watched.page.locator(".foot .paper-only")).to_have_text(re.compile("zone=330382"))
    watched.settled()
    for at in range(ways.count()):
        assert "zone=330382" in (ways.nth(at).get_attribute("href") or "")
    assert watched.page.locator(".foot").count() == 1
