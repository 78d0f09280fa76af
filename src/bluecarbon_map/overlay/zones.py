"""Zones must not lie on top of each other, or their parts cannot add up to a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from bluecarbon_map.errors import ZoneOverlapError
from bluecarbon_map.geodesy import GeometryArray, IndexArray
from bluecarbon_map.overlay.checks import require_polygons
from bluecarbon_map.overlay.planar import Overlaps, overlapping_pairs, planarise
from bluecarbon_map.units import FloatArray, ha_from_m2

SLIVER_SHARE: Final = 1e-3
"""Overlaps up to this share of the smaller zone are drawing noise, not a claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedZones:
    """Zones of which no two share ground.

    Attributes:
        geometry: The zones, same order; the very same objects where nothing overlapped.
        slivers: Small overlaps that were given to the earlier zone.
    """

    geometry: GeometryArray
    slivers: Overlaps


def check_zones(
    zones: GeometryArray, labels: Sequence[str] | None = None, *, where: str = "zones"
) -> CheckedZones:
    """Give slivers between zones to the earlier one; refuse real overlaps.

    Args:
        zones: Polygons in one equal-area plane, shape (zones,).
        labels: Names for the message; 0, 1, … if None.
        where: Layer name, for the message.

    Returns:
        Zones without overlap, and what was changed, in m².

    Raises:
        GeometryError: If a zone is missing, empty, no polygon or crosses itself.
        ZoneOverlapError: If two zones share more than 0.1 % of the smaller one.
    """
    require_polygons(zones, where, rows=labels)
    if shapely.coverage_is_valid(zones):
        nobody = np.empty(0, np.intp)
        none = Overlaps(keeper=nobody, loser=nobody, area_m2=np.empty(0))
        return CheckedZones(geometry=zones, slivers=none)
    first, second, area_m2 = overlapping_pairs(zones)
    _refuse_large(zones, first, second, area_m2, labels, where)
    mended = planarise(zones, np.zeros(len(zones)))
    return CheckedZones(geometry=mended.geometry, slivers=mended.overlaps)


def _refuse_large(
    zones: GeometryArray,
    first: IndexArray,
    second: IndexArray,
    area_m2: FloatArray,
    labels: Sequence[str] | None,
    where: str,
) -> None:
    zone_m2 = shapely.area(zones)
    share = area_m2 / np.minimum(zone_m2[first], zone_m2[second])
    if not (share > SLIVER_SHARE).any():
        return
    worst = int(share.argmax())
    names = labels if labels is not None else [str(i) for i in range(len(zones))]
    one, other = names[first[worst]], names[second[worst]]
    raise ZoneOverlapError(
        where,
        f"{one!r} and {other!r} share {ha_from_m2(float(area_m2[worst])):.6g} ha, "
        f"{share[worst]:.3%} of the smaller one",
        "Use zones of one level only, or cut one of the two",
        rows=[one, other],
        column="geometry",
    )
