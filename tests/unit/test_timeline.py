"""The timeline model on arrays: golden cases, InVEST's five deviations, each by a worked pixel.

Cases A01–A12 are those of the accounting acceptance list, with its tolerances.
"""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import timeline as bench
from bluecarbon_map.accounting.timeline import (
    UNKNOWN,
    Change,
    Classes,
    Plan,
    Prices,
    discounted,
    distinct_histories,
    emitted_t_ha,
    growing_prices,
    latest_disturbance,
    left_share,
    net_present_value,
    one_or_the_other,
    run,
    value_as_invest,
)
from bluecarbon_map.reading.timeline import read_biophysical, read_transitions

NAN = math.nan
MANGROVE, PARKING, POND = 0, 1, 2
ROWS = {
    "mangrove": ((64, 313, 3), (2, 5.35, 1), (15, 7.5), ((0.5, 0.5, 1.0), (0.3, 0.5, 0.66))),
    "parking lot": ((0, 0, 0), (0, 0, 0), (0, 0), ((0, 0, 0), (0, 0, 0))),
    "pond": ((0, 0, 0), (0, 0, 0), (1, 1), ((0, 0, 0), (0, 0, 0))),
}
"""InVEST's own test table, and a pond from which carbon would go within a year."""


def classes(**changes):
    rows = ROWS | changes
    initial, gained, half_life, share = (
        np.array([row[i] for row in rows.values()], dtype=float).T for i in range(4)
    )
    return Classes(
        code=np.arange(1, len(rows) + 1),
        name=tuple(rows),
        initial_t_ha=initial,
        accumulation_t_ha_yr=gained,
        half_life_yr=half_life,
        disturbed_share=np.moveaxis(share, 0, 1),
    )


def plan(years=(2000, 2010, 2020), until=2020, prices=None, kinds=None, table=None):
    change = np.full((3, 3), Change.NONE, dtype=np.int8)
    change[:, MANGROVE] = Change.ACCUMULATES
    change[MANGROVE, 1:] = Change.HIGH
    for (before, after), kind in (kinds or {}).items():
        change[before, after] = kind
    if prices is not None:
        prices = Prices(per_t=growing_prices(*prices, until - years[0]), discount=0.04)
    return Plan(
        classes=table or classes(),
        change=change,
        snapshot_years=years,
        until=until,
        prices=prices,
    )


def of(*history, compat=False, **options):
    return run(plan(**options), np.array(history)[:, None], invest_compat=compat)


SWAPPED = np.array([[MANGROVE, PARKING], [PARKING, MANGROVE], [MANGROVE, PARKING]])
"""Two pixels of mangrove and parking lot, swapped in 2010 and swapped back in 2020."""


def test_a01_the_year_of_the_disturbance_is_the_first_to_emit():
    assert emitted_t_ha(5.5, 7.5, 10, 15) == pytest.approx(0.3058625, rel=1e-6)
    assert emitted_t_ha(100, 1, 2020, 2020) == pytest.approx(50)


def test_a02_a_mangrove_builds_up_all_three_pools():
    for compat in (False, True):
        result = run(plan(), SWAPPED, invest_compat=compat)
        assert result.net_t_ha[0] == pytest.approx([83.5, 0.0], rel=1e-6)


def test_a03_invest_leaves_litter_out_of_what_a_restored_pixel_takes_up():
    result = run(plan(), SWAPPED, invest_compat=True)
    assert result.net_t_ha[1] == pytest.approx([-176.9792, 73.5], rel=1e-6)


def test_a03_a_restored_pixel_takes_up_its_litter_too():
    """84·(1 − 0.5^(10/15)) + 366.5·0.66·(1 − 0.5^(10/7.5)) and 10·(2 + 5.35 + 1), by hand."""
    result = run(plan(), SWAPPED)
    assert result.net_t_ha[1] == pytest.approx([-176.9792, 83.5], rel=1e-6)


