"""方法: how each number is made, and where it comes from."""

from __future__ import annotations

import streamlit as st

from ui import elements, methods
from ui.words import _


@st.fragment
def page() -> None:
    """One topic at a time; the topic stands in the address."""
    methods.choose()
    methods.show()


elements.headline(
    _("How is each number made, and where does it come from?"),
    _("Worked examples are computed live by the same code"),
)
page()
