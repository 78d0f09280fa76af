"""Methods: how each number is made and where it comes from, one topic at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map.reports.glossary import glossary, matching, misunderstandings
from ui import coefficients, elements, formulas, state
from ui.words import LANGUAGE_TAGS, _

FORMULAS: Final = "formulas"
_WIDGET: Final = "methods_topic"
_SEARCH: Final = "methods_search"


def topics() -> dict[str, str]:
    """Every topic by its word in the address."""
    return {
        FORMULAS: _("Formulas, worked"),
        "coefficients": _("Coefficients and sources"),
        "misunderstandings": _("Common misunderstandings"),
        "glossary": _("Glossary"),
    }


def topic() -> str:
    """The topic asked for; the formulas where the address names none, or an unknown one."""
    wanted = state.asked(state.TOPIC)
    return wanted if wanted in topics() else FORMULAS


def choose() -> None:
    """One button a topic."""
    wanted, known = state.asked(state.TOPIC), topics()
    if wanted is not None and wanted not in known:
        st.warning(_("There is no such topic; the formulas are shown instead."))
    st.session_state[_WIDGET] = topic()
    st.segmented_control(
        _("Topic"),
        list(known),
        format_func=lambda one: known[one],
        key=_WIDGET,
        required=True,
        label_visibility="collapsed",
        on_change=_take,
    )


def _take() -> None:
    chosen = st.session_state[_WIDGET]
    state.put(state.TOPIC, None if chosen in (None, FORMULAS) else chosen)


def show() -> None:
    """The topic chosen."""
    shown: dict[str, Callable[[], None]] = {
        FORMULAS: formulas.show,
        "coefficients": coefficients.show,
        "misunderstandings": _misunderstandings,
        "glossary": _glossary,
    }
    shown[topic()]()


# --- misunderstandings and glossary --------------------------------------------------------------


def _misunderstandings() -> None:
    english = state.language() == "en"
    cards = [
        elements.tag(
            "div",
            "",
            "card myth",
            elements.tag("p", one.said_en if english else one.said_zh, "said"),
            elements.tag("p", one.right_en if english else one.right_zh, "right"),
            elements.small(f"{_('Source')}: {one.source_en if english else one.source_zh}"),
        )
        for one in misunderstandings()
    ]
    words = _("“Avoid misunderstandings”: what is often said, and what is right.")
    elements.show(elements.small(words), elements.tag("div", "", "myths", *cards))


def _glossary() -> None:
    english = state.language() == "en"
    words = st.text_input(_("Search"), key=_SEARCH, placeholder=_("A word, in either language"))
    table = pd.DataFrame(
        [
            {
                _("Term"): one.term_en if english else one.term_zh,
                _("In the other language"): one.term_zh if english else one.term_en,
                _("Meaning"): one.definition_en if english else one.definition_zh,
                _("Source"): one.source_en if english else one.source_zh,
            }
            for one in glossary()
        ]
    )
    found = table[matching(table, words or "")]
    if found.empty:
        st.info(_("No term holds these words."))
        return
    other = LANGUAGE_TAGS["zh" if english else "en"]
    rows: list[list[str | Element]] = [
        [str(term), elements.tag("span", str(theirs), lang=other), str(meaning), str(source)]
        for term, theirs, meaning, source in found.itertuples(index=False)
    ]
    made = elements.table(list(table.columns), rows)
    made.set("class", "facts reading")
    elements.show(elements.tag("div", "", "card", made))
