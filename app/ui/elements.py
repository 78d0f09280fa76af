"""Cards, legends and lines as HTML, built from an element tree: text is text by construction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

import streamlit as st

_WATERMARKS: Final = 48
_STYLES: Final = Path(__file__).with_name("styles")
_SCRIPT: Final = Path(__file__).with_name("scripts") / "page.js"


def style() -> None:
    """Put the dashboard's style sheets on the page, in the order of their names."""
    st.html(f"<style>{_sheets()}</style>")


def page_script(page: Mapping[str, object]) -> None:
    """Run the script of the page.

    Args:
        page: Words and numbers of our own that it works with; never a value of a data file.
    """
    given = json.dumps(page, ensure_ascii=True).replace("<", "\\u003c")
    body = (
        f"<script type='text/javascript'>({_SCRIPT.read_text(encoding='utf-8')})({given});</script>"
    )
    st.html(body, unsafe_allow_javascript=True)


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
    # The words stand in the style sheet's hands: no reader, eye or ear, takes them for content.
    lines = [tag("span", **{"data-words": text}) for _ in range(_WATERMARKS)]
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


def table(heads: Iterable[str], rows: Iterable[Iterable[str | Element]]) -> Element:
    """A small table; the first column is text, or links, the others numbers."""
    made = tag("table", "", "facts")
    head = SubElement(SubElement(made, "thead"), "tr")
    for text in heads:
        SubElement(head, "th", scope="col").text = text
    body = SubElement(made, "tbody")
    for row in rows:
        line = SubElement(body, "tr")
        for cell in row:
            line.append(tag("td", cell) if isinstance(cell, str) else tag("td", "", "", cell))
    return made


def facts(pairs: Iterable[tuple[str, str]]) -> Element:
    """Names and values, one pair a line."""
    made = tag("dl", "", "pairs")
    for name, value in pairs:
        SubElement(made, "dt").text = name
        SubElement(made, "dd").text = value
    return made


def link(text: str, page: str, query: str, look: str = "") -> Element:
    """A way to another page that keeps the session; also one that can be opened in a new tab.

    Args:
        text: What it says.
        page: ``url_path`` of the page; empty for the first one.
        query: What stands behind the question mark, from `state.address`.
        look: Class of the style sheet.
    """
    look = f"soft {look}".strip()
    return tag("a", text, look, href=f"./{page}" + (f"?{query}" if query else ""))


def file_link(text: str, address: str) -> Element:
    """A file that the browser keeps.

    Args:
        text: What it says.
        address: Where this server hands it out, from `downloads`; below the server's own path.
    """
    return tag("a", text, "file", href=f".{address}", download="")


def folded(card: Element, summary: str) -> Element:
    """The card, all small lines but its first folded away under a summary that opens them."""
    lines = [child for child in card if child.get("class") == "small"]
    if len(lines) > 1:
        for line in lines[1:]:
            card.remove(line)
        lines[0].append(more(summary, *lines[1:]))
    return card


def more(summary: str, *hidden: Element) -> Element:
    """What opens on demand; on paper it is always open."""
    return tag("details", "", "more", tag("summary", summary), *hidden)


def slope(first: float, last: float, look: str, spoken: str) -> Element:
    """A line from one value to another, both measured from zero, in a box as wide as the look says.

    Args:
        first: Value at the left end.
        last: Value at the right end; the larger of the two stands at the top.
        look: Class of the style sheet beside ``slope``.
        spoken: What it shows, for a reader who hears it.
    """
    top = max(first, last, 1e-9)
    left, right = (100 - 100 * value / top for value in (first, last))
    shape = f"polygon(0% {left:.1f}%, 100% {right:.1f}%, 100% 100%, 0% 100%)"
    area = tag("span", "", "slope-area", style=f"clip-path:{shape}")
    return tag("div", "", f"slope {look}".strip(), area, role="img", **{"aria-label": spoken})
