"""Words of the trade, and common misunderstandings, each with its source."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass, fields
from functools import cache
from typing import Final, TypeVar

import pandas as pd

from bluecarbon_map.files import data_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One word of the trade; columns of ``data/vocabulary/glossary.csv``."""

    term_id: str
    term_zh: str
    term_en: str
    definition_zh: str
    definition_en: str
    source_zh: str
    source_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Misunderstanding:
    """What people say, and what is right; ``data/vocabulary/misunderstandings.csv``."""

    misunderstanding_id: str
    said_zh: str
    said_en: str
    right_zh: str
    right_en: str
    source_zh: str
    source_en: str


Row = TypeVar("Row", Term, Misunderstanding)

_GLOSSARY: Final = "glossary.csv"
_MISUNDERSTANDINGS: Final = "misunderstandings.csv"


@cache
def glossary() -> tuple[Term, ...]:
    """Every term, in the order of the file."""
    return _read(_GLOSSARY, Term)


@cache
def misunderstandings() -> tuple[Misunderstanding, ...]:
    """Every misunderstanding, in the order of the file."""
    return _read(_MISUNDERSTANDINGS, Misunderstanding)


def _read(name: str, kind: type[Row]) -> tuple[Row, ...]:
    path = data_folder() / "vocabulary" / name
    known = [field.name for field in fields(kind)]
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(
            kind(**{column: row[column] for column in known}) for row in csv.DictReader(file)
        )


def matching(table: pd.DataFrame, words: str) -> pd.Series[bool]:
    """Rows of a table in which every word stands, in any column, whatever its case or width.

    Args:
        table: Any table.
        words: Words, with spaces between; none finds every row.
    """
    wanted = _folded(words).split()
    found = [
        all(word in line for word in wanted)
        for line in (
            _folded("\n".join(str(cell) for cell in row if not pd.isna(cell)))
            for row in table.itertuples(index=False)
        )
    ]
    return pd.Series(found, index=table.index, dtype=bool)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
