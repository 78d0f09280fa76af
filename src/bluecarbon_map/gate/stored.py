"""Rows that passed the gate, held against what the workspace has: new, changed or the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from bluecarbon_map.store.schema import key_part

Key = tuple[str, ...]
BoolArray = NDArray[np.bool_]

_GEOMETRY: Final = "geometry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What an import would do to a table.

    Attributes:
        rows: Rows to store: the new and the changed ones, in the file's order.
        new: Keys that are not there yet.
        changed: Keys that are there with other values; their rows become the next version.
        unchanged: Keys that are there to the last value: their rows are not stored again.
    """

    rows: pd.DataFrame
    new: tuple[Key, ...]
    changed: tuple[Key, ...]
    unchanged: tuple[Key, ...]

    @property
    def same(self) -> int:
        """How many rows are there already, to the last value."""
        return len(self.unchanged)


def difference(
    stored: pd.DataFrame,
    incoming: pd.DataFrame,
    key: Sequence[str],
    unstated: Mapping[str, BoolArray] | None = None,
) -> Difference:
    """Compare rows by their key; both tables have the same columns.

    Geometry is the same when its vertices are, number for number. Two missing values are the same.

    Args:
        stored: Rows that are there.
        incoming: Rows of the file.
        key: Columns that name a row.
        unstated: Column → which rows of the file do not state it, shape (rows,): what stands there
            for want of a statement makes no row another.
    """
    there = dict(zip(_keys(stored, key), range(len(stored)), strict=True))
    wanted = _keys(incoming, key)
    at = np.array([there.get(one, -1) for one in wanted], dtype=np.int64)
    known = np.flatnonzero(at >= 0)
    same = np.zeros(len(incoming), dtype=bool)
    left_out = {name: rows[known] for name, rows in (unstated or {}).items()}
    same[known] = _equal(stored.iloc[at[known]], incoming.iloc[known], left_out)
    return Difference(
        rows=incoming.loc[~same].reset_index(drop=True),
        new=tuple(wanted[row] for row in np.flatnonzero(at < 0)),
        changed=tuple(wanted[row] for row in known if not same[row]),
        unchanged=tuple(wanted[row] for row in known if same[row]),
    )


def _keys(table: pd.DataFrame, key: Sequence[str]) -> list[Key]:
    """Keys as the store writes them."""
    columns = [table[name].astype(object).map(key_part) for name in key]
    return list(zip(*columns, strict=True))


def _equal(left: pd.DataFrame, right: pd.DataFrame, unstated: Mapping[str, BoolArray]) -> BoolArray:
    """Rows that hold the same in every column that they state, shape (rows,)."""
    alike = np.ones(len(left), dtype=bool)
    for name in left.columns:
        same = _alike(left[name], right[name], is_geometry=name == _GEOMETRY)
        alike &= same | unstated[name] if name in unstated else same
    return alike


def _alike(left: pd.Series[Any], right: pd.Series[Any], *, is_geometry: bool) -> BoolArray:
    if is_geometry:
        ours, theirs = gpd.GeoSeries(left).to_numpy(), gpd.GeoSeries(right).to_numpy()
        return np.asarray(shapely.equals_identical(ours, theirs))
    ours, theirs = left.astype(object).to_numpy(), right.astype(object).to_numpy()
    ours_missing, theirs_missing = pd.isna(ours), pd.isna(theirs)
    alike = ours_missing & theirs_missing
    known = ~(ours_missing | theirs_missing)  # pandas' NA cannot be compared
    alike[known] = ours[known] == theirs[known]
    return np.asarray(alike, dtype=bool)
