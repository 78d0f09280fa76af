"""What the readers of layers make of files: exactly what stands in them, and by row what cannot."""

import json
import sqlite3
import struct
import zipfile
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.gate import archive
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.parsers.dbf import read_dbf
from bluecarbon_map.gate.parsers.geojson import read_geojson
from bluecarbon_map.gate.parsers.geopackage import read_geopackage
from bluecarbon_map.gate.parsers.kml import read_kml
from bluecarbon_map.gate.parsers.parquet import read_parquet
from bluecarbon_map.gate.parsers.shapefile import read_shapefile
from bluecarbon_map.gate.parsers.tidy import Notes
from bluecarbon_map.gate.problems import Severity
from bluecarbon_map.gate.refused import RefusedError, problem_of
from bluecarbon_map.gate.rows import rows_of
from tests.builders import habitats, write

HABITATS = Options(kind=Kind.HABITATS)
SITES = Options(kind=Kind.SITES)
SQUARE = [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]


def codes(parsed):
    return {problem.code: problem for problem in parsed.problems}


# --- GeoJSON ------------------------------------------------------------------------------------


@pytest.fixture
def geojson(tmp_path):
    """Reads a collection made of features, or of the text given."""

    def read(features, options=HABITATS, **members):
        path = tmp_path / "input"
        if isinstance(features, str):
            path.write_text(features, encoding="utf-8")
        elif isinstance(features, bytes):
            path.write_bytes(features)
        else:
            body = {"type": "FeatureCollection", "features": features, **members}
            path.write_text(json.dumps(body), encoding="utf-8")
        return read_geojson(path, options)

    return read


def feature(coordinates=SQUARE, kind="Polygon", **properties):
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_shapes_and_values_come_as_they_stand(geojson):
    parsed = geojson([feature(a=1, b="x"), feature([1, 2], "Point", b=None, c=0.1)])
    assert parsed.table.to_dict("list") == {
        "a": [1, None],
        "b": ["x", None],
        "c": [None, 0.1],
    }
    assert parsed.row_numbers == [1, 2]
    assert shapely.equals_exact(parsed.geometry[0], shapely.box(0, 0, 1, 1).normalize()) or (
        parsed.geometry[0].area == 1
    )
    assert parsed.geometry[1] == shapely.Point(1, 2)
    assert (parsed.crs, parsed.encoding, parsed.problems) == ("EPSG:4326", "UTF-8", ())


@given(
    xy=st.lists(
        st.tuples(*[st.floats(-180, 180, allow_subnormal=False)] * 2), min_size=3, max_size=9
    )
)
def test_coordinates_are_kept_to_the_last_bit(xy, tmp_path_factory):
    ring = [list(one) for one in xy]
    path = tmp_path_factory.mktemp("bits") / "input"
    body = {"type": "FeatureCollection", "features": [feature([[*ring, ring[0]]])]}
    path.write_text(json.dumps(body))
    kept = shapely.get_coordinates(read_geojson(path, HABITATS).geometry)
    assert kept.tolist() == [*ring, ring[0]]


def test_a_whole_number_beyond_a_float_stays_the_text_it_is(geojson):
    parsed = geojson(
        '{"features":[{"properties":{"a":9007199254740991,"b":9007199254740993,"c":-12345678901234'
        '5678901234567890,"d":1e3},"geometry":null}]}'
    )
    assert parsed.table.loc[0].tolist() == [
        9007199254740991,
        "9007199254740993",
        "-123456789012345678901234567890",
        1000.0,
    ]
    assert codes(parsed)["big_integer"].severity is Severity.WARNING


def test_an_open_ring_is_closed_and_said(geojson):
    parsed = geojson([feature(), feature([SQUARE[0][:-1]])])
    problem = codes(parsed)["ring_closed"]
    assert (problem.severity, problem.row) == (Severity.REPAIR, 2)
    assert parsed.geometry[1].equals(parsed.geometry[0])


@pytest.mark.parametrize(
    ("coordinates", "kind"),
    [
        (["1", "2"], "Point"),
        ([True, 1], "Point"),
        ([None, 1], "Point"),
        ([1], "Point"),
        (5, "Point"),
        ([1, 2], "Polygon"),
        ([[1, 2], [3, 4]], "Polygon"),
        ([[[0, 0], [1, 1], [0, 0]]], "Polygon"),
        ([[0, 0], "x"], "LineString"),
        ([[0, 0]], "Circle"),
        ({"a": 1}, "MultiPolygon"),
        ([10**20, 1], "Point"),
    ],
)
def test_coordinates_that_are_no_numbers_are_an_error_of_their_row(geojson, coordinates, kind):
    parsed = geojson([feature(), feature(coordinates, kind)])
    problem = codes(parsed)["coordinates"]
    assert (problem.severity, problem.row) == (Severity.ERROR, 2)
    assert parsed.geometry[0] is not None
    assert parsed.geometry[1] is None


