"""摸清家底 by hand: each zone is one square of 0.1°, patches are squares of 0.01° in it."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bluecarbon_map import geodesy, reports
from bluecarbon_map.errors import NotFoundError
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.tables import Level
from tests import builders
from tests.builders import EAST, WEST

GROUND = ["surveyed_ha", "recorded_ha", "assumed_ha", "unknown_ha"]
MAPPED = ["mapped_surveyed_ha", "mapped_recorded_ha", "mapped_assumed_ha"]


def ha(*shapes):
    layer = gpd.GeoSeries(list(shapes), crs="EPSG:4490")
    return float(geodesy.area_ha(layer, "test").sum())


@pytest.fixture
def workspace(workspace_folder):
    """Opens the small workspace with extents, and says what kind of record S-2022 is."""

    def opened(provenance="survey", **extents):
        surveys = pd.read_csv(workspace_folder / "surveys.csv", dtype="str", encoding="utf-8-sig")
        surveys.loc[0, "provenance"] = provenance
        surveys.to_csv(workspace_folder / "surveys.csv", index=False)
        if extents:
            builders.extents(**extents).to_parquet(workspace_folder / "extents.parquet")
        return FolderStore(workspace_folder)

    return opened


def by_zone(found):
    return found.rows.set_index("zone_id")


M1, S1, S2, T1 = (shape for _, _, shape in builders.PATCHES.values())


def test_without_a_stated_extent_nothing_is_surveyed_that_could_be_named(workspace):
    found = reports.completeness(workspace(), "S-2022")
    rows = by_zone(found)
    assert found.extent_ha is None
    assert rows["surveyed_ha"].isna().all()
    assert rows["mapped_surveyed_ha"].isna().all()
    assert np.isnan(found.totals["surveyed_ha"])
    assert rows["recorded_ha"][WEST] == pytest.approx(ha(M1) + ha(S1) / 2, rel=1e-6)
    assert rows["assumed_ha"][EAST] == pytest.approx(ha(S2))
    left = ha(builders.WEST_SHAPE) - rows["recorded_ha"][WEST]
    assert rows["unknown_ha"][WEST] == pytest.approx(left)


def test_inside_the_extent_is_surveyed_and_outside_is_unknown_whatever_is_mapped(workspace):
    """The whole west is looked at, the east is not: its marsh is invented, its flat a record."""
    found = reports.completeness(workspace(S_2022=builders.WEST_SHAPE), "S-2022")
    rows = by_zone(found)
    assert found.extent_ha == pytest.approx(ha(builders.WEST_SHAPE))
    assert rows["surveyed_ha"][WEST] == pytest.approx(ha(builders.WEST_SHAPE))
    assert rows["unknown_ha"][WEST] == pytest.approx(0.0, abs=1e-6)
    assert rows["mapped_surveyed_ha"][WEST] == pytest.approx(ha(M1) + ha(S1) / 2, rel=1e-6)
    assert rows["surveyed_ha"][EAST] == 0.0
    assert rows["assumed_ha"][EAST] == pytest.approx(ha(S2))
    assert rows["unknown_ha"][EAST] > 0.9 * ha(builders.EAST_SHAPE)


def test_how_much_of_a_zone_was_looked_at(workspace):
    half = shapely.box(*shapely.bounds(builders.WEST_SHAPE)[:2], 121.05, 28.1)
    half = shapely.intersection(half, builders.WEST_SHAPE)
    found = workspace(S_2022=half)
    west = reports.looked_at(found, "S-2022", WEST)
    assert west.looked_ha == pytest.approx(ha(half), rel=1e-9)
    assert west.zone_ha == pytest.approx(ha(builders.WEST_SHAPE), rel=1e-9)
    assert west.is_part
    assert reports.looked_at(found, "S-2022", EAST).looked_ha == pytest.approx(0.0, abs=1e-6)
    assert reports.looked_at(found, "S-2025", WEST) is None
    with pytest.raises(NotFoundError):
        reports.looked_at(found, "S-2022", "nowhere")


def test_a_zone_that_was_looked_at_whole_is_no_part(workspace):
    found = reports.looked_at(workspace(S_2022=builders.WEST_SHAPE), "S-2022", WEST)
    assert not found.is_part
    assert found.looked_ha == found.zone_ha


def test_an_invented_patch_inside_the_extent_is_assumed_not_surveyed(workspace):
    found = by_zone(reports.completeness(workspace(S_2022=builders.EAST_SHAPE), "S-2022"))
    assert found["assumed_ha"][EAST] == pytest.approx(ha(S2))
    assert found["surveyed_ha"][EAST] == pytest.approx(ha(builders.EAST_SHAPE) - ha(S2))


def test_a_drawn_survey_surveys_nothing_and_assumes_its_extent(workspace):
    store = workspace("demonstration", S_2022=builders.WEST_SHAPE)
    found = reports.completeness(store, "S-2022")
    rows = by_zone(found)
    assert not found.observed
    assert rows["surveyed_ha"][WEST] == 0.0
    real = ha(M1) + ha(S1) / 2
    assert rows["recorded_ha"][WEST] == pytest.approx(real, rel=1e-6)
    assert rows["assumed_ha"][WEST] == pytest.approx(ha(builders.WEST_SHAPE) - real)


def test_demonstration_patches_can_be_left_out(workspace):
    rows = by_zone(reports.completeness(workspace(), "S-2022", demonstration=False))
    assert rows["assumed_ha"].sum() == 0.0


def test_mapped_ground_in_no_zone_has_a_row_of_its_own(workspace):
    rows = by_zone(reports.completeness(workspace(), "S-2022"))
    beyond = ha(shapely.box(121.2, 28.06, 121.22, 28.07))
    assert rows["mapped_ha"]["(outside)"] == pytest.approx(beyond)
    assert rows["zone_ha"]["(outside)"] == rows["mapped_ha"]["(outside)"]
    assert rows["unknown_ha"]["(outside)"] == 0.0


def test_where_a_record_and_an_assumption_claim_one_ground_the_record_has_it(workspace_folder):
    patches = builders.workspace_habitats("S-2022", demonstration=("m1",))
    patches.geometry = [M1, M1, S2, T1]
    patches.to_parquet(workspace_folder / "habitats_S-2022.parquet")
    rows = by_zone(reports.completeness(FolderStore(workspace_folder), "S-2022"))
    assert rows["recorded_ha"][WEST] == pytest.approx(ha(M1))
    assert rows["assumed_ha"][WEST] == pytest.approx(0.0, abs=1e-6)


def test_a_survey_without_a_patch_leaves_all_ground_unknown(workspace_folder):
    nothing = builders.workspace_habitats("S-2022").iloc[:0]
    nothing.to_parquet(workspace_folder / "habitats_S-2022.parquet")
    found = reports.completeness(FolderStore(workspace_folder), "S-2022")
    assert found.rows["unknown_ha"].tolist() == found.rows["zone_ha"].tolist()


def test_an_unknown_survey_is_refused(workspace):
    with pytest.raises(NotFoundError, match="no survey 'S-1999'"):
        reports.completeness(workspace(), "S-1999")


squares = st.builds(
    lambda west, south, wide, high: shapely.box(
        121 + west / 100, 28 + south / 100, 121 + (west + wide) / 100, 28 + (south + high) / 100
    ),
    st.integers(-3, 20), st.integers(-3, 8), st.integers(1, 12), st.integers(1, 12),
)  # fmt: skip


class Drawn:
    """The small workspace with another extent; all else as its files say."""

    def __init__(self, store, extent, provenance):
        self._store, self._extent = store, extent
        surveys = store.surveys()
        self._surveys = surveys.assign(provenance=[provenance, *surveys["provenance"][1:]])

    def __getattr__(self, name):
        return getattr(self._store, name)

    def surveys(self):
        return self._surveys

    def extents(self):
        if self._extent is None:
            return self._store.extents()
        return builders.extents(S_2022=self._extent)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return FolderStore(builders.write_workspace(tmp_path_factory.mktemp("small") / "workspace"))


@settings(max_examples=30)
@given(extent=st.none() | squares, provenance=st.sampled_from(["survey", "indicative"]))
def test_parts_add_up_to_the_zone_and_counties_to_the_province(small, extent, provenance):
    store = Drawn(small, extent, provenance)
    county = reports.completeness(store, "S-2022")
    province = reports.completeness(store, "S-2022", level=Level.PROVINCE)
    for found in (county, province):
        rows = found.rows
        np.testing.assert_allclose(rows[GROUND].sum(axis=1), rows["zone_ha"], atol=1e-7)
        np.testing.assert_allclose(rows[MAPPED].sum(axis=1), rows["mapped_ha"], atol=1e-7)
        assert (rows[[*GROUND, *MAPPED]].fillna(0.0) >= 0.0).all(axis=None)
    for name, whole in province.totals.items():
        assert county.totals[name] == pytest.approx(whole, nan_ok=True, abs=1e-8)


def test_the_embedded_workspace_says_of_no_county_that_it_is_surveyed():
    from bluecarbon_map.sample import open_workspace

    found = reports.completeness(open_workspace(), "ZJ-2022")
    assert found.extent_ha is None
    assert not found.observed
    assert found.rows["surveyed_ha"].isna().all()
    assert len(found.rows) >= 90
