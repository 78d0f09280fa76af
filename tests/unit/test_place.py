"""Checks of place: where the rows of a file lie, what is mended, what is said."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from bluecarbon_map.gate.checks.place import place
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.parsed import Parsed, Region
from bluecarbon_map.gate.problems import Severity, Verdict, verdict_of
from bluecarbon_map.geodesy import area_ha
from bluecarbon_map.geodesy.datum import gcj02_from_wgs84

BAY = shapely.box(121.20, 28.35, 121.21, 28.36)
PROVINCE = Region(name_zh="浙江省", name_en="Zhejiang", outline=shapely.box(118, 27, 123, 31.2))
RULE_HA = 10_642_393_438.71 / 1e4
"""Official area of the cell 120–121E, 30–31N, in ha."""


def parsed(*shapes, crs="EPSG:4490", **columns):
    table = pd.DataFrame(columns, index=range(len(shapes)))
    geometry = np.array([*shapes, None], dtype=object)[:-1]
    return Parsed(
        table=table, row_numbers=list(range(1, len(shapes) + 1)), geometry=geometry, crs=crs
    )


def placed(*shapes, kind=Kind.HABITATS, region=None, crs="EPSG:4490", columns=(), **options):
    return place(parsed(*shapes, crs=crs, **dict(columns)), Options(kind=kind, **options), region)


def codes(answer):
    return [problem.code for problem in answer.problems]


def of(answer, code):
    return [problem for problem in answer.problems if problem.code == code]


def ha_of(*shapes, crs="EPSG:4490"):
    return area_ha(gpd.GeoSeries(list(shapes), crs=crs), "test").tolist()


def in_system(shape, crs):
    return gpd.GeoSeries([shape], crs="EPSG:4490").to_crs(crs).iloc[0]


def test_a_sound_layer_is_left_as_it_is():
    answer = placed(BAY, region=PROVINCE)
    assert answer.problems == ()
    assert answer.geometry[0].equals_exact(BAY, 0.0)
    assert answer.area_before_ha == answer.area_after_ha == answer.union_ha == ha_of(BAY)[0]


def test_the_official_cell_has_its_official_area():
    answer = placed(shapely.box(120, 30, 121, 31))
    assert answer.area_after_ha == pytest.approx(RULE_HA, rel=1e-9)


def test_metres_are_brought_to_degrees_with_the_same_area_and_that_is_said():
    metres = in_system(BAY, "EPSG:4549")
    answer = placed(metres, crs="EPSG:4549")
    assert codes(answer) == ["crs_converted"]
    assert answer.area_after_ha == pytest.approx(ha_of(BAY)[0], rel=1e-9)
    assert shapely.hausdorff_distance(answer.geometry[0], BAY) < 1e-10


def test_a_file_without_a_system_is_refused_with_what_is_likely():
    metres = in_system(BAY, "EPSG:4528")
    answer = placed(metres, crs=None)
    assert codes(answer) == ["crs_missing"]
    assert "EPSG:4528" in answer.problems[0].message
    assert answer.geometry.tolist() == [None]
    assert np.isnan(answer.area_after_ha)


def test_the_system_that_the_user_names_is_used_where_the_file_states_none():
    file = parsed(in_system(BAY, "EPSG:4549"), crs=None)
    answer = place(file, Options(kind=Kind.HABITATS, crs="EPSG:4549"), None)
    assert answer.area_after_ha == pytest.approx(ha_of(BAY)[0], rel=1e-9)


def test_the_file_outranks_what_the_user_says_of_its_system():
    answer = place(parsed(BAY), Options(kind=Kind.HABITATS, crs="EPSG:4549"), None)
    assert codes(answer) == ["crs_option_unused"]


@pytest.mark.parametrize(
    ("crs", "code"),
    [
        ("EPSG:4610", "crs_old_datum"),
        ("EPSG:4214", "crs_old_datum"),
        ("EPSG:999999", "crs_unknown"),
        ("<script>", "crs_unknown"),
        ('LOCAL_CS["mine",UNIT["metre",1]]', "crs_unknown"),
        ("EPSG:4978", "crs_unknown"),
        ("EPSG:4549", "crs_unit"),
    ],
)
def test_a_system_that_cannot_be_meant_keeps_the_file_out(crs, code):
    answer = placed(BAY, crs=crs)
    assert codes(answer) == [code]
    assert verdict_of(answer.problems) is Verdict.REJECT


def test_metres_that_state_degrees_are_refused_with_the_likely_code():
    answer = placed(in_system(BAY, "EPSG:4529"), crs="EPSG:4326")
    assert codes(answer) == ["crs_unit"]
    assert "EPSG:4529" in answer.problems[0].message


@pytest.mark.parametrize(
    ("true", "stated"), [("EPSG:4528", "EPSG:4549"), ("EPSG:4549", "EPSG:4528")]
)
def test_eastings_of_another_plane_are_refused(true, stated):
    answer = placed(in_system(BAY, true), crs=stated)
    assert codes(answer) == ["crs_zone"]


def test_heights_are_dropped_and_said():
    high = shapely.force_3d(BAY, 5.0)
    answer = placed(high)
    assert codes(answer) == ["heights_dropped"]
    assert not answer.geometry[0].has_z
    assert codes(placed(high, shapely.box(121.3, 28.35, 121.31, 28.36))) == ["measures_dropped"]


def test_rows_without_geometry_are_left_out_by_their_numbers():
    answer = placed(None, shapely.Polygon(), BAY)
    assert [(p.code, p.row) for p in answer.problems] == [
        ("geometry_missing", 1),
        ("geometry_empty", 2),
    ]
    assert answer.geometry[:2].tolist() == [None, None]
    assert answer.row_area_ha[2] == ha_of(BAY)[0]
    assert np.isnan(answer.row_area_ha[:2]).all()


def test_a_coordinate_that_is_no_number_is_an_error_of_its_row():
    bad = shapely.Polygon([(121, 28), (np.inf, 28), (121.1, 28.1)])
    answer = placed(BAY, bad)
    assert [(p.code, p.row) for p in answer.problems] == [("coordinate_not_finite", 2)]


def test_a_table_without_geometry_is_no_layer():
    table = Parsed(table=pd.DataFrame({"a": [1]}), row_numbers=[1])
    assert codes(place(table, Options(kind=Kind.HABITATS), None)) == ["geometry_absent"]


def test_a_crossed_outline_is_mended_with_its_areas_told():
    # Two right triangles of a quarter of the box each.
    bowtie = shapely.Polygon([(121.2, 28.35), (121.21, 28.36), (121.21, 28.35), (121.2, 28.36)])
    answer = placed(bowtie)
    (problem,) = answer.problems
    assert (problem.severity, problem.code, problem.row) == (Severity.REPAIR, "outline_mended", 1)
    assert answer.area_before_ha == pytest.approx(0.0, abs=0.01)
    assert answer.area_after_ha == pytest.approx(ha_of(BAY)[0] / 2, rel=1e-3)
    assert f"{answer.area_after_ha:,.4f} ha" in problem.message
    assert answer.geometry[0].is_valid


def test_a_hole_outside_its_shell_takes_nothing_away():
    far = shapely.box(121.7, 28.35, 121.71, 28.36)
    answer = placed(shapely.Polygon(BAY.exterior, [far.exterior]))
    assert codes(answer) == ["outline_mended"]
    assert answer.area_before_ha == pytest.approx(0.0, abs=1e-6)
    assert answer.area_after_ha >= ha_of(BAY)[0] * (1 - 1e-12)


def test_an_outline_that_encloses_nothing_is_refused_by_row():
    line = shapely.Polygon([(121.2, 28.35), (121.21, 28.35), (121.2, 28.35)])
    answer = placed(BAY, line)
    assert [(p.code, p.row, p.severity) for p in answer.problems] == [
        ("no_area", 2, Severity.ERROR)
    ]


def test_points_and_lines_are_no_habitats():
    answer = placed(BAY, shapely.Point(121.2, 28.35), shapely.LineString([(121, 28), (121, 29)]))
    assert [(p.code, p.row) for p in answer.problems] == [("not_polygon", 2), ("not_polygon", 3)]
    assert verdict_of(answer.problems) is Verdict.WARN
    assert verdict_of(placed(shapely.Point(121.2, 28.3)).problems) is Verdict.WARN


def test_of_a_collection_the_polygons_stay():
    mixed = shapely.GeometryCollection([BAY, shapely.Point(121.2, 28.35)])
    answer = placed(mixed)
    assert codes(answer) == ["parts_left_out"]
    assert answer.area_after_ha == ha_of(BAY)[0]


def test_swapped_longitude_and_latitude_are_swapped_back():
    answer = placed(shapely.transform(BAY, lambda xy: xy[:, ::-1]))
    assert [(p.code, p.severity) for p in answer.problems] == [("lonlat_swapped", Severity.REPAIR)]
    assert answer.geometry[0].equals(BAY)


def test_a_row_off_the_globe_is_an_error():
    answer = placed(shapely.Point(200, 95), shapely.Point(121, 28), kind=Kind.SITES)
    assert [(p.code, p.row) for p in answer.problems] == [("coordinate_out_of_range", 1)]


def test_longitudes_beyond_180_are_wrapped():
    answer = placed(shapely.box(210, -17.5, 210.01, -17.49))
    assert codes(answer) == ["longitude_wrapped"]
    assert answer.geometry[0].bounds == pytest.approx((-150, -17.5, -149.99, -17.49))


def test_an_outline_over_180_degrees_east_is_cut_there():
    wide = shapely.Polygon([(179.9, -16.5), (-179.9, -16.5), (-179.9, -16.4), (179.9, -16.4)])
    answer = placed(wide)
    assert codes(answer) == ["antimeridian"]
    narrow = ha_of(shapely.box(120, -16.5, 120.2, -16.4))[0]
    assert answer.area_after_ha == pytest.approx(narrow, rel=1e-9)
    assert len(answer.geometry[0].geoms) == 2


def test_the_null_island_is_a_missing_place():
    answer = placed(shapely.Point(0, 0), kind=Kind.SITES)
    assert codes(answer) == ["null_island"]
    assert verdict_of(answer.problems) is Verdict.WARN
    assert answer.geometry[0] is None


def test_rows_outside_the_region_are_counted_with_their_distance():
    away = shapely.box(125, 29, 125.01, 29.01)
    answer = placed(BAY, away, region=PROVINCE)
    (problem,) = answer.problems
    assert (problem.code, problem.severity, problem.count) == ("outside_region", "warning", 1)
    # 2.005 degrees at 29 N: 195 km.
    assert "up to 195 km away; first: row 2" in problem.message


def test_rows_that_would_lie_inside_once_swapped_are_told_so():
    small = Region(name_zh="甲", name_en="A", outline=shapely.box(28, 44.9, 28.1, 45.1))
    answer = placed(shapely.box(45, 28, 45.01, 28.01), region=small)
    assert "swapped they would lie inside" in answer.problems[0].message


def test_overlaps_are_told_in_ha_and_the_ground_counts_once():
    half = shapely.box(121.205, 28.35, 121.215, 28.36)
    answer = placed(BAY, half)
    (problem,) = answer.problems
    assert (problem.code, problem.count) == ("overlap", 2)
    assert answer.area_after_ha == pytest.approx(2 * ha_of(BAY)[0], rel=1e-9)
    assert answer.union_ha == pytest.approx(1.5 * ha_of(BAY)[0], rel=1e-9)


def test_ground_claimed_by_three_counts_once():
    boxes = [shapely.box(121.2 + d, 28.35, 121.21 + d, 28.36) for d in (0, 0.002, 0.004)]
    assert placed(*boxes).union_ha == pytest.approx(1.4 * ha_of(BAY)[0], rel=1e-9)


def test_neighbours_with_one_border_do_not_overlap():
    assert placed(BAY, shapely.box(121.21, 28.35, 121.22, 28.36)).problems == ()


def test_the_same_outline_twice_is_named_with_its_first_row():
    again = shapely.Polygon(list(BAY.exterior.coords)[::-1])
    answer = placed(BAY, again)
    twin = of(answer, "duplicate_geometry")
    assert [(p.row, "row 1" in p.message) for p in twin] == [(2, True)]
    assert of(answer, "near_duplicate") == []
    assert answer.union_ha == pytest.approx(ha_of(BAY)[0], rel=1e-12)


def test_an_outline_moved_by_a_tenth_of_a_millimetre_is_nearly_the_same():
    moved = shapely.transform(BAY, lambda xy: xy + np.array([1e-9, 0]))
    assert [p.row for p in of(placed(BAY, moved), "near_duplicate")] == [2]


def test_two_surveys_in_one_file_may_cover_the_same_ground():
    answer = placed(BAY, BAY, columns={"survey_id": ["2022", "2025"]})
    assert answer.problems == ()
    assert answer.union_ha is None


def test_a_city_may_hold_its_counties():
    county = shapely.box(121.20, 28.35, 121.205, 28.36)
    columns = {"level": ["city", "county"]}
    assert placed(BAY, county, kind=Kind.ZONES, columns=columns).problems == ()


def test_a_strip_left_over_by_a_cut_is_called_a_sliver():
    strip = shapely.box(121.2, 28.35, 121.2 + 1e-6, 28.36)
    (problem,) = placed(strip).problems
    assert (problem.code, problem.severity) == ("sliver", "warning")


def test_a_pile_of_rows_is_refused_before_every_pair_is_looked_at():
    pile = [shapely.box(121.2 + i * 1e-7, 28.35, 121.21 + i * 1e-7, 28.36) for i in range(3_300)]
    answer = placed(*pile)
    assert codes(answer) == ["overlaps_everywhere"]


def test_of_many_rows_a_hundred_problems_are_told_and_the_rest_counted():
    answer = placed(*[None] * 250, BAY)
    missing = of(answer, "geometry_missing")
    assert len(missing) == 100
    assert [p.row for p in missing[:2]] == [1, 2]
    assert sum(p.count for p in missing) == 250


def test_a_larger_geometry_stands_for_a_site_by_a_point_in_it():
    answer = placed(BAY, kind=Kind.SITES)
    assert codes(answer) == ["site_not_a_point"]
    assert BAY.contains(answer.geometry[0])


def test_the_datum_that_was_said_is_undone_and_recorded():
    def shifted(xy):
        return np.column_stack(gcj02_from_wgs84(xy[:, 0], xy[:, 1]))

    answer = placed(shapely.transform(BAY, shifted), datum="gcj02")
    (problem,) = answer.problems
    assert (problem.code, problem.severity) == ("datum_converted", "repair")
    assert shapely.hausdorff_distance(answer.geometry[0], BAY) < 1e-9
    assert codes(placed(BAY, datum="mars"))[0] == "datum_unknown"


def test_columns_of_a_map_service_are_reason_to_ask():
    columns = {"adcode": ["330382"], "acroutes": ["100000"]}
    assert codes(placed(BAY, columns=columns)) == ["datum_of_a_service"]
    assert placed(BAY, columns={"adcode": ["330382"]}).problems == ()


def test_what_came_in_is_not_changed():
    file = parsed(None, shapely.force_3d(BAY))
    before = file.geometry.copy()
    place(file, Options(kind=Kind.HABITATS), None)
    assert all(one is other for one, other in zip(file.geometry, before, strict=True))


angle = st.floats(0.3, 1.0)
rings = st.lists(angle, min_size=3, max_size=12).map(
    lambda reach: shapely.Polygon(
        [
            (121 + 0.02 * r * np.cos(2 * np.pi * i / len(reach)),
             28 + 0.02 * r * np.sin(2 * np.pi * i / len(reach)))
            for i, r in enumerate(reach)
        ]
    )
)  # fmt: skip
scribbles = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=3, max_size=12
).map(lambda corners: shapely.Polygon([(121 + x / 500, 28 + y / 500) for x, y in corners]))


@given(st.lists(rings, min_size=1, max_size=4))
def test_sound_rows_keep_their_areas(shapes):
    answer = placed(*shapes)
    assert answer.row_area_ha == pytest.approx(ha_of(*shapes), rel=1e-12)
    assert answer.area_before_ha == answer.area_after_ha


@given(
    st.lists(rings, min_size=1, max_size=4),
    st.sampled_from(["EPSG:4549", "EPSG:4528", "EPSG:32651"]),
)
def test_the_system_of_a_file_does_not_change_its_areas(shapes, crs):
    answer = placed(*[in_system(shape, crs) for shape in shapes], crs=crs)
    assert answer.row_area_ha == pytest.approx(ha_of(*shapes), rel=1e-9)


@given(st.lists(scribbles, min_size=1, max_size=4))
def test_whatever_is_drawn_comes_out_valid_or_not_at_all(shapes):
    answer = placed(*shapes)
    kept = [one for one in answer.geometry if one is not None]
    assert all(one.is_valid and one.area > 0 for one in kept)
    assert all(one.geom_type in ("Polygon", "MultiPolygon") for one in kept)
    assert np.isnan(answer.row_area_ha).sum() == len(shapes) - len(kept)


def test_an_outline_that_mending_leaves_crossed_is_mended_the_other_way():
    corners = [(18, 18), (7, 7), (0, 1), (3, 3), (1, 1)]
    crossed = shapely.Polygon([(121 + x / 500, 28 + y / 500) for x, y in corners])
    assert not shapely.make_valid(crossed, method="structure", keep_collapsed=False).is_valid
    (kept,) = placed(crossed).geometry
    assert kept.is_valid
    assert kept.equals(shapely.Polygon([crossed.exterior.coords[at] for at in (2, 1, 3)]))


@given(st.lists(rings, min_size=1, max_size=5))
def test_the_ground_covered_is_the_union(shapes):
    answer = placed(*shapes)
    flat = gpd.GeoSeries(shapes, crs="EPSG:4490").to_crs(
        "+proj=cea +lat_ts=29 +lon_0=121 +ellps=GRS80 +units=m +no_defs"
    )
    assert answer.union_ha == pytest.approx(flat.union_all().area / 1e4, rel=1e-9)


CORPUS = {
    "swapped_latlon": "repair", "swapped_latlon_plausible": "warn", "metres_no_crs": "reject",
    "metres_crs_member": "accept", "crs_member_lies": "reject", "crs_utm_wrong_zone": "warn",
    "geometrycollection": "warn", "mixed_types": "warn", "empty_coords": "warn",
    "bowtie": "repair", "overlap_double_count": "warn", "exact_duplicate": "warn",
    "near_duplicate": "warn", "antimeridian": "repair", "lon_0_360": "repair",
    "hole_outside": "repair", "null_island": "warn", "out_of_range": "reject",
}  # fmt: skip


@pytest.mark.parametrize("name", CORPUS)
def test_a_bad_file_gets_its_verdict(shared, name):
    text = (shared / "badinputs" / "geojson" / f"{name}.geojson").read_text(encoding="utf-8")
    features = json.loads(text)
    shapes = [shapely.geometry.shape(one["geometry"]) for one in features["features"]]
    stated = features.get("crs", {}).get("properties", {}).get("name", "EPSG:4326")
    kind = Kind.SITES if name in ("null_island", "out_of_range") else Kind.HABITATS
    answer = placed(*shapes, crs=stated, kind=kind, region=PROVINCE)
    assert verdict_of(answer.problems) == CORPUS[name], answer.problems


def test_one_coast_in_two_systems_has_equal_areas_and_its_broken_county_is_mended(shared):
    folder = shared / "data" / "boundaries" / "gbk_shp"
    answers = []
    for name, crs in (
        ("zj_coast_gbk_4549", "EPSG:4549"),
        ("zj_coast_gbk_4528_zone40", "EPSG:4528"),
    ):
        layer = gpd.read_file(folder / f"{name}.shp", encoding="gbk")
        answers.append(placed(*layer.geometry, crs=crs, kind=Kind.ZONES))
    assert answers[0].row_area_ha == pytest.approx(answers[1].row_area_ha, rel=1e-9)
    (mended,) = of(answers[0], "outline_mended")
    names = [value for column in layer.columns[:-1] for value in layer[column] if value == "定海区"]
    assert names == ["定海区"]
    assert "定海区" in layer.iloc[mended.row - 1].tolist()


def test_zones_of_two_levels_share_ground_whatever_the_column_is_called():
    for words in (("市", "县"), ("city", "county")):
        answer = placed(BAY, BAY, kind=Kind.ZONES, columns={"级别": list(words)})
        assert codes(answer) == []
    alike = placed(BAY, BAY, kind=Kind.ZONES, columns={"级别": ["县", "县级"]})
    assert "duplicate_geometry" in codes(alike)
