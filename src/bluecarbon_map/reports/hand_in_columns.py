"""Columns of the tables for handing in that have no contract of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FACTOR_COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "factor_id": ("", "Id of the coefficient"),
    "ecosystem": ("", "Ecosystem"),
    "species": ("", "Dominant species, scientific name; empty for any"),
    "role": ("", "What it was used for"),
    "pool": ("", "Carbon pool, with its soil depth where one is stated"),
    "value": ("as column unit", "Value as used"),
    "unit": ("", "Unit of value, low and high"),
    "low": ("as column unit", "Lower end as used"),
    "high": ("as column unit", "Upper end as used"),
    "interval_kind": ("", "What low and high are"),
    "borrowed_from": ("", "Coefficient that lent its relative standard deviation"),
    "clipped": ("", "Whether a negative lower end was set to 0"),
    "tier": ("", "1 global, 2 national, 3 provincial or site"),
    "fell_back_zh": ("", "Coarser tier it fell back to, Chinese"),
    "fell_back_en": ("", "Coarser tier it fell back to, English"),
    "source": ("", "Publication"),
    "why_zh": ("", "Why this coefficient, Chinese"),
    "why_en": ("", "Why this coefficient, English"),
    "region": ("", "Where it was measured"),
    "depth_top_cm": ("cm", "Upper end of the soil depth"),
    "depth_bottom_cm": ("cm", "Lower end of the soil depth"),
    "quantity": ("", "What is given"),
    "published_value": ("as published_unit", "Value as published"),
    "published_unit": ("", "Unit as published"),
    "published_low": ("as published_unit", "Lower end as published"),
    "published_high": ("as published_unit", "Upper end as published"),
    "published_interval_kind": ("", "What the published ends are"),
    "sd": ("as published_unit", "Standard deviation between sites"),
    "n": ("", "Number of sites or cores"),
    "n_note": ("", "What n counts, where it is not plain"),
    "doi": ("", "DOI"),
    "confidence": ("", "How far the value was checked"),
    "note": ("", "What to know before using it"),
}
"""Unit and description of each column of `sources`."""

TARGET_COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "plan_id": ("", "Plan the target stands in"),
    "target_id": ("", "Id of the target"),
    "name_zh": ("", "Chinese name"),
    "name_en": ("", "English name"),
    "target_zone_id": ("", "Zone the target is set for"),
    "unit": ("", "Unit of value, counted and counted_in_zone"),
    "operator": ("", "How the sum must compare"),
    "value": ("as column unit", "Amount promised"),
    "start": ("", "First day that counts"),
    "deadline": ("", "Last day that counts"),
    "as_of": ("", "Day looked at"),
    "counted": ("as column unit", "Accepted amounts that count; empty where none is known"),
    "fraction": ("1", "Counted share of the target"),
    "zone_id": ("", "Zone that counted_in_zone is about"),
    "counted_in_zone": ("as column unit", "Part of counted that lies in the zone"),
    "state": ("", "Where the target stands"),
    "rule_zh": ("", "Rule of the state, Chinese"),
    "rule_en": ("", "Rule of the state, English"),
    "source": ("", "Document"),
}
"""Unit and description of each column of the table of targets."""

ENTRY_COLUMNS: Final = (
    "target_id", "project_id", "name_zh", "name_en", "zone_id", "amount", "unit", "counts",
    "why_zh", "why_en", "provenance", "source",
)  # fmt: skip

PATCH_COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "habitat_id": ("", "Id of the patch"),
    "survey_id": ("", "Survey it belongs to"),
    "name_zh": ("", "Chinese name of the place"),
    "name_en": ("", "English name of the place"),
    "area_ha": ("ha", "Area on the ellipsoid"),
    "area_in_zone_ha": ("ha", "Part of it in the zone"),
    "ecosystem": ("", "Ecosystem"),
    "species": ("", "Dominant species, scientific name"),
    "stated_area_ha": ("ha", "Area as the source states it"),
    "provenance": ("", "Kind of record"),
    "source": ("", "Where it comes from"),
    "note": ("", "What to know about it"),
}
"""Unit and description of each column of the layer of patches."""
