"""Every page of every city in both languages: no exception, no error, no request elsewhere.

A page is loaded once for each language; the cities come through the address, as by a link. That
nothing is asked of another machine and nothing goes to the console is held by the fixture. Tiles
are drawn for the first view only: other tests look at maps.
"""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from bluecarbon_map.reports import Regions
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.tables import Level
from bluecarbon_map.tiles import Language
from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser

Opens = Callable[..., Watched]
PAGES = (
    "",
    "coast",
    "distribution",
    "zone",
    "stock",
    "standards",
    "compare",
    "progress",
    "export",
    "methods",
)
_FOLLOW = """address => {
    history.pushState({}, "", address);
    window.dispatchEvent(new PopStateEvent("popstate", {state: {}}));
}"""
_EMPTY_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)


def _no_tile(route: Route) -> None:
    route.fulfill(content_type="image/png", body=_EMPTY_PNG)


def cities(language: Language) -> dict[str, str]:
    """Code and name of every city."""
    return Regions.of(open_workspace(), language=language).at_level(Level.CITY)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_the_page_of_every_city_opens(opened: Opens, page: str, language: Language):
    watched = opened(f"/{page}?lang={language}&demo=1")
    watched.settled().page.route("**/tiles/**", _no_tile)
    foot = watched.page.locator(".foot .paper-only")
    wrong: list[str] = []
    known = cities(language)
    assert len(known) == 11
    for city, name in known.items():
        watched.page.evaluate(_FOLLOW, f"./{page}?zone={city}&lang={language}")
        # The foot is drawn last: when it holds the city's address, the page is there.
        # While it is drawn anew, the foot of the city before is still there beside it.
        expect(foot.filter(has_text=f"zone={city}")).to_have_count(1, timeout=30_000)
        question = watched.page.locator(".headline h1").inner_text()
        if watched.page.locator('[data-testid="stException"]').count():
            wrong.append(f"{city}: an exception")
        if page == "zone" and name not in question:
            wrong.append(f"{city}: {question}")
    assert wrong == []
