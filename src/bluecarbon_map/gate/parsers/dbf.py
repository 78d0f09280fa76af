"""Reads the attribute table of a shapefile: strict encodings, nothing cut in silence."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
import pandas as pd

from bluecarbon_map.gate.encodings import KNOWN, is_mostly_common, looks_chinese
from bluecarbon_map.gate.parsers.tidy import (
    MOST_COLUMNS,
    Notes,
    clean,
    clean_name,
    frame,
    too_many_columns,
)
from bluecarbon_map.gate.refused import RefusedError

_HEADER: Final = 32
_FIELD: Final = 32
_END: Final = 0x0D
_DELETED: Final = b"*"
_LDID_AT: Final = 29
_LDID: Final = {0x4D: "gb18030", 0x4F: "big5", 0x7A: "gb18030", 0x78: "big5"}
"""Language ids that are worth believing; those for "ANSI" are set on any file, GBK ones too."""

_CPG: Final = {
    "UTF8": "utf-8", "UTF-8": "utf-8", "65001": "utf-8", "GBK": "gb18030", "GB2312": "gb18030",
    "GB18030": "gb18030", "936": "gb18030", "CP936": "gb18030", "ANSI 936": "gb18030",
    "BIG5": "big5", "950": "big5", "932": "cp932", "SHIFT_JIS": "cp932", "949": "cp949",
    "ISO-8859-1": "cp1252", "ISO 8859-1": "cp1252",
    "88591": "cp1252",
    **{f"{said}{page}": f"cp{page}" for page in range(1250, 1259) for said in ("", "CP", "ANSI ")},
}  # fmt: skip
_NUMBER: Final = re.compile(rb"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_LONGEST_INTEGER: Final = 30
"""Digits of a whole number that is written out; a code has fewer, and 1e999 would have 1,000."""

_ONE_BYTE_LETTERS: Final = 75
"""Bytes beyond ASCII that stand alone in an encoding of one byte a letter; in others are fewer."""

LONGEST_NAME: Final = 10
"""Bytes of a column's name; what a program writes beyond is cut off."""

