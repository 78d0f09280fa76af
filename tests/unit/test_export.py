import csv
import io
import json
import sqlite3
import zipfile
from contextlib import closing

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

from bluecarbon_map import export
from bluecarbon_map.errors import InputError
from bluecarbon_map.export import FORMATS, Bundle, to_bytes, write
from bluecarbon_map.export.inert import inert
from bluecarbon_map.export.spatial import with_outlines
from tests.builders import EAST, WEST, zones

FORMULAS = [
    "=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A1",
    '=HYPERLINK("http://host.invalid","x")', "=cmd|' /C calc'!A0",
]  # fmt: skip


def rows(**changed):
    table = {
        "zone_id": [WEST, EAST, "(outside)"],
        "zone_name": ["乐清市", "玉环市", "(outside)"],
        "area_ha": [1.25, 2.5, 0.125],
        "stock_t_c": [-3.5, np.nan, 0.0],
        "tier": [3.0, np.nan, np.nan],
    }
    return pd.DataFrame(table | changed)


def bundle(table=None, outlines=True):
    return Bundle(
        name="summary",
        rows=rows() if table is None else table,
        dictionary=pd.DataFrame({"column": ["area_ha"], "unit": ["ha"], "description": ["=1"]}),
        details={"sources": pd.DataFrame({"source": ["http://host.invalid/x", "=2", None]})},
        zones=zones()[["zone_id", "geometry"]] if outlines else None,
    )


def written(tmp_path, suffix, table=None, **more):
    return write(bundle(table, **more), tmp_path / f"out{suffix}")[0]


def csv_rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


# --- CSV ----------------------------------------------------------------------------------------


def test_csv_opens_in_a_spreadsheet_with_its_data_dictionary_beside_it(tmp_path):
    made = write(bundle(), tmp_path / "out.csv")
    assert [path.name for path in made] == ["out.csv", "out.dictionary.csv"]
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in made)
    head, *body = csv_rows(made[0])
    assert head == ["zone_id", "zone_name", "area_ha", "stock_t_c", "tier"]
    assert body[0] == [WEST, "乐清市", "1.25", "-3.5", "3.0"]
    assert body[1] == [EAST, "玉环市", "2.5", "", ""]
    assert csv_rows(made[1])[1] == ["area_ha", "ha", "'=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_from_a_file_stays_text(tmp_path, text):
    path = written(
        tmp_path, ".csv", rows(zone_name=[text, "x", "y"]).rename(columns={"tier": text})
    )
    head, first, *_ = csv_rows(path)
    assert first[1] == "'" + text
    assert head[4] == "'" + text


def test_a_negative_number_stays_a_number(tmp_path):
    mixed = rows(mixed=pd.Series([-1.5, "-1.5", None], dtype=object))
    body = csv_rows(written(tmp_path, ".csv", mixed))[1:]
    assert [row[3] for row in body] == ["-3.5", "", "0.0"]
    assert [row[5] for row in body] == ["-1.5", "'-1.5", ""]


@pytest.mark.parametrize("value", [-1.5, 0, None, True, "", "a=b", "乐清", "1-2"])
def test_what_is_no_formula_is_left_alone(value):
    assert inert(value) == value


def test_commas_quotes_and_lines_come_back_as_they_were(tmp_path):
    text = 'a,"b"\r\nc'
    path = written(tmp_path, ".csv", rows(zone_name=[text, "x", "y"]))
    assert csv_rows(path)[1][1] == text


# --- XLSX ---------------------------------------------------------------------------------------


def test_xlsx_holds_no_formula_and_no_link(tmp_path):
    links = [*FORMULAS[:2], "http://host.invalid"]
    path = written(tmp_path, ".xlsx", rows(zone_name=links))
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    assert [cell.value for cell in book["summary"]["B"]][1:] == links
    with zipfile.ZipFile(path) as archive:
        body = b"".join(archive.read(n) for n in archive.namelist() if "worksheets" in n)
    assert b"<f>" not in body
    assert b"hyperlink" not in body.lower()


def test_xlsx_keeps_numbers_as_numbers_codes_as_text_and_unknown_as_an_empty_cell(tmp_path):
    book = openpyxl.load_workbook(written(tmp_path, ".xlsx"))
    assert book.sheetnames == ["summary", "sources", "dictionary"]
    table = list(book["summary"].iter_rows(values_only=True))
    assert table[1] == (WEST, "乐清市", 1.25, -3.5, 3)
    assert table[2] == (EAST, "玉环市", 2.5, None, None)
    assert table[3][3] == 0


# --- spatial ------------------------------------------------------------------------------------


def test_geojson_is_what_rfc_7946_asks_for(tmp_path):
    text = written(tmp_path, ".geojson").read_text(encoding="utf-8")
    assert "NaN" not in text
    body = json.loads(text)
    assert set(body) == {"type", "features"}
    first, _, outside = body["features"]
    assert outside["geometry"] is None
    assert outside["properties"]["zone_id"] == "(outside)"
    assert body["features"][1]["properties"]["stock_t_c"] is None
    assert first["properties"]["zone_name"] == "乐清市"
    ring = first["geometry"]["coordinates"][0]
    assert shapely.LinearRing(ring).is_ccw
    assert ring[0] == ring[-1]
    assert 120 < ring[0][0] < 122
    assert 27 < ring[0][1] < 29


def test_geojson_turns_holes_the_other_way_round(tmp_path):
    hole = shapely.box(121.04, 28.04, 121.06, 28.06).exterior.coords
    ring = shapely.Polygon(zones().geometry.iloc[0].exterior.coords[::-1], [list(hole)])
    outlines = zones()[["zone_id", "geometry"]].set_geometry([ring, None], crs="EPSG:4490")
    path = write(
        Bundle(name="s", rows=rows(), dictionary=pd.DataFrame({"column": []}), zones=outlines),
        tmp_path / "a.geojson",
    )[0]
    outer, inner = json.loads(path.read_text())["features"][0]["geometry"]["coordinates"]
    assert shapely.LinearRing(outer).is_ccw
    assert not shapely.LinearRing(inner).is_ccw


@pytest.mark.parametrize("suffix", [".gpkg", ".parquet"])
@pytest.mark.parametrize("outlines", [True, False])
def test_a_map_layer_reads_back_with_the_same_rows(tmp_path, suffix, outlines):
    path = written(tmp_path, suffix, outlines=outlines)
    read = gpd.read_parquet(path) if suffix == ".parquet" else gpd.read_file(path)
    assert read.crs == "EPSG:4490"
    table = pd.DataFrame(read.drop(columns="geometry"))
    pd.testing.assert_frame_equal(table, rows(), check_dtype=False)
    assert read.geometry.isna().tolist() == ([False, False, True] if outlines else [True] * 3)
    if outlines:
        assert read.geometry.iloc[0].equals(zones().geometry.iloc[0])


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".parquet"])
def test_a_table_all_outside_is_a_layer_without_outlines(tmp_path, suffix):
    path = written(tmp_path, suffix, rows().iloc[2:])
    assert path.stat().st_size > 0


