"""A change survey from its proposal to the survey that an office stands by.

`propose` stores the passport and what it says of its base, patch by patch, all pending; `decide`
accepts or rejects one change with a note; `finish` stores the patches: the base with what was
accepted. Each is one change of the register with its audit, and can be undone there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from bluecarbon_map import change
from bluecarbon_map.errors import InputError, NotFoundError
from bluecarbon_map.geodesy import STORAGE_CRS
from bluecarbon_map.store.base import Change, Receipt, Register
from bluecarbon_map.tables import (
    Decision,
    Habitats,
    Surveys,
    columns,
    typed,
    validate,
    validate_layer,
)

CHANGES: Final = "patch_changes"
_FINISHED: Final = "survey_id"
"""What a change tells of itself that finished a survey: which."""
_AFTER: Final = " · "
"""Between what a change said of itself and why it was decided as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A change survey whose patches are stored.

    Attributes:
        receipt: What the write left behind.
        patches: Patches of the survey.
        pending: Numbers of the changes that nobody decided: the base's patch stands there.
    """

    receipt: Receipt
    patches: int
    pending: tuple[int, ...]


def propose(
    register: Register,
    base_id: str,
    passport: Mapping[str, Any],
    candidate: gpd.GeoDataFrame,
    *,
    actor: str,
    source_name: str | None = None,
    source_sha256: str | None = None,
) -> Receipt:
    """Store a change survey as changes of its base that wait for a decision.

    Args:
        register: Where it goes.
        base_id: Survey it changes.
        passport: Columns of `tables.Surveys`; those left out are not stated. Mode and base survey
            are given here.
        candidate: Patches as the survey has them, contract `tables.Habitats`.
        actor: Who.
        source_name: Cleaned name of the file it came from.
        source_sha256: SHA-256 of that file.

    Raises:
        NotFoundError: If there is no such base survey.
        ContractError: If passport or patches break their contract.
        ConflictError: If there is a survey of that id already.
    """
    base = register.habitats(base_id)
    validate_layer(Habitats, candidate, STORAGE_CRS, table="candidate")
    survey = _passport(passport, base_id, source_name, source_sha256)
    validate(Surveys, survey, table="survey")
    told = survey.iloc[0]
    changes = change.diff(
        base,
        candidate,
        survey_id=told["survey_id"],
        provenance=told["provenance"],
        source=told["source"],
    )
    tables: dict[str, pd.DataFrame] = {"surveys": survey}
    if len(changes):
        tables[CHANGES] = changes
    return register.apply(
        Change(
            kind="import",
            actor=actor,
            tables=tables,
            source_name=source_name,
            source_sha256=source_sha256,
            details={"base_survey_id": base_id, "changes": len(changes)},
        )
    )


def decide(
    register: Register,
    survey_id: str,
    change_no: int,
    decision: Decision,
    note: str | None,
    actor: str,
    seen_version: int,
) -> Receipt:
    """Accept or reject one change, or take a decision back.

    Args:
        register: Where it lies.
        survey_id: Change survey.
        change_no: Which change.
        decision: What was decided.
        note: Why; asked for where a change is rejected. It comes after what the change says of
            itself.
        actor: Who decides.
        seen_version: Version of the row that the decider saw.

    Raises:
        NotFoundError: If there is no such survey or change.
        InputError: If a rejection says nothing, or the survey is finished.
        ConflictError: If somebody else decided meanwhile.
    """
    changes = changes_in(register, survey_id)
    own = changes[changes["change_no"] == change_no]
    if own.empty:
        raise NotFoundError("change", str(change_no), [str(n) for n in changes["change_no"]])
    _require_open(register, survey_id)
    why = (note or "").strip()
    if decision is Decision.REJECTED and not why:
        raise InputError(
            f"{survey_id}, change {change_no}",
            "a rejection without a reason",
            "Say in the note why the change is not accepted",
            column="note",
        )
    row = own.assign(
        decision=pd.Series(decision.value, index=own.index, dtype="str"),
        note=pd.Series(_noted(register, own.iloc[0], why), index=own.index, dtype="str"),
    )
    return register.apply(
        Change(
            kind="review",
            actor=actor,
            reason=why or None,
            tables={CHANGES: row.reset_index(drop=True)},
            seen={CHANGES: {(survey_id, str(change_no)): seen_version}},
        )
    )


def finish(
    register: Register, survey_id: str, actor: str, *, decided: Mapping[int, int] | None = None
) -> Finished:
    """Store the patches of a change survey: the base with what was accepted.

    What is pending or rejected keeps the base's patch. A survey is finished once: a later decision
    is another change survey, or an undo.

    Args:
        register: The workspace.
        survey_id: The change survey.
        actor: Who finishes it.
        decided: Version of each decision, by its number, that was looked at; None for those of now.

    Raises:
        NotFoundError: If there is no such survey, or it names no base.
        InputError: If it is finished already.
        ConflictError: If a decision was made, or the base edited, meanwhile.
    """
    base_id = _base_of(register, survey_id)
    _require_open(register, survey_id)
    # Before the rows themselves: whoever decides between the two is then noticed.
    if decided is None:
        looked = register.versions(CHANGES, survey_id=survey_id)
    else:
        looked = {(survey_id, str(number)): version for number, version in decided.items()}
    seen = {CHANGES: looked, "habitats": register.versions("habitats", survey_id=base_id)}
    changes = changes_in(register, survey_id)
    made = change.applied(register.habitats(base_id), changes, survey_id=survey_id)
    pending = changes.loc[changes["decision"] == Decision.PENDING.value, "change_no"].tolist()
    counts = {str(word): int(n) for word, n in changes["decision"].value_counts().items()}
    receipt = register.apply(
        Change(
            kind="review",
            actor=actor,
            # The decisions too, as their next versions: none can move on under what rests on them.
            tables={CHANGES: changes, "habitats": made},
            seen=seen,
            details={_FINISHED: survey_id, "decisions": counts, "pending": pending},
        )
    )
    return Finished(receipt=receipt, patches=len(made), pending=tuple(pending))


def changes_in(register: Register, survey_id: str) -> gpd.GeoDataFrame:
    """What a change survey says of its base, as it is decided now, contract `PatchChanges`.

    Raises:
        NotFoundError: If there is no such survey, or it names no base.
    """
    _base_of(register, survey_id)
    found = register.records(CHANGES)
    own = found[found["survey_id"] == survey_id].sort_values("change_no")
    return gpd.GeoDataFrame(own, geometry="geometry", crs=STORAGE_CRS).reset_index(drop=True)


def _base_of(register: Register, survey_id: str) -> str:
    surveys = register.surveys().set_index("survey_id")["base_survey_id"]
    if survey_id not in surveys.index or pd.isna(surveys[survey_id]):
        raise NotFoundError("change survey", survey_id, surveys.dropna().index.tolist())
    return str(surveys[survey_id])


def _require_open(register: Register, survey_id: str) -> None:
    changes = register.changes()
    told = changes.loc[changes["undone_by"].isna(), "details"]
    finished = any(one.get(_FINISHED) == survey_id for one in told)
    if finished or len(register.habitats(survey_id)):  # all patches may have gone
        raise InputError(
            survey_id,
            "its patches are stored already: a survey is not changed afterwards",
            "Undo that change in the history first, or bring in another change survey",
        )


def _passport(
    said: Mapping[str, Any], base_id: str, source_name: str | None, source_sha256: str | None
) -> pd.DataFrame:
    """The passport as a row of its table; a column that is no passport's is refused later."""
    row = {
        **dict.fromkeys(columns(Surveys)),
        "source_file": source_name,
        "source_sha256": source_sha256,
        **said,
        "mode": "change",
        "base_survey_id": base_id,
    }
    wanted = Surveys.to_schema().columns
    missing = [n for n in wanted if row[n] is None and not wanted[n].nullable]
    if missing:
        raise InputError(
            "passport", "it is not stated", "State it; nothing is guessed", column=missing[0]
        )
    return typed(pd.DataFrame([row]), Surveys)


def _noted(register: Register, row: pd.Series[Any], why: str) -> str | None:
    """What the change said of itself when it was proposed, then why it was decided as it is."""
    key = (str(row["survey_id"]), str(row["change_no"]))
    first = register.history(CHANGES, key)["note"].iloc[0]
    return _AFTER.join(text for text in (None if pd.isna(first) else first, why) if text) or None
