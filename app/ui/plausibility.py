"""What the plausibility rules found, on any page: a line where all is sound, else each finding."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element

from bluecarbon_map import reports
from bluecarbon_map.accounting import plausibility
from bluecarbon_map.accounting.plausibility import Rule
from bluecarbon_map.factors.limits import (
    DENSITY_MOST_T_C_HA,
    RATE_MOST_T_C_HA_YR,
    SOIL_DEPTH_CM,
)
from bluecarbon_map.tables import OUTSIDE
from bluecarbon_map.units import T_PER_WAN_T
from ui import elements, numbers, panels, state
from ui.words import _

_MOST: Final = 12
"""Findings that are written out; one wrong coefficient is found in every zone."""


def show(checked: reports.Checked | None) -> None:
    """The card; nothing where no number is known to be asked about."""
    if checked is None or not checked.numbers:
        return
    elements.show(_card(checked))


def _card(checked: reports.Checked) -> Element:
    rules, asked = len(checked.asked), numbers.plain(checked.numbers, 0, state.language())
    if not checked.flagged:
        words = _("{rules} rules asked about {asked} numbers: none is broken.")
        said = words.format(rules=rules, asked=asked)
        note = _("A rule says that a number cannot be; none says that a number is right.")
        more = elements.more(_("Which rules"), _rules(checked), elements.small(note))
        return elements.card(_("Plausibility check"), elements.small(said), more)
    words = _("{rules} rules asked about {asked} numbers: {flagged} findings.")
    said = words.format(rules=rules, asked=asked, flagged=len(checked.flagged))
    badge = _("to be looked at")
    table, more = _findings(checked), elements.more(_("Which rules"), _rules(checked))
    return elements.card(
        _("Plausibility check"), elements.small(said), table, more, badge=badge, badge_look="warn"
    )


def _rules(checked: reports.Checked) -> Element:
    rows = [
        [name, numbers.plain(checked.asked[rule], 0, state.language())]
        for rule, name in _names().items()
        if rule in checked.asked
    ]
    return elements.table([_("Rule"), _("Numbers asked about")], rows)


def _names() -> dict[Rule, str]:
    """Each rule with the limit that the library holds numbers to."""
    return {
        Rule.DENSITY: _("Carbon density within 0–{most} t C/ha").format(
            most=f"{DENSITY_MOST_T_C_HA:,.10g}"
        ),
        Rule.BURIAL: _("Burial within 0–{most} t C/ha/yr").format(most=f"{RATE_MOST_T_C_HA_YR:g}"),
        Rule.GAIN: _("Density grows by {most} t C/ha a year at most").format(
            most=f"{RATE_MOST_T_C_HA_YR:g}"
        ),
        Rule.NATION_STOCK: _("Stock below all of China's coast, {amount}").format(
            amount=_large(plausibility.NATION_STOCK_T_C)
        ),
        Rule.NATION_BURIAL: _("Burial below all of China's coast, {amount} a year").format(
            amount=_large(plausibility.NATION_BURIAL_T_C_YR)
        ),
        Rule.PRICE: _("Implied price within {least}–{most} yuan/t").format(
            least=f"{plausibility.PRICE_LEAST_YUAN_T:,.10g}",
            most=f"{plausibility.PRICE_MOST_YUAN_T:,.10g}",
        ),
        Rule.STOCK_FLUX: _("A stock of {years} years of burial or more").format(
            years=f"{plausibility.STOCK_PER_FLUX_LEAST_YR:g}"
        ),
        Rule.SHARE: _("Shares within 0–1"),
        Rule.CARBON: _("Carbon and CO₂ not mixed up (44/12)"),
        Rule.DEPTH: _("Soil of {top}–{bottom} cm").format(
            top=f"{SOIL_DEPTH_CM[0]:g}", bottom=f"{SOIL_DEPTH_CM[1]:g}"
        ),
        Rule.PLACE: _("Coordinates inside the region"),
    }


def _large(amount_t_c: float) -> str:
    """An amount of the whole nation: 1.18 亿吨碳, 97 万吨碳, 118 million t C."""
    if state.language() != "zh":
        return f"{amount_t_c / 1e6:g} million t C"
    yi = amount_t_c / 1e8
    return f"{yi:g} 亿吨碳" if yi >= 1 else f"{amount_t_c / T_PER_WAN_T:g} 万吨碳"


def _findings(checked: reports.Checked) -> Element:
    language, names = state.language(), _names()
    heads = [_("Rule"), _("Where"), _("Number"), _("Limit"), _("Unit"), _("What to check")]
    rows = [
        [
            names[one.finding.rule],
            _where(one.place),
            numbers.plain(one.finding.value, 2, language),
            numbers.plain(one.finding.limit, 2, language),
            one.finding.unit,
            one.finding.zh if language == "zh" else one.finding.en,
        ]
        for one in checked.flagged[:_MOST]
    ]
    table = elements.table(heads, rows)
    if len(checked.flagged) <= _MOST:
        return table
    words = _("And {count} more of the same kind or of other places.")
    rest = elements.small(words.format(count=len(checked.flagged) - _MOST))
    return elements.tag("div", "", "", table, rest)


def _where(place: reports.Place) -> str:
    """Zone, ecosystem, species and coefficient, as far as the number is of one."""
    if place.zone_id is None and place.factor_id is None:
        return _("the whole")
    zone = _("Outside every zone") if place.zone_id == OUTSIDE else place.zone_name
    kind = panels.ecosystem_name(place.ecosystem) if place.ecosystem else None
    species = panels.species_name(place.species) if place.species else None
    return " · ".join(word for word in (zone, kind, species, place.factor_id) if word)
