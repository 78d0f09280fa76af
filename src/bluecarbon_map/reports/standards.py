"""One place and survey under every scheme: what each counts, what it comes to, what it leaves out.

docs/methods/17-standards.md. Schemes stand beside one another and are never added; nor is a stock
ever added to a flow.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from bluecarbon_map.accounting.uncertainty import kind_of
from bluecarbon_map.ecosystems import ECOSYSTEMS, INVASIVE_SPECIES
from bluecarbon_map.errors import AccountingError
from bluecarbon_map.factors import (
    OWN,
    AccountingScheme,
    Category,
    Counted,
    FactorSet,
    Said,
    accounting_schemes,
    load_set,
)
from bluecarbon_map.reports.coefficients import coefficients_of
from bluecarbon_map.reports.measure import measure
from bluecarbon_map.reports.measured import Measured
from bluecarbon_map.reports.ranking import totals_by
from bluecarbon_map.reports.regions import Regions
from bluecarbon_map.reports.scheme_result import SchemeLine, SchemeResult
from bluecarbon_map.reports.summary import ZoneSummary
from bluecarbon_map.reports.zones import choose_survey, summarise
from bluecarbon_map.store.base import Workspace

Tabulated = Callable[[FactorSet, Collection[str] | None], ZoneSummary]
"""The survey in the place with a set of coefficients, of some ecosystems or of all."""

_Rows = dict[str, dict[str, Any]]
"""Totals by ecosystem, as `ranking.totals_by` has them."""

_PROVINCE_DIGITS: Final = 2
"""Of a GB/T 2260 code."""
_NOTHING: Final = FactorSet(set_id="", title_zh="", title_en="", stocks={}, rates={})
"""Coefficients of a scheme that has none that can be used."""

_PART: Final[Said] = ("其中一部分没有系数", "part of it has no coefficient")
_SAME: Final = 1e-6
"""Tonnes or hectares by which sums of printed digits may differ."""


def side_by_side(
    store: Workspace,
    survey_id: str | None = None,
    zone_id: str | None = None,
    *,
    ecosystems: Collection[str] | None = None,
    demonstration: bool = True,
    factor_set: str | FactorSet | None = None,
    measured: Measured | None = None,
) -> tuple[SchemeResult, ...]:
    """One place and survey under every scheme.

    Args:
        store: Workspace to read.
        survey_id: Survey; None for the workspace's default.
        zone_id: Zone; None for all of the survey, with the ground outside every zone.
        ecosystems: Only these; None for all.
        demonstration: Whether demonstration patches count; their area is a number of its own.
        factor_set: A user's own coefficients; None for the workspace's. A row of their own they get
            only where they are none of the sets that a scheme has already.
        measured: What `measure` gave for the same survey and ``demonstration``, to save doing it
            again.

    Returns:
        One scheme a row; none where the survey holds nothing in the place.

    Raises:
        NotFoundError: If there is no such survey, zone or factor set.
        EmptyLayerError: If the survey has no patch to measure.
        AccountingError: If parts do not add up to their whole: a defect of ours.
    """
    survey = choose_survey(store, survey_id, None)
    regions = Regions.of(store)
    if zone_id is not None:
        regions.require(zone_id)
    areas = measured or measure(store, survey, demonstration=demonstration)

    def tabulated(coefficients: FactorSet, wanted: Collection[str] | None) -> ZoneSummary:
        return summarise(
            store,
            survey,
            level=regions.levels[zone_id or store.info.zone_id],
            zone_id=zone_id,
            ecosystems=ecosystems if wanted is None else wanted,
            factor_set=coefficients,
            measured=areas,
        )

    province = store.info.zone_id[:_PROVINCE_DIGITS]
    own = _own(coefficients_of(store, factor_set), province)
    return under_schemes(tabulated, own, province=province)


def under_schemes(
    tabulated: Tabulated, own: FactorSet | None = None, *, province: str | None = None
) -> tuple[SchemeResult, ...]:
    """The schemes of the package, and the user's own coefficients where there are any.

    Args:
        tabulated: Adds the place up with a set of coefficients and some ecosystems.
        own: The user's own coefficients; None where there are none.
        province: First two digits of the code of the province: a scheme of another one is none of
            it. None for all schemes.
    """
    whole = tabulated(_NOTHING, None)
    if whole.rows.empty:
        return ()
    everything = _by_ecosystem(whole)
    return tuple(
        _under(scheme, _coefficients(scheme, own), everything, tabulated, whole.totals.area_ha)
        for scheme in _fitting(province)
        if scheme.scheme_id != OWN or own is not None
    )


def _fitting(province: str | None) -> list[AccountingScheme]:
    """Schemes that fit a province: Zhejiang's list and densities say nothing of Fujian."""
    return [
        one for one in accounting_schemes() if province is None or one.province in (None, province)
    ]


