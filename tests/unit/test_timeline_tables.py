"""InVEST's own tables: read as they are, and refused by line and column."""

import numpy as np
import pytest

from bluecarbon_map.accounting.timeline import Change
from bluecarbon_map.errors import ColumnError, DuplicateIdError, EmptyLayerError, InputError
from bluecarbon_map.reading.timeline import (
    read_biophysical,
    read_prices,
    read_snapshots,
    read_transitions,
)

HEADER = (
    "lucode,lulc-class,biomass-initial,soil-initial,litter-initial,biomass-half-life,"
    "biomass-low-impact-disturb,biomass-med-impact-disturb,biomass-high-impact-disturb,"
    "biomass-yearly-accumulation,soil-half-life,soil-low-impact-disturb,soil-med-impact-disturb,"
    "soil-high-impact-disturb,soil-yearly-accumulation,litter-yearly-accumulation\n"
)
MANGROVE = "1,mangrove,64,313,3,15,.5,.5,1,2,7.5,.3,.5,.66,5.35,1\n"
PARKING = "2,Parking Lot,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n"
TRANSITIONS = (
    "lulc-class,mangrove,parking lot\nmangrove,accum,high-impact-disturb\nparking lot,accum,NCC\n"
)


@pytest.fixture
def written(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "table.csv"
        path.write_text(text, encoding=encoding)
        return path

    return write


@pytest.fixture
def classes(tmp_path):
    path = tmp_path / "classes.csv"
    path.write_text(HEADER + MANGROVE + PARKING, encoding="utf-8")
    return read_biophysical(path).classes


def test_the_biophysical_table_is_read_pool_by_pool(written):
    table = read_biophysical(written(HEADER + MANGROVE + PARKING))
    classes = table.classes
    assert classes.name == ("mangrove", "parking lot")
    assert classes.code.tolist() == [1, 2]
    assert classes.initial_t_ha[:, 0].tolist() == [64, 313, 3]
    assert classes.accumulation_t_ha_yr[:, 0].tolist() == [2, 5.35, 1]
    assert classes.half_life_yr[:, 0].tolist() == [15, 7.5]
    assert classes.disturbed_share[:, :, 0].tolist() == [[0.5, 0.5, 1], [0.3, 0.5, 0.66]]
    assert table.unit is None
    assert table.notes == ()


def test_a_half_life_of_zero_under_a_disturbance_is_said(written):
    lasting = MANGROVE.replace(",15,", ",0,")
    (note,) = read_biophysical(written(HEADER + lasting)).notes
    assert note == "biomass-half-life is 0, so nothing of it is ever emitted: mangrove"


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_and_chinese_excel_are_read_too(written, separator):
    text = (HEADER + MANGROVE.replace("mangrove", "红树林")).replace(",", separator)
    assert read_biophysical(written(text, "gb18030")).classes.name == ("红树林",)


def test_a_column_of_the_unit_says_whether_carbon_or_carbon_dioxide_is_meant(written):
    def with_unit(one, other):
        lines = [HEADER, MANGROVE, PARKING]
        ends = ["unit", one, other]
        pairs = zip(lines, ends, strict=True)
        return written("".join(f"{line.rstrip()},{end}\n" for line, end in pairs))

    assert read_biophysical(with_unit("t CO2e/ha", "t CO2e/ha")).unit == "t CO2e/ha"
    with pytest.raises(InputError, match=r"'unit', rows 3: 't C/ha' is no unit of all rows"):
        read_biophysical(with_unit("t CO2e/ha", "t C/ha"))
    with pytest.raises(InputError, match=r"rows 2: 'Mt' is no unit"):
        read_biophysical(with_unit("Mt", "Mt"))


@pytest.mark.parametrize(
    ("text", "problem", "said"),
    [
        (HEADER, EmptyLayerError, "no row"),
        (HEADER.replace("soil-half-life", "half"), ColumnError, "no column soil-half-life"),
        (HEADER.replace("soil-initial", "biomass-initial"), ColumnError, "stands twice"),
        (MANGROVE.replace("64", "many"), InputError, "'biomass-initial', rows 2: 'many' is not"),
        (MANGROVE.replace("64", ""), InputError, "rows 2: the cell is empty"),
        (MANGROVE.replace("64", "-64"), InputError, "-64 cannot be. It has to be finite and >= 0"),
        (MANGROVE.replace("64", "inf"), InputError, "inf cannot be"),
        (MANGROVE.replace(".66", "66"), InputError, "'soil-high-impact-disturb'.* not per cent"),
        (MANGROVE.replace("1,m", "1.5,m", 1), InputError, "'1.5' is no code"),
        (MANGROVE.replace("mangrove", ""), InputError, "the class has no name"),
        (MANGROVE + MANGROVE, DuplicateIdError, "'lucode', rows 2, 3"),
        (MANGROVE + MANGROVE.replace("1,", "9,", 1), DuplicateIdError, "'lulc-class', rows 2, 3"),
        (MANGROVE.rstrip() + ",7\n", InputError, "rows 2: there are more cells than columns"),
        ('"', InputError, "it is no table"),
    ],
)
def test_a_biophysical_table_that_cannot_be_is_refused_by_line_and_column(
    written, text, problem, said
):
    whole = text if text.startswith(("lucode", '"')) else HEADER + text
    with pytest.raises(problem, match=said):
        read_biophysical(
            written(whole if whole.count("\n") != 1 or text == HEADER else whole + MANGROVE)
        )


def test_a_table_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_snapshots(tmp_path / "none.csv")
    (tmp_path / "b.csv").write_bytes(b"\xff\xff\xff\x00")
    with pytest.raises(InputError, match="not text"):
        read_snapshots(tmp_path / "b.csv")


def test_transitions_are_read_from_row_to_column(written, classes):
    change = read_transitions(written(TRANSITIONS), classes)
    wanted = [[Change.ACCUMULATES, Change.HIGH], [Change.ACCUMULATES, Change.NONE]]
    np.testing.assert_array_equal(change, wanted)


def test_an_empty_cell_is_kept_apart_from_a_row_that_is_missing(written, classes):
    change = read_transitions(written("lulc-class,mangrove,PARKING LOT\nMangrove,,NCC\n"), classes)
    np.testing.assert_array_equal(
        change, [[Change.EMPTY, Change.NONE], [Change.MISSING, Change.MISSING]]
    )


def test_the_legend_of_invests_own_table_is_no_transition(written, classes):
    legend = ",\n,legend\n,empty cells indicate that no transitions occur of that type\n"
    change = read_transitions(written(TRANSITIONS + legend), classes)
    assert (change != Change.MISSING).all()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TRANSITIONS.replace("NCC", "acum"), "'parking lot', rows 3: 'acum' says nothing"),
        (TRANSITIONS.replace("NCC", "disturb"), "say how much: low, med or high"),
        (TRANSITIONS.replace("\nparking", "\npond"), "'lulc-class', rows 3: pond lot is no class"),
        (TRANSITIONS.replace(",parking", ",pond"), "'pond lot', rows 2: pond lot is no class"),
        (TRANSITIONS + "mangrove,,\n", "rows 4: mangrove stands twice"),
        (TRANSITIONS + ",accum,\n", "rows 4: the row has no class"),
        (TRANSITIONS.replace("class,mangrove", "class,parking lot"), "column parking lot stands"),
    ],
)
def test_transitions_that_cannot_be_are_refused_by_line_and_column(written, classes, text, said):
    with pytest.raises(InputError, match=said):
        read_transitions(written(text), classes)


