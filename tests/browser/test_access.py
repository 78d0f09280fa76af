"""Every page for readers without a mouse, without eyes, or with other eyes.

axe-core runs on every page with `test_every_page`; here in the frame of the map and on notices.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import MAP, Watched
from tests.browser.looking import grave
from ui.pages import PATHS

pytestmark = pytest.mark.browser

Opens = Callable[..., Watched]
PAGES = ("", *PATHS)

_FOCUSED = """() => {
    const at = document.activeElement, look = getComputedStyle(at);
    const box = at.getBoundingClientRect();
    return {
        name: at.getAttribute("aria-label") || at.innerText || at.title || at.tagName,
        tag: at.tagName,
        href: at.getAttribute("href") || "",
        ring: look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2,
        seen: box.width > 0 && box.height > 0,
    };
}"""


def stops(watched: Watched, most: int) -> list[dict[str, Any]]:
    """What the tab key reaches, in its order, until it leaves the page."""
    reached: list[dict[str, Any]] = []
    for _ in range(most):
        watched.page.keyboard.press("Tab")
        stop = watched.page.evaluate(_FOCUSED)
        if stop["tag"] == "BODY" and reached:
            break
        reached.append(stop)
    return reached


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_serious_in_the_frame_of_the_map(opened: Opens, language: str):
    watched = opened(f"/distribution?lang={language}&zone=330382").painted()
    frame = watched.page.locator(MAP).element_handle().content_frame()
    assert grave(Axe().run(frame)) == []


def test_axe_finds_nothing_serious_in_the_first_steps_and_the_notices(opened: Opens):
    watched = opened("/?welcome=1&zone=999999").settled()
    expect(watched.page.locator(".notices")).to_be_visible()
    assert grave(Axe().run(watched.page)) == []


def test_axe_would_say_it_of_a_page_that_has_a_fault(opened: Opens):
    watched = opened("/methods?lang=en").settled()
    watched.page.evaluate(
        """() => document.querySelector(".headline").insertAdjacentHTML(
            "beforeend", '<span style="color:#ccc;background:#fff">pale</span><button></button>')"""
    )
    found = grave(Axe().run(watched.page))
    assert any("color-contrast" in fault for fault in found)
    assert any("button-name" in fault for fault in found)


def test_the_first_key_leads_to_a_way_past_the_menus_in_the_language_of_the_page(opened: Opens):
    watched = opened("/distribution?zone=330382").settled()
    watched.page.keyboard.press("Tab")
    first = watched.page.evaluate(_FOCUSED)
    assert first["name"].strip() == "跳到正文"
    watched.page.keyboard.press("Enter")
    assert watched.page.evaluate("document.activeElement.id") == "stMain"


def test_the_keyboard_reaches_everything_and_shows_where_it_is(opened: Opens):
    watched = opened("/?zone=330382").settled()
    reached = stops(watched, 90)
    names = " | ".join(stop["name"] for stop in reached)
    for wanted in ("总览", "数据与方法", "含演示数据", "中文 | EN", "地图", "温州市", "大屏模式"):
        assert wanted in names, wanted
    assert [stop for stop in reached if not stop["ring"] and stop["tag"] != "IFRAME"] == []
    assert len(reached) < 90, "the keyboard never leaves the page"


def test_a_city_is_opened_by_keyboard_alone(opened: Opens):
    watched = opened("/?demo=0&lang=en").settled()
    watched.page.locator('a.soft[href*="zone=330300"]').focus()
    watched.page.evaluate("window.same = true")
    watched.page.keyboard.press("Enter")
    watched.page.wait_for_url(re.compile(r"/zone\?.*zone=330300"))
    expect(watched.page.locator(".headline h1")).to_contain_text("Wenzhou")
    assert watched.page.evaluate("window.same"), "the page was loaded anew"
    assert "demo=0" in watched.page.url


def test_the_way_back_of_the_browser_brings_the_earlier_choice_back(opened: Opens):
    watched = opened("/?demo=0").settled()
    watched.page.locator('a.soft[href*="zone=330300"]').click()
    watched.page.wait_for_url(re.compile("/zone"))
    watched.settled()
    watched.page.go_back()
    expect(watched.page.locator(".st-key-overview")).to_be_visible()
    watched.settled()
    assert "zone=" not in watched.page.url
    assert watched.page.locator(".card.picked").count() == 0


def test_an_unknown_page_leads_to_the_first_with_words(opened: Opens):
    watched = opened("/nosuchpage?lang=en").settled()
    expect(watched.page.locator(".notices")).to_contain_text("nosuchpage")
    assert watched.page.locator('[role="dialog"]').count() == 0


def test_the_first_steps_stay_closed_in_this_browser_and_open_in_another(opened: Opens):
    watched = opened("/").settled()
    watched.page.locator(".st-key-welcome_close button").click()
    expect(watched.page.locator("ol.steps")).to_have_count(0)
    watched.settled()
    watched.page.reload()
    watched.page.locator(".headline h1").wait_for()
    watched.settled()
    assert watched.page.locator("ol.steps").count() == 0
    assert opened("/").settled().page.locator("ol.steps").count() == 1


@pytest.mark.parametrize(
    ("width", "height", "language"),
    [  # English words are the wider ones
        (360, 740, "zh"), (360, 740, "en"), (768, 1024, "en"), (1440, 900, "en"),
        (3840, 2160, "zh"),
    ],
)  # fmt: skip
def test_no_page_is_wider_than_the_screen(opened: Opens, width: int, height: int, language: str):
    watched = opened(f"/?lang={language}&zone=330382", width, height).settled()
    for page in PAGES:
        watched.follow(f"./{page}?lang={language}&zone=330382").settled()
        wide = watched.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, page


def test_the_overview_is_one_screen(opened: Opens):
    watched = opened("/?demo=1").settled()
    foot = watched.page.locator(".foot").bounding_box()
    assert foot is not None
    assert foot["y"] + foot["height"] <= 900
    inner = watched.page.evaluate(
        "(() => { const b = document.querySelector('.st-key-beside');"
        " return [b.scrollHeight, b.clientHeight]; })()"
    )
    assert inner[0] <= inner[1] + 1, "the cards and the table of cities are cut"
