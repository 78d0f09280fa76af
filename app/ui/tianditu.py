"""天地图 as a base map: the one case in which a browser asks another machine.

It is there only where an administrator has set a key, and shown only when a reader switches it on.
Without a key no word of it goes to any browser. Its tiles lie in CGCS2000, as ours do.
"""

from __future__ import annotations

import os
import re
from html import escape
from typing import Any, Final

from bluecarbon_map.dashboard import TIANDITU_KEY_VARIABLE, TIANDITU_REVIEW_VARIABLE
from bluecarbon_map.errors import InputError

LAYER: Final = "tianditu"
_HOSTS: Final = tuple(f"https://t{n}.tianditu.gov.cn" for n in range(8))
_KEY: Final = re.compile(r"[0-9a-fA-F]{32}")
_SHEETS: Final = ("vec", "cva")
"""Ground, and the names on it."""


def key() -> str | None:
    """The key of this server; None where the administrator has set none.

    Raises:
        InputError: If what is set is no key.
    """
    said = os.environ.get(TIANDITU_KEY_VARIABLE, "").strip()
    if not said:
        return None
    if not _KEY.fullmatch(said):
        fix = "Copy the key as the service shows it: 32 signs, 0 to 9 and a to f"
        raise InputError(TIANDITU_KEY_VARIABLE, "it is no key of the service", fix)
    return said


def origins() -> tuple[str, ...]:
    """Machines that the browser may ask; none without a key."""
    return _HOSTS if key() else ()


def review_number() -> str:
    """Review number of that map as the administrator states it; empty where none is stated."""
    return os.environ.get(TIANDITU_REVIEW_VARIABLE, "").strip()


def credit() -> str:
    """Whose map it is, and its review number where one is stated, as plain text."""
    number = review_number()
    return f"天地图 · 审图号：{number}" if number else "天地图"


def tiles() -> list[tuple[str, str, dict[str, Any]]]:
    """Word, address and options of each sheet, from the bottom up; none without a key."""
    found = key()
    if found is None:
        return []
    options = {"subdomains": "01234567", "attribution": escape(credit())}
    return [(f"{LAYER}_{sheet}", _address(sheet, found), options) for sheet in _SHEETS]


def _address(sheet: str, key: str) -> str:
    """Address of a sheet's tiles, with places for host, zoom, row and column."""
    return (
        f"https://t{{s}}.tianditu.gov.cn/{sheet}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
        f"&LAYER={sheet}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}"
        f"&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
    )
