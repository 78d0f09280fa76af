"""源汇: what is taken up and given off in a year; never a stock, never a credit."""

from __future__ import annotations

from ui import elements, filters, flux, flux_activity, flux_harvest, flux_sea, frame, state, stock
from ui.words import _


@frame.page
def page() -> None:
    """The place's ledger, then a calculator, harvests, and the sea."""
    filters.bar()
    chosen = state.choices()
    found = stock.summary(chosen)
    flux.place(chosen, found)
    flux_activity.section()
    flux_harvest.section()
    flux_sea.section(found)


elements.headline(
    _("How much is taken up and given off here in a year: a sink or a source?"),
    _("The year's ledger: never added to a stock, and no credit"),
)
page()
