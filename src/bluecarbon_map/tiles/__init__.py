"""Map tiles drawn on the server: PNG, 256 × 256, Web Mercator, addressed by zoom, column, row."""

from bluecarbon_map.tiles.base import BEYOND, BaseMap, Language, sheet_of
from bluecarbon_map.tiles.ground_changes import GROUND_INKS, GroundLayer
from bluecarbon_map.tiles.habitats import HabitatLayer, empty_tile
from bluecarbon_map.tiles.legends import (
    Legend,
    LegendClass,
    LegendStop,
    class_name,
    legend,
)
from bluecarbon_map.tiles.mercator import MAX_ZOOM, TILE_PX, Tile, fitting_view
from bluecarbon_map.tiles.raster_changes import RasterChange, difference_legend
from bluecarbon_map.tiles.rasters import RasterLayer
from bluecarbon_map.tiles.unknown import UnknownGround

__all__ = [
    "BEYOND",
    "GROUND_INKS",
    "MAX_ZOOM",
    "TILE_PX",
    "BaseMap",
    "GroundLayer",
    "HabitatLayer",
    "Language",
    "Legend",
    "LegendClass",
    "LegendStop",
    "RasterChange",
    "RasterLayer",
    "Tile",
    "UnknownGround",
    "class_name",
    "difference_legend",
    "empty_tile",
    "fitting_view",
    "legend",
    "sheet_of",
]
