"""The dashboard: seconds to a painted map and to each page, CPU of a rerun, bytes on the way.

Bytecode goes to a folder of its own: the first start compiles everything, the later ones are what
a user meets, for whom pip compiled the packages when it installed them. Every figure is a median
of five and is printed with its limit; wall times hold on a quiet machine only.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import million, server
from bluecarbon_map.ecosystems import ECOSYSTEMS

MAP: Final = 'iframe[title^="streamlit_folium"]'
PAGES: Final = (
    "",
    "coast",
    "distribution",
    "zone",
    "stock",
    "compare",
    "progress",
    "export",
    "methods",
)
PAINTED_AIM_S: Final = 4.0
RERUN_AIM_CPU_S: Final = 0.25
MAP_RERUN_AIM_CPU_S: Final = 0.15
VIEW_AIM_S: Final = 1.5
BYTES_AIM: Final = 1_000_000
MAP_AIM_S: Final = 3.0
MAP_BYTES_AIM: Final = 2_000_000
FILTER_AIM_S: Final = 1.0
MEMORY_AIM_GB: Final = 1.5
_MANGROVE: Final = f"e={1 << list(ECOSYSTEMS).index('mangrove')}&"
"""Stands in the address of the tiles of mangroves alone."""
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_RUNS: Final = 5
_ASSETS: Final = ("/static/", "/app/static/", "/component/", "/favicon", "/manifest")
_ZONES: Final = ("330300", "331000")
_FOOT: Final = ".foot .paper-only"
_FOLLOW: Final = """address => {
    history.pushState({}, "", address);
    window.dispatchEvent(new PopStateEvent("popstate", {state: {}}));
}"""


@dataclass
class Traffic:
    """Bytes that came over the wire, assets (scripts, styles, fonts) apart."""

    assets: int = 0
    rest: int = 0
    _urls: dict[str, str] = field(default_factory=dict)

    def watch(self, page: Page) -> None:
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.responseReceived", self._named)
        wire.on("Network.loadingFinished", self._finished)
        wire.on("Network.webSocketFrameReceived", self._frame)

    def _named(self, event: dict[str, Any]) -> None:
        self._urls[event["requestId"]] = event["response"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        path = urlsplit(self._urls.get(event["requestId"], "")).path
        size = int(event["encodedDataLength"])
        if path.startswith(_ASSETS):
            self.assets += size
        else:
            self.rest += size

    def _frame(self, event: dict[str, Any]) -> None:
        text = event["response"]["payloadData"]
        # Opcode 2 is binary, which the protocol of the browser hands on as base64.
        self.rest += len(text) * 3 // 4 if event["response"]["opcode"] == 2 else len(text)


def to_painted_map(browser: Browser, port: int, began: float) -> tuple[float, Traffic]:
    page, traffic = browser.new_page(viewport={"width": 1440, "height": 900}), Traffic()
    traffic.watch(page)
    page.goto(f"http://127.0.0.1:{port}/distribution")
    painted(page)
    painted_s = time.perf_counter() - began
    page.wait_for_timeout(1500)
    page.close()
    return painted_s, traffic


def one_start(browser: Browser, bytecode: Path) -> tuple[float, Traffic]:
    """Start the server and open the map."""
    began = time.perf_counter()
    with server.running(bytecode) as (port, _):
        return to_painted_map(browser, port, began)


def painted(page: Page, habitats: str = "") -> None:
    """Wait until ground and patches are drawn; patches at an address with a text in it."""
    frame = page.frame_locator(MAP)
    for layer in ("/tiles/base/", "/tiles/habitats/"):
        asked = f'[src*="{habitats}"]' if habitats and "habitats" in layer else ""
        tiles = frame.locator(f'img.leaflet-tile-loaded[src*="{layer}"]{asked}')
        tiles.first.wait_for(timeout=60_000)


def map_s(browser: Browser, port: int, query: str = "") -> tuple[float, float, float]:
    """The map of a new visitor: seconds from the shell to paint, bytes till then, a filter's s."""
    page, traffic = browser.new_page(viewport={"width": 1440, "height": 900}), Traffic()
    traffic.watch(page)
    page.goto(f"http://127.0.0.1:{port}/distribution?{query}", wait_until="commit")
    page.locator('[data-testid="stApp"]').wait_for(timeout=60_000)
    shell = time.perf_counter()
    painted(page)
    painted_s, weight = time.perf_counter() - shell, traffic.rest + traffic.assets
    page.locator(_FOOT).wait_for(state="attached", timeout=60_000)
    page.wait_for_timeout(1000)
    begun = time.perf_counter()
    page.evaluate(_FOLLOW, f"./distribution?eco=mangrove&{query}")
    painted(page, habitats=_MANGROVE)
    filter_s = time.perf_counter() - begun
    page.close()
    return painted_s, weight, filter_s


