"""What every store of a workspace must do; another store is one more line in ``STORES``."""

import numpy as np
import pandas as pd
import pytest
import rasterio

from bluecarbon_map.errors import NotFoundError
from bluecarbon_map.tables import (
    Extents,
    Habitats,
    Level,
    PatchChanges,
    Projects,
    Rasters,
    Registers,
    Surveys,
    Targets,
    Zones,
    validate,
    validate_layer,
)
from tests.builders import CLASSES, INDEX, PLAN, WEST
from tests.contract.stores import STORES


@pytest.fixture(params=STORES, scope="module")
def store(request, tmp_path_factory):
    def postgres():
        return request.getfixturevalue("postgres_server").new_schema()

    return STORES[request.param](lambda: tmp_path_factory.mktemp("small"), postgres)


def test_it_says_what_it_is(store):
    assert (store.info.workspace_id, store.info.name_zh) == ("small", "小")
    assert (store.info.zone_id, store.info.default_survey_id) == ("330000", "S-2022")
    assert (store.info.default_plan_id, store.info.map_review_number) == (PLAN, None)


def test_a_survey_that_does_not_say_what_it_looked_at_has_no_extent(store):
    assert store.extents().empty
    validate_layer(Extents, store.extents(), "EPSG:4490")


def test_without_a_reviewed_survey_there_is_no_change_on_record(store):
    assert store.patch_changes().empty
    validate_layer(PatchChanges, store.patch_changes(), "EPSG:4490")


def test_every_layer_keeps_its_contract_in_cgcs2000_degrees(store):
    validate_layer(Zones, store.zones(), "EPSG:4490")
    for survey_id in store.surveys()["survey_id"]:
        validate_layer(Habitats, store.habitats(survey_id), "EPSG:4490")
    assert store.land().crs == "EPSG:4490"
    assert {"name_zh", "name_en", "geometry"} <= set(store.land().columns)


@pytest.mark.parametrize(
    ("table", "contract"),
    [
        ("surveys", Surveys),
        ("targets", Targets),
        ("projects", Projects),
        ("registers", Registers),
        ("rasters", Rasters),
    ],
)
def test_every_table_keeps_its_contract(store, table, contract):
    validate(contract, getattr(store, table)())


def test_zones_come_by_level_and_all_together(store):
    assert store.zones(Level.CITY)["zone_id"].tolist() == ["330300", "331000"]
    assert len(store.zones(Level.COUNTY)) == 2
    assert len(store.zones()) == 5
    assert len(store.zones(Level.OTHER)) == 0


def test_a_survey_holds_its_own_patches_only(store):
    habitats = store.habitats("S-2025")
    assert len(habitats) == 4
    assert set(habitats["survey_id"]) == {"S-2025"}


@pytest.mark.parametrize(
    ("box", "met"),
    [
        ((120.0, 27.0, 123.0, 30.0), ["m1", "s1", "s2", "t1"]),
        ((121.0, 28.0, 121.04, 28.1), ["m1"]),
        ((121.105, 28.0, 121.125, 28.1), ["s1", "s2"]),
        ((121.03, 28.03, 121.03, 28.03), ["m1"]),
        ((121.0300001, 28.0, 121.04, 28.1), []),
        ((118.0, 28.0, 118.1, 28.1), []),
    ],
    ids=["all", "around one", "cuts two", "touches a corner", "a centimetre beside", "far away"],
)
def test_patches_within_a_box_are_those_whose_bounds_meet_it(store, box, met):
    near = store.habitats_within("S-2022", box)
    assert near["habitat_id"].tolist() == [f"S-2022-{name}" for name in met]
    validate_layer(Habitats, near, "EPSG:4490")
    whole = store.habitats("S-2022").set_index("habitat_id")
    pd.testing.assert_frame_equal(near.set_index("habitat_id"), whole.loc[near["habitat_id"]])


@pytest.mark.parametrize("most", [1, 2, 1_000])
@pytest.mark.parametrize(
    "box",
    [
        (120.0, 27.0, 123.0, 30.0),
        (121.105, 28.0, 121.125, 28.1),
        (121.03, 28.03, 121.03, 28.03),
        (118.0, 28.0, 118.1, 28.1),
    ],
)
def test_patches_within_a_box_are_counted_up_to_a_number(store, box, most):
    near = store.habitats_within("S-2022", box)
    assert store.habitat_count_within("S-2022", box, most) == min(len(near), most)


def test_a_patch_keeps_its_number_whatever_the_box(store):
    whole = store.habitats_within("S-2025", (120.0, 27.0, 123.0, 30.0))
    near = store.habitats_within("S-2025", (121.105, 28.0, 121.125, 28.1))
    assert whole.index.is_unique
    assert whole.loc[near.index, "habitat_id"].tolist() == near["habitat_id"].tolist()


