"""What a pixel covers on the ellipsoid.

Both planes are laid side by side: a small square of the raster's plane, taken to the equal-area
plane, shows how many square metres one unit of the raster covers there. In a pixel of more than a
kilometre it is the mean of three such squares a side, at Gauss's places. On a grid in degrees a
whole row has one area, which the equal-area plane gives in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from pyproj import Transformer

from bluecarbon_map.errors import CRSMismatchError
from bluecarbon_map.geodesy import EQUAL_AREA_CRS, name_of
from bluecarbon_map.units import FloatArray
from bluecarbon_map.zonal.raster import Band, Strip

RELATIVE_BOUND: Final = 1e-6
"""A pixel's area on a projected grid may be off by this share of it."""

_AIM: Final = 2e-7
_KNOT_M: Final = 10_000.0
_SQUARE_M: Final = 100.0
"""Small enough for the bend of its sides (2e-10), large enough for rounding (1e-11)."""

_LONG_M: Final = 1_000.0
"""Along a longer side the ground under a unit bends by 1e-8 or more: its middle is not enough."""

_GAUSS: Final = (0.5 * np.sqrt(0.6) * np.array([-1.0, 0.0, 1.0]), np.array([5.0, 8.0, 5.0]) / 18.0)
"""Places from the middle, as shares of a side, and weights: exact up to the fifth power."""

_MIDDLE: Final = (np.zeros(1), np.ones(1))
_EVEN: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Areas of pixels, known at knots and linear between them.

    Attributes:
        first_row: Row of the first knots.
        first_column: Column of the first knots.
        row_step: Rows from knot to knot.
        column_step: Columns from knot to knot; 0 where a row has one area.
        knots_m2: Area of a pixel at each knot, shape (row knots, column knots).
    """

    first_row: int
    first_column: int
    row_step: int
    column_step: int
    knots_m2: FloatArray

    def of_rows(self, strip: Strip) -> FloatArray:
        """Pixel area at the column knots in every row of a strip, in m², shape (rows, knots)."""
        row = strip.first_row - self.first_row + np.arange(strip.rows)
        knot = np.minimum(row // self.row_step, max(len(self.knots_m2) - 2, 0))
        share = ((row - knot * self.row_step) / self.row_step)[:, None]
        upper = np.minimum(knot + 1, len(self.knots_m2) - 1)
        areas_m2: FloatArray = (1.0 - share) * self.knots_m2[knot] + share * self.knots_m2[upper]
        return areas_m2


def ground(band: Band, window: Strip) -> Ground:
    """Areas of the pixels of a window of a raster.

    Rows of a grid in degrees are exact; pixels of a projected grid are within `RELATIVE_BOUND`.

    Raises:
        CRSMismatchError: If its coordinate system does not reach that far.
    """
    plane = _Plane(band)
    if band.crs.is_geographic:
        return _by_row(plane, window)
    high_m, wide_m = pixel_sides_m(band)
    rows, columns = (max(round(_KNOT_M / side_m), 1) for side_m in (high_m, wide_m))
    laid = _knots(plane, window, rows, columns)
    while max(rows, columns) > 1 and not _close_enough(plane, laid):
        rows, columns = max(rows // 2, 1), max(columns // 2, 1)
        laid = _knots(plane, window, rows, columns)
    return _without_even_columns(laid)


def pixel_side_m(band: Band) -> float:
    """About how long the side of a pixel is, in m (on a grid in degrees: north-south)."""
    return pixel_sides_m(band)[0]


def pixel_sides_m(band: Band) -> tuple[float, float]:
    """Height and width of a pixel, in m of the raster's plane (in degrees: as at the equator)."""
    unit_m: float = band.crs.axis_info[0].unit_conversion_factor
    if band.crs.is_geographic:
        unit_m *= band.crs.ellipsoid.semi_major_metre if band.crs.ellipsoid else np.nan
    return abs(band.step_y) * unit_m, abs(band.step_x) * unit_m


