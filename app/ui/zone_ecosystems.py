"""One zone: its ecosystems and pools as charts and tables, and its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.factors import DEPTH_UNSTATED
from bluecarbon_map.tables import Level
from ui import cached, charts, elements, numbers, panels, state, trace_link, zone
from ui.words import _


def tuples(table: pd.DataFrame) -> list[Any]:
    """Rows with their columns as attributes."""
    return list(table.itertuples(index=False))


def ecosystems(chosen: state.Choices, zone_id: str) -> None:
    """Area and stock by ecosystem: two charts, then the numbers with their pools and sources."""
    found = zone.summary(chosen, zone_id)
    if found is None:
        st.info(_("Nothing on record for this choice. Choose a wider zone or another survey."))
        return
    left, right = st.columns(2, gap="small")
    with left:
        _area_chart(chosen, zone_id, found)
    with right:
        _stock_chart(chosen, zone_id, found)
    elements.show(
        elements.card(_("By ecosystem"), _ecosystem_table(found, zone_id)),
        elements.card(_("By carbon pool"), _pool_table(found), elements.small(_pools_note())),
    )


def _titled(title: str, chosen: state.Choices, zone_id: str) -> str:
    year = cached.survey_year(cached.workspace().version, chosen.survey_id or "")
    return f"{title} · {zone.name(zone_id)} · {year}"


def _named(found: reports.ZoneSummary) -> pd.DataFrame:
    rows = found.rows
    return rows.assign(name=[panels.ecosystem_name(key) for key in rows["ecosystem"]])


def _area_chart(chosen: state.Choices, zone_id: str, found: reports.ZoneSummary) -> None:
    rows = _named(found)
    drawn = charts.bars(
        rows,
        label="name",
        value="area_ha",
        unit="ha",
        colour="ecosystem",
        demonstration="demonstration_ha",
    )
    columns = {
        "name": _("Ecosystem"),
        "area_ha": _("Area (ha)"),
        "demonstration_ha": _("Of it demonstration (ha)"),
    }
    charts.show(
        drawn,
        rows[list(columns)].rename(columns=columns),
        key="zone_area",
        title=_titled(_("Area by ecosystem"), chosen, zone_id),
        note=_("Lighter, dashed: demonstration data"),
        name="bluecarbon_area",
        about=(zone_id, chosen.survey_id),
    )


def _stock_chart(chosen: state.Choices, zone_id: str, found: reports.ZoneSummary) -> None:
    rows = _named(found).assign(least=found.rows["unvalued_ha"] > 0)
    drawn = charts.bars(
        rows,
        label="name",
        value="stock_t_c",
        low="stock_t_c_low",
        high="stock_t_c_high",
        unit="t C",
        colour="ecosystem",
        at_least="least",
    )
    columns = {
        "name": _("Ecosystem"),
        "stock_t_c": _("Stock (t C)"),
        "stock_t_c_low": _("Lower end (t C)"),
        "stock_t_c_high": _("Upper end (t C)"),
    }
    charts.show(
        drawn,
        rows[list(columns)].rename(columns=columns),
        key="zone_stock",
        title=_titled(_("Stock by ecosystem"), chosen, zone_id),
        note=_("Whiskers: interval; its kind stands in the table below"),
        name="bluecarbon_stock",
        about=(zone_id, chosen.survey_id),
    )


def _ecosystem_table(found: reports.ZoneSummary, zone_id: str) -> Element:
    rows, language = found.rows, state.language()
    areas = reports.apportion(rows["area_ha"].tolist(), 1)
    stocks = reports.apportion(rows["stock_t_c"].tolist(), 0)
    heads = [
        _("Ecosystem"), _("Area (ha)"), _("Of it demonstration (ha)"), _("Stock (t C)"),
        _("Interval (t C)"), _("What the interval is"), _("Stock (t CO₂e)"), _("Tier"),
        _("Where it comes from"),
    ]  # fmt: skip
    body: list[list[str | Element]] = [
        [
            panels.ecosystem_name(row.ecosystem),
            numbers.plain(area, 1, language),
            numbers.plain(min(row.demonstration_ha, area), 1, language),  # rounded as the whole is
            least(numbers.plain(stock, 0, language), row.unvalued_ha, stock),
            ends(row.stock_t_c_low, row.stock_t_c_high, 0),
            zone.kind_name(row.interval_kind),
            least(numbers.plain(row.stock_t_co2e, 0, language), row.unvalued_ha, stock),
            zone.tier_name(row.tier),
            trace_link.link(zone_id, _("step by step"), eco=row.ecosystem),
        ]
        for row, area, stock in zip(tuples(rows), areas, stocks, strict=True)
    ]
    return elements.table(heads, [*body, _total(found)])


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalCells:
    """What is written of the sum over the ecosystems of a zone."""

    area: str
    demonstration: str
    stock: str
    interval: str
    stock_t_co2e: str


def total_cells(found: reports.ZoneSummary) -> TotalCells:
    """The sum over the ecosystems of a zone, in words."""
    totals, language = found.totals, state.language()
    bare, known = totals.unvalued_ha, totals.stock_t_c
    return TotalCells(
        area=numbers.plain(totals.area_ha, 1, language),
        demonstration=numbers.plain(totals.demonstration_ha, 1, language),
        stock=least(numbers.plain(known, 0, language), bare, known),
        interval=ends(totals.stock_t_c_low, totals.stock_t_c_high, 0),
        stock_t_co2e=least(numbers.plain(totals.stock_t_co2e, 0, language), bare, known),
    )


def _total(found: reports.ZoneSummary) -> list[str]:
    cells, kind = total_cells(found), zone.kind_name(found.totals.interval_kind)
    first = [_("Together"), cells.area, cells.demonstration, cells.stock, cells.interval]
    return [*first, kind, cells.stock_t_co2e, "", ""]


def least(text: str, unvalued_ha: float, known: float | None) -> str:
    """A stock in words, with its sign where part of the area has no coefficient."""
    return f"≥ {text}" if unvalued_ha > 0 and known is not None else text


def ends(low: float | None, high: float | None, digits: int) -> str:
    """An interval without its unit, or the words for none."""
    language = state.language()
    if low is None or high is None or pd.isna(low) or pd.isna(high):
        return numbers.no_data(language)
    return f"{numbers.plain(low, digits, language)}–{numbers.plain(high, digits, language)}"


def _pool_table(found: reports.ZoneSummary) -> Element:
    language, published = state.language(), zone.source_of(found)
    heads = [
        _("Ecosystem"), _("Pool"), _("Area (ha)"), _("Density (t C/ha)"), _("Interval (t C/ha)"),
        _("Stock (t C)"), _("Tier"), _("Source"),
    ]  # fmt: skip
    rows = [
        [
            _kind(row.ecosystem, row.species),
            pool_name(row.pool),
            numbers.plain(row.area_ha, 1, language),
            numbers.plain(row.density_t_c_ha, 2, language),
            ends(row.density_low_t_c_ha, row.density_high_t_c_ha, 2),
            numbers.plain(row.stock_t_c, 0, language),
            zone.tier_name(row.tier),
            published.get(row.factor_id, ""),
        ]
        for row in tuples(found.pools)
    ]
    return elements.table(heads, rows)


def _kind(ecosystem: str, species: object) -> str:
    known = panels.ecosystem_name(ecosystem)
    return f"{known} · {panels.species_name(species)}" if isinstance(species, str) else known


def pool_name(pool: str) -> str:
    """A carbon pool in the language of the session; its depth stays as it is."""
    words = {
        "vegetation+soil": _("vegetation and soil"),
        "ecosystem": _("whole ecosystem"),
        "soil": _("soil"),
        "biomass": _("biomass"),
        "aboveground_biomass": _("biomass above ground"),
        "belowground_biomass": _("biomass below ground"),
        "dead_roots": _("dead roots"),
        "litter": _("litter"),
        "deadwood": _("dead wood"),
    }
    first, _space, rest = pool.partition(" ")
    rest = _("(depth unstated)") if rest == DEPTH_UNSTATED else rest
    return f"{words.get(first, first)} {rest}".strip()


def _pools_note() -> str:
    return _(
        "Pools differ between ecosystems (vegetation and soil, or soil alone): their densities do "
        "not compare. Parts without a coefficient have no pool."
    )


def downloads(chosen: state.Choices, zone_id: str) -> None:
    """The zone's table, by county and ecosystem, in every format."""
    if zone.summary(chosen, zone_id) is None:
        return
    if chosen.ecosystem is not None:
        words = _("The table to hand in holds every ecosystem: show all of them to download it.")
        elements.show(elements.small(words))
        return
    wanted = reports.Asked(
        what=reports.What.SUMMARY,
        survey_id=chosen.survey_id,
        zone_id=zone_id,
        level=Level.COUNTY,
        demonstration=chosen.demonstration,
        factor_set=state.factor_set(),
        as_of=state.as_of(),
        language=state.language(),
    )
    version = cached.workspace().version
    with st.container(key="downloads", horizontal=True, vertical_alignment="center"):
        words = _("Hand in {zone}: table by county and ecosystem").format(zone=zone.name(zone_id))
        elements.show(elements.tag("div", words, "card-title"))
        for suffix, label, mime in panels.FORMATS:
            st.download_button(
                label,
                partial(cached.hand_in_file, version, wanted, suffix),
                file_name=reports.file_name(wanted, date.today(), suffix),
                mime=mime,
                key=f"zone_download{suffix}",
                on_click="ignore",
            )
