"""Addresses of map tiles: how a choice is written into one and read back.

They hold only whole numbers, one of two words and the hexadecimal version of the workspace, so
that nothing from a data file ever stands in an address, and through it in a script.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.tables import Level
from bluecarbon_map.tiles import Language, Tile
from ui import cached
from ui.keeping import shared
from ui.words import LANGUAGES

BASE: Final = "base"
HABITATS: Final = "habitats"
RASTER: Final = "raster"
LINES: Final = "lines"
LINE_LEVELS: Final = (Level.CITY, Level.COUNTY)
"""Zones whose lines are a layer; in an address, their place in this row."""

_ALL: Final = 2 ** len(ECOSYSTEMS) - 1
_NUMBER: Final = re.compile(r"0|[1-9]\d{0,5}")


class NoSuchTileError(LookupError):
    """An address that is none of ours."""


@dataclass(frozen=True, slots=True)
class TileRequest:
    """What one address asks for.

    Attributes:
        version: Version of the workspace.
        tile: Which tile.
        language: Of the names on the ground; None for habitats.
        survey_id: Whose patches; None for the ground.
        ecosystems: Ecosystems drawn.
        demonstration: Whether demonstration patches are drawn.
        lines: Level whose zone lines are drawn; None for anything else.
        raster_id: Which raster is drawn; None for anything else.
    """

    version: str
    tile: Tile
    language: str | None = None
    survey_id: str | None = None
    ecosystems: frozenset[str] = frozenset()
    demonstration: bool = True
    lines: Level | None = None
    raster_id: str | None = None


def base_url(version: str, language: str) -> str:
    """Address of the ground's tiles, with places for z, x and y."""
    return f"/tiles/{BASE}/{{z}}/{{x}}/{{y}}.png?v={version}&l={language}"


def habitat_url(
    version: str, survey_id: str | None, ecosystems: frozenset[str] | None, *, demonstration: bool
) -> str | None:
    """Address of the patches' tiles, with places for z, x and y; None where there is no survey."""
    if survey_id is None:
        return None
    survey = list(cached.survey_titles(version, LANGUAGES[0])).index(survey_id)
    shown = _ALL if ecosystems is None else _as_bits(ecosystems)
    return (
        f"/tiles/{HABITATS}/{{z}}/{{x}}/{{y}}.png"
        f"?v={version}&s={survey}&e={shown}&d={int(demonstration)}"
    )


def lines_url(version: str, level: Level) -> str:
    """Address of the tiles of zone lines, with places for z, x and y."""
    return f"/tiles/{LINES}/{{z}}/{{x}}/{{y}}.png?v={version}&k={LINE_LEVELS.index(level)}"


def raster_url(version: str, raster_id: str) -> str:
    """Address of a raster's tiles, with places for z, x and y.

    Raises:
        ValueError: If there is no such raster.
    """
    raster = list(cached.raster_titles(version, LANGUAGES[0])).index(raster_id)
    return f"/tiles/{RASTER}/{{z}}/{{x}}/{{y}}.png?v={version}&r={raster}"


def parse(layer: str, z: int, x: int, y: int, query: Mapping[str, str]) -> TileRequest:
    """Read an address.

    Raises:
        NoSuchTileError: If any part of it is unknown, missing, or too much.
    """
    version = cached.workspace().version
    if query.get("v") != version:
        raise NoSuchTileError("another version of the workspace")
    try:
        tile = Tile(z, x, y)
    except ValueError as problem:
        raise NoSuchTileError(str(problem)) from problem
    if layer == BASE and query.keys() == {"v", "l"} and query["l"] in LANGUAGES:
        return TileRequest(version, tile, language=query["l"])
    if layer == HABITATS and query.keys() == {"v", "s", "e", "d"}:
        return _habitats(version, tile, query)
    if layer == LINES and query.keys() == {"v", "k"} and query["k"] in {"0", "1"}:
        return TileRequest(version, tile, lines=LINE_LEVELS[int(query["k"])])
    if layer == RASTER and query.keys() == {"v", "r"} and _NUMBER.fullmatch(query["r"]):
        return _raster(version, tile, int(query["r"]))
    raise NoSuchTileError(layer)


def _habitats(version: str, tile: Tile, query: Mapping[str, str]) -> TileRequest:
    numbers = {key: query[key] for key in ("s", "e", "d")}
    if not all(_NUMBER.fullmatch(text) for text in numbers.values()):
        raise NoSuchTileError("not a number")
    survey, shown, demonstration = (int(text) for text in numbers.values())
    surveys = list(cached.survey_titles(version, LANGUAGES[0]))
    if survey >= len(surveys) or shown > _ALL or demonstration > 1:
        raise NoSuchTileError("no such survey or ecosystem")
    return TileRequest(
        version,
        tile,
        survey_id=surveys[survey],
        ecosystems=frozenset(key for at, key in enumerate(ECOSYSTEMS) if shown >> at & 1),
        demonstration=bool(demonstration),
    )


def _raster(version: str, tile: Tile, raster: int) -> TileRequest:
    rasters = list(cached.raster_titles(version, LANGUAGES[0]))
    if raster >= len(rasters):
        raise NoSuchTileError("no such raster")
    return TileRequest(version, tile, raster_id=rasters[raster])


def _as_bits(ecosystems: frozenset[str]) -> int:
    return sum(1 << at for at, key in enumerate(ECOSYSTEMS) if key in ecosystems)


@shared(most=4096)
def draw(wanted: TileRequest) -> bytes:
    """The PNG file of one tile.

    Raises:
        InputError: If a raster cannot be drawn.
    """
    if wanted.raster_id is not None:
        return cached.raster_layer(wanted.version, wanted.raster_id).draw(wanted.tile)
    if wanted.lines is not None:
        return cached.zone_lines(wanted.version, wanted.lines).draw(wanted.tile)
    if wanted.survey_id is None:
        language: Language = "en" if wanted.language == "en" else "zh"
        return cached.base_map(wanted.version).draw(wanted.tile, language)
    layer = cached.habitat_layer(wanted.version, wanted.survey_id)
    return layer.draw(wanted.tile, wanted.ecosystems, demonstration=wanted.demonstration)
