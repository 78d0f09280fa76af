"""Tiles of a raster: classes in their colours, measurements on a ramp; what is unknown is clear.

rio-tiler and rasterio are imported at the first raster, not with the package: a workspace without
rasters never waits for them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bluecarbon_map.ecosystems import (
    CLASS_CODES,
    ECOSYSTEMS,
    NO_DATA_CODE,
    OTHER_CODE,
    SPECIES,
    colour,
)
from bluecarbon_map.errors import InputError, RasterError
from bluecarbon_map.tables import RasterKind
from bluecarbon_map.tiles.canvas import png, rgb
from bluecarbon_map.tiles.habitats import empty_tile
from bluecarbon_map.tiles.mercator import TILE_PX, Tile

if TYPE_CHECKING:
    from bluecarbon_map.zonal import Band

RAMP: Final = ("#F7F0D2", "#DDE5A2", "#B0D182", "#7AB76A", "#459858", "#187547", "#064F30")
"""From little to much: ever darker, so that it reads in grey and with any kind of sight."""

WEB_MERCATOR: Final = "EPSG:3857"
_MOST_READ: Final = (8 * 2 * TILE_PX) ** 2
"""Pixels read for a tile at most: 8 × 8 of them for each of a class tile at twice its size."""

_MOST_LOOKED_AT: Final = 400_000_000
"""Pixels gone through, within a second or so, for the classes a raster has."""

_WORLD_M: Final = 40_075_016.685578488
_ENDS: Final = ("low", "high")
_CLEAR: Final = 255
"""Number of the clear entry of every palette."""

Bounds = tuple[float, float, float, float]
Codes = NDArray[np.uint8]
Passport = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LegendClass:
    """One class of a legend.

    Attributes:
        code: Its number in the raster.
        name: Its name in the language asked for.
        colour: ``#RRGGBB``.
    """

    code: int
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class LegendStop:
    """One step of a ramp: ``value`` in the raster's unit, and its colour."""

    value: float
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """What the colours of a raster mean.

    Attributes:
        classes: Of a class raster; empty for another.
        stops: Of a continuous one, from low to high; empty for classes.
        quantity: What is measured; None for classes, or where the passport does not say.
        unit: Unit of the stops; None where they have none.
    """

    classes: tuple[LegendClass, ...] = ()
    stops: tuple[LegendStop, ...] = ()
    quantity: str | None = None
    unit: str | None = None


def legend(
    passport: Passport, language: str = "zh", codes: Collection[int] | None = None
) -> Legend:
    """The legend of a raster.

    Args:
        passport: A row of `tables.Rasters`.
        language: ``zh`` or ``en``.
        codes: Of a class raster, the codes to name; None for all there are.

    Raises:
        InputError: If a continuous raster's passport names no range for its colours.
    """
    if passport["kind"] == RasterKind.CLASSES:
        named = (one for one in CLASS_CODES if codes is None or one in codes)
        return Legend(
            classes=tuple(
                LegendClass(one, class_name(one, language), colour(*CLASS_CODES[one]))
                for one in sorted(named, key=_rank)
            )
        )
    low, high = _range(passport)
    return Legend(
        stops=tuple(
            LegendStop(float(value), tint)
            for value, tint in zip(np.linspace(low, high, len(RAMP)).round(6), RAMP, strict=True)
        ),
        quantity=_text(passport[f"quantity_{language}"]),
        unit=_text(passport["unit"]),
    )


def class_name(class_code: int, language: str = "zh") -> str:
    """Name of a class: its species' where the class is one, else its ecosystem's.

    Raises:
        KeyError: If the code names none.
    """
    ecosystem, species = CLASS_CODES[class_code]
    kind = SPECIES[species] if species else ECOSYSTEMS[ecosystem]
    return kind.name_en if language == "en" else kind.name_zh


def halved(codes: Codes) -> Codes:
    """Half as many rows and columns; of four pixels the one first in the order of priority stays.

    The nearest or the commonest pixel would lose a strip of mangrove within two steps. This way it
    stays, wider than it is: such a grid is for looking at, never for measuring.

    Args:
        codes: Class codes, an even number of rows and columns; an unknown code counts as no data.
    """
    to_rank, to_code = _ranks()
    ranked = to_rank[codes]
    rows = np.minimum(ranked[::2], ranked[1::2])
    kept: Codes = to_code[np.minimum(rows[:, ::2], rows[:, 1::2])]
    return kept


