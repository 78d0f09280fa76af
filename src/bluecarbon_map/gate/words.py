"""Words of closed lists, names, and what a contract needs and a file lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath

from bluecarbon_map.gate.findings import shown
from bluecarbon_map.gate.problems import Severity
from bluecarbon_map.gate.sheet import Cells, Sheet, texts
from bluecarbon_map.gate.texts import folded
from bluecarbon_map.gate.vocabulary import KIND_WORDS, PROVENANCE_WORDS
from bluecarbon_map.gate.wanted import WANTED, Wanted

_USUAL_PROVENANCE = "survey"


def closed(
    sheet: Sheet,
    wanted: Wanted,
    words: Mapping[str, str],
    otherwise: str | None,
    *,
    or_else: Cells | None = None,
) -> Cells:
    """Keys of the words of a closed list; ``otherwise`` where the file says nothing.

    A word that is not on the list is an error by row; where ``or_else`` knows the key of the row by
    other means, it is a warning, and that key is taken.
    """
    cells = sheet.cells(wanted.name)
    if cells is None:
        return [otherwise] * len(sheet)
    made: Cells = []
    known = {folded(word): key for word, key in words.items()}
    for at, word in enumerate(texts(sheet, wanted, cells)):
        key = otherwise if word is None else known.get(folded(word))
        if word is not None and key is None and at not in sheet.left_out:
            key = or_else[at] if or_else else None
            sheet.findings.say(
                Severity.WARNING if key else Severity.ERROR,
                "word_unknown",
                f"{shown(word)} is no {wanted.name}" + (f"; read as {key}" if key else ""),
                f"Write one of {', '.join(words)}",
                row=sheet.row(at),
                column=sheet.column(wanted.name),
            )
        made.append(key)
    return made


def require_filled(sheet: Sheet, wanted: Wanted, cells: Cells) -> None:
    """A column that no row can do without: its absence is one error, an empty cell one by row."""
    if sheet.cells(wanted.name) is None:
        if all(cells[at] is None for at in sheet.used()):
            sheet.findings.error(
                "column_missing",
                f"no column is {wanted.name}",
                f"Name it {', '.join(wanted.words()[:8])}, or say which column it is",
                count=len(sheet),
            )
        return
    for at in sheet.used():
        if cells[at] is None:
            sheet.findings.error(
                "cell_empty",
                f"{wanted.name} is empty",
                "Fill the cell, or delete the row",
                row=sheet.row(at),
                column=sheet.column(wanted.name),
            )


def fill_record(sheet: Sheet, made: dict[str, Cells]) -> None:
    """Kind and source of every record: the row's own, else what the user says of the file."""
    known = {one.name: one for one in WANTED[sheet.options.kind]}
    usual = sheet.options.provenance or _USUAL_PROVENANCE
    if "provenance" in known:  # a plan is what it is: a document
        made["provenance"] = closed(sheet, known["provenance"], PROVENANCE_WORDS, usual)
    source = sheet.options.source
    made["source"] = [one or source for one in made["source"]]
    if source is None and any(made["source"][at] is None for at in sheet.used()):
        sheet.findings.error(
            "source_missing",
            "it is not said where the records come from",
            "Say it for the file, or fill the column source (来源)",
            column=sheet.column("source"),
        )


def keep_beside(sheet: Sheet, made: dict[str, Cells], name: str, said: Cells) -> None:
    """Words that say more than the key they were read as go to the note."""
    for at in sheet.used():
        if said[at] is not None:
            note = made[name][at]
            made[name][at] = said[at] if note is None else f"{note}; {said[at]}"


def number_rows(sheet: Sheet, made: dict[str, Cells], name: str, prefix: str) -> None:
    """Rows without an id of their own get one of the file's row number; it is said."""
    without = [at for at in sheet.used() if made[name][at] is None]
    taken = set(made[name])
    for at in without:
        made[name][at] = _free(f"{prefix}-{sheet.row(at)}", taken)
    if without:
        sheet.findings.info(
            "id_given",
            f"{len(without)} rows have no id",
            f"They were numbered by their row, e.g. {made[name][without[0]]}",
            row=sheet.row(without[0]),
            column=sheet.column(name),
            count=len(without),
        )


def _free(name: str, taken: set[object]) -> str:
    while name in taken:
        name += "a"
    taken.add(name)
    return name


def keep_names(sheet: Sheet, made: dict[str, Cells], otherwise: str) -> None:
    """A record has both names: one stands for the other, else its id."""
    for at in sheet.used():
        zh, en = made["name_zh"][at], made["name_en"][at]
        name = zh or en or made[otherwise][at]
        made["name_zh"][at], made["name_en"][at] = zh or name, en or name


def fallback_id(source: str | None, otherwise: str) -> str:
    """An id from the name of a file: letters, digits, ``-`` and ``_``, of any script."""
    stem = re.sub(r"[^\w-]+", "-", PurePath(source).stem).strip("-")[:60] if source else ""
    return stem or otherwise


def transaction_kinds(sheet: Sheet, needs: Mapping[str, Wanted]) -> Cells:
    """What happened, by row: the key of a known word, another word as it is."""
    wanted = needs["kind"]
    cells = sheet.cells("kind")
    words = sheet.nothing() if cells is None else texts(sheet, wanted, cells)
    made = [KIND_WORDS.get(word, word) if word else None for word in words]
    require_filled(sheet, wanted, made)
    return made
