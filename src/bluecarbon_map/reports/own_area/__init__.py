"""Own areas: ground that somebody drew or brought along, and what a survey comes to there."""

from bluecarbon_map.reports.own_area.figures import (
    AREA_ID,
    MOST_PATCHES,
    AreaFigures,
    area_figures,
    trace_area,
)
from bluecarbon_map.reports.own_area.link import from_code, to_code
from bluecarbon_map.reports.own_area.out import area_bundle, area_json, area_text
from bluecarbon_map.reports.own_area.shape import (
    MOST_VERTICES,
    OwnArea,
    Told,
    clean_name,
    from_geojson,
    own_area,
    to_geojson,
)

__all__ = [
    "AREA_ID",
    "MOST_PATCHES",
    "MOST_VERTICES",
    "AreaFigures",
    "OwnArea",
    "Told",
    "area_bundle",
    "area_figures",
    "area_json",
    "area_text",
    "clean_name",
    "from_code",
    "from_geojson",
    "own_area",
    "to_code",
    "to_geojson",
    "trace_area",
]
