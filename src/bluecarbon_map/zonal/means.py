"""Mean, lowest and highest value of a continuous raster in every zone."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bluecarbon_map.errors import RasterError
from bluecarbon_map.units import FloatArray, ha_from_m2
from bluecarbon_map.zonal.outlines import off_the_map
from bluecarbon_map.zonal.raster import Band, Pixels
from bluecarbon_map.zonal.strips import Work, work_of


def means(
    path: Path,
    zones: gpd.GeoDataFrame,
    *,
    zone_column: str = "zone_id",
    band: int = 1,
    strip_rows: int = 512,
) -> pd.DataFrame:
    """Mean value in every zone, every pixel by its share and its area on the ellipsoid.

    Args:
        path: A GeoTIFF of numbers; its scale and offset are applied.
        zones: Valid polygons in any modern coordinate system. They may overlap: each is measured
            on its own.
        zone_column: Column of ``zones`` with their ids.
        band: Band of the raster.
        strip_rows: Rows read at a time; multiples of the raster's tile height read fastest.

    Returns:
        One row a zone, in their order:

        - ``zone_id``;
        - ``area_ha``: its ground with a value;
        - ``missing_ha``: its ground without: nodata, not a number, infinite, or beyond the raster;
        - ``mean``: of the first, in the raster's unit; NaN where nothing has a value;
        - ``low``, ``high``: least and greatest value of the pixels that it touches; NaN likewise.

    Raises:
        RasterError: If the file is no such raster or lies off all zones.
        CRSMissingError: If raster or zones have no coordinate system.
        CRSMismatchError: If one of them lies elsewhere than it says, or on an old datum.
        InputError: If the zones cannot be used.

    Source:
        docs/methods/06-rasters-by-zone.md, eq. 6.1 to 6.5.
    """
    with work_of(path, zones, zone_column, band, strip_rows, _require_numbers) as work:
        sums, ends = _sums(work)
    valid_m2, missing_m2, weighted = sums.T
    if not (valid_m2 + missing_m2).any():
        raise off_the_map(work.band)
    known = valid_m2 > 0.0
    mean = np.divide(weighted, valid_m2, out=np.full(len(zones), np.nan), where=known)
    # A scale below zero turns least and greatest round.
    low_high = np.sort(work.band.scale * np.where(known[:, None], ends, np.nan), axis=1)
    return pd.DataFrame(
        {
            "zone_id": zones[zone_column].array,
            "area_ha": ha_from_m2(valid_m2),
            "missing_ha": ha_from_m2(missing_m2 + work.outlines.off_m2),
            "mean": mean * work.band.scale + work.band.offset,
            "low": low_high[:, 0] + work.band.offset,
            "high": low_high[:, 1] + work.band.offset,
        }
    )


def _require_numbers(band: Band) -> None:
    if band.dtype.kind not in "iuf":
        raise RasterError(
            band.where,
            f"its pixels are {band.dtype}, which have no mean",
            "Export it as whole or floating numbers",
        )


def _sums(work: Work) -> tuple[FloatArray, FloatArray]:
    """Per zone m² with and without a value and Σ value · m²; least and greatest value."""
    from bluecarbon_map.zonal import sums  # numba is heavy: only who asks for results pays

    total = np.zeros((work.zones, 3))
    ends = np.tile([np.inf, -np.inf], (work.zones, 1))
    for pixels, runs, knots, step in work.strips():
        sums.add_values(_with_gaps(pixels, work.band), runs.arrays(), knots, step, total, ends)
    return total, ends


def _with_gaps(pixels: Pixels, band: Band) -> NDArray[np.float32] | NDArray[np.float64]:
    """Numbers with NaN for nodata; single precision stays single."""
    values = pixels if pixels.dtype == np.float32 else pixels.astype(np.float64)
    if band.nodata is None or np.isnan(band.nodata):
        return values
    # What is declared is compared as what is stored: -3.4e38 is another number in each precision.
    gap = values == values.dtype.type(band.nodata)
    return np.where(gap, values.dtype.type(np.nan), values) if gap.any() else values
