"""Rows on their way in and out: tables as columns of plain values, and the digest over them.

The digest is the same whatever database holds the rows: it is taken column by column in blocks of
`BLOCK` rows, in the order of ``seq``, over the lengths and the bytes of every value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from bluecarbon_map.errors import ContractError
from bluecarbon_map.geodesy import STORAGE_CRS
from bluecarbon_map.overlay import require_polygons
from bluecarbon_map.store.schema import BOUNDED, Kind, Record, key_texts
from bluecarbon_map.store.types import decimal_text
from bluecarbon_map.tables import validate, validate_layer

Columns = dict[str, list[Any]]
"""Name of a column → its values, None where missing; outlines are WKB."""

BLOCK: Final = 20_000
"""Rows that are written, read and digested at a time; part of what the digest means."""

_NOT_TEXT: Final = "\0"


def require_contract(record: Record, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows as their table wants them: checked, columns in order.

    Raises:
        ContractError: If they break their contract, a key stands twice, or a text holds U+0000.
        GeometryError: If an outline is missing, or is no valid polygon where it is measured.
    """
    for part in _parts(record, frame):
        if record.has_geometry:
            validate_layer(
                record.contract, cast("gpd.GeoDataFrame", part), STORAGE_CRS, table=record.name
            )
        else:
            validate(record.contract, part, table=record.name)
    _require_texts(record, frame)
    if record.has_geometry:
        _require_outlines(record, frame)
    return frame[record.columns]


