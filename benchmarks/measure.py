"""Stop-watch and table."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

RUNS = 3


def cpu_seconds(work: Callable[[], Any]) -> float:
    """CPU seconds of one run, all threads."""
    start = time.process_time()
    work()
    return time.process_time() - start


def peak_gb() -> float:
    """Most memory this process has had; what `getrusage` says may be that of its parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak_kib = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak_kib) * 1024 / 1e9


def against(ours: Callable[[], Any], theirs: Callable[[], Any]) -> tuple[float, float]:
    """Median CPU seconds of both, their runs taken in turns so that both meet the same machine."""
    pairs = [(cpu_seconds(ours), cpu_seconds(theirs)) for _ in range(RUNS)]
    mine, other = zip(*pairs, strict=True)
    return statistics.median(mine), statistics.median(other)


def row(what: str, ours_s: float, theirs_s: float | None = None, note: str = "") -> None:
    """Print one line of the table."""
    peer = (
        f"{theirs_s:9.3f} {theirs_s / ours_s:7.1f}x"
        if theirs_s is not None
        else f"{'–':>9} {'–':>8}"
    )
    print(f"{what:<46} {ours_s:9.3f} {peer}  {note}", flush=True)


def heading(title: str, peer: str) -> None:
    """Print the head of a table."""
    print(f"\n{title}\n{'CPU seconds':<46} {'ours':>9} {peer[:9]:>9} {'ratio':>8}")


def versions(*names: str) -> None:
    """Print the versions that were measured."""
    print("  ".join(f"{name} {version(name)}" for name in names))
