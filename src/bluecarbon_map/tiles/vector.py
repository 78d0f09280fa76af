"""Patches as vector tiles: Mapbox Vector Tile 2.1, one layer, nothing left out.

Every patch that meets a tile is in it, however small: an outline that rounding would fold away is
widened until it stays. Colours are the reader's: a feature carries numbers only.

Properties of a feature:

- ``e``: place of its ecosystem in `ecosystems.ECOSYSTEMS`;
- ``c``: place of its look in `looks.LOOKS`;
- ``d``: 1 where it is demonstration data, else 0;
- ``n``: its number in the survey, `store.base.Workspace.habitats_within`; also the feature's id.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from bluecarbon_map.tiles.mercator import TILE_PX, GeometryArray, Tile
from bluecarbon_map.tiles.shapes import only_polygons

LAYER: Final = "patches"
ZOOMS: Final = range(12, 14)
"""Zooms there are tiles of; a browser enlarges the last one for more."""
EXTENTS: Final = {12: 4096, 13: 8192}
"""Units along the side of a tile: about 2 m and half a metre on the ground at 30° N."""
MARGIN: Final = 1 / 64
"""Of a tile's side, drawn beyond its edge, so that strokes along the cut do not show."""
_TOLERANCE: Final = {12: 1.5, 13: 1.0}
"""By how many units thinning may move an outline: unseen before the next zoom takes over."""
_LEAST: Final = 4
"""Width in units of a patch whose outline would fold away."""
_FIELDS: Final = (b"e", b"c", b"d", b"n")
_NAME: Final = LAYER.encode()

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Features:
    """Patches as a tile tells of them.

    Attributes:
        shapes: Outlines in world pixels (`mercator`).
        ecosystem: Place of the ecosystem in the vocabulary.
        look: Place in `looks.LOOKS`.
        demonstration: 1 for demonstration data, else 0.
        number: Number in the survey.
    """

    shapes: GeometryArray
    ecosystem: Ints
    look: Ints
    demonstration: Ints
    number: Ints

    def __len__(self) -> int:
        return len(self.shapes)

    def taken(self, rows: NDArray[np.intp], shapes: GeometryArray | None = None) -> Features:
        """Some of them, with other outlines where some are given."""
        return Features(
            self.shapes[rows] if shapes is None else shapes,
            self.ecosystem[rows], self.look[rows], self.demonstration[rows], self.number[rows],
        )  # fmt: skip


def cut_to(features: Features, tile: Tile, margin: float = MARGIN) -> Features:
    """What of some patches falls on a tile, cut at its margin.

    Args:
        features: Patches, those on the tile and others.
        tile: The tile.
        margin: Beyond its edge, as a part of its side.
    """
    west, north, east, south = tile.bounds(margin * TILE_PX)
    edges = shapely.bounds(features.shapes).reshape(-1, 4)
    met = (edges[:, 0] <= east) & (edges[:, 2] >= west)
    met &= (edges[:, 1] <= south) & (edges[:, 3] >= north)
    rows = np.flatnonzero(met)
    own, shapes = edges[rows], features.shapes[rows]
    across = (own[:, 0] < west) | (own[:, 2] > east) | (own[:, 1] < north) | (own[:, 3] > south)
    if across.any():
        shapes = shapes.copy()
        shapes[across] = shapely.clip_by_rect(shapes[across], west, north, east, south)
        left = shapely.area(shapes) > 0.0
        rows, shapes = rows[left], shapes[left]
    return features.taken(rows, shapes)


