"""Workbooks are read as their cells show them, and templates come back through the gate."""

import zipfile
from datetime import date, datetime
from decimal import Decimal

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from bluecarbon_map.gate.examples import EXAMPLE
from bluecarbon_map.gate.kinds import CONTRACTS, Kind, Options
from bluecarbon_map.gate.parsed import Parsed
from bluecarbon_map.gate.parsers.workbook import read_workbook
from bluecarbon_map.gate.problems import Severity, Verdict, verdict_of
from bluecarbon_map.gate.rows import rows_of
from bluecarbon_map.gate.templates import FORMATS, SHEET, columns_of, template
from bluecarbon_map.gate.wanted import ID_OF, is_known, matches
from bluecarbon_map.tables import validate, validate_layer

SITE = ["site_id", "name", "ecosystem", "lon", "lat", "碳密度", "date"]


@pytest.fixture
def book(tmp_path):
    """Writes rows to a sheet; a function may do more with the workbook."""

    def written(*rows, title="Sheet1", more=lambda book, sheet: None):
        made = openpyxl.Workbook()
        sheet = made.active
        sheet.title = title
        for row in rows:
            sheet.append(row)
        more(made, sheet)
        path = tmp_path / "book.xlsx"
        made.save(path)
        return path

    return written


def read(path, kind=Kind.SITES, **said):
    return read_workbook(path, Options(kind=kind, source="book.xlsx", **said))


def gate(path, kind=Kind.SITES):
    parsed = read(path, kind)
    rows = rows_of(parsed, Options(kind=kind, source="book.xlsx"))
    return rows, (*parsed.problems, *rows.problems)


def codes(problems):
    return {problem.code for problem in problems}


def test_dates_are_dates_and_numbers_are_what_the_cells_show(book):
    day = datetime(2024, 3, 9)
    path = book(SITE, [123.0, "=1+1x", "红树林", 121.2, 28.35, 0.1 + 0.2, day],
                more=lambda b, s: setattr(s["B2"], "data_type", "s"))  # fmt: skip
    rows, problems = gate(path)
    assert codes(problems) <= {"columns_ignored", "density_implausible"}
    row = rows.table.iloc[0]
    assert (row["site_id"], row["name"], row["observed_on"]) == ("123", "=1+1x", "2024-03-09")
    assert row["density_t_c_ha"] == 0.3


def test_a_bare_number_is_no_date_although_a_sheet_counts_days(book):
    _, problems = gate(book(SITE, ["a", "b", "mangrove", 121.2, 28.35, 100, 45360]))
    assert "date" in codes(problems)


def test_a_month_typed_into_a_sheet_as_a_number_is_asked_row_by_row(book):
    path = book(["种类", "产量_吨", "年份"], ["海带", 12.5, 2023.10], ["海带", 3, "2023-11"])
    _, problems = gate(path, Kind.HARVESTS)
    found = next(one for one in problems if one.code == "date")
    assert (found.severity, found.row, found.column) == (Severity.ERROR, 2, "年份")
    assert "October" in found.message
    assert "2024-03" in found.fix


def test_a_formula_gives_its_last_value_and_is_said(tmp_path):
    path = tmp_path / "formula.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, SITE[:5])
        sheet.write_row(1, 0, ["a", "b", "mangrove", 121.2])
        sheet.write_formula(1, 4, "=28+0.35", None, 28.35)
    rows, problems = gate(path)
    assert rows.table["lat"].tolist() == [28.35]
    assert verdict_of(problems) is Verdict.WARN
    assert "formula_values" in codes(problems)


def test_a_formula_without_a_value_is_refused(book):
    parsed = read(book(SITE[:5], ["a", "b", "mangrove", 121.2, "=28+0.35"]))
    found = [one for one in parsed.problems if one.code == "formula_without_value"]
    assert (found[0].severity, found[0].row, found[0].column) == (Severity.ERROR, 2, "E")


def test_rows_above_the_header_and_merged_headers_are_understood(book):
    def merge(_, sheet):
        sheet.merge_cells("A1:E1")
        sheet.merge_cells("D2:E2")
        for letter in "ABC":
            sheet.merge_cells(f"{letter}2:{letter}3")

    path = book(
        ["2024 年调查表"], ["编号", "名称", "生态系统", "面积"], [None, None, None, "公顷", "亩"],
        ["a", "某湾", "盐沼", 10, 150], more=merge,
    )  # fmt: skip
    parsed = read(path, Kind.HABITATS)
    assert list(parsed.table.columns) == ["编号", "名称", "生态系统", "面积_公顷", "面积_亩"]
    assert parsed.row_numbers == [4]
    assert "rows_above_header" in codes(parsed.problems)