def test_rows_of_one_zone_share_its_outline():
    doubled = pd.concat([rows(), rows()], ignore_index=True)
    layer = with_outlines(doubled, zones())
    assert len(layer) == 6
    assert layer.geometry.isna().sum() == 2


# --- notes --------------------------------------------------------------------------------------

NOTES = ("示意分区 / indicative zones", "=1+1")


def noted(tmp_path, suffix):
    made = Bundle(
        name="summary", rows=rows(), dictionary=bundle().dictionary,
        zones=zones()[["zone_id", "geometry"]], notes=NOTES,
    )  # fmt: skip
    return write(made, tmp_path / f"out{suffix}")


def test_the_dictionary_beside_a_csv_ends_with_the_notes(tmp_path):
    _, beside = noted(tmp_path, ".csv")
    assert csv_rows(beside)[-2:] == [["(note)", "", NOTES[0]], ["(note)", "", "'=1+1"]]


def test_a_geojson_has_the_notes_as_a_member(tmp_path):
    body = json.loads(noted(tmp_path, ".geojson")[0].read_text(encoding="utf-8"))
    assert body["notes"] == list(NOTES)


def test_a_geopackage_has_the_notes_as_the_layers_description(tmp_path):
    path = noted(tmp_path, ".gpkg")[0]
    with closing(sqlite3.connect(path)) as base:
        (said,) = base.execute("SELECT description FROM gpkg_contents").fetchone()
    assert said == "\n".join(NOTES)
    assert len(gpd.read_file(path)) == 3


def test_a_geoparquet_has_the_notes_in_its_schema_and_stays_a_geoparquet(tmp_path):
    path = noted(tmp_path, ".parquet")[0]
    assert pq.read_schema(path).metadata[b"notes"].decode() == "\n".join(NOTES)
    assert gpd.read_parquet(path).crs == "EPSG:4490"


def test_a_text_too_long_for_a_cell_is_refused_with_its_column_and_row(tmp_path):
    fits = rows(zone_name=["x", "y" * 32_767, "z"])
    assert written(tmp_path, ".xlsx", fits).exists()
    long = rows(zone_name=["x", "y" * 32_768, "z"])
    with pytest.raises(InputError, match=r"'summary', column 'zone_name', rows 2: .*32,767"):
        write(bundle(long), tmp_path / "long.xlsx")
    assert not (tmp_path / "long.xlsx").exists()


# --- all or nothing -----------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_download_is_the_file(tmp_path, suffix):
    body = to_bytes(bundle(), suffix)
    assert body
    if suffix in {".csv", ".geojson"}:
        assert body == written(tmp_path, suffix).read_bytes()
    if suffix == ".xlsx":
        assert zipfile.is_zipfile(io.BytesIO(body))


@pytest.mark.parametrize("name", ["out.doc", "out", "out.csv.", ".csv"])
def test_an_unknown_suffix_is_refused(tmp_path, name):
    with pytest.raises(InputError, match=r"is no export format\. Use \.csv, \.xlsx"):
        write(bundle(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_refused_and_not_made(tmp_path):
    with pytest.raises(InputError, match="its folder does not exist"):
        write(bundle(), tmp_path / "no" / "out.csv")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_table_is_refused(tmp_path):
    with pytest.raises(InputError, match="there is no row to write"):
        write(bundle(rows().iloc[:0]), tmp_path / "out.csv")


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_write_that_fails_leaves_nothing_behind_and_the_old_file_as_it_was(
    tmp_path, suffix, monkeypatch
):
    old = tmp_path / f"out{suffix}"
    old.write_bytes(b"old")

    def half(bundle, path):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export.bundle, "FORMATS", {suffix: half})
    with pytest.raises(InputError, match=r"it cannot be written .No space left on device"):
        write(bundle(), old)
    assert old.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == [old.name]


def test_a_name_that_no_file_can_have_is_refused(tmp_path):
    with pytest.raises(InputError, match="it cannot be written"):
        write(bundle(), tmp_path / ("a" * 300 + ".csv"))
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_replaced(tmp_path):
    (tmp_path / "out.gpkg").write_bytes(b"old")
    assert len(gpd.read_file(written(tmp_path, ".gpkg"))) == 3


@pytest.mark.parametrize("suffix", [".CSV", ".Xlsx"])
def test_a_suffix_in_capital_letters_is_the_same_format(tmp_path, suffix):
    assert written(tmp_path, suffix).name == f"out{suffix}"