def test_snapshots_lie_beside_their_table(written):
    path = written("snapshot_year,raster_path\n2000,a.tif\n2010,maps/b.tif\n")
    first, second = read_snapshots(path)
    assert (first.year, first.path, first.line) == (2000, path.parent / "a.tif", 2)
    assert (second.year, second.path) == (2010, path.parent / "maps" / "b.tif")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("2010,a.tif\n2000,b.tif\n", "'snapshot_year', rows 3: 2000 comes after 2010"),
        ("2010,a.tif\n2010,b.tif\n", "rows 3: 2010 comes after 2010"),
        ("soon,a.tif\n", "rows 2: 'soon' is no year"),
        ("20100,a.tif\n", "20100 is no year"),
        ("2010,\n", "'raster_path', rows 2: no raster is named"),
    ],
)
def test_snapshots_that_cannot_be_are_refused_by_line(written, rows, said):
    with pytest.raises(InputError, match=said):
        read_snapshots(written("snapshot_year,raster_path\n" + rows))


def test_prices_are_put_in_the_order_of_the_years(written):
    prices = read_prices(written("year,price\n2002,7\n2000,5\n2001,6\n1999,1\n"), 2000, 2003, 0.04)
    assert prices.per_t.tolist() == [5, 6, 7]
    assert prices.discount == 0.04


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("2000,5\n2002,7\n", "'year': there is no price for 2001. Give one a year from 2000"),
        ("2000,5\n", "2001, 2002"),
        ("2000,5\n2000,5\n", "rows 3: 2000 stands twice"),
        ("2000,-5\n", "'price', rows 2: -5 cannot be"),
        ("2000,cheap\n", "'cheap' is not a number"),
    ],
)
def test_a_price_table_with_a_gap_or_a_price_that_cannot_be_is_refused(written, rows, said):
    with pytest.raises(InputError, match=said):
        read_prices(written("year,price\n" + rows), 2000, 2003, 0.0)


def test_many_missing_prices_are_counted(written):
    with pytest.raises(InputError, match="and 41 more years"):
        read_prices(written("year,price\n2000,5\n"), 2000, 2050, 0.0)
