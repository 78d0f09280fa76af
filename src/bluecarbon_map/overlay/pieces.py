"""Area of every patch in every zone: whole patches by the grid, the rest by cutting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike

from bluecarbon_map.errors import AccountingError
from bluecarbon_map.geodesy import GeometryArray, IndexArray
from bluecarbon_map.overlay.checks import require_sum, tolerance_m2
from bluecarbon_map.overlay.cutting import Patches, Pieces, cut
from bluecarbon_map.overlay.grid import OUTSIDE_ZONE, draw_grid
from bluecarbon_map.overlay.zones import check_zones
from bluecarbon_map.units import FloatArray


def intersect(
    patches: GeometryArray, zones: GeometryArray, labels: Sequence[str] | None = None
) -> Pieces:
    """Area of every patch in every zone, and outside all zones.

    Args:
        patches: Valid polygons, shape (patches,), which may overlap each other.
        zones: Valid polygons in the same equal-area plane, shape (zones,). Slivers they share
            under a patch count for the earlier zone.
        labels: Names of the zones, for the message of an error.

    Returns:
        The pieces; for each patch they add up to its area (relative 1e-9).

    Raises:
        ZoneOverlapError: If zones are found to share more than a sliver of ground. Only
            `check_zones` looks everywhere; this looks along the grid and under the patches.
        AccountingError: If the pieces of a patch do not add up.
    """
    measured = Patches.of(patches)
    pieces = _intersect(measured, zones)
    if pieces is None:
        pieces = _intersect(measured, check_zones(zones, labels).geometry, checked=True)
    if pieces is None:
        raise AccountingError("zones still overlap after their overlaps were resolved")
    return pieces


def area_table(pieces: Pieces, label: ArrayLike, n_zones: int, n_labels: int) -> FloatArray:
    """Add pieces up by zone and label.

    Args:
        pieces: From `intersect`.
        label: A number from 0 below ``n_labels`` for each patch, shape (patches,).
        n_zones: How many zones there are.
        n_labels: How many labels there are.

    Returns:
        m², shape (n_zones + 1, n_labels); the last row is ground in no zone.
    """
    row = np.where(pieces.zone == OUTSIDE_ZONE, n_zones, pieces.zone)
    cell = row * n_labels + np.asarray(label, np.intp)[pieces.patch]
    total = np.bincount(cell, pieces.area_m2, minlength=(n_zones + 1) * n_labels)
    return total.astype(np.float64).reshape(n_zones + 1, n_labels)


def _intersect(patches: Patches, zones: GeometryArray, *, checked: bool = False) -> Pieces | None:
    """The pieces, or None if two zones were met on the same ground."""
    rows = np.arange(len(patches.area_m2))
    if shapely.is_empty(zones).all():
        return Pieces(patch=rows, zone=np.full(len(rows), OUTSIDE_ZONE), area_m2=patches.area_m2)
    grid = draw_grid(zones, patches.bounds_m)
    if grid.crowded and not checked:
        return None
    zone, clear = grid.zone_of_boxes(patches.bounds_m)
    whole = Pieces(patch=rows[clear], zone=zone[clear], area_m2=patches.area_m2[clear])
    rest = rows[~clear]
    pieces = Pieces.joined([whole, *cut(patches, rest, zones)])
    return pieces if _adds_up(patches, rest, pieces) else None


def _adds_up(patches: Patches, rest: IndexArray, pieces: Pieces) -> bool:
    """Whether every patch that was cut got its area; False if a zone took from another.

    Raises:
        AccountingError: If it got less.
    """
    parts_m2 = np.bincount(pieces.patch, pieces.area_m2, minlength=len(patches.area_m2))[rest]
    whole_m2 = patches.area_m2[rest]
    tolerance = tolerance_m2(patches.geometry[rest])
    if (parts_m2 > whole_m2 + tolerance).any() or (pieces.area_m2 < 0.0).any():
        return False
    for at in np.flatnonzero(parts_m2 < whole_m2 - tolerance)[:1]:
        what = f"pieces of patch {rest[at]}"
        require_sum(float(parts_m2[at]), float(whole_m2[at]), float(tolerance[at]), what)
    return True
