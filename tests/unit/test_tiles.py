"""Tiles: pixel colours worked out by hand."""

from __future__ import annotations

import io
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bluecarbon_map.tiles import TILE_PX, BaseMap, HabitatLayer, Tile, empty_tile, fitting_view
from bluecarbon_map.tiles.canvas import rgb
from bluecarbon_map.tiles.mercator import to_world

FONT = Path(__file__).parents[2] / "app/static/vendor/fonts/noto-sans-sc-400.woff2"
ZOOM_1_EAST_NORTH = Tile(1, 1, 0)
"""0–180E, 0–85.05N: 256 pixels for 180 degrees of longitude."""


def habitats(*patches: tuple[str, str | None, str, shapely.Geometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "ecosystem": [patch[0] for patch in patches],
            "species": [patch[1] for patch in patches],
            "provenance": [patch[2] for patch in patches],
        },
        geometry=[patch[3] for patch in patches],
        crs="EPSG:4490",
    )


def picture(tile: bytes) -> np.ndarray:
    image = Image.open(io.BytesIO(tile))
    assert image.size == (TILE_PX, TILE_PX)
    return np.asarray(image.convert("RGBA"))


def same_colour(pixel: np.ndarray, colour: str) -> bool:
    """Shrinking a half-transparent drawing may round each part by one."""
    return bool((np.abs(pixel[:3].astype(int) - rgb(colour)) <= 1).all())


def zones(*rows: tuple[str, str, shapely.Geometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "zone_id": [str(at) for at in range(len(rows))],
            "name_zh": [row[0] for row in rows],
            "name_en": [f"Name {at}" for at in range(len(rows))],
            "level": [row[1] for row in rows],
        },
        geometry=[row[2] for row in rows],
        crs="EPSG:4490",
    )


WEST_HALF = shapely.box(0, 0, 90, 85)
LAND = gpd.GeoDataFrame(
    {"name_zh": ["陆"], "name_en": ["Land"]}, geometry=[WEST_HALF], crs="EPSG:4490"
)
NO_ZONES = zones(("省", "province", WEST_HALF))


def test_the_world_is_one_tile_with_null_island_in_its_middle():
    assert to_world(np.array([[0.0, 0.0], [-180.0, 85.05112878]])) == pytest.approx(
        np.array([[128.0, 128.0], [0.0, 0.0]]), abs=1e-6
    )


def test_hangzhou_lies_in_the_tile_that_every_web_map_puts_it_in():
    x, y = to_world(np.array([[120.15, 30.28]]))[0] * 2**10 / TILE_PX
    # x = 1024 × 300.15/360; y from the printed formula of the tile scheme.
    assert (int(x), int(y)) == (853, 421)


def test_a_patch_on_the_western_half_colours_the_western_half_only():
    layer = HabitatLayer(habitats(("mangrove", None, "survey", WEST_HALF)))
    pixels = picture(layer.draw(ZOOM_1_EAST_NORTH))
    assert same_colour(pixels[128, 64], "#1B7837")
    assert pixels[128, 192, 3] == 0


def test_spartina_has_its_own_colour_and_other_marsh_has_the_marsh_colour():
    east_half = shapely.box(90, 0, 180, 85)
    layer = HabitatLayer(
        habitats(
            ("salt_marsh", "Spartina alterniflora", "survey", WEST_HALF),
            ("salt_marsh", "Phragmites australis", "survey", east_half),
        )
    )
    pixels = picture(layer.draw(ZOOM_1_EAST_NORTH))
    assert same_colour(pixels[128, 64], "#9E3FA3")
    assert same_colour(pixels[128, 192], "#8CC665")


@pytest.mark.parametrize("order", [1, -1])
def test_mangrove_is_drawn_over_a_tidal_flat_whatever_their_order(order: int):
    patches = [
        ("tidal_flat", None, "survey", WEST_HALF),
        ("mangrove", None, "survey", shapely.box(30, 10, 60, 60)),
    ]
    pixels = picture(HabitatLayer(habitats(*patches[::order])).draw(ZOOM_1_EAST_NORTH))
    assert same_colour(pixels[200, 64], "#1B7837")
    assert same_colour(pixels[200, 10], "#C8A165")


def test_a_hole_in_a_patch_stays_empty_and_an_island_in_it_shows():
    ring = shapely.box(0, 0, 90, 85).difference(shapely.box(20, 10, 70, 70))
    island = shapely.box(40, 30, 50, 50)
    layer = HabitatLayer(
        habitats(("mangrove", None, "survey", shapely.MultiPolygon([ring, island])))
    )
    pixels = picture(layer.draw(ZOOM_1_EAST_NORTH))
    assert pixels[220, 40, 3] == 0  # 28E, some 25N: in the hole
    assert pixels[190, 64, 3] > 0  # 45E, some 42N: on the island


