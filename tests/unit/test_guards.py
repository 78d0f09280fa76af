"""Plausibility of a summary: sound numbers pass and are counted, mistakes are named and placed."""

import math

import numpy as np
import pytest

from bluecarbon_map import reports
from bluecarbon_map.accounting.plausibility import Rule
from bluecarbon_map.reports import check_summary
from bluecarbon_map.reports.guards import (
    Checked,
    check_coefficients,
    check_parts,
    check_products,
    check_shares,
    check_whole,
)
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.tables import Level
from tests.summaries import factor_set, pool, rate, summary_of

AREAS = [[10.0, 20.0, 0.0, 5.0], [0.0, 30.0, 40.0, 7.0]]
MARSH = ("salt_marsh", None)


def _sound(**changed):
    marsh = pool("marsh", changed.get("density", 60.0), depth=changed.get("depth", (0.0, 100.0)))
    return factor_set(
        {("mangrove", None): [pool("m", 200.0)], ("salt_marsh", None): [marsh]},
        [rate("salt_marsh", changed.get("rate", 2.0))],
    )


def _rules(checked):
    return [one.finding.rule for one in checked.flagged]


def test_sound_numbers_break_no_rule_and_are_counted():
    checked = check_summary(summary_of(AREAS, _sound()))
    assert checked.flagged == ()
    # 2 coefficients and 4 parts; 1 rate and 3 parts; both depths of 2 soils
    assert dict(checked.asked) == {
        Rule.DENSITY: 2 + 4, Rule.BURIAL: 1 + 3, Rule.DEPTH: 4, Rule.STOCK_FLUX: 1,
        Rule.NATION_STOCK: 1, Rule.NATION_BURIAL: 1,
    }  # fmt: skip
    assert checked.numbers == sum(checked.asked.values())


def test_a_density_that_cannot_be_is_found_at_its_coefficient():
    (only,) = Checked.of(check_coefficients(_sound(density=2500.0), [MARSH])).flagged
    assert (only.finding.rule, only.place.factor_id) == (Rule.DENSITY, "marsh")
    assert (only.finding.value, only.finding.limit) == (2500, 2000)
    assert "碳密度" in only.finding.zh
    assert "density" in only.finding.en


def test_a_seasonal_increment_taken_for_burial_is_found_and_looks_like_a_stock():
    asked = check_coefficients(_sound(rate=71.2), [MARSH, ("salt_marsh", "Suaeda salsa")])
    checked = Checked.of(asked)
    assert _rules(checked) == [Rule.BURIAL, Rule.STOCK_FLUX]
    assert checked.asked[Rule.BURIAL] == 1  # one coefficient of two species


def test_a_part_that_holds_or_buries_too_much_is_found_with_its_place():
    summary = summary_of(AREAS, _sound())
    parts = summary.parts.assign(stock_t_c=summary.parts["area_ha"] * 2500)
    checked = Checked.of(check_parts(parts[parts["species"].notna()]))
    assert _rules(checked) == [Rule.DENSITY, Rule.DENSITY]
    assert [one.place.zone_id for one in checked.flagged] == ["w", "e"]
    rich = summary.parts.assign(sequestration_t_c_yr=summary.parts["area_ha"] * 11)
    assert set(_rules(Checked.of(check_parts(rich)))) == {Rule.BURIAL}


def test_soil_of_another_depth_is_found_once_with_its_coefficient():
    checked = check_summary(summary_of(AREAS, _sound(depth=(0.0, 40.0))))
    (only,) = checked.flagged
    assert (only.finding.rule, only.finding.value, only.finding.limit) == (Rule.DEPTH, 40.0, 100.0)
    assert only.place.factor_id == "marsh"


def test_stock_that_is_co2_and_co2_that_is_carbon_are_found():
    summary = summary_of(AREAS, _sound())
    for column, by in (("stock_t_c", 44 / 12), ("stock_t_co2e", 12 / 44)):
        parts = summary.parts.assign(**{column: summary.parts[column] * by})
        checked = Checked.of(check_products(parts, summary.pools))
        assert checked.asked == {Rule.CARBON: 8}
        assert _rules(checked).count(Rule.CARBON) == 4


def test_a_share_in_per_cent_is_found():
    summary = summary_of(AREAS, _sound())
    rows = summary.rows.assign(unvalued_ha=summary.rows["area_ha"] * 100)
    assert _rules(Checked.of(check_shares(rows))) == [Rule.SHARE] * 5
    assert Checked.of(check_shares(summary.rows)).flagged == ()


def test_a_province_that_holds_more_than_the_nation_is_found_as_a_whole():
    checked = Checked.of(check_whole(349e6, 1.2e6))
    assert _rules(checked) == [Rule.NATION_STOCK, Rule.NATION_BURIAL]
    assert checked.flagged[0].place.zone_id is None


def test_an_unknown_number_is_asked_nothing():
    assert Checked.of(check_whole(None, math.nan)).numbers == 0
    assert check_summary(summary_of(np.zeros((2, 4)), _sound())).numbers == 0
    bare = check_summary(summary_of(AREAS, factor_set({})))
    assert bare.asked == {}


@pytest.mark.parametrize("set_id", ["zhejiang", "china-species", "ipcc-tier1"])
def test_the_embedded_workspace_breaks_no_rule(set_id):
    store = open_workspace()
    survey = store.info.default_survey_id
    summary = reports.summarise(store, survey, level=Level.COUNTY, factor_set=set_id)
    checked = check_summary(summary)
    assert checked.flagged == ()
    assert checked.numbers > 30
