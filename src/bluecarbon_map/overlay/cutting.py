"""Cut the patches that zone boundaries come near.

1. The patches are halved again and again by place, and each time the zones are clipped to the box
   of the patches left, so that nobody meets a zone of ten thousand vertices (`_groups`).
2. Each zone is clipped to the box of each patch it may meet (`_clip_to_boxes`).
3. Where the clipped zones tile a patch's box exactly, the patch is cut by all of them but the
   largest, which gets what is left. Where there is one zone only, what is left lies outside.
4. Elsewhere the patch is cut by all of them, and ground in no zone is measured for itself
   (`_outside`), so that the sum of the parts says something.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from bluecarbon_map.geodesy import GeometryArray, IndexArray
from bluecarbon_map.overlay.grid import OUTSIDE_ZONE
from bluecarbon_map.units import FloatArray

_FEW_PATCHES: Final = 32
_MARGIN_M: Final = 1.0
_TILING_SHARE: Final = 1e-10
"""Zones tile a box if they fill it to this share of the area of the patch in it."""

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """What patches × zones come to, one entry a patch and zone that share ground.

    Attributes:
        patch: Row of the patch, ascending.
        zone: Row of the zone, -1 for ground in no zone.
        area_m2: Ground they share; the entries of a patch add up to its area.
    """

    patch: IndexArray
    zone: IndexArray
    area_m2: FloatArray

    @staticmethod
    def joined(several: Sequence[Pieces]) -> Pieces:
        """All entries, sorted by patch and zone."""
        patch = np.concatenate([pieces.patch for pieces in several])
        zone = np.concatenate([pieces.zone for pieces in several])
        area_m2 = np.concatenate([pieces.area_m2 for pieces in several])
        order = np.lexsort((zone, patch))
        return Pieces(patch=patch[order], zone=zone[order], area_m2=area_m2[order])

    def real(self) -> Pieces:
        """Those that have an area."""
        real = self.area_m2 != 0.0
        return Pieces(patch=self.patch[real], zone=self.zone[real], area_m2=self.area_m2[real])


@dataclass(frozen=True, slots=True, kw_only=True)
class Patches:
    """Patches with what is asked of them again and again.

    Attributes:
        geometry: Polygons, shape (patches,).
        bounds_m: West, south, east, north, shape (patches, 4).
        area_m2: Shape (patches,).
    """

    geometry: GeometryArray
    bounds_m: FloatArray
    area_m2: FloatArray

    @staticmethod
    def of(geometry: GeometryArray) -> Patches:
        """Measure polygons."""
        return Patches(
            geometry=geometry, bounds_m=shapely.bounds(geometry), area_m2=shapely.area(geometry)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Patches that lie together and what is left of the zones around them."""

    patch: IndexArray
    zone: IndexArray
    ground: GeometryArray


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairs:
    """Patch and zone whose boxes meet, and the ground of that zone around there."""

    patch: IndexArray
    zone: IndexArray
    ground: GeometryArray

    @staticmethod
    def joined(several: Sequence[_Pairs]) -> _Pairs:
        """All of them."""
        nobody = np.empty(0, np.intp)
        return _Pairs(
            patch=np.concatenate([nobody, *(pairs.patch for pairs in several)]),
            zone=np.concatenate([nobody, *(pairs.zone for pairs in several)]),
            ground=np.concatenate([np.empty(0, object), *(pairs.ground for pairs in several)]),
        )

    def take(self, which: BoolArray) -> _Pairs:
        """Those marked."""
        return _Pairs(patch=self.patch[which], zone=self.zone[which], ground=self.ground[which])


def cut(patches: Patches, rest: IndexArray, zones: GeometryArray) -> list[Pieces]:
    """Cut the patches numbered ``rest`` along the zones.

    Returns:
        Their pieces. Where zones overlap, those of a patch come to more than its area.
    """
    pairs = _Pairs.joined([_met(patches, group) for group in _groups(patches, rest, zones)])
    pairs = _clip_to_boxes(patches, pairs, zones)
    tiled, largest = _tiled(patches, pairs)
    given = tiled[pairs.patch] & largest
    cut_off = _cut_off(patches, pairs.take(~given))
    last = _left(patches, pairs.patch[given], pairs.zone[given], cut_off)
    open_ = rest[~tiled[rest]]
    alone = np.bincount(pairs.patch, minlength=len(patches.area_m2))[open_] <= 1
    nowhere = np.full(int(alone.sum()), OUTSIDE_ZONE)
    beside = _left(patches, open_[alone], nowhere, cut_off)
    return [cut_off, last, beside, _outside(patches, open_[~alone], pairs)]


def _groups(patches: Patches, rest: IndexArray, zones: GeometryArray) -> Iterator[_Group]:
    waiting = [_Group(patch=rest, zone=np.arange(len(zones)), ground=zones)] if len(rest) else []
    while waiting:
        group = _clipped(waiting.pop(), patches.bounds_m)
        if len(group.patch) <= _FEW_PATCHES:
            yield group
        elif len(group.zone):
            waiting.extend(_halves(group, patches.bounds_m))


