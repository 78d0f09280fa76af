"""First step of an import: which file, what it holds, who brings it, and its template."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import streamlit as st

from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.templates import FORMATS, template
from bluecarbon_map.tables import Level, Provenance
from ui import (
    editor,
    elements,
    import_check,
    import_passport,
    import_raster,
    import_state,
    import_words,
    naming,
)
from ui.words import _

MOST_MB: Final = 500
"""Largest file that can be uploaded; larger ones go in by command."""
_FORMATS: Final = {
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "gpkg": ("GeoPackage", "application/geopackage+sqlite3"),
}


def show(*, may_write: bool) -> None:
    """Kind and template; where the server may write, also the file and what is said of it."""
    kind = _ask_kind()
    _templates(kind)
    if not may_write:
        return
    st.file_uploader(
        _("File (GeoPackage, zipped shapefile, GeoJSON, KML, CSV, XLSX, Parquet, GeoTIFF)"),
        key=f"import_file_{import_state.file_round()}",
        max_upload_size=MOST_MB,
    )
    if kind is Kind.HABITATS:
        import_passport.ask()
    elif kind is Kind.RASTER:
        import_raster.ask()
    else:
        _ask_record(kind)
    with st.container(key="import_go", horizontal=True, vertical_alignment="bottom"):
        editor.ask_name("import_who")
        st.button(_("Check the file"), key="import_check", type="primary", on_click=begin)


def _ask_kind() -> Kind:
    names = import_words.kinds()
    st.selectbox(
        _("What the file holds"),
        list(Kind),
        format_func=lambda one: names[one][0],
        key="import_kind",
    )
    kind = Kind(st.session_state.get("import_kind", Kind.HABITATS))
    elements.show(elements.small(names[kind][1]))
    return kind


def _templates(kind: Kind) -> None:
    """Templates with drop-downs and a filled example row, made when somebody asks for one."""
    if kind is Kind.RASTER:
        elements.show(
            elements.small(
                _("A raster needs no template: a GeoTIFF with its CRS, or a zip of many.")
            )
        )
        return
    if kind not in FORMATS:
        words = _("Headings are the columns of docs/tables.md; there is no template.")
        elements.show(elements.small(words))
        return
    with st.container(key="import_templates", horizontal=True, gap="small"):
        for suffix in FORMATS[kind]:
            name, mime = _FORMATS[suffix]
            st.download_button(
                _("Template {format}").format(format=name),
                partial(template, kind, suffix),
                file_name=f"bluecarbon_{kind}_template.{suffix}",
                mime=mime,
                key=f"import_template_{suffix}",
                on_click="ignore",
            )


def _ask_record(kind: Kind) -> None:
    """What rows are that do not say it themselves."""
    record, source = st.columns([1, 2], gap="small")
    with record:
        names = {str(one): naming.provenance_name(one) for one in Provenance}
        st.selectbox(
            _("Kind of record"), list(names), format_func=lambda one: names[one],
            key="import_provenance",
        )  # fmt: skip
    with source:
        st.text_input(
            _("Source"), key="import_source", max_chars=500,
            placeholder=_("empty: the name of the file"),
        )  # fmt: skip
    if kind is Kind.ZONES:
        levels = {
            Level.COUNTY: _("County"),
            Level.CITY: _("City"),
            Level.PROVINCE: _("Province"),
            Level.OTHER: _("other"),
        }
        st.selectbox(
            _("Level of the zones, where the file does not say"), list(levels),
            format_func=lambda one: levels[one], key="import_level",
        )  # fmt: skip


def begin() -> None:
    """Take the file in and check it, or say what is still missing."""
    editor.take_name(str(st.session_state.get("import_who", editor.name())))
    file = st.session_state.get(f"import_file_{import_state.file_round()}")
    if file is None:
        import_state.said("bad", _("Choose a file first."))
        return
    if not editor.name():
        import_state.said("bad", _("Your name is missing: it stands beside the import."))
        return
    kind = Kind(st.session_state.get("import_kind", Kind.HABITATS))
    survey = raster = None
    try:
        if kind is Kind.HABITATS:
            survey = import_passport.chosen()
        elif kind is Kind.RASTER:
            raster = import_raster.said(file.name)
    except import_passport.IncompleteError as missing:
        import_state.said("bad", str(missing))
        return
    drawn = st.session_state.get("import_outline")
    wants_outline = survey is not None and survey.extent is import_state.ExtentKind.OUTLINE
    outline = (drawn.name, drawn.getbuffer()) if drawn is not None and wants_outline else None
    made = import_state.begin(
        file.name, file.getbuffer(), editor.name(), _options(kind, survey, raster), survey, outline,
        raster,
    )  # fmt: skip
    import_check.start(made)


def _options(
    kind: Kind, survey: import_state.SurveyChoice | None, raster: dict[str, Any] | None
) -> Options:
    if raster is not None:
        same = ("survey_id", "provenance", "source")
        told = {name: raster[name] for name in same}
        return Options(kind=kind, band=import_raster.band(), **told)
    if survey is not None:
        said = survey.said or {}
        return Options(
            kind=kind,
            survey_id=survey.survey_id,
            provenance=said.get("provenance"),
            source=said.get("source"),
        )
    return Options(
        kind=kind,
        provenance=st.session_state.get("import_provenance"),
        source=str(st.session_state.get("import_source") or "").strip() or None,
        level=st.session_state.get("import_level") if kind is Kind.ZONES else None,
    )
