"""Targets by hand: docs/methods/05-targets.md."""

from datetime import date

import pytest

from bluecarbon_map.errors import ContractError, DuplicateIdError, InputError, NotFoundError
from bluecarbon_map.tables import Projects, Registers, Targets, validate
from bluecarbon_map.targets import REASONS, RULES, STATE_NAMES, Reason, State, counted_by_zone
from bluecarbon_map.targets import assess as assess_tables
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
)

PARENTS = {"330000": None, "330300": "330000", "331000": "330000", WEST: "330300", EAST: "331000"}
BEFORE, AFTER = date(2023, 7, 2), date(2026, 3, 1)
"""2023-07-02 is day 913 of the 1,826 from 2021-01-01 to 2025-12-31: half of the time."""


def assess(projects=(), registers=(), *, as_of=AFTER, targets=None, **more):
    tables = (
        targets_table(*(targets or [target()])),
        projects_table(*projects),
        registers_table(*registers),
    )
    for contract, table in zip((Targets, Projects, Registers), tables, strict=True):
        validate(contract, table)
    return assess_tables(*tables, PARENTS, plan_id=PLAN, as_of=as_of, **more)


def only(*args, **kwargs):
    (progress,) = assess(*args, **kwargs).targets
    return progress


def left_out(progress):
    return [(e.project.project_id, e.amount, e.reason) for e in progress.excluded]


# --- states -------------------------------------------------------------------------------------


def test_enough_is_enough_even_where_the_list_is_not_complete():
    progress = only([accepted("a", 100.0)])
    assert (progress.state, progress.counted, progress.fraction) == (State.MET, 100.0, 1.0)


@pytest.mark.parametrize(
    ("operator", "amount", "state"),
    [
        (">=", 100.0, State.MET),
        (">", 100.0, State.MISSED),
        (">", 100.0001, State.MET),
        (">=", 99.9999, State.MISSED),
    ],
)
def test_at_least_a_hundred_is_not_more_than_a_hundred(operator, amount, state):
    progress = only([accepted("a", amount)], [register()], targets=[target(operator=operator)])
    assert progress.state is state


@pytest.mark.parametrize(("amount", "state"), [(50.0, State.ON_TRACK), (49.99, State.BEHIND)])
def test_half_way_through_half_of_it_is_on_track(amount, state):
    progress = only([accepted("a", amount)], [register()], as_of=BEFORE)
    assert progress.pace == pytest.approx(50.0)
    assert progress.state is state


def test_the_pace_of_baishawan_is_that_of_the_method_page():
    wetland = only(targets=[target(value=2000.0)], as_of=date(2022, 12, 14))
    assert wetland.pace == pytest.approx(780.9, abs=0.05)


def test_the_pace_asks_for_nothing_before_the_start_and_for_all_on_the_last_day():
    assert only(as_of=date(2020, 1, 1)).pace == 0.0
    assert only(as_of=date(2025, 12, 31)).pace == 100.0
    assert only(as_of=date(2026, 1, 1)).pace is None


def test_after_the_deadline_a_complete_list_below_the_value_is_missed():
    assert only([accepted("a", 99.0)], [register()]).state is State.MISSED


def test_without_a_complete_list_the_amount_is_a_lower_bound_and_decides_nothing():
    progress = only([accepted("a", 99.0)])
    assert (progress.state, progress.counted) == (State.UNKNOWN, 99.0)


def test_nothing_on_record_is_unknown_and_not_zero():
    progress = only()
    assert (progress.state, progress.counted, progress.fraction) == (State.UNKNOWN, None, None)


def test_nothing_on_a_complete_list_is_zero():
    progress = only(registers=[register()])
    assert (progress.state, progress.counted, progress.fraction) == (State.MISSED, 0.0, 0.0)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (register(complete_to="2025-12-30"), State.UNKNOWN),
        (register(zone_id="330300"), State.UNKNOWN),
        (register(target_id="another"), State.UNKNOWN),
        (register(provenance="demonstration"), State.UNKNOWN),
        (register(complete_to="2026-06-30"), State.MISSED),
    ],
)
def test_a_list_is_complete_only_for_what_and_as_far_as_somebody_says(said, state):
    assert only([accepted("a", 1.0)], [said]).state is state


