"""The way from a number to the page that takes it apart."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element

from ui import cached, elements, state
from ui.words import _

PAGE: Final = "trace"


def link(zone_id: str, text: str = "", **changes: str | None) -> Element:
    """One click from a number to where it comes from; the choices go along.

    Args:
        zone_id: Zone the number is of.
        text: What the link says; the usual question where it is empty.
        changes: Choices it was made with that the address does not have, by their word there:
            ``eco="mangrove"`` for one ecosystem, ``number="burial"`` for another number than the
            stock, ``factors=None`` for the workspace's own set.
    """
    whole = zone_id == cached.workspace().info.zone_id
    afresh = dict.fromkeys((state.NUMBER, state.COEFFICIENT, state.VALUE))
    query = state.address(**{state.ZONE: None if whole else zone_id, **afresh, **changes})
    return elements.link(text or _("How is this number made?"), PAGE, query, "how")
