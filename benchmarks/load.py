"""Many readers at once: sessions over real websockets, each with another choice every ten seconds.

A session speaks as the browser does: it opens ``/_stcore/stream`` and sends Streamlit's own
messages, a whole run of the page for each choice in the address, and reads until the run is over.
A browser's memory of messages it has seen is not told of, so that every run is sent whole. Tiles
are not asked for: they have a benchmark of their own.

    python -m benchmarks.load [--sessions N] [--seconds S] [--every S] [--page PAGE]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import Final

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks import million, server

P95_AIM_S: Final = 1.5
RERUN_AIM_CPU_S: Final = 0.15
MEMORY_AIM_GB: Final = 1.5
_PATIENCE_S: Final = 60.0
_CHOICES: Final = (
    "eco=mangrove", "zone=330300", "eco=salt_marsh&zone=331000", "demo=0", "zone=330382&lang=en",
    "eco=tidal_flat", "",
)  # fmt: skip


@dataclass
class Tally:
    """What the sessions met.

    Attributes:
        first_s: Seconds of each session's first page.
        rerun_s: Seconds of each later run.
        received: Bytes of the later runs.
        errors: What went wrong.
    """

    first_s: list[float] = field(default_factory=list)
    rerun_s: list[float] = field(default_factory=list)
    received: int = 0
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Crowd:
    """Who comes.

    Attributes:
        page: What they look at.
        sessions: How many they are.
        seconds: How long after the start.
        every_s: Seconds between two choices of one of them.
        survey: Survey they look at; None for the workspace's own choice.
    """

    page: str = "distribution"
    sessions: int = 50
    seconds: float = 60.0
    every_s: float = 10.0
    survey: str | None = None

    @property
    def choices(self) -> tuple[str, ...]:
        """Addresses that are chosen in turn."""
        also = "" if self.survey is None else f"survey={self.survey}"
        return tuple("&".join(filter(None, (also, one))) for one in _CHOICES)


class ScriptError(RuntimeError):
    """A run of a page ended with an exception."""


def asked(port: int, page: str, query: str) -> bytes:
    """The message by which a browser asks for a page with an address."""
    message = BackMsg()
    run = message.rerun_script
    run.query_string = query
    run.page_name = page
    run.is_history_navigation = True
    run.context_info.timezone = "Asia/Shanghai"
    run.context_info.locale = "zh-CN"
    run.context_info.url = f"http://127.0.0.1:{port}/{page}"
    return message.SerializeToString()


async def one_run(wire: ClientConnection, message: bytes) -> tuple[float, int]:
    """Seconds and bytes until the run that a message starts is over.

    Raises:
        ScriptError: If it ended with an exception.
    """
    begun, received = time.perf_counter(), 0
    await wire.send(message)
    while True:
        raw = await asyncio.wait_for(wire.recv(), _PATIENCE_S)
        received += len(raw)
        told = ForwardMsg.FromString(raw if isinstance(raw, bytes) else raw.encode())
        if told.delta.new_element.HasField("exception"):
            raise ScriptError(told.delta.new_element.exception.type)
        if told.WhichOneof("type") != "script_finished":
            continue
        if told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return time.perf_counter() - begun, received


async def warm(port: int, crowd: Crowd) -> None:
    """One reader makes every choice: whoever comes first fills the caches, and that is no load."""
    async with _opened(port) as wire:
        for query in crowd.choices:
            await one_run(wire, asked(port, crowd.page, query))


def _opened(port: int) -> connect:
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    return connect(address, subprotocols=[Subprotocol("streamlit")], max_size=None)


async def session(port: int, crowd: Crowd, number: int, until: float, tally: Tally) -> None:
    """One reader: the page, then another choice every few seconds."""
    choices, page = cycle(crowd.choices), crowd.page
    for _ in range(number % len(_CHOICES)):
        next(choices)
    try:
        async with _opened(port) as wire:
            tally.first_s.append((await one_run(wire, asked(port, page, next(choices))))[0])
            begun = time.perf_counter()
            for turn in count(1):
                pause = begun + turn * crowd.every_s - time.perf_counter()
                if time.perf_counter() + pause > until:
                    return
                await asyncio.sleep(max(pause, 0))
                spent_s, received = await one_run(wire, asked(port, page, next(choices)))
                tally.rerun_s.append(spent_s)
                tally.received += received
    except Exception as problem:  # noqa: BLE001 (whatever it is, it counts as an error)
        tally.errors.append(f"session {number}: {type(problem).__name__}: {problem}")


async def everybody(port: int, crowd: Crowd) -> Tally:
    """All sessions; they begin one after the other within the first interval."""
    tally, until = Tally(), time.perf_counter() + crowd.every_s + crowd.seconds

    async def late(number: int) -> None:
        await asyncio.sleep(crowd.every_s * number / crowd.sessions)
        await session(port, crowd, number, until, tally)

    await asyncio.gather(*(late(number) for number in range(crowd.sessions)))
    return tally


def p95(values: list[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return sorted(values)[max(0, -(-95 * len(values) // 100) - 1)]


def measure(crowd: Crowd, workspace: Path | None = None) -> None:
    """Start a server, let everybody in, print the figures."""
    print(
        f"\n{crowd.sessions} sessions on /{crowd.page}, one rerun each per {crowd.every_s:g} s, "
        f"for {crowd.seconds:g} s{'' if workspace is None else ', a survey of a million patches'}\n"
        f"{'':<46} {'measured':>9} {'limit':>9}"
    )
    with (
        tempfile.TemporaryDirectory() as bytecode,
        server.running(Path(bytecode), workspace) as (port, pid),
    ):
        asyncio.run(warm(port, crowd))
        before = server.cpu_s(pid)
        tally = asyncio.run(everybody(port, crowd))
        after, memory = server.cpu_s(pid), server.memory_gb(pid)
    if not tally.rerun_s:
        raise SystemExit(f"no rerun came to its end in time: {tally.errors[:3]}")
    runs = len(tally.rerun_s)
    row("rerun, median", statistics.median(tally.rerun_s), None, "s")
    row("rerun, p95", p95(tally.rerun_s), P95_AIM_S, "s")
    row("first page, p95", p95(tally.first_s), None, "s")
    row("reruns that came to their end", runs, None, "")
    row("errors", len(tally.errors), 0, "")
    row("received for one rerun", tally.received / runs / 1e3, None, "kB")
    if before is not None and after is not None:
        spent = (after - before) / (runs + len(tally.first_s))
        row("server, for one run", spent, RERUN_AIM_CPU_S, "CPU s")
    if memory is not None:
        row("server's memory at its peak", memory[1], MEMORY_AIM_GB, "GB")
    for error in tally.errors[:5]:
        print(f"  {error}")


def row(what: str, value: float, limit: float | None, unit: str) -> None:
    """One line, with its limit where there is one."""
    shown = f"{'–':>9}" if limit is None else f"{limit:9.2f}"
    verdict = "" if limit is None or value <= limit else "  OVER"
    print(f"{what:<46} {value:9.2f} {shown} {unit}{verdict}", flush=True)


def run() -> None:
    """Print the figures of fifty sessions: the embedded workspace, then one of a million."""
    measure(Crowd())
    measure(Crowd(survey=million.SURVEY), million.prepared())


def main() -> None:
    """Measure what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long after the start")
    parser.add_argument("--every", type=float, default=10.0, help="seconds between two reruns")
    parser.add_argument("--page", default="distribution")
    given = parser.parse_args()
    measure(Crowd(given.page, given.sessions, given.seconds, given.every))


if __name__ == "__main__":
    main()
