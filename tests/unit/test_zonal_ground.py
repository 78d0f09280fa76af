"""What a pixel covers, whatever its shape and size, and the machine code made ahead."""

from __future__ import annotations

import subprocess
import sys

import geopandas as gpd
import numpy as np
import pytest
import shapely
from rasterio.transform import Affine

from bluecarbon_map.geodesy import EQUAL_AREA_CRS
from bluecarbon_map.reports.rasters import sweep
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.zonal import class_areas, describe
from bluecarbon_map.zonal.ground import RELATIVE_BOUND, ground
from bluecarbon_map.zonal.raster import Strip
from tests.builders import CLASSES, write_raster
from tests.rasters import of, true_area_ha, written, zones


def true_m2(band, row, column):
    """Area of a pixel, its outline laid into the equal-area plane in 2,000 pieces a side."""
    x, y = band.west + column * band.step_x, band.north + row * band.step_y
    outline = shapely.box(x, y + band.step_y, x + band.step_x, y)
    sides = max(abs(band.step_x), abs(band.step_y))
    fine = gpd.GeoSeries(shapely.segmentize([outline], sides / 2000), crs=band.crs)
    return fine.to_crs(EQUAL_AREA_CRS).area.item()


def areas_m2(band):
    window = Strip(0, 0, band.height, band.width)
    laid = ground(band, window)
    knots = laid.of_rows(window)
    if not laid.column_step:
        return np.repeat(knots[:, :1], band.width, axis=1)
    at = np.arange(knots.shape[1]) * laid.column_step
    return np.array([np.interp(np.arange(band.width), at, row) for row in knots])


@pytest.mark.parametrize("crs", ["EPSG:4549", "EPSG:32651", "EPSG:3857"])
@pytest.mark.parametrize(
    ("wide_m", "high_m", "shape"),
    [
        (3000.0, 3.0, (400, 100)),
        (3.0, 3000.0, (100, 400)),
        (20_000.0, 500.0, (200, 15)),
        (5_000.0, 5_000.0, (60, 60)),
        (100_000.0, 100_000.0, (3, 3)),
        (300_000.0, 300_000.0, (1, 1)),
    ],
)
def test_a_pixel_of_any_shape_covers_what_it_does_on_the_ellipsoid(
    tmp_path, crs, wide_m, high_m, shape
):
    x, y = gpd.GeoSeries.from_xy([119.0], [30.0], crs="EPSG:4490").to_crs(crs).get_coordinates(
    ).to_numpy()[0]  # fmt: skip
    path = written(tmp_path / "p.tif", np.ones(shape, np.uint8), crs=crs,
                   transform=Affine(wide_m, 0, x, 0, -high_m, y))  # fmt: skip
    band = describe(path)
    ours = areas_m2(band)
    places = {(r, c) for r in (0, shape[0] // 3, shape[0] - 1)
              for c in (0, shape[1] // 3, shape[1] - 1)}  # fmt: skip
    off = [ours[row, column] / true_m2(band, row, column) - 1.0 for row, column in places]
    assert np.abs(off).max() < 0.3 * RELATIVE_BOUND


def test_a_zone_on_flat_pixels_has_its_area(tmp_path):
    place = Affine(3000.0, 0, 500_000.0, 0, -3.0, 3_200_000.0)
    path = written(tmp_path / "f.tif", np.ones((3000, 30), np.uint8), crs="EPSG:4549",
                   transform=place)  # fmt: skip
    zone = zones(shapely.box(120.1, 28.86, 120.8, 28.9), crs="EPSG:4490")
    true_ha = true_area_ha(zone)["a"]
    assert of(class_areas(path, zone)) == pytest.approx({1: true_ha}, rel=RELATIVE_BOUND)


def test_pixels_of_many_kilometres_are_no_defect_of_the_sum(workspace_folder):
    path = workspace_folder / f"raster_{CLASSES}.tif"
    write_raster(path, np.full((4, 4), 10, np.uint8), west=120.9, north=28.2, pixel=0.3)
    table = sweep(FolderStore(workspace_folder), CLASSES).table
    assert set(table["code"]) == {10}


def test_a_nodata_value_that_is_no_whole_number_is_no_code(tmp_path, workspace_folder):
    grid = np.array([[9, 10], [9, 10]], np.int16)
    path = written(tmp_path / "n.tif", grid, north=200.0)
    rewrite_nodata(path, "9.5")
    assert describe(path).nodata == 9.5
    assert describe(path).no_data_code is None
    found = of(class_areas(path, zones(shapely.box(0, 0, 200, 200))))
    assert found == pytest.approx({9: 2.0, 10: 2.0})
    small = workspace_folder / f"raster_{CLASSES}.tif"
    write_raster(small, np.full((10, 20), 9, np.uint8), nodata=None)
    rewrite_nodata(small, "9.5")
    assert sweep(FolderStore(workspace_folder), CLASSES).no_data is None


def rewrite_nodata(path, text):
    """Rasterio refuses to write such a value; a file may hold it all the same."""
    import rasterio

    with rasterio.open(path, "r+") as file:
        file.nodata = 255
    content = path.read_bytes()
    assert content.count(b"255\x00") == 1
    path.write_bytes(content.replace(b"255\x00", text.encode() + b"\x00"))


WARMED = """
import sys
from pathlib import Path
import numpy as np, shapely
from bluecarbon_map.zonal import class_areas, kernels, means, sums, warm
from tests.rasters import written, zones

folder, zone = Path(sys.argv[1]), zones(shapely.box(20, 20, 250, 250))
warm()
loops = (kernels.marks, kernels.runs, sums.add_classes, sums.add_values)
before = [list(one.signatures) for one in loops]
assert all(before)
for dtype in ("uint8", "int16"):
    class_areas(written(folder / f"{dtype}.tif", np.ones((3, 3), dtype)), zone)
for dtype in ("uint8", "float32", "float64"):
    means(written(folder / f"m{dtype}.tif", np.ones((3, 3), dtype)), zone)
path = written(folder / "p.tif", np.ones((3, 3), "uint8"), crs="EPSG:4549", west=5e5, north=3.2e6)
means(path, zones(shapely.box(5e5, 3.1997e6, 500250, 3.2e6), crs="EPSG:4549"))
assert before == [list(one.signatures) for one in loops]
print("warm")
"""


def test_after_warming_nothing_is_compiled_any_more(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", WARMED, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("warm", "")
