"""One zone: what it is, what lies beside it, and how it compares."""

from __future__ import annotations

import math

import geopandas as gpd
import pytest
import shapely

from bluecarbon_map import reports
from bluecarbon_map.errors import NotFoundError
from bluecarbon_map.geodesy import ellipsoidal_area_m2
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.tables import Level
from tests.builders import EAST, WEST, WEST_SHAPE, box, workspace_zones, write_workspace

SURVEY = "S-2022"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return FolderStore(write_workspace(tmp_path_factory.mktemp("zones") / "workspace"))


def with_zones(folder, shapes):
    """The small workspace with other outlines of its zones."""
    write_workspace(folder)
    zones = workspace_zones().set_index("zone_id")
    zones.loc[list(shapes), "geometry"] = gpd.GeoSeries(shapes, crs=zones.crs)
    zones.reset_index().to_parquet(folder / "zones.parquet")
    return FolderStore(folder)


def summaries(store, *zone_ids, **named):
    tree = reports.Regions.of(store)
    return {
        zone: reports.summarise(store, SURVEY, level=tree.levels[zone], zone_id=zone, **named)
        for zone in zone_ids
    }


def test_a_zone_says_its_area_on_the_ellipsoid_its_wholes_and_its_outline(store):
    facts = reports.zone_facts(store, WEST)
    geodesic_ha = float(ellipsoidal_area_m2([WEST_SHAPE])[0]) / 10_000
    assert facts.area_ha == pytest.approx(geodesic_ha, rel=1e-5)
    assert facts.level is Level.COUNTY
    assert facts.path == ("330300", "330000")
    assert facts.parts == ()
    assert (facts.provenance, facts.source) == ("indicative", "测试")
    assert reports.zone_facts(store, "330000").parts == ("330300", "331000")
    assert reports.zone_areas(store)[WEST] == facts.area_ha


def test_an_unknown_zone_is_refused(store):
    for ask in (reports.zone_facts, reports.neighbours):
        with pytest.raises(NotFoundError):
            ask(store, "999999")


def test_zones_that_share_an_edge_are_neighbours_at_their_own_level_only(store):
    assert reports.neighbours(store, WEST) == [EAST]
    assert reports.neighbours(store, "330300") == ["331000"]
    assert reports.neighbours(store, "330000") == []


@pytest.mark.parametrize(
    ("gap_deg", "expected"), [(0.00005, [EAST]), (0.001, [])], ids=["5 m apart", "100 m apart"]
)
def test_a_gap_of_some_metres_between_outlines_is_drawing_noise(tmp_path, gap_deg, expected):
    apart = {EAST: box(121.1 + gap_deg, 28.0, 121.2, 28.1)}
    assert reports.neighbours(with_zones(tmp_path / "w", apart), WEST) == expected


def test_zones_that_meet_in_a_corner_touch(tmp_path):
    corner = {EAST: box(121.1, 28.1, 121.2, 28.2)}
    assert reports.neighbours(with_zones(tmp_path / "w", corner), WEST) == [EAST]


def test_neighbours_in_the_same_city_come_first():
    found = reports.neighbours(open_workspace(), "331083")
    assert found == ["331081", "330305", "330382"]


def test_neighbours_of_every_county_are_mutual():
    store = open_workspace()
    counties = reports.Regions.of(store).at_level(Level.COUNTY)
    beside = {one: set(reports.neighbours(store, one)) for one in list(counties)[:25]}
    for one, others in beside.items():
        assert one not in others
        assert all(one in beside[other] for other in others & beside.keys())


def test_a_zone_is_compared_with_its_neighbour_and_with_its_wholes(store):
    facts = reports.zone_facts(store, WEST)
    every = summaries(store, WEST, EAST, "330300", "330000")
    table = reports.beside(facts, every, reports.zone_areas(store)).set_index("zone_id")
    assert table["role"].to_dict() == {
        WEST: reports.SELF, EAST: reports.NEIGHBOUR,
        "330300": reports.WHOLE, "330000": reports.WHOLE,
    }  # fmt: skip
    own, whole = table.loc[WEST], table.loc["330000"]
    assert table.loc["330300", "area_share_percent"] == 100.0
    assert whole["area_share_percent"] == pytest.approx(100 * own["area_ha"] / whole["area_ha"])
    assert whole["stock_share_percent"] == pytest.approx(
        100 * own["stock_t_c"] / whole["stock_t_c"]
    )
    assert own["cover_percent"] == pytest.approx(100 * own["area_ha"] / facts.area_ha)
    assert math.isnan(own["area_share_percent"])
    assert math.isnan(table.loc[EAST, "area_share_percent"])


def test_density_is_of_the_hectares_that_have_a_coefficient(store):
    """The west holds mangrove (116.35) and cordgrass (62.6), the east also a bare flat."""
    west, east = (summaries(store, zone)[zone] for zone in (WEST, EAST))
    parts = west.parts.set_index("ecosystem")["area_ha"]
    expected = (116.35 * parts["mangrove"] + 62.6 * parts["salt_marsh"]) / parts.sum()
    assert reports.density(west.totals) == pytest.approx(expected, rel=1e-6)
    flat = east.parts[east.parts["ecosystem"] == "tidal_flat"]["area_ha"].sum()
    assert east.totals.unvalued_ha == pytest.approx(flat)
    assert flat > 0
    valued = east.totals.area_ha - flat
    assert reports.density(east.totals) == pytest.approx(east.totals.stock_t_c / valued)


def test_where_nothing_has_a_coefficient_density_and_share_are_unknown_not_zero(store):
    facts = reports.zone_facts(store, EAST)
    every = summaries(store, EAST, "331000", ecosystems={"tidal_flat"})
    table = reports.beside(
        facts, every | {WEST: None, "330000": None}, reports.zone_areas(store)
    ).set_index("zone_id")
    assert math.isnan(table.loc[EAST, "density_t_c_ha"])
    assert math.isnan(table.loc["331000", "stock_share_percent"])
    assert table.loc["331000", "area_share_percent"] == 100.0
    assert table.loc[WEST].drop(["role", "zone_area_ha"]).isna().all()


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(25.0, 200.0, 12.5), (None, 200.0, None), (1.0, None, None), (1.0, 0.0, None)],
)
def test_a_share_of_the_unknown_or_of_nothing_is_unknown(part, whole, expected):
    assert reports.percent(part, whole) == expected


def test_records_say_what_the_patches_of_a_zone_rest_on(store):
    found = reports.records_in(store, SURVEY, EAST)
    kinds = set(zip(found["ecosystem"], found["provenance"], strict=True))
    assert kinds == {
        ("salt_marsh", "published"), ("salt_marsh", "demonstration"), ("tidal_flat", "published"),
    }  # fmt: skip
    official = reports.records_in(store, SURVEY, EAST, demonstration=False)
    assert set(official["provenance"]) == {"published"}
    assert found["patches"].sum() == 3
    with pytest.raises(NotFoundError):
        reports.records_in(store, "S-1999", EAST)
    with pytest.raises(NotFoundError):
        reports.records_in(store, SURVEY, "999999")


def test_a_patch_of_a_neighbour_is_no_record_of_the_zone(tmp_path):
    store = with_zones(tmp_path / "w", {WEST: shapely.box(121.0, 28.0, 121.05, 28.1)})
    assert set(reports.records_in(store, SURVEY, WEST)["ecosystem"]) == {"mangrove"}
