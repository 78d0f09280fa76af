"""What a raster says at a point and zone by zone, on the small workspace, worked out by hand."""

from __future__ import annotations

import subprocess
import sys

import geopandas as gpd
import numpy as np
import pytest
import shapely

from bluecarbon_map import reports
from bluecarbon_map.errors import AccountingError, NotFoundError, RasterError
from bluecarbon_map.geodesy import area_ha
from bluecarbon_map.reports.rasters import Held, Swept, _require_whole
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.tables import Level
from tests.builders import (
    CLASSES,
    EAST,
    INDEX,
    WEST,
    class_pixels,
    index,
    index_pixels,
    raster,
    write_raster,
    write_rasters,
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    from tests.builders import write_workspace

    return FolderStore(write_workspace(tmp_path_factory.mktemp("rasters") / "workspace"))


def pixel_ha(row):
    """Area of a pixel of a row of the small rasters, on the ellipsoid."""
    north = 28.1 - 0.01 * row
    shape = shapely.box(121.0, north - 0.01, 121.01, north)
    return float(area_ha(gpd.GeoSeries([shape], crs="EPSG:4490"), "pixel")[0])


# --- at a point ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lon", "lat", "held", "kind"),
    [
        (121.025, 28.025, Held.CLASS, (10, "mangrove", None)),
        (121.095, 28.045, Held.CLASS, (21, "salt_marsh", "Spartina alterniflora")),
        (121.125, 28.025, Held.CLASS, (20, "salt_marsh", None)),
        (121.055, 28.055, Held.OTHER, (0, None, None)),
        (121.195, 28.005, Held.NO_DATA, (None, None, None)),
    ],
)
def test_a_pixel_says_its_class_and_no_data_is_not_other_ground(store, lon, lat, held, kind):
    found = reports.pixel(store, CLASSES, lon, lat)
    assert found.held is held
    assert (found.code, found.ecosystem, found.species) == kind
    assert found.value is None
    assert (found.year, found.provenance) == (2022, "demonstration")


@pytest.mark.parametrize(
    ("lon", "lat", "held", "value"),
    [
        (121.05, 28.05, Held.VALUE, 0.2),
        (121.15, 28.05, Held.VALUE, 0.6),
        (121.195, 28.095, Held.NO_DATA, None),
    ],
)
def test_a_pixel_says_its_value_with_scale_and_offset(store, lon, lat, held, value):
    found = reports.pixel(store, INDEX, lon, lat)
    assert (found.held, found.value, found.code) == (held, value, None)


@pytest.mark.parametrize(
    ("lon", "lat"), [(120.99, 28.05), (121.21, 28.05), (121.1, 28.11), (121.1, 27.9), (0.0, 0.0)]
)
def test_off_the_raster_is_nothing_at_all(store, lon, lat):
    assert reports.pixel(store, CLASSES, lon, lat) is None


def test_a_code_that_stands_for_nothing_is_said_to_be_unknown(workspace_folder):
    write_raster(workspace_folder / f"raster_{CLASSES}.tif", np.full((10, 20), 77, np.uint8))
    found = reports.pixel(FolderStore(workspace_folder), CLASSES, 121.05, 28.05)
    assert (found.held, found.code, found.ecosystem) == (Held.UNKNOWN_CODE, 77, None)


def test_an_unknown_raster_is_refused_by_name(store):
    with pytest.raises(NotFoundError, match="no raster 'x' here"):
        reports.pixel(store, "x", 121.0, 28.0)


# --- classes by zone ----------------------------------------------------------------------------


def by_class(areas, zone):
    rows = areas.rows[areas.rows["zone_id"] == zone]
    return rows.set_index("code")


def test_each_zone_has_the_pixels_that_lie_in_it(store):
    areas = reports.raster_areas(store, CLASSES)
    west, east = by_class(areas, WEST), by_class(areas, EAST)
    assert west.index.tolist() == [10, 21]
    assert east.index.tolist() == [21, 20, 80]
    assert west.loc[10, "raster_ha"] == pytest.approx(pixel_ha(7) + pixel_ha(0), rel=1e-7)
    assert west.loc[21, "raster_ha"] == pytest.approx(pixel_ha(5), rel=1e-7)
    assert east.loc[21, "raster_ha"] == pytest.approx(pixel_ha(5), rel=1e-7)
    assert east.loc[80, "raster_ha"] == pytest.approx(pixel_ha(3), rel=1e-7)


