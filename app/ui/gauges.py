"""Gauges of restoration targets: stages as a bar, the target as a line, the state in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element

from bluecarbon_map.tables import STAGES
from bluecarbon_map.targets import (
    REASONS,
    RULES,
    STATE_NAMES,
    Reason,
    State,
    Target,
    TargetProgress,
    Words,
)
from ui import elements, naming, numbers, state
from ui.words import _

_LOOKS: Final = {
    State.MET: "good",
    State.ON_TRACK: "good",
    State.BEHIND: "bad",
    State.MISSED: "bad",
    State.UNKNOWN: "",
}
_DRAWN: Final = ("planned", "started", "completed")
"""Stages under the counted amount, widest meaning first."""


def worded(words: Words) -> str:
    """A sentence in the language of the session."""
    return words.zh if state.language() == "zh" else words.en


def name(progress: TargetProgress) -> str:
    """Name of a target in the language of the session."""
    target = progress.target
    return target.name_zh if state.language() == "zh" else target.name_en


def unit_name(unit: str) -> str:
    """``ha`` or ``km`` in words."""
    return _("ha") if unit == "ha" else _("km")


def amount(value: float | None, unit: str) -> str:
    """An amount of a target with its unit, or the words for none."""
    language = state.language()
    if value is None:
        return numbers.no_data(language)
    digits = 1 if unit == "ha" else 2
    return numbers.joined((numbers.plain(value, digits, language), unit_name(unit)))


def card(progress: TargetProgress, *, demonstration: bool, explained: bool = False) -> Element:
    """A target's card: counted of promised, bar, state, and what was left out.

    Args:
        progress: The target.
        demonstration: Whether demonstration projects are drawn, dotted, beside what counts.
        explained: Whether to print the rule of the state and the words of the source.
    """
    target = progress.target
    children = [_hero(progress), bar(progress, demonstration=demonstration)]
    children += [elements.small(text) for text in _sentences(progress, demonstration)]
    if explained:
        children += [
            elements.small(naming.headed(_("Rule"), worded(RULES[progress.state]))),
            *(elements.small(naming.headed(_("Clause"), f"“{text}”")) for text in _clauses(target)),
            elements.small(naming.headed(_("Source"), target.source)),
        ]
    return elements.card(
        name(progress),
        *children,
        badge=worded(STATE_NAMES[progress.state]),
        badge_look=_LOOKS[progress.state],
    )


def _clauses(target: Target) -> list[str]:
    """The words of the source, and in English their translation first."""
    quoted = [target.clause_zh] if target.clause_zh else []
    translated = [target.clause_en] if target.clause_en and state.language() == "en" else []
    return [*translated, *quoted]


def _hero(progress: TargetProgress) -> Element:
    target, language = progress.target, state.language()
    digits = 1 if target.unit == "ha" else 2
    counted = numbers.plain(progress.counted, digits, language)
    if progress.state is State.UNKNOWN and progress.counted is not None:
        counted = _("at least {amount}").format(amount=counted)
    return elements.big_number((counted, _("of {promised}").format(promised=promised(target))))


def promised(target: Target) -> str:
    """What a target asks for, with its sign and unit: ≥ 2,000 公顷."""
    sign = "≥" if target.operator == ">=" else ">"
    digits = 0 if target.value == round(target.value) else 2
    return (
        f"{sign} {numbers.plain(target.value, digits, state.language())} {unit_name(target.unit)}"
    )


def bar(progress: TargetProgress, *, demonstration: bool) -> Element:
    """The stages as one bar, from 0 to a little beyond the target."""
    full = _full_scale(progress, demonstration=demonstration)
    made = elements.tag("div", "", "gauge", role="img", **{"aria-label": _spoken(progress)})
    for stage in _DRAWN:
        _segment(made, stage, 0.0, progress.stages[stage], full)
    _segment(made, "counted", 0.0, progress.counted, full)
    if demonstration:
        start = progress.counted or 0.0
        _segment(made, "demo", start, progress.demonstration_stages["accepted"], full)
    _mark(made, "target-line", progress.target.value, full)
    if progress.pace is not None:
        _mark(made, "pace-tick", progress.pace, full)
    return made


def _full_scale(progress: TargetProgress, *, demonstration: bool) -> float:
    reached = [amount or 0.0 for amount in progress.stages.values()]
    if demonstration:
        reached.append(
            (progress.counted or 0.0) + (progress.demonstration_stages["accepted"] or 0.0)
        )
    return 1.06 * max(progress.target.value, *reached)


def _segment(into: Element, look: str, start: float, width: float | None, full: float) -> None:
    if width:
        place = f"left:{100 * start / full:.2f}%;width:{100 * width / full:.2f}%"
        into.append(elements.tag("span", "", f"gauge-{look}", style=place))


def _mark(into: Element, look: str, at: float, full: float) -> None:
    into.append(elements.tag("span", "", look, style=f"left:{100 * at / full:.2f}%"))


def _spoken(progress: TargetProgress) -> str:
    """The bar for a reader who hears it."""
    target = progress.target
    return _("{counted} of {promised} counted; {state}").format(
        counted=amount(progress.counted, target.unit),
        promised=amount(target.value, target.unit),
        state=worded(STATE_NAMES[progress.state]),
    )


def _sentences(progress: TargetProgress, demonstration: bool) -> list[str]:  # noqa: FBT001
    target = progress.target
    over = _(" (over)") if progress.pace is None else ""
    first = [_("Deadline {day}").format(day=numbers.day(target.deadline, state.language())) + over]
    if progress.counted is not None and progress.counted < target.value:
        rest = amount(target.value - progress.counted, target.unit)
        share = numbers.plain(100 * (progress.fraction or 0.0), 1, state.language())
        words = _("{share} % of the target; {rest} to go by what is on record")
        first.append(words.format(share=share, rest=rest))
    if progress.counted is None:
        first.append(_("No accepted amount is on record, so nothing can be counted"))
    said = [" · ".join(first)]
    if progress.counted_unstated > 0:
        words = _("{amount} of it: the source does not state the ecosystem")
        said.append(words.format(amount=amount(progress.counted_unstated, target.unit)))
    left_out = _left_out(progress)
    if left_out:
        said.append(_("Left out: {reasons}").format(reasons=left_out))
    shown = progress.demonstration_stages["accepted"]
    if demonstration and shown:
        words = _("Dotted: {amount} of demonstration projects, never counted")
        said.append(words.format(amount=amount(shown, target.unit)))
    return said


def _left_out(progress: TargetProgress) -> str:
    """How many entries were left out for each reason; demonstration has a line of its own."""
    counts = Counter(
        entry.reason
        for entry in progress.excluded
        if entry.reason and entry.reason is not Reason.DEMONSTRATION
    )
    separator = "、" if state.language() == "zh" else ", "
    return separator.join(f"{worded(REASONS[reason])} {n}" for reason, n in counts.items())


def stage_names() -> Mapping[str, str]:
    """What each stage is called."""
    names = (_("Planned"), _("Started"), _("Completed"), _("Accepted"), _("Surviving"))
    return dict(zip(STAGES, names, strict=True))


def key() -> Element:
    """What the parts of a bar mean."""
    parts = (
        ("gauge-planned", _("Planned")),
        ("gauge-started", _("Started")),
        ("gauge-completed", _("Completed")),
        ("gauge-counted", _("Accepted and counted")),
        ("gauge-demo", _("Demonstration")),
    )
    made = elements.tag("div", "", "gauge-key")
    for look, text in parts:
        sample = elements.tag("i", "", look)
        made.append(elements.tag("span", "", "", sample, elements.tag("em", text)))
    return made
