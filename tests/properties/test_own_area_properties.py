"""What must hold of any own area: cut in two it adds up to the whole, its ground to its area."""

from __future__ import annotations

import math

import geopandas as gpd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bluecarbon_map.geodesy import EQUAL_AREA_CRS, STORAGE_CRS, to_equal_area
from bluecarbon_map.reports.own_area import area_figures, from_code, own_area, to_code
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.units import M2_PER_HA
from tests import builders

A_STEP_HA = 1e-8
"""A square centimetre: areas are kept in whole ones."""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return FolderStore(builders.write_workspace(tmp_path_factory.mktemp("own") / "small"))


@st.composite
def outlines(draw):
    """A star round a point of the small workspace: valid, with edges in every direction."""
    lon, lat = draw(st.floats(121.0, 121.2)), draw(st.floats(28.0, 28.1))
    far = draw(st.lists(st.floats(0.005, 0.1), min_size=3, max_size=12))
    turns = [2 * math.pi * at / len(far) for at in range(len(far))]
    return shapely.Polygon(
        [(lon + r * math.cos(t), lat + r * math.sin(t)) for r, t in zip(far, turns, strict=True)]
    )


FEW = settings(max_examples=8, deadline=None)


def in_degrees(shape):
    """Back into degrees. PROJ's way back is off by a millimetre; a second step takes that away."""

    def back(one):
        return gpd.GeoSeries([one], crs=EQUAL_AREA_CRS).to_crs(STORAGE_CRS).iloc[0]

    again = to_equal_area(gpd.GeoSeries([back(shape)], crs=STORAGE_CRS), "outline")[0]
    off = shapely.get_coordinates(again) - shapely.get_coordinates(shape)
    return back(shapely.transform(shape, lambda places: places - off))


@FEW
@given(outlines(), st.floats(0.1, 0.9), st.booleans())
def test_an_area_cut_in_two_adds_up_to_the_whole(store, outline, share, upright):
    """Cut where edges are straight, in the plane: along another line a chord is another edge."""
    plane = to_equal_area(gpd.GeoSeries([outline], crs=STORAGE_CRS), "outline")[0]
    west, south, east, north = plane.bounds
    at = west + share * (east - west) if upright else south + share * (north - south)
    first = shapely.box(west, south, at, north) if upright else shapely.box(west, south, east, at)
    halves = [shapely.intersection(plane, first), shapely.difference(plane, first)]
    whole = area_figures(store, own_area([outline]))
    parts = [area_figures(store, own_area([in_degrees(half)])) for half in halves]
    # Each kind is rounded once in each part, and a vertex in degrees to a hundredth of a micron.
    slack_ha = 3 * len(builders.PATCHES) * A_STEP_HA + 1e-7 * shapely.length(plane) / M2_PER_HA
    for total in (
        lambda found: found.area_ha,
        lambda found: found.unknown_ha,
        lambda found: found.summary.totals.area_ha,
    ):
        assert math.fsum(map(total, parts)) == pytest.approx(total(whole), abs=slack_ha)


@FEW
@given(outlines())
def test_known_and_unknown_ground_add_up_and_a_link_keeps_the_area(store, outline):
    found = area_figures(store, own_area([outline]))
    known = (found.surveyed_ha or 0.0) + found.recorded_ha + found.assumed_ha
    assert known + found.unknown_ha == pytest.approx(found.area_ha, abs=A_STEP_HA)
    assert found.summary.totals.area_ha <= found.area_ha + A_STEP_HA
    back = from_code(to_code(own_area([outline]))).shape
    assert shapely.hausdorff_distance(back, outline) < 1.5e-5
