"""Stock, yearly flow and credit stay apart; so do schemes, dates and units."""

import math
from datetime import date

import pytest

from bluecarbon_map.accounting.ledgers import Amount, Ledger, total

DAY = date(2022, 12, 31)
STOCK = {"value": 100.0, "unit": "t CO2e", "ledger": Ledger.STOCK, "scheme": None, "as_of": DAY}
CREDIT = STOCK | {"ledger": Ledger.CREDIT, "scheme": "VM0033 v2.1"}
FLOW = STOCK | {"ledger": Ledger.FLOW, "unit": "t CO2e/yr"}


def test_amounts_of_one_kind_add_up():
    summed = Amount(**STOCK) + Amount(**STOCK | {"value": 20.0})
    assert summed == Amount(**STOCK | {"value": 120.0})
    assert total([Amount(**CREDIT)] * 3).value == 300.0


def test_an_unknown_amount_makes_the_sum_unknown():
    assert math.isnan((Amount(**STOCK) + Amount(**STOCK | {"value": math.nan})).value)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (STOCK, CREDIT, "ledgers stock and credit"),
        (STOCK, FLOW, "ledgers stock and yearly flow"),
        (FLOW, CREDIT, "ledgers yearly flow and credit"),
        (CREDIT, CREDIT | {"scheme": "CCER-14-002-V01"}, "schemes VM0033 v2.1 and CCER-14-002"),
        (CREDIT, CREDIT | {"as_of": date(2025, 12, 31)}, "dates 2022-12-31 and 2025-12-31"),
        (STOCK, STOCK | {"unit": "t C"}, "units t CO2e and t C"),
    ],
)
def test_amounts_of_two_kinds_are_never_added(one, other, said):
    for pair in ((one, other), (other, one)):
        with pytest.raises(ValueError, match="never added"):
            Amount(**pair[0]) + Amount(**pair[1])
    with pytest.raises(ValueError, match=said):
        total([Amount(**one), Amount(**other)])


def test_a_bare_number_is_no_amount():
    with pytest.raises(TypeError):
        Amount(**STOCK) + 5.0
    with pytest.raises(TypeError):
        sum([Amount(**STOCK)])


def test_a_sum_over_nothing_is_unknown_not_zero():
    with pytest.raises(ValueError, match="unknown, not zero"):
        total([])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (STOCK | {"unit": "t CO2e/yr"}, "a stock is in t C or t CO2e, not t CO2e/yr"),
        (FLOW | {"unit": "t CO2e"}, "a yearly flow is in t C/yr"),
        (CREDIT | {"unit": "t C"}, "a credit is in t CO2e, not t C"),
        (CREDIT | {"scheme": None}, "names the scheme"),
        (STOCK | {"value": math.inf}, "finite"),
    ],
)
def test_an_amount_that_cannot_be_is_refused(given, said):
    with pytest.raises(ValueError, match=said):
        Amount(**given)
