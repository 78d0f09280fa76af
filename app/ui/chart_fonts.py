"""A font with Chinese letters for pictures of charts, also where the system has none.

Pictures are drawn by a library that reads TrueType fonts only; the font that comes with the
dashboard is a WOFF2 file for browsers. It is unpacked here, once, when the system's own fonts draw
every Chinese letter as the same box. Layout of the file: W3C, WOFF File Format 2.0, sections 4–5.
"""

from __future__ import annotations

import atexit
import shutil
import struct
import tempfile
from pathlib import Path
from typing import Final

import pyarrow as pa
import vl_convert

from ui.keeping import shared

_HEADER: Final = struct.Struct(">4s4sIHHIIHHIIIII")
_TAGS: Final = (
    "cmap head hhea hmtx maxp name OS/2 post cvt_ fpgm glyf loca prep CFF_ VORG EBDT EBLC gasp "
    "hdmx kern LTSH PCLT VDMX vhea vmtx BASE GDEF GPOS GSUB EBSC JSTF MATH CBDT CBLC COLR CPAL "
    "SVG_ sbix acnt avar bdat bloc bsln cvar fdsc feat fmtx fvar gvar hsty just lcar mort morx "
    "opbd prop trak Zapf Silf Glat Gloc Feat Sill"
).replace("_", " ")
_LETTERS: Final = ("盐", "藻")


