"""Targets through time, and what can be said of each city and county."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from xml.etree.ElementTree import Element

import pandas as pd

from bluecarbon_map import reports
from bluecarbon_map.tables import Level
from bluecarbon_map.targets import REASONS, STATE_NAMES, TargetProgress
from ui import cached, charts, elements, gauges, numbers, state, timeline_marks
from ui.words import _


def standing() -> None:
    """Which city is furthest behind: what can be said, and what cannot."""
    workspace = cached.workspace()
    names = cached.regions(workspace.version, state.language()).names
    if not cached.plan_titles(workspace.version, state.language()):
        return
    found = cached.city_standing(workspace.version, state.as_of())
    lines = [_late(found, names), *_own(found, names)]
    if found.without:
        words = _("Without a target of their own on record: {cities}.")
        cities = numbers.listed((names[one] for one in found.without), state.language())
        lines.append(words.format(cities=cities))
    first, *rest = lines
    elements.show(
        elements.tag(
            "div", "", "answer", elements.tag("p", first), *(elements.small(one) for one in rest)
        )
    )


def _late(found: reports.CityStanding, names: Mapping[str, str]) -> str:
    if not found.late:
        return _("No city can be called behind: no target of a city is known to be missed.")
    worst = found.late[0]
    words = _("Furthest behind: {city}, {counted} of {promised} ({state}).")
    return words.format(
        city=names[worst.target.zone_id],
        counted=gauges.amount(worst.counted, worst.target.unit),
        promised=gauges.amount(worst.target.value, worst.target.unit),
        state=gauges.worded(STATE_NAMES[worst.state]),
    )


def _own(found: reports.CityStanding, names: Mapping[str, str]) -> list[str]:
    """One line for each target that a plan sets for a city."""
    words = _("{city} has a target of its own: {target}, {promised}; counted: {counted} – {state}.")
    return [
        words.format(
            city=names[one.target.zone_id],
            target=gauges.name(one),
            promised=gauges.promised(one.target),
            counted=gauges.amount(one.counted, one.target.unit),
            state=gauges.worded(STATE_NAMES[one.state]),
        )
        for one in found.set_for
    ]


def chart(progress: TargetProgress, chosen: state.Choices) -> None:
    """Accepted amounts as steps, the target, the even pace, and the day looked at."""
    official = reports.accepted_steps(progress)
    shown = _with_demonstration(progress, chosen)
    given = json.dumps(_given(progress, official, shown), ensure_ascii=False)
    charts.show(
        charts.Drawn(cached.drawn(timeline_marks.draw, given, state.language())),
        _for_reading(official if shown is None else shown, progress),
        key=f"timeline_{progress.target.target_id}",
        title=_("Accepted over time: {target}").format(target=gauges.name(progress)),
        note=_note(official, shown is not None),
        name=f"bluecarbon_timeline_{progress.target.target_id}",
    )
    _undated(progress)


def _given(
    progress: TargetProgress, official: pd.DataFrame, shown: pd.DataFrame | None
) -> dict[str, object]:
    """Everything that is drawn, in words and numbers; see `timeline_marks`."""
    target, day = progress.target, state.as_of()
    said = _("Target {promised}").format(promised=gauges.promised(target))
    pace = [{"day": _stamp(one), "total": total} for one, total in reports.pace_line(progress)]
    return {
        "steps": _points(official, progress, demonstration=False),
        "demonstration": [] if shown is None else _points(shown, progress, demonstration=True),
        "pace": pace,
        "target": {"day": _stamp(target.start), "total": target.value, "said": said},
        "mark": _mark(progress, day),
        "start": _stamp(target.start),
        "end": _stamp(max(target.deadline, day)),
        "until": _stamp(max(day, target.start)),
        "top": max([target.value, *_tops(official), *([] if shown is None else _tops(shown))]),
    }


def _stamp(day: date) -> str:
    """The beginning of a day wherever the reader is: a bare date would be one in Greenwich."""
    return f"{day.isoformat()}T00:00:00"


def _tops(steps: pd.DataFrame) -> list[float]:
    return [float(total) for total in steps["total"].tail(1)]


def _points(
    steps: pd.DataFrame, progress: TargetProgress, *, demonstration: bool
) -> list[dict[str, object]]:
    """One point for each acceptance, with what is said of it."""
    names = steps["name_en" if state.language() == "en" else "name_zh"]
    return [
        {
            "day": _stamp(day),
            "total": float(total),
            "what": name,
            "when": numbers.day(day, state.language()),
            "amount": gauges.amount(amount, progress.target.unit),
            "sum": _together(total, progress, demonstration=demonstration),
        }
        for day, amount, total, name in zip(
            steps["day"], steps["amount"], steps["total"], names, strict=True
        )
    ]


def _together(total: float, progress: TargetProgress, *, demonstration: bool) -> str:
    """A running total; with demonstration projects in it, it says so."""
    amount = gauges.amount(total, progress.target.unit)
    return _("with demonstration {amount}").format(amount=amount) if demonstration else amount


def _mark(progress: TargetProgress, day: date) -> dict[str, object]:
    """The deadline where it is over, else the day looked at."""
    target, language = progress.target, state.language()
    over = day > target.deadline
    words = _("Deadline {day}") if over else _("Looked at {day}")
    at = target.deadline if over else max(day, target.start)
    said = words.format(day=numbers.day(target.deadline if over else day, language))
    early = at - target.start < target.deadline - at
    return {"day": _stamp(at), "said": said, "early": early}


def _with_demonstration(progress: TargetProgress, chosen: state.Choices) -> pd.DataFrame | None:
    """Steps as if demonstration projects counted; None where there are none or they are off."""
    plan_id = state.plan_id()
    if not chosen.demonstration or plan_id is None:
        return None
    plan = cached.with_demonstration(cached.workspace().version, plan_id, state.as_of())
    target_id = progress.target.target_id
    same = next((one for one in plan.targets if one.target.target_id == target_id), None)
    if same is None or same.counted_demonstration <= 0:
        return None
    return reports.accepted_steps(same)


def _note(official: pd.DataFrame, demonstration: bool) -> str:  # noqa: FBT001
    said = [_("Blue: accepted and counted; orange dashes: even pace; black: the target")]
    if official.empty:
        said[0] = _("Nothing is counted, so no line is drawn at zero; orange dashes: even pace")
    if demonstration:
        said.append(_("brown dots: with demonstration projects, which never count"))
    return ("；" if state.language() == "zh" else "; ").join(said)


def _for_reading(steps: pd.DataFrame, progress: TargetProgress) -> pd.DataFrame:
    unit = gauges.unit_name(progress.target.unit)
    english = state.language() == "en"
    return pd.DataFrame(
        {
            _("Project"): steps["name_en" if english else "name_zh"],
            _("Accepted on"): [numbers.day(one, state.language()) for one in steps["day"]],
            f"{_('Amount')} ({unit})": steps["amount"],
            f"{_('Running total')} ({unit})": steps["total"],
        }
    )


def _undated(progress: TargetProgress) -> None:
    """Projects that a time axis cannot hold."""
    found = reports.without_day(progress)
    if not found:
        return
    english = state.language() == "en"
    names = [
        "{name} ({why})".format(
            name=entry.project.name_en if english else entry.project.name_zh,
            why=gauges.worded(REASONS[entry.reason]) if entry.reason else _("counted"),
        )
        for entry in found
    ]
    words = _("Without a day of acceptance, so not on the time axis: {projects}")
    elements.show(elements.small(words.format(projects=numbers.listed(names, state.language()))))


def by_zone(progress: TargetProgress) -> Element:
    """Counted amounts of cities and of their counties; the parts add up to the whole."""
    workspace, language = cached.workspace(), state.language()
    tree = cached.regions(workspace.version, language)
    cities = reports.progress_by_zone(workspace, progress, Level.CITY)
    counties = reports.progress_by_zone(workspace, progress, Level.COUNTY)
    rows: list[list[str]] = []
    for city, amount in cities.items():
        if amount is None:
            continue
        rows.append([_zone_name(city), gauges.amount(amount, progress.target.unit)])
        for county, part in counties.items():
            if part is not None and county is not None and tree.parents.get(county) == city:
                rows.append([f"└ {tree.names[county]}", _amount(part, progress)])
    if not rows:
        return elements.small(_("No city has a counted project."))
    total = gauges.amount(progress.counted, progress.target.unit)
    nothing = [tree.names[one] for one, amount in cities.items() if amount is None and one]
    rest = _("No data: {cities}").format(cities=numbers.listed(nothing, language))
    table = elements.table([_("Zone"), _("Counted")], [*rows, [_("Together"), total]])
    return elements.tag("div", "", "", table, *([elements.small(rest)] if nothing else []))


def _amount(value: float, progress: TargetProgress) -> str:
    return gauges.amount(value, progress.target.unit)


def _zone_name(zone_id: str | None) -> str:
    names = cached.regions(cached.workspace().version, state.language()).names
    return names.get(zone_id or "", _("Elsewhere or not stated"))
