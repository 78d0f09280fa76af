"""Histories of classes: what becomes of a pixel depends on nothing else.

Millions of pixels share a few hundred of them, so each is modelled once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bluecarbon_map.accounting.timeline.parameters import UNKNOWN, ClassArray

_WIDE: Final = 1 << 16


def distinct_histories(
    snapshots: Sequence[NDArray[Any]], classes: int
) -> tuple[ClassArray, NDArray[np.int64]]:
    """Histories that occur, and which of them each pixel has.

    Args:
        snapshots: Positions of the classes of each pixel, one array a snapshot, in order; the
            number of classes itself stands for an unknown class. All of one shape.
        classes: How many classes there are.

    Returns:
        Histories, shape (snapshots, histories), -1 where the class is unknown; and the number of
        its history for each pixel, in the pixels' shape.

    Raises:
        ValueError: If there is no snapshot, or their shapes differ.
    """
    if not snapshots or any(one.shape != snapshots[0].shape for one in snapshots):
        raise ValueError("snapshots are one or more arrays of one shape")
    base = classes + 1
    rows = np.empty((0, 1), dtype=np.intp)
    where = np.zeros(snapshots[0].shape, dtype=np.int64)
    for layer in snapshots:
        present, where = _numbered(where * base + layer, rows.shape[1] * base)
        rows = np.vstack([rows[:, present // base], present[None] % base])
    rows[rows == classes] = UNKNOWN
    return rows, where


def _numbered(code: NDArray[np.int64], span: int) -> tuple[ClassArray, NDArray[np.int64]]:
    """Codes that occur, ascending, and the place of each pixel's code among them."""
    if span > _WIDE + 4 * code.size:
        present, where = np.unique(code, return_inverse=True)
        return present.astype(np.intp), where.reshape(code.shape)
    occurs = np.zeros(span, dtype=bool)
    occurs[code] = True
    place = np.cumsum(occurs) - 1
    return np.flatnonzero(occurs), place[code]
