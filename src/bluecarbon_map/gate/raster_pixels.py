"""The pixels of a raster at the gate: read once to know them, once more to write a clean copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil, isnan
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.transform import Affine
from rasterio.warp import Resampling, reproject

from bluecarbon_map.errors import RasterError
from bluecarbon_map.tables import NO_DATA_NUMBERS

Values = NDArray[Any]

USUAL_GAPS: Final = (*map(float, NO_DATA_NUMBERS), -3.4028234663852886e38, -1.7976931348623157e308)
"""What software writes for "no data" and does not always declare."""

_MAY_BE_TRUE: Final = (-99.0, -999.0)
"""Those of them that are depths of the sea too: gaps only where no number lies near them."""

SURE_GAPS: Final = tuple(one for one in USUAL_GAPS if one not in _MAY_BE_TRUE)
MOST_CLASSES: Final = 40
"""Different whole numbers in a raster that may still be codes of classes."""

_STRIP_PIXELS: Final = 4_000_000
_MOST_STRIP_PIXELS: Final = 100_000_000
"""A row of blocks of a wider raster is read in parts, its blocks several times."""
_BLOCK: Final = 512
_MOST_TURNED: Final = 100_000_000
"""Pixels of a rotated raster, which is turned in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixels:
    """A north-up grid with its stored numbers.

    Attributes:
        read: First row and number of rows → bands × rows × columns.
        bands: Numbers of the bands that ``read`` gives, from 1; the first says what they hold.
        crs: WKT.
        transform: From column and row to coordinates; north up, columns run east.
        width: Columns.
        height: Rows.
        dtype: Type of the stored numbers.
        nodata: Stored number that stands for "no data".
        gaps: Further stored numbers taken for no data.
        scale: What stored numbers are multiplied by.
        offset: What is then added.
        unit: Unit of the values.
        colours: Palette, code → RGBA.
    """

    read: Callable[[int, int], Values]
    bands: tuple[int, ...]
    crs: str
    transform: Affine
    width: int
    height: int
    dtype: np.dtype[Any]
    nodata: float | None
    gaps: tuple[float, ...] = ()
    scale: float
    offset: float
    unit: str | None
    colours: dict[int, tuple[int, int, int, int]] | None

    @classmethod
    def of(cls, source: Any, crs: str, bands: tuple[int, ...]) -> Pixels:  # noqa: ANN401
        """Some bands of an open data set, rows and columns turned to run south and east."""
        place = source.transform
        from_south, from_east = place.e > 0.0, place.a < 0.0
        width, height = source.width, source.height
        corner_x = place.c + (width * place.a if from_east else 0.0)
        corner_y = place.f + (height * place.e if from_south else 0.0)
        first = bands[0] - 1
        dtype = np.dtype(source.dtypes[first])
        return cls(
            read=_reader(source, bands, from_south=from_south, from_east=from_east),
            bands=bands,
            crs=crs,
            transform=Affine(abs(place.a), 0.0, corner_x, 0.0, -abs(place.e), corner_y),
            width=width,
            height=height,
            dtype=dtype,
            nodata=_nodata(source.nodatavals[first], dtype),
            scale=source.scales[first],
            offset=source.offsets[first],
            unit=source.units[first] or None,
            colours=_palette(source, bands[0]),
        )

    def strips(self) -> Iterator[tuple[int, Values]]:
        """First row and stored numbers of each strip, from the north."""
        rows = max(_STRIP_PIXELS // self.width // _BLOCK, 1) * _BLOCK
        rows = max(1, min(rows, _MOST_STRIP_PIXELS // self.width))
        for first in range(0, self.height, rows):
            yield first, self.read(first, min(rows, self.height - first))

    def is_gap(self, values: Values) -> NDArray[np.bool_]:
        """Which stored numbers stand for no data."""
        gap = np.isin(values, np.array(self.gaps)) if self.gaps else np.zeros(values.shape, bool)
        if values.dtype.kind == "f":
            gap |= ~np.isfinite(values)
        if self.nodata is not None and not isnan(self.nodata):
            gap |= values == self.nodata
        return gap


def turned(source: Any, crs: str, bands: tuple[int, ...]) -> Pixels:  # noqa: ANN401
    """A rotated raster laid into a north-up grid, each pixel from the nearest.

    Raises:
        RasterError: If it is too large, or has no number for the corners that come up empty.
    """
    where = Path(source.name).name
    told_by = bands[0] - 1
    dtype = np.dtype(source.dtypes[told_by])
    nodata = _nodata(source.nodatavals[told_by], dtype)
    if nodata is None and dtype.kind == "f":
        nodata = float("nan")
    place, width, height = _north_up_grid(source)
    if nodata is None or width * height * len(bands) > _MOST_TURNED:
        raise RasterError(where, "its grid is rotated", "Warp it to a north-up grid, with a nodata")
    laid = np.full((len(bands), height, width), nodata, dtype=dtype)
    reproject(
        source.read(list(bands)), laid, src_transform=source.transform,
        dst_transform=place, src_crs=crs, dst_crs=crs, src_nodata=nodata,
        dst_nodata=nodata, resampling=Resampling.nearest,
    )  # fmt: skip
    return Pixels(
        read=lambda first, rows: laid[:, first : first + rows],
        bands=bands, crs=crs, transform=place, width=width, height=height, dtype=dtype,
        nodata=nodata, scale=source.scales[told_by], offset=source.offsets[told_by],
        unit=source.units[told_by] or None, colours=_palette(source, bands[0]),
    )  # fmt: skip


def corners(source: Any) -> tuple[list[float], list[float]]:  # noqa: ANN401
    """X and y of the four corners of a grid, rotated or not."""
    place, ends = source.transform, ((0, 0), (1, 0), (0, 1), (1, 1))
    at = [(column * source.width, row * source.height) for column, row in ends]
    x = [place.a * column + place.b * row + place.c for column, row in at]
    y = [place.d * column + place.e * row + place.f for column, row in at]
    return x, y


def _north_up_grid(source: Any) -> tuple[Affine, int, int]:  # noqa: ANN401
    """Place, columns and rows of the grid around a rotated one, its pixels as large."""
    place = source.transform
    side = abs(place.a * place.e - place.b * place.d) ** 0.5
    x, y = corners(source)
    width, height = ceil((max(x) - min(x)) / side), ceil((max(y) - min(y)) / side)
    return Affine(side, 0.0, min(x), 0.0, -side, max(y)), width, height


def _reader(
    source: Any,  # noqa: ANN401
    bands: tuple[int, ...],
    *,
    from_south: bool,
    from_east: bool,
) -> Callable[[int, int], Values]:
    step_y, step_x = -1 if from_south else 1, -1 if from_east else 1
    wanted = list(bands)

    def read(first: int, rows: int) -> Values:
        top = source.height - first - rows if from_south else first
        try:
            held = source.read(wanted, window=((top, top + rows), (0, source.width)))
        except RasterioError as problem:
            raise RasterError(
                Path(source.name).name,
                f"its pixels from row {top} on cannot be read: the file is damaged or cut off",
                "Fetch or export it again",
            ) from problem
        values: Values = held[:, ::step_y, ::step_x]
        return values

    return read


def _nodata(declared: float | None, dtype: np.dtype[Any]) -> float | None:
    """None where the type cannot hold it: no pixel can be equal to it."""
    if declared is None or dtype.kind == "f":
        return declared
    limits = np.iinfo(dtype)
    fits = float(declared).is_integer() and limits.min <= declared <= limits.max
    return declared if fits else None


def _palette(source: Any, band: int) -> dict[int, tuple[int, int, int, int]] | None:  # noqa: ANN401
    try:
        palette: dict[int, tuple[int, int, int, int]] = source.colormap(band)
    except ValueError:
        return None
    return palette


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What the first of the bands holds, in stored numbers.

    Attributes:
        pixels: How many there are.
        nan: How many are not a number.
        infinite: How many are infinite.
        nodata: How many are the declared nodata.
        usual_gaps: Of each of `USUAL_GAPS` that is not declared, how many; one that lies among the
            other numbers is a number like them.
        low: Smallest number that is no gap, usual ones included; NaN where there is none.
        high: Largest.
        codes: Of a raster of bytes each number that is no gap, with how many; None of another.
        few: Numbers of a raster of whole numbers that are no gaps, ascending; None of more than
            `MOST_CLASSES` of them, and of a raster of other numbers.
    """

    pixels: int
    nan: int
    infinite: int
    nodata: int
    usual_gaps: dict[float, int]
    low: float
    high: float
    codes: dict[int, int] | None
    few: tuple[int, ...] | None

    @property
    def gap_share(self) -> float:
        """Share of the pixels without a value, 0 to 1."""
        gaps = self.nan + self.infinite + self.nodata + sum(self.usual_gaps.values())
        return gaps / self.pixels

    def range_of(self, pixels: Pixels) -> tuple[float | None, float | None]:
        """Smallest and largest value, scale and offset applied."""
        if isnan(self.low):
            return None, None
        ends = sorted(end * pixels.scale + pixels.offset for end in (self.low, self.high))
        return ends[0], ends[1]


def survey(pixels: Pixels) -> Survey:
    """Read every pixel of every band; count what the first holds.

    Raises:
        RasterError: If pixels cannot be read.
    """
    total = nan = infinite = nodata = 0
    gaps = dict.fromkeys(USUAL_GAPS, 0)
    low, high = np.inf, -np.inf
    seen = np.zeros(256, dtype=np.int64)
    few: set[int] | None = set() if pixels.dtype.kind in "iu" else None
    for _, strip in pixels.strips():
        values = strip[0]
        total += values.size
        if values.dtype.kind == "f":
            nan += int(np.isnan(values).sum())
            infinite += int(np.isinf(values).sum())
        declared = equal(values, pixels.nodata)
        nodata += int(declared.sum())
        known = ~declared & np.isfinite(values)
        for gap in gaps:
            hit = known & equal(values, gap)
            gaps[gap] += int(hit.sum())
            known &= ~hit
        held = values[known]
        if held.size:
            low, high = min(low, float(held.min())), max(high, float(held.max()))
        few = _still_few(few, held)
        if values.dtype == np.uint8:
            seen += np.bincount(held, minlength=256)
    for gap in [one for one in _MAY_BE_TRUE if gaps[one] and low < one / 2]:
        del gaps[gap]
        low = min(low, gap)
    return Survey(
        pixels=total, nan=nan, infinite=infinite, nodata=nodata,
        usual_gaps={gap: count for gap, count in gaps.items() if count},
        low=low if low <= high else np.nan, high=high if low <= high else np.nan,
        codes=_counted(seen) if pixels.dtype == np.uint8 else None,
        few=None if few is None else tuple(sorted(few)),
    )  # fmt: skip


def _still_few(numbers: set[int] | None, held: Values) -> set[int] | None:
    """Numbers met so far with those of a strip; None for good once they are many."""
    if numbers is None:
        return None
    more = numbers | set(np.unique(held).tolist())
    return more if len(more) <= MOST_CLASSES else None


def _counted(seen: NDArray[np.int64]) -> dict[int, int]:
    return {code: count for code, count in enumerate(seen.tolist()) if count}


def equal(values: Values, number: float | None) -> NDArray[np.bool_]:
    """Pixels that hold a number as the type of the raster rounds it."""
    if number is None or isnan(number):
        return np.zeros(values.shape, dtype=bool)
    if values.dtype.kind == "f":
        with np.errstate(over="ignore"):
            equal: NDArray[np.bool_] = values == values.dtype.type(number)
        return equal
    return np.asarray(values.astype(np.float64) == number)


def write_copy(pixels: Pixels, out: Path, *, classes: bool, photo: bool) -> None:
    """Write a cloud-optimised GeoTIFF: same stored numbers, gaps as its nodata, north up."""
    plain = out.with_name(f"{out.name}.plain.tif")
    profile = {
        "driver": "GTiff", "count": len(pixels.bands), "dtype": pixels.dtype, "crs": pixels.crs,
        "transform": pixels.transform, "width": pixels.width, "height": pixels.height,
        "nodata": pixels.nodata, "tiled": True, "blockxsize": _BLOCK, "blockysize": _BLOCK,
        "compress": "deflate", "bigtiff": "IF_SAFER",
    }  # fmt: skip
    if photo:
        profile["photometric"] = "RGB"
    try:
        with rasterio.open(plain, "w", **profile) as file:
            _dress(file, pixels)
            for first, strip in pixels.strips():
                rows = (first, first + strip.shape[1])
                file.write(_filled(pixels, strip), window=(rows, (0, pixels.width)))
        rasterio.shutil.copy(
            plain, out, driver="COG", compress="DEFLATE", blocksize=str(_BLOCK),
            bigtiff="IF_SAFER", overview_resampling="MODE" if classes else "AVERAGE",
        )  # fmt: skip
    finally:
        plain.unlink(missing_ok=True)


def _filled(pixels: Pixels, strip: Values) -> Values:
    if pixels.nodata is None:
        return strip
    filled: Values = np.where(pixels.is_gap(strip), pixels.dtype.type(pixels.nodata), strip)
    return filled


def _dress(file: Any, pixels: Pixels) -> None:  # noqa: ANN401
    file.scales = (pixels.scale,) * len(pixels.bands)
    file.offsets = (pixels.offset,) * len(pixels.bands)
    if pixels.unit:
        file.units = (pixels.unit,) * len(pixels.bands)
    if pixels.colours and len(pixels.bands) == 1 and pixels.dtype == np.uint8:
        file.write_colormap(1, pixels.colours)
