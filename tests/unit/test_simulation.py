"""Monte Carlo against what can be worked out, coverage of the truth, and unknown kept unknown."""

import math

import numpy as np
import pytest

from bluecarbon_map.accounting.simulation import LEAST_DRAWS, simulate

NAN = math.nan


def test_one_exact_area_and_one_density_give_the_density_s_own_interval():
    """100 ha × (60 ± 3) t C/ha: 6,000, 95 % from 5,412 to 6,588."""
    result = simulate([[100.0]], [[0.0]], [[60.0]], [[3.0]], draws=200_000)
    assert result.total.mean == pytest.approx(6000, rel=1e-3)
    assert result.total.low == pytest.approx(6000 - 1.959964 * 300, rel=2e-3)
    assert result.total.high == pytest.approx(6000 + 1.959964 * 300, rel=2e-3)


def test_zones_of_one_coefficient_are_wrong_together_so_their_intervals_add():
    result = simulate([[100.0], [300.0]], [[0.0], [0.0]], [[60.0]], [[3.0]])
    assert result.zones.low.sum() == pytest.approx(result.total.low[0], rel=1e-9)
    assert result.zones.high.sum() == pytest.approx(result.total.high[0], rel=1e-9)


def test_two_coefficients_are_wrong_apart_so_the_total_is_narrower_than_the_sum():
    """Standard errors 300 and 400 give 500."""
    result = simulate(
        [[100.0, 100.0]], [[0.0, 0.0]], [[60.0], [80.0]], [[3.0], [4.0]], draws=200_000
    )
    half = (result.total.high - result.total.low)[0] / 2
    assert half == pytest.approx(1.959964 * 500, rel=5e-3)


def test_pools_that_go_together_widen_the_sum_and_opposite_ones_narrow_it():
    """Li'an Bay: errors of 102.28 and 2,923.75; means enlarged, so that neither is skewed."""

    def half(correlation):
        matrix = None if correlation is None else [[1.0, correlation], [correlation, 1.0]]
        total = simulate(
            [[1.0]], [[0.0]], [[17975.0, 77958.6]], [[102.28, 2923.75]],
            pool_correlation=matrix, draws=100_000,
        ).total  # fmt: skip
        return float((total.high - total.low)[0]) / 2 / 1.959964

    assert half(None) == pytest.approx(2925.54, rel=0.01)
    assert half(1.0) == pytest.approx(3026.03, rel=0.01)
    assert half(-1.0) == pytest.approx(2821.47, rel=0.01)


def test_a_skewed_density_keeps_its_mean_and_never_falls_below_zero():
    """Fu 2021: mangrove soil 203.6 with a spread of 168.1."""
    result = simulate([[1.0]], [[0.0]], [[203.6]], [[168.1]], draws=200_000)
    assert result.total.mean == pytest.approx(203.6, rel=0.02)
    assert result.total.low[0] > 0
    assert result.total.median[0] < 203.6


def test_errors_of_areas_count_too():
    """100 ± 5 ha × 60: relative errors 5 % and 0 give ± 300."""
    result = simulate([[100.0]], [[5.0]], [[60.0]], [[0.0]], draws=200_000)
    assert result.total.high - result.total.low == pytest.approx(2 * 1.959964 * 300, rel=5e-3)


def test_an_ecosystem_without_a_density_is_left_out_and_stays_unknown():
    result = simulate([[10.0, 5.0], [0.0, 5.0]], np.zeros((2, 2)), [[60.0], [NAN]], [[3.0], [NAN]])
    assert np.isnan(result.cells.mean[:, 1]).all()
    assert math.isnan(result.ecosystems.mean[1])
    assert result.zones.mean[0] == pytest.approx(600, rel=0.01)
    assert math.isnan(result.zones.mean[1])
    assert result.total.mean[0] == pytest.approx(600, rel=0.01)


def test_nothing_known_at_all_is_unknown_not_zero():
    result = simulate([[10.0]], [[0.0]], [[NAN]], [[NAN]])
    assert math.isnan(result.total.mean[0])


def test_the_same_seed_gives_the_same_numbers_and_another_does_not():
    given = ([[100.0]], [[5.0]], [[60.0]], [[3.0]])
    assert simulate(*given).total.low == simulate(*given).total.low
    assert simulate(*given).total.low != simulate(*given, seed=1).total.low


