import math

from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.reports import apportion


def test_three_thirds_of_a_hectare_print_as_one_hectare():
    assert apportion([1 / 3, 1 / 3, 1 / 3], 1) == [0.4, 0.3, 0.3]


def test_an_unknown_part_stays_unknown_and_is_no_zero():
    assert apportion([1.26, None, 2.0, math.nan], 1) == [1.3, None, 2.0, None]


def test_parts_that_need_no_rounding_are_left_alone():
    assert apportion([220.8, 91.5, 0.2], 1) == [220.8, 91.5, 0.2]


def test_nothing_known_stays_nothing_known():
    assert apportion([None, None], 1) == [None, None]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.integers(0, 3))
def test_printed_parts_add_up_to_the_printed_sum(values, digits):
    parts = apportion(values, digits)
    step = 10**-digits
    assert math.isclose(sum(parts), math.fsum(values), abs_tol=0.5 * step + 1e-6)
    assert round(sum(parts) / step) == round(math.fsum(p / step for p in parts))
    assert all(abs(part - value) < step + 1e-6 for part, value in zip(parts, values, strict=True))
