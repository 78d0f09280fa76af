"""Two rasters: change worked out by hand on 4 × 4 pixels, differences; mosaics of many files."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from rasterio.transform import Affine

from bluecarbon_map.change import Ground
from bluecarbon_map.errors import InputError, RasterError
from bluecarbon_map.tiles import (
    GROUND_INKS,
    TILE_PX,
    RasterChange,
    RasterLayer,
    Tile,
    difference_legend,
    empty_tile,
)
from bluecarbon_map.tiles.canvas import rgb
from bluecarbon_map.tiles.palettes import CLEAR, DIVERGING
from bluecarbon_map.tiles.raster_changes import class_change, codes_of
from bluecarbon_map.tiles.unknown import HATCH
from tests.builders import index, raster, write_raster

WORLD_M = 40_075_016.685578488
WORLD = Tile(0, 0, 0)

BEFORE = [
    [10, 10, 10, 10],  # mangrove
    [0, 0, 0, 255],
    [20, 21, 255, 255],  # marsh, cordgrass
    [80, 80, 0, 10],  # flat
]
AFTER = [
    [10, 20, 0, 255],
    [10, 0, 255, 10],
    [21, 21, 0, 255],
    [10, 80, 0, 10],
]
K, C, G, L, U, N = *(list(Ground).index(kind) for kind in (
    Ground.KEPT, Ground.CHANGED, Ground.GAIN, Ground.LOSS, Ground.UNKNOWN)), CLEAR  # fmt: skip


def codes(rows):
    return np.array(rows, dtype=np.uint8)


def test_change_of_all_classes_by_hand():
    found = class_change(codes(BEFORE), codes(AFTER), codes_of(None))
    assert found.tolist() == [[K, C, L, U], [G, N, U, U], [K, K, U, N], [C, K, N, K]]
    # Row 2: marsh of a species that one of them does not state is no change of species.


def test_change_of_one_ecosystem_by_hand():
    found = class_change(codes(BEFORE), codes(AFTER), codes_of("mangrove"))
    assert found.tolist() == [[K, L, L, U], [G, N, U, U], [N, N, U, N], [G, N, N, K]]
    marsh = class_change(codes(BEFORE), codes(AFTER), codes_of("salt_marsh"))
    assert marsh[2, :2].tolist() == [K, K], "another species of one ecosystem is the same ground"


def test_no_pixel_is_gained_and_lost_and_the_parts_are_the_whole():
    rng = np.random.default_rng(3)
    first, second = (rng.choice(codes([0, 10, 20, 21, 80, 255]), (64, 64)) for _ in range(2))
    found = class_change(first, second, codes_of(None))
    known = (first != 255) & (second != 255)
    classes = [np.isin(one, list(codes_of(None))) for one in (first, second)]
    count = {kind: int((found == at).sum()) for at, kind in enumerate(Ground)}
    stayed = count[Ground.KEPT] + count[Ground.CHANGED]
    assert stayed + count[Ground.LOSS] == (classes[0] & known).sum()
    assert stayed + count[Ground.GAIN] == (classes[1] & known).sum()


# --- tiles --------------------------------------------------------------------------------------


def world(path, grid, *, part=(0, 0, 1), **given):
    """A raster over a square part of the world: column and row of it, and how many a side."""
    column, row, parts = part
    side = WORLD_M / parts
    step = side / grid.shape[0]
    place = Affine(step, 0, column * side - WORLD_M / 2, 0, -step, WORLD_M / 2 - row * side)
    return write_raster(path, grid, crs="EPSG:3857", transform=place, **given)


def coarse(rows, side=512):
    """A small grid as large squares, so that a tile shows each as a block."""
    grid = np.array(rows)
    return np.kron(grid, np.ones((side // grid.shape[0],) * 2, dtype=grid.dtype)).astype(grid.dtype)


def picture(tile):
    return np.asarray(Image.open(io.BytesIO(tile)).convert("RGBA"))


def blocks(tile):
    """Colour in the middle of each of the 4 × 4 blocks of a tile; None where it is clear."""
    step = TILE_PX // 4
    shown = picture(tile)[step // 2 :: step, step // 2 :: step]
    return [[tuple(one[:3]) if one[3] else None for one in row] for row in shown.tolist()]


def test_a_tile_of_change_has_the_colours_worked_out_by_hand(tmp_path):
    layers = [
        RasterLayer(world(tmp_path / f"{name}.tif", coarse(codes(rows))), raster())
        for name, rows in (("before", BEFORE), ("after", AFTER))
    ]
    change = RasterChange(*layers, (raster(), raster()))
    ink = {at: rgb(GROUND_INKS[kind]) for at, kind in enumerate(Ground)} | {N: None}
    expected = class_change(codes(BEFORE), codes(AFTER), codes_of(None))
    drawn = change.draw(WORLD)
    for seen, wanted in zip(blocks(drawn), expected.tolist(), strict=True):
        for one, kind in zip(seen, wanted, strict=True):
            assert one == ink[kind] or (kind == U and one is None)
    unknown = picture(drawn)[: TILE_PX // 4, 3 * TILE_PX // 4 :, 3]
    assert 0 < (unknown > 0).mean() < 0.6, "hatched, not filled"


def test_rasters_of_other_grids_are_laid_on_the_tile(tmp_path):
    fine = RasterLayer(world(tmp_path / "f.tif", coarse(codes(BEFORE), 512)), raster())
    rough = RasterLayer(world(tmp_path / "r.tif", coarse(codes(BEFORE), 64)), raster())
    shown = picture(RasterChange(fine, rough, (raster(), raster())).draw(WORLD))
    gained = [rgb(GROUND_INKS[kind]) for kind in (Ground.GAIN, Ground.LOSS)]
    assert not any((shown[..., :3] == ink).all(axis=-1).any() for ink in gained)


def test_values_differ_from_less_to_more_and_what_one_lacks_is_hatched(tmp_path):
    first = coarse(np.array([[0.0, 0.0], [0.0, np.nan]], np.float32))
    second = coarse(np.array([[1.0, -1.0], [0.0, 0.5]], np.float32))
    passport = index(low=-1.0, high=1.0, unit="t C/ha")
    layers = [
        RasterLayer(world(tmp_path / f"{at}.tif", grid, nodata=None), passport)
        for at, grid in enumerate((first, second))
    ]
    shown = picture(RasterChange(*layers, (passport, passport)).draw(WORLD)).astype(int)
    middle = TILE_PX // 4
    assert np.abs(shown[middle, middle, :3] - rgb(DIVERGING[-1])).max() <= 2
    assert np.abs(shown[middle, 3 * middle, :3] - rgb(DIVERGING[0])).max() <= 2
    assert np.abs(shown[3 * middle, middle, :3] - rgb(DIVERGING[3])).max() <= 2
    corner = shown[-middle:, -middle:]
    assert {tuple(one[:3]) for one in corner.reshape(-1, 4) if one[3]} == {rgb(HATCH)}
    stops = difference_legend(passport, passport, "en").stops
    assert [stop.value for stop in stops][:: len(stops) // 2] == [-1.0, 0.0, 1.0]


def test_rasters_of_different_things_are_not_compared(tmp_path):
    layer = RasterLayer(world(tmp_path / "r.tif", coarse(codes(BEFORE))), raster())
    with pytest.raises(InputError, match="different things"):
        RasterChange(layer, layer, (raster(), index()))
    with pytest.raises(InputError, match=r"different things \(unit\)"):
        difference_legend(index(unit="t C/ha"), index(unit="kg C/m2"))


def test_off_both_rasters_nothing_is_drawn(tmp_path):
    grid = coarse(codes(BEFORE))
    layer = RasterLayer(world(tmp_path / "r.tif", grid, part=(0, 0, 2)), raster())
    assert RasterChange(layer, layer, (raster(), raster())).draw(Tile(1, 1, 1)) == empty_tile()


# --- mosaics ------------------------------------------------------------------------------------


def quarters(tmp_path, whole):
    """A raster of the world cut into four files."""
    half = whole.shape[0] // 2
    return [
        world(
            tmp_path / f"q{column}{row}.tif",
            whole[row * half : (row + 1) * half, column * half : (column + 1) * half],
            part=(column, row, 2),
        )
        for column in (0, 1)
        for row in (0, 1)
    ]


def test_a_mosaic_has_no_seam(tmp_path):
    whole = np.random.default_rng(4).choice(codes([0, 10, 21, 80, 255]), (512, 512))
    alone = RasterLayer(world(tmp_path / "whole.tif", whole), raster())
    mosaic = RasterLayer(quarters(tmp_path, whole), raster())
    for tile in (WORLD, Tile(1, 0, 1), Tile(2, 1, 2), Tile(3, 4, 3)):
        assert np.array_equal(picture(mosaic.draw(tile)), picture(alone.draw(tile))), tile


@pytest.mark.parametrize("nodata", [255, None])
def test_the_first_file_with_a_value_lies_on_top(tmp_path, nodata):
    top, below = coarse(codes([[10, 255], [255, 255]])), coarse(codes([[80, 80], [80, 255]]))
    paths = [
        world(tmp_path / f"{at}.tif", grid, nodata=nodata) for at, grid in enumerate((top, below))
    ]
    one = picture(RasterLayer(paths, raster()).draw(WORLD))
    other = picture(RasterLayer(paths[::-1], raster()).draw(WORLD))
    assert not np.array_equal(one[64, 64], other[64, 64])
    assert np.array_equal(one[64, 192], other[64, 192])
    assert one[192, 192, 3] == 0


def test_files_of_a_mosaic_keep_their_own_scale(tmp_path):
    grid = np.full((256, 256), 100, dtype=np.uint8)
    paths = [
        world(tmp_path / "west.tif", grid, part=(0, 0, 2), scale=0.01),
        world(tmp_path / "east.tif", grid // 2, part=(1, 0, 2), scale=0.02),
    ]
    shown = picture(RasterLayer(paths, index(low=0.0, high=2.0)).draw(WORLD))[: TILE_PX // 2]
    assert len(np.unique(shown.reshape(-1, 4), axis=0)) == 1


def test_only_files_that_meet_a_tile_are_opened(tmp_path):
    paths = quarters(tmp_path, coarse(codes(BEFORE)))
    mosaic = RasterLayer(paths, raster())
    paths[-1].unlink()  # the south-east
    assert picture(mosaic.draw(Tile(1, 0, 0)))[..., 3].any()
    with pytest.raises(RasterError):
        mosaic.draw(Tile(1, 1, 1))


def test_a_mosaic_of_very_many_files_is_seen_from_near_only(tmp_path):
    grid = np.full((8, 8), 10, dtype=np.uint8)
    paths = [
        world(tmp_path / f"{column}_{row}.tif", grid, part=(column, row, 8))
        for column in range(8)
        for row in range(8)
    ]
    mosaic = RasterLayer(paths, raster())
    assert mosaic.from_zoom == 1
    assert mosaic.draw(WORLD) == empty_tile()
    assert picture(mosaic.draw(Tile(1, 1, 1)))[..., 3].min() == 255


def test_a_band_is_chosen_by_its_number_and_a_missing_one_is_named(tmp_path):
    import rasterio

    path = tmp_path / "bands.tif"
    step = WORLD_M / 512
    with rasterio.open(
        path, "w", driver="GTiff", width=512, height=512, count=2, dtype="uint8", nodata=255,
        crs="EPSG:3857", transform=Affine(step, 0, -WORLD_M / 2, 0, -step, WORLD_M / 2),
    ) as file:  # fmt: skip
        file.write(coarse(codes([[10, 10], [10, 10]])), 1)
        file.write(coarse(codes([[80, 80], [80, 80]])), 2)
    one, two = (picture(RasterLayer(path, raster(), band).draw(WORLD)) for band in (1, 2))
    assert not (one == two).all()
    with pytest.raises(RasterError, match="no band 3"):
        RasterLayer(path, raster(), 3)
    with pytest.raises(RasterError, match="no file"):
        RasterLayer([], raster())
