"""Patches as bit masks: for zooms at which a tile holds more patches than can be drawn one by one.

A mask is a grid of half pixels of one tile. Each of its numbers has one bit for each look
(`looks.LOOKS`) of real and of demonstration patches, set where such a patch touches the half pixel.
The next zoom out is four masks laid together bit by bit, so no patch and no look is ever lost, and
what a reader hides is left out when the tile is drawn: no filter needs another mask.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.tiles.canvas import SUPERSAMPLE, png, rgb, shrunk
from bluecarbon_map.tiles.looks import LOOKS, PLAIN, BoolArray, shown_looks
from bluecarbon_map.tiles.mercator import TILE_PX, Tile
from bluecarbon_map.tiles.shapes import only_polygons
from bluecarbon_map.tiles.vector import Features

SIDE: Final = TILE_PX * SUPERSAMPLE
"""Half pixels along the side of a tile."""
DEEPEST: Final = 13
"""Zoom at which patches are put into masks; farther in they are drawn one by one. It is the last
zoom of the vector tiles too."""
OPAQUE: Final = 230
DEMONSTRATION_OPAQUE: Final = 150
_REAL: Final = 1
_STIPPLE_FROM_ZOOM: Final = 10
_STIPPLE_PX: Final = 5 * SUPERSAMPLE

MOST_BITS: Final = 52
"""The highest bit is found by way of float64, which rounds longer numbers."""

Mask = NDArray[np.uint64]
"""Shape (SIDE, SIDE)."""


def _bits() -> tuple[tuple[int, int], ...]:
    """Look and whether it is real, for each bit from the lowest: what is painted first is lowest.

    Of one priority all demonstration lies under all that is real, as `HabitatLayer` paints it.
    """
    kinds = [(at, real) for at in range(len(LOOKS)) for real in (0, _REAL)]
    if len(kinds) > MOST_BITS:
        raise ValueError(f"{len(LOOKS)} looks need {len(kinds)} bits, a mask has {MOST_BITS}")
    return tuple(sorted(kinds, key=lambda k: (-ECOSYSTEMS[LOOKS[k[0]][0]].priority, k[1], k[0])))


BITS: Final = _bits()
_BIT_OF: Final = {kind: at for at, kind in enumerate(BITS)}
_WIDENED: Final = np.uint64(
    sum(1 << at for at, (look, _) in enumerate(BITS) if LOOKS[look][0] not in PLAIN)
)
_DEMONSTRATION: Final = np.uint64(sum(1 << at for at, (_, real) in enumerate(BITS) if not real))


def burnt(features: Features, tile: Tile) -> Mask:
    """The mask of a tile.

    Args:
        features: What falls on it, as `vector.cut_to` gives it.
        tile: The tile.
    """
    mask = np.zeros((SIDE, SIDE), dtype=np.uint64)
    kind = features.look * 2 + (1 - features.demonstration)
    for one in np.unique(kind).tolist():
        bit = np.uint64(1 << _BIT_OF[one // 2, one % 2])
        own = features.shapes[kind == one]
        mask[_touched(own, tile)] |= bit
    return mask


def _touched(shapes: NDArray[np.object_], tile: Tile) -> BoolArray:
    """Half pixels that polygons touch; a polygon with holes is drawn by itself."""
    polygons, _ = only_polygons(shapes, np.arange(len(shapes)))
    rings, owner = shapely.get_rings(polygons, return_index=True)
    places, ring = shapely.get_coordinates(rings, return_index=True)
    origin = np.array([tile.x, tile.y], dtype=np.float64) * TILE_PX
    at = (places * tile.scale - origin) * SUPERSAMPLE
    drawing = Image.new("L", (SIDE, SIDE), 0)
    pen = ImageDraw.Draw(drawing)
    flat = at.ravel().tolist()
    ends = (2 * np.cumsum(np.bincount(ring, minlength=len(rings)))).tolist()
    holed = np.bincount(owner, minlength=len(polygons))[owner] > 1
    start = 0
    for end, apart in zip(ends, holed.tolist(), strict=True):
        if not apart:
            pen.polygon(flat[start:end], fill=255)
        start = end
    touched: BoolArray = np.asarray(drawing) > 0
    touched = touched.copy()
    for polygon in np.unique(owner[holed]).tolist():
        touched |= _with_holes(at, ring, np.flatnonzero(owner == polygon))
    # Whatever the drawing made of it, no patch is lost: its corners count.
    corner = np.floor(at).astype(np.int64)
    inside = ((corner >= 0) & (corner < SIDE)).all(axis=1)
    touched[corner[inside, 1], corner[inside, 0]] = True
    return touched


def _with_holes(
    at: NDArray[np.float64], ring: NDArray[np.int64], rings: Collection[int]
) -> BoolArray:
    drawing = Image.new("L", (SIDE, SIDE), 0)
    pen = ImageDraw.Draw(drawing)
    for n, one in enumerate(rings):
        first, last = np.searchsorted(ring, [one, one + 1])
        pen.polygon(at[first:last].ravel().tolist(), fill=0 if n else 255)
    for one in rings:  # a hole takes its edge along, and with it a ring as thin as a line
        first, last = np.searchsorted(ring, [one, one + 1])
        pen.line(at[first:last].ravel().tolist(), fill=255)
    made: BoolArray = np.asarray(drawing) > 0
    return made


def halved(quarters: dict[tuple[int, int], Mask]) -> Mask:
    """The mask of a tile from those of the four below it.

    Args:
        quarters: Column and row, 0 or 1, of each that holds something.
    """
    mask = np.zeros((SIDE, SIDE), dtype=np.uint64)
    half = SIDE // 2
    for (column, row), below in quarters.items():
        pairs = below[0::2] | below[1::2]
        mask[row * half : (row + 1) * half, column * half : (column + 1) * half] = (
            pairs[:, 0::2] | pairs[:, 1::2]
        )
    return mask


@dataclass(frozen=True, slots=True)
class Edges:
    """The outermost rows and columns of a mask, each of SIDE numbers."""

    top: Mask
    bottom: Mask
    left: Mask
    right: Mask

    @classmethod
    def of(cls, mask: Mask) -> Edges:
        """Those of a mask."""
        return cls(mask[0].copy(), mask[-1].copy(), mask[:, 0].copy(), mask[:, -1].copy())


def widened(mask: Mask, beside: Callable[[int, int], Edges | None]) -> Mask:
    """A mask as it is drawn: grown by a half pixel, to be seen.

    What is plain grows to one side only.

    Args:
        mask: The mask of a tile.
        beside: Edges of the mask so many columns and rows away, -1 to 1; None where there is none.
    """
    wide = np.zeros((SIDE + 2, SIDE + 2), dtype=np.uint64)
    wide[1:-1, 1:-1] = mask
    for (column, row), (there, edge) in _SEAMS.items():
        near = beside(column, row)
        if near is not None:
            wide[there] = edge(near)
    across = wide[:, :-2] | wide[:, 1:-1]
    made: Mask = across[:-2] | across[1:-1]
    across = wide[:, :-2] | wide[:, 1:-1] | wide[:, 2:]
    made |= (across[:-2] | across[1:-1] | across[2:]) & _WIDENED
    return made


_ALONG: Final = slice(1, SIDE + 1)
_SEAMS: Final[dict[tuple[int, int], tuple[Any, Callable[[Edges], Any]]]] = {
    (-1, -1): ((0, 0), lambda near: near.bottom[-1]),
    (0, -1): ((0, _ALONG), lambda near: near.bottom),
    (1, -1): ((0, -1), lambda near: near.bottom[0]),
    (-1, 0): ((_ALONG, 0), lambda near: near.right),
    (1, 0): ((_ALONG, -1), lambda near: near.left),
    (-1, 1): ((-1, 0), lambda near: near.top[-1]),
    (0, 1): ((-1, _ALONG), lambda near: near.top),
    (1, 1): ((-1, -1), lambda near: near.top[0]),
}
"""Neighbour → where it touches the frame around a mask, and which part of it does."""


def packed(mask: Mask) -> bytes:
    """A mask as it is kept: the numbers there are, then the place of each half pixel's number."""
    place, numbers = pd.factorize(mask.ravel())
    small = place.astype(np.uint8 if len(numbers) <= 256 else np.uint32)
    head = np.array([len(numbers)], dtype="<u4").tobytes() + numbers.astype("<u8").tobytes()
    return zlib.compress(head + small.tobytes(), 1)


