"""What every store of a workspace must do; a second store is one more line in ``STORES``."""

import pytest
import rasterio

from bluecarbon_map.errors import NotFoundError
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.tables import (
    Habitats,
    Level,
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

STORES = {
    "folder": FolderStore,
}
"""How to open the small workspace as each kind of store."""


@pytest.fixture(params=STORES, scope="module")
def store(request, tmp_path_factory):
    from tests.builders import write_workspace

    return STORES[request.param](write_workspace(tmp_path_factory.mktemp("small") / "workspace"))


def test_it_says_what_it_is(store):
    assert (store.info.workspace_id, store.info.name_zh) == ("small", "小")
    assert (store.info.zone_id, store.info.default_survey_id) == ("330000", "S-2022")
    assert (store.info.default_plan_id, store.info.map_review_number) == (PLAN, None)


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
