"""Every page in both languages: for all eyes, on paper, and of every city.

A page is opened once for each language. Nothing is asked of another machine, nothing goes to the
console and nothing fails: the fixture holds that.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Route, expect

from bluecarbon_map.reports import Regions
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.tables import Level
from bluecarbon_map.tiles import Language
from tests.browser.conftest import Watched, watching
from tests.browser.looking import grave, visible
from ui import numbers
from ui.pages import PATHS

pytestmark = pytest.mark.browser

PAGES = ("", *PATHS)
LANGUAGES: tuple[Language, ...] = ("zh", "en")
SAME_FOR_ALL = {"coast", "methods", "projects", "import", "history", "factors", "sources"}
"""Pages that do not speak of the city in the address."""
PUBLISHED_ONLY = {"coast", "methods"}
"""Pages without a record of the workspace, so without demonstration data to mark."""
SWITCHES = (
    ".stButton",
    ".stDownloadButton",
    ".stSelectbox",
    ".stMultiSelect",
    ".stButtonGroup",
    ".stPopover",
    ".stDateInput",
    '[data-testid="stHeader"]',
    ".st-key-filters",
    ".screen-only",
)
ON_PAPER: dict[Language, tuple[str, ...]] = {
    "zh": ("蓝碳地图 · 浙江", "未审图", "非法定界线", "基础调查", "版本"),
    "en": (
        "Blue Carbon Map · Zhejiang",
        "not reviewed",
        "not legal boundaries",
        "2022 baseline survey",
    ),
}

_CUT = """() => [".stMain", ".st-key-beside", ".stMainBlockContainer"]
    .flatMap(s => [...document.querySelectorAll(s)])
    .filter(e => e.scrollHeight > e.clientHeight + 2 && getComputedStyle(e).overflowY !== "visible")
    .map(e => e.className)"""
_EMPTY_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)


@dataclass
class Visit:
    """One page in one language, open at a county."""

    name: str
    language: Language
    watched: Watched
    opened_on: date


@pytest.fixture(
    scope="module", params=[(page, language) for page in PAGES for language in LANGUAGES],
    ids=lambda given: "-".join(given),
)  # fmt: skip
def visit(request: pytest.FixtureRequest, server: str, chromium: Browser) -> Iterator[Visit]:
    """A page, opened for all tests of it."""
    page, language = request.param
    today = date.today()
    with watching(server, chromium) as open_page:
        watched = open_page(f"/{page}?zone=330382&lang={language}&demo=1").settled()
        yield Visit(page, language, watched, today)


def test_axe_finds_nothing_serious(visit: Visit):
    page = visit.watched.page
    expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{visit.language}"))
    assert grave(Axe().run(page)) == []


def test_on_paper_it_has_no_switches_and_says_where_it_comes_from(visit: Visit):
    watched = visit.watched
    watched.page.emulate_media(media="print")
    try:
        _look_at_paper(visit)
    finally:  # the page is for other tests too
        watched.page.emulate_media(media="screen")


def _look_at_paper(visit: Visit) -> None:
    watched = visit.watched
    for selector in SWITCHES:
        assert visible(watched, selector) == [], selector
    (foot,) = visible(watched, ".foot")
    for part in ON_PAPER[visit.language]:
        assert part in foot, part
    # A page that was opened before midnight may say either day.
    days = {numbers.day(day, visit.language) for day in (visit.opened_on, date.today())}
    assert any(day in foot for day in days), foot
    assert f"{watched.server}/{visit.name}?zone=330382" in foot
    assert visible(watched, ".headline h1")
    marks = len(visible(watched, ".watermark span"))
    assert marks == 0 if visit.name in PUBLISHED_ONLY else marks > 10
    assert watched.page.evaluate(_CUT) == []


def test_it_opens_for_cities(visit: Visit):
    """For every other city in one language, for the rest in the other; and for the province."""
    page = visit.watched.page
    page.route("**/tiles/**", _no_tile)  # other tests look at maps
    foot = page.locator(".foot .paper-only")
    wrong: list[str] = []
    known = cities(visit.language)
    assert len(known) == 11
    wanted = list(known.items())[visit.language == "en" :: 2]
    for city, name in wanted[:1] if visit.name in SAME_FOR_ALL else wanted:
        visit.watched.follow(f"./{visit.name}?zone={city}&lang={visit.language}")
        # The foot is drawn last: when it holds the city's address, the page is there.
        # While it is drawn anew, the foot of the city before is still there beside it.
        expect(foot.filter(has_text=f"zone={city}")).to_have_count(1)
        question = page.locator(".headline h1").inner_text()
        if page.locator('[data-testid="stException"]').count():
            wrong.append(f"{city}: an exception")
        if visit.name == "zone" and name not in question:
            wrong.append(f"{city}: {question}")
    visit.watched.follow(f"./{visit.name}?lang={visit.language}")
    expect(foot.filter(has_not_text="zone=")).to_have_count(1)
    assert page.locator('[data-testid="stException"]').count() == 0
    assert wrong == []


def _no_tile(route: Route) -> None:
    route.fulfill(content_type="image/png", body=_EMPTY_PNG)


def cities(language: Language) -> dict[str, str]:
    """Code and name of every city."""
    return Regions.of(open_workspace(), language=language).at_level(Level.CITY)
