"""The corpus of bad separated files, and what a good one keeps."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from bluecarbon_map.files import data_folder
from bluecarbon_map.gate.kinds import CONTRACTS, Kind, Options
from bluecarbon_map.gate.parsers.text import read_text
from bluecarbon_map.gate.problems import Verdict, verdict_of
from bluecarbon_map.gate.rows import rows_of
from bluecarbon_map.tables import STAGES, validate

BAD = Path(__file__).parents[1] / "data" / "badinputs" / "csv"

EXPECTED = {
    "formula": "neutralise", "formula_header": "neutralise", "decimal_comma_quoted": "warn",
    "latin1": "accept", "gbk": "accept", "utf16_tab": "accept", "bom_header": "accept",
    "utm_in_latlon": "reject", "dms": "warn", "lon_0_360": "repair", "blank_coords": "reject",
    "embedded_newline": "accept", "duplicate_headers": "reject", "no_header": "reject",
    "ragged": "reject", "nul_bytes": "warn", "special_numbers": "reject",
    "leading_zero_ids": "accept", "na_like_names": "accept", "dates_bad": "reject",
    "dates_ambiguous": "warn", "duplicate_rows": "reject", "unit_mix": "warn",
    "zero_bytes": "reject", "huge_field": "reject", "tx_float_money": "accept", "vrt": "reject",
}  # fmt: skip


def gate(path, kind=Kind.SITES, **said):
    options = Options(kind=kind, source=path.name, **said)
    parsed = read_text(path, options)
    if verdict_of(parsed.problems) is Verdict.REJECT:
        return None, parsed.problems
    rows = rows_of(parsed, options)
    return rows, (*parsed.problems, *rows.problems)


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode(encoding))
    return path


def of(problems, code):
    return [problem for problem in problems if problem.code == code]


def test_every_file_of_the_corpus_is_named_here():
    assert {path.stem for path in BAD.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_every_file_of_the_corpus_gets_its_verdict(name):
    kind = Kind.TRANSACTIONS if name == "tx_float_money" else Kind.SITES
    rows, problems = gate(BAD / f"{name}.csv", kind)
    verdict = verdict_of(problems)
    if EXPECTED[name] == "neutralise":
        assert verdict is not Verdict.REJECT
    else:
        assert verdict == EXPECTED[name]
    assert all(problem.fix and problem.message for problem in problems)
    if verdict is not Verdict.REJECT:
        validate(CONTRACTS[kind], rows.table)


def test_formulas_stay_letter_by_letter():
    rows, _ = gate(BAD / "formula.csv")
    with (BAD / "formula.csv").open(encoding="utf-8", newline="") as file:
        assert rows.table["name"].tolist() == [row["name"] for row in csv.DictReader(file)]


def test_ids_and_names_that_look_like_numbers_or_nothing_stay_text():
    rows, _ = gate(BAD / "leading_zero_ids.csv")
    assert rows.table["site_id"].tolist() == ["00123", "123", "1E5", "0123456789012345678"]
    rows, _ = gate(BAD / "na_like_names.csv")
    assert rows.table["name"].tolist() == ["NA", "null", "None", "nan"]


def test_ten_times_a_tenth_is_one():
    rows, _ = gate(BAD / "tx_float_money.csv", Kind.TRANSACTIONS)
    assert str(sum(rows.table["t_co2e"])) == "1.0"
    assert str(sum(rows.table["price_cny_t"])) == "1.0"


def test_a_value_of_two_lines_is_one_value():
    rows, _ = gate(BAD / "embedded_newline.csv")
    assert rows.table["name"].tolist() == ["Plot\nA"]
    assert rows.table["note"].tolist() == ["mangrove, mixed"]


def test_every_spelling_that_is_no_number_is_named_by_its_line():
    _, problems = gate(BAD / "special_numbers.csv")
    assert {p.row for p in of(problems, "number")} == {2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 15, 16}
    assert {p.column for p in of(problems, "number")} == {"c_t_ha"}


def test_bad_dates_are_named_by_their_line():
    _, problems = gate(BAD / "dates_bad.csv")
    assert {p.row for p in of(problems, "date")} == {2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13}


def test_the_same_row_twice_is_left_out_and_another_value_is_a_conflict():
    _, problems = gate(BAD / "duplicate_rows.csv")
    assert [p.row for p in of(problems, "row_repeated")] == [3]
    conflict = of(problems, "id_conflict")[0]
    assert conflict.row == 4
    assert "'386' and '200'" in conflict.message


def test_the_probable_unit_of_a_density_is_named_and_what_cannot_be_is_not_stored():
    rows, problems = gate(BAD / "unit_mix.csv")
    said = {p.row: p.message for p in of(problems, "density_implausible")}
    assert set(said) == {3, 4, 5}
    assert "in kg, not t" in said[3]
    assert "CO2e, not C" in said[5]
    assert rows.table["density_t_c_ha"].isna().tolist() == [False, True, False, False]


def test_metres_in_columns_of_degrees_ask_for_the_system_and_are_converted_once_it_is_said():
    _, problems = gate(BAD / "utm_in_latlon.csv")
    assert "EPSG:4549" in of(problems, "crs_missing")[0].fix
    rows, _ = gate(BAD / "utm_in_latlon.csv", crs="EPSG:32651")
    assert rows.table["lon"].iloc[0] == pytest.approx(121.2, abs=0.01)
    assert rows.table["lat"].iloc[0] == pytest.approx(28.35, abs=0.01)


def test_the_encoding_is_reported_with_a_sample():
    parsed = read_text(BAD / "gbk.csv", Options(kind=Kind.SITES))
    assert parsed.encoding == "GB18030"
    assert "红树林保护区" in of(parsed.problems, "encoding_found")[0].message
    assert parsed.table["name"].tolist() == ["红树林保护区"]


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_the_separator_is_found_in_the_header(tmp_path, mark):
    lines = ["site_id,name,habitat,lat,lon", "1,a,mangrove,28.35,121.2"]
    path = written(tmp_path, "\n".join(lines).replace(",", mark))
    rows, problems = gate(path)
    assert verdict_of(problems) is Verdict.ACCEPT
    assert rows.table["lon"].tolist() == [121.2]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    path = written(tmp_path, 'site_id,name\n\n1,"a\nb"\n2,c,\n3,d,e\n')
    parsed = read_text(path, Options(kind=Kind.SITES))
    assert parsed.row_numbers == [3, 5, 6]
    assert [p.row for p in of(parsed.problems, "row_ragged")] == [6]


def test_two_columns_never_become_one(tmp_path):
    path = written(tmp_path, "site_id,x,x\n1,2,3\n")
    parsed = read_text(path, Options(kind=Kind.SITES))
    assert list(parsed.table.columns) == ["site_id", "x", "x (2)"]
    assert of(parsed.problems, "header_twice")


def test_a_quotation_mark_that_never_closes_is_said(tmp_path):
    path = written(tmp_path, 'site_id,name\n1,"a\n2,b\n')
    parsed = read_text(path, Options(kind=Kind.SITES))
    assert of(parsed.problems, "damaged")


def test_too_many_columns_are_refused(tmp_path):
    path = written(tmp_path, ",".join(f"c{n}" for n in range(501)))
    assert of(read_text(path, Options(kind=Kind.SITES)).problems, "too_many_columns")


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    options = Options(kind=Kind.SITES, source="any.csv")
    parsed = read_text(path, options)
    assert len(parsed.row_numbers) == len(parsed.table)
    rows_of(parsed, options)


CELL = st.text(st.sampled_from("ab1.,-=\"'\n\r\t;°红 \0\u202e/"), max_size=6)


@given(
    st.lists(st.lists(CELL, min_size=9, max_size=9), max_size=5), st.sampled_from(list(CONTRACTS))
)
def test_no_cells_make_the_gate_fail(tmp_path_factory, cells, kind):
    if kind is Kind.RASTER:
        return
    path = tmp_path_factory.getbasetemp() / "cells.csv"
    names = ["id", "name", "ecosystem", "lat", "lon", "area_ha", "date", "unit", "planned"]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, *cells])
    rows, _ = gate(path, kind)
    assert rows is None or len(rows.table) <= len(cells)


def test_the_projects_of_the_embedded_workspace_come_back_as_they_are():
    path = data_folder() / "zhejiang" / "projects.csv"
    rows, problems = gate(path, Kind.PROJECTS)
    assert problems == ()
    ours = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
    numbers = ours[list(STAGES)].astype("float64")
    assert_frame_equal(rows.table, ours.assign(**numbers), check_dtype=False)


@pytest.mark.shared
def test_every_slice_of_the_networks_chinese_cores_is_read(shared):
    path = shared / "data" / "cores" / "ccn_china_depthseries.csv"
    rows, problems = gate(path, Kind.CORES)
    assert verdict_of(problems) is Verdict.ACCEPT
    assert len(rows.table) == 789


NAMES = "编号,生态系统,经度,纬度\n"
ROW = "A,红树林,121.2,28.35\n"


@pytest.mark.parametrize(
    "above", ["2023年红树林调查,,,\n", "某某县湿地调查表\n", "表1\n\n单位：度\n"]
)
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_titles_above_the_header_are_left_out_and_said(tmp_path, above, mark):
    path = written(tmp_path, (above + NAMES + ROW).replace(",", mark))
    rows, problems = gate(path)
    assert rows.table["site_id"].tolist() == ["A"]
    assert [problem.row for problem in of(problems, "rows_above_header")] == [1]
    assert not of(problems, "row_ragged")


def test_a_row_below_is_no_header_for_one_word_that_could_be_a_name(tmp_path):
    rows, problems = gate(written(tmp_path, "a,b\nid,2\n"), columns={"site_id": "a"})
    assert not of(problems, "rows_above_header")
    rows, problems = gate(written(tmp_path, NAMES + "id,红树林,121.2,28.35\n"))
    assert rows.table["site_id"].tolist() == ["id"]


@pytest.mark.parametrize("line", ["sep=;\n", "SEP=;\r\n", '"sep=;"\n'])
def test_the_line_that_names_the_separator_is_obeyed(tmp_path, line):
    rows, problems = gate(written(tmp_path, line + (NAMES + ROW).replace(",", ";")))
    assert rows.table["site_id"].tolist() == ["A"]
    assert verdict_of(problems) is Verdict.ACCEPT


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        ("经度（°）", "纬度（°）"), ("经度(E)", "纬度(N)"), ("经度（度）", "纬度（度）"),
        ("东经", "北纬"), ("东经（°）", "北纬（°）"), ("X坐标", "Y坐标"), ("lon_deg", "lat_deg"),
        ("Longitude (°E)", "Latitude (°N)"), ("经度/°", "纬度/°"), ("横坐标", "纵坐标"),
    ],
)  # fmt: skip
def test_positions_are_found_under_the_names_of_the_trade(tmp_path, lon, lat):
    rows, _ = gate(written(tmp_path, f"编号,生态系统,{lon},{lat}\n{ROW}"))
    assert (rows.table["lon"].tolist(), rows.table["lat"].tolist()) == ([121.2], [28.35])


@pytest.mark.parametrize("name", ["xm", "ye", "y_n", "late", "longe"])
def test_a_letter_more_is_another_name(tmp_path, name):
    rows, problems = gate(written(tmp_path, f"编号,生态系统,经度,纬度,{name}\nA,红树林,1,2,3\n"))
    assert name in rows.ignored
    assert not of(problems, "column_also")


def test_degrees_minutes_and_seconds_may_stand_between_blanks(tmp_path):
    rows, problems = gate(written(tmp_path, NAMES + "A,红树林,121 12 30,28:21:36.0\n"))
    assert rows.table["lon"].tolist() == [pytest.approx(121 + 12 / 60 + 30 / 3600)]
    assert rows.table["lat"].tolist() == [pytest.approx(28.36)]
    assert of(problems, "degrees_minutes")


@pytest.mark.parametrize("odd", ["121 72 30", "121 12 61", "121 12 30 5"])
def test_what_no_angle_can_be_is_none(tmp_path, odd):
    _, problems = gate(written(tmp_path, NAMES + f"A,红树林,{odd},28.36\n"))
    assert of(problems, "position")


def test_a_month_where_a_day_is_wanted_says_what_to_do(tmp_path):
    text = "编号,生态系统,经度,纬度,调查日期\nA,红树林,121.2,28.35,2023年5月\n"
    (said,) = of(gate(written(tmp_path, text))[1], "date")
    assert "month, not a day" in said.message
    assert "leave the cell empty" in said.fix
