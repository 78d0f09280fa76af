"""What the gate has to say about a file, in words a user can act on.

Severities: an *error* keeps the file out; a *warning* is for the user to know; *info* changes
nothing. A *repair* is a change that the gate made and the user must confirm. The verdict of a file
follows from its problems alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Severity(StrEnum):
    """How far a problem matters."""

    ERROR = "error"
    REPAIR = "repair"
    WARNING = "warning"
    INFO = "info"


class Verdict(StrEnum):
    """What the gate says of a file."""

    ACCEPT = "accept"
    WARN = "warn"
    REPAIR = "repair"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing a user should know about a file.

    Attributes:
        severity: How far it matters.
        code: Short constant name of the kind of problem, e.g. ``crs_missing``.
        message: What is wrong, for a reader; may quote the file, so it is text, never markup.
        fix: The way out; for a repair, what was done.
        row: Row it is in, counted from 1 as a reader counts; None where it concerns the whole.
        column: Column it is in, as the file calls it.
        count: How many rows it concerns.
    """

    severity: Severity
    code: str
    message: str
    fix: str
    row: int | None = None
    column: str | None = None
    count: int = 1


def verdict_of(problems: Iterable[Problem]) -> Verdict:
    """The verdict that problems amount to: the gravest decides."""
    found = {problem.severity for problem in problems}
    if Severity.ERROR in found:
        return Verdict.REJECT
    if Severity.REPAIR in found:
        return Verdict.REPAIR
    return Verdict.WARN if Severity.WARNING in found else Verdict.ACCEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What came out of the gate for one file; nothing is stored yet.

    Attributes:
        kind: What it was inspected as, `gate.kinds.Kind`.
        name: Cleaned name of the file, for display only.
        sha256: SHA-256 of the file.
        problems: What was found, gravest first.
        rows: Rows that would be stored; None where it was not read so far.
        area_before_ha: Area as the file has it, on the ellipsoid, in ha; None where there is none.
        area_after_ha: The same after the repairs, overlaps still counted in each patch.
        union_ha: Ground covered, overlaps once.
        crs: Coordinate system of the file, None where it states none.
        mapping: Column of the contract → column of the file (None: the gate supplied it).
        ignored: Columns of the file that go nowhere.
        encoding: Encoding of its text, where it has one.
        layers: Names of its layers, where it has several and only the first was read.
        sample: First rows as they would be stored, column → text, for the preview.
        table: Parquet file in the work folder with the rows as the contract wants them, EPSG:4490;
            for a raster the GeoTIFF to store; None where the file is refused.
    """

    kind: str
    name: str
    sha256: str
    problems: tuple[Problem, ...]
    rows: int | None = None
    area_before_ha: float | None = None
    area_after_ha: float | None = None
    union_ha: float | None = None
    crs: str | None = None
    mapping: Mapping[str, str | None] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    encoding: str | None = None
    layers: tuple[str, ...] = ()
    sample: tuple[Mapping[str, str], ...] = ()
    table: Path | None = None

    @property
    def verdict(self) -> Verdict:
        """What the problems amount to."""
        return verdict_of(self.problems)
