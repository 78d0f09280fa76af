"""The rows of a file on their way through the checks of place, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from bluecarbon_map.gate.problems import Problem, Severity
from bluecarbon_map.geodesy import STORAGE_CRS, GeometryArray, to_equal_area

Mask = NDArray[np.bool_]

MOST_NAMED: Final = 100
"""Problems of one code at most; the last of them stands for all the rows beyond."""

_BLOCK_COORDINATES: Final = 500_000


@dataclass(slots=True)
class Draft:
    """Geometry under way, one entry a row; a row that is left out is None from then on.

    Attributes:
        geometry: As it is by now, shape (rows,).
        numbers: Number of each row as a reader of the file counts it.
        problems: What was found so far.
    """

    geometry: GeometryArray
    numbers: list[int]
    problems: list[Problem] = field(default_factory=list)

    @property
    def there(self) -> Mask:
        """Rows that still have a geometry."""
        present: Mask = ~shapely.is_missing(self.geometry)
        return present

    def say(self, severity: Severity, code: str, message: str, fix: str, count: int = 1) -> None:
        """Note a problem of the whole."""
        self.problems.append(
            Problem(severity=severity, code=code, message=message, fix=fix, count=count)
        )

    def name(
        self,
        rows: Mask | list[int],
        severity: Severity,
        code: str,
        message: str | Callable[[int], str],
        fix: str,
    ) -> None:
        """Note a problem of rows, each by its number; of more than `MOST_NAMED` the rest as one.

        Args:
            rows: Mask, or positions.
            severity: Of each.
            code: Of each.
            message: What is wrong, or what to say of the row at a position.
            fix: The way out.
        """
        at = rows if isinstance(rows, list) else np.flatnonzero(rows).tolist()
        named = at if len(at) <= MOST_NAMED else at[: MOST_NAMED - 1]
        for position in named:
            text = message if isinstance(message, str) else message(position)
            self.problems.append(
                Problem(
                    severity=severity, code=code, message=text, fix=fix,
                    row=self.numbers[position], column="geometry",
                )
            )  # fmt: skip
        if more := len(at) - len(named):
            self.say(severity, code, f"The same in {more:,} more rows", fix, more)

    def leave_out(
        self,
        rows: Mask,
        severity: Severity,
        code: str,
        message: str | Callable[[int], str],
        fix: str,
    ) -> None:
        """Note a problem of rows, and go on without them."""
        if rows.any():
            self.name(rows, severity, code, message, fix)
            self.geometry[rows] = None


def blocks(geometry: GeometryArray) -> Iterator[slice]:
    """Runs of rows whose coordinates are few enough to be worked on at a time."""
    counts = np.cumsum(np.maximum(shapely.get_num_coordinates(geometry), 1))
    ends = (np.flatnonzero(np.diff(counts // _BLOCK_COORDINATES)) + 1).tolist()
    for start, end in zip([0, *ends], [*ends, len(geometry)], strict=True):
        yield slice(start, end)


def planar(geometry: GeometryArray) -> GeometryArray:
    """Geometry in degrees laid into the equal-area plane."""
    return to_equal_area(gpd.GeoSeries(geometry, crs=STORAGE_CRS), "the rows")


def ha(area_ha: float) -> str:
    """An area for a message."""
    return f"{area_ha:,.4f} ha"
