"""What is read, what is refused, and what the refusal says."""

import json
import shutil
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from bluecarbon_map.errors import (
    ColumnError,
    CRSMismatchError,
    CRSMissingError,
    DuplicateIdError,
    EmptyLayerError,
    GeometryError,
    InputError,
    UnknownEcosystemError,
)
from bluecarbon_map.geodesy import EQUAL_AREA_CRS
from bluecarbon_map.reading import read_habitats, read_layer, read_zones
from tests.builders import box, habitats, write, zones

BAD = Path(__file__).resolve().parents[1] / "data" / "badinputs"
SUFFIXES = [".gpkg", ".geojson", ".json", ".shp", ".parquet"]


def shapefile(name, tmp_path):
    with zipfile.ZipFile(BAD / "shp" / f"{name}.zip") as archive:
        archive.extractall(tmp_path)
    return str(tmp_path / "sites.shp")


def written(tmp_path, layer, name="layer.gpkg"):
    return str(write(layer, tmp_path / name))


# --- formats ------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_gives_the_same_patches(tmp_path, suffix):
    mine = habitats().rename(columns={"habitat_id": "id"})
    layer, said = read_habitats(written(tmp_path, mine, f"file{suffix}"))
    assert said == []
    assert layer.crs == EQUAL_AREA_CRS
    assert layer["ecosystem"].tolist() == ["mangrove", "salt_marsh", "salt_marsh", "tidal_flat"]
    assert layer["species"].tolist()[1:3] == ["Spartina alterniflora", "Phragmites australis"]
    assert layer["species"].isna().tolist() == [True, False, False, True]
    expected = habitats().to_crs(EQUAL_AREA_CRS).area
    assert np.allclose(layer.area, expected, rtol=1e-9)


def test_a_suffix_in_capital_letters_is_the_same_format(tmp_path):
    write(habitats(), tmp_path / "a.shp")
    for file in list(tmp_path.iterdir()):
        file.rename(file.with_suffix(file.suffix.upper()))
    assert len(read_layer(str(tmp_path / "a.SHP"))) == 4


@pytest.mark.parametrize(
    "name", ["有 空格 的.gpkg", "a:b.gpkg", "50%.gpkg", "a#b?c.gpkg", "'q'.gpkg"]
)
def test_a_strange_file_name_is_no_obstacle(tmp_path, name):
    write(habitats(), tmp_path / "plain.gpkg").rename(tmp_path / name)
    assert len(read_layer(str(tmp_path / name))) == 4


def test_a_relative_path_is_enough(tmp_path, monkeypatch):
    write(habitats(), tmp_path / "a.gpkg")
    monkeypatch.chdir(tmp_path)
    assert len(read_layer("a.gpkg")) == 4


def test_of_several_layers_one_must_be_named(tmp_path):
    path = tmp_path / "many.gpkg"
    habitats().to_file(path, layer="生境")
    zones().to_file(path, layer="zones")
    with pytest.raises(InputError, match=r"it has several layers: 生境, zones\. Write"):
        read_layer(str(path))
    assert len(read_layer(f"{path}|layername=生境")) == 4
    with pytest.raises(InputError, match="it has no layer 'zoo'; there are: 生境, zones"):
        read_layer(f"{path}|layername=zoo")


def test_reading_leaves_nothing_beside_the_file(tmp_path):
    file = shutil.copy(BAD / "gpkg" / "wal_left_behind.gpkg", tmp_path)
    layer = read_layer(str(file))
    assert [path.name for path in tmp_path.iterdir()] == ["wal_left_behind.gpkg"]
    assert "-wal file" in layer.attrs["warnings"][0]


def test_a_stored_row_count_that_lies_hides_no_row():
    assert len(read_layer(str(BAD / "gpkg" / "count_lies_low.gpkg"))) == 10


# --- text ---------------------------------------------------------------------------------------


def named(name):
    return gpd.GeoDataFrame({"name": [name]}, geometry=[box(121, 28, 121.1, 28.1)], crs=4490)


