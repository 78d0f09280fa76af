"""The import of a session: from the file that was chosen to the receipt. Nothing of it is shared.

Session keys: ``import_draft`` holds it; ``import_said`` is what happened last; all other keys that
begin with ``import_`` are fields of the steps. A new session, also after a reload, has none of
them and begins at the first step. The file lies in a private folder that goes with the draft.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import streamlit as st

from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.problems import Inspection, Severity
from bluecarbon_map.gate.take_in import Plan
from bluecarbon_map.store.base import Receipt
from bluecarbon_map.tables import PatchChange
from ui.import_job import Job
from ui.outlines import Outlines

_DRAFT: Final = "import_draft"
_SAID: Final = "import_said"
_ROUND: Final = "import_round"
_COLUMN_CODES: Final = frozenset(
    {"column_missing", "column_ambiguous", "mapping_missing", "mapping_unknown", "position_columns"}
)
_KINDS: Final = (str, int, float, date)


class Step(StrEnum):
    """Where an import is."""

    FILE = "file"
    COLUMNS = "columns"
    CHECK = "check"
    PREVIEW = "preview"
    DONE = "done"


class ExtentKind(StrEnum):
    """How the ground that a survey really looked at is stated."""

    NONE = "none"
    ZONE = "zone"
    HULL = "hull"
    OUTLINE = "outline"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyChoice:
    """The survey that habitats go to.

    Attributes:
        survey_id: Its id.
        said: Columns of its passport; None where it is there already.
        extent: How the ground it looked at is stated.
        zone_id: Zone whose ground that is; None for the other ways.
        reviewed: Whether its changes are laid before a reviewer; else it is taken in whole.
    """

    survey_id: str
    said: Mapping[str, Any] | None
    extent: ExtentKind = ExtentKind.NONE
    zone_id: str | None = None
    reviewed: bool = False


@dataclass(kw_only=True, eq=False)
class Draft:
    """One import.

    Attributes:
        folder: Private folder; removed with the draft.
        name: Name the file came under; for display only.
        actor: Who imports it.
        options: What was said of the file.
        survey: The survey that habitats go to; None for other kinds.
        raster: What was said of a raster; None for other kinds.
        outline_name: Name of the file with the surveyed outline; None without one.
        job: What runs now; None where nothing does.
        inspection: What the gate found; None before.
        earlier: What it found before the datum was converted; None where it was not.
        plan: What storing it would do; None before the preview.
        changes: How many changes of each kind a reviewer would have; None where nobody reviews.
        receipt: What storing it left behind; None before.
        copied: Where the embedded workspace was copied to; None where it was not.
        filled: Fields of the first step, for another file of the same kind.
        drawn: Outlines of an accepted table, thinned for the map, by its path.
    """

    folder: Path
    name: str
    actor: str
    options: Options
    survey: SurveyChoice | None = None
    raster: Mapping[str, Any] | None = None
    outline_name: str | None = None
    job: Job | None = None
    inspection: Inspection | None = None
    earlier: Inspection | None = None
    plan: Plan | None = None
    changes: Mapping[PatchChange, int] | None = None
    receipt: Receipt | None = None
    copied: str | None = None
    filled: dict[str, Any] = field(default_factory=dict)
    drawn: dict[Path, Outlines] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """Where the file lies; its own name is never part of a path."""
        return self.folder / "upload"

    @property
    def outline(self) -> Path:
        """Where the file with the surveyed outline lies."""
        return self.folder / "outline"

    @property
    def kind(self) -> Kind:
        """What the file holds."""
        return self.options.kind

    @property
    def step(self) -> Step:
        """Where it is."""
        if self.receipt is not None:
            return Step.DONE
        if self.plan is not None:
            return Step.PREVIEW
        if self.inspection is not None and asks_columns(self.inspection):
            return Step.COLUMNS
        return Step.CHECK


def asks_columns(inspection: Inspection) -> bool:
    """Whether a column of the file has to be named first."""
    return any(
        one.severity == Severity.ERROR and one.code in _COLUMN_CODES for one in inspection.problems
    )


def draft() -> Draft | None:
    """The import of this session; None before a file was chosen."""
    found = st.session_state.get(_DRAFT)
    return found if isinstance(found, Draft) else None


def begin(
    name: str,
    content: bytes | memoryview,
    actor: str,
    options: Options,
    survey: SurveyChoice | None = None,
    outline: tuple[str, bytes | memoryview] | None = None,
    raster: Mapping[str, Any] | None = None,
) -> Draft:
    """Keep a file in a folder of its own, that no other user of this machine can read."""
    filled = _fields()
    leave()
    folder = Path(tempfile.mkdtemp(prefix="bluecarbon-import-"))
    made = Draft(
        folder=folder, name=name, actor=actor, options=options, survey=survey, raster=raster,
        filled=filled,
    )  # fmt: skip
    weakref.finalize(made, shutil.rmtree, folder, ignore_errors=True)
    made.file.write_bytes(content)
    if outline is not None:
        made.outline_name = outline[0]
        made.outline.write_bytes(outline[1])
    st.session_state[_DRAFT] = made
    return made


def leave() -> None:
    """Stop what runs, remove the files, and begin anew; nothing stays behind."""
    left = draft()
    if left is not None:
        if left.job is not None:
            left.job.stop()
        shutil.rmtree(left.folder, ignore_errors=True)
    for key in [*_fields(), _DRAFT, _SAID]:
        st.session_state.pop(key, None)
    st.session_state[_ROUND] = file_round() + 1


def cancel() -> None:
    """Stop the work and begin anew; what is being stored is carried to its end and told."""
    left = draft()
    if left is not None and left.job is not None:
        if not left.job.stop():
            return
        left.job = None  # it was waited for already
    another_file()


def another_file() -> None:
    """Begin anew with everything that was filled in at the first step."""
    left = draft()
    filled = {} if left is None else left.filled
    leave()
    for key, value in filled.items():
        st.session_state[key] = value


def _fields() -> dict[str, Any]:
    """Fields of the steps; files and buttons have no value that could be put back."""
    return {
        key: value
        for key, value in ((str(key), value) for key, value in st.session_state.items())
        if key.startswith("import_") and isinstance(value, _KINDS) and not isinstance(value, bool)
    }


def file_round() -> int:
    """How many imports were begun: a new one must not find the file of the last."""
    return int(st.session_state.get(_ROUND, 0))


def said(kind: str, *lines: str) -> None:
    """Keep what happened, to be shown in the next run."""
    st.session_state[_SAID] = (kind, lines)


def last_said() -> tuple[str, tuple[str, ...]] | None:
    """What happened last; it stands there until something else is done."""
    found = st.session_state.get(_SAID)
    return found if isinstance(found, tuple) else None


def run(draft: Draft, work: Callable[[Job], Any]) -> None:
    """Do something beside the page; what happened before is no longer said."""
    st.session_state.pop(_SAID, None)
    draft.job = Job(work)