def test_a_patch_of_a_fifth_of_a_hectare_is_still_seen_on_a_map_of_the_province():
    place = shapely.Point(122.3, 29.9)
    layer = HabitatLayer(habitats(("mangrove", None, "survey", place.buffer(0.0003))))
    world = to_world(np.array([[122.3, 29.9]]))[0] * 2**8
    tile = Tile(8, int(world[0] // TILE_PX), int(world[1] // TILE_PX))
    pixels = picture(layer.draw(tile))
    assert (pixels[..., 3] > 100).sum() >= 4
    row, column = int(world[1] % TILE_PX), int(world[0] % TILE_PX)
    assert same_colour(pixels[row, column], "#1B7837")


def test_demonstration_is_lighter_and_can_be_left_out():
    layer = HabitatLayer(habitats(("mangrove", None, "demonstration", WEST_HALF)))
    real = HabitatLayer(habitats(("mangrove", None, "published", WEST_HALF)))
    shown = picture(layer.draw(ZOOM_1_EAST_NORTH))
    assert 0 < shown[128, 64, 3] < picture(real.draw(ZOOM_1_EAST_NORTH))[128, 64, 3]
    assert layer.draw(ZOOM_1_EAST_NORTH, demonstration=False) == empty_tile()


def test_demonstration_has_a_dotted_outline_from_zoom_10_on():
    layer = HabitatLayer(
        habitats(("mangrove", None, "demonstration", shapely.box(120, 28, 121, 29)))
    )
    corner = to_world(np.array([[120.0, 28.5]]))[0] * 2**10 // TILE_PX
    pixels = picture(layer.draw(Tile(10, int(corner[0]), int(corner[1]))))
    edge = (pixels[..., 3] > 200) & (pixels[..., 1] < 0x78 * 0.75)
    rows = edge.any(axis=1)
    assert 0.2 < rows.mean() < 0.9  # dots with gaps between them


def test_only_the_ecosystems_asked_for_are_drawn():
    layer = HabitatLayer(habitats(("mangrove", None, "survey", WEST_HALF)))
    assert layer.draw(ZOOM_1_EAST_NORTH, {"tidal_flat"}) == empty_tile()
    assert layer.draw(ZOOM_1_EAST_NORTH, {"mangrove"}) != empty_tile()


def test_an_empty_survey_draws_empty_tiles():
    assert HabitatLayer(habitats()).draw(ZOOM_1_EAST_NORTH) == empty_tile()


def test_the_ground_is_land_where_there_is_land_and_sea_elsewhere():
    pixels = picture(BaseMap(LAND, NO_ZONES).draw(ZOOM_1_EAST_NORTH))
    assert same_colour(pixels[128, 40], "#F4F1EA")
    assert same_colour(pixels[128, 200], "#EAF2F8")


def test_zone_lines_stop_at_the_coast():
    across = zones(("市", "city", shapely.box(-10, -10, 200, 40)))
    with_lines = picture(BaseMap(LAND, across).draw(ZOOM_1_EAST_NORTH))
    without = picture(BaseMap(LAND, NO_ZONES).draw(ZOOM_1_EAST_NORTH))
    changed = (with_lines != without).any(axis=2)
    assert changed[:, :120].any()
    assert not changed[:, 135:].any()


def test_names_are_written_in_the_language_asked_for_and_only_with_a_font():
    city = zones(("乐清市", "city", shapely.box(120.9, 28.0, 121.2, 28.4)))
    land = LAND.set_geometry([shapely.box(120, 27, 122, 29)], crs="EPSG:4490")
    tile = Tile(8, *(int(v) for v in to_world(np.array([[121.05, 28.2]]))[0] * 2**8 // TILE_PX))
    drawn = BaseMap(land, city, FONT)
    silent = BaseMap(land, city)
    assert drawn.draw(tile, "zh") != drawn.draw(tile, "en")
    assert silent.draw(tile, "zh") == silent.draw(tile, "en")


def test_neighbouring_tiles_agree_on_the_pixels_at_their_seam():
    band = shapely.box(-10, 20, 100, 40)
    layer = HabitatLayer(habitats(("mangrove", None, "survey", band)))
    west, east = picture(layer.draw(Tile(3, 4, 3))), picture(layer.draw(Tile(3, 5, 3)))
    assert (west[:, -1] == east[:, 0]).all()


@pytest.mark.parametrize("address", [(19, 0, 0), (-1, 0, 0), (2, 4, 0), (2, 0, -1)])
def test_an_address_outside_the_world_is_refused(address: tuple[int, int, int]):
    with pytest.raises(ValueError, match="zoom"):
        Tile(*address)


@given(st.floats(-179, 178), st.floats(-80, 79), st.floats(0.001, 1.0), st.integers(300, 1600))
def test_a_fitting_view_holds_the_whole_box_and_one_zoom_more_would_not(lon, lat, side, width):
    box = (lon, lat, lon + side, lat + side)
    (_, centre), zoom = fitting_view(box, width, width)
    corners = to_world(np.array([[box[0], box[3]], [box[2], box[1]]])) * 2**zoom
    spread = float((corners[1] - corners[0]).max())
    assert box[0] <= centre <= box[2]
    assert spread <= width * (1 + 1e-9)
    assert zoom == 18 or spread * 2 > width
