"""Where a number comes from: a tree of steps, each of which can be worked again by hand.

docs/methods/16-trace.md. A step that does not follow from its inputs cannot be made: the tree is a
proof of the number at its top, not a text about it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bluecarbon_map.errors import AccountingError

_RELATIVE: Final = 1e-9


class Rule(StrEnum):
    """How a step follows from its inputs."""

    READ = "read"
    SUM = "sum"
    PRODUCT = "product"
    DIFFERENCE = "difference"
    QUOTIENT = "quotient"
    SQUARE_ROOT = "square root"
    QUADRATURE = "square root of the sum of squares"
    NOT_BELOW_ZERO = "not below zero"


_WORK: Final[dict[Rule, Callable[[Sequence[float]], float]]] = {
    Rule.SUM: math.fsum,
    Rule.PRODUCT: math.prod,
    Rule.DIFFERENCE: lambda given: given[0] - math.fsum(given[1:]),
    Rule.QUOTIENT: lambda given: given[0] / given[1],
    Rule.SQUARE_ROOT: lambda given: math.sqrt(given[0]),
    Rule.QUADRATURE: lambda given: math.hypot(*given),
    Rule.NOT_BELOW_ZERO: lambda given: max(given[0], 0.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a number that was read stands on.

    Attributes:
        row_id: Id of the row: a coefficient, a patch, a constant.
        source: Publication or record; None where nobody named one.
        doi: DOI of the publication.
        tier: Tier of a coefficient: 1 global, 2 national, 3 provincial.
        checked: How far the value was checked, or what kind of record it is.
        note_zh: What to know about it, Chinese.
        note_en: The same in English.
    """

    row_id: str
    source: str | None = None
    doi: str | None = None
    tier: int | None = None
    checked: str | None = None
    note_zh: str | None = None
    note_en: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One number and what it follows from.

    Attributes:
        zh: What it is, Chinese.
        en: The same in English.
        value: The number; None where it is unknown.
        unit: Its unit; ``1`` where it has none.
        rule: How it follows from the inputs.
        inputs: Numbers it follows from; none where it was read.
        origin: Where it was read.
        rounding: How far rounding may have moved it from what the inputs give, in ``unit``.
    """

    zh: str
    en: str
    value: float | None
    unit: str
    rule: Rule
    inputs: tuple[Step, ...] = ()
    origin: Origin | None = None
    rounding: float = 0.0

    def __post_init__(self) -> None:
        if (self.rule is Rule.READ) != (not self.inputs):
            raise ValueError("a number is read, or follows from inputs")
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError("a number is finite, or None where it is unknown")
        if self.rule is not Rule.READ:
            self._require(worked(self.rule, self.inputs))

    def _require(self, again: float | None) -> None:
        if (again is None) != (self.value is None):
            raise AccountingError(f"{self.en}: known and unknown do not follow from each other")
        if again is None or self.value is None:
            return
        if abs(again - self.value) > self.rounding + _RELATIVE * max(abs(again), abs(self.value)):
            raise AccountingError(f"{self.en}: {self.value!r} does not follow, {again!r} does")

    @property
    def at_least(self) -> bool:
        """Whether it is a sum that some unknown part was left out of."""
        left_out = self.rule is Rule.SUM and any(one.value is None for one in self.inputs)
        return self.value is not None and (left_out or any(one.at_least for one in self.inputs))


def worked(rule: Rule, inputs: Sequence[Step]) -> float | None:
    """The number that the inputs give; None where they leave it unknown.

    A sum leaves unknown parts out and is unknown where all are; anything else is unknown as soon as
    one input is.
    """
    known = [one.value for one in inputs if one.value is not None]
    if not known or (len(known) < len(inputs) and rule is not Rule.SUM):
        return None
    return _WORK[rule](known)


def follow(
    rule: Rule, inputs: Sequence[Step], *, zh: str, en: str, unit: str, rounding: float = 0.0
) -> Step:
    """The step that the inputs give by a rule."""
    return Step(
        zh=zh, en=en, value=worked(rule, inputs), unit=unit, rule=rule,
        inputs=tuple(inputs), rounding=rounding,
    )  # fmt: skip


def read(value: float | None, unit: str, origin: Origin | None, *, zh: str, en: str) -> Step:
    """A number that was read somewhere."""
    return Step(zh=zh, en=en, value=value, unit=unit, rule=Rule.READ, origin=origin)


def leaves(step: Step) -> Iterator[Step]:
    """Every number that was read, each as often as it was used."""
    if step.rule is Rule.READ:
        yield step
    for one in step.inputs:
        yield from leaves(one)


def number(value: float | None, unit: str = "1") -> str:
    """A number with all the digits it takes to work it again, and its unit."""
    if value is None:
        return "—"
    text = f"{value:,.12g}"
    return text if unit == "1" else f"{text} {unit}"


def equation(step: Step, *, most: int = 6) -> str:
    """How the number follows, as it would be written by hand: ``a × b``.

    Args:
        step: The step.
        most: Longer sums are written as their count.
    """
    inputs = step.inputs
    if step.value is not None:  # what is unknown was left out of the sum
        inputs = tuple(one for one in inputs if one.value is not None)
    shown = [number(one.value, one.unit) for one in inputs]
    if step.rule in (Rule.SUM, Rule.QUADRATURE) and len(shown) > most:
        shown = [f"Σ ({len(shown)})"]
    signs = {
        Rule.SUM: " + ",
        Rule.PRODUCT: " × ",
        Rule.DIFFERENCE: " − ",
        Rule.QUOTIENT: " ÷ ",
    }
    if step.rule in signs:
        return signs[step.rule].join(shown)
    if step.rule is Rule.SQUARE_ROOT:
        return f"√{shown[0]}"
    if step.rule is Rule.NOT_BELOW_ZERO:
        return f"max({shown[0]}, 0)"
    if step.rule is Rule.QUADRATURE:
        return "√(" + " + ".join(f"({one})²" for one in shown) + ")"
    return ""


def text(
    step: Step, language: str, *, depth: int = 0, seen: set[Step] | None = None
) -> Iterator[str]:
    """The tree as indented lines, whole enough to be worked again with pencil and paper.

    Args:
        step: Top of the tree.
        language: ``zh`` or ``en``.
        depth: How far the first line is indented.
        seen: Steps written before: they are named, and not taken apart again.
    """
    seen = set() if seen is None else seen
    known = step in seen
    seen.add(step)
    yield f"{'  ' * depth}{line(step, language)}{_origin(step.origin, language, known=known)}"
    if known and step.inputs:
        yield f"{'  ' * (depth + 1)}{'（见上）' if language == 'zh' else '(see above)'}"
        return
    for one in step.inputs:
        yield from text(one, language, depth=depth + 1, seen=seen)


def line(step: Step, language: str) -> str:
    """One step as an equation: what it is, how much, and of what."""
    least = "≥ " if step.at_least else ""
    said = f"{step.zh if language == 'zh' else step.en}: {least}{number(step.value, step.unit)}"
    return f"{said} {sign(step)} {equation(step)}" if step.inputs else said


def sign(step: Step) -> str:
    """``=``, or ``≈`` where the number was rounded in the last digits that are written."""
    exact = step.rounding == 0.0 or number(worked(step.rule, step.inputs)) == number(step.value)
    return "=" if exact else "≈"


def _origin(origin: Origin | None, language: str, *, known: bool) -> str:
    if origin is None:
        return ""
    if known:
        return f"  [{origin.row_id}]"
    return f"  [{'; '.join([origin.row_id, *origin_words(origin, language)])}]"


_CHECKED_ZH: Final = {
    "verified": "已核对原文",
    "verified_secondary": "据引用它的文献核对",
    "derived_from_verified": "由已核对的值算得",
    "from_memory_unverified": "未核对",
    "survey": "调查",
    "published": "已发布",
    "indicative": "示意",
    "demonstration": "演示",
}
"""Chinese for how far a value was checked, and for what kind of record it is."""


def origin_words(origin: Origin, language: str, *, note: bool = True) -> list[str]:
    """Tier, source, DOI, kind of record and note of a number that was read; what there is."""
    tier = "第 {} 级" if language == "zh" else "tier {}"
    about = origin.note_zh if language == "zh" else origin.note_en
    checked = origin.checked
    if checked is not None and language == "zh":
        checked = _CHECKED_ZH.get(checked, checked)
    said = [
        tier.format(origin.tier) if origin.tier is not None else None,
        origin.source, origin.doi and f"doi {origin.doi}", checked, about if note else None,
    ]  # fmt: skip
    return [part for part in said if part]


def as_json(step: Step) -> dict[str, object]:
    """The tree as plain objects; what is unknown is None."""
    made: dict[str, object] = {
        "name_zh": step.zh,
        "name_en": step.en,
        "value": step.value,
        "unit": step.unit,
        "rule": step.rule.value,
        "at_least": step.at_least,
        "rounding": step.rounding,
    }
    if step.origin is not None:
        origin = step.origin
        made["origin"] = {name: getattr(origin, name) for name in Origin.__dataclass_fields__}
    if step.inputs:
        made["inputs"] = [as_json(one) for one in step.inputs]
    return made
