"""What must hold for any classes, transitions, years and prices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.accounting.timeline import (
    UNKNOWN,
    Change,
    Classes,
    Plan,
    Prices,
    distinct_histories,
    run,
)

AMOUNT = st.floats(0, 500, allow_subnormal=False)
RATE = st.floats(0, 10, allow_subnormal=False)
SHARE = st.floats(0, 1, allow_subnormal=False)
HALF_LIFE = st.sampled_from([0.0, 0.27, 0.5, 1.0, 7.5, 15.0, 100.0])
SAID = [Change.EMPTY, Change.NONE, Change.ACCUMULATES, Change.LOW, Change.MEDIUM, Change.HIGH]


def filled(draw, shape, values):
    count = int(np.prod(shape))
    return np.array(draw(st.lists(values, min_size=count, max_size=count))).reshape(shape)


@st.composite
def runs(draw):
    """A plan and some histories."""
    count = draw(st.integers(1, 4))
    steps = draw(st.lists(st.integers(1, 12), min_size=1, max_size=4))
    years = tuple(int(year) for year in 2000 + np.cumsum(steps) - steps[0])
    until = years[-1] + draw(st.integers(1, 40))
    per_t = np.array(draw(st.lists(RATE, min_size=until - 2000, max_size=until - 2000)))
    plan = Plan(
        classes=Classes(
            code=np.arange(count),
            name=tuple("abcd"[:count]),
            initial_t_ha=filled(draw, (3, count), AMOUNT),
            accumulation_t_ha_yr=filled(draw, (3, count), RATE),
            half_life_yr=filled(draw, (2, count), HALF_LIFE),
            disturbed_share=filled(draw, (2, 3, count), SHARE),
        ),
        change=filled(draw, (count, count), st.sampled_from(SAID)).astype(np.int8),
        snapshot_years=years,
        until=until,
        prices=Prices(per_t=per_t, discount=draw(st.floats(-0.1, 0.5))),
    )
    pixels = draw(st.integers(1, 6))
    return plan, filled(draw, (len(years), pixels), st.integers(0, count - 1)).astype(np.intp)


def close(values):
    return pytest.approx(values, rel=1e-9, abs=1e-6)


@given(runs())
def test_what_builds_up_less_what_is_given_off_is_the_net_always(case):
    result = run(*case)
    assert result.accumulation_t_ha - result.emissions_t_ha == close(result.net_t_ha)
    assert result.net_t_ha.sum(axis=0) == close(result.total_net_t_ha)


@given(runs())
def test_the_stock_of_any_year_is_the_first_one_and_the_net_since(case):
    result = run(*case)
    since = np.cumsum(result.net_t_ha, axis=0)
    assert result.stock_t_ha[1:] == close(result.stock_t_ha[0] + since)


@given(runs())
def test_nothing_is_ever_negative_but_the_net(case):
    result = run(*case)
    assert (result.stock_t_ha >= -1e-9).all()
    assert (result.accumulation_t_ha >= 0).all()
    assert (result.emissions_t_ha >= -1e-9).all()


@given(runs(), st.floats(0, 4))
def test_the_model_is_linear_in_its_carbon(case, times):
    plan, histories = case
    more = Plan(
        classes=Classes(
            code=plan.classes.code,
            name=plan.classes.name,
            initial_t_ha=plan.classes.initial_t_ha * times,
            accumulation_t_ha_yr=plan.classes.accumulation_t_ha_yr * times,
            half_life_yr=plan.classes.half_life_yr,
            disturbed_share=plan.classes.disturbed_share,
        ),
        change=plan.change,
        snapshot_years=plan.snapshot_years,
        until=plan.until,
        prices=plan.prices,
    )
    one, other = run(plan, histories), run(more, histories)
    assert other.net_t_ha == close(one.net_t_ha * times)
    assert other.value_per_ha == pytest.approx(one.value_per_ha * times, rel=1e-6, abs=1e-3)


@given(runs())
def test_a_snapshot_that_changes_nothing_moves_no_carbon(case):
    """The last class once more, a year later, accumulating as before: only the periods differ."""
    plan, histories = case
    last = histories[-1]
    accumulates = plan.change.copy()
    np.fill_diagonal(accumulates, Change.ACCUMULATES)
    whole = Plan(classes=plan.classes, change=accumulates, snapshot_years=(2000,), until=2030)
    cut = Plan(classes=plan.classes, change=accumulates, snapshot_years=(2000, 2013), until=2030)
    one, other = run(whole, last[None]), run(cut, np.array([last, last]))
    assert other.stock_t_ha[-1] == close(one.stock_t_ha[-1])
    assert other.total_net_t_ha == close(one.total_net_t_ha)


@given(runs())
def test_each_pixel_is_modelled_by_itself(case):
    plan, histories = case
    together = run(plan, histories)
    for i in range(histories.shape[1]):
        alone = run(plan, histories[:, i : i + 1])
        assert alone.stock_t_ha[:, 0] == close(together.stock_t_ha[:, i])
        assert alone.value_per_ha[:, 0] == close(together.value_per_ha[:, i])


@given(runs())
def test_invest_agrees_while_nothing_has_changed(case):
    """Up to the first transition it is only litter that its stock gets wrong."""
    plan, histories = case
    right, theirs = run(plan, histories), run(plan, histories, invest_compat=True)
    assert theirs.net_t_ha[0] == pytest.approx(right.net_t_ha[0], rel=1e-5, abs=1e-3)
    assert theirs.accumulation_t_ha == pytest.approx(right.accumulation_t_ha, rel=1e-5, abs=1e-3)


@given(runs(), st.data())
def test_an_unknown_class_makes_nothing_known(case, data):
    plan, histories = case
    at = data.draw(st.integers(0, len(histories) - 1))
    histories[at] = UNKNOWN
    result = run(plan, histories)
    assert np.isnan(result.total_net_t_ha).all()
    assert np.isnan(result.stock_t_ha[at:]).all()
    assert not np.isnan(result.stock_t_ha[:at]).any()


@given(st.integers(1, 6), st.integers(1, 5), st.integers(1, 40), st.integers(0, 2**31))
def test_looking_up_histories_gives_back_every_snapshot(classes, snapshots, pixels, seed):
    layers = np.random.default_rng(seed).integers(0, classes + 1, (snapshots, pixels))
    histories, where = distinct_histories(list(layers), classes)
    assert len(np.unique(histories, axis=1).T) == histories.shape[1]
    np.testing.assert_array_equal(np.where(layers == classes, UNKNOWN, layers), histories[:, where])
