"""One GeoTIFF at the gate: opened, what it states checked, its pixels ready to be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from pyproj import CRS
from pyproj.exceptions import CRSError
from rasterio.enums import ColorInterp, MaskFlags

from bluecarbon_map.errors import BluecarbonError, RasterError
from bluecarbon_map.gate.kinds import MOST_BANDS, Options
from bluecarbon_map.gate.problems import Problem, Severity
from bluecarbon_map.gate.raster_pixels import Pixels, corners, turned
from bluecarbon_map.gate.tiff import TiffError, layout
from bluecarbon_map.geodesy import suggest_crs
from bluecarbon_map.zonal.raster import (
    quietly_opened,
    require_self_contained,
    require_small_blocks,
)

MOST_PIXELS: Final = 1_000_000_000
"""Read strip by strip, so that memory does not grow with them."""

_PHOTO: Final = {ColorInterp.red, ColorInterp.green, ColorInterp.blue}


class RasterRefusedError(BluecarbonError):
    """The raster cannot be let in; its problems say why."""


@dataclass(slots=True)
class Notes:
    """What is said of the file under way.

    Attributes:
        problems: What was said so far.
        part: File of a zip that it is said of; None of a file that came by itself.
    """

    problems: list[Problem] = field(default_factory=list)
    part: str | None = None

    def of_part(self, name: str) -> Notes:
        """Notes on a file of the zip, kept with all others."""
        return Notes(self.problems, name)

    def say(self, severity: Severity, code: str, message: str, fix: str) -> None:
        """A problem; what is said of many files of a zip alike is said once, and counted."""
        for at, one in enumerate(self.problems if self.part is not None else ()):
            if (one.code, one.severity) == (code, severity):
                self.problems[at] = replace(one, count=one.count + 1)
                return
        where = "" if self.part is None else f"{self.part!r}: "
        said = Problem(severity=severity, code=code, message=f"{where}{message}", fix=fix)
        self.problems.append(said)

    def warn(self, code: str, message: str, fix: str) -> None:
        """Something for the user to know."""
        self.say(Severity.WARNING, code, message, fix)

    def refuse(self, code: str, message: str, fix: str) -> RasterRefusedError:
        """Something that keeps the raster out; the error is for the caller to raise."""
        self.say(Severity.ERROR, code, message, fix)
        return RasterRefusedError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A GeoTIFF that is open.

    Attributes:
        name: What it is called, for the user.
        pixels: Its pixels, north up.
        crs: Its coordinate system.
        count: Bands of the file.
    """

    name: str
    pixels: Pixels
    crs: CRS
    count: int


@contextmanager
def opened_part(path: Path, name: str, options: Options, notes: Notes) -> Iterator[Part]:
    """A GeoTIFF, checked; nothing beside the file is read.

    Raises:
        RasterRefusedError: If it cannot be let in; the notes say why.
    """
    with ExitStack() as stack:
        try:
            source = stack.enter_context(quietly_opened(path.resolve(), name))
            part = _part(source, path, name, options, notes)
        except RasterError as problem:
            raise notes.refuse("raster_unreadable", problem.reason, problem.fix) from problem
        yield part


def _part(source: Any, path: Path, name: str, options: Options, notes: Notes) -> Part:  # noqa: ANN401
    require_self_contained(source, name)
    _check_size(source, notes)
    bands = _bands(source, options, notes)
    require_small_blocks(source, bands[0], name)
    crs = _system(source, options, notes)
    _check_blocks(path, source, notes)
    pixels = _north_up(source, crs, notes, bands)
    return Part(name=name, pixels=pixels, crs=crs, count=source.count)


def _check_size(source: Any, notes: Notes) -> None:  # noqa: ANN401
    if source.count > MOST_BANDS:
        message = f"It has {source.count:,} bands, more than {MOST_BANDS}"
        raise notes.refuse("too_many_bands", message, "Export the one band that is needed")
    if (pixels := source.width * source.height) > MOST_PIXELS:
        message = f"It has {pixels:,} pixels, more than {MOST_PIXELS:,}"
        raise notes.refuse(
            "too_many_pixels", message, "Cut it to the region, or take larger pixels"
        )
    if MaskFlags.per_dataset in source.mask_flag_enums[0]:
        message = "It marks its gaps by a mask or an alpha band"
        raise notes.refuse("masked", message, "Export it with a nodata value instead")


