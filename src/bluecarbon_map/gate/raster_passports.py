"""The passport of a raster: what the gate found in its file, and what somebody says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from bluecarbon_map.errors import InputError
from bluecarbon_map.gate.problems import Inspection
from bluecarbon_map.tables import Rasters, columns
from bluecarbon_map.tables.words import RasterKind


def raster_passport(inspection: Inspection, said: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of `tables.Rasters`: kind, range and unit from the file, the rest as it was said.

    Args:
        inspection: What the gate found in the GeoTIFF.
        said: What somebody says of it; None where nothing was said. A unit counts where the file
            states none.

    Raises:
        InputError: If the file was refused, another unit is said than the file states, or what is
            measured, or its unit, is stated nowhere.
    """
    if inspection.table is None:
        raise InputError(inspection.name, "it was refused", "Mend what its problems name")
    table = pd.read_parquet(inspection.table.with_suffix(".parquet"))
    found = {str(name): None if pd.isna(value) else value for name, value in table.iloc[0].items()}
    stated = {name: value for name, value in said.items() if value is not None}
    row = {name: stated.get(name, found.get(name)) for name in columns(Rasters)}
    row |= {name: found[name] for name in ("kind", "low", "high")}
    if row["kind"] == RasterKind.CLASSES:
        return row | {"unit": None}
    if found["unit"] and row["unit"] != found["unit"]:
        raise InputError(
            inspection.name,
            f"its values are in {found['unit']!r}, and {row['unit']!r} was said",
            "Leave the unit empty; where the file is wrong, correct it there",
            column="unit",
        )
    for name in ("quantity_zh", "quantity_en", "unit"):
        if not row[name]:
            raise InputError(
                inspection.name,
                "it holds measured values, and it is not stated what they are",
                "State what is measured and its unit; nothing is guessed",
                column=name,
            )
    return row
