"""Rasters of classes: opened with named drivers only, of one grid, read as positions of classes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import MaskFlags
from rasterio.errors import RasterioError
from rasterio.windows import Window

from bluecarbon_map.accounting.timeline import Classes
from bluecarbon_map.errors import CRSMismatchError, CRSMissingError, InputError
from bluecarbon_map.reading.timeline import Snapshot

_DRIVERS: Final = {".tif": "GTiff", ".tiff": "GTiff", ".img": "HFA", ".asc": "AAIGrid"}
"""The one driver that a name stands for: none that could point to another file or host."""

_OFF: Final = 1e-6
"""Grids may differ by that share of a pixel."""


@dataclass(frozen=True, slots=True)
class Classified:
    """An open raster of classes.

    Attributes:
        snapshot: Where it comes from.
        source: The open raster.
        classes: Classes of the biophysical table.
    """

    snapshot: Snapshot
    source: Any
    classes: Classes

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.source.width)

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.source.height)

    @property
    def crs(self) -> Any:  # noqa: ANN401
        """Coordinate system."""
        return self.source.crs

    @property
    def transform(self) -> Any:  # noqa: ANN401
        """Affine transform."""
        return self.source.transform

    def positions(self, window: Window) -> NDArray[np.int32]:
        """Positions of the classes of a window; the number of classes where there is no data.

        Raises:
            InputError: If the raster cannot be read, or holds a class without parameters.
        """
        try:
            values = self.source.read(1, window=window)
            blank = self._blank(values, window)
        except RasterioError as problem:
            raise _unreadable(self.snapshot, problem) from problem
        order = np.argsort(self.classes.code)
        codes = self.classes.code[order]
        found = _table(codes, order, values)
        if blank is not None:
            found[blank] = order.size
        if (found < 0).any():
            self._refuse(values, found < 0, window)
        return found

    def _blank(self, values: np.ndarray, window: Window) -> np.ndarray | None:
        flags = self.source.mask_flag_enums[0]
        if MaskFlags.all_valid in flags:
            return None
        nodata = self.source.nodata
        if MaskFlags.nodata in flags and nodata is not None:
            unknown: np.ndarray = np.isnan(values) if np.isnan(nodata) else values == nodata
            return unknown
        hidden: np.ndarray = self.source.read_masks(1, window=window) == 0
        return hidden

    def _refuse(self, values: np.ndarray, wrong: np.ndarray, window: Window) -> None:
        row, column = (int(one[0]) for one in np.nonzero(wrong))
        kinds = sorted(set(values[wrong].tolist()))
        shown = ", ".join(f"{one:g}" for one in kinds[:8]) + (" …" if len(kinds) > 8 else "")
        raise InputError(
            self.snapshot.path.name,
            f"class {shown} has no parameters (first at row {row + window.row_off + 1}, column "
            f"{column + window.col_off + 1} of the raster of {self.snapshot.year})",
            "Give the class its row in the biophysical table, or set the raster's nodata value",
            rows=[self.snapshot.line],
            column="raster_path",
        )


def _table(codes: np.ndarray, order: np.ndarray, values: np.ndarray) -> NDArray[np.int32]:
    """Positions of values among sorted codes, -1 where there is none."""
    if values.dtype.kind in "iu" and values.dtype.itemsize <= 2:
        limits = np.iinfo(values.dtype)
        lookup = np.full(int(limits.max) - int(limits.min) + 1, -1, dtype=np.int32)
        inside = (codes >= limits.min) & (codes <= limits.max)
        lookup[codes[inside] - limits.min] = order[inside]
        # the offset of signed types wraps round on purpose: lookup is turned by the same amount
        turned = np.roll(lookup, int(limits.min))
        found: NDArray[np.int32] = turned[values.view(f"u{values.dtype.itemsize}")]
        return found
    at = np.searchsorted(codes, values).clip(max=codes.size - 1)
    return np.where(codes[at] == values, order[at], -1).astype(np.int32)


@contextmanager
def classified(snapshot: Snapshot, classes: Classes) -> Iterator[Classified]:
    """Open the raster of a snapshot.

    Raises:
        InputError: If there is no such file, or it is no raster of one band.
        CRSMissingError: If it does not say where it lies.
    """
    if not snapshot.path.is_file():
        raise InputError(
            str(snapshot.path), "there is no such file", "Paths are relative to the table",
            rows=[snapshot.line], column="raster_path",
        )  # fmt: skip
    if (driver := _DRIVERS.get(snapshot.path.suffix.lower())) is None:
        raise _unreadable(snapshot, f"{snapshot.path.suffix or 'no suffix'} is not read here")
    try:
        source = rasterio.open(snapshot.path, driver=driver)
    except RasterioError as problem:
        raise _unreadable(snapshot, problem) from problem
    with source:
        if source.count != 1 or source.dtypes[0].startswith("complex"):
            raise InputError(
                snapshot.path.name, f"it has {source.count} bands", "Save its classes as one band",
                rows=[snapshot.line], column="raster_path",
            )  # fmt: skip
        if source.crs is None:
            raise CRSMissingError(snapshot.path.name, rows=[snapshot.line], column="raster_path")
        yield Classified(snapshot, source, classes)


def require_one_grid(grids: Sequence[Classified]) -> None:
    """Refuse rasters that do not lie pixel on pixel.

    Raises:
        CRSMismatchError: If their coordinate systems differ.
        InputError: If their sizes or corners do.
    """
    first = grids[0]
    for other in grids[1:]:
        name = other.snapshot.path.name
        if other.crs != first.crs:
            raise CRSMismatchError(
                name,
                str(other.crs),
                str(first.crs),
                rows=[other.snapshot.line],
                column="raster_path",
            )
        if (other.width, other.height) != (first.width, first.height) or not _on(first, other):
            raise InputError(
                name,
                f"its grid ({_shown(other)}) is not that of {first.snapshot.path.name} "
                f"({_shown(first)})",
                "Warp it to that grid with nearest neighbour, e.g. rio warp --like",
                rows=[other.snapshot.line],
                column="raster_path",
            )


def _on(first: Classified, other: Classified) -> bool:
    pixel = max(abs(first.transform.a), abs(first.transform.e))
    size = pixel / max(first.width, first.height)
    steps = (pixel, size, size)
    one, two = first.transform, other.transform
    pairs = ((one.c, two.c), (one.f, two.f)), ((one.a, two.a), (one.e, two.e)), (
        (one.b, two.b), (one.d, two.d))  # fmt: skip
    return all(
        abs(a - b) <= _OFF * step
        for step, group in zip(steps, pairs, strict=True)
        for a, b in group
    )


def _shown(grid: Classified) -> str:
    at = grid.transform
    return f"{grid.width} × {grid.height} of {at.a:g} from {at.c:g}, {at.f:g}"


def _unreadable(snapshot: Snapshot, problem: object) -> InputError:
    return InputError(
        snapshot.path.name,
        f"it cannot be read ({problem})",
        f"Save it as a GeoTIFF; {', '.join(_DRIVERS)} are read",
        rows=[snapshot.line],
        column="raster_path",
    )
