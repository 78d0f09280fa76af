"""Published numbers that cannot be, and good ones that must pass."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.accounting import plausibility
from bluecarbon_map.accounting.plausibility import Rule

NAN = math.nan


def rules(found):
    return [one.rule for one in found]


def test_a_bay_that_gained_88_t_a_hectare_and_year_is_flagged_even_as_co2():
    """Wang S. et al. 2022: +1,324.12 t/ha in 15 years, 4,761.3 × 10⁸ yuan for 0.543 × 10⁸ t."""
    assert rules(plausibility.gain(1324.12, 15)) == [Rule.GAIN]
    as_co2 = next(plausibility.gain(1324.12 * 12 / 44, 15))
    assert as_co2.value == pytest.approx(24.07, abs=0.01)
    found = next(plausibility.price(4761.3e8, 0.543e8))
    assert found.rule is Rule.PRICE
    assert found.value == pytest.approx(8768, abs=1)


def test_a_bay_that_holds_more_than_the_nation_is_flagged_as_c_and_as_co2():
    """Sui Y. et al. 2019: 3.49 × 10⁸ t in Jiaozhou Bay; all China holds 1.18 × 10⁸ t C."""
    assert rules(plausibility.province(3.49e8)) == [Rule.NATION_STOCK]
    assert rules(plausibility.province(3.49e8 * 12 / 44)) == [Rule.NATION_STOCK]


def test_zhejiang_passes():
    assert rules(plausibility.province(36_359.0, 500.0)) == []


def test_burial_of_the_nation_by_one_place_is_flagged():
    assert rules(plausibility.province(1e6, 0.97e6)) == [Rule.NATION_BURIAL]


@pytest.mark.parametrize(
    ("found", "rule"),
    [
        (plausibility.density(2000.1), Rule.DENSITY),
        (plausibility.density(-0.1), Rule.DENSITY),
        (plausibility.burial(10.1), Rule.BURIAL),
        (plausibility.price(0.5, 1.0), Rule.PRICE),
        (plausibility.stock_and_flux(7.0, 1.0), Rule.STOCK_FLUX),
        (plausibility.share(45.1), Rule.SHARE),
        (plausibility.share(-0.1), Rule.SHARE),
        (plausibility.carbon_or_co2(133_318.0, 36_359.0), Rule.CARBON),
        (plausibility.carbon_or_co2(36_359.0, 133_318.0), Rule.CARBON),
        (plausibility.depth(40.0, 100.0), Rule.DEPTH),
        (plausibility.place(30.0, 121.0, (118.0, 27.0, 123.5, 31.5)), Rule.PLACE),
    ],
)
def test_each_rule_catches_what_it_is_for(found, rule):
    assert set(rules(found)) == {rule}


@pytest.mark.parametrize(
    "found",
    [
        plausibility.density(1490.5),
        plausibility.burial(9.55),
        plausibility.gain(100.0, 10.0),
        plausibility.price(485.0, 1.0),
        plausibility.stock_and_flux(61.0, 1.0),
        plausibility.share(0.451),
        plausibility.carbon_or_co2(36_000.0, 36_359.0),
        plausibility.depth(100.0, 100.0),
        plausibility.place(121.2, 28.3, (118.0, 27.0, 123.5, 31.5)),
        plausibility.density(NAN),
        plausibility.burial(NAN),
        plausibility.province(NAN),
        plausibility.share(NAN),
        plausibility.price(NAN, 1.0),
        plausibility.stock_and_flux(NAN, 1.0),
        plausibility.carbon_or_co2(NAN, 1.0),
    ],
)
def test_real_and_unknown_numbers_break_no_rule(found):
    assert rules(found) == []


def test_a_price_without_tonnes_and_a_gain_without_years_are_refused():
    with pytest.raises(ValueError, match="above 0"):
        list(plausibility.price(1.0, 0.0))
    with pytest.raises(ValueError, match="above 0"):
        list(plausibility.gain(1.0, 0.0))


@given(st.floats(-1e4, 1e4))
def test_a_finding_speaks_both_languages_and_names_its_limit(value):
    for found in plausibility.density(value):
        assert found.zh
        assert found.en
        assert found.value == value
        assert not 0 <= found.value <= found.limit
