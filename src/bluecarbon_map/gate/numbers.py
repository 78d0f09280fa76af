"""Numbers as people write them: only true ones are taken, and one rule holds for a column."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from bluecarbon_map.gate.texts import as_text
from bluecarbon_map.tables import NO_DATA_NUMBERS

_PLAIN: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_THREE_BEHIND: Final = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d+|[+-]?\d{1,3}(,\d{3}){2,}", re.ASCII)
_DOTTED: Final = re.compile(
    r"[+-]?\d{1,3}(\.\d{3})+,\d+|[+-]?\d{1,3}(\.\d{3}){2,}|[+-]?(\d+,\d+|,\d+)", re.ASCII
)
_UNCLEAR: Final = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}", re.ASCII)

_NO_DATA: Final = frozenset(map(Decimal, NO_DATA_NUMBERS))
_BEYOND: Final = Decimal("1e20")


class Marks(Enum):
    """How a column writes its numbers."""

    POINT = "point"
    COMMA = "comma"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was made of a number.

    Attributes:
        value: The number; None where there is none or it cannot be used.
        fault: Why it cannot be used; None where it can.
        comma: Whether a comma was read, as the mark of decimals or of thousands.
    """

    value: Decimal | None = None
    fault: str | None = None
    comma: bool = False


_NOTHING: Final = Read()


def marks_of(values: Iterable[Any]) -> Marks | None:
    """Which mark the numbers of a column show beyond doubt; None where none or both."""
    found: set[Marks] = set()
    for value in values:
        if isinstance(value, str) and "," in value:
            text = value.strip()
            if _THOUSANDS.fullmatch(text):
                found.add(Marks.POINT)
            elif _DOTTED.fullmatch(text) and not _UNCLEAR.fullmatch(text):
                found.add(Marks.COMMA)
    return found.pop() if len(found) == 1 else None


def number_of(value: Any, marks: Marks | None = None) -> Read:  # noqa: ANN401
    """One number, exactly as written.

    Args:
        value: Text or number of the file; empty and missing is unknown.
        marks: What `marks_of` says of its column.
    """
    if isinstance(value, bool):
        return Read(fault="true and false are no numbers")
    if isinstance(value, float) and math.isfinite(value):
        return _checked(Decimal(repr(float(value))))
    text = as_text(value)
    if text is None or not text.strip():
        return _NOTHING
    return _spelt(text.strip(" \t\r\n\u00a0\u3000"), marks)


def _spelt(text: str, marks: Marks | None) -> Read:
    if _PLAIN.fullmatch(text):
        if marks is Marks.COMMA and _THREE_BEHIND.fullmatch(text):
            return Read(fault="is unclear: the column writes decimal commas, is this a thousand?")
        return _checked(Decimal(text))
    if _UNCLEAR.fullmatch(text):
        if marks is None:
            return Read(fault="is unclear: does the comma mark thousands or decimals?")
        return _with_comma(text, marks)
    if _THOUSANDS.fullmatch(text):
        return _with_comma(text, Marks.POINT)
    if _DOTTED.fullmatch(text):
        return _with_comma(text, Marks.COMMA)
    return Read(fault="is not a number")


def _with_comma(text: str, marks: Marks) -> Read:
    if marks is Marks.POINT:
        plain = text.replace(",", "")
    else:
        plain = text.replace(".", "").replace(",", ".")
    read = _checked(Decimal(plain))
    return Read(value=read.value, fault=read.fault, comma=True)


def _checked(number: Decimal) -> Read:
    if number in _NO_DATA:
        return Read(fault="is how some programs write 'no data'")
    if abs(number) >= _BEYOND:
        return Read(fault="is larger than any amount can be")
    return Read(value=number)
