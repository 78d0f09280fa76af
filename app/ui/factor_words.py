"""Codes of the table of coefficients, in the language of the session."""

from __future__ import annotations

from bluecarbon_map.ecosystems import ECOSYSTEMS, SPECIES
from bluecarbon_map.factors import IntervalKind
from ui import naming, state
from ui.words import _


def about(key: str) -> str:
    """Ecosystem, product or gas that a coefficient is about."""
    if key in ECOSYSTEMS:
        return naming.ecosystem_name(key)
    words = {
        "all": _("all"),
        "gas": _("gas"),
        "mangrove_or_salt_marsh": _("mangrove or salt marsh"),
        "aquaculture": _("aquaculture"),
        "coastal_wetland": _("coastal wetland"),
        "bivalve": _("bivalves"),
        "macroalgae": _("macroalgae"),
        "herbaceous": _("herbaceous plants"),
        "mineral_soil": _("mineral soil"),
    }
    return words.get(key, key)


def species(key: str) -> str:
    """Species where the vocabulary has it; else the class as the table names it."""
    return naming.species_name(key) if key in SPECIES else key


def region(key: str) -> str:
    """Where a value was measured."""
    words = {
        "global": _("global"),
        "China": _("China"),
        "Shanghai": _("Shanghai"),
        "East China Sea": _("East China Sea"),
        "Zhejiang": _("Zhejiang"),
        "Shandong": _("Shandong"),
        "Fujian": _("Fujian"),
        "Guangxi": _("Guangxi"),
        "East China coast": _("East China coast"),
        "Hebei": _("Hebei"),
        "Hainan": _("Hainan"),
    }
    return words.get(key, key)


def pool(key: str) -> str:
    """Carbon pool, or part of a product."""
    words = {
        "all": _("all"),
        "none": _("none"),
        "soil": _("soil"),
        "water": _("water"),
        "air_sea": _("between air and sea"),
        "whole": _("whole"),
        "soft_tissue": _("soft tissue"),
        "shell": _("shell"),
        "life_cycle": _("life cycle"),
        "soft": _("soft tissue"),
        "biomass": _("biomass"),
        "aboveground_biomass": _("biomass above ground"),
        "belowground_biomass": _("biomass below ground"),
        "wood": _("wood"),
        "area": _("area"),
        "litter": _("litter"),
        "deadwood": _("dead wood"),
        "ecosystem": _("whole ecosystem"),
    }
    return words.get(key, key)


def quantity(key: str) -> str:
    """What is given."""
    return (_rates() | _contents()).get(key, key)


def _rates() -> dict[str, str]:
    return {
        "removal_C": _("carbon removed a year"),
        "emission_C": _("carbon given off a year"),
        "emission_CH4": _("methane given off"),
        "emission_N2O_N": _("nitrous oxide given off, as N"),
        "removal_C_default": _("carbon removed a year, default"),
        "burial_C": _("carbon buried a year"),
        "burial_C_total": _("carbon buried a year, in all"),
        "annual_increment_C": _("seasonal increment of carbon"),
        "CO2_uptake": _("carbon dioxide taken up"),
        "uptake_C": _("carbon taken up"),
        "CO2_release": _("carbon dioxide given off"),
        "CH4_emission_CO2e": _("methane given off, as CO₂e"),
        "CH4_flux": _("flux of methane"),
        "durable_removal_C": _("carbon removed for long"),
        "growth_dm": _("growth, dry mass"),
        "half_life": _("half-life"),
        "fraction_lost": _("fraction lost"),
    }


def _contents() -> dict[str, str]:
    return {
        "C_to_CO2": _("carbon to carbon dioxide"),
        "GWP100": _("global warming potential, 100 years"),
        "dry_to_wet_percent": _("dry of wet mass"),
        "dry_mass_share_percent": _("share of the dry mass"),
        "carbon_percent": _("carbon content"),
        "C_per_wet_tonne": _("carbon in a tonne of wet mass"),
        "CO2_per_wet_tonne": _("carbon dioxide for a tonne of wet mass"),
        "carbon_fraction": _("carbon fraction"),
        "stock_dm": _("stock, dry mass"),
        "root_shoot_ratio": _("root to shoot ratio"),
        "wood_density": _("wood density"),
        "stock_C_default": _("carbon stock, default"),
        "organic_carbon_percent": _("organic carbon content"),
        "area": _("area"),
        "SOC_content": _("soil organic carbon content"),
        "TOC_percent": _("total organic carbon content"),
        "stock_C": _("carbon stock"),
        "stock_C_total": _("carbon stock, in all"),
    }


def interval_kind(key: object) -> str:
    """What the ends of an interval are; empty where there are none."""
    if not isinstance(key, str):
        return ""
    return IntervalKind(key).name_zh if state.language() == "zh" else key


def confidence(key: str) -> str:
    """How far a value was checked."""
    words = {
        "verified": _("read in the source"),
        "verified_secondary": _("read in a text that quotes the source"),
        "derived_from_verified": _("computed from checked values"),
        "from_memory_unverified": _("not checked: used only when accepted"),
    }
    return words[key]
