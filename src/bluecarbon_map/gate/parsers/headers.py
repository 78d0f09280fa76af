"""The header of a table: there, no name twice, and of a sensible width."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from bluecarbon_map.ecosystems import recognise
from bluecarbon_map.gate.dates import orders_of
from bluecarbon_map.gate.findings import Findings, shown
from bluecarbon_map.gate.kinds import Kind
from bluecarbon_map.gate.numbers import number_of
from bluecarbon_map.gate.wanted import is_known

MOST_COLUMNS: Final = 500
MOST_ROWS: Final = 1_000_000
HEAD_ROWS: Final = 10
"""Rows among which the header is looked for."""


def checked_header(
    names: Sequence[str], kind: Kind, findings: Findings, *, row: int
) -> list[str] | None:
    """Names of the columns, letter by letter; None where they cannot be read as such.

    The same name twice, more than `MOST_COLUMNS` names and a first row of data are errors.
    """
    if len(names) > MOST_COLUMNS:
        findings.error(
            "too_many_columns",
            f"there are {len(names):,} columns; {MOST_COLUMNS} are the most",
            "Leave out what is not needed",
            row=row,
        )
        return None
    if _is_data(names, kind):
        findings.error(
            "no_header",
            f"the first row holds data ({', '.join(map(shown, names[:4]))}), not names of columns",
            "Add a row of column names, e.g. site_id, name, ecosystem, lat, lon",
            row=row,
        )
        return None
    for name, times in Counter(name.strip() for name in names).items():
        if times > 1 and name:
            findings.error(
                "header_twice",
                f"{times} columns are named {shown(name)}",
                "Give each column its own name",
                row=row,
                column=name,
                count=times,
            )
    return list(names)


def _is_data(names: Sequence[str], kind: Kind) -> bool:
    said = [name.strip() for name in names if name.strip()]
    if any(is_known(kind, name) for name in said):
        return False
    return any(
        number_of(name).value is not None or recognise(name) or orders_of([name]) is not None
        for name in said
    )


def found_header(
    header: Sequence[str], rows: Sequence[Sequence[Any]], findings: Findings
) -> tuple[list[str], list[list[Any]]]:
    """Columns with a name each: those without one go if empty, else they are named and said."""
    keep: list[int] = []
    names: list[str] = []
    for at, raw in enumerate(header):
        name = raw.strip()
        if not name:
            if not any(_filled(row[at]) for row in rows):
                continue
            name = f"({at + 1})"
            findings.warning(
                "header_empty",
                f"column {at + 1} has values and no name",
                "Name it, or delete it",
                column=name,
            )
        keep.append(at)
        names.append(_once(name, names))
    return names, [[row[at] for at in keep] for row in rows]


def _filled(cell: object) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _once(name: str, before: Sequence[str]) -> str:
    """Two columns of a file never become one."""
    times, made = 2, name
    while made in before:
        made, times = f"{name} ({times})", times + 1
    return made
