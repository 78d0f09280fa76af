"""Carbon by loss on ignition: a line by hand, its error through a core, and what is refused."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.accounting import loi
from bluecarbon_map.accounting.cores import core_stock, decompacted, slices_of
from bluecarbon_map.errors import FactorError

NAN = math.nan
BURNT = np.arange(1, 11) / 100
"""1 to 10 % LOI: mean 5.5 %, squares about it 82.5 (per cent squared)."""

CARBON = 0.4 * BURNT + np.where(np.arange(10) % 2, 0.001, -0.001)
"""0.4 × LOI, every second slice 0.1 % above and the others as much below."""


def fitted():
    return loi.fit(BURNT, CARBON)


def test_a_line_through_ten_slices_by_hand():
    """Residuals alternate −0.1, +0.1 %: their product with the spread is 0.5 (per cent squared)."""
    line = fitted()
    slope = 0.4 + 0.5 / 82.5
    assert line.slope == pytest.approx(slope)
    assert line.intercept == pytest.approx(0.022 - slope * 0.055)
    left = 10 * 0.1**2 - 0.5**2 / 82.5
    assert line.residual_se == pytest.approx(math.sqrt(left / 8) / 100)
    assert line.r_squared == pytest.approx(1 - left / (slope**2 * 82.5 + left))
    assert (line.n, line.low_loi, line.high_loi) == (10, 0.01, 0.10)
    assert line.covariance[1, 1] == pytest.approx(left / 8 / 82.5)


def test_slices_on_a_line_give_that_line_without_an_error():
    line = loi.fit(BURNT, 0.4 * BURNT)
    assert line.terms == pytest.approx((0.0, 0.4), abs=1e-15)
    assert line.residual_se == pytest.approx(0.0, abs=1e-15)
    assert line.r_squared == pytest.approx(1.0)


def test_what_was_measured_stays_and_only_the_rest_is_filled_in():
    filled = loi.apply(fitted(), [0.05, NAN, NAN], [0.06, 0.06, NAN])
    line = fitted()
    wanted = line.intercept + line.slope * 0.06
    assert filled.carbon_fraction == pytest.approx([0.05, wanted, NAN], nan_ok=True)
    assert filled.predicted.tolist() == [False, True, False]
    assert not filled.outside.any()
    assert filled.covariance[0].tolist() == [0.0, 0.0, 0.0]


def test_the_error_of_the_line_is_common_and_what_a_slice_lies_off_it_is_its_own():
    """At the mean LOI the line errs by s/√n; two slices there share that and nothing else."""
    line = fitted()
    filled = loi.apply(line, [NAN, NAN], [0.055, 0.055])
    shared = line.residual_se**2 / 10
    assert filled.covariance[0, 1] == pytest.approx(shared)
    assert filled.covariance[0, 0] == pytest.approx(shared + line.residual_se**2)


def test_a_core_carries_the_error_of_its_predicted_carbon():
    """Ten slices of 10 cm at the mean LOI, each 1,000 t/ha for 1 g/g.

    The line's part adds up, 10,000 × s/√10; the slices' own parts in quadrature, √10 × 1,000 × s.
    """
    line = fitted()
    filled = loi.apply(line, np.full(10, NAN), np.full(10, 0.055))
    edges = np.arange(11) * 10.0
    core = slices_of(
        edges[:-1], edges[1:], np.ones(10), filled.carbon_fraction,
        predicted=filled.predicted, carbon_covariance=filled.covariance,
    )  # fmt: skip
    stock = core_stock(core, 100)
    assert stock.density_t_c_ha == pytest.approx(100 * 100 * 0.022)
    common, own = (
        10_000 * line.residual_se / math.sqrt(10),
        1_000 * math.sqrt(10) * line.residual_se,
    )
    assert stock.density_se_t_c_ha == pytest.approx(math.hypot(common, own))
    assert (stock.slices_measured, stock.slices_predicted) == (0, 10)
    assert core_stock(decompacted(core, 0.8), 125).density_se_t_c_ha == pytest.approx(
        stock.density_se_t_c_ha
    )


def test_an_extrapolated_core_has_both_errors():
    line = fitted()
    filled = loi.apply(line, [0.010, NAN, 0.008], [NAN, 0.05, NAN])
    given = ([0, 10, 20], [10, 20, 30], [1.0, 1.0, 1.0], filled.carbon_fraction)
    core = slices_of(*given, predicted=filled.predicted, carbon_covariance=filled.covariance)
    bare = core_stock(slices_of(*given), 40, extrapolate=True)
    both = core_stock(core, 40, extrapolate=True)
    # weights of the line at 40 cm: 1/3 + 20·(−10, 0, 10)/200 = −2/3, 1/3, 4/3; slice two lies
    # above the second and third face: 1/3 + 4/3, times 100 t/ha for each g/cm² and 10 cm
    own = (1 / 3 + 4 / 3) * 1_000 * math.sqrt(filled.covariance[1, 1])
    assert both.density_t_c_ha == pytest.approx(bare.density_t_c_ha)
    assert both.density_se_t_c_ha == pytest.approx(math.hypot(bare.density_se_t_c_ha, own))


def test_a_core_whose_carbon_was_measured_says_nothing_of_an_error():
    """The error of a measurement is unknown here, and unknown is not zero."""
    filled = loi.apply(fitted(), [0.02], [0.05])
    core = slices_of(
        [0], [50], [1.0], filled.carbon_fraction,
        predicted=filled.predicted, carbon_covariance=filled.covariance,
    )  # fmt: skip
    assert math.isnan(core_stock(core, 50).density_se_t_c_ha)


def test_slices_out_of_order_keep_their_own_errors():
    filled = loi.apply(fitted(), [NAN, 0.01], [0.08, NAN])
    core = slices_of(
        [50, 0], [100, 50], [1.0, 1.0], filled.carbon_fraction,
        predicted=filled.predicted, carbon_covariance=filled.covariance,
    )  # fmt: skip
    assert core.predicted.tolist() == [False, True]
    upper, whole = core_stock(core, 50), core_stock(core, 100)
    assert (upper.slices_measured, upper.slices_predicted) == (1, 0)
    assert whole.density_se_t_c_ha == pytest.approx(5_000 * math.sqrt(filled.covariance[0, 0]))


@pytest.mark.parametrize("burnt", [0.009, 0.101])
def test_outside_the_range_of_the_fit_nothing_is_predicted(burnt):
    filled = loi.apply(fitted(), [NAN], [burnt])
    assert math.isnan(filled.carbon_fraction[0])
    assert filled.outside.tolist() == [True]


@pytest.mark.parametrize(
    ("name", "burnt", "carbon"),
    [
        ("mangrove", 0.10, 0.0704),  # 0.415 × 10 + 2.89
        ("marsh", 0.10, 0.0425),  # 0.40 × 10 + 0.0025 × 100
        ("seagrass", 0.10, 0.0397),  # 0.43 × 10 − 0.33
        ("mangrove", 0.04, NAN),  # 4.55 % carbon in 4 % of what burns
        ("seagrass", 0.005, NAN),  # −0.115 %
        ("seagrass", 0.001, NAN),  # below the 0.2 % it is given from
    ],
)
def test_equations_of_the_literature_give_their_per_cents_where_they_can_be(name, burnt, carbon):
    equation = loi.published(name, accept_unverified=True)
    filled = loi.apply(equation, [NAN], [burnt])
    assert filled.carbon_fraction == pytest.approx([carbon], nan_ok=True)
    assert filled.outside[0] == math.isnan(carbon)
    assert not equation.verified


def test_the_error_of_an_equation_of_the_literature_is_unknown_and_so_is_the_cores():
    filled = loi.apply(loi.published("marsh", accept_unverified=True), [0.02, NAN], [NAN, 0.05])
    core = slices_of(
        [0, 50], [50, 100], [1.0, 1.0], filled.carbon_fraction,
        predicted=filled.predicted, carbon_covariance=filled.covariance,
    )  # fmt: skip
    stock = core_stock(core, 100)
    assert stock.density_t_c_ha == pytest.approx(5_000 * (0.02 + 0.02 + 0.000625))
    assert math.isnan(stock.density_se_t_c_ha)
    assert math.isnan(core_stock(core, 50).density_se_t_c_ha)


def test_an_equation_known_from_memory_must_be_accepted_and_names_its_source():
    with pytest.raises(FactorError, match=r"mangrove was never checked against Kauffman.*accept"):
        loi.published("mangrove")
    with pytest.raises(FactorError, match="Use one of: mangrove, marsh, seagrass"):
        loi.published("peat", accept_unverified=True)


@pytest.mark.parametrize(
    ("burnt", "carbon", "said"),
    [
        (BURNT[:9], CARBON[:9], "9 slices have both"),
        (BURNT, CARBON * 100, "check their units"),
        (BURNT, -CARBON, "check their units"),
        (BURNT * 100, CARBON, "check their units"),
        (np.full(10, 0.05), CARBON * 0.5, "the same LOI"),
        (BURNT, CARBON[:9], "each slice"),
        (np.where(BURNT > 0.09, NAN, BURNT), CARBON, "check their units"),
    ],
)
def test_slices_that_give_no_line_are_refused(burnt, carbon, said):
    with pytest.raises(ValueError, match=said):
        loi.fit(burnt, carbon)


@pytest.mark.parametrize(
    ("carbon", "burnt", "said"),
    [([NAN], [5.0], "per cent"), ([NAN], [-0.1], "per cent"), ([NAN], [0.1, 0.2], "each slice")],
)
def test_an_loi_that_cannot_be_is_refused(carbon, burnt, said):
    with pytest.raises(ValueError, match=said):
        loi.apply(fitted(), carbon, burnt)


def test_predicted_carbon_needs_its_errors_slice_by_slice():
    with pytest.raises(ValueError, match="needs the covariance"):
        slices_of([0, 1], [1, 2], [1, 1], [0.1, 0.1], predicted=[True])


@given(st.lists(st.floats(0.01, 0.10), min_size=1, max_size=6))
def test_errors_of_a_fit_are_a_covariance_whatever_the_slices(burnt):
    """No weighting of slices may have a variance below 0."""
    filled = loi.apply(fitted(), np.full(len(burnt), NAN), burnt)
    assert np.linalg.eigvalsh(filled.covariance).min() >= 0


def test_the_error_of_a_core_is_as_large_as_cores_really_differ():
    """Worlds of one true line: 95 % of intervals hold the carbon the core really has."""
    random = np.random.default_rng(11)
    inside, worlds = 0, 2_000
    for _ in range(worlds):
        burnt = random.uniform(0.05, 0.20, 40)
        line = loi.fit(burnt, 0.01 + 0.35 * burnt + 0.004 * random.standard_normal(40))
        own = np.clip(random.uniform(0.06, 0.19, 8), line.low_loi, line.high_loi)
        truth = 0.01 + 0.35 * own + 0.004 * random.standard_normal(8)
        filled = loi.apply(line, np.full(8, NAN), own)
        edges = np.linspace(0, 80, 9)
        stock = core_stock(
            slices_of(
                edges[:-1], edges[1:], np.full(8, 0.6), filled.carbon_fraction,
                predicted=filled.predicted, carbon_covariance=filled.covariance,
            ),
            80,
        )  # fmt: skip
        off = abs(stock.density_t_c_ha - 0.6 * 10 * 100 * truth.sum())
        inside += off <= 2.024394 * stock.density_se_t_c_ha  # t of 38 degrees
    assert 0.93 <= inside / worlds <= 0.97
