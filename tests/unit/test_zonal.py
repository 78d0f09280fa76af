"""Class areas and means by zone: worked by hand, against exactextract, in three systems."""

from __future__ import annotations

import subprocess
import sys

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from exactextract import exact_extract
from pyproj import Geod, Transformer

from benchmarks import coast
from bluecarbon_map.geodesy import ellipsoidal_area_m2
from bluecarbon_map.zonal import OFF_RASTER, class_areas, describe, means
from bluecarbon_map.zonal.ground import RELATIVE_BOUND, ground
from bluecarbon_map.zonal.raster import Strip
from tests.rasters import of, south_up, tagged, true_area_ha, written, zones

GRID = np.array([[10, 20, 20], [10, 255, 80], [80, 80, 80]], np.uint8)
"""Pixels of 100 m × 100 m = 1 ha from (0, 0) to (300, 300)."""

VALUES = np.array([[1, 2, 3], [4, -9999, 6], [7, 8, 9]], np.float32)
MIDDLE = shapely.box(50, 50, 250, 250)
"""A quarter of each corner pixel, a half of each side, the whole of the middle: 4 ha."""


@pytest.fixture
def grid(tmp_path):
    return written(tmp_path / "grid.tif", GRID, nodata=255)


@pytest.fixture
def field(tmp_path):
    return written(tmp_path / "field.tif", VALUES, nodata=-9999)


# --- by hand


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (MIDDLE, {10: 0.25 + 0.5, 20: 0.5 + 0.25, 80: 0.5 + 0.25 + 0.5 + 0.25, 255: 1.0}),
        (MIDDLE - shapely.box(100, 100, 200, 200), {10: 0.75, 20: 0.75, 80: 1.5}),
        (shapely.box(250, 150, 350, 350), {OFF_RASTER: 2.0 - 0.75, 20: 0.5, 80: 0.25}),
        (shapely.Polygon([(0, 0), (300, 0), (0, 300)]), {10: 1.5, 80: 2.5, 255: 0.5}),
        (
            shapely.MultiPolygon([shapely.box(0, 200, 50, 300), shapely.box(250, 0, 300, 50)]),
            {10: 0.5, 80: 0.25},
        ),
        (shapely.box(20, 120, 70, 130), {10: 0.05}),
        (shapely.box(-100, 0, 400, 300), {OFF_RASTER: 6.0, 10: 2.0, 20: 2.0, 80: 4.0, 255: 1.0}),
        (shapely.box(0, 0, 300, 300), {10: 2.0, 20: 2.0, 80: 4.0, 255: 1.0}),
    ],
    ids=["box", "hole", "across the edge", "triangle", "two parts", "within one pixel", "all round",
         "on the pixels' edges"],
)  # fmt: skip
def test_a_grid_of_nine_pixels_gives_the_areas_worked_by_hand(grid, zone, expected):
    found = of(class_areas(grid, zones(zone)))
    assert found == pytest.approx(expected, rel=1e-12)


def test_a_slanted_edge_shares_pixels_as_the_trapezoids_under_it(grid):
    # From (0, 100) to (300, 250): at x = 100, 200 it stands at 150, 200.
    below = shapely.Polygon([(0, 100), (0, 0), (300, 0), (300, 250)])
    expected = {80: 3.0 + 1.0, 10: 0.25, 20: 0.25, 255: 0.75}
    assert of(class_areas(grid, zones(below))) == pytest.approx(expected, rel=1e-12)


def test_a_mean_is_weighed_by_share_and_leaves_gaps_out(field):
    row = means(field, zones(MIDDLE)).iloc[0]
    # (0.25 + 1 + 0.75 + 2 + 3 + 1.75 + 4 + 2.25) / 3 ha
    assert row["mean"] == pytest.approx(5.0, rel=1e-12)
    assert (row["low"], row["high"]) == (1.0, 9.0)
    assert row["area_ha"] == pytest.approx(3.0, rel=1e-12)
    assert row["missing_ha"] == pytest.approx(1.0, rel=1e-12)


