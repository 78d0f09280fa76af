"""SD, SE, confidence interval and range stay apart; only legal steps lead from one to another."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.factors import Interval, IntervalKind
from bluecarbon_map.factors.intervals import (
    borrowed,
    of_mean,
    se_of_mean,
    standard_error,
    student_t_975,
)


def ends(half, kind, value=100.0):
    return Interval(low=value - half, high=value + half, kind=kind)


def test_a_spread_between_sites_over_the_root_of_their_number_is_the_error_of_the_mean():
    """Kandelia obovata, Fu et al. 2021: SD 71.6 between 23 sites."""
    assert se_of_mean(71.6, 23) == pytest.approx(14.9296, abs=5e-5)
    found = standard_error(151.6, ends(71.6, IntervalKind.SD, 151.6), 23)
    assert found.value == pytest.approx(14.9296, abs=5e-5)
    assert found.degrees == 22


def test_a_confidence_interval_is_student_s_t_times_the_error():
    of_23 = standard_error(100.0, ends(2.074 * 5.0, IntervalKind.CI95), 23)
    assert of_23.value == pytest.approx(5.0)
    assert standard_error(100.0, ends(5.0, IntervalKind.SE)).value == pytest.approx(5.0)


@given(st.floats(1, 1_000), st.floats(0.01, 0.2), st.integers(2, 200))
def test_from_sd_to_interval_and_back_to_the_error_nothing_is_lost(mean, relative, n):
    interval = of_mean(mean, mean * relative, n)
    for found in (standard_error(mean, interval, n), standard_error(mean, interval)):
        assert found.value == pytest.approx(mean * relative / math.sqrt(n))
        assert found.degrees == n - 1


def test_a_lower_end_set_to_zero_leaves_the_upper_one_to_tell():
    """Seagrass of China: 86.1, SD 95.1, n = 7."""
    found = standard_error(86.1, of_mean(86.1, 95.1, 7), 7)
    assert found.value == pytest.approx(95.1 / math.sqrt(7))


@pytest.mark.parametrize(
    "kind",
    [
        IntervalKind.RANGE,
        IntervalKind.MODEL_ERROR,
        IntervalKind.LOW_MEDIUM_HIGH,
        IntervalKind.PLUS_MINUS,
    ],
)
def test_a_range_never_becomes_a_standard_error(kind):
    assert standard_error(100.0, ends(10.0, kind), 30) is None


def test_a_spread_without_the_number_of_sites_or_with_one_is_no_standard_error():
    assert standard_error(100.0, ends(10.0, IntervalKind.SD)) is None
    assert standard_error(100.0, ends(10.0, IntervalKind.SD), 1) is None
    assert standard_error(100.0, ends(10.0, IntervalKind.CI95), 1) is None


def test_one_site_refuses_its_own_interval_and_borrows_one_that_says_so():
    with pytest.raises(ValueError, match="borrow the relative standard deviation"):
        of_mean(62.6, 10.0, 1)
    interval = borrowed(62.6, 0.5, "lender")
    assert (interval.kind, interval.borrowed_from) == (IntervalKind.BORROWED_SD, "lender")
    assert standard_error(62.6, interval, 1).value == pytest.approx(31.3)
    assert standard_error(62.6, interval, 12) is None


def test_an_interval_that_leans_to_one_side_has_no_standard_error():
    """IPCC 2013, creation of mangrove: 1.62 (1.3 to 2.0)."""
    leaning = Interval(low=1.3, high=2.0, kind=IntervalKind.CI95)
    assert standard_error(1.62, leaning, 69) is None


@pytest.mark.parametrize("sd", [-1.0, math.inf, math.nan])
def test_a_standard_deviation_that_cannot_be_is_refused(sd):
    with pytest.raises(ValueError, match="finite and >= 0"):
        se_of_mean(sd, 5)


@pytest.mark.parametrize("sites", [2, 3, 8, 40])
def test_intervals_of_means_hold_the_truth_93_to_97_times_in_a_hundred(sites):
    """Surveys of a world whose true mean is 100 t C/ha; a lower end below 0 is set to 0."""
    random = np.random.default_rng(sites)
    surveys = 100 + 15 * random.standard_normal((4_000, sites))
    made = [of_mean(float(one.mean()), float(one.std(ddof=1)), sites) for one in surveys]
    inside = np.mean([one.low <= 100 <= one.high for one in made])
    assert 0.93 <= inside <= 0.97
    # the normal law's 1.96 in place of Student's t misses too often for few sites
    narrow = np.mean(
        [
            abs(one.mean() - 100) <= 1.96 * se_of_mean(float(one.std(ddof=1)), sites)
            for one in surveys
        ]
    )
    assert (narrow < 0.93) == (student_t_975(sites - 1) > 2.3)