_NULLS: Final = b" \x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """One column: where its bytes lie in a record, and of which type they are."""

    name: bytes
    kind: str
    start: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """An attribute table as it was read.

    Attributes:
        table: Columns; text, and numbers as the text they are written in.
        kept: Which records are not marked as deleted, shape (records,).
        encoding: Encoding the text was read in.
        full_names: Columns whose names fill all the bytes that a name has here: they may be cut.
    """

    table: pd.DataFrame
    kept: np.ndarray
    encoding: str
    full_names: frozenset[str]


def record_count(raw: bytes) -> int:
    """How many records the header promises."""
    return int.from_bytes(raw[4:8], "little")


def read_dbf(raw: bytes, cpg: str | None, asked: str | None, notes: Notes) -> Attributes:
    """Read a whole table.

    Args:
        raw: Bytes of the file.
        cpg: What the ``.cpg`` beside it says; None where there is none.
        asked: Encoding the user names; it goes before all others.
        notes: Takes what is found.

    Raises:
        RefusedError: If header and bytes disagree, or no encoding fits.
    """
    fields, start, length = _layout(raw)
    count = record_count(raw)
    if start + count * length > len(raw):
        raise RefusedError(
            "damaged",
            f"the .dbf promises {count:,} records but breaks off before the last",
            "Export it again",
        )
    records = [raw[at : at + length] for at in range(start, start + count * length, length)]
    kept = np.array([record[:1] != _DELETED for record in records], dtype=bool)
    text = [f for f in fields if f.kind not in "NFIBOYTD@+"]
    encoding = _encoding(fields, text, records, raw[_LDID_AT], cpg, _asked(asked), notes)
    names = _names(fields, encoding, notes)
    columns = {
        name: _column(field, name, records, encoding, notes)
        for name, field in zip(names, fields, strict=True)
    }
    full = {name for name, one in zip(names, fields, strict=True) if len(one.name) >= LONGEST_NAME}
    return Attributes(
        table=frame(columns, count), kept=kept, encoding=encoding, full_names=frozenset(full)
    )


def _layout(raw: bytes) -> tuple[list[_Field], int, int]:
    """Fields, where the first record begins, and the length of a record, in bytes."""
    start, length = int.from_bytes(raw[8:10], "little"), int.from_bytes(raw[10:12], "little")
    if len(raw) < _HEADER + 1 or start < _HEADER + 1 or start > len(raw):
        raise RefusedError("damaged", "the .dbf has no whole header", "Export it again")
    fields, at, offset = [], _HEADER, 1
    while at + _FIELD <= start and raw[at] != _END:
        size = raw[at + 16]
        fields.append(
            _Field(
                name=raw[at : at + 11].split(b"\x00")[0],
                kind=chr(raw[at + 11]).upper(),
                start=offset,
                length=size,
            )
        )
        offset, at = offset + size, at + _FIELD
    if offset > max(length, 1) or not length:
        raise RefusedError(
            "damaged", "the columns of the .dbf are wider than its records", "Export it again"
        )
    if len(fields) > MOST_COLUMNS:
        raise too_many_columns()
    return fields, start, length


def _encoding(
    fields: Sequence[_Field],
    text: Sequence[_Field],
    records: Sequence[bytes],
    ldid: int,
    cpg: str | None,
    asked: str | None,
    notes: Notes,
) -> str:
    """Encoding of the table.

    The user's word goes first; then UTF-8 where the bytes prove it (letters of three bytes are no
    accident); then ``.cpg`` and language id, save that nearly any bytes fit an encoding of single
    bytes: not where they make Chinese; then the strictest that fits, which is said.
    """
    cells = [field.name for field in fields]
    cells += [r[f.start : f.start + f.length].rstrip(_NULLS) for f in text for r in records]
    cells = [cell for cell in cells if not cell.isascii()]
    if not cells:
        return "utf-8"
    if asked is not None and _fits(asked, cells):
        return asked
    declared = _named(cpg) or _LDID.get(ldid)
    if _is_utf8(cells):
        declared_other = declared not in (None, "utf-8")
        if declared_other or asked is not None:
            notes.warning("encoding", *_other_than_said("UTF-8", cells, "utf-8"))
        return "utf-8"
    if declared is not None and _fits(declared, cells) and not _hides_chinese(declared, cells):
        return declared
    found = next((one for one in ("utf-8", "gb18030") if _fits(one, cells)), None)
    if found is None:
        raise RefusedError(
            "encoding",
            "the text is neither UTF-8 nor GB18030 (GBK), nor what the file says",
            "Name the encoding, or export it as UTF-8",
        )
    if declared is None and asked is None and found == "utf-8" and _fits("gb18030", cells):
        notes.warning(
            "encoding",
            "the file does not say its encoding; it was read as UTF-8, e.g. "
            f"{_example(cells, 'utf-8')!r}, but could be GB18030 (GBK): "
            f"{_example(cells, 'gb18030')!r}",
            "Name the encoding if the names in the preview are wrong",
        )
    elif declared is not None or asked is not None:
        notes.warning("encoding", *_other_than_said(found.upper(), cells, found))
    elif found != "utf-8":
        notes.warning(
            "encoding",
            "the file does not say its encoding; the text is not UTF-8 and was read as GB18030 "
            f"(GBK), e.g. {_example(cells, found)!r}",
            "Check the names in the preview; name the encoding if they are wrong",
        )
    return found


def _other_than_said(shown: str, cells: Sequence[bytes], encoding: str) -> tuple[str, str]:
    example = _example(cells, encoding)
    return (
        f"the text is not in the encoding that was named; it was read as {shown}, e.g. {example!r}",
        "Check the names in the preview; name the encoding if they are wrong",
    )


def _is_utf8(cells: Sequence[bytes]) -> bool:
    """Whether the text is UTF-8 beyond doubt: it fits, with a letter of three bytes or more."""
    if not _fits("utf-8", cells):
        return False
    return any(letter >= "\u0800" for cell in cells for letter in cell.decode("utf-8", "ignore"))


def _hides_chinese(declared: str, cells: Sequence[bytes]) -> bool:
    """Whether an encoding of single bytes is declared for what is Chinese in GB18030."""
    if not _is_of_single_bytes(declared) or not _fits("gb18030", cells):
        return False
    chinese = _joined(cells, "gb18030")
    if not looks_chinese(chinese):
        return False
    foreign = [letter for letter in _joined(cells, declared) if letter.isalpha()]
    is_latin = all(letter < "\u0370" for letter in foreign)
    return is_latin or is_mostly_common(chinese)


def _is_of_single_bytes(encoding: str) -> bool:
    alone = (bytes([byte]).decode(encoding, "ignore") for byte in range(0x80, 0x100))
    return sum(map(bool, alone)) >= _ONE_BYTE_LETTERS


def _joined(cells: Sequence[bytes], encoding: str) -> str:
    return "".join(cell.decode(encoding, "ignore") for cell in cells)


def _named(cpg: str | None) -> str | None:
    """Codec that a ``.cpg`` names; None where there is none or it is not known."""
    if cpg is None:
        return None
    return _CPG.get(cpg.strip().strip("\x00\ufeff").upper())


def _asked(word: str | None) -> str | None:
    """Codec of the encoding that the user names.

    Raises:
        RefusedError: If it is none that is read here; Python knows others, which are no text.
    """
    if word is None:
        return None
    codec = KNOWN.get(word.strip().casefold())
    if codec is None:
        raise RefusedError(
            "encoding",
            f"{word[:40]!r} is no encoding this system reads",
            "Name another, e.g. UTF-8 or GB18030",
        )
    return codec.removesuffix("-sig")


def _fits(encoding: str, cells: Sequence[bytes]) -> bool:
    """Whether every cell is text of an encoding; a letter cut at the end of a cell is let off."""
    try:
        for cell in cells:
            if not cell.isascii():
                codecs.getincrementaldecoder(encoding)("strict").decode(cell, final=False)
    except (UnicodeError, LookupError):
        return False
    return True


def _example(cells: Sequence[bytes], encoding: str) -> str:
    return next(cell for cell in cells if not cell.isascii()).decode(encoding, "ignore")[:20]


def _names(fields: Sequence[_Field], encoding: str, notes: Notes) -> list[str]:
    """Names of the columns, each its own; names that were cut at ten letters may be equal."""
    names: list[str] = []
    for field in fields:
        name = clean_name(field.name.decode(encoding, "ignore").strip()) or "column"
        free, at = name, 2
        while free in names:
            free, at = f"{name}_{at}", at + 1
        if free != name:
            notes.warning(
                "field_names",
                f"two columns are named {name!r} (a shapefile cuts names at 10 letters); one was "
                f"renamed {free!r}",
                "Check which is which, or export as GeoPackage",
            )
        names.append(free)
    return names


def _column(
    field: _Field, name: str, records: Sequence[bytes], encoding: str, notes: Notes
) -> list[object]:
    end = field.start + field.length
    if field.kind in "NFD":
        cells = (record[field.start : end].strip(_NULLS) for record in records)
        made = [_number(cell, row, name, notes) for row, cell in enumerate(cells, 1)]
        padded = field.kind != "D"
        return [cell and _without_padding(cell) if padded else cell for cell in made]
    if field.kind in "CL":
        cells = (record[field.start : end].rstrip(_NULLS) for record in records)
        return [
            _text(cell, row, name, encoding, notes) if cell else None
            for row, cell in enumerate(cells, 1)
        ]
    notes.warning(
        "column_type",
        f"a column of type {field.kind!r} is not read",
        "Export it as text or number",
        column=name,
    )
    return [None] * len(records)


def _number(cell: bytes, row: int, name: str, notes: Notes) -> str | None:
    """Digits as they are written; a day as ISO date is for the rows to read."""
    if not cell or (set(cell) <= {0x30} and len(cell) == 8):  # an empty date
        return None if len(cell) != 1 else "0"
    if set(cell) == {ord("*")}:
        notes.warning(
            "stars",
            "the number did not fit its column (***), so it is missing",
            "Widen the column at its source and export again",
            row=row,
            column=name,
        )
        return None
    text = cell.decode("ascii", "replace")
    if not _NUMBER.fullmatch(cell):
        notes.error(
            "text_in_number",
            f"{text[:40]!r} stands in a column of numbers",
            "Write a number, or leave the cell empty where it is not known",
            row=row,
            column=name,
        )
        return None
    return text


def _without_padding(text: str) -> str:
    """A number without the zeros that a column of doubles puts behind it; no digit is changed.

    A code in such a column is written 330382.000000000000000 or 3.303820000000000e+005.
    """
    if text.lstrip("+-").isdigit():
        return text
    number = Decimal(text)
    if not number:
        return "0"
    if number.adjusted() < _LONGEST_INTEGER and number == number.to_integral_value():
        return str(int(number))
    return text if "e" in text.lower() else text.rstrip("0")


def _text(cell: bytes, row: int, name: str, encoding: str, notes: Notes) -> object:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    text = decoder.decode(cell, final=False)
    if decoder.getstate()[0]:
        notes.warning(
            "cut_letter",
            "the last letter was cut in half by the width of the column and left out",
            "Check the name, or export as GeoPackage",
            row=row,
            column=name,
        )
    return clean(text, notes, row, name)
