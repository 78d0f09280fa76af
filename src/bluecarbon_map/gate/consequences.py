"""What storing a file means for the rows that the workspace has already."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import pandas as pd

from bluecarbon_map.gate.problems import Problem, Severity
from bluecarbon_map.gate.stored import Difference
from bluecarbon_map.gate.strangers import SHOWN
from bluecarbon_map.geodesy import STORAGE_CRS, area_ha

NOT_IN_FILE: Final = "not_in_file"
"""Code of what is said of stored patches that a file does not hold."""

_NAMED: Final = 5
_MOST_MEASURED: Final = 20_000
"""Patches whose areas are added up for a message; of more only the number is told."""


def of_difference(found: Difference) -> list[Problem]:
    """Rows that a file replaces, and rows that are stored already."""
    said = []
    if found.changed:
        keys = "; ".join(" / ".join(key) for key in found.changed[:SHOWN])
        said.append(
            Problem(
                severity=Severity.WARNING,
                code="replaces",
                message=f"{len(found.changed)} rows are stored with other values: {keys}",
                fix="Confirm: they become newer versions; the older ones stay in the history",
                count=len(found.changed),
            )
        )
    if found.same:
        said.append(
            Problem(
                severity=Severity.INFO,
                code="same",
                message=f"{found.same} rows are stored already, to the last value",
                fix="They are left as they are",
                count=found.same,
            )
        )
    return said


def of_left_alone(stored: pd.DataFrame, found: Difference) -> list[Problem]:
    """Stored patches of a survey that the file does not hold: an import adds, it takes none out.

    A file that holds some of the stored patches may be a corrected one, from which patches were
    deleted on purpose; one that holds none of them is the next part of the survey.

    Args:
        stored: Patches that the survey has, geometry in EPSG:4490.
        found: How the rows of the file differ from them.
    """
    in_file = {key[-1] for key in (*found.changed, *found.unchanged)}
    left = stored.loc[~stored["habitat_id"].isin(in_file)]
    if left.empty:
        return []
    names = ", ".join(left["habitat_id"].head(_NAMED)) + (" …" if len(left) > _NAMED else "")
    area = _area_ha(left)
    return [
        Problem(
            severity=Severity.WARNING if in_file else Severity.INFO,
            code=NOT_IN_FILE,
            message=f"{len(left)} stored patches of the survey are not in this file and stay: "
            f"{names}"
            if area is None
            else f"{len(left)} stored patches of the survey, {area:,.4f} ha, are not in this file "
            f"and stay: {names}",
            fix="An import takes no patch out. To be rid of them, undo the import that brought "
            "them and take in the corrected file, or take in a change survey without them",
            count=len(left),
        )
    ]


def _area_ha(patches: pd.DataFrame) -> float | None:
    """Areas of patches, overlaps counted in each, in ha; None where it would take long."""
    if len(patches) > _MOST_MEASURED:
        return None
    shapes = gpd.GeoSeries(patches["geometry"], crs=STORAGE_CRS)
    return float(area_ha(shapes, "habitats").sum())
