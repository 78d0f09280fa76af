"""How a result is kept for everybody: made once, shared by all threads, forgotten together."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")
Key = tuple[Hashable, ...]

_KEPT: Final[list[Callable[[], None]]] = []
"""What empties each cache."""


def shared(most: int) -> Callable[[Callable[Given, Made]], Callable[Given, Made]]:
    """Keep the last results of a function for all threads; each is made once, others wait for it.

    Not st.cache_resource: the tile routes use the same caches, from threads in which no Streamlit
    session exists. A kept table is never changed by its readers.
    """

    def keep(make: Callable[Given, Made]) -> Callable[Given, Made]:
        kept: OrderedDict[Key, Made] = OrderedDict()
        making: dict[Key, threading.RLock] = {}
        door = threading.Lock()
        _KEPT.append(kept.clear)

        @wraps(make)
        def get(*given: Given.args, **named: Given.kwargs) -> Made:
            key: Key = (given, tuple(sorted(named.items())))
            with door:
                if key in kept:
                    kept.move_to_end(key)
                    return kept[key]
                own = making.setdefault(key, threading.RLock())
            # Only who asks for the same waits; what is there is handed out meanwhile.
            with own:
                with door:
                    if key in kept:
                        return kept[key]
                try:
                    made = make(*given, **named)
                finally:
                    with door:
                        making.pop(key, None)
                with door:
                    kept[key] = made
                    while len(kept) > most:
                        kept.popitem(last=False)
            return made

        return get

    return keep


def forget() -> None:
    """Empty every cache, as at the start of a server; for tests with another workspace."""
    for clear in _KEPT:
        clear()
