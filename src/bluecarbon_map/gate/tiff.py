"""The directories of a TIFF file, read byte by byte: what GDAL passes over in silence.

GDAL stops at a chain of directories that bites its tail, and reads blocks that are not in the file
as zeros; both must be known before its pixels are taken for data.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

_MOST_DIRECTORIES: Final = 1_000
_MOST_ENTRIES: Final = 4_096
_MOST_BLOCKS: Final = 10_000_000
_STRIP_OFFSETS, _STRIP_COUNTS, _TILE_OFFSETS, _TILE_COUNTS = 273, 279, 324, 325
_SIZES: Final = {3: "u2", 4: "u4", 16: "u8"}
"""Types a list of blocks may have: 2, 4 or 8 bytes without sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a TIFF file is laid out.

    Attributes:
        loops: Whether its chain of directories comes back to one of them.
        blocks: Blocks of pixels of the first directory.
        empty: How many of these hold nothing at all.
        beyond: How many of these end past the end of the file.
    """

    loops: bool
    blocks: int
    empty: int
    beyond: int


class TiffError(ValueError):
    """A file that is no TIFF, or one whose directories cannot be read."""


def layout(path: Path) -> Layout:
    """The layout of a TIFF or BigTIFF file.

    Raises:
        TiffError: If its directories cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        reader = _Reader(file)
        first, loops = None, False
        seen: set[int] = set()
        for at, entries in reader.directories():
            loops = at in seen
            if loops or len(seen) >= _MOST_DIRECTORIES:
                break
            seen.add(at)
            first = entries if first is None else first
        if first is None:
            raise TiffError("no directory")
        offsets = reader.numbers(first, _TILE_OFFSETS, _STRIP_OFFSETS)
        counts = reader.numbers(first, _TILE_COUNTS, _STRIP_COUNTS)
    if len(offsets) != len(counts):
        raise TiffError("its lists of blocks differ in length")
    held = counts > 0
    beyond = held & (offsets.astype(np.float64) + counts.astype(np.float64) > size)
    return Layout(
        loops=loops,
        blocks=len(counts),
        empty=int((~held | (offsets == 0)).sum()),
        beyond=int(beyond.sum()),
    )


Entries = dict[int, tuple[int, int, bytes]]


class _Reader:
    """Reads the words of one file, whatever its byte order and size of address."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        head = self._bytes(0, 16, short=True)
        self._order = {b"II": "<", b"MM": ">"}.get(head[:2], "")
        kind = struct.unpack(f"{self._order}H", head[2:4])[0] if self._order else 0
        if kind not in (42, 43):
            raise TiffError("no TIFF")
        self._big = kind == 43
        self._address, self._count = ("Q", "Q") if self._big else ("I", "H")
        place = slice(8, 16) if self._big else slice(4, 8)
        self._first = self._unpacked(self._address, head[place])

    def directories(self) -> Iterator[tuple[int, Entries]]:
        """Address and entries of each directory in the chain; endless where it loops."""
        at = self._first
        while at:
            entries, following = self._directory(at)
            yield at, entries
            at = following

    def numbers(self, entries: Entries, *tags: int) -> NDArray[np.uint64]:
        """The list of whole numbers under the first of the tags there is."""
        found = next((entries[tag] for tag in tags if tag in entries), None)
        if found is None:
            raise TiffError("it has no list of blocks")
        kind, count, held = found
        if kind not in _SIZES or count > _MOST_BLOCKS:
            raise TiffError("its list of blocks cannot be read")
        dtype = np.dtype(f"{self._order}{_SIZES[kind]}")
        size = count * dtype.itemsize
        if size > len(held):
            held = self._bytes(self._unpacked(self._address, held), size)
        return np.frombuffer(held[:size], dtype=dtype).astype(np.uint64)

    def _directory(self, at: int) -> tuple[Entries, int]:
        width, word = (20, 8) if self._big else (12, 4)
        lead = struct.calcsize(self._count)
        count = self._unpacked(self._count, self._bytes(at, lead))
        if count > _MOST_ENTRIES:
            raise TiffError("a directory of too many entries")
        body = self._bytes(at + lead, count * width + word)
        entries: Entries = {}
        for start in range(0, count * width, width):
            tag, kind, length = struct.unpack(
                f"{self._order}HH{self._address}", body[start : start + width - word]
            )
            entries[tag] = kind, length, body[start + width - word : start + width]
        return entries, self._unpacked(self._address, body[count * width :])

    def _unpacked(self, form: str, held: bytes) -> int:
        return int(struct.unpack(f"{self._order}{form}", held[: struct.calcsize(form)])[0])

    def _bytes(self, at: int, size: int, *, short: bool = False) -> bytes:
        self._file.seek(at)
        held = self._file.read(size)
        if len(held) < size and not (short and len(held) >= 8):
            raise TiffError("a directory past the end of the file")
        return held
