"""The dashboard: seconds to a painted map and to each page, CPU of a rerun, bytes on the way.

Bytecode goes to a folder of its own: the first start compiles everything, the later ones are what
a user meets, for whom pip compiled the packages when it installed them. Every figure is a median
of five and is printed with its limit; wall times hold on a quiet machine only.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
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
VIEW_AIM_S: Final = 1.5
BYTES_AIM: Final = 1_000_000
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_RUNS: Final = 5
_ASSETS: Final = ("/static/", "/app/static/", "/component/", "/favicon", "/manifest")
_ZONES: Final = ("330300", "331000")
_FOOT: Final = ".foot .paper-only"
_FOLLOW: Final = """address => {
    history.pushState({}, "", address);
    window.dispatchEvent(new PopStateEvent("popstate", {state: {}}));
}"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(port: int, bytecode: Path) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    own = {"PYTHONPATH": paths, "PYTHONPYCACHEPREFIX": str(bytecode)}
    given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(ROOT / "app/server.py"),
         f"--server.port={port}"],
        cwd=tempfile.gettempdir(),
        env=given | own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def cpu_s(pid: int) -> float | None:
    """CPU seconds of a process so far; None where the system does not tell (no /proc)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_for_port(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the server did not start")


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
    frame = page.frame_locator(MAP)
    for layer in ("base", "habitats"):
        tiles = frame.locator(f'img.leaflet-tile-loaded[src*="/tiles/{layer}/"]')
        tiles.first.wait_for(timeout=60_000)
    painted_s = time.perf_counter() - began
    page.wait_for_timeout(1500)
    page.close()
    return painted_s, traffic


def one_start(browser: Browser, bytecode: Path) -> tuple[float, Traffic]:
    """Start the server and open the map."""
    port, began = free_port(), time.perf_counter()
    server = start(port, bytecode)
    try:
        wait_for_port(port)
        return to_painted_map(browser, port, began)
    finally:
        server.terminate()
        server.wait(timeout=20)


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


def rerun_cpu_s(browser: Browser, port: int, page_name: str, pid: int) -> list[float]:
    """CPU seconds of the server for one change of zone, zones seen before."""
    page, used = browser.new_page(viewport={"width": 1440, "height": 900}), []
    page.goto(f"http://127.0.0.1:{port}/{page_name}?zone={_ZONES[-1]}")
    page.locator(_FOOT).wait_for(state="attached", timeout=60_000)
    for at in range(2 + _RUNS):
        page.wait_for_timeout(800)
        zone, before = _ZONES[at % 2], cpu_s(pid)
        page.evaluate(_FOLLOW, f"./{page_name}?zone={zone}")
        page.locator(_FOOT, has_text=f"zone={zone}").wait_for(state="attached", timeout=60_000)
        page.wait_for_timeout(400)
        after = cpu_s(pid)
        if at >= 2 and before is not None and after is not None:
            used.append(after - before)
    page.close()
    return used


def row(what: str, value: float, limit: float, unit: str) -> None:
    verdict = "" if value <= limit else "  OVER"
    print(f"{what:<46} {value:9.2f} {limit:9.2f} {unit}{verdict}", flush=True)


def print_pages(browser: Browser, bytecode: Path) -> None:
    port = free_port()
    server = start(port, bytecode)
    try:
        wait_for_port(port)
        first_view_s(browser, port, "")
        for name in PAGES:
            seen = [first_view_s(browser, port, name) for _ in range(_RUNS)]
            row(f"/{name}: shell to page", statistics.median(seen), VIEW_AIM_S, "s")
            used = rerun_cpu_s(browser, port, name, server.pid)
            if used:
                row(f"/{name}: rerun", statistics.median(used), RERUN_AIM_CPU_S, "CPU s")
    finally:
        server.terminate()
        server.wait(timeout=20)


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
        browser.close()


if __name__ == "__main__":
    run()