class RasterLayer:
    """Draws one raster; safe to use from several threads, each tile opens the file anew.

    A class raster is read at twice the size of the tile, from the raster or an overview with pixels
    no smaller than that, and `halved`: no class is lost between two pixels, unless the file has no
    overview that coarse. A continuous one is smoothed between pixels.

    A tile for which more than `_MOST_READ` pixels would be read is left empty: without overviews a
    large raster is seen from near only.

    Attributes:
        from_zoom: The first zoom it is drawn at.
    """

    def __init__(self, path: Path, passport: Passport) -> None:
        """Look at the file, and refuse one that cannot be drawn.

        Args:
            path: GeoTIFF.
            passport: Its row of `tables.Rasters`.

        Raises:
            CRSMissingError: If it has no coordinate system.
            CRSMismatchError: If it lies on an old datum, or elsewhere than it says.
            RasterError: If it is no GeoTIFF, a picture, without a position, rotated, or off the
                map.
            InputError: If it is continuous and its passport names no range for its colours.
        """
        from bluecarbon_map.zonal import describe
        from bluecarbon_map.zonal.views import shapes

        self._path = path.resolve()
        band = describe(path)
        if band.photo:
            raise RasterError(band.where, "it is a picture", "Give a raster with one value a pixel")
        self._classes = passport["kind"] == RasterKind.CLASSES
        self._palette = _class_palette() if self._classes else _ramp_palette()
        self._range = (0.0, 1.0) if self._classes else _range(passport)
        # Of the raster itself: GDAL forgets them on an overview.
        self._scale, self._offset = band.scale, band.offset
        self._bounds = _on_the_map(band)
        self._shapes = shapes(self._path)
        self.from_zoom = self._first_zoom()

    def draw(self, tile: Tile) -> bytes:
        """One tile as a PNG file; clear where the raster has no data or ends, and on other ground.

        Empty below `from_zoom`.

        Raises:
            RasterError: If the pixels cannot be read.
        """
        side = _WORLD_M / tile.scale
        west, north = tile.x * side - _WORLD_M / 2, _WORLD_M / 2 - tile.y * side
        bounds = (west, north - side, west + side, north)
        if tile.z < self.from_zoom or not _overlap(bounds, self._bounds):
            return empty_tile()
        drawn = self._codes(bounds) if self._classes else self._steps(bounds)
        if (drawn == _CLEAR).all():
            return empty_tile()
        return _as_png(drawn, self._palette)

    def _codes(self, bounds: Bounds) -> Codes:
        size = 2 * TILE_PX
        read = self._read(bounds, size, "nearest", self._level(bounds[2] - bounds[0]))
        held = np.ma.filled(read.astype(np.float64), NO_DATA_CODE)
        known = (held >= 0) & (held < NO_DATA_CODE)
        codes = halved(np.where(known, held, NO_DATA_CODE).astype(np.uint8))
        codes[codes == OTHER_CODE] = _CLEAR
        return codes

    def _steps(self, bounds: Bounds) -> Codes:
        """Values as steps of the ramp, 0 to 254."""
        read = self._read(bounds, TILE_PX, "bilinear", self._level(bounds[2] - bounds[0]))
        low, high = self._range
        values = read.astype(np.float64) * self._scale + self._offset
        steps = np.rint(np.clip((values - low) / (high - low), 0.0, 1.0) * (_CLEAR - 1))
        return np.ma.filled(np.ma.masked_invalid(steps), _CLEAR).astype(np.uint8)

    @cached_property
    def codes(self) -> frozenset[int] | None:
        """Of a class raster, the codes 0–255 it holds; None of another, or where it is too large.

        Raises:
            RasterError: If the pixels cannot be read.
        """
        rows, columns = self._shapes[0]
        if not self._classes or rows * columns > _MOST_LOOKED_AT:
            return None
        from bluecarbon_map.zonal.views import codes_in

        return codes_in(self._path)

    @property
    def _width_m(self) -> float:
        return self._bounds[2] - self._bounds[0]

    def _level(self, side_m: float) -> int:
        """Of the raster (0) and its overviews, that with the smallest pixels not below a step.

        A step is half a pixel of a tile that many metres wide. Where none is that coarse, the
        coarsest.
        """
        step_m = side_m / (2 * TILE_PX)
        most = self._width_m / step_m
        fitting = (at for at, (_, columns) in enumerate(self._shapes) if columns <= most)
        return next(fitting, len(self._shapes) - 1)

    def _first_zoom(self) -> int:
        return next(zoom for zoom in range(64) if self._pixels_in(_WORLD_M / 2**zoom) <= _MOST_READ)

    def _pixels_in(self, side_m: float) -> float:
        """Most pixels that a tile that many metres wide can take in."""
        rows, columns = self._shapes[self._level(side_m)]
        height_m = self._bounds[3] - self._bounds[1]
        return rows * min(side_m / height_m, 1.0) * columns * min(side_m / self._width_m, 1.0)

    def _read(
        self,
        bounds: Bounds,
        size: int,
        method: str,
        level: int,
    ) -> np.ma.MaskedArray[Any, Any]:
        """Stored numbers in Web Mercator, what is not known masked."""
        from rasterio.errors import RasterioError
        from rio_tiler.reader import read

        from bluecarbon_map.zonal.views import opened_at

        try:
            with (
                opened_at(self._path, level) as source,
                _warped(source, bounds, size, method) as laid,
            ):
                image = read(laid, indexes=1)
        except RasterioError as problem:
            raise RasterError(
                self._path.name, "its pixels cannot be read", "Fetch or export it again"
            ) from problem
        values: np.ma.MaskedArray[Any, Any] = image.array[0]
        return values


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
    if not np.isfinite(bounds).all() or not _overlap(bounds, (-half, -half, half, half)):
        raise RasterError(
            band.where, "it lies off the map", "Check the coordinate system it states"
        )
    return bounds


