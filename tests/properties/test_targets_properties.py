"""What must hold of any list of projects."""

import math
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from bluecarbon_map.targets import State, assess, counted_by_zone
from tests.builders import (
    EAST,
    PLAN,
    WEST,
    project,
    projects_table,
    register,
    registers_table,
    target,
    targets_table,
)

PARENTS = {"330000": None, "330300": "330000", "331000": "330000", WEST: "330300", EAST: "331000"}
FEW = settings(max_examples=25, deadline=None)
RANK = [State.MISSED, State.BEHIND, State.ON_TRACK, State.MET]

amounts = st.none() | st.decimals(0, 500, places=4).map(float)
days = st.none() | st.dates(date(2019, 1, 1), date(2027, 12, 31)).map(date.isoformat)
rows = st.builds(
    lambda name, **said: project(f"p{name}", **said),
    st.integers(0, 12),
    zone_id=st.sampled_from([WEST, EAST, "330300", "330000"]),
    ecosystem=st.sampled_from([None, "mangrove", "salt_marsh"]),
    provenance=st.sampled_from(["published", "demonstration"]),
    planned=amounts,
    completed=amounts,
    accepted=amounts,
    accepted_on=days,
)
lists = st.lists(rows, max_size=12)
today = st.dates(date(2020, 1, 1), date(2027, 12, 31))


def judged(projects, as_of=date(2026, 1, 1), *, registers=(), **more):
    (progress,) = assess(
        targets_table(target(excludes="mangrove")),
        projects_table(*projects),
        registers_table(*registers),
        PARENTS,
        plan_id=PLAN,
        as_of=as_of,
        **more,
    ).targets
    return progress


@FEW
@given(lists, today)
def test_every_project_is_counted_or_left_out_with_a_reason(projects, as_of):
    progress = judged(projects, as_of)
    assert all(entry.reason is None for entry in progress.entries)
    assert all(entry.reason is not None for entry in progress.excluded)
    named = {e.project.project_id for e in (*progress.entries, *progress.excluded)}
    assert named == {row["project_id"] for row in projects}


@FEW
@given(lists, today)
def test_the_counted_amount_is_the_sum_of_what_is_listed_as_counted(projects, as_of):
    progress = judged(projects, as_of)
    known = [entry.amount for entry in progress.entries]
    assert progress.counted == (math.fsum(known) if known else None)


@FEW
@given(lists, today, st.sampled_from([["330300", "331000"], [WEST, EAST], ["330000"], []]))
def test_zones_add_up_to_the_whole(projects, as_of, zones):
    progress = judged(projects, as_of)
    shares = counted_by_zone(progress, zones, PARENTS)
    known = [share for share in shares.values() if share is not None]
    assert math.isclose(math.fsum(known), progress.counted or 0.0, abs_tol=1e-9)
    assert bool(known) == (progress.counted is not None)


@FEW
@given(lists, today)
def test_demonstration_never_counts_unasked(projects, as_of):
    progress = judged(projects, as_of)
    honest = judged([p for p in projects if p["provenance"] != "demonstration"], as_of)
    assert (progress.counted, progress.state) == (honest.counted, honest.state)
    assert progress.stages == honest.stages


@FEW
@given(lists, st.decimals(0, 500, places=4).map(float))
def test_one_more_accepted_hectare_never_makes_a_target_worse(projects, amount):
    more = project("new", accepted=amount, accepted_on="2022-01-01")
    said = [register()]
    before, after = judged(projects, registers=said), judged([*projects, more], registers=said)
    assert RANK.index(after.state) >= RANK.index(before.state)
    assert math.isclose(after.counted, before.counted + amount, abs_tol=1e-9)


@FEW
@given(lists, today, st.randoms())
def test_the_order_of_distinct_projects_does_not_matter(projects, as_of, random):
    once = list({p["project_id"]: p for p in projects}.values())
    shuffled = once.copy()
    random.shuffle(shuffled)
    assert judged(once, as_of).counted == judged(shuffled, as_of).counted


@st.composite
def forests(draw):
    """Projects of which each may be part of one named later."""
    size = draw(st.integers(1, 6))
    made = []
    for n in range(size):
        above = [None, *(f"p{m}" for m in range(n + 1, size))]
        said = {"part_of": draw(st.sampled_from(above)), "ecosystem": "salt_marsh"}
        made.append(draw(rows) | {"project_id": f"p{n}"} | said)
    return draw(st.permutations(made))


def above(project_id, parents):
    while (project_id := parents[project_id]) is not None:
        yield project_id


@FEW
@given(forests(), today)
def test_of_every_chain_of_parts_the_widest_that_counts_counts_alone(projects, as_of):
    parents = {row["project_id"]: row["part_of"] for row in projects}
    alone = judged([row | {"part_of": None} for row in projects], as_of)
    able = {entry.project.project_id for entry in alone.entries if entry.amount}
    progress = judged(projects, as_of)
    counted = {entry.project.project_id for entry in progress.entries if entry.amount}
    assert counted == {one for one in able if not able & set(above(one, parents))}


@FEW
@given(lists | forests(), today)
def test_the_accepted_stage_is_what_counts(projects, as_of):
    progress = judged(projects, as_of)
    assert math.isclose(progress.stages["accepted"] or 0.0, progress.counted or 0.0, abs_tol=1e-9)


@FEW
@given(lists | forests(), today)
def test_a_stage_has_a_sum_where_it_knows_the_amount_of_a_project(projects, as_of):
    progress = judged(projects, as_of)
    for stage, (known, every) in progress.stage_counts.items():
        assert 0 <= known <= every
        if known:
            assert progress.stages[stage] is not None
