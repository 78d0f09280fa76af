"""Own areas: the outline, its numbers, how they leave, and what is refused."""

from __future__ import annotations

import json
import math
from itertools import product

import geopandas as gpd
import numpy as np
import pytest
import shapely

from bluecarbon_map.errors import BluecarbonError, GeometryError, InputError
from bluecarbon_map.export import FORMATS, to_bytes
from bluecarbon_map.geodesy import STORAGE_CRS
from bluecarbon_map.reports import measure, summarise
from bluecarbon_map.reports.own_area import (
    AREA_ID,
    area_bundle,
    area_figures,
    area_json,
    area_text,
    from_code,
    from_geojson,
    own_area,
    to_code,
    to_geojson,
    trace_area,
)
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.tables import Level, Provenance
from tests import builders

A_STEP_HA = 1e-8
"""A square centimetre: areas are kept in whole ones."""


@pytest.fixture(scope="module")
def zhejiang():
    return open_workspace(None)


@pytest.fixture
def small(tmp_path):
    return FolderStore(builders.write_workspace(tmp_path / "small"))


def stating(tmp_path, provenance, **extents):
    """The small workspace with surveys that state their extent."""
    folder = builders.write_workspace(tmp_path / "stated")
    said = [builders.survey("S-2022", 2022), builders.survey("S-2025", 2025)]
    builders.surveys_table(*(one | {"provenance": provenance} for one in said)).to_csv(
        folder / "surveys.csv", index=False, encoding="utf-8-sig"
    )
    builders.extents(**extents).to_parquet(folder / "extents.parquet")
    return FolderStore(folder)


def circle(count):
    turn = np.linspace(0.0, 2 * np.pi, count, endpoint=False)
    return np.column_stack([121 + 0.5 * np.cos(turn), 28 + 0.5 * np.sin(turn)])


def polygon(*places):
    return json.dumps({"type": "Polygon", "coordinates": [list(places)]})


# --- numbers --------------------------------------------------------------------------------------


def test_an_area_that_is_a_county_has_the_countys_numbers(zhejiang):
    counties = zhejiang.zones(Level.COUNTY)
    measured = measure(zhejiang, "ZJ-2022")
    seen = 0
    for zone_id in counties["zone_id"][::6]:
        shape = counties.loc[counties["zone_id"] == zone_id].geometry.iloc[0]
        zone = summarise(zhejiang, "ZJ-2022", zone_id=zone_id, measured=measured).totals
        own = area_figures(zhejiang, own_area([shape])).summary.totals
        seen += zone.stock_t_c is not None
        # The last digit of an area that is cut among others may be off by one.
        assert own.area_ha == pytest.approx(zone.area_ha, abs=A_STEP_HA * 1.01)
        for name in ("stock_t_c", "stock_t_c_low", "stock_t_c_high", "sequestration_t_c_yr"):
            whole, part = getattr(zone, name), getattr(own, name)
            assert (whole is None) == (part is None)
            assert whole is None or part == pytest.approx(whole, abs=1e-5)
    assert seen > 3


def test_only_patches_near_are_read_and_each_hectare_counts_once(small):
    habitats = small.habitats("S-2022")
    twice = gpd.GeoDataFrame(
        [*habitats.to_dict("records"), {**habitats.iloc[0].to_dict(), "habitat_id": "again"}],
        crs=STORAGE_CRS,
    ).astype(dict.fromkeys(("habitat_id", "species", "name_en", "note"), "str"))
    twice.to_parquet(small.folder / "habitats_S-2022.parquet")
    store = FolderStore(small.folder)
    area = own_area([shapely.box(121.02, 28.02, 121.025, 28.03)])
    found, plain = area_figures(store, area), area_figures(small, area)
    assert found.summary.totals.area_ha == plain.summary.totals.area_ha > 0
    assert found.summary.totals.overlap_ha == pytest.approx(plain.summary.totals.area_ha)
    away = area_figures(store, own_area([shapely.box(121.11, 28.0, 121.2, 28.1)]))
    assert away.summary.totals.overlap_ha == 0.0


def test_what_lies_outside_every_extent_is_unknown_and_never_zero(tmp_path):
    store = stating(tmp_path, "survey", S_2022=shapely.box(121.0, 28.0, 121.05, 28.1))
    outside = area_figures(store, own_area([shapely.box(121.14, 28.0, 121.16, 28.01)]))
    assert outside.surveyed_ha == 0.0
    assert outside.mapped_ha is None
    assert area_json(outside)["totals"]["area_ha"] is None
    assert outside.unknown_ha == outside.area_ha > 0
    inside = area_figures(store, own_area([shapely.box(121.0, 28.0, 121.01, 28.01)]))
    assert (inside.mapped_ha, inside.unknown_ha) == (0.0, 0.0)
    across = area_figures(store, own_area([shapely.box(121.04, 28.0, 121.06, 28.01)]))
    assert across.surveyed_ha == pytest.approx(across.area_ha / 2)
    parts = [across.surveyed_ha, across.recorded_ha, across.assumed_ha, across.unknown_ha]
    assert math.fsum(parts) == pytest.approx(across.area_ha, abs=A_STEP_HA)


