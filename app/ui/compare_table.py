"""比较: everything known of some zones in one table, a column each."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

import pandas as pd

from bluecarbon_map import reports
from bluecarbon_map.tables import Level
from bluecarbon_map.targets import TargetProgress
from ui import cached, elements, gauges, numbers, panels, state, zone
from ui.words import _

Found = Mapping[str, reports.ZoneSummary | None]
Cells = list[list[str]]


def areas_ha(found: reports.ZoneSummary | None) -> dict[str, float]:
    """Area of each ecosystem that is on record in a zone, in ha."""
    if found is None:
        return {}
    sums = found.rows.groupby("ecosystem")["area_ha"].sum()
    return {str(kind): float(area) for kind, area in sums.items()}


def side_by_side(
    chosen: state.Choices, found: Found, totals: pd.DataFrame, kinds: Sequence[str]
) -> Element:
    """Areas, stock, shares of the province and counted targets.

    Args:
        chosen: What is looked at.
        found: Summary of each zone.
        totals: One zone a row, as `reports.totals_by` gives them, in the order of ``found``.
        kinds: Ecosystems that are on record in any of them.
    """
    body = [*_areas(found, totals, kinds), *_stocks(totals), *_shares(chosen, totals)]
    body += _targets(list(found))
    return elements.table([_("Zone"), *(zone.name(one) for one in found)], body)


def _areas(found: Found, totals: pd.DataFrame, kinds: Sequence[str]) -> Cells:
    """Areas of the ecosystems; each column adds up to its total as printed."""
    by_zone = map(areas_ha, found.values())
    columns = [reports.apportion([own.get(kind, math.nan) for kind in kinds], 1) for own in by_zone]
    words = _("{ecosystem} (ha)")
    rows = [
        [words.format(ecosystem=panels.ecosystem_name(kind)), *(_plain(c[at], 1) for c in columns)]
        for at, kind in enumerate(kinds)
    ]
    return [*rows, [_("Area together (ha)"), *(_plain(one, 1) for one in totals["area_ha"])]]


def _stocks(totals: pd.DataFrame) -> Cells:
    least = ["≥ " if one else "" for one in totals["least"]]
    pairs = list(zip(totals["stock_t_c_low"], totals["stock_t_c_high"], strict=True))
    co2e, stock = totals["stock_t_co2e"], totals["stock_t_c"]
    return [
        [_("Stock (t C)"), *(_bounded(*one) for one in zip(least, stock, strict=True))],
        [_("Interval (t C)"), *(_ends(low, high) for low, high in pairs)],
        [_("Stock (t CO₂e)"), *(_bounded(*one) for one in zip(least, co2e, strict=True))],
        [_("Density, where there is a coefficient (t C/ha)"),
         *(_plain(one, 1) for one in totals["density_t_c_ha"])],
        [_("Without a coefficient (ha)"), *(_plain(one, 1) for one in totals["unvalued_ha"])],
    ]  # fmt: skip


def _shares(chosen: state.Choices, totals: pd.DataFrame) -> Cells:
    """Parts of the whole region, and of invented data, in percent."""
    whole = cached.summary(
        cached.workspace().version, chosen.survey_id, Level.PROVINCE, None, None,
        chosen.demonstration, state.language(), state.factor_set(),
    )  # fmt: skip
    if whole is None:
        return []
    area_ha, stock_t_c = whole.totals.area_ha, whole.totals.stock_t_c
    invented = zip(totals["demonstration_ha"], totals["area_ha"], strict=True)
    of_area = [_percent(one, area_ha) for one in totals["area_ha"]]
    of_stock = [_percent(one, stock_t_c) for one in totals["stock_t_c"]]
    return [
        [_("Of the province's mapped area (%)"), *of_area],
        [_("Of the province's stock that is known (%)"), *of_stock],
        [_("Demonstration data, of the area (%)"), *(_percent(*one) for one in invented)],
    ]


def _targets(zones: Sequence[str]) -> Cells:
    """What counts for each target of the workspace's plan in each zone."""
    plan = cached.progress(
        cached.workspace().version, cached.workspace().info.default_plan_id, state.as_of()
    )
    return [_target(progress, zones) for progress in plan.targets] if plan else []


def _target(progress: TargetProgress, zones: Sequence[str]) -> list[str]:
    levels = {one: zone.level_of(one) for one in zones}
    by_level = {
        level: reports.progress_by_zone(cached.workspace(), progress, level)
        for level in set(levels.values())
    }
    unit = progress.target.unit
    words = _("Counted: {target} ({unit})")
    head = words.format(target=gauges.name(progress), unit=gauges.unit_name(unit))
    digits = 1 if unit == "ha" else 2
    return [head, *(_plain(by_level[levels[one]].get(one), digits) for one in zones)]


def _plain(value: float | None, digits: int) -> str:
    return numbers.plain(value, digits, state.language())


def _bounded(least: str, value: float) -> str:
    return _plain(value, 0) if math.isnan(value) else least + _plain(value, 0)


def _ends(low: float, high: float) -> str:
    return _plain(math.nan, 0) if math.isnan(low) else f"{_plain(low, 0)}–{_plain(high, 0)}"


def _percent(part: float, whole: float | None) -> str:
    share = None if math.isnan(part) else reports.percent(part, whole)
    return _plain(share, 1)
