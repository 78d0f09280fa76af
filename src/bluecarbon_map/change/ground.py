"""What became of ground between two surveys: kept, changed, gained, lost, or not to be known."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd

WAY: Final = (
    "ecosystem_from", "species_from", "ecosystem_to", "species_to", "seen_from", "seen_to",
)  # fmt: skip
"""Columns of a table of ways: what ground was and is, empty text for not mapped, and whether either
survey looked at it."""


class Ground(StrEnum):
    """What became of a piece of ground."""

    KEPT = "kept"
    CHANGED = "changed"
    GAIN = "gain"
    LOSS = "loss"
    UNKNOWN = "unknown"


def became(
    ways: pd.DataFrame,
    mapped_from: Collection[str],
    mapped_to: Collection[str],
    ecosystem: str | None = None,
) -> pd.Series[str]:
    """What became of the ground of each way; empty text where the question is not about it.

    A survey that did not look at the ground, or maps the ecosystem nowhere, cannot say that there
    was none: what only the other survey has is then unknown, no gain and no loss.

    Args:
        ways: Columns `WAY`.
        mapped_from: Ecosystems that the first survey has on record anywhere.
        mapped_to: The same of the second one.
        ecosystem: Gain and loss of this one alone; None for mapped ground of any kind, where
            another class or species is *changed*; a species that a survey does not state is no
            other one.
    """
    first, second = ways["ecosystem_from"], ways["ecosystem_to"]
    if ecosystem is None:
        had, has = first != "", second != ""
        species_from, species_to = ways["species_from"], ways["species_to"]
        unstated = (species_from == "") | (species_to == "")
        same = (first == second) & (unstated | (species_from == species_to))
        told_from, told_to = second.isin(list(mapped_from)), first.isin(list(mapped_to))
    else:
        had, has = first == ecosystem, second == ecosystem
        same = pd.Series(True, index=ways.index)  # noqa: FBT003
        told_from = pd.Series(ecosystem in mapped_from, index=ways.index)
        told_to = pd.Series(ecosystem in mapped_to, index=ways.index)
    # Ground that a survey has as something else was looked at, whatever its extent says.
    looked_from = (ways["seen_from"] | (first != "")) & told_from
    looked_to = (ways["seen_to"] | (second != "")) & told_to
    found = np.select(
        [had & has & same, had & has, has & looked_from, had & looked_to, had | has],
        [Ground.KEPT, Ground.CHANGED, Ground.GAIN, Ground.LOSS, Ground.UNKNOWN],
        default="",
    )
    return pd.Series(found, index=ways.index, dtype="str")
