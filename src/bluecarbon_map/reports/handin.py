"""What a result looks like when it leaves: an export bundle, or one JSON object."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

import geopandas as gpd
import pandas as pd

from bluecarbon_map.export import Bundle
from bluecarbon_map.reports.notes import DEMONSTRATION
from bluecarbon_map.reports.summary import ZoneSummary
from bluecarbon_map.reports.used import factors_json, sources
from bluecarbon_map.tables import Parts, Pools, Summary, dictionary, validate
from bluecarbon_map.targets import (
    REASONS,
    RULES,
    STATE_NAMES,
    Entry,
    PlanProgress,
    TargetProgress,
    Words,
)

METHOD = (
    ("area", "面积", "公顷；CGCS2000 椭球面积，在等积投影平面内切割并量算，重叠处每公顷只计一次",
     "ha on the CGCS2000 ellipsoid; cut and measured in one equal-area plane, each hectare once"),
    ("stock", "储量", "t C；面积 × 所列系数；无系数的面积为未知，不按零计",
     "t C; area × the coefficient named; area without a coefficient is unknown, not zero"),
    ("interval", "区间", "同一系数线性相加，不同的按平方和开方；mixed 只作参考，没有置信水平",
     "linear within a coefficient, else in quadrature; mixed: indicative, no confidence level"),
    ("CO2e", "二氧化碳当量", "t C × 44/12", "t C × 44/12"),
    ("sequestration", "固碳速率", "每年埋藏的碳，t C/年；与储量、碳信用分开记账，互不相加",
     "carbon buried a year, t C/yr; stock, flux and credit are three ledgers that are never added"),
    ("demonstration_ha", "演示面积", "演示数据的面积，为展示功能虚构，不得作为正式数引用",
     "area of demonstration data, invented to show the map: not an official figure"),
)  # fmt: skip
"""What each column means, for the sheet that goes with a table."""


def check(summary: ZoneSummary) -> None:
    """Hold a summary against its contracts before it leaves.

    Raises:
        ContractError: If a table breaks its contract: a defect of ours.
    """
    for contract, table in (
        (Summary, summary.rows),
        (Parts, summary.parts),
        (Pools, summary.pools),
    ):
        if len(table):
            validate(contract, table)


def bundle(
    summary: ZoneSummary, zones: gpd.GeoDataFrame | None, *, name: str, notes: Iterable[str] = ()
) -> Bundle:
    """A summary ready to be written.

    Args:
        summary: What is on screen.
        zones: ``zone_id`` and outline in EPSG:4490, for the spatial formats.
        name: Short ASCII name for files and layers.
        notes: What the export must say of itself, as `notes` gives it; that it holds demonstration
            data and what the summary warns of is added here.
    """
    check(summary)
    lines = (
        *notes,
        *([DEMONSTRATION] if summary.totals.demonstration_ha > 0 else []),
        *summary.warnings,
    )
    said = pd.DataFrame(METHOD, columns=["item", "项目", "说明", "explanation"])
    extra = pd.DataFrame({"item": "note", "项目": "说明", "说明": lines, "explanation": ""})
    return Bundle(
        name=name,
        rows=summary.rows,
        dictionary=dictionary(Summary),
        details={
            "by_species": summary.parts,
            "by_pool": summary.pools,
            "totals": pd.DataFrame([asdict(summary.totals)]),
            "sources": sources(summary.factor_set, summary.parts),
            "method": pd.concat([said, extra], ignore_index=True),
        },
        zones=zones,
        notes=lines,
    )


def summary_json(summary: ZoneSummary) -> dict[str, object]:
    """A summary by the command line's contract; an unknown number is None."""
    check(summary)
    totals = asdict(summary.totals)
    apart = {name: totals.pop(name) for name in ("overlap_ha", "outside_ha", "unvalued_ha")}
    return {
        "rows": _records(summary.rows),
        "totals": totals,
        **apart,
        "contains_demonstration": summary.totals.demonstration_ha > 0,
        "factor_set": summary.factor_set.set_id,
        "factors": factors_json(summary.factor_set, summary.parts),
        "warnings": list(summary.warnings),
    }