def test_what_is_said_of_the_province_holds_for_its_city():
    city = target(zone_id="330300")
    assert only([accepted("a", 1.0)], [register()], targets=[city]).state is State.MISSED


def test_before_the_deadline_a_list_complete_to_the_day_is_enough():
    said = register(complete_to=BEFORE.isoformat())
    assert only([accepted("a", 60.0)], [said], as_of=BEFORE).state is State.ON_TRACK


def test_ten_times_seven_point_four_kilometres_are_seventy_four():
    shore = target(indicator="shoreline_restored", unit="km", value=74.0)
    same = {"indicator": "shoreline_restored", "unit": "km", "ecosystem": None}
    progress = only([accepted(f"p{n}", 7.4, **same) for n in range(10)], targets=[shore])
    assert (progress.counted, progress.state) == (74.0, State.MET)


def test_ten_tenths_of_a_hectare_are_one():
    progress = only([accepted(f"p{n}", 0.1) for n in range(10)], targets=[target(value=1.0)])
    assert (progress.counted, progress.state) == (1.0, State.MET)


# --- what does not count, and why ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "amount", "reason"),
    [
        (accepted("a", 5.0, provenance="demonstration"), 5.0, Reason.DEMONSTRATION),
        (accepted("a", 5.0, ecosystem="mangrove"), 5.0, Reason.ECOSYSTEM),
        (accepted("a", 5.0, part_of="whole"), 5.0, Reason.COUNTED_ELSEWHERE),
        (accepted("a", 5.0, completed_on="2020"), 5.0, Reason.BEFORE_PERIOD),
        (project("a", completed=5.0, completed_on="2020-12"), 5.0, Reason.BEFORE_PERIOD),
        (project("a"), None, Reason.NO_AMOUNT),
        (project("a", surviving=3.0), None, Reason.NO_AMOUNT),
        (project("a", planned=9.0, started=8.0, completed=7.0), 7.0, Reason.NOT_ACCEPTED),
        (project("a", planned=9.0), 9.0, Reason.NOT_ACCEPTED),
        (project("a", accepted=5.0), 5.0, Reason.NO_DATE),
        (accepted("a", 5.0, "2020-12-31"), 5.0, Reason.OUTSIDE_PERIOD),
        (accepted("a", 5.0, "2026-01-01"), 5.0, Reason.OUTSIDE_PERIOD),
    ],
)
def test_what_is_left_out_is_listed_with_its_reason(row, amount, reason):
    progress = only([row, accepted("whole", 1.0)], targets=[target(excludes="mangrove")])
    assert left_out(progress) == [("a", amount, reason)]
    assert progress.counted == 1.0


@pytest.mark.parametrize("day", ["2021-01-01", "2025-12-31"])
def test_the_first_and_the_last_day_count(day):
    assert only([accepted("a", 5.0, day)]).counted == 5.0


def test_what_was_accepted_after_the_day_looked_at_does_not_count_yet():
    rows = [accepted("a", 5.0, "2023-07-03")]
    assert left_out(only(rows, as_of=BEFORE)) == [("a", 5.0, Reason.OUTSIDE_PERIOD)]
    assert only(rows, as_of=date(2023, 7, 3)).counted == 5.0


def test_of_a_partly_accepted_project_the_rest_waits():
    progress = only([accepted("a", 20.0, completed=50.0)])
    assert progress.counted == 20.0
    assert left_out(progress) == [("a", 30.0, Reason.NOT_ACCEPTED)]


def test_more_accepted_than_completed_leaves_nothing_waiting():
    assert left_out(only([accepted("a", 20.0, completed=15.0)])) == []


def test_a_repeated_record_counts_once_in_the_sum_and_in_the_stages():
    progress = only([accepted("a", 5.0, completed=5.0), accepted("a", 5.0, completed=5.0)])
    assert progress.counted == 5.0
    assert left_out(progress) == [("a", 5.0, Reason.REPEATED)]
    assert progress.stages["completed"] == 5.0


