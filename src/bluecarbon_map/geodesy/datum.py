"""The shifted coordinates of Chinese map services: GCJ-02 and BD-09 to and from WGS 84.

WGS 84 and CGCS2000 are taken as one here. Neither formula is an official document: both are as
they went round in public code, and only as true as the maps that services draw with them show.

Source: docs/decisions/0014-datum-shift.md.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bluecarbon_map.units import FloatArray

LonLat = tuple[FloatArray, FloatArray]


class Datum(StrEnum):
    """What coordinates in degrees may be shifted to."""

    GCJ02 = "gcj02"
    BD09 = "bd09"


_SEMI_MAJOR_M: Final = 6_378_245.0
"""Krasovsky 1940, as the formula has it."""

_E2: Final = 0.006_693_421_622_965_943_23
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
"""Outside of this the services shift nothing."""

_BD_TURN: Final = np.pi * 3000.0 / 180.0
_BD_LON, _BD_LAT = 0.0065, 0.006
_STEPS: Final = 12
"""Of the iteration back; each makes the error some 100 to 1000 times smaller."""


def gcj02_from_wgs84(lon: FloatArray, lat: FloatArray) -> LonLat:
    """WGS 84 to GCJ-02, in degrees; what is not a finite number stays so.

    Args:
        lon: Longitudes, any shape.
        lat: Latitudes, same shape.
    """
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def wgs84_from_gcj02(lon: FloatArray, lat: FloatArray) -> LonLat:
    """GCJ-02 to WGS 84, in degrees, to better than 1e-9."""
    return _undone(gcj02_from_wgs84, lon, lat)


def bd09_from_gcj02(lon: FloatArray, lat: FloatArray) -> LonLat:
    """GCJ-02 to BD-09, in degrees."""
    reach = np.hypot(lon, lat) + 2e-5 * np.sin(lat * _BD_TURN)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * _BD_TURN)
    inside = _is_shifted(lon, lat)
    moved_lon = np.where(inside, reach * np.cos(angle) + _BD_LON, lon)
    moved_lat = np.where(inside, reach * np.sin(angle) + _BD_LAT, lat)
    return moved_lon, moved_lat


def gcj02_from_bd09(lon: FloatArray, lat: FloatArray) -> LonLat:
    """BD-09 to GCJ-02, in degrees, to better than 1e-9."""
    return _undone(bd09_from_gcj02, lon, lat)


def bd09_from_wgs84(lon: FloatArray, lat: FloatArray) -> LonLat:
    """WGS 84 to BD-09, in degrees."""
    return bd09_from_gcj02(*gcj02_from_wgs84(lon, lat))


def wgs84_from_bd09(lon: FloatArray, lat: FloatArray) -> LonLat:
    """BD-09 to WGS 84, in degrees, to better than 1e-9."""
    return wgs84_from_gcj02(*gcj02_from_bd09(lon, lat))


WGS84_FROM: Final[dict[Datum, Callable[[FloatArray, FloatArray], LonLat]]] = {
    Datum.GCJ02: wgs84_from_gcj02,
    Datum.BD09: wgs84_from_bd09,
}
"""The way back from each."""


def _undone(
    forward: Callable[[FloatArray, FloatArray], LonLat], lon: FloatArray, lat: FloatArray
) -> LonLat:
    """Where ``forward`` leads here from, by fixed point; near the edge of the box, as it falls."""
    inside = _is_shifted(lon, lat)
    x, y = lon, lat
    for _ in range(_STEPS):
        there_x, there_y = forward(x, y)
        off_x, off_y = lon - there_x, lat - there_y
        x, y = np.where(inside, x + off_x, lon), np.where(inside, y + off_y, lat)
        if not (np.abs(off_x[inside]) > 1e-13).any() and not (np.abs(off_y[inside]) > 1e-13).any():
            break
    return x, y


def _is_shifted(lon: FloatArray, lat: FloatArray) -> NDArray[np.bool_]:
    return (lon > _WEST) & (lon < _EAST) & (lat > _SOUTH) & (lat < _NORTH)


def _shift(lon: FloatArray, lat: FloatArray) -> LonLat:
    """Degrees that GCJ-02 lies east and north of WGS 84; 0 outside of China's box."""
    inside = _is_shifted(lon, lat)
    x, y = np.where(inside, lon - 105.0, 0.0), np.where(inside, lat - 35.0, 0.0)
    latitude = np.radians(np.where(inside, lat, 35.0))
    flat = 1.0 - _E2 * np.sin(latitude) ** 2
    metre_e = 180.0 / (_SEMI_MAJOR_M / np.sqrt(flat) * np.cos(latitude) * np.pi)
    metre_n = 180.0 / (_SEMI_MAJOR_M * (1.0 - _E2) / (flat * np.sqrt(flat)) * np.pi)
    east, north = _east_m(x, y) * metre_e, _north_m(x, y) * metre_n
    return np.where(inside, east, 0.0), np.where(inside, north, 0.0)


def _east_m(x: FloatArray, y: FloatArray) -> FloatArray:
    plain = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    waves = 20.0 * _sine(6.0 * x) + 20.0 * _sine(2.0 * x) + 20.0 * _sine(x) + 40.0 * _sine(x / 3.0)
    long = 150.0 * _sine(x / 12.0) + 300.0 * _sine(x / 30.0)
    result: FloatArray = plain + (waves + long) * 2.0 / 3.0
    return result


def _north_m(x: FloatArray, y: FloatArray) -> FloatArray:
    plain = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    waves = 20.0 * _sine(6.0 * x) + 20.0 * _sine(2.0 * x) + 20.0 * _sine(y) + 40.0 * _sine(y / 3.0)
    long = 160.0 * _sine(y / 12.0) + 320.0 * _sine(y / 30.0)
    result: FloatArray = plain + (waves + long) * 2.0 / 3.0
    return result


def _sine(half_turns: FloatArray) -> FloatArray:
    result: FloatArray = np.sin(half_turns * np.pi)
    return result
