"""Router of the dashboard: which pages there are, and what stands around them."""

from __future__ import annotations

import streamlit as st

from ui import cached, frame, state
from ui.words import _

with cached.one_state():
    state.keep_across_pages()
    st.set_page_config(page_title=frame.title(), layout="wide", initial_sidebar_state="collapsed")
    page = st.navigation(
        {
            _("Overview"): [
                st.Page("views/overview.py", title=_("Where the province stands"), default=True),
                st.Page("views/coast.py", title=_("Coastal provinces"), url_path="coast"),
            ],
            _("Map and accounts"): [
                st.Page("views/distribution.py", title=_("Distribution"), url_path="distribution"),
                st.Page("views/zone.py", title=_("One zone"), url_path="zone"),
                st.Page("views/stock.py", title=_("Stock"), url_path="stock"),
                st.Page("views/flux.py", title=_("Sources and sinks"), url_path="flux"),
                st.Page("views/standards.py", title=_("Methods compared"), url_path="standards"),
                st.Page("views/compare.py", title=_("Compare"), url_path="compare"),
            ],
            _("Targets and projects"): [
                st.Page("views/progress.py", title=_("Targets"), url_path="progress"),
                st.Page("views/projects.py", title=_("Edit projects"), url_path="projects"),
            ],
            _("Data and methods"): [
                st.Page("views/surveys.py", title=_("Surveys"), url_path="surveys"),
                st.Page("views/trace.py", title=_("Trace"), url_path="trace"),
                st.Page("views/import.py", title=_("Import"), url_path="import"),
                st.Page("views/history.py", title=_("History"), url_path="history"),
                st.Page("views/factors.py", title=_("Coefficients"), url_path="factors"),
                st.Page("views/sources.py", title=_("Data sources"), url_path="sources"),
                st.Page("views/export.py", title=_("Export"), url_path="export"),
                st.Page("views/methods.py", title=_("Methods"), url_path="methods"),
            ],
        },
        position="top",
    )
    frame.bar(published_only=page.url_path in ("coast", "methods"))
    page.run()
