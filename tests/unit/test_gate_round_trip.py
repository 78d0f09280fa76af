"""What leaves harmless comes back as it was."""

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.export import tabular
from bluecarbon_map.export.inert import inert, original
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.parsers.text import read_text
from tests.unit.test_gate_text_files import BAD

OPTIONS = Options(kind=Kind.SITES, source="x.csv")


@given(st.text() | st.text(st.sampled_from("'=+-@\t＝a")))
def test_a_text_made_harmless_comes_back_letter_by_letter(text):
    safe = inert(text)
    assert original(safe) == text
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("name", ["formula", "formula_header"])
def test_a_file_of_formulas_goes_out_harmless_and_comes_back_the_same(tmp_path, name):
    table = read_text(BAD / f"{name}.csv", OPTIONS).table
    path = tmp_path / "out.csv"
    tabular.write_csv(table.astype("str"), path)
    raw = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    cells = [*raw.columns, *raw.to_numpy().ravel()]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for cell in cells)
    back = read_text(path, OPTIONS)
    assert back.table.equals(table)
    assert list(back.table.columns) == list(table.columns)


@pytest.mark.parametrize("name", ["formula", "formula_header"])
def test_a_workbook_of_formulas_holds_text_cells_only(tmp_path, name):
    table = read_text(BAD / f"{name}.csv", OPTIONS).table
    path = tmp_path / "out.xlsx"
    tabular.write_xlsx({"rows": table}, path)
    sheet = openpyxl.load_workbook(path)["rows"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