def test_patches_of_an_unknown_survey_are_refused_within_a_box_too(store):
    with pytest.raises(NotFoundError, match="no survey 'S-1999' here"):
        store.habitats_within("S-1999", (120.0, 27.0, 123.0, 30.0))
    with pytest.raises(NotFoundError, match="no survey 'S-1999' here"):
        store.habitat_count_within("S-1999", (120.0, 27.0, 123.0, 30.0), 1)


def test_one_patch_comes_by_its_id(store):
    found = store.habitat("S-2025", "S-2025-s2")
    assert found["ecosystem"].tolist() == ["salt_marsh"]
    assert found.index[0] in store.habitats_within("S-2025", found.total_bounds).index
    assert store.habitat("S-2025", "S-2022-s2").empty
    with pytest.raises(NotFoundError):
        store.habitat("S-1999", "S-2025-s2")


def test_named_patches_come_in_the_order_of_the_survey_and_not_too_many(store):
    whole = store.habitats("S-2022")
    named = whole.loc[whole["name_zh"].notna() | whole["name_en"].notna(), "habitat_id"].tolist()
    assert store.habitats_named("S-2022", 1_000)["habitat_id"].tolist() == named
    assert store.habitats_named("S-2022", 1)["habitat_id"].tolist() == named[:1]


@pytest.mark.parametrize("ecosystems", [None, {"salt_marsh"}, {"seagrass"}])
def test_bounds_of_patches_are_theirs_to_some_metres(store, ecosystems):
    whole = store.habitats("S-2022")
    wanted = whole if ecosystems is None else whole[whole["ecosystem"].isin(ecosystems)]
    boxes = store.habitat_boxes("S-2022", ecosystems)
    true = wanted.geometry.bounds.to_numpy().reshape(-1, 4)
    assert boxes.shape == true.shape
    assert store.habitat_count("S-2022") == len(whole)
    order, other = np.lexsort(boxes.T), np.lexsort(true.T)
    np.testing.assert_allclose(boxes[order], true[other], atol=1e-4)
    outward = (boxes[order] - true[other]) * [-1, -1, 1, 1]
    assert (outward >= 0.0).all()


def test_a_survey_has_one_version_while_it_stands_still_and_no_other_has_it(store):
    assert store.habitats_version("S-2022") == store.habitats_version("S-2022")
    assert store.habitats_version("S-2022").isalnum()
    # One change wrote both, and their tiles lie at addresses made of this word.
    assert store.habitats_version("S-2022") != store.habitats_version("S-2025")
    with pytest.raises(NotFoundError):
        store.habitats_version("S-1999")


def test_an_unknown_survey_is_refused_with_the_surveys_there_are(store):
    with pytest.raises(NotFoundError, match=r"no survey 'S-1999' here; there are: S-2022, S-2025"):
        store.habitats("S-1999")


def test_each_raster_has_a_file_that_opens(store):
    assert store.rasters()["raster_id"].tolist() == [CLASSES, INDEX]
    for raster_id in store.rasters()["raster_id"]:
        with rasterio.open(store.raster_path(raster_id), driver="GTiff") as source:
            assert (source.width, source.height) == (20, 10)


def test_an_unknown_raster_is_refused_with_the_rasters_there_are(store):
    with pytest.raises(
        NotFoundError, match=f"no raster '../x' here; there are: {CLASSES}, {INDEX}"
    ):
        store.raster_path("../x")


def test_an_unknown_amount_stays_unknown(store):
    projects = store.projects().set_index("project_id")
    assert projects["planned"].isna().all()
    assert projects.loc["one", "accepted"] == 60.0


def test_codes_stay_text(store):
    assert store.zones()["zone_id"].tolist()[-2:] == [WEST, "331083"]
    assert store.targets()["zone_id"].tolist() == ["330000", "330000"]


@pytest.mark.parametrize("table", ["zones", "surveys", "targets", "projects", "registers", "land",
                                   "rasters"])  # fmt: skip
def test_a_reader_who_changes_a_table_changes_nobody_elses(store, table):
    mine = getattr(store, table)()
    column = mine.columns[0]
    before = mine[column].tolist()
    mine[column] = "changed"
    assert getattr(store, table)()[column].tolist() == before


def test_a_reader_who_changes_patches_changes_nobody_elses(store):
    mine = store.habitats("S-2022")
    before = mine["ecosystem"].tolist()
    mine.loc[mine.index[0], "ecosystem"] = "changed"
    mine["note"] = "mine"
    assert store.habitats("S-2022")["ecosystem"].tolist() == before


def test_the_version_is_one_word_that_stays_while_nothing_changes(store):
    assert store.version == store.version
    assert store.version.isalnum()
    with store.steady():
        assert store.version == store.version
