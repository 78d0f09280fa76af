"""数据来源: whose every layer, table and coefficient is, and on what terms it may be used."""

from __future__ import annotations

from ui import elements, frame, sources
from ui.words import _


@frame.page
def page() -> None:
    """Layers, tables, files that came in, and publications."""
    sources.show()


elements.headline(
    _("Where does every layer and number come from, and on what terms?"),
    _("What a source does not state is not guessed"),
)
page()
