"""Core files in, one row a core out; what is wrong is named with its line."""

import pandas as pd
import pytest

from bluecarbon_map.errors import ColumnError, EmptyLayerError, FactorError, InputError
from bluecarbon_map.reading.cores import read_depthseries
from bluecarbon_map.reports.cores import cores, cores_bundle, regression, regression_words

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
        (
            HEADER + GOOD + "C,9,0,10,950,0.01\n",
            InputError,
            "'dry_bulk_density', rows 6: 950 lies outside 0 to 2.65 g/cm³. .*not kg/m³",
        ),
        (HEADER + "A,1,0,10,-1,0.01\n", InputError, "rows 2: -1 lies outside 0 to 2.65"),
        (HEADER + "A,1,0,10,0,0.01\n", InputError, "rows 2: 0 lies outside 0 to 2.65"),
        (
            HEADER + GOOD + "C,9,0,10,1,1.24\n",
            InputError,
            "'fraction_carbon', rows 6: 1.24 lies outside 0 to 1 g/g. .*not per cent",
        ),
        (HEADER + "A,1,0,10,1,-0.1\n", InputError, "'fraction_carbon', rows 2: -0.1 lies"),
        (
            HEADER + GOOD + "C,9,10,10,1,0.1\n",
            InputError,
            "'depth_max', rows 6: a slice from 10 to 10 cm. Give its upper depth",
        ),
        (HEADER + "A,1,-1,10,1,0.1\n", InputError, "rows 2: a slice from -1 to 10 cm"),
    ],
)
def test_what_cannot_be_read_is_named_with_line_and_column(written, text, problem, said):
    with pytest.raises(problem, match=said):
        read_depthseries(written(text))


def test_slices_that_overlap_name_the_core_and_its_lines(written):
    slices = read_depthseries(written(HEADER + GOOD + "C,9,0,10,1,0.01\nC,9,5,15,1,0.01\n"))
    with pytest.raises(InputError, match=r"core C 9, rows 6, 7: .*overlap.*Correct these lines"):
        cores(slices, 100)


def test_a_depth_that_is_none_is_refused(written):
    with pytest.raises(InputError, match="no depth"):
        cores(read_depthseries(written(HEADER + GOOD)), -5)


LOI_HEADER = HEADER.rstrip() + ",fraction_organic_matter\n"
LOI_PAIRS = "".join(
    f"P,{i},0,10,1,{0.004 * i + 0.001 * (-1) ** i:.4f},{i / 100}\n" for i in range(1, 11)
)
"""Ten slices with both contents: 0.4 × LOI, 0.1 % above and below in turn."""


def test_without_the_option_loss_on_ignition_changes_nothing(written):
    text = LOI_HEADER + LOI_PAIRS + "C,1,0,50,1,,0.05\nC,1,50,100,1,,0.05\n"
    table = cores(read_depthseries(written(text)), 10)
    assert regression(read_depthseries(written(text)), "none") is None
    assert table["slices_loi"].sum() == 0
    assert table["density_se_t_c_ha"].isna().all()
    assert (table["carbon_from"].iloc[:-1] == "measured").all()
    assert pd.isna(table["carbon_from"].iloc[-1])
    assert "no organic carbon" in table["refused_because"].iloc[-1]


def test_a_fit_on_the_same_file_fills_in_and_the_row_says_so(written):
    text = LOI_HEADER + LOI_PAIRS + "C,1,0,50,1,0.03,\nC,1,50,100,1,,0.055\nC,2,0,100,1,,0.2\n"
    slices = read_depthseries(written(text))
    line = regression(slices, "fit")
    assert "n = 10" in regression_words(line)
    assert "LOI 0.01 to 0.1 g/g" in regression_words(line)
    row, outside = cores(slices, 100, by_loi=line).iloc[-2:].to_dict("records")
    assert row["density_t_c_ha"] == pytest.approx(5_000 * (0.03 + 0.022))
    se = 5_000 * line.residual_se * (1 + 1 / 10) ** 0.5
    assert row["density_se_t_c_ha"] == pytest.approx(se, abs=1e-6)
    assert (row["se_holds"], row["carbon_from"]) == ("LOI regression", "measured; LOI fit")
    assert (row["slices_measured"], row["slices_loi"]) == (1, 1)
    assert "no organic carbon" in outside["refused_because"]
    assert "1 slices lie outside" in outside["refused_because"]
    assert outside["slices_loi_refused"] == 1


def test_a_fit_on_too_few_slices_says_how_many_there_are_and_where(written):
    text = LOI_HEADER + "A,1,0,10,1,0.02,0.05\nA,1,10,20,1,0.01,0.04\n"
    with pytest.raises(InputError, match=r"rows 2, 3: 2 slices have both .*needs 10.*leave --loi"):
        regression(read_depthseries(written(text)), "fit")


