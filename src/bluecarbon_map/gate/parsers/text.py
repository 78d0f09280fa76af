"""CSV and its kin: every value is text, every row is there or is said to be broken."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Final

import pandas as pd

from bluecarbon_map.export.inert import original
from bluecarbon_map.gate.encodings import UnclearEncodingError, decode
from bluecarbon_map.gate.findings import Findings, shown
from bluecarbon_map.gate.kinds import Options
from bluecarbon_map.gate.parsed import Parsed
from bluecarbon_map.gate.parsers.headers import (
    HEAD_ROWS,
    MOST_COLUMNS,
    MOST_ROWS,
    checked_header,
    found_header,
)
from bluecarbon_map.gate.texts import LONGEST_TEXT
from bluecarbon_map.gate.wanted import is_known

_DELIMITERS: Final = (",", "\t", ";", "|")
_NAMES_OF_A_HEADER: Final = 2
"""Known names that make a line below the first the header."""

_SEPARATOR: Final = re.compile(r"\s*\"?sep=(\S|\t)\"?[ \t]*(?:\r\n|\r|\n)", re.IGNORECASE)
"""Excel's own first line, which names the mark between the cells."""

_NEVER_TEXT: Final = re.compile(r"\s*<[?!A-Za-z]")
"""Markup that calls itself CSV: a VRT in it reads other files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """One record with the line it begins on."""

    line: int
    cells: list[str]


def read_text(path: Path, options: Options) -> Parsed:
    """A file of separated values; nothing is converted, empty cells are empty text.

    Rows of other lengths than the header are errors by line. Empty lines are no rows.
    """
    findings = Findings()
    content = path.read_bytes()
    encoding, table, numbers = None, pd.DataFrame(), list[int]()
    try:
        decoded = decode(content, options.encoding)
    except UnclearEncodingError as problem:
        findings.error(
            "encoding", problem.reason,
            "Say the encoding, or save the file as CSV UTF-8",
        )  # fmt: skip
    else:
        encoding = decoded.encoding
        _say_encoding(findings, decoded.encoding, decoded.sample, certain=decoded.certain)
        table, numbers = _table(decoded.text, options, findings)
    return Parsed(table=table, row_numbers=numbers, encoding=encoding, problems=findings.problems())


def _say_encoding(findings: Findings, name: str, sample: str, *, certain: bool) -> None:
    if certain:
        return
    findings.info(
        "encoding_found",
        f"the text was read as {name}: {shown(sample)}",
        "Look at the sample; say the encoding if it reads wrong",
    )


def _table(text: str, options: Options, findings: Findings) -> tuple[pd.DataFrame, list[int]]:
    nothing = pd.DataFrame(), list[int]()
    if not text.strip("\ufeff\0 \t\r\n"):
        findings.error("empty_file", "the file is empty", "Choose the right file")
        return nothing
    if _NEVER_TEXT.match(text):
        findings.error(
            "not_a_table", "it is a file of markup, not of separated values", "Save it as CSV UTF-8"
        )
        return nothing
    declared = _SEPARATOR.match(text)
    mark = declared[1] if declared else _delimiter(text, options)
    records = _records(text, mark, findings)
    try:
        if declared:
            next(records, None)
        first, records = _header_first(records, options, findings)
        header = (
            checked_header(first.cells, options.kind, findings, row=first.line) if first else []
        )
        if not header:
            return nothing
        rows = list(_rows(records, len(header), findings))
    except csv.Error as problem:
        findings.error(
            "damaged", f"it cannot be read: {problem}", "Correct the quotation marks, or save anew"
        )
        return nothing
    header, table_cells = _originals(header, [row.cells for row in rows], findings)
    names, cells = found_header(header, table_cells, findings)
    table = pd.DataFrame(cells, columns=pd.Index(names, dtype="object"), dtype="object")
    if not rows:
        findings.warning("no_rows", "there is no row in it", "Check the export filter")
    return table, [row.line for row in rows]


def _header_first(
    records: Iterator[_Record], options: Options, findings: Findings
) -> tuple[_Record | None, Iterator[_Record]]:
    """The header and what follows it: of the first records the one with the most known names.

    One known name may be a word of the data; then the first record is the header, as it is where
    none has more.
    """
    head = list(islice(records, HEAD_ROWS))
    if not head:
        return None, records
    worth = [_known(one.cells, options) for one in head]
    top = worth.index(max(worth)) if max(worth) >= _NAMES_OF_A_HEADER else 0
    if top:
        findings.info(
            "rows_above_header", f"{top} rows stand above the column names", "They were left out",
            row=head[0].line, count=top,
        )  # fmt: skip
    return head[top], chain(head[top + 1 :], records)


def _originals(
    header: list[str], rows: list[list[str]], findings: Findings
) -> tuple[list[str], list[list[str]]]:
    """Texts without the apostrophe that exports put before what looks like a formula."""
    made = [[original(cell) for cell in cells] for cells in (header, *rows)]
    changed = sum(cells != before for cells, before in zip(made, (header, *rows), strict=True))
    if changed:
        findings.info(
            "apostrophe_removed",
            f"{changed} lines have an apostrophe before what looks like a formula, as exports do",
            "It was taken off; the text is stored as text",
            count=changed,
        )
    return made[0], made[1:]


def _known(names: Sequence[str], options: Options) -> int:
    """How many names a file of the kind may have, by the usual words or the user's."""
    mapped = set(options.columns.values())
    return sum(name.strip() in mapped or is_known(options.kind, name) for name in names)