def encode(features: Features, tile: Tile) -> bytes:
    """The tile's bytes, not compressed; none where nothing is on it.

    Args:
        features: What falls on it, as `cut_to` gives it.
        tile: The tile, its zoom one of `ZOOMS`.
    """
    if not len(features):
        return b""
    extent = EXTENTS[tile.z]
    rings = _rings(features.shapes, tile, extent, _TOLERANCE[tile.z])
    commands = _commands(rings, len(features))
    values, tags = _values(features)
    told = [
        b"\x08" + number + b"\x12" + _size(tag) + tag + b"\x18\x03\x22" + _size(drawn) + drawn
        for number, tag, drawn in zip(_each(features.number), tags, commands, strict=True)
    ]  # id, tags, kind (a polygon), outline
    layer = [b"\x78\x02\x0a", _size(_NAME), _NAME]
    layer += [part for one in told for part in (b"\x12", _size(one), one)]
    layer += [b"\x1a\x01" + name for name in _FIELDS]
    layer += [b"\x22" + _varint(len(one) + 1) + b"\x28" + one for one in _each(values)]
    layer += [b"\x28", _varint(extent)]
    content = b"".join(layer)
    return b"\x1a" + _size(content) + content


@dataclass(frozen=True, slots=True)
class _Rings:
    """Rings of all features one after another, without their closing corner.

    Attributes:
        corners: Shape (n, 2), units of the tile.
        start: Where each ring begins among the corners, and behind the last its end.
        feature: Feature of each ring.
    """

    corners: Ints
    start: Ints
    feature: Ints


def _rings(shapes: GeometryArray, tile: Tile, extent: int, tolerance: float) -> _Rings:
    """Outlines in units of the tile, every shape among them."""
    unit = TILE_PX / tile.scale / extent
    thin = shapely.simplify(shapes, tolerance * unit, preserve_topology=False)
    lost = shapely.is_empty(thin) | (shapely.area(thin) <= 0.0)
    rings = _rounded(np.where(lost, shapes, thin), tile, unit)
    folded = np.setdiff1d(np.arange(len(shapes)), rings.feature)
    if not len(folded):
        return rings
    wide = shapely.buffer(shapes[folded], _LEAST / 2 * unit, quad_segs=1, join_style="mitre")
    more = _rounded(wide, tile, unit)
    both = np.concatenate([rings.feature, folded[more.feature]])
    order = np.argsort(both, kind="stable")
    joined = _Rings(
        np.concatenate([rings.corners, more.corners]),
        np.concatenate([rings.start, rings.start[-1] + more.start[1:]]),
        both,
    )
    return _in_order(joined, order)


def _rounded(shapes: GeometryArray, tile: Tile, unit: float) -> _Rings:
    """Outlines on the grid of a tile; what folds away there is left out."""
    polygons, feature = only_polygons(shapes, np.arange(len(shapes)))
    # Outer rings turn clockwise on the screen, where y grows downward: the other way in numbers.
    polygons = shapely.orient_polygons(polygons, exterior_cw=False)
    rings, owner = shapely.get_rings(polygons, return_index=True)
    places, ring = shapely.get_coordinates(rings, return_index=True)
    outer = np.ones(len(rings), dtype=bool)
    outer[1:] = owner[1:] != owner[:-1]
    origin = np.array([tile.x, tile.y], dtype=np.float64) * (TILE_PX / tile.scale)
    corners = np.rint((places - origin) / unit).astype(np.int64)
    return _mended(corners, ring, outer, feature[owner])


def _mended(corners: Ints, ring: Ints, outer: NDArray[np.bool_], feature: Ints) -> _Rings:
    """Without corners that say nothing and rings that have folded away."""
    last = np.append(ring[1:] != ring[:-1], True)  # closes its ring
    same = np.append(False, (corners[1:] == corners[:-1]).all(axis=1) & (ring[1:] == ring[:-1]))
    kept = ~last & ~same
    corners, ring = corners[kept], ring[kept]
    count = np.bincount(ring, minlength=len(outer))
    whole = (count >= 3) & (_twice_area(corners, ring, len(outer)) != 0)
    # A hole without its outer ring would be a patch of its own.
    whole &= whole[np.maximum.accumulate(np.where(outer, np.arange(len(outer)), 0))]
    start = np.concatenate([[0], np.cumsum(count[whole])])
    return _Rings(corners[whole[ring]], start, feature[whole])


