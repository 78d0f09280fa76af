"""Router of the dashboard: which pages there are, and what stands around them."""

from __future__ import annotations

import streamlit as st

from ui import frame, state
from ui.words import _

state.keep_across_pages()
st.set_page_config(page_title=frame.title(), layout="wide", initial_sidebar_state="collapsed")
page = st.navigation(
    [
        st.Page("views/overview.py", title=_("Overview"), default=True),
        st.Page("views/distribution.py", title=_("Distribution"), url_path="distribution"),
        st.Page("views/progress.py", title=_("Targets"), url_path="progress"),
    ],
    position="top",
)
frame.bar()
page.run()