def _clipped(group: _Group, bounds_m: FloatArray) -> _Group:
    # Clipping leaves new edges along the box. The margin keeps them off the patches, and as it
    # shrinks with the group, off the box that is clipped next.
    margin_m = _MARGIN_M + 1e-3 * len(group.patch)
    west, south = (bounds_m[group.patch, :2].min(axis=0) - margin_m).tolist()
    east, north = (bounds_m[group.patch, 2:].max(axis=0) + margin_m).tolist()
    edge = shapely.bounds(group.ground).T
    near = (edge[0] < east) & (edge[2] > west) & (edge[1] < north) & (edge[3] > south)
    within = (edge[0] >= west) & (edge[2] <= east) & (edge[1] >= south) & (edge[3] <= north)
    ground = group.ground[near]
    for i in np.flatnonzero(~within[near]):
        ground[i] = shapely.clip_by_rect(ground[i], west, south, east, north)
    kept = ~shapely.is_empty(ground)
    return _Group(patch=group.patch, zone=group.zone[near][kept], ground=ground[kept])


def _halves(group: _Group, bounds_m: FloatArray) -> Iterator[_Group]:
    box = bounds_m[group.patch]
    middle = box[:, :2] + box[:, 2:]
    axis = int(np.ptp(middle, axis=0).argmax())
    order = np.argpartition(middle[:, axis], len(middle) // 2)
    for half in np.array_split(group.patch[order], 2):
        yield _Group(patch=half, zone=group.zone, ground=group.ground)


def _met(patches: Patches, group: _Group) -> _Pairs:
    """Pairs of a group whose boxes meet."""
    west, south, east, north = patches.bounds_m[group.patch].T[:, :, None]
    x0, y0, x1, y1 = shapely.bounds(group.ground).T
    row, column = np.nonzero((west < x1) & (east > x0) & (south < y1) & (north > y0))
    return _Pairs(patch=group.patch[row], zone=group.zone[column], ground=group.ground[column])


def _boxes_m(patches: Patches, patch: IndexArray) -> FloatArray:
    """A little wider than the patches, so that edges made by clipping lie off them."""
    boxes_m: FloatArray = patches.bounds_m[patch] + np.array([-1, -1, 1, 1]) * (0.5 * _MARGIN_M)
    return boxes_m


def _clip_to_boxes(patches: Patches, pairs: _Pairs, zones: GeometryArray) -> _Pairs:
    boxes_m = _boxes_m(patches, pairs.patch)
    ground = pairs.ground
    for i, box in enumerate(boxes_m.tolist()):
        ground[i] = shapely.clip_by_rect(ground[i], *box)
    met = ~shapely.is_empty(ground)
    pairs = pairs.take(met)
    _mend(pairs, zones, boxes_m[met])
    return pairs


def _mend(pairs: _Pairs, zones: GeometryArray, boxes_m: FloatArray) -> None:
    """Clipping is quick but may leave a ring that touches itself; cut such ground anew."""
    polygonal = np.isin(shapely.get_type_id(pairs.ground), (3, 6))
    broken = np.flatnonzero(~(polygonal & shapely.is_valid(pairs.ground)))
    if len(broken):
        boxes = shapely.box(*boxes_m[broken].T)
        pairs.ground[broken] = shapely.intersection(zones[pairs.zone[broken]], boxes)


def _tiled(patches: Patches, pairs: _Pairs) -> tuple[BoolArray, BoolArray]:
    """Patches whose box the zones fill exactly, and the largest pair of each patch."""
    count = len(patches.area_m2)
    ground_m2 = shapely.area(pairs.ground)
    filled_m2 = np.bincount(pairs.patch, ground_m2, minlength=count)
    west, south, east, north = _boxes_m(patches, np.arange(count)).T
    off_m2 = np.abs(filled_m2 - (east - west) * (north - south))
    order = np.lexsort((ground_m2, pairs.patch))
    largest = np.zeros(len(order), bool)
    largest[order[np.diff(pairs.patch[order], append=count) != 0]] = True
    return off_m2 <= _TILING_SHARE * patches.area_m2, largest


def _cut_off(patches: Patches, pairs: _Pairs) -> Pieces:
    """Ground that patches share with zones."""
    met = shapely.intersects(patches.geometry[pairs.patch], pairs.ground)
    patch, zone = pairs.patch[met], pairs.zone[met]
    shared = shapely.intersection(patches.geometry[patch], pairs.ground[met])
    return Pieces(patch=patch, zone=zone, area_m2=shapely.area(shared)).real()


def _left(patches: Patches, patch: IndexArray, zone: IndexArray, cut_off: Pieces) -> Pieces:
    """What was not cut off each patch falls to the zone named."""
    taken_m2 = np.bincount(cut_off.patch, cut_off.area_m2, minlength=len(patches.area_m2))
    left_m2 = (patches.area_m2 - taken_m2)[patch]
    # Cutting rounds: where nothing is left, a hair is, on either side of zero.
    left_m2[np.abs(left_m2) <= _TILING_SHARE * patches.area_m2[patch]] = 0.0
    return Pieces(patch=patch, zone=zone, area_m2=left_m2).real()


def _outside(patches: Patches, patch: IndexArray, pairs: _Pairs) -> Pieces:
    """Ground of patches in no zone, measured by cutting all zones away."""
    order = np.argsort(pairs.patch, kind="stable")
    start = np.searchsorted(pairs.patch[order], patch)
    end = np.searchsorted(pairs.patch[order], patch, side="right")
    ground = pairs.ground[order]
    cover = [shapely.union_all(ground[a:b]) for a, b in zip(start, end, strict=True)]
    left = shapely.difference(patches.geometry[patch], np.array(cover, dtype=object))
    zone = np.full(len(patch), OUTSIDE_ZONE)
    return Pieces(patch=patch, zone=zone, area_m2=shapely.area(left)).real()
