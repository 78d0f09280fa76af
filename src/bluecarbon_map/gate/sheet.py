"""The rows of one file while they are read: its columns by contract, and what is said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from bluecarbon_map.gate import dates, measures, numbers
from bluecarbon_map.gate.columns import Found
from bluecarbon_map.gate.findings import Findings, shown
from bluecarbon_map.gate.kinds import Options
from bluecarbon_map.gate.parsed import Parsed
from bluecarbon_map.gate.texts import CHANGES, LONGEST_TEXT, as_text, clean
from bluecarbon_map.gate.wanted import Reads, Wanted

Cells = list[Any]

_EXACT_TO: Final = 2**53
"""Integers beyond it are not exact as floating-point numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One file being read.

    Attributes:
        parsed: The file.
        options: What the user says of it.
        found: Columns that were recognised, by column of the contract.
        findings: What is said of it.
        today: Nothing was observed after it.
        left_out: Positions of rows that cannot be used; a finding says so of each.
        row_of: Row number of each position.
    """

    parsed: Parsed
    options: Options
    found: dict[str, Found]
    findings: Findings
    today: date
    left_out: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.parsed.row_numbers)

    def row(self, at: int) -> int:
        """Row number of a position, as a reader of the file counts."""
        return self.parsed.row_numbers[at]

    def cells(self, name: str) -> Cells | None:
        """Cells of a column of the contract as the file has them; None where it has none."""
        found = self.found.get(name)
        return None if found is None else self.parsed.table[found.column].tolist()

    def column(self, name: str) -> str | None:
        """Name of a column of the contract in the file."""
        found = self.found.get(name)
        return None if found is None else found.column

    def used(self) -> Iterator[int]:
        """Positions of the rows that are read."""
        return (at for at in range(len(self)) if at not in self.left_out)

    def nothing(self) -> Cells:
        """A column in which nothing is known."""
        return [None] * len(self)


def read_column(sheet: Sheet, wanted: Wanted) -> Cells:
    """Cells of one plain column as its contract wants them; None where unknown or unusable."""
    cells = sheet.cells(wanted.name)
    if cells is None:
        return _absent(sheet, wanted)
    reader = {
        Reads.TEXT: texts, Reads.ID: ids, Reads.NUMBER: amounts, Reads.DECIMAL: amounts,
        Reads.DAY: days, Reads.PART_OF_TIME: days,
    }[wanted.reads]  # fmt: skip
    made = reader(sheet, wanted, cells)
    if wanted.needed:
        _require(sheet, wanted, cells)
    return made


def _absent(sheet: Sheet, wanted: Wanted) -> Cells:
    if wanted.needed:
        words = ", ".join(wanted.words()[:8])
        sheet.findings.error(
            "column_missing",
            f"no column is {wanted.name}",
            f"Name it {words}, or say which column it is",
            count=len(sheet),
        )
    return sheet.nothing()


def _require(sheet: Sheet, wanted: Wanted, cells: Cells) -> None:
    for at in sheet.used():
        text = as_text(cells[at])
        if text is None or not text.strip():
            sheet.findings.error(
                "cell_empty",
                f"{wanted.name} is empty",
                "Fill the cell, or delete the row",
                row=sheet.row(at),
                column=sheet.column(wanted.name),
            )


def texts(sheet: Sheet, wanted: Wanted, cells: Cells) -> Cells:
    """Text as it is stored: `texts.clean`, and what that changed is said."""
    made = sheet.nothing()
    for at in sheet.used():
        text = as_text(cells[at])
        if text is None:
            continue
        if len(text) <= LONGEST_TEXT:
            made[at], changes = clean(text)
            if changes:
                _say_changes(sheet, at, wanted.name, text, changes)
        else:
            sheet.findings.error(
                "text_too_long",
                f"a text of {len(text):,} letters; {LONGEST_TEXT:,} are the most",
                "Shorten it",
                row=sheet.row(at),
                column=sheet.column(wanted.name),
            )
    return made


def _say_changes(sheet: Sheet, at: int, name: str, text: str, changes: tuple[str, ...]) -> None:
    for change in changes:
        kept = change == "mixed_script"
        sheet.findings.warning(
            change,
            f"{shown(text)}: {CHANGES[change]}",
            "Check the spelling; it is stored as it is" if kept else "It was taken out",
            row=sheet.row(at),
            column=sheet.column(name),
        )


def ids(sheet: Sheet, wanted: Wanted, cells: Cells) -> Cells:
    """Ids as text, letter by letter; a number that no program holds exactly is pointed out."""
    for at in sheet.used():
        value = cells[at]
        if isinstance(value, int) and abs(value) > _EXACT_TO:
            sheet.findings.warning(
                "big_integer",
                f"{value} is larger than most programs hold exactly",
                "It is kept as text, digit by digit; write it as text in the file",
                row=sheet.row(at),
                column=sheet.column(wanted.name),
            )
    return texts(sheet, wanted, cells)


def numbers_of(sheet: Sheet, name: str, cells: Cells, fix: str) -> list[Decimal | None]:
    """True numbers of a column; every other spelling is an error by row, a comma a warning."""
    marks = numbers.marks_of(cells)
    made: list[Decimal | None] = [None] * len(sheet)
    for at in sheet.used():
        read = numbers.number_of(cells[at], marks)
        made[at] = read.value
        row, column = sheet.row(at), sheet.column(name)
        if read.fault:
            sheet.findings.error(
                "number", f"{shown(cells[at])} {read.fault}", fix, row=row, column=column
            )
        elif read.comma:
            sheet.findings.warning(
                "number_comma",
                f"{shown(cells[at])} was read as {read.value}",
                "Write numbers with a point and without marks of thousands",
                row=row,
                column=column,
            )
    return made


def amounts(sheet: Sheet, wanted: Wanted, cells: Cells) -> Cells:
    """Amounts in the unit of the contract: decimals where they are traded, else floats."""
    measure = wanted.measure
    unit = _unit(sheet, wanted)
    if measure is None or unit is None:
        return sheet.nothing()
    fix = f"Write digits only, in {unit[0]}; leave the cell empty where it is not known"
    made = sheet.nothing()
    exact = wanted.reads is Reads.DECIMAL
    for at, number in enumerate(numbers_of(sheet, wanted.name, cells, fix)):
        if number is not None:
            value = unit[1](number if exact else float(number))
            made[at] = _within(sheet, at, wanted, value, unit[0])
    return made


def _unit(sheet: Sheet, wanted: Wanted) -> tuple[str, Any] | None:
    """Name of the unit a column is in and how it becomes the contract's; None where unknown."""
    found, measure = sheet.found[wanted.name], wanted.measure
    if measure is None:
        return None
    if found.unit:
        unit = measure.spelt[found.unit]
        if unit[0] != measure.unit and measure is not measures.AMOUNT:
            sheet.findings.info(
                "unit_converted",
                f"{unit[0]} was converted to {measure.unit}",
                "Nothing to do",
                column=found.column,
            )
        return unit
    if measure.must_say:
        _ask_unit(sheet, wanted, measure.unit)
        return None
    if measure.bare or found.by_user:
        return measure.unit, lambda value: value
    sheet.findings.warning(
        "unit_missing",
        f"{shown(found.column)} does not say its unit, so it was not read",
        "Name the column e.g. area_ha, 面积_公顷 or 面积_亩, or say that it is in hectares",
        column=found.column,
        count=len(sheet),
    )
    return None