def test_ground_beyond_the_raster_is_missing_from_a_mean(field):
    row = means(field, zones(shapely.box(250, 150, 350, 350))).iloc[0]
    assert row["mean"] == pytest.approx((0.25 * 6 + 0.5 * 3) / 0.75)
    assert row["missing_ha"] == pytest.approx(1.25)


def test_where_nothing_has_a_value_the_mean_is_unknown(field):
    table = means(field, zones(shapely.box(120, 120, 180, 180), MIDDLE)).set_index("zone_id")
    assert table.loc["a", ["mean", "low", "high"]].isna().all()
    assert table.loc["a", "area_ha"] == 0.0
    assert table.loc["a", "missing_ha"] == pytest.approx(0.36)
    assert table.loc["b", "mean"] == pytest.approx(5.0)


def test_a_zone_off_the_raster_is_named_where_others_lie_on_it(grid, field):
    away = zones(MIDDLE, shapely.box(1000, 1000, 1100, 1100))
    assert of(class_areas(grid, away), "b") == pytest.approx({OFF_RASTER: 1.0})
    row = means(field, away).iloc[1]
    assert row["missing_ha"] == pytest.approx(1.0)
    assert np.isnan(row["mean"])


def test_infinite_and_nan_pixels_are_left_out_and_counted(tmp_path):
    odd = np.array([[386, 386], [np.nan, np.inf], [-np.inf, 386]], np.float32)
    path = written(tmp_path / "odd.tif", odd)
    row = means(path, zones(shapely.box(0, 0, 200, 300))).iloc[0]
    assert (row["mean"], row["low"], row["high"]) == (386.0, 386.0, 386.0)
    assert row["missing_ha"] == pytest.approx(3.0)


@pytest.mark.parametrize("scale", [0.1, -0.1])
def test_scale_and_offset_are_applied(tmp_path, scale):
    stored = np.array([[10, 20], [30, 99]], np.uint16)
    path = tagged(tmp_path / "s.tif", stored, scale=scale, offset=5.0, north=200.0, nodata=99)
    row = means(path, zones(shapely.box(0, 0, 200, 200))).iloc[0]
    assert row["mean"] == pytest.approx(20 * scale + 5.0)
    assert row["low"] == pytest.approx(min(10 * scale, 30 * scale) + 5.0)
    assert row["high"] == pytest.approx(max(10 * scale, 30 * scale) + 5.0)


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16", "int32", "float32", "float64"])
def test_every_type_of_number_gives_the_same_mean(tmp_path, dtype):
    path = written(tmp_path / "t.tif", np.where(VALUES < 0, 200, VALUES).astype(dtype), nodata=200)
    assert means(path, zones(MIDDLE))["mean"].item() == pytest.approx(5.0, rel=1e-12)


def test_a_nodata_value_is_compared_as_it_is_stored(tmp_path):
    lowest = float(np.finfo(np.float32).min)
    path = written(tmp_path / "n.tif", np.where(VALUES < 0, lowest, VALUES).astype(np.float32),
                   nodata=-3.4028234663852886e38)  # fmt: skip
    assert means(path, zones(MIDDLE))["mean"].item() == pytest.approx(5.0, rel=1e-12)


# --- what a raster may look like


@pytest.mark.parametrize(("dtype", "nodata"), [("int16", -9999), ("uint16", 65535), ("int32", 255)])
def test_wider_types_of_whole_numbers_are_classes_too(tmp_path, dtype, nodata):
    wide = np.where(GRID == 255, nodata, GRID.astype(np.int64)).astype(dtype)
    path = written(tmp_path / "w.tif", wide, nodata=nodata)
    found = of(class_areas(path, zones(MIDDLE)))
    assert found == pytest.approx({10: 0.75, 20: 0.75, 80: 1.5, nodata: 1.0})


