"""A run of the dashboard without a browser, on the workspace that comes with the project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "app"
Opened = Callable[..., AppTest]


@pytest.fixture
def opened() -> Opened:
    """Opens a page with the address bar given, and runs it."""

    def open_page(page: str | None = None, **address: str) -> AppTest:
        test = AppTest.from_file(str(APP / "streamlit_app.py"), default_timeout=60)
        for key, value in address.items():
            test.query_params[key] = value
        test.run()
        if page is not None:
            test.switch_page(f"views/{page}.py").run()
        assert not test.exception, test.exception
        return test

    return open_page


def text_of(test: AppTest) -> str:
    """All text and markup on the page."""
    return "\n".join(str(element.proto.body) for element in test.get("html"))
