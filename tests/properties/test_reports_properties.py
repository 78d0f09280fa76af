"""What must hold of any patches and zones: parts equal wholes, unknown is not zero."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluecarbon_map.factors import load_set
from bluecarbon_map.reports import summary_json
from bluecarbon_map.reports.measure import ha_from_steps
from bluecarbon_map.reports.measured import Measured
from bluecarbon_map.reports.summary import tabulate
from bluecarbon_map.tables import OUTSIDE

KINDS = (
    ("mangrove", None),
    ("salt_marsh", "Spartina alterniflora"),
    ("salt_marsh", None),
    ("tidal_flat", None),
)
ZONES = ("a1", "a2", "b1", "b2")
CITIES = {"A": "甲", "B": "乙"}
HOME = {"a1": "A", "a2": "A", "b1": "B", "b2": "B", OUTSIDE: OUTSIDE}
SUMMED = ("area_ha", "stock_t_c", "stock_t_co2e", "sequestration_t_c_yr", "demonstration_ha")
FEW = settings(max_examples=40, deadline=None)


@st.composite
def measured(draw):
    cells = (len(ZONES) + 1) * len(KINDS)
    steps = draw(st.lists(st.integers(0, 10**13), min_size=cells, max_size=cells))
    area = np.array(steps, dtype=np.int64).reshape(-1, len(KINDS))
    share = draw(st.integers(0, 3))
    return Measured(
        zone_ids=(*ZONES, OUTSIDE),
        kinds=KINDS,
        steps=area,
        demonstration_steps=area * share // 3,
        overlap_ha=0.0,
    )


def exact(rows, column):
    """Sum of the printed numbers, in decimal arithmetic; None where none is known."""
    printed = [Decimal(repr(row[column])) for row in rows if row[column] is not None]
    return sum(printed) if printed else None


@FEW
@given(measured())
def test_counties_cities_and_the_total_are_one_number_to_the_printed_digit(areas):
    counties = summary_json(
        tabulate(areas, load_set("zhejiang"), zone_names=dict.fromkeys(ZONES, "x"))
    )
    cities = summary_json(tabulate(areas, load_set("zhejiang"), zone_names=CITIES, home=HOME))
    for column in SUMMED:
        total = counties["totals"][column]
        assert cities["totals"][column] == total
        for body in (counties, cities):
            printed = exact(body["rows"], column)
            assert (printed or 0) == (0 if total is None else Decimal(repr(total))), column


@FEW
@given(measured())
def test_no_ground_is_lost_and_none_is_made(areas):
    summary = tabulate(areas, load_set("zhejiang"), zone_names=dict.fromkeys(ZONES, "x"))
    whole_ha = float(ha_from_steps(areas.steps).sum())
    assert summary.totals.area_ha == pytest.approx(whole_ha, rel=1e-12)
    assert summary.totals.outside_ha <= summary.totals.area_ha
    assert summary.totals.unvalued_ha == pytest.approx(
        float(ha_from_steps(areas.steps)[:, 3].sum()), rel=1e-12
    )


@FEW
@given(measured())
def test_unknown_carbon_is_unknown_in_every_column_and_never_zero(areas):
    summary = tabulate(areas, load_set("zhejiang"), zone_names=dict.fromkeys(ZONES, "x"))
    flats = summary.parts[summary.parts["ecosystem"] == "tidal_flat"]
    assert flats[["stock_t_c", "stock_t_co2e", "stock_t_c_low", "factor_id"]].isna().all(axis=None)
    known = summary.parts[summary.parts["ecosystem"] != "tidal_flat"]
    assert known["stock_t_c"].notna().all()


@FEW
@given(measured())
def test_an_interval_holds_its_value(areas):
    rows = tabulate(areas, load_set("zhejiang"), zone_names=CITIES, home=HOME).rows
    known = rows[rows["stock_t_c_low"].notna()]
    slack_t_c = 1e-5
    assert (known["stock_t_c_low"] <= known["stock_t_c"] + slack_t_c).all()
    assert (known["stock_t_c"] <= known["stock_t_c_high"] + slack_t_c).all()


@FEW
@given(measured(), st.sets(st.sampled_from(["mangrove", "salt_marsh", "tidal_flat"])))
def test_ecosystems_shown_alone_have_the_rows_they_have_among_others(areas, chosen):
    names = dict.fromkeys(ZONES, "x")
    whole = tabulate(areas, load_set("zhejiang"), zone_names=names).rows
    alone = tabulate(areas, load_set("zhejiang"), zone_names=names, ecosystems=chosen).rows
    kept = whole[whole["ecosystem"].isin(chosen)].reset_index(drop=True)
    assert alone.equals(kept) or (alone.empty and kept.empty)
