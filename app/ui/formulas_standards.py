"""Card of standards side by side."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from bluecarbon_map.accounting.standards import HYT_0349
from bluecarbon_map.reports import worked
from bluecarbon_map.reports.worked import standards as given
from ui import formula_cards
from ui.formula_cards import number, refusal
from ui.words import _


def side_by_side() -> list[Element]:
    """Method 17."""
    made = worked.standards_example()
    grown = made.vegetation
    card = formula_cards.card(
        _("Standards side by side"),
        _(
            "One place by each scheme: what it counts, its stock, its flow, what it leaves out. "
            "Rows are never added and never averaged. The form below is from memory and was never "
            "checked against the text: it has to be accepted, and its coefficients typed."
        ),
        {
            "17.1": _("vegetation: area × accretion × bulk density × carbon × 100 + increment"),
            "17.2": _("phytoplankton: area × net production ÷ 100 × exported share"),
            "17.3": _("macroalgae, bivalves: by wet harvest, as 9.1 and 9.2"),
        },
        [
            _(
                "{ha} ha (made-up coefficients): burial {burial} + increment {increment} = {sink} "
                "t C/yr; {water} ha of water {plankton} t C/yr; {kelp} t of kelp {taken} t C."
            ).format(
                ha=number(given.AREA_HA),
                burial=number(grown.burial_t_c_yr, 1),
                increment=number(grown.increment_t_c_yr, 1),
                sink=number(grown.sink_t_c_yr, 1),
                water=number(given.WATER_HA),
                plankton=number(made.phytoplankton_t_c_yr),
                kelp=number(given.KELP_WET_T),
                taken=number(made.kelp_t_c, 2),
            ),
            _("Without a coefficient of the standard:"),
            refusal(made.refused),
            _("Without accepting the form:"),
            refusal(made.not_accepted),
        ],
        "17-standards",
        f"{HYT_0349}; IPCC 2013 Wetlands Supplement Tables 4.11, 4.12",
    )
    return [card]
