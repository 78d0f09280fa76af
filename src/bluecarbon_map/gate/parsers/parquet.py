"""Reads Parquet and GeoParquet with pyarrow; what it promises is measured before it is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from pyproj import CRS
from pyproj.exceptions import CRSError

from bluecarbon_map.gate.kinds import Options
from bluecarbon_map.gate.parsed import Parsed
from bluecarbon_map.gate.parsers.tidy import (
    MOST_COLUMNS,
    Notes,
    clean,
    clean_name,
    frame,
    shapes_of,
    too_many_columns,
    without_collections,
)
from bluecarbon_map.gate.refused import RefusedError

_MOST_BYTES: Final = 4_000_000_000
_CONFIDENT: Final = 70


def read_parquet(path: Path, options: Options) -> Parsed:
    """Read a Parquet file; geometry where its ``geo`` metadata say so.

    Raises:
        RefusedError: If it is damaged, unpacks to far too much, or its geometry is not WKB.
    """
    try:
        with pq.ParquetFile(path) as opened:
            _require_size(opened)
            metadata = opened.schema_arrow.metadata or {}
            table = opened.read()
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise RefusedError(
            "damaged", "the Parquet file cannot be read", "Export it again"
        ) from problem
    notes = Notes()
    primary, geo = _geo(metadata)
    rows = list(range(1, table.num_rows + 1))
    columns = {
        clean_name(name): _values(table.column(at), name, notes)
        for at, name in enumerate(table.column_names)
        if name not in geo
    }
    shapes = None
    if primary in table.column_names:
        shapes = shapes_of(_blobs(table.column(primary)), rows, notes)
        shapes = without_collections(shapes, rows, options.kind, notes)
    return Parsed(
        table=frame(columns, len(rows)),
        row_numbers=rows,
        geometry=shapes,
        crs=_crs(geo.get(primary or "")),
        problems=notes.problems(),
    )


def _require_size(opened: pq.ParquetFile) -> None:
    described = opened.metadata
    if described.num_columns > MOST_COLUMNS:
        raise too_many_columns()
    names = opened.schema_arrow.names
    if len(set(names)) < len(names):
        raise RefusedError("field_names", "two columns have the same name", "Rename one of them")
    size = sum(described.row_group(at).total_byte_size for at in range(described.num_row_groups))
    if size > _MOST_BYTES:
        raise RefusedError(
            "too_large", f"it unpacks to {size:,} bytes", "Split it into smaller files"
        )


def _geo(metadata: dict[bytes, bytes]) -> tuple[str | None, dict[str, Any]]:
    """Name of the geometry column, and what is said of each such column.

    Raises:
        RefusedError: If the words are no GeoParquet, or the encoding is not WKB.
    """
    if b"geo" not in metadata:
        return None, {}
    try:
        said = json.loads(metadata[b"geo"])
        columns, primary = dict(said["columns"]), str(said["primary_column"])
        encodings = {str(column["encoding"]) for column in columns.values()}
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise RefusedError(
            "damaged", "its geo metadata cannot be read", "Export it again as GeoParquet"
        ) from problem
    if encodings != {"WKB"}:
        raise RefusedError(
            "geometry_encoding",
            f"its geometry is kept as {', '.join(sorted(encodings))[:80]}",
            "Export it with geometry as WKB",
        )
    return primary, columns


def _values(column: pa.ChunkedArray, name: str, notes: Notes) -> list[object]:
    """Values of a column as Python has them; nested ones and bytes are not read."""
    kind = column.type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        notes.warning(
            "column_type",
            f"a column of type {str(kind)[:40]!r} is not read",
            "Export it as text or number",
            column=clean_name(name),
        )
        return [None] * len(column)
    if pa.types.is_temporal(kind):
        column = column.cast(pa.string())
    return [clean(value, notes, row, name) for row, value in enumerate(column.to_pylist(), 1)]


def _blobs(column: pa.ChunkedArray) -> list[bytes | None]:
    if not (pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type)):
        raise RefusedError(
            "geometry_encoding", "its geometry is no WKB", "Export it with geometry as WKB"
        )
    blobs: list[bytes | None] = column.to_pylist()
    return blobs


def _crs(said: object) -> str | None:
    """Coordinate system of a geometry column; without a word of it OGC:CRS84, by the standard."""
    if not isinstance(said, dict):
        return None
    if "crs" not in said:
        return "EPSG:4326"
    if said["crs"] is None:
        return None
    try:
        crs = CRS.from_json_dict(said["crs"]) if isinstance(said["crs"], dict) else None
    except CRSError:
        crs = None
    if crs is None:
        return None
    if crs.name.startswith("WGS 84 (CRS84)"):
        return "EPSG:4326"
    code = crs.to_epsg(_CONFIDENT)
    return f"EPSG:{code}" if code else crs.to_wkt()
