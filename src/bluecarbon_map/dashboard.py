"""Starts the dashboard's server; the dashboard itself lies in ``app/``."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from importlib.util import find_spec

from bluecarbon_map.errors import BluecarbonError
from bluecarbon_map.files import app_folder
from bluecarbon_map.sample import WORKSPACE_VARIABLE, workspace_folder
from bluecarbon_map.store.folder import FolderStore

_READY_WITHIN_S = 60


def run(workspace: str | None, port: int, *, browser: bool) -> None:
    """Serve the dashboard on 127.0.0.1 until interrupted; exits with the server's code.

    Raises:
        BluecarbonError: If the app's packages are not installed.
        NotFoundError: If the folder holds no workspace.
    """
    if find_spec("streamlit") is None:
        raise BluecarbonError(
            "the dashboard needs more packages: pip install 'bluecarbon-map[app]'"
        )
    folder = workspace_folder(workspace)
    FolderStore(folder)
    url = f"http://127.0.0.1:{port}"
    print(f"蓝碳地图 → {url}", file=sys.stderr)  # noqa: T201
    if browser and _has_screen():
        threading.Thread(target=_open_when_ready, args=(url, port), daemon=True).start()
    server = app_folder() / "server.py"
    command = [sys.executable, "-m", "streamlit", "run", str(server), f"--server.port={port}"]
    environment = {**os.environ, WORKSPACE_VARIABLE: str(folder.resolve())}
    try:
        code = subprocess.run(command, env=environment, cwd=server.parent.parent, check=False)  # noqa: S603
    except KeyboardInterrupt:
        return
    sys.exit(code.returncode)


def _has_screen() -> bool:
    return sys.platform in {"darwin", "win32"} or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def _open_when_ready(url: str, port: int) -> None:
    for _ in range(_READY_WITHIN_S * 2):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.5)
        else:
            webbrowser.open(url)
            return
