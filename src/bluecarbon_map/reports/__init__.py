"""Use cases: what the dashboard, the command line and a notebook ask of a workspace."""

from bluecarbon_map.reports.beginning import begin, coastal_provinces
from bluecarbon_map.reports.coast import (
    Coast,
    CoastFact,
    CoastIndicator,
    CoastUnit,
    read_coast,
)
from bluecarbon_map.reports.comparing import (
    Difference,
    Pair,
    Verdict,
    Whole,
    compare_surveys,
    nested,
    overlap,
    rank_pairs,
    stock_difference,
    whole_difference,
)
from bluecarbon_map.reports.guards import Checked, Flagged, Place, check_summary
from bluecarbon_map.reports.hand_in_choice import (
    FORMATS_OF,
    NO_NOTES,
    Asked,
    What,
    file_name,
    hand_in,
    name_of,
)
from bluecarbon_map.reports.handin import (
    bundle,
    progress_json,
    progress_text,
    summary_json,
)
from bluecarbon_map.reports.honesty import Side, SoilRange, densities, soil_ranges, without_any
from bluecarbon_map.reports.measure import Measured, measure
from bluecarbon_map.reports.notes import has_demonstration, notes
from bluecarbon_map.reports.places import HabitatFacts, Places, PointFacts, at_point
from bluecarbon_map.reports.progress import progress, progress_by_zone
from bluecarbon_map.reports.ranking import pools_by_ecosystem, rows_with_density, totals_by
from bluecarbon_map.reports.raster_zones import (
    RasterAreas,
    RasterMeans,
    raster_areas,
    raster_means,
)
from bluecarbon_map.reports.rasters import (
    Held,
    PixelFacts,
    Swept,
    pixel,
    raster_passport,
    sweep,
)
from bluecarbon_map.reports.regions import Regions
from bluecarbon_map.reports.rounding import apportion
from bluecarbon_map.reports.simulating import Drawn, Law, simulate_summary
from bluecarbon_map.reports.standing import (
    CityStanding,
    accepted_steps,
    city_standing,
    counted_of,
    entries_in,
    pace_line,
    without_day,
)
from bluecarbon_map.reports.summary import Totals, ZoneSummary
from bluecarbon_map.reports.tornado import Input, InputSwing, Tornado, stock_tornado
from bluecarbon_map.reports.used import sources
from bluecarbon_map.reports.zone_facts import (
    NEIGHBOUR,
    SELF,
    WHOLE,
    ZoneFacts,
    beside,
    density,
    neighbours,
    percent,
    records_in,
    zone_areas,
    zone_facts,
)
from bluecarbon_map.reports.zones import choose_survey, summarise, summarise_layers

__all__ = [
    "FORMATS_OF",
    "NEIGHBOUR",
    "NO_NOTES",
    "SELF",
    "WHOLE",
    "Asked",
    "Checked",
    "CityStanding",
    "Coast",
    "CoastFact",
    "CoastIndicator",
    "CoastUnit",
    "Difference",
    "Drawn",
    "Flagged",
    "HabitatFacts",
    "Held",
    "Input",
    "InputSwing",
    "Law",
    "Measured",
    "Pair",
    "PixelFacts",
    "Place",
    "Places",
    "PointFacts",
    "RasterAreas",
    "RasterMeans",
    "Regions",
    "Side",
    "SoilRange",
    "Swept",
    "Tornado",
    "Totals",
    "Verdict",
    "What",
    "Whole",
    "ZoneFacts",
    "ZoneSummary",
    "accepted_steps",
    "apportion",
    "at_point",
    "begin",
    "beside",
    "bundle",
    "check_summary",
    "choose_survey",
    "city_standing",
    "coastal_provinces",
    "compare_surveys",
    "counted_of",
    "densities",
    "density",
    "entries_in",
    "file_name",
    "hand_in",
    "has_demonstration",
    "measure",
    "name_of",
    "neighbours",
    "nested",
    "notes",
    "overlap",
    "pace_line",
    "percent",
    "pixel",
    "pools_by_ecosystem",
    "progress",
    "progress_by_zone",
    "progress_json",
    "progress_text",
    "rank_pairs",
    "raster_areas",
    "raster_means",
    "raster_passport",
    "read_coast",
    "records_in",
    "rows_with_density",
    "simulate_summary",
    "soil_ranges",
    "sources",
    "stock_difference",
    "stock_tornado",
    "summarise",
    "summarise_layers",
    "summary_json",
    "sweep",
    "totals_by",
    "whole_difference",
    "without_any",
    "without_day",
    "zone_areas",
    "zone_facts",
]
