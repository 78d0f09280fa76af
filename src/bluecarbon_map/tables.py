"""Column contracts: what every table of the system holds, in which unit, and what may be missing.

Validation never changes a value (``coerce=False``) and reports every problem at once. A missing
value (NaN, None) means *unknown*, never zero. Each contract says ``strict`` itself: pandera does
not look for it in a common base of the ``Config`` classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors
from pandera.geopandas import GeoDataFrameModel
from pandera.typing import Series
from pandera.typing.geopandas import GeoSeries

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.errors import ContractError, CRSMismatchError, CRSMissingError


class Provenance(StrEnum):
    """Where a record comes from; decides what may enter an official figure."""

    SURVEY = "survey"
    PUBLISHED = "published"
    INDICATIVE = "indicative"
    DEMONSTRATION = "demonstration"


class Level(StrEnum):
    """Administrative level of a zone."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    OTHER = "other"


class Indicator(StrEnum):
    """What a restoration target counts."""

    COASTAL_WETLAND_RESTORED = "coastal_wetland_restored"
    MANGROVE_NEW = "mangrove_new"
    MANGROVE_RESTORED = "mangrove_restored"
    SHORELINE_RESTORED = "shoreline_restored"


STAGES: Final = ("planned", "started", "completed", "accepted", "surviving")
"""Amounts of a project that are kept apart; each may be unknown."""

OUTSIDE: Final = "(outside)"
"""Zone id of ground that lies in no zone."""


def _field(description: str, unit: str | None = None, **checks: Any) -> Any:  # noqa: ANN401
    return pa.Field(description=description, metadata={"unit": unit}, **checks)


