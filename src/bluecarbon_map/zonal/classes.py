"""Area of every class of a raster in every zone."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bluecarbon_map.errors import RasterError
from bluecarbon_map.units import FloatArray, ha_from_m2
from bluecarbon_map.zonal.outlines import Outlines, off_the_map
from bluecarbon_map.zonal.raster import Band, Pixels
from bluecarbon_map.zonal.strips import Work, work_of

OFF_RASTER: Final = -1
"""Code that stands for ground of a zone beyond the raster."""

_CODES: Final = 256
_GAP: Final = _CODES
"""Place of the nodata value in a table of codes, where it is no code itself."""


def class_areas(
    path: Path,
    zones: gpd.GeoDataFrame,
    *,
    zone_column: str = "zone_id",
    band: int = 1,
    strip_rows: int = 512,
) -> pd.DataFrame:
    """Area of every class in every zone, by exact pixel shares.

    Args:
        path: A GeoTIFF of whole numbers 0–255.
        zones: Valid polygons in any modern coordinate system. They may overlap: each is measured
            on its own.
        zone_column: Column of ``zones`` with their ids.
        band: Band of the raster.
        strip_rows: Rows read at a time; multiples of the raster's tile height read fastest.

    Returns:
        ``zone_id, code, area_ha``, by zone and code, a row where there is such ground. Pixels
        without data stand under the raster's nodata value, ground beyond the raster under
        `OFF_RASTER`, so that the rows of a zone add up to its area. A pixel weighs what it
        covers on the ellipsoid: exact in degrees, within 1e-6 of it on a projected grid.

    Raises:
        RasterError: If the file is no such raster, is a picture, lies off all zones, or holds a
            number that is no code.
        CRSMissingError: If raster or zones have no coordinate system.
        CRSMismatchError: If one of them lies elsewhere than it says, or on an old datum.
        InputError: If the zones cannot be used.

    Source:
        docs/methods/06-rasters-by-zone.md, eq. 6.1 to 6.4.
    """
    with work_of(path, zones, zone_column, band, strip_rows, _require_classes) as work:
        area_m2 = _areas_m2(work)
    if not area_m2.any():
        raise off_the_map(work.band)
    codes = np.append(np.arange(_CODES), _gap_code(work.band))
    return _table(zones[zone_column], codes, area_m2, work.outlines)


def _require_classes(band: Band) -> None:
    if band.photo:
        raise RasterError(
            band.where,
            "it is a picture: its bands are red, green and blue, not classes",
            "Name a raster of classes (bands of classes are written with PHOTOMETRIC=MINISBLACK)",
        )
    if band.dtype.kind not in "iu":
        raise RasterError(
            band.where,
            f"its pixels are {band.dtype}, and classes are whole numbers 0–255",
            "Export the classes as Byte, or ask for means instead",
        )
    if band.scale != 1.0 or band.offset != 0.0:
        raise RasterError(
            band.where,
            "its numbers have a scale or an offset: they are measurements, not classes",
            "Ask for means instead",
        )
    if band.nodata == OFF_RASTER:
        raise RasterError(
            band.where,
            f"its nodata value is {OFF_RASTER}, which stands for ground beyond the raster here",
            "Give it another nodata value, e.g. 255",
        )


def _areas_m2(work: Work) -> FloatArray:
    from bluecarbon_map.zonal import sums  # numba is heavy: only who asks for results pays

    area_m2 = np.zeros((work.zones, _CODES + 1))
    for pixels, runs, knots, step in work.strips():
        sums.add_classes(_as_codes(pixels, work.band), runs.arrays(), knots, step, area_m2)
    return area_m2


def _as_codes(pixels: Pixels, band: Band) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """Places in a table of codes; a nodata value that is no code gets the last."""
    if pixels.dtype == np.uint8:
        return pixels
    gap = pixels == band.nodata
    bad = ~gap & ((pixels < 0) | (pixels >= _CODES))
    if bad.any():
        raise RasterError(
            band.where,
            f"it holds {pixels[bad][0]}, and codes of classes are 0 to 255",
            "Translate its classes to 0–254 and nodata to 255, or ask for means instead",
        )
    return np.where(gap & (not 0 <= _gap_code(band) < _CODES), _GAP, pixels).astype(np.uint16)


def _gap_code(band: Band) -> int:
    return _GAP if band.no_data_code is None else band.no_data_code


def _table(
    ids: pd.Series, codes: NDArray[np.int64], area_m2: FloatArray, outlines: Outlines
) -> pd.DataFrame:
    area_m2 = np.column_stack([outlines.off_m2, area_m2])
    codes = np.insert(codes, 0, OFF_RASTER)
    zone, place = np.nonzero(area_m2)
    table = pd.DataFrame(
        {
            "zone_id": ids.to_numpy()[zone],
            "code": codes[place],
            "area_ha": ha_from_m2(area_m2[zone, place]),
        }
    ).astype({"zone_id": ids.dtype})
    order = np.lexsort((codes[place], zone))
    return table.iloc[order].reset_index(drop=True)
