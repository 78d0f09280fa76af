"""What must hold of the schemes side by side, whatever the survey holds."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.errors import AccountingError
from bluecarbon_map.factors import load_set
from bluecarbon_map.reports import standards
from bluecarbon_map.reports.measured import Measured
from bluecarbon_map.reports.summary import tabulate
from bluecarbon_map.tables import OUTSIDE

KINDS = (*((key, None) for key in ECOSYSTEMS), ("salt_marsh", "Spartina alterniflora"))
FEW = settings(max_examples=6)


def tabulated(measured):
    return lambda factor_set, ecosystems: tabulate(
        measured, factor_set, zone_names={"a": "甲"}, ecosystems=ecosystems
    )


@st.composite
def surveys(draw):
    """Areas of any of the ecosystems in a zone and outside; most of them absent."""
    cell = st.one_of(st.just(0), st.integers(0, 10**13))
    steps = draw(st.lists(cell, min_size=2 * len(KINDS), max_size=2 * len(KINDS)))
    area = np.array(steps, dtype=np.int64).reshape(2, len(KINDS))
    return Measured(
        zone_ids=("a", OUTSIDE),
        kinds=KINDS,
        steps=area,
        demonstration_steps=area * draw(st.integers(0, 2)) // 2,
        overlap_ha=0.0,
    )


def same(one, other):
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)


@FEW
@given(surveys())
def test_what_is_counted_and_what_is_left_out_are_the_survey(measured):
    whole_ha = float(measured.steps.sum()) / 1e8
    for one in standards.under_schemes(tabulated(measured)):
        assert same(one.area_ha, whole_ha)
        assert same(one.counted_ha + one.left_out_ha, whole_ha)
        assert same(math.fsum(line.area_ha for line in one.lines), whole_ha)
        assert all(line.why for line in one.left_out)


@FEW
@given(surveys())
def test_a_scheme_is_the_sum_of_its_ecosystems_and_unknown_stays_unknown(measured):
    for one in standards.under_schemes(tabulated(measured)):
        for whole, name, unknown in (
            (one.stock_t_c, "stock_t_c", one.unvalued_ha),
            (one.flow_t_c_yr, "flow_t_c_yr", one.unrated_ha),
        ):
            parts = [getattr(line, name) for line in one.counted]
            known = [part for part in parts if part is not None]
            assert (whole is None) == (not known)
            assert whole is None or same(whole, math.fsum(known))
            assert (None in parts) <= (unknown > 0)


@FEW
@given(surveys())
def test_every_unknown_has_a_reason_and_nothing_left_out_has_carbon(measured):
    for one in standards.under_schemes(tabulated(measured)):
        for line in one.counted:
            assert (line.no_stock is not None) == (line.unvalued_ha > 0)
            assert (line.no_flow is not None) == (line.unrated_ha > 0)
        for line in one.left_out:
            assert line.stock_t_c is None
            assert line.flow_t_c_yr is None


@FEW
@given(surveys())
def test_spartina_is_visible_and_what_the_survey_does_not_hold_is_named(measured):
    spartina_ha = float(measured.steps[:, -1].sum()) / 1e8
    for one in standards.under_schemes(tabulated(measured)):
        marsh = [line for line in one.counted if line.ecosystem == "salt_marsh"]
        assert same(one.invasive_ha, spartina_ha if marsh else 0.0)
        there = {line.ecosystem for line in one.lines}
        assert there.isdisjoint(category.ecosystem for category in one.not_mapped)
        assert all(category.name for category in one.not_mapped)


@FEW
@given(surveys())
def test_a_set_of_ones_own_that_is_a_copy_of_another_comes_to_the_same(measured):
    copy = dataclasses.replace(load_set("zhejiang"), set_id="mine.csv")
    rows = {r.scheme.scheme_id: r for r in standards.under_schemes(tabulated(measured), copy)}
    if rows:
        assert rows["own"].stock_t_c == rows["local"].stock_t_c
        assert rows["own"].flow_t_c_yr == rows["local"].flow_t_c_yr


def test_parts_that_miss_their_whole_are_never_shown():
    measured = Measured(
        zone_ids=("a", OUTSIDE),
        kinds=KINDS,
        steps=np.full((2, len(KINDS)), 10**9, dtype=np.int64),
        demonstration_steps=np.zeros((2, len(KINDS)), dtype=np.int64),
        overlap_ha=0.0,
    )
    made = standards.under_schemes(tabulated(measured))[0]
    for changed in ({"left_out_ha": 0.0}, {"stock_t_c": 1.0}, {"stock_t_c": None}):
        with pytest.raises(AccountingError, match="provincial"):
            standards._check(dataclasses.replace(made, **changed))
