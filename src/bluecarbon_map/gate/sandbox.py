"""Runs the inspection of one file in a child process that may be killed at any moment.

A *nursery* is a process with a clean environment that has the libraries loaded. For each job it
forks a child, which shuts itself in (`confine`) before it looks at the file. A crash, a hang or a
run-away allocation ends that child and nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

import bluecarbon_map

MB: Final = 1_000_000
Progress = Callable[[str, int, int], None]
"""Told of the phase, how far it is, and how far it goes; 0 where that is not known."""

_TICK_S: Final = 0.05
_START_S: Final = 120.0
_GRACE_S: Final = 10.0


class Ending(StrEnum):
    """How a job ended."""

    DONE = "done"
    CRASHED = "crashed"
    MEMORY = "memory"
    TIME = "time"
    CANCELLED = "cancelled"
    NOT_STARTED = "not_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one inspection may use.

    Attributes:
        wall_s: Seconds until it is killed, however little it did: a busy machine refuses no file.
        cpu_s: Seconds of processor time.
        memory_bytes: Address space, the libraries included.
        file_bytes: Largest file to look at, packed.
        written_bytes: Largest file it may write.
        open_files: Files open at once; all of an archive's, and the libraries' own.
        cut_off: Whether to take its network away altogether, where the system allows it; without,
            only the second layer holds (drivers skipped, a dead proxy, no sockets in Python).
    """

    wall_s: float = 40.0
    cpu_s: int = 8
    memory_bytes: int = 2_147_483_648
    file_bytes: int = 500 * MB
    written_bytes: int = 2_000 * MB
    open_files: int = 320
    cut_off: bool = True

    def grown(self, size: int, budget_s: float | None = None) -> Limits:
        """Limits for a file of ``size`` bytes.

        Each megabyte adds a second of work and five of waiting, up to two minutes of work; a time
        budget takes the place of that. Each byte beyond 100 MB adds eight bytes of memory. With a
        budget a file may have 4 GB, so that a million patches get through when somebody asks for
        it.
        """
        more_s = min(120 - self.cpu_s, size // MB)
        granted = {"wall_s": self.wall_s + 5 * more_s, "cpu_s": self.cpu_s + more_s}
        if budget_s is not None:
            granted = {"wall_s": budget_s, "cpu_s": max(self.cpu_s, int(budget_s) + 1)}
        return replace(
            self,
            wall_s=granted["wall_s"],
            cpu_s=int(granted["cpu_s"]),
            memory_bytes=self.memory_bytes + 8 * max(0, size - 100 * MB),
            file_bytes=self.file_bytes if budget_s is None else 4_000 * MB,
            written_bytes=max(self.written_bytes, 4 * size),
        )


DEFAULT_LIMITS: Final = Limits()


class Nursery:
    """A process that forks a confined child for every job; one job at a time.

    Use it as a context manager; it starts with the first job, or earlier with `start`.
    """

    def __init__(self, *, warm: bool = False) -> None:
        """Args: warm: Load the libraries of every format beforehand, for many jobs in a row."""
        self._warm = warm
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._busy = threading.Lock()

    def __enter__(self) -> Nursery:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(
        self,
        job: Path,
        limits: Limits,
        progress: Progress | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Ending:
        """Run the job in a folder (`child.work`) to its end, whichever that is.

        Args:
            job: Its folder.
            limits: What it may use.
            progress: Told now and then how far it is; ``waiting`` while another job runs.
            cancel: Asked now and then whether to stop.
        """
        while not self._busy.acquire(timeout=_TICK_S):
            if progress is not None:
                progress("waiting", 0, 0)
            if cancel is not None and cancel():
                return Ending.CANCELLED
        try:
            return self._run(job, limits, progress, cancel)
        finally:
            self._busy.release()

    def _run(
        self,
        job: Path,
        limits: Limits,
        progress: Progress | None,
        cancel: Callable[[], bool] | None,
    ) -> Ending:
        try:
            process = self._started()
            ending = _attended(process, job, limits, progress, cancel)
        except (OSError, ValueError):
            ending = Ending.NOT_STARTED
        if ending is Ending.NOT_STARTED:
            self.close()
        return ending

    def close(self) -> None:
        """End the process; a running job dies with it."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def start(self) -> None:
        """Begin to load the libraries, without waiting for it."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()
        self._ready = False
        self._process = subprocess.Popen(  # noqa: S603 (our own interpreter, our own words)
            [sys.executable, "-I", "-c", _boot(warm=self._warm)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_clean_environment(),
            cwd="/",
            start_new_session=True,
        )

    def _started(self) -> subprocess.Popen[bytes]:
        self.start()
        process = self._process
        if process is None:
            raise OSError("the nursery was closed")
        if not self._ready:
            self._ready = _line(process.stdout, time.monotonic() + _START_S) == b"ready"
        if not self._ready:
            raise OSError("the nursery did not start")
        return process


def _boot(*, warm: bool) -> str:
    """Program of the nursery: this very package, wherever it was imported from."""
    root = str(Path(bluecarbon_map.__file__).resolve().parents[1])
    return (
        f"import sys; root = {root!r}; root in sys.path or sys.path.insert(0, root); "
        f"from bluecarbon_map.gate.child import serve; serve(warm={warm})"
    )


def _clean_environment() -> dict[str, str]:
    """Nothing of the server's own: no secret, no proxy, no path; GDAL without drivers or network.

    Both GDALs of the process (pyogrio's and rasterio's) read these words when they are loaded.
    """
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": "/nonexistent",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "GDAL_SKIP": "OGR_VRT,VRT,HTTP,WFS,OAPIF,CSW,GML,KML,LIBKML,WMS,WCS,WMTS,GTI,OGCAPI,"
        "STACTA,STACIT,PLMosaic,CSV,TopoJSON,ESRIJSON,PNG,GDALG",
        "GDAL_VRT_ENABLE_PYTHON": "NO",
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
        "GDAL_PAM_ENABLED": "NO",
        "GDAL_DRIVER_PATH": "disable",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".nothing",
        "GDAL_HTTP_PROXY": "127.0.0.1:9",
        "GDAL_HTTP_TIMEOUT": "1",
        "GDAL_HTTP_MAX_RETRY": "0",
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
        "PROJ_NETWORK": "OFF",
    }


def _attended(
    process: subprocess.Popen[bytes],
    job: Path,
    limits: Limits,
    progress: Progress | None,
    cancel: Callable[[], bool] | None,
) -> Ending:
    """Hand a job in and watch it until the nursery says how it ended."""
    _send(process, {"job": str(job), "limits": asdict(limits)})
    until = time.monotonic() + limits.wall_s + _GRACE_S
    cancelled = False
    told: tuple[str, int, int] | None = None
    while time.monotonic() < until:
        said = _line(process.stdout, time.monotonic() + _TICK_S)
        if said:
            ending = Ending(said.decode("ascii", "replace"))
            return Ending.CANCELLED if cancelled and ending is not Ending.DONE else ending
        if said == b"" and process.poll() is not None:
            return Ending.NOT_STARTED
        if progress is not None and (now := _progress(job)) not in (None, told):
            told = now
            progress(*now)
        if cancel is not None and not cancelled and cancel():
            cancelled = True
            _send(process, {"kill": True})
    return Ending.NOT_STARTED


def _send(process: subprocess.Popen[bytes], message: object) -> None:
    assert process.stdin is not None  # noqa: S101 (a pipe was asked for)
    process.stdin.write(json.dumps(message).encode() + b"\n")
    process.stdin.flush()


def _line(pipe: IO[bytes] | None, until: float) -> bytes | None:
    """Next line of a pipe, b"" at its end, None where none came in time."""
    assert pipe is not None  # noqa: S101 (a pipe was asked for)
    ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
    return pipe.readline().strip() if ready else None


def _progress(job: Path) -> tuple[str, int, int] | None:
    """What the child has written of how far it is.

    It is not trusted to be well formed, nor to be a file: a pipe nobody writes to would hold up
    whoever opens it.
    """
    try:
        opened = os.open(job / "progress", os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        with os.fdopen(opened, "rb", buffering=0) as written:
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                return None
            phase, done, whole = written.read(80).decode("ascii", "replace").split()[:3]
        return phase, int(done), int(whole)
    except (OSError, ValueError):
        return None
