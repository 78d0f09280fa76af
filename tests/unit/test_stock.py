"""Stock, sequestration and their intervals, by hand."""

import math

import numpy as np
import pytest

from bluecarbon_map.accounting.stock import (
    biomass_t_c_ha,
    sequestration_t_c_yr,
    stock_t_c,
    stratified,
)
from bluecarbon_map.accounting.uncertainty import combine, half_width_of_sum, kind_of
from bluecarbon_map.errors import FactorError
from bluecarbon_map.units import CO2_PER_C, co2e_from_c, t_ha_from_g_m2

NAN = math.nan


def total_of(area_ha, density, low, high, factor_id):
    """Sum and ends of parts with one pool each, in t C."""
    area = np.asarray(area_ha, dtype=float)
    sums = combine(
        factor_id, stock_t_c(area, density), *(area * np.asarray(end) for end in (low, high))
    )
    return float(sums.value[0]), float(sums.low[0]), float(sums.high[0])


def test_zhejiangs_mangroves_hold_what_the_survey_says():
    # 2022 provincial survey: 312.5 ha × 116.35 t C/ha
    (stock,) = stock_t_c([312.5], [116.35])
    assert stock == pytest.approx(36_359.375)
    assert round(stock) == 36_359
    assert round(co2e_from_c(float(stock))) == 133_318


def test_the_published_figure_comes_from_rounding_before_converting():
    assert round(3.64 * 3.67, 2) == 13.36
    assert round(co2e_from_c(36_359.375) / 10_000, 2) == 13.33


@pytest.mark.parametrize(
    ("area_ha", "total_t", "error_t", "per_ha", "error_per_ha"),
    [
        (444.99, 21_100, 6_200, 47.42, 13.93),  # salt marsh, Hebei pilot, MNR 2023-03-27
        (4_280.0, 43_000, 14_400, 10.05, 3.36),  # seagrass, Caofeidian, same
    ],
)
def test_a_published_total_comes_back_from_its_density(
    area_ha, total_t, error_t, per_ha, error_per_ha
):
    total, _, high = total_of(
        [area_ha], [per_ha], [per_ha - error_per_ha], [per_ha + error_per_ha], ["x"]
    )
    assert total == pytest.approx(total_t, rel=5e-4)
    assert high - total == pytest.approx(error_t, rel=2e-3)


def test_sea_water_uptake_of_the_east_china_sea():
    # Guo et al. 2015: 6.9 ± 4.0 mmol CO2/m2/d over 365 d, 12.011 g/mol
    g_m2_yr = 6.9 * 365 * 12.011 / 1000
    assert g_m2_yr == pytest.approx(30.25, abs=0.005)
    (uptake,) = sequestration_t_c_yr([1.0], [t_ha_from_g_m2(g_m2_yr)])
    assert uptake == pytest.approx(0.3025, abs=5e-5)
    assert uptake * CO2_PER_C == pytest.approx(1.109, abs=5e-4)


def test_grams_per_square_metre_become_tonnes_per_hectare():
    # Chongming increments, Yan, Ge & Zhang: g/m2/yr
    given = np.array([711.8, 646.2, 185.3, 65.6])
    assert t_ha_from_g_m2(given) == pytest.approx([7.118, 6.462, 1.853, 0.656])


def test_one_coefficient_is_wrong_the_same_way_everywhere():
    # 100 ha and 200 ha at 60 (50 to 75): low 5,000 + 10,000, high 7,500 + 15,000
    total = total_of([100, 200], [60, 60], [50, 50], [75, 75], ["a", "a"])
    assert total == (18_000, 15_000, 22_500)


def test_two_coefficients_are_wrong_apart():
    # below: 300 and 400 -> 500; above: 500 and 1,200 -> 1,300
    total = total_of([100, 100], [60, 80], [57, 76], [65, 92], ["a", "b"])
    assert total == pytest.approx((14_000, 13_500, 15_300))


def test_coefficients_are_first_added_each_for_itself():
    # a: 100 + 200 = 300 below, b: 400 below -> 500, in whatever order they stand
    total = combine(["a", "b", "a"], [1000, 1000, 1000], [900, 600, 800], [1000, 1000, 1000])
    assert total.low == pytest.approx([2_500])
    assert total.high == pytest.approx([3_000])


def test_carbon_without_an_interval_makes_the_sum_of_unknown_width():
    total = total_of([10, 10], [5, 5], [4, NAN], [6, NAN], ["a", "b"])
    assert total == pytest.approx((100, NAN, NAN), nan_ok=True)


