"""Which columns a file of each kind may have, under which names, and how each is read."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Final

from bluecarbon_map.accounting.cores import MOST_BULK_DENSITY_G_CM3
from bluecarbon_map.files import data_folder
from bluecarbon_map.gate import measures
from bluecarbon_map.gate.kinds import Kind
from bluecarbon_map.gate.measures import Measure, folded_key
from bluecarbon_map.tables import STAGES


class Reads(Enum):
    """How the cells of a column are read."""

    TEXT = auto()
    ID = auto()
    NUMBER = auto()
    DECIMAL = auto()
    DAY = auto()
    PART_OF_TIME = auto()
    SPECIAL = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A column that a file may have.

    Attributes:
        name: Column of the contract.
        role: Key of its other names in ``data/vocabulary/columns.csv``.
        reads: How its cells are read.
        measure: Its quantity; None for what is no quantity.
        needed: Whether a row cannot do without it.
        stored: Whether the contract has it; else it is only checked.
        above_0: Whether 0 itself is refused.
        most: Greatest value.
    """

    name: str
    role: str
    reads: Reads = Reads.TEXT
    measure: Measure | None = None
    needed: bool = False
    stored: bool = True
    above_0: bool = False
    most: float | None = None

    def words(self) -> tuple[str, ...]:
        """Names it goes by, the contract's own first."""
        return tuple(dict.fromkeys((self.name, *_words().get(self.role, ()))))


def _text(name: str, role: str | None = None, *, needed: bool = False) -> Wanted:
    return Wanted(name=name, role=role or name, needed=needed)


def _id(name: str, role: str, *, needed: bool = False) -> Wanted:
    return Wanted(name=name, role=role, reads=Reads.ID, needed=needed)


def _number(
    name: str, role: str, measure: Measure, *, needed: bool = False, above_0: bool = False,
    most: float | None = None, stored: bool = True,
) -> Wanted:  # fmt: skip
    return Wanted(
        name=name, role=role, reads=Reads.NUMBER, measure=measure, needed=needed,
        above_0=above_0, most=most, stored=stored,
    )  # fmt: skip


def _decimal(name: str, role: str, measure: Measure, *, needed: bool = False) -> Wanted:
    return Wanted(name=name, role=role, reads=Reads.DECIMAL, measure=measure, needed=needed)


def _day(name: str, role: str, *, needed: bool = False, part: bool = False) -> Wanted:
    reads = Reads.PART_OF_TIME if part else Reads.DAY
    return Wanted(name=name, role=role, reads=reads, needed=needed)


def _special(name: str, role: str | None = None) -> Wanted:
    return Wanted(name=name, role=role or name, reads=Reads.SPECIAL)


_RECORD: Final = (_special("provenance"), _text("source"))
_NOTE: Final = _text("note")