def test_a05_invest_puts_a_new_disturbance_in_place_of_the_last():
    volume, year = latest_disturbance(
        [0.5, NAN, 0.0], [10.0, NAN, 10.0], [700.0, NAN, 300.0], [2000.0, NAN, 1990.0], 2010
    )
    np.testing.assert_array_equal(volume, [5.0, NAN, 300.0])
    np.testing.assert_array_equal(year, [2010.0, NAN, 1990.0])


def test_a06_invest_multiplies_all_carbon_by_all_prices():
    result = run(plan(prices=(10, 0.05)), SWAPPED, invest_compat=True)
    assert result.value_per_ha[-1] == pytest.approx([-20506.314, 16123.521], rel=1e-6)


def test_a07_each_years_carbon_is_worth_that_years_price():
    """The case's carbon is InVEST's: its second pixel takes up no litter after the transition."""
    years = np.arange(1, 11)
    lost = 84 * (left_share(years - 1, 15) - left_share(years, 15))
    lost += 366.5 * 0.66 * (left_share(years - 1, 7.5) - left_share(years, 7.5))
    net = np.array([[8.35] * 10 + list(-lost), [0.0] * 10 + [7.35] * 10]).T
    prices = Prices(per_t=growing_prices(10, 0.05, 20), discount=0.04)
    assert net_present_value(net, prices) == pytest.approx([-1148.572, 844.72], rel=1e-5)


def test_a07_by_default_the_second_pixel_is_worth_its_litter_too():
    """844.72 · 8.35 / 7.35 = 959.648: the same years at the same prices."""
    result = run(plan(prices=(10, 0.05)), SWAPPED)
    assert result.value_per_ha[-1] == pytest.approx([-1148.572, 959.648], rel=1e-5)


def test_a08_a_price_that_grows_as_it_is_discounted_counts_every_tonne_once():
    prices = Prices(per_t=growing_prices(1, 0.04, 10), discount=0.04)
    assert net_present_value(np.full(10, 8.35), prices) == pytest.approx(83.5, rel=1e-9)
    assert value_as_invest(83.5, prices) == pytest.approx(835.0, rel=1e-9)


def test_a10_invests_value_by_hand():
    first = np.array([[1005, 502.5], [2009, 50]])
    second = np.array([[1005.5, 502.75], [2010, 50]])
    third = np.array([[1006, 503], [2011, 50]])
    year_1 = value_as_invest(first + second, Prices(per_t=np.array([50.0]), discount=0.1))
    year_2 = value_as_invest(
        first + second + third, Prices(per_t=np.array([50.0, 80.0]), discount=0.1)
    )
    assert year_1 == pytest.approx(np.array([[100525, 50262.5], [200950, 5000]]), rel=1e-7)
    wanted = np.array([[370206.818182, 185103.409091], [740045.454545, 18409.090909]])
    assert year_2 == pytest.approx(wanted, rel=1e-7)


def test_a12_in_invest_an_emission_wins_where_both_are():
    net = one_or_the_other([[40, NAN], [70, NAN]], [[NAN, 8], [7, NAN]])
    np.testing.assert_array_equal(net, [[40, -8], [-7, NAN]])


def test_deviation_1_invest_writes_a_years_litter_where_its_stock_belongs():
    years = {"years": (2000,), "until": 2010}
    assert of(MANGROVE, **years).stock_t_ha[:, 0] == pytest.approx([380, 380 + 83.5])
    assert of(MANGROVE, compat=True, **years).stock_t_ha[:, 0] == pytest.approx([378, 378 + 73.5])


def test_deviation_2_invests_accumulation_less_emissions_is_not_its_net():
    right, theirs = (of(MANGROVE, MANGROVE, MANGROVE, compat=compat) for compat in (False, True))
    assert right.accumulation_t_ha[1] == theirs.accumulation_t_ha[1] == pytest.approx(83.5)
    assert right.net_t_ha[1] == pytest.approx(83.5)
    assert theirs.net_t_ha[1] == pytest.approx(73.5)


