"""A run of the dashboard without a browser, on the workspace that comes with the project."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from bluecarbon_map.dashboard import EDITOR_VARIABLE
from bluecarbon_map.store.base import Register
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.places import copy_workspace, create_sqlite
from tests import builders
from ui import cached

APP = Path(__file__).parents[2] / "app"
Opened = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def components_are_looked_for_once() -> Iterator[None]:
    """Streamlit looks through all installed packages for each ``AppTest``; once is enough."""
    with pytest.MonkeyPatch.context() as patch:
        scan = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture
def opened() -> Opened:
    """Opens a page with the address bar given, and runs it."""

    def open_page(page: str | None = None, **address: str) -> AppTest:
        test = AppTest.from_file(str(APP / "streamlit_app.py"), default_timeout=300)
        for key, value in address.items():
            test.query_params[key] = value
        if page is not None:  # as by a link: a page's path is its file's name
            test.switch_page(f"views/{page}.py")
        test.run()
        assert not test.exception, test.exception
        return test

    return open_page


def text_of(test: AppTest) -> str:
    """All text and markup on the page."""
    return "\n".join(str(element.proto.body) for element in test.get("html"))


def map_told(test: AppTest) -> dict[str, Any]:
    """What the first map on the page was told last, whichever of the two it is."""
    fast = test.get("bidi_component")
    if fast:
        told = json.loads(fast[0].proto.json or fast[0].proto.mixed.json)["given"]
    else:
        script = json.loads(test.get("component_instance")[0].proto.json_args)["feature_group"]
        found = re.search(r"bluecarbonMap\.show\((.*)\);", script)
        assert found is not None
        told = json.loads(found[1])
    return dict(told)


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


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    """The dashboard looks at a small workspace on a database, and may write to it."""
    source = FolderStore(builders.write_workspace(tmp_path / "files"))
    store = create_sqlite(tmp_path / "office", source.info)
    copy_workspace(source, store, "开始者")
    monkeypatch.setattr(cached, "workspace", lambda: store)
    may_edit(monkeypatch)
    return store


def may_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server was started to edit, on this machine alone."""
    usual = st.get_option
    here = {"server.address": "127.0.0.1"}
    monkeypatch.setattr(st, "get_option", lambda key: here.get(key, usual(key)))
    monkeypatch.setenv(EDITOR_VARIABLE, "1")
