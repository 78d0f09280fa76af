"""Addresses of map tiles: how a choice is written into one and read back.

They hold only whole numbers, one of two words and the hexadecimal version of the workspace or of a
survey, so that nothing from a data file ever stands in an address, and through it in a script.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.tables import Level
from bluecarbon_map.tiles import Language, Tile, vector
from ui import cached, cached_rasters, cached_tiles, change_addresses
from ui.keeping import shared
from ui.words import LANGUAGES

BASE: Final = "base"
HABITATS: Final = "habitats"
RASTER: Final = "raster"
LINES: Final = "lines"
UNKNOWN: Final = "unknown"
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
        version: Version of the workspace; of patches, that of their survey.
        tile: Which tile.
        language: Of the names on the ground; None for habitats.
        survey_id: Whose patches; None for the ground.
        ecosystems: Ecosystems drawn.
        demonstration: Whether demonstration patches are drawn.
        lines: Level whose zone lines are drawn; None for anything else.
        raster_id: Which raster is drawn; None for anything else.
        unknown: Whether it is the ground that the survey did not look at.
        vector: Whether the patches are wanted as a vector tile.
        change: Two surveys or rasters and what is asked of them; None for anything else.
    """

    version: str
    tile: Tile
    language: str | None = None
    survey_id: str | None = None
    ecosystems: frozenset[str] = frozenset()
    demonstration: bool = True
    lines: Level | None = None
    raster_id: str | None = None
    unknown: bool = False
    vector: bool = False
    change: change_addresses.ChangeWanted | None = None


def base_url(version: str, language: str) -> str:
    """Address of the ground's tiles, with places for z, x and y."""
    return f"/tiles/{BASE}/{{z}}/{{x}}/{{y}}.png?v={version}&l={language}"


def habitat_url(
    version: str, survey_id: str | None, ecosystems: frozenset[str] | None, *, demonstration: bool
) -> str | None:
    """Address of the patches' tiles, with places for z, x and y.

    None where there is no survey, and where its tiles have to be made first.
    """
    found = _drawable(version, survey_id)
    if found is None:
        return None
    own, survey = found
    shown = _ALL if ecosystems is None else _as_bits(ecosystems)
    return (
        f"/tiles/{HABITATS}/{{z}}/{{x}}/{{y}}.png"
        f"?v={own}&s={survey}&e={shown}&d={int(demonstration)}"
    )


def vector_url(version: str, survey_id: str | None) -> str | None:
    """Address of the vector tiles of all patches of a survey; None as with `habitat_url`."""
    found = _drawable(version, survey_id)
    return (
        None if found is None else f"/tiles/vector/{{z}}/{{x}}/{{y}}.mvt?v={found[0]}&s={found[1]}"
    )


def _drawable(version: str, survey_id: str | None) -> tuple[str, int] | None:
    """Version and place of a survey whose patches can be drawn."""
    if survey_id is None:
        return None
    own = cached_tiles.survey_version(version, survey_id)
    if not cached_tiles.ready(own, survey_id):
        return None
    return own, list(cached.survey_titles(version, LANGUAGES[0])).index(survey_id)


def unknown_url(version: str, survey_id: str | None) -> str | None:
    """Address of the tiles of what a survey did not look at; None where it does not say."""
    if survey_id not in cached.surveys_with_extent(version):
        return None
    survey = list(cached.survey_titles(version, LANGUAGES[0])).index(survey_id)
    return f"/tiles/{UNKNOWN}/{{z}}/{{x}}/{{y}}.png?v={version}&s={survey}"


def lines_url(version: str, level: Level) -> str:
    """Address of the tiles of zone lines, with places for z, x and y."""
    return f"/tiles/{LINES}/{{z}}/{{x}}/{{y}}.png?v={version}&k={LINE_LEVELS.index(level)}"


def raster_url(version: str, raster_id: str) -> str:
    """Address of a raster's tiles, with places for z, x and y.

    Raises:
        ValueError: If there is no such raster.
    """
    raster = list(cached_rasters.raster_titles(version, LANGUAGES[0])).index(raster_id)
    return f"/tiles/{RASTER}/{{z}}/{{x}}/{{y}}.png?v={version}&r={raster}"


def parse(layer: str, z: int, x: int, y: int, query: Mapping[str, str]) -> TileRequest:
    """Read an address.

    Raises:
        NoSuchTileError: If any part of it is unknown, missing, or too much.
    """
    version, tile = cached.workspace().version, _tile(z, x, y)
    if layer == HABITATS and query.keys() == {"v", "s", "e", "d"}:
        return _habitats(version, tile, query)
    if query.get("v") != version:
        raise NoSuchTileError("another version of the workspace")
    if layer == BASE and query.keys() == {"v", "l"} and query["l"] in LANGUAGES:
        return TileRequest(version, tile, language=query["l"])
    if layer == LINES and query.keys() == {"v", "k"} and query["k"] in {"0", "1"}:
        return TileRequest(version, tile, lines=LINE_LEVELS[int(query["k"])])
    if layer == RASTER and query.keys() == {"v", "r"} and _NUMBER.fullmatch(query["r"]):
        return _raster(version, tile, int(query["r"]))
    if layer == UNKNOWN and query.keys() == {"v", "s"} and _NUMBER.fullmatch(query["s"]):
        return _unknown(version, tile, int(query["s"]))
    if layer in change_addresses.LAYERS:
        change = change_addresses.parse(layer, version, query)
        if change is not None:
            return TileRequest(version, tile, change=change)
    raise NoSuchTileError(layer)


