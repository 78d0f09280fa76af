"""The switch between the two maps, and why the one that is seen is seen."""

from __future__ import annotations

import streamlit as st

from ui import elements, engine
from ui.words import _

_KEY = "map_engine"


def switch() -> None:
    """Automatic, fast or plain."""
    names = {
        engine.AUTOMATIC: _("Automatic"),
        engine.FAST: _("Fast"),
        engine.PLAIN: _("Plain"),
    }
    st.session_state[_KEY] = engine.chosen()
    st.radio(
        _("How the map is drawn"),
        list(names),
        format_func=names.__getitem__,
        key=_KEY,
        horizontal=True,
        on_change=_take,
    )
    elements.show(elements.small(_why()))


def _take() -> None:
    engine.choose(st.session_state[_KEY])


def _why() -> str:
    if engine.drawn() == engine.FAST:
        return _("Now drawn by WebGL 2, from vector shapes where you look closely.")
    reasons = {
        engine.SLOW: _("This computer draws without a graphics card: the plain map is quicker."),
        engine.NONE: _("This browser has no WebGL2: only the plain map can be drawn."),
        engine.LOST: _("The graphics card gave up: the plain map stands in for the fast one."),
    }
    plain = _("Now drawn picture by picture, as every browser can.")
    return reasons.get(engine.lack() or "", plain)