def _ask_unit(sheet: Sheet, wanted: Wanted, unit: str) -> None:
    column = sheet.found[wanted.name].column
    word = next((one for one in wanted.words() if not one.isascii()), wanted.name)
    sheet.findings.error(
        "unit_missing",
        f"{shown(column)} does not say its unit: per cent, g/kg or {unit}?",
        f"Name the column {word}（%） or {word}（g/kg）, or {wanted.name} where it is in {unit}",
        column=column,
        count=len(sheet),
    )


def _within(sheet: Sheet, at: int, wanted: Wanted, value: Any, unit: str) -> Any:  # noqa: ANN401
    low = value <= 0 if wanted.above_0 else value < 0
    high = wanted.most is not None and value > wanted.most
    if not low and not high:
        return value
    least = "more than 0" if wanted.above_0 else "0 or more"
    limit = least if wanted.most is None else f"{least} and at most {wanted.most:g}"
    of = wanted.measure.unit if wanted.measure else ""
    sheet.findings.error(
        "out_of_range",
        f"{value:g} {of} cannot be: it has to be {limit}",
        f"Check the number and its unit ({unit}); leave the cell empty where it is not known",
        row=sheet.row(at),
        column=sheet.column(wanted.name),
    )
    return None


def days(sheet: Sheet, wanted: Wanted, cells: Cells) -> Cells:
    """ISO dates; one order for the whole column."""
    order = _order(sheet, wanted, cells)
    partial = wanted.reads is Reads.PART_OF_TIME
    made = sheet.nothing()
    for at in sheet.used():
        day = dates.day_of(cells[at], order, partial=partial, today=sheet.today)
        made[at] = day.value
        if day.fault or (day.unclear and wanted.needed):
            fault = day.fault or "could be day and month or month and day"
            sheet.findings.error(
                "date",
                f"{shown(as_text(cells[at]) or '')} {fault}",
                _A_DAY if fault == dates.NO_DAY else _date_fix(wanted),
                row=sheet.row(at),
                column=sheet.column(wanted.name),
            )
    return made


def _date_fix(wanted: Wanted) -> str:
    partial = wanted.reads is Reads.PART_OF_TIME
    spelt = "2024-03-09, 2024-03 or 2024" if partial else "2024-03-09"
    return f"Write it as {spelt}, or say the order of the column; empty if it is not known"


def _order(sheet: Sheet, wanted: Wanted, cells: Cells) -> dates.Order | None:
    asked = sheet.options.date_order
    fits = dates.orders_of(cells)
    if asked in set(dates.Order):
        return dates.Order(asked)
    if fits is None:
        return None
    column = sheet.column(wanted.name)
    if not fits:
        sheet.findings.error(
            "date_order_mixed",
            "some dates can only be day/month/year and others only month/day/year",
            "Write them all as 2024-03-09",
            column=column,
        )
        return None
    if len(fits) == 1:
        order = fits.pop()
        sheet.findings.warning(
            "date_order",
            f"the dates were read as {_SAID[order]}, the only order that fits every row",
            "Say the order if it is another, or write 2024-03-09",
            column=column,
        )
        return order
    sheet.findings.warning(
        "date_ambiguous",
        "day and month cannot be told apart, so these dates stay unknown",
        "Say which comes first, day (dmy) or month (mdy), or write 2024-03-09",
        column=column,
    )
    return None


_A_DAY: Final = (
    "This column holds days: write one, e.g. 2024-03-09; where only the month is known, leave the "
    "cell empty and keep the month in the note"
)
_SAID: Final = {dates.Order.DMY: "day/month/year", dates.Order.MDY: "month/day/year"}
