"""The dashboard: seconds from the server's start to a painted map, CPU seconds of a rerun.

Bytecode goes to a folder of its own: the first start compiles everything, the later ones are what
a user meets, for whom pip compiled the packages when it installed them.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
MAP: Final = 'iframe[title^="streamlit_folium"]'
PAINTED_AIM_S: Final = 5.0
RERUN_AIM_CPU_S: Final = 0.25
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_STARTS: Final = 4
_CHOICES: Final = ("红树林", "盐沼", "淤泥质光滩", "全部")


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


def seconds_to_map(browser: Browser, port: int, began: float) -> tuple[Page, float]:
    wait_for_port(port)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"http://127.0.0.1:{port}/distribution")
    frame = page.frame_locator(MAP)
    for layer in ("base", "habitats"):
        tiles = frame.locator(f'img.leaflet-tile-loaded[src*="/tiles/{layer}/"]')
        tiles.first.wait_for(timeout=60_000)
    return page, time.perf_counter() - began


def choose(page: Page, text: str) -> None:
    page.locator(".st-key-choose_ecosystem input").click()
    page.get_by_role("option").filter(has_text=text).first.click()
    page.wait_for_timeout(2500)


def rerun_cpu_s(page: Page, pid: int) -> list[float]:
    """CPU seconds of the whole server for one change of a filter: rerun, tiles and all."""
    used = []
    page.wait_for_timeout(3000)
    for text in _CHOICES:
        before = cpu_s(pid)
        choose(page, text)
        after = cpu_s(pid)
        if before is not None and after is not None:
            used.append(after - before)
    return used


def one_start(browser: Browser, bytecode: Path, *, reruns: bool) -> float:
    """Start the server, open the map, and change filters where that is asked for."""
    port = free_port()
    began = time.perf_counter()
    server = start(port, bytecode)
    try:
        page, painted_s = seconds_to_map(browser, port, began)
        used_s = cpu_s(server.pid)
        cpu = "" if used_s is None else f", CPU s of the server until then: {used_s:.2f}"
        print(f"server start to painted map: {painted_s:.2f} s{cpu}", flush=True)
        if reruns:
            print_reruns(page, server.pid)
        page.close()
    finally:
        server.terminate()
        server.wait(timeout=20)
    return painted_s


def print_reruns(page: Page, pid: int) -> None:
    for name in ("first time", "seen before"):
        used = rerun_cpu_s(page, pid)
        if used:
            shown = ", ".join(f"{value:.2f}" for value in used)
            print(f"CPU s of a filter change, {name}: {shown} (aim {RERUN_AIM_CPU_S:g})")


def run() -> None:
    """Print the figures."""
    print("\nDashboard, from a start that compiles everything to starts as a user meets them")
    path = next(filter(None, (shutil.which(name) for name in _BROWSERS)), None)
    if path is None:
        print("left out: no Chromium or Chrome is installed")
        return
    flags = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as bytecode:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        _, *later_s = [
            one_start(browser, Path(bytecode), reruns=at == _STARTS - 1) for at in range(_STARTS)
        ]
        browser.close()
    print(f"best of {len(later_s)} later starts: {min(later_s):.2f} s (aim {PAINTED_AIM_S:g})")


if __name__ == "__main__":
    run()