def test_a_part_of_no_area_needs_no_interval():
    assert total_of([10, 0], [5, 5], [4, NAN], [6, NAN], ["a", "b"]) == (50, 40, 60)


def test_area_without_a_coefficient_is_counted_as_unknown_not_as_zero():
    assert total_of([10, 30], [5, NAN], [4, NAN], [6, NAN], ["a", ""]) == (50, 40, 60)


def test_a_total_of_nothing_known_is_unknown_not_zero():
    total = total_of([10, 30], [NAN, NAN], [NAN, NAN], [NAN, NAN], ["", ""])
    assert all(math.isnan(number) for number in total)


def test_groups_are_added_apart():
    sums = combine(
        ["a", "a", "b", "c", ""],
        [100, 50, 200, 10, NAN],
        [90, 45, 180, NAN, NAN],
        [110, 55, 220, NAN, NAN],
        [0, 1, 0, 2, 3],
        groups=4,
    )
    assert sums.value == pytest.approx([300, 50, 10, NAN], nan_ok=True)
    assert sums.low == pytest.approx([300 - math.hypot(10, 20), 45, NAN, NAN], nan_ok=True)
    assert sums.high == pytest.approx([300 + math.hypot(10, 20), 55, NAN, NAN], nan_ok=True)


def test_a_sum_over_nothing_is_an_error():
    with pytest.raises(ValueError, match="unknown, not zero"):
        combine([], [], [], [])
    with pytest.raises(ValueError, match="a group has nothing"):
        combine(["a"], [1], [1], [1], [0], groups=2)


@pytest.mark.parametrize(
    ("value", "low", "high", "message"),
    [
        ([-1.0], [-2.0], [0.0], ">= 0"),
        ([math.inf], [1.0], [2.0], "finite"),
        ([5.0], [6.0], [7.0], "hold its amount"),
        ([5.0], [3.0], [4.0], "hold its amount"),
        ([5.0], [-3.0], [6.0], "not below 0"),
        ([5.0], [3.0], [math.inf], "finite"),
        ([5.0], [3.0], [NAN], "both its ends"),
        ([NAN], [3.0], [4.0], "both its ends"),
        ([5.0, 6.0], [3.0], [7.0], "of one length"),
    ],
)
def test_terms_that_make_no_sense_are_refused(value, low, high, message):
    with pytest.raises(ValueError, match=message):
        combine(["a"] * len(value), value, low, high)


def test_groups_out_of_bounds_are_refused():
    with pytest.raises(ValueError, match="numbered 0 to 0"):
        combine(["a"], [1], [1], [1], [1])


@pytest.mark.parametrize("density_t_c_ha", [-0.1, 2_000.1, math.inf])
def test_an_unbelievable_density_is_refused(density_t_c_ha):
    with pytest.raises(FactorError, match="outside 0 to 2,000"):
        stock_t_c([1.0], [density_t_c_ha])


@pytest.mark.parametrize("rate_t_c_ha_yr", [-0.1, 10.1, 88.3])
def test_an_unbelievable_rate_is_refused(rate_t_c_ha_yr):
    # 88.3 t/ha/yr: gain of a published InVEST study (Wang S. et al. 2022)
    with pytest.raises(FactorError, match="outside 0 to 10"):
        sequestration_t_c_yr([1.0], [rate_t_c_ha_yr])


def test_the_highest_published_values_pass():
    assert stock_t_c([1.0], [1_490.5]) == 1_490.5
    assert sequestration_t_c_yr([1.0], [9.55]) == 9.55


@pytest.mark.parametrize("area_ha", [-1.0, NAN, math.inf])
def test_an_area_is_known_and_not_negative(area_ha):
    with pytest.raises(ValueError, match="area"):
        stock_t_c([area_ha], [1.0])


def test_areas_and_densities_must_match():
    with pytest.raises(ValueError, match="2 areas and 3 values"):
        stock_t_c([1.0, 2.0], [1.0, 2.0, 3.0])


def test_pools_may_vary_together():
    # Li'an Bay, Yang et al. 2022: plant ± 102.28, soil ± 2,923.75, published total ± 2,907.15
    errors = [102.28, 2923.75]
    assert half_width_of_sum(errors) == pytest.approx(2925.54, abs=0.005)
    rho = (2907.15**2 - 102.28**2 - 2923.75**2) / (2 * 102.28 * 2923.75)
    assert -1 < rho < 0
    assert half_width_of_sum(errors, [[1, rho], [rho, 1]]) == pytest.approx(2907.15)
    assert half_width_of_sum(errors, [[1, 1], [1, 1]]) == pytest.approx(sum(errors))


