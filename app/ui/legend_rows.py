"""Rows that legends are made of: a mark with its name, a ramp with its ends."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from bluecarbon_map import tiles
from ui import elements, numbers, state


def row(mark: Element, name: str, amount: str = "") -> Element:
    """A mark, what it means, and perhaps how much there is of it."""
    parts = [mark, elements.tag("span", name)]
    if amount:
        parts.append(elements.tag("b", amount))
    return elements.tag("div", "", "legend-row", *parts)


def ramp(found: tiles.Legend) -> Element:
    """A strip of colour with its lower end, middle and upper end in the raster's unit."""
    inks = ",".join(stop.colour for stop in found.stops)
    values = [found.stops[at].value for at in (0, len(found.stops) // 2, -1)]
    shown = [elements.tag("span", numbers.plain(value, 2, state.language())) for value in values]
    what = " ".join(text for text in (found.quantity or "", found.unit or "") if text)
    strip = elements.tag("div", "", "ramp", style=f"background:linear-gradient(90deg,{inks})")
    ends = elements.tag("div", "", "ramp-ends", *shown)
    return elements.tag("div", "", "ramp-box", elements.small(what), strip, ends)
