"""编辑工程: what each project has reached, and changing it without losing what others typed."""

from __future__ import annotations

from ui import elements, frame, projects
from ui.words import _


@frame.page
def page() -> None:
    """The projects, and the one that is being changed."""
    projects.show()


elements.headline(
    _("What is on record of each project, and how is it corrected?"),
    _("Each stage keeps its own amount; every version stays in the history"),
)
page()
