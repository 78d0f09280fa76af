"""Ecosystem and species of every row: no word is guessed, none is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bluecarbon_map.ecosystems import recognise
from bluecarbon_map.gate.findings import shown
from bluecarbon_map.gate.problems import Severity
from bluecarbon_map.gate.sheet import Cells, Sheet, texts
from bluecarbon_map.gate.texts import folded
from bluecarbon_map.gate.vocabulary import (
    LEAVE_OUT,
    Meaning,
    ecosystem_names,
    meaning_of,
)
from bluecarbon_map.gate.wanted import Wanted

NO_COLUMN: Final = "ecosystem_column_missing"
"""Code of the question which ecosystem the rows are."""

_ROWS_SHOWN: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecology:
    """What grows or is farmed on every row.

    Attributes:
        ecosystem: Key of the ecosystem; None where it is not known.
        species: Scientific name; None where none is named.
        said: Words of the file that say more than the ecosystem; None elsewhere.
    """

    ecosystem: Cells
    species: Cells
    said: Cells


def ecology(sheet: Sheet, wanted: Mapping[str, Wanted], *, needed: bool) -> Ecology:
    """Ecosystem and species of every row.

    Args:
        sheet: The file.
        wanted: Columns of its kind by name.
        needed: Whether a row cannot do without its ecosystem.
    """
    cells = sheet.cells("ecosystem")
    if cells is None:
        return _without_column(sheet, needed=needed)
    words = texts(sheet, wanted["ecosystem"], cells)
    found = Ecology(ecosystem=sheet.nothing(), species=sheet.nothing(), said=sheet.nothing())
    for word, places in _by_word(sheet, words).items():
        if word is None:
            if needed:
                _say_empty(sheet, places)
            continue
        meaning = _settled(sheet, word, places)
        if meaning is None:
            continue
        for at in places:
            found.ecosystem[at], found.species[at] = meaning.ecosystem, meaning.species
            found.said[at] = word if meaning.beside else None
    _species(sheet, wanted, found)
    return found


def _without_column(sheet: Sheet, *, needed: bool) -> Ecology:
    """What the user said of every row; else a question, which is no fault of the file."""
    said = sheet.options.ecosystem if needed else None
    if needed and said is None:
        sheet.left_out.update(sheet.used())
        sheet.findings.info(
            NO_COLUMN,
            "no column says the ecosystem, so no row can be stored yet",
            "Say which ecosystem all rows are, or which column says it (ecosystem, 生态系统, 地类)",
            count=len(sheet),
        )
    all_rows = sheet.nothing() if said is None else [said] * len(sheet)
    return Ecology(ecosystem=all_rows, species=sheet.nothing(), said=sheet.nothing())


def _by_word(sheet: Sheet, words: Cells) -> dict[str | None, list[int]]:
    places: dict[str | None, list[int]] = {}
    for at in sheet.used():
        places.setdefault(words[at], []).append(at)
    return places


def _say_empty(sheet: Sheet, places: list[int]) -> None:
    for at in places:
        sheet.findings.error(
            "ecosystem_empty",
            "the ecosystem is empty",
            "Fill the cell, or delete the row",
            row=sheet.row(at),
            column=sheet.column("ecosystem"),
        )


def _settled(sheet: Sheet, word: str, places: list[int]) -> Meaning | None:
    """What a word means, once it has been said what there is to say of it."""
    column = folded(sheet.column("ecosystem") or "")
    wetland = "湿地" in column or "wetland" in column
    meaning = meaning_of(word, sheet.options.words, wetland=wetland)
    where = _rows(sheet, places)
    for severity, code, message, fix in _said_of(word, meaning, where):
        sheet.findings.say(
            severity, code, message, fix,
            row=sheet.row(places[0]), column=sheet.column("ecosystem"), count=len(places),
        )  # fmt: skip
    if meaning is not None and meaning.skip:
        sheet.left_out.update(places)
    return meaning if meaning is not None and meaning.ecosystem else None


def _said_of(
    word: str, meaning: Meaning | None, where: str
) -> Iterator[tuple[Severity, str, str, str]]:
    """Severity, code, message and way out of all there is to say of a word."""
    if meaning is None:
        yield (
            Severity.ERROR, "ecosystem_unknown", f"{shown(word)} names no ecosystem ({where})",
            f"Say which it is, or {LEAVE_OUT!r} to leave such rows out: {ecosystem_names()}",
        )  # fmt: skip
    elif meaning.skip:
        yield (
            Severity.INFO, "left_out", f"{shown(word)} ({where}) was left out, as you said",
            "Nothing to do",
        )  # fmt: skip
    elif meaning.ecosystem is None:
        yield (
            Severity.ERROR, "ecosystem_undecided", f"{meaning.note} ({where})",
            f"Say what {shown(word)} is here, or {LEAVE_OUT!r} to leave such rows out",
        )  # fmt: skip
    elif meaning.note:
        yield (
            Severity.WARNING, "ecosystem_by_code",
            f"{meaning.note}; read as {meaning.ecosystem} ({where})",
            f"Say what {shown(word)} is here if it is something else",
        )  # fmt: skip
    elif meaning.beside:
        yield (
            Severity.INFO, "ecosystem_qualified",
            f"{shown(word)} was read as {meaning.ecosystem} ({where})",
            "Its own words are kept in the note",
        )  # fmt: skip


def _rows(sheet: Sheet, places: list[int]) -> str:
    named = ", ".join(str(sheet.row(at)) for at in places[:_ROWS_SHOWN])
    more = len(places) - _ROWS_SHOWN
    head = "row" if len(places) == 1 else "rows"
    return f"{head} {named}" + (f" and {more} more" if more > 0 else "")


def species_cells(sheet: Sheet, wanted: Mapping[str, Wanted]) -> Cells:
    """Species of every row: the scientific name of a known one, else the word as it is."""
    cells = sheet.cells("species")
    if cells is None:
        return sheet.nothing()
    return [_scientific(word) for word in texts(sheet, wanted["species"], cells)]


def _scientific(word: str | None) -> str | None:
    known = recognise(word) if word else None
    return known[1] if known and known[1] else word


def _species(sheet: Sheet, wanted: Mapping[str, Wanted], found: Ecology) -> None:
    """What the column of species says refines the ecosystem's word, and never contradicts it."""
    said = species_cells(sheet, wanted) if "species" in wanted else sheet.nothing()
    for at in sheet.used():
        if said[at] is None or found.ecosystem[at] is None:
            continue
        known = recognise(said[at])
        elsewhere = known is not None and known[0] != found.ecosystem[at]
        other = found.species[at] is not None and found.species[at] != said[at]
        if elsewhere or other:
            sheet.findings.error(
                "species_contradicts",
                f"{shown(said[at])} does not live in {found.species[at] or found.ecosystem[at]}",
                "Correct the species or the ecosystem, or empty the cell of the species",
                row=sheet.row(at),
                column=sheet.column("species"),
            )
        else:
            found.species[at] = said[at]
