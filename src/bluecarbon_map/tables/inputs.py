"""Contracts of what a workspace holds: zones, surveys, patches, rasters, targets, projects."""

from __future__ import annotations

from typing import Any

import pandera.pandas as pa
from pandera.geopandas import GeoDataFrameModel
from pandera.typing import Series
from pandera.typing.geopandas import GeoSeries

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.tables.fields import field
from bluecarbon_map.tables.words import Indicator, Level, Provenance, RasterKind


class Zones(GeoDataFrameModel):
    """Areas that results are added up over."""

    zone_id: Series[str] = field("Code of the zone, GB/T 2260 where it has one", unique=True)
    name_zh: Series[str] = field("Chinese name")
    name_en: Series[str] = field("English name", nullable=True)
    level: Series[str] = field("Administrative level", isin=[v.value for v in Level])
    parent_id: Series[str] = field("Zone it is part of", nullable=True)
    provenance: Series[str] = field("Kind of record", isin=[v.value for v in Provenance])
    source: Series[str] = field("Where the boundary comes from")
    geometry: GeoSeries[Any] = field("Outline")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Surveys(pa.DataFrameModel):
    """Survey passports."""

    survey_id: Series[str] = field("Id of the survey", unique=True)
    title_zh: Series[str] = field("Chinese title")
    title_en: Series[str] = field("English title")
    mode: Series[str] = field(
        "基础/变更/专项/应急", isin=["baseline", "change", "special", "emergency"]
    )
    means: Series[str] = field(
        "遥感/固定站/移动", isin=["remote_sensing", "fixed_station", "mobile", "none"]
    )
    year: Series[int] = field("Year the survey stands for", ge=1900, le=2200)
    observed_from: Series[str] = field("First day of observation, ISO date", nullable=True)
    observed_to: Series[str] = field("Last day of observation, ISO date", nullable=True)
    base_survey_id: Series[str] = field("Survey it changes", nullable=True)
    organisation: Series[str] = field("Who made it", nullable=True)
    method: Series[str] = field("How it was made")
    cover_threshold_percent: Series[float] = field(
        "Least plant cover of a vegetated patch", "%", nullable=True, ge=0, le=100
    )
    accuracy_percent: Series[float] = field(
        "Overall accuracy of the map, as its maker states it", "%", nullable=True, ge=0, le=100
    )
    source_file: Series[str] = field("File it came in", nullable=True)
    source_sha256: Series[str] = field(
        "SHA-256 of that file", nullable=True, str_matches=r"^[0-9a-f]{64}$"
    )
    provenance: Series[str] = field("Kind of record", isin=[v.value for v in Provenance])
    source: Series[str] = field("Where it comes from")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Habitats(GeoDataFrameModel):
    """Mapped patches: one ecosystem in one survey each."""

    habitat_id: Series[str] = field("Id of the patch", unique=True)
    survey_id: Series[str] = field("Survey it belongs to")
    name_zh: Series[str] = field("Chinese name of the place", nullable=True)
    name_en: Series[str] = field("English name of the place", nullable=True)
    ecosystem: Series[str] = field("Ecosystem", isin=list(ECOSYSTEMS))
    species: Series[str] = field("Dominant species, scientific name", nullable=True)
    stated_area_ha: Series[float] = field("Area as the source states it", "ha", nullable=True, gt=0)
    provenance: Series[str] = field("Kind of record", isin=[v.value for v in Provenance])
    source: Series[str] = field("Where it comes from")
    note: Series[str] = field("What to know about it", nullable=True)
    geometry: GeoSeries[Any] = field("Outline")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Rasters(pa.DataFrameModel):
    """Passports of rasters; a class raster holds the codes of ``ecosystems.CLASS_CODES``."""

    raster_id: Series[str] = field(
        "Id of the raster: letters, digits, - and _", unique=True, str_matches=r"^[A-Za-z0-9_-]+$"
    )
    title_zh: Series[str] = field("Chinese title")
    title_en: Series[str] = field("English title")
    kind: Series[str] = field("What its pixels hold", isin=[v.value for v in RasterKind])
    survey_id: Series[str] = field("Survey it goes with", nullable=True)
    year: Series[int] = field("Year it shows", ge=1900, le=2200)
    quantity_zh: Series[str] = field("What is measured, Chinese", nullable=True)
    quantity_en: Series[str] = field("What is measured, English", nullable=True)
    unit: Series[str] = field("Unit of its values; empty for classes", nullable=True)
    low: Series[float] = field("Lower end of the colours", "as column unit", nullable=True)
    high: Series[float] = field("Upper end of the colours", "as column unit", nullable=True)
    provenance: Series[str] = field("Kind of record", isin=[v.value for v in Provenance])
    source: Series[str] = field("Where it comes from")
    licence: Series[str] = field("On what terms it may be used")
    method: Series[str] = field("How it was made, and how wrong it may be")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Targets(pa.DataFrameModel):
    """Versioned targets of plans."""

    plan_id: Series[str] = field("Plan the target stands in")
    plan_zh: Series[str] = field("Chinese title of the plan")
    plan_en: Series[str] = field("English title of the plan")
    version: Series[int] = field("Version of the target; the highest is in force", ge=1)
    target_id: Series[str] = field("Id of the target")
    name_zh: Series[str] = field("Chinese name")
    name_en: Series[str] = field("English name")
    zone_id: Series[str] = field("Zone it is set for")
    indicator: Series[str] = field("What it counts", isin=[v.value for v in Indicator])
    unit: Series[str] = field("Unit of value", isin=["ha", "km"])
    operator: Series[str] = field("How the sum must compare", isin=[">=", ">"])
    value: Series[float] = field("Amount promised", "as column unit", gt=0)
    start: Series[str] = field("First day that counts, ISO date")
    deadline: Series[str] = field("Last day that counts, ISO date")
    excludes: Series[str] = field(
        "Ecosystem that does not count", nullable=True, isin=list(ECOSYSTEMS)
    )
    clause_zh: Series[str] = field("The words of the source, where quoted", nullable=True)
    clause_en: Series[str] = field("The same in English, translated for this map", nullable=True)
    source: Series[str] = field("Document")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Projects(pa.DataFrameModel):
    """Restoration projects: one row a project and indicator, each stage's amount kept apart."""

    project_id: Series[str] = field("Id of the project")
    name_zh: Series[str] = field("Chinese name")
    name_en: Series[str] = field("English name")
    zone_id: Series[str] = field("Zone it lies in, as fine as is known")
    indicator: Series[str] = field("What the amounts count", isin=[v.value for v in Indicator])
    ecosystem: Series[str] = field("Ecosystem restored", nullable=True, isin=list(ECOSYSTEMS))
    unit: Series[str] = field("Unit of the amounts", isin=["ha", "km"])
    planned: Series[float] = field("Amount planned", "as column unit", nullable=True, ge=0)
    started: Series[float] = field("Amount begun", "as column unit", nullable=True, ge=0)
    completed: Series[float] = field("Amount finished", "as column unit", nullable=True, ge=0)
    accepted: Series[float] = field("Amount accepted", "as column unit", nullable=True, ge=0)
    surviving: Series[float] = field("Amount alive later", "as column unit", nullable=True, ge=0)
    completed_on: Series[str] = field(
        "When it was finished, ISO, may be a year or month", nullable=True
    )
    accepted_on: Series[str] = field("Day of acceptance, ISO date", nullable=True)
    reported_on: Series[str] = field("Date of the latest report, ISO, may be a year or month")
    part_of: Series[str] = field("Project that already counts these amounts", nullable=True)
    provenance: Series[str] = field("Kind of record", isin=[v.value for v in Provenance])
    source: Series[str] = field("Where it comes from")
    note_zh: Series[str] = field("What to know about it, Chinese", nullable=True)
    note_en: Series[str] = field("What to know about it, English", nullable=True)

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Registers(pa.DataFrameModel):
    """Who has said, of which target, that its list of projects is complete."""

    target_id: Series[str] = field("Target whose projects are meant")
    zone_id: Series[str] = field("Zone the statement is about")
    complete_to: Series[str] = field("Projects up to this ISO date are all on record")
    provenance: Series[str] = field("Kind of record", isin=[v.value for v in Provenance])
    source: Series[str] = field("Who says so")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class CoastUnits(pa.DataFrameModel):
    """The coastal provincial units, from north to south."""

    unit_id: Series[str] = field("Code, GB/T 2260", unique=True)
    name_zh: Series[str] = field("Chinese name")
    short_zh: Series[str] = field("Chinese short name")
    name_en: Series[str] = field("English name")
    map_name_zh: Series[str] = field("What is drawn of it on a map, Chinese")
    map_name_en: Series[str] = field("What is drawn of it on a map, English")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class CoastIndicators(pa.DataFrameModel):
    """What is published about the coastal provincial units."""

    indicator: Series[str] = field("Key of the indicator", unique=True)
    topic: Series[str] = field("Indicators of one topic stand side by side, never added")
    kind: Series[str] = field("What it tells", isin=["plan", "reported", "stated", "extent"])
    unit: Series[str] = field("Unit its values are shown in", isin=["ha", "km"])
    name_zh: Series[str] = field("Chinese name")
    name_en: Series[str] = field("English name")
    definition_zh: Series[str] = field("What it is, Chinese")
    definition_en: Series[str] = field("What it is, English")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class CoastFacts(pa.DataFrameModel):
    """Published numbers about the coastal provincial units: one number a row, as published."""

    fact_id: Series[str] = field("Id of the published statement; one can give several numbers")
    unit_id: Series[str] = field("Unit it is about, GB/T 2260; 000000 is the whole country")
    indicator: Series[str] = field("What it counts, from the table of indicators")
    qualifier: Series[str] = field("How exact it is", isin=["=", ">", ">=", "~"])
    value: Series[float] = field("Amount as published", "as column unit", ge=0)
    unit: Series[str] = field(
        "Unit as published; 亩 (mu), 万亩 (wan_mu)", isin=["ha", "mu", "wan_mu", "km2", "km"]
    )
    as_of: Series[str] = field("Day, month, year or period it holds for", nullable=True)
    definition_zh: Series[str] = field("What exactly was counted, Chinese")
    definition_en: Series[str] = field("What exactly was counted, English")
    source: Series[str] = field("Where it is published")
    confidence: Series[str] = field(
        "How far the source is to be trusted", isin=["high", "medium", "low"]
    )
    note_zh: Series[str] = field("What to know about it, Chinese", nullable=True)
    note_en: Series[str] = field("What to know about it, English", nullable=True)

    class Config:
        """Strict, nothing coerced."""

        strict = True
