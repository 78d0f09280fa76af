"""Reads the four tables of InVEST's Coastal Blue Carbon as they are.

Column names and words are folded (case, width, blanks), as InVEST does; every refusal names the
line of the file, the column and the way out.
"""

from __future__ import annotations

import csv
import io
import math
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from bluecarbon_map.accounting.timeline import (
    DISTURBED_POOLS,
    POOLS,
    Change,
    Classes,
    Prices,
)
from bluecarbon_map.errors import ColumnError, DuplicateIdError, EmptyLayerError, InputError

IMPACTS: Final = ("low", "med", "high")

_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_WORDS: Final = {
    "": Change.EMPTY,
    "ncc": Change.NONE,
    "accum": Change.ACCUMULATES,
    "low-impact-disturb": Change.LOW,
    "med-impact-disturb": Change.MEDIUM,
    "high-impact-disturb": Change.HIGH,
}
_LAST_YEAR: Final = 9999
_UNITS: Final = {"t c/ha": "t C/ha", "t co2e/ha": "t CO2e/ha"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A raster of classes in one year.

    Attributes:
        year: Its year.
        path: Its file.
        line: Line of the table it stands on.
    """

    year: int
    path: Path
    line: int


@dataclass(frozen=True, slots=True)
class Biophysical:
    """The table of classes.

    Attributes:
        classes: Its numbers.
        unit: ``t C/ha`` or ``t CO2e/ha``, from a column ``unit``; None where there is none.
        notes: What is lawful but worth saying.
    """

    classes: Classes
    unit: str | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """Folded header, and the lines that hold anything."""

    where: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def at(self, column: str) -> int:
        if self.header.count(column) > 1:
            raise ColumnError(self.where, f"column {column} stands twice", "Leave one out")
        if column not in self.header:
            raise ColumnError(
                self.where,
                f"there is no column {column}",
                f"Name the columns as InVEST does; there are: {', '.join(self.header)}",
            )
        return self.header.index(column)

    def refuse(self, line: int, column: str, reason: str, fix: str) -> InputError:
        return InputError(self.where, reason, fix, rows=[line], column=column)


def read_snapshots(path: Path) -> tuple[Snapshot, ...]:
    """Snapshots of ``snapshot_year, raster_path``; paths are relative to the table.

    Raises:
        InputError: If the table cannot be read, a year is none, or years do not ascend.
    """
    table = _read(path)
    year_at, path_at = table.at("snapshot_year"), table.at("raster_path")
    found: list[Snapshot] = []
    for line, cells in table.rows:
        year = _year(table, line, "snapshot_year", cells[year_at])
        if found and year <= found[-1].year:
            raise table.refuse(
                line,
                "snapshot_year",
                f"{year} comes after {found[-1].year}",
                "Sort the rows by year, each year once",
            )
        if not cells[path_at]:
            raise table.refuse(line, "raster_path", "no raster is named", "Fill the cell")
        found.append(Snapshot(year, path.parent / cells[path_at], line))
    return tuple(found)


def read_biophysical(path: Path) -> Biophysical:
    """Classes of ``lucode, lulc-class`` and the carbon columns of InVEST.

    Raises:
        InputError: If a cell holds no number, or one that cannot be.
        ColumnError: If a column is missing.
        DuplicateIdError: If a code or a class stands twice.
    """
    table = _read(path)
    classes = Classes(
        code=np.array(_once(table, "lucode", _code), dtype=np.int64),
        name=tuple(str(one) for one in _once(table, "lulc-class", _name)),
        initial_t_ha=_columns(table, [f"{pool}-initial" for pool in POOLS]),
        accumulation_t_ha_yr=_columns(table, [f"{pool}-yearly-accumulation" for pool in POOLS]),
        half_life_yr=_columns(table, [f"{pool}-half-life" for pool in DISTURBED_POOLS]),
        disturbed_share=np.array(
            [
                _columns(table, [f"{pool}-{impact}-impact-disturb" for impact in IMPACTS], 1.0)
                for pool in DISTURBED_POOLS
            ]
        ),
    )
    return Biophysical(classes, _unit(table), _without_decay(classes))


def read_transitions(path: Path, classes: Classes) -> np.ndarray:
    """What each transition does, values of `Change`, shape (classes, classes).

    A row or column that the table lacks leaves `Change.MISSING`: a run that meets it is refused.
    The lines of InVEST's legend, whose class is empty, are left out.

    Raises:
        InputError: If a word or a class is unknown; names its line and column.
    """
    table = _read(path)
    own = table.at("lulc-class")
    known = {_folded(name): at for at, name in enumerate(classes.name)}
    columns = [(table.at(name), name) for name in table.header if name and name != "lulc-class"]
    change = np.full((len(known), len(known)), Change.MISSING, dtype=np.int8)
    seen: set[str] = set()
    for line, cells in table.rows:
        if not (before := _folded(cells[own])):
            _require_legend(table, line, cells)
            continue
        if before in seen:
            raise table.refuse(line, "lulc-class", f"{before} stands twice", "Leave one row out")
        seen.add(before)
        row = _known(table, line, "lulc-class", before, known)
        for at, after in columns:
            column = _known(table, line, after, after, known)
            change[row, column] = _word(table, line, after, cells[at])
    return change


def read_prices(path: Path, first: int, until: int, discount: float) -> Prices:
    """Prices of ``year, price``, each year from the first snapshot to before the end.

    Args:
        path: The table; years beyond those are left out.
        first: Year of the first snapshot.
        until: Year in which the analysis ends.
        discount: Discount of a year, as a share.

    Raises:
        InputError: If a year is missing or stands twice, or a price cannot be.
    """
    table = _read(path)
    year_at, price_at = table.at("year"), table.at("price")
    found: dict[int, float] = {}
    for line, cells in table.rows:
        year = _year(table, line, "year", cells[year_at])
        if year in found:
            raise table.refuse(line, "year", f"{year} stands twice", "Leave one row out")
        found[year] = _number(table, line, "price", cells[price_at])
    missing = [year for year in range(first, until) if year not in found]
    if missing:
        raise InputError(
            table.where,
            f"there is no price for {', '.join(map(str, missing[:8]))}"
            + (f" and {len(missing) - 8} more years" if len(missing) > 8 else ""),
            f"Give one a year from {first} to {until - 1}",
            column="year",
        )
    prices = np.array([found[year] for year in range(first, until)])
    return Prices(per_t=prices, discount=discount)


def _read(path: Path) -> _Table:
    """Lines of a table of text, comma, semicolon or tab between its cells."""
    text = _text(path)
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    lines = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    try:
        header = tuple(_folded(name) for name in next(lines, []))
        read = [(lines.line_num, row) for row in lines if any(map(str.strip, row))]
    except csv.Error as problem:
        raise InputError(
            path.name, f"it is no table ({problem})", "Save it as CSV and try again"
        ) from problem
    if not read:
        raise EmptyLayerError(path.name)
    wide = [line for line, row in read if any(map(str.strip, row[len(header) :]))]
    if wide:
        raise InputError(
            path.name, "there are more cells than columns", "Correct these lines", rows=wide
        )
    return _Table(path.name, header, tuple((at, _padded(row, len(header))) for at, row in read))


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise InputError(
            str(path), f"it cannot be read ({problem.strerror})", "Check the path"
        ) from problem
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(path.name, "the file is not text in UTF-8 or GB18030", "Save it as CSV UTF-8")


def _padded(row: Sequence[str], width: int) -> tuple[str, ...]:
    cells = [cell.strip() for cell in row[:width]]
    return tuple(cells + [""] * (width - len(cells)))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _number(
    table: _Table, line: int, column: str, cell: str, most: float = math.inf, unit: str = ""
) -> float:
    try:
        value = float(cell)
    except ValueError:
        said = f"{cell[:40]!r} is not a number" if cell else "the cell is empty"
        raise table.refuse(line, column, said, f"Write digits{unit}; 0 only if it is 0") from None
    if not (math.isfinite(value) and 0 <= value <= most):
        limit = "between 0 and 1, a share and not per cent" if most == 1 else "finite and >= 0"
        raise table.refuse(line, column, f"{cell[:40]} cannot be", f"It has to be {limit}")
    return value


def _columns(table: _Table, names: Iterable[str], most: float = math.inf) -> np.ndarray:
    """Numbers of some columns, shape (columns, rows)."""
    places = [(name, table.at(name)) for name in names]
    return np.array(
        [[_number(table, line, name, cells[at], most) for line, cells in table.rows]
         for name, at in places]
    )  # fmt: skip


def _whole(table: _Table, line: int, column: str, cell: str, what: str) -> int:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value.is_integer() and abs(value) < 2**31):
        raise table.refuse(line, column, f"{cell[:40]!r} is no {what}", "Write a whole number")
    return int(value)


def _year(table: _Table, line: int, column: str, cell: str) -> int:
    year = _whole(table, line, column, cell, "year")
    if not 1 <= year <= _LAST_YEAR:
        raise table.refuse(line, column, f"{year} is no year", "Write it with four digits")
    return year


def _code(table: _Table, line: int, cell: str) -> int:
    return _whole(table, line, "lucode", cell, "code of a class")


def _name(table: _Table, line: int, cell: str) -> str:
    if not cell:
        raise table.refuse(line, "lulc-class", "the class has no name", "Fill the cell")
    return _folded(cell)


def _once(
    table: _Table, column: str, made: Callable[[_Table, int, str], int | str]
) -> list[int | str]:
    at = table.at(column)
    values = [made(table, line, cells[at]) for line, cells in table.rows]
    doubled = [table.rows[i][0] for i, value in enumerate(values) if values.count(value) > 1]
    if doubled:
        raise DuplicateIdError(
            table.where, "one class stands on several rows", "Leave one out",
            rows=doubled, column=column,
        )  # fmt: skip
    return values


def _unit(table: _Table) -> str | None:
    """What an optional column ``unit`` says, the same on every row."""
    if "unit" not in table.header:
        return None
    at = table.at("unit")
    for line, cells in table.rows:
        if _folded(cells[at]) not in _UNITS or cells[at] != table.rows[0][1][at]:
            raise table.refuse(
                line, "unit", f"{cells[at][:40]!r} is no unit of all rows",
                "Write t C/ha or t CO2e/ha in each, or leave the column out",
            )  # fmt: skip
    return _UNITS[_folded(table.rows[0][1][at])]


def _without_decay(classes: Classes) -> tuple[str, ...]:
    """Says which classes never give off what a disturbance takes."""
    said = []
    for pool, half_life, share in zip(
        DISTURBED_POOLS, classes.half_life_yr, classes.disturbed_share, strict=True
    ):
        kept = np.flatnonzero((half_life == 0) & (share > 0).any(axis=0))
        if kept.size:
            names = ", ".join(classes.name[at] for at in kept)
            said.append(f"{pool}-half-life is 0, so nothing of it is ever emitted: {names}")
    return tuple(said)


def _require_legend(table: _Table, line: int, cells: Sequence[str]) -> None:
    if any(_folded(cell) in _WORDS for cell in cells if cell):
        raise table.refuse(line, "lulc-class", "the row has no class", "Name the class it leaves")


def _known(table: _Table, line: int, column: str, name: str, known: dict[str, int]) -> int:
    if name not in known:
        raise table.refuse(
            line, column, f"{name[:40]} is no class of the biophysical table",
            f"Write one of {', '.join(known)}, or give the class its row there",
        )  # fmt: skip
    return known[name]


def _word(table: _Table, line: int, column: str, cell: str) -> Change:
    word = _folded(cell)
    if word not in _WORDS:
        said = " (say how much: low, med or high)" if word == "disturb" else ""
        raise table.refuse(
            line, column, f"{cell[:40]!r} says nothing of carbon{said}",
            f"Write one of {', '.join(filter(None, _WORDS))}",
        )  # fmt: skip
    return _WORDS[word]