def test_a_chinese_shapefile_without_an_encoding_file_is_no_mojibake(tmp_path):
    assert read_layer(shapefile("gbk_no_cpg", tmp_path))["name"].tolist() == ["红树林保护区"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("name", ["乐清", "红" * 60])
def test_long_and_short_text_fields_are_told_apart_from_their_encoding(tmp_path, encoding, name):
    path = tmp_path / "z.shp"
    named(name).to_file(path, encoding=encoding, engine="pyogrio")
    path.with_suffix(".cpg").unlink()
    assert read_layer(str(path))["name"].tolist() == [name]


def test_a_lone_surrogate_is_refused():
    with pytest.raises(InputError, match="cannot be read"):
        read_layer(str(BAD / "geojson" / "lone_surrogate.geojson"))


# --- files that are not what they seem ----------------------------------------------------------


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp", ".parquet"])
def test_a_virtual_file_by_another_name_is_not_opened(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    shutil.copy(BAD / "geojson" / "vrt_url.geojson", path)
    for beside in (".shx", ".dbf"):
        path.with_suffix(beside).touch()
    with pytest.raises(InputError):
        read_layer(str(path))


@pytest.mark.timeout(20, method="thread")  # an endless query is not interrupted by a signal
@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("nowhere.gpkg", "there is no such file"),
        (".", "this is a folder"),
        ("a" * 5000 + ".gpkg", "there is no such file"),
        ("a\0b.gpkg", "there is no such file"),
        ("", "this is a folder"),
        (str(BAD / "shp" / "no_prj.zip"), r"\.zip is not read here.*unzip"),
        (str(Path(__file__)), r"\.py is not read here"),
        (str(BAD / "gpkg" / "view_infinite.gpkg"), "its layer 'v' is a view"),
        (str(BAD / "geojson" / "crs_link_url.geojson"), "its crs member names no EPSG code"),
        (str(BAD / "geojson" / "unclosed_ring.geojson"), "rows 1: the geometry cannot be read"),
        (str(BAD / "geojson" / "truncated.geojson"), "it cannot be read"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(path, reason):
    with pytest.raises(InputError, match=reason):
        read_layer(path)


def test_shapes_and_rows_that_do_not_match_are_refused(tmp_path):
    with pytest.raises(InputError, match="2 shapes but 1 rows"):
        read_layer(shapefile("dbf_fewer_rows", tmp_path))


@pytest.mark.parametrize("suffix", [".shx", ".dbf"])
def test_a_shapefile_without_its_other_half_is_refused(tmp_path, suffix):
    path = write(habitats(), tmp_path / "a.shp")
    path.with_suffix(suffix).unlink()
    with pytest.raises(InputError, match=f"its {suffix} file is missing"):
        read_layer(str(path))


@pytest.mark.parametrize(
    "body",
    ["[]", "{}", "null", '"x"', '{"type": "Feature"}', '{"features": 3}', '{"features": [1]}'],
)
def test_json_that_is_no_feature_collection_is_refused(tmp_path, body):
    path = tmp_path / "a.geojson"
    path.write_text(body)
    with pytest.raises(InputError):
        read_layer(str(path))


def test_a_layer_without_a_row_is_refused(tmp_path):
    empty = tmp_path / "a.geojson"
    empty.write_text('{"type": "FeatureCollection", "features": []}')
    for path in (str(empty), written(tmp_path, habitats().iloc[:0])):
        with pytest.raises(EmptyLayerError, match="there is no row in it"):
            read_layer(path)
    with pytest.raises(EmptyLayerError):
        read_layer(str(BAD / "gpkg" / "no_layers.gpkg"))


# --- coordinate systems -------------------------------------------------------------------------


def test_a_layer_without_a_crs_is_refused(tmp_path):
    with pytest.raises(CRSMissingError, match="no coordinate system"):
        read_zones(shapefile("no_prj", tmp_path), zone_column="site_id")
    with pytest.raises(CRSMissingError):
        read_zones(str(BAD / "gpkg" / "srs_undefined.gpkg"), zone_column="site_id")


def test_metres_that_are_said_to_be_degrees_are_refused(tmp_path):
    lie = habitats("EPSG:4549").set_crs("EPSG:4490", allow_override=True)
    with pytest.raises(CRSMismatchError, match=r"lies in metres.*where EPSG:4490"):
        read_habitats(written(tmp_path, lie))
    path = str(BAD / "geojson" / "metres_no_crs.geojson")
    with pytest.raises(CRSMismatchError, match=r"lies in metres.*where EPSG:4326"):
        read_habitats(path, ecosystem_column="habitat")


def test_degrees_that_are_said_to_be_metres_are_refused(tmp_path):
    lie = habitats().set_crs("EPSG:4549", allow_override=True)
    with pytest.raises(CRSMismatchError, match=r"lies in degrees.*where EPSG:4549"):
        read_habitats(written(tmp_path, lie))


def test_an_older_datum_is_refused(tmp_path):
    lie = habitats().set_crs("EPSG:4214", allow_override=True)
    with pytest.raises(CRSMismatchError, match="Beijing 1954"):
        read_habitats(written(tmp_path, lie))


# --- words, ids, columns ------------------------------------------------------------------------


def test_unknown_words_are_listed_with_their_rows_and_column(tmp_path):
    mine = habitats()
    mine["ecosystem"] = ["mangrove", "tundra", None, "desert"]
    with pytest.raises(UnknownEcosystemError) as refused:
        read_habitats(written(tmp_path, mine))
    assert (refused.value.rows, refused.value.column) == ((2, 3, 4), "ecosystem")
    assert "an empty cell, desert, tundra names no ecosystem" in str(refused.value)


@pytest.mark.parametrize("value", [["mangrove"], {"a": 1}, True, 7, ""])
def test_a_value_that_is_no_word_is_an_unknown_word(tmp_path, value):
    body = json.loads((BAD / "geojson" / "html_in_name.geojson").read_text())
    body["features"][0]["properties"] = {"ecosystem": value, "id": value}
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(body))
    with pytest.raises(UnknownEcosystemError, match="names no ecosystem"):
        read_habitats(str(path))


def test_ids_that_are_lists_are_no_reason_to_fall_over(tmp_path):
    body = json.loads((BAD / "geojson" / "html_in_name.geojson").read_text())
    body["features"][0]["properties"] = {"ecosystem": "mangrove", "id": [1], "geometry": "x"}
    body["features"] *= 2
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(body))
    _, said = read_habitats(str(path))
    assert "the same id on rows 1, 2" in said[0]


@pytest.mark.parametrize("column", ["生态系统", "类型", "Ｅｃｏｓｙｓｔｅｍ", "HABITAT", " Type "])
def test_the_column_of_the_ecosystem_is_found_by_its_usual_names(tmp_path, column):
    mine = habitats().rename(columns={"ecosystem": column})
    layer, _ = read_habitats(written(tmp_path, mine, "a.parquet"))
    assert layer["ecosystem"].tolist()[0] == "mangrove"


def test_a_missing_column_is_refused_with_the_columns_there_are(tmp_path):
    path = written(tmp_path, habitats().rename(columns={"ecosystem": "eco"}))
    with pytest.raises(ColumnError, match=r"there are: habitat_id, eco, species.*--ecosystem-col"):
        read_habitats(path)
    assert len(read_habitats(path, ecosystem_column="ECO")[0]) == 4
    with pytest.raises(ColumnError, match="there is no column wrong"):
        read_habitats(path, ecosystem_column="wrong")


def test_two_columns_of_one_name_are_refused_unless_one_is_named_exactly(tmp_path):
    mine = habitats().assign(Ecosystem="tundra")
    path = written(tmp_path, mine, "a.parquet")
    with pytest.raises(ColumnError, match="columns ecosystem, Ecosystem differ only in case"):
        read_habitats(path)
    assert len(read_habitats(path, ecosystem_column="ecosystem")[0]) == 4


def test_a_habitat_id_on_two_rows_is_a_warning_and_both_count(tmp_path):
    layer, said = read_habitats(
        written(tmp_path, habitats().assign(habitat_id=["a", "b", "a", "c"]))
    )
    assert len(layer) == 4
    assert "column 'habitat_id': the same id on rows 1, 3; both count" in said[0]


def test_a_zones_name_on_many_patches_is_no_double_id(tmp_path):
    mine = habitats().drop(columns="habitat_id").assign(zone_id="330382")
    assert read_habitats(written(tmp_path, mine))[1] == []


@pytest.mark.parametrize("ids", [["A", "A"], [1, 1], [1.0, 1.0], ["A", "A "]])
def test_a_zone_id_on_two_rows_is_refused(tmp_path, ids):
    path = written(tmp_path, zones().assign(zone_id=ids))
    with pytest.raises(DuplicateIdError, match=r"column 'zone_id', rows 1, 2: the same zone id"):
        read_zones(path)


@pytest.mark.parametrize("ids", [["A", None], ["A", " "], [1.0, np.nan]])
def test_a_zone_without_an_id_is_refused(tmp_path, ids):
    path = written(tmp_path, zones().assign(zone_id=ids))
    with pytest.raises(ColumnError, match="column 'zone_id', rows 2: the zone has no id"):
        read_zones(path)


def test_a_zone_must_not_be_called_outside(tmp_path):
    path = written(tmp_path, zones().assign(zone_id=["A", "(outside)"]))
    with pytest.raises(ColumnError, match=r"rows 2: .* ground in no zone"):
        read_zones(path)


def test_a_code_that_a_spreadsheet_made_a_number_is_a_code_again(tmp_path):
    layer, _ = read_zones(written(tmp_path, zones().assign(zone_id=[330382.0, 331083.0])))
    assert layer["zone_id"].tolist() == ["330382", "331083"]
    layer, _ = read_zones(written(tmp_path, zones().assign(zone_id=["00123", "123"])))
    assert layer["zone_id"].tolist() == ["00123", "123"]


def test_a_zone_without_a_name_is_called_by_its_id(tmp_path):
    for names in (["乐清", None], [1.0, np.nan]):
        layer, _ = read_zones(written(tmp_path, zones().assign(name=names)))
        assert layer["zone_name"].tolist()[1] == "331083"
    layer, _ = read_zones(written(tmp_path, zones().drop(columns="name")))
    assert layer["zone_name"].tolist() == ["330382", "331083"]
    layer, _ = read_zones(written(tmp_path, zones().drop(columns="zone_id")))
    assert layer["zone_id"].tolist() == ["乐清市", "玉环市"]


def test_zones_without_a_column_that_names_them_are_refused(tmp_path):
    path = written(tmp_path, zones().rename(columns={"zone_id": "a", "name": "b"}))
    with pytest.raises(ColumnError, match="no column names the zone; there are: a, b"):
        read_zones(path)


# --- geometry -----------------------------------------------------------------------------------

BOWTIE = shapely.Polygon([(121, 28), (121.1, 28.1), (121.1, 28), (121, 28.1)])


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (None, "the geometry is missing"),
        (shapely.Polygon(), "the geometry is empty"),
        (shapely.Point(121, 28), "the geometry is not a polygon"),
        (shapely.LineString([(121, 28), (121.1, 28)]), "the geometry is not a polygon"),
        (BOWTIE, "the polygon is invalid .Self-intersection"),
    ],
)
@pytest.mark.parametrize("read", [read_habitats, read_zones])
def test_geometry_without_a_plain_area_is_refused_with_its_row(tmp_path, shape, reason, read):
    mine = habitats().iloc[:2].assign(zone_id=["A", "B"]) if read is read_habitats else zones()
    mine = mine.set_geometry([mine.geometry.iloc[0], shape], crs="EPSG:4490")
    path = written(tmp_path, mine, "a.parquet")
    with pytest.raises(GeometryError, match=f"column 'geometry', rows 2: {reason}"):
        read(path)


