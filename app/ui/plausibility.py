"""What the plausibility rules found, on any page: a line where all is sound, else each finding."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element

from bluecarbon_map import reports
from bluecarbon_map.accounting.plausibility import Rule
from bluecarbon_map.tables import OUTSIDE
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
    return {
        Rule.DENSITY: _("Carbon density within 0–2,000 t C/ha"),
        Rule.BURIAL: _("Burial within 0–10 t C/ha/yr"),
        Rule.GAIN: _("Density grows by 10 t C/ha a year at most"),
        Rule.NATION_STOCK: _("Stock below all of China's coast, 118 million t C"),
        Rule.NATION_BURIAL: _("Burial below all of China's coast, 0.97 million t C a year"),
        Rule.PRICE: _("Implied price within 1–2,000 yuan/t"),
        Rule.STOCK_FLUX: _("A stock of ten years of burial or more"),
        Rule.SHARE: _("Shares within 0–1"),
        Rule.CARBON: _("Carbon and CO₂ not mixed up (44/12)"),
        Rule.DEPTH: _("Soil of 0–100 cm"),
        Rule.PLACE: _("Coordinates inside the region"),
    }


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
