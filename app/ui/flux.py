"""源汇: what is known of a place in a year; its emissions are not, so no net is claimed."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pandas as pd

from bluecarbon_map import reports
from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.reports import fluxes
from ui import (
    cached,
    charts,
    elements,
    factor_words,
    flux_words,
    naming,
    numbers,
    panels,
    state,
    stock,
    trace_link,
    zone,
)
from ui.words import _


def place(chosen: state.Choices, found: reports.ZoneSummary | None) -> None:
    """Burial by ecosystem beside what is not known."""
    if found is None:
        stock.nothing(chosen)
        return
    whole, rows = fluxes.place_flux(found), _rows(chosen)
    elements.show(elements.tag("div", "", "answer", elements.tag("p", _sentence(whole))))
    elements.show(elements.tag("div", "", "pair", _ledger(chosen, whole, found), _unknown()))
    _chart(chosen, rows)
    elements.show(elements.card(_("Burial rates used here"), _rates(rows, whole), *_notes(rows)))


def _rows(chosen: state.Choices) -> pd.DataFrame:
    """Burial of each ecosystem, in the order of the vocabulary."""
    rows = stock.derived(fluxes.burial_by_ecosystem, chosen)
    order = {key: at for at, key in enumerate(ECOSYSTEMS)}
    rows = rows.sort_values("ecosystem", key=lambda keys: keys.map(order), kind="stable")
    return rows.assign(
        name=[panels.ecosystem_name(key) for key in rows["ecosystem"]],
        least=(rows["unrated_ha"] > 0) & rows["burial_t_c_yr"].notna(),
    ).reset_index(drop=True)


def _sentence(whole: fluxes.PlaceFlux) -> str:
    if whole.burial_t_c_yr is None:
        return _(
            "Neither uptake nor emissions are known here: no ecosystem has a burial rate, and no "
            "patch has a salinity on record."
        )
    words = _(
        "The soil buries {least}{burial} a year ({co2e}). What the ground gives off is not known, "
        "so nobody can say yet whether it is a sink or a source on balance."
    )
    language = state.language()
    return words.format(
        least=_least(whole),
        burial=numbers.joined(numbers.carbon(whole.burial_t_c_yr, language)),
        co2e=numbers.joined(numbers.carbon(whole.burial_t_co2e_yr, language, "t CO2e")),
    )


def _least(whole: fluxes.PlaceFlux) -> str:
    return _("at least ") if whole.unrated_ha > 0 else ""


def _a_year(number: tuple[str, str]) -> tuple[str, str]:
    return number[0], number[1] + _("/yr") if number[1] else ""


def _ledger(chosen: state.Choices, whole: fluxes.PlaceFlux, found: reports.ZoneSummary) -> Element:
    language = state.language()
    burial = numbers.carbon(whole.burial_t_c_yr, language)
    if whole.burial_t_c_yr is not None and whole.unrated_ha > 0:
        burial = (f"≥ {burial[0]}", burial[1])
    nothing = (numbers.no_data(language), "")
    figures = [
        flux_words.figure(_("Taken up: burial in the soil"), _a_year(burial)),
        flux_words.figure(_("Given off"), nothing),
        flux_words.figure(_("Net"), nothing),
    ]
    said = [_("Coefficients: {title}").format(title=zone.set_name(found)), _spread(whole)]
    if whole.unrated_ha > 0:
        area = numbers.joined(numbers.area(whole.unrated_ha, language))
        said.append(_("{area} has no burial rate: hence “at least”").format(area=area))
    if whole.demonstration_ha > 0:
        area = numbers.joined(numbers.area(whole.demonstration_ha, language))
        said.append(_("includes {area} of demonstration data").format(area=area))
    if whole.invasive_ha > 0:
        area = numbers.joined(numbers.area(whole.invasive_ha, language))
        said.append(_("includes {area} under invasive species, to be removed").format(area=area))
    return elements.card(
        stock.based(_("The year's ledger"), chosen),
        elements.tag("div", "", "numbers", *figures),
        *(elements.small(text) for text in said),
        trace_link.link(chosen.zone_id or cached.workspace().info.zone_id, number="burial"),
    )


def _spread(whole: fluxes.PlaceFlux) -> str:
    """The interval of the burial, or that there is none."""
    ends = numbers.carbon_interval(
        whole.burial_t_c_yr_low, whole.burial_t_c_yr_high, state.language()
    )
    if ends:
        return _("Interval of the burial: {interval} a year").format(interval=ends)
    return _("No interval: a rate used here was published without one")


def _unknown() -> Element:
    """Why emissions and net have no number, and what to do about it."""
    lines = [
        _("Emissions: no patch has its salinity or its use on record. Unknown is not 0."),
        _("Net: not claimed as long as emissions are unknown."),
        _(
            "To know them, measure the salinity of each patch: below 18 ppt rewetted and planted "
            "ground gives off methane. The calculator below shows what that changes."
        ),
        _("A year's ledger, never added to the stock, and no credit."),
    ]
    return elements.card(
        _("Why there is no net"),
        elements.tag("ul", "", "notes", *(elements.tag("li", line) for line in lines)),
    )


def _chart(chosen: state.Choices, rows: pd.DataFrame) -> None:
    known = rows[rows["burial_t_c_yr"].notna()]
    if known.empty:
        return
    drawn = charts.bars(
        known,
        label="name",
        value="burial_t_c_yr",
        low="burial_t_c_yr_low",
        high="burial_t_c_yr_high",
        unit="t C/yr",
        colour="ecosystem",
        demonstration="demonstration_t_c_yr",
        at_least="least",
    )
    columns = {
        "name": _("Ecosystem"),
        "burial_t_c_yr": _("Burial (t C/yr)"),
        "burial_t_c_yr_low": _("Lower end (t C/yr)"),
        "burial_t_c_yr_high": _("Upper end (t C/yr)"),
        "burial_t_co2e_yr": _("Burial (t CO₂e/yr)"),
        "demonstration_t_c_yr": _("Of it demonstration (t C/yr)"),
    }
    note = _("Rates without whiskers were published without an interval.")
    if (known["demonstration_t_c_yr"] > 0).any():
        note += " " + _("Lighter, dashed: demonstration data.")
    charts.show(
        drawn,
        known[list(columns)].rename(columns=columns),
        key="flux_burial",
        title=stock.based(_("Burial a year"), chosen),
        note=note,
        name="bluecarbon_burial_by_ecosystem",
        about=stock.about(chosen),
    )


def _rates(rows: pd.DataFrame, whole: fluxes.PlaceFlux) -> Element:
    language = state.language()
    burials = reports.apportion(rows["burial_t_c_yr"].tolist(), 0)
    areas, unrated = (reports.apportion(rows[c].tolist(), 1) for c in ("area_ha", "unrated_ha"))
    columns = ("name", "rate_t_c_ha_yr", "burial_t_c_yr_low", "burial_t_c_yr_high", "tier")
    body = [
        [
            name,
            numbers.plain(area, 1, language),
            numbers.plain(without, 1, language),
            numbers.plain(rate, 3, language),
            numbers.plain(burial, 0, language),
            stock.ends(low, high),
            zone.tier_name(tier),
            source or numbers.no_data(language),
        ]
        for name, rate, low, high, tier, source, area, without, burial in zip(
            *(rows[column].tolist() for column in columns),
            rows["source"].fillna("").tolist(),
            areas, unrated, burials, strict=True,
        )
    ]  # fmt: skip
    sign = "≥ " if whole.burial_t_c_yr is not None and whole.unrated_ha > 0 else ""
    total = [
        _("Together"),
        numbers.plain(whole.area_ha, 1, language),
        numbers.plain(whole.unrated_ha, 1, language),
        "",
        sign + numbers.plain(whole.burial_t_c_yr, 0, language),
    ]
    heads = [
        _("Ecosystem"), _("Area (ha)"), _("Without a rate (ha)"), _("Rate (t C/ha/yr)"),
        _("Burial (t C/yr)"), _("Interval (t C/yr)"), _("Tier"), _("Source"),
    ]  # fmt: skip
    return elements.tag("div", "", "wide", elements.table(heads, [*body, [*total, "", "", ""]]))


def _notes(rows: pd.DataFrame) -> list[Element]:
    """How far the rates were checked."""
    kinds = rows["confidence"].dropna()
    found = dict.fromkeys(one for text in kinds for one in text.split("; "))
    checked = numbers.listed(map(factor_words.confidence, found), state.language())
    return [elements.small(naming.headed(_("Checked"), checked))] if checked else []
