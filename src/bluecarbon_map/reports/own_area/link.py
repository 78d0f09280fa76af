"""An own area in a link: whole steps of a hundred-thousandth of a degree, packed."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from bluecarbon_map.errors import InputError
from bluecarbon_map.reports.own_area.shape import OwnArea, Told, own_area

STEPS_PER_DEGREE: Final = 100_000
MOST_LETTERS: Final = 1_800
"""Longest code: browsers, mail programs and proxies cut longer addresses."""

_VERSION: Final = 1
_MOST_BYTES: Final = 100_000

ROUNDED: Final = Told(
    "链接中的坐标取整到 0.00001 度（约 1 米）。",
    "Coordinates in the link are rounded to 0.00001 degrees (about a metre).",
)


def to_code(area: OwnArea) -> str:
    """Letters for an address; its name stays at home.

    Raises:
        InputError: If it has too many vertices for an address.
    """
    numbers = [_VERSION]
    at = np.zeros(2, dtype=np.int64)
    polygons = shapely.get_parts(area.shape)
    numbers.append(len(polygons))
    for polygon in polygons:
        rings = [polygon.exterior, *polygon.interiors]
        numbers.append(len(rings))
        for ring in rings:
            places = shapely.get_coordinates(ring)[:-1]
            steps = np.rint(places * STEPS_PER_DEGREE).astype(np.int64)
            numbers.append(len(steps))
            moves = np.diff(np.vstack([at, steps]), axis=0)
            numbers += [_zigzag(int(one)) for one in moves.ravel()]
            at = steps[-1]
    packed = zlib.compress(b"".join(map(_varint, numbers)), 9)
    code = base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")
    if len(code) > MOST_LETTERS:
        raise InputError(
            "own area",
            f"its outline takes {len(code):,} letters, more than an address holds",
            "Download it as GeoJSON and send the file",
        )
    return code


def from_code(code: str, name: str = "") -> OwnArea:
    """The area that `to_code` packed, and that it is rounded.

    Raises:
        GeometryError: If the outline cannot be used.
        InputError: If it is no such code.
    """
    try:
        if len(code) > MOST_LETTERS:
            raise ValueError("too long")
        shapes = list(_shapes(_unpacked(code)))
    except (ValueError, IndexError, StopIteration, RuntimeError, zlib.error) as problem:
        raise InputError(
            "own area", "the link holds no outline, or was cut", "Ask for the link again"
        ) from problem
    area = own_area(shapes, name)
    said = (*(one for one in area.said if len(shapes) == 1), ROUNDED)
    return OwnArea(name=area.name, shape=area.shape, said=said)


def _unpacked(code: str) -> Iterator[int]:
    packed = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
    opening = zlib.decompressobj()
    plain = opening.decompress(packed, _MOST_BYTES)
    if opening.unconsumed_tail or not opening.eof:
        raise ValueError("too long, or cut")
    return _numbers(plain)


def _shapes(numbers: Iterator[int]) -> Iterator[shapely.Geometry]:
    if next(numbers) != _VERSION:
        raise ValueError("another version")
    at = np.zeros(2, dtype=np.int64)
    for _ in range(next(numbers)):
        rings = []
        for _ in range(next(numbers)):
            count = next(numbers)
            moves = [_unzigzag(next(numbers)) for _ in range(2 * count)]
            steps = at + np.cumsum(np.array(moves, dtype=np.int64).reshape(-1, 2), axis=0)
            at = steps[-1]
            rings.append(shapely.linearrings(steps / STEPS_PER_DEGREE))
        yield shapely.Polygon(rings[0], rings[1:])


def _varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*made, number])


def _numbers(plain: bytes) -> Iterator[int]:
    number = shift = 0
    for byte in plain:
        number |= (byte & 0x7F) << shift
        shift += 7
        if shift > 63:
            raise ValueError("too large a number")
        if byte < 0x80:
            yield number
            number = shift = 0


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def _unzigzag(number: int) -> int:
    return number >> 1 if number % 2 == 0 else -(number + 1 >> 1)
