"""What an activity on coastal wetland does to a year: IPCC 2013 Wetlands Supplement, Tier 1."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from bluecarbon_map.accounting import flux
from bluecarbon_map.accounting.flux import Gwp
from bluecarbon_map.errors import FactorError, InputError
from bluecarbon_map.factors import DENSITY_MOST_T_C_HA, Factor, factor
from bluecarbon_map.reports.fluxes.wording import Missing, Rule, Said, lack, rule
from bluecarbon_map.units import CO2_PER_C

GWP_SETS: Final = ("AR6", "AR5")

METHOD: Final = "IPCC 2013 Wetlands Supplement ch.4, Tier 1; docs/methods/08-flux.md"


class Activity(StrEnum):
    """What is done."""

    CREATED = "created"
    DRAINED = "drained"
    EXTRACTED = "extracted"
    PONDS = "ponds"


class Gas(StrEnum):
    """What is given off."""

    CO2 = "CO2"
    CH4 = "CH4"
    N2O = "N2O"


class Direction(StrEnum):
    """What a net comes to."""

    SINK = "sink"
    SOURCE = "source"
    EVEN = "even"


ECOSYSTEMS_OF: Final[Mapping[Activity, tuple[str, ...]]] = {
    Activity.CREATED: ("mangrove", "salt_marsh", "seagrass"),
    Activity.DRAINED: ("mangrove", "salt_marsh"),
    Activity.EXTRACTED: ("mangrove", "salt_marsh", "seagrass"),
    Activity.PONDS: (),
}
"""Ecosystems for which the tables have the activity; a blank of a table is not zero."""

BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "area_ha": (0.0, 1e9),
    "cover": (0.0, 1.0),
    "years": (0.0, 10_000.0),
    "salinity_ppt": (0.0, 400.0),
    "biomass_t_dm_ha": (0.0, 5_000.0),
    "carbon_fraction": (0.0, 1.0),
    "dead_t_c_ha": (0.0, DENSITY_MOST_T_C_HA),
    "soil_t_c_ha": (0.0, DENSITY_MOST_T_C_HA),
    "fish_t_yr": (0.0, 1e9),
}
"""Least and most of each number of a case."""

KG_PER_T: Final = 1_000.0

_DRAINED: Final = "mangrove-or-salt-marsh-global-ipcc2013-drained-soil-emission"
_CH4: Final = "mangrove-or-salt-marsh-global-ipcc2013-rewetted-salinity-lt-18ppt-soil-emission-ch4"
_CH4_SALT: Final = (
    "mangrove-or-salt-marsh-global-ipcc2013-rewetted-salinity-gt-18ppt-soil-emission-ch4"
)
_N2O: Final = "aquaculture-global-ipcc2013-fish-ponds-water-emission-n2o-n"
_CARBON_FRACTION: Final = "mangrove-global-ipcc2013-biomass-carbon-fraction"
_ABOVE: Final = "mangrove-global-ipcc2013-subtropical-aboveground-biomass-dry-mass"
_ROOTS: Final = "mangrove-global-ipcc2013-subtropical-belowground-biomass-root-shoot-ratio"
_DEAD: Final = ("mangrove-global-ipcc2013-deadwood-stock", "mangrove-global-ipcc2013-litter-stock")
_SOIL: Final = {
    "mangrove": "mangrove-global-ipcc2013-aggregated-soil-soil-0-100cm-stock",
    "salt_marsh": "salt-marsh-global-ipcc2013-aggregated-soil-soil-0-100cm-stock",
    "seagrass": "seagrass-global-ipcc2013-mineral-soil-soil-0-100cm-stock",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is asked; None is unknown, and what needs it is then unknown too.

    Attributes:
        activity: What is done.
        ecosystem: One of `ECOSYSTEMS_OF` its activity; None for fish ponds.
        area_ha: Area, in ha; fish ponds go by their fish.
        planted: Whether it was planted or sown, or came back by itself.
        cover: Share of the ground under canopy, 0–1.
        years: Years since.
        salinity_ppt: Measured salinity, in parts per thousand; it has no default.
        biomass_t_dm_ha: Living biomass above and below ground before, in t dry matter/ha.
        carbon_fraction: Carbon in it, 0–1; the table's where it has one that was checked.
        dead_t_c_ha: Dead wood and litter, in t C/ha.
        soil_t_c_ha: Soil to 1 m, in t C/ha: what is dug out, or where a removal ends; the table's
            where it has one that was checked.
        fish_t_yr: Fish produced, in t/yr.
        gwp: Set of warming potentials, one of `GWP_SETS`.
        accept_unverified: Use values that nobody checked against their source.
    """

    activity: Activity
    ecosystem: str | None = None
    area_ha: float | None = 1.0
    planted: bool | None = None
    cover: float | None = None
    years: float | None = None
    salinity_ppt: float | None = None
    biomass_t_dm_ha: float | None = None
    carbon_fraction: float | None = None
    dead_t_c_ha: float | None = None
    soil_t_c_ha: float | None = None
    fish_t_yr: float | None = None
    gwp: str = "AR6"
    accept_unverified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFlux:
    """What a case comes to in a year; None is unknown. No stock, and no credit.

    Attributes:
        case: What was asked.
        removals_t_co2e_yr: Taken up, in t CO2e/yr, >= 0.
        by_gas: Given off of each gas that Tier 1 counts here, in t CO2e/yr, >= 0.
        gwp: Warming potentials used.
        years_to_ceiling: How long the removal goes on, in years; None where there is none.
        rules: What shaped the result.
        missing: What keeps it unknown.
        factors: Coefficients used, each once.
    """

    case: Case
    removals_t_co2e_yr: float | None
    by_gas: tuple[tuple[Gas, float | None], ...]
    gwp: Gwp
    years_to_ceiling: float | None
    rules: tuple[Said, ...]
    missing: tuple[Said, ...]
    factors: tuple[Factor, ...]

    @property
    def emissions_t_co2e_yr(self) -> float | None:
        """All gases together, in t CO2e/yr; None where one is unknown."""
        return _known(math.fsum(math.nan if one is None else one for _, one in self.by_gas))

    @property
    def net_t_co2e_yr(self) -> float | None:
        """Emissions less removals, in t CO2e/yr: below 0 a sink."""
        given, taken = self.emissions_t_co2e_yr, self.removals_t_co2e_yr
        return None if given is None or taken is None else given - taken

    @property
    def removals_t_c_yr(self) -> float | None:
        """Taken up as carbon, in t C/yr."""
        taken = self.removals_t_co2e_yr
        return None if taken is None else taken / CO2_PER_C

    @property
    def direction(self) -> Direction | None:
        """What the net comes to; None where it is unknown."""
        net = self.net_t_co2e_yr
        if net is None:
            return None
        return Direction.EVEN if net == 0 else Direction.SINK if net < 0 else Direction.SOURCE

    def per_ha(self, amount_t_co2e_yr: float | None) -> float | None:
        """An amount for a hectare, in t CO2e/ha/yr; None without area, and for fish ponds."""
        area_ha = None if self.case.activity is Activity.PONDS else self.case.area_ha
        if amount_t_co2e_yr is None or not area_ha:
            return None
        return amount_t_co2e_yr / area_ha


