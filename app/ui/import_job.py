"""Work beside the page: it can be watched and stopped, and never touches the session."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any


class StoppedError(Exception):
    """The work was stopped before it wrote anything."""


class Job:
    """One piece of work in a thread of its own.

    Attributes:
        phase: What it does now, a word of the gate.
        done: How far it is; 0 where that is not known.
        whole: How far it goes; 0 where that is not known.
    """

    def __init__(self, work: Callable[[Job], Any]) -> None:
        self.phase, self.done, self.whole = "", 0, 0
        self._result: Any = None
        self._problem: Exception | None = None
        self._stopped, self._sealed = threading.Event(), threading.Event()
        self._turn = threading.Lock()
        self._work = work
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result = self._work(self)
        except Exception as problem:  # noqa: BLE001 (`result` raises it where the page is drawn)
            self._problem = problem

    def tell(self, phase: str, done: int = 0, whole: int = 0) -> None:
        """How far the work is; called by the work."""
        self.phase, self.done, self.whole = phase, done, whole

    def is_stopped(self) -> bool:
        """Whether somebody wants it to end; asked by the work."""
        return self._stopped.is_set()

    def seal(self) -> None:
        """From here on it is carried to its end; called by the work before it writes.

        Raises:
            StoppedError: If somebody wants it to end.
        """
        with self._turn:
            if self._stopped.is_set():
                raise StoppedError
            self._sealed.set()

    def is_sealed(self) -> bool:
        """Whether it can no longer be stopped."""
        return self._sealed.is_set()

    def stop(self, within_s: float = 5.0) -> bool:
        """Ask it to end, and wait a moment for it; False where it can no longer be stopped."""
        with self._turn:
            if self._sealed.is_set():
                return False
            self._stopped.set()
        self._thread.join(within_s)
        return True

    def is_done(self, within_s: float = 0.0) -> bool:
        """Whether it has ended, waiting so long at most."""
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def result(self) -> Any:  # noqa: ANN401
        """What came of it.

        Raises:
            Exception: Whatever ended it.
        """
        if self._problem is not None:
            raise self._problem
        return self._result
