"""What must hold for any areas and coefficients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.accounting.stock import stock_t_c, stratified
from bluecarbon_map.accounting.uncertainty import combine
from bluecarbon_map.factors.intervals import borrowed, of_mean, student_t_975
from bluecarbon_map.units import co2e_from_c

AREAS = st.floats(0, 1e6)


@st.composite
def parts(draw, known=False):
    """Parts: area, density, low, high, coefficient; a coefficient has one density and interval."""
    amount = st.floats(0, 2_000)
    coefficients = draw(
        st.lists(
            st.tuples(amount, st.floats(0, 1), st.floats(0, 2), st.booleans(), st.booleans()),
            min_size=1,
            max_size=4,
        )
    )
    rows = []
    for area in draw(st.lists(AREAS, min_size=1, max_size=12)):
        i = draw(st.integers(0, len(coefficients) - 1))
        density, below, above, has_value, has_interval = coefficients[i]
        low, high = density * (1 - below), density * (1 + above)
        if not known and not has_interval:
            low = high = np.nan
        if not known and not has_value:
            density = low = high = np.nan
        rows.append((area, density, low, high, f"coefficient {i}"))
    return [np.array(column) for column in zip(*rows, strict=True)]


def total(area, density, low, high, ids):
    """Sum, low and high of parts with one pool each, in t C."""
    sums = combine(ids, stock_t_c(area, density), area * low, area * high)
    return np.array([sums.value[0], sums.low[0], sums.high[0]])


@given(parts(), st.floats(0, 1))
def test_cutting_parts_in_two_neither_makes_nor_loses_carbon(given_parts, share):
    area, *rest = given_parts
    whole = total(area, *rest)
    cut = np.concatenate([area * share, area * (1 - share)])
    halves = total(cut, *(np.tile(x, 2) for x in rest))
    assert halves == pytest.approx(whole, rel=1e-9, abs=1e-6 + 1e-9 * area.sum(), nan_ok=True)


@given(parts(), st.randoms(use_true_random=False))
def test_the_order_of_parts_does_not_matter(given_parts, random):
    order = list(range(len(given_parts[0])))
    random.shuffle(order)
    one, other = total(*given_parts), total(*(x[order] for x in given_parts))
    noise = 1e-6 + 1e-9 * given_parts[0].sum()
    assert other == pytest.approx(one, rel=1e-9, abs=noise, nan_ok=True)


@given(parts(known=True))
def test_a_total_lies_between_independent_and_fully_correlated(given_parts):
    area, density, low, high, ids = given_parts
    stock, below, above = total(area, density, low, high, ids)
    slack = 1e-6 + 1e-9 * stock
    linear_low, linear_high = (area * low).sum(), (area * high).sum()
    _, narrow_low, narrow_high = total(area, density, low, high, [str(i) for i in range(len(area))])
    assert linear_low - slack <= below <= narrow_low + slack
    assert narrow_high - slack <= above <= linear_high + slack
    assert -slack <= below <= stock + slack


@given(parts(known=True), st.integers(1, 4))
def test_groups_of_one_coefficient_add_up_to_the_whole(given_parts, groups):
    area, density, low, high, _ = given_parts
    amounts = [area * x for x in (density, low, high)]
    where = np.arange(area.size) % groups
    ids = ["one"] * area.size
    parts_of = combine(ids, *amounts, where, groups=min(groups, area.size))
    whole = combine(ids, *amounts)
    noise = 1e-6 + 1e-12 * whole.value[0]  # what is left of two large numbers that cancel
    for name in ("value", "low", "high"):
        assert getattr(parts_of, name).sum() == pytest.approx(
            getattr(whole, name)[0], rel=1e-9, abs=noise
        )


@given(AREAS, st.floats(0, 2_000))
def test_carbon_dioxide_is_carbon_times_44_over_12(area_ha, density_t_c_ha):
    (carbon,) = stock_t_c([area_ha], [density_t_c_ha])
    assert co2e_from_c(float(carbon)) * 12 == pytest.approx(float(carbon) * 44)


@given(st.floats(0.1, 2_000), st.floats(0, 2_000), st.integers(2, 500))
def test_a_mean_lies_in_its_interval_and_more_sites_narrow_it(mean, sd, n):
    few, many = of_mean(mean, sd, n), of_mean(mean, sd, n + 1)
    assert 0 <= few.low <= mean <= few.high
    assert few.high >= many.high
    assert few.clipped == (mean - (few.high - mean) < 0) or few.low == 0


@given(st.integers(1, 5_000))
def test_student_t_falls_towards_the_normal_law(degrees):
    assert student_t_975(degrees) > student_t_975(degrees + 1) > 1.95996


@given(st.floats(0, 2_000), st.floats(0, 3))
def test_a_borrowed_interval_holds_its_value_and_is_never_negative(value, relative_sd):
    interval = borrowed(value, relative_sd, "lender")
    assert 0 <= interval.low <= value <= interval.high
    assert interval.clipped == (value - value * relative_sd < 0)


STRATA = st.lists(
    st.tuples(st.floats(0, 1e6), st.floats(0, 2_000), st.floats(0, 500)), min_size=1, max_size=8
)


@given(STRATA, st.floats(0.01, 10))
def test_strata_scale_with_their_area_and_err_less_than_if_they_erred_together(strata, by):
    area, mean, error = np.array(strata).T
    one, larger = stratified(area, mean, error), stratified(area * by, mean, error)
    assert larger.stock_t_c == pytest.approx(one.stock_t_c * by, rel=1e-9, abs=1e-9)
    assert larger.se_t_c == pytest.approx(one.se_t_c * by, rel=1e-9, abs=1e-9)
    slack = 1e-9 * (1 + float(area @ error))
    assert (area * error).max() - slack <= one.se_t_c <= float(area @ error) + slack