@pytest.mark.parametrize(
    ("provenance", "asked", "absent"),
    [
        ("survey", None, ("mangrove", "salt_marsh", "tidal_flat")),
        ("survey", ["mangrove"], ("mangrove",)),
        ("survey", ["seagrass"], ()),
        ("indicative", None, ()),
        ("demonstration", ["mangrove"], ()),
    ],
)
def test_none_is_said_only_of_what_was_looked_for(tmp_path, provenance, asked, absent):
    store = stating(tmp_path, provenance, S_2022=shapely.box(121.0, 28.0, 121.2, 28.1))
    found = area_figures(
        store, own_area([shapely.box(121.0, 28.0, 121.01, 28.01)]), ecosystems=asked
    )
    assert found.unknown_ha == 0.0
    assert set(found.absent) == set(absent)
    assert found.mapped_ha == (0.0 if absent else None)


def test_a_patch_of_another_ecosystem_is_no_survey_that_found_none(zhejiang):
    patches = zhejiang.habitats("ZJ-2022")
    flats = patches[patches["ecosystem"] == "tidal_flat"].geometry
    heart = flats.iloc[0].representative_point().buffer(0.0005)
    found = area_figures(zhejiang, own_area([heart]), "ZJ-2022", ecosystems={"seagrass"})
    assert (found.unknown_ha, found.mapped_ha) == (0.0, None)


def test_a_survey_without_an_extent_says_so(small):
    found = area_figures(small, own_area([builders.WEST_SHAPE]))
    assert found.surveyed_ha is None
    assert any("未声明" in one.zh for one in found.told)
    assert found.recorded_ha > 0


def test_ground_beyond_the_sheet_is_told_in_hectares(small):
    found = area_figures(small, own_area([shapely.box(121.0, 28.0, 131.0, 28.1)]))
    assert found.beyond_sheet_ha > 100_000
    assert any("图幅之外" in one.zh for one in found.told)
    assert area_figures(small, own_area([builders.WEST_SHAPE])).beyond_sheet_ha == 0.0


def test_demonstration_and_ecosystems_are_left_out_where_they_are_not_wanted(small):
    area = own_area([shapely.box(121.0, 28.0, 121.3, 28.1)])
    everything = area_figures(small, area)
    assert everything.summary.totals.demonstration_ha > 0
    honest = area_figures(small, area, demonstration=False)
    assert honest.summary.totals.demonstration_ha == 0.0
    assert not (honest.ground["provenance"] == Provenance.DEMONSTRATION).any()
    marsh = area_figures(small, area, ecosystems={"salt_marsh"})
    assert set(marsh.summary.rows["ecosystem"]) == {"salt_marsh"} == set(marsh.ground["ecosystem"])


def test_every_number_follows_from_patches_and_publications(zhejiang):
    found = area_figures(zhejiang, own_area([shapely.box(121.0, 28.2, 121.2, 28.35)], "湾"))
    traced = trace_area(zhejiang, found)
    assert traced.stock.value == found.summary.totals.stock_t_c
    assert traced.area.value == found.summary.totals.area_ha
    assert traced.zone_zh == "湾"
    assert traced.ground["area_ha"].sum() == pytest.approx(found.summary.totals.area_ha)


# --- outlines -------------------------------------------------------------------------------------


def test_a_crossing_outline_is_mended_and_it_is_said():
    area = from_geojson(polygon([121, 28], [121.2, 28.2], [121.2, 28], [121, 28.2], [121, 28]))[0]
    assert shapely.is_valid(area.shape)
    assert "自相交" in area.said[0].zh
    assert shapely.area(area.shape) == pytest.approx(0.02)


def test_ground_that_the_line_goes_round_twice_counts_once_and_is_not_cut_out():
    tips = [(121.5 + 0.1 * math.sin(a), 28.5 + 0.1 * math.cos(a))
            for a in (4 * math.pi * k / 5 for k in range(6))]  # fmt: skip
    star = from_geojson(polygon(*map(list, tips)))[0].shape
    assert star.covers(shapely.Point(121.5, 28.5))
    # The pentagram's arms and middle: radius² times 1.1226 (by hand: 10·tan 18°/(3 − tan² 18°)).
    slope = math.tan(math.radians(18))
    assert shapely.area(star) == pytest.approx(0.01 * 10 * slope / (3 - slope**2), rel=1e-9)


