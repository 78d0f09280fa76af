import math

import numpy as np
import pytest

from bluecarbon_map import units


def test_the_mean_stock_of_zhejiangs_mangrove_comes_to_133318_t_of_co2():
    carbon_t_c = 312.5 * 116.35
    assert carbon_t_c == pytest.approx(36_359.375)
    assert round(units.co2e_from_c(carbon_t_c)) == 133_318


def test_twelve_tonnes_of_carbon_are_forty_four_of_carbon_dioxide():
    assert units.co2e_from_c(12.0) == 44.0
    assert units.c_from_co2e(44.0) == pytest.approx(12.0, rel=1e-15)


def test_1400_mu_are_93_and_a_third_hectares():
    assert units.ha_from_mu(1400.0) == pytest.approx(93.0 + 1 / 3)


@pytest.mark.parametrize(
    ("convert", "amount", "result"),
    [
        (units.ha_from_m2, 10_000.0, 1.0),
        (units.ha_from_km2, 1.0, 100.0),
        (units.km_from_m, 2840.0, 2.84),
        (units.t_ha_from_g_m2, 100.0, 1.0),
    ],
)
def test_a_unit_becomes_another_one(convert, amount, result):
    assert convert(amount) == result
    assert convert(np.array([amount, 2 * amount])).tolist() == [result, 2 * result]


def test_what_is_unknown_in_one_unit_is_unknown_in_the_other():
    assert math.isnan(units.co2e_from_c(math.nan))
    assert np.isnan(units.ha_from_m2(np.array([np.nan]))).all()