def progress_json(plan: PlanProgress) -> dict[str, object]:
    """A plan's progress by the command line's contract; an unknown number is None."""
    return {
        "as_of": plan.as_of.isoformat(),
        "plan": plan.plan_id,
        "plan_title": {"zh": plan.plan_zh, "en": plan.plan_en},
        "targets": [_target_json(target) for target in plan.targets],
    }


def progress_text(plan: PlanProgress, language: str) -> str:
    """A plan's progress as lines to read; ``language`` is ``zh`` or ``en``."""
    title = plan.plan_en if language == "en" else plan.plan_zh
    lines = [f"{title}  ({plan.as_of.isoformat()})"]
    for progress in plan.targets:
        lines += _target_lines(progress, language)
    return "\n".join(lines)


def _target_lines(progress: TargetProgress, language: str) -> list[str]:
    target, unit, english = progress.target, progress.target.unit, language == "en"

    def chosen(words: Words) -> str:
        return words.en if english else words.zh

    def amount(value: float | None) -> str:
        return ("no data" if english else "无数据") if value is None else f"{value:,.2f} {unit}"

    head = f"{target.name_en if english else target.name_zh}: {amount(progress.counted)}"
    state = f"{chosen(STATE_NAMES[progress.state])} – {chosen(RULES[progress.state])}"
    lines = ["", f"{head} / {target.operator} {amount(target.value)}", f"  {state}"]
    if progress.counted_unstated > 0:
        unstated = amount(progress.counted_unstated)
        lines.append(
            f"  Of this, {unstated} without a stated ecosystem: the exclusion cannot be checked"
            if english
            else f"  其中 {unstated} 来源未注明生态系统，无法核对除外条款"
        )
    for entry in (*progress.entries, *progress.excluded):
        mark = "–" if entry.reason else "+"
        name = entry.project.name_en if english else entry.project.name_zh
        why = f": {chosen(REASONS[entry.reason])}" if entry.reason else ""
        lines.append(f"  {mark} {name} {amount(entry.amount)}{why}")
    return lines


def _target_json(progress: TargetProgress) -> dict[str, object]:
    target, rule = progress.target, RULES[progress.state]
    return {
        "target_id": target.target_id,
        "name": {"zh": target.name_zh, "en": target.name_en},
        "zone_id": target.zone_id,
        "indicator": target.indicator,
        "unit": target.unit,
        "operator": target.operator,
        "value": target.value,
        "deadline": target.deadline.isoformat(),
        "excludes": target.excludes,
        "clause": {"zh": target.clause_zh, "en": target.clause_en},
        "source": target.source,
        "counted": _rounded(progress.counted),
        "fraction": _rounded(progress.fraction, 6),
        "counted_demonstration": _rounded(progress.counted_demonstration),
        "counted_ecosystem_unstated": _rounded(progress.counted_unstated),
        "state": progress.state.value,
        "rule": {"zh": rule.zh, "en": rule.en},
        "stages": {stage: _rounded(amount) for stage, amount in progress.stages.items()},
        "stage_projects": {
            stage: {"known": known, "projects": projects}
            for stage, (known, projects) in progress.stage_counts.items()
        },
        "counted_projects": [
            {**_project_json(entry), "source": entry.project.source} for entry in progress.entries
        ],
        "excluded": [_excluded_json(entry) for entry in progress.excluded],
    }


def _project_json(entry: Entry) -> dict[str, object]:
    project = entry.project
    return {
        "project_id": project.project_id,
        "name": {"zh": project.name_zh, "en": project.name_en},
        "zone_id": project.zone_id,
        "amount": _rounded(entry.amount),
        "provenance": project.provenance,
    }


def _excluded_json(entry: Entry) -> dict[str, object]:
    if entry.reason is None:
        raise ValueError(f"project {entry.project.project_id} counts: it is not left out")
    words = REASONS[entry.reason]
    return {
        **_project_json(entry),
        "reason": entry.reason.value,
        "reason_text": {"zh": words.zh, "en": words.en},
    }


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    whole = table.assign(tier=table["tier"].astype("Int64")) if "tier" in table else table
    plain = whole.astype(object).where(whole.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]
