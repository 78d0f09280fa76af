"""Starts the dashboard's server; the dashboard itself lies in ``app/``."""

from __future__ import annotations

import json
import os
import runpy
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bluecarbon_map.errors import BluecarbonError, NotFoundError
from bluecarbon_map.files import app_folder

if TYPE_CHECKING:
    from bluecarbon_map.store.base import Workspace

# The server takes the names below before it has imported anything heavy: so does this module.


EDITOR_VARIABLE = "BLUECARBON_LOCAL_EDITOR"
"""Set to 1, it lets the pages write; they do so on the loopback address alone."""
ONLY_VARIABLE = "BLUECARBON_ONLY"
"""Ids of the surveys that the pages may show, as a JSON list; all where it is not set."""
TIANDITU_KEY_VARIABLE = "BLUECARBON_TIANDITU_KEY"
"""Key of 天地图; with it, and only then, its tiles are offered; a reader's browser fetches them."""
TIANDITU_REVIEW_VARIABLE = "BLUECARBON_TIANDITU_REVIEW"
"""审图号 of 天地图 as its site states it on the day; shown beside its name."""
_READY_WITHIN_S = 60


def run(
    workspace: str | None,
    port: int,
    *,
    browser: bool,
    local_editor: bool = False,
    only: Sequence[str] = (),
) -> None:
    """Serve the dashboard on 127.0.0.1 until interrupted; exits with the server's code.

    The server runs in this very process, so that whatever ends the process ends the server:
    Ctrl+C, ``kill`` or a service manager; nothing stays behind on the port.

    Args:
        workspace: Folder of the workspace; None for the usual one.
        port: Port to listen at.
        browser: Whether to open a browser.
        local_editor: Whether the pages may write.
        only: Ids of the surveys that are shown; empty for all, or for those named in
            ``BLUECARBON_ONLY``.

    Raises:
        BluecarbonError: If the app's packages are not installed, or pages that show some surveys
            only are to write.
        NotFoundError: If the folder holds no workspace, or not one of the surveys.
    """
    from bluecarbon_map.sample import WORKSPACE_VARIABLE, workspace_folder
    from bluecarbon_map.store.places import open_store

    if find_spec("streamlit") is None:
        raise BluecarbonError(
            "the dashboard needs more packages: pip install 'bluecarbon-map[app]'"
        )
    folder = workspace_folder(workspace)
    store = open_store(folder)  # refuses what is no workspace before a server starts
    if only:
        _limit(store, only, local_editor=local_editor)
    url = f"http://127.0.0.1:{port}"
    print(f"蓝碳地图 → {url}", file=sys.stderr)  # noqa: T201
    if browser and _has_screen():
        threading.Thread(target=_open_when_ready, args=(url, port), daemon=True).start()
    server = app_folder() / "server.py"
    if workspace is not None or WORKSPACE_VARIABLE in os.environ:
        # else the server follows the first write into one's own copy
        os.environ[WORKSPACE_VARIABLE] = str(folder.resolve())
    os.environ[EDITOR_VARIABLE] = "1" if local_editor else "0"
    os.chdir(server.parent.parent)
    sys.argv = ["streamlit", "run", str(server), f"--server.port={port}"]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def _limit(store: Workspace, only: Sequence[str], *, local_editor: bool) -> None:
    """Let the pages show some surveys only."""
    if local_editor:
        raise BluecarbonError(
            "--only and --local-editor exclude each other: who writes must see everything"
        )
    known = store.surveys()["survey_id"].tolist()
    for survey_id in only:
        if survey_id not in known:
            raise NotFoundError("survey", survey_id, known)
    os.environ[ONLY_VARIABLE] = json.dumps(list(only))


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
