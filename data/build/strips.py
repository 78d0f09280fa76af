"""Strips along the real coast with exactly the stated area.

All shapes lie in the equal-area plane, in metres; areas are m².
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import shapely

from bluecarbon_map.errors import BluecarbonError
from bluecarbon_map.units import M_PER_KM
from data.build.plane import polygonal

FIRST_WIDTH_M: Final = 100.0
WIDEST_M: Final = 6_400.0
"""A strip reaches no farther out than this beyond its offset."""

WIDEN_BY: Final = 1.15
"""A search radius that holds too little coast grows by this factor."""

MOST_WIDENINGS: Final = 8
COAST_TOLERANCE_M: Final = 2.0
"""Detail of the coast that the outer edge of a strip does not follow."""

OFFSET_DETAIL: Final = 0.06
"""What strips that begin off the coast leave out besides, as a part of that distance."""

TOLERANCE: Final = 1e-9
"""Relative error of an area at which the search for a width ends."""

GRID_M: Final = 1e-6
"""Vertices are laid on this grid, so that no part touches itself once it is written and read."""

FRAGMENT_M2: Final = 4_000.0
"""Ground in smaller pieces than this (or a tenth of the patch) is left out of a strip."""

NOTHING: Final = shapely.MultiPolygon()


class StripError(BluecarbonError):
    """A strip of the stated area does not fit where it should lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a strip may lie.

    Attributes:
        name: Name of the site, for messages.
        centre: Its middle, in the plane.
        radius_m: How far from the middle it may reach.
        offset_m: How far from the coast it begins.
        within: Zone it must lie in.
    """

    name: str
    centre: shapely.Point
    radius_m: float
    offset_m: float
    within: shapely.Geometry


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a strip meets.

    Attributes:
        land: All land; a strip never covers it.
        coast: The land a strip lies along; small islets can be left out, or each would get a ring.
        taken: Ground other patches already have.
        first: Ground the strip covers before it follows the coast, where that is open.
    """

    land: shapely.Geometry
    coast: shapely.Geometry
    taken: shapely.Geometry
    first: shapely.Geometry = NOTHING

    def near(self, place: Place) -> Ground:
        """The same within reach of a place."""
        reach = place.centre.buffer(place.radius_m + place.offset_m + WIDEST_M).envelope
        return Ground(
            land=polygonal(self.land & reach),
            coast=polygonal(self.coast & reach),
            taken=self.taken & reach,
            first=self.first & reach,
        )


def root(function: Callable[[float], float], low: float, high: float, tolerance: float) -> float:
    """Where a growing function crosses zero (the Illinois way of false position).

    Args:
        function: Negative at ``low``, not negative at ``high``, never falling between.
        low: Lower end.
        high: Upper end.
        tolerance: Largest value of the function that counts as zero.
    """
    at_low, at_high, side = function(low), function(high), 0
    middle = high
    for _ in range(200):
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        value = function(middle)
        if abs(value) <= tolerance:
            break
        if value < 0:
            low, at_low, at_high, side = middle, value, at_high / (2 if side == -1 else 1), -1
        else:
            high, at_high, at_low, side = middle, value, at_low / (2 if side == 1 else 1), 1
    return middle


def _open(place: Place, ground: Ground, least_m2: float) -> shapely.Geometry:
    """Sea a strip may lie on: in its circle and zone, not land, not taken, no crumbs."""
    circle = place.centre.buffer(place.radius_m, quad_segs=32)
    sea = polygonal((circle & place.within) - ground.land - ground.taken)
    return shapely.MultiPolygon([part for part in sea.geoms if part.area >= least_m2])


def _fitted(place: Place, area_m2: float, ground: Ground) -> shapely.MultiPolygon | None:
    """The strip, or None where its place has too little room."""
    coast = ground.coast.simplify(COAST_TOLERANCE_M + place.offset_m * OFFSET_DETAIL)

    def within(distance_m: float) -> shapely.Geometry:
        reach = place.centre.buffer(place.radius_m + distance_m).envelope
        return polygonal(coast & reach).buffer(distance_m, quad_segs=4)

    sea = _open(place, ground, min(FRAGMENT_M2, area_m2 / 10))
    start = polygonal(sea & ground.first)
    rest = sea - ground.first
    if place.offset_m:
        rest = rest - within(place.offset_m)
    if start.area >= area_m2 or start.area + rest.area < area_m2:
        return None

    def strip(width_m: float) -> shapely.Geometry:
        return rest & within(place.offset_m + width_m)

    def excess_m2(width_m: float) -> float:
        return float(strip(width_m).area + start.area - area_m2)

    # Widths grow from small ones: a wide buffer of a ragged coast costs many times a narrow one.
    wide_m = FIRST_WIDTH_M
    while excess_m2(wide_m) < 0:
        wide_m *= 2
        if wide_m > WIDEST_M:
            return None
    width_m = root(excess_m2, 0.0, wide_m, TOLERANCE * area_m2)
    snapped = shapely.set_precision(start | strip(width_m), GRID_M)
    return polygonal(shapely.set_precision(snapped, 0.0))


def draw_strip(place: Place, area_m2: float, ground: Ground) -> tuple[shapely.MultiPolygon, float]:
    """Draw a band seaward of the coast with a given area.

    Args:
        place: Where it may lie.
        area_m2: The area it must have.
        ground: What is there already.

    Returns:
        The band, and the radius in km that was needed.

    Raises:
        StripError: If the area does not fit even in a widened circle.
    """
    for step in range(MOST_WIDENINGS + 1):
        wider = replace(place, radius_m=place.radius_m * WIDEN_BY**step)
        band = _fitted(wider, area_m2, ground.near(wider))
        if band is not None:
            return band, wider.radius_m / M_PER_KM
    raise StripError(f"{place.name}: no room for {area_m2:.0f} m²; widen its radius_km")
