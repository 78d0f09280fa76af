"""系数: which coefficients the sums use, who changed one, and why."""

from __future__ import annotations

from ui import elements, frame, own_factors
from ui.words import _


@frame.page
def page() -> None:
    """The sets, the workspace's own coefficients with their versions, and all there are."""
    own_factors.show()


elements.headline(
    _("Which coefficients are used, who changed one, and why?"),
    _("A published value is never changed: an own one stands in its place, with source and reason"),
)
page()
