"""Charts: calm, in the colours of the map, with a table behind each and files to take away.

``show(bars(table, …), rows, …)`` puts one on a page. Words and numbers of a chart are data that
were made here in the language of the page; no value ever stands in a Vega expression.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final
from xml.etree.ElementTree import Element

import altair as alt
import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.ecosystems import SPECIES
from bluecarbon_map.ecosystems import colour as ink_of
from ui import (
    cached,
    chart_files,
    chart_marks,
    chart_words,
    elements,
    naming,
    numbers,
    state,
)
from ui.chart_words import Measure
from ui.words import _

ACCENT: Final = "#0B5C8A"
GAIN: Final = "#1B9E77"
LOSS: Final = "#D95F02"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart that is drawn already.

    Attributes:
        spec: Its Vega-Lite specification as JSON.
    """

    spec: str


Chart = alt.Chart | alt.LayerChart


def show(
    made: Drawn | Chart,
    table: pd.DataFrame,
    *,
    key: str,
    title: str,
    name: str,
    note: str = "",
    about: Sequence[str | None] = (),
) -> None:
    """Put a chart on the page: title, note, downloads, and its table for screen readers.

    Args:
        made: Chart of any kind; look and width are given to it here.
        table: The same numbers, columns and texts in the language of the page, units in the names.
        key: Name of the box on the page, its own.
        title: What it shows.
        name: ASCII name of the files, without an end.
        note: What must be said beside it: year, interval, source.
        about: Ids of the zones and surveys it is about: they stand in the names of the files.
    """
    files = partial(file_name, name, about)
    spec = json.loads(made.spec) if isinstance(made, Drawn) else chart_files.spec(made)
    with st.container(key=f"chart_{key}", border=True):
        with st.container(
            key=f"charthead_{key}", horizontal=True, vertical_alignment="top", gap="small"
        ):
            elements.show(_heading(title, note))
            _files(json.dumps(spec), table, key, title, note, files)
        st.vega_lite_chart(spec=spec, width="stretch", theme=None, key=f"drawn_{key}", alt=title)
        elements.show(_for_screen_readers(title, table))


def _heading(title: str, note: str) -> Element:
    lines = [elements.small(note)] if note else []
    return elements.tag("div", "", "chart-head", elements.tag("h2", title, "card-title"), *lines)


def file_name(name: str, about: Sequence[str | None], suffix: str) -> str:
    """Name of a file as an export has it: what, zone, survey, day; ``no-demo`` without those."""
    words = [one for one in about if one]
    if not state.choices().demonstration:
        words.append("no-demo")
    return f"{name}_{reports.name_of(words, date.today(), suffix)}"


def _files(
    spec: str,
    table: pd.DataFrame,
    key: str,
    title: str,
    note: str,
    called: Callable[[str], str],
) -> None:
    """Files are drawn when somebody asks for one; they say what stands around the page.

    In CSV title and note are columns: the table stays one table, and says what it is about.
    """
    invented = _("Contains demonstration data") if state.choices().demonstration else ""
    note = " · ".join(part for part in (note, invented, naming.review_line()) if part)
    alone = table.assign(**{_("Chart"): title, _("Note"): note})
    kinds: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
        ("png", "image/png", partial(chart_files.png, spec, title, note)),
        ("svg", "image/svg+xml", partial(chart_files.svg, spec, title, note)),
        ("csv", "text/csv", partial(chart_files.csv, alone)),
    )
    with st.popover(_("Download"), type="tertiary", key=f"files_{key}"):
        row = st.container(key=f"kinds_{key}", horizontal=True, gap="small")
    for suffix, mime, make in kinds:
        row.download_button(
            suffix.upper(),
            make,
            file_name=called(f".{suffix}"),
            mime=mime,
            key=f"{key}_{suffix}",
            on_click="ignore",
        )


def _for_screen_readers(title: str, table: pd.DataFrame) -> Element:
    rows = [[_cell(cell) for cell in row] for row in table.itertuples(index=False)]
    made = elements.table([str(head) for head in table.columns], rows)
    made.set("aria-label", title)
    return elements.tag("div", "", "visually-hidden", made)