def test_deviation_3_a_restored_pixel_accumulates_while_old_carbon_decays():
    """Cleared in 2010, replanted in 2011: the year 2011 of the soil, 366.5 · 0.66 disturbed."""
    history = (MANGROVE, PARKING, MANGROVE)
    table = classes(**{"parking lot": ((0,) * 3, (0,) * 3, (15, 7.5), ((0,) * 3, (0,) * 3))})
    options = {"years": (2000, 2010, 2011), "until": 2012, "table": table}
    lost = emitted_t_ha(84, 15, 2010, 2011) + emitted_t_ha(366.5 * 0.66, 7.5, 2010, 2011)
    right, theirs = (of(*history, compat=compat, **options) for compat in (False, True))
    assert right.net_t_ha[2, 0] == pytest.approx(8.35 - float(lost))
    assert theirs.net_t_ha[2, 0] == pytest.approx(-float(lost))


@pytest.mark.parametrize(("between", "theirs"), [(PARKING, 0.0), (POND, None)])
def test_deviation_4_disturbed_carbon_keeps_its_half_life_whatever_stands_there_later(
    between, theirs
):
    """Cleared in 2010; in 2020 the class in between is left, half-life 0 or 1 year."""
    soil = 366.5 * 0.66
    left = 84 * left_share(10, 15) + soil * left_share(10, 7.5)
    after = 84 * left_share(20, 15) + soil * left_share(20, 7.5)
    right = of(MANGROVE, between, between, until=2030)
    assert right.emissions_t_ha[2, 0] == pytest.approx(float(left - after))
    switched = (84 + soil) * (left_share(10, 1) - left_share(20, 1)) if theirs is None else theirs
    compat = of(MANGROVE, between, between, until=2030, compat=True)
    assert compat.emissions_t_ha[2, 0] == pytest.approx(float(switched), rel=1e-5)


def test_deviation_5_invests_value_is_too_high_by_about_the_number_of_years():
    right, theirs = (
        of(MANGROVE, years=(2000,), until=2010, prices=(1, 0.04), compat=compat)
        for compat in (False, True)
    )
    assert right.value_per_ha[0, 0] == pytest.approx(83.5)
    assert theirs.value_per_ha[0, 0] == pytest.approx(835.0)


def test_carbon_that_is_disturbed_already_is_not_disturbed_again():
    """Low in 2010 takes half of 84 biomass; high in 2020 takes the other half and no more."""
    kinds = {(MANGROVE, POND): Change.LOW, (POND, PARKING): Change.HIGH}
    pond = ((0,) * 3, (0,) * 3, (5, 5), ((0.2, 0.5, 1.0), (0, 0, 0)))
    result = of(MANGROVE, POND, PARKING, until=4000, kinds=kinds, table=classes(pond=pond))
    soil_lost = 366.5 * 0.3
    assert result.emissions_t_ha.sum() == pytest.approx(84 + soil_lost)
    assert result.stock_t_ha[-1, 0] == pytest.approx(366.5 - soil_lost + 13)


def test_a_half_life_of_zero_means_that_nothing_is_emitted():
    lasting = ((64, 313, 3), (2, 5.35, 1), (0, 0), ROWS["mangrove"][3])
    result = of(MANGROVE, PARKING, PARKING, until=2100, table=classes(mangrove=lasting))
    assert (result.emissions_t_ha == 0).all()
    assert result.stock_t_ha[-1, 0] == pytest.approx(463.5)


def test_no_change_in_carbon_halts_biomass_and_soil_and_leaves_litter():
    kinds = {(MANGROVE, MANGROVE): Change.NONE}
    result = of(MANGROVE, MANGROVE, MANGROVE, kinds=kinds)
    assert result.net_t_ha[:, 0] == pytest.approx([83.5, 10.0])


def test_an_unknown_class_is_unknown_from_its_snapshot_on_and_never_zero():
    result = of(MANGROVE, UNKNOWN, MANGROVE, until=2030, prices=(1, 0))
    assert result.stock_t_ha[0, 0] == 380
    assert result.net_t_ha[0, 0] == pytest.approx(83.5)
    later = (result.stock_t_ha, result.net_t_ha, result.emissions_t_ha, result.accumulation_t_ha)
    assert all(np.isnan(one[1:]).all() for one in later)
    assert np.isnan(result.total_net_t_ha).all()
    assert np.isnan(result.value_per_ha[1:]).all()


