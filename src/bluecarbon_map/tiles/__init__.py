"""Map tiles drawn on the server: PNG, 256 × 256, Web Mercator, addressed by zoom, column, row."""

from bluecarbon_map.tiles.base import BEYOND, BaseMap, Language, sheet_of
from bluecarbon_map.tiles.habitats import HabitatLayer, empty_tile
from bluecarbon_map.tiles.mercator import MAX_ZOOM, TILE_PX, Tile, fitting_view
from bluecarbon_map.tiles.rasters import (
    Legend,
    LegendClass,
    LegendStop,
    RasterLayer,
    class_name,
    legend,
)

__all__ = [
    "BEYOND",
    "MAX_ZOOM",
    "TILE_PX",
    "BaseMap",
    "HabitatLayer",
    "Language",
    "Legend",
    "LegendClass",
    "LegendStop",
    "RasterLayer",
    "Tile",
    "class_name",
    "empty_tile",
    "fitting_view",
    "legend",
    "sheet_of",
]
