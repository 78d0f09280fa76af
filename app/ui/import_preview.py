"""Fourth and fifth step: what storing the file would do; storing it; the receipt.

Session keys: ``import_tick_repairs`` and ``import_tick_warnings`` confirm, ``import_reason`` says
why, ``import_undo_reason`` why it is taken back.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from xml.etree.ElementTree import Element

import pandas as pd
import streamlit as st

from bluecarbon_map.ecosystems import ECOSYSTEMS
from bluecarbon_map.errors import BluecarbonError, InputError
from bluecarbon_map.gate.consequences import NOT_IN_FILE
from bluecarbon_map.gate.kinds import Kind
from bluecarbon_map.gate.problems import Severity, Verdict
from bluecarbon_map.gate.proposing import propose
from bluecarbon_map.gate.raster_passports import raster_passport
from bluecarbon_map.gate.take_in import (
    Plan,
    commit,
)
from bluecarbon_map.store.base import Receipt
from bluecarbon_map.tables import Provenance
from ui import (
    cached,
    editing,
    editor,
    elements,
    gate_codes,
    gate_words,
    history_words,
    import_map,
    import_plan,
    import_raster,
    import_review,
    import_state,
    import_words,
    naming,
    numbers,
    state,
    tile_making,
)
from ui.import_job import Job
from ui.import_plan import Compared
from ui.import_state import Draft
from ui.library_words import spoken
from ui.words import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What came of storing.

    Attributes:
        receipt: What it left behind.
        copied: Where the embedded workspace was copied to; None where it was not.
    """

    receipt: Receipt
    copied: str | None


def start() -> None:
    """Hold the rows against the workspace, beside the page."""
    draft = import_state.draft()
    if draft is None or draft.inspection is None:
        return
    actor = draft.actor

    def compare(job: Job) -> Compared:
        job.tell("comparing")
        return import_plan.compare(draft, actor)

    import_state.run(draft, compare)


def take(draft: Draft, found: Any) -> None:  # noqa: ANN401
    """Keep what came of comparing or storing."""
    if isinstance(found, Compared):
        draft.plan, draft.changes = found.plan, found.changes
    elif isinstance(found, Stored):
        draft.receipt, draft.copied = found.receipt, found.copied
        shutil.rmtree(draft.folder, ignore_errors=True)
        if draft.kind is Kind.HABITATS and draft.survey and not import_review.wanted(draft):
            tile_making.begin(draft.survey.survey_id)


# --- the preview ---------------------------------------------------------------------------------


def show(draft: Draft) -> None:
    """Counts, areas, repairs, rows and a map; then what must be confirmed, and the button."""
    plan = draft.plan
    if plan is None:
        return
    _verdict(plan)
    if draft.changes is not None:
        import_review.preview(draft.changes)
    elements.show(elements.tag("div", "", "pair", _counts(plan), _areas(plan, draft)))
    gate_words.problem_table(gate_words.as_maps(plan.problems), key="import_plan_problems")
    import_map.show(plan.inspection)
    _sample(plan.inspection.sample)
    elements.show(elements.tag("div", "", "pair", _mapping(plan), _survey(draft)))
    if plan.change is not None and import_review.is_something(draft):
        _confirm(plan)
    with st.container(horizontal=True, key="import_back"):
        st.button(_("Back to the check"), key="import_to_check", on_click=_back)
        st.button(_("Cancel the import"), key="import_cancel", on_click=import_state.leave)


def _back() -> None:
    draft = import_state.draft()
    if draft is not None:
        draft.plan = draft.changes = None


def _verdict(plan: Plan) -> None:
    if plan.change is None and plan.verdict is not Verdict.REJECT:
        editor.say(
            "good",
            _("Every row of this file is stored already, to the last value."),
            _("There is nothing to do."),
        )
        return
    if plan.verdict is Verdict.REJECT:
        editor.say(
            "bad",
            _("The file does not fit this workspace yet."),
            _("Mend what is marked “error”, or import what it refers to first."),
        )
        return
    editor.say("warn", _("Nothing is stored yet. Look at what the file would change."))