class Zones(GeoDataFrameModel):
    """Areas that results are added up over."""

    zone_id: Series[str] = _field("Code of the zone, GB/T 2260 where it has one", unique=True)
    name_zh: Series[str] = _field("Chinese name")
    name_en: Series[str] = _field("English name", nullable=True)
    level: Series[str] = _field("Administrative level", isin=[v.value for v in Level])
    parent_id: Series[str] = _field("Zone it is part of", nullable=True)
    provenance: Series[str] = _field("Kind of record", isin=[v.value for v in Provenance])
    source: Series[str] = _field("Where the boundary comes from")
    geometry: GeoSeries[Any] = _field("Outline")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Surveys(pa.DataFrameModel):
    """Survey passports."""

    survey_id: Series[str] = _field("Id of the survey", unique=True)
    title_zh: Series[str] = _field("Chinese title")
    title_en: Series[str] = _field("English title")
    mode: Series[str] = _field(
        "基础/变更/专项/应急", isin=["baseline", "change", "special", "emergency"]
    )
    means: Series[str] = _field(
        "遥感/固定站/移动", isin=["remote_sensing", "fixed_station", "mobile", "none"]
    )
    year: Series[int] = _field("Year the survey stands for", ge=1900, le=2200)
    base_survey_id: Series[str] = _field("Survey it changes", nullable=True)
    organisation: Series[str] = _field("Who made it", nullable=True)
    method: Series[str] = _field("How it was made")
    provenance: Series[str] = _field("Kind of record", isin=[v.value for v in Provenance])
    source: Series[str] = _field("Where it comes from")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Habitats(GeoDataFrameModel):
    """Mapped patches: one ecosystem in one survey each."""

    habitat_id: Series[str] = _field("Id of the patch", unique=True)
    survey_id: Series[str] = _field("Survey it belongs to")
    name_zh: Series[str] = _field("Chinese name of the place", nullable=True)
    name_en: Series[str] = _field("English name of the place", nullable=True)
    ecosystem: Series[str] = _field("Ecosystem", isin=list(ECOSYSTEMS))
    species: Series[str] = _field("Dominant species, scientific name", nullable=True)
    stated_area_ha: Series[float] = _field(
        "Area as the source states it", "ha", nullable=True, gt=0
    )
    provenance: Series[str] = _field("Kind of record", isin=[v.value for v in Provenance])
    source: Series[str] = _field("Where it comes from")
    note: Series[str] = _field("What to know about it", nullable=True)
    geometry: GeoSeries[Any] = _field("Outline")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Targets(pa.DataFrameModel):
    """Versioned targets of plans."""

    plan_id: Series[str] = _field("Plan the target stands in")
    plan_zh: Series[str] = _field("Chinese title of the plan")
    plan_en: Series[str] = _field("English title of the plan")
    version: Series[int] = _field("Version of the target; the highest is in force", ge=1)
    target_id: Series[str] = _field("Id of the target")
    name_zh: Series[str] = _field("Chinese name")
    name_en: Series[str] = _field("English name")
    zone_id: Series[str] = _field("Zone it is set for")
    indicator: Series[str] = _field("What it counts", isin=[v.value for v in Indicator])
    unit: Series[str] = _field("Unit of value", isin=["ha", "km"])
    operator: Series[str] = _field("How the sum must compare", isin=[">=", ">"])
    value: Series[float] = _field("Amount promised", "as column unit", gt=0)
    start: Series[str] = _field("First day that counts, ISO date")
    deadline: Series[str] = _field("Last day that counts, ISO date")
    excludes: Series[str] = _field(
        "Ecosystem that does not count", nullable=True, isin=list(ECOSYSTEMS)
    )
    clause_zh: Series[str] = _field("The words of the source, where quoted", nullable=True)
    clause_en: Series[str] = _field("The same in English, translated for this map", nullable=True)
    source: Series[str] = _field("Document")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Projects(pa.DataFrameModel):
    """Restoration projects: one row a project and indicator, each stage's amount kept apart."""

    project_id: Series[str] = _field("Id of the project")
    name_zh: Series[str] = _field("Chinese name")
    name_en: Series[str] = _field("English name")
    zone_id: Series[str] = _field("Zone it lies in, as fine as is known")
    indicator: Series[str] = _field("What the amounts count", isin=[v.value for v in Indicator])
    ecosystem: Series[str] = _field("Ecosystem restored", nullable=True, isin=list(ECOSYSTEMS))
    unit: Series[str] = _field("Unit of the amounts", isin=["ha", "km"])
    planned: Series[float] = _field("Amount planned", "as column unit", nullable=True, ge=0)
    started: Series[float] = _field("Amount begun", "as column unit", nullable=True, ge=0)
    completed: Series[float] = _field("Amount finished", "as column unit", nullable=True, ge=0)
    accepted: Series[float] = _field("Amount accepted", "as column unit", nullable=True, ge=0)
    surviving: Series[float] = _field("Amount alive later", "as column unit", nullable=True, ge=0)
    completed_on: Series[str] = _field(
        "When it was finished, ISO, may be a year or month", nullable=True
    )
    accepted_on: Series[str] = _field("Day of acceptance, ISO date", nullable=True)
    reported_on: Series[str] = _field("Date of the latest report, ISO, may be a year or month")
    part_of: Series[str] = _field("Project that already counts these amounts", nullable=True)
    provenance: Series[str] = _field("Kind of record", isin=[v.value for v in Provenance])
    source: Series[str] = _field("Where it comes from")
    note_zh: Series[str] = _field("What to know about it, Chinese", nullable=True)
    note_en: Series[str] = _field("What to know about it, English", nullable=True)

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Registers(pa.DataFrameModel):
    """Who has said, of which target, that its list of projects is complete."""

    target_id: Series[str] = _field("Target whose projects are meant")
    zone_id: Series[str] = _field("Zone the statement is about")
    complete_to: Series[str] = _field("Projects up to this ISO date are all on record")
    provenance: Series[str] = _field("Kind of record", isin=[v.value for v in Provenance])
    source: Series[str] = _field("Who says so")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Factors(pa.DataFrameModel):
    """Coefficients: one row a value."""

    factor_id: Series[str] = _field("Id of the coefficient", unique=True)
    ecosystem: Series[str] = _field("Ecosystem, or the product or gas it is about")
    species: Series[str] = _field("Species or class it is about", nullable=True)
    region: Series[str] = _field("Where it was measured")
    pool: Series[str] = _field("Carbon pool")
    depth_top_cm: Series[float] = _field("Upper end of the soil depth", "cm", nullable=True, ge=0)
    depth_bottom_cm: Series[float] = _field("Lower end", "cm", nullable=True, gt=0)
    quantity: Series[str] = _field("What is given")
    unit: Series[str] = _field("Unit of value, low, high, sd", nullable=True)
    value: Series[float] = _field("Value", "as column unit", nullable=True)
    low: Series[float] = _field("Lower end of the interval", "as column unit", nullable=True)
    high: Series[float] = _field("Upper end of the interval", "as column unit", nullable=True)
    interval_kind: Series[str] = _field("What low and high are", nullable=True)
    sd: Series[float] = _field("Standard deviation between sites", "as column unit", nullable=True)
    n: Series[float] = _field("Number of sites or cores", nullable=True, ge=1)
    n_note: Series[str] = _field("What n counts, where it is not plain", nullable=True)
    source: Series[str] = _field("Publication")
    doi: Series[str] = _field("DOI", nullable=True)
    tier: Series[int] = _field("1 global, 2 national, 3 provincial or site", isin=[1, 2, 3])
    confidence: Series[str] = _field(
        "How far the value was checked",
        isin=["verified", "verified_secondary", "derived_from_verified", "from_memory_unverified"],
    )
    note: Series[str] = _field("What to know before using it", nullable=True)

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Parts(pa.DataFrameModel):
    """Finest rows of a summary: one zone, ecosystem and dominant species each."""

    zone_id: Series[str] = _field("Zone; (outside) for ground in no zone")
    zone_name: Series[str] = _field("Name of the zone")
    ecosystem: Series[str] = _field("Ecosystem", isin=list(ECOSYSTEMS))
    species: Series[str] = _field("Dominant species, scientific name", nullable=True)
    area_ha: Series[float] = _field("Area on the ellipsoid, overlaps counted once", "ha", ge=0)
    demonstration_ha: Series[float] = _field("Part of it that is demonstration data", "ha", ge=0)
    stock_t_c: Series[float] = _field("Carbon held", "t C", nullable=True, ge=0)
    stock_t_c_low: Series[float] = _field("Lower end", "t C", nullable=True, ge=0)
    stock_t_c_high: Series[float] = _field("Upper end", "t C", nullable=True, ge=0)
    stock_t_co2e: Series[float] = _field("Carbon held, as CO2", "t CO2e", nullable=True, ge=0)
    sequestration_t_c_yr: Series[float] = _field(
        "Carbon buried a year", "t C/yr", nullable=True, ge=0
    )
    sequestration_t_c_yr_low: Series[float] = _field("Lower end", "t C/yr", nullable=True, ge=0)
    sequestration_t_c_yr_high: Series[float] = _field("Upper end", "t C/yr", nullable=True, ge=0)
    pools: Series[str] = _field("Pools the stock holds", nullable=True)
    interval_kind: Series[str] = _field("What low and high are", nullable=True)
    factor_id: Series[str] = _field("Coefficients of the stock", nullable=True)
    sequestration_factor_id: Series[str] = _field("Coefficient of the rate", nullable=True)
    tier: Series[float] = _field(
        "Coarsest tier used: 1 global, 2 national, 3 provincial or site", nullable=True
    )

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Summary(Parts):
    """One zone and ecosystem a row: what the screen shows and an export gives."""

    species: Series[str] = _field("Dominant species found, scientific names", nullable=True)
    invasive_ha: Series[float] = _field("Part under invasive species", "ha", ge=0)
    unvalued_ha: Series[float] = _field("Part without a stock coefficient", "ha", ge=0)


