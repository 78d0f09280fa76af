"""The embedded rasters keep what data/README.md and their passports say of them."""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.windows import Window

from bluecarbon_map import reports
from bluecarbon_map.ecosystems import CLASS_CODES, NO_DATA_CODE, OTHER_CODE
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.tables import Level, RasterKind, Rasters, validate
from bluecarbon_map.tiles import class_name
from data.build import readme
from data.build.__main__ import DATA
from data.build.raster_files import CRS, Frame
from data.build.rasters import (
    BAY,
    CONFUSED_SHARE,
    EDGE_SHARE,
    GREENNESS,
    build_rasters,
    greenness,
    painted,
    passports,
    with_noise,
)

WORKSPACE = DATA / "zhejiang"
CLASS_RASTERS = ["landcover-2022", "landcover-2025"]
INDEX = "vi-yueqing-2025"


@cache
def store():
    return open_workspace()


def opened(raster_id, **given):
    return rasterio.open(store().raster_path(raster_id), driver="GTiff", **given)


@cache
def bay_of(year):
    """The patches of the bay as clean pixels, and the same pixels of the raster."""
    box = gpd.GeoSeries([shapely.box(*BAY)], crs="EPSG:4490").to_crs(CRS)
    frame = Frame.around(tuple(box.total_bounds), 30.0)
    zones = store().zones(Level.PROVINCE)
    clean = painted(frame, zones, store().habitats(f"ZJ-{year}"))
    with opened(f"landcover-{year}") as source:
        column = round((frame.west_m - source.bounds.left) / 30.0)
        row = round((source.bounds.top - frame.north_m) / 30.0)
        return clean, source.read(1, window=Window(column, row, frame.columns, frame.rows))


@cache
def areas_of(raster_id, level):
    swept = swept_of(raster_id)
    measured = measured_of(raster_id.replace("landcover", "ZJ"))
    return reports.raster_areas(store(), raster_id, level=level, swept=swept, measured=measured)


@cache
def swept_of(raster_id):
    return reports.sweep(store(), raster_id)


@cache
def measured_of(survey_id):
    return reports.measure(store(), survey_id)


def beside_another(grid):
    """Pixels that touch another class at a side."""
    edge = np.zeros(grid.shape, dtype=bool)
    edge[1:] |= grid[1:] != grid[:-1]
    edge[:-1] |= grid[1:] != grid[:-1]
    edge[:, 1:] |= grid[:, 1:] != grid[:, :-1]
    edge[:, :-1] |= grid[:, 1:] != grid[:, :-1]
    return edge & (grid != NO_DATA_CODE)


# --- passports and files ------------------------------------------------------------------------


def test_every_raster_is_marked_demonstration_with_licence_and_method_in_both_languages():
    table = store().rasters()
    validate(Rasters, table)
    assert table["raster_id"].tolist() == [*CLASS_RASTERS, INDEX]
    assert set(table["provenance"]) == {"demonstration"}
    assert table["title_zh"].str.contains("演示").all()
    assert table["title_en"].str.contains("demonstration").all()
    assert table["licence"].str.contains("LGPL-3").all()
    for column in ("method", "source"):
        assert table[column].str.contains(" / ", regex=False).all()
    assert table.equals(passports().astype(table.dtypes))


def test_their_terms_have_a_half_in_each_language():
    for text in [*store().rasters()["licence"], *store().rasters()["method"]]:
        assert len(text.split(" / ")) == 2


def test_the_method_of_the_index_states_every_number_it_is_made_with():
    method = store().rasters().set_index("raster_id").loc[INDEX, "method"]
    zh, en = method.split(" / ")
    for mean, wander in GREENNESS.values():
        told = f"{mean:.2f} ± {wander:.2f}".replace("-", "−")
        assert told in zh
        assert told in en
    assert zh.count("±") == en.count("±") == len(GREENNESS) + 1
    for one in set(CLASS_CODES) - set(GREENNESS):
        assert class_name(one) in zh
        assert class_name(one, "en").lower() in en


