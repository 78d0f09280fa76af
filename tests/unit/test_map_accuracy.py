"""Area adjusted by a check of the map: worked by hand, and refusals."""

import math

import numpy as np
import pytest

from bluecarbon_map.accounting.map_accuracy import adjusted_area


def test_two_classes_by_hand():
    """Mapped 100 and 900 ha; 80 of 100 and 95 of 100 points are right.

    True first class: 100 × 0.80 + 900 × 0.05 = 125 ha. Variance of its share:
    0.01 × 0.16/99 + 0.81 × 0.0475/99; times 1,000 ha.
    """
    result = adjusted_area([[80, 20], [5, 95]], [100.0, 900.0])
    assert result.area_ha == pytest.approx([125.0, 875.0])
    error = 1000 * math.sqrt(0.01 * 0.16 / 99 + 0.81 * 0.0475 / 99)
    assert result.se_ha == pytest.approx([error, error])
    assert result.low_ha[0] == pytest.approx(125 - 1.959964 * error)
    assert result.users_accuracy == pytest.approx([0.80, 0.95])
    assert result.producers_accuracy == pytest.approx([80 / 125, 855 / 875])


def test_a_map_without_an_error_keeps_its_areas():
    result = adjusted_area(np.diag([50, 60, 70]), [1.0, 2.0, 3.0])
    assert result.area_ha == pytest.approx([1.0, 2.0, 3.0])
    assert result.se_ha == pytest.approx([0.0, 0.0, 0.0])


def test_areas_always_add_up_to_the_map():
    random = np.random.default_rng(3)
    result = adjusted_area(random.integers(2, 90, (5, 5)), random.uniform(1, 1e5, 5))
    assert result.area_ha.sum() == pytest.approx(result.mapped_ha.sum())


def test_a_class_that_is_nowhere_in_truth_has_no_producers_accuracy():
    result = adjusted_area([[0, 10], [0, 10]], [10.0, 90.0])
    assert result.area_ha[0] == 0.0
    assert math.isnan(result.producers_accuracy[0])


@pytest.mark.parametrize(
    ("confusion", "mapped", "said"),
    [
        ([[1, 0], [0, 50]], [1.0, 1.0], "row 1 was checked at fewer than two"),
        ([[5, 0]], [1.0], "one row and one column"),
        ([[5, -1], [0, 5]], [1.0, 1.0], ">= 0"),
        ([[5, 1], [0, 5]], [0.0, 0.0], "some area"),
        ([[5, 1], [0, 5]], [math.nan, 1.0], "finite"),
    ],
)
def test_checks_that_cannot_be_are_refused(confusion, mapped, said):
    with pytest.raises(ValueError, match=said):
        adjusted_area(confusion, mapped)


@pytest.mark.parametrize(
    ("points", "truth", "mapped"),
    [
        (200, [[0.80, 0.20], [0.05, 0.95]], [100.0, 900.0]),
        (150, [[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.1, 0.2, 0.7]], [300.0, 500.0, 200.0]),
    ],
)
def test_intervals_of_areas_hold_the_truth_93_to_97_times_in_a_hundred(points, truth, mapped):
    """Checks of a map whose true share of each class in each mapped class is known."""
    random = np.random.default_rng(5)
    area = np.asarray(mapped) @ np.asarray(truth)
    checks = [
        adjusted_area([random.multinomial(points, row) for row in truth], mapped)
        for _ in range(2_000)
    ]
    inside = np.mean([(one.low_ha <= area) & (area <= one.high_ha) for one in checks], axis=0)
    assert ((inside >= 0.93) & (inside <= 0.97)).all()
