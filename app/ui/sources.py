"""数据来源: where every layer, table and coefficient comes from, whose it is, and on what terms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd
import streamlit as st

from bluecarbon_map.gate.edits import plain
from bluecarbon_map.tables import Provenance
from ui import (
    cached,
    coefficients,
    editing,
    editor,
    elements,
    naming,
    numbers,
    raster_facts,
    state,
)
from ui.words import _

_HASH: Final = 12
"""Signs of a hash that are shown: enough to compare by eye."""


def show() -> None:
    """Layers, tables, files that came in, and the publications of the coefficients."""
    _layers()
    _tables()
    _files()
    _publications()


def _layers() -> None:
    heads = [
        _("Layer"), _("Whose"), _("Date"), _("Where it comes from"), _("How made"),
        _("Terms of use"), _("File"), _("Record"),
    ]  # fmt: skip
    rows = [*_outlines(), *_surveys(), *_rasters()]
    _shown(_("Map layers"), heads, [[*row[:-1], _record(row[-1])] for row in rows])


def _shown(title: str, heads: list[str], rows: list[list[Any]]) -> None:
    made = elements.table(heads, rows)
    made.set("class", "facts reading")
    elements.show(elements.card(title, made))


def _record(provenance: str) -> Any:  # noqa: ANN401 (text, or a badge)
    """Kind of record; demonstration data are marked wherever they show."""
    name = naming.provenance_name(provenance)
    if provenance != Provenance.DEMONSTRATION:
        return name
    return elements.tag("span", name, "badge demo")


def _outlines() -> Iterator[list[str]]:
    zones = cached.workspace().zones()[["source", "provenance"]].drop_duplicates()
    for source, provenance in zip(zones["source"], zones["provenance"], strict=True):
        yield [_("Outlines of the zones"), "", "", naming.in_language(source), "", _dcw(source),
               "", provenance]  # fmt: skip
    land = _("Digital Chart of the World 1:1,000,000, by way of GMT")
    drawn = _("Land and coast of the base map")
    yield [drawn, "", "", land, "", "LGPL-3", "", Provenance.PUBLISHED]


def _dcw(source: str) -> str:
    """DCW asks for its licence to be named wherever its outlines are used."""
    return _("LGPL-3 (outlines from DCW)") if "DCW" in source else _("not stated")


def _surveys() -> Iterator[list[str]]:
    english = state.language() == "en"
    for row in plain(cached.workspace().surveys()):
        yield [
            row["title_en"] if english else row["title_zh"],
            row["organisation"] or _("not stated"),
            _days(row),
            naming.in_language(row["source"]),
            naming.in_language(row["method"]),
            _dcw(row["method"]),
            _file(row["source_file"], row["source_sha256"]),
            row["provenance"],
        ]


def _days(row: dict[str, Any]) -> str:
    """Days of observation, else the year it stands for."""
    days = [day for day in (row["observed_from"], row["observed_to"]) if day]
    return " – ".join(dict.fromkeys(days)) or str(row["year"])


def _file(name: str | None, sha256: str | None) -> str:
    if name is None:
        return ""
    return name if sha256 is None else f"{name} · SHA-256 {sha256[:_HASH]}…"


def _rasters() -> Iterator[list[Any]]:
    english = state.language() == "en"
    for row in plain(cached.workspace().rasters()):
        yield [
            row["title_en"] if english else row["title_zh"],
            "",
            str(row["year"]),
            naming.in_language(row["source"]),
            naming.in_language(row["method"]),
            naming.in_language(row["licence"]),
            raster_facts.file_link(row["raster_id"]),
            row["provenance"],
        ]


def _tables() -> None:
    """Tables whose rows each carry their own source."""
    workspace = cached.workspace()
    projects = workspace.projects()
    rows = [
        *_by_source(_("Targets of plans"), workspace.targets(), Provenance.PUBLISHED),
        *_by_source(_("Restoration projects"), projects, None),
        *_by_source(_("Complete lists of projects"), workspace.registers(), None),
    ]
    heads = [_("Table"), _("Rows"), _("Where they come from"), _("Record")]
    if rows:
        _shown(_("Tables"), heads, [[*row[:-1], _record(row[-1])] for row in rows])
    else:
        st.info(_("No target and no project is on record yet. Import a table of projects."))


def _by_source(
    name: str, table: pd.DataFrame, provenance: Provenance | None
) -> Iterator[list[str]]:
    """One row a source and kind of record."""
    kinds = table["provenance"] if provenance is None else pd.Series(provenance, table.index)
    for (kind, source), rows in table.groupby([kinds.astype(str), table["source"]], sort=False):
        yield [name, str(len(rows)), naming.in_language(str(source)), str(kind)]


def _files() -> None:
    """Files that were imported, with the hash that proves which."""
    register = editing.opened()
    if register is None:
        return
    changes = register.changes()
    came = changes[changes["source_name"].notna()]
    rows = [
        [
            str(row["change_id"]), row["source_name"], str(row["source_sha256"] or ""),
            editor.moment(str(row["at"])), row["actor"],
            "" if row["undone_by"] is None else _("taken back"),
        ]
        for row in plain(came)
    ]  # fmt: skip
    if rows:
        heads = [_("Change no."), _("File"), "SHA-256", _("When"), _("Who"), _("State")]
        _shown(_("Files that were imported"), heads, rows)


def _publications() -> None:
    every = coefficients.everything()
    own = every["factor_id"].str.startswith("own:")
    found = (
        every.assign(own=own)
        .groupby(["source", "own"], sort=False)
        .agg(
            doi=("doi", lambda texts: "; ".join(dict.fromkeys(texts.dropna()))),
            rows=("factor_id", "size"),
        )
        .reset_index()
    )
    elements.show(elements.tag("h2", _("Publications of the coefficients"), "part"))
    words = _(
        "{n} coefficients from {sources} publications: numbers cited with their source, not data "
        "sets handed on."
    )
    elements.show(elements.small(words.format(n=len(every), sources=len(found))))
    st.dataframe(
        pd.DataFrame(
            {
                _("Publication"): found["source"],
                "DOI": found["doi"],
                _("Coefficients"): found["rows"],
                _("Record"): [_("own") if one else _("published") for one in found["own"]],
            }
        ),
        hide_index=True,
        height=420,
        placeholder=numbers.no_data(state.language()),
        key="sources_publications",
    )
