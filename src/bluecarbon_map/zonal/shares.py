"""Which pixels of a strip lie in which zone, and with what share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bluecarbon_map.units import FloatArray
from bluecarbon_map.zonal.outlines import Outlines
from bluecarbon_map.zonal.raster import Strip

if TYPE_CHECKING:
    from bluecarbon_map.zonal.kernels import RunArrays


class Runs(NamedTuple):
    """Runs of neighbouring pixels of one row that lie in one zone with one share.

    Runs of row i are those from ``offset[i]`` up to ``offset[i + 1]``, ordered by zone.

    Attributes:
        offset: Where each row begins, shape (rows + 1,).
        zone: Zone of each run.
        start: First column of each run.
        end: Column after its last.
        share: Share of each of its pixels that lies in the zone, above 0 and at most 1.
    """

    offset: NDArray[np.int64]
    zone: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    share: FloatArray

    def arrays(self) -> RunArrays:
        """The same as a plain tuple, as compiled code takes it."""
        return self.offset, self.zone, self.start, self.end, self.share


def of_strip(outlines: Outlines, strip: Strip) -> Runs:
    """Shares of the pixels of a strip; columns are counted from its first."""
    from bluecarbon_map.zonal import kernels  # numba is heavy: only who asks for results pays

    edges = outlines.edges.of_strip(strip)
    marks = kernels.marks(edges.arrays(), strip.first_row, strip.rows, strip.columns)
    row, zone, column, *_ = marks
    place = row.astype(np.int64) * (zone.max(initial=0) + 1) + zone
    order = np.argsort(place * (strip.columns + 1) + column)
    return Runs(*kernels.runs(marks, order, strip.rows, strip.columns))