def _counts(plan: Plan) -> Element:
    found = plan.difference
    pairs = [(_("File"), plan.inspection.name)]
    if found is not None:
        pairs += [
            (_("New rows"), f"{len(found.new):,}"),
            (_("Rows that replace stored ones"), f"{len(found.changed):,}"),
            (_("Rows stored already"), f"{found.same:,}"),
        ]
    return elements.card(_("What would be stored"), elements.facts(pairs))


def _areas(plan: Plan, draft: Draft) -> Element:
    found, language = plan.inspection, state.language()
    pairs = gate_words.area_pairs(
        {name: getattr(found, name) for name in ("area_before_ha", "area_after_ha", "union_ha")}
    )
    if draft.kind is Kind.HABITATS:
        for name, area in (
            (_("Ground of the survey now"), plan.before_ha),
            (_("Ground of the survey afterwards"), plan.after_ha),
        ):
            known = area is not None
            said = numbers.joined(numbers.area(area, language)) if known else _("none so far")
            pairs.append((name, said))
    if not pairs:
        pairs = [(_("Area"), numbers.no_data(language))]
    return elements.card(_("Areas before and after"), elements.facts(pairs))


def _sample(rows: tuple[Mapping[str, str], ...]) -> None:
    if not rows:
        return
    title = _("The first rows as they would be stored")
    elements.show(elements.tag("h2", title, "part"))
    table = pd.DataFrame([_named(row) for row in rows])
    st.dataframe(table, hide_index=True, height="content", key="import_sample")


def _named(row: Mapping[str, str]) -> dict[str, str]:
    """A row of the sample in the words of the page; texts of the file stay as they are."""
    words = {
        "ecosystem": {key: naming.ecosystem_name(key) for key in ECOSYSTEMS},
        "provenance": {str(kind): naming.provenance_name(kind) for kind in Provenance},
    }
    return {
        gate_words.column(name): words.get(name, {}).get(value, value)
        for name, value in row.items()
    }


def _mapping(plan: Plan) -> Element:
    found = plan.inspection
    pairs = gate_words.mapped(found.mapping, found.ignored)
    return elements.card(_("Columns"), elements.facts(pairs))


def _survey(draft: Draft) -> Element:
    survey = draft.survey
    if draft.raster is not None and draft.inspection is not None:
        return import_raster.card(raster_passport(draft.inspection, draft.raster))
    if survey is None:
        return elements.card(_("Where it goes"), elements.small(_kind_name(draft)))
    titles = cached.survey_titles(cached.workspace().version, state.language())
    if survey.said is None:
        text = titles.get(survey.survey_id, survey.survey_id)
        return elements.card(_("Survey"), elements.small(text))
    said = survey.said
    extent = import_words.extents()[survey.extent]
    if survey.zone_id:
        names = cached.regions(cached.workspace().version, state.language()).names
        extent += f": {names.get(survey.zone_id, survey.zone_id)}"
    language = state.language()
    pairs = [
        (_("Title"), str(said[f"title_{language}"])),
        (_("Short id"), survey.survey_id),
        (_("Mode"), import_words.modes()[said["mode"]]),
        (_("Means"), import_words.means()[said["means"]]),
        (_("Year it stands for"), str(said["year"])),
        (_("Method"), str(said["method"])),
        (_("Kind of record"), naming.provenance_name(said["provenance"])),
        (_("Source"), str(said["source"])),
        (_("Ground that was really surveyed"), extent),
    ]
    return elements.card(_("Passport of the new survey"), elements.facts(pairs))


def _kind_name(draft: Draft) -> str:
    return import_words.kinds()[draft.kind][0]


def _of(plan: Plan, severity: Severity) -> int:
    return sum(one.severity is severity for one in plan.problems)


def _confirm(plan: Plan) -> None:
    repairs, warnings = _of(plan, Severity.REPAIR), _of(plan, Severity.WARNING)
    needed = []
    with st.container(border=True, key="import_confirm"):
        if repairs:
            words = _("I have seen the {n} repairs listed above, and they are right.")
            needed.append(st.checkbox(words.format(n=repairs), key="import_tick_repairs"))
        if warnings:
            words = _("I have read the {n} warnings listed above.")
            needed.append(st.checkbox(words.format(n=warnings), key="import_tick_warnings"))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(_("Reason"), key="import_reason", placeholder=_("may stay empty"))
            st.button(
                _("Store"),
                key="import_store",
                type="primary",
                disabled=not all(needed),
                on_click=store,
            )
        if not all(needed):
            elements.show(elements.small(_("Tick what you have read, then store.")))


