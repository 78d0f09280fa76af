"""导出: choose what to hand in, see it, and take the file."""

from __future__ import annotations

import streamlit as st

from ui import elements, export, frame, notices
from ui.words import _

notices.show()
elements.headline(
    _("What would you like to hand in?"), _("The preview is the file: same rows, same columns")
)
choices, file = st.columns([1, 2.6], gap="medium")
with choices, st.container(key="export_choices"):
    export.choose()
with file:
    export.hand_over()
frame.foot()
