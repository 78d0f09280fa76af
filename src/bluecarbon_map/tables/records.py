"""Contracts of the records an office keeps beside its maps: sites, cores, visits, trade, duties.

Money and tonnes that are traded are `decimal.Decimal` (column type ``object``), so that ten times
0.1 is 1; what is measured is a float. Dates are ISO text.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandera.pandas as pa
from pandera.geopandas import GeoDataFrameModel
from pandera.typing import Series
from pandera.typing.geopandas import GeoSeries

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.tables.fields import field
from bluecarbon_map.tables.words import Decision, PatchChange, Provenance

_PROVENANCE = [v.value for v in Provenance]


def _is_amount(value: object) -> bool:
    return isinstance(value, Decimal) and value.is_finite() and value >= 0


class Sites(pa.DataFrameModel):
    """Places that are observed, with what was found there last."""

    site_id: Series[str] = field("Id of the site", unique=True)
    name: Series[str] = field("Name", nullable=True)
    ecosystem: Series[str] = field("Ecosystem", isin=list(ECOSYSTEMS))
    species: Series[str] = field("Dominant species, scientific name", nullable=True)
    lon: Series[float] = field("Longitude, CGCS2000", "deg", ge=-180, le=180)
    lat: Series[float] = field("Latitude, CGCS2000", "deg", ge=-90, le=90)
    area_ha: Series[float] = field("Area as stated", "ha", nullable=True, gt=0)
    density_t_c_ha: Series[float] = field("Carbon density", "t C/ha", nullable=True, ge=0)
    observed_on: Series[str] = field("Day of the observation, ISO date", nullable=True)
    provenance: Series[str] = field("Kind of record", isin=_PROVENANCE)
    source: Series[str] = field("Where it comes from")
    note: Series[str] = field("What to know about it", nullable=True)

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Observations(pa.DataFrameModel):
    """What was measured at a site on a day."""

    site_id: Series[str] = field("Site")
    observed_on: Series[str] = field("Day, ISO date")
    quantity: Series[str] = field("What was measured")
    value: Series[float] = field("Value", "as column unit")
    unit: Series[str] = field("Unit")
    means: Series[str] = field(
        "遥感/固定站/移动", isin=["remote_sensing", "fixed_station", "mobile"]
    )
    method: Series[str] = field("How", nullable=True)
    provenance: Series[str] = field("Kind of record", isin=_PROVENANCE)
    source: Series[str] = field("Where it comes from")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class CoreSlices(pa.DataFrameModel):
    """Slices of soil cores, as the Coastal Carbon Network's ``depthseries``."""

    study_id: Series[str] = field("Study")
    site_id: Series[str] = field("Site", nullable=True)
    core_id: Series[str] = field("Core")
    depth_min_cm: Series[float] = field("Upper end of the slice", "cm", ge=0)
    depth_max_cm: Series[float] = field("Lower end", "cm", gt=0)
    dry_bulk_density_g_cm3: Series[float] = field(
        "Dry bulk density", "g/cm³", nullable=True, gt=0, le=3
    )
    fraction_carbon: Series[float] = field("Organic carbon", "g/g", nullable=True, ge=0, le=1)
    fraction_organic_matter: Series[float] = field(
        "Organic matter", "g/g", nullable=True, ge=0, le=1
    )
    provenance: Series[str] = field("Kind of record", isin=_PROVENANCE)
    source: Series[str] = field("Where it comes from")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Visits(pa.DataFrameModel):
    """Visits to a restoration project: what stood there on a day."""

    visit_id: Series[str] = field("Id of the visit", unique=True)
    project_id: Series[str] = field("Project")
    visited_on: Series[str] = field("Day, ISO date")
    indicator: Series[str] = field("What the amount counts", nullable=True)
    amount: Series[float] = field("Amount alive or in place", "as column unit", nullable=True, ge=0)
    unit: Series[str] = field("Unit of the amount", nullable=True, isin=["ha", "km"])
    survival_percent: Series[float] = field("Plants alive", "%", nullable=True, ge=0, le=100)
    visitor: Series[str] = field("Who went", nullable=True)
    provenance: Series[str] = field("Kind of record", isin=_PROVENANCE)
    source: Series[str] = field("Where it comes from")
    note: Series[str] = field("What was seen", nullable=True)

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Harvests(pa.DataFrameModel):
    """Harvests of farmed algae and bivalves."""

    harvest_id: Series[str] = field("Id of the harvest", unique=True)
    zone_id: Series[str] = field("Zone, as fine as is known", nullable=True)
    name: Series[str] = field("Farm", nullable=True)
    species: Series[str] = field("Species, scientific name")
    wet_t: Series[object] = field("Wet harvest, decimal", "t wet")
    harvested_on: Series[str] = field("Day, month or year, ISO")
    provenance: Series[str] = field("Kind of record", isin=_PROVENANCE)
    source: Series[str] = field("Where it comes from")
    note: Series[str] = field("What to know about it", nullable=True)

    @pa.check("wet_t", element_wise=True, name="a decimal that is not negative")
    def _amounts(cls, value: object) -> bool:  # noqa: N805 (pandera's way)
        return _is_amount(value)

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Transactions(pa.DataFrameModel):
    """Trades of carbon credits, as they were reported."""

    transaction_id: Series[str] = field("Serial of the trade", unique=True)
    project_id: Series[str] = field("Project whose credits are traded", nullable=True)
    kind: Series[str] = field("What happened")
    t_co2e: Series[object] = field("Amount, decimal", "t CO2e")
    price_cny_t: Series[object] = field("Price, decimal", "CNY/t CO2e", nullable=True)
    traded_on: Series[str] = field("Day, ISO date")
    market: Series[str] = field("Where", nullable=True)
    purpose: Series[str] = field("What for: compliance, donation, judicial …", nullable=True)
    seller: Series[str] = field("Seller", nullable=True)
    buyer: Series[str] = field("Buyer", nullable=True)
    provenance: Series[str] = field("Kind of record", isin=_PROVENANCE)
    source: Series[str] = field("Where it comes from")
    note: Series[str] = field("What to know about it", nullable=True)

    @pa.check("t_co2e", "price_cny_t", element_wise=True, name="a decimal that is not negative")
    def _amounts(cls, value: object) -> bool:  # noqa: N805 (pandera's way)
        return _is_amount(value)

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Instruments(pa.DataFrameModel):
    """Loans, bonds, funds and insurance that rest on blue carbon."""

    instrument_id: Series[str] = field("Id", unique=True)
    kind: Series[str] = field("What it is", isin=["loan", "bond", "fund", "insurance", "other"])
    name: Series[str] = field("Name")
    zone_id: Series[str] = field("Zone", nullable=True)
    amount_cny: Series[object] = field("Amount, decimal", "CNY", nullable=True)
    issued_on: Series[str] = field("Day, month or year, ISO", nullable=True)
    provider: Series[str] = field("Bank, fund or insurer", nullable=True)
    provenance: Series[str] = field("Kind of record", isin=_PROVENANCE)
    source: Series[str] = field("Where it is published")
    note: Series[str] = field("What to know about it", nullable=True)

    @pa.check("amount_cny", element_wise=True, name="a decimal that is not negative")
    def _amounts(cls, value: object) -> bool:  # noqa: N805 (pandera's way)
        return _is_amount(value)

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Policies(pa.DataFrameModel):
    """Policy documents."""

    policy_id: Series[str] = field("Id", unique=True)
    title: Series[str] = field("Title")
    issued_by: Series[str] = field("Who issued it", nullable=True)
    issued_on: Series[str] = field("Day, month or year, ISO", nullable=True)
    source: Series[str] = field("Where it is published")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Duties(pa.DataFrameModel):
    """Who has to do what by which clause of a policy."""

    duty_id: Series[str] = field("Id", unique=True)
    policy_id: Series[str] = field("Policy")
    clause: Series[str] = field("Words of the clause")
    body: Series[str] = field("Who has the duty")
    role: Series[str] = field("Leading or helping", isin=["lead", "support"])
    deadline: Series[str] = field("Day, month or year, ISO", nullable=True)
    source: Series[str] = field("Where it is published")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class Extents(GeoDataFrameModel):
    """Ground that a survey really looked at; outside of it nothing is known."""

    survey_id: Series[str] = field("Survey", unique=True)
    note: Series[str] = field("What to know about it", nullable=True)
    source: Series[str] = field("Where it comes from")
    geometry: GeoSeries[Any] = field("Outline")

    class Config:
        """Strict, nothing coerced."""

        strict = True


