"""A workspace of which some surveys may not be seen: nothing of them is there."""

import json

import pandas as pd
import pytest

from bluecarbon_map import dashboard, reports
from bluecarbon_map.errors import BluecarbonError, NotFoundError
from bluecarbon_map.store.base import Workspace
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.store.limited import LimitedWorkspace
from bluecarbon_map.store.places import copy_workspace, create_sqlite
from bluecarbon_map.tables import PatchChanges
from tests import builders

OPEN, HIDDEN = "S-2022", "S-2025"


@pytest.fixture
def folder(tmp_path):
    """S-2025 changes S-2022; both state an extent and have changes and a raster."""
    folder = builders.write_workspace(tmp_path / "whole")
    both = [builders.survey(OPEN, 2022) | {"base_survey_id": HIDDEN},
            builders.survey(HIDDEN, 2025) | {"base_survey_id": OPEN}]  # fmt: skip
    builders.surveys_table(*both).to_csv(folder / "surveys.csv", index=False)
    shapes = {"S_2022": builders.WEST_SHAPE, "S_2025": builders.EAST_SHAPE}
    builders.extents(**shapes).to_parquet(folder / "extents.parquet")
    changes(OPEN, HIDDEN).to_parquet(folder / "patch_changes.parquet")
    builders.write_rasters(
        folder,
        builders.raster(survey_id=OPEN), builders.index(survey_id=HIDDEN),
    )  # fmt: skip
    return folder


def changes(*survey_ids):
    table = builders.extents(**{key.replace("-", "_"): builders.WEST_SHAPE for key in survey_ids})
    wanted = PatchChanges.to_schema().columns
    empty = {n: pd.Series(None, table.index, str(c.dtype)) for n, c in wanted.items()
             if n not in table and str(c.dtype) != "int64"}  # fmt: skip
    said = {"change_no": 1, "what": "removed", "decision": "accepted", "provenance": "survey"}
    return table.assign(**empty | said)[list(wanted)]


@pytest.fixture
def whole(folder):
    return FolderStore(folder)


@pytest.fixture
def limited(whole):
    return LimitedWorkspace(whole, {OPEN})


def test_a_file_that_is_missing_is_told_without_the_names_beside_it(folder, limited):
    raster = limited.rasters()["raster_id"].iloc[0]
    (folder / f"raster_{raster}.tif").unlink()
    with pytest.raises(NotFoundError) as told:
        limited.raster_path(raster)
    assert HIDDEN not in str(told.value)


def test_it_can_be_asked_all_that_a_workspace_can_and_nothing_more():
    def asked(kind):
        return {name for name in vars(kind) if not name.startswith("_")}

    assert asked(LimitedWorkspace) == asked(Workspace)


def test_no_row_names_the_hidden_survey(limited):
    tables = [limited.surveys(), limited.extents(), limited.patch_changes(), limited.rasters(),
              limited.habitats(OPEN), limited.targets(), limited.projects(), limited.registers(),
              limited.zones(), limited.land(), limited.factors()]  # fmt: skip
    for table in tables:
        assert HIDDEN not in table.drop(columns="geometry", errors="ignore").to_csv()
        assert table.index.tolist() == list(range(len(table)))
    assert limited.surveys()["survey_id"].tolist() == [OPEN]
    assert limited.rasters()["raster_id"].tolist() == [builders.CLASSES]


def test_the_whole_workspace_is_as_it_was(whole, limited):
    limited.surveys()
    assert whole.surveys()["base_survey_id"].tolist() == [HIDDEN, OPEN]
    assert len(whole.rasters()) == len(whole.extents()) == len(whole.patch_changes()) == 2


def test_changes_to_a_hidden_base_survey_are_hidden(whole):
    assert LimitedWorkspace(whole, {HIDDEN}).patch_changes().empty
    assert LimitedWorkspace(whole, {HIDDEN, OPEN}).patch_changes()["survey_id"].tolist() == [
        OPEN, HIDDEN
    ]  # fmt: skip