@shared(most=1)
def ready(font: Path) -> None:
    """See to it that Chinese is drawn as letters.

    Args:
        font: WOFF2 file to fall back on.
    """
    if draws_letters():
        return
    folder = Path(tempfile.mkdtemp(prefix="bluecarbon-font-"))
    (folder / f"{font.stem}.ttf").write_bytes(unpacked(font.read_bytes()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    vl_convert.register_font_directory(str(folder))


def draws_letters() -> bool:
    """Whether two letters look different; where no font has them both are the same box."""
    drawn = {
        bytes(vl_convert.svg_to_png(
            '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
            f'<text x="4" y="30" font-size="24" font-family="sans-serif">{letter}</text></svg>'
        ))
        for letter in _LETTERS
    }  # fmt: skip
    return len(drawn) == len(_LETTERS)


def unpacked(packed: bytes) -> bytes:
    """A TrueType font out of its WOFF2 file.

    Raises:
        ValueError: If it is no WOFF2 file, or is packed in a way that the vendored font is not.
    """
    signature, flavour, _, count, _, _, size, *_ = _HEADER.unpack_from(packed)
    if signature != b"wOF2":
        raise ValueError("this is no WOFF2 file")
    listed, at = _directory(packed, count)
    length = sum(length for _, _, length in listed)
    whole = pa.Codec("brotli").decompress(packed[at : at + size], length, asbytes=True)
    tables, start = {}, 0
    for tag, _, length in listed:
        tables[tag] = whole[start : start + length]
        start += length
    if (b"glyf", 0) in {(tag, kind) for tag, kind, _ in listed}:
        tables[b"glyf"], tables[b"loca"] = _Glyphs(tables[b"glyf"]).rebuilt()
    return _assembled(flavour, tables)


def _directory(packed: bytes, count: int) -> tuple[list[tuple[bytes, int, int]], int]:
    """Tag, kind of packing and packed length of each table, and where the data begin."""
    tags = [_TAGS[at : at + 4].encode() for at in range(0, len(_TAGS), 5)]
    listed, at = [], _HEADER.size
    for _ in range(count):
        flags, at = packed[at], at + 1
        if flags & 63 == 63:
            tag, at = packed[at : at + 4], at + 4
        else:
            tag = tags[flags & 63]
        length, at = _base128(packed, at)
        outlines = tag in (b"glyf", b"loca")
        if (flags >> 6 == 0) == outlines:
            length, at = _base128(packed, at)
            if not outlines:
                raise ValueError(f"table {tag!r} is packed in a way that is not read here")
        listed.append((tag, flags >> 6, length))
    return listed, at


def _base128(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    while True:
        value, at, more = value << 7 | data[at] & 127, at + 1, data[at] & 128
        if not more:
            return value, at


class _Stream:
    """Reads one stream of the packed outlines."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, length: int) -> bytes:
        self.at += length
        return self.data[self.at - length : self.at]

    def u16(self) -> int:
        return int.from_bytes(self.take(2), "big")

    def s16(self) -> int:
        return int.from_bytes(self.take(2), "big", signed=True)

    def short(self) -> int:
        """255UInt16 of the specification."""
        code = self.take(1)[0]
        if code == 253:
            return self.u16()
        if code == 255:
            return 253 + self.take(1)[0]
        return 506 + self.take(1)[0] if code == 254 else code


class _Glyphs:
    """Outlines, from the streams they were sorted into."""

    def __init__(self, table: bytes) -> None:
        _, options, self.count, self.wide = struct.unpack_from(">HHHH", table)
        sizes = struct.unpack_from(">7I", table, 8)
        at, parts = 36, []
        for size in sizes:
            parts.append(_Stream(table[at : at + size]))
            at += size
        if options & 1:
            raise ValueError("overlapping outlines are not read here")
        (self.contours, self.points, self.flags, self.shapes, self.composites, self.boxes,
         self.code) = parts  # fmt: skip
        self.boxed = self.boxes.take(4 * ((self.count + 31) >> 5))

    def rebuilt(self) -> tuple[bytes, bytes]:
        """Tables ``glyf`` and ``loca``."""
        outlines, starts = bytearray(), [0]
        for glyph in range(self.count):
            outlines += self._outline(glyph)
            outlines += bytes(-len(outlines) % 4)
            starts.append(len(outlines))
        if self.wide:
            return bytes(outlines), struct.pack(f">{len(starts)}I", *starts)
        return bytes(outlines), struct.pack(f">{len(starts)}H", *(one // 2 for one in starts))

    def _outline(self, glyph: int) -> bytes:
        contours = self.contours.s16()
        has_box = bool(self.boxed[glyph >> 3] & 0x80 >> (glyph & 7))
        if contours == 0:
            return b""
        if contours < 0:
            return struct.pack(">h", -1) + self.boxes.take(8) + self._composite()
        ends, last = [], -1
        for _ in range(contours):
            last += self.points.short()
            ends.append(last)
        path = [self._step() for _ in range(last + 1)]
        code = self.code.take(self.shapes.short())
        box = self.boxes.take(8) if has_box else _box(path)
        head = struct.pack(f">h8s{contours}HH", contours, box, *ends, len(code))
        return head + code + _path(path)

    def _composite(self) -> bytes:
        start, more, has_code = self.composites.at, True, False
        while more:
            flags = self.composites.u16()
            more, has_code = bool(flags & 0x20), has_code or bool(flags & 0x100)
            scale = 2 if flags & 8 else 4 if flags & 0x40 else 8 if flags & 0x80 else 0
            self.composites.take(2 + (4 if flags & 1 else 2) + scale)
        found = self.composites.data[start : self.composites.at]
        if not has_code:
            return found
        code = self.code.take(self.shapes.short())
        return found + struct.pack(">H", len(code)) + code

    def _step(self) -> tuple[int, int, int]:
        """Move to the next point, and whether it lies on the curve (table in section 5.2)."""
        flag = self.flags.take(1)[0]
        on, flag = 1 - (flag >> 7), flag & 127
        if flag < 10:
            return 0, _signed(flag, ((flag & 14) << 7) + self.shapes.take(1)[0]), on
        if flag < 20:
            flag -= 10
            return _signed(flag, ((flag & 14) << 7) + self.shapes.take(1)[0]), 0, on
        if flag < 84:
            flag -= 20
            low = self.shapes.take(1)[0]
            x, y = 1 + (flag & 0x30) + (low >> 4), 1 + ((flag & 0x0C) << 2) + (low & 15)
        elif flag < 120:
            flag -= 84
            low, high = self.shapes.take(2)
            x, y = 1 + (flag // 12 << 8) + low, 1 + (flag % 12 >> 2 << 8) + high
        elif flag < 124:
            first, second, third = self.shapes.take(3)
            x, y = (first << 4) + (second >> 4), ((second & 15) << 8) + third
        else:
            x, y = self.shapes.u16(), self.shapes.u16()
        return _signed(flag, x), _signed(flag >> 1, y), on


def _signed(flag: int, size: int) -> int:
    return size if flag & 1 else -size


def _box(path: list[tuple[int, int, int]]) -> bytes:
    x = y = 0
    across, up = [], []
    for right, rise, _ in path:
        x, y = x + right, y + rise
        across.append(x)
        up.append(y)
    return struct.pack(">4h", min(across), min(up), max(across), max(up))


def _path(path: list[tuple[int, int, int]]) -> bytes:
    """Points as TrueType keeps them: flags, then steps; all steps as two bytes each."""
    flags = bytes(on for _, _, on in path)
    across, up = ([step[side] for step in path] for side in (0, 1))
    return flags + struct.pack(f">{len(path)}h", *across) + struct.pack(f">{len(path)}h", *up)


def _assembled(flavour: bytes, tables: dict[bytes, bytes]) -> bytes:
    """A font file of tables, each on a multiple of four, with their sums."""
    count = len(tables)
    power = count.bit_length() - 1
    at, entries, body = 12 + 16 * count, [], bytearray()
    for tag in sorted(tables):
        data = tables[tag] + bytes(-len(tables[tag]) % 4)
        total = sum(struct.unpack(f">{len(data) // 4}I", data)) & 0xFFFFFFFF
        entries.append(struct.pack(">4sIII", tag, total, at + len(body), len(tables[tag])))
        body += data
    head = struct.pack(">4sHHHH", flavour, count, 16 << power, power, 16 * (count - (1 << power)))
    return head + b"".join(entries) + bytes(body)
