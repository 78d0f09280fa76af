"""Whether this server may write, and the workspace it writes to."""

from __future__ import annotations

import os
from typing import Final, cast

import streamlit as st

from bluecarbon_map.dashboard import EDITOR_VARIABLE
from bluecarbon_map.sample import open_for_writing
from bluecarbon_map.store.base import Register
from ui import cached, rights

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def allowed() -> bool:
    """Whether it was started to edit, answers this machine alone, and may show everything."""
    here = st.get_option("server.address") in _LOOPBACK
    return here and os.environ.get(EDITOR_VARIABLE) == "1" and rights.surveys() is None


def opened() -> Register | None:
    """The workspace shown, where it is one that keeps changes; None for a folder of files."""
    shown = cached.workspace()
    return cast("Register", shown) if hasattr(shown, "apply") else None


def register() -> tuple[Register, str | None]:
    """The workspace to write to, and what to tell of it: the embedded one is copied first.

    Raises:
        ReadOnlyError: If it cannot be written.
    """
    shown = opened()
    if shown is not None:
        return shown, None
    made = open_for_writing()
    cached.look_anew()
    return made
