"""Reads GeoJSON, feature by feature, with the standard library and shapely; no GDAL, no link."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from json import JSONDecoder
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.gate.encodings import UnclearEncodingError, decode
from bluecarbon_map.gate.kinds import Options
from bluecarbon_map.gate.parsed import Parsed
from bluecarbon_map.gate.parsers.geojson_shapes import CoordinatesError, Shaper
from bluecarbon_map.gate.parsers.tidy import (
    Columns,
    Notes,
    clean,
    shapes_of,
    without_collections,
)
from bluecarbon_map.gate.refused import RefusedError
from bluecarbon_map.gate.wanted import ID_OF, WANTED, matches
from bluecarbon_map.geodesy import GeometryArray

_BLANK: Final = re.compile(r"[ \t\n\r]*")
_MOST_DEGREES: Final = 360.0
_EXACT_DIGITS: Final = 15
_EXACT: Final = 2**53
"""Whole numbers from here on do not fit a float; they are kept as text."""

_SHAPES: Final = (
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
    "GeometryCollection",
)  # fmt: skip
_CRS84: Final = re.compile(r"(urn:ogc:def:crs:OGC:(1\.3)?:CRS84|OGC:CRS84)")
_EPSG: Final = re.compile(r"(?:urn:ogc:def:crs:EPSG:[\d.]*:|EPSG:)(\d{4,5})")


def read_geojson(path: Path, options: Options) -> Parsed:
    """Read a GeoJSON file.

    Raises:
        RefusedError: If it is no GeoJSON, breaks off, or names a coordinate system by a link.
    """
    text, encoding, notes = _text(path, options.encoding)
    reader = _Reader(notes)
    try:
        reader.read(text)
    except json.JSONDecodeError as problem:
        raise RefusedError(
            "damaged",
            f"the JSON breaks off or is wrong in line {problem.lineno}, column {problem.colno} "
            f"({problem.msg})",
            "Export it again",
        ) from problem
    except RecursionError as problem:
        raise RefusedError(
            "damaged", "the JSON is nested without end", "Export it again"
        ) from problem
    shapes = shapes_of(reader.blobs, reader.rows, notes)
    return Parsed(
        table=_with_ids(reader.columns.table(), reader.ids, options, notes),
        row_numbers=reader.rows,
        geometry=without_collections(shapes, reader.rows, options.kind, notes),
        crs=_crs(reader.members, options, shapes),
        encoding=encoding,
        problems=notes.problems(),
    )


def _text(path: Path, asked: str | None) -> tuple[str, str, Notes]:
    """Text of the file: the encoding asked for, else strict UTF-8, else GB18030, which is said."""
    content, notes = path.read_bytes(), Notes()
    if asked is not None:
        try:
            said = decode(content, asked)
        except UnclearEncodingError as problem:
            raise RefusedError(
                "encoding", problem.reason, "Name its true encoding, or save it as UTF-8"
            ) from problem
        return said.text, said.encoding, notes
    try:
        return content.decode("utf-8-sig"), "UTF-8", notes
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError as problem:
        raise RefusedError(
            "encoding",
            f"the text is not UTF-8 (byte {problem.start})",
            "Save it as UTF-8, or name its encoding",
        ) from problem
    notes.warning(
        "encoding",
        "the text is not UTF-8 as GeoJSON has to be; it was read as GB18030 (GBK)",
        "Check the names in the preview; name the encoding if they are wrong",
    )
    return text, "GB18030", notes


def _with_ids(
    table: pd.DataFrame, ids: Sequence[object], options: Options, notes: Notes
) -> pd.DataFrame:
    """The table with the ids of its features, where no property is the id of the record.

    Ids that repeat name nothing; they are left out, and it is said.
    """
    known = [one for one in ids if one is not None]
    own = ID_OF.get(options.kind)
    if not known or own is None or "id" in table.columns:
        return table
    asked = options.columns.get(own, "id") != "id"
    wanted = next(one for one in WANTED[options.kind] if one.name == own)
    if asked or any(matches(wanted, str(name)) is not None for name in table.columns):
        return table
    if len(set(map(str, known))) < len(known):
        notes.info(
            "feature_ids_repeat",
            "the ids of the features repeat, so they name no record; they were not read",
            "Give each feature its own id, best as a property",
        )
        return table
    return table.assign(id=pd.Series(list(ids), index=table.index, dtype=object))


@dataclass(slots=True)
class _Reader:
    """Walks through the text of a collection, one feature at a time."""

    notes: Notes
    columns: Columns = field(init=False)
    members: dict[str, Any] = field(default_factory=dict)
    blobs: list[bytes | None] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    ids: list[object] = field(default_factory=list)
    _decoder: JSONDecoder = field(init=False)
    _shaper: Shaper = field(init=False)
    _row: int = 1
    _doubled: set[str] = field(default_factory=set)
    _long: bool = False
    _not_json: bool = False

    def __post_init__(self) -> None:
        self.columns = Columns(self.notes)
        self._shaper = Shaper(self.notes)
        self._decoder = JSONDecoder(
            object_pairs_hook=self._object, parse_int=self._whole, parse_constant=self._constant
        )

    def read(self, text: str) -> None:
        """Read it all.

        Raises:
            JSONDecodeError: If it is no JSON.
            RefusedError: If it is no collection of features.
        """
        start = _skip(text, 0)
        if text[start : start + 1] != "{":
            raise _no_collection()
        at, found = start, False
        for key, at in self._keys(text, start):
            if key == "features" and text[at : at + 1] == "[":
                found = True
                self._end = self._features(text, at)
            else:
                self.members[key], self._end = self._decoder.raw_decode(text, at)
        if text[_skip(text, self._end) + 1 :].strip(" \t\n\r"):
            raise json.JSONDecodeError("more after the end", text, self._end)
        if not found:
            self._lone()

    _end: int = 0

    def _keys(self, text: str, at: int) -> Iterator[tuple[str, int]]:
        """Members of the outermost object: name, and where the value begins."""
        self._end = at + 1
        seen: set[str] = set()
        while True:
            at = _skip(text, self._end)
            if text[at : at + 1] == "}":
                self._end = at
                return
            if seen:
                at = _skip(text, _expect(text, at, ","))
            if text[at : at + 1] != '"':
                raise json.JSONDecodeError("a name is missing", text, at)
            key, at = self._decoder.raw_decode(text, at)
            if key in seen:
                raise RefusedError(
                    "duplicate_keys",
                    f"the member {key[:40]!r} stands twice at the top of the file",
                    "Leave one of them out",
                )
            seen.add(key)
            yield key, _skip(text, _expect(text, _skip(text, at), ":"))

    def _features(self, text: str, at: int) -> int:
        at = _skip(text, at + 1)
        if text[at : at + 1] == "]":
            return at + 1
        while True:
            feature, at = self._decoder.raw_decode(text, at)
            self._feature(feature)
            at = _skip(text, at)
            if text[at : at + 1] == "]":
                return at + 1
            at = _skip(text, _expect(text, at, ","))

    def _lone(self) -> None:
        """A file that is one feature, or one geometry."""
        kind = self.members.get("type")
        if kind == "Feature":
            self._feature(self.members)
        elif kind in _SHAPES:
            self._feature({"type": "Feature", "properties": {}, "geometry": self.members})
        else:
            raise _no_collection()

    def _feature(self, feature: object) -> None:
        row = self._row
        if not isinstance(feature, dict) or feature.get("type", "Feature") != "Feature":
            self.notes.error("no_feature", "this is no feature", "Leave it out", row=row)
            feature = {}
        properties = feature.get("properties")
        if properties is not None and not isinstance(properties, dict):
            self.notes.error("no_feature", "its properties are no object", "Leave it out", row=row)
            properties = None
        self._say_of_numbers(row)
        self.columns.add(row, {k: _plain(v) for k, v in (properties or {}).items()})
        self.blobs.append(self._shape(feature.get("geometry"), row))
        self.rows.append(row)
        self.ids.append(self._id(feature.get("id"), row))
        self._row += 1

    def _id(self, said: object, row: int) -> object:
        """The feature's own id (RFC 7946, 3.2): a text or a number; else there is none."""
        if isinstance(said, bool) or not isinstance(said, str | int | float):
            return None
        return clean(said, self.notes, row, "id")

    def _shape(self, geometry: object, row: int) -> bytes | None:
        if geometry is None:
            return None
        try:
            return self._shaper.wkb(geometry, row)
        except CoordinatesError as problem:
            self.notes.error("coordinates", str(problem), "Repair or leave out this row", row=row)
            return None

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            names = [name for name, _ in pairs]
            self._doubled |= {name for name in made if names.count(name) > 1}
        return made

    def _whole(self, digits: str) -> int | str:
        """A whole number; one that a float cannot hold stays the text it is."""
        if len(digits) <= _EXACT_DIGITS:
            return int(digits)
        self._long |= len(digits) > _EXACT_DIGITS + 2 or abs(int(digits)) >= _EXACT
        return (
            digits if len(digits) > _EXACT_DIGITS + 2 or abs(int(digits)) >= _EXACT else int(digits)
        )

    def _constant(self, word: str) -> float:
        self._not_json = True
        return float(word)

    def _say_of_numbers(self, row: int) -> None:
        """Say what the hooks met in this feature."""
        for name in sorted(self._doubled):
            self.notes.warning(
                "duplicate_keys",
                f"the property {name[:40]!r} stands twice in one feature; the last value was read",
                "Leave one of them out",
                row=row,
                column=name[:200].encode("utf-8", "replace").decode(),
            )
        if self._long:
            self.notes.warning(
                "big_integer",
                "a whole number beyond 2^53, which most programs round; it is kept as text",
                "Write serials and ids as text",
                row=row,
            )
        if self._not_json:
            self.notes.warning(
                "not_json",
                "NaN or Infinity, which JSON does not know; it is read as no value",
                "Write null where there is no value",
                row=row,
            )
        self._doubled, self._long, self._not_json = set(), False, False