def print_map(browser: Browser, port: int, query: str = "") -> None:
    """The map at rest, as a reader meets it on a server that runs."""
    map_s(browser, port, query)  # the first visitor fills the caches
    runs = [map_s(browser, port, query) for _ in range(_RUNS)]
    shown, weights, filters = zip(*runs, strict=True)
    row("map: shell to paint", statistics.median(shown), MAP_AIM_S, "s")
    row("map: all bytes until then", statistics.median(weights) / 1e6, MAP_BYTES_AIM / 1e6, "MB")
    row("map: another filter to its patches", statistics.median(filters), FILTER_AIM_S, "s")


def first_view_s(browser: Browser, port: int, page_name: str) -> float:
    """Seconds from Streamlit's empty shell to the foot of the page, for a new visitor."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"http://127.0.0.1:{port}/{page_name}", wait_until="commit")
    page.locator('[data-testid="stApp"]').wait_for(timeout=60_000)
    shell = time.perf_counter()
    page.locator(_FOOT).wait_for(state="attached", timeout=60_000)
    seen_s = time.perf_counter() - shell
    page.close()
    return seen_s


def rerun_cpu_s(
    browser: Browser, port: int, page_name: str, pid: int, query: str = ""
) -> list[float]:
    """CPU seconds of the server for one change of zone, zones seen before."""
    page, used = browser.new_page(viewport={"width": 1440, "height": 900}), []
    page.goto(f"http://127.0.0.1:{port}/{page_name}?zone={_ZONES[-1]}&{query}")
    page.locator(_FOOT).wait_for(state="attached", timeout=60_000)
    for at in range(2 + _RUNS):
        page.wait_for_timeout(800)
        zone, before = _ZONES[at % 2], server.cpu_s(pid)
        page.evaluate(_FOLLOW, f"./{page_name}?zone={zone}&{query}")
        page.locator(_FOOT, has_text=f"zone={zone}").wait_for(state="attached", timeout=60_000)
        page.wait_for_timeout(400)
        after = server.cpu_s(pid)
        if at >= 2 and before is not None and after is not None:
            used.append(after - before)
    page.close()
    return used


def row(what: str, value: float, limit: float, unit: str) -> None:
    verdict = "" if value <= limit else "  OVER"
    print(f"{what:<46} {value:9.2f} {limit:9.2f} {unit}{verdict}", flush=True)


def print_pages(browser: Browser, bytecode: Path) -> None:
    with server.running(bytecode) as (port, pid):
        first_view_s(browser, port, "")
        print_map(browser, port)
        for name in PAGES:
            seen = [first_view_s(browser, port, name) for _ in range(_RUNS)]
            row(f"/{name}: shell to page", statistics.median(seen), VIEW_AIM_S, "s")
            used = rerun_cpu_s(browser, port, name, pid)
            if used:
                limit = MAP_RERUN_AIM_CPU_S if name == "distribution" else RERUN_AIM_CPU_S
                row(f"/{name}: rerun", statistics.median(used), limit, "CPU s")


def print_million(browser: Browser, bytecode: Path) -> None:
    """The map of a survey of a million patches, and what one change of zone costs there."""
    query = f"survey={million.SURVEY}"
    print(f"a survey of {million.PATCHES:,} patches:")
    with server.running(bytecode, million.prepared()) as (port, pid):
        print_map(browser, port, query)
        used = rerun_cpu_s(browser, port, "distribution", pid, query)
        if used:
            row("/distribution: rerun", statistics.median(used), MAP_RERUN_AIM_CPU_S, "CPU s")
        if memory := server.memory_gb(pid):
            row("server's memory at its peak", memory[1], MEMORY_AIM_GB, "GB")


def run() -> None:
    """Print the figures."""
    print(f"\nDashboard\n{'median of ' + str(_RUNS):<46} {'measured':>9} {'limit':>9}")
    path = next(filter(None, (shutil.which(name) for name in _BROWSERS)), None)
    if path is None:
        print("left out: no Chromium or Chrome is installed")
        return
    flags = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as bytecode:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        compiled_s, _ = one_start(browser, Path(bytecode))
        print(f"{'very first start, which compiles bytecode':<46} {compiled_s:9.2f}         – s")
        starts = [one_start(browser, Path(bytecode)) for _ in range(_RUNS)]
        row("server start to painted map", statistics.median(s for s, _ in starts), PAINTED_AIM_S,
            "s")  # fmt: skip
        weight = statistics.median(traffic.rest for _, traffic in starts)
        row("until then without assets", weight / 1e6, BYTES_AIM / 1e6, "MB")
        assets = statistics.median(traffic.assets for _, traffic in starts)
        print(f"{'assets, cached by the browser':<46} {assets / 1e6:9.2f}         – MB")
        print_pages(browser, Path(bytecode))
        print_million(browser, Path(bytecode))
        browser.close()


if __name__ == "__main__":
    run()