def test_classes_without_a_mean_have_no_index():
    classes = np.array([[one for one in CLASS_CODES if one not in GREENNESS] * 8], np.uint8)
    stored = greenness(classes, np.zeros_like(classes), np.random.default_rng(3))
    assert (stored == 255).all()


@pytest.mark.parametrize(
    ("raster_id", "pixel_m"), [*((r, 30.0) for r in CLASS_RASTERS), (INDEX, 10.0)]
)
def test_it_is_a_cloud_optimised_equal_area_grid(raster_id, pixel_m):
    with opened(raster_id) as source:
        assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert source.crs.to_epsg() == 6933
        assert source.res == (pixel_m, pixel_m)
        assert (source.dtypes, source.nodata) == (("uint8",), 255.0)
        assert source.bounds.left % pixel_m == source.bounds.top % pixel_m == 0.0
        bounds = source.bounds
        factors = source.overviews(1)
    for level, factor in enumerate(factors):
        with opened(raster_id, overview_level=level) as view:
            assert view.res == (pixel_m * factor, pixel_m * factor)
            assert view.bounds == bounds
    assert max(view.shape) <= 512


def test_the_embedded_rasters_stay_small():
    sizes = [store().raster_path(one).stat().st_size for one in store().rasters()["raster_id"]]
    assert sum(sizes) <= 10e6


# --- classes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("raster_id", CLASS_RASTERS)
def test_parts_of_every_county_add_up_to_it(raster_id):
    zones = areas_of(raster_id, Level.COUNTY).zones
    assert len(zones) == 90
    assert (zones["off_raster_ha"] == 0.0).all()
    unsurveyed = zones["unsurveyed_ha"] / zones["area_ha"]
    assert unsurveyed.max() < 1e-3  # pixels on the outer border whose middle lies outside


@pytest.mark.parametrize("raster_id", CLASS_RASTERS)
def test_it_holds_known_codes_only_and_no_mangrove_where_none_grows(raster_id):
    areas = areas_of(raster_id, Level.CITY)
    assert set(areas.totals["code"]) < set(CLASS_CODES)
    mangrove = areas.rows[areas.rows["code"] == 10]
    assert set(mangrove["zone_name"]) <= {"温州市", "台州市", "舟山市"}


@pytest.mark.parametrize("raster_id", CLASS_RASTERS)
def test_it_is_near_the_polygons_and_says_why_it_is_not_equal(raster_id):
    areas = areas_of(raster_id, Level.PROVINCE)
    off = areas.rows["difference_ha"] / areas.rows["polygon_ha"]
    assert off.abs().max() < 0.15
    assert (areas.rows["difference_ha"] != 0).all()
    assert areas.rows["why_zh"].str.contains("噪声").all()


@pytest.mark.parametrize("year", [2022, 2025])
def test_the_noise_is_what_the_method_says(year):
    clean, noisy = bay_of(year)
    edge = beside_another(clean)
    changed = clean != noisy
    mapped = (clean != OTHER_CODE) & (clean != NO_DATA_CODE)
    assert changed[edge].mean() == pytest.approx(EDGE_SHARE, abs=0.012)
    assert changed[mapped & ~edge].mean() == pytest.approx(CONFUSED_SHARE, abs=0.003)
    assert not changed[~mapped & ~edge].any()