def test_heights_are_left_out_and_measures_said(geojson):
    high = [[[*xy, 3.5] for xy in SQUARE[0]]]
    parsed = geojson([feature(high)])
    assert codes(parsed)["heights"].severity is Severity.INFO
    assert not parsed.geometry[0].has_z
    mixed = [[*SQUARE[0][:2], [1, 1, 9], *SQUARE[0][3:]]]
    parsed = geojson([feature(mixed)])
    assert codes(parsed)["measures"].severity is Severity.WARNING
    assert parsed.geometry[0].area == 1


def test_a_collection_keeps_its_polygons_for_outlines_only(geojson):
    parts = [
        {"type": "Polygon", "coordinates": SQUARE},
        {"type": "Point", "coordinates": [5, 5]},
        {
            "type": "GeometryCollection",
            "geometries": [{"type": "Polygon", "coordinates": [[[2, 0], [3, 0], [3, 1], [2, 0]]]}],
        },
    ]
    whole = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "GeometryCollection", "geometries": parts},
    }
    parsed = geojson([whole])
    assert parsed.geometry[0].geom_type == "MultiPolygon"
    assert parsed.geometry[0].area == 1.5
    assert "1 points and lines" in codes(parsed)["collection"].message
    assert geojson([whole], SITES).geometry[0].geom_type == "GeometryCollection"


@pytest.mark.parametrize(
    ("name", "crs"),
    [
        ("urn:ogc:def:crs:EPSG::4549", "EPSG:4549"),
        ("EPSG:4490", "EPSG:4490"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
    ],
)
def test_an_older_crs_member_is_honoured(geojson, name, crs):
    member = {"type": "name", "properties": {"name": name}}
    assert geojson([feature()], crs=member).crs == crs


@pytest.mark.parametrize(
    "member",
    [
        {"type": "link", "properties": {"href": "http://127.0.0.1:18999/"}},
        {"type": "name", "properties": {"name": "http://x/EPSG/4490"}},
        {"type": "name", "properties": []},
        {"type": "name"},
        "EPSG:4490",
        7,
    ],
)
def test_a_crs_that_is_no_epsg_name_is_refused(geojson, member):
    with pytest.raises(RefusedError, match="names no EPSG code"):
        geojson([feature()], crs=member)


def test_a_crs_of_null_states_none_and_the_users_word_fills_in_where_there_is_no_member(geojson):
    assert geojson([feature()], crs=None).crs is None
    assert geojson([feature()], Options(kind=Kind.HABITATS, crs="EPSG:4549")).crs == "EPSG:4549"


def test_a_key_that_stands_twice_is_said_and_twice_at_the_top_refused(geojson):
    twice = '{"features":[{"properties":{"a":1,"a":2},"geometry":null}]}'
    parsed = geojson(twice)
    assert parsed.table["a"].tolist() == [2]
    assert (codes(parsed)["duplicate_keys"].row, codes(parsed)["duplicate_keys"].column) == (1, "a")
    with pytest.raises(RefusedError, match="twice at the top"):
        geojson('{"features":[],"features":[]}')


def test_broken_letters_and_nul_are_said(geojson):
    parsed = geojson('{"features":[{"properties":{"a":"x\\ud800","b":"a\\u0000b"}}]}')
    assert parsed.table.loc[0].tolist() == ["x\ufffd", "ab"]
    assert {"broken_letter", "nul"} <= set(codes(parsed))


def test_hostile_text_stays_as_it_is(geojson):
    hostile = {"<img src=x onerror=alert(1)>": "`+alert(1)+`", "f": "=cmd|' /C calc'!A0"}
    assert geojson([feature(**hostile)]).table.loc[0].to_dict() == hostile


def test_nan_is_no_value_and_said(geojson):
    parsed = geojson('{"features":[{"properties":{"a":NaN},"geometry":null}]}')
    assert np.isnan(parsed.table.loc[0, "a"])
    assert "not_json" in codes(parsed)


def test_gbk_is_read_and_said_and_the_users_word_goes_first(geojson):
    text = '{"features":[{"properties":{"n":"红树林"},"geometry":null}]}'
    parsed = geojson(text.encode("gbk"))
    assert (parsed.table.loc[0, "n"], parsed.encoding) == ("红树林", "GB18030")
    assert codes(parsed)["encoding"].severity is Severity.WARNING
    taiwan = text.replace("红树林", "紅樹林").encode("big5")
    asked = geojson(taiwan, Options(kind=Kind.HABITATS, encoding="big5"))
    assert asked.table.loc[0, "n"] == "紅樹林"


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        '{"features": 3}',
        '{"features": [}',
        '{"features": [1 2]}',
        '{"features": []} x',
        '{"features": [',
        '{"a": 1 "b": 2}',
        "{1: 2}",
        '{"features":' + "[" * 100_000,
        '{"features":[{"properties":' + '{"a":' * 100_000,
    ],
)
def test_what_is_no_collection_is_refused_with_a_way_out(geojson, text):
    with pytest.raises(RefusedError) as caught:
        geojson(text)
    assert caught.value.fix


