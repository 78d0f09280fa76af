"""Own areas in files: read by the gate for their outlines alone, and by ``bluecarbon area``."""

from __future__ import annotations

import json
import zipfile

import geopandas as gpd
import pytest
import shapely
from click.testing import CliRunner

from bluecarbon_map.cli import main
from bluecarbon_map.errors import InputError
from bluecarbon_map.gate.outlines import check_outlines, outlines_of
from bluecarbon_map.gate.problems import Verdict
from bluecarbon_map.gate.sandbox import Nursery
from bluecarbon_map.reports.own_area import own_area
from tests import builders

BOX = shapely.box(121.02, 28.02, 121.1, 28.06)
KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><Polygon><outerBoundaryIs><LinearRing>'
    "<coordinates>{}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>"
)


@pytest.fixture(scope="module")
def nursery():
    with Nursery() as made:
        yield made


def _layer(*shapes, crs="EPSG:4490", **columns):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs="EPSG:4490").to_crs(crs)


def _zipped(folder, *, without=""):
    layer = _layer(BOX, crs="EPSG:4549", any=["甲"])
    layer.to_file(folder / "bay.shp", engine="pyogrio", encoding="UTF-8")
    with zipfile.ZipFile(folder / "bay.zip", "w") as archive:
        for part in folder.glob("bay.*"):
            if part.suffix not in {".zip", without}:
                archive.write(part, part.name)
    return folder / "bay.zip"


def _written(folder, kind):
    if kind == "zip":
        return _zipped(folder)
    path = folder / f"bay.{kind}"
    if kind == "kml":
        places = " ".join(f"{lon},{lat}" for lon, lat in BOX.exterior.coords)
        path.write_text(KML.format(places), encoding="utf-8")
    elif kind == "geojson":
        path.write_text(json.dumps(shapely.geometry.mapping(BOX)), encoding="utf-8")
    else:
        _layer(BOX, BOX, name=["同名", "同名"]).to_file(path, engine="pyogrio")
    return path


@pytest.mark.parametrize("kind", ["geojson", "kml", "zip", "gpkg"])
def test_each_format_gives_its_outline_whatever_its_columns_are(nursery, tmp_path, kind):
    path = _written(tmp_path, kind)
    found = check_outlines(path, path.name, None, work=tmp_path, nursery=nursery)
    assert found.verdict is not Verdict.REJECT, found.problems
    area = own_area(outlines_of(found), "bay")
    assert shapely.area(shapely.symmetric_difference(area.shape, BOX)) < 1e-9
    assert [one.en.startswith("2 shapes") for one in area.said] == [True] * (kind == "gpkg")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": "LineString", "coordinates": [[121, 28], [122, 29]]}, "not_polygon"),
        ({"type": "FeatureCollection", "features": []}, "empty_layer"),
        ({"type": "Polygon", "coordinates": [[[121, 28], [122, 28], [121, 28]]]}, None),
        ({"type": "Polygon", "coordinates": [[[4e7, 3e6], [4.1e7, 3e6], [4e7, 3.1e6], [4e7, 3e6]]]},
         None),
    ],
)  # fmt: skip
def test_a_file_without_a_usable_outline_is_refused_in_words(nursery, tmp_path, body, code):
    path = tmp_path / "odd.geojson"
    path.write_text(json.dumps(body), encoding="utf-8")
    found = check_outlines(path, path.name, None, work=tmp_path, nursery=nursery)
    assert found.problems
    assert code is None or code in {one.code for one in found.problems}
    with pytest.raises(InputError):
        own_area(outlines_of(found))


def test_a_layer_without_a_system_asks_for_it_and_takes_it(nursery, tmp_path):
    path = _zipped(tmp_path, without=".prj")
    asked = check_outlines(path, path.name, None, work=tmp_path, nursery=nursery)
    assert asked.verdict is Verdict.REJECT
    assert any(one.code.startswith("crs") for one in asked.problems)
    said = check_outlines(path, path.name, None, work=tmp_path, nursery=nursery, crs="EPSG:4549")
    area = own_area(outlines_of(said))
    assert shapely.area(shapely.symmetric_difference(area.shape, BOX)) < 1e-9


def test_the_command_prints_and_writes_the_numbers(tmp_path):
    workspace = builders.write_workspace(tmp_path / "small")
    path = _written(tmp_path, "geojson")
    out = tmp_path / "own.gpkg"
    done = CliRunner().invoke(
        main, ["area", str(path), "--workspace", str(workspace), "--out", str(out), "--json"]
    )
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["name"] == "bay"
    assert said["survey"] == "S-2022"
    assert said["surveyed_ha"] is None
    assert {row["ecosystem"] for row in said["rows"]} == {"mangrove", "salt_marsh"}
    assert shapely.area(gpd.read_file(out).geometry.iloc[0]) == pytest.approx(0.0032)
    refused = CliRunner().invoke(
        main, ["area", str(path), "--workspace", str(workspace), "--survey", "none", "--json"]
    )
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["error"]["kind"] == "NotFoundError"