class _Plane:
    """The equal-area plane under a raster."""

    def __init__(self, band: Band) -> None:
        self._band = band
        self._way = Transformer.from_crs(band.crs, EQUAL_AREA_CRS, always_xy=True)

    def of_pixels(self, row: ArrayLike, column: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Places in the plane, in m, of places in rows and columns."""
        band = self._band
        x = band.west + np.asarray(column) * band.step_x
        y = band.north + np.asarray(row) * band.step_y
        east_m, north_m = self._way.transform(x, y)
        if not (np.isfinite(east_m).all() and np.isfinite(north_m).all()):
            found = f"coordinates that {name_of(band.crs)} cannot express"
            raise CRSMismatchError(band.where, found, f"{name_of(band.crs)}, as it states,")
        return east_m, north_m

    def pixel_m2(self, row: ArrayLike, column: ArrayLike) -> FloatArray:
        """Area of the pixel around places, by small squares there.

        Args:
            row: Rows, shape (rows, 1).
            column: Columns, shape (1, columns).

        Returns:
            m², shape (rows, columns).
        """
        ups, asides = (_GAUSS if side > _LONG_M else _MIDDLE for side in pixel_sides_m(self._band))
        areas_m2 = np.zeros(np.broadcast_shapes(np.shape(row), np.shape(column)))
        for up, tall in zip(*ups, strict=True):
            for aside, wide in zip(*asides, strict=True):
                areas_m2 += tall * wide * self._at(np.add(row, up), np.add(column, aside))
        return areas_m2

    def _at(self, row: FloatArray, column: FloatArray) -> FloatArray:
        """Area of a pixel if all of it were as a small square at places is."""
        high, wide = (_SQUARE_M / side_m for side_m in pixel_sides_m(self._band))
        rows, columns = np.broadcast_arrays(row, column)
        aside = 0.5 * wide * np.array([-1.0, 1.0, 1.0, -1.0])[:, None, None]
        up = 0.5 * high * np.array([-1.0, -1.0, 1.0, 1.0])[:, None, None]
        east_m, north_m = self.of_pixels(rows + up, columns + aside)
        # Half the cross product of its diagonals.
        cross_m2 = (east_m[2] - east_m[0]) * (north_m[3] - north_m[1])
        cross_m2 -= (east_m[3] - east_m[1]) * (north_m[2] - north_m[0])
        areas_m2: FloatArray = 0.5 * np.abs(cross_m2) / (high * wide)
        return areas_m2


def _by_row(plane: _Plane, window: Strip) -> Ground:
    rows = window.first_row + np.arange(window.rows + 1)
    # One place more, at the other end of the first row: far apart, so that rounding does not show.
    columns = np.full(len(rows) + 1, window.first_column)
    columns[-1] += window.columns
    east_m, north_m = plane.of_pixels(np.append(rows, rows[0]), columns)
    areas_m2 = np.abs(np.diff(north_m[:-1])) * abs(east_m[-1] - east_m[0]) / window.columns
    return Ground(
        first_row=window.first_row, first_column=window.first_column, row_step=1, column_step=0,
        knots_m2=areas_m2[:, None],
    )  # fmt: skip


def _knots(plane: _Plane, window: Strip, row_step: int, column_step: int) -> Ground:
    rows = np.arange(0, window.rows + row_step, row_step) + window.first_row
    columns = np.arange(0, window.columns + column_step, column_step) + window.first_column
    areas_m2 = plane.pixel_m2(rows[:, None] + 0.5, columns[None, :] + 0.5)
    return Ground(
        first_row=window.first_row, first_column=window.first_column, row_step=row_step,
        column_step=column_step, knots_m2=areas_m2,
    )  # fmt: skip


def _close_enough(plane: _Plane, laid: Ground) -> bool:
    """Whether the middle between four knots is as linear as it should be."""
    knots = laid.knots_m2
    rows = laid.first_row + 0.5 + laid.row_step * (0.5 + np.arange(knots.shape[0] - 1))
    columns = laid.first_column + 0.5 + laid.column_step * (0.5 + np.arange(knots.shape[1] - 1))
    true_m2 = plane.pixel_m2(rows[:, None], columns[None, :])
    mean_m2 = 0.25 * (knots[1:, 1:] + knots[1:, :-1] + knots[:-1, 1:] + knots[:-1, :-1])
    return bool((np.abs(mean_m2 / true_m2 - 1.0) <= _AIM).all())


def _without_even_columns(laid: Ground) -> Ground:
    spread = np.ptp(laid.knots_m2, axis=1) / laid.knots_m2[:, 0]
    if (spread > _EVEN).any():
        return laid
    return Ground(
        first_row=laid.first_row, first_column=laid.first_column, row_step=laid.row_step,
        column_step=0, knots_m2=laid.knots_m2[:, :1],
    )  # fmt: skip