def _own(found: FactorSet, province: str) -> FactorSet | None:
    """A set that no scheme has; None for one that stands in a row already."""
    return None if found.set_id in {s.factor_set for s in _fitting(province)} else found


def _coefficients(scheme: AccountingScheme, own: FactorSet | None) -> FactorSet | None:
    """What the scheme is added up with: nothing for a ledger it has not."""
    found = own if scheme.scheme_id == OWN else None
    if scheme.factor_set is not None:
        found = load_set(scheme.factor_set)
    if found is None:
        return None
    return replace(
        found,
        stocks={} if scheme.no_stock else found.stocks,
        rates={} if scheme.no_flow else found.rates,
    )


def _under(
    scheme: AccountingScheme,
    found: FactorSet | None,
    everything: _Rows,
    tabulated: Tabulated,
    area_ha: float,
) -> SchemeResult:
    used = found or _NOTHING
    known = {key[0] for key in (*used.stocks, *used.rates)}
    taken = {key for key, one in scheme.categories.items() if _counts(one, known)}
    counted = tabulated(used, taken & everything.keys())
    valued = _by_ecosystem(counted)
    lines = tuple(
        _line(scheme, scheme.categories[key], valued.get(key), everything[key])
        for key in ECOSYSTEMS
        if key in everything
    )
    absent = tuple(scheme.categories[key] for key in ECOSYSTEMS if key in taken - everything.keys())
    made = _result(scheme, found, lines, counted, area_ha, absent)
    _check(made)
    return made


def _counts(category: Category, known: Collection[str]) -> bool:
    """What has no coefficient is left out only where the scheme is nothing but coefficients."""
    if category.counted is Counted.IF_KNOWN:
        return category.ecosystem in known
    return category.counted is Counted.YES


def _by_ecosystem(summary: ZoneSummary) -> _Rows:
    """Totals of each ecosystem of a summary, areas to the last of their digits."""
    parts = summary.parts
    if parts.empty:
        return {}
    which = {
        "area_ha": parts["area_ha"] > 0,
        "invasive_ha": parts["species"].isin(INVASIVE_SPECIES),
        "unvalued_ha": parts["stock_t_c"].isna(),
        "unrated_ha": parts["sequestration_t_c_yr"].isna(),
    }
    areas = pd.DataFrame({name: parts["area_ha"].where(own, 0.0) for name, own in which.items()})
    areas["demonstration_ha"] = parts["demonstration_ha"]
    table = totals_by(summary, "ecosystem").set_index("key")
    table[areas.columns] = areas.groupby(parts["ecosystem"]).sum().round(8)
    # within a part the rate is one, so the flow lies as the area does
    invented = parts["sequestration_t_c_yr"] * parts["demonstration_ha"] / parts["area_ha"]
    table["demonstration_t_c_yr"] = invented.groupby(parts["ecosystem"]).sum(min_count=1).round(6)
    rows = table.to_dict("index")
    return {str(key): {str(k): v for k, v in row.items()} for key, row in rows.items()}


