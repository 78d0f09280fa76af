"""Standard error of a mean from its interval, by hand for each kind; none where it is unsaid."""

import math
from dataclasses import replace

import pytest

from bluecarbon_map.factors import Interval, IntervalKind, load_set, standard_error

MARSH = "salt_marsh"


def test_a_mean_of_sites_gives_back_its_sd_over_the_root_of_their_number():
    """Sampled marsh cores, Fu 2021: SD 36.5 of 33 cores, 32 degrees of freedom."""
    pool = load_set("zhejiang").stock(MARSH, "Suaeda salsa").pools[0]
    found = standard_error(pool.density_t_c_ha, pool.interval)
    assert found.value == pytest.approx(36.5 / math.sqrt(33))
    assert (found.degrees, found.kind) == (32, "95% CI of the mean")


def test_an_interval_clipped_at_zero_is_read_from_its_upper_half():
    """Seagrass, Fu 2021: SD 95.1 of 7 sites reaches below zero."""
    pool = load_set("zhejiang").stock("seagrass").pools[0]
    assert pool.interval.clipped
    found = standard_error(pool.density_t_c_ha, pool.interval)
    assert found.value == pytest.approx(95.1 / math.sqrt(7))


def test_a_borrowed_sd_is_the_error_of_a_mean_of_one_site():
    """Hangzhou Bay: 62.6 × 76.2/95.0."""
    pool = load_set("zhejiang").stock(MARSH, "Spartina alterniflora").pools[0]
    found = standard_error(pool.density_t_c_ha, pool.interval)
    assert found.value == pytest.approx(62.6 * 76.2 / 95.0)
    assert (found.degrees, found.kind) == (None, IntervalKind.BORROWED_SD)


@pytest.mark.parametrize(
    ("kind", "expected"), [(IntervalKind.CI95, 10 / 1.959964), (IntervalKind.SE, 10.0)]
)
def test_published_ends_are_read_as_what_they_are(kind, expected):
    found = standard_error(100.0, Interval(low=90.0, high=110.0, kind=kind))
    assert found.value == pytest.approx(expected)
    clipped = Interval(low=0.0, high=110.0, kind=kind, clipped=True)
    assert standard_error(100.0, clipped).value == pytest.approx(expected)


@pytest.mark.parametrize(
    "kind",
    [
        IntervalKind.SD, IntervalKind.RANGE, IntervalKind.MODEL_ERROR,
        IntervalKind.LOW_MEDIUM_HIGH, IntervalKind.PLUS_MINUS,
    ],
)  # fmt: skip
def test_what_is_no_error_of_a_mean_gives_none(kind):
    """An SD without its number of sites among them."""
    assert standard_error(100.0, Interval(low=90.0, high=110.0, kind=kind)) is None


def test_no_interval_gives_none():
    assert standard_error(100.0, None) is None


def test_a_constant_factor_carries_the_error_along():
    interval = load_set("zhejiang").stock(MARSH, "Suaeda salsa").pools[0].interval
    before = standard_error(61.0, interval)
    assert standard_error(610.0, interval.scaled(10.0)) == replace(
        before, value=pytest.approx(10 * before.value)
    )
