"""What readers meet on a page: without a mouse or a screen, and once it has come to rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from tests.browser.conftest import PATIENCE_MS, Watched

_T = TypeVar("_T")
_GRAVE = {"serious", "critical"}


def grave(found: Any) -> list[str]:
    """What axe-core found that shuts readers out."""
    return [
        f"{fault['id']}: {node['target']} {node['html'][:120]}"
        for fault in found.response["violations"]
        if fault["impact"] in _GRAVE
        for node in fault["nodes"]
    ]


def visible(watched: Watched, selector: str) -> list[str]:
    """What of it can be seen, on paper while the page is told to be printed."""
    return watched.page.evaluate(
        """selector => [...document.querySelectorAll(selector)]
            .filter(e => e.checkVisibility() && e.getClientRects().length)
            .map(e => e.innerText || e.className)""",
        selector,
    )


def came_to_rest(watched: Watched, read: Callable[[], _T], before: _T) -> _T:
    """What is read once it is not as before any more and stays: a map that moves is not there."""
    until, last = time.monotonic() + PATIENCE_MS / 1000, read()
    while time.monotonic() < until:
        watched.page.wait_for_timeout(300)
        now = read()
        if now == last != before:
            return now
        last = now
    raise AssertionError(f"it was {before} and is {last}")
