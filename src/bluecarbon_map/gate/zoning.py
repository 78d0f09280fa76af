"""Zones: code, level and whose part each is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bluecarbon_map.gate.sheet import Cells, Sheet
from bluecarbon_map.gate.vocabulary import LEVEL_WORDS
from bluecarbon_map.gate.wanted import Wanted
from bluecarbon_map.gate.words import closed
from bluecarbon_map.tables import OUTSIDE, Level

_CODE: Final = re.compile(r"[1-9]\d{5}", re.ASCII)
_LONG_CODE: Final = re.compile(r"([1-9]\d{5})0{3}(0{3})?", re.ASCII)
_DIRECT: Final = "90"
"""Third and fourth digit of counties that a province governs directly (469001, 429004)."""

_MUNICIPALITIES: Final = frozenset({"11", "12", "31", "50"})
"""Provinces without prefectures; codes such as 310100 are statistical only."""


def level_of_code(code: str) -> Level | None:
    """Level that a GB/T 2260 code states; None for what is no such code."""
    if not _CODE.fullmatch(code):
        return None
    if code.endswith("0000"):
        return Level.PROVINCE
    return Level.CITY if code.endswith("00") else Level.COUNTY


def parent_of_code(code: str) -> str | None:
    """Code of the zone that a GB/T 2260 code is part of; None for a province or another id."""
    level = level_of_code(code)
    if level is None or level is Level.PROVINCE:
        return None
    directly = code[2:4] == _DIRECT or code[:2] in _MUNICIPALITIES
    if level is Level.CITY or directly:
        return code[:2] + "0000"
    return code[:4] + "00"


def zone_columns(sheet: Sheet, needs: Mapping[str, Wanted], made: dict[str, Cells]) -> None:
    """Id, names, level and parent of every zone; a name alone serves as id too."""
    if not any(sheet.cells(name) for name in ("zone_id", "name_zh", "name_en")):
        _no_column(sheet, needs)
        return
    made["zone_id"] = [_six_digits(code) for code in made["zone_id"]]
    for at in sheet.used():
        code = made["zone_id"][at] or made["name_zh"][at] or made["name_en"][at]
        made["zone_id"][at] = code
        made["name_zh"][at] = made["name_zh"][at] or made["name_en"][at] or code
        _require_id(sheet, at, code)
    made["level"] = closed(sheet, needs["level"], LEVEL_WORDS, None, or_else=_level_by_code(made))
    for at in sheet.used():
        code = made["zone_id"][at] or ""
        by_code = level_of_code(code)
        level = made["level"][at] or by_code or sheet.options.level or Level.OTHER
        made["level"][at] = str(level)
        if made["parent_id"][at] is None and by_code == level:
            made["parent_id"][at] = parent_of_code(code)
    made["parent_id"] = [_six_digits(code) for code in made["parent_id"]]


def _no_column(sheet: Sheet, needs: Mapping[str, Wanted]) -> None:
    words = ", ".join(needs["zone_id"].words()[:8])
    sheet.findings.error(
        "column_missing",
        "no column is the code of the zones or their name",
        f"Name it {words} or name_zh (名称), or say which column it is",
        count=len(sheet),
    )


def _level_by_code(made: dict[str, Cells]) -> Cells:
    return [level_of_code(code) if code else None for code in made["zone_id"]]


def _six_digits(code: str | None) -> str | None:
    """A code with a county's six digits and nothing finer behind them is those six."""
    if code is None:
        return None
    plain = code.removesuffix(".0")
    if _CODE.fullmatch(plain):
        return plain
    long = _LONG_CODE.fullmatch(plain)
    return long[1] if long else code


def _require_id(sheet: Sheet, at: int, code: str | None) -> None:
    if code is None or code == OUTSIDE:
        sheet.findings.error(
            "zone_without_id",
            "the zone has neither code nor name"
            if code is None
            else f"{OUTSIDE} is ground in no zone",
            "Give it its code (GB/T 2260) or its name",
            row=sheet.row(at),
            column=sheet.column("zone_id"),
        )
