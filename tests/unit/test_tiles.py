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

from bluecarbon_map.sample import open_workspace
from bluecarbon_map.tiles import (
    BEYOND,
    TILE_PX,
    BaseMap,
    HabitatLayer,
    Tile,
    empty_tile,
    fitting_view,
    sheet_of,
)
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
NO_ZONES = zones(("省", "province", shapely.box(-10, -10, 180, 85)))
"""The whole, and nothing with a line or a name in it."""


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
    assert same_colour(pixels[200, 10], "#B19C8E")


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
    across = zones(
        ("省", "province", shapely.box(-10, -10, 180, 85)),
        ("市", "city", shapely.box(-10, -10, 179, 40)),
    )
    with_lines = picture(BaseMap(LAND, across).draw(ZOOM_1_EAST_NORTH))
    without = picture(BaseMap(LAND, NO_ZONES).draw(ZOOM_1_EAST_NORTH))
    changed = (with_lines != without).any(axis=2)
    assert changed[:, :120].any()
    assert not changed[:, 135:].any()


def units(*shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    names = [f"省{at}" for at in range(len(shapes))]
    return gpd.GeoDataFrame({"name_zh": names, "name_en": names}, geometry=[*shapes], crs=4490)


def test_where_provinces_meet_there_is_a_border_and_no_coast():
    east_half = shapely.box(90, 0, 180, 85)
    pixels = picture(BaseMap(units(WEST_HALF, east_half), NO_ZONES).draw(ZOOM_1_EAST_NORTH))
    assert same_colour(pixels[128, 20], "#F4F1EA")
    assert same_colour(pixels[128, 200], "#F4F1EA")
    seam = pixels[128, 124:132, :3].astype(int)
    assert (seam.min(axis=0) < np.array(rgb("#F4F1EA")) - 30).all(), "no border"
    assert (seam[:, 2] <= seam[:, 0]).all(), "blue as a coast"


def test_a_coast_has_its_line_on_the_water_and_no_border():
    pixels = picture(BaseMap(LAND, NO_ZONES).draw(ZOOM_1_EAST_NORTH))
    row = pixels[128, 124:132, :3].astype(int)
    assert row[:, 0].min() < 0xEA - 25, "no coast"
    assert (row[row[:, 0] < 0xEA][:, 2] > row[row[:, 0] < 0xEA][:, 0]).all(), "brown as a border"


@given(st.floats(0.0, 0.3))
def test_a_sliver_between_thinned_outlines_is_no_water(gap_deg):
    # 0.3 degrees are 0.4 pixels, as much as thinning may shift an outline.
    beside = shapely.box(90 + gap_deg, 0, 180, 85)
    pixels = picture(BaseMap(units(WEST_HALF, beside), NO_ZONES).draw(ZOOM_1_EAST_NORTH))
    inland = pixels[20:236, 20:236]
    assert (inland[..., 2] <= inland[..., 0]).all()


def test_the_sheet_is_the_zones_and_eight_tenths_of_a_degree_around():
    two = zones(("甲", "county", shapely.box(120, 27, 121, 28)),
                ("乙", "county", shapely.box(122, 29, 123, 31)))  # fmt: skip
    assert sheet_of(two) == pytest.approx((119.2, 26.2, 123.8, 31.8))


def test_beyond_the_sheet_there_is_neither_land_nor_sea():
    zone = zones(("县", "county", shapely.box(30, 20, 60, 60)))
    ground = BaseMap(units(shapely.box(-180, -85, 45, 85)), zone)
    assert ground.draw(Tile(1, 0, 1)) == ground.draw(Tile(1, 1, 1)) == ground.draw(Tile(3, 0, 0))
    assert (picture(ground.draw(Tile(1, 1, 1)))[..., :3] == rgb(BEYOND)).all()
    pixels = picture(ground.draw(ZOOM_1_EAST_NORTH))
    # The sheet: 29.2–60.8E, 41.5–86.5 pixels; 19.2–60.8N, 148.9–228.3 pixels from the top.
    assert same_colour(pixels[190, 50], "#F4F1EA")
    assert same_colour(pixels[190, 80], "#EAF2F8")
    for row, column in ((190, 38), (190, 90), (145, 60), (232, 60)):
        assert tuple(pixels[row, column, :3]) == rgb(BEYOND)


@pytest.fixture(scope="module")
def zhejiang() -> BaseMap:
    workspace = open_workspace(Path(__file__).parents[2] / "data/zhejiang")
    return BaseMap(workspace.land(), workspace.zones(), FONT)


@pytest.mark.parametrize(
    ("what", "lon", "lat", "colour"),
    [
        ("Jiangxi", 117.7, 28.3, "#F4F1EA"),
        ("Anhui", 118.2, 31.0, "#F4F1EA"),
        ("Fujian", 118.6, 26.8, "#F4F1EA"),
        ("the East China Sea", 123.3, 29.0, "#EAF2F8"),
        ("the Taiwan Strait south of the sheet", 120.6, 25.6, BEYOND),
        ("Taiwan", 121.0, 24.2, BEYOND),
        ("Hubei", 115.0, 30.8, BEYOND),
        ("Kyushu", 130.8, 32.0, BEYOND),
    ],
)
def test_land_around_zhejiang_is_land_and_what_is_not_in_the_file_is_not_sea(
    zhejiang, what, lon, lat, colour
):
    world = to_world(np.array([[lon, lat]]))[0] * 2**9
    column, row = (int(v % TILE_PX) for v in world)
    tile = Tile(9, *(int(v // TILE_PX) for v in world))
    assert same_colour(picture(zhejiang.draw(tile))[row, column], colour), what


def test_a_neighbour_has_its_name_within_the_sheet_and_none_is_written_beyond(zhejiang):
    workspace = open_workspace(Path(__file__).parents[2] / "data/zhejiang")
    silent = BaseMap(workspace.land(), workspace.zones())
    in_anhui = 0
    for x, y in [(210, 104), (211, 103), (211, 104), (211, 105)]:  # west of 118.1E
        named = picture(zhejiang.draw(Tile(8, x, y))).astype(int)
        plain = picture(silent.draw(Tile(8, x, y))).astype(int)
        beyond = (plain[..., :3] == rgb(BEYOND)).all(axis=2)
        assert (named[beyond] == plain[beyond]).all()
        in_anhui += int((named != plain).any(axis=2).sum())
    assert in_anhui > 100


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
