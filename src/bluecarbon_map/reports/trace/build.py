"""The tree behind one zone's numbers: zone, ecosystems and species, pools, areas, coefficients."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from bluecarbon_map.accounting.trace import Origin, Rule, Step, follow, read
from bluecarbon_map.ecosystems import ECOSYSTEMS, SPECIES
from bluecarbon_map.factors import FactorSet, PoolDensity, SequestrationFactor
from bluecarbon_map.reports.measure import STEPS_PER_HA, patch_ground
from bluecarbon_map.reports.measured import Measured
from bluecarbon_map.reports.regions import Regions
from bluecarbon_map.reports.summary import ZoneSummary
from bluecarbon_map.reports.trace.coefficients import distance, middle, pool_zh
from bluecarbon_map.reports.valuing import STEPS_PER_T
from bluecarbon_map.reports.zones import choose_survey, summarise
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.targets import lies_in
from bluecarbon_map.units import CO2_PER_C

_HA_HALF: Final = 0.5 / STEPS_PER_HA
_T_HALF: Final = 0.5 / STEPS_PER_T

DENSITY, RATE = "t C/ha", "t C/ha/yr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """Numbers of one zone in one survey, each with what it follows from.

    Attributes:
        zone_id: The zone; the workspace's whole region where none was asked for.
        outside_ha: Ground in no zone that is in the numbers, in ha; only where none was asked for.
        zone_zh: Its Chinese name.
        zone_en: Its English name.
        survey_id: The survey.
        year: Year the survey stands for.
        ecosystem: The one ecosystem it is about; None for all.
        factor_set: Coefficients used.
        area: Area, in ha.
        stock: Carbon held, in t C.
        stock_low: Lower end of its interval, in t C; unknown where an interval is.
        stock_high: Upper end, in t C.
        co2e: The stock as carbon dioxide, in t CO2e.
        burial: Carbon buried a year, in t C/yr; another ledger, never added to the stock.
        ground: What each patch covers in each finest zone of it, as `patch_ground` gives it.
        summary: The summary whose numbers these are.
    """

    zone_id: str
    outside_ha: float
    zone_zh: str
    zone_en: str
    survey_id: str
    year: int
    ecosystem: str | None
    factor_set: FactorSet
    area: Step
    stock: Step
    stock_low: Step
    stock_high: Step
    co2e: Step
    burial: Step
    ground: pd.DataFrame
    summary: ZoneSummary

    def steps(self) -> dict[str, Step]:
        """Every number by its name, each the top of a tree of its own."""
        names = ("area", "stock", "stock_low", "stock_high", "co2e", "burial")
        return {name: getattr(self, name) for name in names}


def trace(
    store: Workspace,
    survey_id: str | None,
    zone_id: str | None,
    *,
    ecosystem: str | None = None,
    demonstration: bool = True,
    factor_set: str | FactorSet | None = None,
    measured: Measured | None = None,
    ground: pd.DataFrame | None = None,
) -> Traced | None:
    """Take the numbers of a zone apart down to patches and publications.

    Args:
        store: Workspace to read.
        survey_id: Survey; None for the workspace's default.
        zone_id: The zone, of any level; None for the whole survey, ground in no zone included.
        ecosystem: Only this one; None for all.
        demonstration: Whether demonstration patches count.
        factor_set: Coefficients; None for the workspace's own.
        measured: What `measure` gave, to save doing it again.
        ground: What `patch_ground` gave, likewise.

    Returns:
        The numbers of `summarise` for that zone, each proved; None where nothing is on record.

    Raises:
        NotFoundError: If there is no such zone, survey or set.
        AccountingError: If a number of the summary does not follow from what lies under it.
    """
    survey = choose_survey(store, survey_id, None)
    regions = Regions.of(store)
    top = zone_id or store.info.zone_id
    regions.require(top)
    found = summarise(
        store, survey, level=regions.levels[top], zone_id=zone_id,
        ecosystems=None if ecosystem is None else {ecosystem},
        demonstration=demonstration, factor_set=factor_set, measured=measured,
    )  # fmt: skip
    if found.rows.empty:
        return None
    if ground is None:
        ground = patch_ground(store, survey, demonstration=demonstration)
    if zone_id is not None:
        ground = ground[ground["zone_id"].map(lambda zone: _lies_in(zone, zone_id, regions))]
    if ecosystem is not None:
        ground = ground[ground["ecosystem"] == ecosystem]
    english = Regions.of(store, language="en")
    names = Names(top, regions.names[top], english.names[top])
    return traced_of(store, found, ground, survey, names, ecosystem)


@dataclass(frozen=True, slots=True)
class Names:
    """A place that is traced: id, Chinese and English name."""

    zone_id: str
    zh: str
    en: str


def traced_of(
    store: Workspace,
    summary: ZoneSummary,
    ground: pd.DataFrame,
    survey_id: str,
    names: Names,
    ecosystem: str | None = None,
) -> Traced:
    """The numbers of a summary of one place, each proved.

    Args:
        store: Workspace, for the year of the survey.
        summary: Of one place; not empty.
        ground: What each patch covers in it, as `patch_ground` gives it.
        survey_id: The survey.
        names: What the place is called.
        ecosystem: The one it is about; None for all.

    Raises:
        AccountingError: If a number does not follow from what lies under it.
    """
    surveys = store.surveys()
    year = int(surveys.loc[surveys["survey_id"] == survey_id, "year"].iloc[0])
    return _Tree(summary, ground).traced(survey_id, year, names, ecosystem)


def _lies_in(zone: str, whole: str, regions: Regions) -> bool:
    return zone in regions.parents and lies_in(zone, whole, regions.parents)


@dataclass(frozen=True, slots=True)
class _Part:
    """One ecosystem and species of the zone: its row of the summary and the step of its area."""

    row: Any
    area: Step
    zh: str
    en: str


class _Tree:
    def __init__(self, summary: ZoneSummary, ground: pd.DataFrame) -> None:
        self._summary, self._ground = summary, ground
        self._times = max(ground["zone_id"].nunique(), 1)
        """Finest zones in it: every amount was rounded once in each."""
        self._parts = [self._part(row) for row in _of_all_zones(summary.parts)]

    def traced(self, survey_id: str, year: int, names: Names, ecosystem: str | None) -> Traced:
        stock, burial = self._stock(), self._burial()
        return Traced(
            zone_id=names.zone_id,
            outside_ha=self._summary.totals.outside_ha,
            zone_zh=names.zh,
            zone_en=names.en,
            survey_id=survey_id,
            year=year,
            ecosystem=ecosystem,
            factor_set=self._summary.factor_set,
            area=self._area(),
            stock=stock,
            stock_low=self._end(stock, upper=False),
            stock_high=self._end(stock, upper=True),
            co2e=self._co2e(stock),
            burial=burial,
            ground=self._ground,
            summary=self._summary,
        )

    # --- area ------------------------------------------------------------------------------------

    def _part(self, row: Any) -> _Part:  # noqa: ANN401
        species = None if pd.isna(row.species) else str(row.species)
        kind = ECOSYSTEMS[row.ecosystem]
        zh, en = kind.name_zh, kind.name_en
        if species is not None:
            known = SPECIES.get(species)
            zh = f"{zh} · {known.name_zh if known else species}"
            en = f"{en} · {species}"
        mine = self._ground[self._ground["ecosystem"] == row.ecosystem]
        mine = mine[mine["species"].isna() if species is None else mine["species"] == species]
        area_ha = mine.groupby("habitat_id", sort=False)["area_ha"].sum()
        told = mine.drop_duplicates("habitat_id").set_index("habitat_id")
        patches = [
            _patch(told.loc[patch], str(patch), float(covered))
            for patch, covered in area_ha.items()
        ]
        area = Step(
            zh=f"面积（{zh}）", en=f"area ({en})", value=float(row.area_ha), unit="ha",
            rule=Rule.SUM, inputs=tuple(patches), rounding=3 * self._times * _HA_HALF,
        )  # fmt: skip
        return _Part(row, area, zh, en)

    def _area(self) -> Step:
        return Step(
            zh="面积", en="area", value=self._summary.totals.area_ha, unit="ha", rule=Rule.SUM,
            inputs=tuple(part.area for part in self._parts), rounding=_HA_HALF,
        )  # fmt: skip

    # --- stock and burial ------------------------------------------------------------------------

    def _stock(self) -> Step:
        parts = [self._held(part) for part in self._parts]
        total = self._summary.totals.stock_t_c
        return Step(
            zh="储量", en="stock", value=total, unit="t C", rule=Rule.SUM, inputs=tuple(parts),
            rounding=_T_HALF,
        )  # fmt: skip

    def _held(self, part: _Part) -> Step:
        zh, en = f"储量（{part.zh}）", f"stock ({part.en})"
        pools = self._pools_of(part)
        if not pools:
            return read(None, "t C", None, zh=f"{zh}：没有系数", en=f"{en}: no coefficient")
        one = len(pools) == 1
        held = [self._in_pool(part, pool) for pool in pools]
        return Step(
            zh=zh, en=en, value=_known(part.row.stock_t_c), unit="t C",
            rule=Rule.PRODUCT if one else Rule.SUM, inputs=held[0].inputs if one else tuple(held),
            rounding=self._times * len(pools) * _T_HALF,
        )  # fmt: skip

    def _in_pool(self, part: _Part, pool: PoolDensity) -> Step:
        return follow(
            Rule.PRODUCT, [part.area, _density(pool)], zh=f"碳库：{pool_zh(pool.words)}",
            en=f"pool: {pool.words}", unit="t C",
        )  # fmt: skip

    def _pools_of(self, part: _Part) -> Sequence[PoolDensity]:
        found = self._summary.factor_set.stock(*_kind(part.row))
        return found.pools if found else ()

    def _co2e(self, stock: Step) -> Step:
        constant = read(
            CO2_PER_C, "t CO2e/t C", Origin(row_id="all-global-ipcc-all-carbon-to-co2"),
            zh="44/12", en="44/12",
        )  # fmt: skip
        pools = max(len(self._summary.pools), 1)
        return Step(
            zh="储量折合二氧化碳", en="stock as carbon dioxide",
            value=self._summary.totals.stock_t_co2e, unit="t CO2e", rule=Rule.PRODUCT,
            inputs=(stock, constant),
            rounding=self._times * pools * _T_HALF * (1 + CO2_PER_C),
        )  # fmt: skip

    def _burial(self) -> Step:
        parts = [self._buried(part) for part in self._parts]
        return Step(
            zh="年埋藏量", en="burial a year", value=self._summary.totals.sequestration_t_c_yr,
            unit="t C/yr", rule=Rule.SUM, inputs=tuple(parts), rounding=_T_HALF,
        )  # fmt: skip

    def _buried(self, part: _Part) -> Step:
        zh, en = f"年埋藏量（{part.zh}）", f"burial a year ({part.en})"
        found = self._summary.factor_set.sequestration(*_kind(part.row))
        if found is None:
            return read(None, "t C/yr", None, zh=f"{zh}：没有速率", en=f"{en}: no rate")
        return Step(
            zh=zh, en=en, value=_known(part.row.sequestration_t_c_yr), unit="t C/yr",
            rule=Rule.PRODUCT, inputs=(part.area, _rate(found)), rounding=self._times * _T_HALF,
        )  # fmt: skip

    # --- interval --------------------------------------------------------------------------------

    def _end(self, stock: Step, *, upper: bool) -> Step:
        """One end of the stock's interval: distances of one coefficient add, of several not."""
        totals = self._summary.totals
        value = totals.stock_t_c_high if upper else totals.stock_t_c_low
        zh, en = ("储量上端", "upper end") if upper else ("储量下端", "lower end")
        if value is None:
            return read(None, "t C", None, zh=f"{zh}：未知", en=f"{en}: unknown")
        away = self._distance(upper=upper)
        if upper:
            given, rule = [stock, away], Rule.SUM
        else:
            low = follow(Rule.DIFFERENCE, [stock, away], zh="储量 − 距离",
                         en="stock − distance", unit="t C")  # fmt: skip
            given, rule = [low], Rule.NOT_BELOW_ZERO
        return Step(
            zh=zh, en=en, value=value, unit="t C", rule=rule, inputs=tuple(given),
            rounding=self._times * max(len(self._summary.pools), 1) * _T_HALF + _T_HALF,
        )  # fmt: skip

    def _distance(self, *, upper: bool) -> Step:
        end_zh, end_en = ("上端", "upper end") if upper else ("下端", "lower end")
        by_coefficient = [
            follow(
                Rule.SUM, terms, zh=f"系数 {factor_id} 到{end_zh}",
                en=f"coefficient {factor_id} to its {end_en}", unit="t C",
            )
            for factor_id, terms in self._terms(upper=upper).items()
        ]  # fmt: skip
        if not by_coefficient:
            return read(0.0, "t C", None, zh="没有误差", en="no error")
        if len(by_coefficient) == 1:
            return by_coefficient[0]
        return follow(
            Rule.QUADRATURE, by_coefficient, zh="各系数合成的距离",
            en="distance of all coefficients", unit="t C",
        )  # fmt: skip

    def _terms(self, *, upper: bool) -> dict[str, list[Step]]:
        terms: dict[str, list[Step]] = {}
        for part, pool in self._pools():
            if pool.interval is None and pool.density_t_c_ha <= 0:
                continue  # an amount of zero needs no interval
            away = distance(_density(pool), pool.interval, upper=upper, factor_id=pool.factor_id)
            term = follow(Rule.PRODUCT, [part.area, away], zh=part.zh, en=part.en, unit="t C")
            terms.setdefault(pool.factor_id, []).append(term)
        return terms

    def _pools(self) -> Iterator[tuple[_Part, PoolDensity]]:
        for part in self._parts:
            for pool in self._pools_of(part):
                yield part, pool


