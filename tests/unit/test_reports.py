"""Use cases on the small workspace."""

import math
from datetime import date

import geopandas as gpd
import numpy as np
import pytest

from bluecarbon_map import reports
from bluecarbon_map.errors import EmptyLayerError, InputError, NotFoundError
from bluecarbon_map.reports import Regions
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.tables import Level, Parts, Summary, columns, validate
from tests.builders import EAST, WEST, box, write_workspace

SURVEY = "S-2022"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return FolderStore(write_workspace(tmp_path_factory.mktemp("reports") / "workspace"))


@pytest.fixture(scope="module")
def summary(store):
    return reports.summarise(store, SURVEY, level=Level.COUNTY)


def row(summary, zone_id, ecosystem):
    found = summary.rows
    return found[(found["zone_id"] == zone_id) & (found["ecosystem"] == ecosystem)].iloc[0]


def test_rows_and_parts_keep_their_contracts(summary):
    validate(Summary, summary.rows)
    validate(Parts, summary.parts)


def test_a_patch_across_a_border_is_split_between_its_zones(summary):
    west, east = (row(summary, zone, "salt_marsh") for zone in (WEST, EAST))
    assert west["area_ha"] == pytest.approx(east["invasive_ha"], rel=1e-6)
    assert west["invasive_ha"] == west["area_ha"]
    assert set(east["species"].split("; ")) == {"Spartina alterniflora", "Phragmites australis"}


def test_demonstration_is_a_column_of_its_own_and_can_be_left_out(store, summary):
    assert row(summary, EAST, "salt_marsh")["demonstration_ha"] > 0
    assert row(summary, WEST, "mangrove")["demonstration_ha"] == 0
    official = reports.summarise(store, SURVEY, level=Level.COUNTY, demonstration=False)
    assert official.totals.demonstration_ha == 0
    assert official.totals.area_ha == pytest.approx(
        summary.totals.area_ha - summary.totals.demonstration_ha, abs=1e-6
    )


def test_area_without_a_coefficient_counts_and_its_carbon_is_unknown(summary):
    flat = row(summary, EAST, "tidal_flat")
    assert flat["area_ha"] == flat["unvalued_ha"] > 0
    assert all(
        math.isnan(flat[c])
        for c in ("stock_t_c", "stock_t_c_low", "stock_t_co2e", "sequestration_t_c_yr", "tier")
    )
    assert summary.totals.unvalued_ha == pytest.approx(3 * flat["area_ha"], rel=1e-6)


def test_one_ecosystem_or_one_zone_can_be_asked_for(store, summary):
    mangrove = reports.summarise(store, SURVEY, ecosystems={"mangrove"})
    assert set(mangrove.rows["ecosystem"]) == {"mangrove"}
    west = reports.summarise(store, SURVEY, zone_id=WEST)
    assert set(west.rows["zone_id"]) == {WEST}
    assert row(west, WEST, "mangrove").equals(row(summary, WEST, "mangrove"))
    with pytest.raises(NotFoundError, match="no zone '3303' here"):
        reports.summarise(store, SURVEY, zone_id="3303")


def test_nothing_left_is_an_empty_table_with_unknown_carbon(store):
    nothing = reports.summarise(store, SURVEY, ecosystems={"seagrass"})
    assert nothing.rows.empty
    assert nothing.rows.columns.tolist() == columns(Summary)
    assert (nothing.totals.area_ha, nothing.totals.stock_t_c) == (0.0, None)


def test_a_survey_of_demonstration_only_has_nothing_official(workspace_folder):
    path = workspace_folder / "habitats_S-2022.parquet"
    gpd.read_parquet(path).assign(provenance="demonstration").to_parquet(path)
    with pytest.raises(EmptyLayerError, match="S-2022: there is no row in it"):
        reports.summarise(FolderStore(workspace_folder), SURVEY, demonstration=False)


def test_the_json_has_null_for_the_unknown_and_whole_tiers(summary):
    rows = reports.summary_json(summary)["rows"]
    flat = next(r for r in rows if r["ecosystem"] == "tidal_flat")
    assert (flat["stock_t_c"], flat["tier"], flat["factor_id"]) == (None, None, None)
    assert {type(r["tier"]) for r in rows if r["tier"] is not None} == {int}
    assert not any(isinstance(v, float) and np.isnan(v) for r in rows for v in r.values())


