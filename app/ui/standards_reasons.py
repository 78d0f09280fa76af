"""方法对比: scheme by scheme, what is counted, what is left out, and why."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

import streamlit as st

from bluecarbon_map.reports import SchemeLine, SchemeResult
from ui import elements, naming, numbers, standards, state
from ui.standards import Results, said
from ui.words import _


def section(shown: Results) -> None:
    """A card a scheme, two beside one another, and what holds for all of them."""
    words = _(
        "Spartina is invasive: whatever a scheme counts, it is never creditable, and clearing it "
        "is booked as a loss (methods, 10)."
    )
    title = elements.tag("h2", _("What does each leave out, and why?"), "part")
    elements.show(title, elements.small(words))
    for at in range(0, len(shown), 2):
        for column, one in zip(st.columns(2, gap="small"), shown[at : at + 2], strict=False):
            with column:
                elements.show(_card(one))


def _card(one: SchemeResult) -> Element:
    scheme = one.scheme
    lines = [
        (_("Document"), said(scheme.document)),
        (_("Rests on"), said(scheme.note)),
        *((_("Stock"), said(text)) for text in (scheme.no_stock,) if text),
        *((_("Annual flow"), said(text)) for text in (scheme.no_flow,) if text),
        (_("Spartina"), said(scheme.invasive)),
        *_not_mapped(one),
        (_("Known from"), f"{said(scheme.source)} · {_confidence(scheme.confidence)}"),
    ]
    return elements.card(
        said(scheme.title),
        *_left_out(one),
        *_counted(one),
        elements.facts(lines),
        badge=_coefficients(one),
    )


def _coefficients(one: SchemeResult) -> str:
    if one.set_title is None:
        return _("no coefficient")
    return _("Coefficients: {title}").format(title=said(one.set_title))


def _confidence(word: str) -> str:
    words = {
        "verified": _("checked against the source"),
        "verified_secondary": _("quoted at second hand"),
        "derived_from_verified": _("worked out from checked values"),
        "stated": _("as its owner states it"),
        "from_memory_unverified": _("form and defaults not checked against the text"),
    }
    return words[word]


def _not_mapped(one: SchemeResult) -> list[tuple[str, str]]:
    """What the scheme counts and this map does not hold: unknown, not zero."""
    if not one.not_mapped:
        return []
    names = [naming.ecosystem_name(category.ecosystem) for category in one.not_mapped]
    listed = numbers.listed(names, state.language())
    return [
        (_("Counted, but not mapped here"), _("{names}: unknown, not zero").format(names=listed))
    ]


def _left_out(one: SchemeResult) -> list[Element]:
    """The ecosystems of the map that it does not count; the reason last."""
    if not one.left_out:
        return [elements.small(_("It leaves out nothing of what is mapped here."))]
    rows = [
        [naming.ecosystem_name(line.ecosystem), _area(line), said(line.why) if line.why else ""]
        for line in one.left_out
    ]
    return [_reasons([_("Left out"), _("Area (ha)"), _("Why")], rows)]


def _counted(one: SchemeResult) -> list[Element]:
    """What it counts: area, stock, flow, and why one of them is unknown."""
    if not one.counted:
        return [elements.small(_("It counts nothing of what is mapped here."))]
    heads = [_("Counted as"), _("Area (ha)"), _("Stock (t C)"), _("Annual flow (t C/yr)")]
    rows = [row for line in one.counted for row in _rows(one, line)]
    if not any(row[-1] for row in rows):
        return [elements.table(heads, [row[:-1] for row in rows])]
    return [_reasons([*heads, _("Why unknown")], rows)]


def _rows(one: SchemeResult, line: SchemeLine) -> list[list[str]]:
    """A line, and below it how much of the area is under *Spartina*."""
    if line.invasive_ha <= 0:
        return [_line(one, line)]
    spartina = numbers.plain(line.invasive_ha, 1, state.language())
    return [_line(one, line), [_("of it Spartina"), spartina, "", "", ""]]


def _line(one: SchemeResult, line: SchemeLine) -> list[str]:
    name = naming.ecosystem_name(line.ecosystem)
    category = said(line.category.name) if line.category.name else name
    by_scheme = (one.scheme.no_stock, one.scheme.no_flow)
    why = dict.fromkeys(
        said(text) for text in (line.no_stock, line.no_flow) if text and text not in by_scheme
    )
    return [
        name if category == name else _("{category} ({name})").format(category=category, name=name),
        _area(line),
        standards.least(line.stock_t_c, line.unvalued_ha),
        standards.least(line.flow_t_c_yr, line.unrated_ha),
        _("; ").join(why),
    ]


def _area(line: SchemeLine) -> str:
    return numbers.plain(line.area_ha, 1, state.language())


def _reasons(heads: list[str], rows: Iterable[Iterable[str]]) -> Element:
    table = elements.table(heads, rows)
    table.set("class", "facts reasons schemes")
    return table