def test_one_feature_or_one_shape_is_a_file_too(geojson):
    assert len(geojson(json.dumps(feature(a=1))).table) == 1
    assert geojson(json.dumps({"type": "Polygon", "coordinates": SQUARE})).geometry[0].area == 1


def test_too_many_columns_and_endless_text_are_refused(geojson):
    with pytest.raises(RefusedError, match="1,000 columns"):
        geojson([feature(**{f"c{i}": 1 for i in range(1001)})])
    assert codes(geojson([feature(a="x" * 10_001)]))["text_too_long"].severity is Severity.ERROR


# --- GeoPackage ---------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path):
    """A GeoPackage of the small habitats, changed by SQL."""

    def made(*changes, parameters=()):
        path = tmp_path / "input.gpkg"
        write(habitats(), path)
        with sqlite3.connect(path) as base:
            for change in changes:
                base.execute(change, parameters)
        base.close()
        return path

    return made


def test_every_row_of_a_geopackage_is_read_with_its_crs(package):
    parsed = read_geopackage(package(), HABITATS)
    assert parsed.crs == "EPSG:4490"
    assert parsed.table["habitat_id"].tolist() == list(habitats()["habitat_id"])
    assert shapely.equals(parsed.geometry, habitats().geometry.to_numpy()).all()
    assert not any(problem.severity is not Severity.INFO for problem in parsed.problems)


def test_reading_leaves_the_geopackage_as_it_was(package):
    path = package()
    before = path.read_bytes()
    read_geopackage(path, HABITATS)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_layer_is_asked_for_and_the_others_counted(package):
    path = package()
    write(habitats(), path.with_name("more.gpkg"))
    habitats().to_file(path, layer='second"; DROP TABLE gpkg_contents;--', driver="GPKG")
    parsed = read_geopackage(path, HABITATS)
    assert len(parsed.layers) == 2
    assert "4 rows" in codes(parsed)["several_layers"].message
    asked = Options(kind=Kind.HABITATS, layer=parsed.layers[1])
    assert "several_layers" not in codes(read_geopackage(path, asked))
    with pytest.raises(RefusedError, match="no layer 'third'"):
        read_geopackage(path, Options(kind=Kind.HABITATS, layer="third"))


def test_a_foreign_trigger_is_named_and_never_fires(package):
    path = package("CREATE TRIGGER mine AFTER INSERT ON input BEGIN DELETE FROM input; END")
    assert "'mine'" in codes(read_geopackage(path, HABITATS))["trigger"].message


def test_a_database_that_is_no_geopackage_is_refused(tmp_path):
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE t(a)")
    base.close()
    with pytest.raises(RefusedError, match="no GeoPackage"):
        read_geopackage(path, HABITATS)


def test_bytes_that_are_no_text_are_said_not_guessed(package):
    path = package("CREATE TABLE plain AS SELECT * FROM input")
    with sqlite3.connect(path) as base:
        base.execute("UPDATE plain SET species = CAST(x'ba0a' AS TEXT)")
        base.execute("UPDATE gpkg_contents SET table_name = 'plain', identifier = 'plain'")
        base.execute("UPDATE gpkg_geometry_columns SET table_name = 'plain'")
    base.close()
    assert codes(read_geopackage(path, HABITATS))["broken_letter"].count == 4


