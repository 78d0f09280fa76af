"""Tiles of a survey too large to be drawn from memory, from what `building.build` made of it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from bluecarbon_map.tiles import masks
from bluecarbon_map.tiles.archive import Archive
from bluecarbon_map.tiles.building import MASKS, VECTOR, Near, around
from bluecarbon_map.tiles.habitats import HabitatLayer, empty_tile
from bluecarbon_map.tiles.mercator import TILE_PX, Tile

_MARGIN: Final = 12 / TILE_PX
"""Read beyond a tile, for strokes that reach into it."""


class PatchTiles:
    """Draws as `HabitatLayer` does: from masks far out, patch by patch near by.

    Safe to draw from several threads.
    """

    def __init__(self, folder: Path, near: Near) -> None:
        """Open what was built.

        Args:
            folder: Where its archives lie; none where the survey has no patch.
            near: Reads patches.

        Raises:
            OSError: If an archive cannot be read.
            ValueError: If it is none.
        """
        self._masks = _archive(folder / MASKS)
        self._vector = _archive(folder / VECTOR)
        self._near = near

    def draw(
        self, tile: Tile, ecosystems: Collection[str] | None = None, *, demonstration: bool = True
    ) -> bytes:
        """One tile as a PNG file with a transparent ground.

        Args:
            tile: Which one.
            ecosystems: Keys of the ecosystems to draw; None for all.
            demonstration: Whether demonstration patches are drawn.
        """
        if tile.z > masks.DEEPEST:
            layer = HabitatLayer(self._near(around(tile, _MARGIN)))
            return layer.draw(tile, ecosystems, demonstration=demonstration)
        kept = self._masks.get(tile) if self._masks is not None else None
        if kept is None:
            return empty_tile()
        opened = masks.Packed.of(kept)
        drawn = masks.drawn(opened, tile, ecosystems, demonstration=demonstration)
        return empty_tile() if drawn is None else drawn

    def vector(self, tile: Tile) -> bytes:
        """A vector tile, compressed with gzip; empty where nothing is on it."""
        kept = self._vector.get(tile) if self._vector is not None else None
        return kept or b""


def _archive(path: Path) -> Archive | None:
    return Archive(path) if path.is_file() else None
