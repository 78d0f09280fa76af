"""Soil cores: worked cores by hand, refusals, gaps, compaction, and the real Chinese cores."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.accounting.cores import (
    LEAST_COVERAGE,
    compaction_factor,
    core_stock,
    decompacted,
    slices_of,
)

NAN = math.nan
M0480 = [
    (0, 20, 0.947, 0.02656),
    (20, 40, 0.956, 0.02119),
    (40, 60, 0.972, 0.01567),
    (60, 80, 0.995, 0.01409),
    (80, 100, 1.076, 0.00583),
]
"""Mao et al. 2011, as in the Coastal Carbon Network's library."""


def core(rows):
    return slices_of(*zip(*rows, strict=True))


@pytest.mark.parametrize(("depth", "stock"), [(100, 161.868), (50, 106.051), (30, 70.562)])
def test_a_complete_core_adds_up_its_slices_and_a_part_of_the_one_that_is_crossed(depth, stock):
    result = core_stock(core(M0480), depth)
    assert result.density_t_c_ha == pytest.approx(stock, abs=0.005)
    assert (result.covered_cm, result.coverage) == (depth, 1.0)
    assert not result.extrapolated


def test_means_of_bulk_density_and_carbon_are_never_multiplied():
    """That shortcut gives 164.880 for the same core."""
    assert core_stock(core(M0480), 100).density_t_c_ha < 162


@pytest.mark.parametrize(
    ("rows", "stock"),
    [
        ([(0, 10, 0.6, 0.01241), (10, 20, 0.62, 0.01096), (20, 30, 0.56, 0.01117),
          (30, 40, 0.63, 0.01124)], 27.578),
        ([(0, 10, 0.66, 0.01286), (10, 20, 0.57, 0.01152), (20, 30, 0.73, 0.0111),
          (30, 40, 0.84, 0.01116)], 32.531),
        ([(0, 10, 0.57, 0.01209), (10, 20, 0.71, 0.01122), (20, 30, 0.76, 0.01109),
          (30, 40, 0.8, 0.01108)], 32.15),
        ([(0, 100, 1.21, 0.0069)], None),
    ],
)  # fmt: skip
def test_the_yueqing_bay_cores_hold_what_was_published_down_to_40_cm(rows, stock):
    result = core_stock(core(rows), 40)
    wanted = 1.21 * 0.0069 * 40 * 100 if stock is None else stock
    assert result.density_t_c_ha == pytest.approx(wanted, abs=0.005)


def test_a_core_of_40_cm_is_refused_a_metre_and_says_what_to_ask_for():
    rows = [(0, 10, 0.6, 0.012), (10, 20, 0.6, 0.011), (20, 30, 0.6, 0.011), (30, 40, 0.6, 0.011)]
    result = core_stock(core(rows), 100)
    assert math.isnan(result.density_t_c_ha)
    assert "40 of 100 cm" in result.refused_because
    assert "ask for that depth, or for extrapolation" in result.refused_because


def test_a_short_core_is_carried_on_only_when_asked_with_an_error():
    """A core of constant carbon, 0.01 g/cm³, is a straight line: 1 m of it holds 100 t/ha."""
    rows = [(10 * i, 10 * i + 10, 1.0, 0.01) for i in range(5)]
    result = core_stock(core(rows), 100, extrapolate=True)
    assert result.density_t_c_ha == pytest.approx(100.0)
    assert result.density_se_t_c_ha == pytest.approx(0.0, abs=1e-9)
    assert result.extrapolated
    assert result.coverage == 0.5


def test_the_standard_error_of_an_extrapolation_is_that_of_the_fitted_line():
    """Carbon above 10, 20, 30 cm: 10, 22, 30. Line 32/3·... by hand: slope 1, at 40 cm 40.667."""
    rows = [(0, 10, 1.0, 0.010), (10, 20, 1.0, 0.012), (20, 30, 1.0, 0.008)]
    result = core_stock(core(rows), 40, extrapolate=True)
    # mean depth 20, mean carbon 62/3, slope (30 - 10) / 20 = 1; residuals -2/3, 4/3, -2/3
    assert result.density_t_c_ha == pytest.approx(62 / 3 + 20)
    variance = (4 / 9 + 16 / 9 + 4 / 9) / 1
    assert result.density_se_t_c_ha == pytest.approx(math.sqrt(variance * (1 / 3 + 400 / 200)))


def test_three_of_28_slices_with_bulk_density_never_give_a_stock():
    """Alongi et al. 2005, M0084: the naive sum of what is there is 11.887."""
    edges = np.linspace(0, 100, 29)
    density = np.full(28, NAN)
    density[[0, 5, 10]] = 0.9
    rows = slices_of(edges[:-1], edges[1:], density, np.full(28, 0.012))
    for asked in (False, True):
        result = core_stock(rows, 100, extrapolate=asked)
        assert math.isnan(result.density_t_c_ha)
        assert "< 80 %" in result.refused_because


