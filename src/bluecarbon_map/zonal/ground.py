"""What a pixel covers on the ellipsoid.

Both planes are laid side by side: a small square of the raster's plane, taken to the equal-area
plane, shows how many square metres one unit of the raster covers there. On a grid in degrees a
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
    step = max(round(_KNOT_M / pixel_side_m(band)), 1)
    laid = _knots(plane, window, step)
    while step > 1 and not _close_enough(plane, laid):
        step = max(step // 2, 1)
        laid = _knots(plane, window, step)
    return _without_even_columns(laid)


def pixel_side_m(band: Band) -> float:
    """About how long the side of a pixel is, in m (on a grid in degrees: north-south)."""
    unit_m: float = band.crs.axis_info[0].unit_conversion_factor
    if band.crs.is_geographic:
        unit_m *= band.crs.ellipsoid.semi_major_metre if band.crs.ellipsoid else np.nan
    return abs(band.step_y) * unit_m


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
        """Area of the pixel around places, by a small square there.

        Args:
            row: Rows, shape (rows, 1).
            column: Columns, shape (1, columns).

        Returns:
            m², shape (rows, columns).
        """
        side = _SQUARE_M / pixel_side_m(self._band)
        rows, columns = np.broadcast_arrays(row, column)
        aside = 0.5 * side * np.array([-1.0, 1.0, 1.0, -1.0])[:, None, None]
        up = 0.5 * side * np.array([-1.0, -1.0, 1.0, 1.0])[:, None, None]
        east_m, north_m = self.of_pixels(rows + up, columns + aside)
        # Half the cross product of its diagonals.
        cross_m2 = (east_m[2] - east_m[0]) * (north_m[3] - north_m[1])
        cross_m2 -= (east_m[3] - east_m[1]) * (north_m[2] - north_m[0])
        areas_m2: FloatArray = 0.5 * np.abs(cross_m2) / side**2
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


def _knots(plane: _Plane, window: Strip, step: int) -> Ground:
    rows = np.arange(0, window.rows + step, step) + window.first_row
    columns = np.arange(0, window.columns + step, step) + window.first_column
    return Ground(
        first_row=window.first_row, first_column=window.first_column, row_step=step,
        column_step=step, knots_m2=plane.pixel_m2(rows[:, None] + 0.5, columns[None, :] + 0.5),
    )  # fmt: skip


def _close_enough(plane: _Plane, laid: Ground) -> bool:
    """Whether the middle between four knots is as linear as it should be."""
    knots, half = laid.knots_m2, 0.5 * laid.row_step + 0.5
    rows = laid.first_row + half + laid.row_step * np.arange(knots.shape[0] - 1)
    columns = laid.first_column + half + laid.column_step * np.arange(knots.shape[1] - 1)
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
