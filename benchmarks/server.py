"""A dashboard in a process of its own, and what it costs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bluecarbon_map.sample import WORKSPACE_VARIABLE

ROOT: Final = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(port: int, bytecode: Path, workspace: Path | None = None) -> subprocess.Popen[bytes]:
    """Start it; compiled code goes to a folder of its own.

    Args:
        port: Where it listens.
        bytecode: Folder of the compiled code.
        workspace: Its workspace; None for that of the environment.
    """
    paths = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    own = {"PYTHONPATH": paths, "PYTHONPYCACHEPREFIX": str(bytecode)}
    own |= {} if workspace is None else {WORKSPACE_VARIABLE: str(workspace)}
    given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(ROOT / "app/server.py"),
         f"--server.port={port}"],
        cwd=tempfile.gettempdir(),
        env=given | own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


@contextmanager
def running(bytecode: Path, workspace: Path | None = None) -> Iterator[tuple[int, int]]:
    """A server that answers: its port and the id of its process."""
    port = free_port()
    server = start(port, bytecode, workspace)
    try:
        wait_for_port(port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for_port(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the server did not start")


def cpu_s(pid: int) -> float | None:
    """CPU seconds of a process so far; None where the system does not tell (no /proc)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_gb(pid: int) -> tuple[float, float] | None:
    """Memory of a process now and at its peak; None where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    kib = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith("Vm")}
    return int(kib["VmRSS"]) * 1024 / 1e9, int(kib["VmHWM"]) * 1024 / 1e9