def test_a_record_left_out_for_itself_does_not_make_the_next_one_a_repetition():
    rows = [accepted("a", 9.0, provenance="demonstration"), accepted("a", 5.0)]
    assert only(rows).counted == 5.0


def test_two_ecosystems_of_one_project_are_no_repetition():
    rows = [accepted("a", 5.0), accepted("a", 2.0, ecosystem="tidal_flat")]
    assert only(rows).counted == 7.0


def test_a_demonstration_record_that_is_no_mangrove_is_left_out_as_demonstration_first():
    row = accepted("a", 5.0, provenance="demonstration", ecosystem="mangrove")
    progress = only([row], targets=[target(excludes="mangrove")])
    assert left_out(progress) == [("a", 5.0, Reason.DEMONSTRATION)]


def test_an_ecosystem_that_is_not_stated_is_not_taken_for_the_excluded_one():
    row = accepted("a", 200.0, ecosystem=None)
    assert only([row], targets=[target(excludes="mangrove")]).counted == 200.0


def test_demonstration_counts_only_when_asked_and_is_shown_apart():
    rows = [accepted("a", 5.0), accepted("b", 7.0, provenance="demonstration")]
    unasked = only(rows)
    assert (unasked.counted, unasked.counted_demonstration) == (5.0, 0.0)
    assert unasked.demonstration_stages["accepted"] == 7.0
    assert unasked.stages["accepted"] == 5.0
    asked = only(rows, count_demonstration=True)
    assert (asked.counted, asked.counted_demonstration) == (12.0, 7.0)
    assert asked.stages["accepted"] == 12.0


def test_a_demonstration_register_decides_only_when_demonstration_counts():
    said = [register(provenance="demonstration")]
    assert only([accepted("a", 1.0)], said).state is State.UNKNOWN
    assert only([accepted("a", 1.0)], said, count_demonstration=True).state is State.MISSED


def test_stages_are_kept_apart_and_an_unknown_one_is_no_zero():
    rows = [project("a", planned=75.0), project("b", completed=93.3333, surviving=32.8667)]
    stages = only(rows).stages
    assert stages == {
        "planned": 75.0, "started": None, "completed": 93.3333, "accepted": None,
        "surviving": 32.8667,
    }  # fmt: skip


def test_another_indicator_or_place_is_another_matter():
    rows = [
        accepted("a", 5.0, indicator="mangrove_new"),
        accepted("b", 5.0, zone_id="330000"),
        accepted("c", 5.0, zone_id=EAST),
    ]
    assert only(rows, targets=[target(zone_id="331000")]).counted == 5.0


# --- stages by the day --------------------------------------------------------------------------


def test_what_is_accepted_later_stands_in_no_stage_of_today():
    rows = [accepted("a", 200.0, "2022-12-14", planned=250.0)]
    early = only(rows, as_of=date(2021, 12, 31))
    assert (early.counted, early.stages["accepted"], early.stages["planned"]) == (None, None, 250.0)
    assert early.stage_counts["accepted"] == (0, 1)
    on_the_day = only(rows, as_of=date(2022, 12, 14))
    assert (on_the_day.stages["accepted"], on_the_day.stage_counts["accepted"]) == (200.0, (1, 1))


@pytest.mark.parametrize("day", [None, "2026-01-01"])
def test_an_acceptance_without_a_day_or_past_the_deadline_stands_in_no_stage(day):
    progress = only([accepted("a", 5.0, day, completed=6.0)])
    assert (progress.stages["accepted"], progress.stages["completed"]) == (None, 6.0)


@pytest.mark.parametrize(
    "row",
    [
        accepted("a", 5.0, completed=5.0, planned=5.0, completed_on="2020"),
        accepted("a", 5.0, "2020-12-31", completed=5.0, planned=5.0),
    ],
)
def test_what_was_finished_before_the_period_stands_in_no_stage(row):
    progress = only([row, project("b", planned=7.0)])
    assert progress.stages == {
        "planned": 7.0, "started": None, "completed": None, "accepted": None, "surviving": None,
    }  # fmt: skip
    assert progress.stage_counts["planned"] == (1, 1)