WANTED: Final[dict[Kind, tuple[Wanted, ...]]] = {
    Kind.HABITATS: (
        _id("habitat_id", "id"),
        _id("survey_id", "survey_id"),
        _text("name_zh", "name"),
        _text("name_en"),
        _special("ecosystem"),
        _special("species"),
        _number("stated_area_ha", "area", measures.AREA, above_0=True),
        *_RECORD,
        _NOTE,
        _number("density_t_c_ha", "density", measures.DENSITY, stored=False),
    ),
    Kind.ZONES: (
        _id("zone_id", "own_zone"),
        _text("name_zh", "name"),
        _text("name_en"),
        _special("level"),
        _id("parent_id", "parent_id"),
        *_RECORD,
    ),
    Kind.SITES: (
        _id("site_id", "id"),
        _text("name"),
        _special("ecosystem"),
        _special("species"),
        _special("lon"),
        _special("lat"),
        _number("area_ha", "area", measures.AREA, above_0=True),
        _number("density_t_c_ha", "density", measures.DENSITY),
        _day("observed_on", "date"),
        *_RECORD,
        _NOTE,
    ),
    Kind.CORES: (
        _id("study_id", "study_id"),
        _id("site_id", "site_id"),
        _id("core_id", "core_id", needed=True),
        _number("depth_min_cm", "depth_min", measures.DEPTH, needed=True),
        _number("depth_max_cm", "depth_max", measures.DEPTH, needed=True, above_0=True),
        _number("dry_bulk_density_g_cm3", "bulk_density", measures.BULK_DENSITY, above_0=True,
                most=MOST_BULK_DENSITY_G_CM3),
        _number("fraction_carbon", "carbon_share", measures.SHARE, most=1.0),
        _number("fraction_organic_matter", "organic_share", measures.SHARE, most=1.0),
        *_RECORD,
    ),
    Kind.PROJECTS: (
        _id("project_id", "own_project", needed=True),
        _text("name_zh", "name"),
        _text("name_en"),
        _id("zone_id", "zone_id", needed=True),
        _special("indicator"),
        _special("ecosystem", "project_ecosystem"),
        _special("unit"),
        *(_number(stage, stage, measures.AMOUNT) for stage in STAGES),
        _day("completed_on", "completed_on", part=True),
        _day("accepted_on", "accepted_on"),
        _day("reported_on", "reported_on", needed=True, part=True),
        _id("part_of", "part_of"),
        *_RECORD,
        _text("note_zh", "note"),
        _text("note_en"),
    ),
    Kind.TRANSACTIONS: (
        _id("transaction_id", "serial", needed=True),
        _id("project_id", "project_id"),
        _special("kind"),
        _decimal("t_co2e", "tonnes", measures.TONNES, needed=True),
        _decimal("price_cny_t", "price", measures.PRICE),
        _day("traded_on", "traded_on", needed=True),
        _text("market"),
        _text("purpose"),
        _text("seller"),
        _text("buyer"),
        *_RECORD,
        _NOTE,
    ),
    Kind.TARGETS: (
        _id("plan_id", "plan_id", needed=True),
        _text("plan_zh", needed=True),
        _text("plan_en", needed=True),
        _special("version"),
        _id("target_id", "target_id", needed=True),
        _text("name_zh", "name", needed=True),
        _text("name_en", needed=True),
        _id("zone_id", "zone_id", needed=True),
        _special("indicator"),
        _special("unit"),
        _special("operator"),
        _special("value"),
        _day("start", "start", needed=True),
        _day("deadline", "deadline", needed=True),
        _text("excludes"),
        _text("clause_zh"),
        _text("clause_en"),
        _text("source", needed=True),
    ),
    Kind.REGISTERS: (
        _id("target_id", "target_id", needed=True),
        _id("zone_id", "zone_id", needed=True),
        _day("complete_to", "complete_to", needed=True),
        *_RECORD,
    ),
    Kind.HARVESTS: (
        _id("harvest_id", "harvest_id"),
        _id("zone_id", "zone_id"),
        _text("name"),
        _special("species"),
        _decimal("wet_t", "wet", measures.WET, needed=True),
        _day("harvested_on", "harvested_on", needed=True, part=True),
        *_RECORD,
        _NOTE,
    ),
}  # fmt: skip
"""Columns of each kind, in the order of its contract."""

ID_OF: Final[dict[Kind, str]] = {
    Kind.HABITATS: "habitat_id",
    Kind.ZONES: "zone_id",
    Kind.SITES: "site_id",
    Kind.CORES: "core_id",
    Kind.PROJECTS: "project_id",
    Kind.TRANSACTIONS: "transaction_id",
    Kind.HARVESTS: "harvest_id",
    Kind.TARGETS: "target_id",
    Kind.REGISTERS: "target_id",
}
"""Column that names the record."""

KEY_OF: Final[dict[Kind, tuple[str, ...]]] = {
    **{kind: (name,) for kind, name in ID_OF.items()},
    Kind.CORES: ("study_id", "core_id", "depth_min_cm"),
    Kind.PROJECTS: ("project_id", "indicator"),
    Kind.TARGETS: ("target_id", "version"),
    Kind.REGISTERS: ("target_id", "zone_id"),
}
"""Columns that together name one row."""