def test_every_coefficient_of_a_row_is_among_the_sources(summary):
    sources = reports.sources(summary.factor_set, summary.parts)
    known = set(sources["factor_id"])
    for text in summary.parts[["factor_id", "sequestration_factor_id"]].stack().dropna():
        assert set(text.split("; ")) <= known
    assert sources["source"].notna().all()
    assert (sources["why_en"].str.len() > 0).all()


# --- surveys, points, zones ---------------------------------------------------------------------


def test_the_newest_survey_up_to_a_year_is_chosen(store):
    assert reports.choose_survey(store, None, None) == "S-2022"
    assert reports.choose_survey(store, None, 2024) == "S-2022"
    assert reports.choose_survey(store, None, 2025) == "S-2025"
    assert reports.choose_survey(store, "S-2025", 2022) == "S-2025"
    with pytest.raises(NotFoundError):
        reports.choose_survey(store, None, 2021)


def test_a_point_has_its_patch_and_its_zones(store):
    facts = reports.at_point(store, SURVEY, 121.025, 28.025)
    assert facts.zones == (WEST, "330300", "330000")
    assert facts.habitat.habitat_id == "S-2022-m1"
    assert facts.habitat.area_ha == pytest.approx(109.0, rel=0.01)
    assert (facts.habitat.stated_area_ha, facts.habitat.note) == (None, None)


def test_beside_a_patch_only_a_finger_finds_it(store):
    lon = 121.03 + 5e-4
    assert reports.at_point(store, SURVEY, lon, 28.025).habitat is None
    near = reports.at_point(store, SURVEY, lon, 28.025, tolerance_m=60.0)
    assert near.habitat.habitat_id == "S-2022-m1"


def test_what_is_not_on_the_map_is_not_found_at_a_point(store):
    demo = (121.125, 28.025)
    assert reports.at_point(store, SURVEY, *demo).habitat.provenance == "demonstration"
    assert reports.at_point(store, SURVEY, *demo, demonstration=False).habitat is None
    hidden = reports.at_point(store, SURVEY, *demo, ecosystems=frozenset({"mangrove"}))
    assert hidden.habitat is None


def test_out_at_sea_there_is_nothing(store):
    assert reports.at_point(store, SURVEY, 125.0, 28.0) == reports.PointFacts(
        zones=(), habitat=None
    )


def test_zones_that_lie_in_each_other_are_refused_and_do_not_run_for_ever(workspace_folder):
    path = workspace_folder / "zones.parquet"
    zones = gpd.read_parquet(path)
    zones.loc[0, "parent_id"] = WEST
    zones.to_parquet(path)
    with pytest.raises(
        InputError, match="column 'parent_id', rows 330000: the zone lies in itself"
    ):
        Regions.of(FolderStore(workspace_folder))


def test_zones_have_names_in_two_languages_and_fall_back_to_chinese(store):
    assert Regions.of(store, language="en").names[WEST] == "Yueqing"
    assert Regions.of(store, language="en").names[EAST] == "玉环市"


def test_progress_by_zone_adds_up(store):
    wetland, shore = reports.progress(store, as_of=date(2026, 3, 1)).targets
    assert (wetland.counted, shore.counted) == (60.0, 2.84)
    shares = reports.progress_by_zone(store, wetland)
    assert shares == {"330300": 60.0, "331000": None}
    assert reports.progress_json(reports.progress(store))["targets"][0]["counted"] == 60.0


def test_a_patch_wholly_under_another_one_loses_all_its_ground(workspace_folder):
    path = workspace_folder / "habitats_S-2022.parquet"
    habitats = gpd.read_parquet(path)
    habitats.loc[3, "geometry"] = box(121.022, 28.022, 121.028, 28.028)
    habitats.to_parquet(path)
    summary = reports.summarise(FolderStore(workspace_folder), SURVEY)
    assert "tidal_flat" not in set(summary.rows["ecosystem"])
    assert summary.totals.overlap_ha == pytest.approx(109.0 * 0.36, rel=0.01)
