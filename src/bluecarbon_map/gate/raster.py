"""A GeoTIFF at the gate: every block read, what is found said, a clean copy written.

The copy is a cloud-optimised GeoTIFF with north up, its nodata declared; stored numbers and their
scale stay as they are (a density in kg/m² or g/m² gets the scale that makes it t/ha).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from pyproj import CRS, Transformer

from bluecarbon_map.ecosystems import CLASS_CODES, NO_DATA_CODE, OTHER_CODE
from bluecarbon_map.errors import CRSMismatchError, RasterError
from bluecarbon_map.gate.archive import unpack_rasters
from bluecarbon_map.gate.kinds import Options
from bluecarbon_map.gate.parsed import Region
from bluecarbon_map.gate.problems import Problem, Severity
from bluecarbon_map.gate.raster_file import Notes, Part, RasterRefusedError, opened_part
from bluecarbon_map.gate.raster_mosaic import joined
from bluecarbon_map.gate.raster_pixels import (
    Pixels,
    Survey,
    survey,
    write_copy,
)
from bluecarbon_map.gate.raster_units import density_of
from bluecarbon_map.gate.refused import RefusedError
from bluecarbon_map.geodesy import STORAGE_CRS, name_of, to_equal_area
from bluecarbon_map.tables import RasterKind
from bluecarbon_map.zonal.raster import OPENING

_MOST_GAPS: Final = 0.5
_AROUND_DEG: Final = 0.2
_CODES: Final = frozenset({*CLASS_CODES, OTHER_CODE, NO_DATA_CODE})


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterLook:
    """What the gate found in a raster.

    Attributes:
        problems: What was found.
        kind: What its pixels seem to hold, for the user to confirm; None where it is refused.
        width: Columns of the copy.
        height: Rows of the copy.
        bands: Bands of the file.
        crs: Its coordinate system, e.g. ``EPSG:4549``.
        bounds: West, south, east, north in EPSG:4490.
        pixel_size: Width and height of a pixel, in units of the CRS.
        low: Smallest value, scale and offset applied; None for classes.
        high: Largest value; None for classes.
        unit: Unit of the values, as the copy states it.
        nodata: Stored number of the copy that stands for "no data"; None where it has none.
        nodata_share: Share of the pixels that hold no value, 0 to 1.
        path: The copy; None where the file is refused.
    """

    problems: tuple[Problem, ...]
    kind: RasterKind | None = None
    width: int | None = None
    height: int | None = None
    bands: int | None = None
    crs: str | None = None
    bounds: tuple[float, float, float, float] | None = None
    pixel_size: tuple[float, float] | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    nodata: float | None = None
    nodata_share: float | None = None
    path: Path | None = None


def inspect_raster(
    path: Path, options: Options, region: Region | None, out: Path, *, packed: bool = False
) -> RasterLook:
    """Look at a GeoTIFF, all its pixels too, and write the copy to be stored.

    Nothing beside the file is read (.aux.xml, .ovr, .msk), nothing is fetched.

    Args:
        path: The file.
        options: What the user says: ``crs`` where it states none.
        region: Where the workspace lies.
        out: Where to write the copy; nothing is there where the file is refused.
        packed: Whether it is a zip of GeoTIFFs, which become one raster.
    """
    notes = Notes()
    try:
        with rasterio.Env(**OPENING), _whole(path, options, out, notes, packed=packed) as part:
            return _inspected(part, region, out, notes)
    except RasterRefusedError:
        pass
    except RefusedError as problem:
        notes.say(Severity.ERROR, problem.code, problem.reason, problem.fix)
    except RasterError as problem:
        notes.say(Severity.ERROR, "raster_unreadable", problem.reason, problem.fix)
    out.unlink(missing_ok=True)
    return RasterLook(problems=tuple(notes.problems))


@contextmanager
def _whole(
    path: Path, options: Options, out: Path, notes: Notes, *, packed: bool
) -> Iterator[Part]:
    """A GeoTIFF, or all those of a zip as one."""
    if not packed:
        with opened_part(path, path.name, options, notes) as part:
            yield part
        return
    desk = out.parent / "scratch"
    desk.mkdir(exist_ok=True)
    with ExitStack() as stack:
        files, beside = unpack_rasters(path, desk)
        if beside:
            notes.warn(
                "beside_not_read",
                f"{len(beside)} files beside the GeoTIFFs were not read, e.g. {beside[0]!r}",
                "What they say of place, unit or gaps has to stand in the GeoTIFFs themselves",
            )
        parts = [
            stack.enter_context(opened_part(file, name, options, notes.of_part(name)))
            for name, file in files
        ]
        yield joined(parts, notes)


def _inspected(part: Part, region: Region | None, out: Path, notes: Notes) -> RasterLook:
    crs, pixels = part.crs, part.pixels
    photo = len(pixels.bands) > 1
    _check_system(pixels, crs, notes)
    found = survey(pixels)
    kind = _kind(pixels, found, notes)
    is_classes = kind is RasterKind.CLASSES
    found = _unsurveyed_apart(found, pixels) if is_classes else found
    pixels = _with_gaps(pixels, found, kind, notes)
    pixels = _in_t_ha(pixels, found, notes)
    if not is_classes and not photo:
        _say_unclear(pixels, found, notes)
    bounds = _bounds(pixels, crs)
    _check_region(bounds, region, notes)
    write_copy(pixels, out, classes=is_classes, photo=photo)
    low, high = (None, None) if is_classes else found.range_of(pixels)
    return RasterLook(
        problems=tuple(notes.problems), kind=kind, width=pixels.width, height=pixels.height,
        bands=part.count, crs=name_of(crs), bounds=bounds,
        pixel_size=(pixels.transform.a, -pixels.transform.e), low=low, high=high,
        unit=pixels.unit, nodata=pixels.nodata, nodata_share=found.gap_share, path=out,
    )  # fmt: skip


def _check_system(pixels: Pixels, crs: CRS, notes: Notes) -> None:
    """Its corners must be what its system says, on a datum of today, as for any layer."""
    corners = gpd.GeoSeries([shapely.box(*_own_bounds(pixels))], crs=crs)
    try:
        to_equal_area(corners, "the raster")
    except CRSMismatchError as problem:
        message = f"It lies in {problem.found}, which is not {problem.wanted}"
        raise notes.refuse("crs_mismatch", message, problem.fix) from problem


def _own_bounds(pixels: Pixels) -> tuple[float, float, float, float]:
    place = pixels.transform
    east, south = place.c + pixels.width * place.a, place.f + pixels.height * place.e
    return place.c, south, east, place.f


def _kind(pixels: Pixels, found: Survey, notes: Notes) -> RasterKind:
    """A guess for the user to confirm: bytes that are all codes of the vocabulary are classes."""
    if len(pixels.bands) > 1 or found.codes is None or (pixels.scale, pixels.offset) != (1.0, 0.0):
        return RasterKind.CONTINUOUS
    unknown = sorted(found.codes.keys() - _CODES)
    if not unknown and found.codes:
        return RasterKind.CLASSES
    if pixels.colours is None:
        return RasterKind.CONTINUOUS
    listed = ", ".join(str(code) for code in unknown[:10])
    more = f" and {len(unknown) - 10} more" if len(unknown) > 10 else ""
    notes.warn(
        "class_codes_unknown",
        f"It has a palette, but these numbers are no classes of the vocabulary: {listed}{more}",
        "Recode it to the numbers of the vocabulary (docs/tables.md)",
    )
    return RasterKind.CLASSES


def _say_unclear(pixels: Pixels, found: Survey, notes: Notes) -> None:
    """Measured values without a unit; few whole numbers may be codes, which have no mean."""
    if pixels.unit:
        return
    if found.few and (pixels.scale, pixels.offset) == (1.0, 0.0):
        listed = ", ".join(map(str, found.few[:10])) + (" …" if len(found.few) > 10 else "")
        notes.warn(
            "may_be_classes",
            f"It holds {len(found.few)} different whole numbers ({listed}) and states no unit: "
            "codes of classes would be averaged as amounts",
            "If they are classes, give them the numbers of the vocabulary (docs/tables.md) and it "
            "is read as classes; if they are amounts, state their unit",
        )
        return
    notes.say(
        Severity.INFO,
        "unit_unstated",
        "It does not state the unit of its values",
        "State it in the file, or in the passport of the raster",
    )


def _unsurveyed_apart(found: Survey, pixels: Pixels) -> Survey:
    """The same, with the code for "not surveyed" counted as a gap where none is declared."""
    if pixels.nodata is not None or found.codes is None:
        return found
    return replace(found, nodata=found.codes.get(NO_DATA_CODE, 0))


def _with_gaps(pixels: Pixels, found: Survey, kind: RasterKind, notes: Notes) -> Pixels:
    """The same with a nodata value wherever it has gaps."""
    if found.gap_share == 1.0:
        raise notes.refuse("no_values", "Every pixel is a gap", "Check the nodata value it states")
    if found.infinite or (found.nan and not _is_nan(pixels.nodata)):
        notes.warn(
            "not_finite",
            f"{found.nan:,} pixels are not a number and {found.infinite:,} are infinite",
            "They were taken for no data",
        )
    for gap, count in found.usual_gaps.items():
        notes.warn(
            "nodata_undeclared",
            f"{count:,} pixels hold {gap:g}, which stands for no data as a rule, undeclared",
            "They were taken for no data; declare it in the file if that is right",
        )
    if found.gap_share > _MOST_GAPS or (pixels.nodata == 0.0 and found.nodata):
        declared = "none" if pixels.nodata is None else f"{pixels.nodata:g}"
        notes.warn(
            "nodata_share",
            f"{found.gap_share:.1%} of the pixels are no data (nodata value: {declared})",
            "See whether that number may be a true value, such as 0 for no carbon",
        )
    return replace(pixels, nodata=_nodata(pixels, found, kind), gaps=tuple(found.usual_gaps))


def _is_nan(number: float | None) -> bool:
    return number is not None and bool(np.isnan(number))


def _nodata(pixels: Pixels, found: Survey, kind: RasterKind) -> float | None:
    if pixels.nodata is not None:
        return pixels.nodata
    if found.usual_gaps:
        return next(iter(found.usual_gaps))
    if pixels.dtype.kind == "f":
        return float("nan")
    return float(NO_DATA_CODE) if kind is RasterKind.CLASSES else None


def _in_t_ha(pixels: Pixels, found: Survey, notes: Notes) -> Pixels:
    """A density in kg/m² or g/m² as t/ha, by its scale; the stored numbers stay."""
    stated, density = (pixels.unit or "")[:40], density_of(pixels.unit)
    if density is None:
        return pixels
    low, _ = found.range_of(pixels)
    if low is not None and low < 0.0:
        notes.warn(
            "density_negative",
            f"Its least value is {low:g} {stated}, and a density is never negative",
            "Declare that number as nodata if it stands for no data; else correct the raster",
        )
    if not density.known:
        notes.warn(
            "unit_unknown",
            f"Its unit, {stated}, is a density that is not known here",
            "Its values were left as they are; give them in t C/ha, kg C/m2 or g C/m2",
        )
    if density.convert is None:
        return pixels
    notes.warn(
        "unit_converted",
        f"Its unit is {stated}",
        f"Its values are given as {density.unit} from here on: 1 {stated} is "
        f"{density.convert(1.0):g} {density.unit}",
    )
    return replace(
        pixels, unit=density.unit, scale=density.convert(pixels.scale),
        offset=density.convert(pixels.offset),
    )  # fmt: skip


def _bounds(pixels: Pixels, crs: CRS) -> tuple[float, float, float, float]:
    way = Transformer.from_crs(crs, STORAGE_CRS, always_xy=True)
    west, south, east, north = way.transform_bounds(*_own_bounds(pixels))
    return west, south, east, north


def _check_region(
    bounds: tuple[float, float, float, float], region: Region | None, notes: Notes
) -> None:
    if region is None:
        return
    if not shapely.box(*bounds).intersects(shapely.box(*region.outline.bounds).buffer(_AROUND_DEG)):
        west, south, east, north = bounds
        notes.warn(
            "outside_region",
            f"It lies outside {region.name_zh} ({region.name_en}): {west:.2f} to {east:.2f} E, "
            f"{south:.2f} to {north:.2f} N",
            "Check the coordinate system it states",
        )
