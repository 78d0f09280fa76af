"""``bluecarbon zonal``: a raster and zones in, one table out, and refusals in words."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from bluecarbon_map.cli import main
from bluecarbon_map.geodesy import EQUAL_AREA_CRS
from tests.builders import box
from tests.rasters import written


def run(*args):
    result = CliRunner().invoke(main, ["zonal", *(str(arg) for arg in args)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.stderr
    return result


@pytest.fixture
def zones(tmp_path):
    """Zone a over the western half of the raster, b over its eastern half and as much beyond."""
    path = tmp_path / "zones.gpkg"
    shapes = [box(0, 0, 200, 200), box(200, 0, 600, 200)]
    layer = gpd.GeoDataFrame({"zone_id": ["a", "b"], "name": ["甲", "乙"]}, geometry=shapes)
    layer.set_crs(EQUAL_AREA_CRS).to_file(path)
    return path


@pytest.fixture
def raster(tmp_path):
    """2 × 2 pixels of 4 ha: code 10, 10 / 20, nodata."""
    path = tmp_path / "cover.tif"
    pixels = np.array([[10, 10], [20, 255]], dtype=np.uint8)
    return written(path, pixels, north=400, step=200, nodata=255)


def test_classes_unknown_ground_and_ground_beyond_the_raster_are_told_apart(
    tmp_path, raster, zones
):
    out = tmp_path / "made.csv"
    done = run(raster, zones, "--out", out)
    assert done.exit_code == 0, done.stderr
    table = pd.read_csv(out).set_index(["zone_id", "ground", "code"])["area_ha"]
    assert table["a", "class", 20] == pytest.approx(4.0, rel=1e-6)
    assert table["b", "nodata", 255] == pytest.approx(4.0, rel=1e-6)
    assert table["b", "off_raster", -1] == pytest.approx(4.0, rel=1e-6)
    assert "written:" in done.stderr


def test_json_is_one_object_with_zone_names(raster, zones):
    body = json.loads(run(raster, zones, "--json").stdout)
    assert body["kind"] == "classes"
    assert {row["zone_name"] for row in body["rows"]} == {"甲", "乙"}


def test_a_continuous_raster_has_a_mean_and_null_where_nothing_is_known(raster, zones):
    done = run(raster, zones, "--kind", "continuous", "--json")
    rows = {row["zone_id"]: row for row in json.loads(done.stdout)["rows"]}
    assert rows["a"]["mean"] == pytest.approx(20.0)
    assert rows["b"]["mean"] is None
    assert rows["b"]["missing_ha"] == pytest.approx(8.0, rel=1e-6)
    assert "no unit" in done.stderr


def test_a_result_needs_a_place_and_never_overwrites_what_was_read(raster, zones):
    assert run(raster, zones).exit_code == 2
    refused = run(raster, zones, "--out", zones)
    assert refused.exit_code == 1
    assert "one of the input files" in refused.stderr


@pytest.mark.parametrize("how", ["nowhere", "no_crs", "off_the_map"])
def test_a_raster_that_cannot_be_used_is_refused_with_the_way_out(tmp_path, raster, zones, how):
    pixels = np.array([[1]], dtype=np.uint8)
    asked = {
        "nowhere": tmp_path / "absent.tif",
        "no_crs": written(tmp_path / "n.tif", pixels, north=200, step=200, crs=None),
        "off_the_map": written(tmp_path / "o.tif", pixels, west=9e5, north=9e5, step=200),
    }[how]
    done = run(asked, zones, "--json")
    assert done.exit_code == 1
    error = json.loads(done.stdout)["error"]
    assert error["where"] == asked.name
    assert error["fix"]
