"""The numbers of an own area, or of the view, as files: outline, sources and notes go along."""

from __future__ import annotations

from functools import partial

import streamlit as st

from bluecarbon_map.reports.own_area import AreaFigures, OwnArea
from ui import cached, cached_own, charts, panels, state

Asked = tuple[str, str, OwnArea, frozenset[str] | None, bool]


def asked(chosen: state.Choices, area: OwnArea) -> Asked:
    """What the caches of own areas are asked by; there must be a survey."""
    version, survey = cached.workspace().version, str(chosen.survey_id)
    return version, survey, area, chosen.ecosystems, chosen.demonstration


def buttons(chosen: state.Choices, found: AreaFigures, key: str) -> None:
    """One button a format; none where there is no row to write."""
    if found.summary.rows.empty:
        return
    for suffix, label, mime in panels.FORMATS:
        st.download_button(
            label,
            partial(cached_own.download, *asked(chosen, found.area), suffix),
            file_name=charts.file_name("bluecarbon_own_area", (found.survey_id,), suffix),
            mime=mime,
            key=f"{key}{suffix}",
            on_click="ignore",
        )
