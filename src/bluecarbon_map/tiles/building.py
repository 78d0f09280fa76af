"""Make the tiles of a survey once: masks for the zooms far out, vector tiles for those near by."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
from pmtiles.writer import Writer

from bluecarbon_map.tiles import archive, masks, vector
from bluecarbon_map.tiles.looks import ECOSYSTEM_AT, LOOKS, PLAIN, demonstration_of, looks_of
from bluecarbon_map.tiles.mercator import TILE_PX, Tile, shapes_to_world, to_degrees, to_world
from bluecarbon_map.tiles.vector import Features
from bluecarbon_map.units import FloatArray

FORMAT: Final = 2
"""Another number whenever the code makes other tiles of the same patches; see `kind`."""
MASKS: Final = "masks.pmtiles"
VECTOR: Final = "patches.pmtiles"

_READ_AT_ONCE: Final = 20_000
"""So many patches, about, are in memory together."""
_FIRST_ZOOM: Final = 6
"""Patches are read tile by tile of this zoom or, where they are many, of a deeper one."""

Near = Callable[[archive.Box], gpd.GeoDataFrame]
"""Patches whose bounds meet a box, as `store.base.Workspace.habitats_within` gives them."""


class CancelledError(Exception):
    """Whoever asked for tiles does not want them any more."""


@dataclass(frozen=True, slots=True)
class Built:
    """What was made.

    Attributes:
        patches: Patches of the survey.
        vector_tiles: Vector tiles.
        mask_tiles: Masks.
    """

    patches: int
    vector_tiles: int
    mask_tiles: int


def kind() -> str:
    """Short hash over all but the patches that tiles depend on: the code's and the vocabulary's.

    Tiles hold places in the vocabulary, so that those made with another one say other things.
    """
    said = (FORMAT, list(ECOSYSTEM_AT), LOOKS, masks.BITS, sorted(PLAIN))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:8]


def features_of(habitats: gpd.GeoDataFrame) -> Features:
    """Patches, contract `tables.Habitats`, as tiles tell of them; their index is their number."""
    places = habitats["ecosystem"].map(ECOSYSTEM_AT)
    return Features(
        shapes=shapes_to_world(habitats.geometry.to_numpy()),
        ecosystem=places.to_numpy(dtype=np.int64),
        look=looks_of(habitats),
        demonstration=demonstration_of(habitats).astype(np.int64),
        number=habitats.index.to_numpy(dtype=np.int64),
    )


def build(
    boxes: FloatArray,
    near: Near,
    folder: Path,
    *,
    progress: Callable[[float], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Built:
    """Write the archives of a survey into a folder.

    Args:
        boxes: West, south, east, north of every patch in degrees, shape (n, 4), any order.
        near: Reads patches.
        folder: An empty folder.
        progress: Told the part that is done, growing to 1.
        cancelled: Asked now and then whether to stop.

    Raises:
        CancelledError: If ``cancelled`` said so.
    """
    if not len(boxes):
        progress(1.0)
        return Built(0, 0, 0)
    west, south = boxes[:, :2].min(axis=0).tolist()
    east, north = boxes[:, 2:].max(axis=0).tolist()
    box = (west, south, east, north)
    with ExitStack() as stack:
        lines = stack.enter_context(archive.writing(folder / VECTOR, box, _said(), vector=True))
        deepest = _Deepest(lines)
        for done, tile in _portions(boxes):
            if cancelled():
                raise CancelledError
            deepest.add(near(around(tile)), tile)
            progress(0.95 * done)
        made = stack.enter_context(archive.writing(folder / MASKS, box, {}, vector=False))
        count = _stack(deepest.masks, made)
    progress(1.0)
    return Built(len(boxes), deepest.vector_tiles, count)


def vector_tile(near: Near, tile: Tile) -> bytes:
    """A vector tile made on the spot, compressed with gzip; empty where nothing is on it."""
    features = features_of(near(around(tile, vector.MARGIN)))
    content = vector.encode(vector.cut_to(features, tile), tile)
    return _zipped(content) if content else b""


def around(tile: Tile, margin: float = 2 * vector.MARGIN) -> archive.Box:
    """West, south, east, north of a tile in degrees, wider by a part of its side."""
    west, north, east, south = tile.bounds(margin * TILE_PX)
    (w, n), (e, s) = to_degrees(np.array([[west, north], [east, south]])).tolist()
    return w, s, e, n


def _portions(boxes: FloatArray) -> Iterator[tuple[float, Tile]]:
    """Tiles with not too many patches each, that together hold all; the part done after each."""
    corners = to_world(boxes.reshape(-1, 2)).reshape(-1, 4)
    west, south, east, north = corners.T
    edges = np.column_stack([west, north, east, south])  # y grows southward here
    waiting = [(Tile(0, 0, 0), np.arange(len(boxes)))]
    done = 0.0
    while waiting:
        tile, own = waiting.pop()
        many = len(own) > _READ_AT_ONCE or tile.z < _FIRST_ZOOM
        if many and tile.z < vector.ZOOMS.start:
            waiting += [(below, meets) for below in _below(tile)
                        if len(meets := own[_meet(edges[own], below)])]  # fmt: skip
            continue
        middle = (edges[own, :2] + edges[own, 2:]) / 2.0
        left, top, right, bottom = tile.bounds()
        inside = (middle[:, 0] >= left) & (middle[:, 0] < right)
        done += float((inside & (middle[:, 1] >= top) & (middle[:, 1] < bottom)).sum())
        yield done / len(boxes), tile


def _below(tile: Tile) -> list[Tile]:
    return [
        Tile(tile.z + 1, 2 * tile.x + column, 2 * tile.y + row)
        for row in (0, 1)
        for column in (0, 1)
    ]


def _meet(edges: FloatArray, tile: Tile) -> Any:  # noqa: ANN401 (a mask)
    west, north, east, south = tile.bounds(2 * vector.MARGIN * TILE_PX)
    apart = (edges[:, 0] > east) | (edges[:, 2] < west)
    return ~(apart | (edges[:, 1] > south) | (edges[:, 3] < north))


class _Deepest:
    """Takes patches portion by portion: writes their vector tiles, keeps their deepest masks."""

    def __init__(self, lines: Writer) -> None:
        self._lines = lines
        self.masks: _Level = {}
        self.vector_tiles = 0

    def add(self, habitats: gpd.GeoDataFrame, tile: Tile) -> None:
        """All that falls on a tile of the first vector zoom or farther out."""
        if not len(habitats):
            return
        self._go_down(vector.cut_to(features_of(habitats), tile, 2 * vector.MARGIN), tile)

    def _go_down(self, features: Features, tile: Tile) -> None:
        if not len(features):
            return
        if tile.z in vector.ZOOMS:
            self._draw(vector.cut_to(features, tile), tile)
        if tile.z < masks.DEEPEST:
            # Cut at every zoom on the way, so that no large outline is looked at for each tile.
            for below in _below(tile):
                self._go_down(vector.cut_to(features, below, 2 * vector.MARGIN), below)
            return
        mask = masks.burnt(features, tile)
        if mask.any():
            self.masks[tile] = _Held.of(mask)

    def _draw(self, features: Features, tile: Tile) -> None:
        if len(features):
            archive.put(self._lines, tile, _zipped(vector.encode(features, tile)))
            self.vector_tiles += 1


@dataclass(frozen=True, slots=True)
class _Held:
    """A mask that waits for its neighbours and for the zoom above it."""

    content: bytes
    edges: masks.Edges

    @classmethod
    def of(cls, mask: masks.Mask) -> _Held:
        return cls(masks.packed(mask), masks.Edges.of(mask))

    def mask(self) -> masks.Mask:
        return masks.Packed.of(self.content).whole()


_Level = dict[Tile, _Held]


def _stack(deepest: _Level, made: Writer) -> int:
    """Write the masks of every zoom, from the deepest up; how many."""
    level, count = deepest, 0
    while level:
        for tile, held in level.items():
            wide = masks.widened(held.mask(), _beside(level, tile))
            archive.put(made, tile, masks.packed(wide))
        count += len(level)
        level = _halved(level)
    return count


def _beside(level: _Level, tile: Tile) -> Callable[[int, int], masks.Edges | None]:
    side = 2**tile.z

    def beside(column: int, row: int) -> masks.Edges | None:
        x, y = tile.x + column, tile.y + row
        there = 0 <= x < side and 0 <= y < side
        held = level.get(Tile(tile.z, x, y)) if there else None
        return None if held is None else held.edges

    return beside


def _halved(level: _Level) -> _Level:
    above: dict[Tile, dict[tuple[int, int], _Held]] = {}
    for tile, held in level.items():
        if tile.z:
            parent = Tile(tile.z - 1, tile.x // 2, tile.y // 2)
            above.setdefault(parent, {})[tile.x % 2, tile.y % 2] = held
    return {
        tile: _Held.of(masks.halved({at: held.mask() for at, held in four.items()}))
        for tile, four in above.items()
    }


def _zipped(content: bytes) -> bytes:
    return gzip.compress(content, 5, mtime=0)


def _said() -> dict[str, Any]:
    """What the vector archive says of itself, as TileJSON asks."""
    fields = dict.fromkeys(("e", "c", "d", "n"), "Number")
    layer = {"id": vector.LAYER, "fields": fields, "minzoom": vector.ZOOMS[0],
             "maxzoom": vector.ZOOMS[-1]}  # fmt: skip
    looks = [{"ecosystem": key, "colour": ink} for key, ink in LOOKS]
    return {"vector_layers": [layer], "looks": looks, "ecosystems": list(ECOSYSTEM_AT)}
