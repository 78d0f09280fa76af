"""XLSX: the values that its cells show; formulas, links and macros are never run."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import openpyxl
import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from bluecarbon_map.gate.findings import Findings, shown
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.parsed import Parsed
from bluecarbon_map.gate.parsers.headers import (
    HEAD_ROWS,
    MOST_COLUMNS,
    MOST_ROWS,
    checked_header,
    found_header,
)
from bluecarbon_map.gate.parsers.merging import head_of, unmerged
from bluecarbon_map.gate.parsers.sheet_xml import Layout, layout_of
from bluecarbon_map.gate.texts import LONGEST_TEXT, as_text
from bluecarbon_map.gate.wanted import is_known

ABOUT_SHEET: Final = "说明 About"
LISTS_SHEET: Final = "词表 Lists"
_OWN_SHEETS: Final = frozenset({ABOUT_SHEET, LISTS_SHEET})
"""Sheets of our templates that hold no records."""

MOST_UNPACKED: Final = 500_000_000
_MOST_RATIO: Final = 200
_MOST_MEMBERS: Final = 2_000
_DAMAGED: Final = (
    zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, AttributeError,
    IndexError, OverflowError, SyntaxError, EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip

Row = list[Any]
_Line = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """Rows of a sheet with their numbers, from 1."""

    numbers: list[int]
    rows: list[Row]


def read_workbook(path: Path, options: Options) -> Parsed:
    """One sheet of a workbook: ``options.layer``, else the one with the most known columns.

    Numbers stay numbers, to the fifteen digits that a sheet holds; date cells are ISO text; of a
    formula the value is taken that was last worked out, and it is said.
    """
    findings = Findings()
    nothing = pd.DataFrame(), list[int](), tuple[str, ...]()
    try:
        fault = _fault(path)
        if fault:
            findings.error("archive", fault, "Save the workbook anew with what is needed only")
            table, numbers, layers = nothing
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl: features it drops
                table, numbers, layers = _read(path, options, findings)
    except _DAMAGED as problem:
        findings.error(
            "damaged", f"the workbook cannot be read ({type(problem).__name__})",
            "Open it in a spreadsheet program and save it anew as .xlsx",
        )  # fmt: skip
        table, numbers, layers = nothing
    return Parsed(table=table, row_numbers=numbers, layers=layers, problems=findings.problems())


def _fault(path: Path) -> str | None:
    with zipfile.ZipFile(path) as book:
        members = book.infolist()
    size = sum(one.file_size for one in members)
    packed = max(1, sum(one.compress_size for one in members))
    if len(members) > _MOST_MEMBERS:
        return f"it holds {len(members):,} parts"
    if size > MOST_UNPACKED or size > _MOST_RATIO * packed + 10_000_000:
        return f"it unpacks to {size:,} bytes"
    if any(one.flag_bits & 1 for one in members):
        return "it is locked with a password"
    return None


def _read(
    path: Path, options: Options, findings: Findings
) -> tuple[pd.DataFrame, list[int], tuple[str, ...]]:
    with _opened(path, values=True) as values, _opened(path, values=False) as formulas:
        titles = tuple(sheet.title for sheet in values.worksheets)
        title = _chosen(values, options, findings)
        if title is None:
            return pd.DataFrame(), [], titles
        with zipfile.ZipFile(path) as book:
            layout = layout_of(book, title)
        cells = _cells(values[title], formulas[title], findings)
        table, numbers = _table(cells, layout, options.kind, findings)
        return table, numbers, titles


@contextmanager
def _opened(path: Path, *, values: bool) -> Iterator[openpyxl.Workbook]:
    """A workbook, by its bytes: openpyxl refuses a path whose suffix it does not know."""
    with path.open("rb") as file:
        book = openpyxl.load_workbook(file, read_only=True, data_only=values, keep_links=False)
        try:
            yield book
        finally:
            book.close()


def _chosen(book: openpyxl.Workbook, options: Options, findings: Findings) -> str | None:
    sheets = [one for one in book.worksheets if one.title not in _OWN_SHEETS]
    if options.layer is not None:
        if any(one.title == options.layer for one in book.worksheets):
            return options.layer
        findings.error(
            "layer_missing", f"there is no sheet {shown(options.layer)}",
            f"Choose one of {', '.join(shown(one.title) for one in sheets)}",
        )  # fmt: skip
        return None
    if not sheets:
        findings.error("empty_file", "the workbook has no sheet", "Choose the right file")
        return None
    worth = [_worth(one, options.kind) for one in sheets]
    best = max(range(len(sheets)), key=worth.__getitem__)
    others = [sheets[at].title for at, one in enumerate(worth) if at != best and one >= (2, 0)]
    if others:
        findings.warning(
            "several_sheets",
            f"the sheet {shown(sheets[best].title)} was read, of {len(sheets)}",
            f"Say which sheet it is if it is another: {', '.join(map(shown, others[:10]))}",
        )
    return str(sheets[best].title)


def _worth(sheet: Any, kind: Kind) -> tuple[int, int]:  # noqa: ANN401
    """Known column names in the best of the first rows; then whether there is anything."""
    sheet.reset_dimensions()
    best, filled = 0, 0
    for row in sheet.iter_rows(max_row=HEAD_ROWS, max_col=MOST_COLUMNS, values_only=True):
        names = [value for value in row if isinstance(value, str)]
        best = max(best, sum(is_known(kind, name) for name in names))
        filled = max(filled, int(any(value is not None for value in row)))
    return best, filled


def _cells(values: Any, formulas: Any, findings: Findings) -> _Cells:  # noqa: ANN401
    """Every row with anything in it, to the stated limits."""
    values.reset_dimensions()
    formulas.reset_dimensions()
    numbers: list[int] = []
    rows: list[Row] = []
    worked_out = 0
    pairs = zip(values.iter_rows(), formulas.iter_rows(), strict=True)
    for number, (shown_cells, written) in enumerate(pairs, start=1):
        if number > MOST_ROWS + HEAD_ROWS:
            findings.error("too_many_rows", f"there are more than {MOST_ROWS:,} rows",
                           "Split the sheet", row=number)  # fmt: skip
            break
        row = [_value(cell.value) for cell in shown_cells]
        worked_out += _check(row, shown_cells, written, number, findings)
        while row and row[-1] is None:
            row.pop()
        if len(row) > MOST_COLUMNS:
            findings.error("too_many_columns", f"there are more than {MOST_COLUMNS} columns",
                           "Leave out what is not needed", row=number)  # fmt: skip
            break
        if row:
            numbers.append(number)
            rows.append(row)
    if worked_out:
        findings.warning(
            "formula_values", f"{worked_out} cells hold formulas",
            "The values last worked out were taken; check that they are up to date",
            count=worked_out,
        )  # fmt: skip
    return _Cells(numbers=numbers, rows=rows)


def _check(row: Row, cells: _Line, written: _Line, number: int, findings: Findings) -> int:
    """Cells whose value is no value; returns how many were worked out by a formula."""
    worked_out = 0
    for at, cell in enumerate(written):
        kind = cell.data_type
        if kind == "f":
            if row[at] is None:
                findings.error(
                    "formula_without_value", f"the formula {shown(cell.value)} has no value",
                    "Open the workbook in a spreadsheet program and save it, or write the value",
                    row=number, column=cell.column_letter,
                )  # fmt: skip
            worked_out += 1
        if cells[at].data_type == "e":
            findings.error(
                "cell_error", f"the cell shows {shown(row[at])}", "Correct it, or empty the cell",
                row=number, column=cell.column_letter,
            )  # fmt: skip
        if isinstance(row[at], str) and len(row[at]) > LONGEST_TEXT:
            findings.error(
                "text_too_long", f"a text is longer than {LONGEST_TEXT:,} letters", "Shorten it",
                row=number, column=cell.column_letter,
            )  # fmt: skip
    return worked_out


def _value(value: Any) -> Any:  # noqa: ANN401
    """A value as the sheet shows it: dates as ISO text, numbers to fifteen digits."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (datetime, date)):
        return as_text(value)
    if isinstance(value, (time, timedelta)):
        return str(value)
    if isinstance(value, float):
        rounded = float(f"{value:.15g}")
        return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded
    return value if value != "" else None


