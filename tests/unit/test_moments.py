"""The line of time: surveys, rasters, the years between, and what is known at each step."""

from __future__ import annotations

import pytest

from bluecarbon_map import reports
from bluecarbon_map.store.folder import FolderStore
from tests import builders


def store(folder, surveys, rasters=()):
    builders.surveys_table(*surveys).to_csv(
        folder / "surveys.csv", index=False, encoding="utf-8-sig"
    )
    builders.write_rasters(folder, *rasters)
    return FolderStore(folder)


def test_years_without_a_survey_are_steps_too(workspace_folder):
    line = reports.moments(FolderStore(workspace_folder))
    assert [one.key for one in line] == ["2022", "2023", "2024", "2025"]
    assert [one.survey_id for one in line] == ["S-2022", None, None, "S-2025"]
    assert line[0].raster_ids == (builders.CLASSES, builders.INDEX)


def test_the_survey_of_a_gap_is_the_one_before_and_none_before_the_first(workspace_folder):
    rasters = [builders.raster(year=2020), builders.raster("later", year=2024)]
    line = reports.moments(store(workspace_folder, [builders.survey("S-2022", 2022)], rasters))
    assert [one.key for one in line] == ["2020", "2021", "2022", "2023", "2024"]
    at = {one.key: reports.survey_at(line, one.key) for one in line}
    assert at == {"2020": None, "2021": None, "2022": "S-2022", "2023": "S-2022", "2024": "S-2022"}
    among = {builders.CLASSES, "later"}
    assert reports.rasters_at(line, "2023", among) == ((builders.CLASSES,), 2020)
    assert reports.rasters_at(line, "2024", among) == (("later",), 2024)
    assert reports.rasters_at(line, "2023", {"later"}) == ((), None)


def test_two_surveys_of_a_year_stand_in_the_order_of_their_days(workspace_folder):
    surveys = [
        builders.survey("whole", 2022),
        builders.survey("june", 2022) | {"observed_to": "2022-06-30"},
        builders.survey("again", 2022),
        builders.survey("odd", 2023) | {"observed_to": "2019-01-01"},
    ]
    line = reports.moments(store(workspace_folder, surveys, [builders.raster()]))
    assert [(one.key, one.survey_id) for one in line] == [
        ("2022-06-30", "june"), ("2022", "whole"), ("2022#2", "again"), ("2023", "odd"),
    ]  # fmt: skip
    assert [one.raster_ids for one in line] == [(), (), (builders.CLASSES,), ()]


def test_a_workspace_of_nothing_has_no_time(workspace_folder):
    assert reports.moments(store(workspace_folder, [])) == ()


def test_demonstration_rasters_can_be_left_out(workspace_folder):
    rasters = [builders.raster(year=2019), builders.raster("real", provenance="published")]
    opened = store(workspace_folder, [builders.survey("S-2022", 2022)], rasters)
    line = reports.moments(opened, demonstration=False)
    assert [(one.key, one.raster_ids) for one in line] == [("2022", ("real",))]


def test_rasters_of_one_kind_quantity_and_unit_are_a_series(workspace_folder):
    rasters = [
        builders.raster(), builders.raster("more"), builders.index(),
        builders.index("other", unit="t C/ha"),
    ]  # fmt: skip
    found = reports.raster_series(store(workspace_folder, [], rasters).rasters())
    assert found[builders.CLASSES] == found["more"]
    assert len(set(found.values())) == 3


def test_a_time_that_is_not_on_the_line_is_named(workspace_folder):
    with pytest.raises(ValueError, match="no time 1999"):
        reports.survey_at(reports.moments(FolderStore(workspace_folder)), "1999")
