"""What the gate says, in the language of the session; texts of the file stay text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import pandas as pd
import streamlit as st

from bluecarbon_map.export.inert import inert
from bluecarbon_map.gate.problems import Problem, Severity, Verdict
from ui import gate_codes, numbers, state
from ui.library_words import spoken
from ui.words import _

_SUPPLIED: Final = frozenset({"habitat_id", "survey_id", "provenance", "source", "level"})
"""Columns that the gate fills where a file has none; others stay unknown."""
_ORDER: Final = [str(one) for one in Severity]


def severities() -> dict[str, str]:
    """How far a problem matters, in words."""
    return {
        Severity.ERROR: _("error"),
        Severity.REPAIR: _("repair"),
        Severity.WARNING: _("warning"),
        Severity.INFO: _("note"),
    }


def verdict(found: Verdict) -> tuple[str, str, str]:
    """Look, headline and next step of a verdict."""
    told = {
        Verdict.ACCEPT: (
            "good",
            _("The file can be stored as it is."),
            _("Nothing was found that you need to decide."),
        ),
        Verdict.WARN: (
            "warn",
            _("The file can be stored; read the warnings first."),
            _("Nothing was changed. You confirm the warnings in the preview."),
        ),
        Verdict.REPAIR: (
            "warn",
            _("The file can be stored after the repairs listed below."),
            _("Your file stays as it is; you confirm every repair in the preview."),
        ),
        Verdict.REJECT: (
            "bad",
            _("The file cannot be stored yet."),
            _("Answer the questions below, or mend what is marked “error” and choose it again."),
        ),
    }
    return told[found]


def column(name: str) -> str:
    """A column of a contract, in words; its own name where there are none."""
    return gate_codes.columns().get(name, name)


def as_maps(problems: Sequence[Problem]) -> list[Mapping[str, Any]]:
    """Problems as the audit keeps them."""
    return [asdict(one) for one in problems]


def rows(problems: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Problems as a table of text, gravest first."""
    names, kinds = severities(), gate_codes.codes()
    ordered = sorted(problems, key=lambda one: _ORDER.index(str(one["severity"])))
    return pd.DataFrame(
        [
            {
                _("Weight"): names[str(one["severity"])],
                _("Row"): "" if one["row"] is None else str(one["row"]),
                _("Column"): _column_of(one["column"]),
                _("Problem"): kinds.get(str(one["code"]), str(one["code"])),
                _("Found"): spoken(str(one["message"])),
                _("Way out / what was done"): spoken(str(one["fix"])),
                _("Rows concerned"): one["count"],
            }
            for one in ordered
        ]
    )


def _column_of(name: str | None) -> str:
    """A column as the file calls it; the outline has no name there."""
    return column(name) if name == "geometry" else name or ""


def mapped(found: Mapping[str, str | None], ignored: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Which column of the file fills which of ours, and what is not used."""
    pairs = [
        (column(name), source or (_("supplied") if name in _SUPPLIED else _("not in the file")))
        for name, source in found.items()
    ]
    return [*pairs, (_("Not used"), ", ".join(ignored))] if ignored else pairs


def problem_table(problems: Sequence[Mapping[str, Any]], *, key: str) -> None:
    """The problems, and the file of them."""
    if not problems:
        return
    table = rows(problems)
    st.dataframe(table, hide_index=True, height="content" if len(table) <= 8 else 320, key=key)
    st.download_button(
        _("Problems as CSV"),
        csv(table),
        file_name="bluecarbon_problems.csv",
        mime="text/csv",
        key=f"{key}_csv",
        on_click="ignore",
    )


def csv(table: pd.DataFrame) -> bytes:
    """A table as a CSV that no spreadsheet runs."""
    safe = table.rename(columns=lambda name: str(inert(str(name)))).map(inert)
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def area_pairs(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Coordinate system, encoding and areas that the gate read, those that are known."""
    language = state.language()
    pairs = [
        (_("Coordinate system"), facts.get("crs")),
        (_("Encoding"), facts.get("encoding")),
    ]
    areas = (
        (_("Area as the file draws it"), facts.get("area_before_ha")),
        (_("Area after the repairs"), facts.get("area_after_ha")),
        (_("Ground covered, overlaps once"), facts.get("union_ha")),
    )
    known = [(name, str(value)) for name, value in pairs if value]
    return known + [
        (name, numbers.joined(numbers.area(value, language)))
        for name, value in areas
        if value is not None
    ]