def test_the_difference_to_the_polygons_is_the_one_wrong_pixel(store):
    areas = reports.raster_areas(store, CLASSES)
    west = by_class(areas, WEST)
    assert west.loc[10, "polygon_ha"] == pytest.approx(pixel_ha(7), rel=1e-7)
    assert west.loc[10, "difference_ha"] == pytest.approx(pixel_ha(0), rel=1e-6)
    assert areas.rows.loc[areas.rows["code"] != 10, "difference_ha"].abs().max() < 1e-4
    assert areas.survey_id == "S-2022"


def test_the_parts_of_a_zone_are_its_area(store):
    zones = reports.raster_areas(store, CLASSES).zones.set_index("zone_id")
    parts = zones[["classes_ha", "other_ha", "unsurveyed_ha", "off_raster_ha"]].sum(axis=1)
    assert parts.tolist() == pytest.approx(zones["area_ha"].tolist(), abs=1e-7)
    true_ha = area_ha(store.zones(Level.COUNTY), "zones")
    assert zones["area_ha"].to_numpy() == pytest.approx(true_ha, rel=1e-7)
    assert zones.loc[EAST, "unsurveyed_ha"] == pytest.approx(pixel_ha(9), rel=1e-7)
    assert zones.loc[WEST, "unsurveyed_ha"] == 0.0


def test_wider_zones_and_totals_are_sums_of_the_finest(store):
    fine = reports.raster_areas(store, CLASSES)
    for level in (Level.CITY, Level.PROVINCE):
        wide = reports.raster_areas(store, CLASSES, level=level)
        for column in ("raster_ha", "polygon_ha"):
            assert wide.rows[column].sum() == pytest.approx(fine.rows[column].sum(), abs=1e-8)
            assert wide.totals[column].tolist() == fine.totals[column].tolist()
    assert fine.totals.set_index("code").loc[21, "raster_ha"] == pytest.approx(
        2 * pixel_ha(5), rel=1e-7
    )


def test_one_zone_alone_is_what_it_is_among_the_others(store):
    alone = reports.raster_areas(store, CLASSES, zone_id="331000", language="en")
    assert set(alone.rows["zone_id"]) == {EAST}
    assert alone.zones["zone_name"].tolist() == ["玉环市"]  # no English name is known
    among = by_class(reports.raster_areas(store, CLASSES), EAST)
    assert alone.rows["raster_ha"].tolist() == among["raster_ha"].tolist()


def test_what_was_swept_and_measured_before_gives_the_same(store):
    swept, measured = reports.sweep(store, CLASSES), reports.measure(store, "S-2022")
    again = reports.raster_areas(store, CLASSES, swept=swept, measured=measured)
    assert again.rows.equals(reports.raster_areas(store, CLASSES).rows)


def test_ground_beyond_the_raster_and_a_missing_class_are_told_apart(workspace_folder):
    west_half = np.zeros((10, 10), np.uint8)
    write_raster(workspace_folder / f"raster_{CLASSES}.tif", west_half)
    areas = reports.raster_areas(FolderStore(workspace_folder), CLASSES)
    zones, east = areas.zones.set_index("zone_id"), by_class(areas, EAST)
    assert zones.loc[EAST, "off_raster_ha"] == zones.loc[EAST, "area_ha"] > 9000
    assert zones.loc[WEST, "off_raster_ha"] == 0.0
    assert east.loc[20, "raster_ha"] == 0.0
    assert east.loc[20, "polygon_ha"] == pytest.approx(pixel_ha(7), rel=1e-7)
    assert "未调查或在栅格之外" in east.loc[20, "why_zh"]
    assert "lie beyond the raster" in east.loc[20, "why_en"]


