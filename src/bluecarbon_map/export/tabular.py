"""CSV and XLSX: text stays text, an unknown number stays an empty cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
import xlsxwriter

from bluecarbon_map.errors import InputError
from bluecarbon_map.export.inert import inert

_WIDEST: Final = 48
_CELL_MOST: Final = 32_767
"""Letters that a cell of a workbook holds; a longer text would be dropped without a word."""

NOTE: Final = "(note)"
"""Stands for a column name in the rows of a data dictionary that describe the whole table."""


def with_notes(dictionary: pd.DataFrame, notes: Sequence[str]) -> pd.DataFrame:
    """A data dictionary with the notes of its table after it, one a row."""
    said = pd.DataFrame({"column": NOTE, "unit": "", "description": list(notes)})
    return pd.concat([dictionary.astype(object), said.astype(object)], ignore_index=True)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write UTF-8 with a byte-order mark, as spreadsheets expect; unknown is empty."""
    safe = table.rename(columns=inert)
    for column in safe.columns[[not pd.api.types.is_numeric_dtype(t) for t in safe.dtypes]]:
        safe[column] = safe[column].map(inert, na_action="ignore")
    safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def write_xlsx(sheets: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write one sheet a table; no cell ever becomes a formula or a link.

    Raises:
        InputError: If a text is longer than a cell holds.
    """
    for title, table in sheets.items():
        _require_short(table, f"{path.name}, sheet {title!r}")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EAF2F8"})
        for title, table in sheets.items():
            _sheet(book.add_worksheet(title[:31]), table, head)


def _require_short(table: pd.DataFrame, where: str) -> None:
    for column in table.columns:
        long = [
            row
            for row, value in enumerate(table[column].tolist(), start=1)
            if isinstance(value, str) and len(value) > _CELL_MOST
        ]
        if long:
            raise InputError(
                where,
                f"a text is longer than the {_CELL_MOST:,} letters a cell holds",
                "Shorten it, or choose another format, e.g. .csv",
                rows=long,
                column=str(column),
            )


def _sheet(
    sheet: xlsxwriter.worksheet.Worksheet, table: pd.DataFrame, head: xlsxwriter.format.Format
) -> None:
    for at, name in enumerate(table.columns):
        sheet.write_string(0, at, str(name), head)
        values = table[name].tolist()
        for row, value in enumerate(values, start=1):
            _cell(sheet, row, at, value)
        widest = max([len(str(name)), *(len(str(value)) for value in values[:200])])
        sheet.set_column(at, at, min(widest + 2, _WIDEST))
    sheet.freeze_panes(1, 0)
    if len(table):
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)


def _cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, at: int, value: Any) -> None:  # noqa: ANN401
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return  # unknown is an empty cell, never a zero
    if isinstance(value, bool):
        sheet.write_boolean(row, at, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, at, value)
    else:
        sheet.write_string(row, at, str(value))
