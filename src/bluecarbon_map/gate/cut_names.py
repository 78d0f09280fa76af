"""Columns of a shapefile, whose table cuts names at ten bytes, by the names they were cut from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bluecarbon_map.gate.columns import Found
from bluecarbon_map.gate.findings import Findings, shown
from bluecarbon_map.gate.kinds import Options
from bluecarbon_map.gate.parsed import Parsed
from bluecarbon_map.gate.parsers.dbf import LONGEST_NAME
from bluecarbon_map.gate.wanted import WANTED, Wanted, matches


def surely_cut(parsed: Parsed, options: Options) -> frozenset[str]:
    """Names that break off behind a separator: ``completed_`` is no ``completed``."""
    return frozenset(
        name
        for name in parsed.full_names
        if not name[-1:].isalnum() and _meanings(name, parsed, options)
    )


def cut_columns(
    parsed: Parsed, options: Options, found: Mapping[str, Found], findings: Findings
) -> dict[str, Found]:
    """Columns whose whole name is known and whose cut name is no other column's.

    Args:
        parsed: The file, with the names that may be cut.
        options: What the user says of it; a column that the user maps is not looked at.
        found: Columns that were recognised by their whole names.
        findings: Takes what is found.

    Returns:
        Column of the contract → what was recognised, without those of ``found``.
    """
    taken = {one.column for one in found.values()}
    made: dict[str, Found] = {}
    for column in (str(name) for name in parsed.table.columns):
        if column not in parsed.full_names or column in taken:
            continue
        meanings = _meanings(column, parsed, options)
        if len(meanings) > 1:
            findings.warning(
                "column_cut_unclear",
                f"{shown(column)} is cut at {LONGEST_NAME} bytes and may be any of "
                f"{', '.join(meanings)}; it was not read",
                "Say which column it is, or export as GeoPackage",
                column=column,
            )
        elif meanings:
            (wanted, unit), *_ = meanings.values()
            if wanted.name in found or wanted.name in made:
                continue
            made[wanted.name] = Found(wanted=wanted, column=column, unit=unit)
            findings.info(
                "column_cut",
                f"{shown(column)} is cut at {LONGEST_NAME} bytes, as a shapefile does; it was read "
                f"as {wanted.name}",
                "Map the right column if it is another",
                column=column,
            )
    return made


_NO_UNIT: Final = ""


def _meanings(column: str, parsed: Parsed, options: Options) -> dict[str, tuple[Wanted, str]]:
    """Columns of the contract that a cut name may stand for, with the unit it stood for."""
    return {
        wanted.name: (wanted, unit)
        for wanted in WANTED[options.kind]
        for unit in _units(wanted, column, parsed.encoding)
    }


def _units(wanted: Wanted, column: str, encoding: str | None) -> Iterator[str]:
    """The unit that a cut name stood for; nothing where it is cut from no name of the column.

    Where one of the names it may be cut from states no unit, none is taken for stated.
    """
    whole = [word for word in wanted.words() if _cut(word, encoding) == column.casefold()]
    if not whole:
        return
    fits = [matches(wanted, word) for word in whole]
    stated = {_NO_UNIT if fit is None else fit[1] for fit in fits}
    yield stated.pop() if len(stated) == 1 else _NO_UNIT


def _cut(word: str, encoding: str | None) -> str | None:
    """A name as the table of a shapefile keeps it; None where it is kept whole."""
    raw = word.encode(encoding or "utf-8", "ignore")
    if len(raw) <= LONGEST_NAME:
        return None
    return raw[:LONGEST_NAME].decode(encoding or "utf-8", "ignore").casefold()
