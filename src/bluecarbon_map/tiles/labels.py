"""Names on the base map: placed once a zoom for the whole map, so that tiles agree."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import ImageDraw, ImageFont

from bluecarbon_map.tables import Level
from bluecarbon_map.tiles.mercator import TILE_PX, Tile, to_world

_HALO: Final = "#F9F7F2"
_GAP_PX: Final = 6.0


@dataclass(frozen=True, slots=True)
class Label:
    """A name at a place.

    Attributes:
        place: Longitude and latitude, in degrees.
        name_zh: Chinese name.
        name_en: English name.
        level: Level of the zone it names; province for land around the zones.
    """

    place: tuple[float, float]
    name_zh: str
    name_en: str
    level: Level


@dataclass(frozen=True, slots=True)
class _Look:
    size_px: int
    ink: str
    from_zoom: int
    to_zoom: int


_LOOKS: Final[dict[Level, _Look]] = {
    Level.CITY: _Look(14, "#4A5560", 7, 10),
    Level.PROVINCE: _Look(14, "#A3ABB2", 6, 9),
    Level.COUNTY: _Look(12, "#6B7480", 9, 18),
}

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Placed:
    text: str
    look: _Look
    box: Box


def _apart(box: Box, others: list[_Placed]) -> bool:
    left, top, right, bottom = box
    return all(
        right + _GAP_PX < other.box[0]
        or other.box[2] + _GAP_PX < left
        or bottom + _GAP_PX < other.box[1]
        or other.box[3] + _GAP_PX < top
        for other in others
    )


class Labels:
    """Draws names; safe to use from several threads."""

    def __init__(self, labels: list[Label], font: Path, *, within: Box | None = None) -> None:
        """Take what is written.

        Args:
            labels: Names, the more important first.
            font: Font file to write them in.
            within: Left, top, right, bottom in world pixels; no name reaches out of it.
        """
        self._labels = labels
        self._within = within
        self._world = to_world(np.array([label.place for label in labels]).reshape(-1, 2))
        self._fonts = {
            size_px: ImageFont.truetype(str(font), size_px)
            for size_px in {look.size_px for look in _LOOKS.values()}
        }
        self._placed: dict[tuple[int, str], list[_Placed]] = {}
        self._lock = threading.Lock()

    def draw(self, pen: ImageDraw.ImageDraw, tile: Tile, language: str) -> None:
        """Write the names that reach into a tile."""
        left, top = tile.x * TILE_PX, tile.y * TILE_PX
        with self._lock:
            # FreeType faces are not to be shared between threads while they draw.
            for placed in self._at(tile.z, language):
                box = placed.box
                if left - 4 < box[2] and box[0] < left + TILE_PX + 4:
                    self._write(pen, placed, left, top)

    def _write(self, pen: ImageDraw.ImageDraw, placed: _Placed, left: int, top: int) -> None:
        x, y = placed.box[0] - left, placed.box[1] - top
        if y > TILE_PX + 4 or placed.box[3] - top < -4:
            return
        pen.text(
            (round(x), round(y)),
            placed.text,
            fill=placed.look.ink,
            font=self._fonts[placed.look.size_px],
            anchor="lt",
            stroke_width=2,
            stroke_fill=_HALO,
        )

    def _at(self, zoom: int, language: str) -> list[_Placed]:
        key = (zoom, language)
        if key not in self._placed:
            self._placed[key] = self._place_all(zoom, language)
        return self._placed[key]

    def _place_all(self, zoom: int, language: str) -> list[_Placed]:
        """The names that have room at a zoom; the first comes first."""
        placed: list[_Placed] = []
        for label, world in zip(self._labels, self._world, strict=True):
            look = _LOOKS[label.level]
            if not look.from_zoom <= zoom <= look.to_zoom:
                continue
            text = label.name_en if language == "en" else label.name_zh
            box = self._box(text, look, world[0] * 2**zoom, world[1] * 2**zoom)
            if self._is_within(box, zoom) and _apart(box, placed):
                placed.append(_Placed(text, look, box))
        return placed

    def _is_within(self, box: Box, zoom: int) -> bool:
        if self._within is None:
            return True
        left, top, right, bottom = (edge * float(2**zoom) for edge in self._within)
        return box[0] > left and box[1] > top and box[2] < right and box[3] < bottom

    def _box(self, text: str, look: _Look, x: float, y: float) -> Box:
        _, _, width, height = self._fonts[look.size_px].getbbox(text, anchor="lt")
        return x - width / 2, y - height / 2, x + width / 2, y + height / 2
