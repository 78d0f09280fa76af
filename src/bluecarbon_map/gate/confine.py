"""How a child shuts itself in before it looks at a file from outside."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any, Final

from bluecarbon_map.gate.sandbox import Limits

_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_NICE: Final = 5
_REFUSED: Final = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "pty.spawn",
    "ftplib.",
    "http.",
    "urllib.",
    "webbrowser.",
)


def shut_in(scratch: Path, limits: Limits) -> bool:
    """Give up the network, new processes and all but a share of the machine; cannot be undone.

    Args:
        scratch: Empty folder to work in.
        limits: What may be used.

    Returns:
        Whether the kernel took the network away; where not, the second layer alone holds.
    """
    os.setsid()
    os.chdir(scratch)
    os.umask(0o077)
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    _die_with_parent()
    cut = limits.cut_off and _leave_network()
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, limits.cpu_s, beyond=2)  # a signal of its own comes first
    _limit(resource.RLIMIT_AS, limits.memory_bytes)
    _limit(resource.RLIMIT_FSIZE, limits.written_bytes)
    _limit(resource.RLIMIT_NOFILE, limits.open_files)
    sys.addaudithook(_refuse)
    return cut


def _limit(what: int, most: int, beyond: int = 0) -> None:
    _, hard = resource.getrlimit(what)
    ends = (most, most + beyond)
    soft, hard = ends if hard == resource.RLIM_INFINITY else (min(end, hard) for end in ends)
    with contextlib.suppress(ValueError, OSError):  # some systems do not know some of them
        resource.setrlimit(what, (soft, hard))


def _die_with_parent() -> None:
    if libc := _libc():
        libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def _leave_network() -> bool:
    """Move into a network namespace that holds nothing, not even a loopback that is up."""
    if (libc := _libc()) is None:
        return False
    return bool(
        libc.unshare(_CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0
    )


def _libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    """Audit hook: Python code of the child opens no socket and starts no process."""
    if event.startswith(_REFUSED):
        raise PermissionError(f"{event} is not allowed while a file is inspected")
