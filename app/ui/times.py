"""Which time the map shows, and which it is held against; both stand in the address.

``?when=2023&than=2022&both=swipe``: a step of the workspace's line of time, an earlier or later one
beside it, and how. A step without a survey of its own shows the survey before it; none is shown
before the first. Where the address names no step, the time is that of the survey chosen. Of two
times the later one is the time looked at, so that facts, links and boxes are of one survey.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bluecarbon_map import reports
from ui import cached, cached_changes, state

THAN: Final = "than"
BOTH: Final = "both"
SWIPE, SIDE, CHANGE = "swipe", "side", "change"
WAYS: Final = (SWIPE, SIDE, CHANGE)
"""How two times are shown: under a divider, in two maps, or as gain and loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two times, the earlier first.

    Attributes:
        way: One of `WAYS`.
        before: Key of the earlier step.
        after: Key of the later one.
    """

    way: str
    before: str
    after: str


def line() -> tuple[reports.Moment, ...]:
    """The line of time of the workspace, with demonstration rasters where they are shown."""
    shown = state.asked(state.DEMONSTRATION) != "0"
    return cached_changes.moments(cached.workspace().version, shown)


def asked(line: Sequence[reports.Moment]) -> str | None:
    """The step that the address names; None where it names none of the line."""
    wanted = state.asked(state.WHEN)
    return wanted if any(one.key == wanted for one in line) else None


def now(line: Sequence[reports.Moment]) -> str | None:
    """The step that is shown; None where there is no time at all."""
    wanted = asked(line)
    if wanted is not None:
        return wanted
    survey = state.choices().survey_id
    own = (one.key for one in line if one.survey_id == survey and survey is not None)
    return next(own, line[-1].key if line else None)


def go_to(key: str) -> None:
    """Show another step: its survey, or the one before it, is the one looked at everywhere."""
    survey = reports.survey_at(line(), key)
    if survey is not None:
        _put_survey(survey)
    state.put(state.WHEN, key)
    _hold_later(key)


def choose_survey(survey_id: str | None) -> None:
    """Look at another survey, and at its time; None for the usual one."""
    _put_survey(survey_id)
    key = now(line())
    if key is not None:
        _hold_later(key)


def _put_survey(survey_id: str | None) -> None:
    """The usual survey does not stand in the address."""
    usual = cached.workspace().info.default_survey_id
    state.put(state.SURVEY, None if survey_id == usual else survey_id)


def hold(way: str | None, than: str | None = None) -> None:
    """Show two times at once; the later of them becomes the time looked at.

    Args:
        way: One of `WAYS`; None for one time alone.
        than: Step to hold against the one looked at; the one chosen before when left out.
    """
    state.put(BOTH, way)
    if than is not None:
        state.put(THAN, than)
    _look_at_later()


def follow() -> None:
    """Choose the survey of the step that a link names; call it before a page reads the choices."""
    steps = line()
    wanted, key = asked(steps), now(steps)
    if wanted is None and key is not None and state.asked(state.SURVEY) is not None:
        _hold_later(key)  # the link asks for that survey
        return
    _look_at_later()
    wanted = asked(steps)
    survey = None if wanted is None else reports.survey_at(steps, wanted)
    if wanted is not None and survey is not None and survey != state.choices().survey_id:
        go_to(wanted)


def _look_at_later() -> None:
    """Of two times, look at the later one."""
    both = pair()
    if both is not None and both.after != now(line()):
        state.put(THAN, both.before)
        go_to(both.after)


def _hold_later(key: str) -> None:
    """Hold a step against one before it; alone, where it is the first."""
    keys = [one.key for one in line()]
    if state.asked(BOTH) is None:
        return
    if key == keys[0]:
        state.put(BOTH, None)
    than = state.asked(THAN)
    if than in keys and keys.index(than) >= keys.index(key):
        state.put(THAN, None)


def pair() -> Pair | None:
    """The two times that are shown at once; None for one alone."""
    way, steps = state.asked(BOTH), line()
    key = now(steps)
    if way not in WAYS or key is None or len(steps) < 2:
        return None
    keys = [one.key for one in steps]
    wanted = state.asked(THAN)
    other = wanted if wanted in keys and wanted != key else _usual_other(steps, key)
    before, after = sorted((key, other), key=keys.index)
    return Pair(way=way, before=before, after=after)


def _usual_other(steps: Sequence[reports.Moment], key: str) -> str:
    """The nearest step before with a survey of its own, else the next one after, else any."""
    keys = [one.key for one in steps]
    at, told = keys.index(key), [one.survey_id is not None for one in steps]
    known = [i for i in range(at - 1, -1, -1) if told[i]] + [
        i for i in range(at + 1, len(steps)) if told[i]
    ]
    return keys[next(iter(known), 0 if at else 1)]


def at(chosen: state.Choices, key: str | None) -> state.Choices:
    """The choices as they are at a step: no survey before the first one."""
    if key is None:
        return chosen
    return replace(chosen, survey_id=reports.survey_at(line(), key))


def shown(chosen: state.Choices) -> state.Choices:
    """The choices at the step that the address names; of two steps, the later one."""
    both = pair()
    return at(chosen, asked(line()) if both is None else both.after)


def rasters(raster_id: str, key: str | None) -> tuple[str, ...]:
    """What is drawn for a raster at a step: those of its series of the last year at or before it.

    Args:
        raster_id: Raster whose layer is visible.
        key: Step; None for the raster itself, whatever its year.
    """
    if key is None:
        return (raster_id,)
    series = cached_changes.raster_series(cached.workspace().version)
    among = {one for one, kind in series.items() if kind == series.get(raster_id)}
    return reports.rasters_at(line(), key, among)[0]


def raster_step() -> str | None:
    """The step that rasters follow; None as long as the address names none."""
    both = pair()
    return asked(line()) if both is None else both.after
