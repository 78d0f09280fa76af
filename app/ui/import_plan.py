"""What storing a file would do to the workspace, worked out beside the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import shapely

from bluecarbon_map.errors import InputError
from bluecarbon_map.gate import extents
from bluecarbon_map.gate.inspect import check_file
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.problems import Verdict
from bluecarbon_map.gate.proposing import compared, counted
from bluecarbon_map.gate.raster_passports import raster_passport
from bluecarbon_map.gate.region import region_of
from bluecarbon_map.gate.take_in import Plan, describe_raster, passport, prepare, rows_of
from bluecarbon_map.gate.unwritten import Unwritten
from bluecarbon_map.store.base import Register
from bluecarbon_map.tables import Level, PatchChange
from ui import cached, editing, import_review
from ui.import_state import Draft, ExtentKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came of comparing with the workspace.

    Attributes:
        plan: What storing would do.
        changes: How many changes of each kind a reviewer would have; None where nobody reviews.
    """

    plan: Plan
    changes: Mapping[PatchChange, int] | None


def compare(draft: Draft, actor: str) -> Compared:
    """Hold the rows of a file against the workspace; nothing is stored."""
    register = _reads()
    plan = _planned(draft, register, actor)
    if not import_review.wanted(draft) or plan.change is None:
        return Compared(plan=plan, changes=None)
    return Compared(plan=plan, changes=counted(compared(register, plan)))


def _reads() -> Register:
    """The workspace as `prepare` reads it; a folder of files is not copied for a look."""
    opened = editing.opened()
    return opened if opened is not None else cast("Register", Unwritten(cached.workspace()))


def _planned(draft: Draft, register: Register, actor: str) -> Plan:
    found = draft.inspection
    if found is None:
        raise InputError(draft.name, "it was not checked", "Check it first")
    said = None if draft.survey is None else draft.survey.said
    if draft.raster is not None:
        describe_raster(found, raster_passport(found, draft.raster))
    return prepare(
        register,
        found,
        draft.options,
        actor=actor,
        survey=None if said is None else passport(found, said),
        extent=_extent(draft, register),
    )


def _extent(draft: Draft, register: Register) -> shapely.Geometry | None:
    """Ground that the survey looked at, as it was stated."""
    survey, found = draft.survey, draft.inspection
    if survey is None or found is None or survey.extent is ExtentKind.NONE:
        return None
    if survey.extent is ExtentKind.ZONE:
        return extents.ground_of(register.zones(), str(survey.zone_id))
    if survey.extent is ExtentKind.HULL:
        return extents.hull_of(rows_of(found))
    drawn = check_file(
        draft.outline,
        draft.outline_name or "",
        Options(kind=Kind.ZONES, level=Level.OTHER, provenance="survey"),
        region_of(cached.workspace()),
        work=draft.folder,
    )
    if drawn.verdict is Verdict.REJECT:
        worst = drawn.problems[0]
        raise InputError(drawn.name, worst.message, worst.fix, column=worst.column)
    return extents.outline_of(rows_of(drawn))
