"""What a workspace says of itself: its names, what it opens with, its review number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bluecarbon_map.errors import InputError, NotFoundError
from bluecarbon_map.factors import set_titles
from bluecarbon_map.store.base import Change, Receipt, Register, WorkspaceInfo, info_of
from bluecarbon_map.store.places import passport_row

LONGEST: Final = 200
"""Most letters of a name or a number."""
MAY_BE_EMPTY: Final = frozenset({"default_survey_id", "default_plan_id", "map_review_number"})
CHANGEABLE: Final = (
    "name_zh", "name_en", "default_survey_id", "default_plan_id", "factor_set",
    "map_review_number",
)  # fmt: skip
"""Fields of `WorkspaceInfo` that may be said anew; its id and its zone are what it is."""


def described(register: Register) -> tuple[WorkspaceInfo, int]:
    """What somebody wrote of a workspace, and the version of that.

    A survey or plan that nobody named is None here; `Register.info` names the usual one then.
    """
    rows = register.records("workspace")
    if rows.empty:
        return register.info, 0
    said = info_of(rows)
    return said, register.versions("workspace")[(said.workspace_id,)]


def describe(
    register: Register,
    said: Mapping[str, str | None],
    *,
    seen: int,
    actor: str,
    reason: str | None = None,
) -> Receipt:
    """Store what a workspace says of itself.

    Args:
        register: The workspace.
        said: Some of `CHANGEABLE` by name; None or an empty text for none.
        seen: Version that was looked at, from `described`.
        actor: Who does it.
        reason: Why, for the history.

    Raises:
        InputError: If a name is empty, a text is too long, or nothing would change.
        NotFoundError: If there is no such survey, plan or set of coefficients.
        ConflictError: If somebody described it in between.
    """
    before, _version = described(register)
    wanted = {name: (text or "").strip() or None for name, text in said.items()}
    _require_known(register, wanted)
    after = replace(before, **wanted)  # type: ignore[arg-type]
    if after == before:
        fix = "Change something, or leave it as it is"
        raise InputError(before.workspace_id, "it says all that already", fix)
    change = Change(
        kind="edit", actor=actor, reason=reason, tables={"workspace": passport_row(after)},
        seen={"workspace": {(before.workspace_id,): seen}},
    )  # fmt: skip
    return register.apply(change)


def _require_known(register: Register, wanted: Mapping[str, str | None]) -> None:
    for name, text in wanted.items():
        if name not in CHANGEABLE:
            fix = f"Change one of {', '.join(CHANGEABLE)}"
            raise InputError(name, "it cannot be changed", fix)
        if text is None and name not in MAY_BE_EMPTY:
            raise InputError(name, "it is empty", "Write something, or leave it as it was")
        if text is not None and len(text) > LONGEST:
            fix = f"Write at most {LONGEST} letters"
            raise InputError(name, f"it has {len(text)} letters", fix)
    known = {
        "default_survey_id": ("survey", register.surveys()["survey_id"].tolist()),
        "default_plan_id": ("plan", list(dict.fromkeys(register.targets()["plan_id"]))),
        "factor_set": ("factor set", list(set_titles())),
    }
    for name, (kind, there) in known.items():
        text = wanted.get(name)
        if text is not None and text not in there:
            raise NotFoundError(kind, text, there)
