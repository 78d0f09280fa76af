"""溯源: where a number comes from, step by step, and what another coefficient would change."""

from __future__ import annotations

from ui import elements, frame, tracing, trying
from ui.words import _


@frame.page
def page() -> None:
    """Choices, the sentences, the tree, the patches; then what another value would change."""
    tracing.choose()
    found = tracing.found()
    if found is None:
        tracing.nothing()
        return
    tracing.answer(found)
    tracing.tree(found)
    tracing.files(found)
    tracing.patches(found)
    trying.section()


elements.headline(
    _("How does this number come about, and who says so?"),
    _("Every step can be worked again by hand; at the ends stand patches and publications"),
)
page()
