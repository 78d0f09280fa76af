"""源汇: what passes between sea and air, study by study; its sign changes with the season."""

from __future__ import annotations

from bluecarbon_map import reports
from bluecarbon_map.reports import fluxes
from bluecarbon_map.reports.fluxes import SeaExchange
from ui import chart_words, elements, flux_words, numbers, state
from ui.words import _


def section(found: reports.ZoneSummary | None) -> None:
    """Studies side by side, and the mapped water where there is any."""
    elements.show(elements.tag("h2", _("Does the sea take up or give off?"), "part"))
    mapped_ha = None if found is None else fluxes.mapped_sea_ha(found)
    invented_ha = 0.0 if found is None else _invented_ha(found)
    heads = [
        _("When"), _("Exchange (mmol CO₂/m²/d)"), _("Ends"), _("Which is"),
        _("Over a year (t C/ha/yr)"),
        _("Mapped water (t C/yr)"), _("Source"),
    ]  # fmt: skip
    rows = [_row(one, mapped_ha) for one in fluxes.sea_exchanges()]
    elements.show(
        elements.card(
            _("East China Sea, as published: + taken up, − given off"),
            elements.tag("div", "", "wide", elements.table(heads, rows)),
            *(elements.small(line) for line in _notes(mapped_ha, invented_ha)),
        )
    )


def _row(one: SeaExchange, mapped_ha: float | None) -> list[str]:
    yearly = fluxes.sea_uptake_t_c_yr(one, mapped_ha)
    return [
        flux_words.season_name(one.season),
        _signed(one.uptake_mmol_m2_d, 2),
        f"{_signed(one.low, 2)} … {_signed(one.high, 2)}",
        _direction(one),
        _("one season only") if one.uptake_t_c_ha_yr is None else _signed(one.uptake_t_c_ha_yr, 4),
        _signed(yearly, 0),
        one.study.source,
    ]


def _direction(one: SeaExchange) -> str:
    """Sink or source, and whether the ends leave that open."""
    words = _("a sink") if one.uptake_mmol_m2_d > 0 else _("a source")
    if one.low < 0 < one.high:
        return _("{word}; the ends lie on both sides of 0").format(word=words)
    return words


def _signed(value: float | None, digits: int) -> str:
    text = numbers.plain(value, digits, state.language())
    return f"+{text}" if value is not None and value > 0 else text.replace("-", chart_words.MINUS)


def _invented_ha(found: reports.ZoneSummary) -> float:
    """Mapped sea water that is demonstration data, in ha."""
    rows = fluxes.burial_by_ecosystem(found)
    return float(rows.loc[rows["ecosystem"] == "sea_water", "demonstration_ha"].sum())


def _notes(mapped_ha: float | None, invented_ha: float) -> list[str]:
    said = [
        _(
            "Three studies of three seasons, never averaged: what takes up in one season gives off "
            "in another. Only the study of a whole year is written for a year."
        ),
        _(
            "It holds what phytoplankton takes up: the two are never added. What kind of interval "
            "the ends are, the papers do not say."
        ),
    ]
    if mapped_ha is None:
        said.append(_("No sea water is mapped here: no amount for the place, which is not 0."))
    else:
        area = numbers.joined(numbers.area(mapped_ha, state.language()))
        said.append(_("Sea water mapped here: {area}.").format(area=area))
    if invented_ha > 0:
        area = numbers.joined(numbers.area(invented_ha, state.language()))
        said.append(_("Of it demonstration data: {area}.").format(area=area))
    return said
