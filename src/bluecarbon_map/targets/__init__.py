"""Restoration targets: what was promised, what counts, what was left out and why."""

from bluecarbon_map.targets.judgement import Entry
from bluecarbon_map.targets.progress import (
    PlanProgress,
    TargetProgress,
    assess,
    counted_by_zone,
    lies_in,
)
from bluecarbon_map.targets.records import (
    Project,
    Target,
    day_of,
    last_day_of,
    read_projects,
    targets_in_force,
)
from bluecarbon_map.targets.rules import REASONS, RULES, STATE_NAMES, Reason, State, Words

__all__ = [
    "REASONS",
    "RULES",
    "STATE_NAMES",
    "Entry",
    "PlanProgress",
    "Project",
    "Reason",
    "State",
    "Target",
    "TargetProgress",
    "Words",
    "assess",
    "counted_by_zone",
    "day_of",
    "last_day_of",
    "lies_in",
    "read_projects",
    "targets_in_force",
]
