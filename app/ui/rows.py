"""分布: the rows below the map, in readable columns, and the files of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from bluecarbon_map import reports
from bluecarbon_map.reports.own_area import AreaFigures
from bluecarbon_map.tables import OUTSIDE, Level
from ui import (
    cached,
    column_words,
    elements,
    naming,
    numbers,
    own_files,
    panels,
    state,
    two_times,
    zone,
)
from ui.words import _
from ui.zone_ecosystems import pool_name

_WORDED: Final = {
    "ecosystem": "ecosystem_name",
    "species": "species_name",
    "pools": "pool_names",
    "interval_kind": "interval_name",
    "tier": "tier_name",
}
"""Columns of the file that are shown in words, and the name they have here."""
_ORDER: Final = (
    "zone_name", "ecosystem_name", "species_name", "area_ha", "demonstration_ha", "invasive_ha",
    "stock_t_c", "stock_t_c_low", "stock_t_c_high", "interval_name", "stock_t_co2e", "unvalued_ha",
    "sequestration_t_c_yr", "sequestration_t_c_yr_low", "sequestration_t_c_yr_high", "pool_names",
    "tier_name", "zone_id", "factor_id", "sequestration_factor_id",
)  # fmt: skip
_ON_PAPER: Final = 9
"""Rows of the table that are seen without moving it."""
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9-]+")


def table(chosen: state.Choices) -> None:
    """The rows an export gives, and the files."""
    summary = panels.summarised(chosen, chosen.zone_id)
    if chosen.survey_id is None:
        st.info(two_times.no_survey())
        return
    if summary is None or summary.rows.empty:
        st.info(_("Nothing on record for this choice. Choose a wider zone or another survey."))
        return
    with st.container(key="downloads", horizontal=True, vertical_alignment="center"):
        elements.show(elements.tag("div", _("Table: the same rows as in the files"), "card-title"))
        for suffix, label, mime in panels.FORMATS:
            _download(chosen, suffix, label, mime)
    _show(summary)


def table_of_view(chosen: state.Choices, view: AreaFigures | None) -> None:
    """The rows of what the map shows, and their files; never those of the zone.

    Args:
        chosen: What is shown.
        view: Numbers of what the map shows; None, as the card says in words, where there are none.
    """
    if view is None:
        return
    if view.summary.rows.empty:
        st.info(_("Nothing on record in what the map shows. Move the map, or go farther out."))
        return
    with st.container(key="downloads", horizontal=True, vertical_alignment="center"):
        title = _("Table of what the map shows: the same rows as in the files")
        elements.show(elements.tag("div", title, "card-title"))
        own_files.buttons(chosen, view, "view")
    _show(view.summary)


def _show(summary: reports.ZoneSummary) -> None:
    """The rows in words, and what they rest on."""
    st.dataframe(
        _in_words(summary.rows),
        hide_index=True,
        height=min(380, 36 * (len(summary.rows) + 1) + 3),
        column_order=_ORDER,
        column_config=_columns(),
        placeholder=numbers.no_data(state.language()),
    )
    words = _("The table has {n} rows; a sheet of paper shows the first: all are in the files")
    if len(summary.rows) > _ON_PAPER:
        elements.show(elements.tag("div", words.format(n=len(summary.rows)), "small paper-only"))
    _sources(summary)
    if summary.warnings:
        elements.show(*(elements.small(text) for text in summary.warnings))


def file_name(chosen: state.Choices, suffix: str) -> str:
    """Name of a file: zone, survey and day; only letters, digits, - and _."""
    zone_id = chosen.zone_id or cached.workspace().info.zone_id
    words = ("bluecarbon", zone_id, chosen.survey_id or "none", date.today().isoformat())
    return "_".join(_NOT_IN_NAMES.sub("-", word) for word in words) + suffix


def _download(chosen: state.Choices, suffix: str, label: str, mime: str) -> None:
    st.download_button(
        label,
        partial(
            cached.download,
            cached.workspace().version,
            chosen.survey_id,
            Level.COUNTY,
            chosen.zone_id,
            chosen.ecosystems,
            chosen.demonstration,
            state.language(),
            suffix,
        ),
        file_name=file_name(chosen, suffix),
        mime=mime,
        key=f"download{suffix}",
        on_click="ignore",
    )


def _in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with names instead of keys; numbers and ids stay those of the file."""
    return rows.assign(
        zone_name=rows["zone_name"].mask(rows["zone_id"] == OUTSIDE, _("Outside every zone")),
        ecosystem_name=[naming.ecosystem_name(key) for key in rows["ecosystem"]],
        species_name=rows["species"].map(lambda text: _each(text, naming.species_name)),
        pool_names=rows["pools"].map(lambda text: _each(text, pool_name)),
        interval_name=[zone.kind_name(kind) for kind in rows["interval_kind"]],
        tier_name=[zone.tier_name(tier) for tier in rows["tier"]],
    ).drop(columns=[key for key in _WORDED if key != "ecosystem"])


