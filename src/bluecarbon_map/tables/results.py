"""Contracts of coefficients and of what comes out: parts, summaries, pools."""

from __future__ import annotations

import pandera.pandas as pa
from pandera.typing import Series

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.tables.fields import field


class Factors(pa.DataFrameModel):
    """Coefficients: one row a value."""

    factor_id: Series[str] = field("Id of the coefficient", unique=True)
    ecosystem: Series[str] = field("Ecosystem, or the product or gas it is about")
    species: Series[str] = field("Species or class it is about", nullable=True)
    region: Series[str] = field("Where it was measured")
    pool: Series[str] = field("Carbon pool")
    depth_top_cm: Series[float] = field("Upper end of the soil depth", "cm", nullable=True, ge=0)
    depth_bottom_cm: Series[float] = field("Lower end", "cm", nullable=True, gt=0)
    quantity: Series[str] = field("What is given")
    unit: Series[str] = field("Unit of value, low, high, sd", nullable=True)
    value: Series[float] = field("Value", "as column unit", nullable=True)
    low: Series[float] = field("Lower end of the interval", "as column unit", nullable=True)
    high: Series[float] = field("Upper end of the interval", "as column unit", nullable=True)
    interval_kind: Series[str] = field("What low and high are", nullable=True)
    sd: Series[float] = field("Standard deviation between sites", "as column unit", nullable=True)
    n: Series[float] = field("Number of sites or cores", nullable=True, ge=1)
    n_note: Series[str] = field("What n counts, where it is not plain", nullable=True)
    source: Series[str] = field("Publication")
    doi: Series[str] = field("DOI", nullable=True)
    tier: Series[int] = field("1 global, 2 national, 3 provincial or site", isin=[1, 2, 3])
    confidence: Series[str] = field(
        "How far the value was checked",
        isin=["verified", "verified_secondary", "derived_from_verified", "from_memory_unverified"],
    )
    note: Series[str] = field("What to know before using it", nullable=True)

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Parts(pa.DataFrameModel):
    """Finest rows of a summary: one zone, ecosystem and dominant species each."""

    zone_id: Series[str] = field("Zone; (outside) for ground in no zone")
    zone_name: Series[str] = field("Name of the zone")
    ecosystem: Series[str] = field("Ecosystem", isin=list(ECOSYSTEMS))
    species: Series[str] = field("Dominant species, scientific name", nullable=True)
    area_ha: Series[float] = field("Area on the ellipsoid, overlaps counted once", "ha", ge=0)
    demonstration_ha: Series[float] = field("Part of it that is demonstration data", "ha", ge=0)
    stock_t_c: Series[float] = field("Carbon held", "t C", nullable=True, ge=0)
    stock_t_c_low: Series[float] = field("Lower end", "t C", nullable=True, ge=0)
    stock_t_c_high: Series[float] = field("Upper end", "t C", nullable=True, ge=0)
    stock_t_co2e: Series[float] = field("Carbon held, as CO2", "t CO2e", nullable=True, ge=0)
    sequestration_t_c_yr: Series[float] = field(
        "Carbon buried a year", "t C/yr", nullable=True, ge=0
    )
    sequestration_t_c_yr_low: Series[float] = field("Lower end", "t C/yr", nullable=True, ge=0)
    sequestration_t_c_yr_high: Series[float] = field("Upper end", "t C/yr", nullable=True, ge=0)
    pools: Series[str] = field("Pools the stock holds", nullable=True)
    interval_kind: Series[str] = field("What low and high are", nullable=True)
    factor_id: Series[str] = field("Coefficients of the stock", nullable=True)
    sequestration_factor_id: Series[str] = field("Coefficient of the rate", nullable=True)
    tier: Series[float] = field(
        "Coarsest tier used: 1 global, 2 national, 3 provincial or site", nullable=True
    )

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Summary(Parts):
    """One zone and ecosystem a row: what the screen shows and an export gives."""

    species: Series[str] = field("Dominant species found, scientific names", nullable=True)
    invasive_ha: Series[float] = field("Part under invasive species", "ha", ge=0)
    unvalued_ha: Series[float] = field("Part without a stock coefficient", "ha", ge=0)


