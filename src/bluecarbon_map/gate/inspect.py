"""The gate's door: one file in, one inspection out. Nothing of the file is parsed here."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bluecarbon_map.gate import magic, wire
from bluecarbon_map.gate.kinds import Kind, Options
from bluecarbon_map.gate.magic import Format
from bluecarbon_map.gate.parsed import Region
from bluecarbon_map.gate.problems import Inspection, Problem, Severity
from bluecarbon_map.gate.sandbox import DEFAULT_LIMITS, MB, Ending, Limits, Nursery, Progress

_BLOCK: Final = 1 << 20
_UNPACKED: Final = 8
"""How much larger imagery is than its zip, for the time that its pixels take."""
_STORED: Final = frozenset({"table.parquet", "raster.tif", "raster.parquet"})
"""Files of a job that outlive it."""


def check_file(
    path: Path,
    name: str,
    options: Options,
    region: Region | None,
    *,
    work: Path,
    limits: Limits = DEFAULT_LIMITS,
    budget_s: float | None = None,
    nursery: Nursery | None = None,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Inspection:
    """Inspect a file; whatever is wrong with it is a problem of the inspection, never an error.

    Args:
        path: The file.
        name: Name it came under; only ever shown.
        options: What the user says of it.
        region: Where the workspace lies; None leaves checks of place out.
        work: Folder that is there; the accepted table stays in it, under ``Inspection.table``.
        limits: What a small file may use; it grows with the size (`Limits.grown`).
        budget_s: Seconds the user grants in place of the rule.
        nursery: Process to fork the child from; None starts one for this file alone.
        progress: Told now and then how far it is.
        cancel: Asked now and then whether to stop.
    """
    shown = magic.clean_name(name)
    job = Path(tempfile.mkdtemp(prefix="check-", dir=work))
    own = nursery or Nursery()
    answer: dict[str, Any] = {}
    digest = ""
    try:
        allowed = limits.grown(path.stat().st_size, budget_s)
        digest, head = _taken_in(path, job / "input", allowed.file_bytes)
        found = _fitting(head, options.kind)
        if found is Format.ZIP and options.kind is Kind.RASTER:
            allowed = _with_time(allowed, limits.grown(_UNPACKED * path.stat().st_size, budget_s))
        if options.source is None:
            options = replace(options, source=shown)
        wire.write_request(job, found, options, region)
        ending = own.run(job, allowed, progress, cancel)
        answer = _answer(job, ending, allowed)
    except _ToldError as told:
        answer = {"problems": (told.problem,)}
    except OSError as problem:
        answer = {"problems": (_unreadable(problem),)}
    finally:
        if nursery is None:
            own.close()
        _tidy(job, answer.get("table"))
    return Inspection(kind=options.kind.value, name=shown, sha256=digest, **answer)


def _with_time(allowed: Limits, longer: Limits) -> Limits:
    """The same limits with the time of others."""
    return replace(allowed, wall_s=longer.wall_s, cpu_s=longer.cpu_s)


class _ToldError(Exception):
    """A problem that ends an inspection before the child is asked."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


def _taken_in(path: Path, to: Path, most: int) -> tuple[str, bytes]:
    """Copy a file into the job, so that nothing lies beside it and it cannot change any more.

    Returns:
        Its SHA-256 and its first bytes.
    """
    digest, head, size = hashlib.sha256(), b"", 0
    with path.open("rb") as source, to.open("wb") as copy:
        while block := source.read(_BLOCK):
            head = head or block[: magic.HEAD]
            size += len(block)
            if size > most:
                raise _ToldError(_too_large(most))
            digest.update(block)
            copy.write(block)
    return digest.hexdigest(), head


def _fitting(head: bytes, kind: Kind) -> Format:
    """Format of a file that can hold the kind."""
    found = magic.format_of(head)
    if isinstance(found, Problem):
        raise _ToldError(found)
    if (unfit := magic.unfit(found, kind)) is not None:
        raise _ToldError(unfit)
    return found


def _answer(job: Path, ending: Ending, limits: Limits) -> dict[str, Any]:
    if ending is not Ending.DONE:
        return {"problems": (_ended(ending, limits),)}
    try:
        return wire.read_answer(job)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {"problems": (_ended(Ending.CRASHED, limits),)}


def _ended(ending: Ending, limits: Limits) -> Problem:
    message, fix = {
        Ending.TIME: (
            f"reading it takes more than {limits.cpu_s} s of work or {limits.wall_s:.0f} s in all",
            "Give it more time (--time-budget), or split it into smaller files",
        ),
        Ending.MEMORY: (
            f"reading it takes more than {limits.memory_bytes / 2**30:.1f} GiB of memory",
            "Split it into smaller files, or store it as a GeoPackage",
        ),
        Ending.CANCELLED: ("the check was cancelled", "Start it again when you want it"),
        Ending.NOT_STARTED: (
            "the check could not be started on this machine",
            "Try again; if it stays so, tell whoever looks after the server",
        ),
    }.get(
        ending,
        (
            "the file is damaged in a way that its reader does not survive",
            "Export it again, or in another format",
        ),
    )
    return Problem(severity=Severity.ERROR, code=f"check_{ending}", message=message, fix=fix)


def _too_large(most: int) -> Problem:
    return Problem(
        severity=Severity.ERROR,
        code="too_large",
        message=f"the file is larger than {most / MB:,.0f} MB",
        fix="Split it, store it as a GeoPackage, or check it with a time budget",
    )


def _unreadable(problem: OSError) -> Problem:
    return Problem(
        severity=Severity.ERROR,
        code="unreadable",
        message=f"the file cannot be read ({problem.strerror or type(problem).__name__})",
        fix="Check that it is there and may be read, and that the disk is not full",
    )


def _tidy(job: Path, table: Path | None) -> None:
    """Leave only what is stored later; of a file that left nothing to store, nothing at all."""
    if table is None:
        shutil.rmtree(job, ignore_errors=True)
        return
    for left in job.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        elif left.name not in _STORED:
            left.unlink()
