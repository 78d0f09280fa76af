"""What a raster says of itself, holds at a point, and comes to when zones cut it.

rasterio and numba are imported by the first question, not with the package.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from bluecarbon_map.ecosystems import CLASS_CODES, NO_DATA_CODE, OTHER_CODE
from bluecarbon_map.errors import AccountingError, NotFoundError, RasterError
from bluecarbon_map.geodesy import SEMI_MAJOR_AXIS_M, STORAGE_CRS, area_ha
from bluecarbon_map.reports.measure import finest_zones
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.tables import RasterKind

SUM_BOUND: Final = 1e-5
"""Parts of a zone may miss its area by this share: the bound of `zonal` on a projected grid, and
as much again for outlines that bend there. Large pixels that outlines cut add to it."""


class Held(StrEnum):
    """What a pixel says of its ground."""

    CLASS = "class"
    VALUE = "value"
    OTHER = "other"
    NO_DATA = "no_data"
    UNKNOWN_CODE = "unknown_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelFacts:
    """One pixel of a raster.

    Attributes:
        raster_id: The raster.
        held: Whether it holds a class, a value, other ground (surveyed, none of the ecosystems), no
            data, or a code that stands for nothing.
        code: Its number in a class raster; None in another.
        ecosystem: Its ecosystem, where it holds a class.
        species: Its species, where the class is one.
        value: Its value, where it holds one.
        unit: Unit of the value; None where it has none.
        year: Year the raster shows.
        provenance: Kind of record.
        source: Where the raster comes from.
    """

    raster_id: str
    held: Held
    code: int | None
    ecosystem: str | None
    species: str | None
    value: float | None
    unit: str | None
    year: int
    provenance: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """A raster cut by the finest zones of a workspace, once for all levels.

    Attributes:
        zone_ids: Those zones.
        table: What `zonal.class_areas` gave, or `zonal.means`.
        pixel_m: About how long the side of a pixel is, in m.
        no_data: Code that stands for no data, of a class raster that declares one.
    """

    zone_ids: tuple[str, ...]
    table: pd.DataFrame
    pixel_m: float
    no_data: int | None


def raster_passport(store: Workspace, raster_id: str) -> dict[str, Any]:
    """What a raster says of itself: its row of `tables.Rasters`, None where it says nothing.

    Raises:
        NotFoundError: If there is no such raster.
    """
    rasters = store.rasters()
    found = rasters[rasters["raster_id"] == raster_id]
    if found.empty:
        raise NotFoundError("raster", raster_id, rasters["raster_id"].tolist())
    row = found.iloc[0]
    return {str(key): value for key, value in row.astype(object).where(row.notna(), None).items()}


def pixel(store: Workspace, raster_id: str, lon: float, lat: float) -> PixelFacts | None:
    """What a raster holds at a point; None off the raster.

    Args:
        store: Workspace to read.
        raster_id: Raster.
        lon: Longitude, degrees.
        lat: Latitude, degrees.

    Raises:
        NotFoundError: If there is no such raster, or its file is missing.
        InputError: If the file cannot be used as a raster.
    """
    from rasterio.errors import RasterioError

    from bluecarbon_map.zonal.raster import opened

    passport = raster_passport(store, raster_id)
    with opened(store.raster_path(raster_id), 1) as (band, source):
        x, y = _way_to(band.crs).transform(lon, lat)
        column, row = (x - band.west) / band.step_x, (y - band.north) / band.step_y
        if not (0 <= column < band.width and 0 <= row < band.height):
            return None
        at = (int(row), int(row) + 1), (int(column), int(column) + 1)
        try:
            number = float(source.read(1, window=at)[0, 0])
        except RasterioError as problem:
            raise RasterError(
                band.where, "its pixels cannot be read", "Fetch or export it again"
            ) from problem
    missing = not math.isfinite(number) or number == band.nodata
    if passport["kind"] == RasterKind.CLASSES:
        return _class_facts(passport, None if missing else int(number))
    value = None if missing else round(number * band.scale + band.offset, 10)
    return _facts(passport, Held.NO_DATA if missing else Held.VALUE, value=value)


@cache
def _way_to(crs: CRS) -> Transformer:
    return Transformer.from_crs(STORAGE_CRS, crs, always_xy=True)


def _class_facts(passport: Mapping[str, Any], held: int | None) -> PixelFacts:
    if held is None or held == NO_DATA_CODE:
        return _facts(passport, Held.NO_DATA)
    if held == OTHER_CODE:
        return _facts(passport, Held.OTHER, code=held)
    if held not in CLASS_CODES:
        return _facts(passport, Held.UNKNOWN_CODE, code=held)
    ecosystem, species = CLASS_CODES[held]
    return _facts(passport, Held.CLASS, code=held, ecosystem=ecosystem, species=species)


def _facts(
    passport: Mapping[str, Any],
    held: Held,
    *,
    code: int | None = None,
    ecosystem: str | None = None,
    species: str | None = None,
    value: float | None = None,
) -> PixelFacts:
    return PixelFacts(
        raster_id=passport["raster_id"], held=held, code=code, ecosystem=ecosystem,
        species=species, value=value, unit=passport["unit"], year=int(passport["year"]),
        provenance=passport["provenance"], source=passport["source"],
    )  # fmt: skip


def sweep(store: Workspace, raster_id: str) -> Swept:
    """Cut a raster by the workspace's finest zones.

    Raises:
        NotFoundError: If there is no such raster or no zone, or the file is missing.
        InputError: If the file cannot be used, or lies off all zones.
        AccountingError: If the parts of a zone do not add up to its area.
    """
    from bluecarbon_map.zonal import class_areas, describe, means
    from bluecarbon_map.zonal.ground import pixel_side_m, pixel_sides_m

    passport, path = raster_passport(store, raster_id), store.raster_path(raster_id)
    zones, band = finest_zones(store), describe(path)
    classes = passport["kind"] == RasterKind.CLASSES
    table = (class_areas if classes else means)(path, zones)
    parts = ("area_ha",) if classes else ("area_ha", "missing_ha")
    swept_ha = table.groupby("zone_id", sort=False)[[*parts]].sum().sum(axis=1)
    pixel_m = max(pixel_sides_m(band))
    _require_whole(
        swept_ha.reindex(zones["zone_id"]).to_numpy(), area_ha(zones, "zones"), path.name,
        # The ground is held to be one throughout a pixel; what one is cut in changes by up to
        # about its share of the Earth's radius from side to side.
        bound=SUM_BOUND + pixel_m / SEMI_MAJOR_AXIS_M,
    )  # fmt: skip
    no_data = band.no_data_code if classes else None
    return Swept(
        zone_ids=tuple(zones["zone_id"]), table=table, pixel_m=pixel_side_m(band), no_data=no_data
    )


def _require_whole(
    parts_ha: NDArray[Any], whole_ha: NDArray[Any], where: str, *, bound: float = SUM_BOUND
) -> None:
    off = np.abs(np.nan_to_num(parts_ha) - whole_ha) / whole_ha  # a zone without parts is all off
    if (off > bound).any():
        raise AccountingError(f"{where}: parts of a zone miss its area by {off.max():.2g} of it")
