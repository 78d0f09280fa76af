"""A raster by zone as it leaves: an export bundle, or one JSON object."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from bluecarbon_map.export import Bundle
from bluecarbon_map.geodesy import STORAGE_CRS, name_of
from bluecarbon_map.tables import NO_DATA_NUMBERS, RasterKind
from bluecarbon_map.zonal import OFF_RASTER, Band, class_areas, describe, means

_COLUMNS: Final = {
    RasterKind.CLASSES: (
        ("zone_id", "", "Code of the zone", False),
        ("zone_name", "", "Name of the zone", False),
        ("code", "", "Number in the raster; -1 for ground of the zone beyond it", False),
        ("ground", "", "class, nodata (not known) or off_raster", False),
        ("area_ha", "ha", "Area on the ellipsoid, by exact pixel shares", False),
    ),
    RasterKind.CONTINUOUS: (
        ("zone_id", "", "Code of the zone", False),
        ("zone_name", "", "Name of the zone", False),
        ("area_ha", "ha", "Ground with a value, on the ellipsoid, by exact pixel shares", False),
        ("missing_ha", "ha", "Ground without: nodata, not a number, beyond the raster", False),
        ("mean", "as column unit", "Mean over the ground with a value", True),
        ("low", "as column unit", "Least value of the pixels that the zone touches", True),
        ("high", "as column unit", "Greatest value of the pixels that the zone touches", True),
        ("unit", "", "Unit that the raster states for its values", True),
    ),
}
_METHOD: Final = (
    "按像元在分区内的确切份额和椭球面积加权，见 docs/methods/06-rasters-by-zone.md / "
    "every pixel by its exact share and its area on the ellipsoid"
)
_NO_UNIT: Final = "栅格未注明数值单位 / the raster states no unit of its values"
_USUAL_GAPS: Final = (*NO_DATA_NUMBERS, -3.4028234663852886e38)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonalLayer:
    """A raster by zone.

    Attributes:
        kind: What its pixels hold.
        band: What the file says of the band.
        rows: The table; its columns are those of its data dictionary.
        warnings: What must be known to use it.
    """

    kind: RasterKind
    band: Band
    rows: pd.DataFrame
    warnings: tuple[str, ...]


def summarise_raster(
    path: Path, zones: gpd.GeoDataFrame, *, kind: RasterKind | None = None, band: int = 1
) -> ZonalLayer:
    """A user's own raster in a user's own zones.

    Codes stay numbers: what they mean is for whoever made the raster to say.

    Args:
        path: A GeoTIFF.
        zones: ``zone_id, zone_name, geometry`` in any modern system, as `reading.read_zones` gives.
        kind: What its pixels hold; None for classes where they are whole numbers of one byte
            without scale and offset, else continuous.
        band: Band of the raster.

    Raises:
        InputError: If raster or zones cannot be used; the message says why.
    """
    said = describe(path, band)
    kind = _kind_of(said) if kind is None else kind
    table = (class_areas if kind is RasterKind.CLASSES else means)(path, zones, band=band)
    names = zones.set_index("zone_id")["zone_name"]
    table.insert(1, "zone_name", table["zone_id"].map(names))
    rows = _of_classes(table, said) if kind is RasterKind.CLASSES else table.assign(unit=said.unit)
    return ZonalLayer(kind=kind, band=said, rows=rows, warnings=_warnings(kind, said, rows))


def zonal_bundle(
    layer: ZonalLayer, zones: gpd.GeoDataFrame, *, name: str = "zonal", notes: tuple[str, ...] = ()
) -> Bundle:
    """A raster by zone ready to be written.

    Args:
        layer: From `summarise_raster`.
        zones: ``zone_id`` and outline, for the spatial formats.
        name: Short ASCII name for files and layers.
        notes: What the export must say of itself besides.
    """
    said = layer.band
    raster = f"栅格 / raster: {said.where}; {name_of(said.crs)}; {said.width} × {said.height}"
    lines = (raster, *notes, _METHOD, *layer.warnings)
    return Bundle(
        name=name,
        rows=layer.rows,
        dictionary=pd.DataFrame(
            _COLUMNS[layer.kind], columns=["column", "unit", "description", "nullable"]
        ),
        details={"notes": pd.DataFrame({"note": lines})},
        zones=zones[["zone_id", "geometry"]].to_crs(STORAGE_CRS),
        notes=lines,
    )


def zonal_json(layer: ZonalLayer) -> dict[str, object]:
    """A raster by zone as one JSON object; an unknown number is None."""
    known = layer.rows.astype(object).where(layer.rows.notna(), None)
    return {
        "raster": layer.band.where,
        "kind": layer.kind.value,
        "unit": layer.band.unit,
        "crs": name_of(layer.band.crs),
        "rows": [{str(k): v for k, v in row.items()} for row in known.to_dict("records")],
        "warnings": list(layer.warnings),
    }


def _kind_of(band: Band) -> RasterKind:
    plain = band.scale == 1.0 and band.offset == 0.0
    whole = band.dtype == np.uint8 and plain and not band.photo
    return RasterKind.CLASSES if whole else RasterKind.CONTINUOUS


def _of_classes(table: pd.DataFrame, band: Band) -> pd.DataFrame:
    gap = table["code"] == band.nodata if band.nodata is not None else table["code"].isna()
    beyond = table["code"] == OFF_RASTER
    ground = np.select([beyond, gap], ["off_raster", "nodata"], default="class")
    return table.assign(ground=ground)[[name for name, *_ in _COLUMNS[RasterKind.CLASSES]]]


def _warnings(kind: RasterKind, band: Band, rows: pd.DataFrame) -> tuple[str, ...]:
    said = []
    if kind is RasterKind.CONTINUOUS:
        if band.unit is None:
            said.append(_NO_UNIT)
        if band.photo:
            said.append("这是图片的一个颜色波段 / this band is a colour of a picture")
        if rows["low"].isin(_USUAL_GAPS).any():
            said.append(
                f"最小值 {rows['low'].min():.10g} 多为未声明的空值，均值可能有误 / "
                "the least value looks like an undeclared nodata value: declare it first"
            )
    elif band.nodata is None:
        said.append("栅格未声明空值，每个编号都按类计 / no nodata value: every number is a class")
    return tuple(said)
