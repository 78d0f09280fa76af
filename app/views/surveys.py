"""调查: where, when and how was surveyed, and what is still unknown."""

from __future__ import annotations

import streamlit as st

from ui import elements, frame, opening, state, surveys, surveys_board, surveys_changes
from ui.words import _


@frame.page
def page() -> None:
    """The passports; the board of one survey, and what it changes."""
    chosen = state.choices()
    if chosen.survey_id is None:
        st.info(_("There is no survey yet. Put one into the workspace, then come back."))
        opening.section()
        return
    surveys.passports(chosen)
    surveys.chosen_bar()
    surveys_board.board(chosen, chosen.survey_id)
    surveys_changes.section(chosen, chosen.survey_id)
    opening.section()


elements.headline(
    _("Where was surveyed, when and how, and where is it still unknown?"),
    _("Unknown is what lies outside the ground that a survey looked at; it is not zero"),
)
page()
