"""Plausibility of a summary: which rules its numbers break, and how many were asked about.

docs/methods/12-plausibility.md. Coefficients, parts and the whole are asked apart, so that a gate
can ask any of them before there is a summary.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from bluecarbon_map.accounting import plausibility
from bluecarbon_map.accounting.plausibility import Finding, Rule
from bluecarbon_map.factors import FactorSet, PoolDensity, SequestrationFactor, StockFactor
from bluecarbon_map.reports.summary import ZoneSummary
from bluecarbon_map.units import co2e_from_c

SOIL_DEPTHS_CM: Final = (0.0, 100.0)
"""Depths, upper and lower, of the soil that every stock speaks of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a number is of; None where it is of all of them.

    Attributes:
        zone_id: Zone.
        zone_name: Its name.
        ecosystem: Ecosystem.
        species: Dominant species.
        factor_id: Coefficient.
    """

    zone_id: str | None = None
    zone_name: str | None = None
    ecosystem: str | None = None
    species: str | None = None
    factor_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """A rule that a number breaks, and where the number stands.

    Attributes:
        finding: Rule, number, limit, unit and words in two languages.
        place: Where.
    """

    finding: Finding
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one rule said of one known number.

    Attributes:
        rule: Rule.
        flagged: What it found; empty where the number keeps it.
    """

    rule: Rule
    flagged: tuple[Flagged, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the rules found.

    Attributes:
        flagged: Numbers that break a rule.
        asked: How many known numbers each rule was asked about; unknown ones are asked nothing.
    """

    flagged: tuple[Flagged, ...] = ()
    asked: Mapping[Rule, int] = field(default_factory=dict)

    @property
    def numbers(self) -> int:
        """Numbers asked about, each once for every rule."""
        return sum(self.asked.values())

    @classmethod
    def of(cls, answers: Iterable[Answer]) -> Checked:
        """All answers together, in their order."""
        told = list(answers)
        return cls(
            flagged=tuple(flagged for answer in told for flagged in answer.flagged),
            asked=Counter(answer.rule for answer in told),
        )


def check_summary(summary: ZoneSummary) -> Checked:
    """Ask the rules about a summary's coefficients, its parts and the whole.

    Areas and products that the summary itself worked out keep `check_shares` and `check_products`
    by construction: those are for amounts that somebody states.

    Returns:
        Findings in that order; a summary of nothing is asked nothing.

    Source:
        docs/methods/12-plausibility.md.
    """
    totals = summary.totals
    return Checked.of(
        [
            *check_coefficients(summary.factor_set, _kinds(summary.parts)),
            *check_parts(summary.parts),
            *check_whole(totals.stock_t_c, totals.sequestration_t_c_yr),
        ]
    )


def _kinds(parts: pd.DataFrame) -> list[tuple[str, str | None]]:
    rows = parts[["ecosystem", "species"]].drop_duplicates().itertuples(index=False)
    return [(str(e), None if pd.isna(s) else str(s)) for e, s in rows]


def _answer(
    rule: Rule, number: float, findings: Iterable[Finding], place: Place
) -> Iterator[Answer]:
    """Nothing where the number is unknown."""
    if not math.isnan(number):
        flagged = tuple(Flagged(finding=one, place=place) for one in findings)
        yield Answer(rule=rule, flagged=flagged)


def check_coefficients(
    factor_set: FactorSet, kinds: Iterable[tuple[str, str | None]]
) -> Iterator[Answer]:
    """Densities, depths of soil, rates, and stock against flux, of the coefficients of kinds.

    Args:
        factor_set: Coefficients.
        kinds: Ecosystems and species; a coefficient that several of them get is asked about once.
    """
    pairs = dict.fromkeys((factor_set.stock(*k), factor_set.sequestration(*k)) for k in kinds)
    for stock in dict.fromkeys(stock for stock, _ in pairs if stock is not None):
        for pool in stock.pools:
            yield from _of_pool(stock, pool)
    for rate in dict.fromkeys(rate for _, rate in pairs if rate is not None):
        place = Place(ecosystem=rate.ecosystem, species=rate.species, factor_id=rate.factor_id)
        amount = rate.rate_t_c_ha_yr
        yield from _answer(Rule.BURIAL, amount, plausibility.burial(amount), place)
    for held, buried in pairs:
        if held is not None and buried is not None:
            yield from _of_pair(held, buried)


def _of_pool(stock: StockFactor, pool: PoolDensity) -> Iterator[Answer]:
    place = Place(ecosystem=stock.ecosystem, species=stock.species, factor_id=pool.factor_id)
    density = pool.density_t_c_ha
    yield from _answer(Rule.DENSITY, density, plausibility.density(density), place)
    if pool.depth_cm is not None:  # whatever has a depth holds soil
        for depth, wanted in zip(pool.depth_cm, SOIL_DEPTHS_CM, strict=True):
            yield from _answer(Rule.DEPTH, depth, plausibility.depth(depth, wanted), place)


def _of_pair(stock: StockFactor, rate: SequestrationFactor) -> Iterator[Answer]:
    place = Place(ecosystem=stock.ecosystem, species=stock.species, factor_id=stock.factor_id)
    density, buried = stock.density_t_c_ha, rate.rate_t_c_ha_yr
    found = plausibility.stock_and_flux(density, buried)
    yield from _answer(Rule.STOCK_FLUX, density, found, place)


def check_parts(parts: pd.DataFrame) -> Iterator[Answer]:
    """What each part holds and buries on a hectare.

    Args:
        parts: Contract `tables.Parts`.
    """
    for place, row in _places(parts):
        density = row["stock_t_c"] / row["area_ha"]
        rate = row["sequestration_t_c_yr"] / row["area_ha"]
        yield from _answer(Rule.DENSITY, density, plausibility.density(density), place)
        yield from _answer(Rule.BURIAL, rate, plausibility.burial(rate), place)


def check_products(parts: pd.DataFrame, pools: pd.DataFrame) -> Iterator[Answer]:
    """Whether carbon and CO2 are mixed up: each stock against area × coefficient, each CO2e too.

    Args:
        parts: Contract `tables.Parts`.
        pools: Contract `tables.Pools`, of the same summary.
    """
    keys = ["zone_id", "ecosystem", "species"]
    products = (pools["area_ha"] * pools["density_t_c_ha"]).groupby(
        [pools[key].fillna("") for key in keys]
    )
    by_coefficient = products.sum()
    for place, row in _places(parts):
        key = (place.zone_id, place.ecosystem, place.species or "")
        expected = float(by_coefficient.get(key, math.nan))
        for column, wanted in (("stock_t_c", expected), ("stock_t_co2e", co2e_from_c(expected))):
            found = plausibility.carbon_or_co2(row[column], wanted)
            yield from _answer(Rule.CARBON, row[column], found, place)


def check_shares(rows: pd.DataFrame) -> Iterator[Answer]:
    """Areas that are part of a row's area.

    Args:
        rows: Contract `tables.Summary`.
    """
    for place, row in _places(rows.drop(columns="species")):
        for column in ("demonstration_ha", "unvalued_ha", "invasive_ha"):
            share = round(row[column] / row["area_ha"], 6)  # areas are kept to a square centimetre
            yield from _answer(Rule.SHARE, share, plausibility.share(share), place)


def _places(table: pd.DataFrame) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Rows with the place each is of; ground of no area has no density and is left out."""
    for row in table[table["area_ha"] > 0].to_dict("records"):
        species = row.get("species")
        yield (
            Place(
                zone_id=str(row["zone_id"]),
                zone_name=str(row["zone_name"]),
                ecosystem=str(row["ecosystem"]),
                species=species if isinstance(species, str) else None,
            ),
            {str(name): cell for name, cell in row.items()},
        )


def check_whole(stock_t_c: float | None, burial_t_c_yr: float | None = None) -> Iterator[Answer]:
    """One place against all of China's coast.

    Args:
        stock_t_c: Its stock, in t C; None where unknown.
        burial_t_c_yr: Its burial, in t C/yr; None where unknown.
    """
    stock = math.nan if stock_t_c is None else stock_t_c
    buried = math.nan if burial_t_c_yr is None else burial_t_c_yr
    found = list(plausibility.province(stock, buried))
    for rule, amount in ((Rule.NATION_STOCK, stock), (Rule.NATION_BURIAL, buried)):
        yield from _answer(rule, amount, [one for one in found if one.rule is rule], Place())
