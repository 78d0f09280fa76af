"""记录: who changed what and when, and the way back."""

from __future__ import annotations

from ui import elements, frame, history
from ui.words import _


@frame.page
def page() -> None:
    """Every change, what it did, and whether it can be taken back."""
    history.show()


elements.headline(
    _("Who changed what, and when; can it be taken back?"),
    _("Nothing is ever deleted: taking back is a change of its own"),
)
page()