def _table(
    cells: _Cells, layout: Layout, kind: Kind, findings: Findings
) -> tuple[pd.DataFrame, list[int]]:
    if not cells.rows:
        findings.error("empty_file", "the sheet is empty", "Choose the right sheet")
        return pd.DataFrame(), []
    width = max(map(len, cells.rows))
    rows = [row + [None] * (width - len(row)) for row in cells.rows]
    top = _header_row(rows, kind)
    names, data_from = head_of(rows, cells.numbers, layout.merges, top)
    header = checked_header(names, kind, findings, row=cells.numbers[top])
    if header is None:
        return pd.DataFrame(), []
    if top:
        findings.info(
            "rows_above_header", f"{top} rows stand above the column names", "They were left out",
            row=cells.numbers[0], count=top,
        )  # fmt: skip
    numbers, data = cells.numbers[data_from:], rows[data_from:]
    unmerged(data, numbers, layout.merges, header, kind, findings)
    _say_hidden(layout, numbers, findings)
    found, kept = found_header(header, data, findings)
    if not data:
        findings.warning("no_rows", "there is no row in it", "Check the sheet and its filter")
    table = pd.DataFrame(kept, columns=pd.Index(found, dtype="object"), dtype="object")
    return table, numbers


def _header_row(rows: list[Row], kind: Kind) -> int:
    """The one of the first rows that holds the most known names; the first where none does."""

    def worth(at: int) -> int:
        return sum(isinstance(value, str) and is_known(kind, value) for value in rows[at])

    return max(range(min(HEAD_ROWS, len(rows))), key=worth)


def _say_hidden(layout: Layout, numbers: list[int], findings: Findings) -> None:
    hidden = [number for number in numbers if number in layout.hidden]
    if hidden:
        findings.warning(
            "rows_hidden", f"{len(hidden)} rows are hidden in the sheet, and were read",
            "Delete them if they are not to count",
            row=hidden[0], count=len(hidden),
        )  # fmt: skip


def sheet_titles(path: Path) -> Iterator[str]:
    """Titles of the sheets that may hold records."""
    with _opened(path, values=True) as book:
        yield from (one.title for one in book.worksheets if one.title not in _OWN_SHEETS)