class Pools(pa.DataFrameModel):
    """One part of a summary and one carbon pool a row; the pools of a part add up to its stock."""

    zone_id: Series[str] = _field("Zone; (outside) for ground in no zone")
    zone_name: Series[str] = _field("Name of the zone")
    ecosystem: Series[str] = _field("Ecosystem", isin=list(ECOSYSTEMS))
    species: Series[str] = _field("Dominant species, scientific name", nullable=True)
    pool: Series[str] = _field("Carbon pool, with its soil depth where one is stated")
    area_ha: Series[float] = _field("Area of the part; the same for each of its pools", "ha", ge=0)
    density_t_c_ha: Series[float] = _field("Carbon density", "t C/ha", ge=0)
    density_low_t_c_ha: Series[float] = _field("Lower end", "t C/ha", nullable=True, ge=0)
    density_high_t_c_ha: Series[float] = _field("Upper end", "t C/ha", nullable=True, ge=0)
    interval_kind: Series[str] = _field("What the low and high ends are", nullable=True)
    stock_t_c: Series[float] = _field("Carbon held", "t C", ge=0)
    stock_t_c_low: Series[float] = _field("Lower end", "t C", nullable=True, ge=0)
    stock_t_c_high: Series[float] = _field("Upper end", "t C", nullable=True, ge=0)
    stock_t_co2e: Series[float] = _field("Carbon held, as CO2", "t CO2e", ge=0)
    factor_id: Series[str] = _field("Coefficient")
    tier: Series[float] = _field("Tier: 1 global, 2 national, 3 provincial or site", nullable=True)

    class Config:
        """Strict, nothing coerced."""

        strict = True


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