def test_every_difference_has_its_reasons_in_both_languages(store):
    rows = reports.raster_areas(store, CLASSES).rows
    assert rows["why_zh"].str.contains("像元 1113 m|只合 .* 个像元（1113 m）").all()
    assert rows["why_en"].str.contains("pixels of 1113 m").all()
    assert rows["why_zh"].str.contains("加入了").all()
    assert rows["why_en"].str.contains("noise was put into the raster").all()


def test_a_class_without_a_patch_in_the_zone_is_called_noise_of_a_made_up_raster_only(
    workspace_folder,
):
    grid = class_pixels()
    grid[0, 15] = 10
    write_raster(workspace_folder / f"raster_{CLASSES}.tif", grid)
    east = by_class(reports.raster_areas(FolderStore(workspace_folder), CLASSES), EAST)
    assert (east.loc[10, "polygon_ha"], east.loc[10, "raster_ha"] > 100) == (0.0, True)
    assert "本区没有这一类图斑，栅格中全为噪声" in east.loc[10, "why_zh"]
    write_rasters(workspace_folder, raster(provenance="survey"), index())
    real = by_class(reports.raster_areas(FolderStore(workspace_folder), CLASSES), EAST)
    assert "the raster shows it, the survey has no patch of it" in real.loc[10, "why_en"]
    assert "栅格有这一类，调查没有它的图斑" in real.loc[10, "why_zh"]
    assert not real["why_en"].str.contains("noise|confusion").any()


@pytest.mark.parametrize(
    ("provenance", "gaps", "expected"),
    [
        ("demonstration", 0, "图斑落在像元中心之间"),
        ("survey", 0, "调查有这一类图斑，栅格没有"),
        ("demonstration", 2, "图斑可能落在栅格没有数据之处"),
        ("survey", 2, "图斑可能落在栅格没有数据之处"),
    ],
)
def test_patches_are_missed_between_pixels_only_where_the_raster_knows_the_ground(
    workspace_folder, provenance, gaps, expected
):
    grid = class_pixels()
    grid[grid == 20] = 0
    grid[grid == 255] = 0
    grid[9, 10 : 10 + gaps] = 255  # one pixel is the patch, two are more
    write_raster(workspace_folder / f"raster_{CLASSES}.tif", grid)
    write_rasters(workspace_folder, raster(provenance=provenance), index())
    east = by_class(reports.raster_areas(FolderStore(workspace_folder), CLASSES), EAST)
    assert east.loc[20, "raster_ha"] == 0.0
    assert east.loc[20, "polygon_ha"] > 100
    assert expected in east.loc[20, "why_zh"]


def test_a_raster_without_a_survey_has_unknown_polygons_not_none(workspace_folder):
    write_rasters(workspace_folder, raster(survey_id=None), index())
    areas = reports.raster_areas(FolderStore(workspace_folder), CLASSES)
    assert areas.rows[["polygon_ha", "difference_ha"]].isna().all(axis=None)
    assert areas.totals["polygon_ha"].isna().all()
    assert areas.rows["raster_ha"].gt(0).all()
    assert set(areas.rows["why_zh"]) == {"没有可比的调查图斑"}


def test_an_observed_raster_is_said_to_have_errors_not_noise(workspace_folder):
    write_rasters(workspace_folder, raster(provenance="survey"), index())
    areas = reports.raster_areas(FolderStore(workspace_folder), CLASSES)
    assert areas.rows["why_en"].str.contains("errors of its own").all()
    assert not areas.rows["why_en"].str.contains("noise").any()


def test_zero_as_nodata_is_unsurveyed_and_never_other_ground(workspace_folder):
    grid = class_pixels()
    grid[grid == 255] = 0
    write_raster(workspace_folder / f"raster_{CLASSES}.tif", grid, nodata=0)
    store = FolderStore(workspace_folder)
    zones = reports.raster_areas(store, CLASSES).zones
    assert zones["other_ha"].tolist() == [0.0, 0.0]
    assert zones["unsurveyed_ha"].min() > 9000
    assert reports.pixel(store, CLASSES, 121.055, 28.055).held is Held.NO_DATA


