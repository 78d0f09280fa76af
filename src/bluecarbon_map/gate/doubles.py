"""Rows that say the same twice, and rows that say two things of one record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from bluecarbon_map.gate.findings import shown
from bluecarbon_map.gate.parsed import Parsed
from bluecarbon_map.gate.sheet import Cells, Sheet


def check_doubles(sheet: Sheet, key: Sequence[str], made: dict[str, Cells]) -> None:
    """One record stands on one row.

    A row that repeats another letter by letter, outline and all, is left out and said so; the same
    record with other values is an error that shows both.
    """
    first: dict[tuple[Any, ...], int] = {}
    conflicts: list[tuple[int, int]] = []
    for at in sheet.used():
        name = tuple(made[column][at] for column in key)
        if any(part is None for part in name):
            continue
        before = first.setdefault(name, at)
        if before != at:
            conflicts.append((before, at))
    if not conflicts:
        return
    rows = list(zip(*contents(sheet.parsed), strict=True))
    for before, at in conflicts:
        same = rows[before] == rows[at]
        (_repeated if same else _conflict)(sheet, key, made, before, at)


def contents(parsed: Parsed) -> list[list[Any]]:
    """What stands in each column, letter by letter; outlines last, where there are any."""
    columns: list[list[Any]] = [
        [repr(value) for value in parsed.table.iloc[:, at].tolist()]
        for at in range(parsed.table.shape[1])
    ]
    if parsed.geometry is not None:
        columns.append(np.asarray(shapely.to_wkb(parsed.geometry), dtype=object).tolist())
    return columns


def _repeated(
    sheet: Sheet, key: Sequence[str], made: dict[str, Cells], before: int, at: int
) -> None:
    sheet.left_out.add(at)
    sheet.findings.warning(
        "row_repeated",
        f"it repeats row {sheet.row(before)} ({_named(key, made, at)}) letter by letter",
        "It is left out; delete it from the file",
        row=sheet.row(at),
        column=sheet.column(key[-1]),
    )


def _conflict(
    sheet: Sheet, key: Sequence[str], made: dict[str, Cells], before: int, at: int
) -> None:
    table = sheet.parsed.table
    differing = [
        f"{name}: {shown(one)} and {shown(other)}"
        for name, one, other in zip(
            table.columns, table.iloc[before].tolist(), table.iloc[at].tolist(), strict=True
        )
        if repr(one) != repr(other)
    ]
    said = "; ".join(differing[:4]) or "other outlines"
    sheet.findings.error(
        "id_conflict",
        f"rows {sheet.row(before)} and {sheet.row(at)} are both {_named(key, made, at)} and "
        f"differ ({said})",
        "Keep the right one, or give each its own id",
        row=sheet.row(at),
        column=sheet.column(key[-1]),
    )


def _named(key: Sequence[str], made: dict[str, Cells], at: int) -> str:
    return ", ".join(f"{column} {shown(made[column][at])}" for column in key)
