"""Areas: on the ellipsoid, and of the classes of a raster in a zone."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from rasterio import Affine

from bluecarbon_map.geodesy import EQUAL_AREA_CRS, STORAGE_CRS, area_ha
from bluecarbon_map.reports.worked.stock import MANGROVE_2022_HA
from bluecarbon_map.units import M2_PER_HA, MU_PER_HA, ha_from_m2
from bluecarbon_map.zonal import class_areas

_CELL: Final = (120.0, 30.0, 121.0, 31.0)
_WEB_MERCATOR: Final = "EPSG:3857"

GRID: Final = ((10, 20, 20), (10, 255, 80), (80, 80, 80))
"""Classes of 3 × 3 pixels of 100 m, from the top; 255 is no data."""
GRID_NO_DATA: Final = 255
_PIXEL_M: Final = 100.0
_ZONE_M: Final = (50.0, 50.0, 250.0, 250.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaExample:
    """A cell of one degree, 120–121°E, 30–31°N.

    Attributes:
        ellipsoid_m2: Its area on the ellipsoid, in m².
        mercator_ha: What a web map would measure, in ha.
        too_large_percent: By how much that is too large.
        mangrove_mu: `MANGROVE_2022_HA` in mu.
    """

    ellipsoid_m2: float
    mercator_ha: float
    too_large_percent: float
    mangrove_mu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterExample:
    """`GRID` under a zone of 200 m × 200 m in its middle.

    Attributes:
        by_code_ha: Area of each class in the zone, in ha, by code; `GRID_NO_DATA` among them.
        zone_ha: Area of the zone, in ha.
    """

    by_code_ha: dict[int, float]
    zone_ha: float


def area_example() -> AreaExample:
    """Area on the ellipsoid, and what Mercator makes of it; docs/methods/01-area.md."""
    cell = gpd.GeoSeries([shapely.box(*_CELL)], crs=STORAGE_CRS)
    true_ha = float(area_ha(cell, "cell")[0])
    mercator_ha = ha_from_m2(float(cell.to_crs(_WEB_MERCATOR).area.iloc[0]))
    return AreaExample(
        ellipsoid_m2=true_ha * M2_PER_HA,
        mercator_ha=mercator_ha,
        too_large_percent=100.0 * (mercator_ha / true_ha - 1.0),
        mangrove_mu=MANGROVE_2022_HA * MU_PER_HA,
    )


@cache
def raster_example() -> RasterExample:
    """Classes by exact shares; docs/methods/06-rasters-by-zone.md. A file: worked out once."""
    zone = gpd.GeoDataFrame(
        {"zone_id": ["zone"]}, geometry=[shapely.box(*_ZONE_M)], crs=EQUAL_AREA_CRS
    )
    with tempfile.TemporaryDirectory() as folder:
        found = class_areas(_written(Path(folder) / "grid.tif"), zone)
    areas = dict(zip(found["code"].tolist(), found["area_ha"].tolist(), strict=True))
    return RasterExample(by_code_ha=areas, zone_ha=float(area_ha(zone.geometry, "zone")[0]))


def _written(path: Path) -> Path:
    pixels = np.array(GRID, np.uint8)
    rows, columns = pixels.shape
    place = Affine(_PIXEL_M, 0.0, 0.0, 0.0, -_PIXEL_M, rows * _PIXEL_M)
    with rasterio.open(
        path, "w", driver="GTiff", count=1, height=rows, width=columns, dtype=pixels.dtype,
        crs=EQUAL_AREA_CRS, transform=place, nodata=GRID_NO_DATA,
    ) as file:  # fmt: skip
        file.write(pixels, 1)
    return path
