"""What the words of a file mean: ecosystems, species, survey codes and the closed lists."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from bluecarbon_map.ecosystems import ECOSYSTEMS, recognise
from bluecarbon_map.files import data_folder
from bluecarbon_map.gate.texts import folded
from bluecarbon_map.tables import Indicator, Level, Provenance

LEAVE_OUT: Final = "-"
"""In the user's own words of a column: rows with that word are not to be imported."""

_SIDES: Final = re.compile(r"[,，、;；/(（)）+＋]")
_QUALIFIERS: Final = frozenset(
    {
        "mixed", "sparse", "dense", "natural", "planted", "young", "mature", "restored", "degraded",
        "混合", "混交", "稀疏", "密集", "天然", "人工", "新造", "幼林", "成林", "退化", "修复",
    }
)  # fmt: skip
"""Words beside an ecosystem that say how it is, not what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyCode:
    """One code of a national survey; a row of ``data/vocabulary/survey_codes.csv``.

    Attributes:
        scheme: ``third_land_survey`` or ``wetland_survey``.
        code: The code.
        name_zh: What the survey calls it.
        ecosystem: Ecosystem it is read as; None where the user has to decide.
        note: What to know before it is read so.
    """

    scheme: str
    code: str
    name_zh: str
    ecosystem: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a word of the ecosystem column means.

    Attributes:
        ecosystem: Key of the ecosystem; None where the word does not settle it.
        species: Species that the word names.
        note: What the user should know of this reading; None where there is nothing.
        beside: Whether the word says more than the ecosystem, which is worth keeping.
        skip: Whether the user wants such rows left out.
    """

    ecosystem: str | None = None
    species: str | None = None
    note: str | None = None
    beside: bool = False
    skip: bool = False


def meaning_of(word: str, mine: dict[str, str], *, wetland: bool = False) -> Meaning | None:
    """What a word means: what the user says, a survey's code, the vocabulary; None if unknown.

    Args:
        word: Cleaned text of a cell.
        mine: The user's own words, word → ecosystem key, or `LEAVE_OUT`.
        wetland: Whether the column holds classes of the national wetland survey.
    """
    if word in mine:
        return _by_user(mine[word])
    if code := survey_code(word, wetland=wetland):
        return Meaning(
            ecosystem=code.ecosystem,
            note=f"{code.code} {code.name_zh}: {code.note}" if code.note else None,
        )
    if known := recognise(word):
        return Meaning(ecosystem=known[0], species=known[1])
    return _with_qualifiers(word)


def survey_code(word: str, *, wetland: bool = False) -> SurveyCode | None:
    """The code of a national survey that a cell holds, as code or as the survey's name for it."""
    text = folded(word).upper().removesuffix(".0")
    schemes = ("wetland_survey", "third_land_survey") if wetland else ("third_land_survey",)
    for scheme in schemes:
        code = text.zfill(4) if scheme == "third_land_survey" and len(text) == 3 else text
        if found := _codes().get((scheme, code)):
            return found
    return _by_name().get(folded(word))


def _by_user(said: str) -> Meaning | None:
    if said in {LEAVE_OUT, ""}:
        return Meaning(skip=True)
    if known := recognise(said):
        return Meaning(ecosystem=known[0], species=known[1])
    return None


def _with_qualifiers(word: str) -> Meaning | None:
    parts = [part for part in (folded(p) for p in _SIDES.split(word)) if part]
    rest = [part for part in parts if part not in _QUALIFIERS]
    known = {recognise(part) for part in rest}
    if len(parts) == len(rest) or len(known) != 1:
        return None
    found = known.pop()
    return Meaning(ecosystem=found[0], species=found[1], beside=True) if found else None


@cache
def _codes() -> dict[tuple[str, str], SurveyCode]:
    path = data_folder() / "vocabulary" / "survey_codes.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {
            (row["scheme"], row["code"].upper()): SurveyCode(
                scheme=row["scheme"],
                code=row["code"],
                name_zh=row["name_zh"],
                ecosystem=row["ecosystem"] or None,
                note=row["note"] or None,
            )
            for row in csv.DictReader(file)
        }


@cache
def _by_name() -> dict[str, SurveyCode]:
    return {folded(code.name_zh): code for code in reversed(_codes().values())}


def survey_codes() -> tuple[SurveyCode, ...]:
    """Every code of the table."""
    return tuple(_codes().values())


def ecosystem_names() -> str:
    """Words a user may write, for a message."""
    return ", ".join(f"{e.key} ({e.name_zh})" for e in ECOSYSTEMS.values())


PROVENANCE_WORDS: Final = {
    **{value.value: value.value for value in Provenance},
    "实测": "survey", "调查": "survey", "实地调查": "survey",
    "公开": "published", "已发布": "published", "发布": "published",
    "示意": "indicative", "参考": "indicative", "演示": "demonstration", "demo": "demonstration",
}  # fmt: skip

KIND_WORDS: Final = {
    "申报": "application", "核证": "verification", "签发": "issuance", "注销": "retirement",
    "交易": "sale", "成交": "sale", "转让": "sale", "出售": "sale",
}  # fmt: skip
"""What happened to credits; other words are kept as they are."""

LEVEL_WORDS: Final = {
    **{value.value: value.value for value in Level},
    "省": "province", "省级": "province", "市": "city", "地级": "city", "市级": "city",
    "地级市": "city", "地市": "city", "prefecture": "city", "县": "county", "县级": "county",
    "区": "county", "区县": "county", "县级市": "county", "市辖区": "county", "district": "county",
    "其他": "other",
}  # fmt: skip

INDICATOR_WORDS: Final = {
    **{value.value: value.value for value in Indicator},
    "滨海湿地修复": "coastal_wetland_restored", "修复滨海湿地": "coastal_wetland_restored",
    "新增红树林": "mangrove_new", "营造红树林": "mangrove_new", "新营造红树林": "mangrove_new",
    "修复红树林": "mangrove_restored", "红树林修复": "mangrove_restored",
    "岸线修复": "shoreline_restored", "海岸线修复": "shoreline_restored",
    "修复海岸线": "shoreline_restored", "修复岸线": "shoreline_restored",
}  # fmt: skip
