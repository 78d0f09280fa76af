"""储量: the rows, zone by ecosystem, and the files of them."""

from __future__ import annotations

import math
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from bluecarbon_map import reports
from bluecarbon_map.tables import OUTSIDE
from ui import cached, charts, elements, numbers, panels, state, stock, zone
from ui.words import _


def table(chosen: state.Choices, found: reports.ZoneSummary) -> None:
    """Zone × ecosystem, and the files."""
    with st.container(key="downloads", horizontal=True, vertical_alignment="center"):
        elements.show(elements.tag("div", _("By zone and ecosystem"), "card-title"))
        for suffix, label, mime in panels.FORMATS:
            _download(chosen, suffix, label, mime)
    st.dataframe(
        _rows(chosen),
        hide_index=True,
        height=380,
        column_config=_formats(),
        placeholder=numbers.no_data(state.language()),
    )
    elements.show(elements.small(_sums(found)))
    if state.by_draws():
        words = _("The intervals of this table and of its files are the formula's.")
        elements.show(elements.small(words))


def _download(chosen: state.Choices, suffix: str, label: str, mime: str) -> None:
    st.download_button(
        label,
        partial(
            cached.download,
            cached.workspace().version,
            chosen.survey_id,
            stock.level(chosen),
            chosen.zone_id,
            chosen.ecosystems,
            chosen.demonstration,
            state.language(),
            suffix,
            stock.set_id(),
        ),
        file_name=charts.file_name(
            f"bluecarbon_stock_{stock.set_word()}",
            (*stock.about(chosen), stock.level(chosen), *sorted(chosen.ecosystems or ())),
            suffix,
        ),
        mime=mime,
        key=f"stock_download{suffix}",
        on_click="ignore",
    )


def _rows(chosen: state.Choices) -> pd.DataFrame:
    rows = stock.derived(reports.rows_with_density, chosen)
    bounds = zip(rows["stock_t_c"], rows["unvalued_ha"], strict=True)
    names = rows["zone_name"].mask(rows["zone_id"] == OUTSIDE, _("Outside every zone"))
    return pd.DataFrame(
        {
            _("Zone"): names,
            _("Ecosystem"): [panels.ecosystem_name(key) for key in rows["ecosystem"]],
            _("Area (ha)"): reports.apportion(rows["area_ha"].tolist(), 1),
            _("Lower bound?"): [bound(*one) for one in bounds],
            _("Stock (t C)"): reports.apportion(rows["stock_t_c"].tolist(), 0),
            _("Lower end (t C)"): rows["stock_t_c_low"].round(),
            _("Upper end (t C)"): rows["stock_t_c_high"].round(),
            _("Stock (t CO₂e)"): reports.apportion(rows["stock_t_co2e"].tolist(), 0),
            _("Density (t C/ha)"): rows["density_t_c_ha"].round(2),
            _("Tier"): [zone.tier_name(tier) for tier in rows["tier"]],
            _("Without a coefficient (%)"): 100 * rows["unvalued_share"],
            _("Of it demonstration (ha)"): rows["demonstration_ha"].round(1),
            _("What the interval is"): [_kind_of(kind) for kind in rows["interval_kind"]],
        }
    )


def bound(stock_t_c: float, unvalued_ha: float) -> str:
    """Whether a stock is a lower bound, or not known at all, in a word."""
    if math.isnan(stock_t_c):
        return _("no coefficient")
    return "≥" if unvalued_ha > 0 else ""


def _kind_of(kind: object) -> str:
    return zone.kind_name(kind) if isinstance(kind, str) else ""


def _formats() -> dict[str, ColumnConfig | str | None]:
    whole = [_("Stock (t C)"), _("Lower end (t C)"), _("Upper end (t C)"), _("Stock (t CO₂e)")]
    tenth = [_("Area (ha)"), _("Of it demonstration (ha)")]
    formats: dict[str, ColumnConfig | str | None] = {
        name: st.column_config.NumberColumn(format="%,.0f") for name in whole
    }
    formats |= {name: st.column_config.NumberColumn(format="%,.1f") for name in tenth}
    formats[_("Density (t C/ha)")] = st.column_config.NumberColumn(format="%,.2f")
    formats[_("Without a coefficient (%)")] = st.column_config.NumberColumn(format="%.0f")
    return formats


def _sums(found: reports.ZoneSummary) -> str:
    totals, language = found.totals, state.language()
    least = "≥ " if totals.stock_t_c is not None and totals.unvalued_ha > 0 else ""
    return _("Together: {area} ha; {stock} t C; {co2e} t CO₂e. Unknown is left empty.").format(
        area=numbers.plain(totals.area_ha, 1, language),
        stock=least + numbers.plain(totals.stock_t_c, 0, language),
        co2e=least + numbers.plain(totals.stock_t_co2e, 0, language),
    )
