"""GeoPackage, GeoJSON (RFC 7946) and GeoParquet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import shapely

from bluecarbon_map.geodesy import STORAGE_CRS


def with_outlines(
    rows: pd.DataFrame, zones: gpd.GeoDataFrame | None, key: str = "zone_id"
) -> gpd.GeoDataFrame:
    """Rows with the outline of their zone; a row outside every zone has none.

    Args:
        rows: A table with the column ``key``.
        zones: ``key`` and geometry in EPSG:4490; None leaves every row without an outline.
        key: Column that says whose outline it is.
    """
    if zones is None:
        return gpd.GeoDataFrame(rows.copy(), geometry=[None] * len(rows), crs=STORAGE_CRS)
    outline = zones.set_index(key).geometry
    geometry = gpd.GeoSeries(rows[key].map(outline).to_numpy(), index=rows.index, crs=STORAGE_CRS)
    return gpd.GeoDataFrame(rows.copy(), geometry=geometry)


def write_geopackage(
    layer: gpd.GeoDataFrame, path: Path, name: str, notes: Sequence[str] = ()
) -> None:
    """Write one layer in EPSG:4490; polygons become multipolygons, as the format wants one type.

    Notes become the layer's description, which every GIS shows.
    """
    many = layer.set_geometry(
        gpd.GeoSeries([_multi(shape) for shape in layer.geometry], crs=layer.crs, index=layer.index)
    )
    said = {"DESCRIPTION": "\n".join(notes)} if notes else {}
    many.to_file(path, layer=name, driver="GPKG", geometry_type="MultiPolygon", **said)


def write_parquet(layer: gpd.GeoDataFrame, path: Path, notes: Sequence[str] = ()) -> None:
    """Write GeoParquet in EPSG:4490; notes stand one a line under the schema's key ``notes``."""
    layer.to_parquet(path, index=False)
    if notes:
        table = pq.read_table(path)
        said = {**table.schema.metadata, b"notes": "\n".join(notes).encode()}
        pq.write_table(table.replace_schema_metadata(said), path)


def write_geojson(layer: gpd.GeoDataFrame, path: Path, notes: Sequence[str] = ()) -> None:
    """Write RFC 7946: WGS 84 degrees, right-hand rings, no crs member, null for unknown.

    Notes are a foreign member ``notes``, as RFC 7946 section 6.1 allows.
    CGCS2000 and WGS 84 differ by well under a metre (docs/decisions/0004): numbers are kept.
    """
    shapes = shapely.orient_polygons(layer.geometry.to_numpy(), exterior_cw=False)
    table = pd.DataFrame(layer.drop(columns=layer.geometry.name))
    plain = table.astype(object).where(table.notna(), None).to_dict("records")
    features = [
        {
            "type": "Feature",
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
            "properties": properties,
        }
        for shape, properties in zip(shapes, plain, strict=True)
    ]
    said = {"notes": list(notes)} if notes else {}
    body = {"type": "FeatureCollection", **said, "features": features}
    path.write_text(json.dumps(body, ensure_ascii=False, allow_nan=False), encoding="utf-8")


def _multi(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    return shapely.multipolygons([shape]) if isinstance(shape, shapely.Polygon) else shape
