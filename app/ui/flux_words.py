"""Names of the page of fluxes, and amounts of a year as it writes them."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element

from bluecarbon_map.accounting.mariculture import Group
from bluecarbon_map.ecosystems import SPECIES
from bluecarbon_map.reports.fluxes import REST, Activity, Direction, Gas, Said, Season
from ui import chart_words, elements, flux_state, naming, numbers, state
from ui.words import _

_FINE_BELOW: Final = 1_000.0
"""Below it three digits after the point, from it on one."""


def activity_name(key: Activity) -> str:
    """What is done."""
    words = {
        Activity.CREATED: _("Creation, rewetting, replanting"),
        Activity.DRAINED: _("Drainage"),
        Activity.EXTRACTED: _("Excavation, reclamation, ponds built"),
        Activity.PONDS: _("Fish ponds in use"),
    }
    return words[key]


def number_name(key: str) -> str:
    """What a number is, with its unit."""
    words = {
        flux_state.AREA: _("Area (ha)"),
        flux_state.COVER: _("Canopy cover (%)"),
        flux_state.YEARS: _("Years since"),
        flux_state.SALINITY: _("Salinity (ppt)"),
        flux_state.BIOMASS: _("Living biomass before (t dry mass/ha)"),
        flux_state.FRACTION: _("Carbon fraction of the biomass (0–1)"),
        flux_state.DEAD: _("Dead wood and litter (t C/ha)"),
        flux_state.SOIL: _("Soil carbon to 1 m (t C/ha)"),
        flux_state.CEILING: _("Natural soil carbon to 1 m (t C/ha)"),
        flux_state.FISH: _("Fish produced (t/yr)"),
        flux_state.HARVEST: _("Harvest, wet mass (t)"),
        flux_state.DURABLE: _("Share that stays out of the air (%)"),
    }
    return words[key]


def when_empty(key: str) -> str:
    """What stands for a number that was not given."""
    accepted = flux_state.accepts_unverified() and key in (flux_state.BIOMASS, flux_state.DEAD)
    if accepted or key in (flux_state.SOIL, flux_state.CEILING, flux_state.FRACTION):
        return _("the table's, if any")
    return numbers.no_data(state.language())


def gas_name(gas: Gas) -> str:
    """A gas with its formula."""
    words = {
        Gas.CO2: _("carbon dioxide CO₂"),
        Gas.CH4: _("methane CH₄"),
        Gas.N2O: _("nitrous oxide N₂O"),
    }
    return words[gas]


def direction_name(direction: Direction | None) -> str:
    """What a net comes to."""
    words = {
        Direction.SINK: _("a sink"),
        Direction.SOURCE: _("a source"),
        Direction.EVEN: _("neither sink nor source"),
    }
    return _("not known") if direction is None else words[direction]


def season_name(season: Season) -> str:
    """When a study measured."""
    words = {
        Season.YEAR: _("whole year"),
        Season.SUMMER: _("summer"),
        Season.AUTUMN: _("autumn"),
    }
    return words[season]


def species_name(key: str) -> str:
    """A species or group of the table of harvests."""
    if key in SPECIES:
        return naming.species_name(key)
    words = {
        "Undaria": _("Wakame"),
        "Porphyra": _("Laver, other species"),
        "Gracilaria": _("Gracilaria"),
        "clam": _("Clams"),
        "scallop": _("Scallops"),
        REST[Group.ALGAE]: _("Other macroalgae"),
        REST[Group.BIVALVES]: _("Other bivalves (razor clams and more)"),
    }
    return words[key]


def said(one: Said) -> str:
    """A rule or a lack in the language of the page."""
    return one.zh if state.language() == "zh" else one.en


def amount(value: float | None, *, signed: bool = False) -> str:
    """An amount of a year; the net has its sign."""
    if value is None:
        return numbers.no_data(state.language())
    digits = 3 if abs(value) < _FINE_BELOW else 1
    text = numbers.plain(value, digits, state.language()).replace("-", chart_words.MINUS)
    return f"+{text}" if signed and value > 0 else text


def figure(label: str, number: tuple[str, str], *more: Element) -> Element:
    """A big number under what it is."""
    return elements.tag(
        "div", "", "figure", elements.small(label), elements.big_number(number), *more
    )
