"""调查: what a change survey says of its base survey, patch by patch."""

from __future__ import annotations

from functools import partial
from typing import Final
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.tables import OUTSIDE, Decision, PatchChange
from ui import (
    cached,
    cached_surveys,
    change_words,
    chart_files,
    charts,
    elements,
    naming,
    review,
    state,
)
from ui.words import _

_SHOWN: Final = 30
"""Changes in the table: those that move most ground. The file holds all."""
_ZOOM: Final = 13
"""Of the map that a change is looked at on."""


def section(chosen: state.Choices, survey_id: str) -> None:
    """The sum of each kind of change, then the largest changes one by one."""
    elements.show(elements.tag("h2", _("What the survey changes, patch by patch"), "section"))
    found = cached_surveys.changes(cached.workspace().version, survey_id, chosen.demonstration)
    if found is None:
        words = _("This survey names no base survey. Choose a change survey above.")
        st.info(words)
        return
    if found.rows.empty:
        st.info(_("No patch differs from the base survey in what is shown here."))
    else:
        elements.show(
            elements.card(_title(found), _by_kind(found), *map(elements.small, _rules(found)))
        )
    review.section(survey_id, found.base_survey_id)
    if not found.rows.empty:
        _each(found)


def _title(found: reports.SurveyChanges) -> str:
    titles = cached.survey_titles(cached.workspace().version, state.language())
    words = _("{survey} against {base}")
    return words.format(survey=titles[found.survey_id], base=titles[found.base_survey_id])


def _by_kind(found: reports.SurveyChanges) -> Element:
    heads = [
        _("What happened"), _("Patches"), _("Area before (ha)"), _("Area after (ha)"),
        _("Difference in area (ha)"),
    ]  # fmt: skip
    kinds = found.kinds
    columns = ["patches", "area_from_ha", "area_to_ha", "net_ha"]
    together = pd.concat([kinds, kinds[columns].sum().to_frame().T.assign(what="")])
    rows = [
        [
            change_words.what_name(row["what"]) if row["what"] else _("Together"),
            f"{int(row['patches']):,}",
            change_words.plain(row["area_from_ha"]),
            change_words.plain(row["area_to_ha"]),
            change_words.signed(row["net_ha"]),
        ]
        for row in together.to_dict("records")
    ]
    return elements.table(heads, rows)


def _rules(found: reports.SurveyChanges) -> list[str]:
    unchanged = _("{count} patches of the base survey stayed as they were.")
    said = [unchanged.format(count=f"{found.unchanged:,}")]
    if found.reviewed:
        counts = found.kinds[[word.value for word in Decision]].sum()
        words = _("Decided: {accepted} adopted, {rejected} rejected, {pending} still open.")
        said.append(words.format(**{str(name): int(n) for name, n in counts.items()}))
    else:
        said.append(
            _(
                "Found by laying both surveys over each other: patches are one where they have one "
                "id, else where they share at least half of the smaller one. No decision is on "
                "record."
            )
        )
    return said


def _each(found: reports.SurveyChanges) -> None:
    rows = _in_words(found)
    with st.container(key="downloads_changes", horizontal=True, vertical_alignment="center"):
        words = _("The largest changes: {shown} of {all}")
        title = words.format(shown=min(_SHOWN, len(rows)), all=len(rows))
        elements.show(elements.tag("div", title, "card-title"))
        st.download_button(
            "CSV",
            partial(chart_files.csv, pd.DataFrame(found.rows.drop(columns="geometry"))),
            file_name=charts.file_name("bluecarbon_changes", (found.survey_id,), ".csv"),
            mime="text/csv",
            key="changes_rows",
            on_click="ignore",
        )
    heads = [
        _("Place"), _("Zone"), _("What happened"), _("Before"), _("After"),
        _("Difference in area (ha)"), _("Decision"), _("Note"), _("Map"),
    ]  # fmt: skip
    made = elements.table(heads, [_row(row) for row in rows[:_SHOWN]])
    made.set("class", "facts reading changes")
    elements.show(elements.tag("div", "", "card scrolling", made))


def _in_words(found: reports.SurveyChanges) -> list[dict[str, object]]:
    """The changes with most ground moved first; what is missing is None."""
    rows = found.rows.drop(columns="geometry")
    before, after = rows["area_from_ha"].fillna(0.0), rows["area_to_ha"].fillna(0.0)
    turned = rows["what"] == PatchChange.RECLASSIFIED.value
    moved = (after - before).abs().where(~turned, after.where(after > before, before))
    ranked = rows.assign(net_ha=after - before).loc[
        moved.sort_values(ascending=False, kind="stable").index
    ]
    known = ranked.astype(object).where(ranked.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in known.to_dict("records")]


def _row(row: dict[str, object]) -> list[str | Element]:
    names = cached.regions(cached.workspace().version, state.language()).names
    zone, patch = str(row["zone_id"]), row["habitat_id"] or row["base_habitat_id"]
    return [
        str(row["name_zh"] or patch),
        _("Outside every zone") if zone == OUTSIDE else names.get(zone, zone),
        change_words.what_name(str(row["what"])),
        change_words.side(row, "from"),
        change_words.side(row, "to"),
        change_words.signed(float(str(row["net_ha"]))),
        change_words.decision_name(str(row["decision"])),
        naming.in_language(str(row["note"] or "")),
        _on_map(row),
    ]


def _on_map(row: dict[str, object]) -> Element:
    """To the place on the map, in the survey that still or already has the patch."""
    lon, lat = (f"{float(str(row[axis])):.5f}" for axis in ("lon", "lat"))
    survey = str(row["survey_id"])
    version = cached.workspace().version
    unfinished = cached_surveys.in_review(version, survey) is not None
    gone = unfinished or row["what"] == PatchChange.REMOVED.value
    surveys = cached.workspace().surveys().set_index("survey_id")["base_survey_id"]
    query = state.address(
        **{
            state.SURVEY: str(surveys[survey]) if gone else survey,
            state.POINT: f"{lon},{lat},{_ZOOM}",
            state.VIEW: f"{_ZOOM}/{lat}/{lon}",
            state.ZONE: None,
            state.ECOSYSTEM: None,
        }
    )
    return elements.link(_("on the map"), "distribution", query)
