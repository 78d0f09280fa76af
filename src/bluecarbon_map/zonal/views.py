"""A raster and its overviews as data sets, for whoever draws them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from rasterio.errors import RasterioError

from bluecarbon_map.ecosystems import NO_DATA_CODE
from bluecarbon_map.errors import RasterError
from bluecarbon_map.zonal.raster import (
    OPENING,
    dataset,
    require_self_contained,
    require_small_blocks,
)

_MOST_VIEWS: Final = 32


@contextmanager
def opened_at(path: Path, level: int) -> Iterator[Any]:
    """A raster, or one of its overviews, as an open data set; what else it says is not looked at.

    Args:
        path: A GeoTIFF that `opened` accepts.
        level: 0 for the raster, 1 for the first overview, and so on.

    Raises:
        RasterError: If it cannot be opened, the file points elsewhere, or a block is too large.
    """
    file = Path(path).resolve()
    with rasterio.Env(**OPENING):
        # Looked at every time, before GDAL looks for overviews: it would open what is named there.
        with dataset(file, file.name) as source:
            require_self_contained(source, file.name)
            if level == 0:
                yield source
                return
        with dataset(file, file.name, overview_level=level - 1) as view:
            require_small_blocks(view, 1, file.name)
            yield view


def shapes(path: Path) -> list[tuple[int, int]]:
    """Rows and columns of the raster and of each overview.

    Raises:
        RasterError: If one cannot be opened.
    """
    with opened_at(path, 0) as source:
        found = [(source.height, source.width)]
        count = min(len(source.overviews(1)), _MOST_VIEWS)
    for level in range(1, count + 1):
        with opened_at(path, level) as view:
            found.append((view.height, view.width))
    return found


def codes_in(path: Path) -> frozenset[int]:
    """The codes 0–255 that a raster holds.

    Its nodata value and NaN count as `NO_DATA_CODE`, another number as the nearest code.

    Raises:
        RasterError: If the pixels cannot be read.
    """
    seen = np.zeros(256, dtype=bool)
    try:
        with opened_at(path, 0) as source:
            for _, window in source.block_windows(1):
                held = source.read(1, window=window, masked=source.nodata is not None)
                held = np.nan_to_num(np.ma.filled(held, NO_DATA_CODE), nan=NO_DATA_CODE)
                seen[np.clip(held, 0, NO_DATA_CODE).astype(np.uint8)] = True
    except RasterioError as problem:
        raise RasterError(
            path.name, "its pixels cannot be read", "Fetch or export it again"
        ) from problem
    return frozenset(np.flatnonzero(seen).tolist())