@pytest.mark.parametrize("ask", [
    lambda store, survey: store.habitats(survey),
    lambda store, survey: reports.summarise(store, survey),
    lambda store, survey: reports.notes(store, survey),
])  # fmt: skip
def test_a_hidden_survey_is_refused_with_the_words_for_an_unknown_one(limited, ask):
    said = []
    for survey_id in (HIDDEN, "S-1999"):
        with pytest.raises(NotFoundError) as refused:
            ask(limited, survey_id)
        said.append(str(refused.value).replace(survey_id, "…"))
    assert said[0] == said[1]


def test_a_hidden_raster_is_refused_with_the_words_for_an_unknown_one(limited):
    said = []
    for raster_id in (builders.INDEX, "none"):
        with pytest.raises(NotFoundError) as refused:
            limited.raster_path(raster_id)
        said.append(str(refused.value).replace(raster_id, "…"))
    assert said[0] == said[1]
    assert limited.raster_path(builders.CLASSES).is_file()


def test_a_raster_that_goes_with_no_survey_may_be_seen(folder):
    builders.write_rasters(folder, builders.raster(survey_id=None))
    assert len(LimitedWorkspace(FolderStore(folder), {OPEN}).rasters()) == 1


def test_its_first_survey_is_its_own_or_the_newest_left_or_none(whole):
    def first(*only):
        return LimitedWorkspace(whole, only).info.default_survey_id

    assert (first(OPEN, HIDDEN), first(HIDDEN), first("S-1999")) == (OPEN, HIDDEN, None)


def test_what_may_be_seen_is_part_of_the_version(whole):
    versions = {LimitedWorkspace(whole, only).version for only in ({OPEN}, {HIDDEN}, set())}
    assert len(versions | {whole.version}) == 4
    assert all(set(version) <= set("0123456789abcdef") for version in versions)


def test_a_kept_result_of_the_whole_is_not_handed_to_who_sees_a_part(folder, tmp_path):
    source = FolderStore(folder)
    store = create_sqlite(tmp_path / "store", source.info)
    copy_workspace(source, store, "开始者")
    made = {"of": ["surveys"], "make": lambda: b"all"}
    assert store.kept("result", **made) == b"all"
    limited = LimitedWorkspace(store, {OPEN})
    assert limited.kept("result", of=["surveys"], make=lambda: b"some") == b"some"
    assert limited.kept("result", of=["surveys"], make=lambda: b"again") == b"some"
    assert store.kept("result", **made) == b"all"


def test_demonstration_data_of_a_hidden_survey_are_not_there(folder):
    builders.workspace_habitats(OPEN, ()).to_parquet(folder / f"habitats_{OPEN}.parquet")
    builders.projects_table(builders.accepted("one", 60.0)).to_csv(
        folder / "projects.csv", index=False
    )
    builders.write_rasters(folder, builders.raster(survey_id=HIDDEN))
    assert reports.has_demonstration(FolderStore(folder))
    assert not reports.has_demonstration(LimitedWorkspace(FolderStore(folder), {OPEN}))


def test_the_command_hands_the_surveys_on(whole, monkeypatch):
    monkeypatch.setenv(dashboard.ONLY_VARIABLE, "")
    dashboard._limit(whole, (OPEN,), local_editor=False)
    assert json.loads(dashboard.os.environ[dashboard.ONLY_VARIABLE]) == [OPEN]


def test_the_command_refuses_an_unknown_survey_and_an_editor_who_sees_a_part(whole, monkeypatch):
    monkeypatch.setenv(dashboard.ONLY_VARIABLE, "")
    with pytest.raises(NotFoundError, match="no survey 'S-1999' here; there are: S-2022, S-2025"):
        dashboard._limit(whole, ("S-1999",), local_editor=False)
    with pytest.raises(BluecarbonError, match="exclude each other"):
        dashboard._limit(whole, (OPEN,), local_editor=True)
    assert dashboard.os.environ[dashboard.ONLY_VARIABLE] == ""
