"""What stands around every page: title, pages, switches, and what the data are."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import streamlit as st

from ui import cached, elements, state
from ui.words import _


def bar() -> None:
    """The row at the top: title, demonstration switch, map review, language."""
    elements.style()
    with st.container(key="bar", horizontal=True, gap="small", vertical_alignment="center"):
        elements.show(elements.tag("span", title(), "brand"))
        _demonstration_switch()
        elements.show(elements.tag("span", review_line(), "review"), *_watermark())
        _language_switch()


def foot() -> None:
    """What stands below every page; on paper it carries review number, date and version."""


def _watermark() -> list[Element]:
    """Words over the whole page as long as demonstration data are on it."""
    said = _("Contains demonstration data")
    return [elements.watermark(said)] if state.choices().demonstration else []


def title() -> str:
    """Name of the map and of its region."""
    return _("Blue Carbon Map") + f" · {region()}"


def region() -> str:
    """Short name of the region the workspace is about: 浙江, not 浙江省."""
    info = cached.workspace().info
    return info.name_zh.removesuffix("省") if state.language() == "zh" else info.name_en


def review_line() -> str:
    """The map's review number, or that it has none."""
    number = cached.workspace().info.map_review_number
    return number or _("Map not reviewed: for internal use only")


def zones_line() -> str:
    """What kind of boundaries the zones are."""
    info = cached.workspace().info
    return info.zones_label_zh if state.language() == "zh" else info.zones_label_en


def _demonstration_switch() -> None:
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
