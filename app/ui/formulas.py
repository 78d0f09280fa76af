"""Formulas with examples whose numbers are made by the library at the moment they are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import streamlit as st

from ui import (
    elements,
    formulas_area,
    formulas_credits,
    formulas_errors,
    formulas_flux,
    formulas_standards,
    formulas_stock,
    formulas_time,
    formulas_trace,
    state,
)
from ui.words import _


@dataclass(frozen=True, slots=True)
class Method:
    """One numbered page of docs/methods.

    Attributes:
        group: Group it is shown in.
        title: What it is called in the table of contents.
        cards: Makes its cards.
    """

    group: str
    title: str
    cards: Callable[[], list[Element]]


def methods() -> dict[str, Method]:
    """Every page of docs/methods by its name: a new method is one line here."""
    return {
        "01-area": Method("area", _("Area on the ellipsoid"), formulas_area.ellipsoid),
        "02-stock": Method("stock", _("Stock"), formulas_stock.stock),
        "03-uncertainty": Method("trust", _("Intervals"), formulas_errors.intervals),
        "04-sequestration": Method("flux", _("Burial a year"), formulas_flux.burial),
        "05-targets": Method("credits", _("Targets"), formulas_credits.targets),
        "06-rasters-by-zone": Method("area", _("Rasters by zone"), formulas_area.rasters),
        "07-soil-cores": Method("stock", _("Soil cores"), formulas_stock.cores),
        "08-flux": Method("flux", _("Flux"), formulas_flux.flux),
        "09-mariculture": Method("flux", _("Mariculture"), formulas_flux.mariculture),
        "10-credits": Method("credits", _("Credits"), formulas_credits.credit),
        "11-timeline": Method("time", _("Timeline"), formulas_time.timeline),
        "12-plausibility": Method("trust", _("Plausibility"), formulas_errors.plausibility),
        "13-simulation": Method("trust", _("Monte Carlo"), formulas_errors.simulation),
        "14-map-accuracy": Method(
            "trust", _("Map accuracy and area"), formulas_errors.map_accuracy
        ),
        "15-sensitivity": Method("trust", _("Sensitivity"), formulas_errors.sensitivity),
        "16-trace": Method("trust", _("How a number comes about"), formulas_trace.steps),
        "17-standards": Method(
            "credits", _("Standards side by side"), formulas_standards.side_by_side
        ),
    }


def groups() -> dict[str, str]:
    """Groups of methods by their word in the address, as the page lists them."""
    return {
        "area": _("Area and rasters"),
        "stock": _("Stock and soil"),
        "flux": _("Flux and mariculture"),
        "credits": _("Targets and credits"),
        "time": _("Through time"),
        "trust": _("Uncertainty and checks"),
    }


def show() -> None:
    """What there is, and the cards of one group; one card is marked where it is asked for."""
    known, wanted = methods(), state.asked(state.CARD)
    if wanted is not None and wanted not in known and wanted not in groups():
        st.warning(_("There is no such formula; the first group is shown instead."))
    group = _group(wanted, known)
    elements.show(_contents(group, known))
    cards = [
        _marked(card, page) if page == wanted else card
        for page, method in known.items()
        if method.group == group
        for card in method.cards()
    ]
    elements.show(elements.tag("div", "", "formulas", *cards))


def _group(wanted: str | None, known: dict[str, Method]) -> str:
    """The group asked for, by its own name or by one of its cards."""
    if wanted in known:
        return known[wanted].group
    return wanted if wanted in groups() else next(iter(groups()))


def _marked(card: Element, page: str) -> Element:
    """The card as one that was asked for: the script of the page brings it into view."""
    card.set("class", f"{card.get('class', '')} asked")
    card.set("data-card", page)
    return card


def _contents(group: str, known: dict[str, Method]) -> Element:
    """Every group and its methods, each a link; the group that is shown is marked."""
    columns = [
        elements.tag(
            "div",
            "",
            "shown" if key == group else "",
            _link(name, key, "group"),
            *(
                _link(f"{int(page[:2])} {method.title}", page, "")
                for page, method in known.items()
                if method.group == key
            ),
        )
        for key, name in groups().items()
    ]
    return elements.tag("nav", "", "contents", *columns, **{"aria-label": _("Formulas, worked")})


def _link(text: str, card: str, look: str) -> Element:
    query = state.address(**{state.TOPIC: None, state.CARD: card})
    made = elements.link(text, "methods", query, look)
    if card == state.asked(state.CARD):
        made.set("aria-current", "true")
    return made
