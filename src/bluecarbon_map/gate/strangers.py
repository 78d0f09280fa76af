"""What rows of a file name and the workspace does not have."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from bluecarbon_map.gate.kinds import Kind
from bluecarbon_map.gate.problems import Problem, Severity
from bluecarbon_map.store.base import Register

SHOWN: Final = 20
"""Rows that a message names one by one."""
_NAMES_A_ZONE: Final = (Kind.PROJECTS, Kind.HARVESTS, Kind.TARGETS, Kind.REGISTERS)
_COASTAL_UNITS: Final = frozenset(
    f"{code}0000" for code in (12, 13, 21, 31, 32, 33, 35, 37, 44, 45, 46)
)
"""A national plan has targets, and its list has projects, in the other coastal units too."""


def strangers(register: Register, kind: Kind, incoming: pd.DataFrame) -> list[Problem]:
    """Zones and projects that rows name and the workspace does not have."""
    if kind in _NAMES_A_ZONE:
        named, known = incoming["zone_id"], set(register.zones()["zone_id"])
        elsewhere = named.where(named.isin(_COASTAL_UNITS))
        return [
            *_strangers(named, known | _COASTAL_UNITS, "zone"),
            *_strangers(elsewhere, known, "zone", Severity.WARNING),
        ]
    if kind is Kind.TRANSACTIONS:
        known = set(register.projects()["project_id"])
        return _strangers(incoming["project_id"], known, "project", Severity.WARNING)
    return []


def _strangers(
    named: pd.Series[Any], known: set[str], what: str, severity: Severity = Severity.ERROR
) -> list[Problem]:
    strange = sorted(set(named.dropna()) - known)
    if not strange:
        return []
    said = ", ".join(strange[:SHOWN]) + (" …" if len(strange) > SHOWN else "")
    return [
        Problem(
            severity=severity,
            code=f"unknown_{what}",
            message=f"{said}: there is no such {what} in this workspace",
            fix=f"Import the {what} first, or correct the id",
            column=str(named.name),
            count=int(named.isin(strange).sum()),
        )
    ]
