"""储量: what each pool of each ecosystem holds, and of which tier its coefficient is."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pandas as pd

from bluecarbon_map import reports
from ui import elements, numbers, panels, state, zone, zone_ecosystems
from ui.words import _


def card(rows: pd.DataFrame, found: reports.ZoneSummary) -> Element:
    """Pools as a table, their sum below.

    Args:
        rows: From `reports.pools_by_ecosystem`.
        found: Summary they are of.
    """
    said = [_("A pool that is not listed is not in the stock: it has no coefficient in this set.")]
    if state.by_draws():
        said.append(_("Intervals here are the formula's."))
    lines = [elements.small(text) for text in said]
    return elements.card(_("Carbon pools"), _table(rows, found), *lines)


def _table(rows: pd.DataFrame, found: reports.ZoneSummary) -> Element:
    language = state.language()
    columns = ("ecosystem", "pool", "area_ha", "stock_t_c_low", "stock_t_c_high", "tier")
    stocks = reports.apportion(rows["stock_t_c"].tolist(), 0)
    body = [
        [
            panels.ecosystem_name(ecosystem),
            zone_ecosystems.pool_name(pool),
            numbers.plain(area_ha, 1, language),
            numbers.plain(stock, 0, language),
            zone_ecosystems.ends(low, high, 0),
            zone.tier_name(tier),
        ]
        for ecosystem, pool, area_ha, low, high, tier, stock in zip(
            *(rows[column] for column in columns), stocks, strict=True
        )
    ]
    heads = [
        _("Ecosystem"), _("Pool"), _("Area (ha)"), _("Stock (t C)"), _("Interval (t C)"), _("Tier"),
    ]  # fmt: skip
    known = found.totals.stock_t_c
    whole = numbers.plain(known, 0, language)
    whole = zone_ecosystems.least(whole, found.totals.unvalued_ha, known)
    return elements.table(heads, [*body, [_("Together"), "", "", whole, "", ""]])
