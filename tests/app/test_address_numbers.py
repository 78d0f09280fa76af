"""Numbers of an address: read strictly, written whole; and numbers of a table in figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import address_numbers, numbers


@given(st.decimals(0, 1_000_000, places=9).map(float))
def test_a_number_is_read_as_it_was_written(value: float):
    assert address_numbers.known(address_numbers.written(value), 1_000_000) == value


@pytest.mark.parametrize("text", ["", "-1", "+1", "1e1", ".5", "5.", "nan", "inf", "٣", "1 ", "11"])
def test_whatever_is_no_plain_number_within_the_limits_is_none(text: str):
    assert address_numbers.known(text, 10) is None


@pytest.mark.parametrize(
    ("text", "is_outside"),
    [("-1", True), ("11", True), ("1e999", True), ("10", False), ("nan", False), ("<b>", False),
     ("٣٣", False)],
)  # fmt: skip
def test_only_a_number_lies_outside(text: str, is_outside: bool):
    assert address_numbers.outside(text, 10) is is_outside


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1_089_861.4, "1,089,861"),
        (668_461.26, "668,461"),
        (13_476.04, "13,476"),
        (0.7251234, "0.725123"),
        (999_999.6, "1,000,000"),
        (116.35, "116.35"),
        (0.00001234567, "0.0000123457"),
        (-2.5, "-2.5"),
        (0.0, "0"),
        (-0.0, "0"),
        (12.0, "12"),
        (1200, "1,200"),
    ],
)
def test_a_number_of_a_table_has_no_exponent(value: float, said: str):
    assert numbers.compact(value) == said
