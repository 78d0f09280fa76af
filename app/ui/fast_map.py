"""The fast map: MapLibre GL as a component of the page, fed with the same data as the plain one.

Its script is served as a file and asked for by the browser only where it draws well
(``scripts/fast_map.js``); what goes to and fro in a rerun is the data and the last click.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from bluecarbon_map.tiles import BEYOND
from ui import assets, engine

_SCRIPT: Final = Path(__file__).with_name("scripts") / "fast_map.js"
ASSETS: Final = {
    "fast": "map/fast.js",
    "scripts": (
        "vendor/maplibre/maplibre-gl.js",
        "map/measure.js",
        "map/parts.js",
        "map/fast_layers.js",
        "map/fast_beside.js",
        "map/draw.js",
        "map/fast_draw.js",
    ),
    "styles": ("map/map.css", "map/beside.css", "map/fast.css"),
}
"""Files under ``app/static``."""


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component(
        "bluecarbon_fast_map", js=_SCRIPT.read_text(encoding="utf-8"), isolate_styles=True
    )


def _addresses() -> dict[str, str | list[str]]:
    return {
        kind: assets.address(files)
        if isinstance(files, str)
        else [assets.address(file) for file in files]
        for kind, files in ASSETS.items()
    }


def show(key: str, given: dict[str, Any], *, min_zoom: int) -> Mapping[str, Any]:
    """Draw the map.

    Args:
        key: Its name on the page.
        given: What the plain map is given too, from `maps`.
        min_zoom: Smallest zoom, of tiles of 256 pixels.

    Returns:
        What the browser said last, each None before it said any: ``click`` with ``lng``, ``lat``
        and ``alt``, the zoom; ``mail`` as `map_mail` takes it.
    """
    element = f"{key}_fast_map"

    def complained() -> None:
        engine.note_lack(st.session_state[element].get("unable"))

    said: Mapping[str, Any] = _component()(
        key=element,
        data={
            "given": given,
            "options": {**given["options"], "minZoom": min_zoom, "beyond": BEYOND},
            "must": engine.chosen() == engine.FAST,
            "assets": _addresses(),
        },
        on_click_change=lambda: None,
        on_mail_change=lambda: None,
        on_unable_change=complained,
    )
    return said
