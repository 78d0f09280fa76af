"""How a result is kept for everybody: made once, shared by all threads, forgotten together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Final, ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")

_KEPT: Final[list[Callable[[], None]]] = []
"""What empties each cache."""


def shared(most: int) -> Callable[[Callable[Given, Made]], Callable[Given, Made]]:
    """Keep the last results of a function for all threads; each is made once, others wait for it.

    Not st.cache_resource: the tile routes use the same caches, from threads in which no Streamlit
    session exists. A kept table is never changed by its readers.
    """

    def keep(make: Callable[Given, Made]) -> Callable[Given, Made]:
        kept, lock = lru_cache(maxsize=most)(make), threading.RLock()
        _KEPT.append(kept.cache_clear)

        @wraps(make)
        def get(*given: Given.args, **named: Given.kwargs) -> Made:
            with lock:
                return kept(*given, **named)  # type: ignore[arg-type]

        return get

    return keep


def forget() -> None:
    """Empty every cache, as at the start of a server; for tests with another workspace."""
    for clear in _KEPT:
        clear()
