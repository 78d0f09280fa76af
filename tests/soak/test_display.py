"""A day of a wall display: its timer, its changes of view, its data; memory stays flat.

The clock of the page is ours, so that a quarter of an hour passes at once: the timer that loads the
page anew is the very one that a wall has. Between two loads the view goes to two zones; every hour
somebody changes a record. ``BLUECARBON_HOURS`` makes the day shorter.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Browser, CDPSession

from bluecarbon_map.sample import embedded_folder
from bluecarbon_map.store.base import Change
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.places import copy_as_sqlite, open_register
from tests.browser.conftest import Watched, chromium, serving, watching

__all__ = ["chromium"]  # a fixture

HOURS = float(os.environ.get("BLUECARBON_HOURS", "24"))
QUARTER_HOUR_MS = 900_000
ZONES = ("330300", "331000")
MOST_GROWTH = 0.10
"""Of the last quarter of the day over the second one; the first fills caches."""

pytestmark = [pytest.mark.timeout(14_400), pytest.mark.browser]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The embedded workspace on a database."""
    copy_as_sqlite(FolderStore(embedded_folder()), tmp_path / "wall", actor="开始者")
    return tmp_path / "wall"


@pytest.fixture
def address(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("server")
    with serving(folder, BLUECARBON_WORKSPACE=str(workspace)) as running:
        yield running


def test_the_memory_of_browser_and_server_is_flat_over_a_day(
    address: str, workspace: Path, chromium: Browser
):
    server = _process_with(f"--server.port={urlsplit(address).port}")
    rows: list[dict[str, float]] = []
    with watching(address, chromium) as open_page:
        watched = open_page("/?wall=1", 1920, 1080).painted()
        watched.page.clock.install()
        watched.page.reload()
        watched.painted()
        wire = watched.page.context.new_cdp_session(watched.page)
        wire.send("Performance.enable")
        for turn in range(round(4 * HOURS)):
            _quarter_of_an_hour(watched)
            if turn % 4 == 3:
                _somebody_writes(workspace, turn)
            rows.append(_memory(wire, server))
            if turn % 12 == 11:
                print(_said((turn + 1) / 4, rows[-1]), flush=True)  # noqa: T201
    growth = {name: _growth([row[name] for row in rows]) for name in rows[0]}
    for name in rows[0]:
        slope = _slope_mb_per_hour([row[name] for row in rows])
        print(f"{name}: {growth[name]:+.1%} in the later day, {slope:+.2f} MB/h")  # noqa: T201
    assert {name: one for name, one in growth.items() if one > MOST_GROWTH} == {}


def _quarter_of_an_hour(watched: Watched) -> None:
    """The view goes to two zones, then the page's own timer loads it anew."""
    page = watched.page
    for zone in ZONES:
        watched.follow(f"./?wall=1&zone={zone}")
        page.locator(".foot .paper-only", has_text=f"zone={zone}").wait_for(state="attached")
        watched.settled()
    page.evaluate("window.same = true")
    page.clock.fast_forward(QUARTER_HOUR_MS)
    page.wait_for_function("() => !window.same")
    watched.painted()


def _somebody_writes(workspace: Path, turn: int) -> None:
    store = open_register(workspace)
    project = store.projects().iloc[[0]].copy()
    project["note_zh"] = f"第 {turn} 刻"
    store.apply(Change(kind="edit", actor="张三", tables={"projects": project}, replace=True))
    store.backend.engine.dispose()


def _memory(wire: CDPSession, server: int) -> dict[str, float]:
    """MB: the page's heap after a collection, all processes of the browser, the server."""
    wire.send("HeapProfiler.collectGarbage")
    told: dict[str, Any] = wire.send("Performance.getMetrics")
    heap = next(one["value"] for one in told["metrics"] if one["name"] == "JSHeapUsedSize")
    browser = [one for one in _below(os.getpid()) if _word(one, "comm").startswith("chrom")]
    return {
        "heap of the page": heap / 1e6,
        "browser": sum(map(_resident_mb, browser)),
        "server": _resident_mb(server),
    }


def _said(hours: float, row: dict[str, float]) -> str:
    return f"{hours:5.1f} h  " + "  ".join(f"{name} {mb:.0f} MB" for name, mb in row.items())


def _growth(values: list[float]) -> float:
    quarter = len(values) // 4
    early, late = values[quarter : 2 * quarter], values[-quarter:]
    return statistics.median(late) / statistics.median(early) - 1


def _slope_mb_per_hour(values: list[float]) -> float:
    later = np.array(values[len(values) // 4 :])
    return float(np.polyfit(np.arange(len(later)) / 4, later, 1)[0])


# --- processes ----------------------------------------------------------------------------------


def _word(pid: int, name: str) -> str:
    """What the system says of a process; empty where it is gone."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _below(pid: int) -> set[int]:
    """Every process that descends from one."""
    parents = {one: _word(one, "stat").rpartition(")")[2].split()[1:2] for one in _pids()}
    found, wave = set[int](), {pid}
    while wave:
        wave = {one for one, parent in parents.items() if parent and int(parent[0]) in wave}
        found |= wave
    return found


def _process_with(argument: str) -> int:
    return next(one for one in _below(os.getpid()) if argument in _word(one, "cmdline").split("\0"))


def _resident_mb(pid: int) -> float:
    pages = _word(pid, "statm").split()[1:2]
    return int(pages[0]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if pages else 0.0
