"""The nursery's own program, and the work of the children it forks. Never runs in the server."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import signal
import time
from pathlib import Path
from typing import Any, Final

from bluecarbon_map.gate.sandbox import Ending, Limits

_LIBRARIES: Final = (
    "bluecarbon_map.gate.confine",
    "bluecarbon_map.gate.pipeline",
    "geopandas",
    "pyarrow.parquet",
)
_MORE_LIBRARIES: Final = ("pyogrio", "rasterio", "rasterio.warp", "openpyxl", "defusedxml")
_OUR_ROOMS: Final = (
    "bluecarbon_map.gate.checks.place",
    "bluecarbon_map.gate.rows",
    "bluecarbon_map.gate.raster",
    "bluecarbon_map.gate.parsers.text",
    "bluecarbon_map.gate.parsers.workbook",
    "bluecarbon_map.gate.parsers.geojson",
    "bluecarbon_map.gate.parsers.geopackage",
    "bluecarbon_map.gate.parsers.shapefile",
    "bluecarbon_map.gate.parsers.kml",
    "bluecarbon_map.gate.parsers.parquet",
)
_TICK_S: Final = 0.02
_MEMORY_EXIT: Final = 77


def serve(*, warm: bool) -> None:
    """Load the libraries, then fork a child for every job named on standard input, to its end."""
    for name in _LIBRARIES + (_MORE_LIBRARIES + _OUR_ROOMS if warm else ()):
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(name)
    if warm:
        _build_contracts()
    _say(b"ready")
    pending = b""
    while True:
        while b"\n" not in pending:
            block = os.read(0, 65536)
            if not block:
                return
            pending += block
        line, _, pending = pending.partition(b"\n")
        message = json.loads(line)
        if "job" in message:
            limits = Limits(**message["limits"])
            ending = _minded(Path(message["job"]), limits)
            _say(ending.encode())


def _build_contracts() -> None:
    """Contracts are built when they are first asked for, which takes a while."""
    from bluecarbon_map.gate.kinds import CONTRACTS

    for contract in CONTRACTS.values():
        contract.to_schema()


def _say(word: bytes) -> None:
    os.write(1, word + b"\n")


def _minded(job: Path, limits: Limits) -> Ending:
    """Fork the child of a job and mind it until it ends, its time is up, or it is to be killed."""
    child = os.fork()
    if child == 0:
        _live(job, limits)
    until = time.monotonic() + limits.wall_s
    ending: Ending | None = None
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return ending or _ending(status)
        if ending is None and time.monotonic() > until:
            ending = Ending.TIME
        if ending is None and _told_to_stop():
            ending = Ending.CANCELLED
        if ending is not None:
            _kill(child)


def _told_to_stop() -> bool:
    """Whether the server said ``kill`` or is gone; waits a moment for it."""
    ready, _, _ = select.select([0], [], [], _TICK_S)
    if ready:
        os.read(0, 65536)
    return bool(ready)


def _kill(child: int) -> None:
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(child, signal.SIGKILL)
    time.sleep(_TICK_S)


def _ending(status: int) -> Ending:
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        return Ending.DONE
    if code == _MEMORY_EXIT:
        return Ending.MEMORY
    endings = {-signal.SIGXCPU: Ending.TIME, -signal.SIGKILL: Ending.MEMORY}
    return endings.get(code, Ending.CRASHED)


def _live(job: Path, limits: Limits) -> None:
    """The whole life of a forked child; never returns."""
    code = 1
    try:
        _silence()
        work(job, limits)
        code = 0
    except MemoryError:
        code = _MEMORY_EXIT
    except BaseException as problem:  # noqa: BLE001 (whatever it is, it ends here)
        code = _MEMORY_EXIT if _is_memory(problem) else 1
        with contextlib.suppress(Exception):
            _note(job, problem)
    finally:
        os._exit(code)


def _is_memory(problem: BaseException) -> bool:
    """Libraries say in many ways that memory ran out."""
    said = f"{type(problem).__name__} {problem}".casefold()
    return "memory" in said or "bad_alloc" in said or "bad allocation" in said


def _note(job: Path, problem: BaseException) -> None:
    """Leave a note for whoever mends the gate; users never see it."""
    import traceback

    text = "".join(traceback.format_exception(problem))[-20_000:]
    (job / "crash.txt").write_text(text, encoding="utf-8", errors="backslashreplace")


def _silence() -> None:
    """Let go of the nursery's pipes."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)


def work(job: Path, limits: Limits) -> None:
    """Inspect the file of a job and leave the answer in its folder, shut in from the start."""
    import tempfile

    from bluecarbon_map.gate import confine, pipeline

    scratch = job / "scratch"
    scratch.mkdir(mode=0o700)
    tempfile.tempdir = str(scratch)
    cut = confine.shut_in(scratch, limits)
    request: dict[str, Any] = json.loads((job / "request.json").read_text("utf-8"))
    pipeline.run(job, request | {"cut_off": cut})