def test_what_is_completed_later_is_not_completed_and_not_alive_today():
    rows = [project("a", planned=9.0, completed=8.0, surviving=7.0, completed_on="2023-07")]
    early, late = only(rows, as_of=date(2023, 7, 30)), only(rows, as_of=date(2023, 7, 31))
    assert (early.stages["completed"], early.stages["surviving"]) == (None, None)
    assert (late.stages["completed"], late.stages["surviving"]) == (8.0, 7.0)
    assert early.stages["planned"] == 9.0


@pytest.mark.parametrize("said", ["2021", "2021-01", "2021-01-01"])
def test_a_year_or_month_counts_to_its_last_day(said):
    assert only([accepted("a", 5.0, completed_on=said)]).counted == 5.0


def test_february_of_a_leap_year_ends_on_the_29th():
    rows = [project("a", completed=5.0, completed_on="2024-02")]
    assert only(rows, as_of=date(2024, 2, 28)).stages["completed"] is None
    assert only(rows, as_of=date(2024, 2, 29)).stages["completed"] == 5.0


def test_a_stage_says_of_how_many_projects_it_knows_the_amount():
    rows = [
        project("a", planned=75.0),
        project("b", completed=93.3333, surviving=32.8667),
        project("c"),
        accepted("d", 5.0, ecosystem="mangrove"),
        accepted("e", 1.0, planned=2.0),
        accepted("e", 1.0, ecosystem="tidal_flat"),
    ]
    assert only(rows, targets=[target(excludes="mangrove")]).stage_counts == {
        "planned": (1, 4), "started": (0, 4), "completed": (1, 4), "accepted": (1, 4),
        "surviving": (1, 4),
    }  # fmt: skip


# --- parts of projects --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "whole",
    [
        project("whole"),
        project("whole", planned=50.0),
        accepted("whole", 0.0),
        accepted("whole", 50.0, "2026-01-01"),
        accepted("whole", 50.0, ecosystem="mangrove"),
        accepted("whole", 50.0, provenance="demonstration"),
        accepted("whole", 50.0, indicator="mangrove_new"),
    ],
)
def test_a_part_counts_where_its_whole_counts_nothing(whole):
    progress = only(
        [accepted("a", 5.0, part_of="whole"), whole], targets=[target(excludes="mangrove")]
    )
    assert progress.counted == 5.0
    assert Reason.COUNTED_ELSEWHERE not in [entry.reason for entry in progress.excluded]


def test_a_part_of_a_part_is_left_out_where_only_the_widest_counts():
    rows = [
        accepted("a", 5.0, part_of="b"),
        project("b", planned=9.0, part_of="c"),
        accepted("c", 50.0),
    ]
    assert left_out(only(rows)) == [
        ("a", 5.0, Reason.COUNTED_ELSEWHERE),
        ("b", 9.0, Reason.COUNTED_ELSEWHERE),
    ]


def test_parts_that_count_do_not_add_to_a_plan_that_holds_them_already():
    rows = [
        project("whole", planned=100.0),
        accepted("a", 30.0, planned=40.0, part_of="whole"),
        accepted("b", 20.0, planned=25.0, part_of="whole"),
    ]
    progress = only(rows)
    assert (progress.counted, progress.stages["accepted"]) == (50.0, 50.0)
    assert progress.stages["planned"] == 100.0
    assert progress.stage_counts["planned"] == (3, 3)


def test_a_demonstration_part_of_a_counted_project_is_not_shown_beside_it():
    rows = [
        accepted("whole", 50.0),
        accepted("a", 5.0, part_of="whole", provenance="demonstration"),
    ]
    assert only(rows).demonstration_stages["accepted"] is None


def test_projects_that_are_part_of_each_other_are_refused_by_name():
    rows = [
        accepted("a", 5.0, part_of="b"),
        accepted("b", 5.0, part_of="a"),
        accepted("c", 5.0, part_of="a"),
    ]
    with pytest.raises(InputError, match="column 'part_of', rows a, b: the projects are part of"):
        assess(rows)


# --- ecosystems nobody stated -------------------------------------------------------------------