def test_an_equation_of_the_literature_leaves_the_error_unknown_and_says_so(written):
    slices = read_depthseries(written(LOI_HEADER + "A,1,0,100,1,,0.10\n"))
    with pytest.raises(FactorError, match="never checked"):
        regression(slices, "marsh")
    equation = regression(slices, "marsh", accept_unverified=True)
    (row,) = cores(slices, 100, by_loi=equation).to_dict("records")
    assert row["density_t_c_ha"] == pytest.approx(425.0)
    assert pd.isna(row["density_se_t_c_ha"])
    assert row["se_holds"].startswith("unknown")
    assert row["carbon_from"] == "LOI equation (marsh, unverified)"
    bundle = cores_bundle(pd.DataFrame([row]), "mine.csv", regression_words(equation))
    assert "from memory, unverified, error unknown" in bundle.notes[1]


def test_loss_on_ignition_in_per_cent_names_its_lines_and_only_where_it_is_used(written):
    slices = read_depthseries(written(LOI_HEADER + "A,1,0,100,1,,10\n"))
    equation = regression(slices, "marsh", accept_unverified=True)
    with pytest.raises(InputError, match=r"'fraction_organic_matter', rows 2: 10 lies .*not per"):
        cores(slices, 100, by_loi=equation)
    assert cores(slices, 100)["refused_because"].tolist() == ["no organic carbon in any slice"]


SAMPLER = HEADER.rstrip() + ",sampler_cm,inside_cm,outside_cm\n"


def test_a_described_sampler_puts_depth_and_bulk_density_back_together(written):
    """(200 − 36) / (200 − 20) = 0.9111: 82 cm in the tube were 90 cm in the ground."""
    slices = read_depthseries(written(SAMPLER + "A,1,0,82,1,0.01,200,36,20\nB,1,0,90,1,0.01,,,\n"))
    squeezed, plain = cores(slices, 90).to_dict("records")
    assert squeezed["compaction_factor"] == pytest.approx(164 / 180, abs=1e-6)
    assert squeezed["reaches_cm"] == pytest.approx(90.0)
    assert squeezed["density_t_c_ha"] == pytest.approx(82.0)
    assert (plain["density_t_c_ha"], pd.isna(plain["compaction_factor"])) == (90.0, True)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "A,1,0,10,1,0.01,200,36,20\nA,1,10,20,1,0.01,200,36,25\n",
            "rows 2, 3: .*the same in each",
        ),
        ("A,1,0,10,1,0.01,200,36,20\nA,1,10,20,1,0.01,,,\n", "rows 2, 3: .*the same in each"),
        ("A,1,0,10,1,0.01,200,,20\n", "rows 2: .*the same in each"),
        ("A,1,0,10,1,0.01,200,20,36\n", "rows 2: 0 <= outside <= inside < length"),
        ("A,1,0,10,1,0.01,two metres,36,20\n", "'sampler_cm', rows 2: 'two metres' is not a"),
    ],
)
def test_a_sampler_that_cannot_be_is_named_with_core_and_lines(written, rows, said):
    with pytest.raises(InputError, match=said):
        cores(read_depthseries(written(SAMPLER + rows)), 10)


def test_a_sampler_described_by_half_is_refused(written):
    with pytest.raises(ColumnError, match=r"needs sampler_cm.*only sampler_cm, inside_cm\. Give"):
        read_depthseries(
            written(HEADER.rstrip() + ",sampler_cm,inside_cm\nA,1,0,10,1,0.01,200,36\n")
        )


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


@pytest.mark.shared
def test_77_chinese_cores_hold_a_stock_and_17_of_zhejiang_are_refused_by_name(shared):
    folder = shared / "data" / "cores"
    slices = read_depthseries(folder / "ccn_china_depthseries.csv")
    published = pd.read_csv(folder / "ccn_china_cores.csv").set_index(["study_id", "core_id"])
    own = [
        cores(part, float(part["depth_max"].max()))
        for _, part in slices.groupby(["study_id", "core_id"])
    ]
    table = pd.concat(own).set_index(["study_id", "core_id"])
    stocks = published["stock_sampled_tC_ha"].dropna()
    some = table[table["reaches_cm"] > 0]
    assert set(some.index) == set(stocks.index)
    assert len(some) == 77
    whole = some[some["coverage"] == 1.0]
    assert len(whole) == 64
    assert whole["density_t_c_ha"].to_numpy() == pytest.approx(stocks[whole.index], abs=0.006)
    refused = table[table["refused_because"] == "no bulk density in any slice"]
    assert refused["density_t_c_ha"].isna().all()
    zhejiang = published[published["province"] == "浙江省"].index
    named = refused.loc[refused.index.isin(zhejiang)].reset_index()
    assert len(named) == 17
    assert set(named["study_id"]) == {"Yuan_et_al_2017", "Loh_et_al_2018"}


@pytest.mark.shared
def test_no_chinese_slice_has_both_contents_so_a_fit_is_refused_and_an_equation_fills_in(shared):
    slices = read_depthseries(shared / "data" / "cores" / "ccn_china_depthseries.csv")
    with pytest.raises(InputError, match="0 slices have both"):
        regression(slices, "fit")
    equation = regression(slices, "mangrove", accept_unverified=True)
    plain, filled = cores(slices, 20), cores(slices, 20, by_loi=equation)
    by_loi = filled["slices_loi"] > 0
    assert by_loi.sum() == 5
    assert plain.loc[by_loi, "density_t_c_ha"].isna().all()
    assert filled.loc[~by_loi, "density_t_c_ha"].equals(plain.loc[~by_loi, "density_t_c_ha"])
