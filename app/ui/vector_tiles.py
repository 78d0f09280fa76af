"""Patches as vector tiles, as the fast map is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bluecarbon_map.tiles import looks, vector
from ui import addresses, cached, state


@dataclass(frozen=True, slots=True)
class VectorTiles:
    """Patches as vector tiles, coloured and filtered in the browser.

    Attributes:
        url: Address with places for z, x and y, from `addresses`.
        first: Zoom they begin at.
        last: Zoom of the last ones; nearer in, these are enlarged.
        colours: Colour of each look, `tiles.looks.LOOKS`.
        ecosystems: Places in the vocabulary of the ecosystems shown; None for all.
        demonstration: Whether demonstration patches are shown.
    """

    url: str
    first: int
    last: int
    colours: Sequence[str]
    ecosystems: Sequence[int] | None
    demonstration: bool


def of_patches(chosen: state.Choices) -> VectorTiles | None:
    """The patches of a survey; the tiles hold all, what is shown is chosen in the browser."""
    url = addresses.vector_url(cached.workspace().version, chosen.survey_id)
    if url is None:
        return None
    shown = chosen.ecosystems
    return VectorTiles(
        url=url,
        first=vector.ZOOMS[0],
        last=vector.ZOOMS[-1],
        colours=[ink for _, ink in looks.LOOKS],
        ecosystems=None if shown is None else sorted(looks.ECOSYSTEM_AT[key] for key in shown),
        demonstration=chosen.demonstration,
    )
