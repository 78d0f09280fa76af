"""The vocabulary: which ecosystems there are, what each is called, and who else calls it what.

A new ecosystem is one entry in ``ECOSYSTEMS``, a new species one in ``SPECIES``; other words that
mean them (synonyms, land-survey codes) are rows of ``data/vocabulary/words.csv``.

Sources: the province's list is the opening paragraph of 浙江省海洋碳汇能力提升指导意见; the six
categories are HY/T 0349-2022; land codes are the third national land survey's; wetland codes are
those of the national wetland survey's class 近海与海岸湿地.
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from bluecarbon_map.errors import UnknownEcosystemError
from bluecarbon_map.files import data_folder


class Origin(StrEnum):
    """Whether a species belongs here."""

    NATIVE = "native"
    INVASIVE = "invasive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecosystem:
    """One kind of coastal ecosystem or sea use that the map knows.

    Attributes:
        key: Its word in tables and files.
        code: Its number in class rasters, 1–254; never given to another.
        name_zh: Chinese name.
        name_en: English name.
        colour: Its colour everywhere, ``#RRGGBB``.
        priority: Who keeps ground claimed twice; 1 wins over 2.
        provincial: Its place in Zhejiang's own list, or None if it is not in it.
        hyt0349: Its category among the six of HY/T 0349-2022, or None.
        land_codes: Third land survey codes that mean it.
        wetland_codes: National wetland survey codes that mean it.
    """

    key: str
    code: int
    name_zh: str
    name_en: str
    colour: str
    priority: int
    provincial: str | None = None
    hyt0349: str | None = None
    land_codes: tuple[str, ...] = ()
    wetland_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Species:
    """A dominant species that is reported apart.

    Attributes:
        scientific: Scientific name, the word in tables and files.
        name_zh: Chinese name.
        name_en: English name.
        ecosystem: Key of the ecosystem it dominates.
        origin: Native or invasive on China's coast.
        colour: Colour that replaces the ecosystem's, or None.
        code: Number of its own in class rasters, or None where the ecosystem's stands for it.
    """

    scientific: str
    name_zh: str
    name_en: str
    ecosystem: str
    origin: Origin = Origin.NATIVE
    colour: str | None = None
    code: int | None = None


ECOSYSTEMS: Final[dict[str, Ecosystem]] = {
    e.key: e
    for e in (
        Ecosystem(
            key="mangrove", name_zh="红树林", name_en="Mangrove", colour="#1B7837", priority=1,
            code=10,
            provincial="红树林", hyt0349="红树林", land_codes=("0303",), wetland_codes=("8",),
        ),
        Ecosystem(
            key="salt_marsh", name_zh="盐沼", name_en="Salt marsh", colour="#8CC665", priority=2,
            code=20,
            provincial="盐沼", hyt0349="盐沼", land_codes=("0402", "1108"), wetland_codes=("7",),
        ),
        Ecosystem(
            key="seagrass", name_zh="海草床", name_en="Seagrass", colour="#0E7C86", priority=3,
            code=30,
            hyt0349="海草床", wetland_codes=("2",),
        ),
        Ecosystem(
            key="seaweed_bed", name_zh="海藻场", name_en="Seaweed bed", colour="#35B5A6",
            code=40,
            priority=4, hyt0349="大型藻类", wetland_codes=("2",),
        ),
        Ecosystem(
            key="island_vegetation", name_zh="无居民海岛植被",
            code=50,
            name_en="Uninhabited-island vegetation", colour="#5F963F", priority=5,
            provincial="无居民海岛植被",
        ),
        Ecosystem(
            key="shellfish_farm", name_zh="贝类养殖", name_en="Shellfish farm", colour="#E8743B",
            code=60,
            priority=6, hyt0349="贝类",
        ),
        Ecosystem(
            key="seaweed_farm", name_zh="藻类养殖", name_en="Seaweed farm", colour="#F2B134",
            code=70,
            priority=7, hyt0349="大型藻类",
        ),
        Ecosystem(
            key="tidal_flat", name_zh="淤泥质光滩", name_en="Tidal flat", colour="#B19C8E",
            code=80,
            priority=8, provincial="淤泥质光滩", land_codes=("1105",), wetland_codes=("6",),
        ),
        Ecosystem(
            key="sea_water", name_zh="海域水体", name_en="Sea water", colour="#D6E6F2", priority=9,
            code=90, provincial="海域水体", wetland_codes=("1", "9"),
        ),
    )
}  # fmt: skip

SPECIES: Final[dict[str, Species]] = {
    s.scientific: s
    for s in (
        Species(scientific="Kandelia obovata", name_zh="秋茄", name_en="Kandelia",
                ecosystem="mangrove"),
        Species(scientific="Spartina alterniflora", name_zh="互花米草", name_en="Smooth cordgrass",
                ecosystem="salt_marsh", origin=Origin.INVASIVE, colour="#9E3FA3", code=21),
        Species(scientific="Phragmites australis", name_zh="芦苇", name_en="Common reed",
                ecosystem="salt_marsh"),
        Species(scientific="Scirpus mariqueter", name_zh="海三棱藨草", name_en="Mariqueter sedge",
                ecosystem="salt_marsh"),
        Species(scientific="Suaeda salsa", name_zh="盐地碱蓬", name_en="Seepweed",
                ecosystem="salt_marsh"),
        Species(scientific="Mytilus coruscus", name_zh="厚壳贻贝", name_en="Korean mussel",
                ecosystem="shellfish_farm"),
        Species(scientific="Tegillarca granosa", name_zh="泥蚶", name_en="Blood cockle",
                ecosystem="shellfish_farm"),
        Species(scientific="Crassostrea", name_zh="牡蛎", name_en="Oyster",
                ecosystem="shellfish_farm"),
        Species(scientific="Pyropia haitanensis", name_zh="坛紫菜", name_en="Laver",
                ecosystem="seaweed_farm"),
        Species(scientific="Sargassum fusiforme", name_zh="羊栖菜", name_en="Hijiki",
                ecosystem="seaweed_farm"),
        Species(scientific="Saccharina japonica", name_zh="海带", name_en="Kelp",
                ecosystem="seaweed_farm"),
        Species(scientific="Sargassum", name_zh="马尾藻", name_en="Sargassum",
                ecosystem="seaweed_bed"),
    )
}  # fmt: skip

INVASIVE_SPECIES: Final = frozenset(
    s.scientific for s in SPECIES.values() if s.origin is Origin.INVASIVE
)


OTHER_CODE: Final = 0
"""In class rasters: surveyed, and none of these ecosystems."""

NO_DATA_CODE: Final = 255
"""In class rasters: not surveyed; unknown, never "none"."""

CLASS_CODES: Final[dict[int, tuple[str, str | None]]] = {
    **{e.code: (e.key, None) for e in ECOSYSTEMS.values()},
    **{s.code: (s.ecosystem, s.scientific) for s in SPECIES.values() if s.code is not None},
}
"""Ecosystem and species of each number in class rasters."""


def code(ecosystem: str, species: str | None = None) -> int:
    """Number of a patch in class rasters: its species' own, else its ecosystem's."""
    kind = SPECIES.get(species) if species else None
    return kind.code if kind and kind.code is not None else ECOSYSTEMS[ecosystem].code


def colour(ecosystem: str, species: str | None = None) -> str:
    """Colour of a patch, ``#RRGGBB``: its species' own, else its ecosystem's."""
    kind = SPECIES.get(species) if species else None
    return kind.colour if kind and kind.colour else ECOSYSTEMS[ecosystem].colour