def _twice_area(corners: Ints, ring: Ints, rings: int) -> Ints:
    """Twice the area of each ring; 0 for one without a corner."""
    following = np.arange(1, len(corners) + 1)
    end = np.append(ring[1:] != ring[:-1], True) if len(ring) else np.zeros(0, dtype=bool)
    first = np.flatnonzero(np.append(True, end[:-1])) if len(ring) else np.zeros(0, dtype=np.int64)
    following[end] = first
    x, y = corners.T
    made: Ints = np.zeros(rings, dtype=np.int64)
    np.add.at(made, ring, x * y[following] - x[following] * y)
    return made


def _commands(rings: _Rings, features: int) -> list[bytes]:
    """Drawing commands of each feature: from the last corner drawn to the next one."""
    first = rings.start[:-1]
    moved = np.diff(rings.corners, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    begins = first[np.append(True, rings.feature[1:] != rings.feature[:-1])]
    moved[begins] = rings.corners[begins]  # the pen of a feature starts at the tile's corner
    # A ring is: move, first corner, line, the others, close. All as one row of whole numbers.
    words = np.empty(2 * len(moved) + 3 * len(first), dtype=np.int64)
    at = 2 * first + 3 * np.arange(len(first))
    count = np.diff(rings.start)
    is_word = np.zeros(len(words), dtype=bool)
    for offset, word in ((0, 9), (3, ((count - 1) << 3) | 2), (2 * count + 2, 15)):
        words[at + offset] = word
        is_word[at + offset] = True
    words[~is_word] = ((moved << 1) ^ (moved >> 63)).ravel()
    ends = np.concatenate([at, [len(words)]])
    by_feature = np.searchsorted(rings.feature, np.arange(features + 1))
    return _varints(words, ends[by_feature])


def _in_order(rings: _Rings, order: Ints) -> _Rings:
    count = np.diff(rings.start)[order]
    start = np.concatenate([[0], np.cumsum(count)])
    within = np.arange(start[-1]) - np.repeat(start[:-1], count)
    picked = np.repeat(rings.start[:-1][order], count) + within
    return _Rings(rings.corners[picked], start, rings.feature[order])


def _varints(numbers: Ints, cuts: Ints) -> list[bytes]:
    """Numbers of 0 or more as base-128 varints, cut into pieces before the numbers at ``cuts``."""
    lengths = np.ones(len(numbers), dtype=np.int64)
    for bits in range(7, 63, 7):
        lengths += numbers >= (1 << bits)
    ends = np.concatenate([[0], np.cumsum(lengths)])
    made = np.empty(ends[-1], dtype=np.uint8)
    for at in range(int(lengths.max(initial=0))):
        long = lengths > at
        more = np.where(lengths[long] > at + 1, 0x80, 0)
        made[ends[:-1][long] + at] = ((numbers[long] >> (7 * at)) & 0x7F) | more
    whole = made.tobytes()
    places = ends[cuts].tolist()
    return [whole[a:b] for a, b in pairwise(places)]


def _values(features: Features) -> tuple[Ints, list[bytes]]:
    """Values there are, and of each feature the places of its field names and values."""
    told = [features.ecosystem, features.look, features.demonstration, features.number]
    values, place = np.unique(np.concatenate(told), return_inverse=True)
    places = place.reshape(len(told), -1)
    names = np.arange(len(told))[:, None].repeat(len(features), axis=1)
    tags = np.stack([names, places], axis=1).reshape(2 * len(told), -1).T
    cuts = np.arange(len(features) + 1) * 2 * len(told)
    return values, _varints(np.ascontiguousarray(tags).ravel(), cuts)


def _each(numbers: Ints) -> list[bytes]:
    return _varints(numbers, np.arange(len(numbers) + 1))


def _varint(number: int) -> bytes:
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    made.append(number)
    return bytes(made)


_SHORT: Final = [_varint(number) for number in range(1 << 14)]


def _size(content: bytes) -> bytes:
    """Length of what follows."""
    size = len(content)
    return _SHORT[size] if size < len(_SHORT) else _varint(size)
