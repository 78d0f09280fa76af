"""Reads a shapefile: its records are held against each other before GDAL draws the shapes."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path
from typing import Final

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from bluecarbon_map.gate.kinds import Options
from bluecarbon_map.gate.parsed import Parsed
from bluecarbon_map.gate.parsers.dbf import read_dbf, record_count
from bluecarbon_map.gate.parsers.tidy import Notes, without_collections
from bluecarbon_map.gate.refused import RefusedError
from bluecarbon_map.geodesy import GeometryArray

_MARK: Final = b"\x00\x00\x27\x0a"
_HEADER: Final = 100
_RECORD: Final = 8
_MANY: Final = (3, 5, 13, 15, 23, 25)
"""Types with parts and points: lines and polygons, with and without heights and measures."""

_MULTIPOINT: Final = (8, 18, 28)
_POINT: Final = (1, 11, 21)
_NULL: Final = 0
_MOST_PRJ: Final = 20_000
_CONFIDENT: Final = 70


def read_shapefile(path: Path, options: Options) -> Parsed:
    """Read a shapefile whose companions lie beside it under the same stem.

    Raises:
        RefusedError: If it is none, its parts do not fit each other, or no encoding fits.
    """
    notes = Notes()
    raw = path.read_bytes()
    if not raw.startswith(_MARK):
        raise RefusedError("no_shapefile", "the .shp in it is no shapefile", "Export it again")
    starts = _starts(raw)
    table = path.with_suffix(".dbf").read_bytes()
    if record_count(table) != len(starts):
        raise RefusedError(
            "counts",
            f"{len(starts):,} shapes but {record_count(table):,} rows of attributes",
            "Export it again",
        )
    _hold_index(path, raw, starts, notes)
    prj, cpg = _beside(path, ".prj"), _beside(path, ".cpg")
    attributes = read_dbf(table, cpg, options.encoding, notes)
    shapes = _shapes(path, len(starts))
    rows = np.arange(1, len(starts) + 1)[attributes.kept].tolist()
    if len(rows) < len(starts):
        notes.warning(
            "deleted",
            f"{len(starts) - len(rows):,} rows are marked as deleted and were left out",
            "Nothing is to be done; pack the table if you did not expect it",
        )
    return Parsed(
        table=attributes.table[attributes.kept].reset_index(drop=True),
        row_numbers=rows,
        geometry=without_collections(shapes[attributes.kept], rows, options.kind, notes),
        crs=_crs(prj),
        encoding=attributes.encoding.upper(),
        problems=notes.problems(),
        facts={} if prj is None else {"prj": prj},
        full_names=attributes.full_names,
    )


def _starts(raw: bytes) -> list[int]:
    """Where each record begins, walked from the first to the last.

    Raises:
        RefusedError: If a record runs past the end or its counts cannot be.
    """
    starts: list[int] = []
    at = _HEADER
    while at < len(raw):
        if at + _RECORD + 4 > len(raw):
            raise _damaged(len(starts) + 1, "its header breaks off")
        size = int.from_bytes(raw[at + 4 : at + 8], "big") * 2
        content = raw[at + _RECORD : at + _RECORD + size]
        if size < 4 or len(content) < size:
            raise _damaged(len(starts) + 1, "it runs past the end of the file")
        _require_counts(content, len(starts) + 1)
        starts.append(at)
        at += _RECORD + size
    return starts


def _require_counts(content: bytes, row: int) -> None:
    """Refuse a record whose points cannot lie in its bytes."""
    kind = int.from_bytes(content[:4], "little")
    if kind == _NULL:
        return
    if kind in _POINT:
        needed = 20
    elif kind in _MULTIPOINT and len(content) >= 40:
        needed = 40 + 16 * int.from_bytes(content[36:40], "little")
    elif kind in _MANY and len(content) >= 44:
        parts, points = struct.unpack_from("<II", content, 36)
        needed = 44 + 4 * parts + 16 * points
    else:
        raise _damaged(row, f"its type ({kind}) is not read here, or it is too short")
    if needed > len(content):
        raise _damaged(row, "it promises more points than it holds")


def _damaged(row: int, reason: str) -> RefusedError:
    return RefusedError("damaged", f"a shape is damaged: {reason}", "Export it again", row=row)


def _hold_index(path: Path, raw: bytes, starts: list[int], notes: Notes) -> None:
    """Hold the ``.shx`` against the shapes; a missing one is made anew.

    Raises:
        RefusedError: If it points elsewhere.
    """
    index = path.with_suffix(".shx")
    if not index.exists():
        entries = b"".join(struct.pack(">I", at // 2) + raw[at + 4 : at + 8] for at in starts)
        length = struct.pack(">I", (_HEADER + len(entries)) // 2)
        index.write_bytes(raw[:24] + length + raw[28:_HEADER] + entries)
        notes.repair("shx", "the .shx is missing", "It was made anew from the shapes")
        return
    body = index.read_bytes()[_HEADER:]
    offsets = np.frombuffer(body[: len(body) // 8 * 8], dtype=">u4")[::2].astype(np.int64) * 2
    if offsets.tolist() != starts:
        raise RefusedError(
            "damaged", "the .shx points elsewhere than the shapes lie", "Export it again"
        )


def _shapes(path: Path, count: int) -> GeometryArray:
    """Shapes as GDAL draws them, from .shp and .shx alone: only its Shapefile driver takes these.

    They are linked into a folder of their own, where GDAL sees no attributes, code page or
    projection.
    """
    from pyogrio.raw import read

    bare = path.with_suffix(".bare")
    bare.mkdir()
    for suffix in (".shp", ".shx"):
        (bare / f"layer{suffix}").hardlink_to(path.with_suffix(suffix))
    try:
        _, _, blobs, _ = read(bare / "layer.shp", columns=[], read_geometry=True)
    except (RuntimeError, ValueError, OSError) as problem:
        raise RefusedError("damaged", "the shapes cannot be read", "Export it again") from problem
    finally:
        shutil.rmtree(bare)
    if blobs is None or len(blobs) != count:
        raise RefusedError("damaged", "some shapes cannot be read", "Export it again")
    shapes: GeometryArray = shapely.from_wkb(blobs)
    return shapes


def _beside(path: Path, suffix: str) -> str | None:
    """Text of a companion; None where there is none."""
    file = path.with_suffix(suffix)
    if not file.exists():
        return None
    return file.read_bytes()[:_MOST_PRJ].decode("utf-8", "replace").replace("\x00", "").strip()


def _crs(prj: str | None) -> str | None:
    """Coordinate system of a ``.prj``: its EPSG code where it clearly has one, else its words."""
    if not prj:
        return None
    try:
        crs = CRS.from_wkt(prj)
    except CRSError:
        return None
    code = crs.to_epsg(_CONFIDENT)
    return f"EPSG:{code}" if code else crs.to_wkt()
