"""What must hold for any raster and any zones."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bluecarbon_map.zonal import OFF_RASTER, class_areas, means
from tests.rasters import of, written, zones

SIDE = 8
"""Rasters of 8 × 8 pixels of 1 ha; zones lie on them, across their edges or beyond.

Shapes are drawn in pixels, and laid out in metres far enough from 0 not to look like degrees.
"""

FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

PIXELS = st.lists(st.sampled_from([0, 10, 80, 255]), min_size=SIDE**2, max_size=SIDE**2).map(
    lambda values: np.array(values, np.uint8).reshape(SIDE, SIDE)
)
NUMBERS = st.lists(
    st.one_of(st.floats(-1e3, 1e3, width=32), st.just(np.nan)), min_size=SIDE**2, max_size=SIDE**2
).map(lambda values: np.array(values, np.float32).reshape(SIDE, SIDE))


@st.composite
def stars(draw):
    """Rough polygons, slender ones too, anywhere around the raster."""
    place = st.floats(-2.0, SIDE + 2.0)
    radius = np.array(draw(st.lists(st.floats(0.01, 6.0), min_size=3, max_size=14)))
    angle = np.linspace(0.0, 2.0 * np.pi, len(radius), endpoint=False) + draw(st.floats(0, 6))
    centre = np.array([draw(place), draw(place)])
    return shapely.Polygon(centre + np.c_[np.cos(angle), np.sin(angle)] * radius[:, None])


@st.composite
def blocks(draw):
    """Polygons with all edges on those of pixels or half-way between; holes and parts too."""
    edge = st.integers(-4, 2 * SIDE + 4).map(lambda n: n / 2)
    made = [
        shapely.box(x, y, x + wide, y + high)
        for x, y, wide, high in draw(
            st.lists(
                st.tuples(edge, edge, st.integers(1, 8), st.integers(1, 8)), min_size=1, max_size=4
            )
        )
    ]
    shape = shapely.union_all(made[:-1]) - made[-1] if len(made) > 1 else made[0]
    return made[0] if shape.is_empty else shape


ON_RASTER = shapely.box(0, 0, SIDE, SIDE)
SHAPES = st.one_of(stars(), blocks()).filter(
    lambda shape: shape.is_valid and (shape & ON_RASTER).area > 1e-3
)


def saved(folder, pixels, **how):
    return written(folder / "r.tif", pixels, west=1000.0, north=1000.0 + 100.0 * SIDE, **how)


def laid(*shapes, ids=None):
    placed = [shapely.transform(shape, lambda xy: 1000.0 + 100.0 * xy) for shape in shapes]
    return zones(*placed, ids=ids)


def by_shapely(pixels, shape):
    """Area of every code, pixel by pixel, in ha."""
    row, column = np.divmod(np.arange(SIDE**2), SIDE)
    cells = shapely.box(column, SIDE - 1 - row, column + 1, SIDE - row)
    shares = shapely.area(shapely.intersection(cells, shape))
    codes = pixels.ravel()
    found = {int(c): shares[codes == c].sum() for c in np.unique(codes)}
    return found | {OFF_RASTER: (shape - ON_RASTER).area}


@FEW
@given(PIXELS, st.lists(SHAPES, min_size=1, max_size=4))
def test_shares_are_what_cutting_every_pixel_gives(tmp_path, pixels, shapes):
    table = class_areas(saved(tmp_path, pixels, nodata=255), laid(*shapes))
    for zone, shape in zip("abcd", shapes, strict=False):
        found, expected = of(table, zone), by_shapely(pixels, shape)
        for code in expected.keys() | found.keys():
            assert found.get(code, 0.0) == pytest.approx(expected.get(code, 0.0), abs=1e-8)


@FEW
@given(PIXELS, SHAPES)
def test_the_rows_of_a_zone_add_up_to_it(tmp_path, pixels, shape):
    path = saved(tmp_path, pixels, nodata=255)
    whole = pytest.approx(shape.area, rel=1e-8, abs=1e-8)
    assert sum(of(class_areas(path, laid(shape))).values()) == whole
    row = means(path, laid(shape)).iloc[0]
    assert row["area_ha"] + row["missing_ha"] == whole


@FEW
@given(PIXELS, SHAPES, st.floats(0.0, SIDE), st.floats(-3.0, 3.0))
def test_a_zone_cut_in_two_neither_wins_nor_loses(tmp_path, pixels, shape, at, slope):
    path = saved(tmp_path, pixels, nodata=255)
    left = shapely.Polygon([(-999, -99), (at - 99 * slope, -99), (at + 99 * slope, 99), (-999, 99)])
    parts = [p for p in (shape & left, shape - left) if p.area > 1e-6 and p.is_valid]
    parts = [shapely.MultiPolygon([g for g in shapely.get_parts(p) if g.area > 0]) for p in parts]
    beside = shapely.box(0, 0, 1, 1)  # keeps the raster on the map when both parts miss it
    table = class_areas(path, laid(*parts, beside, ids="abz"[-len(parts) - 1 :]))
    added = table[table["zone_id"] != "z"].groupby("code")["area_ha"].sum()
    whole = of(class_areas(path, laid(shape)))
    for code in whole.keys() | set(added.index):
        assert added.get(code, 0.0) == pytest.approx(whole.get(code, 0.0), abs=1e-5)


@FEW
@given(PIXELS, st.permutations(range(4)), st.lists(SHAPES, min_size=4, max_size=4))
def test_the_order_of_zones_changes_nothing(tmp_path, pixels, order, shapes):
    path = saved(tmp_path, pixels)
    table = class_areas(path, laid(*shapes))
    turned = class_areas(path, laid(*[shapes[i] for i in order], ids=["abcd"[i] for i in order]))
    for zone in "abcd":
        assert of(turned, zone) == pytest.approx(of(table, zone), rel=1e-12)


@FEW
@given(NUMBERS, SHAPES)
def test_a_mean_lies_between_the_least_and_the_greatest_value(tmp_path, numbers, shape):
    row = means(saved(tmp_path, numbers), laid(shape)).iloc[0]
    if row["area_ha"] == 0.0:
        assert row[["mean", "low", "high"]].isna().all()
        return
    assert row["low"] - 1e-6 <= row["mean"] <= row["high"] + 1e-6
    assert {np.float32(row["low"]), np.float32(row["high"])} <= set(numbers.ravel())


@FEW
@given(NUMBERS, SHAPES)
def test_a_mean_is_that_of_all_pixels_by_their_shares(tmp_path, numbers, shape):
    row = means(saved(tmp_path, numbers), laid(shape)).iloc[0]
    at, column = np.divmod(np.arange(SIDE**2), SIDE)
    cells = shapely.box(column, SIDE - 1 - at, column + 1, SIDE - at)
    share = shapely.area(shapely.intersection(cells, shape))
    values = numbers.ravel().astype(np.float64)
    known = ~np.isnan(values)
    assert row["area_ha"] == pytest.approx(share[known].sum(), abs=1e-7)
    if row["area_ha"] > 1e-3:
        expected = (share * np.where(known, values, 0.0)).sum() / share[known].sum()
        assert row["mean"] == pytest.approx(expected, rel=1e-6, abs=1e-3)
