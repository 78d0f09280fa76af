"""Patches of a survey, block by block: a survey of a million is never in memory as a whole."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from bluecarbon_map.errors import StoreError
from bluecarbon_map.store.base import Bounds, Workspace, boxes_meeting
from bluecarbon_map.tables import Provenance
from bluecarbon_map.units import FloatArray

Made = TypeVar("Made")

AT_ONCE: Final = 20_000
"""So many patches of a survey, about, make a block; a survey of no more is one. Patches whose
bounds begin in one place are never parted."""
_TRIES: Final = 3
_AROUND_DEG: Final = 1e-3
"""Indexed bounds lie a few metres outside of their patch; this is a hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some patches of a survey, and all that touch them.

    Attributes:
        habitats: The patches, contract `tables.Habitats`, in the survey's order; the index is the
            place of a patch in that order, whatever the block.
        own: Which of them are the block's own, shape (patches,); each patch is own in one block.
    """

    habitats: gpd.GeoDataFrame
    own: NDArray[np.bool_]

    def counted(self, *, demonstration: bool) -> Block:
        """Itself, without demonstration patches where they do not count."""
        if demonstration:
            return self
        real = (self.habitats["provenance"] != Provenance.DEMONSTRATION).to_numpy()
        return Block(habitats=self.habitats[real], own=self.own[real])


def of_one_state(store: Workspace, survey_id: str, work: Callable[[], Made]) -> Made:
    """What some work on the blocks of a survey makes of one state of it.

    Blocks are read one after the other: an edit meanwhile may move a patch from one that is still
    to come into one that is done. The work is then done again.

    Args:
        store: Workspace that is read.
        survey_id: Survey.
        work: Reads the blocks.

    Raises:
        NotFoundError: If there is no such survey.
        StoreError: If the survey changed each time.
    """
    for _ in range(_TRIES):
        before = store.habitats_version(survey_id)
        made = work()
        if store.habitats_version(survey_id) == before:
            return made
    raise StoreError(
        survey_id,
        "the survey changes faster than it can be read",
        "Try again when nobody writes to it",
    )


def blocks(store: Workspace, survey_id: str, *, box: Bounds | None = None) -> Iterator[Block]:
    """All patches of a survey; one block, without a patch, where it has none.

    Whoever adds blocks up does so inside of `of_one_state`.

    Args:
        store: Workspace to read.
        survey_id: Survey.
        box: Patches whose bounds do not meet it are no block's own, and a survey of few is given
            whole; None for all.

    Raises:
        NotFoundError: If there is no such survey.
    """
    if store.habitat_count(survey_id) <= AT_ONCE:
        habitats = store.habitats(survey_id)
        yield Block(habitats=habitats, own=np.ones(len(habitats), dtype=np.bool_))
        return
    boxes = store.habitat_boxes(survey_id)
    if box is not None:
        boxes = boxes[boxes_meeting(boxes, box)]
    for cell in _cells(boxes[:, :2]):
        reach = _reach(boxes, cell)
        if reach is None:
            continue
        habitats = store.habitats_within(survey_id, reach)
        bounds = shapely.bounds(habitats.geometry.to_numpy())
        own = _within(bounds[:, :2], cell)
        if box is not None:
            own &= boxes_meeting(bounds, box)
        if own.any():
            yield Block(habitats=habitats, own=own)


def _cells(corners: FloatArray) -> Iterator[Bounds]:
    """The whole plane in boxes that hold so many corners; west and south edges belong to them."""
    everywhere = (-math.inf, -math.inf, math.inf, math.inf)
    waiting: list[tuple[Bounds, FloatArray]] = [(everywhere, corners)]
    while waiting:
        cell, inside = waiting.pop()
        halves = _halves(cell, inside) if len(inside) > AT_ONCE else None
        if halves is None:
            yield cell
        else:
            waiting.extend(halves)


def _halves(
    cell: Bounds, inside: FloatArray
) -> tuple[tuple[Bounds, FloatArray], tuple[Bounds, FloatArray]] | None:
    """A cell cut across its longer side, half of the corners on each; None if all are one place."""
    axis = int(np.ptp(inside, axis=0).argmax())
    along = inside[:, axis]
    at = float(np.median(along))
    if not (along < at).any():
        above = along[along > at]
        if not len(above):
            return None
        at = float(above.min())
    low, high = list(cell), list(cell)
    low[2 + axis] = high[axis] = at
    first = along < at
    return (_bounds(low), inside[first]), (_bounds(high), inside[~first])


def _bounds(edges: list[float]) -> Bounds:
    west, south, east, north = edges
    return west, south, east, north


def _reach(boxes: FloatArray, cell: Bounds) -> Bounds | None:
    """Bounds of all patches that may begin in a cell; None where none does."""
    west, south, east, north = cell
    padded = (west - _AROUND_DEG, south - _AROUND_DEG, east + _AROUND_DEG, north + _AROUND_DEG)
    met = boxes[_within(boxes[:, :2], padded)]
    if not len(met):
        return None
    return _bounds([*met[:, :2].min(axis=0).tolist(), *met[:, 2:].max(axis=0).tolist()])


def _within(corners: FloatArray, cell: Bounds) -> NDArray[np.bool_]:
    west, south, east, north = cell
    x, y = corners[:, 0], corners[:, 1]
    inside: NDArray[np.bool_] = (x >= west) & (x < east) & (y >= south) & (y < north)
    return inside
