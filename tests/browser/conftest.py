"""The real server and a real Chromium that may talk to nobody but that server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect, sync_playwright

from tests.browser.reruns import Reruns

ROOT = Path(__file__).parents[2]
SHOTS = Path(__file__).with_name("shots")
MAP = 'iframe[title^="streamlit_folium"]'
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Streamlit's page first looks for its own service below the address of the page, then at the root.
_LOOKED_FOR_TWICE = ("/_stcore/health", "/_stcore/host-config")
_START_S = 120
PATIENCE_MS = 60_000
"""How long anything is waited for: no test fails because a machine is busy."""
expect.set_options(timeout=PATIENCE_MS)
_FOLLOW = """address => {
    history.pushState({}, "", address);
    window.dispatchEvent(new PopStateEvent("popstate", {state: {}}));
}"""
_GRACE_MS = 200
"""What a handler may take until it speaks to the server, beyond the time of calm."""
_CALM_MS = 400
_CALM = """long => {
    const busy = document.querySelector('.stApp[data-test-script-state="running"]')
        || document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')
        || [...document.querySelectorAll(".stVegaLiteChart")].some(
            chart => chart.offsetParent && !chart.querySelector("svg, canvas"))
        || document.getAnimations().some(
            one => one.playState === "running" && one.effect.getTiming().iterations !== Infinity);
    if (busy) window.calmSince = null;
    else window.calmSince ??= performance.now();
    return !busy && performance.now() - window.calmSince >= long;
}"""


def browser_path() -> str | None:
    """An installed Chromium or Chrome."""
    named = os.environ.get("BLUECARBON_BROWSER")
    return named or next(filter(None, (shutil.which(name) for name in _BROWSERS)), None)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[str]:
    """A dashboard runs; gives its address."""
    log, port = folder / "server.log", free_port()
    command = [
        sys.executable, "-m", "streamlit", "run", str(ROOT / "app" / "server.py"),
        f"--server.port={port}",
    ]  # fmt: skip
    paths = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    with log.open("wb") as output:
        running = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": paths, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/health", running, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()
            running.wait(timeout=_START_S)
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said, said[-3000:]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running dashboard."""
    with serving(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser; no browser, no test.

    Not for the whole session: as long as it is there a loop of asyncio runs in this thread, and a
    test of another file that needs one would fail.
    """
    path = browser_path()
    if path is None:
        pytest.skip("no Chromium or Chrome is installed (apt-get install chromium fonts-noto-cjk)")
    with sync_playwright() as playwright:
        # Root, as in a container, has no sandbox of its own to start in.
        flags = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page, and everything it did that it must not do."""

    page: Page
    server: str
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    reruns: Reruns = field(default_factory=Reruns)

    def open(self, address: str) -> Watched:
        self.page.goto(self.server + address)
        self.page.locator(".headline h1").wait_for()
        return self

    @property
    def map(self) -> FrameLocator:
        return self.page.frame_locator(MAP)

    def painted(self) -> Watched:
        """Wait until ground and patches are drawn, and every other tile that was asked for."""
        for layer in ("base", "habitats"):
            tiles = self.map.locator(f'img.leaflet-tile-loaded[src*="/tiles/{layer}/"]')
            tiles.first.wait_for()
        self.settled()
        expect(self.map.locator("img.leaflet-tile:not(.leaflet-tile-loaded)")).to_have_count(0)
        return self

    def settled(self) -> Watched:
        """Wait until nothing runs, fades or waits to be drawn, and has not for a while."""
        self.page.wait_for_timeout(_GRACE_MS)
        self.page.evaluate("window.calmSince = null")
        until = time.monotonic() + PATIENCE_MS / 1000
        while time.monotonic() < until:
            self.page.wait_for_function(_CALM, arg=_CALM_MS, polling=50)
            if self.reruns.rest_s() >= _CALM_MS / 1000:
                return self
            self.page.wait_for_timeout(50)
        pytest.fail("the server still owes the page a run")

    def follow(self, address: str) -> Watched:
        """Go to another address of the dashboard without loading it anew, as by a link."""
        self.page.evaluate(_FOLLOW, address)
        return self

    def shot(self, name: str) -> None:
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png")

    def _watch(self) -> None:
        host = urlsplit(self.server).netloc
        self.reruns.listen(self.page)
        self.page.on("request", lambda request: self._asked(request.url, host))
        self.page.on("websocket", lambda socket: self._asked(socket.url, host))
        self.page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        self.page.on(
            "console",
            lambda said: (
                self.errors.append(f"console: {said.text}")
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )
        self.page.on("response", lambda answer: self._answered(answer.url, answer.status))

    def _asked(self, url: str, host: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != host:
            self.outside.append(url)

    def _answered(self, url: str, status: int) -> None:
        if status >= 400 and not url.endswith(_LOOKED_FOR_TWICE):
            self.errors.append(f"{status} {url}")


@pytest.fixture
def opened(server: str, chromium: Browser) -> Iterator[Callable[..., Watched]]:
    """Opens an address; at the end of the test nothing bad may have happened on any page."""
    with watching(server, chromium) as open_page:
        yield open_page


@contextmanager
def watching(server: str, chromium: Browser) -> Iterator[Callable[..., Watched]]:
    """Opens addresses of a server, each in a browser of its own, and watches every page."""
    pages: list[Watched] = []

    def open_page(address: str, width: int = 1440, height: int = 900) -> Watched:
        page = chromium.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(PATIENCE_MS)
        watched = Watched(page, server)
        watched._watch()
        pages.append(watched)
        return watched.open(address)

    yield open_page
    for watched in pages:
        exceptions = watched.page.locator('[data-testid="stException"]').all_inner_texts()
        watched.page.close()
        assert watched.outside == [], "asked another machine"
        assert watched.errors == []
        assert exceptions == []
