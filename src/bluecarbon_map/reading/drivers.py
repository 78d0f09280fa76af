"""Opens a file with the one driver that its name stands for, or refuses it."""

from __future__ import annotations

import json
import re
import sqlite3
import warnings
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd
import shapely

from bluecarbon_map.errors import CRSMissingError, EmptyLayerError, GeometryError, InputError
from bluecarbon_map.reading.columns import FIRST_ROW, listed


def read_layer(path: str) -> gpd.GeoDataFrame:
    """Read one layer of a GeoPackage, GeoJSON, Shapefile or GeoParquet as it is.

    Raises:
        InputError: If the file is missing, of another kind than its name says, or cannot be read.
        EmptyLayerError: If it has no row.
    """
    name, _, layer_name = path.partition("|layername=")
    file = _existing(path, name)
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise InputError(
            path,
            f"{file.suffix or 'a file without suffix'} is not read here",
            f"Save it as {', '.join(_READERS)} (unzip archives first)",
        )
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        layer = _read(reader, file, layer_name or None, path)
    if layer.empty:
        raise EmptyLayerError(path)
    if layer.geometry.isna().all():
        raise GeometryError(path, "no row has a geometry", "Check that it is a map layer")
    if layer.crs is not None and layer.crs.name.startswith("Undefined"):
        raise CRSMissingError(path)
    layer = layer.reset_index(drop=True)
    layer.attrs["warnings"] = [f"{path}: {warning.message}" for warning in said]
    return layer


def _existing(path: str, name: str) -> Path:
    file = Path(name)
    try:
        if file.is_dir():
            raise InputError(path, "this is a folder", "Name the file in it")
        there = file.is_file()
    except OSError:  # a name no file can have
        there = False
    if not there:
        raise InputError(path, "there is no such file", "Check the path")
    return file


def _read(
    reader: Callable[[Path, str | None], gpd.GeoDataFrame],
    file: Path,
    layer_name: str | None,
    path: str,
) -> gpd.GeoDataFrame:
    try:
        return reader(file, layer_name)
    except InputError:
        raise
    except Exception as problem:
        raise InputError(
            path, f"it cannot be read ({type(problem).__name__}: {problem})", "Export it again"
        ) from problem


def _holds(file: Path, mark: bytes, at: int = 0) -> bool:
    with file.open("rb") as opened:
        opened.seek(at)
        return opened.read(len(mark)) == mark


def _read_geopackage(file: Path, layer_name: str | None) -> gpd.GeoDataFrame:
    if not _holds(file, b"SQLite format 3\x00"):
        raise InputError(str(file), "this is not a GeoPackage", "Check what the file really is")
    if _holds(file, b"\x02\x02", at=18):
        warnings.warn("rows written last may still lie in its -wal file", stacklevel=1)
    # Of a file with this mark and name nothing but the GeoPackage driver is left; a prefix would
    # trip over a colon in the path. Arrow returns every row where the stored count is wrong.
    layer = _geopackage_layer(file, layer_name)
    return gpd.read_file(file.resolve(), layer=layer, use_arrow=True)


def _geopackage_layer(file: Path, layer_name: str | None) -> str:
    """The layer to read: the one asked for, else the only one there is."""
    query = (
        "SELECT table_name, type FROM gpkg_contents JOIN sqlite_master ON name = table_name "
        "WHERE data_type = 'features'"
    )
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as base:
        kinds = {str(name): str(kind) for name, kind in base.execute(query)}
    if not kinds:
        raise EmptyLayerError(str(file))
    if layer_name is None and len(kinds) > 1:
        raise InputError(
            str(file),
            f"it has several layers: {listed(list(kinds))}",
            f"Write '{file.name}|layername=NAME'",
        )
    chosen = layer_name or next(iter(kinds))
    if chosen not in kinds:
        raise InputError(
            str(file),
            f"it has no layer {chosen!r}; there are: {listed(list(kinds))}",
            "Name one of them after |layername=",
        )
    if kinds[chosen] != "table":  # a view is a query of the file's author: it may never end
        raise InputError(
            str(file), f"its layer {chosen!r} is a view, not a table", "Export the rows themselves"
        )
    return chosen


