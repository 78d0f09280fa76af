"""One band of a GeoTIFF: where it lies, what it holds, its pixels strip by strip."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from bluecarbon_map.errors import CRSMissingError, RasterError
from bluecarbon_map.geodesy import to_equal_area

Pixels = NDArray[Any]

OPENING: Final = {
    # Nothing beside the file is looked at: what lies there could be of another driver, and what
    # the file does not say of itself is not known.
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_GEOREF_SOURCES": "INTERNAL",
    # Nothing is fetched. Other drivers cannot be left out here: GDAL_SKIP counts only before the
    # first file of the process, and then for all of it. What a file names is refused instead.
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_HTTP_PROXY": "127.0.0.1:1",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_HTTP_TIMEOUT": "1",
    "VSI_CACHE": "NO",
    # A south-up raster written with a negative scale would be put below where it lies.
    "GTIFF_HONOUR_NEGATIVE_SCALEY": True,
}
"""How GDAL opens a raster, for whoever measures, asks or draws: all see the same file."""

MOST_BYTES: Final = 256_000_000
"""Pixels held at a time, and what one block of a file may come to."""

_MOST_BANDS: Final = 1_000
_ELSEWHERE: Final = {"OVERVIEWS", "GEOLOCATION"}
"""Domains of metadata in which a file can name another file, a service or an address."""

_PHOTO: Final = {ColorInterp.red, ColorInterp.green, ColorInterp.blue}


class Strip(NamedTuple):
    """A part of a raster: ``rows`` × ``columns`` pixels from ``first_row``, ``first_column``."""

    first_row: int
    first_column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What a file says of one of its bands.

    Attributes:
        where: Name of the file, for messages.
        crs: Its coordinate system.
        west: x of the outer edge of the first column, in units of the CRS.
        north: y of the outer edge of the first row.
        step_x: Width of a pixel; negative where columns run west.
        step_y: Height of a pixel; negative as a rule, positive in a south-up raster.
        width: Columns.
        height: Rows.
        dtype: Type of the stored numbers.
        nodata: Stored number that stands for "no data", if one is declared.
        scale: What stored numbers are multiplied by.
        offset: What is then added.
        unit: Unit of the values, as the file states it.
        photo: Whether the band is a colour of a picture.
    """

    where: str
    crs: CRS
    west: float
    north: float
    step_x: float
    step_y: float
    width: int
    height: int
    dtype: np.dtype[Any]
    nodata: float | None
    scale: float
    offset: float
    unit: str | None
    photo: bool

    @property
    def no_data_code(self) -> int | None:
        """The nodata value as a whole number; None where it is none: no code equals 9.5."""
        known = self.nodata is not None and float(self.nodata).is_integer()
        return int(self.nodata) if known and self.nodata is not None else None

    def outline(self) -> shapely.Polygon:
        """The ground it covers, in its own coordinate system."""
        east = self.west + self.width * self.step_x
        south = self.north + self.height * self.step_y
        return shapely.box(
            min(self.west, east), min(self.north, south), max(self.west, east),
            max(self.north, south),
        )  # fmt: skip


def describe(path: Path, band: int = 1) -> Band:
    """What a GeoTIFF says of one of its bands.

    Raises:
        RasterError: If it is no GeoTIFF, points elsewhere, has no such band, no position, a rotated
            grid, or blocks of more than `MOST_BYTES`.
        CRSMissingError: If it has no coordinate system.
        CRSMismatchError: If it lies on an old datum, or says degrees and holds metres.
    """
    with opened(path, band) as (described, _):
        return described


@contextmanager
def opened(path: Path, band: int) -> Iterator[tuple[Band, Any]]:
    """A band and its open data set; errors as `describe`."""
    where = Path(path).name
    file = Path(path).resolve()
    if not file.is_file():
        raise RasterError(where, "there is no such file", "Check the path")
    with rasterio.Env(**OPENING), quietly_opened(file, where) as source:
        require_self_contained(source, where)
        yield _described(source, band, where), source


def quietly_opened(file: Path, where: str) -> Any:  # noqa: ANN401
    """`dataset`, without GDAL's word on a raster that has no position."""
    with warnings.catch_warnings():
        # A raster without a position is refused in words of our own.
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        return dataset(file, where)


def dataset(file: Path, where: str, **how: int) -> Any:  # noqa: ANN401
    """A GeoTIFF as an open data set, within ``rasterio.Env(**OPENING)``."""
    try:
        return rasterio.open(file, driver="GTiff", **how)
    except RasterioError as problem:
        raise RasterError(
            where, "it is no GeoTIFF that can be opened", "Export it again as GeoTIFF"
        ) from problem


