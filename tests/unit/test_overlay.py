"""Patches × zones on squares whose answer is worked out by hand (a plane in metres)."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from bluecarbon_map.errors import AccountingError, GeometryError, ZoneOverlapError
from bluecarbon_map.geodesy import to_equal_area
from bluecarbon_map.overlay import (
    Pieces,
    area_table,
    check_zones,
    intersect,
    planarise,
    require_polygons,
)
from bluecarbon_map.overlay.checks import require_sum

BOWTIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


def square(x, y, side=100.0):
    return shapely.box(x, y, x + side, y + side)


def shapes(*several):
    return np.array(several, dtype=object)


def found(pieces):
    """``{(patch, zone): m²}``."""
    keys = zip(pieces.patch.tolist(), pieces.zone.tolist(), strict=True)
    return dict(zip(keys, pieces.area_m2.tolist(), strict=True))


def about(expected):
    return pytest.approx(expected, rel=1e-9)


TWO_ZONES = shapes(square(0, 0, 1000), square(1000, 0, 1000))


# --- require_polygons


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (None, "missing"),
        (shapely.Polygon(), "empty"),
        (shapely.Point(0, 0), "not a polygon"),
        (shapely.LineString([(0, 0), (1, 1)]), "not a polygon"),
        (BOWTIE, "Self-intersection"),
    ],
)
def test_what_has_no_area_is_refused_with_its_rows(bad, reason):
    with pytest.raises(GeometryError, match=reason) as caught:
        require_polygons(shapes(square(0, 0), bad, bad), "sites.shp")
    assert caught.value.rows == (1, 2)
    assert caught.value.where == "sites.shp"


def test_refused_rows_go_by_the_names_given():
    with pytest.raises(GeometryError) as caught:
        require_polygons(shapes(square(0, 0), BOWTIE), "x", rows=["H1", "H2"])
    assert caught.value.rows == ("H2",)


def test_polygons_and_multipolygons_pass():
    require_polygons(shapes(square(0, 0), shapely.MultiPolygon([square(0, 0)])), "x")


# --- planarise


def test_the_smaller_priority_keeps_the_ground():
    result = planarise(shapes(square(0, 0), square(50, 0)), [2, 1])
    assert shapely.area(result.geometry) == about([5_000.0, 10_000.0])
    assert result.overlap_m2 == about(5_000.0)
    assert result.overlaps.keeper.tolist() == [1]
    assert result.overlaps.loser.tolist() == [0]


def test_among_equals_the_earlier_row_keeps_the_ground():
    result = planarise(shapes(square(0, 0), square(50, 0)), [1, 1])
    assert shapely.area(result.geometry) == about([10_000.0, 5_000.0])


def test_ground_claimed_by_three_is_lost_twice():
    result = planarise(shapes(square(0, 0), square(0, 0), square(0, 0)), [3, 1, 2])
    assert shapely.area(result.geometry).tolist() == [0.0, 10_000.0, 0.0]
    assert result.overlap_m2 == about(20_000.0)
    assert result.overlaps.keeper.tolist() == [1, 1]
    assert sorted(result.overlaps.loser.tolist()) == [0, 2]


def test_an_island_is_cut_out_of_what_surrounds_it():
    result = planarise(shapes(square(0, 0, 300), square(100, 100)), [2, 1])
    assert shapely.area(result.geometry) == about([80_000.0, 10_000.0])
    assert len(result.geometry[0].interiors) == 1


def test_neighbours_that_only_touch_are_left_as_they_are():
    before = shapes(square(0, 0), square(100, 0), square(200, 100))
    result = planarise(before, [1, 1, 1])
    assert result.overlap_m2 == 0.0
    assert all(a is b for a, b in zip(result.geometry, before, strict=True))


# --- intersect


def test_a_patch_across_a_border_is_shared():
    pieces = intersect(shapes(square(975, 500), square(100, 100)), TWO_ZONES)
    assert found(pieces) == about({(0, 0): 2_500.0, (0, 1): 7_500.0, (1, 0): 10_000.0})


def test_ground_in_no_zone_is_kept():
    pieces = intersect(shapes(square(-60, 500), square(5_000, 0)), TWO_ZONES)
    assert found(pieces) == about({(0, -1): 6_000.0, (0, 0): 4_000.0, (1, -1): 10_000.0})


def test_a_patch_round_a_corner_meets_all_zones_and_the_outside():
    zones = shapes(square(0, 0), square(100, 0), square(0, 100))
    pieces = intersect(shapes(square(50, 50)), zones)
    assert found(pieces) == about({(0, zone): 2_500.0 for zone in (-1, 0, 1, 2)})


def test_a_patch_that_is_the_zone_lies_wholly_in_it():
    pieces = intersect(TWO_ZONES, TWO_ZONES)
    assert found(pieces) == about({(0, 0): 1e6, (1, 1): 1e6})


def test_a_patch_that_only_touches_a_zone_has_no_part_in_it():
    pieces = intersect(shapes(square(2_000, 0)), TWO_ZONES)
    assert found(pieces) == about({(0, -1): 10_000.0})


def test_the_hole_of_a_zone_is_outside_or_the_zone_in_it():
    ring = shapely.difference(square(0, 0, 300), square(100, 100))
    patch = shapes(square(50, 50, 200))
    assert found(intersect(patch, shapes(ring))) == about({(0, 0): 30_000.0, (0, -1): 10_000.0})
    filled = intersect(patch, shapes(ring, square(100, 100)))
    assert found(filled) == about({(0, 0): 30_000.0, (0, 1): 10_000.0})


def test_a_tiny_zone_inside_a_patch_is_not_overlooked():
    pieces = intersect(shapes(square(0, 0, 1_000)), shapes(square(500, 500, 1.0)))
    assert found(pieces) == about({(0, 0): 1.0, (0, -1): 999_999.0})


def test_a_level_border_between_cells_is_seen():
    low = shapely.box(0, 0, 64_000, 1_000)
    high = shapely.box(0, 1_000, 64_000, 2_000)
    pieces = intersect(shapes(*(square(x, 950) for x in range(0, 60_000, 500))), shapes(low, high))
    assert len(pieces.patch) == 240
    assert pieces.area_m2 == about(np.full(240, 5_000.0))


def test_no_zones_or_no_patches_are_no_problem():
    nobody = np.empty(0, object)
    assert found(intersect(shapes(square(0, 0)), nobody)) == {(0, -1): 10_000.0}
    assert found(intersect(nobody, TWO_ZONES)) == {}


def test_many_patches_are_cut_as_one_is():
    places = [(x, y) for x in range(-50, 2_050, 70) for y in range(-50, 1_050, 70)]
    patches = shapes(*(square(x, y) for x, y in places))
    together = found(intersect(patches, TWO_ZONES))
    for i in range(0, len(patches), 7):
        alone = found(intersect(patches[i : i + 1], TWO_ZONES))
        assert {zone: m2 for (_, zone), m2 in alone.items()} == about(
            {zone: m2 for (patch, zone), m2 in together.items() if patch == i}
        )


# --- zones on top of each other


def test_clean_zones_come_back_as_they_are():
    checked = check_zones(TWO_ZONES)
    assert checked.geometry is TWO_ZONES
    assert checked.slivers.area_m2.size == 0


def test_a_sliver_goes_to_the_earlier_zone_and_is_reported():
    zones = shapes(square(0, 0, 1_000), shapely.box(999.5, 0, 2_000, 1_000))
    checked = check_zones(zones)
    assert shapely.area(checked.geometry) == about([1e6, 1e6])
    assert checked.slivers.area_m2 == about([500.0])
    assert (checked.slivers.keeper[0], checked.slivers.loser[0]) == (0, 1)
    pieces = intersect(shapes(shapely.box(950, 450, 1_050, 550)), zones)
    assert found(pieces) == about({(0, 0): 5_000.0, (0, 1): 5_000.0})


def test_a_real_overlap_names_both_zones_and_its_area():
    zones = shapes(square(0, 0, 1_000), square(900, 0, 1_000), square(5_000, 0))
    with pytest.raises(
        ZoneOverlapError, match=r"'乐清' and '温岭' share 10 ha, 10\.000%"
    ) as caught:
        check_zones(zones, ["乐清", "温岭", "玉环"], where="zones.gpkg")
    assert caught.value.rows == ("乐清", "温岭")


def test_a_zone_thinner_than_the_rounding_of_a_coordinate_overlaps_nobody():
    hair = 2.0**-45
    zones = shapes(shapely.box(hair, 400, 200, 1_600), shapely.box(0, 400, hair, 1_600))
    areas = found(intersect(shapes(square(-50, 500)), zones))
    assert areas[0, -1] == about(5_000.0)
    assert areas[0, 0] == about(5_000.0)


def test_a_zone_inside_another_is_an_overlap():
    with pytest.raises(ZoneOverlapError):
        check_zones(shapes(square(0, 0, 1_000), square(400, 400)))


@pytest.mark.parametrize("patch", [square(910, 10, 50), square(10, 10), square(850, 10, 500)])
def test_overlapping_zones_are_met_by_cutting_too(patch):
    zones = shapes(square(0, 0, 1_000), square(900, 0, 1_000))
    with pytest.raises(ZoneOverlapError, match="'A' and 'B'"):
        intersect(shapes(patch), zones, ["A", "B"])


# --- tables and sums


def test_the_table_has_a_last_row_for_the_outside():
    pieces = Pieces(
        patch=np.array([0, 0, 1, 2]),
        zone=np.array([0, -1, 1, 1]),
        area_m2=np.array([1.0, 2.0, 4.0, 8.0]),
    )
    table = area_table(pieces, [1, 0, 0], n_zones=2, n_labels=2)
    assert table.tolist() == [[0.0, 1.0], [12.0, 0.0], [0.0, 2.0]]


def test_parts_that_miss_their_whole_are_a_defect():
    require_sum(1.0, 1.0 + 1e-12, 1e-9, "x")
    with pytest.raises(AccountingError, match="patch 7"):
        require_sum(1.0, 1.1, 1e-9, "pieces of patch 7")
    with pytest.raises(AccountingError):
        require_sum(float("nan"), 1.0, 1e-9, "x")


# --- real boundaries


@pytest.mark.shared
def test_cells_of_real_counties_equal_geopandas_overlay(real_counties):
    planar = to_equal_area(gpd.read_file(real_counties), "counties")
    checked = check_zones(shapely.make_valid(planar, method="structure"))
    zones = checked.geometry
    west, south, east, north = shapely.total_bounds(zones)
    rng = np.random.default_rng(3)
    places = rng.uniform((west, south), (east, north), (1_500, 2))
    patches = shapely.buffer(shapely.points(places), rng.uniform(100.0, 4_000.0, 1_500))
    ours = area_table(intersect(patches, zones), np.zeros(1_500, int), len(zones), 1)
    left = gpd.GeoDataFrame(geometry=patches, crs=3857)
    right = gpd.GeoDataFrame({"zone": range(len(zones))}, geometry=zones, crs=3857)
    both = gpd.overlay(left, right, how="intersection")
    theirs_m2 = np.bincount(both["zone"], both.area, minlength=len(zones))
    assert ours[:-1, 0] == pytest.approx(theirs_m2, rel=1e-9)
    assert ours.sum() == pytest.approx(shapely.area(patches).sum(), rel=1e-9)
    assert ours[-1, 0] > 0.0
