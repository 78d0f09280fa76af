"""Three steps for whoever comes for the first time; closed once, closed for good.

That it was closed is kept in a cookie of this site, in the reader's own browser, and nowhere on
the server: nothing of one reader can reach another. The cookie holds the one word ``closed`` and
goes to no other site. It is set by a constant script, since Streamlit can read cookies but not
write them; a browser that takes none shows the steps again at the next visit, no more.
"""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element

import streamlit as st

from ui import elements, state
from ui.words import _

COOKIE: Final = "bluecarbon_welcome"
_CLOSED: Final = "closed"
_SETS_COOKIE: Final = (
    '<script type="text/javascript">'
    f'document.cookie = "{COOKIE}={_CLOSED}; path=/; max-age=31536000; samesite=lax"'
    ' + (location.protocol === "https:" ? "; secure" : "");</script>'
)


def show() -> None:
    """The steps, until they are closed; or, once closed in this session, the note of that."""
    if _wanted():
        with st.container(key="welcome", horizontal=True, vertical_alignment="center"):
            elements.show(elements.tag("ol", "", "steps", *_steps()))
            st.button(_("Got it, do not show again"), key="welcome_close", on_click=_close)
    elif state.welcome_shown() == _CLOSED:
        st.html(_SETS_COOKIE, unsafe_allow_javascript=True)


def _wanted() -> bool:
    """Whether to show them: asked for by name, or a first visit that asks for nothing special."""
    if state.asked(state.WELCOME) == "1":
        return True
    shown = state.welcome_shown()
    if shown is None:
        newcomer = st.context.cookies.get(COOKIE) != _CLOSED and not state.asks_for_something()
        shown = state.welcome_shown("open" if newcomer else "never")
    return shown == "open"


def _close() -> None:
    state.welcome_shown(_CLOSED)
    state.put(state.WELCOME, None)


def _steps() -> list[Element]:
    steps = (
        (
            _("What you see"),
            _(
                "Targets, area and carbon of the coast; whatever is marked as demonstration is "
                "invented and can be switched off at the top."
            ),
        ),
        (
            _("Choose a place"),
            _("Click the map or a city in the table: every zone has a page of its own."),
        ),
        (
            _("Take a table with you"),
            _("Export gives what the screen shows as one file, with units and sources."),
        ),
    )
    return [
        elements.tag("li", "", "", elements.tag("b", title), elements.tag("span", text))
        for title, text in steps
    ]
