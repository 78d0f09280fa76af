"""One truth, drawn in three coordinate systems, has one area."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from rasterio.features import rasterize

from bluecarbon_map.zonal import class_areas
from bluecarbon_map.zonal.ground import RELATIVE_BOUND
from tests.rasters import north_up, of, true_area_ha, written, zones

TRUTH_BOUND = 2e-4
"""Classes of some km² drawn with pixels of 10 m: what their stair-cased rims may be off by."""


def _truth():
    """Patches of two classes and one zone, in degrees."""
    rng = np.random.default_rng(7)
    angle = np.linspace(0, 2 * np.pi, 300, endpoint=False)

    def blob(lon, lat, reach):
        bumps = 1 + 0.2 * np.sin(5 * angle + rng.uniform(0, 6)) + 0.1 * np.sin(11 * angle)
        return shapely.Polygon(
            np.c_[lon + 1.13 * reach * bumps * np.cos(angle), lat + reach * bumps * np.sin(angle)]
        )

    classes = {10: blob(121.10, 28.05, 0.035), 20: blob(121.22, 28.12, 0.045)}
    return classes, zones(blob(121.16, 28.09, 0.06), crs="EPSG:4490")


@pytest.mark.parametrize(
    ("crs", "step"), [("EPSG:4326", 1e-4), ("EPSG:4549", 10.0), ("EPSG:32651", 10.0)]
)
def test_one_truth_has_the_same_areas_in_every_system(tmp_path, crs, step):
    classes, zone = _truth()
    around = gpd.GeoSeries([shapely.box(121.0, 27.98, 121.3, 28.2)], crs="EPSG:4490").to_crs(crs)
    west, south, east, north = around.total_bounds
    place = north_up(west, north, step)
    shape = int((north - south) / step), int((east - west) / step)
    drawn = gpd.GeoSeries(classes, crs="EPSG:4490").to_crs(crs)
    pixels = rasterize(zip(drawn, drawn.index, strict=True), shape, transform=place, dtype="uint8")
    path = written(tmp_path / "truth.tif", pixels, crs=crs, transform=place)
    found = of(class_areas(path, zone))
    for code, patch in classes.items():
        true = true_area_ha(zones(patch & zone.geometry.iloc[0], crs="EPSG:4490"))["a"]
        assert found[code] == pytest.approx(true, rel=TRUTH_BOUND)
    # The zone itself has no stairs: only the pixels' areas can be off.
    assert sum(found.values()) == pytest.approx(true_area_ha(zone)["a"], rel=RELATIVE_BOUND)
