"""Layers shifted to a map service's datum are found where it can be told, and only there."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from bluecarbon_map.files import data_folder
from bluecarbon_map.gate.checks.place import place
from bluecarbon_map.gate.checks.shift import fitting, shift_of
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.parsed import Parsed, Region
from bluecarbon_map.geodesy.datum import Datum, bd09_from_wgs84, gcj02_from_wgs84

EAST_M, NORTH_M = 97_400.0, 110_800.0
"""Metres of a degree at 29 N, near enough."""


def islands(count=60, seed=4):
    """Round islands of some hundred metres to kilometres over half a degree."""
    rng = np.random.default_rng(seed)
    middle = np.column_stack([rng.uniform(121.5, 122.3, count), rng.uniform(28.7, 29.3, count)])
    angle = np.linspace(0, 2 * np.pi, 40)[:-1]
    reach = rng.uniform(400, 1_500, (count, 1)) * rng.uniform(0.8, 1.2, (count, 39))
    ring = np.stack([np.cos(angle) / EAST_M, np.sin(angle) / NORTH_M], axis=1)
    return shapely.polygons(middle[:, None] + reach[..., None] * ring)


ISLANDS = islands()


def region(land):
    whole = shapely.union_all(land)
    return Region(name_zh="甲", name_en="A", outline=whole, land=whole)


def moved(shapes, way):
    return shapely.transform(shapes, lambda xy: np.column_stack(way(xy[:, 0], xy[:, 1])))


def aside(shapes, east_m, north_m):
    return shapely.transform(shapes, lambda xy: xy + np.array([east_m / EAST_M, north_m / NORTH_M]))


def test_islands_where_they_belong_are_not_shifted():
    assert shift_of(ISLANDS, region(ISLANDS)) is None
    assert fitting(ISLANDS, region(ISLANDS)).datum is None


@pytest.mark.parametrize(
    ("way", "datum", "least", "most"),
    [(gcj02_from_wgs84, Datum.GCJ02, 430, 640), (bd09_from_wgs84, Datum.BD09, 900, 1_300)],
)
def test_shifted_islands_are_found_with_how_far(way, datum, least, most):
    found = shift_of(moved(ISLANDS, way), region(ISLANDS))
    assert found.datum is datum
    assert least < found.least_m < found.mean_m < found.most_m < most
    assert found.left_m < 1.0 < found.off_m


@pytest.mark.parametrize(
    ("east_m", "north_m"), [(-430, 300), (430, 300), (800, -500), (150, -90), (0, 520), (1_500, 0)]
)
def test_a_shift_of_another_kind_is_no_datum(east_m, north_m):
    assert shift_of(aside(ISLANDS, east_m, north_m), region(ISLANDS)) is None


def test_along_a_straight_coast_nothing_can_be_told():
    # A sea wall moved out by reclamation, just as far as the shift would move it.
    corners = np.linspace([121.5, 28.7], [122.0, 29.3], 400)
    land = shapely.polygons(np.vstack([corners, [[121.0, 29.3], [121.0, 28.7]]]))
    here = region(np.array([land]))
    walls = np.array([shapely.linestrings(corners)])
    assert shift_of(moved(walls, gcj02_from_wgs84), here) is None
    assert fitting(walls, here) is None


def test_one_island_alone_is_too_little():
    assert shift_of(moved(ISLANDS[:1], gcj02_from_wgs84), region(ISLANDS)) is None


def test_far_from_the_coast_or_without_one_nothing_is_said():
    inland = aside(ISLANDS, 0, 200_000)
    assert shift_of(inland, region(ISLANDS)) is None
    assert shift_of(moved(ISLANDS, gcj02_from_wgs84), None) is None
    outline = Region(name_zh="甲", name_en="A", outline=ISLANDS[0])
    assert shift_of(moved(ISLANDS, gcj02_from_wgs84), outline) is None


def codes(shapes, datum=None):
    file = Parsed(
        table=pd.DataFrame(index=range(len(shapes))), row_numbers=list(range(len(shapes))),
        geometry=shapes, crs="EPSG:4326",
    )  # fmt: skip
    options = Options(kind=Kind.HABITATS, datum=datum)
    return [one.code for one in place(file, options, region(ISLANDS)).problems]


def test_a_shift_is_offered_for_conversion_and_never_converted_in_silence():
    shifted = moved(ISLANDS, gcj02_from_wgs84)
    assert "datum_gcj02" in codes(shifted)
    assert "datum_converted" not in codes(shifted)
    assert {"datum_converted"} == {c for c in codes(shifted, "gcj02") if c.startswith("datum")}


def test_a_datum_that_does_not_fit_is_doubted():
    assert "datum_doubtful" in codes(ISLANDS, "gcj02")
    assert "datum_doubtful" in codes(moved(ISLANDS, gcj02_from_wgs84), "bd09")


@pytest.fixture(scope="module")
def zhejiang():
    land = gpd.read_parquet(data_folder() / "zhejiang" / "land.parquet")
    own = land[land["zone_id"] == "330000"].union_all()
    return Region(name_zh="浙江省", name_en="Zhejiang", outline=own, land=own)


def counties(shared, name):
    return gpd.read_file(shared / "data" / "boundaries" / f"zhejiang_counties_{name}.geojson")


def test_the_real_counties_in_gcj02_are_caught_and_those_in_wgs84_are_not(shared, zhejiang):
    found = shift_of(counties(shared, "gcj02").geometry.to_numpy(), zhejiang)
    assert found.datum is Datum.GCJ02
    assert 456 < found.least_m < found.mean_m < found.most_m < 630
    assert shift_of(counties(shared, "wgs84approx").geometry.to_numpy(), zhejiang) is None


@pytest.mark.parametrize("name", ["玉环市", "定海区", "普陀区", "象山县", "洞头区"])
def test_one_county_with_islands_is_enough(shared, zhejiang, name):
    for file, expected in (("gcj02", Datum.GCJ02), ("wgs84approx", None)):
        layer = counties(shared, file)
        mine = layer.geometry[layer["name"] == name].to_numpy()
        found = shift_of(mine, zhejiang)
        assert (found.datum if found else None) is expected


@pytest.mark.parametrize("table", ["zones", "habitats_ZJ-2022", "habitats_ZJ-2025"])
def test_the_embedded_layers_are_not_shifted(zhejiang, table):
    layer = gpd.read_parquet(data_folder() / "zhejiang" / f"{table}.parquet").geometry.to_numpy()
    assert shift_of(layer, zhejiang) is None
