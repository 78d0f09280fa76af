"""Outlines of zones as edges in pixels of a raster."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from bluecarbon_map.errors import (
    ColumnError,
    CRSMismatchError,
    CRSMissingError,
    DuplicateIdError,
    EmptyLayerError,
    GeometryError,
    RasterError,
)
from bluecarbon_map.geodesy import (
    EQUAL_AREA_CRS,
    SEMI_MAJOR_AXIS_M,
    GeometryArray,
    IndexArray,
    name_of,
    to_equal_area,
)
from bluecarbon_map.units import FloatArray
from bluecarbon_map.zonal.ground import pixel_sides_m
from bluecarbon_map.zonal.raster import Band, Strip

if TYPE_CHECKING:
    from bluecarbon_map.zonal.kernels import EdgeArrays

TOLERANCE_PIXELS: Final = 1e-4
"""An edge laid into the raster's system may bend away from its straight pieces by this much."""

_HAIR_PIXELS: Final = 1e-9
_MOST_PIECES: Final = 10_000
"""Reached only by edges so far from where a system is made for that they are on no raster in it."""

_PROBES: Final = np.array([0.25, 0.5, 0.75])
"""Places along an edge where its bend is looked at: one in the middle would miss a double bend."""


class Edges(NamedTuple):
    """Edges from (x0, y0) down to (x1, y1), y0 < y1, in columns and rows of a raster.

    ``sign`` is +1 where the zone lies to the right of the edge and -1 where it lies to the left.
    """

    x0: FloatArray
    y0: FloatArray
    x1: FloatArray
    y1: FloatArray
    sign: FloatArray
    zone: NDArray[np.int32]

    def arrays(self) -> EdgeArrays:
        """The same as a plain tuple, as compiled code takes it."""
        return self.x0, self.y0, self.x1, self.y1, self.sign, self.zone

    def of_strip(self, strip: Strip) -> Edges:
        """Those that pass through the rows of a strip, columns counted from its first."""
        near = (self.y0 < strip.first_row + strip.rows) & (self.y1 > strip.first_row)
        return Edges(
            x0=self.x0[near] - strip.first_column, y0=self.y0[near],
            x1=self.x1[near] - strip.first_column, y1=self.y1[near],
            sign=self.sign[near], zone=self.zone[near],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlines:
    """Zones laid over a raster.

    Attributes:
        edges: Their edges.
        window: Rows and columns of the raster that hold all there is of them on it.
        off_m2: Ground of each zone beyond the raster, shape (zones,).
    """

    edges: Edges
    window: Strip
    off_m2: FloatArray


def require_zones(zones: gpd.GeoDataFrame, zone_column: str, where: str = "zones") -> None:
    """Refuse zones that cannot be laid over a raster.

    Raises:
        EmptyLayerError: If there is none.
        ColumnError: If the column with their ids is missing.
        DuplicateIdError: If two of them have one id.
        GeometryError: If one is missing, empty, no (Multi)Polygon, or crosses itself.
        CRSMissingError: If they have no CRS.
        CRSMismatchError: If their CRS is not what their coordinates say, or on an old datum.
    """
    if zones.empty:
        raise EmptyLayerError(where)
    if zone_column not in zones:
        there = ", ".join(str(name) for name in zones.columns)
        raise ColumnError(where, f"there is no column {zone_column!r}; there are: {there}",
                          "Name the column that holds the zones' ids")  # fmt: skip
    doubled = zones.loc[zones[zone_column].duplicated(), zone_column].tolist()
    if doubled:
        raise DuplicateIdError(where, "one id stands on several rows", "Give each zone its own id",
                               rows=doubled, column=zone_column)  # fmt: skip
    if zones.crs is None:
        raise CRSMissingError(where)
    _require_polygons(zones.geometry.to_numpy(), zones[zone_column].tolist(), where)
    extent = gpd.GeoSeries([shapely.box(*zones.total_bounds)], crs=zones.crs)
    to_equal_area(extent, where)


def _require_polygons(geometry: GeometryArray, ids: list[object], where: str) -> None:
    area = np.isin(shapely.get_type_id(geometry), (3, 6)) & ~shapely.is_empty(geometry)
    for bad, reason in (
        (~area, "the geometry is missing, empty or no polygon"),
        (~shapely.is_valid(geometry), "the polygon is invalid: its outline crosses itself"),
    ):
        if bad.any():
            rows = [ids[at] for at in np.flatnonzero(bad)]
            raise GeometryError(where, reason, "Repair these zones, or leave them out", rows=rows,
                                column="geometry")  # fmt: skip


def lay(zones: gpd.GeoDataFrame, band: Band) -> Outlines:
    """Lay zones over a raster.

    Edges are straight in the zones' own system; where they bend in the raster's, they are laid in
    pieces that leave at most `TOLERANCE_PIXELS`.

    Args:
        zones: Zones that `require_zones` accepts.
        band: The raster.

    Raises:
        RasterError: If no zone meets the raster.
        CRSMismatchError: If the raster's system cannot express their coordinates.
    """
    # The shorter side of a pixel is the one that a bend must stay below.
    pixel_m = min(pixel_sides_m(band))
    move = _Move(zones.crs, band.crs, min(abs(band.step_x), abs(band.step_y)), pixel_m)
    laid = move.polygons(shapely.force_2d(zones.geometry.to_numpy()))
    edges = _edges(laid, band)
    return Outlines(edges=edges, window=_window(edges, band), off_m2=_off_m2(laid, band, pixel_m))


class _Move:
    """From one coordinate system to another, edges straight in the first."""

    def __init__(self, start: CRS, end: CRS, pixel: float, pixel_m: float) -> None:
        self._start, self._end, self._same = start, end, start == end
        self._bend = TOLERANCE_PIXELS * pixel
        # An edge of length s bends by s² / 8 times its curvature, which is far below 8 / radius
        # in any system made for a region: up to here there is nothing to look at.
        self._short = pixel * np.sqrt(TOLERANCE_PIXELS * SEMI_MAJOR_AXIS_M / pixel_m)

    @cached_property
    def _way(self) -> Transformer:
        return Transformer.from_crs(self._start, self._end, always_xy=True)

    def polygons(self, geometry: GeometryArray) -> GeometryArray:
        """The polygons in the other system."""
        if self._same or not len(geometry):
            return geometry
        kind, xy, (rings, *more) = shapely.to_ragged_array(geometry, include_z=False)
        pieces = self._pieces(xy, rings)
        before = np.concatenate([[0], np.cumsum(pieces)])
        start = np.repeat(np.arange(len(xy)), pieces)
        share = (np.arange(len(start)) - before[start]) / pieces[start]
        step = np.diff(xy, axis=0, append=xy[-1:])
        there = self._points(xy[start] + share[:, None] * step[start])
        moved: GeometryArray = shapely.from_ragged_array(kind, there, (before[rings], *more))
        return moved

    def _points(self, xy: FloatArray) -> FloatArray:
        there = np.column_stack(self._way.transform(xy[:, 0], xy[:, 1]))
        if not np.isfinite(there).all():
            found = f"coordinates that {name_of(self._end)} cannot express"
            raise CRSMismatchError("zones", found, "the ground that system is made for")
        return there

    def _pieces(self, xy: FloatArray, rings: IndexArray) -> IndexArray:
        """In how many pieces the edge after each vertex is to be laid; 1 after a ring's last."""
        there = self._points(xy)
        long = np.hypot(*np.diff(there, axis=0).T) > self._short
        long[rings[1:-1] - 1] = False
        at = np.flatnonzero(long)
        start, step = xy[at], xy[at + 1] - xy[at]
        straight, stride = there[at], there[at + 1] - there[at]
        bend = np.zeros(len(at))
        for part in _PROBES if len(at) else ():
            off = self._points(start + part * step) - (straight + part * stride)
            bend = np.maximum(bend, np.hypot(*off.T))
        pieces = np.ones(len(xy), np.intp)
        # In n pieces an edge bends n² times less.
        pieces[at] = np.clip(np.ceil(np.sqrt(bend / self._bend)), 1, _MOST_PIECES)
        return pieces


def _edges(geometry: GeometryArray, band: Band) -> Edges:
    parts, part_zone = shapely.get_parts(geometry, return_index=True)
    rings, ring_part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    column = (xy[:, 0] - band.west) / band.step_x
    row = (xy[:, 1] - band.north) / band.step_y
    slanted = (ring[:-1] == ring[1:]) & (row[:-1] != row[1:])
    start = np.flatnonzero(slanted)
    falls = row[start] < row[start + 1]
    top, bottom = np.where(falls, start, start + 1), np.where(falls, start + 1, start)
    # Shells run against the clock: on a north-up grid ground lies to the right of what falls.
    side = -np.sign(band.step_x * band.step_y)
    zone: IndexArray = part_zone[ring_part[ring[start]]]
    return Edges(
        x0=column[top], y0=row[top], x1=column[bottom], y1=row[bottom],
        sign=np.where(falls, side, -side), zone=zone.astype(np.int32),
    )  # fmt: skip


def _window(edges: Edges, band: Band) -> Strip:
    """The part of the raster that the zones' edges span."""
    left = max(int(np.floor(min(edges.x0.min(), edges.x1.min()))), 0)
    right = min(int(np.ceil(max(edges.x0.max(), edges.x1.max()))), band.width)
    top = max(int(np.floor(edges.y0.min())), 0)
    bottom = min(int(np.ceil(edges.y1.max())), band.height)
    if left >= right or top >= bottom:
        raise off_the_map(band)
    return Strip(top, left, bottom - top, right - left)


def off_the_map(band: Band) -> RasterError:
    """The refusal of a raster that no zone meets."""
    west, south, east, north = (f"{value:.10g}" for value in band.outline().bounds)
    reason = (
        f"no zone lies on it; it spans x {west} … {east}, y {south} … {north} "
        f"in {name_of(band.crs)}"
    )
    return RasterError(
        band.where, reason, "Check that zones and raster are of one region and state the right CRS"
    )


def _off_m2(geometry: GeometryArray, band: Band, pixel_m: float) -> FloatArray:
    """Ground of zones beyond the raster, in m², measured in the equal-area plane."""
    off_m2 = np.zeros(len(geometry))
    outline, hair = band.outline(), _HAIR_PIXELS * abs(band.step_y)
    west, south, east, north = shapely.bounds(geometry).T
    x_min, y_min, x_max, y_max = outline.bounds
    over = (west < x_min - hair) | (south < y_min - hair)
    over |= (east > x_max + hair) | (north > y_max + hair)
    beyond = shapely.difference(_valid(geometry[over]), outline)
    plane = _Move(band.crs, CRS.from_user_input(EQUAL_AREA_CRS), pixel_m, pixel_m)
    off_m2[over] = shapely.area(plane.polygons(beyond))
    return off_m2


def _valid(geometry: GeometryArray) -> GeometryArray:
    """Rounding of another system's coordinates may let a hair-thin neck cross itself."""
    bad = ~shapely.is_valid(geometry)
    mended = geometry.copy()
    mended[bad] = shapely.make_valid(geometry[bad], method="structure", keep_collapsed=False)
    return mended
