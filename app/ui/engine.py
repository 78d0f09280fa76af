"""Which of the two maps is drawn: the fast one by the graphics card, or the plain one.

The reader's choice stands in the address and, once made, in a cookie of the browser: a cookie,
because the server must know before it sends the first picture. Without a choice the browser itself
says whether a graphics card draws; where the processor would, the plain map is the faster one.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from ui import state

MAP: Final = "map"
"""Word of the address."""
AUTOMATIC: Final = "auto"
FAST: Final = "fast"
PLAIN: Final = "plain"
COOKIE: Final = "bluecarbon_map"
SLOW: Final = "slow"
"""What a browser says where the processor draws what a graphics card should."""
NONE: Final = "none"
"""What it says where nothing draws WebGL2."""
LOST: Final = "lost"
"""What it says when the graphics card was lost and did not come back."""

_CHOSEN: Final = "map_engine_chosen"
_LACK: Final = "map_engine_lack"
_LACKS: Final = (SLOW, NONE, LOST)


def chosen() -> str:
    """`FAST` or `PLAIN` as the reader wants it, or `AUTOMATIC`."""
    asked = state.asked(MAP)
    if asked in (FAST, PLAIN):
        return asked
    if _CHOSEN in st.session_state:
        return AUTOMATIC
    kept = _cookie()
    return kept if kept in (FAST, PLAIN) else AUTOMATIC


def choose(choice: str) -> None:
    """Keep what the reader wants, in the address and in the browser."""
    st.session_state[_CHOSEN] = choice
    state.put(MAP, None if choice == AUTOMATIC else choice)


def to_keep() -> str | None:
    """What the browser is to keep; None where the reader chose nothing in this session."""
    found = st.session_state.get(_CHOSEN)
    return None if found is None else str(found)


def lack() -> str | None:
    """Why the browser cannot draw the fast map, or not well; None where it has not complained."""
    kept = _cookie()
    found = st.session_state.get(_LACK, kept if kept in (SLOW, NONE) else None)
    return None if found is None else str(found)


def note_lack(said: object) -> None:
    """Take down what a browser says it lacks; anything but our own words is ignored."""
    if said in _LACKS:
        st.session_state[_LACK] = said


def drawn() -> str:
    """`FAST` or `PLAIN`: which one this run draws."""
    wanted = chosen()
    if wanted == PLAIN or lack() in (NONE, LOST):
        return PLAIN
    return PLAIN if wanted == AUTOMATIC and lack() else FAST


def _cookie() -> str | None:
    return st.context.cookies.get(COOKIE)
