"""The workspace to work in: the one that was asked for, else one's own copy of the embedded one."""

from __future__ import annotations

import getpass
import os
import tempfile
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from bluecarbon_map.files import data_folder
from bluecarbon_map.store.base import Register, Workspace
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.places import copy_as_sqlite, open_register, open_store

WORKSPACE_VARIABLE: Final = "BLUECARBON_WORKSPACE"

_NAME: Final = "zhejiang"


def embedded_folder() -> Path:
    """Folder of the embedded workspace, for reading only."""
    return data_folder() / _NAME


def own_folder() -> Path:
    """Where one's own copy of the embedded workspace lies, once something was written."""
    return user_data_path("bluecarbon_map", appauthor=False) / _NAME


def workspace_folder(asked: str | Path | None = None) -> Path:
    """Folder of the workspace.

    Args:
        asked: The one asked for; None for the one named in ``BLUECARBON_WORKSPACE``, else one's
            own copy of the embedded one where there is one, else the embedded one.
    """
    chosen = asked or os.environ.get(WORKSPACE_VARIABLE)
    if chosen:
        return Path(chosen)
    own = own_folder()
    return own if own.is_dir() else embedded_folder()


def open_workspace(asked: str | Path | None = None) -> Workspace:
    """Open a workspace for reading.

    Args:
        asked: Its folder; None as with `workspace_folder`.

    Raises:
        NotFoundError: If the folder holds no workspace.
        StoreError: If its database cannot be opened.
    """
    return open_store(workspace_folder(asked))


def open_for_writing(asked: str | Path | None = None) -> tuple[Register, str | None]:
    """Open a workspace for writing; the embedded one is copied first.

    Args:
        asked: Its folder; None as with `workspace_folder`.

    Returns:
        The workspace, and what to tell the user where a copy was made for them.

    Raises:
        ReadOnlyError: If it is a folder of files other than the embedded one.
        NotFoundError: If the folder holds no workspace.
    """
    folder = workspace_folder(asked)
    if folder.resolve() != embedded_folder().resolve():
        return open_register(folder), None
    own = own_folder()
    if own.is_dir():
        return open_register(own), None
    _copy_embedded(own)
    return open_register(own), (
        f"内置工作区只读，已复制到 {own}，今后默认使用该副本 / "
        f"the embedded workspace is read-only: copied to {own}, the default from now on"
    )


def _copy_embedded(own: Path) -> None:
    """A copy in the user's data folder; nothing is there until all of it is."""
    own.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=own.parent, prefix=f".{_NAME}-") as desk:
        draft = Path(desk) / _NAME
        copy_as_sqlite(FolderStore(embedded_folder()), draft, actor=getpass.getuser())
        try:
            draft.rename(own)
        except OSError:  # somebody else was quicker
            if not own.is_dir():
                raise
