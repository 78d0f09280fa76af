"""A raster by zone as it leaves."""

from __future__ import annotations

import json
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from bluecarbon_map import export
from bluecarbon_map.errors import RasterError
from bluecarbon_map.reports.zonal_layers import summarise_raster, zonal_bundle, zonal_json
from bluecarbon_map.tables import RasterKind
from tests.rasters import tagged, written, zones

CODES = np.array([[10, 255], [21, 21]], np.uint8)
"""Four pixels of 1 ha."""

MINE = zones(shapely.box(1000, 1000, 1200, 1200), shapely.box(1150, 1100, 1250, 1200)).assign(
    zone_name=["=甲", "乙"]
)
PLACE = {"west": 1000.0, "north": 1200.0}


@pytest.fixture
def classes(tmp_path):
    return summarise_raster(written(tmp_path / "c.tif", CODES, nodata=255, **PLACE), MINE)


@pytest.fixture
def density(tmp_path):
    values = np.array([[1, -9999], [3, 5]], np.float32)
    path = tagged(tmp_path / "d.tif", values, nodata=-9999, unit="t C/ha", **PLACE)
    return summarise_raster(path, MINE)


def test_classes_come_with_what_their_ground_is(classes):
    assert classes.kind is RasterKind.CLASSES
    assert classes.rows.columns.tolist() == ["zone_id", "zone_name", "code", "ground", "area_ha"]
    assert classes.rows[["zone_id", "code", "ground"]].to_numpy().tolist() == [
        ["a", 10, "class"], ["a", 21, "class"], ["a", 255, "nodata"],
        ["b", -1, "off_raster"], ["b", 255, "nodata"],
    ]  # fmt: skip
    assert classes.rows["area_ha"].tolist() == pytest.approx([1.0, 2.0, 1.0, 0.5, 0.5])
    assert classes.warnings == ()


def test_means_come_with_their_unit_and_an_unknown_one_is_none(density):
    assert density.kind is RasterKind.CONTINUOUS
    first, second = density.rows.to_dict("records")
    assert first["mean"] == pytest.approx(3.0)
    assert first["unit"] == "t C/ha"
    assert math.isnan(second["mean"])
    rows = zonal_json(density)["rows"]
    assert rows[1]["mean"] is None
    assert rows[1]["area_ha"] == 0.0


def test_the_answer_is_plain_json(classes, density):
    for layer in (classes, density):
        told = json.loads(json.dumps(zonal_json(layer), allow_nan=False))
        assert [row["zone_id"] for row in told["rows"]] == layer.rows["zone_id"].tolist()
    assert told["kind"] == "continuous"


def test_the_kind_may_be_named(tmp_path):
    path = written(tmp_path / "c.tif", CODES.astype(np.int16), **PLACE)
    assert summarise_raster(path, MINE).kind is RasterKind.CONTINUOUS
    named = summarise_raster(path, MINE, kind=RasterKind.CLASSES)
    assert named.rows["code"].max() == 255
    with pytest.raises(RasterError, match="classes are whole numbers"):
        summarise_raster(
            written(tmp_path / "f.tif", CODES.astype(np.float32), **PLACE), MINE,
            kind=RasterKind.CLASSES,
        )  # fmt: skip


def test_what_is_doubtful_is_said(tmp_path):
    bare = written(tmp_path / "b.tif", np.array([[1, -9999], [3, 5]], np.float32), **PLACE)
    said = " ".join(summarise_raster(bare, MINE).warnings)
    assert "-9999" in said
    assert "states no unit" in said
    plain = summarise_raster(written(tmp_path / "p.tif", CODES, **PLACE), MINE)
    assert "every number is a class" in plain.warnings[0]


@pytest.mark.parametrize("suffix", list(export.FORMATS))
def test_every_format_holds_the_table(tmp_path, classes, suffix):
    path = export.write(zonal_bundle(classes, MINE), tmp_path / f"z{suffix}")[0]
    if suffix == ".csv":
        found = pd.read_csv(path)
    elif suffix == ".xlsx":
        found = pd.read_excel(path)
    elif suffix == ".parquet":
        found = gpd.read_parquet(path)
    else:
        found = gpd.read_file(path)
    assert found["area_ha"].sum() == pytest.approx(5.0)
    if suffix != ".xlsx":
        assert found["zone_name"].iloc[0] == ("'=甲" if suffix == ".csv" else "=甲")


@pytest.mark.parametrize("fixture", ["classes", "density"])
def test_the_dictionary_says_what_every_column_is(request, fixture):
    layer = request.getfixturevalue(fixture)
    made = zonal_bundle(layer, MINE, notes=("分区 / zones: mine.gpkg",))
    assert made.dictionary["column"].tolist() == layer.rows.columns.tolist()
    missing = layer.rows.isna().any()
    assert not (missing & ~made.dictionary.set_index("column")["nullable"]).any()
    assert any("exact share" in line for line in made.notes)
    assert "分区 / zones: mine.gpkg" in made.notes
