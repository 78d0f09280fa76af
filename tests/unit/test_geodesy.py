"""Where layers lie, and how large things on them are."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod

from bluecarbon_map import geodesy
from bluecarbon_map.errors import CRSMismatchError, CRSMissingError, GeometryError

CELL = shapely.box(120.0, 30.0, 121.0, 31.0)
CELL_M2 = 10_642_393_438.71
"""Official area of the cell 120–121E, 30–31N."""

PATCH = shapely.Polygon([(120.1, 30.1), (120.4, 30.15), (120.35, 30.4), (120.2, 30.3)])
WITH_HOLE = shapely.difference(PATCH, shapely.box(120.25, 30.2, 120.28, 30.25))
GEOD = Geod(ellps="GRS80")


def layer(*shapes, crs=geodesy.STORAGE_CRS):
    return gpd.GeoSeries(list(shapes), crs=crs)


def rule_m2(polygon):
    """Area by the official ellipsoidal-area rule (国土调查办发〔2008〕32号), CGCS2000 constants."""
    semi_major, flattening = 6_378_137.0, 1 / 298.257222101
    semi_minor = semi_major * (1 - flattening)
    e2 = (semi_major**2 - semi_minor**2) / semi_major**2
    factors = (
        1 + 3 / 6 * e2 + 30 / 80 * e2**2 + 35 / 112 * e2**3 + 630 / 2304 * e2**4,
        -(1 / 6 * e2 + 15 / 80 * e2**2 + 21 / 112 * e2**3 + 420 / 2304 * e2**4),
        3 / 80 * e2**2 + 7 / 112 * e2**3 + 180 / 2304 * e2**4,
        -(1 / 112 * e2**3 + 45 / 2304 * e2**4),
        5 / 2304 * e2**4,
    )

    def ring_m2(ring):
        lon, lat = np.radians(shapely.get_coordinates(ring)).T
        width = (lon[:-1] + lon[1:]) / 2 - np.radians(60.0)
        height, middle = np.diff(lat), (lat[:-1] + lat[1:]) / 2
        odd = 1
        total = 0.0
        for factor in factors:
            total = total + factor * np.sin(odd * height / 2) * np.cos(odd * middle)
            odd += 2
        return abs((2 * semi_minor**2 * width * total).sum())

    parts = shapely.get_parts(polygon)
    return sum(ring_m2(p.exterior) - sum(ring_m2(h) for h in p.interiors) for p in parts)


# --- where a layer lies


def test_a_layer_without_crs_is_refused():
    with pytest.raises(CRSMissingError, match=r"sites\.gpkg"):
        geodesy.to_equal_area(layer(CELL, crs=None), "sites.gpkg")
    with pytest.raises(CRSMissingError):
        geodesy.require_crs(layer(CELL, crs=None), "EPSG:4490", "sites.gpkg")


def test_another_crs_than_needed_is_an_error_that_names_both():
    geodesy.require_crs(layer(CELL), "EPSG:4490", "zones")
    with pytest.raises(CRSMismatchError, match=r"zones.*EPSG:4326.*EPSG:4490"):
        geodesy.require_crs(layer(CELL, crs="EPSG:4326"), "EPSG:4490", "zones")


def test_degrees_that_are_really_metres_are_refused_with_a_guess():
    metres = shapely.box(40_400_000, 3_300_000, 40_500_000, 3_400_000)
    with pytest.raises(CRSMismatchError, match=r"metres.*zone 40") as caught:
        geodesy.to_equal_area(layer(metres), "f.gpkg")
    assert caught.value.found.startswith("metres")


def test_metres_that_are_really_degrees_are_refused():
    with pytest.raises(CRSMismatchError) as caught:
        geodesy.to_equal_area(layer(CELL, crs="EPSG:4549"), "f.gpkg")
    assert caught.value.found.startswith("degrees")


def test_coordinates_a_plane_cannot_express_are_refused():
    zone_in_front = shapely.box(40_400_000, 3_300_000, 40_500_000, 3_400_000)
    with pytest.raises(CRSMismatchError, match="EPSG:4549"):
        geodesy.to_equal_area(layer(zone_in_front, crs="EPSG:4549"), "f.gpkg")


@pytest.mark.parametrize("old", [4610, 2384, 4214, 2437])
def test_older_datums_are_never_converted_in_silence(old):
    there = CELL if CRS(old).is_geographic else shapely.box(5e5, 33e5, 6e5, 34e5)
    with pytest.raises(CRSMismatchError, match="CGCS2000 or WGS 84"):
        geodesy.to_equal_area(layer(there, crs=f"EPSG:{old}"), "old.shp")


def test_coordinates_that_are_no_numbers_are_refused_by_row():
    broken = shapely.LineString([(120, 30), (np.inf, 31)])
    with pytest.raises(GeometryError) as caught:
        geodesy.to_equal_area(layer(CELL, broken), "f.gpkg")
    assert caught.value.rows == (1,)


def test_heights_are_dropped_and_missing_rows_stay():
    solid = shapely.force_3d(CELL, 5.0)
    planar = geodesy.to_equal_area(layer(solid, None), "f.gpkg")
    assert not shapely.has_z(planar[0])
    assert planar[1] is None


# --- area


def test_the_official_cell_has_its_official_area_in_the_plane():
    assert geodesy.area_ha(layer(CELL), "cell")[0] * 1e4 == pytest.approx(CELL_M2, abs=0.005)


def test_the_rule_as_typed_here_gives_the_official_cell():
    assert rule_m2(CELL) == pytest.approx(CELL_M2, abs=0.005)


@pytest.mark.parametrize(
    "shape", [PATCH, WITH_HOLE, shapely.MultiPolygon([WITH_HOLE, shapely.box(122, 29, 122.5, 30)])]
)
def test_plane_and_official_rule_agree(shape):
    assert geodesy.area_ha(layer(shape), "x")[0] * 1e4 == pytest.approx(rule_m2(shape), rel=1e-10)


@pytest.mark.parametrize("code", [4549, 4550, 4548, 4528, 4529, 4326, 32651])
def test_the_same_vertices_have_the_same_area_in_every_crs(code):
    here = layer(PATCH, WITH_HOLE)
    there = here.to_crs(code) if code != 4326 else here.set_crs(4326, allow_override=True)
    expected = geodesy.area_ha(here, "x")
    assert geodesy.area_ha(there, "x") == pytest.approx(expected, rel=1e-9)


def test_a_missing_geometry_has_no_known_area():
    area_ha = geodesy.area_ha(layer(None, CELL), "x")
    assert np.isnan(area_ha[0])
    assert area_ha[1] == pytest.approx(1_064_239.343871)


@pytest.mark.parametrize(
    "shape",
    [
        PATCH,
        WITH_HOLE,
        shapely.MultiPolygon([PATCH, shapely.box(122, 29, 122.5, 29.5)]),
        shapely.Polygon([(120, 30), (121, 30), (120.5, 30.8)]),
        shapely.Polygon([(120, 0.3), (120, -0.4), (120.5, -0.2)]),
        shapely.Polygon([(10, -45), (11, -45), (10.5, -45.8)]),
        shapely.Polygon([(10, 60), (12, 60), (11, 60.9)]),
        shapely.Polygon([(100, 20), (125, 22), (118, 41)]),
        shapely.Polygon([(121.263, 25.501), (121.125, 25.399), (121.071, 25.315)]),
        shapely.Polygon([(121, 30), (121.0487, 30), (121.0244, 30.0039)]),
    ],
)
def test_area_is_within_one_ppm_of_geographiclib(shape):
    expected = abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))[0])
    assert geodesy.ellipsoidal_area_m2([shape])[0] == pytest.approx(expected, rel=1e-6)


def test_polygons_with_edges_up_to_a_hundred_km_are_within_one_ppm_at_every_latitude():
    rng = np.random.default_rng(7)
    for lon, lat in rng.uniform((-179.0, -80.0), (179.0, 80.0), (300, 2)):
        corners = rng.integers(3, 9)
        azimuth = np.sort(np.linspace(0.0, 360.0, corners, endpoint=False) + rng.uniform(0, 20))
        reach_m = rng.uniform(40_000.0, 57_000.0, corners)
        lon1, lat1, _ = GEOD.fwd([lon] * corners, [lat] * corners, azimuth, reach_m)
        shape = shapely.Polygon(np.c_[lon1, lat1])
        edge_m = GEOD.inv(lon1, lat1, np.roll(lon1, 1), np.roll(lat1, 1))[2]
        assert edge_m.max() <= 100_000.0
        expected_m2 = abs(GEOD.geometry_area_perimeter(shape)[0])
        assert geodesy.ellipsoidal_area_m2([shape])[0] == pytest.approx(expected_m2, rel=1e-6)


@st.composite
def quadrilaterals(draw):
    """Of 1 km² and more, edges up to 100 km, 0–55° N; often slender."""
    lon, lat = draw(st.floats(-179.0, 179.0)), draw(st.floats(0.0, 55.0))
    azimuth, length_m = draw(st.floats(0.0, 360.0)), draw(st.floats(2_000.0, 90_000.0))
    corners = [(lon, lat), GEOD.fwd(lon, lat, azimuth, length_m)[:2]]
    for side, first in ((90.0, 0.5), (-90.0, 0.05)):
        share = draw(st.floats(first, first + 0.45))
        height_m = draw(st.floats(1.0, 1.6)) * 1e6 / length_m * 10 ** draw(st.floats(0.0, 1.0))
        on_lon, on_lat, _ = GEOD.fwd(lon, lat, azimuth, share * length_m)
        corners.append(GEOD.fwd(on_lon, on_lat, azimuth + side, min(height_m, 40_000.0))[:2])
    start, end, right, left = corners
    return [start, right, end, left]


@settings(max_examples=200, deadline=None)
@given(quadrilaterals())
def test_slender_or_not_a_square_kilometre_is_within_one_ppm_of_geographiclib(corners):
    lon, lat = np.array(corners).T
    assume(0.0 <= lat.min() <= lat.max() <= 55.0)
    expected_m2 = abs(GEOD.polygon_area_perimeter(lon, lat)[0])
    edge_m = GEOD.inv(lon, lat, np.roll(lon, 1), np.roll(lat, 1))[2]
    assume(expected_m2 >= 1e6 and edge_m.max() <= 100_000.0)
    measured_m2 = geodesy.ellipsoidal_area_m2([shapely.Polygon(corners)])[0]
    assert measured_m2 == pytest.approx(expected_m2, rel=1e-6)


def test_a_ring_may_cross_the_antimeridian():
    across = shapely.Polygon([(179.7, 10), (-179.8, 10.1), (-179.9, 10.6), (179.6, 10.5)])
    moved = shapely.transform(across, lambda xy: np.c_[np.mod(xy[:, 0], 360.0) - 30.0, xy[:, 1]])
    areas = geodesy.ellipsoidal_area_m2([across, moved])
    assert areas[0] == pytest.approx(areas[1], rel=1e-11)


def test_a_ring_may_go_round_a_pole():
    lon = np.arange(0.0, 360.0, 0.5)
    north = shapely.Polygon(np.c_[(lon + 180.0) % 360.0 - 180.0, np.full_like(lon, 88.0)])
    south = shapely.transform(north, lambda xy: xy * [1.0, -1.0])
    expected = abs(GEOD.geometry_area_perimeter(north)[0])
    assert geodesy.ellipsoidal_area_m2([north, south]) == pytest.approx(expected, rel=1e-6)


def test_the_whole_ellipsoid_is_eight_octants():
    octant = shapely.Polygon([(0, 0), (90, 0), (90, 90), (0, 90)])
    whole_m2 = 8.0 * geodesy.ellipsoidal_area_m2([octant])[0]
    assert whole_m2 == pytest.approx(510_065_621_718_491.4, rel=1e-12)


def test_area_keeps_shape_and_marks_missing():
    area_m2 = geodesy.ellipsoidal_area_m2([[None, shapely.Point(1, 1)], [CELL, PATCH]])
    assert area_m2.shape == (2, 2)
    assert np.isnan(area_m2[0, 0])
    assert area_m2[0, 1] == 0.0
    assert geodesy.ellipsoidal_area_m2([]).shape == (0,)


def test_many_polygons_are_measured_block_by_block_like_one_by_one():
    many = [shapely.Point(120 + i / 50, 30).buffer(0.01, 100) for i in range(150)]
    one_by_one = [geodesy.ellipsoidal_area_m2([shape])[0] for shape in many]
    assert geodesy.ellipsoidal_area_m2(many) == pytest.approx(one_by_one, rel=1e-13)


# --- length


def test_length_of_a_line_and_of_the_rings_of_a_polygon():
    line = shapely.LineString([(120, 30), (120.5, 30), (121, 30.5)])
    lengths_m = geodesy.geodesic_length_m([line, WITH_HOLE, None, shapely.Point(1, 1)])
    assert lengths_m[0] == pytest.approx(GEOD.geometry_length(line), rel=1e-12)
    rings = [WITH_HOLE.exterior, *WITH_HOLE.interiors]
    assert lengths_m[1] == pytest.approx(sum(map(GEOD.geometry_length, rings)), rel=1e-12)
    assert np.isnan(lengths_m[2])
    assert lengths_m[3] == 0.0


def test_a_degree_of_the_equator_is_its_part_of_the_circumference():
    degree = shapely.LineString([(120, 0), (121, 0)])
    expected_m = 2.0 * np.pi * 6_378_137.0 / 360.0
    assert geodesy.geodesic_length_m([degree])[0] == pytest.approx(expected_m, rel=1e-12)


# --- names of CGCS2000


@pytest.mark.parametrize(
    ("meridian", "with_zone", "code"),
    [
        (120, False, 4549),
        (123, False, 4550),
        (117, False, 4548),
        (120, True, 4528),
        (123, True, 4529),
    ],
)
def test_codes_that_zhejiang_uses(meridian, with_zone, code):
    assert geodesy.cgcs2000_code(meridian, with_zone=with_zone) == f"EPSG:{code}"


PLANES = [(3, cm, cm // 3) for cm in range(75, 136, 3)]
PLANES += [(6, cm, (cm + 3) // 6) for cm in range(75, 136, 6)]
"""Width, central meridian and zone number of every Gauss-Krüger plane of CGCS2000."""


@pytest.mark.parametrize("with_zone", [True, False])
@pytest.mark.parametrize(("width_deg", "meridian", "zone"), PLANES)
def test_every_code_is_the_plane_it_says(width_deg, meridian, zone, with_zone):
    code = geodesy.cgcs2000_code(meridian, with_zone=with_zone, width_deg=width_deg)
    crs = CRS(code)
    assert ("3-degree" in crs.name) == (width_deg == 3)
    stated = {p.name: p.value for p in crs.coordinate_operation.params}
    assert crs.geodetic_crs.to_epsg() == 4490
    assert stated["Longitude of natural origin"] == meridian
    zone_m = zone * 1e6 if with_zone else 0.0
    assert stated["False easting"] == 500_000.0 + zone_m


def test_the_codes_are_those_of_all_four_series_and_no_other():
    codes = {
        geodesy.cgcs2000_code(meridian, with_zone=with_zone, width_deg=width_deg)
        for width_deg, meridian, _ in PLANES
        for with_zone in (True, False)
    }
    assert codes == {f"EPSG:{code}" for code in range(4491, 4555)}


@pytest.mark.parametrize(
    ("meridian", "width_deg"), [(72, 3), (118, 3), (138, 3), (69, 6), (120, 6), (141, 6)]
)
def test_a_meridian_without_plane_is_refused(meridian, width_deg):
    with pytest.raises(ValueError, match=f"{meridian}E"):
        geodesy.cgcs2000_code(meridian, with_zone=False, width_deg=width_deg)


def test_planes_of_another_width_are_refused():
    with pytest.raises(ValueError, match="no planes 4 degrees wide"):
        geodesy.cgcs2000_code(120, with_zone=False, width_deg=4)


@pytest.mark.parametrize(("width_deg", "meridian", "zone"), PLANES)
def test_a_layer_in_a_numbered_zone_is_recognised_as_it(width_deg, meridian, zone):
    code = geodesy.cgcs2000_code(meridian, with_zone=True, width_deg=width_deg)
    half = width_deg / 2
    west, _, east, _ = (
        layer(shapely.box(meridian - half, 27, meridian + half, 31)).to_crs(code).total_bounds
    )
    guess = geodesy.suggest_crs(west, east, 3e6, 3.4e6)
    assert (guess.candidates, guess.certain) == ((code,), True)
    assert f"zone {zone}, meridian {meridian}E" in guess.reason


def test_eastings_with_a_zone_number_name_their_plane():
    guess = geodesy.suggest_crs(40_400_000, 40_600_000, 3_000_000, 3_400_000)
    assert guess.candidates == ("EPSG:4528",)
    assert guess.certain


def test_eastings_without_zone_number_must_be_asked_about():
    guess = geodesy.suggest_crs(400_000, 600_000, 3_000_000, 3_400_000)
    assert guess.candidates == ("EPSG:4549", "EPSG:4550", "EPSG:4548")
    assert not guess.certain


def test_degrees_may_be_cgcs2000_or_wgs84():
    guess = geodesy.suggest_crs(118, 123, 27, 31)
    assert guess.candidates == ("EPSG:4490", "EPSG:4326")
    assert not guess.certain


def test_swapped_degrees_are_recognised():
    guess = geodesy.suggest_crs(27, 31, 118, 123)
    assert guess.candidates == ()
    assert "swap" in guess.reason


@pytest.mark.parametrize(
    "bounds", [(39.9e6, 40.1e6, 3e6, 3.4e6), (5e7, 5.1e7, 3e6, 3.4e6), (4e5, 6e5, -2e6, -1e6)]
)
def test_numbers_that_fit_nothing_suggest_nothing(bounds):
    assert geodesy.suggest_crs(*bounds).candidates == ()


# --- real boundaries


@pytest.mark.shared
def test_plane_and_official_rule_agree_on_every_county(real_counties):
    counties = gpd.read_file(real_counties)
    expected_m2 = [rule_m2(shape) for shape in counties.geometry]
    assert len(counties) >= 80
    assert geodesy.area_ha(counties, "counties") * 1e4 == pytest.approx(expected_m2, rel=1e-9)