def _plain(value: object) -> object:
    """A property as a cell: what is nested becomes JSON text."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _expect(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise json.JSONDecodeError(f"a {sign!r} is missing", text, at)
    return at + 1


def _no_collection() -> RefusedError:
    return RefusedError(
        "no_collection",
        "this is JSON, but no GeoJSON collection of features",
        "Export it as GeoJSON (RFC 7946)",
    )


def _are_metres(shapes: GeometryArray) -> bool:
    """Whether most rows lie where no degrees do."""
    there = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    if not len(there):
        return False
    return bool(np.mean(np.abs(shapely.bounds(there)).max(axis=1) > _MOST_DEGREES) >= 0.5)


def _crs(members: dict[str, Any], options: Options, shapes: GeometryArray) -> str | None:
    """Coordinate system: the standard's own, or the EPSG code an older file names.

    None where the file names none and its numbers cannot be the standard's degrees.

    Raises:
        RefusedError: If it is named by a link or by words that are no EPSG code.
    """
    if "crs" not in members:
        return options.crs or (None if _are_metres(shapes) else "EPSG:4326")
    member = members["crs"]
    if member is None:
        return None
    properties = member.get("properties") if isinstance(member, dict) else None
    said = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if _CRS84.fullmatch(said):
        return "EPSG:4326"
    if code := _EPSG.fullmatch(said):
        return f"EPSG:{code[1]}"
    raise RefusedError(
        "crs_unknown",
        "its crs member names no EPSG code (links are never followed)",
        "Export it as WGS 84 (RFC 7946), or with a crs such as urn:ogc:def:crs:EPSG::4490",
    )
