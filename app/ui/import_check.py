"""Second and third step: the gate looks at the file; what it found, and what it has to ask."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from typing import Final, Literal
from xml.etree.ElementTree import Element

import streamlit as st

from bluecarbon_map.errors import BluecarbonError
from bluecarbon_map.gate.inspect import check_file
from bluecarbon_map.gate.kinds import Options
from bluecarbon_map.gate.parsed import Region
from bluecarbon_map.gate.problems import Inspection, Verdict
from bluecarbon_map.gate.region import region_of
from bluecarbon_map.gate.sandbox import Nursery
from ui import (
    cached,
    editor,
    elements,
    gate_words,
    import_preview,
    import_questions,
    import_state,
    import_words,
)
from ui.import_job import Job
from ui.import_state import Draft
from ui.words import _

_AT_ONCE_S: Final = 0.4
"""So long a page waits before it shows a progress bar."""
_LOOK_S: Final = 0.7
"""How often it looks again."""


def start(draft: Draft) -> None:
    """Have the gate look at the file, beside the page."""
    store, file, name, options = cached.workspace(), draft.file, draft.name, draft.options
    work = draft.folder

    def look(job: Job) -> Inspection:
        region = region_of(store)
        return _checked(job, file, name, options, region, work)

    draft.inspection, draft.plan = None, None
    import_state.run(draft, look)


def _checked(
    job: Job, file: Path, name: str, options: Options, region: Region, work: Path
) -> Inspection:
    return check_file(
        file,
        name,
        options,
        region,
        work=work,
        nursery=nursery("import"),
        progress=job.tell,
        cancel=job.is_stopped,
    )


@cache
def nursery(purpose: str) -> Nursery:  # noqa: ARG001 (a large file of one holds up no other)
    """The process that forks the gate's children, kept for the next file; ends with the server."""
    made = Nursery()
    atexit.register(made.close)
    return made


def settle(draft: Draft) -> None:
    """Keep what came of the work, once it has ended."""
    job = draft.job
    if job is not None and job.is_done(_AT_ONCE_S):
        draft.job = None
        cached.look_anew()  # it may have written
        _take(draft, job)


def progress() -> None:
    """How far the work is, with a button to stop it as long as nothing is being stored."""
    _watch()
    draft = import_state.draft()
    if draft is not None and draft.job is not None and draft.job.is_sealed():
        words = _("It is being stored, and can be taken back afterwards.")
        elements.show(elements.small(words))
    else:
        st.button(_("Cancel"), key="import_stop", on_click=import_state.cancel)


@st.fragment(run_every=_LOOK_S)
def _watch() -> None:
    draft = import_state.draft()
    job = None if draft is None else draft.job
    if job is None or job.is_done():
        st.rerun(scope="app")
    share = job.done / job.whole if job.whole else 0.0
    words = import_words.phases()
    st.progress(min(share, 1.0), text=words.get(job.phase, words[""]))


def _take(draft: Draft, job: Job) -> None:
    """Keep what came of the work."""
    try:
        found = job.result()
    except BluecarbonError as problem:
        import_state.said("bad", _("That did not work. Nothing was stored."), *refused(problem))
        return
    if isinstance(found, Inspection):
        draft.inspection = found
    else:
        import_preview.take(draft, found)


def refused(problem: BluecarbonError) -> list[str]:
    """Lines that tell of an error."""
    return editor.refusal(problem)


def show(draft: Draft) -> None:
    """Verdict, questions, problems, and the way on."""
    found = draft.inspection
    if found is None:
        _begin_anew()
        return
    look, head, then = gate_words.verdict(found.verdict)
    editor.say(look, f"{found.name}: {head}", then)
    if import_questions.show(draft, found):
        st.button(_("Check again"), key="import_again", on_click=again, type=_weight(found))
    gate_words.problem_table(gate_words.as_maps(found.problems), key="import_problems")
    elements.show(elements.tag("div", "", "pair", _read(found), _columns(found)))
    with st.container(key="import_go", horizontal=True):
        if found.verdict is not Verdict.REJECT:
            st.button(
                _("Preview"), key="import_preview", type="primary", on_click=import_preview.start
            )
        _begin_anew()


def _weight(found: Inspection) -> Literal["primary", "secondary"]:
    """One primary button a step: that of the way on."""
    return "primary" if found.verdict is Verdict.REJECT else "secondary"


def _begin_anew() -> None:
    st.button(_("Choose another file"), key="import_other", on_click=import_state.another_file)


def again() -> None:
    """Check with the answers."""
    draft = import_state.draft()
    if draft is None:
        return
    options = import_questions.answered(draft)
    if options.datum and not draft.options.datum:
        draft.earlier = draft.inspection
    elif not options.datum:
        draft.earlier = None
    draft.options = options
    start(draft)


def _read(found: Inspection) -> Element:
    facts = {
        name: getattr(found, name)
        for name in ("crs", "encoding", "area_before_ha", "area_after_ha", "union_ha")
    }
    pairs = [] if found.rows is None else [(_("Rows"), f"{found.rows:,}")]
    pairs += gate_words.area_pairs(facts)
    pairs.append(("SHA-256", found.sha256))
    return elements.card(_("What the gate read"), elements.facts(pairs))


def _columns(found: Inspection) -> Element:
    """Which column of the file fills which of ours."""
    pairs = gate_words.mapped(found.mapping, found.ignored)
    if not pairs:
        return elements.card(_("Columns"), elements.small(_("They were not read so far.")))
    return elements.card(_("Columns"), elements.facts(pairs))
