"""Areas of a survey, measured once and kept by the workspace.

A kept result holds as long as nothing it was made of has changed; the store knows that
(`store.base.Workspace.kept`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Kind = tuple[str, str | None]
"""Ecosystem, and dominant species or None."""

FORMAT: Final = 1
"""Of the written form and of the way of measuring: a result of another number is made anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Areas of habitats in zones, each hectare counted once.

    Attributes:
        zone_ids: Zones measured, and last `tables.OUTSIDE`.
        kinds: Kinds of habitat.
        steps: Area, shape (zones, kinds), in whole `STEPS_PER_HA`-ths of a hectare.
        demonstration_steps: Part of it that is demonstration data.
        overlap_ha: Ground that patches claimed more than once, in ha.
        warnings: What the reader of a result should know.
    """

    zone_ids: tuple[str, ...]
    kinds: tuple[Kind, ...]
    steps: NDArray[np.int64]
    demonstration_steps: NDArray[np.int64]
    overlap_ha: float
    warnings: tuple[str, ...] = ()


def name_of(survey_id: str, *, demonstration: bool) -> str:
    """Name that the areas of a survey are kept under."""
    counted = "all" if demonstration else "without-demonstration"
    return f"measured-{FORMAT}/{counted}/{survey_id}"


def made_of(survey_id: str) -> tuple[str, ...]:
    """What the areas of a survey come from, in the store's words."""
    return (f"habitats/{survey_id}", "zones")


def written(areas: Measured) -> bytes:
    """As JSON; areas are whole numbers of steps, so that nothing is rounded."""
    return json.dumps(
        {
            "zone_ids": areas.zone_ids,
            "kinds": areas.kinds,
            "steps": areas.steps.tolist(),
            "demonstration_steps": areas.demonstration_steps.tolist(),
            "overlap_ha": areas.overlap_ha,
            "warnings": areas.warnings,
        },
        ensure_ascii=False,
    ).encode()


def read(content: bytes) -> Measured:
    """What `written` wrote."""
    said = json.loads(content)
    return Measured(
        zone_ids=tuple(said["zone_ids"]),
        kinds=tuple((ecosystem, species) for ecosystem, species in said["kinds"]),
        steps=np.array(said["steps"], dtype=np.int64),
        demonstration_steps=np.array(said["demonstration_steps"], dtype=np.int64),
        overlap_ha=said["overlap_ha"],
        warnings=tuple(said["warnings"]),
    )
