"""All own areas of the session: choose, rename, redraw, remove, keep, send, bring a file."""

from __future__ import annotations

import streamlit as st

from bluecarbon_map.errors import BluecarbonError
from bluecarbon_map.reports.own_area import to_code, to_geojson
from ui import editor, elements, own_map, own_state, own_upload, state
from ui.words import _


def show(held: own_state.Held | None) -> None:
    """A box that opens: the list, and how to draw or bring an area."""
    count = len(own_state.held())
    title = _("Own areas ({n})").format(n=count) if count else _("Own area: draw or upload one")
    drawn = st.expander(title, key="own_areas_box", on_change="rerun", expanded=False)
    if not drawn.open:
        return
    with drawn:
        words = _(
            "Draw one with the pen on the map, or upload a file. It stays with you: nobody else "
            "sees it, and nothing of it is stored in the workspace."
        )
        elements.show(elements.small(words))
        if count:
            _choose(held)
        if held is not None:
            _acts(held)
        own_upload.field()
        _keep()
        if count:
            _all()


def _choose(held: own_state.Held | None) -> None:
    names = {one.number: one.area.name for one in own_state.held()}
    st.session_state["own_area_choice"] = None if held is None else held.number
    st.selectbox(
        _("Area shown"),
        [None, *names],
        format_func=lambda number: names.get(number, _("none")),
        key="own_area_choice",
        on_change=_take_choice,
    )


def _take_choice() -> None:
    own_state.hush()
    own_state.show(st.session_state["own_area_choice"])


def _acts(held: own_state.Held) -> None:
    key = f"own_area_name_{held.number}"
    st.session_state[key] = held.area.name
    st.text_input(_("Name"), key=key, max_chars=60, on_change=_take_name, args=(held.number, key))
    with st.container(horizontal=True, gap="small"):
        if own_map.corners(held.area) is not None:
            st.button(
                _("Change the outline"),
                key="own_area_edit",
                on_click=own_state.edit,
                args=(held.number,),
            )
        st.button(
            _("Remove"), key="own_area_remove", on_click=own_state.remove, args=(held.number,)
        )
        st.button(_("Link with this area"), key="own_area_link", on_click=_take_link, args=(held,))
    link = own_state.link(held.number)
    if link is not None:
        words = _("Whoever has this link sees the outline; it is rounded to about a metre.")
        elements.show(elements.small(words))
        st.code(link, language=None, wrap_lines=True)


def _take_name(number: int, key: str) -> None:
    own_state.rename(number, str(st.session_state[key]))


def _take_link(held: own_state.Held) -> None:
    try:
        code = to_code(held.area)
    except BluecarbonError as problem:
        own_state.say("bad", *editor.refusal(problem))
        return
    address = state.address(**{own_state.AREA: code})
    own_state.put_link(held.number, f"{st.context.url or ''}?{address}")


def _keep() -> None:
    st.session_state["own_areas_keep"] = bool(own_state.keeps())
    st.toggle(
        _("Keep my areas in this browser"),
        key="own_areas_keep",
        on_change=_take_keep,
        help=_("On a computer that others use too, they would see them. Off: gone with this page."),
    )
    if own_state.keeps() and own_state.refused():
        words = _(
            "This browser could not keep them: its memory is full, or it allows none. Download "
            "them instead."
        )
        editor.say("bad", words)


def _take_keep() -> None:
    own_state.keep(bool(st.session_state["own_areas_keep"]))


def _all() -> None:
    st.download_button(
        _("All areas as GeoJSON"),
        to_geojson([one.area for one in own_state.held()]),
        file_name="bluecarbon_own_areas.geojson",
        mime="application/geo+json",
        key="own_areas_all",
        on_click="ignore",
    )
