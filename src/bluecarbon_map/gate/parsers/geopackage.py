"""Reads GeoPackage with sqlite3, read-only and immutable: every row, and nothing but rows."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bluecarbon_map.gate.kinds import Options
from bluecarbon_map.gate.parsed import Parsed
from bluecarbon_map.gate.parsers.geopackage_crs import stated_crs
from bluecarbon_map.gate.parsers.tidy import (
    MOST_COLUMNS,
    Notes,
    clean,
    clean_name,
    frame,
    shapes_of,
    too_many_columns,
    without_collections,
)
from bluecarbon_map.gate.problems import Problem, Severity
from bluecarbon_map.gate.refused import RefusedError

_WAL_AT: Final = 18
_WAL: Final = b"\x02\x02"
_NUMBERS: Final = re.compile(r"INT|REAL|DOUB|FLOA|NUMERIC|DECIMAL", re.IGNORECASE)
_STANDARD_TRIGGER: Final = re.compile(r"^(rtree_|trigger_(insert|delete)_feature_count_|gpkg_)")
_COUNTERS: Final = frozenset({"fid", "ogc_fid", "objectid"})
_ENVELOPES: Final = (0, 32, 48, 48, 64)
_LAYERS: Final = (
    "SELECT c.table_name, m.type, g.column_name, c.srs_id FROM gpkg_contents c "
    "JOIN sqlite_master m ON m.name = c.table_name "
    "LEFT JOIN gpkg_geometry_columns g ON g.table_name = c.table_name "
    "WHERE c.data_type IN ('features', 'attributes') AND m.type IN ('table', 'view')"
)
_READS: Final = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_PRAGMA,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layer:
    """A layer as the contents list it."""

    name: str
    is_table: bool
    geometry: str | None
    srs_id: int | None


def read_geopackage(path: Path, options: Options) -> Parsed:
    """Read one layer of a GeoPackage.

    Raises:
        RefusedError: If it is damaged, holds no such layer, or the layer is a view.
    """
    notes = Notes()
    with path.open("rb") as opened:
        opened.seek(_WAL_AT)
        if opened.read(2) == _WAL:
            notes.warning(
                "wal",
                "the file was in use when it was copied (WAL mode): rows written last may be "
                "missing",
                "Close it in the program that writes it, then copy it again",
            )
    try:
        with closing(_connected(path)) as base:
            return _read(base, options, notes)
    except sqlite3.Error as problem:
        raise RefusedError(
            "damaged", f"the GeoPackage is damaged ({problem})", "Export it again"
        ) from problem


def _connected(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    base.execute("PRAGMA trusted_schema = OFF")
    base.execute("PRAGMA cell_size_check = ON")
    base.text_factory = _text
    base.set_authorizer(_authorise)
    return base


def _authorise(action: int, *_: str | None) -> int:
    """Only reading: no attached file, no change, whatever the schema may say."""
    return sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY


def _text(raw: bytes) -> str:
    """Text of a cell; bytes that are no UTF-8 become lone surrogates, which `clean` names."""
    return raw.decode("utf-8", "surrogateescape")


def _read(base: sqlite3.Connection, options: Options, notes: Notes) -> Parsed:
    said = base.execute("PRAGMA integrity_check(3)").fetchall()
    if [row[0] for row in said] != ["ok"]:
        raise RefusedError(
            "damaged",
            f"the file does not hold together ({str(said[0][0])[:200]})",
            "Export it again",
        )
    _note_triggers(base, notes)
    layers = _layers(base)
    layer = _chosen(layers, options.layer)
    parsed = _rows(base, layer, options, notes)
    names = tuple(one.name for one in layers)
    if len(layers) > 1 and options.layer is None:
        parsed = replace(
            parsed, layers=names, problems=(*parsed.problems, _others(base, layers, layer))
        )
    return parsed


def _note_triggers(base: sqlite3.Connection, notes: Notes) -> None:
    """Triggers never fire where nothing is written; foreign ones are worth a word."""
    for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        if not _STANDARD_TRIGGER.match(str(name)):
            notes.warning(
                "trigger",
                f"the file has a trigger of its own ({str(name)[:60]!r}); it was not run",
                "Nothing is to be done; ask who made the file if you did not expect it",
            )


def _layers(base: sqlite3.Connection) -> list[_Layer]:
    try:
        found = base.execute(_LAYERS).fetchall()
    except sqlite3.OperationalError as problem:
        raise RefusedError(
            "no_geopackage",
            "this is an SQLite database, but no GeoPackage",
            "Export the layer as GeoPackage",
        ) from problem
    layers = [
        _Layer(name=str(name), is_table=kind == "table", geometry=geometry, srs_id=srs_id)
        for name, kind, geometry, srs_id in found
    ]
    with_shapes = [layer for layer in layers if layer.geometry is not None]
    if not layers:
        raise RefusedError(
            "no_layers", "there is no layer in it", "Check the export: which layer was written?"
        )
    return with_shapes or layers


def _chosen(layers: Sequence[_Layer], asked: str | None) -> _Layer:
    wanted = [layer for layer in layers if asked is None or layer.name == asked]
    if not wanted:
        there = ", ".join(repr(layer.name[:60]) for layer in layers[:8])
        raise RefusedError(
            "no_layer", f"there is no layer {str(asked)[:60]!r}", f"Name one of these: {there}"
        )
    if not wanted[0].is_table:
        raise RefusedError(
            "view",
            f"its layer {wanted[0].name[:60]!r} is a view, a query that may never end",
            "Export the rows themselves as a layer",
        )
    return wanted[0]


def _others(base: sqlite3.Connection, layers: Sequence[_Layer], read: _Layer) -> Problem:
    """Says which layers were not read, and how many rows they have."""
    others = [layer for layer in layers if layer is not read]
    rows = sum(_count(base, layer) for layer in others if layer.is_table)
    names = ", ".join(repr(layer.name[:60]) for layer in others[:5])
    return Problem(
        severity=Severity.WARNING,
        code="several_layers",
        message=f"it holds {len(layers)} layers; only {read.name[:60]!r} was read, not {names} "
        f"({rows:,} rows)",
        fix="Name the layer to read, and import the others one by one",
        count=len(others),
    )


def _count(base: sqlite3.Connection, layer: _Layer) -> int:
    query = f"SELECT count(*) FROM {_quoted(layer.name)}"  # noqa: S608 (quoted)
    return int(base.execute(query).fetchone()[0])


def _rows(base: sqlite3.Connection, layer: _Layer, options: Options, notes: Notes) -> Parsed:
    """All rows of a layer in the order they are stored."""
    described = base.execute(f"PRAGMA table_info({_quoted(layer.name)})").fetchall()
    declared = {str(row[1]): str(row[2]) for row in described if row[1] != layer.geometry}
    key = [str(row[1]) for row in described if row[5]]
    names = [name for name in declared if name not in key or not _is_counter(name, declared[name])]
    if len(names) > MOST_COLUMNS:
        raise too_many_columns()
    asked = [_quoted(name) for name in ([layer.geometry] if layer.geometry else []) + names]
    query = f"SELECT {', '.join(asked or ['1'])} FROM {_quoted(layer.name)}"  # noqa: S608
    records = base.execute(query).fetchall()
    numbers = list(range(1, len(records) + 1))
    columns = list(zip(*records, strict=True)) if records else [()] * len(asked)
    shapes = None
    if layer.geometry is not None:
        blobs = [_wkb(blob, row, notes) for blob, row in zip(columns[0], numbers, strict=True)]
        shapes = shapes_of(blobs, numbers, notes)
        shapes = without_collections(shapes, numbers, options.kind, notes)
        columns = columns[1:]
    table = {
        clean_name(name): _values(column, name, declared[name], notes)
        for name, column in zip(names, columns, strict=False)
    }
    crs, facts = stated_crs(base, layer.srs_id, shapes, notes) if layer.geometry else (None, {})
    return Parsed(
        table=frame(table, len(records)),
        row_numbers=numbers,
        geometry=shapes,
        crs=crs,
        encoding="UTF-8",
        problems=notes.problems(),
        facts=facts,
    )


def _is_counter(name: str, declared: str) -> bool:
    """Whether a key only counts the rows for the program that wrote them; others are ids."""
    return name.casefold() in _COUNTERS and declared.upper().startswith("INT")


def _values(column: Sequence[object], name: str, declared: str, notes: Notes) -> list[object]:
    """Values of a column, each held against the type it is declared as."""
    types = set(map(type, column))
    if types <= {int, float, type(None)}:
        return list(column)
    is_number = bool(_NUMBERS.search(declared))
    return [_value(value, row, name, notes, is_number) for row, value in enumerate(column, 1)]


def _value(value: object, row: int, name: str, notes: Notes, is_number: bool) -> object:  # noqa: FBT001
    if isinstance(value, bytes):
        notes.warning(
            "blob", "the column holds binary data, which are not read", "Leave the column out",
            row=row, column=clean_name(name),
        )  # fmt: skip
        return None
    if is_number and isinstance(value, str):
        notes.error(
            "text_in_number",
            f"{clean_name(value[:40])!r} stands in a column of numbers",
            "Write a number, or leave the cell empty where it is not known",
            row=row,
            column=clean_name(name),
        )
        return None
    return clean(value, notes, row, name)


def _wkb(blob: object, row: int, notes: Notes) -> bytes | None:
    """WKB of a GeoPackage geometry: what follows its header."""
    if blob is None:
        return None
    if isinstance(blob, bytes) and blob[:2] == b"GP" and len(blob) > 8:
        envelope = blob[3] >> 1 & 7
        if envelope < len(_ENVELOPES) and not blob[3] & 0x20:
            return blob[8 + _ENVELOPES[envelope] :]
    notes.error(
        "geometry_unreadable",
        "the geometry does not begin as GeoPackage geometry has to",
        "Export the layer again, as GeoPackage",
        row=row,
    )
    return None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
