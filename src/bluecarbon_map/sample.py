"""The workspace to work in: the one that was asked for, else the embedded Zhejiang one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from bluecarbon_map.files import data_folder
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.store.folder import FolderStore

WORKSPACE_VARIABLE: Final = "BLUECARBON_WORKSPACE"


def workspace_folder(asked: str | Path | None = None) -> Path:
    """Folder of the workspace: the one asked for, else ``BLUECARBON_WORKSPACE``, else ours."""
    chosen = asked or os.environ.get(WORKSPACE_VARIABLE)
    return Path(chosen) if chosen else data_folder() / "zhejiang"


def open_workspace(asked: str | Path | None = None) -> Workspace:
    """Open a workspace for reading.

    Args:
        asked: Its folder; None for the one named in ``BLUECARBON_WORKSPACE`` or the embedded one.

    Raises:
        NotFoundError: If the folder holds no workspace.
    """
    return FolderStore(workspace_folder(asked))
