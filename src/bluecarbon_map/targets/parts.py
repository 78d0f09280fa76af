"""Projects that are part of others: their ground counts once under a target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bluecarbon_map.errors import InputError
from bluecarbon_map.targets.records import Project

Wholes = Mapping[str, frozenset[str]]
"""Of each project, all that it is part of, however far up."""


def wholes_of(records: Sequence[Project]) -> dict[str, frozenset[str]]:
    """All projects that each project is part of, directly or through others.

    Raises:
        InputError: If projects are part of each other in a circle.
    """
    direct: dict[str, set[str]] = {p.project_id: set() for p in records}
    for project in records:
        if project.part_of is not None:
            direct[project.project_id].add(project.part_of)
    wholes = {project_id: _reach(project_id, direct) for project_id in direct}
    circle = sorted(one for one, above in wholes.items() if one in above)
    if circle:
        raise InputError(
            "projects",
            "the projects are part of each other in a circle",
            "Leave the cell of the widest one empty",
            rows=circle,
            column="part_of",
        )
    return wholes


def wholes_of_row(project: Project, wholes: Wholes) -> frozenset[str]:
    """What one row is part of; another row of the same project may be part of something else."""
    if project.part_of is None:
        return frozenset()
    return wholes.get(project.part_of, frozenset()) | {project.part_of}


def _reach(start: str, direct: Mapping[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(direct[start])
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting += direct.get(at, ())
    return frozenset(found)
