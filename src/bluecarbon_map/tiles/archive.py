"""Many tiles in one file: PMTiles 3, which a static site can serve as it is."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from pmtiles.tile import (
    Compression,
    Entry,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    tileid_to_zxy,
    zxy_to_tileid,
)
from pmtiles.writer import Writer

from bluecarbon_map.tiles.mercator import Tile

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

_HEAD: Final = 127
_E7: Final = 10_000_000


@contextmanager
def writing(path: Path, box: Box, metadata: dict[str, Any], *, vector: bool) -> Iterator[Writer]:
    """A new archive: tiles are put in one after the other, and the file is whole at the end.

    Args:
        path: Where.
        box: Bounds of what the tiles hold.
        metadata: What the file says of itself.
        vector: Whether its tiles are vector tiles, compressed with gzip; else masks of ours.
    """
    with path.open("wb") as file:
        writer = Writer(file)  # type: ignore[no-untyped-call]
        with closing(writer.tile_f):
            yield writer
            writer.finalize(_head(box, vector=vector), metadata)  # type: ignore[no-untyped-call]


def _head(box: Box, *, vector: bool) -> dict[str, Any]:
    west, south, east, north = (round(edge * _E7) for edge in box)
    return {
        "tile_type": TileType.MVT if vector else TileType.UNKNOWN,
        "tile_compression": Compression.GZIP if vector else Compression.UNKNOWN,
        "min_lon_e7": west, "min_lat_e7": south, "max_lon_e7": east, "max_lat_e7": north,
    }  # fmt: skip


def put(writer: Writer, tile: Tile, content: bytes) -> None:
    """One more tile into a new archive."""
    at = zxy_to_tileid(tile.z, tile.x, tile.y)
    writer.write_tile(at, content)  # type: ignore[no-untyped-call]


class Archive:
    """Reads an archive; where each tile lies is known from the start.

    Safe to read from several threads.
    """

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            OSError: If it is not there.
            ValueError: If it is no archive.
        """
        with path.open("rb") as file:
            self._content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        try:
            self._head = deserialize_header(self._content[:_HEAD])
            self._entries = list(self._all(self._head["root_offset"], self._head["root_length"]))
        except Exception as problem:  # its errors have no common root
            raise ValueError(f"{path.name} is no archive of tiles") from problem

    def _all(self, offset: int, length: int) -> Iterator[Entry]:
        for entry in deserialize_directory(self._content[offset : offset + length]):
            if entry.run_length:
                yield entry
            else:
                leaf = self._head["leaf_directory_offset"] + entry.offset
                yield from self._all(leaf, entry.length)

    def get(self, tile: Tile) -> bytes | None:
        """A tile as it was put in; None where there is none."""
        found = find_tile(self._entries, zxy_to_tileid(tile.z, tile.x, tile.y))
        if found is None:
            return None
        start = self._head["tile_data_offset"] + found.offset
        return self._content[start : start + found.length]

    def tiles(self) -> Iterator[Tile]:
        """Every tile there is."""
        for entry in self._entries:
            for more in range(entry.run_length):
                yield Tile(*tileid_to_zxy(entry.tile_id + more))