def test_a_merged_value_holds_for_each_of_its_rows_and_hidden_rows_are_counted(book):
    def change(_, sheet):
        sheet.merge_cells("C2:C3")
        sheet.row_dimensions[3].hidden = True

    path = book(
        SITE[:5], ["a", "x", "盐沼", 121.2, 28.3], ["b", "y", None, 121.2, 28.3], more=change
    )
    rows, problems = gate(path)
    assert rows.table["ecosystem"].tolist() == ["salt_marsh", "salt_marsh"]
    assert {"cells_merged", "rows_hidden"} <= codes(problems)
    assert next(one.count for one in problems if one.code == "rows_hidden") == 1


def test_an_amount_merged_over_rows_is_refused_and_never_multiplied(book):
    """150 mu of three sites together are not 10 ha of each."""
    path = book(
        [*SITE[:5], "面积_亩"], ["a", "x", "盐沼", 121.2, 28.3, 150],
        ["b", "y", "盐沼", 121.3, 28.3], ["c", "z", "盐沼", 121.4, 28.3],
        more=lambda _, sheet: sheet.merge_cells("F2:F4"),
    )  # fmt: skip
    rows, problems = gate(path)
    found = [one for one in problems if one.code == "amount_merged"]
    assert [(one.severity, one.row, one.column) for one in found] == [
        (Severity.ERROR, 2, "面积_亩")
    ]
    assert "rows 2 to 4" in found[0].message
    assert rows.table["area_ha"].isna().all()


def test_merged_ids_dates_and_places_hold_for_each_row_and_unknown_numbers_for_none(book):
    def merge(_, sheet):
        for letter in "ADEFG":
            sheet.merge_cells(f"{letter}2:{letter}3")

    path = book(
        ["site_id", "name", "ecosystem", "lon", "lat", "date", "株数"],
        [330382, "x", "盐沼", 121.2, 28.3, datetime(2024, 3, 9), 900], [None, "y", "红树林"],
        more=merge,
    )  # fmt: skip
    parsed = read(path)
    assert parsed.table["site_id"].tolist() == [330382, 330382]
    assert parsed.table["date"].tolist() == ["2024-03-09"] * 2
    assert parsed.table["lat"].tolist() == [28.3, 28.3]
    assert parsed.table["株数"].isna().all()
    found = next(one for one in parsed.problems if one.code == "amount_merged")
    assert (found.severity, found.column) == (Severity.WARNING, "株数")


def test_a_first_row_of_words_alone_is_no_second_row_of_the_header(book):
    path = book(
        ["站位", None, "名称", "生态系统"],
        ["甲", "乙", "某湾", "盐沼"], ["丙", "丁", "某岛", "红树林"],
        more=lambda _, sheet: sheet.merge_cells("A1:B1"),
    )  # fmt: skip
    parsed = read(path, Kind.HABITATS)
    assert parsed.row_numbers == [2, 3]
    assert parsed.table["名称"].tolist() == ["某湾", "某岛"]


def test_a_second_row_of_the_header_stands_under_merged_names_alone(book):
    path = book(
        ["编号", "名称", "生态系统", "面积"], [None, None, None, "公顷", "亩"],
        ["a", "某湾", "盐沼", 10, 150], more=lambda _, sheet: sheet.merge_cells("D1:E1"),
    )  # fmt: skip
    parsed = read(path, Kind.HABITATS)
    assert list(parsed.table.columns) == ["编号", "名称", "生态系统", "面积_公顷", "面积_亩"]
    assert parsed.row_numbers == [3]


def test_the_sheet_with_the_known_columns_is_read_and_another_can_be_chosen(book):
    def more(made, _):
        second = made.create_sheet("站点")
        second.append(SITE[:5])
        second.append(["a", "x", "盐沼", 121.2, 28.3])

    path = book(["anything"], ["else"], title="notes", more=more)
    assert read(path).table["site_id"].tolist() == ["a"]
    assert read(path).layers == ("notes", "站点")
    assert read(path, layer="notes").table["anything"].tolist() == ["else"]
    assert codes(read(path, layer="absent").problems) == {"layer_missing"}


def test_an_error_in_a_cell_is_no_text(book):
    parsed = read(book(SITE[:5], ["a", "#N/A", "mangrove", 121.2, 28.3]))
    assert "cell_error" in codes(parsed.problems)


def test_a_file_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"hello")
    assert codes(read(path).problems) == {"damaged"}
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("xl/workbook.xml", "<a/>")
    assert codes(read(path).problems) == {"damaged"}


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path):
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b"0" * 20_000_000)
    assert codes(read(path).problems) == {"archive"}


