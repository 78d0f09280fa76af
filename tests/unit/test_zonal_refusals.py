"""Rasters and zones that cannot be put together, and what the refusal says."""

from __future__ import annotations

import shutil
import warnings

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from bluecarbon_map.errors import (
    ColumnError,
    CRSMismatchError,
    CRSMissingError,
    DuplicateIdError,
    EmptyLayerError,
    GeometryError,
    InputError,
    RasterError,
)
from bluecarbon_map.zonal import class_areas, describe, means
from tests.rasters import south_up, tagged, written, zones

ONES = np.ones((3, 3), np.uint8)
ZONE = zones(shapely.box(50, 50, 250, 250))
REGION = zones(shapely.box(121.2, 28.35, 121.21, 28.36), crs="EPSG:4326")
"""The ground of the bad rasters: 4 × 4 pixels of 0.0025°."""


@pytest.fixture
def bad(shared):
    """Path of one of the bad rasters, by name."""
    return lambda name: shared / "badinputs" / "tif" / f"{name}.tif"


# --- files that cannot be used


@pytest.mark.parametrize("ask", [class_areas, means])
@pytest.mark.parametrize(
    ("name", "error", "reason"),
    [
        ("vrt_raw_passwd", RasterError, "no GeoTIFF that can be opened"),
        ("vrt_vsicurl", RasterError, "no GeoTIFF that can be opened"),
        ("vrt_python", RasterError, "no GeoTIFF that can be opened"),
        ("wms_service", RasterError, "no GeoTIFF that can be opened"),
        ("zero_bytes", RasterError, "no GeoTIFF that can be opened"),
        ("no_crs", CRSMissingError, r"no_crs\.tif: the layer has no coordinate system"),
        ("no_geotransform", RasterError, "does not say where it lies"),
        ("rotated", RasterError, "its grid is rotated"),
        ("bands_65535", RasterError, "65,535 bands"),
        ("nowhere", RasterError, "there is no such file"),
    ],
)
def test_a_bad_raster_is_refused_with_a_reason(bad, ask, name, error, reason):
    with pytest.raises(error, match=reason) as caught:
        ask(bad(name), REGION)
    assert caught.value.fix
    assert "badinputs" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "mean", "missing"),
    [
        ("good", 386.0, 0.0),
        ("ifd_loop", 386.0, 0.0),
        ("south_up", 386.0, 0.0),
        ("scale_offset", 386.0, 0.0),
        ("unit_kg_m2", 38.6, 0.0),
        ("nan_inf_cells", (12 * 386.0 + 0.0) / 13, 3 / 16),
        ("nodata_zero_valid", 386.0, 8 / 16),
    ],
)
def test_an_odd_raster_gives_what_it_says(bad, name, mean, missing):
    row = means(bad(name), REGION).iloc[0]
    assert row["mean"] == pytest.approx(mean, rel=1e-4)
    whole = row["area_ha"] + row["missing_ha"]
    assert row["missing_ha"] / whole == pytest.approx(missing, abs=1e-4)


def test_a_pixel_that_is_a_point_lies_around_it(bad):
    # The tie point is the middle of the first pixel, so the grid begins half a pixel before it.
    band = describe(bad("pixel_is_point"))
    assert (band.west, band.north) == pytest.approx((121.2 - 0.00125, 28.36 + 0.00125))


def test_a_unit_is_told_as_it_is_stated(bad):
    assert describe(bad("unit_kg_m2")).unit == "kg m-2"
    assert describe(bad("good")).unit is None


def test_pixels_that_are_cut_off_are_no_zeros(bad):
    with pytest.raises(RasterError, match="damaged or cut off") as caught:
        means(bad("strip_past_end"), REGION)
    assert caught.value.where == "strip_past_end.tif"


def test_a_photo_is_no_raster_of_classes(bad):
    with pytest.raises(RasterError, match="it is a picture"):
        class_areas(bad("rgb_photo"), REGION)


def test_no_file_beside_the_raster_is_looked_at(tmp_path, bad):
    path = written(tmp_path / "a.tif", ONES, crs=None)
    beside = "<PAMDataset><SRS>EPSG:4326</SRS></PAMDataset>"
    path.with_suffix(".tif.aux.xml").write_text(beside)
    shutil.copy(bad("vrt_vsicurl"), path.with_suffix(".tif.ovr"))
    with rasterio.open(path) as file:
        assert file.crs is not None  # whoever looks beside it believes what lies there
    with pytest.raises(CRSMissingError):
        class_areas(path, ZONE)


# --- rasters of the wrong kind


@pytest.mark.parametrize(
    ("pixels", "how", "reason"),
    [
        (ONES.astype(np.float32), {}, "pixels are float32, and classes are whole numbers"),
        (ONES.astype(np.int16) * 300, {}, "it holds 300, and codes of classes are 0 to 255"),
        (ONES.astype(np.int16) * -5, {}, "it holds -5"),
        (ONES.astype(np.int16), {"nodata": -1}, "its nodata value is -1"),
        (np.stack([ONES, ONES]), {"photometric": "RGB", "nodata": 0}, "it is a picture"),
    ],
)
def test_what_are_no_classes_is_refused(tmp_path, pixels, how, reason):
    pixels = np.concatenate([pixels, pixels[:1]]) if "photometric" in how else pixels
    path = written(tmp_path / "c.tif", pixels, **how)
    with pytest.raises(RasterError, match=reason):
        class_areas(path, ZONE)


