"""Hold a table against its contract, and say what the contract says."""

from __future__ import annotations

from collections.abc import Iterator

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
    try:
        contract.validate(frame, lazy=True)
    except SchemaErrors as failed:
        raise ContractError(table or contract.__name__, list(_problems(failed))) from failed


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
