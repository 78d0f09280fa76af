"""The passport of a raster: what a GeoTIFF does not say of itself.

Session keys: ``import_raster_COLUMN``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import PurePath
from typing import Any, Final
from xml.etree.ElementTree import Element

import streamlit as st

from bluecarbon_map.gate.kinds import MOST_BANDS
from bluecarbon_map.tables import Provenance
from ui import cached, elements, naming, state
from ui.import_passport import IncompleteError
from ui.words import _

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")
_NONE: Final = ""
_YEARS: Final = (1900, 2200)


def ask() -> None:
    """What stands beside a raster wherever it is shown."""
    with st.container(border=True, key="import_raster"):
        elements.show(elements.tag("h2", _("Passport of the raster"), "part"))
        title, english, short, year = st.columns([1.2, 1.2, 0.8, 0.6], gap="small")
        with title:
            _text_field("title_zh")
        with english:
            _text_field("title_en", _("empty: the Chinese one"))
        with short:
            _text_field("raster_id", _("empty: the name of the file"))
        with year:
            st.number_input(_labels()["year"], *_YEARS, value=date.today().year, key=_key("year"))
        _ask_measured()
        method, licence = st.columns([2, 1], gap="small")
        with method:
            _text_field("method")
        with licence:
            _text_field("licence", _("on what terms it may be used"))
        _ask_origin()


def _ask_measured() -> None:
    elements.show(elements.small(_("Classes of ground need no quantity and no unit.")))
    what, english, unit, number = st.columns([1.2, 1.2, 0.8, 0.6], gap="small")
    with what:
        _text_field("quantity_zh")
    with english:
        _text_field("quantity_en", _("empty: the Chinese one"))
    with unit:
        _text_field("unit", _("empty: as the file says"))
    with number:
        key, empty = _key("band"), _("empty: the first")
        st.number_input(_("Band"), 1, MOST_BANDS, value=None, key=key, placeholder=empty)


def _ask_origin() -> None:
    record, source, survey = st.columns([1, 2, 1.4], gap="small")
    with record:
        kinds = {str(one): naming.provenance_name(one) for one in Provenance}
        st.selectbox(
            _labels()["provenance"],
            list(kinds),
            format_func=kinds.__getitem__,
            key=_key("provenance"),
        )
    with source:
        _text_field("source", _("empty: the name of the file"))
    with survey:
        titles = cached.survey_titles(cached.workspace().version, state.language())
        names = {_NONE: _("none"), **titles}
        st.selectbox(
            _labels()["survey_id"], list(names), format_func=names.__getitem__,
            key=_key("survey_id"),
        )  # fmt: skip


def _key(column: str) -> str:
    return f"import_raster_{column}"


def _text_field(column: str, empty: str | None = None) -> None:
    st.text_input(_labels()[column], key=_key(column), max_chars=500, placeholder=empty)


def _text(column: str) -> str | None:
    return str(st.session_state.get(_key(column)) or "").strip() or None


def said(file_name: str) -> dict[str, Any]:
    """What was filled in, by the columns of the contract; None where the file is to say it.

    Raises:
        IncompleteError: If something is missing or cannot be.
    """
    needed = ("title_zh", "method", "licence")
    missing = [_labels()[column] for column in needed if _text(column) is None]
    if missing:
        raise IncompleteError(
            _("Still missing in the passport: {fields}.").format(fields=", ".join(missing))
        )
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", PurePath(file_name).stem).strip("-")[:60]
    raster_id = _text("raster_id") or stem
    if not _ID.fullmatch(raster_id):
        raise IncompleteError(_("The short id of the raster: letters, digits, - and _ only."))
    return {
        "raster_id": raster_id,
        "title_zh": _text("title_zh"),
        "title_en": _text("title_en") or _text("title_zh"),
        "survey_id": _text("survey_id"),
        "year": int(st.session_state[_key("year")]),
        "quantity_zh": _text("quantity_zh"),
        "quantity_en": _text("quantity_en") or _text("quantity_zh"),
        "unit": _text("unit"),
        "provenance": st.session_state[_key("provenance")],
        "source": _text("source") or file_name,
        "licence": _text("licence"),
        "method": _text("method"),
    }


def band() -> int | None:
    """Band of the file that is meant; None for the first."""
    number = st.session_state.get(_key("band"))
    return None if number is None else int(number)


def card(passport: Mapping[str, Any]) -> Element:
    """The passport as it would be stored."""
    shown = {name: passport[name] for name in _labels() if passport.get(name) is not None}
    shown["provenance"] = naming.provenance_name(shown["provenance"])
    pairs = [(_labels()[name], str(value)) for name, value in shown.items()]
    return elements.card(_("Passport of the raster"), elements.facts(pairs))


def _labels() -> dict[str, str]:
    return {
        "title_zh": _("Title (Chinese)"),
        "title_en": _("Title (English)"),
        "raster_id": _("Short id"),
        "year": _("Year it shows"),
        "quantity_zh": _("What is measured (Chinese)"),
        "quantity_en": _("What is measured (English)"),
        "unit": _("Unit"),
        "method": _("Method, and how wrong it may be"),
        "licence": _("Licence"),
        "provenance": _("Kind of record"),
        "source": _("Source"),
        "survey_id": _("Survey it goes with"),
    }
