"""Editing own coefficients: reason needed, doubts confirmed, the second of two editors told."""

import pytest

from bluecarbon_map import reports
from bluecarbon_map.errors import ConflictError, FactorError, InputError, NotFoundError
from bluecarbon_map.gate.factor_edits import (
    beginnings,
    checked,
    doubts,
    own_factors,
    retire_factor,
    save_factor,
)
from bluecarbon_map.tables import Level
from tests.contract.stores import WRITABLE

PROVINCIAL = "mangrove-zhejiang-2022-ecosystem-stock"
WHO = {"actor": "张三", "reason": "本单位 2024 年样柱"}


@pytest.fixture
def office(tmp_path):
    return WRITABLE["sqlite"](lambda: tmp_path, None)


def values(**changed):
    return {
        "factor_id": "ours", "ecosystem": "mangrove", "species": None, "region": "乐清",
        "pool": "ecosystem", "depth_top_cm": None, "depth_bottom_cm": None, "quantity": "stock_C",
        "value": 150.0, "low": 120.0, "high": 180.0, "interval_kind": "95% CI", "sd": None,
        "n": None, "n_note": None, "source": "本单位", "doi": None, "tier": 3,
        "confidence": "verified", "note": None,
    } | changed  # fmt: skip


def stock(store, factor_set):
    rows = reports.summarise(store, "S-2022", level=Level.PROVINCE, factor_set=factor_set).rows
    row = rows[rows["ecosystem"] == "mangrove"].iloc[0]
    return row["stock_t_c"] / row["area_ha"]


def test_a_new_coefficient_counts_where_the_workspace_set_is_asked_for(office):
    before = stock(office, None)
    save_factor(office, values(), seen=None, **WHO)
    assert stock(office, None) == before
    assert stock(office, "workspace") == pytest.approx(150)
    assert own_factors(office)["ours"]["unit"] == "t C/ha"


def test_a_newer_version_is_named_and_the_older_one_kept(office):
    save_factor(office, values(), seen=None, **WHO)
    save_factor(office, values(value=160.0), seen=1, actor="李四", reason="补两根样柱")
    named = reports.coefficients_of(office, "workspace").stock("mangrove").factor_id
    assert named == "own:ours@2"
    history = office.history("factors", ("ours",))
    assert history["value"].tolist() == [150, 160]
    assert history["actor"].tolist() == ["张三", "李四"]
    assert history["reason"].tolist() == ["本单位 2024 年样柱", "补两根样柱"]


def test_the_second_of_two_editors_is_told_and_nothing_is_stored(office):
    save_factor(office, values(), seen=None, **WHO)
    save_factor(office, values(value=160.0), seen=1, **WHO)
    with pytest.raises(ConflictError) as told:
        save_factor(office, values(value=170.0), seen=1, **WHO)
    assert (told.value.found, told.value.by) == (2, "张三")
    assert own_factors(office)["ours"]["value"] == 160


def test_two_people_cannot_both_add_the_same(office):
    save_factor(office, values(), seen=None, **WHO)
    with pytest.raises(ConflictError):
        save_factor(office, values(value=170.0), seen=None, **WHO)


def test_a_retired_coefficient_leaves_its_place_to_the_published_one(office):
    usual = stock(office, None)
    save_factor(office, values(), seen=None, **WHO)
    retire_factor(office, "ours", seen=1, **WHO)
    assert own_factors(office) == {}
    assert stock(office, "workspace") == usual
    assert office.history("factors", ("ours",))["retired"].tolist() == [False, True]
    with pytest.raises(NotFoundError):
        retire_factor(office, "ours", seen=2, **WHO)


@pytest.mark.parametrize("reason", ["", "  "])
def test_every_change_needs_its_reason(office, reason):
    with pytest.raises(InputError, match="reason"):
        save_factor(office, values(), seen=None, actor="张三", reason=reason)
    save_factor(office, values(), seen=None, **WHO)
    with pytest.raises(InputError, match="reason"):
        retire_factor(office, "ours", seen=1, actor="张三", reason=reason)


@pytest.mark.parametrize("column", ["factor_id", "region", "value", "source"])
def test_what_is_needed_is_named(office, column):
    with pytest.raises(InputError) as told:
        checked(office, values(**{column: None}))
    assert told.value.column == column


def test_a_part_of_what_it_would_replace_is_refused_before_anything_is_stored(office):
    part = values(pool="biomass", low=None, high=None, interval_kind=None)
    with pytest.raises(FactorError, match="holds soil as well"):
        save_factor(office, part, seen=None, **WHO)
    assert len(office.changes()) == 2  # made and filled


def test_retiring_one_leaves_the_others(office):
    plain = {"low": None, "high": None, "interval_kind": None}
    both = [
        values(factor_id="all", **plain),
        values(factor_id="marsh", ecosystem="salt_marsh", pool="biomass", value=5.0, **plain),
    ]
    for one in both:
        save_factor(office, one, seen=None, **WHO)
    retire_factor(office, "all", seen=1, **WHO)
    assert list(own_factors(office)) == ["marsh"]


def test_carbon_that_looks_like_co2_is_doubted_until_it_is_confirmed(office):
    usual = stock(office, "zhejiang")
    odd = values(value=usual * 44 / 12, low=None, high=None, interval_kind=None)
    found = doubts(office, checked(office, odd))
    assert "44/12" in found[0].en
    with pytest.raises(InputError, match="44/12"):
        save_factor(office, odd, seen=None, **WHO)
    save_factor(office, odd, seen=None, doubts_confirmed=True, **WHO)
    assert own_factors(office)["ours"]["value"] == pytest.approx(usual * 44 / 12)


def test_soil_of_another_depth_and_a_stock_of_few_years_are_doubted(office):
    marsh = values(ecosystem="salt_marsh", pool="soil", depth_top_cm=0.0, depth_bottom_cm=30.0,
                   value=10.0, low=None, high=None, interval_kind=None)  # fmt: skip
    rules = {str(one.rule) for one in doubts(office, checked(office, marsh))}
    assert {"depth", "stock_flux"} <= rules


def test_a_believable_coefficient_is_not_doubted(office):
    assert doubts(office, checked(office, values())) == ()


def test_every_beginning_of_a_new_version_serves_as_it_is(office):
    known = beginnings()
    assert PROVINCIAL in known
    burial = known["mangrove-global-alongi2020-soil-burial"]
    assert burial["unit"] == "t C/ha/yr"
    assert burial["value"] == pytest.approx(1.796, abs=0.3)
    for row in known.values():
        assert row["source"] is None


def test_a_new_version_of_a_published_row_stands_in_its_place(office):
    mine = beginnings()[PROVINCIAL] | {"value": 140.0, "source": "本单位复测"}
    save_factor(office, mine, seen=None, **WHO)
    assert stock(office, "workspace") == pytest.approx(140)
