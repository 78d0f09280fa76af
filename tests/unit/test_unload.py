"""A workspace as files: the embedded one is built again from them by the gate alone."""

import geopandas as gpd
import pandas as pd
import pytest

from bluecarbon_map import reports
from bluecarbon_map.errors import InputError
from bluecarbon_map.gate.inspect import check_file
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.problems import Verdict
from bluecarbon_map.gate.region import region_of
from bluecarbon_map.gate.sandbox import Nursery
from bluecarbon_map.gate.take_in import commit, describe_raster, passport, prepare
from bluecarbon_map.gate.unload import extent_in, read_passport, unload
from bluecarbon_map.sample import embedded_folder
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.places import open_register
from bluecarbon_map.tables import Level
from tests import builders


def taken_in(store, file, work, nursery):
    """One file through check, prepare and commit, as the wizard and the command line do it."""
    options = Options(kind=file.kind, survey_id=file.survey_id)
    found = check_file(
        file.path, file.path.name, options, region_of(store), work=work, nursery=nursery,
        budget_s=300,
    )  # fmt: skip
    assert found.verdict is not Verdict.REJECT, (file.path.name, found.problems[:5])
    survey = extent = None
    if file.kind is Kind.HABITATS:
        said = read_passport(file.passport)
        survey, extent = passport(found, said), extent_in(said, file.passport.name)
    if file.kind is Kind.RASTER:
        describe_raster(found, read_passport(file.passport))
    plan = prepare(store, found, options, actor="导入者", survey=survey, extent=extent)
    assert plan.change is not None, (file.path.name, plan.problems[:5])
    return commit(store, plan)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The embedded workspace, and the one made of its files."""
    source, home = FolderStore(embedded_folder()), tmp_path_factory.mktemp("unload")
    files = unload(source, home / "files")
    reports.begin(home / "again", "33")
    again = open_register(home / "again")
    (home / "work").mkdir()
    with Nursery(warm=True) as nursery:
        for file in files:
            taken_in(again, file, home / "work", nursery)
    return source, again


def test_areas_and_carbon_are_the_same_to_the_last_digit(both):
    source, _ = both
    for survey_id in source.surveys()["survey_id"]:
        ours, theirs = (
            reports.summarise(store, survey_id, level=Level.COUNTY).rows.sort_values(
                ["zone_id", "ecosystem"], ignore_index=True
            )
            for store in both
        )
        pd.testing.assert_frame_equal(ours, theirs, check_exact=True)


def test_progress_is_the_same(both):
    ours, theirs = (
        reports.progress_json(
            reports.progress(store, store.info.default_plan_id, count_demonstration=True)
        )
        for store in both
    )
    assert ours == theirs


def test_class_areas_of_rasters_are_the_same(both):
    source, _ = both
    kinds = source.rasters()
    for raster_id in kinds.loc[kinds["kind"] == "classes", "raster_id"]:
        ours, theirs = (reports.raster_areas(store, raster_id) for store in both)
        assert ours.rows.to_dict("list") == theirs.rows.to_dict("list")


def test_what_is_shown_first_is_the_same_and_everything_is_whole(both):
    source, again = both
    assert again.info.default_survey_id == source.info.default_survey_id
    assert again.info.default_plan_id == source.info.default_plan_id
    assert set(again.surveys()["survey_id"]) == set(source.surveys()["survey_id"])
    assert len(again.projects()) == len(source.projects())
    assert again.verify() == ()


def test_the_ground_that_a_survey_looked_at_travels_in_its_passport(workspace_folder, tmp_path):
    ground = builders.box(121.0, 28.0, 121.15, 28.1)
    table = {"survey_id": ["S-2022"], "note": [None], "source": ["测试"]}
    layer = gpd.GeoDataFrame(pd.DataFrame(table).astype("str"), geometry=[ground], crs="EPSG:4490")
    layer.to_parquet(workspace_folder / "extents.parquet")
    files = unload(FolderStore(workspace_folder), tmp_path / "files")
    found = {
        one.survey_id: extent_in(read_passport(one.passport), one.passport.name)
        for one in files if one.kind is Kind.HABITATS
    }  # fmt: skip
    assert found["S-2022"].equals_exact(ground, 0)
    assert found["S-2025"] is None


@pytest.mark.parametrize(
    "said", [{"type": "Point", "coordinates": [1, 2]}, "x", {"type": "Polygon"}]
)
def test_an_extent_that_is_no_outline_is_refused(said):
    with pytest.raises(InputError, match="no outline"):
        extent_in({"extent": said}, "passport.json")


def test_the_readme_names_the_commands_in_order(workspace_folder, tmp_path):
    files = unload(FolderStore(workspace_folder), tmp_path / "files")
    text = (tmp_path / "files" / "README.md").read_text(encoding="utf-8")
    places = [text.index(one.command) for one in files]
    assert places == sorted(places)
    assert "bluecarbon init NEW --province 33" in text
    assert "--passport habitats_S-2022.json --yes" in text


def test_nothing_is_written_over(workspace_folder, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="something there already"):
        unload(FolderStore(workspace_folder), tmp_path)
