"""Monte Carlo of a summary: by hand, beside the formula, and what is left out by name."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluecarbon_map import reports
from bluecarbon_map.factors import load_set
from bluecarbon_map.reports import simulate_summary
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.tables import Level
from tests.summaries import around, factor_set, pool, summary_of

AREAS = [[10.0, 20.0, 0.0, 5.0], [0.0, 30.0, 40.0, 7.0]]


def _with_errors():
    """Mangrove and the general marsh share one coefficient; Spartina has its own."""
    shared = pool("shared", 100.0, around(100.0, 20.0, "SE"))
    return factor_set(
        {
            ("mangrove", None): [shared],
            ("salt_marsh", "Spartina alterniflora"): [pool("own", 50.0, around(50, 9.8, "95% CI"))],
            ("salt_marsh", None): [shared],
        }
    )


def _half(table):
    return float((table["high_t_c"] - table["low_t_c"]).iloc[0]) / 2 / 1.959964


@pytest.fixture(scope="module")
def drawn():
    return simulate_summary(summary_of(AREAS, _with_errors()), draws=100_000)


def test_a_coefficient_of_two_ecosystems_errs_once(drawn):
    """Shared 10 + 40 ha × 20 = 1,000; own 50 ha × 5 = 250; together √(1,000² + 250²) = 1,030.8."""
    assert _half(drawn.total) == pytest.approx(1030.8, rel=0.01)
    assert drawn.total["mean_t_c"].iloc[0] == pytest.approx(5000 + 2500, rel=0.005)
    assert drawn.total["stock_t_c"].iloc[0] == pytest.approx(7500)


def test_an_ecosystem_of_two_species_is_the_sum_of_its_draws(drawn):
    """Marsh: 40 ha × 20 = 800 and 50 ha × 5 = 250 give 838.2."""
    marsh = drawn.ecosystems[drawn.ecosystems["key"] == "salt_marsh"]
    assert _half(marsh) == pytest.approx(838.2, rel=0.01)
    assert drawn.ecosystems.set_index("key")["stock_t_c"].dropna().sum() == pytest.approx(7500)
    assert drawn.zones["stock_t_c"].sum() == pytest.approx(7500)


def test_rows_are_zone_by_ecosystem_and_add_up_to_both(drawn):
    rows = drawn.rows.dropna(subset=["stock_t_c"])
    assert rows[["zone_id", "ecosystem"]].to_numpy().tolist() == [
        ["w", "mangrove"], ["w", "salt_marsh"], ["e", "salt_marsh"],
    ]  # fmt: skip
    assert rows["mean_t_c"].sum() == pytest.approx(drawn.total["mean_t_c"].iloc[0])
    by_zone = rows.groupby("zone_id")["mean_t_c"].sum()
    assert by_zone["w"] == pytest.approx(drawn.zones.set_index("key")["mean_t_c"]["w"])


def test_ground_without_a_coefficient_is_in_no_draw_and_is_not_called_left_out(drawn):
    flat = drawn.ecosystems.set_index("key").loc["tidal_flat"]
    assert math.isnan(flat["low_t_c"])
    assert flat["left_out_ha"] == 0
    assert drawn.left_out.empty


def test_the_laws_say_what_each_error_was_worked_out_from(drawn):
    laws = {law.factor_id: law for law in drawn.laws}
    assert laws["shared"].se_t_c_ha == 20.0
    assert laws["own"].se_t_c_ha == pytest.approx(5.0, rel=1e-4)
    assert (laws["shared"].kind, laws["own"].kind) == ("SE", "95% CI")
    assert not laws["shared"].skewed


@pytest.mark.parametrize("kind", ["range", "low/medium/high", "SD", "model error", None])
def test_what_has_no_standard_error_is_left_out_and_named_never_taken_as_exact(kind):
    ends = None if kind is None else around(100.0, 20.0, kind)
    chosen = factor_set(
        {
            ("mangrove", None): [pool("own", 50.0, around(50, 5, "SE"))],
            ("salt_marsh", None): [pool("unsaid", 100.0, ends)],
        }
    )
    found = simulate_summary(summary_of(AREAS, chosen))
    assert found.total["stock_t_c"].iloc[0] == pytest.approx(500)
    assert found.total["left_out_t_c"].iloc[0] == pytest.approx(9000)
    assert found.total["left_out_ha"].iloc[0] == pytest.approx(90)
    assert found.left_out["species"].fillna("").tolist() == ["Spartina alterniflora", ""]
    assert found.left_out["stock_t_c"].sum() == pytest.approx(9000)
    marsh = found.ecosystems.set_index("key").loc["salt_marsh"]
    assert math.isnan(marsh["low_t_c"])
    assert math.isnan(marsh["stock_t_c"])


def test_a_kind_with_one_pool_of_unknown_error_is_left_out_whole():
    pools = [pool("soil", 60.0, around(60, 3, "SE")), pool("plants", 40.0, name="biomass")]
    found = simulate_summary(summary_of(AREAS, factor_set({("mangrove", None): pools})))
    assert math.isnan(found.total["mean_t_c"].iloc[0])
    assert found.total["left_out_t_c"].iloc[0] == pytest.approx(1000)
    assert found.laws == ()


def test_errors_of_areas_count_when_they_are_given():
    """10 ha ± 1 of 100 t C/ha, exact enough: ± 100."""
    chosen = factor_set({("mangrove", None): [pool("m", 100.0, around(100, 1e-6, "SE"))]})
    summary = summary_of([[10.0, 0, 0, 0], [0, 0, 0, 0]], chosen)
    found = simulate_summary(summary, area_se_ha=[1.0], draws=100_000)
    assert _half(found.total) == pytest.approx(100, rel=0.02)
    assert found.with_area_errors
    with pytest.raises(ValueError, match="each part has one error"):
        simulate_summary(summary, area_se_ha=[1.0, 1.0])


def test_an_empty_summary_is_refused_not_drawn_as_zero():
    with pytest.raises(ValueError, match="nothing to draw"):
        simulate_summary(summary_of(np.zeros((2, 4)), _with_errors()))


def test_the_same_seed_gives_the_same_draws_and_another_gives_others():
    summary = summary_of(AREAS, _with_errors())
    first, again, other = (simulate_summary(summary, seed=seed) for seed in (1, 1, 2))
    assert first.rows.equals(again.rows)
    assert first.total["mean_t_c"].iloc[0] != other.total["mean_t_c"].iloc[0]


@settings(max_examples=15)
@given(
    st.lists(st.floats(0.1, 1000), min_size=2, max_size=2),
    st.floats(1, 500),
    st.floats(0.01, 0.25),
)
def test_a_total_of_one_coefficient_spreads_as_the_coefficient_does(areas, density, relative):
    chosen = factor_set(
        {("mangrove", None): [pool("m", density, around(density, relative * density, "SE"))]}
    )
    summary = summary_of([[areas[0], 0, 0, 0], [areas[1], 0, 0, 0]], chosen)
    found = simulate_summary(summary)
    total = found.total.iloc[0]
    assert total["mean_t_c"] == pytest.approx(summary.totals.stock_t_c, rel=0.02)
    spread = (total["high_t_c"] - total["low_t_c"]) / 2 / 1.959964 / total["stock_t_c"]
    assert spread == pytest.approx(relative, rel=0.04)
    assert found.zones["low_t_c"].sum() == pytest.approx(total["low_t_c"], rel=1e-6)


@pytest.mark.parametrize("set_id", ["zhejiang", "china-species"])
def test_the_embedded_workspace_drawn_agrees_with_area_times_coefficient(set_id):
    store = open_workspace()
    survey = store.info.default_survey_id
    summary = reports.summarise(store, survey, level=Level.CITY, factor_set=set_id)
    found, totals = simulate_summary(summary).total.iloc[0], summary.totals
    assert found["stock_t_c"] == pytest.approx(totals.stock_t_c, abs=1e-4)
    assert found["mean_t_c"] == pytest.approx(totals.stock_t_c, rel=0.02)
    assert found["low_t_c"] < totals.stock_t_c < found["high_t_c"]
    ratio = (found["high_t_c"] - found["low_t_c"]) / (totals.stock_t_c_high - totals.stock_t_c_low)
    # where SDs are borrowed the formula's ends are one SD away, those of the draws are 95 %
    assert (1.5 if set_id == "zhejiang" else 0.9) < ratio < (2.2 if set_id == "zhejiang" else 1.1)


def test_tier_1_without_a_verified_interval_is_not_drawn_at_all():
    store = open_workspace()
    survey = store.info.default_survey_id
    summary = reports.summarise(store, survey, level=Level.CITY, factor_set="ipcc-tier1")
    found = simulate_summary(summary)
    assert math.isnan(found.total["low_t_c"].iloc[0])
    assert found.left_out["stock_t_c"].sum() == pytest.approx(summary.totals.stock_t_c)
    assert load_set("ipcc-tier1").stock("mangrove").pools[0].interval is None


def test_the_whole_is_the_same_draws_by_city_and_by_county():
    store = open_workspace()
    survey = store.info.default_survey_id
    by_city, by_county = (
        simulate_summary(reports.summarise(store, survey, level=level)).total.iloc[0]
        for level in (Level.CITY, Level.COUNTY)
    )
    assert by_city.to_list() == pytest.approx(by_county.to_list(), rel=1e-6)
