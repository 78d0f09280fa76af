"""An import of a change survey that is not taken in whole, but laid before a reviewer.

The file is inspected and planned as every other; what is stored is its passport and what it says
of its base, patch by patch, with all that the audit keeps of an import.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import geopandas as gpd
import pandas as pd

from bluecarbon_map import change
from bluecarbon_map.errors import InputError
from bluecarbon_map.gate import review
from bluecarbon_map.gate.take_in import Plan
from bluecarbon_map.store.base import Change, Receipt, Register
from bluecarbon_map.tables import PatchChange


def compared(register: Register, plan: Plan) -> gpd.GeoDataFrame:
    """What the planned survey says of the survey that its passport names as base.

    Returns:
        Contract `tables.PatchChanges`, all pending; no row where no patch differs.

    Raises:
        InputError: If the plan brings no new survey, or its passport names no base, or a base
            without patches.
        NotFoundError: If there is no such base survey.
    """
    stored = _change_of(plan)
    told = stored.tables["surveys"].iloc[0]
    base = register.habitats(_base_of(plan))
    if base.empty:
        raise InputError(
            plan.inspection.name,
            f"its base survey {told['base_survey_id']} has no patches",
            "Finish the review of that survey first, or name another base survey",
            column="base_survey_id",
        )
    return change.diff(
        base,
        gpd.GeoDataFrame(stored.tables["habitats"]),
        survey_id=told["survey_id"],
        provenance=told["provenance"],
        source=told["source"],
    )


def counted(changes: pd.DataFrame) -> dict[PatchChange, int]:
    """How many changes of each kind there are, those that there is none of too."""
    return {what: int((changes["what"] == what.value).sum()) for what in PatchChange}


def propose(register: Register, plan: Plan, *, actor: str, reason: str | None = None) -> Receipt:
    """Store a planned change survey as changes of its base that wait for a decision.

    Raises:
        InputError: If the plan brings no new survey with a base, or no patch differs from it.
        NotFoundError: If there is no such base survey.
        ConflictError: If there is a survey of that id already.
    """
    stored = _change_of(plan)
    if compared(register, plan).empty:
        raise InputError(
            plan.inspection.name,
            f"no patch differs from the base survey {_base_of(plan)}",
            "There is nothing to review; take it in as the complete new state instead",
        )
    passport = stored.tables["surveys"].iloc[0]
    known = {str(name): None if pd.isna(value) else value for name, value in passport.items()}
    return review.propose(
        cast("Register", _Whole(register, replace(stored, reason=reason))),
        _base_of(plan),
        known,
        gpd.GeoDataFrame(stored.tables["habitats"]),
        actor=actor,
        source_name=plan.inspection.name,
        source_sha256=plan.inspection.sha256,
    )


class _Whole:
    """A register whose write also takes what the import says beyond its patches, in one change."""

    def __init__(self, register: Register, planned: Change) -> None:
        self._register, self._planned = register, planned

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the register has)
        return getattr(self._register, name)

    def apply(self, made: Change) -> Receipt:
        """Store it with the extent, the reason and the gate's work."""
        planned = self._planned
        extents = {name: rows for name, rows in planned.tables.items() if name == "extents"}
        return self._register.apply(
            replace(
                made,
                reason=planned.reason,
                tables={**made.tables, **extents},
                details={**planned.details, **made.details},
            )
        )


def _change_of(plan: Plan) -> Change:
    if plan.change is None or "surveys" not in plan.change.tables:
        raise InputError(
            plan.inspection.name,
            "it brings no new survey",
            "Give a new survey id and a passport; a survey that is there is not reviewed anew",
        )
    return plan.change


def _base_of(plan: Plan) -> str:
    base = _change_of(plan).tables["surveys"]["base_survey_id"].iloc[0]
    if not isinstance(base, str) or not base:
        raise InputError(
            plan.inspection.name,
            "its passport names no base survey",
            "Name the survey that it changes",
            column="base_survey_id",
        )
    return base
