"""Core files in, one row a core out; what is wrong is named with its line."""

import pandas as pd
import pytest

from bluecarbon_map.errors import ColumnError, EmptyLayerError, InputError
from bluecarbon_map.reading.cores import read_depthseries
from bluecarbon_map.reports.cores import cores

HEADER = "study_id,core_id,depth_min,depth_max,dry_bulk_density,fraction_carbon\n"
GOOD = "A,1,0,50,1,0.01\nA,1,50,100,1,0.02\nB,1,0,40,1,0.01\nB,2,0,100,,0.01\n"


@pytest.fixture
def written(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "cores.csv"
        path.write_text(text, encoding=encoding)
        return path

    return write


def test_each_core_is_a_row_and_a_refused_one_has_a_reason_and_no_density(written):
    table = cores(read_depthseries(written(HEADER + GOOD)), 100)
    assert table["core_id"].tolist() == ["1", "1", "2"]
    assert table["density_t_c_ha"].iloc[0] == 150.0
    assert table["density_t_c_ha"].iloc[1:].isna().all()
    assert table["refused_because"].isna().tolist() == [True, False, False]
    assert "no bulk density" in table["refused_because"].iloc[2]


def test_an_empty_cell_is_not_measured_and_never_zero(written):
    table = read_depthseries(written(HEADER + GOOD))
    assert pd.isna(table.loc[5, "dry_bulk_density"])
    assert table["fraction_organic_matter"].isna().all()


def test_a_file_of_chinese_excel_is_read_too(written):
    text = "备注," + HEADER + "".join(f"样,{line}\n" for line in GOOD.splitlines())
    assert len(read_depthseries(written(text, "gb18030"))) == 4


@pytest.mark.parametrize(
    ("text", "problem", "said"),
    [
        ("study_id,core_id\nA,1\n", ColumnError, "depth_min, depth_max, dry_bulk_density"),
        (HEADER, EmptyLayerError, "no row"),
        (HEADER + "A,1,0,10,heavy,0.01\n", InputError, "rows 2: 'heavy' is not a number"),
        (HEADER + "A,1,0,10,inf,0.01\n", InputError, "'inf' is not a number"),
        (HEADER + "A,1,,10,1,0.01\n", InputError, "rows 2: a slice without its depth"),
        (HEADER + ",1,0,10,1,0.01\n", InputError, "belongs to no core"),
    ],
)
def test_what_cannot_be_read_is_named_with_line_and_column(written, text, problem, said):
    with pytest.raises(problem, match=said):
        read_depthseries(written(text))


def test_a_wrong_unit_names_the_core_and_its_lines(written):
    slices = read_depthseries(written(HEADER + GOOD + "C,9,0,10,950,0.01\n"))
    with pytest.raises(InputError, match=r"core C 9, rows 6: .*kg/m³"):
        cores(slices, 100)


def test_a_depth_that_is_none_is_refused(written):
    with pytest.raises(InputError, match="no depth"):
        cores(read_depthseries(written(HEADER + GOOD)), -5)


@pytest.mark.shared
def test_the_chinese_cores_of_the_network_give_what_can_be_given(shared):
    slices = read_depthseries(shared / "data" / "cores" / "ccn_china_depthseries.csv")
    table = cores(slices, 40).set_index("core_id")
    assert len(table) == 269
    assert table.loc["Yueqing Bay 2", "density_t_c_ha"] == pytest.approx(27.578, abs=0.005)
    metre = cores(slices, 100).set_index("core_id")
    assert metre.loc["M0480", "density_t_c_ha"] == pytest.approx(161.868, abs=0.005)
    assert pd.isna(metre.loc["M0084", "density_t_c_ha"])
    assert pd.isna(metre.loc["Yueqing Bay 2", "density_t_c_ha"])
    carried = cores(slices, 100, extrapolate=True).set_index("core_id")
    assert carried.loc["Yueqing Bay 2", "extrapolated"]
    assert carried.loc["Yueqing Bay 2", "density_se_t_c_ha"] > 0