def test_an_outline_that_crosses_itself_too_often_is_refused_at_once():
    ends = [[(121 + n / 1e3, 28), (121 + n / 1e3, 29)] for n in range(300)]
    comb = [list(at) for n, pair in enumerate(ends) for at in (pair if n % 2 else pair[::-1])]
    with pytest.raises(GeometryError, match="crosses itself"):
        from_geojson(polygon(*comb, [122, 28.5], [120, 28.5], comb[0]))


def test_several_polygons_are_joined_and_holes_stay_holes():
    ring = shapely.box(121, 28, 121.2, 28.2)
    hole = shapely.difference(ring, shapely.box(121.05, 28.05, 121.1, 28.1))
    area = own_area([hole, shapely.box(121.1, 28, 121.3, 28.2)])
    assert shapely.area(area.shape) == pytest.approx(0.06 - 0.0025)
    assert "2 个图形" in area.said[0].zh


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no GeoJSON"),
        ("[1, 2]", "no GeoJSON"),
        ('{"type": "FeatureCollection", "features": []}', "no outline"),
        ('{"type": "LineString", "coordinates": [[121, 28], [122, 29]]}', "no GeoJSON"),
        ('{"type": "Feature", "geometry": null}', "no GeoJSON"),
        ('{"type": "Polygon", "coordinates": []}', "no GeoJSON"),
        (polygon([121, 28], [121, 28]), "no GeoJSON"),
        (polygon([121, 28], ["a", 28], [122, 29], [121, 28]), "no GeoJSON"),
        (polygon([121, 28], [True, 28], [122, 29], [121, 28]), "no GeoJSON"),
        (polygon([121, 28], [math.nan, 28], [122, 29], [121, 28]), "not a finite number"),
        (polygon([121, 28], [math.inf, 28], [122, 29], [121, 28]), "not a finite number"),
        (polygon([500_000, 3_100_000], [500_100, 3_100_000], [500_000, 3_100_100],
                 [500_000, 3_100_000]), "no degrees"),
        (polygon([121, 28], [121.1, 28], [121.2, 28], [121, 28]), "less than a square metre"),
        ("[" * 100_000, "no GeoJSON"),
        (polygon([1e400, 28], [10**400, 28], [122, 29], [121, 28]), "no GeoJSON"),
    ],
)  # fmt: skip
def test_what_is_no_area_is_refused_in_words(text, said):
    with pytest.raises(InputError, match=said):
        from_geojson(text)


def test_too_many_vertices_or_patches_are_refused(small, monkeypatch):
    with pytest.raises(GeometryError, match="vertices"):
        own_area([shapely.Polygon(circle(100_001))])
    monkeypatch.setattr("bluecarbon_map.reports.own_area.figures.MOST_PATCHES", 1)
    with pytest.raises(InputError, match="more than 1 patches lie in the box around it"):
        area_figures(small, own_area([shapely.box(121, 28, 122, 29)]))


class Asked(FolderStore):
    """Remembers which patches were read."""

    def habitats_within(self, survey_id, box):
        self.read = True
        return super().habitats_within(survey_id, box)


def test_patches_are_counted_before_any_is_read(tmp_path, monkeypatch):
    store = Asked(builders.write_workspace(tmp_path / "small"))
    store.read = False
    # A slanted strip beside the patches: none meets it, all lie in the box around it.
    slanted = own_area([shapely.LineString([(121, 28), (121.2, 28.2)]).buffer(1e-4)])
    monkeypatch.setattr("bluecarbon_map.reports.own_area.figures.MOST_PATCHES", 3)
    with pytest.raises(InputError, match="from west to east"):
        area_figures(store, slanted)
    assert not store.read
    monkeypatch.setattr("bluecarbon_map.reports.own_area.figures.MOST_PATCHES", 4)
    area_figures(store, slanted)
    assert store.read


def test_a_name_is_one_line_of_text_and_comes_back_as_it_was():
    area = own_area([builders.WEST_SHAPE], "<img src=x>\n\t“湾”\x00 " + "长" * 100)
    assert area.name.startswith("<img src=x> “湾” 长长")
    assert len(area.name) == 60
    again = from_geojson(to_geojson([area]))[0]
    assert again.name == area.name
    assert shapely.equals_exact(again.shape, shapely.orient_polygons(area.shape))


