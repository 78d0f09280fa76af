"""The card of the timeline: the equations, and five deviations of InVEST with both numbers."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from bluecarbon_map.reports import worked
from bluecarbon_map.reports.worked import timeline as pixels
from ui import elements, formula_cards
from ui.formula_cards import number
from ui.words import _


def timeline() -> list[Element]:
    """Method 11: the pixel of the equations, and beside it what InVEST writes."""
    return [_equations(), _deviations()]


def _equations() -> Element:
    made = worked.timeline_example()
    parts = " + ".join(number(one) for one in pixels.INITIAL_T_HA)
    rates = " + ".join(f"{one:g}" for one in pixels.GAINED_T_HA_YR)
    ten_years = number(made.net_lasting.right, 1)
    return formula_cards.card(
        _("Timeline"),
        _(
            "The equations of InVEST's Coastal Blue Carbon, reading its own tables. Accumulation "
            "less emissions is the net, always, and disturbed carbon keeps the half-life of the "
            "class it was disturbed in."
        ),
        {
            "11.1": _("stock = intact part + what is left of each disturbed parcel"),
            "11.2": _(
                "after a transition biomass and soil grow only where it says so; litter always"
            ),
            "11.3": _("disturbed D = share × intact;  E(n) = D · (0.5^((n−1)/H) − 0.5^(n/H))"),
            "11.4": _("net = accumulation − emissions"),
            "11.5": "S(t) = S(t₀) + Σ net",
            "11.6": "V = Σ p_k · net_k ÷ (1 + d)^k",
            "11.7": _("pixels of one history of classes have one outcome: each is modelled once"),
        },
        [
            _("Mangrove, biomass + soil + litter: {parts} = {stock} t/ha in 2000").format(
                parts=parts, stock=number(made.stock_first.right)
            ),
            _(
                "Ten years: 10 × ({rates}) = {gain}; 2010: {stock} t/ha (C or CO₂e as the table)"
            ).format(rates=rates, gain=ten_years, stock=number(made.stock_later.right, 1)),
            _("At a price of 1 that grows as it is discounted these are worth {value}.").format(
                value=number(made.value.right, 1)
            ),
        ],
        "11-timeline",
        pixels.SOURCE,
    )


def _deviations() -> Element:
    made = worked.timeline_example()
    rows = [
        (_("1 Litter: one year's gain in place of its stock (2000)"), made.stock_first, 0),
        (_("2 Litter: left out of the net after a transition (2010–2020)"), made.net_lasting, 1),
        (_("3 Replanted after a pond: no growth while old carbon decays"), made.net_after_pond, 2),
        (_("4 Half-life of the class in between, here none"), made.net_after_parking, 2),
        (_("5 Value: all carbon × all prices"), made.value, 1),
        (_("Net 2000–2050 by way of a parking lot"), made.project_by_parking, 1),
        (_("Net 2000–2050 by way of a pond"), made.project_by_pond, 1),
        (_("Value of the first"), made.worth_by_parking, 1),
        (_("Value of the second"), made.worth_by_pond, 1),
    ]
    heads = [_("One pixel, per ha"), _("By the guide"), "InVEST 3.20.2"]
    cells = [[text, number(b.right, n), number(b.invest, n)] for text, b, n in rows]
    return formula_cards.card(
        _("Five deviations of InVEST 3.20.2"),
        _(
            "The default follows the guide; --invest-compat reproduces InVEST bit by bit. Both "
            "columns are computed as this page is shown."
        ),
        {},
        [
            elements.table(heads, cells),
            _("Last four lines: mangrove, cleared in 2010, replanted in 2020, until 2050."),
        ],
        "11-timeline",
        pixels.SOURCE,
    )
