"""Schemes in ``data/factors/schemes/``: what each counts, under which category, and why not.

A scheme is a standard, a list or a set of coefficients by which one survey can be added up. What
nobody has checked in its text is not there: an empty set of coefficients, with the reason.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.errors import FactorError, NotFoundError
from bluecarbon_map.factors.sets import set_titles
from bluecarbon_map.files import data_folder

Said = tuple[str, str]
"""A text in Chinese and in English."""

OWN: Final = "own"
"""Scheme of the workspace's or the user's own coefficients, whatever file they are."""


class Counted(StrEnum):
    """Whether a scheme counts an ecosystem."""

    YES = "yes"
    NO = "no"
    IF_KNOWN = "if_known"


class Basis(StrEnum):
    """What an amount of a category is worked out from."""

    AREA = "area"
    HARVEST = "harvest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What a scheme does with one ecosystem.

    Attributes:
        ecosystem: Ecosystem of the vocabulary.
        counted: ``if_known`` counts it where the scheme's set of coefficients has it.
        basis: Area or harvest; None where it is not counted.
        name: What the scheme calls it; None where it is not counted.
        why: Why it is left out where it is; None where it is always counted.
        no_stock: Why it has no stock under the scheme; None where one is to be expected.
        no_flow: Why it has no annual flow; None where one is to be expected.
    """

    ecosystem: str
    counted: Counted
    basis: Basis | None
    name: Said | None
    why: Said | None
    no_stock: Said | None
    no_flow: Said | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountingScheme:
    """One way to add a survey up.

    Attributes:
        scheme_id: Its id.
        title: What it is called.
        document: Document it stands in.
        factor_set: Named set of coefficients; None where it has none, or they are the user's own.
        province: First two digits of the one province it is of; None where it fits any.
        note: What its numbers rest on.
        no_stock: Why it gives no stock; None where it does.
        no_flow: Why it gives no annual flow; None where it does.
        invasive: What it does with *Spartina*, as far as that is known.
        source: Where this is known from.
        confidence: How far that was checked, in the words of the table of coefficients; ``stated``
            for a user's own.
        categories: What it does with each ecosystem of the vocabulary.
    """

    scheme_id: str
    title: Said
    document: Said
    factor_set: str | None
    province: str | None
    note: Said
    no_stock: Said | None
    no_flow: Said | None
    invasive: Said
    source: Said
    confidence: str
    categories: Mapping[str, Category]


def _records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _said(record: dict[str, str], name: str) -> Said | None:
    """Both halves of a text, or None where the row has neither."""
    zh, en = record[f"{name}_zh"], record[f"{name}_en"]
    return (zh, en) if zh or en else None


def _required(record: dict[str, str], name: str, place: str) -> Said:
    said = _said(record, name)
    if said is None or not all(said):
        raise FactorError(f"{place}: {name} is missing in Chinese or English")
    return said


def _category(record: dict[str, str], place: str) -> Category:
    if record["ecosystem"] not in ECOSYSTEMS:
        raise FactorError(f"{place}: {record['ecosystem']!r} is no ecosystem")
    try:
        counted = Counted(record["counted"])
        basis = Basis(record["basis"]) if record["basis"] else None
    except ValueError as unknown:
        raise FactorError(f"{place}: {unknown}") from unknown
    if (counted is Counted.NO) != (basis is None):
        raise FactorError(f"{place}: what is counted has a basis, what is left out has none")
    return Category(
        ecosystem=record["ecosystem"],
        counted=counted,
        basis=basis,
        name=None if counted is Counted.NO else _required(record, "category", place),
        why=None if counted is Counted.YES else _required(record, "why", place),
        no_stock=_said(record, "no_stock"),
        no_flow=_said(record, "no_flow"),
    )


def _categories(path: Path) -> dict[str, dict[str, Category]]:
    found: dict[str, dict[str, Category]] = {}
    for number, record in enumerate(_records(path), 2):
        place = f"{path.name}, row {number}"
        mine = found.setdefault(record["scheme_id"], {})
        if record["ecosystem"] in mine:
            raise FactorError(f"{place}: {record['ecosystem']} stands twice in one scheme")
        mine[record["ecosystem"]] = _category(record, place)
    return found


def _scheme(record: dict[str, str], place: str, known: Mapping[str, Category]) -> AccountingScheme:
    missing = [key for key in ECOSYSTEMS if key not in known]
    if missing:
        raise FactorError(f"{place}: {record['scheme_id']} does not say what of {missing}")
    factor_set = record["factor_set"] or None
    if factor_set is not None and factor_set not in set_titles():
        raise FactorError(f"{place}: there is no set of coefficients {factor_set!r}")
    return AccountingScheme(
        scheme_id=record["scheme_id"],
        title=_required(record, "title", place),
        document=_required(record, "document", place),
        factor_set=factor_set,
        province=record["province"] or None,
        note=_required(record, "note", place),
        no_stock=_said(record, "no_stock"),
        no_flow=_said(record, "no_flow"),
        invasive=_required(record, "invasive", place),
        source=_required(record, "source", place),
        confidence=record["confidence"],
        categories={key: known[key] for key in ECOSYSTEMS},
    )


def read_schemes(folder: Path) -> tuple[AccountingScheme, ...]:
    """Read ``schemes.csv`` and ``categories.csv`` of a folder, in the order of the rows.

    Raises:
        FactorError: If a scheme does not say what it does with an ecosystem of the vocabulary, or
            a row cannot be understood; names file and row.
    """
    by_scheme = _categories(folder / "categories.csv")
    path = folder / "schemes.csv"
    return tuple(
        _scheme(record, f"{path.name}, row {number}", by_scheme.get(record["scheme_id"], {}))
        for number, record in enumerate(_records(path), 2)
    )


@cache
def accounting_schemes() -> tuple[AccountingScheme, ...]:
    """The schemes that come with the package; the user's own is the last."""
    return read_schemes(data_folder() / "factors" / "schemes")


def accounting_scheme(scheme_id: str) -> AccountingScheme:
    """One scheme.

    Raises:
        NotFoundError: If there is none of that id.
    """
    known = {one.scheme_id: one for one in accounting_schemes()}
    if scheme_id not in known:
        raise NotFoundError("scheme", scheme_id, list(known))
    return known[scheme_id]
