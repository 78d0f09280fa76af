"""Merged cells: one value that stands for several cells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from enum import Enum, auto
from typing import Any

from bluecarbon_map.gate.findings import Findings, shown
from bluecarbon_map.gate.kinds import Kind
from bluecarbon_map.gate.texts import as_text
from bluecarbon_map.gate.wanted import WANTED, matches

Merge = tuple[int, int, int, int]
Row = list[Any]


def head_of(
    rows: Sequence[Row], numbers: Sequence[int], merges: Sequence[Merge], top: int
) -> tuple[list[str], int]:
    """Names of the columns, and position of the first row of data.

    Where the header is merged over two rows, a name is the group's and the column's own:
    ``面积`` over ``公顷`` is ``面积_公顷``.
    """
    mine = [one for one in merges if one[1] <= numbers[top] <= one[3]]
    names = [_name(value) for value in rows[top]]
    last = max([numbers[top], *(one[3] for one in mine)])
    across = [one for one in mine if one[2] > one[0]]
    for first_column, _, last_column, _ in across:
        for at in range(first_column, min(last_column, len(names))):
            names[at] = names[first_column - 1]
    if across and last == numbers[top] and top + 1 < len(rows):
        last = numbers[top + 1] if _is_second_row(rows[top + 1], across) else last
    below = top + 1
    while below < len(rows) and numbers[below] <= last:
        names = _joined(names, [_name(value) for value in rows[below]])
        below += 1
    return names, below


def _is_second_row(row: Row, across: Sequence[Merge]) -> bool:
    """Whether a row holds text under names merged across columns, and nothing elsewhere."""
    under = {at for first, _, last, _ in across for at in range(first - 1, last)}
    filled = {at for at, value in enumerate(row) if value is not None}
    return bool(filled) and filled <= under and all(isinstance(row[at], str) for at in filled)


def _name(value: object) -> str:
    return (as_text(value) or "").strip()


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    return [
        f"{one}_{other}" if one and other else one or other
        for one, other in zip(upper, lower, strict=True)
    ]


def unmerged(
    rows: Sequence[Row],
    numbers: Sequence[int],
    merges: Sequence[Merge],
    names: Sequence[str],
    kind: Kind,
    findings: Findings,
) -> None:
    """Give every cell that is part of a merged one its text, id or date, and say so.

    An amount is never given to several: it would be counted once for each.
    """
    place = {number: at for at, number in enumerate(numbers)}
    filled = 0
    for first_column, first_row, last_column, last_row in merges:
        if first_row not in place or first_column > len(rows[place[first_row]]):
            continue
        value = rows[place[first_row]][first_column - 1]
        mine = rows[bisect_left(numbers, first_row) : bisect_right(numbers, last_row)]
        columns = range(first_column - 1, min(last_column, len(mine[0])))
        uses = [_use(kind, names[at]) for at in columns]
        if value is None:
            continue
        if _Use.AMOUNT in uses or (_is_number(value) and _Use.NONE in uses):
            _share_nothing(mine, columns, findings, value, (first_row, last_row), names, uses)
            continue
        for row in mine:
            row[columns.start : columns.stop] = [value] * len(columns)
        filled += 1
    if filled:
        findings.warning(
            "cells_merged",
            f"{filled} cells are merged over several",
            "Their value was read for each of them; check that it holds for each",
            count=filled,
        )


class _Use(Enum):
    """What a column is read for."""

    AMOUNT = auto()
    WORDS = auto()
    NONE = auto()


def _use(kind: Kind, name: str) -> _Use:
    mine = [one for one in WANTED.get(kind, ()) if matches(one, name) is not None]
    if any(one.measure is not None or one.name == "value" for one in mine):
        return _Use.AMOUNT
    return _Use.WORDS if mine else _Use.NONE


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _share_nothing(
    mine: Sequence[Row], columns: range, findings: Findings, value: object,
    span: tuple[int, int], names: Sequence[str], uses: Sequence[_Use],
) -> None:  # fmt: skip
    """An amount of several rows or columns together belongs to none of them alone."""
    for row in mine:
        row[columns.start : columns.stop] = [None] * len(columns)
    is_amount = _Use.AMOUNT in uses
    at = columns.start + (uses.index(_Use.AMOUNT) if is_amount else 0)
    over = f"row {span[0]}" if span[0] == span[1] else f"rows {span[0]} to {span[1]}"
    if len(columns) > 1:
        over += f" and {len(columns)} columns"
    (findings.error if is_amount else findings.warning)(
        "amount_merged",
        f"{shown(value)} stands for {over} together, and nothing says how much is whose",
        "Split the cell and give each row its own number; leave empty what is not known",
        row=span[0],
        column=names[at],
    )
