"""Tier 1 fluxes by hand: signs, the 18 ppt line, cover, ceilings, unknown that stays unknown."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.accounting import flux
from bluecarbon_map.errors import FactorError
from bluecarbon_map.factors import factor

NAN = math.nan
AR6 = flux.gwp()
CH4 = factor(
    "mangrove-or-salt-marsh-global-ipcc2013-rewetted-salinity-lt-18ppt-soil-emission-ch4"
).value
MANGROVE = factor("mangrove-global-ipcc2013-rewetted-revegetated-created-soil-removal").value
MARSH = factor("salt-marsh-global-ipcc2013-rewetted-revegetated-created-soil-removal").value


def rewetted(area=1.0, rate=MANGROVE, *, planted=True, cover=0.5, years=0.0, ceiling=386.0):
    return flux.rewetted_t_co2e_yr(
        area, rate, planted=planted, cover=cover, years=years, natural_stock_t_c_ha=ceiling
    )


def test_planted_mangrove_of_100_ha_removes_5940_t_in_ten_years():
    removed = flux.Flux(removals_t_co2e_yr=rewetted(100.0), emissions_t_co2e_yr=np.zeros(()))
    assert 10 * removed.net_t_co2e_yr == pytest.approx(-5940.0, abs=0.05)


@pytest.mark.parametrize(("rate", "net"), [(MARSH, 1.8932), (MANGROVE, -0.7101)])
def test_below_18_ppt_created_marsh_is_a_source_and_mangrove_a_small_sink(rate, net):
    """Salinities of Hangzhou Bay lie at 1.9–4.4 ppt."""
    made = flux.Flux(
        removals_t_co2e_yr=rewetted(rate=rate),
        emissions_t_co2e_yr=flux.methane_t_co2e_yr(1.0, 8.0, CH4, AR6),
    )
    assert made.net_t_co2e_yr == pytest.approx(net, abs=0.0005)


def test_methane_ends_at_18_ppt_and_is_unknown_without_a_salinity():
    given = flux.methane_t_co2e_yr([1.0, 1.0, 1.0], [17.9, 18.0, NAN], CH4, AR6)
    assert given[0] == pytest.approx(5.2299)
    assert given[1] == 0.0
    assert math.isnan(given[2])


def test_nothing_is_removed_without_planting_below_a_tenth_of_cover_or_above_the_ceiling():
    assert rewetted(planted=False) == 0.0
    assert rewetted(cover=0.099) == 0.0
    assert rewetted(cover=0.10) > 0.0
    assert rewetted(years=238.0) > 0.0
    assert rewetted(years=239.0) == 0.0


def test_unknown_cover_or_age_makes_the_removal_unknown_but_not_where_nobody_planted():
    assert math.isnan(rewetted(cover=NAN))
    assert math.isnan(rewetted(years=NAN))
    assert math.isnan(rewetted(ceiling=NAN))
    assert rewetted(cover=NAN, planted=False) == 0.0


def test_the_natural_stock_is_reached_after_238_years():
    assert flux.years_to_ceiling(1.62, 386) == pytest.approx(238.27, abs=0.05)


def test_an_excavation_gives_off_all_pools_at_once():
    """(192 × 1.49 × 0.451 + 11.4 + 386) × 44/12 of one hectare."""
    given = flux.extracted_t_co2e(1.0, 192 * 1.49, 0.451, 11.4, 386.0)
    assert given == pytest.approx((129.02208 + 11.4 + 386.0) * 44 / 12)
    assert math.isnan(flux.extracted_t_co2e(1.0, 100.0, 0.451, NAN, 386.0))


def test_drained_soil_gives_off_its_rate():
    assert flux.drained_t_co2e_yr(2.0, 7.9) == pytest.approx(2 * 7.9 * 44 / 12)


def test_a_tonne_of_pond_fish_gives_off_725_kg_of_co2e():
    """1000 kg × 0.00169 × 44/28 = 2.6557 kg N2O × 273 = 725.0 kg."""
    assert flux.nitrous_oxide_t_co2e_yr(1000.0, 0.00169, AR6) == pytest.approx(0.72501, abs=1e-5)


def test_the_east_china_sea_takes_up_0_3025_t_c_ha_yr():
    taken = flux.sea_water_t_c_ha_yr([6.9, -14.35])
    assert taken[0] == pytest.approx(0.3025, abs=0.00005)
    assert taken[0] * 44 / 12 == pytest.approx(1.109, abs=0.0005)
    assert taken[1] < 0


def test_warming_potentials_are_named_and_unverified_ones_must_be_accepted():
    assert (AR6.name, AR6.ch4, AR6.n2o) == ("AR6", 27.0, 273.0)
    with pytest.raises(FactorError, match="never checked"):
        flux.gwp("AR5")
    assert flux.gwp("AR5", accept_unverified=True).ch4 == 28.0
    with pytest.raises(FactorError, match="AR6 or AR5"):
        flux.gwp("SAR")


@pytest.mark.parametrize(
    "call",
    [
        lambda: rewetted(area=-1.0),
        lambda: rewetted(cover=50.0),
        lambda: flux.drained_t_co2e_yr(math.inf, 1.0),
        lambda: flux.extracted_t_co2e(1.0, 100.0, 45.1, 0.0, 0.0),
        lambda: flux.years_to_ceiling(0.0, 386.0),
    ],
)
def test_impossible_amounts_are_refused(call):
    with pytest.raises(ValueError, match=r">= 0|share|above 0"):
        call()


AMOUNT = st.floats(0, 1e6)


@given(AMOUNT, AMOUNT, st.floats(0, 40))
def test_removals_and_emissions_are_never_negative_and_grow_with_the_area(area, more, salinity):
    for made in (
        lambda ha: rewetted(ha),
        lambda ha: flux.methane_t_co2e_yr(ha, salinity, CH4, AR6),
        lambda ha: flux.drained_t_co2e_yr(ha, 7.9),
    ):
        assert 0 <= made(area) <= made(area + more)
        assert made(area + more) == pytest.approx(made(area) + made(more), rel=1e-9, abs=1e-9)
