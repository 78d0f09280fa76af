"""Palettes of raster tiles, and a tile of palette numbers as a file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bluecarbon_map.ecosystems import CLASS_CODES, colour
from bluecarbon_map.tiles.canvas import png, rgb

RAMP: Final = ("#F7F0D2", "#DDE5A2", "#B0D182", "#7AB76A", "#459858", "#187547", "#064F30")
"""From little to much: ever darker, so that it reads in grey and with any kind of sight."""

DIVERGING: Final = (
    "#8C510A", "#CF9C52", "#EBD3A5", "#E4E4E4", "#A8DCD2", "#4FA79E", "#01665E",
)  # fmt: skip
"""From less to more over no difference: brown to teal, told apart with any kind of sight."""

CLEAR: Final = 255
"""Number of the clear entry of every palette."""

Codes = NDArray[np.uint8]


@cache
def class_palette() -> bytes:
    """Colours of the class codes."""
    palette = np.zeros((256, 3), dtype=np.uint8)
    for one, kind in CLASS_CODES.items():
        palette[one] = rgb(colour(*kind))
    return palette.tobytes()


@cache
def ramp_palette(stops: Sequence[str] = RAMP) -> bytes:
    """A ramp in 255 steps, and the clear entry."""
    inks = np.array([rgb(tint) for tint in stops], dtype=np.float64)
    at = np.linspace(0.0, len(stops) - 1.0, CLEAR)
    parts = [np.interp(at, np.arange(len(stops)), inks[:, part]) for part in range(3)]
    tints = np.rint(np.column_stack(parts)).astype(np.uint8)
    return tints.tobytes() + bytes(3)


def as_png(drawn: Codes, palette: bytes) -> bytes:
    """Numbers of palette entries, shape (rows, columns), as a PNG file."""
    image = Image.fromarray(drawn)
    image.putpalette(palette)
    image.info["transparency"] = CLEAR
    return png(image)
