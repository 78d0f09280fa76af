"""Restoration projects: indicator, unit, and each stage's amount kept apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bluecarbon_map.gate import measures
from bluecarbon_map.gate.findings import shown
from bluecarbon_map.gate.measures import LENGTHS, folded_key
from bluecarbon_map.gate.sheet import Cells, Sheet, numbers_of, texts
from bluecarbon_map.gate.vocabulary import INDICATOR_WORDS
from bluecarbon_map.gate.wanted import Wanted
from bluecarbon_map.gate.words import closed, require_filled
from bluecarbon_map.tables import STAGES, Indicator

Unit = tuple[str, Callable[[float], float]]

_LENGTH: Final = "km"
_AREA: Final = "ha"

__all__ = ["STAGES", "fill"]


def fill(sheet: Sheet, needs: Mapping[str, Wanted], made: dict[str, Cells]) -> None:
    """Indicator, unit and the five amounts of every row, in ha or km.

    No stage is worked out from another: what the file does not say is unknown.
    """
    made["indicator"] = closed(sheet, needs["indicator"], INDICATOR_WORDS, None)
    require_filled(sheet, needs["indicator"], made["indicator"])
    made["unit"] = [_unit_of_indicator(one) for one in made["indicator"]]
    stated = _stated_units(sheet, needs["unit"])
    for stage in STAGES:
        made[stage] = _amounts(sheet, needs[stage], made["unit"], stated)


def _unit_of_indicator(indicator: str | None) -> str | None:
    if indicator is None:
        return None
    return _LENGTH if indicator == Indicator.SHORELINE_RESTORED else _AREA


def _stated_units(sheet: Sheet, wanted: Wanted) -> list[Unit | None]:
    """Unit that the column of units states on every row; a word that is none is an error."""
    cells = sheet.cells("unit")
    if cells is None:
        return [None] * len(sheet)
    made: list[Unit | None] = []
    for at, word in enumerate(texts(sheet, wanted, cells)):
        unit = measures.AMOUNT.spelt.get(folded_key(word)) if word else None
        made.append(unit)
        if word and unit is None:
            sheet.findings.error(
                "unit_unknown",
                f"{shown(word)} is no unit of area or length",
                "Write ha (公顷), 亩, km², km (公里) or m",
                row=sheet.row(at),
                column=sheet.column("unit"),
            )
    return made


def _amounts(sheet: Sheet, wanted: Wanted, wanted_unit: Cells, stated: list[Unit | None]) -> Cells:
    cells = sheet.cells(wanted.name)
    made = sheet.nothing()
    if cells is None:
        return made
    of_name = measures.AMOUNT.spelt.get(sheet.found[wanted.name].unit)
    fix = "Write digits only; leave the cell empty where the amount is not known"
    for at, number in enumerate(numbers_of(sheet, wanted.name, cells, fix)):
        if number is None or wanted_unit[at] is None:
            continue
        unit = of_name or stated[at]
        if unit is None or (unit[0] in LENGTHS) != (wanted_unit[at] == _LENGTH):
            _say_unit(sheet, at, wanted, unit, str(wanted_unit[at]))
        elif number < 0:
            _say_negative(sheet, at, wanted, float(number))
        else:
            made[at] = unit[1](float(number))
    return made


def _say_unit(sheet: Sheet, at: int, wanted: Wanted, unit: Unit | None, needed: str) -> None:
    sheet.findings.error(
        "unit_missing" if unit is None else "unit_other",
        "the amount has no unit"
        if unit is None
        else f"the indicator is in {needed}, not {unit[0]}",
        f"State it in the column unit (单位) or in the column's name, e.g. {wanted.name}_{needed}",
        row=sheet.row(at),
        column=sheet.column(wanted.name),
    )


def _say_negative(sheet: Sheet, at: int, wanted: Wanted, value: float) -> None:
    sheet.findings.error(
        "out_of_range",
        f"an amount of {value:g} cannot be",
        "Check the number; leave the cell empty where it is not known",
        row=sheet.row(at),
        column=sheet.column(wanted.name),
    )