# --- how they leave -------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_every_format_holds_rows_notes_and_outline(small, tmp_path, suffix):
    found = area_figures(small, own_area([builders.WEST_SHAPE], "=1+1"))
    content = to_bytes(area_bundle(small, found), suffix)
    path = tmp_path / f"own{suffix}"
    path.write_bytes(content)
    if suffix in (".gpkg", ".geojson"):
        layer = gpd.read_file(path)
        assert layer["zone_id"].unique().tolist() == [AREA_ID]
        assert shapely.area(layer.geometry.iloc[0]) == pytest.approx(0.01)
        assert "未审图".encode() in content
    elif suffix == ".csv":
        text = content.decode("utf-8-sig")
        assert AREA_ID in text
        assert "\n=1" not in text
        assert ",=1" not in text
    assert content


def test_json_and_text_tell_the_same(small):
    found = area_figures(small, own_area([builders.WEST_SHAPE], "西"))
    said = area_json(found)
    json.dumps(said, allow_nan=False)
    assert said["surveyed_ha"] is None
    assert said["totals"]["stock_t_c"] == found.summary.totals.stock_t_c
    assert f"{found.area_ha:,.4f} ha" in area_text(found, "zh")
    assert "no data" in area_text(found, "en")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_text_and_json_mark_demonstration(small, language):
    both = own_area([shapely.box(121.0, 28.0, 121.2, 28.1)])
    found = area_figures(small, both, "S-2025")
    marked = {"zh": "公顷为演示数据", "en": "are demonstration data"}[language]
    invented_ha = f"{found.summary.totals.demonstration_ha:,.1f}"
    assert found.summary.totals.demonstration_ha > 0
    lines = area_text(found, language).splitlines()
    assert any(marked in line and invented_ha in line for line in lines)
    assert any(marked in one[language] for one in area_json(found)["notes"])
    none = area_figures(small, both, "S-2025", demonstration=False)
    assert marked not in area_text(none, language)


def test_text_tells_of_all_ground_and_carbon_is_at_least_where_some_is_unknown(tmp_path):
    store = stating(tmp_path, "survey", S_2022=builders.box(121.0, 28.0, 121.05, 28.1))
    found = area_figures(store, own_area([builders.WEST_SHAPE]), "S-2022")
    assert found.unknown_ha > 0
    lines = dict(
        line.split(": ", 1) for line in area_text(found, "en").splitlines() if ": " in line
    )
    names = ("surveyed ground", "on record, extent not stated",
             "assumed (indicative or demonstration)", "unknown ground")  # fmt: skip
    parts = [float(lines[name].removesuffix(" ha").replace(",", "")) for name in names]
    assert sum(parts) == pytest.approx(found.area_ha, abs=1e-3)
    assert sum(part > 0 for part in parts) >= 3
    assert lines["stock"].startswith("≥ ")
    assert lines["burial a year"].startswith("≥ ")
    whole = area_figures(store, own_area([builders.box(121.02, 28.02, 121.03, 28.03)]), "S-2022")
    assert whole.unknown_ha == 0
    assert "stock: ≥" not in area_text(whole, "en")


def test_a_link_brings_the_outline_back_to_the_metre_and_says_so():
    shell = shapely.Point(121.1, 28.1).buffer(0.1, quad_segs=8)
    hole = shapely.difference(shell, shapely.box(121.1, 28.1, 121.12, 28.12))
    area = own_area([shapely.union(hole, shapely.box(122, 29, 122.01, 29.01))], "秘")
    code = to_code(area)
    assert len(code) < 600
    back = from_code(code)
    assert np.allclose(back.shape.bounds, area.shape.bounds, atol=1e-5)
    assert shapely.area(shapely.symmetric_difference(back.shape, area.shape)) < 1e-5
    assert "取整" in back.said[-1].zh
    assert back.name == ""


@pytest.mark.parametrize("code", ["", "abc", "eJw", "A" * 5000, "eJxjZAAAAAMAAg", "…"])
def test_a_broken_link_is_refused(code):
    with pytest.raises(BluecarbonError):
        from_code(code)


def test_every_cut_or_changed_link_is_refused_or_an_area():
    code = to_code(own_area([builders.WEST_SHAPE]))
    for at, letter in product(range(len(code)), "A_z"):
        for broken in (code[:at], code[:at] + letter + code[at + 1 :]):
            try:
                area = from_code(broken)
            except BluecarbonError:
                continue
            assert shapely.is_valid(area.shape)


def test_an_outline_too_fine_for_a_link_says_what_to_do():
    rough = shapely.Polygon(circle(8_000))
    with pytest.raises(InputError, match="GeoJSON"):
        to_code(own_area([rough]))
