"""Files to fill in: every column explained, closed lists to choose from, one marked example.

The example is left out when the file is imported: its id begins with ``示例 EXAMPLE``.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import shapely
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.files import data_folder
from bluecarbon_map.gate.examples import EXAMPLE
from bluecarbon_map.gate.kinds import CONTRACTS, Kind
from bluecarbon_map.gate.parsers.workbook import ABOUT_SHEET, LISTS_SHEET
from bluecarbon_map.gate.vocabulary import INDICATOR_WORDS, KIND_WORDS, PROVENANCE_WORDS
from bluecarbon_map.gate.wanted import ID_OF, WANTED, Reads, Wanted
from bluecarbon_map.geodesy import STORAGE_CRS
from bluecarbon_map.tables import Level, dictionary

FORMATS: Final[dict[Kind, tuple[str, ...]]] = {
    kind: ("xlsx", "gpkg") if kind is Kind.SITES else ("xlsx",)
    for kind in WANTED
    if kind not in {Kind.HABITATS, Kind.ZONES, Kind.TARGETS, Kind.REGISTERS}
} | {Kind.HABITATS: ("gpkg",), Kind.ZONES: ("gpkg",)}
"""Formats that there is a template in: outlines need a GeoPackage."""

SHEET: Final = "数据 Data"
_ROWS_WITH_LISTS: Final = 5_000
_EXAMPLE_SHAPE: Final = {
    Kind.HABITATS: shapely.MultiPolygon([shapely.box(121.20, 28.35, 121.21, 28.36)]),
    Kind.ZONES: shapely.MultiPolygon([shapely.box(121.15, 28.30, 121.25, 28.40)]),
    Kind.SITES: shapely.Point(121.20, 28.35),
}
"""Somewhere in Yueqing Bay; the outline of nothing."""

_LISTS: Final[dict[str, tuple[str, ...]]] = {
    "ecosystem": tuple(
        name for e in ECOSYSTEMS.values() for name in (e.name_zh, e.name_en)
    ),
    "provenance": tuple(PROVENANCE_WORDS),
    "indicator": tuple(INDICATOR_WORDS),
    "unit": ("公顷", "亩", "平方公里", "公里", "米", "ha", "mu", "km2", "km", "m"),
    "level": tuple(level.value for level in Level),
    "kind": tuple(KIND_WORDS),
}  # fmt: skip
_OPEN: Final = frozenset({"ecosystem", "kind"})
"""Lists that other words are allowed beside: survey codes, other events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a template.

    Attributes:
        wanted: Which it is.
        label: Its heading, a name that the gate recognises.
        unit: Unit of its numbers; '' where it has none.
        note_zh: What to write, Chinese.
        note_en: What to write, English.
        needed: Whether a row cannot do without it.
        example: What the example says; None where it says nothing.
    """

    wanted: Wanted
    label: str
    unit: str
    note_zh: str
    note_en: str
    needed: bool
    example: str | None


def template(kind: Kind, suffix: str) -> bytes:
    """A file to fill in.

    Args:
        kind: What it is for.
        suffix: ``xlsx`` or ``gpkg``, one of ``FORMATS[kind]``.

    Raises:
        ValueError: If there is no such template.
    """
    if suffix not in FORMATS.get(kind, ()):
        raise ValueError(f"no template of {kind} as {suffix}")
    return _workbook(kind) if suffix == "xlsx" else _geopackage(kind)


def columns_of(kind: Kind) -> tuple[Column, ...]:
    """Columns of the template of a kind, in the order of its contract."""
    described = dictionary(CONTRACTS[kind]).set_index("column")
    notes = _notes()
    made = []
    for wanted in WANTED[kind]:
        if not wanted.stored:
            continue
        said, contract = notes[kind, wanted.name], described.loc[wanted.name]
        own = wanted.name == ID_OF[kind]
        made.append(
            Column(
                wanted=wanted,
                label=said["label_zh"],
                unit=str(contract["unit"]),
                note_zh=said["note_zh"],
                note_en=str(contract["description"]),
                needed=wanted.needed or wanted.name in _NEEDED or (kind, wanted.name) in _NEEDED_OF,
                example=EXAMPLE if own else said["example"] or None,
            )
        )
    return tuple(made)


_NEEDED: Final = frozenset({"lon", "lat", "indicator", "kind"})
_NEEDED_OF: Final = {
    (Kind.HABITATS, "ecosystem"), (Kind.SITES, "ecosystem"), (Kind.HARVESTS, "species"),
}  # fmt: skip


@cache
def _notes() -> dict[tuple[str, str], dict[str, str]]:
    path = data_folder() / "vocabulary" / "column_notes.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {(row["kind"], row["column"]): row for row in csv.DictReader(file)}


def _workbook(kind: Kind) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#EAF2F8", "bottom": 1})
        grey = {"italic": True, "font_color": "#808080"}
        data = book.add_worksheet(SHEET)
        lists = _Lists(book.add_worksheet(ABOUT_SHEET), book.add_worksheet(LISTS_SHEET))
        columns = columns_of(kind)
        for at, column in enumerate(columns):
            plain = _number_format(column.wanted)
            data.set_column(at, at, 16, book.add_format(plain))
            data.write_string(0, at, column.label, head)
            data.write_comment(0, at, _note(column), {"x_scale": 2})
            _write(data, at, column, book.add_format({**plain, **grey}))
            lists.offer(data, at, column)
        data.freeze_panes(1, 0)
        _about(lists.about, columns, head)
        lists.sheet.hide()
    return out.getvalue()


def _number_format(wanted: Wanted) -> dict[str, str]:
    """How a spreadsheet keeps a column: what is no number is text, so that 00123 stays 00123."""
    if wanted.reads is Reads.DAY:
        return {"num_format": "yyyy-mm-dd"}
    return {} if _is_number(wanted) else {"num_format": "@"}


def _is_number(wanted: Wanted) -> bool:
    return wanted.reads in {Reads.NUMBER, Reads.DECIMAL} or wanted.name in {"lon", "lat"}


def _note(column: Column) -> str:
    unit = f"\n单位 unit: {column.unit}" if column.unit else ""
    return f"{column.note_zh}\n{column.wanted.name}: {column.note_en}{unit}"


def _write(sheet: Worksheet, at: int, column: Column, style: Format) -> None:
    """The cell of the example, as the kind of column has it."""
    if column.example is None:
        return
    if _is_number(column.wanted):
        sheet.write_number(1, at, float(column.example), style)
    elif column.wanted.reads is Reads.DAY:
        sheet.write_datetime(1, at, datetime.fromisoformat(column.example), style)
    else:
        sheet.write_string(1, at, column.example, style)


class _Lists:
    """Closed lists on a sheet of their own, which a cell may choose from."""

    def __init__(self, about: Worksheet, sheet: Worksheet) -> None:
        self.about, self.sheet = about, sheet
        self._used = 0

    def offer(self, data: Worksheet, at: int, column: Column) -> None:
        """Let the cells of a column choose from its list, where it has one."""
        words = _LISTS.get(column.wanted.name)
        if words is None:
            return
        for row, word in enumerate((column.wanted.name, *words)):
            self.sheet.write_string(row, self._used, word)
        letter = chr(ord("A") + self._used)
        data.data_validation(
            1, at, _ROWS_WITH_LISTS, at,
            {
                "validate": "list",
                "source": f"='{LISTS_SHEET}'!${letter}$2:${letter}${len(words) + 1}",
                "error_type": "information" if column.wanted.name in _OPEN else "stop",
            },
        )  # fmt: skip
        self._used += 1


def _about(sheet: Worksheet, columns: Sequence[Column], head: Format) -> None:
    titles = ("列 Column", "列名 Name", "必填 Needed", "单位 Unit", "说明", "Meaning")
    for at, title in enumerate(titles):
        sheet.write_string(0, at, title, head)
    for row, one in enumerate(columns, start=1):
        needed = "是 yes" if one.needed else ""
        cells = (one.label, one.wanted.name, needed, one.unit, one.note_zh, one.note_en)
        for at, cell in enumerate(cells):
            sheet.write_string(row, at, cell)
    for at, width in enumerate((18, 26, 12, 14, 60, 60)):
        sheet.set_column(at, at, width)
    sheet.write_string(
        len(columns) + 2, 0,
        f"编号以“{EXAMPLE}”开头的行是示例，导入时自动略过。不清楚的格子请空着，不要写 0。",
    )  # fmt: skip
    sheet.write_string(
        len(columns) + 3, 0,
        f"The row whose id begins with {EXAMPLE} is an example and is left out on import. "
        "Leave a cell empty where the value is not known; never write 0 for it.",
    )  # fmt: skip


def _geopackage(kind: Kind) -> bytes:
    values: dict[str, list[Any]] = {}
    for column in columns_of(kind):
        if kind is Kind.SITES and column.wanted.name in {"lon", "lat"}:
            continue
        number = column.wanted.reads is Reads.NUMBER
        empty = float("nan") if number else None
        said = column.example
        values[column.wanted.name] = [empty if said is None else float(said) if number else said]
    shape = _EXAMPLE_SHAPE[kind]
    layer = gpd.GeoDataFrame(values, geometry=[shape], crs=STORAGE_CRS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind}.gpkg"
        layer.to_file(path, layer=str(kind), driver="GPKG", geometry_type=shape.geom_type)
        return path.read_bytes()