def test_envelopes_of_every_size_are_skipped(tmp_path, package):
    path = package()
    wkb = shapely.to_wkb(shapely.box(0, 0, 1, 1))
    for code, size in enumerate((0, 32, 48, 48, 64)):
        blob = b"GP\x00" + bytes([code << 1 | 1]) + struct.pack("<i", 4490) + bytes(size) + wkb
        with sqlite3.connect(path) as base:
            base.execute("DROP TRIGGER IF EXISTS rtree_input_geom_update1")
            names = [
                r[0] for r in base.execute("SELECT name FROM sqlite_master WHERE type='trigger'")
            ]
            for name in names:
                base.execute(f'DROP TRIGGER "{name}"')
            base.execute("UPDATE input SET geom = ?", (blob,))
        base.close()
        assert {one.area for one in read_geopackage(path, HABITATS).geometry} == {1.0}


# --- shapefile ----------------------------------------------------------------------------------


@pytest.fixture
def shapefile(tmp_path):
    """A shapefile of the small habitats in a folder of its own."""

    def made(layer=None, encoding="utf-8"):
        path = tmp_path / "layer.shp"
        layer = habitats() if layer is None else layer
        layer.to_file(path, driver="ESRI Shapefile", encoding=encoding)
        return path

    return made


def test_a_shapefile_is_read_whole(shapefile):
    parsed = read_shapefile(shapefile(), HABITATS)
    assert parsed.crs == "EPSG:4490"
    assert parsed.table["habitat_id"].tolist() == list(habitats()["habitat_id"])
    assert parsed.geometry[0].equals(habitats().geometry[0])
    assert parsed.row_numbers == [1, 2, 3, 4]
    assert parsed.problems == ()


