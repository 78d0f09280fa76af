"""Methods: how each number is made and where it comes from, one topic at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map.factors import factors_table
from bluecarbon_map.reports.glossary import glossary, matching, misunderstandings
from bluecarbon_map.tables import Provenance
from ui import cached, elements, factor_words, formulas, naming, numbers, state
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
        "data": _("Data sources and licences"),
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
        "coefficients": coefficients,
        "misunderstandings": _misunderstandings,
        "data": _data,
        "glossary": _glossary,
    }
    shown[topic()]()


# --- coefficients --------------------------------------------------------------------------------


def coefficients() -> None:
    """Every coefficient that the system knows, searchable; which are used, the other pages say."""
    table = _readable(factors_table())
    words = st.text_input(
        _("Search"),
        key=_SEARCH,
        placeholder=_("Ecosystem, region, source … e.g. mangrove Zhejiang"),
    )
    found = table[matching(table, words or "")]
    said = _("{n} of {all} coefficients").format(n=len(found), all=len(table))
    elements.show(elements.small(said))
    if found.empty:
        st.info(_("No coefficient holds these words. Try fewer, or the other language."))
        return
    st.dataframe(
        found,
        hide_index=True,
        height=560,
        placeholder=numbers.no_data(state.language()),
        key="methods_factors",
    )
    elements.show(
        elements.small(
            _(
                "Values marked as not checked are used only when somebody accepts them. Notes, "
                "units and publications stand as in the table."
            )
        )
    )


def _readable(table: pd.DataFrame) -> pd.DataFrame:
    """The table of coefficients with columns and codes in the language of the page."""
    return pd.DataFrame(
        {
            _("Ecosystem, product or gas"): table["ecosystem"].map(factor_words.about),
            _("Species or class"): _texts(table["species"].map(factor_words.species, "ignore")),
            _("Region"): table["region"].map(factor_words.region),
            _("Pool"): table["pool"].map(factor_words.pool),
            _("Depth (cm)"): _depths(table),
            _("What is given"): table["quantity"].map(factor_words.quantity),
            _("Value"): table["value"],
            _("Unit"): _texts(table["unit"]),
            _("Lower end"): table["low"],
            _("Upper end"): table["high"],
            _("What the interval is"): table["interval_kind"].map(factor_words.interval_kind),
            _("Source"): table["source"],
            "DOI": _texts(table["doi"]),
            _("Tier"): table["tier"],
            _("Checked?"): table["confidence"].map(factor_words.confidence),
            "n": table["n"],
            "SD": table["sd"],
            _("What to know about it"): _texts(table["note"]),
            _("Id"): table["factor_id"],
        }
    )


def _texts(column: pd.Series[str]) -> pd.Series[str]:
    """An empty remark is no unknown number: it stays empty."""
    return column.fillna("")


def _depths(table: pd.DataFrame) -> list[str]:
    return [
        "" if pd.isna(top) or pd.isna(bottom) else f"{top:g}–{bottom:g}"
        for top, bottom in zip(table["depth_top_cm"], table["depth_bottom_cm"], strict=True)
    ]


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


# --- data ----------------------------------------------------------------------------------------


def _data() -> None:
    """What the workspace holds, from where, on what terms."""
    rows = [*_outlines(), *_surveys(), *_rasters(), *_tables()]
    heads = [_("Data"), _("Where it comes from"), _("Terms of use"), _("Record"), _("How made")]
    made = elements.table(heads, rows)
    made.set("class", "facts reading")
    elements.show(elements.tag("div", "", "card", made))


def _outlines() -> list[list[str]]:
    zones = cached.workspace().zones()[["source", "provenance"]].drop_duplicates()
    rows = [
        [
            _("Outlines of the zones"),
            naming.in_language(source),
            _dcw(source),
            naming.provenance_name(provenance),
            "",
        ]
        for source, provenance in zip(zones["source"], zones["provenance"], strict=True)
    ]
    land = _("Digital Chart of the World 1:1,000,000, by way of GMT")
    drawn = _("Land and coast of the base map")
    return [*rows, [drawn, land, "LGPL-3", naming.provenance_name(Provenance.PUBLISHED), ""]]


def _dcw(source: str) -> str:
    """DCW asks for its licence to be named wherever its outlines are used."""
    return _("LGPL-3 (outlines from DCW)") if "DCW" in source else _("not stated")


def _surveys() -> list[list[str]]:
    english = state.language() == "en"
    return [
        [
            row["title_en"] if english else row["title_zh"],
            naming.in_language(row["source"]),
            _dcw(row["method"]),
            naming.provenance_name(row["provenance"]),
            naming.in_language(row["method"]),
        ]
        for row in cached.workspace().surveys().to_dict("records")
    ]


def _rasters() -> list[list[str]]:
    english = state.language() == "en"
    return [
        [
            row["title_en"] if english else row["title_zh"],
            naming.in_language(row["source"]),
            naming.in_language(row["licence"]),
            naming.provenance_name(row["provenance"]),
            naming.in_language(row["method"]),
        ]
        for row in cached.workspace().rasters().to_dict("records")
    ]


def _tables() -> list[list[str]]:
    """Tables whose rows each carry their own source."""
    workspace, factors = cached.workspace(), factors_table()
    own = _("each row names its own source")
    several = _("published and demonstration, row by row")
    counted = _("{n} rows from {sources} publications; each names its source and DOI").format(
        n=len(factors), sources=factors["source"].nunique()
    )
    cited = _("numbers cited from publications")
    projects, plans = len(workspace.projects()), len(workspace.targets())
    return [
        [_("Coefficients"), counted, cited, naming.provenance_name(Provenance.PUBLISHED), ""],
        [_("Targets of plans ({n})").format(n=plans), own, cited, _("published"), ""],
        [_("Restoration projects ({n})").format(n=projects), own, cited, several, ""],
    ]
