"""Many GeoTIFFs of one grid as one raster: the tiles in which imagery is delivered.

Nothing is resampled: the parts must have one coordinate system, one size of pixels and one grid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine

from bluecarbon_map.ecosystems import NO_DATA_CODE
from bluecarbon_map.errors import RasterError
from bluecarbon_map.gate.problems import Severity
from bluecarbon_map.gate.raster_file import MOST_PIXELS, Notes, Part
from bluecarbon_map.gate.raster_pixels import SURE_GAPS, Pixels, Values, equal

_ON_GRID: Final = 0.01
"""How far off the grid a part may lie, at its corner and at its far end, in pixels."""
_LEAST_COVERED: Final = 0.01
"""Share of the whole below which the parts lie on different coasts, not side by side."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A part with its place in the whole, in rows and columns of it."""

    name: str
    pixels: Pixels
    top: int
    left: int


def joined(parts: Sequence[Part], notes: Notes) -> Part:
    """The parts as one raster; where they overlap, the first that has a value counts.

    Args:
        parts: At least one, those that count first before the others.
        notes: Where to say what is wrong.

    Raises:
        RasterRefusedError: If they are not parts of one raster, or leave ground between them that
            no number stands for.
    """
    first = parts[0]
    if len(parts) == 1:
        return first
    for part in parts[1:]:
        if (what := _difference(first, part)) is not None:
            raise notes.refuse(
                "parts_differ",
                f"{part.name!r} and {first.name!r} are no parts of one raster: {what}",
                "Export all of them alike, or import them one by one",
            )
    x, y = _places(parts)
    placed = tuple(
        _Placed(part.name, part.pixels, top=row - min(y), left=column - min(x))
        for part, column, row in zip(parts, x, y, strict=True)
    )
    width = max(one.left + one.pixels.width for one in placed)
    height = max(one.top + one.pixels.height for one in placed)
    if width * height > MOST_PIXELS:
        message = f"Together they have {width * height:,} pixels, more than {MOST_PIXELS:,}"
        raise notes.refuse("too_many_pixels", message, "Import them in several regions")
    nodata = _nodata(first.pixels, placed, width * height, notes)
    corner = first.pixels.transform @ Affine.translation(min(x), min(y))
    whole = Pixels(
        read=_reader(placed, width, nodata),
        bands=first.pixels.bands, crs=first.pixels.crs, transform=corner, width=width,
        height=height, dtype=first.pixels.dtype, nodata=nodata, scale=first.pixels.scale,
        offset=first.pixels.offset, unit=first.pixels.unit, colours=first.pixels.colours,
    )  # fmt: skip
    told = f"{len(parts)} files were joined to one raster"
    notes.say(Severity.INFO, "joined", told, "Nothing to do")
    return Part(name=first.name, pixels=whole, crs=first.crs, count=first.count)


def _difference(one: Part, other: Part) -> str | None:
    """In what two parts differ that one raster has once; None where in nothing."""
    a, b = one.pixels, other.pixels
    if one.crs != other.crs:
        return "another coordinate system"
    if (a.dtype, len(a.bands)) != (b.dtype, len(b.bands)):
        return "another type of numbers"
    if (a.scale, a.offset, a.unit) != (b.scale, b.offset, b.unit):
        return "another unit or scale"
    if not _same(a.nodata, b.nodata):
        return "another nodata value"
    if a.colours != b.colours:
        return "another palette"
    sides = ((a.transform.a, b.transform.a, b.width), (a.transform.e, b.transform.e, b.height))
    if any(abs(theirs / mine - 1.0) * pixels > _ON_GRID for mine, theirs, pixels in sides):
        return "another size of pixels"
    column, row = _offset(a, b)
    if max(abs(column - round(column)), abs(row - round(row))) > _ON_GRID:
        return "it lies between the pixels"
    return None


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == other or (isnan(one) and isnan(other))


def _offset(one: Pixels, other: Pixels) -> tuple[float, float]:
    """Columns and rows from the corner of one raster to that of another."""
    place, corner = one.transform, other.transform
    return (corner.c - place.c) / place.a, (corner.f - place.f) / place.e


def _places(parts: Sequence[Part]) -> tuple[list[int], list[int]]:
    """Column and row of the corner of each part, from that of the first."""
    offsets = [_offset(parts[0].pixels, part.pixels) for part in parts]
    return [round(column) for column, _ in offsets], [round(row) for _, row in offsets]


def _nodata(first: Pixels, placed: Sequence[_Placed], pixels: int, notes: Notes) -> float | None:
    """What stands where no part lies; None where there is no such ground.

    Parts of other numbers are refused then, as no number of theirs is free to stand for nothing.
    """
    boxes = shapely.box(
        [one.left for one in placed],
        [one.top for one in placed],
        [one.left + one.pixels.width for one in placed],
        [one.top + one.pixels.height for one in placed],
    )
    covered = round(shapely.area(shapely.union_all(boxes)))
    if covered < _LEAST_COVERED * pixels:
        raise notes.refuse(
            "parts_differ",
            f"The files lie far apart: they cover {covered / pixels:.2%} of the ground from end to "
            "end",
            "Import those that lie far from each other one by one",
        )
    twice = round(float(shapely.area(boxes).sum())) - covered
    if twice:
        notes.warn(
            "parts_overlap",
            f"The files overlap by {twice:,} pixels",
            "Where several have a value, the one whose name comes first counts",
        )
    if first.nodata is not None or first.dtype.kind == "f" or covered == pixels:
        return first.nodata
    raise notes.refuse(
        "pixels_missing",
        "Between the files lies ground of none, and no nodata value is declared",
        "Export them again with a nodata value, or add the files that are missing",
    )


def _reader(
    placed: Sequence[_Placed], width: int, nodata: float | None
) -> Callable[[int, int], Values]:
    like = placed[0].pixels
    unknown = float("nan") if like.dtype.kind == "f" else 0
    bare = unknown if nodata is None else nodata

    def read(first: int, rows: int) -> Values:
        held: Values = np.full((len(like.bands), rows, width), bare, dtype=like.dtype)
        known = np.zeros((rows, width), dtype=bool)
        for one in placed:  # the first counts: what is known is not laid over
            top, end = max(first, one.top), min(first + rows, one.top + one.pixels.height)
            if top < end:
                values = _read(one, top - one.top, end - top)
                columns = slice(one.left, one.left + one.pixels.width)
                here = slice(top - first, end - first)
                _lay(held[:, here, columns], known[here, columns], values, one.pixels)
        return held

    return read


def _read(one: _Placed, first: int, rows: int) -> Values:
    try:
        return one.pixels.read(first, rows)
    except RasterError as problem:
        raise RasterError(one.name, f"{one.name!r}: {problem.reason}", problem.fix) from problem


def _lay(onto: Values, known: NDArray[np.bool_], values: Values, pixels: Pixels) -> None:
    """Lay the values of a part where nothing is known yet, a pixel with all its bands or not.

    A number that stands for no data as a rule, undeclared, is laid, for the user to hear of, but
    counts as known no more than ground that is bare.
    """
    is_gap = pixels.is_gap(values).all(axis=0)
    np.copyto(onto, values, where=(~known & ~is_gap)[None])
    known |= ~(is_gap | _may_be_gap(values, pixels).all(axis=0))


def _may_be_gap(values: Values, pixels: Pixels) -> NDArray[np.bool_]:
    usual = [*SURE_GAPS, *((NO_DATA_CODE,) if pixels.dtype == np.uint8 else ())]
    found = np.zeros(values.shape, dtype=bool)
    for number in usual:
        found |= equal(values, float(number))
    return found