@pytest.mark.parametrize(
    ("encoding", "cpg", "said", "codes_said"),
    [
        ("utf-8", None, "UTF-8", set()),
        ("gb18030", None, "GB18030", {"encoding"}),
        ("gb18030", "GBK", "GB18030", set()),
        ("gb18030", "UTF-8", "GB18030", {"encoding"}),
        ("utf-8", "GBK", "UTF-8", {"encoding"}),
        ("gb18030", "ISO-8859-1", "GB18030", {"encoding"}),
        ("gb18030", "1252", "GB18030", {"encoding"}),
        ("gb18030", "cp437", "GB18030", {"encoding"}),
        ("gb18030", "windows-1251", "GB18030", {"encoding"}),
        ("gb18030", "base64", "GB18030", {"encoding"}),
    ],
)
def test_names_are_never_mojibake(shapefile, encoding, cpg, said, codes_said):
    layer = habitats()[["habitat_id", "geometry"]].assign(name="海山乡红树林")
    path = shapefile(layer, encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = 0
    path.with_suffix(".dbf").write_bytes(table)
    if cpg:
        path.with_suffix(".cpg").write_text(cpg)
    parsed = read_shapefile(path, HABITATS)
    assert parsed.encoding == said
    assert set(codes(parsed)) == codes_said
    assert set(parsed.table["name"]) == {"海山乡红树林"}


@pytest.mark.parametrize(
    ("name", "encoding", "cpg"),
    [
        ("Baía de Todos os Santos", "cp1252", "ISO-8859-1"),
        ("Güllük Körfezi", "cp1254", "1254"),
        ("берег моря", "cp1251", "1251"),
        ("Ακτή", "cp1253", "cp1253"),
    ],
)
def test_a_declared_encoding_of_single_bytes_is_believed_of_what_is_not_chinese(
    shapefile, name, encoding, cpg
):
    path = shapefile(habitats()[["habitat_id", "geometry"]].assign(name=name), encoding)
    path.with_suffix(".cpg").write_text(cpg)
    parsed = read_shapefile(path, HABITATS)
    assert set(parsed.table["name"]) == {name}
    assert parsed.problems == ()


def test_the_users_word_holds_against_what_looks_chinese(shapefile):
    path = shapefile(habitats()[["habitat_id", "geometry"]].assign(name="西溪湿地"), "gb18030")
    parsed = read_shapefile(path, Options(kind=Kind.HABITATS, encoding="cp1252"))
    assert set(parsed.table["name"]) == {"Î÷ÏªÊªµØ"}


def test_the_encoding_the_user_names_goes_first(shapefile):
    path = shapefile(habitats()[["habitat_id", "geometry"]].assign(name="紅樹林"), "big5")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    parsed = read_shapefile(path, Options(kind=Kind.HABITATS, encoding="big5"))
    assert set(parsed.table["name"]) == {"紅樹林"}


def test_gbk_that_happens_to_fit_utf8_is_what_the_file_says(shapefile):
    path = shapefile(habitats()[["habitat_id", "geometry"]].assign(name="路通"), "gb18030")
    assert "路通".encode("gbk").decode("utf-8")
    path.with_suffix(".cpg").write_text("GBK")
    assert set(read_shapefile(path, HABITATS).table["name"]) == {"路通"}
    path.with_suffix(".cpg").unlink()
    said = codes(read_shapefile(path, HABITATS))["encoding"].message
    assert "路通" in said


def test_a_row_marked_as_deleted_goes_with_its_shape(shapefile):
    path = shapefile()
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    start, length = struct.unpack_from("<HH", table, 8)
    table[start + length] = ord("*")
    path.with_suffix(".dbf").write_bytes(table)
    parsed = read_shapefile(path, HABITATS)
    assert parsed.row_numbers == [1, 3, 4]
    assert parsed.geometry[1].equals(habitats().geometry[2])
    assert codes(parsed)["deleted"].severity is Severity.WARNING


def test_numbers_stay_the_digits_they_are(shapefile):
    layer = habitats()[["habitat_id", "geometry"]].assign(area=[0.1, 2.5, None, 1e6])
    table = read_shapefile(shapefile(layer), HABITATS).table
    assert [None if v is None else float(v) for v in table["area"]] == [0.1, 2.5, None, 1e6]
    assert {type(v) for v in table["area"]} == {str, type(None)}


@pytest.mark.parametrize(
    ("kind", "written", "read"),
    [
        ("N", "330382.000000000000000", "330382"),
        ("F", "3.303820000000000e+005", "330382"),
        ("F", "3.30382e+005", "330382"),
        ("N", "9007199254740993", "9007199254740993"),
        ("N", "28.350000000000000", "28.35"),
        ("N", "2023.10", "2023.1"),
        ("N", "-0.000000", "0"),
        ("N", "00123", "00123"),
        ("F", "1e999999999", "1e999999999"),
        ("F", "1.5e-007", "1.5e-007"),
        ("D", "20240310", "20240310"),
    ],
)
def test_a_number_is_read_without_the_zeros_that_its_column_puts_behind_it(kind, written, read):
    head = bytearray(65)
    head[4:12] = struct.pack("<IHH", 1, 65, 25)
    head[32:36], head[43], head[48], head[64] = b"code", ord(kind), 24, 0x0D
    raw = bytes(head) + b" " + written.rjust(24).encode()
    assert read_dbf(raw, None, None, Notes()).table["code"].tolist() == [read]


def test_zones_whose_codes_lie_in_a_column_of_doubles_know_level_and_parent(shapefile):
    codes_of = [330000.0, 330300.0, 330382.0, 330102.0]
    path = shapefile(habitats()[["geometry"]].assign(adcode=codes_of))
    parsed = read_shapefile(path, Options(kind=Kind.ZONES))
    rows = rows_of(parsed, Options(kind=Kind.ZONES, source="layer.shp"))
    assert rows.table["zone_id"].tolist() == ["330000", "330300", "330382", "330102"]
    assert rows.table["level"].tolist() == ["province", "city", "county", "county"]
    assert rows.table["parent_id"].tolist()[1:] == ["330000", "330300", "330100"]


@pytest.mark.parametrize("suffix", [".shp", ".dbf", ".shx"])
@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9])
def test_a_part_that_breaks_off_is_refused(shapefile, suffix, share):
    path = shapefile()
    part = path.with_suffix(suffix)
    whole = part.read_bytes()
    part.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(RefusedError):
        read_shapefile(path, HABITATS)


# --- archive ------------------------------------------------------------------------------------


def packed(tmp_path, **members):
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "."), content)
    return path


def test_members_are_counted_as_they_come(tmp_path, monkeypatch):
    path = packed(tmp_path, a__shp=bytes(3_000_000), a__dbf=b"x")
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(RefusedError, match="far more than it is packed in"):
        archive.unpack_shapefile(path, None, into)


def test_names_in_gbk_are_shown_and_asked_for_as_they_are_meant(tmp_path):
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w") as made:
        for stem in ("红树林", "盐沼許"):
            for suffix in (".shp", ".dbf"):
                raw = (stem + suffix).encode("gbk").decode("cp437")
                info = zipfile.ZipInfo("x")
                info.filename = raw
                made.writestr(info, stem)
    content = path.read_bytes().replace(b"\x00\x08\x00\x00", b"\x00\x00\x00\x00")
    del content
    into = tmp_path / "into"
    into.mkdir()
    said = archive.unpack_shapefile(path, None, into)
    assert len(said.layers) == 2


