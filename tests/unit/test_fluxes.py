"""What an activity does to a year, harvests, the sea and a place: unknown stays unknown."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.errors import FactorError, InputError
from bluecarbon_map.export import to_bytes
from bluecarbon_map.factors import factor
from bluecarbon_map.reports import fluxes, summarise
from bluecarbon_map.reports.fluxes import Activity, Case, Direction, Gas
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.tables import Level

MARSH = Case(
    activity=Activity.CREATED,
    ecosystem="salt_marsh",
    planted=True,
    cover=0.6,
    years=5.0,
    salinity_ppt=8.0,
)
MANGROVE = replace(MARSH, ecosystem="mangrove")
DUG = Case(activity=Activity.EXTRACTED, ecosystem="mangrove")


def codes(said):
    return {one.code for one in said}


@pytest.mark.parametrize(
    ("case", "net", "direction"),
    [
        (MARSH, 1.893, Direction.SOURCE),
        (MANGROVE, -0.710, Direction.SINK),
        (replace(MANGROVE, salinity_ppt=18.0), -5.940, Direction.SINK),
    ],
)
def test_a_created_hectare_by_hand(case, net, direction):
    """1.62 and 0.91 × 44/12 less 193.7 kg × 27 below 18 ppt."""
    found = fluxes.reckon(case)
    assert found.net_t_co2e_yr == pytest.approx(net, abs=0.0005)
    assert found.direction is direction
    assert found.gwp.name == "AR6"


def test_without_a_salinity_no_net_is_claimed_and_both_sides_of_18_ppt_are_there():
    case = replace(MARSH, salinity_ppt=None)
    found = fluxes.reckon(case)
    assert found.net_t_co2e_yr is None
    assert found.direction is None
    assert codes(found.missing) == {"salinity"}
    below, above = fluxes.either_side(case)
    assert below.net_t_co2e_yr == pytest.approx(1.893, abs=0.0005)
    assert above.net_t_co2e_yr == pytest.approx(-0.91 * 44 / 12)
    assert fluxes.either_side(MARSH) is None


def test_what_nobody_planted_and_what_covers_less_than_a_tenth_removes_nothing_and_says_why():
    wild = fluxes.reckon(replace(MARSH, planted=False))
    assert wild.removals_t_co2e_yr == 0
    assert "not_planted" in codes(wild.rules)
    bare = fluxes.reckon(replace(MARSH, cover=0.05))
    assert bare.removals_t_co2e_yr == 0
    assert "cover_below_10_percent" in codes(bare.rules)
    assert bare.net_t_co2e_yr == pytest.approx(193.7 * 27 / 1000)


def test_the_removal_ends_after_238_years():
    found = fluxes.reckon(MANGROVE)
    assert found.years_to_ceiling == pytest.approx(386 / 1.62)
    (ahead,) = (one for one in found.rules if one.code == "ceiling_ahead")
    assert "386 ÷ 1.62 = 238" in ahead.zh
    assert "386 ÷ 1.62 = 238" in ahead.en
    old = fluxes.reckon(replace(MANGROVE, years=239.0))
    assert old.removals_t_co2e_yr == 0
    assert "ceiling_reached" in codes(old.rules)


@pytest.mark.parametrize("name", ["planted", "cover", "years"])
def test_an_unknown_input_makes_the_removal_unknown_and_is_named(name):
    found = fluxes.reckon(replace(MARSH, **{name: None}))
    assert found.removals_t_co2e_yr is None
    assert found.net_t_co2e_yr is None
    assert found.emissions_t_co2e_yr == pytest.approx(5.2299)
    assert codes(found.missing) == {name}


def test_methane_of_seagrass_is_not_in_the_table_which_is_not_zero():
    found = fluxes.reckon(replace(MARSH, ecosystem="seagrass", accept_unverified=True))
    assert found.removals_t_co2e_yr == pytest.approx(0.43 * 44 / 12)
    assert found.emissions_t_co2e_yr is None
    assert found.net_t_co2e_yr is None
    assert fluxes.either_side(replace(MARSH, ecosystem="seagrass", salinity_ppt=None)) is None


def test_the_unchecked_natural_stock_of_seagrass_can_be_given_instead():
    lacking = fluxes.reckon(replace(MARSH, ecosystem="seagrass"))
    assert codes(lacking.missing) == {"natural_stock", "ch4_of_seagrass"}
    own = fluxes.reckon(replace(MARSH, ecosystem="seagrass", soil_t_c_ha=100.0))
    assert own.removals_t_co2e_yr == pytest.approx(0.43 * 44 / 12)


def test_drained_ground_gives_off_7_9_t_c_a_hectare():
    found = fluxes.reckon(Case(activity=Activity.DRAINED, ecosystem="salt_marsh", area_ha=2.0))
    assert found.net_t_co2e_yr == pytest.approx(2 * 7.9 * 44 / 12)
    assert found.per_ha(found.net_t_co2e_yr) == pytest.approx(7.9 * 44 / 12)
    assert dict(found.by_gas).keys() == {Gas.CO2}


def test_drained_seagrass_is_refused_by_the_name_of_the_tables():
    with pytest.raises(FactorError, match=r"Wetlands Supplement.*a blank is not zero"):
        fluxes.reckon(Case(activity=Activity.DRAINED, ecosystem="seagrass"))


def test_an_excavation_asks_for_what_was_never_checked_and_uses_what_was():
    found = fluxes.reckon(DUG)
    assert found.net_t_co2e_yr is None
    assert codes(found.missing) == {"biomass", "dead_wood_and_litter"}
    given_ = fluxes.reckon(replace(DUG, biomass_t_dm_ha=24.35, dead_t_c_ha=0.0))
    assert given_.net_t_co2e_yr == pytest.approx((24.35 * 0.451 + 386) * 44 / 12)
    assert {one.value for one in given_.factors} == {0.451, 386.0}


def test_unchecked_values_are_used_only_when_accepted_and_are_named_then():
    """75 × 1.96 × 0.451 + 10.7 + 0.7 + 386."""
    found = fluxes.reckon(replace(DUG, accept_unverified=True))
    assert found.net_t_co2e_yr == pytest.approx((75 * 1.96 * 0.451 + 11.4 + 386) * 44 / 12)
    (named,) = (one for one in found.rules if one.code == "unverified_accepted")
    assert "mangrove-global-ipcc2013-subtropical-aboveground-biomass-dry-mass" in named.en


def test_salt_marsh_has_no_carbon_fraction_in_the_table():
    found = fluxes.reckon(replace(DUG, ecosystem="salt_marsh", accept_unverified=True))
    assert codes(found.missing) == {"biomass", "carbon_fraction", "dead_wood_and_litter"}


def test_nitrous_oxide_of_ponds_waits_until_its_value_is_accepted():
    case = Case(activity=Activity.PONDS, fish_t_yr=1.0)
    assert codes(fluxes.reckon(case).missing) == {"n2o_of_fish"}
    found = fluxes.reckon(replace(case, accept_unverified=True))
    assert found.net_t_co2e_yr == pytest.approx(0.72501, abs=1e-5)
    assert found.per_ha(found.net_t_co2e_yr) is None


def test_ar5_must_be_accepted():
    with pytest.raises(FactorError, match="never checked"):
        fluxes.reckon(replace(MARSH, gwp="AR5"))
    found = fluxes.reckon(replace(MARSH, gwp="AR5", accept_unverified=True))
    assert found.emissions_t_co2e_yr == pytest.approx(193.7 * 28 / 1000)


@pytest.mark.parametrize(
    ("name", "value"),
    [("area_ha", -1.0), ("cover", 60.0), ("salinity_ppt", -3.0), ("years", math.nan)],
)
def test_impossible_numbers_are_refused_by_name(name, value):
    with pytest.raises(InputError, match=name):
        fluxes.reckon(replace(MARSH, **{name: value}))


MAYBE = st.none() | st.floats(0, 1)


@given(
    st.sampled_from(Activity),
    st.sampled_from(["mangrove", "salt_marsh"]),
    st.floats(1e-3, 1e5),
    st.tuples(MAYBE, MAYBE, MAYBE, MAYBE),
    st.sampled_from([None, True, False]),
)
def test_amounts_are_never_negative_net_is_their_difference_and_all_grow_with_the_area(
    activity, ecosystem, area, shares, planted
):
    cover, age, salt, dead = shares
    case = Case(
        activity=activity,
        ecosystem=ecosystem,
        area_ha=area,
        planted=planted,
        cover=cover,
        years=None if age is None else 400 * age,
        salinity_ppt=None if salt is None else 40 * salt,
        biomass_t_dm_ha=30.0,
        carbon_fraction=0.45,
        dead_t_c_ha=dead,
    )
    found, twice = fluxes.reckon(case), fluxes.reckon(replace(case, area_ha=2 * area))
    taken, off = found.removals_t_co2e_yr, found.emissions_t_co2e_yr
    assert taken is None or taken >= 0
    assert off is None or off >= 0
    if taken is None or off is None:
        assert found.net_t_co2e_yr is None
        assert found.missing
    else:
        assert found.net_t_co2e_yr == off - taken
        assert twice.net_t_co2e_yr == pytest.approx(2 * found.net_t_co2e_yr, rel=1e-12)


def test_a_case_leaves_with_its_inputs_coefficients_and_potentials():
    found = fluxes.reckon(replace(MARSH, salinity_ppt=None))
    plain = json.loads(fluxes.as_json(found))
    assert plain["inputs"]["salinity_ppt"] is None
    assert plain["net_t_co2e_yr"] is None
    assert plain["if_salinity"]["below_18_ppt"]["net_is"] == "source"
    assert plain["gwp"]["factor_ids"][0] == "gas-global-ar6-ch4-non-fossil-gwp100"
    assert {one["source"] for one in plain["coefficients"]} >= {
        "IPCC 2013 Wetlands Supplement ch.4 Table 4.12"
    }
    rows = fluxes.flux_bundle(found).rows.set_index(["part", "name"])
    assert math.isnan(rows.loc[("result", "net_t_co2e_yr"), "value"])
    text = to_bytes(fluxes.flux_bundle(found), ".csv").decode("utf-8-sig")
    assert "if salinity is below 18 ppt,net_t_co2e_yr,1.89" in text


# --- harvests, the sea, a place ------------------------------------------------------------------


def test_a_thousand_tonnes_of_oysters_and_of_kelp_by_hand():
    oysters = fluxes.harvested("Crassostrea", 1000.0)
    assert oysters.harvest.soft_t_c == pytest.approx(18.379, abs=0.0005)
    assert oysters.harvest.shell_t_c == pytest.approx(77.478, abs=0.0005)
    assert oysters.durable_t_co2e is None
    kelp = fluxes.harvested("Saccharina japonica", 1000.0, 0.0995)
    assert kelp.soft_t_co2e == pytest.approx(228.8)
    assert kelp.durable_t_co2e == pytest.approx(228.8 * 0.0995)
    assert all(one.verified for one in kelp.factors)


def test_a_species_without_a_row_says_that_the_rest_stands_for_it():
    assert fluxes.harvested("Tegillarca granosa", 1.0).harvest.composition.is_other
    assert fluxes.harvested("Sargassum fusiforme", 1.0).harvest.composition.is_other
    assert not fluxes.harvested("Gracilaria", 1.0).harvest.composition.is_other


def test_a_harvest_leaves_with_its_coefficients_and_calls_no_shell_a_removal():
    found = fluxes.harvested("Crassostrea", 1000.0)
    plain = json.loads(fluxes.as_json(found))
    assert plain["durable_t_c"] is None
    assert plain["shell_t_c_no_removal"] == pytest.approx(77.478, abs=0.0005)
    assert len(plain["coefficients"]) == 4
    assert "soft_t_c,18.37" in to_bytes(fluxes.flux_bundle(found), ".csv").decode("utf-8-sig")


@pytest.mark.parametrize("given_", [("x", 1.0), ("Undaria", -1.0), ("Undaria", 1.0, 9.95)])
def test_an_impossible_harvest_is_refused(given_):
    with pytest.raises(InputError):
        fluxes.harvested(*given_)


def test_the_sea_changes_its_sign_with_the_season_and_only_an_annual_study_is_annual():
    year, summer, autumn = fluxes.sea_exchanges()
    assert year.uptake_t_c_ha_yr == pytest.approx(0.3025, abs=0.00005)
    assert (summer.uptake_t_c_ha_yr, autumn.uptake_t_c_ha_yr) == (None, None)
    assert (autumn.uptake_mmol_m2_d, autumn.low, autumn.high) == (-14.35, -21.41, -7.29)
    assert fluxes.sea_uptake_t_c_yr(year, None) is None
    assert fluxes.sea_uptake_t_c_yr(year, 100.0) == pytest.approx(30.25, abs=0.005)
    assert fluxes.sea_uptake_t_c_yr(autumn, 100.0) is None


def test_mapped_sea_water_has_its_area_and_an_annual_amount():
    summary = summarise(open_workspace(), "ZJ-2022", level=Level.CITY)
    water = replace(summary, rows=summary.rows.assign(ecosystem="sea_water"))
    area_ha = fluxes.mapped_sea_ha(water)
    assert area_ha == pytest.approx(summary.totals.area_ha)
    year, *_ = fluxes.sea_exchanges()
    assert fluxes.sea_uptake_t_c_yr(year, area_ha) == pytest.approx(0.302497 * area_ha, rel=1e-5)


def test_burial_of_a_place_adds_up_and_its_emissions_are_not_known():
    summary = summarise(open_workspace(), "ZJ-2022", level=Level.CITY)
    rows, whole = fluxes.burial_by_ecosystem(summary), fluxes.place_flux(summary)
    assert rows["burial_t_c_yr"].sum() == pytest.approx(whole.burial_t_c_yr)
    assert rows["unrated_ha"].sum() == pytest.approx(whole.unrated_ha)
    assert whole.burial_t_co2e_yr == pytest.approx(whole.burial_t_c_yr * 44 / 12)
    assert whole.emissions_t_co2e_yr is None
    assert whole.net_t_co2e_yr is None
    mangrove = rows.set_index("ecosystem").loc["mangrove"]
    assert mangrove["rate_t_c_ha_yr"] == pytest.approx(1.796)
    assert mangrove["source"] == "Alongi 2020 Sci 2:67"
    assert mangrove["tier"] == 1
    flats = rows.set_index("ecosystem").loc["tidal_flat"]
    assert math.isnan(flats["burial_t_c_yr"])
    assert fluxes.mapped_sea_ha(summary) is None


def test_what_is_shown_for_orientation_stands_in_the_rows_it_is_said_to_come_from():
    kelp = fluxes.kelp_kept()
    assert f"of {kelp.absorbed:g} absorbed" in (kelp.durable.note or "")
    assert kelp.share == pytest.approx(0.0995, abs=0.00005)  # 97.73 / 982.53
    bay = fluxes.SALINITIES[0]
    row = factor("salt-marsh-zhejiang-hu2020-soil-ch4-flux")
    assert f"salinity {bay.low_ppt:g}-{bay.high_ppt:g} ppt" in (row.note or "")
    assert row.source == fluxes.SALINITY_SOURCE
    assert all(0 < one.low_ppt <= one.high_ppt for one in fluxes.SALINITIES)


def test_only_an_excavation_is_of_one_year_and_only_ponds_go_without_area():
    units = {one: fluxes.unit_of(one) for one in fluxes.Activity}
    assert [one for one, unit in units.items() if unit.per == "once"] == [fluxes.Activity.EXTRACTED]
    assert [one for one, unit in units.items() if unit.by_area is None] == [fluxes.Activity.PONDS]
    assert all(unit.amount.endswith("/yr") == (unit.per == "year") for unit in units.values())


@pytest.mark.parametrize(
    ("activity", "more"),
    [
        (Activity.CREATED, {"planted": True, "cover": 0.5, "years": 1.0, "salinity_ppt": 8.0}),
        (Activity.DRAINED, {}),
        (Activity.EXTRACTED, {"biomass_t_dm_ha": 10.0, "dead_t_c_ha": 1.0}),
    ],
)
def test_an_unknown_area_is_missing_and_leaves_every_amount_unknown(activity, more):
    found = fluxes.reckon(Case(activity=activity, ecosystem="mangrove", area_ha=None, **more))
    assert [one.code for one in found.missing] == ["area"]
    assert found.net_t_co2e_yr is None
    assert found.emissions_t_co2e_yr is None
    assert found.per_ha(1.0) is None


def test_fish_ponds_ask_for_no_area():
    case = Case(activity=Activity.PONDS, area_ha=None, fish_t_yr=1.0, accept_unverified=True)
    assert fluxes.reckon(case).missing == ()