def test_the_same_seed_gives_the_same_noise_and_another_gives_another():
    clean, _ = bay_of(2022)
    first, again, other = (with_noise(clean, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.parametrize("year", [2022, 2025])
def test_every_mangrove_that_has_a_pixel_is_seen_on_the_coarsest_overview(year):
    patches = store().habitats(f"ZJ-{year}")
    mangrove = patches[patches["ecosystem"] == "mangrove"].to_crs(CRS)
    with opened(f"landcover-{year}") as full:
        levels = len(full.overviews(1))
    with opened(f"landcover-{year}", overview_level=levels - 1) as view:
        grid, side = view.read(1), view.res[0]
        seen = []
        for west, south, east, north in mangrove.geometry.bounds.to_numpy():
            rows = slice(
                int((view.bounds.top - north) // side), int((view.bounds.top - south) // side) + 1
            )
            columns = slice(
                int((west - view.bounds.left) // side), int((east - view.bounds.left) // side) + 1
            )
            seen.append(bool((grid[rows, columns] == 10).any()))
    assert len(seen) == 12
    assert all(seen)


# --- vegetation index ---------------------------------------------------------------------------


def test_the_index_lies_between_minus_one_and_one_with_its_gaps():
    with opened(INDEX) as source:
        assert (source.scales, source.offsets) == ((0.01,), (-1.0,))
        stored = source.read(1)
    known = stored[stored != 255]
    assert known.max() <= 200
    assert 0.005 < np.mean(stored == 255) < 0.2


def test_the_index_is_green_on_mangrove_and_less_so_on_flats():
    box = gpd.GeoSeries([shapely.box(*BAY)], crs="EPSG:4490").to_crs(CRS)
    frame = Frame.around(tuple(box.total_bounds), 10.0)
    classes = painted(frame, store().zones(Level.PROVINCE), store().habitats("ZJ-2025"))
    with opened(INDEX) as source:
        index = np.where(source.read(1) == 255, np.nan, source.read(1) * 0.01 - 1.0)
    means = [np.nanmean(index[classes == one]) for one in (80, 10)]
    assert means == pytest.approx([0.04, 0.70], abs=0.05)


def test_a_point_of_open_water_is_not_green_and_beyond_the_bay_nothing_is_known():
    assert reports.pixel(store(), INDEX, 121.16, 28.34).value < -0.1
    assert reports.pixel(store(), INDEX, 121.5, 28.34) is None


def test_the_index_keeps_the_order_of_its_made_up_means():
    classes = np.repeat(np.array([[0, 80, 20, 10]], np.uint8), 1024, axis=0).repeat(512, axis=1)
    stored = greenness(classes, np.zeros_like(classes), np.random.default_rng(3)).astype(float)
    stored[stored == 255] = np.nan
    means = [np.nanmean(stored[:, 512 * at : 512 * at + 512]) * 0.01 - 1.0 for at in range(4)]
    assert means == pytest.approx([-0.30, 0.04, 0.45, 0.70], abs=0.1)
    assert means == sorted(means)


def test_its_mean_is_told_only_for_the_counties_of_the_bay():
    means = reports.raster_means(store(), INDEX)
    told = means.rows.dropna(subset="mean")
    assert set(told["zone_name"]) == {"乐清市", "玉环市", "温岭市"}
    assert told[["low", "high"]].to_numpy().min() >= -1.0
    assert told[["low", "high"]].to_numpy().max() <= 1.0


# --- rebuild ------------------------------------------------------------------------------------


def test_a_rebuild_gives_the_same_bytes(tmp_path):
    if readme.toolchain() not in (DATA / "README.md").read_text(encoding="utf-8"):
        pytest.skip(f"the files were built with other versions than {readme.toolchain()}")
    for name in ("zones", "land", "habitats_ZJ-2022", "habitats_ZJ-2025"):
        (tmp_path / f"{name}.parquet").symlink_to(WORKSPACE / f"{name}.parquet")
    build_rasters(tmp_path, (INDEX,))
    name = f"raster_{INDEX}.tif"
    assert readme.sha256_of(tmp_path / name) == readme.sha256_of(WORKSPACE / name)


def test_a_raster_of_each_kind_has_its_own_passport():
    kinds = passports().set_index("raster_id")["kind"]
    assert kinds[CLASS_RASTERS].tolist() == [RasterKind.CLASSES] * 2
    assert kinds[INDEX] == RasterKind.CONTINUOUS
