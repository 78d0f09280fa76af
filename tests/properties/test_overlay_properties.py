"""What must hold for any patches and zones."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bluecarbon_map.overlay import area_table, intersect, planarise
from bluecarbon_map.overlay.grid import draw_grid

SIDE = 16
"""Zones and patches are made of cells of 100 m on a field of 16 × 16, so that edges coincide."""

CELL_M = 100.0
EDGE = st.integers(-2, SIDE + 2)


@st.composite
def boxes(draw):
    x, y = draw(EDGE), draw(EDGE)
    wide, high = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    return shapely.box(x, y, x + wide, y + high)


@st.composite
def on_lattice(draw):
    """Polygons, MultiPolygons and polygons with holes, all corners on the lattice."""
    shape = shapely.union_all(draw(st.lists(boxes(), min_size=1, max_size=3)))
    shape = shapely.difference(shape, draw(st.one_of(st.just(shapely.Polygon()), boxes())))
    return shape if not shape.is_empty else shapely.box(0, 0, 1, 1)


@st.composite
def stars(draw):
    """Rough patches anywhere."""
    place = st.floats(-1.0, SIDE + 1.0, allow_nan=False)
    reach = st.lists(st.floats(0.05, 3.0), min_size=3, max_size=12)
    radius = np.array(draw(reach))
    angle = np.linspace(0.0, 2.0 * np.pi, len(radius), endpoint=False) + 0.1
    centre = np.array([draw(place), draw(place)])
    star = shapely.Polygon(centre + np.c_[np.cos(angle), np.sin(angle)] * radius[:, None])
    return shapely.make_valid(star, method="structure")


def in_metres(shapes):
    return shapely.transform(np.array(shapes, dtype=object), lambda xy: xy * CELL_M)


PATCHES = st.lists(st.one_of(on_lattice(), stars()), min_size=1, max_size=40).map(in_metres)


@st.composite
def coverages(draw):
    """Zones that do not overlap: cells of the lattice dealt out, some to nobody."""
    owner = np.array(draw(st.lists(st.integers(-1, 4), min_size=64, max_size=64)))
    wide = SIDE // 8
    column, row = np.divmod(np.arange(64), 8)
    cells = shapely.box(column * wide, row * wide, (column + 1) * wide, (row + 1) * wide)
    zones = [shapely.union_all(cells[owner == i]) for i in range(5) if (owner == i).any()]
    return in_metres(zones)


def table(patches, zones):
    pieces = intersect(patches, zones)
    return area_table(pieces, np.arange(len(patches)), len(zones), len(patches))


def by_geopandas(patches, zones):
    left = gpd.GeoDataFrame({"patch": range(len(patches))}, geometry=list(patches), crs=3857)
    right = gpd.GeoDataFrame({"zone": range(len(zones))}, geometry=list(zones), crs=3857)
    both = gpd.overlay(left, right, how="intersection", keep_geom_type=True)
    result = np.zeros((len(zones), len(patches)))
    np.add.at(result, (both["zone"], both["patch"]), both.area)
    return result


@settings(max_examples=120, deadline=None)
@given(PATCHES, coverages())
def test_cells_equal_geopandas_overlay(patches, zones):
    ours = table(patches, zones)[:-1] if len(zones) else np.zeros((0, len(patches)))
    theirs = by_geopandas(patches, zones) if len(zones) else ours
    assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-6)


@settings(max_examples=120, deadline=None)
@given(PATCHES, coverages())
def test_parts_are_the_whole_of_every_patch(patches, zones):
    assert table(patches, zones).sum(axis=0) == pytest.approx(shapely.area(patches), rel=1e-9)


@settings(max_examples=80, deadline=None)
@given(PATCHES, coverages(), st.floats(0.0, SIDE), st.floats(0.0, 3.1))
def test_splitting_a_zone_neither_makes_nor_loses_area(patches, zones, at, angle):
    if not len(zones):
        return
    aside = np.array([np.cos(angle), np.sin(angle)]) * 100.0
    along = np.array([-aside[1], aside[0]])
    middle = np.array([at, at])
    half = shapely.Polygon(
        [middle - along, middle + along, middle + along + aside, middle - along + aside]
    )
    half = in_metres([half])[0]
    first, second = shapely.intersection(zones[0], half), shapely.difference(zones[0], half)
    parts = [p for p in (first, second) if p.area > 0.0]
    split = np.array([*parts, *zones[1:]], dtype=object)
    whole, cut = table(patches, zones), table(patches, split)
    assert cut[: len(parts)].sum(axis=0) == pytest.approx(whole[0], rel=1e-9, abs=1e-4)
    assert cut[len(parts) :] == pytest.approx(whole[1:], rel=1e-9, abs=1e-4)


@settings(max_examples=80, deadline=None)
@given(PATCHES, st.lists(st.integers(1, 3), min_size=40, max_size=40))
def test_resolved_patches_add_up_to_their_union(patches, priority):
    result = planarise(patches, priority[: len(patches)])
    union_m2 = shapely.area(shapely.union_all(patches))
    assert shapely.area(result.geometry).sum() == pytest.approx(union_m2, rel=1e-9)
    assert shapely.area(patches).sum() - result.overlap_m2 == pytest.approx(union_m2, rel=1e-9)


@settings(max_examples=80, deadline=None)
@given(PATCHES, st.lists(st.integers(1, 3), min_size=40, max_size=40))
def test_whoever_has_the_smallest_priority_loses_nothing(patches, priority):
    rank = np.array(priority[: len(patches)])
    result = planarise(patches, rank)
    losers = result.overlaps.loser
    assert (rank[result.overlaps.keeper] <= rank[losers]).all()
    first = int(np.lexsort((np.arange(len(rank)), rank))[0])
    assert result.geometry[first].area == pytest.approx(patches[first].area, rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(PATCHES, coverages())
def test_a_box_the_grid_calls_clear_meets_no_boundary(patches, zones):
    if not len(zones):
        return
    bounds = shapely.bounds(patches)
    zone, clear = draw_grid(zones, bounds).zone_of_boxes(bounds)
    edges = shapely.union_all(shapely.boundary(zones))
    boxes_ = shapely.box(*bounds.T)
    assert not shapely.intersects(edges, boxes_[clear]).any()
    inside = clear & (zone >= 0)
    assert shapely.contains(zones[zone[inside]], boxes_[inside]).all()
    assert not shapely.intersects(shapely.union_all(zones), boxes_[clear & (zone < 0)]).any()