def store() -> None:
    """Store what the preview shows, in one transaction; refused where its rows moved on."""
    draft = import_state.draft()
    if draft is None or draft.plan is None:
        return
    actor, reason = draft.actor, str(st.session_state.get("import_reason", "")).strip() or None

    def write(job: Job) -> Stored:
        job.tell("storing")
        job.seal()  # what is stored is told: a receipt, and the way back
        register, copied = editing.register()
        plan = _with(draft, actor, reason)
        if import_review.wanted(draft):
            receipt = propose(register, plan, actor=actor, reason=reason)
        else:
            receipt = commit(register, plan)
        return Stored(receipt=receipt, copied=copied)

    import_state.run(draft, write)


def _with(draft: Draft, actor: str, reason: str | None) -> Plan:
    """The very plan of the preview, with the reason that was given after it."""
    plan = draft.plan
    if plan is None or plan.change is None:
        raise InputError(draft.name, "there is nothing to store", "Look at the preview again")
    return replace(plan, change=replace(plan.change, actor=actor, reason=reason))


# --- the receipt ---------------------------------------------------------------------------------


def done(draft: Draft) -> None:
    """What was stored, where to look at it, and the way back."""
    receipt = draft.receipt
    if receipt is None:
        return
    head = _("Stored as change {number}.").format(number=receipt.change_id)
    editor.say("good", head, draft.copied or "")
    pairs = [
        (_("File"), draft.inspection.name if draft.inspection else draft.name),
        (_("Stored at"), editor.moment(receipt.at)),
        (_("Who"), draft.actor),
        *(
            (history_words.table(name), _("{n} rows").format(n=f"{rows:,}"))
            for name, rows in receipt.rows.items()
        ),
    ]
    reviewed = import_review.wanted(draft)
    if draft.plan is not None and draft.plan.after_ha is not None and not reviewed:
        area = numbers.joined(numbers.area(draft.plan.after_ha, state.language()))
        pairs.append((_("Ground of the survey afterwards"), area))
    pairs += _left_alone(draft)
    elements.show(elements.card(_("Receipt"), elements.facts(pairs), _ways(draft)))
    with st.container(horizontal=True, vertical_alignment="bottom", key="import_after"):
        st.button(_("Import another file"), key="import_next", on_click=import_state.leave)
        st.text_input(_("Reason"), key="import_undo_reason", placeholder=_("why it is taken back"))
        st.button(_("Undo this import"), key="import_undo", on_click=undo)


def _left_alone(draft: Draft) -> list[tuple[str, str]]:
    """Patches of the survey that the file does not hold, and the way to be rid of them."""
    said = () if draft.plan is None else draft.plan.problems
    return [
        (gate_codes.codes()[NOT_IN_FILE], f"{spoken(one.message)} · {spoken(one.fix)}")
        for one in said
        if one.code == NOT_IN_FILE
    ]


def _ways(draft: Draft) -> Element:
    changes = {} if draft.survey is None else {state.SURVEY: draft.survey.survey_id}
    query = state.address(**changes)
    ways = [elements.link(_("History"), "history", state.address())]
    if import_review.wanted(draft):
        ways.insert(0, import_review.way(query))
    elif draft.kind in (Kind.HABITATS, Kind.RASTER):
        ways.insert(0, elements.link(_("Look at it on the map"), "distribution", query))
        ways.insert(1, elements.link(_("Zone by zone"), "zone", query))
    if draft.kind is Kind.PROJECTS:
        ways.insert(0, elements.link(_("Edit a project"), "projects", state.address()))
    return elements.tag("div", "", "ways", *ways)


def undo() -> None:
    """Take the import back."""
    draft, register = import_state.draft(), editing.opened()
    if draft is None or draft.receipt is None or register is None:
        return
    number = draft.receipt.change_id
    reason = str(st.session_state.get("import_undo_reason", "")).strip() or None
    try:
        made = register.undo(number, actor=draft.actor, reason=reason)
    except BluecarbonError as refused:
        import_state.said("bad", _("Nothing was undone."), *editor.refusal(refused))
        return
    import_state.leave()
    words = _("Change {old} is taken back by change {new}.")
    import_state.said("good", words.format(old=number, new=made.change_id))
