"""What may be cut at all, and how far parts may be off their whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from bluecarbon_map.errors import AccountingError, GeometryError
from bluecarbon_map.geodesy import GeometryArray
from bluecarbon_map.units import FloatArray

RELATIVE_TOLERANCE: Final = 1e-9
"""Parts may be off their whole by this share of it."""

_COORDINATE_ROUNDING_M: Final = 1e-8
"""What cutting may move a vertex by: the spacing of floats near 10⁷ m, a few times over."""

_FIX: Final = "Repair these rows (summarize --repair mends crossing outlines), or leave them out"


def require_polygons(
    geometry: GeometryArray, where: str, *, rows: Sequence[object] | None = None
) -> None:
    """Refuse geometry that has no area to speak of.

    Args:
        geometry: Any geometries.
        where: File or layer name, for the message.
        rows: Row names for the message; 0, 1, … if None.

    Raises:
        GeometryError: If any is missing, empty, no (Multi)Polygon, or crosses itself.
    """
    kind = shapely.get_type_id(geometry)
    reasons: tuple[tuple[str, NDArray[np.bool_]], ...] = (
        ("the geometry is missing", kind == -1),
        ("the geometry is empty", shapely.is_empty(geometry)),
        ("the geometry is not a polygon", (kind != 3) & (kind != 6)),
    )
    for reason, bad in reasons:
        _refuse(bad, reason, where, rows)
    invalid = ~shapely.is_valid(geometry)
    if invalid.any():
        first = str(shapely.is_valid_reason(geometry[invalid][0]))
        _refuse(invalid, f"the polygon is invalid ({first})", where, rows)


def _refuse(bad: NDArray[np.bool_], reason: str, where: str, rows: Sequence[object] | None) -> None:
    if bad.any():
        at = np.flatnonzero(bad).tolist()
        names = at if rows is None else [rows[i] for i in at]
        raise GeometryError(where, reason, _FIX, rows=names, column="geometry")


def tolerance_m2(geometry: GeometryArray) -> FloatArray:
    """How far the pieces of each polygon may be off its area, shape (polygons,)."""
    rounding_m2 = _COORDINATE_ROUNDING_M * shapely.length(geometry)
    result: FloatArray = RELATIVE_TOLERANCE * shapely.area(geometry) + rounding_m2
    return result


def require_sum(parts_m2: float, whole_m2: float, tolerance: float, what: str) -> None:
    """Parts must add up to their whole.

    Raises:
        AccountingError: If they do not.
    """
    if not abs(parts_m2 - whole_m2) <= tolerance:
        raise AccountingError(f"{what}: parts {parts_m2!r} m2, whole {whole_m2!r} m2")
