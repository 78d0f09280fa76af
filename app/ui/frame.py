"""What stands around every page: title, pages, switches, notices, and what the data are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import streamlit as st

import bluecarbon_map
from ui import cached, elements, naming, notices, numbers, state, times
from ui.words import LANGUAGE_TAGS, _

_RELOAD_WALL_S: Final = 900
"""After how long a wall looks at its data again; the map's frame would grow for ever otherwise."""


def bar(*, published_only: bool) -> None:
    """The row at the top: title, demonstration switch, map review, language.

    Args:
        published_only: Whether the page shows published figures and no record of the workspace:
            nothing on it is demonstration data.
    """
    marked = not published_only and cached.has_demonstration(cached.workspace().version)
    elements.style()
    _page_script()
    with st.container(key="bar", horizontal=True, gap="small", vertical_alignment="center"):
        elements.show(elements.tag("span", title(), "brand"))
        if marked:
            _demonstration_switch()
        watermark = _watermark() if marked else []
        elements.show(
            elements.tag("span", naming.review_line(), "review"), *watermark, *_wall_mark()
        )
        _language_switch()


def page(draw: Callable[[], None]) -> Callable[[], None]:
    """Make what a page draws anew by itself a fragment, with the notices above and the foot below.

    Both speak of the choices, so they must change together with them.
    """

    @st.fragment
    @wraps(draw)
    def whole() -> None:
        with cached.one_state():
            times.follow()
            notices.show()
            draw()
            foot()

    return whole


def foot() -> None:
    """What stands below every page; on paper it carries review number, date, version, address."""
    info = cached.workspace().info
    said = [
        title(),
        naming.review_line(),
        zones_line() if info.zones_label_zh else "",
        _survey(),
        _("Version {app}, data {data}").format(
            app=bluecarbon_map.__version__, data=cached.workspace().version[:8]
        ),
        numbers.day(date.today(), state.language()),
    ]
    elements.show(
        elements.tag(
            "footer",
            "",
            "foot",
            elements.tag("span", " · ".join(text for text in said if text)),
            *_ways(),
            *_address(),
        )
    )


def _survey() -> str:
    titles = cached.survey_titles(cached.workspace().version, state.language())
    return titles.get(state.choices().survey_id or "", _("no survey yet"))


def _ways() -> list[Element]:
    """To the first steps and to the wall; neither is printed."""
    first = elements.link(_("First steps"), "", state.address(welcome="1"), "screen-only")
    wall = elements.link(_("Wall display"), "", state.address(wall="1"), "screen-only")
    return [first, wall]


def _address() -> list[Element]:
    """Where this page can be found again, as text: paper has no links."""
    page, query = st.context.url, state.address()
    if page is None:
        return []
    page = page if urlsplit(page).path else f"{page}/"
    return [elements.tag("span", f"{page}?{query}" if query else page, "paper-only")]


def _page_script() -> None:
    elements.page_script(
        {
            "lang": LANGUAGE_TAGS[state.language()],
            "words": _their_words(),
            "beside": _("Facts beside the map"),
            "reload_s": _RELOAD_WALL_S if state.wall() else 0,
        }
    )


def _their_words() -> dict[str, str]:
    """What Streamlit says in English only, and what it says now."""
    return {
        "Skip to main content": _("Skip to main content"),
        "App pages": _("Pages"),
        "Open": _("Open the list"),
        "Close": _("Close"),
        "Clear value": _("Clear"),
        "Choose date": _("Choose a day"),
        "No results": _("Nothing found"),
        "Choose an option": _("Choose"),
        "Choose options": _("Choose"),
        "Show/hide columns": _("Show or hide columns"),
        "Search": _("Search in the table"),
        "Fullscreen": _("Full screen"),
        "Close fullscreen": _("Leave full screen"),
        "streamlit_folium.st_folium": _("Map"),
        "Upload": _("Choose a file"),
        "500MB per file": _("at most 500 MB"),
        "20MB per file": _("at most 20 MB"),
    }


def _watermark() -> list[Element]:
    """Words over the whole page as long as demonstration data are on it."""
    said = _("Contains demonstration data")
    shown = state.choices().demonstration and _has_records()
    return [elements.watermark(said)] if shown else []


def _has_records() -> bool:
    """Whether there is anything that could be a demonstration: a new workspace has nothing."""
    info = cached.workspace().info
    return info.default_survey_id is not None or info.default_plan_id is not None


def _wall_mark() -> list[Element]:
    """By this the style sheet knows that the page hangs on a wall."""
    return [elements.tag("span", "", "on-wall")] if state.wall() else []


def title() -> str:
    """Name of the map and of its region."""
    return _("Blue Carbon Map") + f" · {region()}"


def region() -> str:
    """Short name of the region the workspace is about: 浙江, not 浙江省."""
    info = cached.workspace().info
    return info.name_zh.removesuffix("省") if state.language() == "zh" else info.name_en


def zones_line() -> str:
    """What kind of boundaries the zones are."""
    info = cached.workspace().info
    return info.zones_label_zh if state.language() == "zh" else info.zones_label_en


def _demonstration_switch() -> None:
    if not _has_records():
        return
    if state.choices().demonstration:
        st.button(
            _("With demonstration data · turn off"),
            key="demo_off",
            on_click=state.put,
            args=(state.DEMONSTRATION, "0"),
        )
    else:
        st.button(
            _("Show demonstration data"),
            key="demo_on",
            on_click=state.put,
            args=(state.DEMONSTRATION, None),
        )


def _language_switch() -> None:
    other = "en" if state.language() == "zh" else "zh"
    st.button(
        "中文 | EN",
        key="language",
        help="English" if other == "en" else "中文",
        type="tertiary",
        on_click=state.put,
        args=(state.LANGUAGE, None if other == "zh" else other),
    )
