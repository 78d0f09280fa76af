"""Vector tiles: read back with a decoder of the test's own, after the written specification."""

import gzip

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.tiles import Tile, building, looks, masks, vector
from bluecarbon_map.tiles.archive import Archive
from bluecarbon_map.tiles.mercator import TILE_PX, to_degrees, to_world
from bluecarbon_map.tiles.patches import PatchTiles
from tests import builders


def _varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, at


def _fields(data):
    at, found = 0, []
    while at < len(data):
        key, at = _varint(data, at)
        number, at = _varint(data, at)
        if key & 7 == 2:
            found.append((key >> 3, data[at : at + number]))
            at += number
        else:
            assert key & 7 == 0
            found.append((key >> 3, number))
    return found


def _numbers(data):
    at, found = 0, []
    while at < len(data):
        number, at = _varint(data, at)
        found.append(number)
    return found


def _rings(commands):
    rings, x, y, at = [], 0, 0, 0
    while at < len(commands):
        what, count = commands[at] & 7, commands[at] >> 3
        at += 1
        if what == 7:
            assert count == 1
            continue
        if what == 1:
            assert count == 1
            rings.append([])
        for _ in range(count):
            dx, dy = commands[at : at + 2]
            x, y, at = x + ((dx >> 1) ^ -(dx & 1)), y + ((dy >> 1) ^ -(dy & 1)), at + 2
            rings[-1].append((x, y))
    return rings