@pytest.mark.parametrize(
    ("density", "carbon", "reason"),
    [
        ([NAN, NAN], [0.01, 0.01], "no bulk density"),
        ([1.0, 1.0], [NAN, NAN], "no organic carbon"),
        ([1.0, NAN], [NAN, 0.01], "no slice has both"),
    ],
)
def test_what_was_not_measured_is_named_and_is_never_zero(density, carbon, reason):
    result = core_stock(slices_of([0, 10], [10, 20], density, carbon), 20)
    assert math.isnan(result.density_t_c_ha)
    assert reason in result.refused_because


def test_a_gap_goes_half_to_the_slice_above_and_half_to_the_one_below():
    """0–40 and 60–100 cm measured: the first counts to 50 cm, the second from there."""
    rows = [(0, 40, 1.0, 0.02), (60, 100, 1.0, 0.01)]
    result = core_stock(core(rows), 100)
    assert result.coverage == 0.8
    assert result.density_t_c_ha == pytest.approx(50 * 2 + 50 * 1)


def test_a_slice_without_a_value_is_a_gap():
    rows = [(0, 40, 1.0, 0.02), (40, 60, NAN, 0.5), (60, 100, 1.0, 0.01)]
    assert core_stock(core(rows), 100).density_t_c_ha == pytest.approx(150.0)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(0, 10, 1, 0.01), (5, 15, 1, 0.01)], "overlap"),
        ([(10, 10, 1, 0.01)], "depth_min, depth_max"),
        ([(-1, 10, 1, 0.01)], "depth_min, depth_max"),
        ([(0, 10, 950, 0.01)], "kg/m³"),
        ([(0, 10, 1, 1.24)], "per cent"),
        ([(0, 10, 1, -0.1)], "per cent"),
        ([], "at least one slice"),
    ],
)
def test_slices_that_cannot_be_are_refused(rows, said):
    with pytest.raises(ValueError, match=said):
        slices_of(*(zip(*rows, strict=True) if rows else ([], [], [], [])))


def test_compaction_changes_depth_and_bulk_density_together_so_that_no_carbon_is_made():
    factor = compaction_factor(200, 35, 25)
    assert factor == pytest.approx(0.942857, abs=1e-6)
    whole = core_stock(core(M0480), 100).density_t_c_ha
    inflated = decompacted(core(M0480), factor)
    assert inflated.bottom_cm[-1] == pytest.approx(100 / factor)
    assert core_stock(inflated, 100 / factor).density_t_c_ha == pytest.approx(whole)


@pytest.mark.parametrize("lengths", [(100, 20, 30), (100, 100, 20), (math.inf, 1, 1), (100, 5, -1)])
def test_impossible_lengths_of_a_sampler_are_refused(lengths):
    with pytest.raises(ValueError, match="outside <= inside"):
        compaction_factor(*lengths)


THICKNESS = st.lists(st.floats(1, 30), min_size=1, max_size=8)
VALUE = st.tuples(st.floats(0.1, 2.0), st.floats(0.001, 0.3))


@given(THICKNESS, st.data())
def test_cutting_a_slice_in_two_changes_nothing(thickness, data):
    bottom = np.cumsum(thickness)
    top = bottom - thickness
    values = np.array([data.draw(VALUE) for _ in thickness])
    whole = core_stock(slices_of(top, bottom, *values.T), float(bottom[-1]))
    middle = (top + bottom) / 2
    halves = slices_of(np.r_[top, middle], np.r_[middle, bottom], *np.vstack([values, values]).T)
    cut = core_stock(halves, float(bottom[-1]))
    assert cut.density_t_c_ha == pytest.approx(whole.density_t_c_ha, rel=1e-9)
    assert cut.coverage == pytest.approx(1.0)


@given(THICKNESS, st.data(), st.floats(0.1, 1.0))
def test_more_depth_never_holds_less_carbon(thickness, data, share):
    bottom = np.cumsum(thickness)
    values = np.array([data.draw(VALUE) for _ in thickness])
    one = slices_of(bottom - thickness, bottom, *values.T)
    depth = float(bottom[-1])
    upper = core_stock(one, depth * share).density_t_c_ha
    assert upper <= core_stock(one, depth).density_t_c_ha * (1 + 1e-12)


@pytest.mark.shared
def test_the_real_chinese_cores_come_out_as_published(shared):
    slices = pd.read_csv(shared / "data" / "cores" / "ccn_china_depthseries.csv")
    published = pd.read_csv(shared / "data" / "cores" / "ccn_china_cores.csv")
    known = published.dropna(subset="stock_sampled_tC_ha").set_index(["study_id", "core_id"])
    assert len(known) == 77
    columns = ["depth_min", "depth_max", "dry_bulk_density", "fraction_carbon"]
    complete = 0
    for key, rows in slices.groupby(["study_id", "core_id"]):
        one = slices_of(*(rows[column] for column in columns))
        result = core_stock(one, float(rows["depth_max"].max()))
        if key not in known.index:
            assert math.isnan(result.density_t_c_ha)
            assert result.refused_because
        elif result.coverage == pytest.approx(1.0):
            complete += 1
            wanted = known.loc[key, "stock_sampled_tC_ha"]
            assert result.density_t_c_ha == pytest.approx(wanted, abs=0.006), key
        else:
            assert (result.refused_because is None) == (result.coverage >= LEAST_COVERAGE)
    assert complete == 64
