"""What readers share: notes on rows, text that any store can hold, columns that stay apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.gate.kinds import Kind
from bluecarbon_map.gate.problems import Problem, Severity
from bluecarbon_map.gate.refused import RefusedError
from bluecarbon_map.geodesy import GeometryArray

MOST_COLUMNS: Final = 1000
MOST_LETTERS: Final = 10_000
_MOST_ROWS_NAMED: Final = 8
_REPLACEMENT: Final = "\ufffd"
_OUTLINED: Final = frozenset({Kind.HABITATS, Kind.ZONES})
_COLLECTION: Final = 7
_POLYGONS: Final = (3, 6)


@dataclass(slots=True)
class Notes:
    """Problems of rows, gathered: one a code and column, with its first row and how many."""

    _found: dict[tuple[str, str | None], tuple[Severity, str, str, list[int], int]] = field(
        default_factory=dict
    )

    def error(
        self,
        code: str,
        message: str,
        fix: str,
        *,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        """Something that keeps the file out."""
        self._add(Severity.ERROR, code, message, fix, row, column)

    def repair(self, code: str, message: str, fix: str, *, row: int | None = None) -> None:
        """Something that was mended."""
        self._add(Severity.REPAIR, code, message, fix, row, None)

    def warning(
        self,
        code: str,
        message: str,
        fix: str,
        *,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        """Something the user should know."""
        self._add(Severity.WARNING, code, message, fix, row, column)

    def info(self, code: str, message: str, fix: str, *, row: int | None = None) -> None:
        """Something that changes nothing."""
        self._add(Severity.INFO, code, message, fix, row, None)

    def _add(
        self,
        severity: Severity,
        code: str,
        message: str,
        fix: str,
        row: int | None,
        column: str | None,
    ) -> None:
        known = self._found.get((code, column))
        rows = known[3] if known else []
        if row is not None and len(rows) <= _MOST_ROWS_NAMED:
            rows.append(row)
        first = known[:3] if known else (severity, message, fix)
        self._found[code, column] = (*first, rows, known[4] + 1 if known else 1)

    def problems(self) -> tuple[Problem, ...]:
        """All that was noted."""
        return tuple(
            Problem(
                severity=severity,
                code=code,
                message=message + _rows_named(rows, count),
                fix=fix,
                row=rows[0] if rows else None,
                column=column,
                count=count,
            )
            for (code, column), (severity, message, fix, rows, count) in self._found.items()
        )


def _rows_named(rows: Sequence[int], count: int) -> str:
    if count < 2 or not rows:
        return ""
    shown = ", ".join(str(row) for row in rows[:_MOST_ROWS_NAMED])
    return f" ({count} times; rows {shown}{' …' if count > _MOST_ROWS_NAMED else ''})"


class Columns:
    """Attribute columns as they come, row by row; a row that lacks one has None there."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._columns: dict[str, list[object]] = {}
        self._names: dict[str, str] = {}
        self._rows = 0

    def add(self, row: int, values: Mapping[str, object]) -> None:
        """Take the next row.

        Args:
            row: Its number, for messages.
            values: Column → value.

        Raises:
            RefusedError: If there are more than `MOST_COLUMNS` columns.
        """
        for name, value in values.items():
            self._column(name).append(clean(value, self._notes, row, name))
        self._rows += 1
        if len(values) != len(self._columns):
            for column in self._columns.values():
                if len(column) < self._rows:
                    column.append(None)

    def table(self) -> pd.DataFrame:
        """All rows, every value as it came."""
        return frame(self._columns, self._rows)

    def _column(self, name: str) -> list[object]:
        if name not in self._names:
            self._names[name] = _free_name(clean_name(name), self._columns)
            if len(self._columns) >= MOST_COLUMNS:
                raise too_many_columns()
            self._columns[self._names[name]] = [None] * self._rows
        return self._columns[self._names[name]]


def too_many_columns() -> RefusedError:
    """Why a file with thousands of columns is not read."""
    return RefusedError(
        "too_many_columns",
        f"there are more than {MOST_COLUMNS:,} columns",
        "Keep the columns that are needed",
    )


def frame(columns: Mapping[str, Sequence[object]], rows: int) -> pd.DataFrame:
    """Table of columns whose values stay exactly what they are; nothing is made a float."""
    return pd.DataFrame(
        {name: pd.Series(list(values), dtype=object) for name, values in columns.items()},
        index=pd.RangeIndex(rows),
    )


def _free_name(name: str, taken: Iterable[str]) -> str:
    known, free, at = set(taken), name, 2
    while free in known:
        free, at = f"{name}_{at}", at + 1
    return free


def clean_name(name: str) -> str:
    """Name of a column that any store can hold."""
    return _encodable(name).replace("\x00", "")[:200]


def clean(value: object, notes: Notes, row: int, column: str) -> object:
    """A value that any store can hold; text is shortened nowhere, only refused when endless."""
    if not isinstance(value, str):
        return value
    if len(value) > MOST_LETTERS:
        notes.error(
            "text_too_long",
            f"a text of {len(value):,} letters, more than {MOST_LETTERS:,}",
            "Shorten it, or leave the column out",
            row=row,
            column=clean_name(column),
        )
        return value[:MOST_LETTERS]
    if "\x00" in value:
        value = value.replace("\x00", "")
        notes.warning(
            "nul", "a NUL character was taken out of the text", "Check the text",
            row=row, column=clean_name(column),
        )  # fmt: skip
    if value.isascii():
        return value
    sound = _encodable(value)
    if sound != value:
        notes.warning(
            "broken_letter",
            "half a letter (a lone surrogate) was replaced by the sign �",
            "Check the text",
            row=row,
            column=clean_name(column),
        )
    return sound


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(_REPLACEMENT if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


def shapes_of(blobs: Sequence[bytes | None], rows: Sequence[int], notes: Notes) -> GeometryArray:
    """Geometry of WKB; what cannot be read is an error of its row and None."""
    shapes: GeometryArray = shapely.from_wkb(np.array(blobs, dtype=object), on_invalid="ignore")
    there = np.array([blob is not None for blob in blobs], dtype=bool)
    for at in np.flatnonzero(there & shapely.is_missing(shapes)):
        notes.error(
            "geometry_unreadable",
            "the geometry is damaged and cannot be read",
            "Repair or leave out this row",
            row=rows[int(at)],
        )
    return shapes


def without_collections(
    shapes: GeometryArray, rows: Sequence[int], kind: Kind, notes: Notes
) -> GeometryArray:
    """Collections reduced to their polygons, for kinds that are outlines; what goes is counted."""
    if kind not in _OUTLINED:
        return shapes
    kept = shapes.copy()
    for at in np.flatnonzero(shapely.get_type_id(shapes) == _COLLECTION):
        parts = _flat(shapes[at])
        polygons = [part for part in parts if shapely.get_type_id(part) in _POLYGONS]
        if not polygons:
            continue
        kept[at] = shapely.MultiPolygon(
            [one for polygon in polygons for one in shapely.get_parts(polygon)]
        )
        left = len(parts) - len(polygons)
        notes.warning(
            "collection",
            f"a collection of several shapes: its polygons are kept, {left} points and lines left "
            "out",
            "Export points and lines as a layer of their own",
            row=rows[int(at)],
        )
    return kept


def _flat(shape: shapely.Geometry) -> list[Any]:
    parts: list[Any] = []
    for part in shapely.get_parts(shape):
        parts += _flat(part) if shapely.get_type_id(part) == _COLLECTION else [part]
    return parts