def _delimiter(text: str, options: Options) -> str:
    """The mark that makes the most known columns of one of the first lines, then the most columns.

    Lines below the first count by their known columns only: they may be data.
    """
    lines = islice((line for line in io.StringIO(text) if line.strip()), HEAD_ROWS)
    head = [line.rstrip("\r\n")[: LONGEST_TEXT * 10] for line in lines] or [""]

    def names_of(line: str, mark: str) -> list[str]:
        try:
            return next(csv.reader([line], delimiter=mark), [])
        except csv.Error:
            return []

    def worth(mark: str) -> tuple[int, int]:
        split = [names_of(line, mark) for line in head]
        known = [_known(names, options) for names in split]
        lower = max(known[1:], default=0)
        best = max(known[0], lower if lower >= _NAMES_OF_A_HEADER else 0)
        return best, len(split[0])

    return max(_DELIMITERS, key=worth)


def _records(text: str, delimiter: str, findings: Findings) -> Iterator[_Record]:
    """Records one by one; those of nothing but empty cells are no rows.

    Raises:
        csv.Error: If a quotation mark stands where none can.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for number, cells in enumerate(_bounded(reader, findings)):
        if number > MOST_ROWS:
            findings.error("too_many_rows", f"there are more than {MOST_ROWS:,} rows",
                           "Split the file", row=line)  # fmt: skip
            return
        if any(cell.strip() for cell in cells):
            yield _Record(line=line, cells=cells)
        line = reader.line_num + 1


def _bounded(reader: Iterator[list[str]], findings: Findings) -> Iterator[list[str]]:
    """Records until one is larger than the reader takes; that one is said."""
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            if "field larger than" not in str(problem):
                line = getattr(reader, "line_num", None)
                raise csv.Error(f"line {line}: {problem}") from None
            _say_long(findings, getattr(reader, "line_num", None), None)
            return


def _say_long(findings: Findings, line: int | None, column: str | None) -> None:
    findings.error(
        "text_too_long",
        f"a text is longer than {LONGEST_TEXT:,} letters",
        "Shorten it; a missing quotation mark may join many lines into one text",
        row=line,
        column=column,
    )


def _rows(records: Iterator[_Record], width: int, findings: Findings) -> Iterator[_Record]:
    """Rows as wide as the header; others are said and made as wide."""
    for record in records:
        cells = record.cells
        while len(cells) > width and not cells[-1].strip():
            cells = cells[:-1]
        if len(cells) != width:
            few = "few" if len(cells) < width else "many"
            findings.error(
                "row_ragged",
                f"too {few} cells: {len(cells)}, the header has {width}",
                "Correct the line; a cell with the separator in it needs quotation marks",
                row=record.line,
            )
            cells = (cells + [""] * width)[:width]
        for at, cell in enumerate(cells):
            if len(cell) > LONGEST_TEXT:
                _say_long(findings, record.line, None)
                cells = [*cells[:at], "", *cells[at + 1 :]]
        yield _Record(line=record.line, cells=cells)


__all__ = ["MOST_COLUMNS", "MOST_ROWS", "read_text"]
