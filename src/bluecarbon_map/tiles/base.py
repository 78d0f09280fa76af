"""Tiles of the ground the map is drawn on: sea, land, coast, borders, zone lines and names."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw

from bluecarbon_map.tables import Level
from bluecarbon_map.tiles.canvas import Canvas, png, rgb
from bluecarbon_map.tiles.labels import Labels
from bluecarbon_map.tiles.mercator import TILE_PX, Tile, to_world
from bluecarbon_map.tiles.names import label_list
from bluecarbon_map.tiles.shapes import ShapeLayer

SEA: Final = "#EAF2F8"
LAND: Final = "#F4F1EA"
COAST: Final = "#9DB4C2"
BORDER: Final = "#A9A193"
CITY_LINE: Final = "#B9B1A2"
COUNTY_LINE: Final = "#DAD4C8"
BEYOND: Final = "#E9EDF0"
NEATLINE: Final = "#C3CBD1"
SHEET_MARGIN_DEG: Final = 0.8
_COUNTIES_FROM_ZOOM: Final = 8
_MARGIN_PX: Final = 4
"""Drawn beyond the tile, so that an edge found in the drawing runs on across the seam."""
_SLIVER_PX: Final = 0.5
_COAST: Final = 2
"""Width of the coast, on its water side, in pixels of the enlarged drawing."""
_INLAND: Final = 2
"""How far from water a border of provinces ends, in pixels of the enlarged drawing."""

Language = Literal["zh", "en"]
Bounds = tuple[float, float, float, float]
Grid = NDArray[np.uint8]


def sheet_of(zones: gpd.GeoDataFrame) -> Bounds:
    """West, south, east, north of the map sheet of some zones, in degrees."""
    west, south, east, north = zones.total_bounds.tolist()
    margin = SHEET_MARGIN_DEG
    return west - margin, south - margin, east + margin, north + margin


class BaseMap:
    """Draws the base layer of one workspace, on a sheet `SHEET_MARGIN_DEG` wider than its zones.

    Beyond the sheet a tile is plain: no land, no sea, no line, no name. The land of a workspace is
    complete around its zones only; farther off, land that is not in the file would be painted as
    sea. Nothing is drawn that the workspace does not vouch for.

    Zone lines and borders of provinces are shown on land only: out at sea they would look like sea
    borders.
    """

    def __init__(
        self, land: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, font: Path | None = None
    ) -> None:
        """Take what is drawn.

        Args:
            land: Columns ``name_zh, name_en, geometry``, EPSG:4490; later rows lie on top. Complete
                within the sheet.
            zones: Contract `tables.Zones`.
            font: Font file with Chinese characters; None draws no names.
        """
        west, south, east, north = sheet_of(zones)
        corners = to_world(np.array([[west, north], [east, south]]))
        self._sheet: Bounds = (*corners[0].tolist(), *corners[1].tolist())
        near = land[land.geometry.intersects(_box(zones))]
        self._land = ShapeLayer(near.geometry.to_numpy())
        self._cities = ShapeLayer(_of_level(zones, Level.CITY).geometry.to_numpy())
        self._counties = ShapeLayer(_of_level(zones, Level.COUNTY).geometry.to_numpy())
        self._labels: Labels | None = None
        if font is not None:
            names = label_list(near, zones, sheet_of(zones))
            self._labels = Labels(names, font, within=self._sheet)

    def draw(self, tile: Tile, language: Language = "zh") -> bytes:
        """One tile as a PNG file, names in the language asked for."""
        sheet = self._on(tile)
        if sheet[0] >= TILE_PX or sheet[1] >= TILE_PX or sheet[2] <= 0 or sheet[3] <= 0:
            return _plain_tile()
        drawing = self._ground(Canvas(tile, _MARGIN_PX))
        if self._labels is not None:
            self._labels.draw(ImageDraw.Draw(drawing), tile, language)
        return png(_cut_out(drawing, sheet))

    def _on(self, tile: Tile) -> tuple[int, int, int, int]:
        """The sheet in pixels of a tile: left, top, right, bottom."""
        left, top, right, bottom = (round(edge * tile.scale) for edge in self._sheet)
        x, y = tile.x * TILE_PX, tile.y * TILE_PX
        return left - x, top - y, right - x, bottom - y

    def _ground(self, canvas: Canvas) -> Image.Image:
        """Sea, land and lines, at the size of a tile."""
        units = self._units(canvas)
        ground = _mask(units > 0)
        land = ground.copy()
        canvas.dot(land, self._land.on(canvas.tile).dots, 0.6)
        drawing = Image.new("RGB", ground.size, rgb(SEA))
        drawing.paste(rgb(LAND), mask=land)
        self._zone_lines(drawing, canvas, ground)
        drawing.paste(rgb(BORDER), mask=_mask(_borders(units)))
        coast = _mask(_widened(units, _COAST) > 0)
        drawing.paste(rgb(COAST), mask=ImageChops.subtract(coast, land))
        return canvas.finished(drawing)

    def _units(self, canvas: Canvas) -> Grid:
        """Which row of the land each pixel belongs to, counted from 1; 0 where there is none.

        Thin strokes close the slivers between outlines that were thinned apart.
        """
        drawn = self._land.on(canvas.tile)
        units = canvas.blank()
        for number, row in enumerate(np.unique(drawn.polygon_row), start=1):
            polygons = drawn.polygons[drawn.polygon_row == row]
            shape = canvas.filled(polygons)
            canvas.stroke(shape, polygons, _SLIVER_PX)
            units.paste(number, mask=shape)
        return np.asarray(units)

    def _zone_lines(self, drawing: Image.Image, canvas: Canvas, ground: Image.Image) -> None:
        tile = canvas.tile
        if tile.z >= _COUNTIES_FROM_ZOOM:
            lines = canvas.blank()
            canvas.stroke(lines, self._counties.on(tile).polygons, 0.7)
            drawing.paste(rgb(COUNTY_LINE), mask=ImageChops.multiply(lines, ground))
        lines = canvas.blank()
        canvas.stroke(lines, self._cities.on(tile).polygons, 1.0)
        drawing.paste(rgb(CITY_LINE), mask=ImageChops.multiply(lines, ground))


def _borders(units: Grid) -> NDArray[np.bool_]:
    """Where units of land meet, away from all water."""
    lowest = 255 - _widened(255 - units, 1)
    meets: NDArray[np.bool_] = _widened(units, 1) != lowest
    return meets & (_widened(255 - units, _INLAND) < 255)


def _widened(grid: Grid, reach: int) -> Grid:
    """The highest value within so many rows and columns of each pixel."""
    wide = grid
    for _ in ("columns", "rows"):
        wide = wide.T.copy()
        still = wide.copy()
        for shift in range(1, reach + 1):
            np.maximum(wide[shift:], still[:-shift], out=wide[shift:])
            np.maximum(wide[:-shift], still[shift:], out=wide[:-shift])
    return wide


def _mask(where: NDArray[np.bool_]) -> Image.Image:
    return Image.fromarray(where.astype(np.uint8) * np.uint8(255))


def _cut_out(drawing: Image.Image, sheet: tuple[int, int, int, int]) -> Image.Image:
    """The drawing within the sheet, plain ground beyond, a thin line between."""
    left, top, right, bottom = sheet
    if left < 0 and top < 0 and right > TILE_PX and bottom > TILE_PX:
        return drawing
    finished = Image.new("RGB", (TILE_PX, TILE_PX), rgb(BEYOND))
    corner = max(left, 0), max(top, 0)
    inside = (*corner, min(right, TILE_PX), min(bottom, TILE_PX))
    finished.paste(drawing.crop(inside), corner)
    ImageDraw.Draw(finished).rectangle((left, top, right - 1, bottom - 1), outline=rgb(NEATLINE))
    return finished


@cache
def _plain_tile() -> bytes:
    return png(Image.new("RGB", (TILE_PX, TILE_PX), rgb(BEYOND)))


def _box(zones: gpd.GeoDataFrame) -> shapely.Geometry:
    return shapely.box(*sheet_of(zones))


def _of_level(zones: gpd.GeoDataFrame, level: Level) -> gpd.GeoDataFrame:
    return zones[zones["level"] == level.value]