def _folded(word: object) -> str:
    """One spelling for words that differ only in width, case, spaces or underscores."""
    text = unicodedata.normalize("NFKC", str(word)).strip().casefold()
    return "".join(text.replace("_", " ").replace("-", " ").split())


@cache
def _words() -> dict[str, tuple[str, str | None]]:
    known: dict[str, tuple[str, str | None]] = {}
    for e in ECOSYSTEMS.values():
        for word in (e.key, e.name_zh, e.name_en, *e.land_codes):
            known[_folded(word)] = (e.key, None)
    for s in SPECIES.values():
        for word in (s.scientific, s.name_zh):
            known[_folded(word)] = (s.ecosystem, s.scientific)
    path = data_folder() / "vocabulary" / "words.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            known[_folded(row["word"])] = (row["ecosystem"], row["species"] or None)
    return known


def _as_code(word: object) -> str:
    """A land-survey code that a spreadsheet turned into a number gets its leading zero back."""
    text = _folded(word)
    if text.endswith(".0") and text[:-2].isdigit():
        text = text[:-2]
    return text.zfill(4) if text.isdigit() and len(text) == 3 else text


def recognise(word: object) -> tuple[str, str | None] | None:
    """The ecosystem, and the species where the word names one, that a word stands for.

    Args:
        word: A name, synonym or third-land-survey code, in either language and any width or case.

    Returns:
        ``(ecosystem key, scientific species name or None)``, or None for an unknown word.
    """
    known = _words()
    return known.get(_folded(word)) or known.get(_as_code(word))


def require(word: object, where: str) -> tuple[str, str | None]:
    """Like `recognise`, for places where an unknown word is an error.

    Raises:
        UnknownEcosystemError: If the word names no ecosystem.
    """
    found = recognise(word)
    if found is None:
        raise UnknownEcosystemError(
            where,
            f"{str(word)[:60]!r} names no ecosystem",
            f"Use one of: {', '.join(ECOSYSTEMS)}, their Chinese names, or a land-survey code",
        )
    return found
