"""Harvests by hand: soft tissue and shell apart, the durable share, and species without a row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.accounting.mariculture import Group, composition, harvest
from bluecarbon_map.ecosystems import SPECIES
from bluecarbon_map.factors import factor

OYSTER = composition(Group.BIVALVES, "Crassostrea")
KELP = composition(Group.ALGAE, "Saccharina japonica")


def test_a_thousand_tonnes_of_oysters_show_soft_tissue_and_shell_apart():
    result = harvest(1000.0, OYSTER)
    assert result.soft_t_c == pytest.approx(18.379, abs=0.005)
    assert result.shell_t_c == pytest.approx(77.478, abs=0.005)
    assert result.all_t_c == pytest.approx(95.857, abs=0.005)
    assert result.all_t_co2e == pytest.approx(351.48, abs=0.005)


def test_a_thousand_tonnes_of_kelp_hold_62_t_of_carbon():
    result = harvest(1000.0, KELP)
    assert result.all_t_c == pytest.approx(62.4, abs=0.005)
    assert result.all_t_co2e == pytest.approx(228.8, abs=0.005)
    assert result.shell_t_c == 0.0


def test_nothing_durable_is_claimed_unless_its_share_is_given():
    assert harvest(1000.0, KELP).durable_t_c is None
    share = 97.73 / 982.53  # Lian 2023, Ailian Bay
    assert harvest(1000.0, KELP, durable_share=share).durable_t_c == pytest.approx(6.207, abs=0.001)


def test_shell_is_never_in_the_durable_share():
    result = harvest(1000.0, OYSTER, durable_share=1.0)
    assert result.durable_t_c == result.soft_t_c


@pytest.mark.parametrize(
    ("group", "species", "kg_per_wet_t"),
    [
        (Group.BIVALVES, "Tegillarca granosa", 97.216),
        (Group.BIVALVES, "Sinonovacula constricta", 97.216),
        (Group.ALGAE, "Sargassum fusiforme", 55.52),
    ],
)
def test_a_species_without_a_row_takes_the_other_row_and_says_so(group, species, kg_per_wet_t):
    made = composition(group, species)
    assert made.is_other
    assert harvest(1000.0, made).all_t_c == pytest.approx(kg_per_wet_t, abs=0.005)


def test_every_farmed_species_of_the_vocabulary_has_a_composition():
    groups = {"shellfish_farm": Group.BIVALVES, "seaweed_farm": Group.ALGAE}
    farmed = [kind for kind in SPECIES.values() if kind.ecosystem in groups]
    assert len(farmed) >= 6
    for kind in farmed:
        made = composition(groups[kind.ecosystem], kind.scientific)
        assert 0 < made.soft_carbon * made.dry_share < 1


@pytest.mark.parametrize(
    ("group", "species", "row"),
    [
        (Group.BIVALVES, "clam", "bivalve-china-sun2020-clam"),
        (Group.BIVALVES, "scallop", "bivalve-china-sun2020-scallop"),
        (Group.BIVALVES, "Mytilus coruscus", "bivalve-china-sun2020-mussel"),
        (Group.ALGAE, "Pyropia haitanensis", "macroalgae-china-sun2020-porphyra-pyropia"),
        (Group.ALGAE, "Gracilaria", "macroalgae-china-sun2020-gracilaria"),
        (Group.ALGAE, "Undaria", "macroalgae-china-sun2020-undaria"),
    ],
)
def test_the_parts_give_the_carbon_of_a_wet_tonne_that_the_table_derives(group, species, row):
    wanted = factor(f"{row}-whole-c-per-wet-tonne").value
    assert harvest(1000.0, composition(group, species)).all_t_c == pytest.approx(wanted, abs=0.005)


@pytest.mark.parametrize(("wet_t", "share"), [(-1.0, None), (float("nan"), None), (1.0, 9.9)])
def test_impossible_harvests_are_refused(wet_t, share):
    with pytest.raises(ValueError, match=r">= 0|per cent"):
        harvest(wet_t, KELP, durable_share=share)


@given(st.floats(0, 1e7), st.floats(0, 1e7))
def test_two_harvests_together_hold_what_they_hold_apart(one, other):
    both = harvest(one + other, OYSTER).all_t_c
    assert both == pytest.approx(harvest(one, OYSTER).all_t_c + harvest(other, OYSTER).all_t_c)
