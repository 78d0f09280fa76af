"""What every card of a formula has: a rule, equations, an example, its source, where to read on."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from ui import elements, naming, numbers, state
from ui.words import _

Line = str | Element


def card(
    title: str,
    rule: str,
    equations: dict[str, str],
    example: list[Line],
    page: str,
    source: str = "",
) -> Element:
    """One card.

    Args:
        title: What it is about.
        rule: Two sentences.
        equations: Equations by the number they have on the page; an empty one is no number.
        example: Lines, and whatever else shows the example.
        page: Page of docs/methods, without its suffix.
        source: Publications; empty where the example names them.
    """
    lines = "\n".join(_numbered(*one) for one in equations.items())
    shown = [elements.tag("code", lines, "equation")] if equations else []
    foot = [naming.headed(_("Source"), source)] if source else []
    return elements.card(
        title,
        elements.tag("p", rule, "rule"),
        *shown,
        *(_line(one) for one in example),
        *(elements.small(text) for text in foot),
        elements.small(_("Read on: docs/methods/{page}").format(page=f"{page}.md")),
        badge=_("Method {n}").format(n=int(page[:2])),
    )


def _numbered(number: str, equation: str) -> str:
    return f"({number})  {equation}" if number else equation


def _line(one: Line) -> Element:
    return elements.tag("p", one, "worked") if isinstance(one, str) else one


def number(value: float, digits: int = 0) -> str:
    """A number as the page writes it; words where it is unknown."""
    return numbers.plain(value, digits, state.language())


def signed(value: float, digits: int) -> str:
    """A number with its sign, above 0 too."""
    return f"{value:+,.{digits}f}".replace("-", "−")


def refusal(said: str) -> Element:
    """The very words of a refusal, as the command line prints them."""
    return elements.tag("code", said, "refusal", lang="en")
