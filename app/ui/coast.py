"""Parts of the page of the coastal provinces."""

from __future__ import annotations

import json
import math
from functools import partial
from typing import Final
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.reports.coast import NATION
from ui import cached, chart_files, coast_map, coast_words, elements, naming, state
from ui.words import _

_ALL: Final = ""
_MAP: Final = "coast_map"


def bar() -> None:
    """Which indicator the map shows, and which unit is looked at."""
    book = cached.coast()
    with st.container(key="filters"):
        left, right, _rest = st.columns([1.6, 1, 1.2], gap="small")
    with left:
        _box(_("Indicator"), state.INDICATOR, list(book.indicators), state.indicator())
    with right:
        _box(_("Provincial unit"), state.UNIT, [_ALL, *book.units], state.unit_id() or _ALL)


def _box(label: str, choice: str, options: list[str], now: str) -> None:
    key = f"choose_{choice}"
    st.session_state[key] = now
    names = {option: _option_name(choice, option) for option in options}
    st.selectbox(
        label, options, format_func=lambda option: names[option], key=key, on_change=_take,
        args=(choice, key),
    )  # fmt: skip


def _take(choice: str, key: str) -> None:
    state.renew_coast_map()
    state.put(choice, st.session_state[key] or None)


def _map_key() -> str:
    """A click is known by its map: one that was overtaken by the box above must not come again."""
    return f"{_MAP}_{state.coast_maps()}"


def _option_name(choice: str, option: str) -> str:
    if choice == state.INDICATOR:
        return coast_words.indicator_name(option)
    return coast_words.unit_name(option) if option else _("all eleven units")


# --- the map --------------------------------------------------------------------------------------


def map_panel() -> None:
    """The chart of the units, its files, and its table for screen readers."""
    key = state.indicator()
    one = cached.coast().indicators[key]
    title = coast_words.with_unit(key)
    note = " · ".join((_indicator_definition(one), _schematic()))
    rows = _map_rows(key)
    made = coast_map.drawn(rows, legend=title, chosen=state.unit_id())
    with st.container(key="chart_coast", border=True):
        with st.container(key="charthead_coast", horizontal=True, vertical_alignment="top"):
            heading = elements.tag("h2", title, "card-title")
            elements.show(elements.tag("div", "", "chart-head", heading, elements.small(note)))
            _files(made, _spoken(rows), title, note)
        st.vega_lite_chart(
            spec=json.loads(made), width="stretch", theme=None, key=_map_key(), alt=title,
            on_select=_take_click, selection_mode=coast_map.CLICKED,
        )  # fmt: skip
        elements.show(_hidden(title, _spoken(rows)))


def _schematic() -> str:
    return _(
        "Schematic map, no legal boundaries; mainland and larger islands of the eleven units "
        "only, of Hainan the main island (Hainan Island). Hatched: no data"
    )


def _indicator_definition(one: reports.CoastIndicator) -> str:
    return one.definition_zh if state.language() == "zh" else one.definition_en


def _map_rows(key: str) -> pd.DataFrame:
    """What the map says of each unit, in words."""
    book, leading = cached.coast(), cached.coast().leading(key)
    rows = []
    for unit in book.units:
        fact = leading.get(unit)
        rows.append(
            {
                "unit_id": unit,
                "name": coast_words.unit_name(unit, short=True),
                "said": coast_words.said(fact),
                "value": fact.amount if fact else math.nan,
                _("Date"): coast_words.date_of(fact) if fact else "",
                _("Definition"): coast_words.definition_of(fact) if fact else "",
                _("Source"): fact.source if fact else "",
            }
        )
    return pd.DataFrame(rows)


def _spoken(rows: pd.DataFrame) -> pd.DataFrame:
    """The map as a table of words."""
    heads = {"name": _("Provincial unit"), "said": _("Amount")}
    return rows.drop(columns=["unit_id", "value"]).rename(columns=heads)


