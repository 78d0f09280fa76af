"""Reads slices of soil cores as the Coastal Carbon Network writes them: ``depthseries`` tables."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from bluecarbon_map.accounting.cores import MOST_BULK_DENSITY_G_CM3
from bluecarbon_map.errors import ColumnError, EmptyLayerError, InputError

TEXT: Final = ("study_id", "site_id", "core_id")
DEPTHS: Final = ("depth_min", "depth_max")
SAMPLER: Final = ("sampler_cm", "inside_cm", "outside_cm")
"""Length of the sampler, and from its top to the soil inside and to the ground outside."""

MEASURED: Final = ("dry_bulk_density", "fraction_carbon", "fraction_organic_matter")

_NEEDED: Final = ("study_id", "core_id", *DEPTHS, "dry_bulk_density")
_UNITS: Final = {
    "depth_min": "cm", "depth_max": "cm", "dry_bulk_density": "g/cm³",
    "fraction_carbon": "g/g", "fraction_organic_matter": "g/g",
    **dict.fromkeys(SAMPLER, "cm"),
}  # fmt: skip
_BELIEVABLE: Final = {
    "dry_bulk_density": (
        0.0, MOST_BULK_DENSITY_G_CM3, "Check the unit: it is g/cm³, not kg/m³; empty if unknown",
    ),
    "fraction_carbon": (None, 1.0, "Check the unit: it is g/g, not per cent or g/kg"),
}  # fmt: skip
"""Value that is refused although it is a bound, greatest value, way out. What is not used by every
core, loss on ignition, is looked at when it is."""

_HEADER_LINES: Final = 2
"""The first row of data is line 2 of the file, as a reader counts lines."""

_ENCODINGS: Final = ("utf-8-sig", "gb18030")


def read_depthseries(path: Path) -> pd.DataFrame:
    """Slices of soil cores, one a row.

    Columns ``study_id, core_id, depth_min, depth_max`` (cm), ``dry_bulk_density`` (g/cm³) are
    needed; ``site_id``, ``fraction_carbon``, ``fraction_organic_matter`` (loss on ignition; g/g)
    and, together, ``sampler_cm, inside_cm, outside_cm`` (compaction) may be absent, and any cell of
    what was measured may be empty. Other columns are left out.

    Returns:
        Text columns and float64 columns of these names, in the order of the file; the index is the
        line of the file. What is not there is missing, never 0.

    Raises:
        InputError: If the file cannot be read, a cell holds no number, a slice no thickness, or a
            bulk density or carbon content cannot be: the unit is another.
        ColumnError: If a needed column is missing, or some of those of the sampler.
        EmptyLayerError: If there is no row.
    """
    table = _text_of(path)
    missing = [name for name in _NEEDED if name not in table.columns]
    if missing:
        raise ColumnError(
            path.name,
            f"there is no column {', '.join(missing)}",
            f"Name the columns as the Coastal Carbon Network does: {', '.join(_NEEDED)}",
        )
    _require_whole_sampler(table, path.name)
    if table.empty:
        raise EmptyLayerError(path.name)
    table.index = pd.RangeIndex(_HEADER_LINES, len(table) + _HEADER_LINES)
    made = {name: table[name] if name in table else _nothing(table) for name in TEXT}
    _require_ids(made, path.name)
    for name in (*DEPTHS, *MEASURED, *SAMPLER):
        made[name] = _numbers(table[name], path.name) if name in table else _nothing(table, "float")
    _require_thickness(made, path.name)
    return pd.DataFrame(made)


def _require_thickness(made: dict[str, pd.Series], where: str) -> None:
    top, bottom = made["depth_min"], made["depth_max"]
    bad = top.index[(top < 0) | (bottom <= top)].tolist()
    if bad:
        raise InputError(
            where,
            f"a slice from {top[bad[0]]:g} to {bottom[bad[0]]:g} cm",
            "Give its upper depth, >= 0 cm, in depth_min and its lower one, greater, in depth_max",
            rows=bad,
            column="depth_max",
        )


def _require_believable(values: pd.Series, where: str) -> None:
    name = str(values.name)
    least_refused, most, fix = _BELIEVABLE[name]
    bad = values.index[(values < 0) | (values > most) | (values == least_refused)].tolist()
    if bad:
        raise InputError(
            where,
            f"{values[bad[0]]:g} lies outside 0 to {most:g} {_UNITS[name]}",
            fix,
            rows=bad,
            column=name,
        )


def _require_whole_sampler(table: pd.DataFrame, where: str) -> None:
    given = [name for name in SAMPLER if name in table.columns]
    if given and len(given) < len(SAMPLER):
        raise ColumnError(
            where,
            f"compaction needs {', '.join(SAMPLER)}; there is only {', '.join(given)}",
            "Give all three, in cm, or none of them",
        )


def _text_of(path: Path) -> pd.DataFrame:
    for encoding in _ENCODINGS:
        try:
            return pd.read_csv(
                path,
                dtype="str",
                encoding=encoding,
                keep_default_na=False,
                na_values=["", "NA", "NaN", "nan"],
                index_col=False,
            )
        except UnicodeDecodeError:
            continue
        except (OSError, ValueError) as problem:
            raise InputError(
                path.name, f"it cannot be read ({problem})", "Save it as CSV and try again"
            ) from problem
    raise InputError(
        path.name, "the file is not text in UTF-8 or GB18030", "Save it as CSV UTF-8 and try again"
    )


def _nothing(table: pd.DataFrame, dtype: str = "str") -> pd.Series:
    return pd.Series([None] * len(table), index=table.index, dtype=dtype)


def _require_ids(text: dict[str, pd.Series], where: str) -> None:
    for name in ("study_id", "core_id"):
        empty = text[name].index[text[name].isna()].tolist()
        if empty:
            raise InputError(
                where, "a slice belongs to no core", "Fill the cell", rows=empty, column=name
            )


def _numbers(column: pd.Series, where: str) -> pd.Series:
    name = str(column.name)
    values = pd.to_numeric(column, errors="coerce").astype("float64")
    finite = values.abs() < float("inf")
    bad = column.index[column.notna() & ~finite].tolist()
    if bad:
        raise InputError(
            where,
            f"{str(column[bad[0]])[:40]!r} is not a number",
            f"Write digits only, in {_UNITS[name]}; leave the cell empty where it is not known",
            rows=bad,
            column=name,
        )
    if name in DEPTHS and values.isna().any():
        raise InputError(
            where,
            "a slice without its depth",
            "Fill both depths, in cm, or leave the row out",
            rows=column.index[values.isna()].tolist(),
            column=name,
        )
    if name in _BELIEVABLE:
        _require_believable(values, where)
    return values