def test_parts_equal_the_total_in_every_mean():
    random = np.random.default_rng(1)
    area = random.uniform(0, 500, (7, 4))
    result = simulate(
        area, area * 0.1, random.uniform(20, 200, (4, 3)), random.uniform(1, 90, (4, 3))
    )
    assert result.cells.mean.sum() == pytest.approx(result.total.mean[0])
    assert result.zones.mean.sum() == pytest.approx(result.total.mean[0])
    assert result.ecosystems.mean.sum() == pytest.approx(result.total.mean[0])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (([[1.0]], [[0.0]], [[60.0]], [[NAN]]), "without a standard error"),
        (([[-1.0]], [[0.0]], [[60.0]], [[3.0]]), ">= 0"),
        (([[1.0]], [[0.0, 1.0]], [[60.0]], [[3.0]]), "needs its standard error"),
        (([[1.0, 2.0]], [[0.0, 0.0]], [[60.0]], [[3.0]]), r"\(zones, ecosystems\)"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(given, said):
    with pytest.raises(ValueError, match=said):
        simulate(*given)


def test_too_few_draws_and_contradicting_correlations_are_refused():
    one = ([[1.0]], [[0.0]], [[60.0, 1.0, 1.0]], [[3.0, 1.0, 1.0]])
    with pytest.raises(ValueError, match="10,000"):
        simulate(*one, draws=LEAST_DRAWS - 1)
    contradicting = [[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]]
    with pytest.raises(ValueError, match="contradict"):
        simulate(*one, pool_correlation=contradicting)


@pytest.mark.parametrize(("sites", "spread"), [(6, 0.4), (33, 0.8), (12, 0.25)])
def test_intervals_hold_the_truth_93_to_97_times_in_a_hundred(sites, spread):
    """Surveys of as many cores from a world whose true mean is 100 t C/ha."""
    random = np.random.default_rng(7)
    inside, surveys = 0, 1000
    for number in range(surveys):
        cores = 100 + 100 * spread * random.standard_normal(sites)
        error = cores.std(ddof=1) / math.sqrt(sites)
        if cores.mean() <= 0:
            continue
        total = simulate(
            [[1.0]], [[0.0]], [[cores.mean()]], [[error]], degrees=[[sites - 1]], seed=number
        ).total
        inside += bool(total.low[0] <= 100 <= total.high[0])
    assert 0.93 <= inside / surveys <= 0.97


def test_two_ecosystems_that_share_a_coefficient_are_wrong_together():
    """Standard errors 300 and 300 add to 600; drawn apart they would give 424."""
    areas, none = [[100.0, 100.0]], [[0.0, 0.0]]
    densities, errors = [[60.0], [60.0]], [[3.0], [3.0]]
    shared = simulate(areas, none, densities, errors, coefficient=[[7], [7]], draws=100_000)
    apart = simulate(areas, none, densities, errors, coefficient=[[7], [8]], draws=100_000)
    halves = [(one.total.high - one.total.low)[0] / 2 / 1.959964 for one in (shared, apart)]
    assert halves == pytest.approx([600, 424.26], rel=0.01)


def test_a_shared_coefficient_and_one_of_its_own_in_each_ecosystem():
    """One soil for both (SE 3), each its own plants (SE 4): √((200·3)² + 2·(100·4)²) = 824.6."""
    result = simulate(
        [[100.0, 100.0]], [[0.0, 0.0]], [[60.0, 40.0], [60.0, 50.0]], [[3.0, 4.0], [3.0, 4.0]],
        coefficient=[[0, 1], [0, 2]], draws=100_000,
    )  # fmt: skip
    half = (result.total.high - result.total.low)[0] / 2 / 1.959964
    assert half == pytest.approx(824.6, rel=0.01)


def test_species_are_added_up_to_their_ecosystem():
    groups = simulate(
        [[10.0, 20.0, 5.0], [0.0, 3.0, 4.0]], np.zeros((2, 3)), [[60.0], [60.0], [100.0]],
        np.zeros((3, 1)), coefficient=[[0], [0], [1]], group=[0, 0, 1],
    )  # fmt: skip
    assert groups.cells.mean.tolist() == [[1800.0, 500.0], [180.0, 400.0]]
    assert groups.ecosystems.mean.tolist() == [1980.0, 900.0]
    assert groups.zones.mean.tolist() == [2300.0, 580.0]


def test_groups_may_come_in_any_order():
    swapped = simulate([[10.0, 20.0]], np.zeros((1, 2)), [[1.0], [2.0]], np.zeros((2, 1)),
                       group=[1, 0])  # fmt: skip
    assert swapped.ecosystems.mean.tolist() == [40.0, 10.0]


def test_a_group_is_unknown_only_where_nothing_of_it_is_known():
    result = simulate(
        [[10.0, 5.0], [0.0, 5.0]], np.zeros((2, 2)), [[60.0], [NAN]], [[0.0], [NAN]], group=[0, 0]
    )
    assert result.cells.mean[0, 0] == 600
    assert math.isnan(result.cells.mean[1, 0])
    assert result.ecosystems.mean.tolist() == [600.0]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"coefficient": [[0], [0]]}, "two values"),
        ({"coefficient": [[0]]}, "number of its coefficient"),
        ({"group": [0, 2]}, "without a gap"),
        ({"group": [0]}, "without a gap"),
        ({"coefficient": [[0], [1]], "pool_correlation": [[1.0]]}, "not both"),
    ],
)
def test_what_cannot_be_shared_or_grouped_is_refused(more, words):
    with pytest.raises(ValueError, match=words):
        simulate([[1.0, 1.0]], [[0.0, 0.0]], [[60.0], [80.0]], [[3.0], [4.0]], **more)


def test_few_sites_never_make_an_interval_narrower_where_the_law_changes():
    """Relative errors of 29 and 31 % of 6 sites: Student's t below, a lognormal law above."""

    def width(relative):
        found = simulate(
            [[10.0]], [[0.0]], [[100.0]], [[100.0 * relative]], degrees=[[5.0]], draws=40_000
        )
        return (found.total.high - found.total.low).item()

    assert width(0.31) > width(0.29)


def test_skewed_sites_are_covered_less_than_the_page_claims_for_normal_ones():
    """Seven lognormal sites with a CV of 1.1: what docs/methods/13 says of them."""
    random = np.random.default_rng(7)
    spread = np.log1p(1.1**2)
    inside = 0
    for _ in range(300):
        sites = np.exp(-spread / 2 + np.sqrt(spread) * random.standard_normal(7))
        mean, error = sites.mean(), sites.std(ddof=1) / np.sqrt(7)
        found = simulate([[1.0]], [[0.0]], [[mean]], [[error]], degrees=[[6.0]])
        inside += found.total.low.item() <= 1.0 <= found.total.high.item()
    assert 0.75 < inside / 300 < 0.93