def _hidden(title: str, table: pd.DataFrame) -> Element:
    made = elements.table(list(table.columns), table.itertuples(index=False))
    made.set("aria-label", title)
    return elements.tag("div", "", "visually-hidden", made)


def _files(made: str, table: pd.DataFrame, title: str, note: str) -> None:
    note = f"{note} · {naming.review_line()}" if note else naming.review_line()
    kinds = (
        ("png", "image/png", partial(chart_files.png, made, title, note)),
        ("svg", "image/svg+xml", partial(chart_files.svg, made, title, note)),
        ("csv", "text/csv", partial(chart_files.csv, table)),
    )
    with st.popover(_("Download"), type="tertiary", key="files_coast"):
        for suffix, mime, make in kinds:
            st.download_button(
                suffix.upper(), make, file_name=f"coast_{state.indicator()}.{suffix}", mime=mime,
                key=f"coast_{suffix}", on_click="ignore",
            )  # fmt: skip


def _take_click() -> None:
    """A unit that was clicked is looked at."""
    clicked = st.session_state[_map_key()].selection.get(coast_map.CLICKED, [])
    unit = clicked[0].get("unit_id") if clicked else None
    if unit in cached.coast().units:
        state.put(state.UNIT, unit)


# --- one unit -------------------------------------------------------------------------------------


def unit_card() -> None:
    """What is published of the chosen unit, and how to work with it; else of the country."""
    unit = state.unit_id()
    if unit is None:
        more = _("Click a unit on the map, or choose it above, to see all that is published of it.")
        elements.show(
            elements.card(
                _("Whole country, as published: not the sum of the units"),
                _pairs(NATION), elements.small(more),
            )
        )  # fmt: skip
        return
    own = cached.workspace().info.zone_id == unit
    elements.show(
        elements.card(
            coast_words.unit_name(unit),
            _pairs(unit),
            badge=_("open in this workspace") if own else "",
        ),
        _own() if own else _steps(unit),
    )


def _pairs(unit: str) -> Element:
    """First number of each indicator of a unit; what is not listed nobody published."""
    found: dict[str, reports.CoastFact] = {}
    for key in cached.coast().indicators:
        for fact in cached.coast().of(unit_id=unit, indicator=key)[:1]:
            found[key] = fact
    if not found:
        return elements.small(_("No number of this unit has been published so far."))
    made = elements.tag("dl", "", "pairs")
    for key, fact in found.items():
        number = elements.tag("b", coast_words.said(fact, unit=True))
        words = coast_words.definition_of if unit == NATION else coast_words.described
        counted = elements.small(words(fact))
        day = elements.tag("span", f" · {coast_words.date_of(fact)}")
        made.append(elements.tag("dt", coast_words.indicator_name(key)))
        made.append(elements.tag("dd", "", "", number, day, counted))
    return made


def _own() -> Element:
    link = elements.link(
        _("See where it stands: overview of this workspace"), "", state.address(), "button"
    )
    return elements.card(_("Its workspace is open"), link)


def _steps(unit: str) -> Element:
    """How to make a workspace of one's own for a unit, in three steps."""
    folder = cached.coast().units[unit].name_en.casefold()
    opened = f"--workspace {folder} --local-editor --port 8502"  # this dashboard has the usual port
    listed = elements.tag(
        "ol", "", "how-to",
        elements.tag(
            "li", _("Make a workspace: outline and land are ready, the rest is empty"), "",
            elements.tag("code", f".venv/bin/bluecarbon init {folder} --province {unit[:2]}"),
        ),
        elements.tag(
            "li", _("Open it, on your own computer, so that it can be written"), "",
            elements.tag("code", f".venv/bin/bluecarbon app {opened}"),
        ),
        elements.tag(
            "li",
            _("Take in your files on its page of imports, which has a template for each kind"),
        ),
    )  # fmt: skip
    title = _("{unit} has no workspace here yet: three steps").format(
        unit=coast_words.unit_name(unit)
    )
    return elements.card(title, listed)
