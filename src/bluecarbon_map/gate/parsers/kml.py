"""Reads the placemarks of KML with defusedxml; what points elsewhere is refused."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bluecarbon_map.gate.encodings import KNOWN, UnclearEncodingError, decode
from bluecarbon_map.gate.kinds import Options
from bluecarbon_map.gate.parsed import Parsed
from bluecarbon_map.gate.parsers.geojson_shapes import CoordinatesError, Shaper
from bluecarbon_map.gate.parsers.tidy import Columns, Notes, shapes_of, without_collections
from bluecarbon_map.gate.refused import RefusedError
from bluecarbon_map.gate.wanted import ID_OF, WANTED, matches

_DECLARED: Final = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""")
_UNDECLARED: Final = frozenset({"UTF-8", "UTF-16", "UTF-32", "GB18030"})
"""What a file may be in other than it declares; Western letters would be broken UTF-8."""

_LINKS: Final = ("NetworkLink", "NetworkLinkControl")
_ID: Final = "id"
_OWN: Final = ("name", "description")
"""Values of every placemark, which are no columns of its maker."""

_SHAPES: Final = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry")


def read_kml(path: Path, options: Options) -> Parsed:
    """Read every placemark of a KML file; coordinates are WGS 84 by its standard.

    Raises:
        RefusedError: If it is no XML, declares entities, or links to other data.
    """
    notes = Notes()
    text, encoding = _text(path.read_bytes(), options.encoding, notes)
    try:
        root = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as problem:
        raise RefusedError(
            "damaged", f"the KML cannot be read ({type(problem).__name__})", "Export it again"
        ) from problem
    if any(_tag(one) in _LINKS for one in root.iter()):
        raise RefusedError(
            "network_link",
            "it links to data elsewhere (NetworkLink), which are never fetched",
            "Save the data themselves as KML",
        )
    columns, shaper = Columns(notes), Shaper(notes)
    rows: list[int] = []
    blobs: list[bytes | None] = []
    placemarks = list(_of(root, "Placemark"))
    ids = _ids(placemarks, options, notes)
    for row, placemark in enumerate(placemarks, 1):
        columns.add(row, ids.get(row, {}) | _attributes(placemark))
        blobs.append(_blob(placemark, shaper, row, notes))
        rows.append(row)
    shapes = shapes_of(blobs, rows, notes)
    return Parsed(
        table=columns.table(),
        row_numbers=rows,
        geometry=without_collections(shapes, rows, options.kind, notes),
        crs="EPSG:4326",
        encoding=encoding,
        problems=notes.problems(),
    )


def _text(content: bytes, asked: str | None, notes: Notes) -> tuple[str, str]:
    """Text and encoding of the file; the parser itself knows no Chinese encoding.

    The user's word goes first, then what the file declares, then what its bytes tell, which is
    said.

    Raises:
        RefusedError: If no encoding fits.
    """
    declared = _DECLARED.match(content)
    said = declared[1].decode("ascii") if declared else None
    try:
        if asked is None and said is not None and said.casefold() in KNOWN:
            with contextlib.suppress(UnclearEncodingError):
                found = decode(content, said)
                return found.text, found.encoding
        found = decode(content, asked)
    except UnclearEncodingError as problem:
        raise RefusedError(
            "encoding", problem.reason, "Name its true encoding, or save it as UTF-8"
        ) from problem
    if asked is None and found.encoding not in _UNDECLARED:
        raise RefusedError(
            "encoding",
            f"the text is not in {said or 'UTF-8'}, as it should be",
            "Name its true encoding, or save it as UTF-8",
        )
    if asked is None and found.encoding == "GB18030":
        notes.warning(
            "encoding",
            f"the text is not in {said or 'UTF-8'}, as it should be; it was read as "
            f"{found.encoding}, e.g. {found.sample!r}",
            "Check the names in the preview; name the encoding if they are wrong",
        )
    return found.text, found.encoding


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _of(element: Element, tag: str) -> Iterator[Element]:
    return (one for one in element.iter() if _tag(one) == tag)