@dataclass(frozen=True, slots=True)
class Packed:
    """What `packed` made, opened.

    Attributes:
        numbers: Numbers there are in the mask.
        place: Place of each half pixel's number among them, shape (SIDE, SIDE).
    """

    numbers: Mask
    place: NDArray[Any]

    @classmethod
    def of(cls, content: bytes) -> Packed:
        """Open one."""
        whole = zlib.decompress(content)
        count = int.from_bytes(whole[:4], "little")
        start = 4 + 8 * count
        numbers = np.frombuffer(whole, dtype="<u8", count=count, offset=4)
        kind: type[np.unsignedinteger[Any]] = np.uint8 if count <= 256 else np.uint32
        place = np.frombuffer(whole, dtype=kind, offset=start)
        return cls(numbers, place.reshape(SIDE, SIDE))

    def whole(self) -> Mask:
        """The mask itself."""
        made: Mask = self.numbers[self.place]
        return made


def drawn(
    kept: Packed, tile: Tile, ecosystems: Collection[str] | None, *, demonstration: bool
) -> bytes | None:
    """A tile as a PNG file; None where nothing on it is shown.

    Args:
        kept: Its mask.
        tile: Which tile.
        ecosystems: Keys of the ecosystems to draw; None for all.
        demonstration: Whether demonstration patches are drawn.
    """
    wanted = shown_looks(ecosystems)
    bits = sum(1 << at for at, (look, real) in enumerate(BITS)
               if wanted[look] and (demonstration or real))  # fmt: skip
    numbers = kept.numbers & np.uint64(bits)
    if not numbers.any():
        return None
    _, top = np.frexp(numbers.astype(np.float64))  # 0 where no bit is set, else the highest and 1
    inks = _inks()
    pixels = inks[top][kept.place]
    if tile.z >= _STIPPLE_FROM_ZOOM:
        _stipple(pixels, top[kept.place], (numbers & _DEMONSTRATION).astype(bool)[kept.place])
    return png(shrunk(Image.fromarray(pixels)))


