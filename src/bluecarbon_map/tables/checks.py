"""Hold a table against its contract, and say what the contract says."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from bluecarbon_map.errors import ContractError, CRSMismatchError, CRSMissingError

Contract = type[pa.DataFrameModel]


def _row_number(label: object) -> object:
    """Rows are counted from 1, as a reader counts them; another kind of label stays as it is."""
    return label + 1 if isinstance(label, (int, np.integer)) else label


def _problems(failed: SchemaErrors) -> Iterator[str]:
    cases = failed.failure_cases
    for (column, check), group in cases.groupby(["column", "check"], dropna=False, sort=False):
        first = group.iloc[0]
        row = "" if pd.isna(first["index"]) else f" (first: row {_row_number(first['index'])})"
        example = first["failure_case"]
        yield f"column {column!r}: {check}, {len(group)} value(s), e.g. {example!r}{row}"


def validate(contract: Contract, frame: pd.DataFrame, *, table: str | None = None) -> None:
    """Check a table against its contract; nothing is changed.

    Raises:
        ContractError: If any column, type or value breaks it; lists every break.
    """
    if _plainly_holds(contract, frame):
        return
    try:
        contract.validate(frame, lazy=True)
    except SchemaErrors as failed:
        raise ContractError(table or contract.__name__, list(_problems(failed))) from failed


_AS_STORED = {"string[pyarrow]": "str"}
"""Types that pandas names otherwise than pandera does."""


def _plainly_holds(contract: Contract, frame: pd.DataFrame) -> bool:
    """Whether a table certainly keeps its contract; where not, pandera decides and says why.

    The same checks, column by column, without pandera's account of what failed: that account, made
    for every column also where nothing failed, costs a hundred times the checks of a single row.
    """
    schema = contract.to_schema()
    if not schema.strict or schema.unique or schema.checks or schema.index or schema.ordered:
        return False
    if not frame.columns.is_unique or set(frame.columns) != set(schema.columns):
        return False
    return all(_column_holds(column, frame[name]) for name, column in schema.columns.items())


def _column_holds(column: pa.Column, values: pd.Series[Any]) -> bool:
    wanted = str(column.dtype)
    if str(values.dtype) != _AS_STORED.get(wanted, wanted) or column.unique:
        return False
    if not column.nullable and values.isna().any():
        return False
    return all(bool(check(values).check_passed) for check in column.checks)


def validate_layer(
    contract: Contract, layer: gpd.GeoDataFrame, crs: str, *, table: str | None = None
) -> None:
    """`validate` for a layer with geometry, its coordinate system first.

    Raises:
        CRSMissingError: If it has no CRS.
        CRSMismatchError: If it lies in another than ``crs``.
        ContractError: If a column, type or value breaks the contract.
    """
    where = table or contract.__name__
    if layer.crs is None:
        raise CRSMissingError(where)
    if layer.crs != crs:
        raise CRSMismatchError(where, layer.crs.to_string(), crs)
    validate(contract, layer, table=where)


def typed(frame: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """The same rows, each column that the contract names in the type that a store gives it.

    Text is pandas' ``str``, missing as NaN; amounts are decimals, made from their text, so that no
    digit is lost. Outlines, and columns that the contract does not name, stay as they are.

    Raises:
        ContractError: If a value is missing in a column of whole numbers, which can hold none.
    """
    wanted = contract.to_schema().columns
    types = {n: str(wanted[n].dtype) for n in frame.columns if n in wanted}
    empty = [n for n, t in types.items() if t.startswith("int") and frame[n].isna().any()]
    if empty:
        raise ContractError(contract.__name__, [f"column {n!r}: it is not stated" for n in empty])
    made = {n: _cast(frame[n], t) for n, t in types.items() if t != "geometry"}
    return frame.assign(**made)


def _cast(values: pd.Series[Any], dtype: str) -> pd.Series[Any]:
    if dtype == "object":
        return values.astype(object).map(_decimal).astype(object)
    made: pd.Series[Any] = values.astype("str" if dtype.startswith("str") else dtype)  # type: ignore[call-overload]
    return made


def _decimal(value: object) -> Decimal | None:
    return None if pd.isna(value) else Decimal(str(value))  # type: ignore[call-overload]


def columns(contract: Contract) -> list[str]:
    """Column names of a contract, in order."""
    return list(contract.to_schema().columns)


def dictionary(contract: Contract) -> pd.DataFrame:
    """Data dictionary of a contract: name, unit, description, may it be missing."""
    schema = contract.to_schema()
    return pd.DataFrame(
        [
            {
                "column": name,
                "unit": (column.metadata or {}).get("unit") or "",
                "description": column.description or "",
                "nullable": bool(column.nullable),
            }
            for name, column in schema.columns.items()
        ]
    )