def require_self_contained(source: Any, where: str) -> None:  # noqa: ANN401
    """Refuse a file that names another: GDAL would open it, with any driver and over the network.

    Any entry is too much: GDAL takes the name of one in capitals or not, and cut off by a colon.
    """
    if _ELSEWHERE & {name.upper() for name in source.tag_namespaces()}:
        raise RasterError(
            where,
            "it points to another file or address for a part of itself",
            "Export it again as one plain GeoTIFF, its overviews inside",
        )


def require_small_blocks(source: Any, band: int, where: str) -> None:  # noqa: ANN401
    """Refuse a band of which no small part can be read."""
    rows, columns = source.block_shapes[band - 1]
    size = rows * columns * np.dtype(source.dtypes[band - 1]).itemsize
    if size > MOST_BYTES:
        raise RasterError(
            where,
            f"it is stored in blocks of {columns:,} × {rows:,} pixels, {size / 1e6:,.0f} MB each",
            "Export it again with tiles, e.g. TILED=YES",
        )


def _described(source: Any, band: int, where: str) -> Band:  # noqa: ANN401
    _require_band(source, band, where)
    require_small_blocks(source, band, where)
    transform, at = source.transform, band - 1
    described = Band(
        where=where,
        crs=_crs(source, where),
        west=transform.c,
        north=transform.f,
        step_x=transform.a,
        step_y=transform.e,
        width=source.width,
        height=source.height,
        dtype=np.dtype(source.dtypes[at]),
        nodata=source.nodatavals[at],
        scale=source.scales[at],
        offset=source.offsets[at],
        unit=source.units[at] or None,
        photo=source.colorinterp[at] in _PHOTO,
    )
    _require_sound_place(described)
    return described


def _require_band(source: Any, band: int, where: str) -> None:  # noqa: ANN401
    if source.count > _MOST_BANDS:
        reason = f"it has {source.count:,} bands, more than the {_MOST_BANDS:,} read here"
        raise RasterError(where, reason, "Export the band that is needed")
    if not 1 <= band <= source.count:
        reason = f"it has no band {band}; there are {source.count}"
        raise RasterError(where, reason, f"Name a band from 1 to {source.count}")
    transform = source.transform
    if transform.b != 0.0 or transform.d != 0.0:
        reason = "its grid is rotated"
        raise RasterError(where, reason, "Warp it to a north-up grid first, e.g. with gdalwarp")
    if MaskFlags.per_dataset in source.mask_flag_enums[band - 1]:
        reason = "it marks its gaps by a mask or an alpha band"
        raise RasterError(where, reason, "Export it with a nodata value instead")


def _crs(source: Any, where: str) -> CRS:  # noqa: ANN401
    if source.transform.is_identity:
        reason = "it does not say where it lies (no geotransform)"
        raise RasterError(where, reason, "Georeference it first, or export it as GeoTIFF again")
    if source.crs is None:
        raise CRSMissingError(where)
    try:
        return CRS.from_wkt(source.crs.to_wkt())
    except CRSError as problem:  # a local or engineering system
        raise CRSMissingError(where) from problem


def _require_sound_place(band: Band) -> None:
    """Its corners must be what its CRS says, on a datum of today, as for any layer."""
    corners = gpd.GeoSeries([band.outline()], crs=band.crs)
    to_equal_area(corners, band.where)


def read(
    source: Any,  # noqa: ANN401
    band: int,
    strips: Iterable[Strip],
    reader: Executor,
) -> Iterator[tuple[Strip, Pixels]]:
    """Strips with their pixels; while one is worked on, the next is read.

    Args:
        source: An open data set.
        band: Which band.
        strips: What to read.
        reader: Reads; it must end before the data set is closed.

    Raises:
        RasterError: If the pixels cannot be read.
    """
    ahead = None
    for strip in strips:
        coming = strip, reader.submit(_pixels, source, band, strip)
        if ahead is not None:
            yield ahead[0], ahead[1].result()
        ahead = coming
    if ahead is not None:
        yield ahead[0], ahead[1].result()


def _pixels(source: Any, band: int, strip: Strip) -> Pixels:  # noqa: ANN401
    rows = (strip.first_row, strip.first_row + strip.rows)
    columns = (strip.first_column, strip.first_column + strip.columns)
    try:
        pixels: Pixels = source.read(band, window=(rows, columns))
    except RasterioError as problem:
        raise RasterError(
            Path(source.name).name,
            f"its pixels from row {rows[0]} on cannot be read: the file is damaged or cut off",
            "Fetch or export it again",
        ) from problem
    return pixels