def test_a_transition_that_the_table_misses_is_refused_by_name():
    with pytest.raises(ValueError, match="nothing of mangrove → pond"):
        of(MANGROVE, POND, POND, kinds={(MANGROVE, POND): Change.MISSING})


@pytest.mark.parametrize(
    ("years", "until", "said"),
    [
        ((2010, 2000), 2020, "ascend"),
        ((2000, 2000), 2020, "ascend"),
        ((), 2020, "ascend"),
        ((2000, 2010), 2005, "not before its last"),
        ((2000,), 2000, "after its first snapshot"),
    ],
)
def test_years_that_cannot_be_are_refused(years, until, said):
    with pytest.raises(ValueError, match=said):
        plan(years=years, until=until)


def test_one_price_a_year_is_needed():
    with pytest.raises(ValueError, match="20 prices are needed"):
        Plan(
            classes=classes(),
            change=plan().change,
            snapshot_years=(2000, 2020),
            until=2020,
            prices=Prices(per_t=np.ones(19), discount=0.0),
        )
    with pytest.raises(ValueError, match="one a year"):
        net_present_value([1.0, 2.0], Prices(per_t=np.ones(3), discount=0.0))


@pytest.mark.parametrize("price", [-1.0, NAN, math.inf])
def test_prices_that_cannot_be_are_refused(price):
    with pytest.raises(ValueError, match="finite number >= 0"):
        Prices(per_t=np.array([price]), discount=0.0)


@pytest.mark.parametrize("discount", [-1.0, NAN, math.inf])
def test_discounts_that_cannot_be_are_refused(discount):
    with pytest.raises(ValueError, match="above -1"):
        Prices(per_t=np.ones(1), discount=discount)


def test_a_discount_works_from_the_second_year_on():
    prices = Prices(per_t=np.array([10.0, 11.0]), discount=0.1)
    assert discounted(prices) == pytest.approx([10.0, 10.0])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (((-1, 0, 0), (0, 0, 0), (1, 1), ((0,) * 3,) * 2), "initial_t_ha"),
        (((0, 0, 0), (0, NAN, 0), (1, 1), ((0,) * 3,) * 2), "accumulation_t_ha_yr"),
        (((0, 0, 0), (0, 0, 0), (1, -1), ((0,) * 3,) * 2), "half_life_yr"),
        (((0, 0, 0), (0, 0, 0), (1, 1), ((0,) * 3, (0, 50, 0))), "share of 0 to 1"),
    ],
)
def test_numbers_of_classes_that_cannot_be_are_refused(row, said):
    with pytest.raises(ValueError, match=said):
        classes(pond=row)


def test_histories_that_occur_are_told_once_and_every_pixel_finds_its_own():
    first = np.array([[0, 1, 2], [0, 1, 3]])
    second = np.array([[1, 1, 0], [1, 3, 3]])
    histories, where = distinct_histories([first, second], 3)
    assert histories.shape == (2, 5)
    for layer, row in zip((first, second), histories, strict=True):
        np.testing.assert_array_equal(np.where(layer == 3, UNKNOWN, layer), row[where])


def test_many_classes_and_snapshots_do_not_overflow():
    rng = np.random.default_rng(0)
    layers = [rng.integers(0, 5000, 50) for _ in range(30)]
    histories, where = distinct_histories(layers, 5000)
    np.testing.assert_array_equal(np.array(layers), histories[:, where])


def test_snapshots_of_different_shapes_are_refused():
    with pytest.raises(ValueError, match="one shape"):
        distinct_histories([np.zeros(3, int), np.zeros(4, int)], 1)


@pytest.mark.parametrize("histories", [np.zeros(3, int), np.zeros((2, 3), int), np.full((3, 1), 9)])
def test_histories_that_are_none_are_refused(histories):
    with pytest.raises(ValueError, match="a history"):
        run(plan(), histories)