_DEGREES: Final = "°|o|度|deg|degrees?|dd|decimal degrees?|十进制度"


def _unit_behind(sides: str) -> re.Pattern[str]:
    """The unit or side at the end of a name: in brackets, or degrees behind a mark.

    A single letter counts in brackets only: ``xm`` is no x in metres.
    """
    inside = rf"(?:(?:{_DEGREES}|m|米)\s*)?(?:{sides})?"
    return re.compile(rf"\s*[(\[]\s*{inside}\s*[)\]]\s*$|[\s_/,]+(?:{_DEGREES})\s*$|°\s*$")


_POSITION_UNIT: Final = {"lon": _unit_behind("e|东|东经"), "lat": _unit_behind("n|北|北纬")}


@cache
def _words() -> dict[str, tuple[str, ...]]:
    words: dict[str, list[str]] = {}
    path = data_folder() / "vocabulary" / "columns.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            words.setdefault(row["role"], []).append(row["word"])
    return {role: tuple(names) for role, names in words.items()}


def matches(wanted: Wanted, name: str) -> tuple[int, str] | None:
    """How well a column's name fits: rank of the word (0 is best) and the unit it states.

    The unit is its folded spelling, '' where the name has none; None where the name is another's.
    """
    key = folded_key(_without_degrees(wanted.name, name))
    for rank, word in enumerate(wanted.words()):
        if wanted.measure is None or rank == 0:
            if key == folded_key(word):
                return rank, _own_unit(wanted) if rank == 0 else ""
            if wanted.measure is None:
                continue
        unit = wanted.measure.suffix(key, folded_key(word))
        if unit is not None:
            return rank, unit
    return None


_GAP: Final = re.compile(r"[\s_]+")
_UNIT_LIKE: Final = re.compile(
    r"_?\([^()]+\)|[_(]?\S*[/%‰^⁻]\S*|_?(?:acres?|ft2?|feet|inch(?:es)?|in|lbs?|ppm|英亩|英尺|英寸|公亩|顷)"
)


def has_other_unit(wanted: Wanted, name: str) -> bool:
    """Whether a column's name is a known word with what may be a unit that is not known."""
    said = _GAP.sub("_", unicodedata.normalize("NFKC", name).casefold().strip())
    for word in wanted.words() if wanted.measure else ():
        rest = said.removeprefix(_GAP.sub("_", word.casefold()))
        goes_on = rest[:1].isascii() and rest[:1].isalnum() and word.isascii()
        if rest != said and not goes_on and _UNIT_LIKE.fullmatch(rest):
            return True
    return False


def begins_with(wanted: Wanted, name: str) -> str | None:
    """The longest name of a column that a column's name begins with; None where there is none.

    A Latin word must end there, and be no abbreviation: ``typed`` does not begin with ``type``.
    """
    said = unicodedata.normalize("NFKC", name).casefold()
    fits = [word for word in wanted.words() if _goes_on_from(word.casefold(), said)]
    return max(fits, key=len, default=None)


_LEAST_LETTERS: Final = 4
_LEAST_SIGNS: Final = 2


def _goes_on_from(word: str, name: str) -> bool:
    if not name.startswith(word) or len(name) == len(word):
        return False
    if word.isascii():
        return len(word) >= _LEAST_LETTERS and not name[len(word)].isalnum()
    return len(word) >= _LEAST_SIGNS


def _without_degrees(axis: str, name: str) -> str:
    """A column's name without the unit or the side that a header of positions may state."""
    said = _POSITION_UNIT.get(axis)
    return name if said is None else said.sub("", unicodedata.normalize("NFKC", name).casefold())


def _own_unit(wanted: Wanted) -> str:
    """The contract's own column name states the contract's unit, if any."""
    if wanted.measure is None or wanted.measure is measures.AMOUNT:
        return ""
    return next(iter(wanted.measure.spelt))


def is_known(kind: Kind, name: str) -> bool:
    """Whether a file of this kind may have a column of this name."""
    return any(matches(wanted, name) is not None for wanted in WANTED.get(kind, ()))