def _read_geojson(file: Path, layer_name: str | None) -> gpd.GeoDataFrame:  # noqa: ARG001
    body = json.loads(file.read_text(encoding="utf-8-sig"))
    if not isinstance(body, dict) or not isinstance(body.get("features"), list):
        raise InputError(str(file), "this is no GeoJSON FeatureCollection", "Export it again")
    features: list[dict[str, Any]] = body["features"]
    shapes = [_shape(feature.get("geometry"), file, row) for row, feature in enumerate(features)]
    table = pd.DataFrame([feature.get("properties") or {} for feature in features])
    table = table.drop(columns="geometry", errors="ignore")
    crs = _geojson_crs(body.get("crs"), file)
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=crs, index=table.index))


def _shape(geometry: Mapping[str, object] | None, file: Path, row: int) -> shapely.Geometry | None:
    try:
        return None if geometry is None else shapely.from_geojson(json.dumps(geometry))
    except shapely.errors.GEOSException as problem:
        raise GeometryError(
            str(file),
            f"the geometry cannot be read ({problem})",
            "Repair or leave out this row",
            rows=[row + FIRST_ROW],
            column="geometry",
        ) from problem


def _geojson_crs(member: object, file: Path) -> str:
    """CRS of a GeoJSON file: WGS 84, or the EPSG code an older file names; a link is refused."""
    if member is None:
        return "EPSG:4326"
    said = member.get("properties", {}).get("name", "") if isinstance(member, dict) else ""
    if re.fullmatch(r"(urn:ogc:def:crs:OGC:(1\.3)?:CRS84|OGC:CRS84)", str(said)):
        return "EPSG:4326"
    code = re.fullmatch(r"(?:urn:ogc:def:crs:EPSG:[\d.]*:|EPSG:)(\d{4,5})", str(said))
    if code is None:
        raise InputError(
            str(file),
            "its crs member names no EPSG code",
            "Export it as WGS 84 (RFC 7946), or with a crs such as urn:ogc:def:crs:EPSG::4490",
        )
    return f"EPSG:{code[1]}"


def _read_shapefile(file: Path, layer_name: str | None) -> gpd.GeoDataFrame:  # noqa: ARG001
    # Only the Shapefile driver takes a file with this mark; it knows no prefix.
    if not _holds(file, b"\x00\x00\x27\x0a"):
        raise InputError(str(file), "this is not a Shapefile", "Check what the file really is")
    index, table = _beside(file, ".shx"), _beside(file, ".dbf")
    shapes = (index.stat().st_size - 100) // 8
    rows = int.from_bytes(table.read_bytes()[4:8], "little")
    if shapes != rows:
        raise InputError(
            str(file), f"{shapes} shapes but {rows} rows in its .dbf", "Export it again"
        )
    said = _find_beside(file, ".cpg") is not None
    return gpd.read_file(file.resolve(), encoding=None if said else _dbf_encoding(table))


def _beside(file: Path, suffix: str) -> Path:
    found = _find_beside(file, suffix)
    if found is None:
        raise InputError(str(file), f"its {suffix} file is missing", "Put it beside the .shp")
    return found


def _find_beside(file: Path, suffix: str) -> Path | None:
    """The file of another suffix beside this one, in small or capital letters."""
    both = (file.with_suffix(suffix), file.with_suffix(suffix.upper()))
    return next((path for path in both if path.is_file()), None)


def _dbf_encoding(table: Path) -> str:
    """UTF-8 if every name and value fits it, else GB18030.

    Lengths and addresses in the header are bytes, not text: they must not be looked at.
    """
    raw = table.read_bytes()
    records = int.from_bytes(raw[8:10], "little")
    names = b"".join(raw[at : at + 11] for at in range(32, records - 1, 32))
    try:
        (names + raw[records:]).decode("utf-8")
    except UnicodeDecodeError:
        return "GB18030"
    return "UTF-8"


def _read_geoparquet(file: Path, layer_name: str | None) -> gpd.GeoDataFrame:  # noqa: ARG001
    return gpd.read_parquet(file)


_READERS: Final[Mapping[str, Callable[[Path, str | None], gpd.GeoDataFrame]]] = {
    ".gpkg": _read_geopackage,
    ".geojson": _read_geojson,
    ".json": _read_geojson,
    ".shp": _read_shapefile,
    ".parquet": _read_geoparquet,
}
