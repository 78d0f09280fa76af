"""What a reader without a mouse or a screen meets on a page."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import Watched

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
