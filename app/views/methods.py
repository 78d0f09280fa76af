"""方法: how each number is made, and where it comes from."""

from __future__ import annotations

from ui import elements, frame, methods
from ui.words import _


@frame.page
def page() -> None:
    """One topic at a time; the topic stands in the address."""
    methods.choose()
    methods.show()


elements.headline(
    _("How is each number made, and where does it come from?"),
    _("Worked examples are computed live by the same code"),
)
page()