def _parts(record: Record, frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Patches are unique within their survey only: each survey is checked by itself."""
    surveys = frame["survey_id"] if {"survey_id", "habitat_id"} <= set(frame.columns) else None
    if record.name != "habitats" or surveys is None or len(set(surveys)) <= 1:
        yield frame
    else:
        for _, part in frame.groupby("survey_id", sort=False, dropna=False):
            yield part


def _require_texts(record: Record, frame: pd.DataFrame) -> None:
    bad = [
        f"column {name!r}: a text holds the character U+0000"
        for name in record.columns
        if record.kinds[name] == "text"
        and frame[name].str.contains(_NOT_TEXT, regex=False, na=False).any()
    ]
    if bad:
        raise ContractError(record.name, bad)


def _require_outlines(record: Record, frame: pd.DataFrame) -> None:
    geometry = frame["geometry"].to_numpy()
    names = frame.iloc[:, 0].tolist()
    if record.name in (*BOUNDED, "extents"):
        require_polygons(geometry, record.name, rows=names)
    missing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    if missing.any() or shapely.has_z(geometry).any() or shapely.has_m(geometry).any():
        what = "column 'geometry': an outline is missing, empty or has heights or measures"
        raise ContractError(record.name, [what])


def keys_of(record: Record, frame: pd.DataFrame) -> list[str]:
    """Key of each row as one text.

    Raises:
        ContractError: If one stands twice.
    """
    keys = key_texts([_values(frame[name], record.kinds[name]) for name in record.key])
    if len(set(keys)) < len(keys):
        twice = pd.Series(keys)[pd.Series(keys).duplicated()].iloc[0]
        raise ContractError(record.name, [f"key {twice!r} stands on several rows"])
    return keys


def to_columns(record: Record, frame: pd.DataFrame) -> Columns:
    """The contract's columns of a table as plain values."""
    return {name: _values(frame[name], kind) for name, kind in record.kinds.items()}


def _values(column: pd.Series[Any], kind: Kind) -> list[Any]:
    if kind == "geometry":
        outlines: list[Any] = shapely.to_wkb(column.to_numpy(), byte_order=1).tolist()
        return outlines
    if kind == "int":
        return column.tolist()
    if kind == "float":
        numbers = column.to_numpy(dtype="float64") + 0.0  # SQLite keeps no -0.0
        values = numbers.astype(object)
        values[np.isnan(numbers)] = None
        plain: list[Any] = values.tolist()
        return plain
    texts: list[Any] = column.to_numpy(dtype=object, na_value=None).tolist()  # type: ignore[call-overload]
    return texts


def to_frame(record: Record, columns: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    """The contract's columns as a table with the very types of the contract."""
    made = {name: _series(columns[name], kind) for name, kind in record.kinds.items()}
    if record.has_geometry:
        layer: pd.DataFrame = gpd.GeoDataFrame(made, geometry="geometry", crs=STORAGE_CRS)
        return layer
    return pd.DataFrame(made)


def _series(values: Sequence[Any], kind: Kind) -> Any:  # noqa: ANN401 (a column of any kind)
    if kind == "geometry":
        return shapely.from_wkb(np.array(values, dtype=object))
    if kind == "amount":
        return pd.Series(list(values), dtype="object")
    types: dict[Kind, Any] = {"int": "int64", "float": "float64", "bool": "bool"}
    return pd.Series(values, dtype=types.get(kind, "str"))


class RowsDigest:
    """SHA-256 over rows, taken a block at a time."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds
        self._sum = hashlib.sha256()

    def add(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """The next block: `BLOCK` rows, fewer only where it is the last."""
        for name, kind in self._kinds.items():
            self._sum.update(f"{name}:{kind}:{len(columns[name])}\n".encode())
            for piece in _bytes(columns[name], kind):
                self._sum.update(piece)

    def hexdigest(self) -> str:
        """The digest of all blocks so far."""
        return self._sum.hexdigest()


def digest(kinds: Mapping[str, Kind], columns: Mapping[str, Sequence[Any]]) -> str:
    """Digest of rows that are all there; the same as that of their blocks."""
    made = RowsDigest(kinds)
    for block in blocks(columns):
        made.add(block)
    return made.hexdigest()


def blocks(columns: Mapping[str, Sequence[Any]]) -> Iterator[Columns]:
    """The rows `BLOCK` at a time."""
    rows = len(next(iter(columns.values())))
    for start in range(0, rows, BLOCK):
        yield {name: list(values[start : start + BLOCK]) for name, values in columns.items()}


_PYTHON: Final[dict[Kind, set[type]]] = {
    "text": {str}, "amount": {str, Decimal}, "geometry": {bytes}, "float": {float}, "int": {int},
    "bool": {bool, int},
}  # fmt: skip
"""What values of each kind are in Python; a database that hands out another holds another."""


def _bytes(values: Sequence[Any], kind: Kind) -> Iterable[Any]:
    strange = set(map(type, values)) - _PYTHON[kind] - {type(None)}
    if strange:
        raise TypeError(f"a {kind} column holds {', '.join(sorted(t.__name__ for t in strange))}")
    if kind in ("text", "amount", "geometry"):
        yield from _var_bytes(values, kind)
    elif kind == "float":
        numbers = pa.array(values, pa.float64()).to_numpy(zero_copy_only=False) + 0.0
        yield np.where(np.isnan(numbers), np.nan, numbers).astype("<f8").tobytes()
    else:
        yield np.array([value is None for value in values], dtype="u1").tobytes()
        yield np.array([int(value or 0) for value in values], dtype="<i8").tobytes()


def _var_bytes(values: Sequence[Any], kind: Kind) -> Iterable[Any]:
    """Lengths (-1 where missing), then the bytes one after another."""
    if kind == "amount":
        values = [value if value is None else decimal_text(Decimal(value)) for value in values]
    array = pa.array(values, pa.large_binary() if kind == "geometry" else pa.large_string())
    _, offsets, data = array.buffers()
    ends = np.frombuffer(offsets, dtype="<i8", count=len(values) + 1)
    lengths = np.diff(ends)
    lengths[np.asarray(array.is_null())] = -1
    yield lengths.astype("<i8").tobytes()
    yield memoryview(data)[: int(ends[-1])] if data is not None else b""