def parse_vector(z: int, x: int, y: int, query: Mapping[str, str]) -> TileRequest:
    """Read the address of a vector tile.

    Raises:
        NoSuchTileError: If any part of it is unknown, missing, or too much.
    """
    version, tile = cached.workspace().version, _tile(z, x, y)
    if z not in vector.ZOOMS or query.keys() != {"v", "s"} or not _NUMBER.fullmatch(query["s"]):
        raise NoSuchTileError("vector")
    own, survey_id = _survey(version, int(query["s"]), query["v"])
    return TileRequest(own, tile, survey_id=survey_id, vector=True)


def _tile(z: int, x: int, y: int) -> Tile:
    try:
        return Tile(z, x, y)
    except ValueError as problem:
        raise NoSuchTileError(str(problem)) from problem


def _survey(version: str, at: int, asked: str) -> tuple[str, str]:
    """Version and id of the survey at a place, if the version is the one asked for."""
    surveys = list(cached.survey_titles(version, LANGUAGES[0]))
    if at >= len(surveys):
        raise NoSuchTileError("no such survey")
    own = cached_tiles.survey_version(version, surveys[at])
    if own != asked:
        raise NoSuchTileError("another version of the survey")
    return own, surveys[at]


def _unknown(version: str, tile: Tile, survey: int) -> TileRequest:
    surveys = list(cached.survey_titles(version, LANGUAGES[0]))
    if survey >= len(surveys) or surveys[survey] not in cached.surveys_with_extent(version):
        raise NoSuchTileError("no such survey, or it states no extent")
    return TileRequest(version, tile, survey_id=surveys[survey], unknown=True)


def _habitats(version: str, tile: Tile, query: Mapping[str, str]) -> TileRequest:
    numbers = {key: query[key] for key in ("s", "e", "d")}
    if not all(_NUMBER.fullmatch(text) for text in numbers.values()):
        raise NoSuchTileError("not a number")
    survey, shown, demonstration = (int(text) for text in numbers.values())
    if shown > _ALL or demonstration > 1:
        raise NoSuchTileError("no such ecosystem")
    own, survey_id = _survey(version, survey, query["v"])
    return TileRequest(
        own,
        tile,
        survey_id=survey_id,
        ecosystems=frozenset(key for at, key in enumerate(ECOSYSTEMS) if shown >> at & 1),
        demonstration=bool(demonstration),
    )


def _raster(version: str, tile: Tile, raster: int) -> TileRequest:
    rasters = list(cached_rasters.raster_titles(version, LANGUAGES[0]))
    if raster >= len(rasters):
        raise NoSuchTileError("no such raster")
    return TileRequest(version, tile, raster_id=rasters[raster])


def _as_bits(ecosystems: frozenset[str]) -> int:
    return sum(1 << at for at, key in enumerate(ECOSYSTEMS) if key in ecosystems)


@shared(most=4096)
def draw(wanted: TileRequest) -> bytes:
    """The PNG file of one tile, or the bytes of a vector tile.

    Raises:
        InputError: If a raster cannot be drawn.
        NoSuchTileError: If the tiles of a survey have to be made first.
    """
    if wanted.change is not None:
        return change_addresses.draw(wanted.version, wanted.tile, wanted.change)
    if wanted.raster_id is not None:
        return cached_rasters.raster_layer(wanted.version, wanted.raster_id).draw(wanted.tile)
    if wanted.lines is not None:
        return cached.zone_lines(wanted.version, wanted.lines).draw(wanted.tile)
    if wanted.survey_id is None:
        language: Language = "en" if wanted.language == "en" else "zh"
        return cached.base_map(wanted.version).draw(wanted.tile, language)
    if wanted.unknown:
        return cached.unknown_ground(wanted.version, wanted.survey_id).draw(wanted.tile)
    try:
        return _patches(wanted, wanted.survey_id)
    except cached_tiles.NotMadeError as problem:
        raise NoSuchTileError("not made yet") from problem


def _patches(wanted: TileRequest, survey_id: str) -> bytes:
    if wanted.vector:
        return cached_tiles.vector(wanted.version, survey_id, wanted.tile)
    layer = cached_tiles.drawer(wanted.version, survey_id)
    return layer.draw(wanted.tile, wanted.ecosystems, demonstration=wanted.demonstration)
