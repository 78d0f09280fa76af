"""How a coefficient and the two ends of its interval came about, from the row it was read in."""

from __future__ import annotations

import math
from typing import Final

from bluecarbon_map.accounting.trace import Origin, Rule, Step, follow, read
from bluecarbon_map.factors import DEPTH_UNSTATED, Factor, Interval, IntervalKind, factor
from bluecarbon_map.factors.intervals import student_t_975
from bluecarbon_map.units import t_ha_from_g_m2

_G_M2: Final = "g C/m2/yr"

_POOLS_ZH: Final = {
    "ecosystem": "植被和土壤合计",
    "soil": "土壤",
    "biomass": "生物量",
    "aboveground_biomass": "地上生物量",
    "belowground_biomass": "地下生物量",
    "litter": "凋落物",
    "deadwood": "枯死木",
    "dead_roots": "死根",
    "unstated": "未写明",
}


def pool_zh(words: str) -> str:
    """A carbon pool with its depth in Chinese: 土壤 0-100 cm."""
    first, _space, rest = words.partition(" ")
    rest = "（深度未写明）" if rest == DEPTH_UNSTATED else rest
    return f"{_POOLS_ZH.get(first, first)} {rest}".strip()


def origin_of(factor_id: str, source: str | None, tier: int | None) -> Origin:
    """What a coefficient stands on; a user's own has only its row and what the file says."""
    row = published(factor_id)
    return Origin(
        row_id=factor_id,
        source=source,
        doi=row.doi if row else None,
        tier=tier,
        checked=row.confidence if row else None,
        note_zh=row.note if row else None,
        note_en=row.note if row else None,
    )


def published(factor_id: str) -> Factor | None:
    """The row of ``data/factors``; None for a coefficient of a user or a workspace."""
    return None if factor_id.startswith(("user:", "own:")) else factor(factor_id)


def middle(
    value: float,
    unit: str,
    factor_id: str,
    source: str | None,
    tier: int | None,
    *,
    zh: str,
    en: str,
) -> Step:
    """A coefficient in t C/ha or t C/ha/yr, from the unit it was published in."""
    origin, row = origin_of(factor_id, source, tier), published(factor_id)
    if row is None or row.unit != _G_M2 or not _is_published(row, value):
        return read(value, unit, origin, zh=zh, en=en)
    grams = read(row.value, "g C/m²/yr", origin, zh=f"{zh}（原文）", en=f"{en} (as published)")
    return follow(Rule.PRODUCT, [grams, _per_g_m2()], zh=zh, en=en, unit=unit)


def _is_published(row: Factor, value: float) -> bool:
    """Whether the value is the row's own; a value that is tried is not."""
    return row.value is not None and math.isclose(t_ha_from_g_m2(row.value), value, rel_tol=1e-9)


def _per_g_m2() -> Step:
    said = {"zh": "1 g/m² 合每公顷吨数", "en": "t/ha in 1 g/m²"}
    return read(t_ha_from_g_m2(1.0), "t/ha per g/m²", None, **said)


def distance(step: Step, interval: Interval | None, *, upper: bool, factor_id: str) -> Step:
    """How far one end lies from a coefficient, in its unit; unknown where it has no interval."""
    zh, en = ("到上端的距离", "distance to the upper end") if upper else (
        "到下端的距离", "distance to the lower end")  # fmt: skip
    if interval is None:
        return read(None, step.unit, None, zh=f"{zh}（未公布区间）", en=f"{en} (no interval)")
    half = _half_width(step, interval, factor_id)
    if half is None:
        end = read(
            interval.high if upper else interval.low, step.unit, None,
            zh=f"{'上' if upper else '下'}端（{interval.kind.name_zh}）",
            en=f"{'upper' if upper else 'lower'} end ({interval.kind.value})",
        )  # fmt: skip
        order = [end, step] if upper else [step, end]
        return follow(Rule.DIFFERENCE, order, zh=zh, en=en, unit=step.unit)
    if upper or not interval.clipped:
        return half
    low = follow(Rule.DIFFERENCE, [step, half], zh="下端", en="lower end", unit=step.unit)
    kept = follow(
        Rule.NOT_BELOW_ZERO, [low], zh="下端，不小于 0", en="lower end, not below 0", unit=step.unit
    )
    return follow(Rule.DIFFERENCE, [step, kept], zh=zh, en=en, unit=step.unit)


def _half_width(step: Step, interval: Interval, factor_id: str) -> Step | None:
    """The half-width where it was worked out here; None where both ends were published."""
    if interval.kind is IntervalKind.BORROWED_SD and interval.borrowed_from is not None:
        return _borrowed(step, interval.borrowed_from)
    row = published(factor_id)
    if interval.kind is not IntervalKind.CI95_OF_MEAN or row is None or row.n is None:
        return None
    n = int(row.n)
    origin = origin_of(factor_id, row.source, row.tier)
    quantile = read(
        student_t_975(n - 1), "1", None,
        zh=f"t 分布 0.975 分位数，自由度 {n - 1}",
        en=f"quantile 0.975 of Student's t, {n - 1} degrees of freedom",
    )  # fmt: skip
    spread = _in_unit(row, row.sd, step.unit, origin, "标准差 SD", "standard deviation")
    root = follow(
        Rule.SQUARE_ROOT, [read(float(n), "1", origin, zh="站点数 n", en="sites n")],
        zh="√n", en="√n", unit="1",
    )  # fmt: skip
    error = follow(
        Rule.QUOTIENT, [spread, root], zh="均值的标准误", en="standard error of the mean",
        unit=step.unit,
    )  # fmt: skip
    return follow(
        Rule.PRODUCT, [quantile, error], zh="均值的 95% 置信区间半宽",
        en="half-width of the 95% interval of the mean", unit=step.unit,
    )  # fmt: skip


def _in_unit(row: Factor, value: float | None, unit: str, origin: Origin, zh: str, en: str) -> Step:
    if row.unit != _G_M2:
        return read(value, unit, origin, zh=zh, en=en)
    grams = read(value, "g C/m²/yr", origin, zh=zh, en=en)
    return follow(Rule.PRODUCT, [grams, _per_g_m2()], zh=zh, en=en, unit=unit)


def _borrowed(step: Step, lender_id: str) -> Step:
    lender = factor(lender_id)
    origin = origin_of(lender_id, lender.source, lender.tier)
    unit = lender.unit or "1"
    spread = read(lender.sd, unit, origin, zh="出借者的标准差", en="the lender's SD")
    mean = read(lender.value, unit, origin, zh="出借者的均值", en="the lender's mean")
    share = follow(
        Rule.QUOTIENT, [spread, mean], zh="借用的变异系数", en="relative SD, borrowed", unit="1"
    )
    return follow(
        Rule.PRODUCT, [step, share], zh="±1 个借用的标准差", en="one borrowed SD to each side",
        unit=step.unit,
    )  # fmt: skip