@pytest.mark.parametrize("name", ["a.vrt", "a.exe", "a.py", "b.zip", "c.kml", "d"])
def test_what_belongs_to_no_shapefile_is_refused_by_name(tmp_path, name):
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a.shp", b"")
        made.writestr(name, b"")
    with pytest.raises(RefusedError):
        archive.unpack_shapefile(path, None, tmp_path)


def test_too_many_members_are_refused(tmp_path):
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w") as made:
        for at in range(201):
            made.writestr(f"{at}.txt", b"")
    with pytest.raises(RefusedError, match="201 files"):
        archive.unpack_shapefile(path, None, tmp_path)


# --- KML and Parquet ----------------------------------------------------------------------------


def kml(tmp_path, body):
    path = tmp_path / "input"
    path.write_text(
        f'<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}'
        "</Document></kml>",
        encoding="utf-8",
    )
    return path


RING = "<LinearRing><coordinates>0,0,5 1,0,5\n1,1,5 0,1,5 0,0,5</coordinates></LinearRing>"
POLYGON = f"<Polygon><outerBoundaryIs>{RING}</outerBoundaryIs></Polygon>"


def test_placemarks_come_with_their_names_data_and_shapes(tmp_path):
    body = (
        f"<Folder><Placemark><name>海山</name><ExtendedData><Data name='id'><value>007</value>"
        f"</Data></ExtendedData>{POLYGON}</Placemark></Folder>"
        f"<Placemark><MultiGeometry>{POLYGON}{POLYGON}</MultiGeometry></Placemark>"
        "<Placemark><Point><coordinates>121.2,28.3</coordinates></Point></Placemark>"
        "<Placemark><name>bare</name></Placemark>"
    )
    parsed = read_kml(kml(tmp_path, body), SITES)
    assert parsed.table["id"].tolist() == ["007", None, None, None]
    assert parsed.table["name"].tolist() == ["海山", None, None, "bare"]
    assert [None if g is None else g.geom_type for g in parsed.geometry] == [
        "Polygon",
        "MultiPolygon",
        "Point",
        None,
    ]
    assert parsed.geometry[0].area == 1
    assert parsed.crs == "EPSG:4326"


def test_ids_of_placemarks_are_ids_where_no_column_holds_them(tmp_path):
    body = (
        f"<Placemark id='a1'>{POLYGON}</Placemark><Placemark>{POLYGON}</Placemark>"
        f"<Placemark id='a2'><name>海山</name>{POLYGON}</Placemark>"
    )
    parsed = read_kml(kml(tmp_path, body), HABITATS)
    assert parsed.table["id"].tolist() == ["a1", None, "a2"]
    told = codes(parsed)["placemark_ids"]
    assert told.severity == "info"
    assert "2 of 3 placemarks" in told.message
    rows = rows_of(parsed, replace(HABITATS, ecosystem="mangrove"))
    assert rows.mapping["habitat_id"] == "id"
    assert codes(rows)["id_given"].row == 2


@pytest.mark.parametrize("column", ["id", "编号", "habitat_id"])
def test_a_column_of_ids_goes_before_the_ids_of_placemarks(tmp_path, column):
    data = f"<ExtendedData><Data name='{column}'><value>007</value></Data></ExtendedData>"
    parsed = read_kml(kml(tmp_path, f"<Placemark id='a1'>{data}{POLYGON}</Placemark>"), HABITATS)
    assert parsed.table.to_dict("list") == {column: ["007"]}
    assert "placemark_ids" not in codes(parsed)


def test_a_column_that_the_user_maps_goes_before_the_ids_of_placemarks(tmp_path):
    options = replace(HABITATS, columns={"habitat_id": "name"})
    parsed = read_kml(kml(tmp_path, "<Placemark id='a1'><name>x</name></Placemark>"), options)
    assert parsed.table.columns.tolist() == ["name"]


def test_ids_of_placemarks_that_repeat_name_nothing(tmp_path):
    body = f"<Placemark id='a'>{POLYGON}</Placemark>" * 2
    parsed = read_kml(kml(tmp_path, body), HABITATS)
    assert "id" not in parsed.table


