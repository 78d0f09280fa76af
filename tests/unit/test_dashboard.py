"""The dashboard's server lives and dies with the command that started it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

import pytest

_PATIENCE_S = 120


def _listens(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def started(tmp_path):
    """The command in a process group of its own, once it answers; and its port."""
    port = _free_port()
    command = [sys.executable, "-c", "from bluecarbon_map.cli import main; main()", "app"]
    with (tmp_path / "log").open("wb") as log:
        running = subprocess.Popen(
            [*command, f"--port={port}", "--no-browser"],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        until = time.monotonic() + _PATIENCE_S
        while not _listens(port) and running.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        yield running, port
        with suppress(ProcessLookupError):  # what a failure would leave behind
            os.killpg(running.pid, signal.SIGKILL)
        running.wait(timeout=_PATIENCE_S)


def test_who_kills_the_command_kills_the_server_with_it(started):
    running, port = started
    assert _listens(port)
    running.terminate()
    running.wait(timeout=_PATIENCE_S)
    assert not _listens(port), "a server stayed behind"