def reckon(case: Case) -> ActivityFlux:
    """Removals, emissions and net of a case.

    Raises:
        InputError: If a number lies outside `BOUNDS`, naming it.
        FactorError: If the tables have no such activity for the ecosystem, or the warming
            potentials were never checked and that is not accepted.

    Source:
        IPCC 2013 Wetlands Supplement ch.4; docs/methods/08-flux.md eq. 8.1 to 8.7.
    """
    _check(case)
    book = _Book(case)
    return _WAYS[case.activity](book)


def either_side(case: Case) -> tuple[ActivityFlux, ActivityFlux] | None:
    """The case in water below 18 ppt, and at 18 ppt and above; None where salinity is given.

    None as well where no salinity would settle it: the tables then have no methane at all.
    """
    matters = case.activity is Activity.CREATED and case.ecosystem in ("mangrove", "salt_marsh")
    if not matters or case.salinity_ppt is not None:
        return None
    below, above = (replace(case, salinity_ppt=one) for one in (0.0, flux.FRESH_BELOW_PPT))
    return reckon(below), reckon(above)


def _check(case: Case) -> None:
    for name, (least, most) in BOUNDS.items():
        value = getattr(case, name)
        if value is not None and not least <= value <= most:
            raise InputError(name, f"{value:g} cannot be", f"Give {least:g} to {most:g}")
    known = ECOSYSTEMS_OF[case.activity]
    if known and case.ecosystem not in known:
        raise FactorError(
            f"IPCC 2013 Wetlands Supplement, tables 4.11 to 4.14, have no value for "
            f"{case.activity} {case.ecosystem or 'ground'}; a blank is not zero",
            f"Name one of {', '.join(known)}",
        )