class PatchChanges(GeoDataFrameModel):
    """What a change survey says of its base survey, patch by patch, and what was decided."""

    survey_id: Series[str] = field("Change survey")
    change_no: Series[int] = field("Number of the change within the survey", ge=1)
    what: Series[str] = field("What is said to have happened", isin=[v.value for v in PatchChange])
    base_habitat_id: Series[str] = field("Patch of the base survey", nullable=True)
    habitat_id: Series[str] = field("Patch of the change survey", nullable=True)
    name_zh: Series[str] = field("Chinese name of the place", nullable=True)
    ecosystem_from: Series[str] = field("Ecosystem before", nullable=True)
    ecosystem_to: Series[str] = field("Ecosystem after", nullable=True)
    species_from: Series[str] = field("Species before", nullable=True)
    species_to: Series[str] = field("Species after", nullable=True)
    area_from_ha: Series[float] = field("Area before", "ha", nullable=True, ge=0)
    area_to_ha: Series[float] = field("Area after", "ha", nullable=True, ge=0)
    decision: Series[str] = field("What was decided", isin=[v.value for v in Decision])
    note: Series[str] = field("Why", nullable=True)
    provenance: Series[str] = field("Kind of record", isin=_PROVENANCE)
    source: Series[str] = field("Where it comes from")
    geometry: GeoSeries[Any] = field("Outline after; before, where the patch is gone")

    class Config:
        """Strict, nothing coerced."""

        strict = True
