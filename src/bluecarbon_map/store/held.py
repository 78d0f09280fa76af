"""Tables that were read, held until a change touches them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

import pandas as pd

Key = tuple[str, ...]
"""Name of a table; for the patches of one survey its id too."""

SURVEYS: Final = 3
"""So many surveys' patches are held, those asked for last."""


class Held:
    """Tables by their keys; whoever reads one keeps nobody from the others."""

    def __init__(self) -> None:
        self._tables: OrderedDict[Key, tuple[int, pd.DataFrame]] = OrderedDict()
        self._locks: dict[Key, threading.Lock] = {}
        self._lock = threading.Lock()

    def alone(self, key: Key) -> AbstractContextManager[object]:
        """One at a time for a key: who comes second finds what the first one read."""
        with self._lock:
            return self._locks.setdefault(key, threading.Lock())

    def get(self, key: Key, stamp: int, read: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """The table of a stamp or a later one, read where neither is held; inside of `alone`."""
        held = self._tables.get(key)
        if held is None or held[0] < stamp:
            held = (stamp, read())
        with self._lock:
            self._tables[key] = held
            self._tables.move_to_end(key)
            surveys = [one for one in self._tables if len(one) > 1]
            for old in surveys[:-SURVEYS]:
                del self._tables[old]
        return held[1]
