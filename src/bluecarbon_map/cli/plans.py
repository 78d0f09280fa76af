"""What an import would do, and did, as the command line tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bluecarbon_map.cli.gate import inspection_json, inspection_text

if TYPE_CHECKING:
    from bluecarbon_map.gate.take_in import Plan
    from bluecarbon_map.store.base import Receipt

_SHOWN = 12
"""Rows of the file that the preview prints."""


def preview_text(plan: Plan) -> str:
    """What storing a file would do, for a reader."""
    from dataclasses import replace

    lines = [inspection_text(replace(plan.inspection, problems=plan.problems))]
    inspection = plan.inspection
    if inspection.mapping:
        told = [f"{ours} ← {theirs}" for ours, theirs in inspection.mapping.items() if theirs]
        without = [ours for ours, theirs in inspection.mapping.items() if theirs is None]
        lines.append("columns: " + "; ".join(told))
        if without:
            lines.append("not in the file: " + ", ".join(without))
    if inspection.ignored:
        lines.append("columns not used: " + ", ".join(inspection.ignored))
    lines += _areas(plan)
    for row in inspection.sample[:_SHOWN]:
        lines.append("  " + " | ".join(f"{name}={value}" for name, value in row.items() if value))
    if plan.difference is not None:
        found = plan.difference
        lines.append(
            f"rows: {len(found.new):,} new, {len(found.changed):,} changed, {found.same:,} the same"
        )
    return "\n".join(lines)


def _areas(plan: Plan) -> list[str]:
    inspection = plan.inspection
    lines = []
    before, after = inspection.area_before_ha, inspection.area_after_ha
    if before is not None and after is not None:
        lines.append(f"area of the file: {before:,.4f} ha, after repairs {after:,.4f} ha")
    if plan.after_ha is not None:
        stood = "nothing" if plan.before_ha is None else f"{plan.before_ha:,.4f} ha"
        lines.append(f"ground of the survey: {stood} before, {plan.after_ha:,.4f} ha after")
    return lines


def plan_json(plan: Plan, receipt: Receipt | None) -> dict[str, object]:
    """One object: the inspection, what it means here, and the receipt; null where none."""
    from dataclasses import replace

    found = plan.difference
    return inspection_json(replace(plan.inspection, problems=plan.problems)) | {
        "new": None if found is None else len(found.new),
        "changed": None if found is None else len(found.changed),
        "same": None if found is None else found.same,
        "survey_before_ha": plan.before_ha,
        "survey_after_ha": plan.after_ha,
        "stored": None
        if receipt is None
        else {"change_id": receipt.change_id, "at": receipt.at, "rows": dict(receipt.rows)},
    }