class Pools(pa.DataFrameModel):
    """One part of a summary and one carbon pool a row; the pools of a part add up to its stock."""

    zone_id: Series[str] = field("Zone; (outside) for ground in no zone")
    zone_name: Series[str] = field("Name of the zone")
    ecosystem: Series[str] = field("Ecosystem", isin=list(ECOSYSTEMS))
    species: Series[str] = field("Dominant species, scientific name", nullable=True)
    pool: Series[str] = field("Carbon pool, with its soil depth where one is stated")
    area_ha: Series[float] = field("Area of the part; the same for each of its pools", "ha", ge=0)
    density_t_c_ha: Series[float] = field("Carbon density", "t C/ha", ge=0)
    density_low_t_c_ha: Series[float] = field("Lower end", "t C/ha", nullable=True, ge=0)
    density_high_t_c_ha: Series[float] = field("Upper end", "t C/ha", nullable=True, ge=0)
    interval_kind: Series[str] = field("What the low and high ends are", nullable=True)
    stock_t_c: Series[float] = field("Carbon held", "t C", ge=0)
    stock_t_c_low: Series[float] = field("Lower end", "t C", nullable=True, ge=0)
    stock_t_c_high: Series[float] = field("Upper end", "t C", nullable=True, ge=0)
    stock_t_co2e: Series[float] = field("Carbon held, as CO2", "t CO2e", ge=0)
    factor_id: Series[str] = field("Coefficient")
    tier: Series[float] = field("Tier: 1 global, 2 national, 3 provincial or site", nullable=True)

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Cores(pa.DataFrameModel):
    """Soil cores as carbon per hectare: one core a row; a refused one has a reason, no density."""

    study_id: Series[str] = field("Study the core belongs to")
    core_id: Series[str] = field("Id of the core in its study")
    to_depth_cm: Series[float] = field("Depth asked for", "cm", gt=0)
    density_t_c_ha: Series[float] = field(
        "Organic carbon to that depth, or to reaches_cm where the core ends above it",
        "t C/ha",
        nullable=True,
        ge=0,
    )
    density_se_t_c_ha: Series[float] = field(
        "Standard error by what `se_holds` names, no other", "t C/ha", nullable=True, ge=0
    )
    se_holds: Series[str] = field("What the error holds, or why it is unknown", nullable=True)
    carbon_from: Series[str] = field(
        "Where its carbon comes from: measured, LOI fit, LOI equation", nullable=True
    )
    slices_measured: Series[int] = field("Slices in it whose carbon was measured", ge=0)
    slices_loi: Series[int] = field("Slices in it whose carbon comes from LOI", ge=0)
    slices_loi_refused: Series[int] = field(
        "Slices whose LOI the regression cannot answer for: left without carbon", ge=0
    )
    compaction_factor: Series[float] = field(
        "Depths were divided, bulk densities multiplied by it; missing where none was asked for",
        "1", nullable=True, gt=0, le=1,
    )  # fmt: skip
    covered_cm: Series[float] = field("Soil with a known carbon above that depth", "cm", ge=0)
    coverage: Series[float] = field("The same as a share of the depth", "1", ge=0, le=1)
    reaches_cm: Series[float] = field("Lower face of the deepest known slice", "cm", ge=0)
    extrapolated: Series[bool] = field("Whether it holds soil below what was measured")
    refused_because: Series[str] = field("Why there is no density", nullable=True)

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Schemes(pa.DataFrameModel):
    """One accounting scheme a row: what it makes of one place and survey; rows are never added."""

    scheme_id: Series[str] = field("Id of the scheme", unique=True)
    scheme_zh: Series[str] = field("Chinese title")
    scheme_en: Series[str] = field("English title")
    area_ha: Series[float] = field("Area of the survey, counted or not", "ha", ge=0)
    counted_ha: Series[float] = field("Area the scheme counts", "ha", ge=0)
    left_out_ha: Series[float] = field("Area it leaves out", "ha", ge=0)
    invasive_ha: Series[float] = field("Counted area under invasive species", "ha", ge=0)
    demonstration_ha: Series[float] = field("Counted area of demonstration data", "ha", ge=0)
    stock_t_c: Series[float] = field("Carbon held by the counted area", "t C", nullable=True, ge=0)
    stock_t_c_low: Series[float] = field("Lower end", "t C", nullable=True, ge=0)
    stock_t_c_high: Series[float] = field("Upper end", "t C", nullable=True, ge=0)
    interval_kind: Series[str] = field("What the ends of the stock are", nullable=True)
    unvalued_ha: Series[float] = field(
        "Counted area without a stock: above zero the stock reads at least", "ha", ge=0
    )
    flow_t_c_yr: Series[float] = field(
        "Carbon taken up a year; never added to the stock", "t C/yr", nullable=True, ge=0
    )
    flow_t_c_yr_low: Series[float] = field("Lower end", "t C/yr", nullable=True, ge=0)
    flow_t_c_yr_high: Series[float] = field("Upper end", "t C/yr", nullable=True, ge=0)
    flow_interval_kind: Series[str] = field("What the ends of the flow are", nullable=True)
    unrated_ha: Series[float] = field(
        "Counted area without a flow: above zero the flow reads at least", "ha", ge=0
    )
    left_out: Series[str] = field("Ecosystems of the survey it leaves out", nullable=True)
    not_mapped: Series[str] = field("What it counts and this survey does not hold", nullable=True)
    factors_zh: Series[str] = field("Coefficients it was added up with, Chinese", nullable=True)
    factors_en: Series[str] = field("The same in English", nullable=True)
    note_zh: Series[str] = field("What its numbers rest on, Chinese")
    note_en: Series[str] = field("The same in English")
    no_stock_zh: Series[str] = field("Why it gives no stock at all, Chinese", nullable=True)
    no_stock_en: Series[str] = field("The same in English", nullable=True)
    no_flow_zh: Series[str] = field("Why it gives no annual flow at all, Chinese", nullable=True)
    no_flow_en: Series[str] = field("The same in English", nullable=True)
    invasive_zh: Series[str] = field("What it does with Spartina, Chinese")
    invasive_en: Series[str] = field("The same in English")
    document_zh: Series[str] = field("Document it stands in, Chinese")
    document_en: Series[str] = field("The same in English")
    source_zh: Series[str] = field("Where this is known from, Chinese")
    source_en: Series[str] = field("The same in English")
    confidence: Series[str] = field("How far that was checked")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class SchemeLines(pa.DataFrameModel):
    """One ecosystem of the survey under one scheme a row, counted or left out with the reason."""

    scheme_id: Series[str] = field("Id of the scheme")
    ecosystem: Series[str] = field("Ecosystem", isin=list(ECOSYSTEMS))
    counted: Series[bool] = field("Whether the scheme counts it here")
    category_zh: Series[str] = field("What the scheme calls it, Chinese", nullable=True)
    category_en: Series[str] = field("The same in English", nullable=True)
    basis: Series[str] = field("What its amount is worked out from: area, harvest", nullable=True)
    area_ha: Series[float] = field("Area of the survey", "ha", ge=0)
    invasive_ha: Series[float] = field("Part under invasive species", "ha", ge=0)
    demonstration_ha: Series[float] = field("Part of it that is demonstration data", "ha", ge=0)
    stock_t_c: Series[float] = field("Carbon held", "t C", nullable=True, ge=0)
    stock_t_c_low: Series[float] = field("Lower end", "t C", nullable=True, ge=0)
    stock_t_c_high: Series[float] = field("Upper end", "t C", nullable=True, ge=0)
    flow_t_c_yr: Series[float] = field("Carbon taken up a year", "t C/yr", nullable=True, ge=0)
    flow_t_c_yr_low: Series[float] = field("Lower end", "t C/yr", nullable=True, ge=0)
    flow_t_c_yr_high: Series[float] = field("Upper end", "t C/yr", nullable=True, ge=0)
    why_zh: Series[str] = field("Why it is left out, Chinese", nullable=True)
    why_en: Series[str] = field("The same in English", nullable=True)
    no_stock_zh: Series[str] = field("Why its stock is not known, Chinese", nullable=True)
    no_stock_en: Series[str] = field("The same in English", nullable=True)
    no_flow_zh: Series[str] = field("Why its annual flow is not known, Chinese", nullable=True)
    no_flow_en: Series[str] = field("The same in English", nullable=True)

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Transitions(pa.DataFrameModel):
    """What ground turned into between two surveys; a class that is missing was not mapped."""

    zone_id: Series[str] = field("Zone; (outside) for ground in none")
    zone_name: Series[str] = field("Its name")
    ecosystem_from: Series[str] = field("Ecosystem in the first survey", nullable=True)
    species_from: Series[str] = field("Dominant species there", nullable=True)
    ecosystem_to: Series[str] = field("Ecosystem in the second survey", nullable=True)
    species_to: Series[str] = field("Dominant species there", nullable=True)
    area_ha: Series[float] = field("Ground that went this way", "ha", gt=0)
    demonstration_ha: Series[float] = field("Part of it that is demonstration data", "ha", ge=0)
    stock_from_t_c: Series[float] = field("Carbon held before", "t C", nullable=True, ge=0)
    stock_to_t_c: Series[float] = field("Carbon held after", "t C", nullable=True, ge=0)
    stock_change_t_c: Series[float] = field(
        "After less before; unknown where either is", "t C", nullable=True
    )

    class Config:
        """Strict, nothing coerced."""

        strict = True
