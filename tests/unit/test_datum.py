"""Shifted coordinates of map services, there and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.geodesy import datum

KNOWN = {
    "Hangzhou": (120.15, 30.27, 0.00471, -0.00232),
    "Zhoushan": (122.1, 30.0, 0.00436, -0.00225),
    "Wenzhou": (120.7, 28.0, 0.00406, -0.00328),
    "Sanya": (109.5, 18.2, 0.00412, -0.00165),
    "Qingdao": (120.4, 36.1, 0.00514, 0.00029),
}

in_china = st.tuples(st.floats(73.5, 135.0), st.floats(4.0, 53.5))


def arrays(*values):
    return tuple(np.array([value], dtype=float) for value in values)


@pytest.mark.parametrize("place", KNOWN)
def test_the_shift_at_known_places_is_as_measured(place):
    lon, lat, east, north = KNOWN[place]
    moved = datum.gcj02_from_wgs84(*arrays(lon, lat))
    assert moved[0][0] - lon == pytest.approx(east, abs=5.1e-6)
    assert moved[1][0] - lat == pytest.approx(north, abs=5.1e-6)


def test_the_formula_is_the_one_of_the_reference(shared):
    space = {}
    exec((shared / "acceptance" / "gcj02_reference.py").read_text(encoding="utf-8"), space)
    lon, lat = np.meshgrid(np.linspace(74, 134, 61), np.linspace(4, 53, 50))
    ours = np.stack(datum.gcj02_from_wgs84(lon, lat))
    assert np.abs(ours - np.stack(space["wgs2gcj"](lon, lat))).max() < 1e-12


def test_bd09_at_tiananmen_is_what_public_converters_give():
    # The example that wandergis/coordtransform and its many ports print.
    moved = datum.bd09_from_gcj02(*arrays(116.404, 39.915))
    assert moved[0][0] == pytest.approx(116.41036949371029, abs=1e-12)
    assert moved[1][0] == pytest.approx(39.92133699351021, abs=1e-12)


@given(in_china)
def test_gcj02_and_back_is_where_one_was(place):
    lon, lat = arrays(*place)
    back = datum.wgs84_from_gcj02(*datum.gcj02_from_wgs84(lon, lat))
    assert np.abs(np.stack(back) - np.stack([lon, lat])).max() < 1e-9


@given(in_china)
def test_bd09_and_back_is_where_one_was(place):
    lon, lat = arrays(*place)
    back = datum.wgs84_from_bd09(*datum.bd09_from_wgs84(lon, lat))
    assert np.abs(np.stack(back) - np.stack([lon, lat])).max() < 1e-9


@given(in_china)
def test_bd09_lies_some_hundreds_of_metres_from_gcj02(place):
    lon, lat = arrays(*place)
    moved = datum.bd09_from_gcj02(lon, lat)
    assert 0.003 < moved[0][0] - lon[0] < 0.010
    assert 0.003 < moved[1][0] - lat[0] < 0.009


@pytest.mark.parametrize("way", [datum.gcj02_from_wgs84, datum.wgs84_from_bd09])
def test_nothing_moves_outside_of_china(way):
    lon, lat = np.array([2.35, -70.0, 140.0]), np.array([48.86, -33.0, 36.0])
    moved = way(lon, lat)
    assert moved[0].tolist() == lon.tolist()
    assert moved[1].tolist() == lat.tolist()


def test_what_is_no_number_stays_so():
    moved = datum.wgs84_from_gcj02(np.array([np.nan, 121.0]), np.array([30.0, 30.0]))
    assert np.isnan(moved[0][0])
    assert moved[0][1] < 121.0


def test_an_array_of_nothing_is_answered_by_nothing():
    empty = np.empty(0)
    assert datum.wgs84_from_bd09(empty, empty)[0].size == 0
