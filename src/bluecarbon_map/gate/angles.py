"""Longitudes and latitudes as people write them: decimal degrees, or degrees, minutes, seconds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

_SIDES: Final = {
    "N": 1, "S": -1, "E": 1, "W": -1, "北纬": 1, "南纬": -1, "东经": 1, "西经": -1,
    "北": 1, "南": -1, "东": 1, "西": -1,
}  # fmt: skip
_OF_LATITUDE: Final = frozenset({"N", "S", "北纬", "南纬", "北", "南"})
_SIDE: Final = r"(N|S|E|W|北纬|南纬|东经|西经|北|南|东|西)?"
_DEGREES: Final = re.compile(
    rf"{_SIDE}\s*([+-]?)(\d{{1,3}}(?:\.\d+)?)\s*(?:°|º|度)?\s*"
    rf"(?:(\d{{1,2}}(?:\.\d+)?)\s*(?:'|′|’|分)\s*)?"
    rf"(?:(\d{{1,2}}(?:\.\d+)?)\s*(?:\"|″|”|''|′′|秒)\s*)?{_SIDE}",
    re.ASCII | re.IGNORECASE,
)

_SPACED: Final = re.compile(
    rf"{_SIDE}\s*([+-]?)(\d{{1,3}})[ :]\s*(\d{{1,2}})[ :]\s*(\d{{1,2}}(?:\.\d+)?)\s*{_SIDE}",
    re.ASCII | re.IGNORECASE,
)
"""Degrees, minutes and seconds with nothing but blanks or colons between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Angle:
    """An angle as it was written.

    Attributes:
        degrees: Its size, exactly; signed.
        of_latitude: Whether its letter makes it a latitude; None where it has none.
    """

    degrees: Fraction
    of_latitude: bool | None


def angle_of(text: str) -> Angle | None:
    """An angle in degrees, minutes and seconds, or with a letter; None for anything else."""
    match = _DEGREES.fullmatch(text.strip()) or _SPACED.fullmatch(text.strip())
    if match is None:
        return None
    before, sign, degrees, minutes, seconds, after = match.groups()
    side = (before or after or "").upper()
    if (before and after) or (side and sign):
        return None
    parts = [Fraction(part) if part else Fraction(0) for part in (degrees, minutes, seconds)]
    finer_after_fraction = "." in degrees and (minutes or seconds)
    if finer_after_fraction or parts[1] >= 60 or parts[2] >= 60:
        return None
    if minutes and "." in minutes and seconds:
        return None
    size = parts[0] + parts[1] / 60 + parts[2] / 3600
    turn = _SIDES[side] if side else (-1 if sign == "-" else 1)
    return Angle(degrees=turn * size, of_latitude=(side in _OF_LATITUDE) if side else None)
