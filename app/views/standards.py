"""方法对比: the same place by different standards, and where they differ."""

from __future__ import annotations

from ui import elements, filters, frame, standards, standards_reasons, state, stock
from ui.words import _


@frame.page
def page() -> None:
    """Filters, the schemes side by side, what each leaves out and why, and the files."""
    filters.bar()
    chosen = state.choices()
    shown = standards.results(chosen)
    if not shown:
        stock.nothing(chosen)
        return
    standards.answer(chosen, shown)
    standards_reasons.section(shown)
    standards.downloads(chosen)


elements.headline(
    _("What is the same place by different standards, and where do they differ?"),
    _("Unknown is not zero; what a standard supplies and nobody has checked stays empty"),
)
page()
