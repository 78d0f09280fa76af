"""Addresses of the files under ``app/static`` that our pages and maps ask for."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st

_STATIC: Final = Path(__file__).resolve().parents[1] / "static"


def prefix() -> str:
    """What stands before every path where the dashboard does not lie at the root."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


@cache
def _version(file: str) -> str:
    """A word that changes with the file: browsers keep what is served as static."""
    return hashlib.sha256((_STATIC / file).read_bytes()).hexdigest()[:12]


def address(file: str) -> str:
    """Where a file is served; ours under the version of their content, others never change."""
    path = f"{prefix()}/app/static/{file}"
    return path if file.startswith("vendor/") else f"{path}?v={_version(file)}"