def _stipple(pixels: NDArray[np.uint8], top: NDArray[np.int32], demonstration: BoolArray) -> None:
    """Dots along the edges of demonstration patches, where they are on top."""
    if not demonstration.any():
        return
    seen = np.isin(top, _demonstration_tops()) & demonstration
    framed = np.pad(seen, 1, constant_values=True)  # beyond the tile nobody knows
    inner = framed[:-2, 1:-1] & framed[2:, 1:-1] & framed[1:-1, :-2] & framed[1:-1, 2:]
    places = np.arange(SIDE)
    dotted = (places[:, None] + places) % _STIPPLE_PX < SUPERSAMPLE
    dots = np.pad(seen & ~inner & dotted, 1)
    across = dots[:, :-2] | dots[:, 1:-1] | dots[:, 2:]
    rows, columns = np.nonzero((across[:-2] | across[1:-1] | across[2:]) & seen)
    pixels[rows, columns] = _dark_inks()[top[rows, columns]]


@cache
def _inks() -> NDArray[np.uint8]:
    """Colour and strength of each highest bit, counted from 1; clear at 0."""
    made = np.zeros((len(BITS) + 1, 4), dtype=np.uint8)
    for at, (look, real) in enumerate(BITS):
        made[at + 1] = (*rgb(LOOKS[look][1]), OPAQUE if real else DEMONSTRATION_OPAQUE)
    return made


@cache
def _dark_inks() -> NDArray[np.uint8]:
    made = _inks().copy()
    made[:, :3] = (made[:, :3] * 0.62).astype(np.uint8)
    made[1:, 3] = 255
    return made


@cache
def _demonstration_tops() -> NDArray[np.int64]:
    return np.array([at + 1 for at, (_, real) in enumerate(BITS) if not real])
