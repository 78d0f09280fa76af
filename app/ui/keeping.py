"""How a result is kept for everybody: made once, shared by all threads, forgotten together."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from inspect import signature
from typing import Final, ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")
Key = tuple[tuple[Hashable, ...], Hashable]

_KEPT: Final[list[Callable[[], None]]] = []
"""What empties each cache."""
_OF_VERSION: Final[list[Callable[[str], None]]] = []
"""What takes the results of one version of the workspace out of each cache that has versions."""
_VERSIONS: Final[OrderedDict[str, None]] = OrderedDict()
"""Versions that were asked for, the latest last."""
_MOST_VERSIONS: Final = 3
"""Whoever began with an older one ends with it; a server that is written to must not grow."""
_VERSIONS_DOOR: Final = threading.Lock()


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
        versioned = next(iter(signature(make).parameters), None) == "version"

        def drop(version: str) -> None:
            with door:
                for key in [key for key in kept if version in key[0][:1]]:
                    del kept[key]

        if versioned:
            _OF_VERSION.append(drop)

        @wraps(make)
        def get(*given: Given.args, **named: Given.kwargs) -> Made:
            key: Key = (given, tuple(sorted(named.items())))
            if versioned and given:
                _ask_for(str(given[0]))
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


def _ask_for(version: str) -> None:
    """Note that a version is in use; what is kept of the one out of use for longest goes."""
    with _VERSIONS_DOOR:
        _VERSIONS[version] = None
        _VERSIONS.move_to_end(version)
        gone = list(_VERSIONS)[:-_MOST_VERSIONS]
        for old in gone:
            del _VERSIONS[old]
    for old in gone:
        for drop in _OF_VERSION:
            drop(old)


def forget() -> None:
    """Empty every cache, as at the start of a server; for tests with another workspace."""
    for clear in _KEPT:
        clear()
