"""Names and texts of data, in the language of the session, ready to be shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from bluecarbon_map import reports
from bluecarbon_map.ecosystems import ECOSYSTEMS, SPECIES
from bluecarbon_map.factors import is_workspace_set, set_titles
from bluecarbon_map.tables import Provenance
from ui import cached, state
from ui.words import _

_PUNCTUATION: Final = re.compile(r"([!-/:-@\[-`{-~])")
_BETWEEN: Final = re.compile(r"\s*/\s+")
"""Stands between the Chinese and the English half of a text; no blank need stand after "）"."""


def plain_text(text: str) -> str:
    """A text for a label that reads Markdown, so that every sign stays itself."""
    return _PUNCTUATION.sub(r"\\\1", text)


def in_language(text: str) -> str:
    """The half of a text in the reader's language; all of it where it has not two halves."""
    halves = _BETWEEN.split(text)
    if len(halves) != 2:
        return text
    return halves[1] if state.language() == "en" else halves[0]


def headed(label: str, text: str) -> str:
    """A text after what it is: 来源：…; Source: …."""
    return f"{label}：{text}" if state.language() == "zh" else f"{label}: {text}"


def factor_title(factor_set: str) -> str:
    """Title of a set of coefficients; of a user's own file its name, never where it lies."""
    titles = set_titles()
    if factor_set in titles:
        return titles[factor_set][state.language() == "en"]
    if is_workspace_set(factor_set):
        base = reports.base_set(cached.workspace(), factor_set)
        return _("Own coefficients over {set}").format(set=factor_title(base))
    return Path(factor_set).name


def review_line() -> str:
    """The map's review number, or that it has none; it stands wherever the map does."""
    number = cached.workspace().info.map_review_number
    if number is None:
        return _("Map not reviewed: for internal use only")
    return _("Map review number {number}").format(number=number)


def ecosystem_name(key: str) -> str:
    """Name of an ecosystem in the language of the session."""
    kind = ECOSYSTEMS[key]
    return kind.name_zh if state.language() == "zh" else kind.name_en


def species_name(scientific: str) -> str:
    """Name of a species in the language of the session, with the scientific one in English."""
    kind = SPECIES.get(scientific)
    if kind is None:
        return scientific
    return kind.name_zh if state.language() == "zh" else f"{kind.name_en} ({scientific})"


def source_name(provenance: str, source: str) -> str:
    """Where a record comes from: a citation as it stands, words for what is invented."""
    invented = provenance == Provenance.DEMONSTRATION
    return _("invented to show the map; no source") if invented else source


def provenance_name(provenance: str) -> str:
    """Kind of record, in words."""
    words = {
        Provenance.SURVEY: _("survey"),
        Provenance.PUBLISHED: _("published"),
        Provenance.INDICATIVE: _("indicative"),
        Provenance.DEMONSTRATION: _("demonstration"),
    }
    return words[Provenance(provenance)]
