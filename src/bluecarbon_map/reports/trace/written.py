"""A traced number as sentences, as a text to work again, and as plain objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bluecarbon_map.accounting.trace import (
    Rule,
    Step,
    as_json,
    leaves,
    number,
    origin_words,
    text,
)
from bluecarbon_map.accounting.uncertainty import MIXED
from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.factors import IntervalKind
from bluecarbon_map.reports.trace.build import Traced
from bluecarbon_map.tables import Provenance

_ROUNDING: Final = {
    "zh": "取整：面积按最细分区取到 1 cm²，碳取到 1 g，再相加；先换算后取整，显示时才舍入。",
    "en": "Rounding: in each of the finest zones areas to 1 cm² and carbon to 1 g, then added up; "
    "converted first, rounded last.",
}
_DEMONSTRATION: Final = {
    "zh": "含演示图斑 {n} 个，不得作为正式数引用。",
    "en": "Holds {n} demonstration patches: no official figure.",
}
_NOT_ADDED: Final = {
    "zh": "储量与年埋藏量是两本账，不相加；都不是可交易量。",
    "en": "Stock and burial a year are two ledgers that are never added; neither is a credit.",
}


def sentences(traced: Traced, language: str) -> list[str]:
    """What the numbers are and rest on, a sentence a line, as it can be handed on.

    Args:
        traced: From `trace`.
        language: ``zh`` or ``en``.
    """
    return [
        _head(traced, language),
        *(_product(part, language) for part in _products(traced.stock)),
        *([] if traced.stock.value is None else [_co2e(traced, language)]),
        *([] if traced.stock_low.value is None else [_interval(traced, language)]),
        _area(traced, language),
        *_outside(traced, language),
        *_demonstration(traced, language),
        _ROUNDING[language],
        _NOT_ADDED[language],
    ]


def _head(traced: Traced, language: str) -> str:
    least = "≥ " if traced.stock.at_least else ""
    kind = ECOSYSTEMS[traced.ecosystem] if traced.ecosystem else None
    stock, area = _rounded(traced.stock), _rounded(traced.area)
    if language == "zh":
        what = kind.name_zh if kind else "全部生态系统"
        set_name = traced.factor_set.title_zh
        held = (
            f"储量 {least}{stock}" if traced.stock.value is not None else "储量：无数据（没有系数）"
        )
        return (
            f"{traced.zone_zh}，{traced.year} 年，{what}：{held}；面积 {area}；系数集“{set_name}”。"
        )
    what = kind.name_en if kind else "all ecosystems"
    held = f"stock {least}{stock}" if traced.stock.value is not None else "stock: no coefficient"
    set_name = traced.factor_set.title_en
    return (
        f"{traced.zone_en}, {traced.year}, {what}: {held}; area {area}; coefficients “{set_name}”."
    )


def _rounded(step: Step) -> str:
    """As the other pages show it; the lines below have every digit."""
    return "" if step.value is None else f"{step.value:,.1f} {step.unit}"


def _amount(step: Step) -> str:
    return number(step.value, step.unit)


def _products(stock: Step) -> Iterator[Step]:
    """Each area × density; a part without a coefficient as it is."""
    for part in stock.inputs:
        yield from part.inputs if part.rule is Rule.SUM else (part,)


def _product(held: Step, language: str) -> str:
    chinese = language == "zh"
    name = held.zh if chinese else held.en
    if not held.inputs:
        return f"{name}。" if chinese else f"{name}."
    area, density = held.inputs
    origin = next(one.origin for one in leaves(density) if one.origin is not None)
    worked = f"{_amount(area)} × {_amount(density)} = {_amount(held)}"
    from_where = "; ".join([origin.row_id, *origin_words(origin, language, note=False)])
    if chinese:
        return f"{name} = {worked}（{density.zh}；{from_where}）。"
    return f"{name} = {worked} ({density.en}; {from_where})."


def _co2e(traced: Traced, language: str) -> str:
    stop = "。" if language == "zh" else "."
    return f"{_amount(traced.stock)} × 44/12 = {_amount(traced.co2e)}{stop}"


def _interval(traced: Traced, language: str) -> str:
    low, high = number(traced.stock_low.value), _amount(traced.stock_high)
    kinds = kind_words(traced.summary.totals.interval_kind or "", language)
    if language == "zh":
        return f"区间 {low}–{high}（{kinds}）：同一系数的距离相加，不同系数按平方和开方合成。"
    return (
        f"Interval {low} to {high} ({kinds}): distances of one coefficient add, those of several "
        "in quadrature."
    )


def kind_words(words: str, language: str) -> str:
    """What the ends are, in words; several kinds together have no confidence level.

    Args:
        words: As a summary has it; empty where it is unknown.
        language: ``zh`` or ``en``.
    """
    kinds = words.removeprefix(MIXED).split("; ")
    named = [IntervalKind(k).name_zh if language == "zh" else k for k in kinds if k]
    if len(named) < 2:
        return "".join(named)
    if language == "zh":
        return f"{'、'.join(named)}混合，无统一置信水平"
    return f"{', '.join(named)} mixed, without a confidence level"


def _area(traced: Traced, language: str) -> str:
    patches = traced.ground["habitat_id"].nunique()
    cover = "1 patch covers" if patches == 1 else f"{patches} patches cover"
    if language == "zh":
        return f"面积是 {patches} 个图斑落在该区的部分之和（CGCS2000 椭球面，每公顷只计一次）。"
    return f"The area is what {cover} in the zone, on the CGCS2000 ellipsoid, each hectare once."


def _outside(traced: Traced, language: str) -> Iterator[str]:
    if traced.outside_ha > 0:
        area = number(traced.outside_ha, "ha")
        if language == "zh":
            yield f"其中 {area} 不在任何分区之内。"
        else:
            yield f"{area} of it lie in no zone."


def _demonstration(traced: Traced, language: str) -> Iterator[str]:
    ground = traced.ground
    invented = ground.loc[ground["provenance"] == Provenance.DEMONSTRATION, "habitat_id"].nunique()
    if invented:
        yield _DEMONSTRATION[language].format(n=invented)


def trace_text(traced: Traced, language: str) -> str:
    """Sentences, then every tree down to patches and publications, to be worked again."""
    lines, seen = sentences(traced, language), set[Step]()
    for step in traced.steps().values():
        lines += ["", *text(step, language, seen=seen)]
    return "\n".join(lines) + "\n"


def trace_json(traced: Traced, *, demonstration: bool | None = None) -> dict[str, object]:
    """The same as plain objects; what is unknown is None.

    Args:
        traced: From `trace`.
        demonstration: Whether demonstration patches were let in when it was traced.
    """
    return {
        "zone_id": traced.zone_id,
        "outside_ha": traced.outside_ha,
        "zone_name_zh": traced.zone_zh,
        "zone_name_en": traced.zone_en,
        "survey_id": traced.survey_id,
        "year": traced.year,
        "ecosystem": traced.ecosystem,
        "factor_set": traced.factor_set.set_id,
        "demonstration": demonstration,
        "contains_demonstration": traced.summary.totals.demonstration_ha > 0,
        "sentences_zh": sentences(traced, "zh"),
        "sentences_en": sentences(traced, "en"),
        "results": {name: as_json(step) for name, step in traced.steps().items()},
    }