def test_a_bowtie_is_mended_only_when_asked_and_the_areas_are_said(tmp_path):
    path = str(BAD / "geojson" / "bowtie.geojson")
    with pytest.raises(GeometryError, match="invalid"):
        read_habitats(path, ecosystem_column="habitat")
    layer, said = read_habitats(path, ecosystem_column="habitat", repair=True)
    assert shapely.is_valid(layer.geometry.to_numpy()).all()
    assert layer.area.sum() > 0
    assert "mended rows 1: before: unknown (the outline crosses itself), after: " in said[0]


def test_repair_does_not_turn_points_into_ground(tmp_path):
    mine = habitats().iloc[:2].set_geometry([BOWTIE, shapely.Point(121, 28)], crs="EPSG:4490")
    with pytest.raises(GeometryError, match="rows 2: the geometry is not a polygon"):
        read_habitats(written(tmp_path, mine, "a.parquet"), repair=True)


def test_heights_are_dropped(tmp_path):
    mine = habitats()
    high = mine.set_geometry(shapely.force_3d(mine.geometry.to_numpy(), 5.0), crs="EPSG:4490")
    layer, _ = read_habitats(written(tmp_path, high))
    assert not layer.has_z.any()
    assert np.allclose(layer.area, mine.to_crs(EQUAL_AREA_CRS).area)


def test_a_table_of_parquet_without_a_map_is_refused(tmp_path):
    pd.DataFrame({"zone_id": ["a"]}).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(InputError, match="cannot be read"):
        read_layer(str(tmp_path / "a.parquet"))
