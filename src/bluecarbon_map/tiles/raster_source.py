"""A raster laid into the pixels of a tile: one file, or a mosaic of many.

rio-tiler and rasterio are imported at the first raster, not with the package: a workspace without
rasters never waits for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bluecarbon_map.ecosystems import NO_DATA_CODE
from bluecarbon_map.errors import RasterError
from bluecarbon_map.tiles.mercator import TILE_PX, Tile

if TYPE_CHECKING:
    from rio_tiler.models import ImageData

    from bluecarbon_map.zonal import Band

WEB_MERCATOR: Final = "EPSG:3857"
_MOST_READ: Final = (8 * 2 * TILE_PX) ** 2
"""Pixels read for a tile at most: 8 × 8 of them for each of a class tile at twice its size."""

_MOST_FILES: Final = 36
"""Of a mosaic, files that may meet on a tile."""

_WORLD_M: Final = 40_075_016.685578488

Bounds = tuple[float, float, float, float]
Masked = np.ma.MaskedArray[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """One file of a raster.

    Attributes:
        path: GeoTIFF.
        band: Which of its bands.
        scale: What stored numbers are multiplied by. Of the raster itself: GDAL forgets it on an
            overview.
        offset: What is then added.
        bounds: West, south, east, north in Web Mercator.
        shapes: Rows and columns of the raster and of each overview.
    """

    path: Path
    band: int
    scale: float
    offset: float
    bounds: Bounds
    shapes: Sequence[tuple[int, int]]

    def level(self, side_m: float) -> int:
        """Of the raster (0) and its overviews, that with the smallest pixels not below a step.

        A step is half a pixel of a tile that many metres wide. Where none is that coarse, the
        coarsest.
        """
        most = self._width_m / (side_m / (2 * TILE_PX))
        fitting = (at for at, (_, columns) in enumerate(self.shapes) if columns <= most)
        return next(fitting, len(self.shapes) - 1)

    def pixels_in(self, side_m: float) -> float:
        """Most pixels that a tile that many metres wide can take in."""
        rows, columns = self.shapes[self.level(side_m)]
        height_m = self.bounds[3] - self.bounds[1]
        return rows * min(side_m / height_m, 1.0) * columns * min(side_m / self._width_m, 1.0)

    @property
    def _width_m(self) -> float:
        return self.bounds[2] - self.bounds[0]


class RasterSource:
    """Reads a raster tile by tile; safe to use from several threads, each opens the files anew.

    Of a mosaic the first file with a value lies on top, and only files that meet the tile are
    opened.

    Attributes:
        from_zoom: The first zoom at which a tile takes in no more than can be read at once.
    """

    def __init__(self, paths: Sequence[Path], band: int = 1) -> None:
        """Look at the files, and refuse one that cannot be drawn.

        Args:
            paths: GeoTIFFs, the topmost first.
            band: Which band of each.

        Raises:
            CRSMissingError: If one has no coordinate system.
            CRSMismatchError: If one lies on an old datum, or elsewhere than it says.
            RasterError: If there is none, or one is no GeoTIFF, a picture, without a position,
                rotated, or off the map, or has no such band.
        """
        if not paths:
            raise RasterError("mosaic", "it has no file", "Name one or more GeoTIFFs")
        self._files = [_looked_at(path, band) for path in paths]
        self.from_zoom = self._first_zoom()

    @property
    def path(self) -> Path:
        """The file of it, of a mosaic the topmost."""
        return self._files[0].path

    @property
    def files(self) -> int:
        """How many files it is made of."""
        return len(self._files)

    @property
    def pixels(self) -> int:
        """Pixels of all files together."""
        return sum(file.shapes[0][0] * file.shapes[0][1] for file in self._files)

    def meets(self, bounds: Bounds) -> bool:
        """Whether any file lies on that ground of Web Mercator."""
        return any(overlap(file.bounds, bounds) for file in self._files)

    def codes(self, bounds: Bounds, size: int) -> Masked:
        """Class codes of the nearest pixels, shape (size, size), what is not surveyed masked."""
        return self._laid(bounds, size, "nearest", scaled=False)

    def values(self, bounds: Bounds, size: int) -> Masked:
        """Values between pixels, scale and offset applied, what is not known masked."""
        return self._laid(bounds, size, "bilinear", scaled=True)

    def _laid(self, bounds: Bounds, size: int, method: str, *, scaled: bool) -> Masked:
        from rio_tiler.mosaic import mosaic_reader

        meeting = [file for file in self._files if overlap(file.bounds, bounds)]
        if not meeting:
            return np.ma.MaskedArray(np.zeros((size, size)), mask=True)
        if len(meeting) == 1:
            image = _image(meeting[0], bounds, size, method, scaled=scaled)
        else:
            image, _ = mosaic_reader(
                meeting, _image, bounds, size, method, threads=0, scaled=scaled
            )
        laid: Masked = image.array[0]
        return laid

    def _first_zoom(self) -> int:
        """Tiles of a mosaic are counted where the middles of its files lie."""
        edges = np.array([file.bounds for file in self._files])
        middles = (edges[:, :2] + edges[:, 2:]) / 2
        for zoom in range(64):
            side = _WORLD_M / 2**zoom
            at = np.floor((middles + _WORLD_M / 2) / side).astype(np.int64)
            _, tile, count = np.unique(at, axis=0, return_inverse=True, return_counts=True)
            load = np.bincount(tile.ravel(), [file.pixels_in(side) for file in self._files])
            if count.max() <= _MOST_FILES and load.max() <= _MOST_READ:
                return zoom
        return 63


def ground_of(tile: Tile) -> Bounds:
    """West, south, east, north of a tile in Web Mercator."""
    side = _WORLD_M / tile.scale
    west, north = tile.x * side - _WORLD_M / 2, _WORLD_M / 2 - tile.y * side
    return west, north - side, west + side, north


def _looked_at(path: Path, number: int) -> _File:
    from bluecarbon_map.zonal import describe
    from bluecarbon_map.zonal.views import shapes

    band = describe(path, number)
    if band.photo:
        raise RasterError(band.where, "it is a picture", "Give a raster with one value a pixel")
    file = path.resolve()
    return _File(
        path=file, band=number, scale=band.scale, offset=band.offset, bounds=_on_the_map(band),
        shapes=shapes(file),
    )  # fmt: skip


def _image(file: _File, bounds: Bounds, size: int, method: str, *, scaled: bool) -> ImageData:
    """One file in Web Mercator, what is not known masked."""
    from rasterio.errors import RasterioError
    from rio_tiler.models import ImageData
    from rio_tiler.reader import read

    from bluecarbon_map.zonal.views import opened_at

    try:
        with (
            opened_at(file.path, file.level(bounds[2] - bounds[0])) as source,
            _warped(source, bounds, size, method) as laid,
        ):
            stored = read(laid, indexes=file.band).array
    except RasterioError as problem:
        raise RasterError(
            file.path.name, "its pixels cannot be read", "Fetch or export it again"
        ) from problem
    if scaled:
        values = np.ma.masked_invalid(stored.astype(np.float64))
        return ImageData(values * file.scale + file.offset)
    # Below: no number, or not surveyed, also where the file declares no such value.
    return ImageData(np.ma.masked_where(~(stored.data < NO_DATA_CODE) | stored.mask, stored.data))


def _warped(source: Any, bounds: Bounds, size: int, method: str) -> Any:  # noqa: ANN401
    """A raster laid into the pixels of a tile; what it does not cover is not a number there."""
    from rasterio.enums import Resampling
    from rasterio.transform import Affine
    from rasterio.vrt import WarpedVRT

    west, _, _, north = bounds
    step_m = (bounds[2] - west) / size
    place = Affine(step_m, 0.0, west, 0.0, -step_m, north)
    return WarpedVRT(
        source, crs=WEB_MERCATOR, transform=place, width=size, height=size, dtype="float32",
        resampling=Resampling[method], src_nodata=source.nodata, nodata=np.nan,
    )  # fmt: skip


def _on_the_map(band: Band) -> Bounds:
    """West, south, east, north of a raster in Web Mercator."""
    from pyproj import Transformer

    way = Transformer.from_crs(band.crs, WEB_MERCATOR, always_xy=True)
    left, bottom, right, top = band.outline().bounds
    bounds = way.transform_bounds(left, bottom, right, top)
    half = _WORLD_M / 2
    if not np.isfinite(bounds).all() or not overlap(bounds, (-half, -half, half, half)):
        raise RasterError(
            band.where, "it lies off the map", "Check the coordinate system it states"
        )
    return bounds


def overlap(one: Bounds, other: Bounds) -> bool:
    """Whether two boxes share ground."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
