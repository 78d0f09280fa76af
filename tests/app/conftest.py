"""A run of the dashboard without a browser, on the workspace that comes with the project."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from bluecarbon_map.store.folder import FolderStore
from tests import builders
from ui import cached

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


def buttons_of(patch: pytest.MonkeyPatch) -> list[tuple[Callable[[], bytes], dict[str, Any]]]:
    """What every download button of the pages opened from here on was given: maker and settings."""
    found: list[tuple[Callable[[], bytes], dict[str, Any]]] = []
    draw = DeltaGenerator.download_button

    def noting(self: Any, label: str, data: Any, **more: Any) -> bool:
        found.append((data, {"label": label, **more}))
        return draw(self, label, data, **more)

    patch.setattr(DeltaGenerator, "download_button", noting)
    patch.setattr(
        st, "download_button", lambda label, data, **more: noting(st._main, label, data, **more)
    )
    return found


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard looks at a workspace that has zones and land, and nothing else yet."""
    folder = builders.write_workspace(tmp_path / "empty")
    nothing = {"default_survey_id": None, "default_plan_id": None}
    passport = json.dumps(builders.PASSPORT | nothing)
    (folder / "workspace.json").write_text(passport, encoding="utf-8")
    for table in ("surveys", "targets", "projects", "registers", "rasters"):
        path = folder / f"{table}.csv"
        head = path.read_text(encoding="utf-8-sig").splitlines()[0]
        path.write_text(f"{head}\n", encoding="utf-8-sig")
    store = FolderStore(folder)
    monkeypatch.setattr(cached, "workspace", lambda: store)
