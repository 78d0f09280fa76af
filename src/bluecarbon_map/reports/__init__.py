"""Use cases: what the dashboard, the command line and a notebook ask of a workspace."""

from bluecarbon_map.reports.handin import (
    bundle,
    progress_json,
    progress_text,
    summary_json,
)
from bluecarbon_map.reports.measure import Measured, measure
from bluecarbon_map.reports.notes import notes
from bluecarbon_map.reports.places import HabitatFacts, Places, PointFacts, at_point
from bluecarbon_map.reports.progress import progress, progress_by_zone
from bluecarbon_map.reports.regions import Regions
from bluecarbon_map.reports.rounding import apportion
from bluecarbon_map.reports.summary import Totals, ZoneSummary
from bluecarbon_map.reports.used import sources
from bluecarbon_map.reports.zones import choose_survey, summarise, summarise_layers

__all__ = [
    "HabitatFacts",
    "Measured",
    "Places",
    "PointFacts",
    "Regions",
    "Totals",
    "ZoneSummary",
    "apportion",
    "at_point",
    "bundle",
    "choose_survey",
    "measure",
    "notes",
    "progress",
    "progress_by_zone",
    "progress_json",
    "progress_text",
    "sources",
    "summarise",
    "summarise_layers",
    "summary_json",
]