def decoded(content):
    """Extent, and of each feature its id, properties and rings."""
    ((layers, layer),) = _fields(content)
    assert layers == 3
    fields = _fields(layer)
    assert dict(fields)[15] == 2
    assert dict(fields)[1] == b"patches"
    names = [value.decode() for key, value in fields if key == 3]
    values = [dict(_fields(value))[5] for key, value in fields if key == 4]
    features = []
    for feature in [dict(_fields(value)) for key, value in fields if key == 2]:
        assert feature[3] == 3
        tags = _numbers(feature[2])
        told = {names[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
        features.append((feature[1], told, _rings(_numbers(feature[4]))))
    return dict(fields)[5], features


def _turn(ring):
    x, y = np.array(ring).T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())


def _at(tile, *shapes, ecosystem="mangrove", species=None, provenance="survey"):
    """Patches given in parts of a tile's side, as `Habitats` rows with numbers of their own."""
    corner = np.array([tile.x, tile.y])

    def degrees(parts):
        return to_degrees((corner + parts) * TILE_PX / tile.scale)

    layer = builders.habitats(patches={
        f"p{n}": (ecosystem, species, shapely.transform(shape, degrees))
        for n, shape in enumerate(shapes)
    })  # fmt: skip
    return layer.assign(provenance=provenance).set_index(np.arange(len(layer)) * 10 + 7)


TILE = Tile(12, 3423, 1712)
INNER = Tile(13, 2 * TILE.x, 2 * TILE.y)


def _encoded(layer, tile=TILE):
    features = vector.cut_to(building.features_of(layer), tile)
    return decoded(vector.encode(features, tile))


def test_a_patch_is_told_by_numbers_and_drawn_where_it_lies():
    layer = _at(TILE, shapely.box(0.25, 0.5, 0.5, 0.75), ecosystem="salt_marsh",
                species="Spartina alterniflora", provenance="demonstration")  # fmt: skip
    extent, ((number, told, rings),) = _encoded(layer)
    assert extent == 4096
    assert number == 7
    assert told["n"] == 7
    assert list(ECOSYSTEMS)[told["e"]] == "salt_marsh"
    assert looks.LOOKS[told["c"]] == ("salt_marsh", "#9E3FA3")
    assert told["d"] == 1
    assert {tuple(at) for at in rings[0]} == {
        (1024, 2048), (2048, 2048), (2048, 3072), (1024, 3072)}  # fmt: skip
    assert _turn(rings[0]) > 0, "an outer ring turns clockwise on a screen"


def test_a_hole_turns_the_other_way_and_follows_its_ring():
    shape = shapely.box(0.1, 0.1, 0.9, 0.9).difference(shapely.box(0.4, 0.4, 0.6, 0.6))
    _, ((_, _, rings),) = _encoded(_at(TILE, shape))
    assert [np.sign(_turn(ring)) for ring in rings] == [1, -1]


def test_parts_of_one_patch_are_one_feature():
    shape = shapely.MultiPolygon([shapely.box(0.1, 0.1, 0.2, 0.2), shapely.box(0.5, 0.5, 0.6, 0.7)])
    _, ((_, _, rings),) = _encoded(_at(TILE, shape))
    assert len(rings) == 2


def test_a_patch_too_small_for_the_grid_is_still_there():
    tiny = shapely.box(0.5, 0.5, 0.50001, 0.50001)
    strip = shapely.box(0.1, 0.3, 0.9, 0.30001)
    _, features = _encoded(_at(TILE, tiny, shapely.box(0.2, 0.2, 0.3, 0.3), strip))
    assert {number for number, _, _ in features} == {7, 17, 27}
    assert all(_turn(ring) > 0 for _, _, rings in features for ring in rings)


def test_the_cut_lies_beyond_the_edge_of_the_tile():
    _, ((_, _, rings),) = _encoded(_at(TILE, shapely.box(-1.0, 0.4, 2.0, 0.6)))
    x = [at[0] for at in rings[0]]
    assert (min(x), max(x)) == (-64, 4096 + 64)


def test_nothing_on_a_tile_is_no_bytes():
    layer = _at(TILE, shapely.box(3.0, 3.0, 3.1, 3.1))
    assert vector.encode(vector.cut_to(building.features_of(layer), TILE), TILE) == b""


boxes = st.tuples(st.floats(-0.2, 1.1), st.floats(-0.2, 1.1),
                  st.floats(1e-7, 0.5), st.floats(1e-7, 0.5))  # fmt: skip


@given(st.lists(boxes, min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_every_patch_on_a_tile_is_in_it_once_and_where_it_is(given_boxes):
    shapes = [shapely.box(x, y, x + w, y + h) for x, y, w, h in given_boxes]
    features = vector.cut_to(building.features_of(_at(TILE, *shapes)), TILE)
    if not len(features):
        return
    _, told = decoded(vector.encode(features, TILE))
    numbers = [number for number, _, _ in told]
    assert sorted(numbers) == sorted(set(numbers))
    on_it = {10 * n + 7 for n, shape in enumerate(shapes)
             if shape.intersection(shapely.box(0, 0, 1, 1)).area > 0}  # fmt: skip
    assert on_it <= set(numbers)
    for number, _, rings in told:
        bounds = np.array(shapes[(number - 7) // 10].bounds) * 4096
        bounds = np.clip(bounds, -64, 4096 + 64)
        drawn = np.array([at for ring in rings for at in ring])
        assert (np.abs([*drawn.min(axis=0), *drawn.max(axis=0)] - bounds) <= 4).all()


# --- a whole survey -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def survey():
    """Patches of a few metres to some kilometres along a line across many tiles."""
    rng = np.random.default_rng(5)
    count = 300
    at = np.column_stack([rng.uniform(120.5, 122.5, count), rng.uniform(27.5, 30.5, count)])
    size = 10.0 ** rng.uniform(-4.5, -1.2, (count, 2))
    shapes = shapely.box(*(at - size / 2).T, *(at + size / 2).T)
    kinds = list(ECOSYSTEMS)
    layer = gpd.GeoDataFrame(
        {"ecosystem": [kinds[n % 9] for n in range(count)], "species": None,
         "provenance": np.where(np.arange(count) % 4, "survey", "demonstration")},
        geometry=shapes, crs="EPSG:4490",
    )  # fmt: skip
    return layer.astype({"species": "str"}).set_index(np.arange(count) + 1000)


@pytest.fixture(scope="module")
def near(survey):
    return lambda box: survey[survey.geometry.intersects(shapely.box(*box))]


@pytest.fixture(scope="module")
def folder(survey, near, tmp_path_factory):
    made = tmp_path_factory.mktemp("tiles")
    told = []
    built = building.build(survey.geometry.bounds.to_numpy(), near, made, progress=told.append)
    assert built.patches == len(survey)
    assert told == sorted(told)
    assert told[-1] == 1.0
    return made


def test_the_features_in_the_tiles_of_each_zoom_are_the_patches_of_the_survey(survey, folder):
    archive = Archive(folder / building.VECTOR)
    found = {zoom: set() for zoom in vector.ZOOMS}
    for tile in archive.tiles():
        _, features = decoded(gzip.decompress(archive.get(tile)))
        found[tile.z] |= {number for number, _, _ in features}
    assert found == {zoom: set(survey.index) for zoom in vector.ZOOMS}


def test_a_tile_made_on_the_spot_tells_the_same(near, folder):
    archive = Archive(folder / building.VECTOR)
    tiles = list(archive.tiles())
    for tile in tiles[:: len(tiles) // 40]:
        kept = decoded(gzip.decompress(archive.get(tile)))[1]
        made = decoded(gzip.decompress(building.vector_tile(near, tile)))[1]
        assert [feature[:2] for feature in kept] == [feature[:2] for feature in made]
    assert building.vector_tile(near, Tile(12, 0, 0)) == b""


def test_every_look_that_lies_on_a_tile_is_in_its_mask_at_every_zoom(survey, folder):
    archive = Archive(folder / building.MASKS)
    middle = to_world(shapely.get_coordinates(shapely.centroid(survey.geometry.to_numpy())))
    look = looks.looks_of(survey)
    real = 1 - looks.demonstration_of(survey)
    bits = {kind: at for at, kind in enumerate(masks.BITS)}
    for zoom in range(masks.DEEPEST + 1):
        places = middle * 2**zoom
        for n in range(0, len(survey), 3):
            x, y = (places[n] // TILE_PX).astype(int)
            column, row = ((places[n] % TILE_PX) * 2).astype(int)
            mask = masks.Packed.of(archive.get(Tile(zoom, int(x), int(y)))).whole()
            assert int(mask[row, column]) >> bits[look[n], real[n]] & 1


def test_a_vocabulary_with_more_looks_than_a_mask_has_bits_is_refused(monkeypatch):
    monkeypatch.setattr(masks, "LOOKS", (("mangrove", "#000000"),) * 27)
    with pytest.raises(ValueError, match="27 looks need 54 bits, a mask has 52"):
        masks._bits()


def test_a_build_that_is_stopped_says_so(survey, near, tmp_path):
    with pytest.raises(building.CancelledError):
        building.build(survey.geometry.bounds.to_numpy(), near, tmp_path, cancelled=lambda: True)


def test_a_survey_without_a_patch_has_empty_tiles(near, tmp_path):
    assert building.build(np.zeros((0, 4)), near, tmp_path).patches == 0
    tiles = PatchTiles(tmp_path, near)
    assert tiles.draw(Tile(8, 213, 106)) == tiles.draw(Tile(8, 214, 106))
    assert tiles.vector(TILE) == b""


def test_a_ring_thin_as_a_line_is_burnt_all_round():
    tile = Tile(12, 3430, 1700)
    west, north, east, _ = tile.bounds(0.0)
    half_px = (east - west) / masks.SIDE
    outer = shapely.box(west + 100 * half_px, north + 100 * half_px,
                        west + 300 * half_px, north + 300 * half_px)  # fmt: skip
    ring = shapely.difference(outer, shapely.buffer(outer, -0.4 * half_px, join_style="mitre"))
    one = np.zeros(1, dtype=np.int64)
    mask = masks.burnt(vector.Features(np.array([ring]), one, one, one, one), tile)
    assert 700 < np.count_nonzero(mask) < 1700
