"""Raster tiles: pixel colours worked out by hand, and rasters that cannot be drawn."""

from __future__ import annotations

import io
import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
import rasterio
from PIL import Image
from pyproj import Transformer
from rasterio.transform import Affine

from bluecarbon_map.ecosystems import CLASS_CODES, ECOSYSTEMS, colour
from bluecarbon_map.errors import CRSMissingError, InputError, RasterError
from bluecarbon_map.tiles import TILE_PX, RasterLayer, Tile, class_name, empty_tile, legend
from bluecarbon_map.tiles.canvas import rgb
from bluecarbon_map.tiles.palettes import RAMP
from bluecarbon_map.tiles.rasters import halved
from data.build.raster_files import Frame, pyramid, write_cog
from tests.builders import index, raster, write_raster

NORTH_EAST = Tile(1, 1, 0)
"""0–180E, 0–85N."""
WORLD_M = 40_075_016.685578488
WORLD = Affine(WORLD_M / 512, 0.0, -WORLD_M / 2, 0.0, -WORLD_M / 512, WORLD_M / 2)
"""512 × 512 pixels of Web Mercator over the world: a pixel each of zoom 1."""


def picture(tile: bytes) -> np.ndarray:
    image = Image.open(io.BytesIO(tile))
    assert image.size == (TILE_PX, TILE_PX)
    return np.asarray(image.convert("RGBA"))


def world(tmp_path, grid, **given):
    return write_raster(tmp_path / "world.tif", grid, crs="EPSG:3857", transform=WORLD, **given)


def blank(code=0):
    return np.full((512, 512), code, dtype=np.uint8)


# --- classes ------------------------------------------------------------------------------------


def test_of_four_pixels_the_first_in_the_order_of_priority_stays():
    grid = np.array(
        [[80, 10, 20, 21], [0, 255, 80, 20], [255, 255, 0, 255], [255, 255, 255, 255]], np.uint8
    )
    assert halved(grid).tolist() == [[10, 21], [255, 0]]


def test_a_code_that_stands_for_nothing_is_no_data():
    assert halved(np.array([[99, 99], [99, 0]], np.uint8)).tolist() == [[0]]
    assert halved(np.full((2, 2), 99, np.uint8)).tolist() == [[255]]


def test_the_order_is_that_of_the_ecosystems_with_cordgrass_before_its_kin():
    order, left = [], set(CLASS_CODES)
    while left:
        first = min(left)
        for one in left:
            first = int(halved(np.array([[first, one], [first, one]], np.uint8))[0, 0])
        order.append(first)
        left.remove(first)
    assert order[:4] == [10, 21, 20, 30]
    priorities = [ECOSYSTEMS[CLASS_CODES[code][0]].priority for code in order]
    assert priorities == sorted(priorities)


@pytest.mark.parametrize("code", sorted(CLASS_CODES))
def test_a_class_has_its_colour_and_other_ground_is_clear(tmp_path, code):
    grid = blank()
    grid[:128, 256:384] = code  # the north-west quarter of the tile
    drawn = picture(RasterLayer(world(tmp_path, grid), raster()).draw(NORTH_EAST))
    assert tuple(drawn[5, 5]) == (*rgb(colour(*CLASS_CODES[code])), 255)
    assert tuple(drawn[127, 127]) == (*rgb(colour(*CLASS_CODES[code])), 255)
    assert drawn[128:, :, 3].max() == drawn[:, 128:, 3].max() == 0


def test_ground_that_was_not_surveyed_is_clear(tmp_path):
    layer = RasterLayer(world(tmp_path, blank(255)), raster())
    assert layer.draw(NORTH_EAST) == empty_tile()


def test_a_code_that_stands_for_nothing_is_clear(tmp_path):
    layer = RasterLayer(world(tmp_path, blank(99)), raster())
    assert layer.draw(NORTH_EAST) == empty_tile()


def test_a_raster_without_a_nodata_value_is_drawn(tmp_path):
    grid = blank()
    grid[0, 256] = 10
    drawn = picture(RasterLayer(world(tmp_path, grid, nodata=None), raster()).draw(NORTH_EAST))
    assert (drawn[..., 3] > 0).sum() == 1


@pytest.mark.parametrize("zoom", [8, 9, 10, 11, 12])
def test_a_strip_one_pixel_wide_is_drawn_without_a_gap_at_any_zoom(tmp_path, zoom):
    grid = np.zeros((2048, 2048), dtype=np.uint8)
    grid[:, 777] = 10
    frame = Frame(13_480_000.0, 3_300_000.0, 30.0, 2048, 2048)
    path = tmp_path / "strip.tif"
    write_cog(grid, pyramid(grid, halved), frame, path, lambda file: None)
    assert_same_place(path)
    tile = _tile_over(13_480_000.0 + 777.5 * 30, 3_300_000.0 - 1024 * 30, zoom, "EPSG:6933")
    drawn = picture(RasterLayer(path, raster()).draw(tile))[..., 3] > 0
    rows = np.flatnonzero(drawn.any(axis=1))
    assert len(rows) == rows[-1] - rows[0] + 1
    assert drawn.sum(axis=1).max() <= 3


