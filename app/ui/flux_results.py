"""源汇: what an activity comes to in a year, and all that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map.factors import Factor
from bluecarbon_map.reports import fluxes
from bluecarbon_map.reports.fluxes import Activity, ActivityFlux, Direction
from ui import elements, factor_words, flux_files, flux_state, flux_words, naming, numbers, state
from ui.words import _

_BADGES: Final[dict[Direction | None, str]] = {Direction.SINK: "good", Direction.SOURCE: "bad"}


def answer(found: ActivityFlux) -> None:
    """Removal, emission and net; both sides of 18 ppt where the salinity is not known."""
    sides = fluxes.either_side(found.case)
    elements.show(
        elements.card(
            _title(found),
            elements.tag("div", "", "numbers", *_figures(found)),
            *_lacks(found),
            _amounts(found) if sides is None else _sides(*sides),
            elements.small(_asked(found)),
            badge=_("net: {word}").format(word=flux_words.direction_name(found.direction)),
            badge_look=_BADGES.get(found.direction, "warn"),
        ),
        elements.card(_("Rules that applied"), _sentences(found), elements.small(_gwp(found))),
    )
    _context(found)
    coefficients(found.factors)
    flux_files.buttons(found, "flux", (found.case.activity, found.case.ecosystem))


def _title(found: ActivityFlux) -> str:
    return " · ".join(
        part
        for part in (
            flux_words.activity_name(found.case.activity),
            naming.ecosystem_name(found.case.ecosystem) if found.case.ecosystem else "",
        )
        if part
    )


def _unit(found: ActivityFlux) -> str:
    return _unit_name(fluxes.unit_of(found.case.activity).amount)


def _unit_name(unit: str) -> str:
    """A unit of the library as the page writes it."""
    words = {
        "t CO2e": _("t CO₂e in that year"),
        "t CO2e/yr": _("t CO₂e/yr"),
        "t CO2e/ha": _("t CO₂e/ha"),
        "t CO2e/ha/yr": _("t CO₂e/ha/yr"),
    }
    return words[unit]


def _figures(found: ActivityFlux) -> list[Element]:
    unit = _unit(found)
    pairs = [
        (_("Taken up"), flux_words.amount(found.removals_t_co2e_yr)),
        (_("Given off"), flux_words.amount(found.emissions_t_co2e_yr)),
        (_("Net (+ source, − sink)"), flux_words.amount(found.net_t_co2e_yr, signed=True)),
    ]
    nothing = numbers.no_data(state.language())
    return [
        flux_words.figure(label, (value, "" if value == nothing else unit))
        for label, value in pairs
    ]


def _lacks(found: ActivityFlux) -> list[Element]:
    """What keeps the net unknown."""
    if not found.missing:
        return []
    listed = ("；" if state.language() == "zh" else "; ").join(map(flux_words.said, found.missing))
    words = _("The net is not known until this is given: {what}.")
    return [elements.tag("p", words.format(what=listed), "lacks")]


def _amounts(found: ActivityFlux) -> Element:
    """Each amount for all of it, and for a hectare."""
    lines: list[tuple[str, float | None, bool]] = [
        (_("Taken up by the soil, carbon dioxide CO₂"), found.removals_t_co2e_yr, False),
        *((_given_off(gas), amount, False) for gas, amount in found.by_gas),
        (_("Net"), found.net_t_co2e_yr, True),
    ]
    by_area = fluxes.unit_of(found.case.activity).by_area
    heads = ["", _unit(found), *([_unit_name(by_area)] if by_area else [])]
    return elements.table(
        heads,
        [
            [label, *(flux_words.amount(one, signed=signed) for one in _both(found, amount))]
            for label, amount, signed in lines
        ],
    )


def _both(found: ActivityFlux, amount: float | None) -> list[float | None]:
    by_area = fluxes.unit_of(found.case.activity).by_area
    return [amount, *([found.per_ha(amount)] if by_area else [])]


def _given_off(gas: fluxes.Gas) -> str:
    return _("Given off: {gas}").format(gas=flux_words.gas_name(gas))


def _sides(below: ActivityFlux, above: ActivityFlux) -> Element:
    """The same in water below 18 ppt and at 18 ppt and above."""
    both = (below, above)
    words = flux_words.direction_name
    rows = [
        [_("Taken up by the soil, carbon dioxide CO₂"),
         *(flux_words.amount(one.removals_t_co2e_yr) for one in both)],
        [_("Given off: {gas}").format(gas=flux_words.gas_name(fluxes.Gas.CH4)),
         *(flux_words.amount(one.emissions_t_co2e_yr) for one in both)],
        [_("Net"), *(flux_words.amount(one.net_t_co2e_yr, signed=True) for one in both)],
        [_("Which is"), *(words(one.direction) for one in both)],
    ]  # fmt: skip
    heads = [
        _("If the salinity is … (t CO₂e/yr)"),
        _("below 18 ppt"),
        _("18 ppt and above"),
    ]
    return elements.table(heads, rows)


def _asked(found: ActivityFlux) -> str:
    """Everything that was asked, in one line: it stands on paper where the boxes do not."""
    asked = []
    if found.case.activity is Activity.CREATED:
        asked.append(_("Planted or sown") if found.case.planted else _("Natural recolonisation"))
    for key in flux_state.FIELDS_OF[found.case.activity]:
        value = flux_state.number(key)
        shown = flux_words.when_empty(key) if value is None else f"{value:,.10g}"
        asked.append(f"{flux_words.number_name(key)} {shown}")
    return naming.headed(_("Asked"), " · ".join(asked))


def _sentences(found: ActivityFlux) -> Element:
    said = [flux_words.said(one) for one in found.rules]
    return elements.tag("ul", "", "notes", *(elements.tag("li", one) for one in said))


def _gwp(found: ActivityFlux) -> str:
    words = _("Warming potentials over 100 years: {name}, CH₄ {ch4}, N₂O {n2o} t CO₂e/t.")
    return words.format(name=found.gwp.name, ch4=f"{found.gwp.ch4:g}", n2o=f"{found.gwp.n2o:g}")


def _context(found: ActivityFlux) -> None:
    """Salinities of this coast, as a note; never taken as a default."""
    if found.case.activity is not Activity.CREATED:
        return
    places = numbers.listed(map(_salinity, fluxes.SALINITIES), state.language())
    words = _(
        "For orientation, not used: {places} (ppt); whether of soil or water is not stated."
    ).format(places=places)
    source = naming.headed(_("Source"), fluxes.SALINITY_SOURCE)
    elements.show(elements.small(f"{words} {source}"))


def _salinity(one: fluxes.Salinity) -> str:
    """A place and its salinity, 杭州湾 1.9–4.4."""
    name = one.zh if state.language() == "zh" else one.en
    ends = dict.fromkeys(f"{ppt:g}" for ppt in (one.low_ppt, one.high_ppt))
    return f"{name} {'–'.join(ends)}"


def coefficients(factors: Sequence[Factor]) -> None:
    """Coefficients of a result with what they were checked against."""
    with st.expander(_("Coefficients used: {n}").format(n=len(factors))):
        if not factors:
            elements.show(elements.small(_("None: what was asked needs no coefficient.")))
            return
        st.dataframe(
            pd.DataFrame(
                {
                    _("Id"): [one.factor_id for one in factors],
                    _("What is given"): [factor_words.quantity(one.quantity) for one in factors],
                    _("Value"): [one.value for one in factors],
                    _("Unit"): [one.unit or "" for one in factors],
                    _("Checked"): [factor_words.confidence(one.confidence) for one in factors],
                    _("Source"): [one.source for one in factors],
                    _("What to know about it"): [one.note or "" for one in factors],
                }
            ),
            hide_index=True,
        )