@pytest.mark.parametrize(
    "matrix",
    [
        [[1, 2], [2, 1]],
        [[1, 0.5], [0.2, 1]],
        [[2, 0], [0, 1]],
        [[1]],
    ],
)
def test_what_is_no_correlation_is_refused(matrix):
    with pytest.raises(ValueError, match="correlation"):
        half_width_of_sum([1, 2], matrix)


def test_correlations_that_contradict_each_other_are_refused():
    matrix = [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]
    with pytest.raises(ValueError, match="contradict"):
        half_width_of_sum([1, 2, 3], matrix)


def test_half_widths_must_be_there():
    with pytest.raises(ValueError, match="half-widths"):
        half_width_of_sum([])
    with pytest.raises(ValueError, match="half-widths"):
        half_width_of_sum([-1.0])


def test_a_combined_interval_names_every_kind_in_it():
    assert kind_of(["borrowed SD", "95% CI of the mean", "borrowed SD"]) == (
        "mixed: 95% CI of the mean; borrowed SD"
    )
    assert kind_of(["mixed: SD; range", "SE"]) == "mixed: SD; SE; range"
    assert kind_of(["mixed: SD; range", "range"]) == "mixed: SD; range"
    assert kind_of([None, "SD"]) == "SD"
    assert kind_of([None]) is None


def test_strata_add_up_and_their_errors_in_quadrature():
    """200 ha × (60 ± 3) and 100 ha × (80 ± 8): 12,000 + 8,000; 600 and 800 give 1,000."""
    total = stratified([200, 100], [60, 80], [3, 8])
    assert (total.stock_t_c, total.se_t_c) == pytest.approx((20_000, 1_000))
    assert (total.area_ha, total.unvalued_ha) == (300, 0)


def test_one_stratum_of_unknown_error_leaves_the_total_and_takes_its_error():
    total = stratified([200, 100], [60, 80], [3, NAN])
    assert total.stock_t_c == pytest.approx(20_000)
    assert math.isnan(total.se_t_c)


def test_a_stratum_without_a_mean_is_area_without_a_value_and_never_zero():
    total = stratified([200, 100], [60, NAN], [3, NAN])
    assert (total.stock_t_c, total.se_t_c) == pytest.approx((12_000, 600))
    assert (total.area_ha, total.unvalued_ha) == (300, 100)


def test_strata_of_which_nothing_is_known_hold_an_unknown_amount():
    total = stratified([200, 100], [NAN, NAN], [NAN, 1.0])
    assert math.isnan(total.stock_t_c)
    assert math.isnan(total.se_t_c)
    assert total.unvalued_ha == 300


def test_a_stratum_of_no_area_needs_no_error():
    total = stratified([200, 0], [60, 80], [3, NAN])
    assert (total.stock_t_c, total.se_t_c) == pytest.approx((12_000, 600))


@pytest.mark.parametrize(
    ("area", "mean", "error", "problem", "said"),
    [
        ([], [], [], ValueError, "each stratum"),
        ([1, 2], [60], [3], ValueError, "each stratum"),
        ([1], [60], [-1], ValueError, "standard error is finite and >= 0"),
        ([1], [60], [math.inf], ValueError, "standard error is finite and >= 0"),
        ([-1], [60], [3], ValueError, "area"),
        ([1], [2_001], [3], FactorError, "outside 0 to 2,000"),
    ],
)
def test_strata_that_cannot_be_are_refused(area, mean, error, problem, said):
    with pytest.raises(problem, match=said):
        stratified(area, mean, error)


def test_tropical_wet_mangrove_biomass_holds_129_t_c_ha():
    assert biomass_t_c_ha(192, 0.49, 0.451) == pytest.approx(129.022, abs=0.005)
    assert math.isnan(biomass_t_c_ha(192, NAN, 0.451))


@pytest.mark.parametrize("given", [(100.0, 0.5, 45.1), (-1.0, 0.5, 0.45), (math.inf, 0.5, 0.45)])
def test_biomass_that_cannot_be_is_refused(given):
    with pytest.raises(ValueError, match=r"per cent|>= 0"):
        biomass_t_c_ha(*given)
