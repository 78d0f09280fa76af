"""The bar of time under the map: a slider over all surveys and rasters, playback, two at once."""

from __future__ import annotations

import time
from typing import Final

import streamlit as st

from bluecarbon_map import reports
from ui import cached, elements, state, times, two_times
from ui.words import _

STEP_S: Final = 2.5
"""How long playback stays at a step: long enough for tiles to come and for a line to be read."""

_PLAYING: Final = "time_playing"
_TICKED: Final = "time_ticked"
_ALONE: Final = "alone"


def bar() -> None:
    """Slider, playback, and what the map shows of which time; nothing where there is one time."""
    line = times.line()
    key = times.now(line)
    if key is None or len(line) < 2:
        return
    keys = [one.key for one in line]
    if "time_at" not in st.session_state:  # Streamlit drops it where another page was drawn
        _stop()
    with st.container(key="time"):
        with st.container(
            key="time_row", horizontal=True, vertical_alignment="center", gap="small"
        ):
            _steps(keys, key)
            _both(keys, key)
        elements.show(
            elements.tag("div", "", "time-said", *map(elements.small, said(line)), role="status")
        )
    if st.session_state.get(_PLAYING):
        _clock()


# --- one time ------------------------------------------------------------------------------------


def _steps(keys: list[str], key: str) -> None:
    at = keys.index(key)
    st.button(_("One step back"), key="time_back", disabled=at == 0,
              on_click=_go, args=(keys[max(at - 1, 0)],))  # fmt: skip
    if st.session_state.get(_PLAYING):
        st.button(_("❚❚ Stop"), key="time_stop", on_click=_stop)
    else:
        st.button(_("▶ Play"), key="time_play", on_click=_play)
    st.button(_("One step on"), key="time_on", disabled=at == len(keys) - 1,
              on_click=_go, args=(keys[min(at + 1, len(keys) - 1)],))  # fmt: skip
    st.session_state["time_at"] = key
    st.select_slider(
        _("Time"),
        keys,
        format_func=two_times.name_of,
        key="time_at",
        label_visibility="collapsed",
        on_change=_take_step,
    )


def _take_step() -> None:
    _go(st.session_state["time_at"])


def _go(key: str) -> None:
    _stop()
    times.go_to(key)


def _play() -> None:
    """From here on; from the end, anew. Of two times the later one goes on."""
    keys = [one.key for one in times.line()]
    if times.now(times.line()) == keys[-1]:
        times.go_to(keys[0 if times.pair() is None else 1])
    st.session_state[_PLAYING] = True
    st.session_state[_TICKED] = time.monotonic()


def _stop() -> None:
    st.session_state[_PLAYING] = False


@st.fragment(run_every=STEP_S)
def _clock() -> None:
    """One step on for each turn of the clock; the whole page follows. It stops at the end."""
    if time.monotonic() - st.session_state[_TICKED] < STEP_S / 2:
        return  # drawn with the page, not by the clock
    keys = [one.key for one in times.line()]
    at = keys.index(times.now(times.line()) or keys[-1])
    if at + 1 < len(keys):
        times.go_to(keys[at + 1])
    if at + 2 >= len(keys):
        _stop()
    st.session_state[_TICKED] = time.monotonic()
    st.rerun(scope="app")


# --- two times -----------------------------------------------------------------------------------


def _both(keys: list[str], key: str) -> None:
    both = times.pair()
    words = {
        _ALONE: _("One time"),
        times.SWIPE: _("Swipe"),
        times.SIDE: _("Side by side"),
        times.CHANGE: _("Gain and loss"),
    }
    st.session_state["time_way"] = _ALONE if both is None else both.way
    st.segmented_control(
        _("One time or two"),
        list(words),
        format_func=lambda one: words[one],
        key="time_way",
        required=True,
        label_visibility="collapsed",
        on_change=_take_way,
    )
    if both is None:
        return
    others = [one for one in keys if one != key]
    st.session_state["time_than"] = both.before
    st.selectbox(
        _("Held against"),
        others,
        format_func=lambda one: _("against {time}").format(time=two_times.name_of(one)),
        key="time_than",
        label_visibility="collapsed",
        on_change=_take_than,
        width=160,
    )


def _take_way() -> None:
    way = st.session_state["time_way"]
    times.hold(None if way == _ALONE else way)


def _take_than() -> None:
    times.hold(state.asked(times.BOTH), st.session_state["time_than"])


# --- what is shown -------------------------------------------------------------------------------


def said(line: tuple[reports.Moment, ...]) -> list[str]:
    """Which survey and which rasters the map shows, of which time, and where there is a gap."""
    both, key = times.pair(), times.now(line)
    if key is None:
        return []
    if both is None:
        step = times.asked(line)
        return [_survey(line, key), *([] if step is None else two_times.raster_line(step))]
    halves = (_("Left: {what}"), _("Right: {what}"))
    if both.way == times.CHANGE:
        halves = (_("From: {what}"), _("To: {what}"))
    lines = [
        words.format(what=what)
        for words, one in zip(halves, (both.before, both.after), strict=True)
        for what in (_survey(line, one), *two_times.raster_line(one))
    ]
    if both.way == times.CHANGE and two_times.surveys() is None:
        lines.append(two_times.no_change())
    return lines


def _survey(line: tuple[reports.Moment, ...], key: str) -> str:
    survey = reports.survey_at(line, key)
    name = two_times.name_of(key)
    if survey is None:
        return _("{time}: no survey up to then, so no patch is shown").format(time=name)
    version = cached.workspace().version
    title = cached.survey_titles(version, state.language())[survey]
    own = next(one.survey_id for one in line if one.key == key)
    if own is not None:
        return _("{time}: {title}").format(time=name, title=title)
    words = _("{time}: no survey; shown is the last one before, of {year}: {title}")
    return words.format(time=name, year=cached.survey_year(version, survey), title=title)
