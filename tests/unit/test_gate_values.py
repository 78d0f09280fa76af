"""Numbers, dates, angles and texts of a file: only what is certain is taken."""

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.gate.angles import angle_of
from bluecarbon_map.gate.dates import Order, day_of, orders_of
from bluecarbon_map.gate.numbers import Marks, marks_of, number_of
from bluecarbon_map.gate.texts import as_text, clean

TODAY = date(2026, 1, 31)


def day(value, order=None, *, partial=False):
    return day_of(value, order, partial=partial, today=TODAY)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("386", "386"), (" 386 ", "386"), ("-8.72", "-8.72"), ("3.86E+02", "386"), (".5", "0.5"),
        ("1.234,5", "1234.5"), ("1,234.5", "1234.5"), ("-8,72", "-8.72"), ("1.234.567", "1234567"),
        ("0,125", "0.125"), (0.1, "0.1"), (386, "386"), (10**30 // 10**15, "1000000000000000"),
    ],
)  # fmt: skip
def test_a_true_number_is_read_exactly(written, value):
    assert number_of(written).value == Decimal(value)


@pytest.mark.parametrize(
    "written",
    ["1e999", "NaN", "inf", "-inf", "N/A", "-9999", "-999", "1_000", "0x1F", "１２", "٣٨٦", "386t",
     "386 t/ha", "1,234", "12,34,56", "--1", "1.2.3", True, float("inf")],
)  # fmt: skip
def test_what_is_no_number_says_why(written):
    read = number_of(written)
    assert read.value is None
    assert read.fault


@pytest.mark.parametrize("nothing", ["", "  ", None, float("nan")])
def test_an_empty_cell_is_unknown_and_no_fault(nothing):
    assert number_of(nothing).value is None
    assert number_of(nothing).fault is None


def test_one_rule_holds_for_the_commas_of_a_column():
    assert marks_of(["1,5", "1,234"]) is Marks.COMMA
    assert number_of("1,234", Marks.COMMA).value == Decimal("1.234")
    assert number_of("1,234", Marks.POINT).value == 1234
    assert marks_of(["1,5", "1,234.5"]) is None
    assert number_of("1.234", Marks.COMMA).fault
    assert number_of(1.234, Marks.COMMA).value == Decimal("1.234")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-9e8, max_value=9e8))
def test_a_number_comes_back_as_it_was_written(number):
    if number in {Decimal(-99), Decimal(-999), Decimal(-9999), Decimal(-99999), Decimal(-32768)}:
        return
    assert number_of(f"{number:f}").value == number
    assert number_of(f"{number:f}".replace(".", ","), Marks.COMMA).value == number


@given(st.text())
def test_no_text_makes_a_reader_fail(text):
    number_of(text)
    day(text)
    angle_of(text)
    clean(text)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2024-03-09", "2024-03-09"), ("2024/3/9", "2024-03-09"), ("2024年3月9日", "2024-03-09"),
        ("2024.03.09", "2024-03-09"), ("20240309", "2024-03-09"), (20240309, "2024-03-09"),
        ("2024-03-09T08:30:00Z", "2024-03-09"), ("2024-03-09 00:00:00", "2024-03-09"),
        (datetime(2024, 3, 9, 8), "2024-03-09"), ("05/05/2024", "2024-05-05"),
    ],
)  # fmt: skip
def test_a_date_becomes_iso(written, iso):
    assert day(written).value == iso


@pytest.mark.parametrize(
    "written",
    ["2024-02-30", "2024-13-01", "0001-01-01", "9999-12-31", "3024-03-09", "45360", 45360, "2024",
     "24-03-09", "March 2024", "2567-03-09", "1899-12-31", "2026-02-01", "2024-05"],
)  # fmt: skip
def test_what_is_no_day_says_why(written):
    assert day(written).value is None
    assert day(written).fault


def test_a_year_of_the_buddhist_era_is_named():
    assert "2024 of ours" in day("2567-03-09").fault


@pytest.mark.parametrize(
    ("written", "iso"),
    [("2018", "2018"), (2018, "2018"), ("2018年", "2018"), ("2018-5", "2018-05"),
     ("2018年5月", "2018-05"), ("2018/05", "2018-05")],
)  # fmt: skip
def test_part_of_a_date_stands_where_the_contract_allows_it(written, iso):
    assert day(written, partial=True).value == iso
    assert day(written).fault


@pytest.mark.parametrize(
    "written", ["2023.1", 2023.1, 2023.11, np.float64(2023.1), Decimal("2023.5"), 45360.5]
)
def test_october_never_becomes_january_because_a_number_lost_its_zero(written):
    assert day(written, partial=True).value is None
    assert day(written, partial=True).fault


