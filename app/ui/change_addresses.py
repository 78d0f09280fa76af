"""Addresses of tiles that show two times at once: what became of the ground between them.

They hold numbers only, as those of `addresses`, which hands them on to here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.tiles import Tile
from ui import cached, cached_changes, cached_rasters
from ui.words import LANGUAGES

GROUND: Final = "ground"
RASTERS: Final = "rasters"
LAYERS: Final = (GROUND, RASTERS)

_NUMBER: Final = re.compile(r"0|[1-9]\d{0,5}")


@dataclass(frozen=True, slots=True)
class ChangeWanted:
    """What one address asks for.

    Attributes:
        layer: One of `LAYERS`.
        from_id: Earlier survey or raster.
        to_id: Later one.
        ecosystem: The one whose gain and loss is drawn; None for all.
        demonstration: Whether demonstration patches count; always of rasters.
    """

    layer: str
    from_id: str
    to_id: str
    ecosystem: str | None
    demonstration: bool = True


def ground_url(
    version: str, from_id: str, to_id: str, ecosystem: str | None, *, demonstration: bool
) -> str:
    """Address of the tiles of gain and loss between two surveys, with places for z, x and y.

    Raises:
        ValueError: If there is no such survey.
    """
    surveys = _surveys(version)
    return (
        f"/tiles/{GROUND}/{{z}}/{{x}}/{{y}}.png?v={version}&a={surveys.index(from_id)}"
        f"&b={surveys.index(to_id)}&e={_place(ecosystem)}&d={int(demonstration)}"
    )


def raster_url(version: str, from_id: str, to_id: str, ecosystem: str | None) -> str:
    """Address of the tiles of what differs between two rasters, with places for z, x and y.

    Raises:
        ValueError: If there is no such raster.
    """
    rasters = _rasters(version)
    return (
        f"/tiles/{RASTERS}/{{z}}/{{x}}/{{y}}.png?v={version}&a={rasters.index(from_id)}"
        f"&b={rasters.index(to_id)}&e={_place(ecosystem)}"
    )


def parse(layer: str, version: str, query: Mapping[str, str]) -> ChangeWanted | None:
    """Read the query of an address; None where any part of it is unknown, missing, or too much."""
    wanted = ("a", "b", "e", "d") if layer == GROUND else ("a", "b", "e")
    if query.keys() != {"v", *wanted} or not all(_NUMBER.fullmatch(query[key]) for key in wanted):
        return None
    first, second, kind = (int(query[key]) for key in ("a", "b", "e"))
    demonstration = int(query.get("d", "1"))
    ids = _surveys(version) if layer == GROUND else _rasters(version)
    if max(first, second) >= len(ids) or kind > len(ECOSYSTEMS) or demonstration > 1:
        return None
    if layer == GROUND and first == second:
        return None
    ecosystem = [None, *ECOSYSTEMS][kind]
    return ChangeWanted(layer, ids[first], ids[second], ecosystem, bool(demonstration))


def draw(version: str, tile: Tile, wanted: ChangeWanted) -> bytes:
    """The PNG file of one tile.

    Raises:
        InputError: If a raster cannot be drawn, two are not comparable, or surveys have too many
            patches to be laid over each other.
    """
    if wanted.layer == RASTERS:
        change = cached_changes.raster_change(version, wanted.from_id, wanted.to_id)
        return change.draw(tile, wanted.ecosystem)
    layer = cached_changes.ground_layer(version, wanted.from_id, wanted.to_id, wanted.demonstration)
    return layer.draw(tile, wanted.ecosystem)


def _surveys(version: str) -> list[str]:
    return list(cached.survey_titles(version, LANGUAGES[0]))


def _rasters(version: str) -> list[str]:
    return list(cached_rasters.raster_titles(version, LANGUAGES[0]))


def _place(ecosystem: str | None) -> int:
    """0 for all, else the place in the list of ecosystems, from 1 on."""
    return 0 if ecosystem is None else 1 + list(ECOSYSTEMS).index(ecosystem)
