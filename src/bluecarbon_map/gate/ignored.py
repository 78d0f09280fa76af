"""Columns of a file that go nowhere, and which of them may have been meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bluecarbon_map.gate.findings import shown
from bluecarbon_map.gate.numbers import number_of
from bluecarbon_map.gate.sheet import Sheet
from bluecarbon_map.gate.texts import as_text
from bluecarbon_map.gate.wanted import WANTED, Reads, Wanted, begins_with, has_other_unit


def say_ignored(sheet: Sheet, ignored: Sequence[str]) -> None:
    """What goes nowhere; what looks like a column that is missing otherwise is a warning."""
    lost = [one for one in WANTED[sheet.options.kind] if one.name not in sheet.found]
    for name in ignored:
        if not _say_other_unit(sheet, name, lost):
            _say_longer_name(sheet, name, lost)
    if ignored:
        sheet.findings.info(
            "columns_ignored",
            f"{len(ignored)} columns go nowhere: {', '.join(map(repr, ignored[:20]))}",
            "Map a column if it is needed",
            count=len(ignored),
        )


def _say_other_unit(sheet: Sheet, name: str, lost: Sequence[Wanted]) -> bool:
    """A quantity that is lost for its unit alone; whether it is one."""
    wanted = next((one for one in lost if has_other_unit(one, name)), None)
    if wanted is None or wanted.measure is None:
        return False
    known = dict.fromkeys(unit for unit, _ in wanted.measure.spelt.values())
    sheet.findings.warning(
        "unit_unknown",
        f"{shown(name)} seems to be {wanted.name} in a unit that is not known; it was not read",
        f"Give it in {', '.join(known)}, and name the unit in the heading",
        column=name,
        count=len(sheet),
    )
    return True


def _say_longer_name(sheet: Sheet, name: str, lost: Sequence[Wanted]) -> None:
    """An amount or a day whose name begins as that of one that is missing, unknown without it."""
    fits = [
        (one, word)
        for one in lost
        if (word := begins_with(one, name)) is not None and _may_be(sheet, one, name)
    ]
    if not fits:
        return
    wanted, word = max(fits, key=lambda fit: len(fit[1]))
    sheet.findings.warning(
        "column_like",
        f"{shown(name)} begins with {shown(word)} and was not read; no other column is "
        f"{wanted.name}",
        f"Name it {word} or say that it is {wanted.name}, if that is what it holds",
        column=name,
        count=len(sheet),
    )


_LOOKED_AT: Final = 100


def _may_be(sheet: Sheet, wanted: Wanted, name: str) -> bool:
    """Whether a column's cells are amounts or days, as wanted; ``面积来源`` holds words."""
    is_day = wanted.reads in (Reads.DAY, Reads.PART_OF_TIME)
    if wanted.measure is None and not is_day:
        return False
    texts = [(as_text(cell) or "").strip() for cell in sheet.parsed.table[name].tolist()]
    filled = [text for text in texts if text][:_LOOKED_AT]
    fits = _begins_with_a_digit if is_day else _is_a_number
    return bool(filled) and all(map(fits, filled))


def _begins_with_a_digit(text: str) -> bool:
    return text[0].isdecimal()


def _is_a_number(text: str) -> bool:
    return number_of(text).value is not None
