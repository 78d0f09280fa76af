"""Names of the CGCS2000 coordinate systems, and which of them a layer may lie in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

STORAGE_CRS: Final = "EPSG:4490"
"""CGCS2000, longitude and latitude in degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Series:
    """Gauss-Krüger planes of one width: zone ``z`` lies on ``width_deg * z - west_deg``."""

    name: str
    width_deg: int
    west_deg: int
    first_zone: int
    last_zone: int
    first_code_with_zone: int
    first_code_by_meridian: int


_SERIES: Final = (
    _Series(
        name="three-degree",
        width_deg=3,
        west_deg=0,
        first_zone=25,
        last_zone=45,
        first_code_with_zone=4513,
        first_code_by_meridian=4534,
    ),
    _Series(
        name="six-degree",
        width_deg=6,
        west_deg=3,
        first_zone=13,
        last_zone=23,
        first_code_with_zone=4491,
        first_code_by_meridian=4502,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CRSSuggestion:
    """What the numbers of a layer without a CRS let one suppose; never applied by itself.

    Attributes:
        candidates: Codes it may be, the likeliest first; empty if nothing fits.
        certain: Whether the numbers leave one candidate only. Still to be confirmed by a person.
        reason: Why, for a reader.
    """

    candidates: tuple[str, ...]
    certain: bool
    reason: str


def cgcs2000_code(central_meridian: int, *, with_zone: bool, width_deg: int = 3) -> str:
    """Code of the CGCS2000 Gauss-Krüger plane on a central meridian.

    Args:
        central_meridian: In degrees east: 75, 78, …, 135, or 75, 81, …, 135 where six wide.
        with_zone: Whether eastings begin with the zone's number (40,500,000 for zone 40).
        width_deg: Width of the zones, 3 or 6 degrees.

    Raises:
        ValueError: If there is no such plane.
    """
    series = next((one for one in _SERIES if one.width_deg == width_deg), None)
    if series is None:
        raise ValueError(f"no planes {width_deg} degrees wide: 3 or 6")
    zone, rest = divmod(central_meridian + series.west_deg, width_deg)
    if rest or not series.first_zone <= zone <= series.last_zone:
        raise ValueError(
            f"no {series.name} plane on {central_meridian}E: 75, {75 + width_deg}, … 135"
        )
    first = series.first_code_with_zone if with_zone else series.first_code_by_meridian
    return f"EPSG:{first + zone - series.first_zone}"


def suggest_crs(x_min: float, x_max: float, y_min: float, y_max: float) -> CRSSuggestion:
    """Suppose the coordinate system of a layer that states none, from its bounds.

    A suggestion is for a question to the user. The numbers never tell a datum: boundaries shifted
    to GCJ-02 look like any others.
    """
    if max(abs(x_min), abs(x_max)) <= 360.0 and max(abs(y_min), abs(y_max)) <= 90.0:
        return _degrees()
    if y_min >= 73.0 and y_max <= 136.0 and x_min >= 3.0 and x_max <= 54.0:
        return CRSSuggestion(
            candidates=(), certain=False, reason="latitude stands before longitude: swap them"
        )
    if y_min <= 0.0 or y_max >= 1e7:
        return _unknown()
    return _metres(x_min, x_max)


def _degrees() -> CRSSuggestion:
    return CRSSuggestion(
        candidates=(STORAGE_CRS, "EPSG:4326"),
        certain=False,
        reason="degrees: CGCS2000 (EPSG:4490) or WGS 84 (EPSG:4326), ask which",
    )


def _metres(x_min: float, x_max: float) -> CRSSuggestion:
    zone = int(x_min // 1e6)
    if int(x_max // 1e6) == zone:
        for series in _SERIES:
            if series.first_zone <= zone <= series.last_zone:
                return _numbered_zone(series, zone)
    if x_min >= 1e5 and x_max < 1e6:
        meridians = (120, 123, 117)
        return CRSSuggestion(
            candidates=tuple(cgcs2000_code(cm, with_zone=False) for cm in meridians),
            certain=False,
            reason="metres without a zone number: the central meridian is unknown, ask "
            "(Zhejiang: 120E; Zhoushan 123E; west of 118.5E 117E)",
        )
    return _unknown()


def _numbered_zone(series: _Series, zone: int) -> CRSSuggestion:
    meridian = series.width_deg * zone - series.west_deg
    return CRSSuggestion(
        candidates=(cgcs2000_code(meridian, with_zone=True, width_deg=series.width_deg),),
        certain=True,
        reason=f"eastings begin with {zone}: {series.name} zone {zone}, meridian {meridian}E",
    )


def _unknown() -> CRSSuggestion:
    return CRSSuggestion(
        candidates=(),
        certain=False,
        reason="no one CGCS2000 plane or degree layer fits these coordinates: ask",
    )