def assert_same_place(path):
    with rasterio.open(path) as whole, rasterio.open(path, overview_level=0) as half:
        assert whole.bounds == half.bounds
        assert half.res == (60.0, 60.0)


def _tile_over(x, y, zoom, crs):
    x, y = Transformer.from_crs(crs, "EPSG:3857", always_xy=True).transform(x, y)
    side = WORLD_M / 2**zoom
    return Tile(zoom, int((x + WORLD_M / 2) / side), int((WORLD_M / 2 - y) / side))


# --- values -------------------------------------------------------------------------------------


def test_values_run_along_the_ramp_and_gaps_are_clear(tmp_path):
    grid = np.full((512, 512), 60, dtype=np.uint8)  # (60 × 0.01) − 1 = −0.4, the low end
    grid[:, 320:384] = 190  # 0.9, the high end
    grid[:, 384:448] = 125  # 0.25, the middle
    grid[:, 448:] = 255
    layer = RasterLayer(world(tmp_path, grid, scale=0.01, offset=-1.0), index())
    drawn = picture(layer.draw(NORTH_EAST))
    assert tuple(drawn[100, 20]) == (*rgb(RAMP[0]), 255)
    assert tuple(drawn[100, 96]) == (*rgb(RAMP[-1]), 255)
    assert tuple(drawn[100, 160]) == (*rgb(RAMP[len(RAMP) // 2]), 255)
    assert drawn[100, 240, 3] == 0


@pytest.mark.parametrize("zoom", [8, 10, 12, 14])
def test_a_value_has_one_colour_at_every_zoom(tmp_path, zoom):
    grid = np.full((2048, 2048), 125, dtype=np.uint8)  # 0.25, the middle of the ramp

    def dress(file):
        file.scales, file.offsets = (0.01,), (-1.0,)

    frame = Frame(13_480_000.0, 3_300_000.0, 30.0, 2048, 2048)
    path = tmp_path / "value.tif"
    write_cog(grid, pyramid(grid, halved_plainly), frame, path, dress)
    tile = _tile_over(13_480_000.0 + 30_000, 3_300_000.0 - 30_000, zoom, "EPSG:6933")
    drawn = picture(RasterLayer(path, index()).draw(tile))
    seen = drawn[drawn[..., 3] == 255]
    assert {tuple(colour) for colour in seen[:, :3].tolist()} == {rgb(RAMP[len(RAMP) // 2])}


def halved_plainly(grid):
    return grid[::2, ::2]


def test_values_beyond_the_range_keep_the_colours_of_its_ends(tmp_path):
    grid = np.full((512, 512), -50.0, dtype=np.float32)
    grid[:, 384:] = 50.0
    drawn = picture(RasterLayer(world(tmp_path, grid, nodata=-9999), index()).draw(NORTH_EAST))
    assert tuple(drawn[100, 20, :3]) == rgb(RAMP[0])
    assert tuple(drawn[100, 240, :3]) == rgb(RAMP[-1])


def test_what_is_no_number_is_clear(tmp_path):
    grid = np.full((512, 512), np.nan, dtype=np.float32)
    assert RasterLayer(world(tmp_path, grid, nodata=None), index()).draw(NORTH_EAST) == empty_tile()


def test_the_ramp_only_ever_darkens():
    grey = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in map(rgb, RAMP)]
    assert all(later < earlier - 15 for earlier, later in pairwise(grey))


# --- where it lies ------------------------------------------------------------------------------


def test_a_tile_off_the_raster_is_empty(tmp_path):
    path = write_raster(tmp_path / "small.tif", np.full((10, 20), 10, np.uint8))
    assert RasterLayer(path, raster()).draw(Tile(10, 0, 0)) == empty_tile()


@pytest.mark.parametrize("zoom", [0, 3, 6, 9, 12, 18])
@pytest.mark.parametrize(
    ("crs", "west", "north"), [("EPSG:4549", 600_000.0, 3_110_000.0), ("EPSG:32651", 3e5, 3.11e6)]
)
def test_a_projected_raster_is_drawn_at_every_zoom(tmp_path, crs, west, north, zoom):
    grid = np.full((200, 200), 10, np.uint8)
    path = write_raster(tmp_path / "m.tif", grid, crs=crs, west=west, north=north, pixel=1e3)
    tile = _tile_over(west + 100_000.0, north - 100_000.0, zoom, crs)
    drawn = picture(RasterLayer(path, raster()).draw(tile))
    assert drawn[..., 3].max() == 255


def test_a_south_up_raster_is_drawn_the_right_way_up(tmp_path):
    grid = np.zeros((512, 512), np.uint8)
    grid[:256] = 10  # the first rows are the south
    south_up = Affine(WORLD.a, 0.0, WORLD.c, 0.0, -WORLD.e, -WORLD.f)
    path = write_raster(tmp_path / "up.tif", grid, crs="EPSG:3857", transform=south_up)
    layer = RasterLayer(path, raster())
    assert layer.draw(NORTH_EAST) == empty_tile()
    assert picture(layer.draw(Tile(1, 1, 1)))[..., 3].min() == 255


def test_many_threads_draw_what_one_draws(tmp_path):
    rng = np.random.default_rng(1)
    grid = rng.choice(np.array([0, 10, 20, 80, 255], np.uint8), (512, 512))
    layer = RasterLayer(world(tmp_path, grid), raster())
    tiles = [Tile(3, x, y) for x in range(8) for y in range(8)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(layer.draw, tiles)) == [layer.draw(tile) for tile in tiles]


# --- what cannot be drawn -----------------------------------------------------------------------


def test_a_raster_without_a_coordinate_system_says_so(tmp_path):
    path = write_raster(tmp_path / "r.tif", np.zeros((10, 20), np.uint8), crs=None)
    with pytest.raises(CRSMissingError, match=r"r\.tif: the layer has no coordinate system"):
        RasterLayer(path, raster())


def test_a_raster_off_the_map_says_so(tmp_path):
    path = write_raster(tmp_path / "r.tif", np.zeros((10, 20), np.uint8), north=89.9)
    with pytest.raises(RasterError, match=r"r\.tif: it lies off the map"):
        RasterLayer(path, raster())


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    ["no_crs", "no_geotransform", "vrt_raw_passwd", "vrt_vsicurl", "vrt_python", "wms_service",
     "zero_bytes", "rgb_photo", "bands_65535", "rotated"],
)  # fmt: skip
def test_a_bad_raster_is_refused_by_name(shared, tmp_path, name):
    path = shutil.copy(shared / "badinputs" / "tif" / f"{name}.tif", tmp_path)
    with pytest.raises(InputError, match=rf"{name}\.tif: .+\. .+\."):
        RasterLayer(tmp_path / path, index())


def test_a_range_that_is_missing_is_asked_for(tmp_path):
    path = write_raster(tmp_path / "r.tif", np.zeros((10, 20), np.uint8))
    for given in ({"low": None}, {"high": None}, {"low": 2.0}):
        with pytest.raises(InputError, match="range of the colours"):
            RasterLayer(path, index(**given))


def test_a_damaged_raster_says_so_when_it_is_drawn(tmp_path):
    path = world(tmp_path, np.full((512, 512), 10, np.uint8), compress="deflate")
    content = bytearray(path.read_bytes())
    at = len(content) // 2
    content[at : at + 200] = b"\xff" * 200
    path.write_bytes(bytes(content))
    with pytest.raises(RasterError, match=r"world\.tif: its pixels cannot be read"):
        RasterLayer(path, raster()).draw(Tile(0, 0, 0))


# --- legend -------------------------------------------------------------------------------------


def test_a_class_legend_names_every_class_in_its_colour():
    zh, en = legend(raster(), "zh"), legend(raster(), "en")
    assert {one.code for one in zh.classes} == set(CLASS_CODES)
    assert (zh.classes[0].name, zh.classes[0].colour) == ("红树林", "#1B7837")
    assert [one.name for one in en.classes[:3]] == ["Mangrove", "Smooth cordgrass", "Salt marsh"]
    assert not zh.stops


def test_a_raster_knows_the_classes_it_has(tmp_path):
    grid = blank()
    grid[0, 0], grid[1, 1], grid[2, 2] = 10, 21, 255
    path = world(tmp_path, grid, nodata=255)
    assert RasterLayer(path, raster()).codes == {0, 10, 21, 255}
    assert RasterLayer(path, index()).codes is None
    wide = np.where(grid == 21, np.float32(300), grid)
    wide[5, 5] = np.nan
    assert RasterLayer(world(tmp_path, wide, nodata=10), raster()).codes == {0, 255}


def test_a_class_legend_can_keep_to_what_is_there():
    shown = legend(raster(), "zh", codes={0, 10, 21, 255})
    assert [one.code for one in shown.classes] == [10, 21]
    assert class_name(21) == "互花米草"


def test_a_continuous_legend_has_numbers_from_low_to_high():
    shown = legend(index(low=0.0, high=6.0, unit="t C/ha"), "en")
    assert [stop.value for stop in shown.stops] == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert [stop.colour for stop in shown.stops] == list(RAMP)
    assert (shown.quantity, shown.unit) == ("Index", "t C/ha")
