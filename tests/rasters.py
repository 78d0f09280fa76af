"""Builds small GeoTIFFs for tests."""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from rasterio.transform import Affine

from bluecarbon_map.geodesy import EQUAL_AREA_CRS


def written(
    path,
    pixels,
    *,
    crs=EQUAL_AREA_CRS,
    west=0.0,
    north=300.0,
    step=100.0,
    transform=None,
    **profile,
):
    """Write an array, shape (rows, columns) or (bands, rows, columns), as GeoTIFF."""
    bands = np.asarray(pixels)
    bands = bands[None] if bands.ndim == 2 else bands
    place = north_up(west, north, step) if transform is None else transform
    count, height, width = bands.shape
    with (
        warnings.catch_warnings(),
        rasterio.open(
            path, "w", driver="GTiff", count=count, height=height, width=width,
            dtype=bands.dtype, crs=crs, transform=place, **profile,
        ) as file,
    ):  # fmt: skip
        file.write(bands)
    return path


def tagged(path, pixels, *, scale=1.0, offset=0.0, unit=None, **how):
    """Write an array with a scale, an offset and a unit."""
    written(path, pixels, **how)
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (scale,), (offset,)
        if unit:
            file.units = (unit,)
    return path


def north_up(west, north, step):
    """Place of a raster whose rows run south, as most do."""
    return Affine(step, 0.0, west, 0.0, -step, north)


def south_up(west, south, step):
    """Place of a raster whose rows run north."""
    return Affine(step, 0.0, west, 0.0, step, south)


def zones(*shapes, crs=EQUAL_AREA_CRS, ids=None):
    """Zones a, b, c, …"""
    names = list(ids or "abcdefghijklmnopqrstuvwxyz"[: len(shapes)])
    return gpd.GeoDataFrame({"zone_id": names}, geometry=list(shapes), crs=crs)


def of(table, zone="a"):
    """Areas of one zone by code, in ha."""
    mine = table[table["zone_id"] == zone]
    return dict(zip(mine["code"].tolist(), mine["area_ha"].tolist(), strict=True))


def true_area_ha(mine):
    """Area of zones with edges straight in their own system, in ha, by id."""
    fine = gpd.GeoSeries(shapely.segmentize(mine.geometry.to_numpy(), 0.001), crs=mine.crs)
    return dict(zip(mine["zone_id"], fine.to_crs(EQUAL_AREA_CRS).area / 1e4, strict=True))
