"""溯源: one number of a zone, step by step, and the files of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.accounting.trace import Step, equation, number, origin_words, sign
from ui import (
    cached,
    cached_traces,
    charts,
    elements,
    filters,
    naming,
    numbers,
    state,
    stock,
    trace_choices,
)
from ui.words import _

_MOST: Final = 40
"""Inputs of one step that are shown; the files hold all."""
_OPEN: Final = 2
"""Levels of the tree that are open at first."""


def found() -> reports.Traced | None:
    """What the page is about; None where nothing is on record."""
    chosen = state.choices()
    return cached_traces.traced(
        cached.workspace().version,
        chosen.survey_id,
        chosen.zone_id,
        chosen.ecosystem,
        chosen.demonstration,
        stock.set_id(),
    )


def choose() -> None:
    """Zone, ecosystem and survey, then which number."""
    filters.bar()
    known = trace_choices.names()
    st.session_state["choose_number"] = trace_choices.number()
    st.segmented_control(
        _("Number"),
        list(known),
        format_func=lambda one: known[one],
        key="choose_number",
        required=True,
        label_visibility="collapsed",
        on_change=_take,
    )


def _take() -> None:
    wanted = st.session_state["choose_number"]
    state.put(state.NUMBER, None if wanted in (None, trace_choices.USUAL) else wanted)


def answer(traced: reports.Traced) -> None:
    """The sentences: what the numbers are, and what they rest on."""
    first, *rest = (_halved(one) for one in reports.sentences(traced, state.language()))
    lines = [elements.tag("p", first), *(elements.tag("li", one) for one in rest)]
    elements.show(
        elements.tag("div", "", "answer", lines[0]), elements.tag("ul", "", "notes", *lines[1:])
    )


def _halved(text: str) -> str:
    """A text without the half of a bilingual source that the reader does not read."""
    return naming.in_language(text)


def tree(traced: reports.Traced) -> None:
    """The number that was chosen, taken apart."""
    step = traced.steps()[trace_choices.number()]
    title = _("Step by step: each line follows from the lines under it")
    below = elements.tag("div", "", "steps", _branch(step, 0))
    elements.show(elements.card(title, *_by_formula(), below))


def branches(*steps: Step) -> None:
    """Several numbers, each taken apart on demand."""
    elements.show(elements.tag("div", "", "steps", *(_branch(one, _OPEN) for one in steps)))


def _by_formula() -> list[Element]:
    """Elsewhere the reader looks at intervals by Monte Carlo: these are others."""
    if not state.by_draws():
        return []
    words = _("The ends taken apart here are the formula's, not those of Monte Carlo.")
    return [elements.small(words)]


def _branch(step: Step, depth: int) -> Element:
    said = _said(step)
    if not step.inputs:
        return elements.tag("div", "", "leaf", *said)
    more = {"open": "open"} if depth < _OPEN else {}
    below = [_branch(one, depth + 1) for one in step.inputs[:_MOST]]
    if len(step.inputs) > _MOST:
        words = _("… and {n} more: the files hold all of them")
        below.append(elements.small(words.format(n=len(step.inputs) - _MOST)))
    head = elements.tag("summary", "", "", *said)
    return elements.tag("details", "", "branch", head, *below, **more)


def _said(step: Step) -> list[Element]:
    chinese = state.language() == "zh"
    least = "≥ " if step.at_least else ""
    value = number(step.value, step.unit)
    if step.value is None:
        value = numbers.no_data(state.language())
    said = [
        elements.tag("span", f"{step.zh}：" if chinese else f"{step.en}:", "step-name"),
        elements.tag("b", f"{least}{value}"),
    ]
    if step.inputs:
        said.append(elements.tag("span", f"{sign(step)} {equation(step)}", "step-equation"))
    if step.origin is not None:
        words = [_halved(one) for one in origin_words(step.origin, state.language())]
        row = elements.tag("code", step.origin.row_id)
        said.append(elements.tag("span", "", "small", row, elements.tag("span", _joined(words))))
    return said


def _joined(words: list[str]) -> str:
    return (" · " if words else "") + " · ".join(words)


def files(traced: reports.Traced) -> None:
    """The text and the tree, to be kept or handed on."""
    language = state.language()
    makers: tuple[tuple[str, str, Callable[[], str]], ...] = (
        (".txt", "text/plain", lambda: reports.trace_text(traced, language)),
        (".json", "application/json", lambda: _as_json(traced)),
    )
    about = (traced.zone_id, traced.survey_id, traced.ecosystem)
    with st.container(key="downloads", horizontal=True, vertical_alignment="center"):
        elements.show(elements.tag("div", _("All six numbers, to work again"), "card-title"))
        for suffix, mime, make in makers:
            st.download_button(
                suffix[1:].upper(),
                make,
                file_name=charts.file_name("bluecarbon_trace", about, suffix),
                mime=mime,
                key=f"trace{suffix}",
                on_click="ignore",
            )


def _as_json(traced: reports.Traced) -> str:
    made = reports.trace_json(traced, demonstration=state.choices().demonstration)
    return json.dumps(made, ensure_ascii=False, allow_nan=False, indent=1)


def patches(traced: reports.Traced) -> None:
    """The patches that the area is made of."""
    drawn = st.expander(
        _("Patches the area is made of ({n})").format(n=traced.ground["habitat_id"].nunique()),
        key="trace_patches",
        on_change="rerun",
    )
    if not drawn.open:
        return
    rows, english = traced.ground, state.language() == "en"
    name = rows["name_zh"].where(rows["name_en"].isna() | (not english), rows["name_en"])
    shown = pd.DataFrame(
        {
            _("Patch"): rows["habitat_id"],
            _("Name"): name,
            _("Ecosystem"): [naming.ecosystem_name(key) for key in rows["ecosystem"]],
            _("Dominant species"): rows["species"].map(naming.species_name, "ignore"),
            _("Zone"): [_zone_name(one) for one in rows["zone_id"]],
            _("Area in the zone (ha)"): rows["area_ha"],
            _("Record"): [naming.provenance_name(one) for one in rows["provenance"]],
            _("Source"): [
                naming.source_name(kind, naming.in_language(text))
                for kind, text in zip(rows["provenance"], rows["source"], strict=True)
            ],
        }
    )
    with drawn:
        st.dataframe(
            shown,
            hide_index=True,
            column_config={
                _("Area in the zone (ha)"): st.column_config.NumberColumn(format="%,.8f")
            },
            placeholder=numbers.no_data(state.language()),
        )


def _zone_name(zone_id: str) -> str:
    names_of = cached.regions(cached.workspace().version, state.language()).names
    return names_of.get(zone_id, zone_id)


def nothing() -> None:
    """What to do where nothing is on record."""
    stock.nothing(state.choices())