def test_a_code_that_stands_for_nothing_stays_in_the_table(workspace_folder):
    grid = class_pixels()
    grid[0, 0] = 77
    write_raster(workspace_folder / f"raster_{CLASSES}.tif", grid)
    west = by_class(reports.raster_areas(FolderStore(workspace_folder), CLASSES), WEST)
    assert west.index.tolist() == [10, 21, 77]
    assert west["ecosystem"].isna().tolist() == [False, False, True]
    assert west.loc[77, "raster_ha"] == pytest.approx(pixel_ha(0), rel=1e-7)


def test_an_unknown_zone_is_refused(store):
    with pytest.raises(NotFoundError, match="no zone '999999'"):
        reports.raster_areas(store, CLASSES, zone_id="999999")


def test_parts_that_miss_a_zones_area_are_a_defect():
    with pytest.raises(AccountingError, match=r"r\.tif: parts of a zone miss its area by 0\.02"):
        _require_whole(np.array([100.0, 98.0]), np.array([100.0, 100.0]), "r.tif")
    with pytest.raises(AccountingError):
        _require_whole(np.array([np.nan]), np.array([1.0]), "r.tif")


# --- means by zone ------------------------------------------------------------------------------


def test_the_mean_of_a_zone_is_that_of_its_pixels_with_a_value(store):
    means = reports.raster_means(store, INDEX)
    rows = means.rows.set_index("zone_id")
    assert rows.loc[WEST, ["mean", "low", "high"]].tolist() == pytest.approx([0.2] * 3)
    assert rows.loc[EAST, ["mean", "low", "high"]].tolist() == pytest.approx([0.6] * 3)
    assert rows.loc[WEST, "missing_ha"] == pytest.approx(0.0, abs=1e-6)
    assert rows.loc[EAST, "missing_ha"] == pytest.approx(pixel_ha(0), rel=1e-7)


def test_the_mean_of_a_wider_zone_weighs_by_ground(store):
    means = reports.raster_means(store, INDEX, level=Level.PROVINCE)
    west = sum(10 * pixel_ha(row) for row in range(10))
    east = west - pixel_ha(0)
    expected = (0.2 * west + 0.6 * east) / (west + east)
    assert means.rows["mean"].tolist() == pytest.approx([expected], rel=1e-8)
    assert means.whole["mean"] == pytest.approx(expected, rel=1e-8)
    assert (means.whole["low"], means.whole["high"]) == (0.2, 0.6)


def test_a_zone_without_a_value_has_no_mean(workspace_folder):
    grid = index_pixels()
    grid[:, 10:] = 255
    write_raster(workspace_folder / f"raster_{INDEX}.tif", grid, scale=0.01, offset=-1.0)
    rows = reports.raster_means(FolderStore(workspace_folder), INDEX).rows.set_index("zone_id")
    assert rows.loc[EAST, ["mean", "low", "high"]].isna().all()
    assert rows.loc[EAST, "valid_ha"] == 0.0
    assert rows.loc[WEST, "mean"] == pytest.approx(0.2)


def test_classes_have_no_mean_and_values_no_classes(store):
    with pytest.raises(RasterError, match=r"it holds classes\. Ask for raster_areas instead"):
        reports.raster_means(store, CLASSES)
    with pytest.raises(RasterError, match=r"it holds continuous values\. Ask for raster_means"):
        reports.raster_areas(store, INDEX)


def test_a_zone_beyond_the_raster_alone_has_no_mean(store):
    nowhere = Swept(zone_ids=(), table=reports.sweep(store, INDEX).table, pixel_m=1.0, no_data=None)
    means = reports.raster_means(store, INDEX, swept=nowhere)
    assert np.isnan(means.whole["mean"])
    assert means.rows["mean"].isna().all()


# --- start --------------------------------------------------------------------------------------


def test_a_start_without_rasters_imports_nothing_that_reads_them():
    code = (
        "import sys; import bluecarbon_map.reports, bluecarbon_map.tiles; "
        "print(sorted({'rasterio', 'numba', 'rio_tiler'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