def _line(
    scheme: AccountingScheme,
    category: Category,
    valued: dict[str, Any] | None,
    area: dict[str, Any],
) -> SchemeLine:
    """A line of what is counted, or of what is left out: then there is no carbon to show."""
    row = valued or {}
    stock, flow = (_known(row.get(name)) for name in ("stock_t_c", "burial_t_c_yr"))
    unvalued_ha, unrated_ha = (row.get(f"un{name}_ha", 0.0) for name in ("valued", "rated"))
    return SchemeLine(
        category=category,
        counted=valued is not None,
        area_ha=area["area_ha"],
        demonstration_ha=area["demonstration_ha"],
        invasive_ha=area["invasive_ha"],
        stock_t_c=stock,
        stock_t_c_low=_known(row.get("stock_t_c_low")),
        stock_t_c_high=_known(row.get("stock_t_c_high")),
        demonstration_t_c=_known(row.get("demonstration_t_c")),
        flow_t_c_yr=flow,
        flow_t_c_yr_low=_known(row.get("burial_t_c_yr_low")),
        flow_t_c_yr_high=_known(row.get("burial_t_c_yr_high")),
        demonstration_t_c_yr=_known(row.get("demonstration_t_c_yr")),
        unvalued_ha=unvalued_ha,
        unrated_ha=unrated_ha,
        why=None if valued else category.why,
        no_stock=_reason(category.no_stock or scheme.no_stock, unvalued_ha, stock) if row else None,
        no_flow=_reason(category.no_flow or scheme.no_flow, unrated_ha, flow) if row else None,
    )


def _known(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def _reason(said: Said | None, unknown_ha: float, amount: float | None) -> Said | None:
    """Why an amount is not known; of a part alone, that it is a part."""
    if amount is None:
        return said or _PART
    return _PART if unknown_ha > 0 else None


def _result(
    scheme: AccountingScheme,
    found: FactorSet | None,
    lines: tuple[SchemeLine, ...],
    counted: ZoneSummary,
    area_ha: float,
    not_mapped: tuple[Category, ...],
) -> SchemeResult:
    totals = counted.totals
    left_out = [line.area_ha for line in lines if not line.counted]
    return SchemeResult(
        scheme=scheme,
        set_title=(found.title_zh, found.title_en) if found else None,
        lines=lines,
        area_ha=area_ha,
        counted_ha=totals.area_ha,
        left_out_ha=round(math.fsum(left_out), 8),
        invasive_ha=round(math.fsum(line.invasive_ha for line in lines if line.counted), 8),
        demonstration_ha=totals.demonstration_ha,
        stock_t_c=totals.stock_t_c,
        stock_t_c_low=totals.stock_t_c_low,
        stock_t_c_high=totals.stock_t_c_high,
        interval_kind=totals.interval_kind,
        demonstration_t_c=_sum(line.demonstration_t_c for line in lines),
        flow_t_c_yr=totals.sequestration_t_c_yr,
        flow_t_c_yr_low=totals.sequestration_t_c_yr_low,
        flow_t_c_yr_high=totals.sequestration_t_c_yr_high,
        flow_interval_kind=_flow_kind(found, counted),
        demonstration_t_c_yr=_sum(line.demonstration_t_c_yr for line in lines),
        unvalued_ha=totals.unvalued_ha,
        unrated_ha=totals.unrated_ha,
        not_mapped=not_mapped,
    )


def _flow_kind(found: FactorSet | None, counted: ZoneSummary) -> str | None:
    """What the ends of the flow are, by the rates that it was added up with."""
    if found is None or counted.totals.sequestration_t_c_yr_low is None:
        return None
    used = set(counted.parts["sequestration_factor_id"].dropna())
    rates = [rate for rate in found.rates.values() if rate.factor_id in used]
    return kind_of(rate.interval.kind for rate in rates if rate.interval)


def _sum(amounts_of_lines: Iterable[float | None]) -> float | None:
    """Sum of what is known; None where nothing is."""
    known = [one for one in amounts_of_lines if one is not None]
    return math.fsum(known) if known else None


def _check(made: SchemeResult) -> None:
    """Parts equal wholes, or nothing is shown."""
    counted = made.counted
    sums = (
        ("area", made.area_ha, [made.counted_ha, made.left_out_ha]),
        ("counted area", made.counted_ha, [line.area_ha for line in counted]),
        ("stock", made.stock_t_c, [line.stock_t_c for line in counted]),
        ("flow", made.flow_t_c_yr, [line.flow_t_c_yr for line in counted]),
    )
    for what, whole, parts in sums:
        known = [part for part in parts if part is not None]
        if (whole is None) != (not known) and whole != 0:
            raise AccountingError(f"{made.scheme.scheme_id}: {what} is known in parts alone")
        if not math.isclose(whole or 0.0, math.fsum(known), rel_tol=1e-9, abs_tol=_SAME):
            raise AccountingError(f"{made.scheme.scheme_id}: parts of the {what} miss the whole")
