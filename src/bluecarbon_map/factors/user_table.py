"""Reads the CSV file of a user's own coefficients: columns by meaning, cells that can complain."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from bluecarbon_map.errors import ColumnError, EmptyLayerError, InputError

_HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "ecosystem": ("ecosystem", "habitat", "class", "type", "生态系统", "类型", "地类"),
    "species": ("species", "优势种", "物种"),
    "density": ("c_t_ha", "density_t_c_ha", "碳密度"),
    "low": ("low", "low_t_c_ha", "下限"),
    "high": ("high", "high_t_c_ha", "上限"),
    "interval_kind": ("interval_kind", "区间类型"),
    "pool": ("pool", "碳库"),
    "depth": ("depth_cm", "深度", "深度_cm", "深度(cm)"),
    "sequestration": ("sequestration_t_c_ha_yr", "固碳速率"),
    "source": ("source", "来源"),
    "n": ("n", "sites", "站点数", "样点数"),
}
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?")
_ENCODINGS: Final = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows with our column names, and its own names to complain in.

    Attributes:
        where: Name of the file.
        named: Heading in the file of each of our columns that it has.
        rows: Number of each row in the file, and its cells by our columns.
    """

    where: str
    named: dict[str, str]
    rows: list[tuple[int, dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Cells:
    """One row, its number in the file, and the means to complain about it.

    Attributes:
        table: The table it stands in.
        number: Its row in the file.
        values: Its cells by our columns.
    """

    table: Table
    number: int
    values: dict[str, str]

    def refuse(self, column: str, reason: str, fix: str) -> NoReturn:
        """Complain about a cell of this row.

        Raises:
            InputError: Always.
        """
        raise InputError(
            self.table.where,
            reason,
            fix,
            rows=[self.number],
            column=self.table.named.get(column, column),
        )

    def number_in(self, column: str, most: float, unit: str) -> float | None:
        """A number between 0 and ``most``; None for an empty cell."""
        text = unicodedata.normalize("NFKC", self.values.get(column, "")).strip()
        if not text:
            return None
        if not _NUMBER.fullmatch(text.lower()):
            self.refuse(
                column,
                f"{text[:40]!r} is not a number",
                f"Write digits only, in {unit}; leave the cell empty where it is not known",
            )
        value = float(text)
        if not 0 <= value <= most:
            self.refuse(
                column,
                f"{text[:40]} lies outside 0 to {most:,.0f} {unit}",
                f"Check the unit: the column is {unit}, not g/m2, kg/m2 or CO2",
            )
        return value


def _folded(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).strip().casefold()
    return re.sub(r"\s+", "_", text)


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as failed:
        raise InputError(
            path.name, f"the file cannot be read ({failed.strerror})", "Check the path"
        ) from failed
    for encoding in _ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError(
        path.name, "the file is not text in UTF-8 or GB18030", "Save it as CSV UTF-8 and try again"
    )


def _lines(where: str, text: str) -> list[list[str]]:
    try:
        lines = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as failed:
        raise InputError(
            where, f"the file is no CSV ({failed})", "Save it as comma-separated CSV and try again"
        ) from failed
    return lines


def _columns(where: str, header: list[str]) -> dict[str, int]:
    meanings = {word: name for name, words in _HEADERS.items() for word in words}
    found: dict[str, int] = {}
    for place, title in enumerate(header):
        name = meanings.get(_folded(title))
        if name is not None and name in found:
            raise ColumnError(
                where,
                f"two columns claim to be the {name}: {header[found[name]]!r} and {title!r}",
                "Keep one of them",
                column=title,
            )
        if name is not None:
            found[name] = place
    for name in ("ecosystem", "density"):
        if name not in found:
            raise ColumnError(
                where,
                f"there is no column for the {name}",
                f"Name one of the columns: {', '.join(_HEADERS[name])}",
                column=name,
            )
    return found


def read_table(path: Path) -> Table:
    """Rows of a CSV file with our column names; UTF-8 or GB18030, empty rows passed over.

    Raises:
        ColumnError: If a needed column is missing or two claim the same meaning.
        EmptyLayerError: If there is no row.
        InputError: If the file cannot be read, or a row has more cells than headings.
    """
    where = path.name
    lines = _lines(where, _text(path))
    if not any(any(cell.strip() for cell in line) for line in lines):
        raise EmptyLayerError(where)
    header, *body = lines
    found = _columns(where, header)
    rows = []
    for number, line in enumerate(body, 2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) > len(header):
            raise InputError(
                where,
                f"{len(line)} cells under {len(header)} headers",
                "Quote values that contain a comma",
                rows=[number],
            )
        rows.append((number, {n: line[i].strip() for n, i in found.items() if i < len(line)}))
    if not rows:
        raise EmptyLayerError(where)
    return Table(where, {name: header[place] for name, place in found.items()}, rows)
