"""储量: where the carbon lies, how much, and how sure that is."""

from __future__ import annotations

from ui import elements, frame, honesty, state, stock, stock_table
from ui.words import _


@frame.page
def page() -> None:
    """Filters, the ranking and the ecosystems, what the coefficients do, and the rows."""
    stock.settings()
    chosen = state.choices()
    found = stock.summary(chosen)
    if found is None:
        stock.nothing(chosen)
        return
    stock.answer(chosen, found)
    honesty.section(chosen, found)
    stock_table.table(chosen, found)


elements.headline(
    _("How much carbon is held where, and how sure is that?"),
    _("Stock is what lies there now: no yearly sink, and no credit"),
)
page()