def _overlap(one: Bounds, other: Bounds) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _range(passport: Passport) -> tuple[float, float]:
    low, high = (np.nan if passport[end] is None else float(passport[end]) for end in _ENDS)
    if not low < high:
        raise InputError(
            "rasters", "the range of the colours is missing or empty",
            "Give low and high, in the unit of the raster, low below high",
            rows=[passport["raster_id"]], column="low",
        )  # fmt: skip
    return low, high


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _rank(class_code: int) -> float:
    """Place in the order of priority; a species of its own comes before its ecosystem."""
    ecosystem, species = CLASS_CODES[class_code]
    return ECOSYSTEMS[ecosystem].priority - (0.5 if species else 0.0)


@cache
def _ranks() -> tuple[Codes, Codes]:
    """From code to rank and back; other ground comes after all classes, no data last."""
    ordered = [*sorted(CLASS_CODES, key=_rank), OTHER_CODE, NO_DATA_CODE]
    to_rank = np.full(256, len(ordered) - 1, dtype=np.uint8)
    to_rank[ordered] = np.arange(len(ordered))
    return to_rank, np.array(ordered, dtype=np.uint8)


@cache
def _class_palette() -> bytes:
    palette = np.zeros((256, 3), dtype=np.uint8)
    for one, kind in CLASS_CODES.items():
        palette[one] = rgb(colour(*kind))
    return palette.tobytes()


@cache
def _ramp_palette() -> bytes:
    stops = np.array([rgb(tint) for tint in RAMP], dtype=np.float64)
    at = np.linspace(0.0, len(RAMP) - 1.0, _CLEAR)
    parts = [np.interp(at, np.arange(len(RAMP)), stops[:, part]) for part in range(3)]
    tints = np.rint(np.column_stack(parts)).astype(np.uint8)
    return tints.tobytes() + bytes(3)  # and the clear one


def _as_png(drawn: Codes, palette: bytes) -> bytes:
    image = Image.fromarray(drawn)
    image.putpalette(palette)
    image.info["transparency"] = _CLEAR
    return png(image)
