"""A workspace's own coefficients: where they stand in a set, what is refused, who is named."""

import dataclasses

import pandas as pd
import pytest

from bluecarbon_map import reports
from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.errors import FactorError, NotFoundError
from bluecarbon_map.factors import factors_table, load_set, workspace_set
from bluecarbon_map.factors.own import complaint_about
from bluecarbon_map.factors.table import by_id
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.tables import Factors, Level, columns

SURVEY = "S-2022"
PROVINCIAL = "mangrove-zhejiang-2022-ecosystem-stock"


def own(factor_id="ours", **changed):
    return {
        "factor_id": factor_id, "ecosystem": "mangrove", "species": None, "region": "Yueqing",
        "pool": "ecosystem", "depth_top_cm": None, "depth_bottom_cm": None, "quantity": "stock_C",
        "unit": "t C/ha", "value": 150.0, "low": 120.0, "high": 180.0, "interval_kind": "95% CI",
        "sd": None, "n": None, "n_note": None, "source": "Our cores 2024", "doi": None, "tier": 3,
        "confidence": "verified", "note": "ten cores",
    } | changed  # fmt: skip


def table(*rows):
    frame = pd.DataFrame(rows, columns=columns(Factors))
    return frame.astype({n: str(c.dtype) for n, c in Factors.to_schema().columns.items()})


def test_without_own_rows_the_set_answers_as_its_base():
    base, made = load_set("zhejiang"), workspace_set("zhejiang", table())
    assert (made.stocks, made.rates) == (base.stocks, base.rates)
    assert made.set_id == "workspace"


def test_a_new_version_takes_the_place_of_the_published_row_and_says_so():
    made = workspace_set("zhejiang", table(own(PROVINCIAL)), {PROVINCIAL: 2})
    held = made.stock("mangrove")
    assert held.density_t_c_ha == 150
    assert held.factor_id == f"own:{PROVINCIAL}@2"
    assert (held.pools[0].source, held.pools[0].tier) == ("Our cores 2024", 3)
    assert (held.pools[0].interval.low, held.pools[0].interval.high) == (120, 180)
    assert PROVINCIAL in held.why_zh
    assert "ten cores" in held.why_en


def test_only_what_was_replaced_changes():
    base, made = load_set("zhejiang"), workspace_set("zhejiang", table(own(PROVINCIAL)))
    changed = {key for key in base.stocks if base.stocks[key] != made.stocks[key]}
    assert changed == {("mangrove", None)}
    assert made.rates == base.rates


def test_a_coefficient_of_another_id_takes_the_place_of_the_same_carbon():
    held = workspace_set("zhejiang", table(own())).stock("mangrove")
    assert held.factor_id == "own:ours"


def test_a_coefficient_for_what_had_none_is_added():
    assert load_set("zhejiang").stock("seaweed_bed") is None
    rows = table(own(ecosystem="seaweed_bed", value=10.0, low=None, high=None, interval_kind=None))
    made = workspace_set("zhejiang", rows)
    assert made.stock("seaweed_bed").density_t_c_ha == 10
    assert made.stock("seaweed_bed").pools[0].interval is None


def test_a_part_never_stands_for_the_whole():
    with pytest.raises(FactorError, match="holds biomass as well"):
        workspace_set("zhejiang", table(own(pool="soil", depth_top_cm=0.0, depth_bottom_cm=100.0)))


def test_parts_that_make_up_the_whole_stand_for_it():
    soil = own("soil", pool="soil", value=100.0, low=None, high=None, interval_kind=None,
               depth_top_cm=0.0, depth_bottom_cm=100.0)  # fmt: skip
    plants = own("plants", pool="biomass", value=30.0, low=None, high=None, interval_kind=None)
    held = workspace_set("zhejiang", table(soil, plants)).stock("mangrove")
    assert held.density_t_c_ha == 130
    assert [pool.factor_id for pool in held.pools] == ["own:soil", "own:plants"]


def test_a_species_keeps_the_pools_it_has_no_own_of():
    rows = table(
        own("plants", ecosystem="salt_marsh", species="Phragmites australis", pool="biomass",
            value=7.0, low=None, high=None, interval_kind=None)
    )  # fmt: skip
    general = load_set("zhejiang").stock("salt_marsh", "Phragmites australis")
    held = workspace_set("zhejiang", rows).stock("salt_marsh", "Phragmites australis")
    assert held.density_t_c_ha == pytest.approx(general.density_t_c_ha + 7)