def test_numbers_with_a_scale_are_no_classes(tmp_path):
    path = tagged(tmp_path / "s.tif", ONES, scale=0.1)
    with pytest.raises(RasterError, match="measurements, not classes"):
        class_areas(path, ZONE)


def test_complex_numbers_have_no_mean(tmp_path):
    path = written(tmp_path / "c.tif", ONES.astype(np.complex64))
    with pytest.raises(RasterError, match="which have no mean"):
        means(path, ZONE)


def test_gaps_in_a_mask_band_are_refused(tmp_path):
    path = written(tmp_path / "m.tif", ONES)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(path, "r+") as file:
        file.write_mask(ONES * 255)
    with pytest.raises(RasterError, match="a mask or an alpha band"):
        means(path, ZONE)


@pytest.mark.parametrize("band", [0, 2, -1])
def test_a_band_that_is_not_there_is_refused(tmp_path, band):
    path = written(tmp_path / "a.tif", ONES)
    with pytest.raises(RasterError, match=f"it has no band {band}; there are 1"):
        means(path, ZONE, band=band)


def test_a_raster_of_another_region_is_off_the_map(tmp_path):
    path = written(tmp_path / "far.tif", ONES, west=10_000.0)
    for ask in (class_areas, means):
        with pytest.raises(RasterError, match=r"no zone lies on it; it spans x 10000 … 10300"):
            ask(path, ZONE)


def test_a_raster_in_the_gap_between_zones_is_off_the_map(tmp_path):
    path = written(tmp_path / "gap.tif", ONES)
    ring = shapely.box(-500, -500, 900, 900) - shapely.box(-100, -100, 400, 400)
    for ask in (class_areas, means):
        with pytest.raises(RasterError, match="no zone lies on it"):
            ask(path, zones(ring))


@pytest.mark.parametrize("crs", ["EPSG:2437", "EPSG:2334"])
def test_a_raster_on_an_old_datum_is_refused(tmp_path, crs):
    path = written(tmp_path / "old.tif", ONES, crs=crs, west=500_000.0, north=3_200_000.0)
    with pytest.raises(CRSMismatchError, match=r"old\.tif.*CGCS2000 or WGS 84"):
        means(path, ZONE)


def test_degrees_that_are_really_metres_are_refused(tmp_path):
    path = written(tmp_path / "m.tif", ONES, crs="EPSG:4326", west=500_000.0, north=3_200_000.0)
    with pytest.raises(CRSMismatchError, match="metres"):
        means(path, ZONE)


# --- zones that cannot be used


@pytest.mark.parametrize(
    ("mine", "error", "reason"),
    [
        (ZONE.iloc[:0], EmptyLayerError, "there is no row"),
        (ZONE.rename(columns={"zone_id": "id"}), ColumnError, "no column 'zone_id'"),
        (ZONE.set_crs(None, allow_override=True), CRSMissingError, "zones"),
        (zones(*[ZONE.geometry.iloc[0]] * 2, ids="aa"), DuplicateIdError, "rows a"),
        (zones(None, ids="x"), GeometryError, "rows x: the geometry is missing"),
        (
            zones(shapely.Polygon(), ids="x"),
            GeometryError,
            "rows x: the geometry is missing, empty",
        ),
        (zones(shapely.Point(1, 1)), GeometryError, "no polygon"),
        (
            zones(shapely.Polygon([(0, 0), (200, 200), (200, 0), (0, 200)])),
            GeometryError,
            "crosses itself",
        ),
        (ZONE.set_crs("EPSG:4490", allow_override=True), CRSMismatchError, "metres"),
        (ZONE.set_crs("EPSG:2437", allow_override=True), CRSMismatchError, "CGCS2000 or WGS 84"),
    ],
)
def test_zones_that_cannot_be_used_are_refused(tmp_path, mine, error, reason):
    path = written(tmp_path / "a.tif", ONES)
    for ask in (class_areas, means):
        with pytest.raises(error, match=reason):
            ask(path, mine)


def test_zones_that_the_rasters_system_cannot_express_are_refused(tmp_path):
    path = written(tmp_path / "a.tif", ONES, crs="EPSG:4549", west=500_000.0, north=3_200_000.0)
    with pytest.raises(CRSMismatchError, match="EPSG:4549 cannot express"):
        means(path, zones(shapely.box(29, -1, 31, 1), crs="EPSG:4490"))


def test_a_strip_has_at_least_one_row(tmp_path):
    path = written(tmp_path / "a.tif", ONES)
    with pytest.raises(ValueError, match="strip_rows must be 1 or more"):
        means(path, ZONE, strip_rows=0)


def test_every_refusal_is_an_input_error_without_a_warning(tmp_path):
    path = written(tmp_path / "r.tif", ONES, transform=Affine(1, 0.1, 0, 0.1, -1, 3))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(InputError):
            describe(path)


def test_a_folder_is_no_raster(tmp_path):
    with pytest.raises(RasterError, match="there is no such file"):
        describe(tmp_path)


def test_what_a_band_says_of_itself_is_told(tmp_path):
    path = written(tmp_path / "d.tif", ONES, crs="EPSG:4549", nodata=7,
                   transform=south_up(500_000, 3_200_000, 30))  # fmt: skip
    band = describe(path)
    assert (band.where, band.crs.to_epsg(), band.nodata) == ("d.tif", 4549, 7)
    assert (band.step_x, band.step_y, band.width, band.height) == (30, 30, 3, 3)
    assert band.outline().bounds == (500_000, 3_200_000, 500_090, 3_200_090)
