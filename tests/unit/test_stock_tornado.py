"""Which input moves a stock most: by hand, shared coefficients once, the base point reproduced."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluecarbon_map import reports
from bluecarbon_map.reports import Input, stock_tornado
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.tables import Level
from tests.summaries import around, factor_set, pool, summary_of

AREAS = [[10.0, 20.0, 0.0, 5.0], [0.0, 30.0, 40.0, 7.0]]


def _chosen():
    shared = pool("shared", 100.0, around(100.0, 40.0, "borrowed SD"))
    return factor_set(
        {
            ("mangrove", None): [shared, pool("plants", 20.0, name="biomass", depth=None)],
            ("salt_marsh", "Spartina alterniflora"): [pool("own", 50.0, around(50, 5, "SE"))],
            ("salt_marsh", None): [shared],
        }
    )


@pytest.fixture(scope="module")
def found():
    return stock_tornado(summary_of(AREAS, _chosen()))


def test_the_stock_is_reproduced_and_the_widest_swing_stands_first(found):
    """Mangrove 10 ha × 120; marsh 50 ha × 50 and 40 ha × 100: 7,700 t C."""
    assert found.stock_t_c == pytest.approx(7700)
    assert [(one.what, one.key) for one in found.swings] == [
        (Input.AREA, "salt_marsh"), (Input.COEFFICIENT, "shared"), (Input.COEFFICIENT, "own"),
        (Input.AREA, "mangrove"), (Input.COEFFICIENT, "plants"),
    ]  # fmt: skip
    assert [one.width_t_c for one in found.swings] == pytest.approx([3250, 2500, 1250, 600, 100])


def test_a_shared_coefficient_is_one_input_and_names_all_it_is_about(found):
    (shared,) = [one for one in found.swings if one.key == "shared"]
    assert shared.kinds == (("mangrove", None), ("salt_marsh", None))
    assert (shared.value, shared.unit, shared.pool) == (100.0, "t C/ha", "soil 0-100 cm")
    assert (shared.low_t_c, shared.high_t_c) == pytest.approx((7700 - 1250, 7700 + 1250))


def test_beside_it_stands_what_the_coefficient_s_own_interval_would_do(found):
    """50 ha of the shared one × 40 t C/ha: 2,000 to both sides, more than a quarter does."""
    (shared,) = [one for one in found.swings if one.key == "shared"]
    assert (shared.own_low_t_c, shared.own_high_t_c) == pytest.approx((5700, 9700))
    assert shared.own_kind == "borrowed SD"


def test_an_input_without_an_interval_of_its_own_says_so(found):
    for one in found.swings:
        if one.what is Input.AREA or one.key == "plants":
            assert math.isnan(one.own_low_t_c)
            assert one.own_kind is None


def test_ground_without_a_coefficient_is_named_because_its_effect_is_unknown(found):
    assert found.unvalued == (("tidal_flat", 12.0),)


def test_one_zone_has_its_own_tornado():
    west = stock_tornado(summary_of(AREAS, _chosen()), "w")
    assert west.stock_t_c == pytest.approx(10 * 120 + 20 * 50)
    assert west.unvalued == (("tidal_flat", 5.0),)


def test_a_place_without_any_coefficient_has_no_stock_and_no_inputs():
    nothing = stock_tornado(summary_of(AREAS, factor_set({})))
    assert math.isnan(nothing.stock_t_c)
    assert nothing.swings == ()
    assert [name for name, _ in nothing.unvalued] == ["salt_marsh", "tidal_flat", "mangrove"]


def test_a_summary_that_is_not_area_times_coefficient_is_refused():
    summary = summary_of(AREAS, _chosen())
    pools = summary.pools.assign(stock_t_c=summary.pools["stock_t_c"] * 44 / 12)
    with pytest.raises(ValueError, match="the summary says"):
        stock_tornado(replace(summary, pools=pools))


@settings(max_examples=30)
@given(st.lists(st.floats(0.0, 5000.0), min_size=8, max_size=8))
def test_areas_together_and_coefficients_together_each_swing_by_half_the_stock(areas):
    """A stock is linear in either: a quarter down and up of all of them is half of it."""
    summary = summary_of([areas[:4], areas[4:]], _chosen())
    found = stock_tornado(summary)
    if not found.swings:
        return
    for what in Input:
        widths = [one.width_t_c for one in found.swings if one.what is what]
        assert math.fsum(widths) == pytest.approx(found.stock_t_c / 2, rel=1e-6, abs=1e-6)


def test_the_embedded_workspace_is_reproduced_for_every_zone():
    store = open_workspace()
    survey = store.info.default_survey_id
    summary = reports.summarise(store, survey, level=Level.CITY)
    assert stock_tornado(summary).stock_t_c == pytest.approx(summary.totals.stock_t_c, rel=1e-9)
    stocks = summary.rows.groupby("zone_id")["stock_t_c"].sum()
    for zone_id, stock in stocks.items():
        here = stock_tornado(summary, zone_id)
        assert (here.stock_t_c if here.swings else 0.0) == pytest.approx(stock, rel=1e-9)


@pytest.mark.parametrize(
    ("set_id", "marshes"),
    [
        ("zhejiang", {("Spartina alterniflora",), ("Scirpus mariqueter",),
                      ("Phragmites australis", "Suaeda salsa")}),
        ("ipcc-tier1", {(None,)}),
    ],
)  # fmt: skip
def test_a_coefficient_is_named_by_those_that_get_it_or_by_its_whole_ecosystem(set_id, marshes):
    store = open_workspace()
    survey = store.info.default_survey_id
    summary = reports.summarise(store, survey, level=Level.PROVINCE, factor_set=set_id)
    kinds = list(reports.kinds_of(summary.factor_set, summary.pools).values())
    assert (("mangrove", None),) in kinds
    found = {tuple(sorted(str(s) for _, s in one)) for one in kinds if one[0][0] == "salt_marsh"}
    assert found == {tuple(sorted(str(s) for s in one)) for one in marshes}
