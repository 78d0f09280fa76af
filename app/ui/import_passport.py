"""The survey that habitats go to: one that is there, or the passport of a new one."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

import streamlit as st

from bluecarbon_map.tables import Provenance
from ui import cached, elements, import_words, naming, state
from ui.import_state import ExtentKind, SurveyChoice
from ui.words import _

NEW: Final = ""
"""Choice of the list that is no survey yet."""
REVIEW: Final = "review"
WHOLE: Final = "whole"
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")
_YEARS: Final = (1950, 2100)


class IncompleteError(ValueError):
    """Something is still to be filled in; the text says what."""


def ask() -> None:
    """Which survey; of a new one its passport."""
    titles = cached.survey_titles(cached.workspace().version, state.language())
    names = {NEW: _("+ A new survey"), **titles}
    _choice(_("Survey the patches belong to"), names, "import_survey")
    if st.session_state.get("import_survey", NEW) == NEW:
        _ask_new(titles)


def _ask_new(titles: dict[str, str]) -> None:
    with st.container(border=True, key="import_passport"):
        elements.show(elements.tag("h2", _("Passport of the new survey"), "part"))
        what, how, year = st.columns([1, 1, 0.7], gap="small")
        with what:
            _choice(_("Mode"), import_words.modes(), "import_mode")
        with how:
            _choice(_("Means"), import_words.means(), "import_means")
        with year:
            st.number_input(
                _("Year it stands for"), *_YEARS, value=date.today().year, key="import_year"
            )
        if st.session_state.get("import_mode") == "change":
            _ask_way(titles)
        title, english, short = st.columns([1.2, 1.2, 0.8], gap="small")
        with title:
            st.text_input(_("Title (Chinese)"), key="import_title_zh", max_chars=120)
        with english:
            st.text_input(
                _("Title (English)"), key="import_title_en", max_chars=160,
                placeholder=_("empty: the Chinese one"),
            )  # fmt: skip
        with short:
            st.text_input(
                _("Short id"), key="import_survey_id", max_chars=60, placeholder=proposed_id(),
                help=_("Letters, digits, - and _; stands in links and tables"),
            )  # fmt: skip
        made, way = st.columns([1, 2], gap="small")
        with made:
            st.text_input(_("Organisation"), key="import_organisation", max_chars=160)
        with way:
            st.text_input(
                _("Method"), key="import_method", max_chars=500,
                placeholder=_("e.g. interpretation of Sentinel-2, checked in the field"),
            )  # fmt: skip
        record, source = st.columns([1, 2], gap="small")
        with record:
            kinds = {str(one): naming.provenance_name(one) for one in Provenance}
            _choice(_("Kind of record"), kinds, "import_survey_provenance")
        with source:
            st.text_input(
                _("Source"), key="import_survey_source", max_chars=500,
                placeholder=_("report, project or file it comes from"),
            )  # fmt: skip
        _ask_extent()
        with st.expander(_("Further facts, where they are known")):
            _ask_more(titles)


def _ask_way(titles: dict[str, str]) -> None:
    """What a change survey changes, and whether somebody decides on each change first."""
    base, way = st.columns([1, 1.6], gap="small")
    with base:
        _ask_base(titles)
    with way:
        names = {
            REVIEW: _("review patch by patch against the base survey (recommended)"),
            WHOLE: _("take in as the complete new state"),
        }
        st.radio(
            _("How the changes come in"), list(names), format_func=names.__getitem__,
            key="import_way",
        )  # fmt: skip


def _ask_base(titles: dict[str, str]) -> None:
    st.selectbox(
        _("Survey it changes"), list(titles), index=None, key="import_base",
        format_func=lambda one: titles[one], placeholder=_("none"),
    )  # fmt: skip


def _ask_more(titles: dict[str, str]) -> None:
    first, last, base = st.columns([1, 1, 1.4], gap="small")
    with first:
        st.date_input(_("Observed from"), value=None, key="import_from", format="YYYY-MM-DD")
    with last:
        st.date_input(_("Observed to"), value=None, key="import_to", format="YYYY-MM-DD")
    with base:
        if st.session_state.get("import_mode") != "change":
            _ask_base(titles)
    cover, accuracy = st.columns(2, gap="small")
    with cover:
        st.number_input(
            _("Least plant cover of a patch (%)"), 0.0, 100.0, value=None, step=None,
            key="import_cover", placeholder=_("unknown"),
        )  # fmt: skip
    with accuracy:
        st.number_input(
            _("Overall accuracy, as its maker states it (%)"), 0.0, 100.0, value=None, step=None,
            key="import_accuracy", placeholder=_("unknown"),
        )  # fmt: skip


def _ask_extent() -> None:
    how, where = st.columns(2, gap="small")
    with how:
        _choice(
            _("Ground that was really surveyed"),
            {str(kind): name for kind, name in import_words.extents().items()},
            "import_extent",
            help=_("Outside of it nothing is known: the map hatches it, and it is never zero"),
        )
    chosen = st.session_state.get("import_extent")
    with where:
        if chosen == ExtentKind.ZONE:
            names = cached.regions(cached.workspace().version, state.language()).names
            st.selectbox(
                _("Zone"), list(names), format_func=lambda one: names[one],
                key="import_extent_zone",
            )  # fmt: skip
        elif chosen == ExtentKind.OUTLINE:
            st.file_uploader(_("File with the outline"), key="import_outline")


def _choice(label: str, names: dict[str, str], key: str, *, help: str | None = None) -> None:  # noqa: A002
    st.selectbox(label, list(names), format_func=lambda one: names[one], key=key, help=help)


def proposed_id() -> str:
    """Id of a new survey where nobody gives one: year and mode, and a number where it is taken."""
    year = st.session_state.get("import_year", date.today().year)
    wanted = f"{year}-{st.session_state.get('import_mode', 'baseline')}"
    known = cached.survey_titles(cached.workspace().version, state.language())
    tries = (wanted, *(f"{wanted}-{n}" for n in range(2, 100)))
    return next(one for one in tries if one not in known)


def chosen() -> SurveyChoice:
    """The survey as it was filled in.

    Raises:
        IncompleteError: If something is missing or cannot be.
    """
    found = str(st.session_state.get("import_survey", NEW))
    if found != NEW:
        return SurveyChoice(survey_id=found, said=None)
    given = _given()
    extent = ExtentKind(st.session_state.get("import_extent", ExtentKind.NONE))
    if extent is ExtentKind.OUTLINE and st.session_state.get("import_outline") is None:
        raise IncompleteError(_("Choose the file with the surveyed outline, or state no extent."))
    return SurveyChoice(
        survey_id=given["survey_id"],
        said=given,
        extent=extent,
        zone_id=st.session_state.get("import_extent_zone") if extent is ExtentKind.ZONE else None,
        reviewed=given["mode"] == "change" and st.session_state.get("import_way") == REVIEW,
    )


def _given() -> dict[str, Any]:
    survey_id = _text("import_survey_id") or proposed_id()
    known = cached.survey_titles(cached.workspace().version, state.language())
    if not _ID.fullmatch(survey_id):
        raise IncompleteError(_("The short id of the survey: letters, digits, - and _ only."))
    if survey_id in known:
        raise IncompleteError(_("There is a survey of that short id: choose it, or another id."))
    needed = {
        "title_zh": (_("Title (Chinese)"), _text("import_title_zh")),
        "method": (_("Method"), _text("import_method")),
        "source": (_("Source"), _text("import_survey_source")),
    }
    missing = [label for label, text in needed.values() if not text]
    if missing:
        raise IncompleteError(
            _("Still missing in the passport: {fields}.").format(fields=", ".join(missing))
        )
    first, last = st.session_state.get("import_from"), st.session_state.get("import_to")
    if first and last and first > last:
        raise IncompleteError(_("The last day of observation lies before the first."))
    mode, base = st.session_state["import_mode"], st.session_state.get("import_base")
    if mode == "change" and not base:
        raise IncompleteError(_("A change survey names the survey it changes."))
    return {
        "survey_id": survey_id,
        **{name: text for name, (_label, text) in needed.items()},
        "title_en": _text("import_title_en") or _text("import_title_zh"),
        "mode": mode,
        "means": st.session_state["import_means"],
        "year": int(st.session_state["import_year"]),
        "observed_from": first.isoformat() if first else None,
        "observed_to": last.isoformat() if last else None,
        "base_survey_id": base,
        "organisation": _text("import_organisation"),
        "cover_threshold_percent": st.session_state.get("import_cover"),
        "accuracy_percent": st.session_state.get("import_accuracy"),
        "provenance": st.session_state["import_survey_provenance"],
    }


def _text(key: str) -> str | None:
    return str(st.session_state.get(key) or "").strip() or None
