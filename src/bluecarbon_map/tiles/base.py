"""Tiles of the ground the map is drawn on: sea, land, coast, zone lines and names."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import shapely
from PIL import Image, ImageChops, ImageDraw

from bluecarbon_map.tables import Level
from bluecarbon_map.tiles.canvas import SUPERSAMPLE, Canvas, png, rgb, shrunk
from bluecarbon_map.tiles.labels import Label, Labels
from bluecarbon_map.tiles.mercator import TILE_PX, GeometryArray, Tile
from bluecarbon_map.tiles.shapes import ShapeLayer

SEA: Final = "#EAF2F8"
LAND: Final = "#F4F1EA"
COAST: Final = "#9DB4C2"
CITY_LINE: Final = "#B9B1A2"
COUNTY_LINE: Final = "#DAD4C8"
_COUNTIES_FROM_ZOOM: Final = 8
_NAMING_DETAIL_DEG: Final = 0.008

Language = Literal["zh", "en"]


class BaseMap:
    """Draws the base layer of one workspace.

    Zone lines are shown on land only: out at sea they would look like sea borders.
    """

    def __init__(
        self, land: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, font: Path | None = None
    ) -> None:
        """Take what is drawn.

        Args:
            land: Columns ``name_zh, name_en, geometry``, EPSG:4490.
            zones: Contract `tables.Zones`.
            font: Font file with Chinese characters; None draws no names.
        """
        self._land = ShapeLayer(land.geometry.to_numpy())
        self._cities = ShapeLayer(_of_level(zones, Level.CITY).geometry.to_numpy())
        self._counties = ShapeLayer(_of_level(zones, Level.COUNTY).geometry.to_numpy())
        self._labels = Labels(_label_list(land, zones), font) if font is not None else None

    def draw(self, tile: Tile, language: Language = "zh") -> bytes:
        """One tile as a PNG file, names in the language asked for."""
        canvas = Canvas(tile)
        drawing = Image.new("RGB", (TILE_PX * SUPERSAMPLE,) * 2, rgb(SEA))
        land = self._land.on(tile)
        ground = canvas.filled(land.polygons)
        canvas.dot(ground, land.dots, 0.6)
        drawing.paste(rgb(LAND), mask=ground)
        self._lines(drawing, canvas, ground)
        coast = canvas.blank()
        canvas.stroke(coast, land.polygons, 0.8)
        drawing.paste(rgb(COAST), mask=coast)
        finished = shrunk(drawing)
        if self._labels is not None:
            self._labels.draw(ImageDraw.Draw(finished), tile, language)
        return png(finished)

    def _lines(self, drawing: Image.Image, canvas: Canvas, ground: Image.Image) -> None:
        tile = canvas.tile
        if tile.z >= _COUNTIES_FROM_ZOOM:
            lines = canvas.blank()
            canvas.stroke(lines, self._counties.on(tile).polygons, 0.7)
            drawing.paste(rgb(COUNTY_LINE), mask=ImageChops.multiply(lines, ground))
        lines = canvas.blank()
        canvas.stroke(lines, self._cities.on(tile).polygons, 1.0)
        drawing.paste(rgb(CITY_LINE), mask=ImageChops.multiply(lines, ground))


def _of_level(zones: gpd.GeoDataFrame, level: Level) -> gpd.GeoDataFrame:
    return zones[zones["level"] == level.value]


def _label_list(land: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> list[Label]:
    """Cities and counties with their names, each at a place inside its land."""
    near = shapely.clip_by_rect(land.geometry.to_numpy(), *zones.total_bounds)
    ground = shapely.union_all(shapely.make_valid(shapely.simplify(near, _NAMING_DETAIL_DEG)))
    listed: list[Label] = []
    for level in (Level.CITY, Level.COUNTY):
        listed += _labels_of(_of_level(zones, level), ground, level)
    return listed


def _labels_of(areas: gpd.GeoDataFrame, ground: shapely.Geometry, level: Level) -> list[Label]:
    shapes = areas.geometry.to_numpy()
    on_land = shapely.intersection(shapes, ground)
    shapes = np.where(shapely.is_empty(on_land), shapes, on_land)
    places = [_inner_place(shape) for shape in shapes]
    names_en = areas["name_en"].to_numpy(dtype=object)
    return [
        Label(place, str(zh), str(en) if isinstance(en, str) else str(zh), level)
        for place, zh, en in zip(places, areas["name_zh"], names_en, strict=True)
    ]


def _inner_place(shape: shapely.Geometry) -> tuple[float, float]:
    """A place well inside the largest part of a shape, in degrees."""
    parts: GeometryArray = shapely.get_parts(shape)
    largest = parts[int(np.argmax(shapely.area(parts)))]
    circle = shapely.maximum_inscribed_circle(largest, tolerance=0.01)
    place = shapely.get_coordinates(circle)[0]
    return float(place[0]), float(place[1])
