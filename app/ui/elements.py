"""Cards, legends and lines as HTML, built from an element tree: text is text by construction."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

import streamlit as st

_WATERMARKS: Final = 24
_STYLES: Final = Path(__file__).with_name("styles")


def style() -> None:
    """Put the dashboard's style sheets on the page, in the order of their names."""
    st.html(f"<style>{_sheets()}</style>")


@cache
def _sheets() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(_STYLES.glob("*.css")))


def show(*elements: Element) -> None:
    """Put elements on the page."""
    st.html("".join(markup(element) for element in elements))


def markup(element: Element) -> str:
    """An element as HTML, every text and attribute escaped."""
    return tostring(element, encoding="unicode", method="html")


def tag(kind: str, text: str = "", look: str = "", *children: Element, **more: str) -> Element:
    """One element.

    Args:
        kind: HTML name, e.g. ``div``.
        text: Text it starts with.
        look: Class of the style sheet.
        children: Elements in it.
        more: Further attributes.
    """
    made = Element(kind, {**({"class": look} if look else {}), **more})
    made.text = text
    made.extend(children)
    return made


def watermark(text: str) -> Element:
    """Words laid over the whole page, many times, that let every click through."""
    lines = [tag("span", text) for _ in range(_WATERMARKS)]
    return tag("div", "", "watermark", *lines, **{"aria-hidden": "true"})


def headline(question: str, note: str) -> None:
    """The question a page answers, and what the answer rests on."""
    show(tag("div", "", "headline", tag("h1", question), tag("span", note, "note")))


def big_number(number: tuple[str, str], look: str = "") -> Element:
    """A hero number with its unit."""
    return tag(
        "div", "", f"number {look}".strip(), tag("b", number[0]), tag("span", number[1], "unit")
    )


def card(title: str, *children: Element, badge: str = "", badge_look: str = "") -> Element:
    """A box with a title, perhaps a badge, and what is in it."""
    head = tag("div", "", "card-head", tag("span", title, "card-title"))
    if badge:
        head.append(tag("span", badge, f"badge {badge_look}".strip()))
    return tag("div", "", "card", head, *children)


def small(text: str) -> Element:
    """A line in small type."""
    return tag("div", text, "small")


def swatch(colour: str, *, demonstration: bool = False) -> Element:
    """A square in the colour of an ecosystem.

    Args:
        colour: ``#RRGGBB``, from `ecosystems.colour` and nowhere else.
        demonstration: Whether it gets the dotted outline.
    """
    look = "swatch dotted" if demonstration else "swatch"
    return tag("span", "", look, style=f"background:{colour}")


def legend(
    title: str, rows: Iterable[tuple[str, str, str]], *, note: str = "", look: str = "legend"
) -> Element:
    """Colour, name and area of each class, in the order given."""
    box = tag("div", "", look)
    if title:
        box.append(tag("div", title, "legend-title"))
    for colour, name, amount in rows:
        box.append(
            tag("div", "", "legend-row", swatch(colour), tag("span", name), tag("b", amount))
        )
    if note:
        box.append(small(note))
    return box


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Element:
    """A small table; the first column is text, the others numbers."""
    made = tag("table", "", "facts")
    head = SubElement(SubElement(made, "thead"), "tr")
    for text in heads:
        SubElement(head, "th").text = text
    body = SubElement(made, "tbody")
    for row in rows:
        line = SubElement(body, "tr")
        for text in row:
            SubElement(line, "td").text = text
    return made


def facts(pairs: Iterable[tuple[str, str]]) -> Element:
    """Names and values, one pair a line."""
    made = tag("dl", "", "pairs")
    for name, value in pairs:
        SubElement(made, "dt").text = name
        SubElement(made, "dd").text = value
    return made