class _Book:
    """What a case was reckoned with, noted on the way."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.gwp = flux.gwp(case.gwp, accept_unverified=case.accept_unverified)
        self.rules: list[Said] = []
        self.missing: list[Said] = []
        self.factors: dict[str, Factor] = {}
        by_area = case.activity is not Activity.PONDS
        self.area_ha = self.given(case.area_ha, Missing.AREA) if by_area else math.nan

    def value(self, factor_id: str) -> float:
        """A coefficient; NaN where nobody checked it and that is not accepted."""
        one = factor(factor_id)
        if one.value is None or not (one.verified or self.case.accept_unverified):
            return math.nan
        self.factors[factor_id] = one
        return one.value

    def given(self, value: float | None, lacking: Missing, usual: float = math.nan) -> float:
        """What the case says, else the default; noted as missing where there is neither."""
        found = usual if value is None else value
        if math.isnan(found):
            self.missing.append(lack(lacking))
        return found

    def rule(self, code: Rule, **amounts: float | str) -> None:
        self.rules.append(rule(code, **amounts))

    def result(
        self, removals: float, by_gas: Mapping[Gas, float], years: float | None = None
    ) -> ActivityFlux:
        doubtful = [one.factor_id for one in self.factors.values() if not one.verified]
        if doubtful:
            self.rule(Rule.UNVERIFIED, ids=", ".join(doubtful))
        if any(one.low is not None and not one.interval_verified for one in self.factors.values()):
            self.rule(Rule.NO_INTERVAL)
        return ActivityFlux(
            case=self.case,
            removals_t_co2e_yr=_known(removals),
            by_gas=tuple((gas, _known(amount)) for gas, amount in by_gas.items()),
            gwp=self.gwp,
            years_to_ceiling=years,
            rules=tuple(self.rules),
            missing=tuple(self.missing),
            factors=tuple(self.factors.values()),
        )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


# --- creation, rewetting, replanting -------------------------------------------------------------


def _created(book: _Book) -> ActivityFlux:
    book.rule(Rule.SOIL_ONLY)
    removals, years = _removed(book)
    return book.result(removals, {Gas.CH4: _methane(book)}, years)


def _removed(book: _Book) -> tuple[float, float | None]:
    """Removal in t CO2e/yr, and how many years it can last."""
    case = book.case
    if case.planted is None:
        return book.given(None, Missing.PLANTED), None
    if not case.planted:
        book.rule(Rule.NOT_PLANTED)
        return 0.0, None
    kind = str(case.ecosystem)
    rate = book.value(
        f"{kind.replace('_', '-')}-global-ipcc2013-rewetted-revegetated-created-soil-removal"
    )
    usual = book.value(_SOIL[kind]) if case.soil_t_c_ha is None else math.nan
    ceiling = book.given(case.soil_t_c_ha, Missing.NATURAL_STOCK, usual)
    cover = book.given(case.cover, Missing.COVER)
    if cover < flux.LEAST_COVER:
        book.rule(Rule.LOW_COVER)
        return 0.0, None
    age = book.given(case.years, Missing.YEARS)
    removals = float(
        flux.rewetted_t_co2e_yr(
            book.area_ha, rate, planted=True, cover=cover, years=age, natural_stock_t_c_ha=ceiling
        )
    )
    return removals, _ceiling(book, rate, ceiling, age)


def _ceiling(book: _Book, rate: float, stock: float, age: float) -> float | None:
    if math.isnan(stock):
        return None
    years = flux.years_to_ceiling(rate, stock)
    code = Rule.CEILING_REACHED if age * rate >= stock else Rule.CEILING_AHEAD
    book.rule(code, stock=stock, rate=rate, years=years)
    return years


def _methane(book: _Book) -> float:
    """Methane in t CO2e/yr."""
    case = book.case
    if case.ecosystem == "seagrass":
        return book.given(None, Missing.CH4_OF_SEAGRASS)
    salinity = book.given(case.salinity_ppt, Missing.SALINITY)
    if math.isnan(salinity):
        return math.nan
    if salinity >= flux.FRESH_BELOW_PPT:
        book.rule(Rule.SALT)
        book.value(_CH4_SALT)
        return 0.0
    kg = book.value(_CH4)
    potential = book.value(book.gwp.factor_ids[0])
    book.rule(Rule.FRESH, kg=kg, gwp=potential)
    return float(flux.methane_t_co2e_yr(book.area_ha, salinity, kg, book.gwp))


# --- drainage, excavation, ponds -----------------------------------------------------------------


def _drained(book: _Book) -> ActivityFlux:
    book.rule(Rule.NO_REMOVAL)
    book.rule(Rule.SOIL_ONLY)
    given = float(flux.drained_t_co2e_yr(book.area_ha, book.value(_DRAINED)))
    return book.result(0.0, {Gas.CO2: given})


def _extracted(book: _Book) -> ActivityFlux:
    case, is_mangrove = book.case, book.case.ecosystem == "mangrove"
    for code in (Rule.NO_REMOVAL, Rule.IN_ONE_YEAR, Rule.DEAD_ROOTS):
        book.rule(code)
    # a default is looked up, and named as used, only where the case is silent
    biomass = fraction = dead = soil = math.nan
    if case.biomass_t_dm_ha is None and is_mangrove and case.accept_unverified:
        biomass = book.value(_ABOVE) * (1.0 + book.value(_ROOTS))
    if case.carbon_fraction is None and is_mangrove:
        fraction = book.value(_CARBON_FRACTION)
    if case.dead_t_c_ha is None and is_mangrove:
        dead = math.fsum(book.value(one) for one in _DEAD)
    if case.soil_t_c_ha is None:
        soil = book.value(_SOIL[str(case.ecosystem)])
    given = flux.extracted_t_co2e(
        book.area_ha,
        book.given(case.biomass_t_dm_ha, Missing.BIOMASS, biomass),
        book.given(case.carbon_fraction, Missing.CARBON_FRACTION, fraction),
        book.given(case.dead_t_c_ha, Missing.DEAD, dead),
        book.given(case.soil_t_c_ha, Missing.SOIL, soil),
    )
    return book.result(0.0, {Gas.CO2: float(given)})


def _ponds(book: _Book) -> ActivityFlux:
    book.rule(Rule.NO_REMOVAL)
    book.rule(Rule.N2O_ONLY)
    fish = book.given(book.case.fish_t_yr, Missing.FISH)
    per_kg = book.given(None, Missing.N2O_OF_FISH, book.value(_N2O))
    book.value(book.gwp.factor_ids[1])
    given = flux.nitrous_oxide_t_co2e_yr(fish * KG_PER_T, per_kg, book.gwp)
    return book.result(0.0, {Gas.N2O: float(given)})


_WAYS: Final = {
    Activity.CREATED: _created,
    Activity.DRAINED: _drained,
    Activity.EXTRACTED: _extracted,
    Activity.PONDS: _ponds,
}
