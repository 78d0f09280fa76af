"""The bar above the map while the tiles of a large survey are made, once for each state of it."""

from __future__ import annotations

import threading
from typing import Final

import streamlit as st

from bluecarbon_map import reports
from bluecarbon_map.errors import BluecarbonError
from bluecarbon_map.reports import tiling
from bluecarbon_map.tiles.building import CancelledError
from ui import cached, cached_tiles, editor, state
from ui.import_job import Job
from ui.words import _

_EVERY_S: Final = 1.0
_STEPS: Final = 1000

_jobs: dict[tuple[str, str], Job] = {}
"""Version of a survey and its id → the work on it, the same one for every reader."""
_door = threading.Lock()


def bar(chosen: state.Choices, *, key: str = "") -> None:
    """Have the tiles made where that is needed, and show how far it is.

    Args:
        chosen: What is looked at.
        key: Tells a second bar on the page from the first.
    """
    wanted = _wanted(chosen)
    if wanted is not None:
        _watch(*wanted, key)


def begin(survey_id: str) -> None:
    """Start on a large survey that has just been stored: nobody is to wait for map or numbers."""
    store = cached.workspace()
    own = cached_tiles.survey_version(store.version, survey_id)
    if cached_tiles.is_large(own, survey_id):
        _job(own, survey_id)
        Job(lambda _: reports.measure(store, survey_id))  # a page that shows them says what fails


def is_needed(chosen: state.Choices) -> bool:
    """Whether the patches of what is looked at cannot be drawn yet."""
    return _wanted(chosen) is not None


def _wanted(chosen: state.Choices) -> tuple[str, str] | None:
    if chosen.survey_id is None:
        return None
    own = cached_tiles.survey_version(cached.workspace().version, chosen.survey_id)
    return None if cached_tiles.ready(own, chosen.survey_id) else (own, chosen.survey_id)


@st.fragment(run_every=_EVERY_S)
def _watch(own: str, survey_id: str, key: str) -> None:
    job = _job(own, survey_id)
    year = cached.survey_year(cached.workspace().version, survey_id)
    if not job.is_done():
        told = _("Preparing the map of the survey of {year}, once: {percent}%")
        part = job.done / _STEPS
        st.progress(part, text=told.format(year=year, percent=round(100 * part)))
        if st.button(_("Stop"), key=f"stop_tiles{key}"):
            job.stop(0.0)
        return
    try:
        job.result()
    except CancelledError:
        words = _("The map of the survey of {year} is not prepared: its patches are not drawn.")
        st.info(words.format(year=year))
    except BluecarbonError as problem:
        words = _("The map of the survey of {year} could not be prepared.")
        editor.say("bad", words.format(year=year), *editor.refusal(problem))
    except OSError:
        words = _(
            "The map of the survey of {year} could not be prepared: its folder may be full or "
            "read-only."
        )
        st.warning(words.format(year=year))
    else:
        _forget(own, survey_id)
        st.rerun()
    if st.button(_("Prepare it now"), key=f"make_tiles{key}"):
        _forget(own, survey_id)
        st.rerun()


def _job(own: str, survey_id: str) -> Job:
    store = cached.workspace()

    def work(job: Job) -> object:
        return tiling.make_tiles(
            store, survey_id,
            progress=lambda part: job.tell("tiles", int(part * _STEPS), _STEPS),
            cancelled=job.is_stopped,
        )  # fmt: skip

    with _door:
        if (own, survey_id) not in _jobs:
            _jobs[own, survey_id] = Job(work)
        return _jobs[own, survey_id]


def _forget(own: str, survey_id: str) -> None:
    with _door:
        _jobs.pop((own, survey_id), None)
