"""Is a layer shifted to GCJ-02 or BD-09, whatever it says?

Its vertices near the coast of the workspace's own base map are moved back as each of the shifts
would have it, and compared with that coast. A shift is named only where it explains the layer
clearly better than no shift, than the other one, and than offsets a little off it in every
direction: along a straight coast the last fails, for there nothing can be told.

Source: docs/decisions/0014-datum-shift.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from bluecarbon_map.gate.parsed import Region
from bluecarbon_map.geodesy import SEMI_MAJOR_AXIS_M, GeometryArray, IndexArray
from bluecarbon_map.geodesy.datum import WGS84_FROM, Datum
from bluecarbon_map.units import FloatArray

_MOST_LOOKED_AT: Final = 20_000
_MOST_COMPARED: Final = 3_000
_FEWEST: Final = 60
"""Vertices near the coast; below, nothing is said."""

_NEAR_M: Final = 1_500.0
_HIT_M: Final = 150.0
"""What counts as on the coast: maps of 1:1,000,000 are no better."""

_LEAST_SHARE: Final = 0.4
_LEAST_GAIN: Final = 0.15
"""Share of the vertices on the coast that a shift must have, and have more than no shift."""

_ASIDE_M: Final = 300.0
_LEAST_PEAK: Final = 0.08
"""By how much the share must fall as far as `_ASIDE_M` off the shift, in every direction."""

_CELL_M: Final = 10_000.0
_FEWEST_IN_CELL: Final = 8
_FEWEST_CELLS: Final = 2
_LEAST_VOTE: Final = 0.5
"""Of the cells with enough vertices, how many must lie closer after the shift."""

_AROUND_DEG: Final = 0.05
_DEGREE_M: Final = np.pi / 180.0 * SEMI_MAJOR_AXIS_M


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftFinding:
    """A shift that explains where a layer lies.

    Attributes:
        datum: What its coordinates look like.
        least_m: Shortest way that a vertex would be moved by the conversion.
        mean_m: Mean way.
        most_m: Longest way.
        vertices: Vertices near the coast that were compared.
        off_m: Median distance of these from the coast as the layer is.
        left_m: The same once converted.
    """

    datum: Datum
    least_m: float
    mean_m: float
    most_m: float
    vertices: int
    off_m: float
    left_m: float


def shift_of(geometry: GeometryArray, region: Region | None) -> ShiftFinding | None:
    """The shift that a layer lies in, or None where none is plain.

    None is no proof that there is no shift: away from the coast, along a straight one, or with few
    vertices it cannot be told.

    Args:
        geometry: Geometries in degrees, missing ones left out.
        region: With the land to compare with; without it nothing is found.
    """
    best = fitting(geometry, region)
    if best is None or best.datum is None:
        return None
    lonlat = shapely.get_coordinates(geometry)
    way_m = moved_m(lonlat, best.datum)
    return ShiftFinding(
        datum=best.datum,
        least_m=float(way_m.min()),
        mean_m=float(way_m.mean()),
        most_m=float(way_m.max()),
        vertices=best.vertices,
        off_m=best.off_m,
        left_m=best.left_m,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What a layer's outline fits the coast as.

    Attributes:
        datum: The shift it fits; None for none: it lies in WGS 84 or CGCS2000.
        vertices: Vertices that were compared.
        off_m: Their median distance from the coast as they are.
        left_m: The same, moved back from the shift.
    """

    datum: Datum | None
    vertices: int
    off_m: float
    left_m: float


def fitting(geometry: GeometryArray, region: Region | None) -> Fit | None:
    """What a layer plainly fits the coast as; None where it cannot be told.

    Args:
        geometry: Geometries in degrees, missing ones left out.
        region: With the land to compare with.
    """
    lonlat = shapely.get_coordinates(geometry)
    if region is None or region.land is None or len(lonlat) < _FEWEST:
        return None
    lonlat = _some(lonlat, _MOST_LOOKED_AT)
    coast = _Coast.near(region.land, lonlat)
    if coast is None:
        return None
    off = {datum: coast.off_m(moved) for datum, moved in _as_each(lonlat).items()}
    near = np.flatnonzero(np.min(list(off.values()), axis=0) < _NEAR_M)
    if len(near) < _FEWEST:
        return None
    return _plainest(coast, lonlat, off, _some(near, _MOST_COMPARED))


def moved_m(lonlat: FloatArray, datum: Datum) -> FloatArray:
    """How far each vertex would be moved by the way back from a datum, in m."""
    moved = np.column_stack(WGS84_FROM[datum](lonlat[:, 0], lonlat[:, 1]))
    way = (moved - lonlat) * _metres_of_a_degree(lonlat[:, 1])
    result: FloatArray = np.hypot(way[:, 0], way[:, 1])
    return result