def _each(text: object, named: Callable[[str], str]) -> str | None:
    """Each part of a joined text by its name; None where there is no text."""
    return _("; ").join(map(named, text.split("; "))) if isinstance(text, str) else None


def _columns() -> dict[str, ColumnConfig | str | None]:
    """Heading and unit of each column; its meaning and its name in the file as help."""
    meaning = column_words.described()
    in_file = {shown: key for key, shown in _WORDED.items()}
    return {
        column: _column(column, heading, meaning[in_file.get(column, column)], in_file)
        for column, heading in _headings().items()
    }


def _column(column: str, heading: str, meaning: str, in_file: dict[str, str]) -> ColumnConfig:
    words = _("{meaning}. In the files: {column}")
    said = words.format(meaning=meaning, column=in_file.get(column, column))
    if column.endswith("_ha"):
        return st.column_config.NumberColumn(heading, help=said, format="%,.1f")
    if "_t_c" in column:
        return st.column_config.NumberColumn(heading, help=said, format="%,.0f")
    return st.column_config.TextColumn(heading, help=said)


def _headings() -> dict[str, str]:
    return {
        "zone_name": _("Zone"),
        "ecosystem_name": _("Ecosystem"),
        "species_name": _("Dominant species"),
        "area_ha": _("Area (ha)"),
        "demonstration_ha": _("Of it demonstration (ha)"),
        "invasive_ha": _("Of it invasive (ha)"),
        "stock_t_c": _("Stock (t C)"),
        "stock_t_c_low": _("Lower end (t C)"),
        "stock_t_c_high": _("Upper end (t C)"),
        "interval_name": _("What the interval is"),
        "stock_t_co2e": _("Stock (t CO₂e)"),
        "unvalued_ha": _("Without a coefficient (ha)"),
        "sequestration_t_c_yr": _("Buried a year (t C/yr)"),
        "sequestration_t_c_yr_low": _("Buried, lower end (t C/yr)"),
        "sequestration_t_c_yr_high": _("Buried, upper end (t C/yr)"),
        "pool_names": _("Carbon pools"),
        "tier_name": _("Tier"),
        "zone_id": _("Zone code"),
        "factor_id": _("Coefficients of the stock"),
        "sequestration_factor_id": _("Coefficient of the burial rate"),
    }


def _sources(summary: reports.ZoneSummary) -> None:
    """What the numbers were made with, when somebody opens it."""
    drawn = st.expander(_("Sources of the coefficients"), key="row_sources", on_change="rerun")
    if not drawn.open:
        return
    used = reports.sources(summary.factor_set, summary.parts)
    why = "why_zh" if state.language() == "zh" else "why_en"
    shown = pd.DataFrame(
        {
            _("Ecosystem"): [naming.ecosystem_name(key) for key in used["ecosystem"]],
            _("Carbon pool"): used["pool"].map(lambda text: _each(text, pool_name)),
            _("Value"): used["value"],
            _("Lower end"): used["low"],
            _("Upper end"): used["high"],
            _("Unit"): used["unit"],
            _("What the interval is"): [zone.kind_name(kind) for kind in used["interval_kind"]],
            _("Tier"): [zone.tier_name(tier) for tier in used["tier"]],
            _("Why"): used[why],
            _("Source"): used["source"],
            _("Coefficient"): used["factor_id"],
        }
    )
    with drawn:
        st.dataframe(shown, hide_index=True, placeholder=numbers.no_data(state.language()))