def _system(source: Any, options: Options, notes: Notes) -> CRS:  # noqa: ANN401
    if source.transform.is_identity:
        message = "It does not say where it lies (no geotransform)"
        raise notes.refuse("no_place", message, "Georeference it, or export it again as GeoTIFF")
    stated = source.crs.to_wkt() if source.crs else options.crs
    if stated is None:
        x, y = corners(source)
        guess = suggest_crs(min(x), max(x), min(y), max(y))
        likely = ", ".join(guess.candidates) or "none that fits"
        message = f"It states no coordinate system; {guess.reason}; likely: {likely}"
        raise notes.refuse("crs_missing", message, "Say in which it lies (crs), and try again")
    try:
        return CRS.from_user_input(stated).to_2d()
    except CRSError:
        message = f"Its coordinate system is not known: {stated[:120]}"
        raise notes.refuse("crs_unknown", message, "State it as an EPSG code") from None


def _check_blocks(path: Path, source: Any, notes: Notes) -> None:  # noqa: ANN401
    """What GDAL would pass over: a chain that loops, blocks that are not in the file."""
    try:
        found = layout(path)
    except TiffError as problem:
        raise notes.refuse(
            "tiff_broken", f"The file is damaged ({problem})", "Fetch or export it again"
        ) from problem
    if found.beyond:
        message = f"{found.beyond:,} of {found.blocks:,} blocks of pixels lie past the end of file"
        raise notes.refuse("pixels_missing", message, "The file is cut off: fetch it again")
    if found.empty and source.nodatavals[0] is None:
        message = (
            f"{found.empty:,} of {found.blocks:,} blocks of pixels hold nothing, and no nodata "
            "value is declared: they would read as zeros"
        )
        raise notes.refuse("pixels_missing", message, "Export it again with a nodata value")
    if found.loops:
        notes.warn(
            "directory_loop",
            "Its chain of directories points back at itself; the first one was read",
            "Nothing to do if the pixels are right; else export it again",
        )


def _bands(source: Any, options: Options, notes: Notes) -> tuple[int, ...]:  # noqa: ANN401
    """Numbers of the bands to keep: the one that is named, those of a picture, or the first."""
    is_photo = source.count >= 3 and set(source.colorinterp[:3]) == _PHOTO
    if is_photo:
        notes.warn(
            "photo",
            "It is a picture: its bands are red, green and blue, no measurement",
            "Give a raster with one value a pixel, if that was meant; a picture is never measured",
        )
    if options.band is not None:
        if not 1 <= options.band <= source.count:
            message = f"It has no band {options.band}, but {source.count}"
            raise notes.refuse("band_missing", message, "Name one of its bands, counted from 1")
        colour = source.colorinterp[options.band - 1]
        if colour is ColorInterp.alpha or (is_photo and colour in _PHOTO):
            raise notes.refuse(
                "band_of_picture",
                f"Band {options.band} is a colour of a picture, or says what is seen through",
                "Give a raster with one value a pixel; a picture is never measured",
            )
        kept = f"Band {options.band} of {source.count} was kept"
        notes.say(Severity.INFO, "band_kept", kept, "Nothing to do")
        return (options.band,)
    if is_photo:
        return (1, 2, 3)
    if source.count > 1:
        notes.warn(
            "bands_left_out",
            f"It has {source.count} bands; only the first was kept",
            "Say which band it is if another one is meant",
        )
    return (1,)


def _north_up(source: Any, crs: CRS, notes: Notes, bands: tuple[int, ...]) -> Pixels:  # noqa: ANN401
    transform = source.transform
    if transform.b == 0.0 and transform.d == 0.0:
        return Pixels.of(source, crs.to_wkt(), bands)
    notes.warn(
        "rotated",
        "Its grid is rotated",
        "It was laid into a north-up grid, each pixel from the nearest one",
    )
    return turned(source, crs.to_wkt(), bands)