def test_an_entity_in_the_xml_is_never_resolved(tmp_path, book):
    path = book(SITE[:5], ["a", "x", "盐沼", 121.2, 28.3])
    bomb = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    target = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = bomb.encode() + content.replace(b"<v>121.2</v>", b"<v>&x;</v>")
            new.writestr(name, content)
    parsed = read(target)
    assert codes(parsed.problems) == {"damaged"}
    assert parsed.table.empty


@pytest.mark.parametrize("kind", FORMATS)
def test_every_heading_of_a_template_is_recognised_as_its_column(kind):
    for column in columns_of(kind):
        assert matches(column.wanted, column.label) is not None, column.label
        assert is_known(kind, column.wanted.name)
        assert column.note_zh
        assert column.note_en


ONE_MORE = {
    Kind.SITES: {"site_id": "00123", "ecosystem": "盐沼", "lon": 121.3, "lat": 28.4,
                 "observed_on": date(2024, 5, 1)},
    Kind.CORES: {"core_id": "c1", "depth_min_cm": 0, "depth_max_cm": 10},
    Kind.PROJECTS: {"project_id": "p1", "zone_id": "330000", "indicator": "新增红树林",
                    "unit": "亩", "planned": 15, "reported_on": "2024"},
    Kind.TRANSACTIONS: {"transaction_id": "t1", "kind": "交易", "t_co2e": 0.1,
                        "traded_on": date(2024, 5, 1)},
    Kind.HARVESTS: {"species": "海带", "wet_t": 12.5, "harvested_on": "2023"},
}  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if "xlsx" in FORMATS[kind]])
def test_a_workbook_template_with_one_more_row_is_accepted(tmp_path, kind):
    path = tmp_path / "template.xlsx"
    path.write_bytes(template(kind, "xlsx"))
    made = openpyxl.load_workbook(path)
    names = [column.wanted.name for column in columns_of(kind)]
    for name, value in ONE_MORE[kind].items():
        made[SHEET].cell(3, names.index(name) + 1, value)
    made.save(path)
    rows, problems = gate(path, kind)
    assert verdict_of(problems) is Verdict.ACCEPT, problems
    assert "example_row" in codes(problems)
    assert len(rows.table) == 1
    validate(CONTRACTS[kind], rows.table)
    if kind is Kind.TRANSACTIONS:
        assert rows.table["t_co2e"].tolist() == [Decimal("0.1")]
    if kind is Kind.PROJECTS:
        assert rows.table["planned"].tolist() == [1.0]


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if "gpkg" in FORMATS[kind]])
def test_a_geopackage_template_holds_an_example_and_takes_a_row_more(tmp_path, kind):
    path = tmp_path / "template.gpkg"
    path.write_bytes(template(kind, "gpkg"))
    layer = gpd.read_file(path, engine="pyogrio")
    assert layer.crs == "EPSG:4490"
    assert layer[ID_OF[kind]].tolist() == [EXAMPLE]
    more = layer.copy()
    more[ID_OF[kind]] = "one more"
    both = pd.concat([layer, more], ignore_index=True)
    parsed = Parsed(
        table=pd.DataFrame(both.drop(columns="geometry")),
        row_numbers=[1, 2],
        geometry=np.array(both.geometry, dtype=object),
    )
    rows = rows_of(parsed, Options(kind=kind, source="t.gpkg", survey_id="S"))
    assert verdict_of(rows.problems) is Verdict.ACCEPT, rows.problems
    assert rows.table[ID_OF[kind]].tolist() == ["one more"]
    if kind is Kind.SITES:
        validate(CONTRACTS[kind], rows.table)
    else:
        stored = gpd.GeoDataFrame(rows.table, geometry=both.geometry[1:], crs="EPSG:4490")
        validate_layer(CONTRACTS[kind], stored, "EPSG:4490")


def test_the_choices_of_a_template_are_words_the_gate_takes(tmp_path):
    path = tmp_path / "template.xlsx"
    path.write_bytes(template(Kind.PROJECTS, "xlsx"))
    made = openpyxl.load_workbook(path)
    rules = made[SHEET].data_validations.dataValidation
    assert {str(rule.sqref)[0] for rule in rules} >= {"E", "F", "G"}
    assert made[SHEET]["E1"].comment.text
    assert made["词表 Lists"].sheet_state == "hidden"


def test_there_is_no_template_of_a_raster():
    with pytest.raises(ValueError, match="no template"):
        template(Kind.RASTER, "xlsx")
