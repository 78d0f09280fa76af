"""Turns the geometries of GeoJSON into WKB; coordinates have to be numbers, two or more each."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

import numpy as np

from bluecarbon_map.gate.parsers.tidy import Notes

_CODES: Final = {
    "Point": 1, "LineString": 2, "Polygon": 3, "MultiPoint": 4, "MultiLineString": 5,
    "MultiPolygon": 6, "GeometryCollection": 7,
}  # fmt: skip
_PARTS: Final = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}
_RING: Final = 4
"""Positions of the smallest ring: a triangle, its first one again at the end."""

_DEEPEST: Final = 8


class CoordinatesError(ValueError):
    """A geometry that no shape can be made of; says why."""


class Shaper:
    """Makes shapes and notes what it changes: rings closed, third and fourth numbers left out."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._row = 0

    def wkb(self, geometry: object, row: int, depth: int = 0) -> bytes:
        """WKB of a geometry object, in two dimensions.

        Raises:
            CoordinatesError: If its type is unknown or its coordinates are no lists of numbers.
        """
        self._row = row
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if not isinstance(geometry, dict) or kind not in _CODES:
            raise CoordinatesError(f"the geometry is of no known type ({str(kind)[:40]!r})")
        if kind == "GeometryCollection":
            if depth > _DEEPEST:
                raise CoordinatesError("collections are nested without end")
            parts = [self.wkb(one, row, depth + 1) for one in _list(geometry.get("geometries"))]
            return _head(7, len(parts)) + b"".join(parts)
        return self._plain(kind, geometry.get("coordinates"))

    def _plain(self, kind: str, coordinates: Any) -> bytes:  # noqa: ANN401 (JSON)
        if part := _PARTS.get(kind):
            parts = [self._plain(part, one) for one in _list(coordinates)]
            return _head(_CODES[kind], len(parts)) + b"".join(parts)
        if kind == "Point":
            xy = self._positions([_list(coordinates)]) if coordinates != [] else _NO_POINT
            return b"\x01" + struct.pack("<I", 1) + xy.tobytes()
        if kind == "LineString":
            xy = self._positions(_list(coordinates))
            return _head(2, len(xy)) + xy.tobytes()
        rings = [self._ring(_list(ring)) for ring in _list(coordinates)]
        return _head(3, len(rings)) + b"".join(rings)

    def _ring(self, ring: Sequence[Any]) -> bytes:
        xy = self._positions(ring)
        if len(xy) and (xy[0] != xy[-1]).any():
            xy = np.vstack([xy, xy[:1]])
            self._notes.repair(
                "ring_closed", "a ring was not closed", "Its first point was added at its end",
                row=self._row,
            )  # fmt: skip
        if len(xy) < _RING:
            raise CoordinatesError(
                f"a ring of {max(0, len(xy) - 1)} points encloses no area; it takes three"
            )
        return struct.pack("<I", len(xy)) + xy.tobytes()

    def _positions(self, positions: Sequence[Any]) -> np.ndarray:
        """Longitudes and latitudes, shape (positions, 2)."""
        if not positions:
            return np.empty((0, 2))
        if set(map(type, positions)) != {list}:
            raise CoordinatesError("a position is no list of numbers")
        lengths = set(map(len, positions))
        if not set(map(type, chain.from_iterable(positions))) <= {int, float}:
            raise CoordinatesError("a coordinate is no number")
        if min(lengths) < 2:
            raise CoordinatesError("a position has fewer than two numbers")
        if lengths != {2}:
            self._say_dropped(lengths)
            positions = [position[:2] for position in positions]
        return np.array(positions, dtype="<f8")

    def _say_dropped(self, lengths: set[int]) -> None:
        if lengths == {3}:
            self._notes.info(
                "heights", "heights are left out", "Nothing is to be done", row=self._row
            )
            return
        self._notes.warning(
            "measures",
            "positions have more than two numbers, not always the same count; only the first two, "
            "longitude and latitude, are read",
            "Export the layer in two dimensions",
            row=self._row,
        )


_NO_POINT: Final = np.array([[np.nan, np.nan]], dtype="<f8")


def _head(code: int, count: int) -> bytes:
    return b"\x01" + struct.pack("<II", code, count)


def _list(value: Any) -> list[Any]:  # noqa: ANN401 (JSON)
    if not isinstance(value, list):
        raise CoordinatesError("coordinates are no list")
    return value
