"""导入: how an office's own data come in, and what becomes of them before they do."""

from __future__ import annotations

from ui import elements, frame, imports
from ui.words import _


@frame.page
def page() -> None:
    """One file, step by step; nothing is stored before the last."""
    imports.show()


elements.headline(
    _("How do our own data come in, and what will become of them first?"),
    _("Nothing is stored before you have seen it; every import can be taken back"),
)
page()
