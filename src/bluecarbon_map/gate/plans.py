"""Targets of plans, and statements that a list of projects is complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bluecarbon_map.gate.findings import shown
from bluecarbon_map.gate.numbers import number_of
from bluecarbon_map.gate.sheet import Cells, Sheet
from bluecarbon_map.gate.texts import as_text
from bluecarbon_map.gate.vocabulary import INDICATOR_WORDS
from bluecarbon_map.gate.wanted import Wanted
from bluecarbon_map.gate.words import closed, require_filled

Needs = Mapping[str, Wanted]

_OPERATORS: Final = {">=": ">=", "≥": ">=", ">": ">", "＞": ">"}
_UNITS: Final = {"ha": "ha", "公顷": "ha", "km": "km", "公里": "km", "千米": "km"}
_FIRST_VERSION: Final = 1


def fill_targets(
    sheet: Sheet, needs: Needs, made: dict[str, Cells], _areas: Sequence[float] | None
) -> None:
    """What a plan promises; its version is the first where nobody says."""
    for name, known in (("indicator", INDICATOR_WORDS), ("operator", _OPERATORS), ("unit", _UNITS)):
        made[name] = closed(sheet, needs[name], known, None)
        require_filled(sheet, needs[name], made[name])
    made["value"] = _numbers(sheet, needs["value"])
    require_filled(sheet, needs["value"], made["value"])
    made["version"] = _versions(sheet, needs["version"])


def fill_registers(
    _sheet: Sheet, _needs: Needs, _made: dict[str, Cells], _areas: Sequence[float] | None
) -> None:
    """Every column of it is read as it stands."""


def _numbers(sheet: Sheet, wanted: Wanted) -> Cells:
    made, cells = sheet.nothing(), sheet.cells(wanted.name)
    for at in sheet.used() if cells is not None else ():
        text = as_text(cells[at]) if cells is not None else None
        if text is None or not text.strip():
            continue
        value = number_of(text).value
        if value is None or value <= 0:
            sheet.findings.error(
                "not_a_number",
                f"{shown(text)} is no amount above 0",
                "Write digits only",
                row=sheet.row(at),
                column=sheet.column(wanted.name),
            )
        else:
            made[at] = float(value)
    return made


def _versions(sheet: Sheet, wanted: Wanted) -> Cells:
    made: Cells = [_FIRST_VERSION if value is None else value for value in _numbers(sheet, wanted)]
    for at in sheet.used():
        if made[at] != int(made[at]):
            sheet.findings.error(
                "not_a_version",
                f"{made[at]} is no version",
                "Number the versions of a target 1, 2, 3 …",
                row=sheet.row(at),
                column=sheet.column(wanted.name),
            )
    return [int(value) for value in made]
