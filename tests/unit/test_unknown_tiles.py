"""Ground that a survey did not look at is hatched; what it looked at stays clear."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from bluecarbon_map.tiles import TILE_PX, Tile, UnknownGround, empty_tile
from bluecarbon_map.tiles.mercator import to_world
from tests import builders

ZOOM = 11
WEST, EAST = (121.05, 28.05), (121.15, 28.05)


def at(lon: float, lat: float) -> tuple[Tile, slice, slice]:
    """The tile of a place, and the 16 × 16 pixels around it, moved off the tile's edge."""
    x, y = (float(one) * 2**ZOOM for one in to_world(np.array([[lon, lat]]))[0])
    tile = Tile(ZOOM, int(x // TILE_PX), int(y // TILE_PX))
    column, row = (int(np.clip(one % TILE_PX, 8, TILE_PX - 8)) for one in (x, y))
    return tile, slice(row - 8, row + 8), slice(column - 8, column + 8)


def around(layer: UnknownGround, place: tuple[float, float]) -> np.ndarray:
    tile, rows, columns = at(*place)
    image = Image.open(io.BytesIO(layer.draw(tile)))
    return np.asarray(image.convert("RGBA"))[rows, columns, 3]


def layer() -> UnknownGround:
    """The west is looked at, the east is not."""
    return UnknownGround(builders.workspace_zones(), builders.extents(S=builders.WEST_SHAPE))


def test_outside_the_extent_is_hatched_and_inside_is_clear():
    inside, outside = around(layer(), WEST), around(layer(), EAST)
    assert not inside.any()
    assert outside.any()
    assert (outside == 0).any(), "lines, not a surface"


def test_lines_of_the_hatching_run_on_from_tile_to_tile():
    elsewhere = builders.extents(S=builders.box(100, 10, 101, 11))
    whole = UnknownGround(builders.workspace_zones(), elsewhere)
    x, y = (float(one) * 2**14 // TILE_PX for one in to_world(np.array([[121.1, 28.05]]))[0])
    both = [
        np.asarray(Image.open(io.BytesIO(whole.draw(Tile(14, int(x) + at, int(y))))))[:, :, 3]
        for at in (0, 1)
    ]
    joined = np.hstack(both)
    assert joined.any()
    assert (joined[:, 8:] == joined[:, :-8]).all()


def test_ground_in_no_zone_is_left_clear():
    tile = Tile(ZOOM, 0, 0)
    assert layer().draw(tile) == empty_tile()
