"""Where a demonstration raster lies, and how it becomes a cloud-optimised GeoTIFF."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.transform import Affine

CRS: Final = "EPSG:6933"
"""Equal-area plane on a cylinder, in metres; true to scale at 30° N."""

NO_DATA: Final = 255
STEP: Final = 32
"""Pixels of the grid in a row of the coarsest overview, at most."""

LARGEST_VIEW: Final = 512
"""Rows and columns that need no coarser overview."""

Grid = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a grid lies: its north-west corner, pixel size in metres of the plane, and shape."""

    west_m: float
    north_m: float
    pixel_m: float
    rows: int
    columns: int

    @classmethod
    def around(cls, bounds: tuple[float, float, float, float], pixel_m: float) -> Frame:
        """The frame that holds bounds in metres, its corner on a whole pixel of the plane.

        Rows and columns are multiples of `STEP`, so that the pixels of every overview are whole
        and lie where they say.
        """
        west, south, east, north = bounds
        left, top = math.floor(west / pixel_m), math.ceil(north / pixel_m)
        width = math.ceil((east / pixel_m - left) / STEP) * STEP
        height = math.ceil((top - south / pixel_m) / STEP) * STEP
        return cls(left * pixel_m, top * pixel_m, pixel_m, height, width)

    @property
    def transform(self) -> Affine:
        """From column and row to metres."""
        return self.coarser(1)

    def coarser(self, times: int) -> Affine:
        """The same of pixels so many times as large."""
        side_m = self.pixel_m * times
        return Affine(side_m, 0.0, self.west_m, 0.0, -side_m, self.north_m)


# --- files --------------------------------------------------------------------------------------


def _write_plain(grid: Grid, frame: Frame, path: Path, dress: Callable[[Any], None]) -> None:
    """An ordinary GeoTIFF; a coarser grid keeps its corner and has larger pixels."""
    larger = frame.columns // grid.shape[1]
    profile = {
        "driver": "GTiff", "dtype": "uint8", "count": 1, "crs": CRS, "nodata": NO_DATA,
        "height": grid.shape[0], "width": grid.shape[1], "tiled": True, "compress": "lzw",
        "transform": frame.coarser(larger),
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        file.write(grid, 1)
        dress(file)


def _with_overviews(base: Path, coarser: list[Path]) -> Path:
    """A virtual raster that lends our own coarser grids to the base as its overviews."""
    plain = base.with_suffix(".vrt")
    rasterio.shutil.copy(base, plain, driver="VRT")
    views = "".join(
        f"<Overview><SourceFilename relativeToVRT='1'>{path.name}</SourceFilename>"
        "<SourceBand>1</SourceBand></Overview>"
        for path in coarser
    )
    text = plain.read_text(encoding="utf-8").replace("</VRTRasterBand>", f"{views}</VRTRasterBand>")
    plain.write_text(text, encoding="utf-8")
    return plain


def pyramid(grid: Grid, coarser: Callable[[Grid], Grid]) -> list[Grid]:
    """The grid's overviews, each half as wide and high as the one before."""
    views = []
    while max(grid.shape) > LARGEST_VIEW and 2 ** len(views) < STEP:
        grid = coarser(grid)
        views.append(grid)
    return views


def write_cog(
    grid: Grid, views: Sequence[Grid], frame: Frame, path: Path, dress: Callable[[Any], None]
) -> None:
    """Write a cloud-optimised GeoTIFF whose overviews we made ourselves.

    Args:
        grid: Pixels.
        views: Overviews, from `pyramid`.
        frame: Where the pixels lie.
        path: File to write.
        dress: Sets colours, scale and tags on an open file.
    """
    with tempfile.TemporaryDirectory() as folder:
        pages = [Path(folder) / f"{at}.tif" for at in range(len(views) + 1)]
        for page, view in zip(pages, [grid, *views], strict=True):
            _write_plain(view, frame, page, dress)
        rasterio.shutil.copy(
            _with_overviews(pages[0], pages[1:]), path, driver="COG", compress="DEFLATE",
            level="9", blocksize="512", overviews="FORCE_USE_EXISTING", sparse_ok="YES",
        )  # fmt: skip
    print(f"{path.name}: {frame.columns} × {frame.rows} pixels, {path.stat().st_size / 1e6:.2f} MB")