@pytest.mark.parametrize(
    "body",
    [
        "<NetworkLink><Link><href>http://127.0.0.1:18999</href></Link></NetworkLink>",
        "<Placemark>",
        "<Placemark>&nothing;</Placemark>",
    ],
)
def test_kml_that_links_or_breaks_off_is_refused(tmp_path, body):
    with pytest.raises(RefusedError):
        read_kml(kml(tmp_path, body), SITES)


def test_kml_coordinates_that_are_no_numbers_are_an_error_of_their_row(tmp_path):
    body = "<Placemark><Point><coordinates>east,north</coordinates></Point></Placemark>"
    assert codes(read_kml(kml(tmp_path, body), SITES))["coordinates"].row == 1


def test_geoparquet_is_read_with_its_crs_and_exact_values(tmp_path):
    path = write(habitats("EPSG:4549"), tmp_path / "a.parquet")
    parsed = read_parquet(path, HABITATS)
    assert parsed.crs == "EPSG:4549"
    assert parsed.table["habitat_id"].tolist() == list(habitats()["habitat_id"])
    assert shapely.equals(parsed.geometry, habitats("EPSG:4549").geometry.to_numpy()).all()


def test_plain_parquet_is_a_table(tmp_path):
    path = tmp_path / "a.parquet"
    pd.DataFrame({"id": ["007"], "day": [pd.Timestamp("2024-03-09")]}).to_parquet(path)
    parsed = read_parquet(path, SITES)
    assert parsed.geometry is None
    assert parsed.table.loc[0, "id"] == "007"
    assert parsed.table.loc[0, "day"].startswith("2024-03-09")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_parquet_that_breaks_off_is_refused(tmp_path, share):
    path = write(habitats(), tmp_path / "a.parquet")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(RefusedError):
        read_parquet(path, HABITATS)


def test_every_format_tells_the_same_of_the_same_layer(tmp_path):
    layer = habitats()
    read = {
        ".gpkg": read_geopackage,
        ".geojson": read_geojson,
        ".parquet": read_parquet,
    }
    for suffix, reader in read.items():
        parsed = reader(write(layer, tmp_path / f"a{suffix}"), HABITATS)
        assert parsed.table["ecosystem"].tolist() == list(layer["ecosystem"]), suffix
        assert shapely.equals(parsed.geometry, layer.geometry.to_numpy()).all(), suffix


def test_a_refusal_becomes_a_problem_with_its_code():
    error = RefusedError("damaged", "it is cut", "Export it again", row=7, column="a")
    problem = problem_of(error)
    assert (problem.code, problem.row, problem.column) == ("damaged", 7, "a")


# --- ids, encodings and what lies beside --------------------------------------------------------


