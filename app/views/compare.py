"""比较: zones side by side, or one place in two surveys."""

from __future__ import annotations

from ui import compare, elements, frame
from ui.words import _


@frame.page
def page() -> None:
    """What is compared, then the comparison."""
    compare.mode()
    compare.shown()


elements.headline(
    _("What differs between zones, or between surveys?"),
    _("Stock only; unknown is not zero; intervals are shown wherever they are known"),
)
page()
