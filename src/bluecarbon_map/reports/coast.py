"""What is published about the eleven coastal provincial units, side by side and never added.

Sources that count differently stay apart: each number keeps its definition, date and source. Where
nobody published a number there is none, which is not zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bluecarbon_map.errors import ContractError
from bluecarbon_map.files import data_folder
from bluecarbon_map.geodesy import EQUAL_AREA_CRS
from bluecarbon_map.tables import CoastFacts, CoastIndicators, CoastUnits, Contract, validate
from bluecarbon_map.units import ha_from_km2, ha_from_mu

NATION: Final = "000000"
"""Unit id of the whole country; its numbers stand apart from those of the provinces."""

KEY_INDICATORS: Final = (
    "mangrove_new_plan",
    "mangrove_new_reported",
    "mangrove_restored_plan",
    "mangrove_restored_reported",
    "mangrove_area",
    "spartina_2020_geodata",
    "spartina_2020_cmsa",
    "spartina_2020_cmssm",
    "spartina_cleared",
    "salt_marsh_area",
    "wetland_restored_plan",
    "wetland_restored_reported",
    "shoreline_restored_plan",
    "shoreline_restored_reported",
)
"""Indicators with a column of their own in the table of units."""

_MU_PER_WAN_MU: Final = 10_000.0
_TRUST: Final = ("high", "medium", "low")
_HATCH: Final = 22.0
"""Distance of hatching lines from each other, in km."""

_IN_UNIT: Final[Mapping[str, tuple[str, Callable[[float], float]]]] = {
    "ha": ("ha", lambda value: value),
    "mu": ("ha", ha_from_mu),
    "wan_mu": ("ha", lambda value: ha_from_mu(value * _MU_PER_WAN_MU)),
    "km2": ("ha", ha_from_km2),
    "km": ("km", lambda value: value),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CoastIndicator:
    """One thing that is published about provinces; columns of `tables.CoastIndicators`."""

    indicator: str
    topic: str
    kind: str
    unit: str
    name_zh: str
    name_en: str
    definition_zh: str
    definition_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoastUnit:
    """One coastal provincial unit; columns of `tables.CoastUnits`."""

    unit_id: str
    name_zh: str
    short_zh: str
    name_en: str
    map_name_zh: str
    map_name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoastFact:
    """One published number; columns of `tables.CoastFacts`, a missing text is None.

    Attributes:
        amount: The number in the unit of its indicator (ha or km), beside ``value`` as published.
    """

    fact_id: str
    unit_id: str
    indicator: str
    qualifier: str
    value: float
    unit: str
    as_of: str | None
    definition_zh: str
    definition_en: str
    source: str
    confidence: str
    note_zh: str | None
    note_en: str | None
    amount: float


@dataclass(frozen=True)
class Coast:
    """The published facts, the units they are about, and their outlines.

    Attributes:
        units: Units from north to south, by id.
        indicators: Indicators in the order they are offered, by key.
        facts: Every number, the more trusted first among those of one unit and indicator.
        outlines: One outline a unit, column ``unit_id``, in km of the equal-area plane.
    """

    units: Mapping[str, CoastUnit]
    indicators: Mapping[str, CoastIndicator]
    facts: tuple[CoastFact, ...]
    outlines: gpd.GeoDataFrame

    def of(
        self, *, unit_id: str | None = None, topic: str | None = None, indicator: str | None = None
    ) -> list[CoastFact]:
        """Facts of a unit, a topic, an indicator, or of all that are asked for."""
        return [
            fact
            for fact in self.facts
            if (unit_id is None or fact.unit_id == unit_id)
            and (indicator is None or fact.indicator == indicator)
            and (topic is None or self.indicators[fact.indicator].topic == topic)
        ]

    def leading(self, indicator: str) -> dict[str, CoastFact]:
        """By unit, the one number that is shown where there is room for one; others stay beside it.

        It is the most trusted, and of several the first of the table. The nation is not in it.
        """
        found: dict[str, CoastFact] = {}
        for fact in self.of(indicator=indicator):
            if fact.unit_id != NATION:
                found.setdefault(fact.unit_id, fact)
        return found

    @cached_property
    def topics_with_plan(self) -> list[str]:
        """Topics that have a plan, and may have results to hold beside it."""
        planned = [one.topic for one in self.indicators.values() if one.kind == "plan"]
        return list(dict.fromkeys(planned))

    def plan_and_reported(self, topic: str) -> list[tuple[str, CoastFact | None, CoastFact | None]]:
        """Unit, its planned and its reported number, for each unit that has either."""
        plan, reported = (self.leading(self._key(topic, kind)) for kind in ("plan", "reported"))
        return [
            (unit, plan.get(unit), reported.get(unit))
            for unit in self.units
            if unit in plan or unit in reported
        ]

    def _key(self, topic: str, kind: str) -> str:
        return next(
            one.indicator
            for one in self.indicators.values()
            if one.topic == topic and one.kind == kind
        )

    def hatching(self, unit_ids: Iterable[str]) -> list[shapely.Geometry]:
        """Lines at 45 degrees over the outlines of units, in km of the plane."""
        wanted = self.outlines[self.outlines["unit_id"].isin(list(unit_ids))]
        return [hatched(shape) for shape in wanted.geometry]


def read_coast() -> Coast:
    """Read what is published about the coastal provincial units.

    Raises:
        ContractError: If a table breaks its contract, or a fact names an unknown unit or indicator
            or has a unit that its indicator does not.
    """
    units = {row["unit_id"]: CoastUnit(**row) for row in _rows("units.csv", CoastUnits)}
    indicators = {
        row["indicator"]: CoastIndicator(**row) for row in _rows("indicators.csv", CoastIndicators)
    }
    rows = _rows("facts.csv", CoastFacts)
    _require_known(rows, units, indicators)
    facts = [CoastFact(**row, amount=amount(row["value"], row["unit"])) for row in rows]
    facts.sort(key=lambda fact: _TRUST.index(fact.confidence))
    return Coast(units, indicators, tuple(facts), _outlines())


def amount(value: float, unit: str) -> float:
    """A number as published in hectares or kilometres."""
    return _IN_UNIT[unit][1](value)


def _rows(name: str, contract: Contract) -> list[dict[str, Any]]:
    """Rows of a table that keeps its contract; a missing text is None."""
    kinds = {name: str(column.dtype) for name, column in contract.to_schema().columns.items()}
    table = pd.read_csv(
        data_folder() / "coast" / name,
        dtype={name: "str" for name, kind in kinds.items() if kind.startswith("str")},
        encoding="utf-8-sig",
        keep_default_na=False,
        na_values=[""],
    )
    validate(contract, table, table=name)
    plain = table.astype(object).where(table.notna(), None)
    return [{str(name): cell for name, cell in row.items()} for row in plain.to_dict("records")]


def _require_known(
    rows: list[dict[str, Any]],
    units: Mapping[str, CoastUnit],
    indicators: Mapping[str, CoastIndicator],
) -> None:
    problems = []
    for number, row in enumerate(rows, start=1):
        indicator = indicators.get(str(row["indicator"]))
        if row["unit_id"] not in units and row["unit_id"] != NATION:
            problems.append(f"row {number}: no unit {row['unit_id']!r}")
        if indicator is None:
            problems.append(f"row {number}: no indicator {row['indicator']!r}")
        elif _IN_UNIT[str(row["unit"])][0] != indicator.unit:
            problems.append(f"row {number}: {row['unit']!r} cannot be given in {indicator.unit}")
    if problems:
        raise ContractError("facts.csv", problems)


def _outlines() -> gpd.GeoDataFrame:
    layer = gpd.read_parquet(data_folder() / "coast" / "outlines.parquet").to_crs(EQUAL_AREA_CRS)
    km = shapely.transform(layer.geometry.to_numpy(), lambda metres: (metres / 1000.0).round(1))
    return gpd.GeoDataFrame(layer[["unit_id"]], geometry=km)


def hatched(shape: shapely.Geometry, step: float = _HATCH) -> shapely.Geometry:
    """Lines from lower left to upper right over a shape, ``step`` from each other."""
    west, south, east, north = shape.bounds
    reach, apart = north - south, step * np.sqrt(2.0)
    first = np.floor((west - reach - south) / apart) * apart + south
    starts = np.arange(first, east, apart)
    ends = np.stack(
        [
            np.column_stack([starts, np.full_like(starts, south)]),
            np.column_stack([starts + reach, np.full_like(starts, north)]),
        ],
        axis=1,
    )
    cut = shapely.intersection(shapely.linestrings(ends), shape)
    parts = shapely.get_parts(cut)
    return shapely.multilinestrings(parts[shapely.length(parts) > 0])