def test_a_counted_amount_without_ecosystem_is_told_where_the_target_excludes_one():
    rows = [accepted("a", 200.0, ecosystem=None), accepted("b", 5.0), project("c", ecosystem=None)]
    excluding = only(rows, targets=[target(excludes="mangrove")])
    assert (excluding.counted, excluding.counted_unstated) == (205.0, 200.0)
    assert only(rows).counted_unstated == 0.0


# --- plans, versions, bad tables ----------------------------------------------------------------


def test_the_highest_version_is_in_force():
    progress = only(targets=[target(version=2, value=300.0), target(version=1)])
    assert progress.target.value == 300.0


def test_one_version_twice_is_refused():
    with pytest.raises(
        DuplicateIdError, match="wetland: one version of a target stands on several"
    ):
        assess(targets=[target(), target(value=5.0)])


def test_targets_keep_the_order_of_the_table():
    plan = assess(targets=[target(target_id="z"), target(target_id="a")])
    assert [t.target.target_id for t in plan.targets] == ["z", "a"]


def test_an_unknown_plan_is_refused_with_the_plans_there_are():
    with pytest.raises(NotFoundError, match="no plan 'x' here; there are: plan"):
        assess_tables(
            targets_table(target()), projects_table(), registers_table(), PARENTS,
            plan_id="x", as_of=AFTER,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([accepted("a", 5.0, unit="km")], "column 'unit', rows a: the unit is not ha"),
        ([accepted("a", 5.0, "2022-13-01")], "column 'accepted_on', rows a: '2022-13-01' is not"),
        ([accepted("a", 5.0, completed_on="2018-13")], "column 'completed_on', rows a: '2018-13'"),
        ([accepted("a", 5.0, completed_on="early 2018")], "column 'completed_on', rows a: 'early"),
        ([accepted("a", 5.0, zone_id="33038")], "column 'zone_id', rows a: there is no such zone"),
        ([accepted("a", 5.0, part_of="b")], "column 'part_of', rows a: there is no such project"),
        ([accepted("a", 5.0, part_of="a")], "column 'part_of', rows a: a project cannot be part"),
    ],
)
def test_a_bad_project_is_refused_with_its_row_and_column(rows, message):
    with pytest.raises(InputError, match=f"projects, {message}"):
        assess(rows)


def test_a_register_without_a_day_is_refused_and_makes_nothing_complete():
    with pytest.raises(InputError, match="registers, column 'complete_to', rows wetland: 'soon'"):
        assess(registers=[register(complete_to="soon")])


def test_a_target_without_a_day_is_refused():
    with pytest.raises(InputError, match="targets, column 'deadline', rows wetland: 'end 2025'"):
        assess(targets=[target(deadline="end 2025")])


def test_a_target_may_quote_no_words_but_exclude_only_a_known_ecosystem():
    silent = only(targets=[target(clause_zh=None, clause_en=None)]).target
    assert (silent.clause_zh, silent.clause_en) == (None, None)
    with pytest.raises(ContractError, match="excludes"):
        assess(targets=[target(excludes="mangroves")])


# --- by zone ------------------------------------------------------------------------------------


def test_what_is_known_only_for_the_province_stands_under_none_and_parts_add_up():
    rows = [
        accepted("a", 1.5),
        accepted("b", 2.5),
        accepted("c", 4.0, zone_id="330000"),
        accepted("d", 8.0, zone_id="331000"),
    ]
    progress = only(rows)
    cities = counted_by_zone(progress, ["330300", "331000"], PARENTS)
    assert cities == {"330300": 4.0, "331000": 8.0, None: 4.0}
    counties = counted_by_zone(progress, [WEST, EAST], PARENTS)
    assert counties == {WEST: 4.0, EAST: None, None: 12.0}
    assert sum(filter(None, cities.values())) == progress.counted


def test_a_city_without_a_counted_project_has_no_data_and_no_zero():
    assert counted_by_zone(only([accepted("a", 1.0)]), ["331000"], PARENTS)["331000"] is None


def test_every_state_and_reason_has_words_in_both_languages():
    for words in (STATE_NAMES, RULES):
        assert set(words) == set(State)
        assert all(w.zh and w.en for w in words.values())
    assert set(REASONS) == set(Reason)
    assert all(w.zh and w.en for w in REASONS.values())