INVEST = Path(__file__).parents[1] / "data" / "timeline_invest.csv"
"""What natcap.invest 3.20.2 wrote for every history of five classes over three snapshots, with the
tables and prices of benchmarks/timeline.py; empty where it wrote no data."""


@pytest.fixture
def invests(tmp_path):
    """The same run, its histories, and InVEST's numbers by name of the raster."""
    folder = bench.write_case(tmp_path, 8)
    table = read_biophysical(folder / "biophysical.csv").classes
    prices = growing_prices(10.0, 0.05, bench.UNTIL - bench.YEARS[0])
    asked = Plan(
        classes=table,
        change=read_transitions(folder / "transitions.csv", table),
        snapshot_years=bench.YEARS,
        until=bench.UNTIL,
        prices=Prices(per_t=prices, discount=0.04),
    )
    numbers = pd.read_csv(INVEST)
    histories = numbers[[f"class_{year}" for year in bench.YEARS]].to_numpy().T - 1
    return asked, histories, numbers


def close_to_its_value(result, asked, period, theirs):
    """To 1e-5, and one unit of single precision of what cancels in it.

    Powers of single precision differ in their last digit from one processor to another, and a net
    that is a small difference of large amounts shows it; InVEST's numbers are of one processor.
    """
    if theirs is None:
        return
    gross = np.nansum(
        [np.abs(part[: period + 1]) for part in (result.accumulation_t_ha, result.emissions_t_ha)],
        axis=(0, 1),
    )
    prices = asked.prices_until(asked.periods[period][1])
    per_t = float(value_as_invest(np.ones(1), prices)[0])
    unit = np.finfo(np.float32).eps * gross * per_t
    ours, theirs = result.value_per_ha[period], theirs.to_numpy()
    off = np.abs(ours - theirs)
    assert (np.isnan(ours) == np.isnan(theirs)).all()
    assert not (off > 1e-5 + 1e-5 * np.abs(theirs) + unit).any()


def test_every_history_of_five_classes_comes_out_as_in_invest(invests):
    asked, histories, numbers = invests
    result = run(asked, histories, invest_compat=True)
    assert histories.shape == (3, 125)
    for i, year in enumerate(asked.stock_years):
        np.testing.assert_allclose(result.stock_t_ha[i], numbers[f"carbon-stock-at-{year}"], 1e-5)
    for i, (start, end) in enumerate(asked.periods):
        ours = {
            f"carbon-accumulation-between-{start}-and-{end}": result.accumulation_t_ha[i],
            f"carbon-emissions-between-{start}-and-{end}": result.emissions_t_ha[i],
            f"total-net-carbon-sequestration-between-{start}-and-{end}": result.net_t_ha[i],
            f"net-present-value-at-{end}": result.value_per_ha[i],
        }
        for name in ours.keys() - {f"net-present-value-at-{end}"} & set(numbers):
            np.testing.assert_allclose(ours[name], numbers[name], 1e-5, 1e-5, err_msg=name)
        close_to_its_value(result, asked, i, numbers.get(f"net-present-value-at-{end}"))
    total = numbers["total-net-carbon-sequestration"]
    np.testing.assert_allclose(result.total_net_t_ha, total, 1e-5, 1e-5)


@pytest.mark.parametrize(
    ("between", "ours", "theirs"), [(4, 120.8180, 220.5001), (3, 162.4786, 49.8800)]
)
def test_what_invest_does_to_a_restoration_project(invests, between, ours, theirs):
    """The worked pixels of the page: mangrove lost in 2010, replanted in 2020, until 2050.

    From a parking lot (half-life 0) InVEST forgets the old emissions; from a pond (half-life 1) it
    holds up the new growth.
    """
    asked, histories, numbers = invests
    at = np.flatnonzero((histories[0] == 0) & (histories[1] == between) & (histories[2] == 0))
    result = run(asked, histories[:, at])
    assert result.net_t_ha[2, 0] == pytest.approx(ours, abs=5e-5)
    written = numbers["total-net-carbon-sequestration-between-2020-and-2050"].iloc[at]
    assert float(written.iloc[0]) == pytest.approx(theirs, abs=5e-5)