def test_without_a_nodata_value_every_number_is_a_class(tmp_path):
    path = written(tmp_path / "plain.tif", GRID)
    assert of(class_areas(path, zones(MIDDLE)))[255] == pytest.approx(1.0)


def test_a_south_up_raster_lies_in_the_right_place(tmp_path):
    path = written(tmp_path / "s.tif", GRID[::-1], nodata=255, transform=south_up(0, 0, 100))
    triangle = shapely.Polygon([(0, 0), (300, 0), (0, 300)])
    assert of(class_areas(path, zones(triangle))) == pytest.approx({10: 1.5, 80: 2.5, 255: 0.5})


def test_another_band_is_read_when_asked_for(tmp_path):
    path = written(tmp_path / "b.tif", np.stack([GRID * 0, GRID]), nodata=255)
    assert of(class_areas(path, zones(MIDDLE), band=2))[80] == pytest.approx(1.5)
    assert of(class_areas(path, zones(MIDDLE))) == pytest.approx({0: 4.0})


def test_ids_keep_their_column_order_and_type(grid):
    mine = zones(shapely.box(0, 0, 100, 100), MIDDLE, ids=["330382", "007"]).rename(
        columns={"zone_id": "code_of_zone"}
    )
    table = class_areas(grid, mine, zone_column="code_of_zone")
    assert table["zone_id"].drop_duplicates().tolist() == ["330382", "007"]
    assert table.columns.tolist() == ["zone_id", "code", "area_ha"]
    assert pd.api.types.is_integer_dtype(table["code"])
    numbered = mine.assign(code_of_zone=[7, 3])
    assert means(grid, numbered, zone_column="code_of_zone")["zone_id"].tolist() == [7, 3]


@pytest.mark.parametrize("strip_rows", [1, 7, 64, 10_000])
def test_strips_change_nothing(tmp_path, strip_rows):
    path, mine = _random_raster(tmp_path), _wiggly(crs="EPSG:4326")
    whole = class_areas(path, mine)
    pd.testing.assert_frame_equal(
        class_areas(path, mine, strip_rows=strip_rows), whole, rtol=1e-12, atol=0
    )


# --- zones


def test_overlapping_zones_are_each_measured_on_their_own(grid):
    other = shapely.box(100, 100, 300, 300)
    both = class_areas(grid, zones(MIDDLE, other))
    assert of(both, "a") == pytest.approx(of(class_areas(grid, zones(MIDDLE))), rel=1e-14)
    assert of(both, "b") == pytest.approx(of(class_areas(grid, zones(other))), rel=1e-14)


def test_the_order_of_zones_changes_nothing(tmp_path):
    path, mine = _random_raster(tmp_path), _wiggly(crs="EPSG:4326")
    turned = class_areas(path, mine.iloc[::-1])
    key = ["zone_id", "code"]
    pd.testing.assert_frame_equal(
        turned.sort_values(key, ignore_index=True),
        class_areas(path, mine).sort_values(key, ignore_index=True),
        rtol=1e-12, atol=0,
    )  # fmt: skip


def test_a_zone_cut_in_two_sums_to_the_whole(tmp_path):
    path = _random_raster(tmp_path)
    whole = _wiggly(crs="EPSG:4326").iloc[:1]
    west, south, east, north = whole.total_bounds
    half = shapely.box(west, south, (2 * west + east) / 3, north)
    pieces = zones(whole.geometry.iloc[0] & half, whole.geometry.iloc[0] - half, crs="EPSG:4326")
    parts = class_areas(path, pieces).groupby("code")["area_ha"].sum()
    together = class_areas(path, whole).set_index("code")["area_ha"]
    assert parts.to_dict() == pytest.approx(together.to_dict(), rel=1e-9)


