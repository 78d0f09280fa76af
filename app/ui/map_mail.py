"""What a map in the browser sends back beside clicks: a drawing, its view, areas kept there.

Both renderers put here whatever their component gave them; it comes from a browser, so nothing of
it is trusted: geometry is checked by the library, all else is a few letters or four numbers.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

_KEY: Final = "map_mail_"
_LONGEST_ID: Final = 40


@dataclass(frozen=True, slots=True)
class Drawing:
    """A polygon that was drawn.

    Attributes:
        drawing_id: A word that no other drawing has.
        of: Number of the own area that it takes the place of; None for a new one.
        geojson: Its geometry as GeoJSON text, unchecked.
    """

    drawing_id: str
    of: int | None
    geojson: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Areas that the browser kept.

    Attributes:
        kept_id: A word by which the server says that it took them in.
        text: What it kept, as it was given it; unchecked.
    """

    kept_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Mail:
    """The last of everything; each part stays until a newer one comes.

    Attributes:
        drawing: What was drawn last.
        view: What the map shows; told only while numbers follow it.
        kept: Areas that the browser kept.
        refused: Whether the browser could not keep what it was last asked to.
    """

    drawing: Drawing | None = None
    view: Box | None = None
    kept: Kept | None = None
    refused: bool = False


def put(key: str, said: object) -> None:
    """Take in what a map sent in this run.

    Args:
        key: Name of the map on its page.
        said: ``{"drawn": {"id", "of", "geometry"}, "view": [w, s, e, n],
            "kept": {"id", "text"}, "refused": bool}`` or less.
    """
    st.session_state[_KEY + key] = said


def read(key: str) -> Mail:
    """What the map of this name sent; what is not as it should be is left out."""
    said = st.session_state.get(_KEY + key)
    if not isinstance(said, dict):
        return Mail()
    return Mail(
        drawing=_drawing(said.get("drawn")),
        view=_box(said.get("view")),
        kept=_kept(said.get("kept")),
        refused=said.get("refused") is True,
    )


def _kept(said: object) -> Kept | None:
    if not isinstance(said, dict):
        return None
    kept_id, text = said.get("id"), said.get("text")
    if not isinstance(kept_id, str) or not isinstance(text, str):
        return None
    return Kept(kept_id[:_LONGEST_ID], text)


def _drawing(said: object) -> Drawing | None:
    if not isinstance(said, dict) or not isinstance(said.get("id"), str):
        return None
    of = said.get("of")
    return Drawing(
        drawing_id=said["id"][:_LONGEST_ID],
        of=of if isinstance(of, int) and not isinstance(of, bool) else None,
        geojson=json.dumps(said.get("geometry")),
    )


def _box(said: Any) -> Box | None:  # noqa: ANN401 (whatever a browser sent)
    if not isinstance(said, list) or len(said) != 4:
        return None
    if not all(isinstance(edge, int | float) and math.isfinite(edge) for edge in said):
        return None
    west, south, east, north = (float(edge) for edge in said)
    west, east = max(west, -180.0), min(east, 180.0)
    south, north = max(south, -90.0), min(north, 90.0)
    return (west, south, east, north) if west < east and south < north else None
