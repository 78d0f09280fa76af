"""Dates as people write them: ISO out, one rule for a column, nothing guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from bluecarbon_map.gate.texts import as_text

FIRST_YEAR: Final = 1900
_BUDDHIST_YEARS: Final = 543
"""The Buddhist era is that many years ahead."""

_YEAR_FIRST: Final = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})"
    r"|年(\d{1,2})月(\d{1,2})[日号]|(\d{2})(\d{2}))"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_PART: Final = re.compile(r"(\d{4})(?:年|[-/.](\d{1,2})|年(\d{1,2})月)?", re.ASCII)
_CUT_MONTH: Final = re.compile(r"\d{4}\.1", re.ASCII)
"""January, or October whose 0 a spreadsheet or a column of numbers took off."""

_YEAR_LAST: Final = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})", re.ASCII)


NO_DAY: Final = "is a year or month, not a day"


class Order(StrEnum):
    """Which number of a date comes first."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What was made of a date.

    Attributes:
        value: ISO date, or month or year; None where there is none or it cannot be used.
        fault: Why it cannot be used.
        unclear: Whether day and month cannot be told apart.
    """

    value: str | None = None
    fault: str | None = None
    unclear: bool = False


_NOTHING: Final = Day()


def orders_of(values: Iterable[Any]) -> set[Order] | None:
    """Orders that every date with the year last could have; None where a column has no such."""
    fits = {Order.DMY, Order.MDY}
    found = False
    for value in values:
        if isinstance(value, str) and (match := _YEAR_LAST.fullmatch(value.strip())):
            first, second = int(match[1]), int(match[3])
            if first == second:
                continue
            found = True
            if first > 12:
                fits.discard(Order.MDY)
            if second > 12:
                fits.discard(Order.DMY)
    return fits if found else None


def day_of(value: Any, order: Order | None, *, partial: bool, today: date) -> Day:  # noqa: ANN401
    """One date.

    Args:
        value: Text, date or number of the file; empty and missing is unknown.
        order: Order of dates with the year last, where it is known for the column.
        partial: Whether a year or a month alone will do.
        today: Nothing was observed after it.
    """
    text = as_text(value)
    if text is None or not text.strip():
        return _NOTHING
    if _is_fraction(value):
        return Day(
            fault="is a number, not a date: a number cannot tell October (2023.10) from January"
        )
    if isinstance(value, datetime):
        return _real(value.year, value.month, value.day, today)
    return _written(text.strip(), order, partial=partial, today=today)


def _is_fraction(value: object) -> bool:
    return isinstance(value, (float, Decimal)) and value % 1 != 0


def _written(text: str, order: Order | None, *, partial: bool, today: date) -> Day:
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = (int(part) for part in match.groups() if part)
        return _real(year, month, day, today)
    if match := _YEAR_LAST.fullmatch(text):
        return _year_last(int(match[1]), int(match[3]), int(match[4]), order, today)
    if _CUT_MONTH.fullmatch(text):
        return Day(fault="could be January or October (a 0 at the end is easily lost)")
    if match := _PART.fullmatch(text):
        if partial:
            month_text = match[2] or match[3]
            return _month(int(match[1]), int(month_text) if month_text else None, today)
        return Day(fault=NO_DAY)
    if text.isdigit():
        return Day(fault="is a bare number: a spreadsheet's count of days, or what?")
    return Day(fault="is no date that can be read without guessing")


def _year_last(first: int, second: int, year: int, order: Order | None, today: date) -> Day:
    if order is Order.YMD:
        return Day(fault="has its year last, other than was said of the column")
    if order is Order.MDY:
        return _real(year, first, second, today)
    if order is Order.DMY or first == second:
        return _real(year, second, first, today)
    return Day(unclear=True)


def _real(year: int, month: int, day: int, today: date) -> Day:
    try:
        found = date(year, month, day)
    except ValueError:
        return Day(fault="is not in the calendar")
    if fault := _year_fault(year, today) or ("lies in the future" if found > today else None):
        return Day(fault=fault)
    return Day(value=found.isoformat())


def _month(year: int, month: int | None, today: date) -> Day:
    if month is not None and not 1 <= month <= 12:
        return Day(fault="is not in the calendar")
    if fault := _year_fault(year, today):
        return Day(fault=fault)
    if month is not None and (year, month) > (today.year, today.month):
        return Day(fault="lies in the future")
    return Day(value=f"{year:04d}" if month is None else f"{year:04d}-{month:02d}")


def _year_fault(year: int, today: date) -> str | None:
    if year < FIRST_YEAR:
        return f"lies before {FIRST_YEAR}"
    if year <= today.year:
        return None
    if FIRST_YEAR <= year - _BUDDHIST_YEARS <= today.year:
        return f"lies in the future (a year of the Buddhist era? {year - _BUDDHIST_YEARS} of ours)"
    return "lies in the future"