def _cell(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if not isinstance(cell, (int, float)) or math.isnan(cell):
        return numbers.no_data(state.language())
    return numbers.compact(cell)


def bars(
    table: pd.DataFrame,
    *,
    label: str,
    value: str,
    unit: str,
    low: str | None = None,
    high: str | None = None,
    colour: str | None = None,
    demonstration: str | None = None,
    group: str | None = None,
    at_least: str | None = None,
    ranked: bool = True,
    digits: int = 1,
) -> Drawn:
    """Horizontal bars with their numbers beside them, the longest first.

    Args:
        table: One bar a row.
        label: Column of what a bar is called.
        value: Column of amounts; unknown ones have no bar, and words instead of a number.
        unit: ``ha``, ``t C``, ``t CO2e``, ``t C/yr``, or any other text as it stands.
        low: Column of lower ends, same unit; drawn as whiskers.
        high: Column of upper ends.
        colour: Column of ecosystem keys (or scientific names of species): the colour of the bar is
            theirs. None: one accent colour.
        demonstration: Column of the part of ``value`` that is demonstration data, same unit: drawn
            lighter, its outline dashed.
        group: Column that tells bars of one label apart (zone, survey); drawn one under another,
            named beside the number.
        at_least: Column of booleans: amounts that are lower bounds get ``≥``.
        ranked: Sort by amount; else the order of the table. Grouped bars keep the table's order.
        digits: Digits after the point for ``ha`` and units of your own.
    """
    measure = chart_words.measure(unit, table[[value, *([high] if high else [])]], digits)
    shown = pd.DataFrame(
        {
            "label": _distinct(table[label]) if group is None else table[label].astype(str),
            "value": table[value].astype(float),
            "low": table[low].astype(float) if low else math.nan,
            "high": table[high].astype(float) if high else math.nan,
            "demo": table[demonstration].astype(float).fillna(0.0) if demonstration else 0.0,
            "ink": _inks(table[colour]) if colour else ACCENT,
            "group": table[group].astype(str) if group else "",
            "least": table[at_least].astype(bool) if at_least else False,
        }
    )
    if ranked and group is None:
        shown = shown.sort_values("value", ascending=False, na_position="last", kind="stable")
    return _drawn(chart_marks.bars, chart_words.in_words(shown, measure), measure)


def changes(
    table: pd.DataFrame,
    *,
    label: str,
    value: str,
    unit: str,
    low: str | None = None,
    high: str | None = None,
    digits: int = 1,
) -> Drawn:
    """Bars to both sides of zero: gain in green, loss in orange; arguments as of `bars`."""
    measure = chart_words.measure(unit, table[[value]], digits)
    shown = pd.DataFrame(
        {
            "label": _distinct(table[label]),
            "value": table[value].astype(float),
            "low": table[low].astype(float) if low else math.nan,
            "high": table[high].astype(float) if high else math.nan,
            "demo": 0.0,
            "ink": [LOSS if amount < 0 else GAIN for amount in table[value]],
            "group": "",
            "least": False,
        }
    )
    shown = chart_words.in_words(shown, measure)
    more = shown["value"] > 0
    for column in ("text", "alone", "above"):
        shown[column] = shown[column].mask(more & (shown[column] != ""), "+" + shown[column])
    return _drawn(chart_marks.bars, shown, measure)


def spans(
    table: pd.DataFrame,
    *,
    label: str,
    value: str,
    unit: str,
    low: str,
    high: str,
    colour: str | None = None,
    digits: int = 1,
) -> Drawn:
    """A point on its interval a row, for amounts that do not start at zero; as `bars`."""
    measure = chart_words.measure(unit, table[[value, high]], digits)
    shown = pd.DataFrame(
        {
            "label": _distinct(table[label]),
            "value": table[value].astype(float),
            "low": table[low].astype(float),
            "high": table[high].astype(float),
            "demo": 0.0,
            "ink": _inks(table[colour]) if colour else ACCENT,
            "group": "",
            "least": False,
        }
    )
    return _drawn(chart_marks.spans, chart_words.in_words(shown, measure), measure)


def swings(
    table: pd.DataFrame,
    *,
    label: str,
    middle: float,
    low: str,
    high: str,
    own_low: str,
    own_high: str,
    unit: str,
) -> Drawn:
    """Bars around a result, one an input that was moved; whiskers where the input's own ends lead.

    Args:
        table: One input a row, in the order they are drawn.
        label: Column of what an input is called.
        middle: The result as it is.
        low: Column of results with the input moved down.
        high: Column of results with it moved up.
        own_low: Column of results at the lower end of the input's own interval; NaN is unknown.
        own_high: The same at the upper end.
        unit: As of `bars`.
    """
    measure = chart_words.measure(unit, table[[high, own_high]], 1)
    shown = pd.DataFrame(
        {
            "label": _distinct(table[label]),
            "value": (table[high] - table[low]).astype(float) / 2,
            "low": table[own_low].astype(float),
            "high": table[own_high].astype(float),
            "demo": 0.0,
            "ink": ACCENT,
            "group": "",
            "least": False,
        }
    )
    shown = chart_words.in_words(shown, measure)
    unsaid = shown["below"] == ""
    shown["above"] = "± " + shown["text"]
    shown["below"] = shown["below"].mask(unsaid, _("own interval unknown"))
    shown["alone"] = ""
    for column, ends in (("left", table[low]), ("right", table[high])):
        shown[column] = ends.to_numpy(dtype=float) / measure.per
    shown["middle"] = middle / measure.per
    return _drawn(chart_marks.swings, shown, measure)


def _drawn(draw: Callable[..., str], shown: pd.DataFrame, measure: Measure) -> Drawn:
    """What is drawn from the same words and numbers is the same: it is kept."""
    rows = chart_marks.as_text(shown)
    return Drawn(cached.drawn(draw, rows, measure.axis, state.language()))


def _inks(keys: pd.Series[str]) -> list[str]:
    """Colour of each ecosystem or species, as on the map."""
    return [ink_of(SPECIES[key].ecosystem, key) if key in SPECIES else ink_of(key) for key in keys]


def _distinct(labels: Sequence[str] | pd.Series[str]) -> list[str]:
    """Two rows of one name stay two rows: the second gets an invisible end."""
    seen: dict[str, int] = {}
    found = []
    for label in map(str, labels):
        seen[label] = seen.get(label, 0) + 1
        found.append(label + "\u200b" * (seen[label] - 1))
    return found
