"""The forms of HY/T 0349-2022: arithmetic by hand, and a refusal for whatever is not known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.accounting.mariculture import Group, composition
from bluecarbon_map.accounting.standards import (
    HYT_0349,
    harvest_sink,
    phytoplankton_sink_t_c_yr,
    vegetation_sink,
)
from bluecarbon_map.errors import FactorError

MARSH = {
    "accretion_cm_yr": 1.5,
    "bulk_density_g_cm3": 1.2,
    "organic_carbon": 0.006,
    "plant_increment_t_c_ha_yr": 0.4,
}
WATER = {"production_g_c_m2_yr": 200.0, "export_share": 0.1}
ALGAE = composition(Group.ALGAE, "Saccharina japonica")


def test_vegetation_is_accretion_times_density_times_carbon_and_the_increment():
    # 1.5 cm × 1.2 g/cm³ × 0.006 = 0.0108 g C/cm² = 1.08 t C/ha; 10 ha: 10.8 and 4.0 t C/yr
    found = vegetation_sink(10.0, **MARSH, accept_unverified_form=True)
    assert found.burial_t_c_yr == pytest.approx(10.8, rel=1e-12)
    assert found.increment_t_c_yr == pytest.approx(4.0, rel=1e-12)
    assert found.sink_t_c_yr == pytest.approx(14.8, rel=1e-12)


def test_phytoplankton_is_area_times_production_times_the_exported_share():
    # 200 g C/m² = 2 t C/ha; a tenth of it on 1,000 ha is 200 t C/yr
    found = phytoplankton_sink_t_c_yr(1_000.0, **WATER, accept_unverified_form=True)
    assert found == pytest.approx(200.0, rel=1e-12)


def test_kelp_is_harvest_times_dry_share_times_carbon():
    # 100 t wet × 20 % × 31.20 % = 6.24 t C, no shell, nothing durable claimed
    found = harvest_sink(100.0, ALGAE, Group.ALGAE, accept_unverified_form=True)
    assert found.soft_t_c == pytest.approx(6.24, rel=1e-12)
    assert found.shell_t_c == 0
    assert found.durable_t_c is None


@pytest.mark.parametrize(
    ("missing", "subject"),
    [
        ("accretion_cm_yr", "sediment accretion"),
        ("bulk_density_g_cm3", "bulk density of sediment"),
        ("organic_carbon", "organic carbon of sediment"),
        ("plant_increment_t_c_ha_yr", "carbon increment of plants"),
    ],
)
def test_what_the_standard_would_supply_is_refused_by_document_and_subject(missing, subject):
    with pytest.raises(FactorError, match=HYT_0349) as refused:
        vegetation_sink(1.0, **(MARSH | {missing: None}), accept_unverified_form=True)
    assert subject in refused.value.reason
    assert subject in refused.value.fix


@pytest.mark.parametrize("missing", list(WATER))
def test_phytoplankton_without_a_coefficient_is_refused(missing):
    with pytest.raises(FactorError, match=rf"{HYT_0349}.*phytoplankton"):
        phytoplankton_sink_t_c_yr(1.0, **(WATER | {missing: None}), accept_unverified_form=True)


def test_an_area_is_no_harvest():
    with pytest.raises(FactorError, match="an area is none"):
        harvest_sink(None, ALGAE, Group.ALGAE, accept_unverified_form=True)


def test_a_harvest_without_shares_is_refused_and_so_are_those_of_the_other_group():
    with pytest.raises(FactorError, match=rf"{HYT_0349}: dry and carbon shares of bivalve"):
        harvest_sink(1.0, None, Group.BIVALVES, accept_unverified_form=True)
    with pytest.raises(FactorError, match="shares of macroalgae given for bivalve"):
        harvest_sink(1.0, ALGAE, Group.BIVALVES, accept_unverified_form=True)


@pytest.mark.parametrize(
    "asked",
    [
        lambda: vegetation_sink(1.0, **MARSH),
        lambda: phytoplankton_sink_t_c_yr(1.0, **WATER),
        lambda: harvest_sink(1.0, ALGAE, Group.ALGAE),
    ],
)
def test_a_form_from_memory_is_used_only_when_it_is_accepted(asked):
    with pytest.raises(FactorError, match="from memory and was never checked"):
        asked()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"organic_carbon": 0.6 * 100}, "share of 0 to 1"),
        ({"accretion_cm_yr": -1.0}, "accretion is finite and >= 0"),
        ({"plant_increment_t_c_ha_yr": float("nan")}, "increment is finite and >= 0"),
    ],
)
def test_an_amount_of_the_wrong_kind_is_refused(changed, words):
    with pytest.raises(ValueError, match=words):
        vegetation_sink(1.0, **(MARSH | changed), accept_unverified_form=True)


def test_a_burial_beyond_what_is_believable_is_refused():
    # 15 mm typed as 15 cm: 10.8 t C/ha/yr
    with pytest.raises(FactorError, match="outside 0 to 10"):
        vegetation_sink(1.0, **(MARSH | {"accretion_cm_yr": 15.0}), accept_unverified_form=True)


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_splitting_an_area_neither_makes_nor_loses_a_sink(one, other):
    whole = vegetation_sink(one + other, **MARSH, accept_unverified_form=True).sink_t_c_yr
    parts = [vegetation_sink(a, **MARSH, accept_unverified_form=True) for a in (one, other)]
    assert sum(part.sink_t_c_yr for part in parts) == pytest.approx(whole, rel=1e-9)
