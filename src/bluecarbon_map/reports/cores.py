"""Soil cores of a file as carbon per hectare: one core a row."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd

from bluecarbon_map.accounting.cores import CoreStock, Slices, core_stock, slices_of
from bluecarbon_map.errors import InputError
from bluecarbon_map.export.bundle import Bundle
from bluecarbon_map.tables import Cores, columns, dictionary, validate

_BY: Final = ("study_id", "core_id")


def cores(slices: pd.DataFrame, to_depth_cm: float, *, extrapolate: bool = False) -> pd.DataFrame:
    """Carbon of every core down to a depth.

    Args:
        slices: From `reading.read_depthseries`.
        to_depth_cm: Depth, in cm.
        extrapolate: Whether short cores are carried on to that depth; they are flagged.

    Returns:
        Contract `tables.Cores`, in the order of the file; a refused core has no density and the
        reason.

    Raises:
        InputError: If the slices of a core cannot be (they overlap, a unit is wrong), with its
            lines; or the depth is none.
    """
    if not (math.isfinite(to_depth_cm) and to_depth_cm > 0):
        raise InputError("--to-depth", f"{to_depth_cm:g} is no depth", "Give cm above 0")
    rows = [
        _row(part, core_stock(_slices(part), to_depth_cm, extrapolate=extrapolate))
        for _, part in slices.groupby(list(_BY), sort=False)
    ]
    table = pd.DataFrame(rows)[columns(Cores)]
    table = table.astype({"study_id": "str", "core_id": "str", "refused_because": "str"})
    validate(Cores, table)
    return table


def _slices(part: pd.DataFrame) -> Slices:
    try:
        return slices_of(
            part["depth_min"],
            part["depth_max"],
            part["dry_bulk_density"],
            part["fraction_carbon"],
        )
    except ValueError as problem:
        raise InputError(
            f"core {part['study_id'].iloc[0]} {part['core_id'].iloc[0]}",
            str(problem),
            "Correct these lines, or leave the core out",
            rows=part.index.tolist(),
        ) from problem


def _row(part: pd.DataFrame, stock: CoreStock) -> dict[str, object]:
    return {
        "study_id": part["study_id"].iloc[0],
        "core_id": part["core_id"].iloc[0],
        "to_depth_cm": stock.to_depth_cm,
        "density_t_c_ha": np.round(stock.density_t_c_ha, 6),
        "density_se_t_c_ha": np.round(stock.density_se_t_c_ha, 6),
        "covered_cm": round(stock.covered_cm, 6),
        "coverage": round(stock.coverage, 6),
        "reaches_cm": stock.reaches_cm,
        "extrapolated": stock.extrapolated,
        "refused_because": stock.refused_because,
    }


def cores_bundle(table: pd.DataFrame, source: str) -> Bundle:
    """The table as it is handed in; ``source`` names the file it was made from."""
    return Bundle(
        name="cores",
        rows=table,
        dictionary=dictionary(Cores),
        notes=(f"样柱 / cores: {source}",),
    )


def cores_json(table: pd.DataFrame) -> dict[str, object]:
    """The table as one JSON object; what is not known is None."""
    known = table.astype(object).where(table.notna(), None)
    return {"rows": [{str(k): v for k, v in row.items()} for row in known.to_dict("records")]}