@pytest.mark.parametrize(
    ("written", "iso"),
    [("2023.10", "2023-10"), ("2023.01", "2023-01"), ("2023.2", "2023-02"), (2023.0, "2023"),
     ("2023-1", "2023-01"), ("2023.1.5", "2023-01-05")],
)  # fmt: skip
def test_a_month_behind_a_point_is_read_where_it_can_only_be_that_one(written, iso):
    assert day(written, partial=True).value == iso


def test_one_row_settles_the_order_of_a_column():
    assert orders_of(["03/04/2024", "13/04/2024"]) == {Order.DMY}
    assert orders_of(["03/04/2024", "04/13/2024"]) == {Order.MDY}
    assert orders_of(["13/04/2024", "04/13/2024"]) == set()
    assert orders_of(["2024-01-02"]) is None
    assert day("03/04/2024", Order.DMY).value == "2024-04-03"
    assert day("03/04/2024", Order.MDY).value == "2024-03-04"
    assert day("03/04/2024").unclear


@given(st.dates(min_value=date(1900, 1, 1), max_value=TODAY))
def test_every_day_comes_back_in_every_spelling(one):
    for written in (f"{one:%Y-%m-%d}", f"{one.year}/{one.month}/{one.day}",
                    f"{one.year}年{one.month}月{one.day}日", f"{one:%Y%m%d}"):  # fmt: skip
        assert day(written).value == one.isoformat()
    assert day(f"{one:%d/%m/%Y}", Order.DMY).value == one.isoformat()
    assert day(f"{one:%m/%d/%Y}", Order.MDY).value == one.isoformat()


@given(
    st.integers(0, 179), st.integers(0, 59), st.integers(0, 59), st.sampled_from(["E", "W", "东经"])
)
def test_degrees_minutes_seconds_are_exact(degrees, minutes, seconds, side):
    angle = angle_of(f"{degrees}°{minutes}'{seconds}\"{side}")
    seconds_in_all = degrees * 3600 + minutes * 60 + seconds
    assert abs(angle.degrees) * 3600 == seconds_in_all
    assert (angle.degrees <= 0) == (side == "W" or seconds_in_all == 0)
    assert not angle.of_latitude


@pytest.mark.parametrize(
    ("written", "degrees"),
    [("28°21'00\"N", 28.35), ("东经121度12分", 121.2), ("28.35°N", 28.35),
     ("121°12.5′E", 121.20833333333333)],
)  # fmt: skip
def test_an_angle_is_read_in_the_usual_spellings(written, degrees):
    assert float(angle_of(written).degrees) == degrees


@pytest.mark.parametrize(
    "written", ["28°61'N", "28.5°30'N", "N28°S", "28°21'00\"X", "-28°N", "abc"]
)
def test_what_is_no_angle_is_not_guessed(written):
    assert angle_of(written) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (123.0, "123"), (9007199254740993, "9007199254740993"), ("00123", "00123"), ("1E5", "1E5"),
        (123456789012345678901234567890, "123456789012345678901234567890"), (float("nan"), None),
        (None, None), (1.5, "1.5"), (date(2024, 3, 9), "2024-03-09"), ([1, "a"], '[1, "a"]'),
        (datetime(2024, 3, 9), "2024-03-09"), (True, "true"),
    ],
)  # fmt: skip
def test_an_id_is_text_letter_by_letter(value, text):
    assert as_text(value) == text


@pytest.mark.parametrize(
    "text",
    ["=1+1", "\t=1+1", "\r=1+1", "<img src=x onerror=alert(1)>", "Plot\nA", "NA", "nan", "null",
     "%0A=1+1", "${x}", "＝1+1"],
)  # fmt: skip
def test_hostile_text_stays_as_it_is(text):
    assert clean(text) == (text, ())


@pytest.mark.parametrize(
    ("text", "stored", "said"),
    [
        ("Plot\0A", "PlotA", "null_byte"),
        ("site_\u202exslx", "site_xslx", "direction_override"),
        ("Ba\u00eda\u200b ", "Ba\u00eda", "invisible_character"),
        ("a\x07b", "ab", "control_character"),
        ("\ud800", "\ufffd", "broken_character"),
        ("B\u0430\u00eda", "B\u0430\u00eda", "mixed_script"),
    ],
)
def test_what_cannot_be_seen_goes_and_is_said(text, stored, said):
    assert clean(text) == (stored, (said,))


def test_two_spellings_of_one_name_become_one():
    assert clean("Bai\u0301a")[0] == clean("Ba\u00eda")[0] == "Ba\u00eda"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text):
    once = clean(text)[0]
    assert once is None or clean(once)[0] == once
