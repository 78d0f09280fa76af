"""A change survey that is laid before a reviewer: what its import shows, and the way there."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from bluecarbon_map.tables import PatchChange
from ui import change_words, editor, elements
from ui.import_state import Draft
from ui.words import _


def wanted(draft: Draft) -> bool:
    """Whether somebody decides on each change before it counts."""
    return draft.survey is not None and draft.survey.reviewed


def is_something(draft: Draft) -> bool:
    """Whether there is anything to store: a review needs a change."""
    return draft.changes is None or any(draft.changes.values())


def preview(changes: Mapping[PatchChange, int]) -> None:
    """How many changes of each kind there would be to decide on."""
    if not any(changes.values()):
        editor.say(
            "warn",
            _("No patch differs from the base survey: there is nothing to review."),
            _("Go back and choose the right file or base survey."),
        )
        return
    pairs = [(change_words.what_name(what), f"{count:,}") for what, count in changes.items()]
    elements.show(
        elements.card(
            _("Changes to be reviewed against the base survey"),
            elements.facts(pairs),
            elements.small(_("The survey has no patches until its review is finished.")),
        )
    )


def way(query: str) -> Element:
    """To the page where each change is decided on."""
    return elements.link(_("Review the changes one by one"), "surveys", query)
