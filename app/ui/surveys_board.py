"""调查: 摸清家底, what the survey knows, assumes and does not know, county by county."""

from __future__ import annotations

import math
from functools import partial
from typing import Final
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.tables import OUTSIDE
from ui import cached, cached_surveys, chart_files, charts, elements, numbers, state
from ui.words import _

_IN_CHART: Final = 15
"""Counties in the chart: those with most on the map. The table holds all."""
_KINDS: Final = ("mapped_surveyed_ha", "mapped_recorded_ha", "mapped_assumed_ha")


def board(chosen: state.Choices, survey_id: str) -> None:
    """The answer in a sentence, the four parts of the ground, chart and table by county."""
    found = cached_surveys.board(
        cached.workspace().version, survey_id, chosen.demonstration, state.language()
    )
    rows = _rows(found)
    elements.show(elements.tag("h2", _("What is known, county by county"), "section"))
    elements.show(_answer(found), _parts(found))
    _chart(rows, survey_id)
    _table(rows, found)
    elements.show(elements.small(_rules()))


def _rows(found: reports.Completeness) -> pd.DataFrame:
    """Rows with most on the map first, in words."""
    rows = found.rows.sort_values("mapped_ha", ascending=False, kind="stable")
    outside = rows["zone_id"] == OUTSIDE
    return rows.assign(zone_name=rows["zone_name"].mask(outside, _("Outside every zone")))


def _area(value: float) -> str:
    return numbers.joined(numbers.area(value, state.language()))


def _answer(found: reports.Completeness) -> Element:
    total = found.totals
    if found.extent_ha is None:
        words = _(
            "This survey does not say which ground it looked at, so no county can be called "
            "surveyed. What is on the map: {recorded} on record, {assumed} assumed."
        )
    elif not found.observed:
        words = _(
            "Nothing was observed for this survey: its extent of {extent} is assumed. What is on "
            "the map: {recorded} on record, {assumed} assumed."
        )
    else:
        words = _(
            "The survey looked at {extent}; {surveyed} are surveyed. What is on the map: "
            "{mapped} found by it, {recorded} on record elsewhere, {assumed} assumed."
        )
    said = words.format(
        extent=_area(math.nan if found.extent_ha is None else found.extent_ha),
        surveyed=_area(total["surveyed_ha"]),
        mapped=_area(total["mapped_surveyed_ha"]),
        recorded=_area(total["mapped_recorded_ha"]),
        assumed=_area(total["mapped_assumed_ha"]),
    )
    rest = _("Of {unknown} the survey says nothing: unknown, not zero.")
    return elements.tag(
        "div",
        "",
        "answer",
        elements.tag("p", said),
        elements.tag("p", rest.format(unknown=_area(total["unknown_ha"]))),
    )


def _parts(found: reports.Completeness) -> Element:
    """The four parts that the ground of all zones falls into."""
    names = _names()
    cards = []
    for part in ("surveyed_ha", "recorded_ha", "assumed_ha", "unknown_ha"):
        amount = numbers.area(found.totals[part], state.language())
        if math.isnan(found.totals[part]):
            amount = (_("not stated"), "")
        name, meaning = names[part]
        cards.append(elements.card(name, elements.big_number(amount), elements.small(meaning)))
    return elements.tag("div", "", "quartet", *cards)


def _names() -> dict[str, tuple[str, str]]:
    """What each part is called, and what it means."""
    return {
        "surveyed_ha": (_("Surveyed"), _("ground inside the extent that the survey states")),
        "recorded_ha": (_("On record"), _("observed or published patches, their surroundings not")),
        "assumed_ha": (_("Assumed"), _("indicative or demonstration: drawn, not observed")),
        "unknown_ha": (_("Unknown"), _("the survey says nothing of it; not zero")),
    }


def _chart(rows: pd.DataFrame, survey_id: str) -> None:
    """What is on the map of each county, by how it is known."""
    shown = rows[(rows["mapped_ha"] > 0)].head(_IN_CHART)
    if shown.empty:
        st.info(_("Nothing is mapped in this survey yet. Put its patches into the workspace."))
        return
    names = dict(zip(_KINDS, (_("surveyed"), _("on record"), _("assumed")), strict=True))
    bars = shown.melt(
        id_vars=["zone_name"], value_vars=list(_KINDS), var_name="kind", value_name="area_ha"
    )
    bars["place"] = bars["zone_name"].map({n: at for at, n in enumerate(shown["zone_name"])})
    bars = bars[bars["area_ha"] > 0].sort_values("place", kind="stable")
    bars = bars.assign(kind=bars["kind"].map(names)).reset_index(drop=True)
    heads = {"zone_name": _("Zone"), "kind": _("How it is known"), "area_ha": _("Area (ha)")}
    words = _("The {count} counties with most on the map; lengths are hectares of patches")
    several = len(set(bars["kind"])) > 1
    said = [words.format(count=len(shown)), *(() if several else bars["kind"].iloc[:1])]
    charts.show(
        charts.bars(
            bars,
            label="zone_name",
            value="area_ha",
            unit="ha",
            group="kind" if several else None,
            ranked=False,
        ),
        bars[list(heads)].rename(columns=heads),
        key="known_area",
        title=_("What is on the map, and how it is known"),
        note=" · ".join(said),
        name="bluecarbon_completeness",
        about=(survey_id,),
    )


def _headings() -> dict[str, str]:
    return {
        "zone_name": _("Zone"),
        "zone_ha": _("Ground of the zone (ha)"),
        "surveyed_ha": _("Surveyed (ha)"),
        "recorded_ha": _("On record (ha)"),
        "assumed_ha": _("Assumed (ha)"),
        "unknown_ha": _("Unknown (ha)"),
        "mapped_ha": _("On the map (ha)"),
        "zone_id": _("Zone code"),
    }


def _table(rows: pd.DataFrame, found: reports.Completeness) -> None:
    heads, survey_id = _headings(), found.survey_id
    together = pd.DataFrame([{**found.totals, "zone_name": _("Together"), "zone_id": ""}])
    with st.container(key="downloads", horizontal=True, vertical_alignment="center"):
        elements.show(elements.tag("div", _("Every county"), "card-title"))
        st.download_button(
            "CSV",
            partial(chart_files.csv, rows.assign(survey_id=survey_id)),
            file_name=charts.file_name("bluecarbon_completeness_table", (survey_id,), ".csv"),
            mime="text/csv",
            key="board_rows",
            on_click="ignore",
        )
    st.dataframe(
        pd.concat([together, rows]),
        hide_index=True,
        height=330,
        column_order=list(heads),
        column_config={
            name: st.column_config.NumberColumn(head, format="%,.1f")
            if name.endswith("_ha")
            else st.column_config.TextColumn(head)
            for name, head in heads.items()
        },
        placeholder=numbers.no_data(state.language()),
    )


def _rules() -> str:
    return _(
        "The four parts of a zone's ground add up to it, and counties to the province. Zones are "
        "taken whole, inland and at sea: how wide a coast a survey should cover is not decided "
        "here, so no share of a coast is given. No data under “Surveyed” means that the survey "
        "states no extent."
    )
