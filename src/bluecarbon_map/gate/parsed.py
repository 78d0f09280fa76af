"""What passes from one room of the gate to the next, inside the child process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
import shapely

from bluecarbon_map.gate.problems import Problem
from bluecarbon_map.geodesy import GeometryArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Where the workspace lies, for checks of place.

    Attributes:
        name_zh: Chinese name.
        name_en: English name.
        outline: Outline of the whole, EPSG:4490.
        land: Land of the workspace's own base map, EPSG:4490, the reference for a shifted datum;
            None where there is none.
    """

    name_zh: str
    name_en: str
    outline: shapely.Geometry
    land: shapely.Geometry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A file as its parser read it: nothing converted, nothing mended, no row left out in silence.

    Attributes:
        table: Attribute columns as the file names and types them, rows in the file's order. Text
            formats give every value as text. Two columns of the file never become one.
        row_numbers: Number of each row as a reader of the file counts it (a line of a CSV, a row of
            a sheet, a feature counted from 1).
        geometry: Geometry of each row, None where a row has none; None for a table without.
        crs: Coordinate system the file states, as ``EPSG:N`` or WKT; None where it states none.
        encoding: Encoding its text was read in; None where the format leaves no choice.
        layers: Names of all its layers, where it has several.
        problems: What the parser found.
        facts: What else a later check may want, e.g. ``{"prj": "…"}``.
        full_names: Columns whose names fill all the bytes that the format gives a name, so that
            they may be cut.
    """

    table: pd.DataFrame
    row_numbers: list[int]
    geometry: GeometryArray | None = None
    crs: str | None = None
    encoding: str | None = None
    layers: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    full_names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Geometry as it would be stored.

    Attributes:
        geometry: Valid geometry in EPSG:4490 without heights, shape (rows,); None where a row is
            to be left out (a problem says so).
        problems: What was found and mended.
        area_before_ha: Sum of the areas before any repair, each as the file draws it, in ha; NaN
            for geometry that has none.
        area_after_ha: Sum of the areas after the repairs.
        union_ha: Ground covered, overlaps once; None where it was not asked for.
        row_area_ha: Area of each row after the repairs, in ha; NaN where it has none.
    """

    geometry: GeometryArray
    problems: tuple[Problem, ...]
    area_before_ha: float
    area_after_ha: float
    union_ha: float | None
    row_area_ha: list[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Attributes as the contract of their kind wants them.

    Attributes:
        table: Columns of the contract but ``geometry``, index as the parsed table's; rows that
            cannot be used are left out only where a problem says so.
        mapping: Column of the contract → column of the file; None where the gate supplied it.
        ignored: Columns of the file that go nowhere.
        problems: What was found and changed.
    """

    table: pd.DataFrame
    mapping: Mapping[str, str | None]
    ignored: tuple[str, ...]
    problems: tuple[Problem, ...]