def _some(values: NDArray[Any], most: int) -> NDArray[Any]:
    """At most so many of the values, chosen at random but always the same ones."""
    if len(values) <= most:
        return values
    return values[np.random.default_rng(0).choice(len(values), most, replace=False)]


def _as_each(lonlat: FloatArray) -> dict[Datum | None, FloatArray]:
    """The vertices as they are, and moved back from each datum."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    each: dict[Datum | None, FloatArray] = {None: lonlat}
    for datum, back in WGS84_FROM.items():
        each[datum] = np.column_stack(back(lon, lat))
    return each


def _plainest(
    coast: _Coast, lonlat: FloatArray, off: dict[Datum | None, FloatArray], near: IndexArray
) -> Fit | None:
    share = {datum: float(np.mean(off_m[near] < _HIT_M)) for datum, off_m in off.items()}
    best = max(share, key=lambda datum: share[datum])
    second = max(share[datum] for datum in share if datum is not best)
    if share[best] < _LEAST_SHARE or share[best] - second < _LEAST_GAIN:
        return None
    moved = _as_each(lonlat[near])[best]
    if share[best] - coast.best_share_aside(moved) < _LEAST_PEAK:
        return None
    rival = off[None] if best is not None else off[Datum.GCJ02]
    if not _is_so_everywhere(lonlat[near], off[best][near], rival[near]):
        return None
    return Fit(
        datum=best,
        vertices=len(near),
        off_m=float(np.median(off[None][near])),
        left_m=float(np.median(off[best][near])),
    )


def _is_so_everywhere(lonlat: FloatArray, off_m: FloatArray, rival_m: FloatArray) -> bool:
    """Whether most cells of the ground say so, not one island that lies wrong on the base map."""
    cell = np.floor(lonlat * _metres_of_a_degree(lonlat[:, 1].mean()) / _CELL_M)
    _, at, count = np.unique(cell, axis=0, return_inverse=True, return_counts=True)
    closer = np.bincount(at, off_m) < np.bincount(at, rival_m)
    votes = closer[count >= _FEWEST_IN_CELL]
    return len(votes) >= _FEWEST_CELLS and bool(votes.mean() >= _LEAST_VOTE)


def _metres_of_a_degree(lat: FloatArray | float) -> FloatArray:
    """East and north, near enough for telling 100 m from 500."""
    cosine = np.cos(np.radians(lat))
    return _DEGREE_M * np.stack([cosine, np.ones_like(cosine)], axis=-1)


class _Coast:
    """Outline of the land around a layer, in metres, to measure distances from."""

    def __init__(self, edges_deg: FloatArray, scale: FloatArray) -> None:
        self._scale = scale
        self._tree = shapely.STRtree(shapely.linestrings(edges_deg * scale))

    @classmethod
    def near(cls, land: shapely.Geometry, lonlat: FloatArray) -> _Coast | None:
        """Of the land near these vertices; None where there is none."""
        rings = shapely.get_parts(shapely.boundary(land))
        corners, ring = shapely.get_coordinates(rings, return_index=True)
        edges = np.stack([corners[:-1], corners[1:]], axis=1)[ring[:-1] == ring[1:]]
        low, high = lonlat.min(axis=0) - _AROUND_DEG, lonlat.max(axis=0) + _AROUND_DEG
        beside = (edges.max(axis=1) < low) | (edges.min(axis=1) > high)
        edges = edges[~beside.any(axis=1)]
        scale = _metres_of_a_degree(float(lonlat[:, 1].mean()))
        return cls(edges, scale) if len(edges) else None

    def off_m(self, lonlat: FloatArray, most_m: float = _NEAR_M) -> FloatArray:
        """Distance of each vertex from the coast, in m; ``most_m`` where it is farther."""
        off = np.full(len(lonlat), most_m)
        found, off_m = self._tree.query_nearest(
            shapely.points(lonlat * self._scale),
            max_distance=most_m, return_distance=True, all_matches=False,
        )  # fmt: skip
        off[found[0]] = off_m
        return off

    def best_share_aside(self, lonlat: FloatArray) -> float:
        """The largest share of vertices on the coast once all are moved aside, eight ways."""
        angles = np.arange(8) * np.pi / 4.0
        steps = _ASIDE_M * np.column_stack([np.cos(angles), np.sin(angles)]) / self._scale
        asides = (self.off_m(lonlat + step, 2.0 * _HIT_M) for step in steps)
        return max(float(np.mean(off_m < _HIT_M)) for off_m in asides)
