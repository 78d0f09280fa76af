"""A target through time, and what can be said of the cities."""

from __future__ import annotations

from datetime import date

import pytest

from bluecarbon_map import reports
from bluecarbon_map.sample import open_workspace
from bluecarbon_map.store.folder import FolderStore
from bluecarbon_map.targets import State
from tests.builders import (
    EAST,
    PLAN,
    WEST,
    accepted,
    project,
    projects_table,
    register,
    registers_table,
    target,
    targets_table,
    write_workspace,
)

DAY = date(2024, 1, 1)


def workspace(folder, *, targets=(), projects=(), registers=()):
    write_workspace(folder)
    for name, table in (
        ("targets", targets_table(*targets)),
        ("projects", projects_table(*projects)),
        ("registers", registers_table(*registers)),
    ):
        table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig")
    return FolderStore(folder)


def only_target(store, day=DAY, plan=PLAN):
    return reports.progress(store, plan, as_of=day).targets[0]


def test_steps_rise_on_the_days_of_acceptance_and_end_at_what_is_counted(tmp_path):
    store = workspace(
        tmp_path / "w",
        targets=[target()],
        projects=[
            accepted("late", 30.0, "2023-05-01"),
            accepted("early", 12.5, "2021-03-01"),
            accepted("after", 99.0, "2024-06-01"),
            project("open", completed=5.0),
        ],
    )
    shown = only_target(store)
    steps = reports.accepted_steps(shown)
    assert steps["project_id"].tolist() == ["early", "late"]
    assert steps["day"].tolist() == [date(2021, 3, 1), date(2023, 5, 1)]
    assert steps["total"].tolist() == [12.5, 42.5]
    assert steps["total"].iloc[-1] == shown.counted
    assert [entry.project.project_id for entry in reports.without_day(shown)] == ["open"]


def test_where_nothing_counts_there_is_no_step_and_nothing_at_zero(tmp_path):
    store = workspace(tmp_path / "w", targets=[target()], projects=[project("open", planned=9.0)])
    shown = only_target(store)
    assert reports.accepted_steps(shown).empty
    assert shown.counted is None


def test_the_even_pace_ends_at_the_target_on_its_last_day_and_agrees_with_the_target(tmp_path):
    store = workspace(tmp_path / "w", targets=[target(value=1826.0)], projects=[])
    shown = only_target(store)
    (first, nothing), (last, whole) = reports.pace_line(shown)
    assert (first, nothing) == (date(2020, 12, 31), 0.0)
    assert (last, whole) == (date(2025, 12, 31), 1826.0)
    gone = (DAY - first).days
    assert shown.target.pace(DAY) == pytest.approx(whole * gone / (last - first).days)


def test_no_city_is_called_behind_without_a_target_of_its_own(tmp_path):
    store = workspace(
        tmp_path / "w",
        targets=[target()],
        projects=[accepted("one", 1.0)],
        registers=[register()],
    )
    found = reports.city_standing(store, as_of=DAY)
    assert found.set_for == ()
    assert found.late == ()
    assert found.without == ("330300", "331000")


def test_the_city_furthest_behind_its_own_target_comes_first(tmp_path):
    cities = [("330300", WEST, 40.0), ("331000", EAST, 10.0)]
    store = workspace(
        tmp_path / "w",
        targets=[
            target(target_id=city, zone_id=city, plan_id=f"plan-{city}") for city, _, _ in cities
        ],
        projects=[accepted(f"p{city}", amount, zone_id=zone) for city, zone, amount in cities],
        registers=[register(target_id=city, zone_id=city) for city, _, _ in cities],
    )
    found = reports.city_standing(store, as_of=DAY)
    assert [one.target.zone_id for one in found.late] == ["331000", "330300"]
    assert {one.state for one in found.late} == {State.BEHIND}
    assert found.without == ()


def test_a_city_target_without_a_complete_list_of_projects_is_not_called_behind():
    found = reports.city_standing(open_workspace(), as_of=DAY)
    assert [one.target.target_id for one in found.set_for] == ["wz-mangrove-new"]
    assert found.late == ()
    assert "330300" not in found.without
    assert "331000" in found.without


def test_entries_of_a_zone_are_those_of_its_counties(tmp_path):
    store = workspace(
        tmp_path / "w",
        targets=[target()],
        projects=[
            accepted("west", 20.0),
            accepted("east", 7.0, zone_id=EAST),
            project("waiting", completed=4.0),
        ],
    )
    shown = only_target(store)
    west = reports.entries_in(store, shown, "330300")
    assert [entry.project.project_id for entry in west] == ["west", "waiting"]
    assert reports.counted_of(west) == 20.0
    assert reports.counted_of(west[1:]) is None
    parts = [reports.counted_of(reports.entries_in(store, shown, c)) for c in ("330300", "331000")]
    assert sum(parts) == shown.counted
