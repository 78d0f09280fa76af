"""What each column of a file holds, in the language of the session."""

from __future__ import annotations

from ui.words import _


def described() -> dict[str, str]:
    """Meaning of every column that a hand-in may have; the names stay those of the files."""
    return _accounts() | _pools() | _factors() | _targets() | _patches()


def unit_words(unit: str) -> str:
    """A unit as it stands in the dictionary of a file, in the language of the session."""
    words = {
        "as column unit": _("see column unit"),
        "as published_unit": _("see column published_unit"),
    }
    return words.get(unit, unit)


def _accounts() -> dict[str, str]:
    return {
        "zone_id": _("Code of the zone; (outside) for ground in no zone"),
        "zone_name": _("Name of the zone"),
        "ecosystem": _("Ecosystem"),
        "species": _("Dominant species, scientific names"),
        "area_ha": _("Area on the ellipsoid"),
        "demonstration_ha": _("Part of it that is demonstration data"),
        "stock_t_c": _("Carbon held"),
        "stock_t_c_low": _("Carbon held, lower end of the interval"),
        "stock_t_c_high": _("Carbon held, upper end of the interval"),
        "stock_t_co2e": _("Carbon held, as carbon dioxide"),
        "sequestration_t_c_yr": _("Carbon buried a year; never to be added to the stock"),
        "sequestration_t_c_yr_low": _("Carbon buried a year, lower end"),
        "sequestration_t_c_yr_high": _("Carbon buried a year, upper end"),
        "pools": _("Pools that the stock holds"),
        "interval_kind": _("What the ends of the interval are"),
        "factor_id": _("Coefficients of the stock"),
        "sequestration_factor_id": _("Coefficient of the burial rate"),
        "tier": _("Coarsest tier used: 1 global, 2 national, 3 provincial or site"),
        "invasive_ha": _("Part under invasive species"),
        "unvalued_ha": _("Part without a coefficient: its stock is not known"),
    }


def _pools() -> dict[str, str]:
    return {
        "pool": _("Carbon pool, with its soil depth where one is stated"),
        "density_t_c_ha": _("Carbon density"),
        "density_low_t_c_ha": _("Carbon density, lower end"),
        "density_high_t_c_ha": _("Carbon density, upper end"),
    }


def _factors() -> dict[str, str]:
    return {
        "role": _("What the coefficient was used for"),
        "value": _("Value"),
        "unit": _("Unit of the numbers in this row"),
        "low": _("Lower end as used"),
        "high": _("Upper end as used"),
        "borrowed_from": _("Coefficient that lent its relative standard deviation"),
        "clipped": _("Whether a negative lower end was set to 0"),
        "fell_back_zh": _("Coarser tier that was fallen back to, in Chinese"),
        "fell_back_en": _("Coarser tier that was fallen back to, in English"),
        "source": _("Where it comes from"),
        "why_zh": _("Why, in Chinese"),
        "why_en": _("Why, in English"),
        "region": _("Where it was measured"),
        "depth_top_cm": _("Upper end of the soil depth"),
        "depth_bottom_cm": _("Lower end of the soil depth"),
        "quantity": _("What is given"),
        "published_value": _("Value as published"),
        "published_unit": _("Unit as published"),
        "published_low": _("Lower end as published"),
        "published_high": _("Upper end as published"),
        "published_interval_kind": _("What the published ends are"),
        "sd": _("Standard deviation between sites"),
        "n": _("Number of sites or cores"),
        "n_note": _("What the number counts, where it is not plain"),
        "doi": _("DOI"),
        "confidence": _("How far the value was checked"),
        "note": _("What to know about it"),
    }


def _targets() -> dict[str, str]:
    return {
        "plan_id": _("Plan the target stands in"),
        "target_id": _("Id of the target"),
        "name_zh": _("Chinese name"),
        "name_en": _("English name"),
        "target_zone_id": _("Zone the target is set for"),
        "operator": _("How the sum must compare"),
        "start": _("First day that counts"),
        "deadline": _("Last day that counts"),
        "as_of": _("Day looked at"),
        "counted": _("Accepted amounts that count; empty where none is known"),
        "fraction": _("Counted share of the target, 1 for all"),
        "counted_in_zone": _("Part of it that lies in the zone"),
        "state": _("Where the target stands"),
        "rule_zh": _("Rule of the state, in Chinese"),
        "rule_en": _("Rule of the state, in English"),
    }


def _patches() -> dict[str, str]:
    return {
        "habitat_id": _("Id of the patch"),
        "survey_id": _("Survey it belongs to"),
        "area_in_zone_ha": _("Part of the patch in the zone"),
        "stated_area_ha": _("Area as the source states it"),
        "provenance": _("Kind of record"),
    }
