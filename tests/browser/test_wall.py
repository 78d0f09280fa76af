"""A wall loads itself anew at its time, and outlives a server that is away for a while."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser

Opens = Callable[..., Watched]
QUARTER_HOUR_MS, AGAIN_MS = 900_000, 15_000


def _hang_up(opened: Opens, address: str) -> Watched:
    """A page whose clock is in our hands, marked so that one sees whether it was loaded anew."""
    watched = opened(address).settled()
    watched.page.clock.install()
    watched.page.reload()
    watched.page.locator(".headline h1").wait_for()
    watched.settled().page.evaluate("window.same = true")
    return watched


def _wait_for_the_question(page: Page, after_ms: int) -> None:
    """Let the time pass until the page asks for the server; the next time is set by the answer."""
    before = page.evaluate("window.bluecarbonTimer")
    with page.expect_response("**/health"):
        page.clock.fast_forward(after_ms)
    page.wait_for_function("before => window.bluecarbonTimer !== before", arg=before)


def test_a_wall_loads_itself_anew_once_the_server_answers(opened: Opens):
    watched = _hang_up(opened, "/?wall=1&lang=en&zone=330300")
    page, asked = watched.page, []
    page.route("**/health", lambda route: (asked.append(1), route.fulfill(status=503))[1])
    _wait_for_the_question(page, QUARTER_HOUR_MS)
    _wait_for_the_question(page, AGAIN_MS)
    assert len(asked) == 2
    assert page.evaluate("window.same"), "it was loaded anew though no server answered"
    page.unroute("**/health")
    watched.errors.clear()  # the two answers above
    page.clock.fast_forward(AGAIN_MS)
    page.wait_for_function("() => !window.same")
    page.locator(".headline h1").wait_for()
    watched.settled()
    assert page.locator(".on-wall").count() == 1
    assert "zone=330300" in page.url


def test_a_page_on_a_desk_stays_as_it_is(opened: Opens):
    watched = _hang_up(opened, "/?lang=en")
    watched.page.clock.fast_forward(2 * QUARTER_HOUR_MS)
    watched.settled()
    assert watched.page.evaluate("window.same")