def test_soil_of_another_depth_is_taken_as_it_is_and_warned_of():
    rows = table(own(ecosystem="salt_marsh", pool="soil", depth_top_cm=0.0, depth_bottom_cm=50.0))
    pool = workspace_set("zhejiang", rows).stock("salt_marsh").pools[0]
    assert pool.density_t_c_ha == 150
    assert "not 0-100 cm" in pool.depth_warning


def test_a_standard_deviation_of_sites_becomes_the_interval_of_their_mean():
    rows = table(own(PROVINCIAL, low=None, high=None, interval_kind=None, sd=20.0, n=4.0))
    interval = workspace_set("zhejiang", rows).stock("mangrove").pools[0].interval
    assert interval.high - 150 == pytest.approx(3.182 * 20 / 2)  # t of 3 degrees, SD / √4


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"factor_id": "a b"}, "letters"),
        ({"ecosystem": "mangroves"}, "no ecosystem"),
        ({"quantity": "burial_C"}, "is needed"),
        ({"unit": "g C/m2"}, "is needed"),
        ({"value": 2001.0}, "outside 0 to 2000"),
        ({"value": None}, "outside 0 to 2000"),
        ({"value": 200.0}, "outside 120 to 180"),
        ({"pool": "sand"}, "no carbon pool"),
        ({"pool": "litter", "depth_top_cm": 0.0, "depth_bottom_cm": 10.0}, "no depth"),
        ({"depth_top_cm": 0.0}, "upper and a lower"),
        ({"depth_top_cm": 50.0, "depth_bottom_cm": 10.0}, "is none"),
        ({"sd": 3.0}, "number of sites"),
        ({"sd": 3.0, "n": 1.0}, "number of sites"),
        ({"interval_kind": "SD"}, "goes into sd"),
        ({"low": None}, "given together"),
    ],
)
def test_what_cannot_serve_is_refused_by_name(changed, said):
    with pytest.raises(FactorError, match=said):
        workspace_set("zhejiang", table(own(**changed)))


def test_every_stock_and_rate_of_the_package_passes_where_its_unit_fits():
    known = by_id(factors_table())
    fits = [
        one for one in known.values()
        if one.quantity in ("stock_C", "removal_C") and one.unit in ("t C/ha", "t C/ha/yr")
        and one.ecosystem in ECOSYSTEMS and one.interval_kind != "SD" and one.value is not None
    ]  # fmt: skip
    assert len(fits) > 20
    assert [one.factor_id for one in fits if complaint_about(one)] == []


def test_a_set_over_no_set_is_refused():
    with pytest.raises(NotFoundError):
        workspace_set("fujian", table())


def test_a_workspace_without_own_coefficients_has_an_empty_table(workspace_folder):
    found = FolderStore(workspace_folder).factors()
    assert found.empty
    assert list(found.columns) == columns(Factors)


def test_the_sums_change_only_where_the_set_is_asked_for(workspace_folder):
    table(own(PROVINCIAL)).to_csv(workspace_folder / "factors.csv", index=False)
    store = FolderStore(workspace_folder)
    usual = reports.summarise(store, SURVEY, level=Level.PROVINCE)
    named = reports.summarise(store, SURVEY, level=Level.PROVINCE, factor_set="zhejiang")
    ours = reports.summarise(store, SURVEY, level=Level.PROVINCE, factor_set="workspace")
    assert usual.totals == named.totals
    held = ours.rows.loc[ours.rows["ecosystem"] == "mangrove"].iloc[0]
    assert held["stock_t_c"] == pytest.approx(held["area_ha"] * 150, rel=1e-12)
    assert held["factor_id"] == f"own:{PROVINCIAL}"


def test_a_workspace_may_make_its_own_coefficients_its_usual_set(workspace_folder):
    table(own(PROVINCIAL)).to_csv(workspace_folder / "factors.csv", index=False)
    store = FolderStore(workspace_folder)
    store.__dict__["info"] = dataclasses.replace(store.info, factor_set="workspace:china-species")
    assert reports.base_set(store) == "china-species"
    made = reports.coefficients_of(store)
    assert made.set_id == "workspace"
    assert made.title_en == "own coefficients over China, means by species"


def test_a_trace_names_the_own_coefficient_with_its_source(workspace_folder):
    table(own(PROVINCIAL)).to_csv(workspace_folder / "factors.csv", index=False)
    store = FolderStore(workspace_folder)
    traced = reports.trace(store, SURVEY, None, factor_set="workspace")
    text = str(reports.trace_json(traced))
    assert f"own:{PROVINCIAL}" in text
    assert "Our cores 2024" in text