def keyed(tmp_path, key, declared="INTEGER PRIMARY KEY"):
    """A GeoPackage whose rows are keyed by a column of that name."""
    path = tmp_path / "keyed.gpkg"
    write(habitats(), path)
    with sqlite3.connect(path) as base:
        name = base.execute("SELECT table_name FROM gpkg_geometry_columns").fetchone()[0]
        for (trigger,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            base.execute(f'DROP TRIGGER "{trigger}"')
        base.execute(f'ALTER TABLE "{name}" RENAME TO old')
        base.execute(f'CREATE TABLE "{name}" ("{key}" {declared}, geom BLOB)')
        base.execute(f'INSERT INTO "{name}" SELECT fid + 40, geom FROM old')
        base.execute("DROP TABLE old")
        base.execute("UPDATE gpkg_geometry_columns SET table_name = ?", [name])
    return path


@pytest.mark.parametrize("key", ["编号", "id", "bsm"])
def test_a_key_that_is_no_counter_of_rows_is_a_column(tmp_path, key):
    parsed = read_geopackage(keyed(tmp_path, key), HABITATS)
    assert parsed.table[key].tolist() == [41, 42, 43, 44]


@pytest.mark.parametrize("key", ["fid", "OGC_FID", "ObjectID"])
def test_a_key_that_only_counts_rows_is_none(tmp_path, key):
    assert read_geopackage(keyed(tmp_path, key), HABITATS).table.columns.tolist() == []


def test_the_id_of_a_feature_is_read_where_no_property_is_one(geojson):
    features = [feature(name=n) | {"id": n} for n in ("BC-1", "BC-2")] + [feature(name="x")]
    assert geojson(features).table["id"].tolist() == ["BC-1", "BC-2", None]
    own = [feature(编号="A") | {"id": 1}, feature(编号="B") | {"id": 2}]
    assert geojson(own).table.columns.tolist() == ["编号"]
    mapped = Options(kind=Kind.HABITATS, columns={"habitat_id": "mine"})
    assert "id" not in geojson([feature(mine="A") | {"id": 1}], mapped).table


def test_ids_of_features_that_repeat_are_left_out_and_said(geojson):
    parsed = geojson([feature(name="a") | {"id": 1}, feature(name="b") | {"id": 1}])
    assert "id" not in parsed.table
    assert codes(parsed)["feature_ids_repeat"].severity is Severity.INFO


@pytest.mark.parametrize("odd", [True, [1], {"a": 1}, None])
def test_an_id_that_is_no_text_or_number_is_none(geojson, odd):
    assert "id" not in geojson([feature() | {"id": odd}]).table


def test_a_mark_at_the_start_does_not_matter_where_the_encoding_is_named(geojson):
    text = json.dumps({"type": "FeatureCollection", "features": [feature(名="湾")]})
    content = b"\xef\xbb\xbf" + text.encode()
    parsed = geojson(content, Options(kind=Kind.HABITATS, encoding="utf-8"))
    assert parsed.table["名"].tolist() == ["湾"]


@pytest.mark.parametrize("encoding", ["undefined", "zlib", "rot13", "idna"])
def test_a_codec_that_is_no_text_is_refused_by_name(geojson, encoding, tmp_path):
    with pytest.raises(RefusedError, match="no encoding this system reads"):
        geojson([feature()], Options(kind=Kind.HABITATS, encoding=encoding))


def dbf_of(text, encoding):
    """A table of one column of text."""
    cell = text.encode(encoding).ljust(20)
    head = bytes([3, 124, 1, 1]) + struct.pack("<IHH", 1, 65, 21) + bytes(20)
    return (
        head + b"NAME".ljust(11, b"\0") + b"C" + bytes(4) + bytes([20]) + bytes(15) + b"\r " + cell
    )


@pytest.mark.parametrize("word", ["zlib", "undefined", "rot13", "bz2"])
def test_a_code_page_that_is_no_text_does_not_count(word):
    read = read_dbf(dbf_of("红树林", "gbk"), word, None, Notes())
    assert (read.table["NAME"].tolist(), read.encoding) == (["红树林"], "gb18030")
    with pytest.raises(RefusedError, match="no encoding this system reads"):
        read_dbf(dbf_of("红树林", "gbk"), None, word, Notes())


KML_OF = """<?xml version="1.0" encoding="{}"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>红树林</name><Point>
<coordinates>121.2,28.35</coordinates></Point></Placemark></kml>"""


@pytest.mark.parametrize(
    ("declared", "written", "said"),
    [
        ("UTF-8", "utf-8", set()),
        ("GB2312", "gbk", set()),
        ("gbk", "gbk", set()),
        ("GB18030", "gb18030", set()),
        ("UTF-8", "gbk", {"encoding"}),
    ],
)
def test_kml_is_read_in_the_encoding_it_declares(tmp_path, declared, written, said):
    path = tmp_path / "input"
    path.write_bytes(KML_OF.format(declared).encode(written))
    parsed = read_kml(path, SITES)
    assert parsed.table["name"].tolist() == ["红树林"]
    assert set(codes(parsed)) == said


def test_kml_of_no_encoding_says_so(tmp_path):
    path = tmp_path / "input"
    path.write_bytes(KML_OF.format("UTF-8").encode("utf-8").replace("林".encode(), b"\xff\xff"))
    with pytest.raises(RefusedError) as refused:
        read_kml(path, SITES)
    assert refused.value.code == "encoding"


@pytest.mark.parametrize(
    "beside",
    ["layer.shp.HOST.1234.sr.lock", "desktop.ini", "Thumbs.db", "thumbs.db", "说明.xlsx", "表.xls",
     "a.pdf", "map.mxd", "map.qgz"],
)  # fmt: skip
def test_what_offices_put_beside_a_layer_does_not_matter(tmp_path, beside):
    shape, packed, into = tmp_path / "layer.shp", tmp_path / "in.zip", tmp_path / "into"
    habitats().to_file(shape, driver="ESRI Shapefile")
    into.mkdir()
    with zipfile.ZipFile(packed, "w") as made:
        for part in tmp_path.glob("layer.*"):
            made.write(part, part.name)
        made.writestr(beside, b"x")
    assert archive.unpack_shapefile(packed, None, into).layers == ("layer",)