def _children(element: Element, tag: str) -> list[Element]:
    return [one for one in element if _tag(one) == tag]


def _attributes(placemark: Element) -> dict[str, object]:
    """Name, description and extended data of a placemark, all of them text."""
    values: dict[str, object] = {}
    for tag in _OWN:
        for element in _children(placemark, tag):
            values[tag] = "".join(element.itertext()).strip() or None
    for data in _of(placemark, "Data"):
        held = "".join(text for value in _children(data, "value") for text in value.itertext())
        values[data.get("name") or "data"] = held.strip() or None
    for data in _of(placemark, "SimpleData"):
        values[data.get("name") or "data"] = "".join(data.itertext()).strip() or None
    return values


def _ids(placemarks: list[Element], options: Options, notes: Notes) -> dict[int, dict[str, object]]:
    """The id attribute of placemarks as a column, by row; nothing where a column holds the ids.

    Attributes that repeat, as of files that were put together, name no record.
    """
    said = {row: one.get(_ID) for row, one in enumerate(placemarks, 1) if one.get(_ID)}
    if not said or len(set(said.values())) < len(said) or _has_ids(placemarks, options):
        return {}
    ids: dict[int, dict[str, object]] = {row: {_ID: name} for row, name in said.items()}
    notes.info(
        "placemark_ids",
        f"no column holds an id; {len(ids)} of {len(placemarks)} placemarks have the attribute id, "
        "which was read as one",
        "Those without it are numbered by their row; map a column if it holds the ids",
    )
    return ids


def _has_ids(placemarks: list[Element], options: Options) -> bool:
    """Whether a column holds the ids, by its name or because the user says so."""
    name = ID_OF[options.kind]
    wanted = next(one for one in WANTED[options.kind] if one.name == name)
    columns = {one for placemark in placemarks for one in _attributes(placemark)} - set(_OWN)
    return name in options.columns or any(matches(wanted, one) is not None for one in columns)


def _blob(placemark: Element, shaper: Shaper, row: int, notes: Notes) -> bytes | None:
    """WKB of the placemark's shape; several shapes are a collection."""
    try:
        shapes = [_geometry(one) for one in placemark if _tag(one) in _SHAPES]
        if not shapes:
            return None
        whole = shapes[0] if len(shapes) == 1 else _collection(shapes)
        return shaper.wkb(whole, row)
    except (CoordinatesError, RecursionError) as problem:
        notes.error("coordinates", str(problem), "Repair or leave out this row", row=row)
        return None


def _geometry(element: Element) -> dict[str, object]:
    """A shape as GeoJSON has it."""
    tag = _tag(element)
    if tag == "MultiGeometry":
        return _collection([_geometry(one) for one in element if _tag(one) in _SHAPES])
    if tag == "Polygon":
        outer = [_line(one) for one in _of(element, "outerBoundaryIs")]
        inner = [_line(one) for one in _of(element, "innerBoundaryIs")]
        return {"type": "Polygon", "coordinates": [*outer[:1], *inner]}
    positions = _line(element)
    if tag == "Point":
        return {"type": "Point", "coordinates": positions[0] if positions else []}
    return {"type": "LineString", "coordinates": positions}


def _collection(shapes: list[dict[str, object]]) -> dict[str, object]:
    """Several shapes: polygons alone make a multipolygon."""
    if shapes and {shape["type"] for shape in shapes} == {"Polygon"}:
        return {"type": "MultiPolygon", "coordinates": [one["coordinates"] for one in shapes]}
    return {"type": "GeometryCollection", "geometries": shapes}


def _line(element: Element) -> list[list[float]]:
    text = " ".join("".join(one.itertext()) for one in _of(element, "coordinates"))
    try:
        return [[float(number) for number in position.split(",")] for position in text.split()]
    except ValueError as problem:
        raise CoordinatesError("a coordinate is no number") from problem
