"""储量: where the carbon lies, how much, and how sure that is."""

from __future__ import annotations

from bluecarbon_map import reports
from ui import (
    elements,
    frame,
    honesty,
    plausibility,
    state,
    stock,
    stock_certainty,
    stock_table,
)
from ui.words import _


@frame.page
def page() -> None:
    """Filters, ranking and ecosystems, what makes it unsure, what coefficients do, and the rows."""
    stock.settings()
    chosen = state.choices()
    found = stock.summary(chosen)
    if found is None:
        stock.nothing(chosen)
        return
    stock.answer(chosen, found)
    stock_certainty.section(chosen, found)
    honesty.section(chosen, found)
    stock_table.table(chosen, found)
    plausibility.show(stock.of_summary(reports.check_summary, chosen))


elements.headline(
    _("How much carbon is held where, and how sure is that?"),
    _("Stock is what lies there now: no yearly sink, and no credit"),
)
page()
