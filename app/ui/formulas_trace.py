"""Card of how a number comes about."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from bluecarbon_map.accounting.trace import leaves
from bluecarbon_map.reports import worked
from ui import elements, formula_cards, state
from ui.words import _


def steps() -> list[Element]:
    """Method 16."""
    made = worked.trace_example()
    lines = "\n".join(_bare(line) for line in made.lines(state.language()))
    read = [one.origin for tree in (made.co2e, made.away) for one in leaves(tree) if one.origin]
    card = formula_cards.card(
        _("How a number comes about"),
        _(
            "Every result is a tree of steps that ends at patches and publications. Each step is "
            "worked again as it is made: one that does not follow cannot be made."
        ),
        {
            "16.1": _("area = Σ what each patch covers in the zone"),
            "16.2": _("stock = Σ area × density"),
            "16.3": _("t CO₂e = t C × 44/12"),
            "16.4": _("distance: Σ area × (x − low) of one coefficient, √(Σ d²) of several"),
            "16.5": _("burial a year = Σ area × rate, a ledger of its own"),
        },
        [
            elements.tag("pre", lines, "worked-tree"),
            _("A stock that is one tonne too large:"),
            formula_cards.refusal(made.refusal),
        ],
        "16-trace",
        "; ".join(dict.fromkeys(one.source for one in read if one.source)),
    )
    return [card]


def _bare(line: str) -> str:
    """A line of the tree without where its number was read: the source stands below."""
    return line.split("  [")[0]
