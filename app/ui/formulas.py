"""Formulas with examples whose numbers are made by the library at the moment they are shown."""

from __future__ import annotations

from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

from bluecarbon_map.reports import worked
from ui import cached, elements, factor_words, numbers, state
from ui.words import _

_ACCEPTED: Final = date(2022, 12, 14)
"""Day of the acceptance that the example of the even pace is about: 临海白沙湾."""


def show() -> None:
    """One card a subject: the rule, the equation, the example, where to read on."""
    cards = [_area(), _stock(), _rounding(), _interval(), _burial(), _ledgers(), _targets()]
    elements.show(
        elements.tag("div", "", "formulas", *(card for card in cards if card is not None))
    )


def _card(title: str, rule: str, equation: str, example: list[str], page: str) -> Element:
    return elements.card(
        title,
        elements.tag("p", rule, "rule"),
        elements.tag("code", equation, "equation"),
        *(elements.tag("p", line, "worked") for line in example),
        elements.small(_("Read on: docs/methods/{page}").format(page=page)),
    )


def _n(value: float, digits: int = 0) -> str:
    return numbers.plain(value, digits, state.language())


def _held(per_ha: float, digits: int, unit: str, amount: str) -> str:
    """An area times a value for a hectare."""
    return f"{_n(worked.MANGROVE_2022_HA, 1)} ha × {_n(per_ha, digits)} {unit} = {amount}"


def _area() -> Element:
    made = worked.area_example()
    return _card(
        _("Area on the ellipsoid"),
        _(
            "Areas lie on the CGCS2000 ellipsoid, never in degrees and never in web Mercator. A "
            "hectare belongs to one ecosystem only, so parts add up to the whole."
        ),
        _("Σ areas of zones and classes = area of the union"),
        [
            _("Cell 120–121°E, 30–31°N: {area} m² on the ellipsoid.").format(
                area=_n(made.ellipsoid_m2, 2)
            ),
            _("Web Mercator makes {area} ha of it: {percent} % too large.").format(
                area=_n(made.mercator_ha, 1), percent=_n(made.too_large_percent, 1)
            ),
            _("{ha} ha = {ha} × 15 = {mu} mu.").format(
                ha=_n(worked.MANGROVE_2022_HA, 1), mu=_n(made.mangrove_mu, 1)
            ),
        ],
        "01-area.md",
    )


def _stock() -> Element:
    made = worked.stock_example()
    return _card(
        _("Stock"),
        _(
            "Area times the density of a named coefficient. Area without a coefficient counts as "
            "area and never as zero carbon: the sum then reads “at least”."
        ),
        _("stock (t C) = area (ha) × density (t C/ha);  t CO₂e = t C × 44/12"),
        [
            _("Mangrove of Zhejiang, survey of 2022:"),
            _held(made.density_t_c_ha, 2, "t C/ha", f"{_n(made.stock_t_c)} t C"),
            f"{_n(made.stock_t_c)} t C × 44/12 = {_n(made.stock_t_co2e)} t CO₂e",
            f"{_('Source')}: {made.source}",
        ],
        "02-stock.md",
    )


def _rounding() -> Element:
    made = worked.stock_example()
    return _card(
        _("Why 13.36 was published"),
        _("Convert first, round last. Rounding first gives another number for the same stock."),
        _("round, then convert ≠ convert, then round"),
        [
            _("Rounded first: {c} × 3.67 = {co2} (10⁴ t CO₂e), the published figure.").format(
                c=_n(made.rounded_wan_t_c, 2), co2=_n(made.rounded_first_wan_t_co2e, 2)
            ),
            _("Rounded last: {co2} t CO₂e, the figure of this map.").format(
                co2=_n(made.stock_t_co2e)
            ),
        ],
        "02-stock.md",
    )


def _interval() -> Element:
    stock, total = worked.stock_example(), worked.sum_example()
    return _card(
        _("Intervals"),
        _(
            "Every interval says what it is. Amounts of one coefficient are wrong together, so "
            "their distances add; amounts of different ones add in quadrature, low and high apart."
        ),
        _("one coefficient: d = Σ area × (x − low);  several: d = √(Σ d²)"),
        [
            _("Mangrove: {low}–{high} t C/ha ({kind}) → {from_t}–{to_t} t C.").format(
                low=_n(stock.low_t_c_ha, 2),
                high=_n(stock.high_t_c_ha, 2),
                kind=factor_words.interval_kind(stock.interval_kind),
                from_t=_n(stock.low_t_c),
                to_t=_n(stock.high_t_c),
            ),
            _("100 ha × 60 (57–65) and 100 ha × 80 (76–92) t C/ha, different coefficients:")
            + f" {_n(total.value)} ({_n(total.low)}–{_n(total.high)}) t C",
            _("If both came from one coefficient, their distances would simply add:")
            + f" {_n(total.same_low)}–{_n(total.same_high)} t C",
            _("Not in it: the error of the area, and whether the sites stand for the whole."),
        ],
        "03-uncertainty.md",
    )


def _burial() -> Element:
    made = worked.stock_example()
    return _card(
        _("Burial a year"),
        _(
            "Area times a burial rate. It is a flux with a ledger of its own. Mangrove and salt "
            "marsh have global means published without an interval: the error is unknown."
        ),
        _("burial (t C/yr) = area (ha) × rate (t C/ha/yr)"),
        [
            _held(made.rate_t_c_ha_yr, 3, "t C/ha/yr", f"{_n(made.buried_t_c_yr, 2)} t C/yr"),
            _("The stock is some {years} years of it: never add the two.").format(
                years=_n(made.years)
            ),
            f"{_('Source')}: {made.rate_source}",
        ],
        "04-sequestration.md",
    )


def _ledgers() -> Element:
    return _card(
        _("Three ledgers, never added"),
        _(
            "Carbon held (t C), carbon buried a year (t C/yr) and tonnes creditable under a named "
            "method on a named date (t CO₂e) mean different things. Cordgrass is never creditable."
        ),
        _("stock ≠ flux ≠ credit"),
        [_("This map holds no credits. It never adds a stock to a flux.")],
        "02-stock.md",
    )


def _targets() -> Element | None:
    made = worked.pace_example(cached.workspace(), _ACCEPTED)
    if made is None or made.pace is None:
        return None
    name = made.name_en if state.language() == "en" else made.name_zh
    return _card(
        _("What counts toward a target"),
        _(
            "Accepted amounts of the target's indicator, in its zone, accepted within its period, "
            "with no reason against them. Planted is not established, completed is not accepted. "
            "Without a statement that the list of projects is complete, no target is called "
            "behind or missed."
        ),
        _("counted = Σ accepted;  even pace = target × days gone / all days"),
        [
            _("{target}: on {day} an even pace asks for {pace} of {value}.").format(
                target=name,
                day=numbers.day(made.day, state.language()),
                pace=_n(made.pace, 1),
                value=_n(made.value),
            )
        ],
        "05-targets.md",
    )