def _of_all_zones(parts: pd.DataFrame) -> list[Any]:
    """One row an ecosystem and species: the region and the ground in no zone are two."""
    keys = ["ecosystem", "species"]
    grouped = parts.groupby(keys, sort=False, dropna=False)
    amounts = ["area_ha", "stock_t_c", "sequestration_t_c_yr"]
    return list(grouped[amounts].sum(min_count=1).reset_index().itertuples(index=False))


def _patch(row: pd.Series[Any], habitat_id: str, area_ha: float) -> Step:
    name_zh = "" if pd.isna(row["name_zh"]) else str(row["name_zh"])
    name_en = "" if pd.isna(row["name_en"]) else str(row["name_en"])
    said = None if pd.isna(row["note"]) else str(row["note"])
    origin = Origin(
        row_id=habitat_id, source=str(row["source"]), checked=str(row["provenance"]),
        note_zh=said, note_en=said,
    )  # fmt: skip
    return read(
        area_ha, "ha", origin, zh=f"图斑 {name_zh}".strip(),
        en=f"patch {name_en or name_zh}".strip(),
    )  # fmt: skip


def _kind(row: Any) -> tuple[str, str | None]:  # noqa: ANN401
    return str(row.ecosystem), None if pd.isna(row.species) else str(row.species)


def _density(pool: PoolDensity) -> Step:
    return middle(
        pool.density_t_c_ha, DENSITY, pool.factor_id, pool.source, pool.tier,
        zh=f"碳密度（{pool_zh(pool.words)}）", en=f"carbon density ({pool.words})",
    )  # fmt: skip


def _rate(rate: SequestrationFactor) -> Step:
    return middle(
        rate.rate_t_c_ha_yr, RATE, rate.factor_id, rate.source, rate.tier,
        zh="埋藏速率", en="burial rate",
    )  # fmt: skip


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