def test_the_rows_of_a_zone_add_up_to_its_area(tmp_path):
    path, mine = _random_raster(tmp_path), _wiggly(crs="EPSG:4326")
    wider = pd.concat([mine, zones(shapely.box(119.5, 27.0, 121.5, 29.5), crs="EPSG:4326",
                                   ids=["wide"])])  # fmt: skip
    added = class_areas(path, wider).groupby("zone_id")["area_ha"].sum()
    expected = true_area_ha(wider)
    assert added.to_dict() == pytest.approx(expected, rel=1e-6)
    table = means(path, wider).set_index("zone_id")
    assert (table["area_ha"] + table["missing_ha"]).to_dict() == pytest.approx(expected, rel=1e-6)


def test_zones_of_another_system_keep_their_straight_edges(tmp_path):
    # An edge of 90 km along a parallel bends by some 90 m in the Gauss-Krüger plane.
    ones = np.ones((1100, 1100), np.uint8)
    path = written(tmp_path / "gk.tif", ones, crs="EPSG:4549", west=450_000, north=3_210_000)
    zone = zones(shapely.box(119.6, 28.1, 120.5, 28.9), crs="EPSG:4490")
    assert of(class_areas(path, zone)) == pytest.approx({1: true_area_ha(zone)["a"]}, rel=1e-6)


# --- against exactextract


