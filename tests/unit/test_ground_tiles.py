"""Tiles of gain and loss: the colour of each kind of change, and unknown ground hatched."""

from __future__ import annotations

import io

import geopandas as gpd
import numpy as np
import pytest
from PIL import Image

from bluecarbon_map.change import WAY, Ground, became
from bluecarbon_map.tiles import GROUND_INKS, TILE_PX, GroundLayer, Tile, empty_tile
from bluecarbon_map.tiles.canvas import rgb
from bluecarbon_map.tiles.mercator import to_world
from tests import builders

ZOOM = 13
PLACES = {
    Ground.KEPT: ("mangrove", "mangrove", 121.00),
    Ground.CHANGED: ("mangrove", "salt_marsh", 121.02),
    Ground.GAIN: ("", "mangrove", 121.04),
    Ground.LOSS: ("salt_marsh", "", 121.06),
    Ground.UNKNOWN: ("", "seagrass", 121.08),
}
"""Ecosystem before and after, and the west of a box of 0.01°; the first survey has no seagrass."""
MAPPED = {"mangrove", "salt_marsh"}


def layer(*, demonstration=False):
    rows = [
        {
            "ecosystem_from": first, "species_from": "", "ecosystem_to": second, "species_to": "",
            "seen_from": True, "seen_to": True, "demonstration": demonstration,
            "geometry": builders.box(west, 28.0, west + 0.01, 28.01),
        }
        for first, second, west in PLACES.values()
    ]  # fmt: skip
    pieces = gpd.GeoDataFrame(rows, crs="EPSG:4490")
    return GroundLayer(pieces, lambda ways, key: became(ways, MAPPED, MAPPED | {"seagrass"}, key))


def around(shown, kind, ecosystem=None):
    """The 16 × 16 pixels around the middle of a box, moved off the tile's edge."""
    x, y = to_world(np.array([[PLACES[kind][2] + 0.005, 28.005]]))[0] * 2**ZOOM
    tile = Tile(ZOOM, int(x // TILE_PX), int(y // TILE_PX))
    column, row = (int(np.clip(one % TILE_PX, 8, TILE_PX - 8)) for one in (x, y))
    image = Image.open(io.BytesIO(shown.draw(tile, ecosystem))).convert("RGBA")
    return np.asarray(image)[row - 8 : row + 8, column - 8 : column + 8]


def is_ink(seen, kind):
    """Every pixel has the colour of a kind, but for the rounding of half-clear ones."""
    return np.abs(seen[..., :3].astype(int) - rgb(GROUND_INKS[kind])).max() <= 2


@pytest.mark.parametrize("kind", [kind for kind in Ground if kind is not Ground.UNKNOWN])
def test_each_kind_of_change_has_its_colour(kind):
    seen = around(layer(), kind)
    assert is_ink(seen, kind)
    lighter = around(layer(demonstration=True), kind)
    assert lighter[..., 3].max() < seen[..., 3].min()


def test_unknown_ground_is_hatched_and_no_colour_of_gain_or_loss():
    seen = around(layer(), Ground.UNKNOWN)
    assert (seen[..., 3] == 0).any(), "lines, not a surface"
    assert is_ink(seen[seen[..., 3] > 0], Ground.UNKNOWN)


def test_of_one_ecosystem_only_its_own_gain_and_loss_is_drawn():
    shown = layer()
    assert is_ink(around(shown, Ground.CHANGED, "mangrove"), Ground.LOSS)
    assert not around(shown, Ground.LOSS, "mangrove").any()
    assert around(shown, Ground.GAIN, "mangrove").any()


def test_a_tile_off_the_ground_is_empty():
    assert layer().draw(Tile(ZOOM, 0, 0)) == empty_tile()
    nothing = GroundLayer(
        gpd.GeoDataFrame({name: [] for name in (*WAY, "demonstration")}, geometry=[], crs=4490),
        lambda ways, key: became(ways, MAPPED, MAPPED, key),
    )
    assert nothing.draw(Tile(0, 0, 0)) == empty_tile()
