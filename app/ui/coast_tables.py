"""Tables of the page of the coastal provinces, and plan beside reported."""

from __future__ import annotations

import math
from functools import partial
from typing import Final
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.reports.coast import KEY_INDICATORS, NATION
from ui import cached, chart_files, charts, coast_words, elements, state
from ui.words import _

_PAIRED: Final = ("mangrove_new", "mangrove_restored")


def unit_table() -> None:
    """Eleven units and the key indicators, one number a cell."""
    book = cached.coast()
    leading = {key: book.leading(key) for key in KEY_INDICATORS}
    heads = [_("Provincial unit")]
    heads += [coast_words.with_unit(key) for key in KEY_INDICATORS]
    made = elements.table(
        heads,
        (
            [
                coast_words.unit_name(unit, short=True),
                *(_cell(leading[key].get(unit)) for key in leading),
            ]
            for unit in book.units
        ),
    )
    _mark(made, list(book.units))
    note = _(
        "Each number has its own definition, date and source (below); columns must not be added or "
        "set off against each other. +1: one more number of it is published, see below. No data: "
        "nobody published it, which is not zero."
    )
    title = _("Eleven units, key indicators")
    elements.show(elements.card(title, _scrolling(made, title), elements.small(note)))


def _cell(fact: reports.CoastFact | None) -> str | Element:
    """The number, and how many others of the same indicator stand beside it below."""
    if fact is None:
        return elements.tag("span", coast_words.said(None), "nothing")
    all_of_it = cached.coast().of(unit_id=fact.unit_id, indicator=fact.indicator)
    if len(all_of_it) == 1:
        return coast_words.said(fact)
    others = elements.tag("span", f" +{len(all_of_it) - 1}", "others")
    return elements.tag("span", coast_words.said(fact), "", others)


def _mark(table: Element, units: list[str]) -> None:
    """Tell the row of the chosen unit from the others."""
    chosen = state.unit_id()
    if chosen is not None:
        table.findall("tbody/tr")[units.index(chosen)].set("class", "chosen")


def _scrolling(table: Element, name: str) -> Element:
    more = {"tabindex": "0", "role": "region", "aria-label": name}
    return elements.tag("div", "", "scrolling", table, **more)


def sources() -> None:
    """All sources of the topic side by side: of the chosen unit, else of every unit."""
    book, unit = cached.coast(), state.unit_id()
    topic = book.indicators[state.indicator()].topic
    facts = [f for f in book.of(unit_id=unit, topic=topic) if f.unit_id != NATION]
    national = book.of(unit_id=NATION, topic=topic)
    shown = []
    if facts:
        title = _("Sources side by side: {what}").format(what=_scope(unit))
        shown.append(_source_card(title, facts))
    elif unit is not None:
        words = _("Nobody published a number of this for {unit}. Choose another indicator.")
        st.info(words.format(unit=coast_words.unit_name(unit)))
    if national:
        shown.append(_source_card(_("Whole country: kept apart, never the sum"), national))
    elements.show(*shown)
    _download([*facts, *national])


def _scope(unit: str | None) -> str:
    name = coast_words.indicator_name(state.indicator())
    return f"{coast_words.unit_name(unit)} · {name}" if unit else name


def _source_card(title: str, facts: list[reports.CoastFact]) -> Element:
    rows = _source_rows(sorted(facts, key=lambda fact: _rank(fact.unit_id)))
    made = elements.table(rows.columns, rows.itertuples(index=False))
    made.set("class", "facts worded")
    return elements.card(title, _scrolling(made, title))


def _rank(unit_id: str) -> int:
    return [*cached.coast().units, NATION].index(unit_id)


def _source_rows(facts: list[reports.CoastFact]) -> pd.DataFrame:
    trust = {"high": _("high"), "medium": _("medium"), "low": _("low")}
    return pd.DataFrame(
        {
            _("Provincial unit"): coast_words.unit_name(fact.unit_id, short=True),
            _("Indicator"): coast_words.indicator_name(fact.indicator),
            _("Amount"): coast_words.said(fact, unit=True),
            _("As published"): f"{fact.value:,.10g} {coast_words.unit_of(fact.unit)}",
            _("Date"): coast_words.date_of(fact),
            _("Definition"): coast_words.definition_of(fact),
            _("Note"): coast_words.note_of(fact),
            _("Source"): fact.source,
            _("Confidence"): trust[fact.confidence],
            _("No."): fact.fact_id,
        }
        for fact in facts
    )


def _download(facts: list[reports.CoastFact]) -> None:
    if facts:
        st.download_button(
            _("Download these rows (CSV)"),
            partial(chart_files.csv, _source_rows(facts)),
            file_name=f"coast_sources_{state.indicator()}.csv",
            mime="text/csv",
            key="coast_sources",
            on_click="ignore",
        )


# --- plan against reported ------------------------------------------------------------------------


def paired() -> None:
    """Planned beside reported new and restored mangrove; they are defined differently."""
    for column, topic in zip(st.columns(2, gap="small"), _PAIRED, strict=True):
        with column:
            _pair_chart(topic)


def _pair_chart(topic: str) -> None:
    book = cached.coast()
    pairs = book.plan_and_reported(topic)
    kinds = (_("plan 2020–2025"), _("reported"))
    rows = [
        _bar(unit, kind, fact)
        for unit, *facts in pairs
        for kind, fact in zip(kinds, facts, strict=True)
    ]
    table = pd.DataFrame(rows)
    made = charts.bars(
        table, label="label", value="value", unit="ha", group="group", at_least="least",
        ranked=False, digits=0,
    )  # fmt: skip
    heads = {"label": _("Provincial unit"), "group": _("Kind"), "said": _("Amount"),
             "what": _("Definition")}  # fmt: skip
    charts.show(
        made, table[list(heads)].rename(columns=heads), key=f"pair_{topic}",
        title=_topic_title(topic), name=f"coast_{topic}", note=_pair_note(topic),
    )  # fmt: skip


def _bar(unit: str, kind: str, fact: reports.CoastFact | None) -> dict[str, object]:
    """One bar; none is drawn, and words stand instead, where nobody published a number."""
    return {
        "label": coast_words.unit_name(unit, short=True),
        "group": kind,
        "value": fact.amount if fact else math.nan,
        "least": fact is not None and fact.qualifier in {">", ">="},
        "said": coast_words.said(fact, unit=True),
        "what": coast_words.definition_of(fact) if fact else "",
    }


def _topic_title(topic: str) -> str:
    titles = {
        "mangrove_new": _("New mangrove: plan and reported"),
        "mangrove_restored": _("Mangrove restored: plan and reported"),
    }
    return titles[topic]


def _pair_note(topic: str) -> str:
    """Where the two are defined differently, in the words of the sources."""
    facts = [f for _unit, *pair in cached.coast().plan_and_reported(topic) for f in pair if f]
    reported = [f for f in facts if cached.coast().indicators[f.indicator].kind == "reported"]
    separator = "；" if state.language() == "zh" else "; "
    colon = "：" if state.language() == "zh" else ": "
    told = [
        f"{coast_words.unit_name(f.unit_id, short=True)}{colon}{coast_words.definition_of(f)}"
        for f in reported
    ]
    first = _("Defined differently: the plan counts 2020–2025; reported is not accepted")
    return separator.join([first, *told])