def _random_raster(folder, *, crs="EPSG:4326", west=120.0, north=29.0, step=0.0025, side=400):
    rng = np.random.default_rng(4)
    coarse = rng.choice([0, 10, 20, 21, 80, 255], (side // 8, side // 8))
    pixels = np.repeat(np.repeat(coarse, 8, axis=0), 8, axis=1).astype(np.uint8)
    lone = rng.random(pixels.shape) < 0.05
    pixels[lone] = rng.choice([0, 10, 255], int(lone.sum()))
    return written(
        folder / "random.tif", pixels, crs=crs, west=west, north=north, step=step,
        tiled=True, blockxsize=128, blockysize=128,
    )  # fmt: skip


def _wiggly(crs, count=6):
    """Zones with fractal borders on the ground of `_random_raster`, some beyond its edge."""
    degrees = shapely.transform(
        coast.zones(count, vertices=600), lambda xy: xy / 290_000.0 + [120.02, 28.05]
    )
    made = gpd.GeoDataFrame({"zone_id": [f"z{i}" for i in range(count)]}, geometry=degrees,
                            crs="EPSG:4326")  # fmt: skip
    return made.to_crs(crs)


def _by_exactextract(path, mine):
    """Per zone: pixel areas, codes and shares, the shares by exactextract."""
    band = describe(path)
    window = Strip(0, 0, band.height, band.width)
    laid = ground(band, window)
    knots = laid.of_rows(window)
    for at in range(len(mine)):
        cells = exact_extract(
            str(path), mine.iloc[[at]], ["values", "coverage", "cell_id"], output="pandas",
            max_cells_in_memory=10**9,
        ).iloc[0]  # fmt: skip
        row, column = np.divmod(np.asarray(cells["cell_id"]), band.width)
        area_m2 = knots[row, 0] if not laid.column_step else _between(knots, laid, row, column)
        yield np.asarray(cells["values"]), np.asarray(cells["coverage"]) * area_m2


def _between(knots, laid, row, column):
    knot = np.minimum(column // laid.column_step, knots.shape[1] - 2)
    share = column / laid.column_step - knot
    return knots[row, knot] * (1 - share) + knots[row, knot + 1] * share


def _require_equal(path, mine):
    table, averages = class_areas(path, mine), means(path, mine)
    compared = 0
    for at, (codes, area_m2) in enumerate(_by_exactextract(path, mine)):
        theirs = pd.Series(area_m2 / 1e4).groupby(codes).sum()
        ours = of(table, mine["zone_id"].iloc[at])
        ours.pop(OFF_RASTER, None)
        assert ours == pytest.approx({int(k): v for k, v in theirs.items() if v > 0}, rel=1e-7)
        if not ours:
            continue
        mean = (codes * area_m2).sum() / area_m2.sum()
        assert averages["mean"].iloc[at] == pytest.approx(mean, rel=1e-7)
        compared += len(ours)
    assert compared > 20


def test_wiggly_zones_give_what_exactextract_gives(tmp_path):
    _require_equal(_random_raster(tmp_path), _wiggly(crs="EPSG:4326"))


def test_wiggly_zones_on_a_projected_grid_give_what_exactextract_gives(tmp_path):
    path = _random_raster(tmp_path, crs="EPSG:32651", west=210_000.0, north=3_210_000.0, step=250.0)
    mine = _wiggly(crs="EPSG:4326").to_crs("EPSG:32651")
    _require_equal(path, mine)


def test_real_counties_give_what_exactextract_gives(tmp_path, real_counties):
    counties = gpd.read_file(real_counties)
    counties["zone_id"] = counties.index.astype(str)
    counties["geometry"] = counties.make_valid(method="structure")
    path = _random_raster(tmp_path, west=118.0, north=31.25, step=0.01, side=480)
    _require_equal(
        path, counties[["zone_id", "geometry"]].set_crs("EPSG:4326", allow_override=True)
    )


# --- what a pixel covers


def test_the_pixels_of_the_official_cell_cover_the_official_area(tmp_path):
    path = written(tmp_path / "cell.tif", np.ones((500, 500), np.uint8), crs="EPSG:4490",
                   west=120.0, north=31.0, step=0.002)  # fmt: skip
    found = class_areas(path, zones(shapely.box(120, 30, 121, 31), crs="EPSG:4490"))
    assert found["area_ha"].item() * 1e4 == pytest.approx(10_642_393_438.71, abs=0.01)


@pytest.mark.parametrize("crs", ["EPSG:4549", "EPSG:32651", "EPSG:32650", "EPSG:3857", "EPSG:4528"])
def test_a_pixel_of_a_projected_grid_covers_what_it_does_on_the_ellipsoid(tmp_path, crs):
    x, y = Transformer.from_crs("EPSG:4490", crs, always_xy=True).transform(119.0, 31.0)
    path = written(tmp_path / "p.tif", np.ones((8000, 6000), np.uint8), crs=crs, west=x, north=y,
                   step=30.0, compress="deflate")  # fmt: skip
    band, rng = describe(path), np.random.default_rng(1)
    row, column = rng.integers(50, 7950, 50), rng.integers(50, 5950, 50)
    laid = ground(band, Strip(0, 0, 8000, 6000))
    knots = laid.of_rows(Strip(0, 0, 8000, 6000))
    ours = knots[row, 0] if not laid.column_step else _between(knots, laid, row, column)
    # 99 × 99 pixels around each, by GeographicLib: their mean is that of the middle to 1e-8.
    east, south = x + (column + 50) * 30.0, y - (row + 50) * 30.0
    around = shapely.segmentize(shapely.box(east - 99 * 30, south, east, south + 99 * 30), 100.0)
    degrees = gpd.GeoSeries(around, crs=crs).to_crs("EPSG:4490")
    geod = Geod(ellps="GRS80")
    true_m2 = [abs(geod.geometry_area_perimeter(one)[0]) / 99**2 for one in degrees]
    # The middles between knots are held to a fifth of the bound; without that this would fail.
    assert np.abs(ours / true_m2 - 1.0).max() < 0.3 * RELATIVE_BOUND


def test_pixels_in_degrees_cover_what_geodesics_enclose(tmp_path):
    path = written(tmp_path / "d.tif", np.ones((40, 2), np.uint8), crs="EPSG:4326", west=120.0,
                   north=31.0, step=0.05)  # fmt: skip
    rows = ground(describe(path), Strip(0, 0, 40, 2)).of_rows(Strip(0, 0, 40, 2))[:, 0]
    north = 31.0 - 0.05 * np.arange(40)
    boxes = shapely.segmentize(shapely.box(120.0, north - 0.05, 120.05, north), 0.001)
    assert rows == pytest.approx(ellipsoidal_area_m2(boxes), rel=1e-7)


def test_nothing_is_compiled_or_loaded_before_a_result_is_asked_for():
    code = "import bluecarbon_map.zonal, sys; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
