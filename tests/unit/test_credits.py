"""Credits by hand: baseline, cover ramp, washed-in carbon, error, buffer, and what is refused."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bluecarbon_map.accounting.credits as scheme_credits
from bluecarbon_map.accounting.credits import Scheme
from bluecarbon_map.accounting.ledgers import Ledger
from bluecarbon_map.errors import FactorError

NAN = math.nan
DAY = date(2026, 1, 1)


@pytest.mark.parametrize(("cover", "removed"), [(0.10, 0.0), (0.325, 2.6767), (0.60, 5.3533)])
def test_the_default_rises_on_a_line_from_15_to_50_per_cent_of_cover(cover, removed):
    assert scheme_credits.vm0033_soil_t_co2e_ha_yr(cover, 0.0) == pytest.approx(removed, abs=0.0005)


def test_washed_in_carbon_is_taken_off_on_mineral_soil_only():
    assert scheme_credits.vm0033_soil_t_co2e_ha_yr(0.6, 0.4) == pytest.approx(3.212, abs=0.0005)
    assert scheme_credits.vm0033_soil_t_co2e_ha_yr(0.6, 0.4, organic_soil=True) == pytest.approx(
        5.3533, abs=0.0005
    )
    assert math.isnan(scheme_credits.vm0033_soil_t_co2e_ha_yr(0.6, NAN))
    assert math.isnan(scheme_credits.vm0033_soil_t_co2e_ha_yr(NAN, 0.4))


def test_the_washed_in_share_comes_from_two_carbon_contents():
    assert scheme_credits.allochthonous_share(2.0, 1.2) == pytest.approx(0.4)
    with pytest.raises(ValueError, match="autochthonous"):
        scheme_credits.allochthonous_share(1.0, 1.2)


@pytest.mark.parametrize(("confidence", "left"), [(0.90, 9200.0), (0.95, 10000.0)])
def test_an_error_of_28_per_cent_costs_8_at_90_and_nothing_at_95(confidence, left):
    assert scheme_credits.after_error_t_co2e(10_000.0, 0.28, confidence) == pytest.approx(left)


def test_an_error_can_take_everything_but_never_more():
    assert scheme_credits.after_error_t_co2e(100.0, 1.5, 0.90) == 0.0


def test_the_buffer_is_taken_off_not_multiplied_with():
    credit = scheme_credits.vm0033_credit(9200.0, 0.2, species=None, as_of=DAY)
    assert credit.creditable_t_co2e == pytest.approx(7360.0)
    assert credit.buffer_t_co2e == pytest.approx(1840.0)
    assert credit.scheme is Scheme.VM0033


def test_a_credit_names_its_scheme_and_date_and_stands_in_a_ledger_of_its_own():
    credit = scheme_credits.vm0033_credit(9200.0, 0.2, species=None, as_of=DAY)
    assert credit.amount.value == pytest.approx(7360.0)
    assert (credit.amount.ledger, credit.amount.scheme) == (Ledger.CREDIT, "VM0033 v2.1")
    assert credit.amount.as_of == DAY


def test_nothing_is_claimed_beyond_what_is_left_at_year_100():
    """1,000, 3,000 and 5,000 t so far; the sea leaves 2,800 at year 100, or nothing at all."""
    claimable = scheme_credits.vm0033_claimable_t_co2e
    assert claimable([1000.0, 3000.0, 5000.0], 2800.0).tolist() == [1000.0, 2800.0, 2800.0]
    assert claimable([1000.0, -50.0], -300.0).tolist() == [0.0, -50.0]


def test_an_unknown_ceiling_is_not_the_absence_of_one():
    claimable = scheme_credits.vm0033_claimable_t_co2e
    assert math.isnan(claimable(1000.0, NAN))
    assert math.isnan(claimable(NAN, 1000.0))
    with pytest.raises(ValueError, match="finite"):
        claimable(1000.0, math.inf)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_a_claim_never_exceeds_the_benefit_so_far_nor_falls_as_the_ceiling_rises(so_far, end, more):
    claimable = scheme_credits.vm0033_claimable_t_co2e
    assert claimable(so_far, end) <= so_far
    assert claimable(so_far, end) <= claimable(so_far, end + more)


def test_ccer_needs_its_risk_deduction_typed_from_its_text():
    with pytest.raises(FactorError, match="CCER-14-002-V01, the clause on non-permanence"):
        scheme_credits.ccer_credit(Scheme.CCER_MANGROVE, 1000.0, 0.0, 0.0, species=None, as_of=DAY)
    credit = scheme_credits.ccer_credit(
        Scheme.CCER_MANGROVE, 1000.0, 100.0, 50.0, species=None, as_of=DAY, risk_share=0.1
    )
    assert (credit.net_t_co2e, credit.creditable_t_co2e) == (850.0, pytest.approx(765.0))


def test_a_bare_flat_keeps_its_own_carbon_out_of_the_credit():
    """A metre of flat at 60 and of young mangrove at 65 t C/ha: 5 are added, not 65."""
    assert scheme_credits.additional_t_c_ha(65.0, 60.0) == 5.0
    assert scheme_credits.additional_t_c_ha(55.0, 60.0) == -5.0
    assert math.isnan(scheme_credits.additional_t_c_ha(65.0, NAN))


def test_cordgrass_is_never_creditable():
    with pytest.raises(FactorError, match="never creditable"):
        scheme_credits.require_creditable("Spartina alterniflora")
    scheme_credits.require_creditable("Kandelia obovata")


def test_clearing_cordgrass_is_a_loss_less_the_bare_flat():
    """10 ha: 5 t C/ha of biomass at once; of 62.6 − 50 t C/ha of soil half after one half-life."""
    lost = scheme_credits.invasive_loss_t_co2e(5.0, 62.6, 50.0, 10.0, 7.5, 7.5)
    assert lost == pytest.approx(10 * (5.0 + 12.6 / 2) * 44 / 12)
    assert scheme_credits.invasive_loss_t_co2e(5.0, 40.0, 50.0, 10.0, 7.5, 7.5) == pytest.approx(
        10 * 5.0 * 44 / 12
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda: scheme_credits.vm0033_soil_t_co2e_ha_yr(60.0, 0.0),
        lambda: scheme_credits.after_error_t_co2e(1.0, 0.1, 0.99),
        lambda: scheme_credits.after_error_t_co2e(1.0, -0.1, 0.90),
        lambda: scheme_credits.vm0033_credit(1.0, 20.0, species=None, as_of=DAY),
        lambda: scheme_credits.ccer_credit(
            Scheme.CCER_MARSH, 1.0, 0.0, -1.0, species=None, as_of=DAY, risk_share=0.1
        ),
        lambda: scheme_credits.ccer_credit(
            Scheme.VM0033, 1.0, 0.0, 0.0, species=None, as_of=DAY, risk_share=0.1
        ),
        lambda: scheme_credits.additional_t_c_ha(-1.0, 0.0),
        lambda: scheme_credits.invasive_loss_t_co2e(1.0, 1.0, 1.0, 1.0, 1.0, 0.0),
    ],
)
def test_impossible_inputs_are_refused(call):
    with pytest.raises(ValueError, match=r"share|>= 0|own|confidence"):
        call()


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_more_cover_never_removes_less_and_more_washed_in_carbon_never_more(cover, more, washed_in):
    low, high = sorted((cover, more))
    removed = scheme_credits.vm0033_soil_t_co2e_ha_yr
    assert removed(low, washed_in) <= removed(high, washed_in)
    assert removed(high, washed_in) <= removed(high, 0.0)


def test_cordgrass_is_credited_under_no_scheme():
    for ask in (
        lambda: scheme_credits.vm0033_credit(
            9200.0, 0.2, species="Spartina alterniflora", as_of=DAY
        ),
        lambda: scheme_credits.ccer_credit(
            Scheme.CCER_MARSH, 1000.0, 0.0, 0.0,
            species="Spartina alterniflora", as_of=DAY, risk_share=0.1,
        ),
    ):  # fmt: skip
        with pytest.raises(FactorError, match="never creditable"):
            ask()


def test_an_error_makes_no_loss_smaller():
    assert scheme_credits.after_error_t_co2e(-1000.0, 0.5, 0.90) == -1000.0
    assert scheme_credits.after_error_t_co2e(1000.0, 5.0, 0.90) == 0.0
